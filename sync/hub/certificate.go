package hub

import (
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

// Certificate returns the hub's certificate from dir. Where there is none it
// makes one, signed by its own key, for these host names and addresses: a house
// needs nobody's leave to run a hub, and its screens know the hub by its key.
func Certificate(dir string, now time.Time, hosts ...string) (tls.Certificate, error) {
	c, err := LoadCertificate(filepath.Join(dir, certFile), filepath.Join(dir, keyFile))
	if errors.Is(err, fs.ErrNotExist) {
		if err = makeCertificate(dir, now, hosts); err == nil {
			return LoadCertificate(filepath.Join(dir, certFile), filepath.Join(dir, keyFile))
		}
	}
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return c, nil
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

func makeCertificate(dir string, now time.Time, hosts []string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return err
	}
	t := x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Tavle hub"},
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(certLife), // clocks differ
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	cert, err := x509.CreateCertificate(rand.Reader, &t, &t, key.Public(), key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	// The key first: a certificate without its key would stop the next start.
	if err := writePEM(filepath.Join(dir, keyFile), "PRIVATE KEY", secret, 0o600); err != nil {
		return err
	}
	return writePEM(filepath.Join(dir, certFile), "CERTIFICATE", cert, 0o644)
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
