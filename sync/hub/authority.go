package hub

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// An authority signs the certificates of one house. Whoever trusts it in a browser
// trusts it for the hub's own names and addresses and for nothing else: a key that
// lies beside a hub must not speak for a bank.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// Authority returns the certificate of the house's own authority in PEM, for those
// who want browsers to know the hub. Screens need none.
func Authority(dir string, now time.Time, hosts ...string) ([]byte, error) {
	ca, err := ownAuthority(dir, now, hosts)
	if err != nil {
		return nil, fmt.Errorf("authority: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.cert.Raw}), nil
}

// ownAuthority returns the authority in dir, and makes it when there is none.
// Its certificate is made again, for the same key, when it may not speak for one of
// hosts, or would end before what it signs.
func ownAuthority(dir string, now time.Time, hosts []string) (authority, error) {
	key, err := ownKey(filepath.Join(dir, caKeyFile))
	if err != nil {
		return authority{}, err
	}
	path := filepath.Join(dir, caFile)
	cert, err := readCertificate(path)
	switch {
	case err == nil && ofKey(cert, key) && mayName(cert, hosts) && cert.NotAfter.Sub(now) > certLife:
		return authority{cert, key}, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return authority{}, err
	}
	if err := makeAuthority(path, key, now, hosts); err != nil {
		return authority{}, err
	}
	cert, err = readCertificate(path)
	return authority{cert, key}, err
}

// readCertificate reads the first certificate of a PEM file.
func readCertificate(path string) (*x509.Certificate, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, fmt.Errorf("%s holds no certificate", path)
	}
	return x509.ParseCertificate(block.Bytes)
}

// ofKey reports whether c is for key.
func ofKey(c *x509.Certificate, key crypto.Signer) bool {
	public, ok := key.Public().(interface{ Equal(x crypto.PublicKey) bool })
	return ok && public.Equal(c.PublicKey)
}

// mayName reports whether an authority may speak for all of hosts.
func mayName(ca *x509.Certificate, hosts []string) bool {
	dns, ips := split(hosts)
	permitted := map[string]bool{}
	for _, name := range ca.PermittedDNSDomains {
		permitted[name] = true
	}
	for _, ip := range ca.PermittedIPRanges {
		permitted[ip.IP.String()] = true
	}
	for _, name := range dns {
		if !permitted[name] {
			return false
		}
	}
	for _, ip := range ips {
		if !permitted[ip.String()] {
			return false
		}
	}
	return true
}

func makeAuthority(path string, key crypto.Signer, now time.Time, hosts []string) error {
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	of := sha256.Sum256(spki)
	t := template(now, caLife)
	// Two houses' authorities have two names, so that browsers tell them apart.
	t.Subject = pkix.Name{CommonName: issuer + " authority " + hex.EncodeToString(of[:4])}
	t.IsCA, t.MaxPathLenZero, t.BasicConstraintsValid = true, true, true
	t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	dns, ips := split(hosts)
	t.PermittedDNSDomainsCritical, t.PermittedDNSDomains = true, dns
	for _, ip := range ips {
		one := ip
		if short := ip.To4(); short != nil {
			one = short
		}
		t.PermittedIPRanges = append(t.PermittedIPRanges, &net.IPNet{IP: one, Mask: net.CIDRMask(8*len(one), 8*len(one))})
	}
	if len(ips) == 0 { // a kind that is not permitted at all has to be excluded
		t.ExcludedIPRanges = []*net.IPNet{{IP: net.IPv4zero.To4(), Mask: make(net.IPMask, net.IPv4len)}, {IP: net.IPv6zero, Mask: make(net.IPMask, net.IPv6len)}}
	}
	if len(dns) == 0 {
		t.ExcludedDNSDomains = []string{""}
	}
	cert, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return err
	}
	return writePEM(path, "CERTIFICATE", cert, 0o644)
}

// certify writes a certificate for a key to a file.
func (ca authority) certify(path string, key crypto.Signer, now time.Time, hosts []string) error {
	t := template(now, certLife)
	t.Subject = pkix.Name{CommonName: issuer}
	t.KeyUsage, t.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	t.BasicConstraintsValid = true
	t.DNSNames, t.IPAddresses = split(hosts)
	cert, err := x509.CreateCertificate(rand.Reader, t, ca.cert, key.Public(), ca.key)
	if err != nil {
		return err
	}
	return writePEM(path, "CERTIFICATE", cert, 0o644)
}

// template is what all certificates have in common.
func template(now time.Time, life time.Duration) *x509.Certificate {
	serial := new(big.Int).SetBytes(random(16))
	serial.SetBit(serial, 126, 1).SetBit(serial, 127, 0) // positive, of 16 bytes
	return &x509.Certificate{
		SerialNumber: serial,
		NotBefore:    now.Add(-24 * time.Hour), NotAfter: now.Add(life - 24*time.Hour), // clocks differ
	}
}
