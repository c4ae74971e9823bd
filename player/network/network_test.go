package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// wired is a machine with a cable, an address and names, whose hub is at that
// address.
func wired(t *testing.T, hub string, edits ...func(*Machine)) Machine {
	t.Helper()
	sys := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(sys, "eth0"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(sys, "eth0", "speed"), []byte("1000\n"), 0o600))
	host, _, err := net.SplitHostPort(hub)
	require.NoError(t, err)
	m := Machine{
		Interfaces: func() ([]net.Interface, error) {
			return []net.Interface{
				{Name: "lo", Flags: net.FlagUp | net.FlagRunning | net.FlagLoopback},
				{Name: "wlan0", HardwareAddr: net.HardwareAddr{2, 0, 0, 0, 0, 1}, Flags: net.FlagUp},
				{Name: "eth0", HardwareAddr: net.HardwareAddr{0xdc, 0xa6, 0x32, 0x4f, 0x9b, 0x1e}, Flags: net.FlagUp | net.FlagRunning},
			}, nil
		},
		Addrs: func(net.Interface) ([]net.Addr, error) {
			return []net.Addr{
				&net.IPNet{IP: net.ParseIP("fe80::1"), Mask: net.CIDRMask(64, 128)},
				&net.IPNet{IP: net.IPv4(192, 168, 1, 41), Mask: net.CIDRMask(24, 32)},
			}, nil
		},
		Lookup: func(_ context.Context, name string) ([]string, error) {
			if name != "hub.example" {
				return nil, errors.New("no such host")
			}
			return []string{host}, nil
		},
		Sys: sys,
	}
	for _, e := range edits {
		e(&m)
	}
	return m
}

// hubAt returns a running hub, as far as this package looks at one, and what it
// is known by.
func hubAt(t *testing.T) (address string, cfg *tls.Config) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s.Listener.Addr().String(), &tls.Config{RootCAs: pool, ServerName: "example.com", MinVersion: tls.VersionTLS12}
}

func target(address string, cfg *tls.Config) Target {
	_, port, _ := net.SplitHostPort(address)
	return Target{URL: "wss://hub.example:" + port + "/sync", TLS: cfg}
}

func TestAllIsWell(t *testing.T) {
	at, cfg := hubAt(t)
	r := wired(t, at).Look(t.Context(), target(at, cfg))
	require.Equal(t, Steps, r.Done)
	require.Equal(t, "DC:A6:32:4F:9B:1E", r.MAC)
	require.Equal(t, [Steps]string{"eth0 · 1000 Mbit/s", "192.168.1.41", "hub.example", at, ""}, r.Detail)
}

// Whatever is missing, the first thing that is not there is found, and
// nothing behind it is looked at.
func TestFirstThatFailsIsFound(t *testing.T) {
	at, cfg := hubAt(t)
	other := &tls.Config{ServerName: "example.com", RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	old := cfg.Clone()
	old.Time = func() time.Time { return time.Date(2199, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name  string
		edit  func(*Machine)
		to    Target
		want  Step
		clock bool
	}{
		{"no cable", func(m *Machine) {
			all := m.Interfaces
			m.Interfaces = func() ([]net.Interface, error) {
				cards, err := all()
				return cards[:2], err
			}
		}, target(at, cfg), Link, false},
		{"no address", func(m *Machine) {
			m.Addrs = func(net.Interface) ([]net.Addr, error) {
				return []net.Addr{&net.IPNet{IP: net.IPv4(169, 254, 3, 4), Mask: net.CIDRMask(16, 32)}}, nil
			}
		}, target(at, cfg), Address, false},
		{"no name", func(*Machine) {}, Target{URL: "wss://nowhere.example/sync", TLS: cfg}, Name, false},
		{"no hub", func(m *Machine) {
			m.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("refused") }
		}, target(at, cfg), Hub, false},
		{"another key", func(*Machine) {}, target(at, other), Secure, false},
		{"certificate out of its time", func(*Machine) {}, target(at, old), Secure, true},
		{"a clock from before", func(m *Machine) { m.Now = func() time.Time { return time.Unix(0, 0) } }, target(at, cfg), Secure, true},
		{"no hub known", func(*Machine) {}, Target{}, Name, false},
	} {
		r := wired(t, at, c.edit).Look(t.Context(), c.to)
		require.Equal(t, c.want, r.Done, c.name)
		require.Equal(t, c.clock, r.Clock, c.name)
		require.NotEmpty(t, r.MAC, c.name)
	}
}

// A network that takes everything and says nothing holds nobody up for ever, and
// who does not want to know any more is not kept.
func TestSilentNetworkEnds(t *testing.T) {
	at, cfg := hubAt(t)
	m := wired(t, at, func(m *Machine) {
		m.Lookup = func(ctx context.Context, _ string) ([]string, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, Name, m.Look(ctx, target(at, cfg)).Done)
}

func TestHostOfAHub(t *testing.T) {
	for in, want := range map[string][2]string{
		"wss://hub.example/sync":       {"hub.example", "443"},
		"wss://hub.example:8443/sync":  {"hub.example", "8443"},
		"ws://192.0.2.7/sync":          {"192.0.2.7", "80"},
		"https://[2001:db8::1]:8443/x": {"2001:db8::1", "8443"},
	} {
		host, port, ok := hostOf(in)
		require.True(t, ok)
		require.Equal(t, want, [2]string{host, port}, in)
	}
	_, _, ok := hostOf("")
	require.False(t, ok)
}
