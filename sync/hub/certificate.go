package hub

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/disk"
	"tavle/sync/wire"
)

// The files of the hub's certificate and keys, in its data folder.
const (
	certFile    = "hub-cert.pem"
	keyFile     = "hub-key.pem"
	nextKeyFile = "hub-key-next.pem" // there between "key next" and "key switch"
	caFile      = "ca-cert.pem"
	caKeyFile   = "ca-key.pem"
)

// CertificateFiles returns where [Certificate] keeps certificate and key.
func CertificateFiles(dir string) (cert, key string) {
	return filepath.Join(dir, certFile), filepath.Join(dir, keyFile)
}

// How long certificates made here are good. Browsers take none that is good for
// longer than 398 days; screens pin the key, so to them its end means nothing.
const (
	certLife   = 397 * 24 * time.Hour
	renewAhead = certLife / 3
	caLife     = 20 * 365 * 24 * time.Hour
)

// issuer begins the name of who signs certificates that a hub makes for itself:
// its own authority, or before there was one, its key.
const issuer = "Tavle hub"

// Certificate returns the hub's certificate from dir. Where there is none it
// makes one for these host names and addresses, signed by an authority of the
// house's own, which it makes, too: a house needs nobody's leave to run a hub, and
// its screens know the hub by its key. One that it made is made again, for the
// same key, when it lacks one of them or a third of its life is left.
func Certificate(dir string, now time.Time, hosts ...string) (tls.Certificate, error) {
	c, err := ownCertificate(dir, now, hosts)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return c, nil
}

func ownCertificate(dir string, now time.Time, hosts []string) (tls.Certificate, error) {
	cert, key := filepath.Join(dir, certFile), filepath.Join(dir, keyFile)
	c, err := LoadCertificate(cert, key)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c, err = finishSwitch(dir, err)
	}
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing || err == nil && !strings.HasPrefix(c.Leaf.Issuer.CommonName, issuer) {
		return c, err
	}
	ca, err := ownAuthority(dir, now, hosts)
	if err != nil {
		return c, err
	}
	if missing || !names(c.Leaf, hosts) || c.Leaf.NotAfter.Sub(now) < renewAhead || c.Leaf.CheckSignatureFrom(ca.cert) != nil {
		var k crypto.Signer
		if k, err = ownKey(key); err == nil {
			err = ca.certify(cert, k, now, hosts)
		}
	}
	if err != nil {
		return c, err
	}
	return LoadCertificate(cert, key)
}

// names reports whether c is for all of hosts.
func names(c *x509.Certificate, hosts []string) bool {
	dns, ips := split(hosts)
	for _, name := range dns {
		if !slices.Contains(c.DNSNames, name) {
			return false
		}
	}
	for _, ip := range ips {
		if !slices.ContainsFunc(c.IPAddresses, ip.Equal) {
			return false
		}
	}
	return true
}

// split parts names from addresses, which a certificate keeps apart.
func split(hosts []string) (dns []string, ips []net.IP) {
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			ips = append(ips, ip)
		} else {
			dns = append(dns, h)
		}
	}
	return dns, ips
}

// LoadCertificate reads a certificate with its chain, and its key, from PEM
// files.
func LoadCertificate(cert, key string) (tls.Certificate, error) {
	c, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return c, err
	}
	c.Leaf, err = x509.ParseCertificate(c.Certificate[0])
	return c, err
}

// Pin returns what a screen is told to know the hub by; see [wire.Pin].
func Pin(c tls.Certificate) string { return wire.Pin(c.Leaf.RawSubjectPublicKeyInfo) }

// ownKey reads the hub's key from a file, or makes one and writes it there.
// Screens know the hub by it, so it outlives every certificate.
func ownKey(path string) (crypto.Signer, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newKey(path)
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%s holds a key that cannot sign", path)
	}
	return signer, nil
}

func newKey(path string) (crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = writePEM(path, "PRIVATE KEY", secret, 0o600)
	}
	return key, err
}

// writePEM writes a file whole or not at all. A hub that runs and a command beside
// it may both do so at once.
func writePEM(path, kind string, b []byte, mode fs.FileMode) error {
	return disk.Create(path, mode, true, func(w io.Writer) error { return pem.Encode(w, &pem.Block{Type: kind, Bytes: b}) })
}
