// Package network looks at what a screen needs to reach its hub, one thing after
// the other, so that whoever sets it up is told where it ends. It asks the kernel
// and the hub, and nobody else; what it finds names nobody.
package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Step is one need, in the order in which one needs the other.
type Step uint8

// The steps.
const (
	Link    Step = iota // a network card that is connected
	Address             // one that can be used beyond the cable
	Name                // of the hub, as an address
	Hub                 // something takes connections there
	Secure              // and says who it is, at a time that can be
	Steps
)

// A Report is what was found: how many steps are done, and what is known of each
// of them. Where all are, Done is Steps.
type Report struct {
	Done   Step
	Clock  bool          // the step that is not done fails because of the clock
	Detail [Steps]string // of what was looked at, technical and short
	MAC    string        // of the card that is connected, or of the first
}

// Target is what is to be reached.
type Target struct {
	URL string      // of the hub; "": there is none, and the first two steps are all
	TLS *tls.Config // by which it is known; nil: that is not looked at
}

// A Machine is what is asked; the zero Machine is this one.
type Machine struct {
	Interfaces func() ([]net.Interface, error)
	Addrs      func(net.Interface) ([]net.Addr, error)
	Lookup     func(ctx context.Context, host string) ([]string, error)
	Dial       func(ctx context.Context, network, address string) (net.Conn, error)
	Now        func() time.Time
	Sys        string // where the kernel says how fast cards are; "": /sys/class/net
}

// Each step is given so long at most, so that all of them end while somebody
// waits.
const stepTime = 4 * time.Second

// earliest is a time that no clock that is right can be before.
var earliest = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// Look looks at one after the other until one is not there or ctx ends.
func (m Machine) Look(ctx context.Context, to Target) Report {
	m = m.real()
	r := Report{}
	card, ok := m.link(&r)
	if !ok {
		return r
	}
	r.Done = Address
	if !m.address(card, &r) {
		return r
	}
	r.Done = Name
	host, port, ok := hostOf(to.URL)
	if !ok {
		return r
	}
	at, ok := m.name(ctx, host, &r)
	if !ok {
		return r
	}
	r.Done = Hub
	conn, ok := m.hub(ctx, at, port, &r)
	if !ok {
		return r
	}
	defer conn.Close()
	r.Done = Secure
	if m.secure(ctx, conn, host, to.TLS, &r) {
		r.Done = Steps
	}
	return r
}

// real fills in what this machine has.
func (m Machine) real() Machine {
	if m.Interfaces == nil {
		m.Interfaces = net.Interfaces
	}
	if m.Addrs == nil {
		m.Addrs = func(i net.Interface) ([]net.Addr, error) { return i.Addrs() }
	}
	if m.Lookup == nil {
		m.Lookup = net.DefaultResolver.LookupHost
	}
	if m.Dial == nil {
		m.Dial = new(net.Dialer).DialContext
	}
	if m.Now == nil {
		m.Now = time.Now
	}
	if m.Sys == "" {
		m.Sys = "/sys/class/net"
	}
	return m
}

// link looks for a card that is connected.
func (m Machine) link(r *Report) (card net.Interface, ok bool) {
	cards, err := m.Interfaces()
	if err != nil {
		return card, false
	}
	for _, c := range cards {
		if c.Flags&net.FlagLoopback != 0 || len(c.HardwareAddr) == 0 {
			continue
		}
		up := c.Flags&net.FlagUp != 0 && c.Flags&net.FlagRunning != 0
		if r.MAC == "" || up {
			r.MAC = strings.ToUpper(c.HardwareAddr.String())
		}
		if up {
			r.Detail[Link] = c.Name + m.speed(c.Name)
			return c, true
		}
	}
	return card, false
}

// speed returns how fast a card is, to stand after its name.
func (m Machine) speed(card string) string {
	b, err := os.ReadFile(filepath.Join(m.Sys, card, "speed"))
	speed := strings.TrimSpace(string(b))
	if err != nil || len(speed) > 6 || speed == "" || speed[0] == '-' {
		return ""
	}
	return " · " + speed + " Mbit/s"
}

// address looks for an address that means something beyond the cable.
func (m Machine) address(card net.Interface, r *Report) bool {
	addrs, err := m.Addrs(card)
	if err != nil {
		return false
	}
	for _, a := range addrs {
		p, err := netip.ParsePrefix(a.String())
		if err == nil && p.Addr().IsGlobalUnicast() {
			r.Detail[Address] = p.Addr().String()
			return true
		}
	}
	return false
}

// hostOf takes an address of a hub apart.
func hostOf(hub string) (host, port string, ok bool) {
	u, err := url.Parse(hub)
	if err != nil || u.Hostname() == "" {
		return "", "", false
	}
	port = u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "ws": "80"}[u.Scheme]
	}
	if port == "" {
		port = "443"
	}
	return u.Hostname(), port, true
}

// name asks for the hub's address.
func (m Machine) name(ctx context.Context, host string, r *Report) (at string, ok bool) {
	r.Detail[Name] = host
	if _, err := netip.ParseAddr(host); err == nil {
		return host, true
	}
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	all, err := m.Lookup(ctx, host)
	if err != nil || len(all) == 0 {
		return "", false
	}
	return all[0], true
}

// hub knocks there.
func (m Machine) hub(ctx context.Context, at, port string, r *Report) (net.Conn, bool) {
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	r.Detail[Hub] = net.JoinHostPort(at, port)
	conn, err := m.Dial(ctx, "tcp", net.JoinHostPort(at, port))
	return conn, err == nil
}

// secure asks who it is.
func (m Machine) secure(ctx context.Context, conn net.Conn, host string, cfg *tls.Config, r *Report) bool {
	if m.Now().Before(earliest) {
		r.Clock = true
		return false
	}
	if cfg == nil {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	cfg = cfg.Clone()
	if cfg.ServerName == "" {
		cfg.ServerName = host
	}
	err := tls.Client(conn, cfg).HandshakeContext(ctx)
	var invalid x509.CertificateInvalidError
	r.Clock = errors.As(err, &invalid) && invalid.Reason == x509.Expired
	return err == nil
}
