package hub

import (
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"tavle/sync/wire"
)

// lookAtFiles is how often a hub looks whether its certificate has changed on
// disk, or is about to end.
const lookAtFiles = 10 * time.Second

// A TLS is by what a hub is known on the wire: its certificate, and the keys that
// screens know it by. Both may change while it serves; connections that are there
// stay.
type TLS struct {
	load  func() (tls.Certificate, []string, error) // certificate and pins
	files []string                                  // that load reads
	due   func(tls.Certificate) bool                // it is to be loaded though no file has changed

	state struct {
		sync.RWMutex
		cert tls.Certificate
		pins []string
	}
	seen [sha256.Size]byte // what the files held when they were last loaded; Keep's
}

// OwnTLS returns the TLS of a hub that makes its certificate itself, in dir; see
// [Certificate]. It is renewed before it ends.
func OwnTLS(dir string, now func() time.Time, hosts ...string) (*TLS, error) {
	return newTLS(&TLS{
		load: func() (tls.Certificate, []string, error) {
			c, err := Certificate(dir, now(), hosts...)
			if err != nil {
				return c, nil, err
			}
			pins := []string{Pin(c)}
			next, err := nextPin(dir)
			if next != "" {
				pins = append(pins, next)
			}
			return c, pins, err
		},
		files: []string{filepath.Join(dir, certFile), filepath.Join(dir, keyFile), filepath.Join(dir, nextKeyFile)},
		due:   func(c tls.Certificate) bool { return c.Leaf.NotAfter.Sub(now()) < renewAhead },
	})
}

// FileTLS returns the TLS of a hub whose certificate and key somebody else makes
// and renews, in PEM files.
func FileTLS(cert, key string) (*TLS, error) {
	return newTLS(&TLS{
		load: func() (tls.Certificate, []string, error) {
			c, err := LoadCertificate(cert, key)
			if err != nil {
				return c, nil, err
			}
			return c, []string{Pin(c)}, nil
		},
		files: []string{cert, key},
		due:   func(tls.Certificate) bool { return false },
	})
}

func newTLS(t *TLS) (*TLS, error) {
	t.seen = t.content()
	c, pins, err := t.load()
	if err != nil {
		return nil, err
	}
	t.state.cert, t.state.pins = c, pins
	return t, nil
}

// content returns what the files hold, as one hash.
func (t *TLS) content() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, name := range t.files {
		b, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			b = []byte(err.Error())
		}
		one := sha256.Sum256(b)
		h.Write(one[:])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Pins returns the keys that screens know the hub by: the one in use, and the next
// where there is one.
func (t *TLS) Pins() []string {
	t.state.RLock()
	defer t.state.RUnlock()
	return t.state.pins
}

// Certificate returns the certificate in use.
func (t *TLS) Certificate() tls.Certificate {
	t.state.RLock()
	defer t.state.RUnlock()
	return t.state.cert
}

// Config returns a configuration that speaks TLS 1.3 and nothing older, each time
// with the certificate that is in use then.
func (t *TLS) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			c := t.Certificate()
			return &c, nil
		},
	}
}

// keep takes up what changes on disk until ctx ends, and calls changed when screens
// are to know the hub by other keys. A pair that does not fit, or is half written,
// is said once, and the one before it stays.
func (t *TLS) keep(ctx context.Context, log *slog.Logger, changed func()) {
	look := time.NewTicker(lookAtFiles)
	defer look.Stop()
	for again := 0; ; again-- {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		if again == 1 {
			changed()
		}
		pins := t.Pins()
		err := t.look()
		switch now := t.Pins(); {
		case errors.Is(err, errSame):
		case err != nil:
			log.WarnContext(ctx, "certificate not taken up; the one before it stays", "error", err)
		case !slices.Equal(pins, now):
			log.InfoContext(ctx, "certificate taken up; screens are told by what they know this hub now", "keys", len(now))
			changed()
			again = tellAgain + 1
		default:
			log.InfoContext(ctx, "certificate taken up")
		}
	}
}

var errSame = errors.New("nothing has changed")

// look loads what has changed on disk, or errSame.
func (t *TLS) look() error {
	content := t.content()
	if content == t.seen && !t.due(t.Certificate()) {
		return errSame
	}
	t.seen = content
	c, pins, err := t.load()
	if err != nil {
		return err
	}
	t.seen = t.content() // load may have renewed it
	t.state.Lock()
	defer t.state.Unlock()
	t.state.cert, t.state.pins = c, pins
	return nil
}

func pinOf(key crypto.Signer) (string, error) {
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	return wire.Pin(spki), err
}
