package hub

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"tavle/sync/wire"
)

// The files of the hub's certificate and key, in its data folder.
const (
	certFile = "hub-cert.pem"
	keyFile  = "hub-key.pem"
)

// certLife is how long a certificate made here is good. Screens pin the key, so
// its end would only lock out everybody on one day.
const certLife = 10 * 365 * 24 * time.Hour

// issuer is who signs a certificate that a hub makes for itself.
const issuer = "Tavle hub"

// Certificate returns the hub's certificate from dir. Where there is none it
// makes one, signed by its own key, for these host names and addresses: a house
// needs nobody's leave to run a hub, and its screens know the hub by its key.
// One that it made is made again, for the same key, when it lacks one of them.
func Certificate(dir string, now time.Time, hosts ...string) (tls.Certificate, error) {
	cert, key := filepath.Join(dir, certFile), filepath.Join(dir, keyFile)
	c, err := LoadCertificate(cert, key)
	if errors.Is(err, fs.ErrNotExist) || err == nil && c.Leaf.Issuer.CommonName == issuer && !names(c.Leaf, hosts) {
		if err = makeCertificate(cert, key, now, hosts); err == nil {
			c, err = LoadCertificate(cert, key)
		}
	}
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return c, nil
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

// makeCertificate writes a certificate for the key in a file, which is made when
// there is none.
func makeCertificate(certPath, keyPath string, now time.Time, hosts []string) error {
	key, err := ownKey(keyPath)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return err
	}
	t := x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: issuer},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(certLife), // clocks differ
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	t.DNSNames, t.IPAddresses = split(hosts)
	cert, err := x509.CreateCertificate(rand.Reader, &t, &t, key.Public(), key)
	if err != nil {
		return err
	}
	return writePEM(certPath, "CERTIFICATE", cert, 0o644)
}

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

// writePEM writes a file whole or not at all.
func writePEM(path, kind string, b []byte, mode fs.FileMode) error {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	err = errors.Join(pem.Encode(f, &pem.Block{Type: kind, Bytes: b}), f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
