package hub

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/wire"
)

// keeping runs f in a bubble with a TLS that looks after its files; told counts how
// often its screens would be told of other keys.
func keeping(t *testing.T, known *TLS, f func(log *strings.Builder, told *int, look func())) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		log, told := new(strings.Builder), 0
		var wg sync.WaitGroup
		wg.Go(func() { known.keep(ctx, slog.New(slog.NewTextHandler(log, nil)), func() { told++ }) })
		f(log, &told, func() {
			time.Sleep(lookAtFiles)
			synctest.Wait()
		})
		cancel()
		wg.Wait()
	})
}

// pair writes a certificate and its key to a folder and returns their content.
func pair(t *testing.T, host string) (cert, key []byte) {
	t.Helper()
	dir := t.TempDir()
	_, err := Certificate(dir, time.Now(), host)
	require.NoError(t, err)
	cert, err = os.ReadFile(filepath.Join(dir, certFile))
	require.NoError(t, err)
	key, err = os.ReadFile(filepath.Join(dir, keyFile))
	require.NoError(t, err)
	return cert, key
}

// Certificate files are taken up when they change. A pair that is half written, or
// is none, is said once and changes nothing until the rest is there.
func TestCertificateFilesAreTakenUpWhenWhole(t *testing.T) {
	certPath, keyPath := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	put := func(path string, b []byte) { require.NoError(t, os.WriteFile(path, b, 0o600)) }
	cert1, key1 := pair(t, "one.example")
	cert2, key2 := pair(t, "two.example")
	put(certPath, cert1)
	put(keyPath, key1)
	_, err := FileTLS(filepath.Join(t.TempDir(), "none.pem"), keyPath)
	require.Error(t, err)
	known, err := FileTLS(certPath, keyPath)
	require.NoError(t, err)
	was := known.Pins()
	keeping(t, known, func(log *strings.Builder, told *int, look func()) {
		name := func() string { return known.Certificate().Leaf.DNSNames[0] }
		look()
		require.Empty(t, log.String(), "nothing has changed")
		for _, half := range [][]byte{cert2[:len(cert2)/2], nil, []byte("no certificate"), cert2} {
			log.Reset()
			put(certPath, half)
			look()
			look()
			require.Equal(t, 1, strings.Count(log.String(), "certificate not taken up"), log.String())
			require.Equal(t, "one.example", name())
		}
		require.NoError(t, os.Remove(certPath))
		look()
		require.Equal(t, "one.example", name())
		put(certPath, cert2)
		require.Zero(t, *told)
		put(keyPath, key2)
		look()
		require.Equal(t, "two.example", name())
		require.NotEqual(t, was, known.Pins())
		require.Equal(t, 1, *told)
		look()
		look()
		require.Equal(t, 2, *told, "and once more, for whoever came in between")
		look()
		require.Equal(t, 2, *told)
	})
}

// A certificate that the hub makes itself is renewed while it serves, and nobody is
// told anything: its key is the same.
func TestCertificateIsRenewedWhileServing(t *testing.T) {
	now := someDay
	known, err := OwnTLS(t.TempDir(), func() time.Time { return now }, "hub.example")
	require.NoError(t, err)
	was := known.Certificate()
	keeping(t, known, func(_ *strings.Builder, told *int, look func()) {
		now = someDay.AddDate(0, 8, 0)
		look()
		require.Equal(t, was.Certificate, known.Certificate().Certificate)
		now = someDay.AddDate(0, 9, 0)
		look()
		require.True(t, known.Certificate().Leaf.NotAfter.After(someDay.AddDate(1, 9, 0)))
		require.Equal(t, Pin(was), Pin(known.Certificate()))
		require.Zero(t, *told)
	})
}

// R-DPA-28: a certificate that changes drops no connection, and whoever connects
// afterwards gets the new one. TLS 1.2 is refused before and after.
func TestConnectionsStayWhenTheCertificateChanges(t *testing.T) {
	dir := t.TempDir()
	known, err := OwnTLS(dir, time.Now, "hub.test")
	require.NoError(t, err)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("here")) }), slog.New(slog.DiscardHandler), known)
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.ServeTLS(l, "", "") })
	defer wg.Wait()
	defer srv.Close() //nolint:errcheck // it ends
	dial := func(most uint16) (*tls.Conn, error) {
		raw, err := new(net.Dialer).DialContext(t.Context(), "tcp", l.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { _ = raw.Close() })
		c := tls.Client(raw, &tls.Config{InsecureSkipVerify: true, MaxVersion: most})
		return c, c.HandshakeContext(t.Context())
	}
	answers := func(c net.Conn) bool {
		_, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: hub.test\r\n\r\n"))
		require.NoError(t, err)
		b := make([]byte, 1024)
		n, err := c.Read(b)
		require.NoError(t, err)
		return strings.Contains(string(b[:n]), "200 OK")
	}
	pin := func(c *tls.Conn) string {
		return wire.Pin(c.ConnectionState().PeerCertificates[0].RawSubjectPublicKeyInfo)
	}

	old, err := dial(tls.VersionTLS13)
	require.NoError(t, err)
	require.True(t, answers(old))
	require.NoError(t, MakeNextKey(dir))
	require.NoError(t, known.look())
	pins := known.Pins()
	require.Len(t, pins, 2)
	require.Equal(t, pins[0], pin(old))
	require.NoError(t, SwitchKey(dir, time.Now(), "hub.test"))
	require.NoError(t, known.look())
	require.Equal(t, pins[1:], known.Pins())
	fresh, err := dial(tls.VersionTLS13)
	require.NoError(t, err)
	require.Equal(t, pins[1], pin(fresh))
	require.True(t, answers(old), "as before")
	_, err = dial(tls.VersionTLS12)
	require.ErrorContains(t, err, "protocol version")
}

// A change of key is done in two steps, and one that was cut off in the second is
// finished by the next start.
func TestKeyIsChangedInTwoSteps(t *testing.T) {
	dir := t.TempDir()
	c, err := Certificate(dir, someDay, "hub.example")
	require.NoError(t, err)
	require.ErrorIs(t, SwitchKey(dir, someDay, "hub.example"), ErrNoNextKey)
	require.NoError(t, MakeNextKey(dir))
	require.ErrorIs(t, MakeNextKey(dir), ErrNextKey)
	next, err := nextPin(dir)
	require.NoError(t, err)
	again, err := Certificate(dir, someDay, "hub.example")
	require.NoError(t, err)
	require.Equal(t, c.Certificate, again.Certificate, "until then nothing changes")

	// The power goes between certificate and key.
	keyNext, err := os.ReadFile(filepath.Join(dir, nextKeyFile))
	require.NoError(t, err)
	keyNow, err := os.ReadFile(filepath.Join(dir, keyFile))
	require.NoError(t, err)
	require.NoError(t, SwitchKey(dir, someDay, "hub.example"))
	require.NoError(t, os.WriteFile(filepath.Join(dir, nextKeyFile), keyNext, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, keyFile), keyNow, 0o600))
	for range 2 {
		c, err = Certificate(dir, someDay, "hub.example")
		require.NoError(t, err)
		require.Equal(t, next, Pin(c))
		require.NoError(t, trusts(t, dir, someDay, c, "hub.example", "hub.example"))
	}
	require.ErrorIs(t, SwitchKey(dir, someDay, "hub.example"), ErrNoNextKey)
}

// A screen counts as told of the next key when it was heard after every screen had
// been told twice.
func TestScreensAreToldOfTheNextKey(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		dir := t.TempDir()
		known, err := OwnTLS(dir, time.Now, "hub.test")
		require.NoError(t, err)
		w.hub.opt.Pins = known.Pins
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { known.keep(ctx, w.hub.log, w.hub.tellKeys) })
		defer wg.Wait()
		defer cancel()

		s := w.live("scr-1")
		k := s.state.welcome.Keys
		require.Equal(t, known.Pins(), k.TLS)
		key, err := k.SignedFor("scr-1")
		require.NoError(t, err)
		require.Equal(t, w.hub.SigningKey(), key)

		gone := w.live("scr-2")
		gone.leave()
		require.NoError(t, MakeNextKey(dir))
		made := time.Now()
		time.Sleep(time.Minute)
		synctest.Wait()
		s.state.Lock()
		last := s.state.heard[len(s.state.heard)-1]
		for _, m := range s.state.heard {
			if l, ok := m.(*wire.LeaseRenewal); ok {
				last = l
			}
		}
		s.state.Unlock()
		require.Equal(t, known.Pins(), last.(*wire.LeaseRenewal).Keys.TLS)
		require.Len(t, known.Pins(), 2)
		screens, err := w.hub.Screens(t.Context(), byStaff)
		require.NoError(t, err)
		for _, x := range screens {
			require.Equal(t, x.ID == "scr-1", ToldOfKey(made, x.Seen), x.ID)
		}
	})
}
