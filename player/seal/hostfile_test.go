package seal

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func hostFile(t *testing.T) HostFile {
	t.Helper()
	return HostFile{Path: filepath.Join(t.TempDir(), "state", "device.secret")}
}

func TestSecretIsMadeOnceAndKept(t *testing.T) {
	p := hostFile(t)
	first, err := p.Secret()
	require.NoError(t, err)
	info, err := os.Stat(p.Path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	again, err := p.Secret()
	require.NoError(t, err)
	require.True(t, first.Equal(again))
	left, err := os.ReadDir(filepath.Dir(p.Path))
	require.NoError(t, err)
	require.Len(t, left, 1, "no temporary file is left")
}

// Two programs that start at the same moment must not end with two secrets.
func TestSecretIsTheSameForWhoeverComesFirst(t *testing.T) {
	p := hostFile(t)
	keys := make([]Key, 16)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() { keys[i], _ = p.Secret() })
	}
	wg.Wait()
	for _, k := range keys {
		require.True(t, k.Equal(keys[0]))
	}
}

func TestSecretOthersCanReadIsRefused(t *testing.T) {
	p := hostFile(t)
	_, err := p.Secret()
	require.NoError(t, err)
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o602, 0o644} {
		require.NoError(t, os.Chmod(p.Path, mode))
		_, err := p.Secret()
		require.ErrorContains(t, err, "want 0600")
	}
	require.NoError(t, os.Chmod(p.Path, 0o400))
	_, err = p.Secret()
	require.NoError(t, err, "stricter is fine")
}

func TestSecretIsARegularFile(t *testing.T) {
	p := hostFile(t)
	require.NoError(t, os.MkdirAll(p.Path, 0o700))
	_, err := p.Secret()
	require.ErrorContains(t, err, "not a regular file")
	require.NoError(t, os.Remove(p.Path))
	require.NoError(t, syscall.Mkfifo(p.Path, 0o600))
	_, err = p.Secret() // and does not wait for somebody to write
	require.ErrorContains(t, err, "not a regular file")
}

// What a power cut leaves of a file, nothing or zeros, must not become the
// secret; least of all 32 zeros.
func TestDamagedSecretIsReplaced(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"empty":   func([]byte) []byte { return nil },
		"zeros":   func(b []byte) []byte { return make([]byte, len(b)) },
		"short":   func(b []byte) []byte { return b[:20] },
		"long":    func(b []byte) []byte { return append(b, 0) },
		"flipped": func(b []byte) []byte { b[20] ^= 4; return b },
	} {
		t.Run(name, func(t *testing.T) {
			p := hostFile(t)
			old, err := p.Secret()
			require.NoError(t, err)
			file, err := os.ReadFile(p.Path)
			require.NoError(t, err)
			damaged := damage(bytes.Clone(file))
			require.NoError(t, os.WriteFile(p.Path, damaged, 0o600))
			k, err := p.Secret()
			require.NoError(t, err)
			now, err := os.ReadFile(p.Path)
			require.NoError(t, err)
			require.NotEqual(t, damaged, now)
			require.False(t, k.IsZero())
			require.False(t, k.Equal(old))
			again, err := p.Secret()
			require.NoError(t, err)
			require.True(t, k.Equal(again))
		})
	}
}

func TestRenewedSecretIsAnother(t *testing.T) {
	p := hostFile(t)
	old, err := p.Secret()
	require.NoError(t, err)
	require.NoError(t, p.Renew())
	k, err := p.Secret()
	require.NoError(t, err)
	require.False(t, k.Equal(old))
}

// A screen with its secret on the card must not claim that taking the card
// gives nothing away.
func TestHostFileClaimsNothingItCannotHold(t *testing.T) {
	p := HostFile{}.Protects()
	require.False(t, p.CardTaken || p.DeviceTaken || p.RolledBack || p.CopiesErased)
	require.Contains(t, p.Why, "same card")
}

func TestProvidersHandOutCopies(t *testing.T) {
	for _, p := range []Provider{hostFile(t), NewInMemory(newKey(t))} {
		a, err := p.Secret()
		require.NoError(t, err)
		b, err := p.Secret()
		require.NoError(t, err)
		a.Destroy()
		require.False(t, b.IsZero())
		c, err := p.Secret()
		require.NoError(t, err)
		require.True(t, b.Equal(c))
		require.NotEmpty(t, p.Protects().Provider)
	}
}
