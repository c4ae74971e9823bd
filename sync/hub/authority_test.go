package hub

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var someDay = time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)

// trusts reports how a browser that took in the house's authority sees c.
func trusts(t *testing.T, dir string, now time.Time, c tls.Certificate, name string, hosts ...string) error {
	t.Helper()
	pem, err := Authority(dir, now, hosts...)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(pem))
	_, err = c.Leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, CurrentTime: now})
	return err
}

// A house without certificates has an authority of its own. Whoever
// trusts it is not warned of the hub, and trusts it for nothing else.
func TestAuthoritySpeaksForItsHouseAlone(t *testing.T) {
	dir, hosts := t.TempDir(), []string{"hub.example", "192.0.2.7", "2001:db8::7"}
	c, err := Certificate(dir, someDay, hosts...)
	require.NoError(t, err)
	for _, name := range hosts {
		require.NoError(t, trusts(t, dir, someDay, c, name, hosts...))
	}
	require.Less(t, c.Leaf.NotAfter.Sub(c.Leaf.NotBefore), 398*24*time.Hour, "browsers take no more")
	info, err := os.Stat(filepath.Join(dir, caKeyFile))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	ca, err := ownAuthority(dir, someDay, hosts)
	require.NoError(t, err)
	require.False(t, mayName(ca.cert, []string{"bank.example"}))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for _, name := range []string{"bank.example", "203.0.113.1"} {
		stolen := filepath.Join(t.TempDir(), "stolen.pem")
		require.NoError(t, ca.certify(stolen, key, someDay, []string{name}))
		forged, err := readCertificate(stolen)
		require.NoError(t, err)
		require.Error(t, trusts(t, dir, someDay, tls.Certificate{Leaf: forged}, name, hosts...), name)
	}
	names := t.TempDir() // a house with names alone
	c, err = Certificate(names, someDay, "hub.example")
	require.NoError(t, err)
	require.NoError(t, trusts(t, names, someDay, c, "hub.example", "hub.example"))
	only, err := ownAuthority(names, someDay, []string{"hub.example"})
	require.NoError(t, err)
	require.NoError(t, only.certify(filepath.Join(names, "x.pem"), key, someDay, []string{"203.0.113.1"}))
	forged, err := readCertificate(filepath.Join(names, "x.pem"))
	require.NoError(t, err)
	require.Error(t, trusts(t, names, someDay, tls.Certificate{Leaf: forged}, "203.0.113.1", "hub.example"))
}

// A certificate that is about to end is renewed, by the same authority and for the
// same key; in twenty years the authority as well.
func TestCertificateIsRenewedBeforeItEnds(t *testing.T) {
	dir := t.TempDir()
	first, err := Certificate(dir, someDay, "hub.example")
	require.NoError(t, err)
	ca, err := Authority(dir, someDay, "hub.example")
	require.NoError(t, err)
	for now := someDay; now.Before(someDay.AddDate(25, 0, 0)); now = now.AddDate(0, 3, 0) {
		c, err := Certificate(dir, now, "hub.example")
		require.NoError(t, err)
		require.NoError(t, trusts(t, dir, now, c, "hub.example", "hub.example"))
		require.Equal(t, Pin(first), Pin(c))
		if now.Before(someDay.AddDate(18, 0, 0)) {
			again, err := Authority(dir, now, "hub.example")
			require.NoError(t, err)
			require.Equal(t, ca, again, "who trusts it need not do so again")
		}
	}
}

// A folder from before there was an authority keeps its key, and with it its pin.
func TestOldFolderKeepsItsKey(t *testing.T) {
	dir := t.TempDir()
	key, err := newKey(filepath.Join(dir, keyFile))
	require.NoError(t, err)
	self := template(someDay, 10*365*24*time.Hour)
	self.Subject, self.DNSNames = pkix.Name{CommonName: "Tavle hub"}, []string{"hub.example"}
	self.KeyUsage, self.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	old, err := x509.CreateCertificate(rand.Reader, self, self, key.Public(), key)
	require.NoError(t, err)
	require.NoError(t, writePEM(filepath.Join(dir, certFile), "CERTIFICATE", old, 0o644))
	pin, err := pinOf(key)
	require.NoError(t, err)

	c, err := Certificate(dir, someDay, "hub.example")
	require.NoError(t, err)
	require.Equal(t, pin, Pin(c))
	require.NotEqual(t, old, c.Certificate[0])
	require.NoError(t, trusts(t, dir, someDay, c, "hub.example", "hub.example"))
}
