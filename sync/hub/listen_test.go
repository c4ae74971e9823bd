package hub

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/wire"
)

func publicKey(id string) ed25519.PublicKey { return key(id).Public().(ed25519.PublicKey) }

// R-DPA-28: TLS 1.3 and nothing older; a screen that knows the hub's key needs
// nobody else's word for it. Over a real socket.
func TestChannelOverTLS(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	dir := t.TempDir()
	known, err := OwnTLS(dir, time.Now, "localhost", "127.0.0.1")
	require.NoError(t, err)
	house, err := Authority(dir, time.Now(), "localhost", "127.0.0.1")
	require.NoError(t, err)
	db, err := sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"))
	require.NoError(t, err)
	var log strings.Builder
	h, err := New(ctx, db, Options{Hosts: []string{host}, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	require.NoError(t, err)
	require.NoError(t, h.Import(ctx, byImport, demoHouse(t), Import{}))
	_, err = h.AddScreen(ctx, byStaff, Screen{ID: "scr-1", Record: "scr-1", Key: publicKey("scr-1")})
	require.NoError(t, err)
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var wg sync.WaitGroup
	var served error
	wg.Go(func() { served = h.Serve(ctx, l, known) })

	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(house))
	d := websocket.Dialer{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS13}, Subprotocols: []string{wire.Subprotocol}}
	var c *websocket.Conn
	for c == nil { // until the hub runs
		if c, _, err = d.DialContext(ctx, "wss://"+l.Addr().String()+"/sync", nil); err != nil {
			require.ErrorIs(t, err, websocket.ErrBadHandshake)
		}
	}
	var ch wire.Challenge
	require.NoError(t, c.ReadJSON(&ch))
	b, err := wire.Encode(wire.Hello{
		Device: "scr-1", Inst: "i", NextSeq: 1, Schema: [2]int{1, 1},
		Sig: proof("scr-1", ch.Nonce, host, "i"),
	})
	require.NoError(t, err)
	require.NoError(t, c.WriteMessage(websocket.TextMessage, b))
	_, b, err = c.ReadMessage()
	require.NoError(t, err)
	m, err := wire.DecodeFromHub(b)
	require.NoError(t, err)
	require.Equal(t, "welcome", m.Type())

	// Over a real socket too, whoever says too much learns why it ends.
	require.NoError(t, c.WriteMessage(websocket.TextMessage, make([]byte, 3*wire.MaxFromDevice)))
	for err == nil {
		_, _, err = c.ReadMessage()
	}
	require.True(t, websocket.IsCloseError(err, int(wire.CloseTooBig)), "%v", err)
	_ = c.Close() // the hub has

	old := tls.Dialer{Config: &tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS12}}
	_, err = old.DialContext(ctx, "tcp", l.Addr().String())
	require.ErrorContains(t, err, "protocol version")
	stranger := tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS13}}
	_, err = stranger.DialContext(ctx, "tcp", l.Addr().String())
	require.ErrorContains(t, err, "certificate", "whoever does not know the key does not go on")
	plainly, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.Addr().String()+"/sync", nil)
	require.NoError(t, err)
	r, err := http.DefaultClient.Do(plainly)
	require.NoError(t, err)
	require.Equal(t, http.StatusBadRequest, r.StatusCode, "in plain text there is nothing")
	require.NoError(t, r.Body.Close())

	cancel()
	wg.Wait()
	require.NoError(t, served)
	require.NoError(t, db.Close())
	require.NotContains(t, log.String(), "127.0.0.1", "who knocked is nobody's business")
}

// A certificate is made once, kept for its owner, and known by its key.
func TestCertificateIsMadeOnceAndKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	now := time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)
	one, err := Certificate(dir, now, "hub.example", "192.0.2.7", "2001:db8::7", "localhost")
	require.NoError(t, err)
	for _, name := range []string{"hub.example", "192.0.2.7", "2001:db8::7", "localhost"} {
		require.NoError(t, one.Leaf.VerifyHostname(name))
	}
	require.Error(t, one.Leaf.VerifyHostname("other.example"))
	require.True(t, one.Leaf.NotBefore.Before(now) && one.Leaf.NotAfter.After(now.AddDate(1, 0, 0)))
	two, err := Certificate(dir, now.AddDate(0, 6, 0), "192.0.2.7", "hub.example")
	require.NoError(t, err)
	require.Equal(t, one.Certificate, two.Certificate)
	require.Equal(t, wire.Pin(one.Leaf.RawSubjectPublicKeyInfo), Pin(one))
	info, err := os.Stat(filepath.Join(dir, keyFile))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	other, err := Certificate(t.TempDir(), now)
	require.NoError(t, err)
	require.NotEqual(t, Pin(one), Pin(other))
}

// A hub that gets another name, or whose certificate was deleted, has the key
// its screens know it by. A certificate that somebody else made is left alone.
func TestCertificateIsMadeAgainForTheSameKey(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)
	one, err := Certificate(dir, now, "hub.example")
	require.NoError(t, err)
	for _, hosts := range [][]string{{"hub.example", "192.0.2.7"}, {"new.example"}, {"192.0.2.8"}} {
		again, err := Certificate(dir, now, hosts...)
		require.NoError(t, err)
		require.Equal(t, Pin(one), Pin(again))
		require.NoError(t, again.Leaf.VerifyHostname(hosts[len(hosts)-1]))
	}
	require.NoError(t, os.Remove(filepath.Join(dir, certFile)))
	again, err := Certificate(dir, now, "hub.example")
	require.NoError(t, err)
	require.Equal(t, Pin(one), Pin(again))

	signed, err := x509.CreateCertificate(rand.Reader, again.Leaf, &x509.Certificate{Subject: pkix.Name{CommonName: "an authority"}}, again.Leaf.PublicKey, again.PrivateKey)
	require.NoError(t, err)
	require.NoError(t, writePEM(filepath.Join(dir, certFile), "CERTIFICATE", signed, 0o644))
	theirs, err := Certificate(dir, now, "another.example")
	require.NoError(t, err)
	require.Equal(t, signed, theirs.Certificate[0])
}

// Issue 2, "Bad input": a wrong certificate.
func TestWrongCertificateIsRefused(t *testing.T) {
	dir := t.TempDir()
	_, err := Certificate(dir, time.Now())
	require.NoError(t, err)
	another := t.TempDir()
	_, err = Certificate(another, time.Now())
	require.NoError(t, err)
	swap := func(name string, with []byte) error {
		path := filepath.Join(dir, name)
		was, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, with, 0o600))
		_, refused := Certificate(dir, time.Now())
		require.NoError(t, os.WriteFile(path, was, 0o600))
		return refused
	}
	key, err := os.ReadFile(filepath.Join(another, keyFile))
	require.NoError(t, err)
	require.ErrorContains(t, swap(keyFile, key), "certificate: tls: private key does not match")
	require.ErrorContains(t, swap(certFile, []byte("not a certificate")), "certificate: tls: ")
	require.ErrorContains(t, swap(keyFile, nil), "certificate: tls: ")
	_, err = Certificate(dir, time.Now())
	require.NoError(t, err)

	// A key that cannot be read is not replaced by another: screens know it.
	require.NoError(t, os.Remove(filepath.Join(dir, certFile)))
	require.ErrorContains(t, swap(keyFile, []byte("no key")), "holds no key")
	_, err = os.Stat(filepath.Join(dir, certFile))
	require.ErrorIs(t, err, os.ErrNotExist)
}
