package cache

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

func furnished(t *testing.T, s *testScreen, h *house) (c *Cache, photo record.AssetID) {
	t.Helper()
	c = s.open()
	data, id := photoOf("portrait 0")
	h.tell(c, h.furnish(4, 4))
	require.NoError(t, c.PutPhoto(id, data))
	enqueue(t, c, "p0001")
	require.NoError(t, c.SetLease(wire.Lease{IssuedMS: 1_764_000_000_000, MaskS: 60, WipeS: 600}, time.UnixMilli(1_764_000_000_000)))
	return c, id
}

// R: after a wipe nothing of before can be read, neither what is left in the
// folder nor copies from before it, and the screen can be used as if new.
func TestWipeLeavesNoKey(t *testing.T) {
	s, h := newHostScreen(t), newHouse(t)
	c, photo := furnished(t, s, h)
	inst := c.Stored().Inst
	before := s.files()
	oldKeys := s.keyring()
	keyfile, outbox := filepath.Join(t.TempDir(), "keyring"), filepath.Join(t.TempDir(), "outbox")
	_ = os.Link(s.path(keyringFile), keyfile) // an old file's blocks, as long as nobody reuses them
	_ = os.Link(s.path(outboxFile), outbox)

	require.NoError(t, c.Wipe())
	st := c.Stored()
	require.Equal(t, "empty", st.Store)
	require.Zero(t, st.At)
	require.Empty(t, st.Outbox)
	require.NotEqual(t, inst, st.Inst)
	require.Equal(t, &record.Facts{}, c.Facts())
	_, leased := c.Lease()
	require.False(t, leased)
	_, err := c.Photo(photo)
	require.ErrorIs(t, err, ErrNoPhoto)
	require.NoFileExists(t, s.path(boardAside))
	require.NoFileExists(t, s.path(wipingFile))
	for _, path := range []string{keyfile, outbox} {
		if b, err := os.ReadFile(path); err == nil {
			require.Equal(t, make([]byte, len(b)), b, "overwritten, not only unlinked")
		}
	}

	// No old key is among the new ones, and the old secret is gone.
	secret, err := s.secret.Secret()
	require.NoError(t, err)
	_, err = seal.LoadKeyring(oldFile(t, before[keyringFile]), secret)
	require.ErrorIs(t, err, seal.ErrSealed)
	_, _, err = openHead(before[outboxFile], secret)
	require.ErrorIs(t, err, seal.ErrSealed)
	keys := s.keyring()
	require.NotEqual(t, oldKeys.ID, keys.ID)
	for _, pair := range [][2]seal.Key{{oldKeys.Names, keys.Names}, {oldKeys.Common, keys.Common}, {oldKeys.Mark, keys.Mark}, {oldKeys.Outbox, keys.Outbox}} {
		require.False(t, pair[0].Equal(pair[1]))
	}

	// It works like a new one.
	h.tellAll(c)
	h.requireShows(c)
	enqueue(t, c, "p0002")
	require.NoError(t, c.Close())
	c = s.open()
	h.requireShows(c)
	require.Equal(t, "1:p0002", whos(c.Outbox()))
	require.NoError(t, c.Close())

	// Old copies put back open nothing.
	for _, name := range []string{boardFile, keyringFile, outboxFile, markFile} {
		s2 := s.again()
		s2.secret = seal.HostFile{Path: filepath.Join(filepath.Dir(s2.dir), "device.secret")}
		b, err := os.ReadFile(s.secret.(seal.HostFile).Path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(s2.secret.(seal.HostFile).Path, b, 0o600))
		s2.put(name, before[name])
		c := s2.open()
		if name == boardFile || name == keyringFile {
			require.Equal(t, &record.Facts{}, c.Facts(), name)
		}
		require.NotContains(t, whos(c.Outbox()), "p0001", name)
		_, leased := c.Lease()
		require.False(t, leased, name)
		require.NoError(t, c.Close())
	}
}

func oldFile(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "old")
	require.NoError(t, os.WriteFile(path, b, 0o600))
	return path
}

// A wipe that is cut off anywhere is finished by the next start; whatever was
// shredded first stays so.
func TestWipeCutOffIsFinished(t *testing.T) {
	for _, at := range []string{"shredded keyring", "shredded outbox", "shredded mark", "set aside"} {
		t.Run(at, func(t *testing.T) {
			s := newHostScreen(t)
			c, _ := furnished(t, s, newHouse(t))
			inst := c.Stored().Inst
			s.put(outboxAside, []byte("something old"))
			require.NoError(t, c.Close())
			out, err := child(t, "wipe", s.dir, at).CombinedOutput()
			require.ErrorContains(t, err, "signal: killed", "%s", out)
			c = s.open()
			require.Equal(t, "empty", c.Stored().Store)
			require.NotEqual(t, inst, c.Stored().Inst)
			require.Empty(t, c.Outbox())
			require.Empty(t, c.Facts().People)
			require.NoFileExists(t, s.path(outboxAside))
			require.NoFileExists(t, s.path(wipingFile))
			_, leased := c.Lease()
			require.False(t, leased)
		})
	}
}

func init() {
	childRoles["wipe"] = func(args []string) error {
		s := &testScreen{t: &testing.T{}, dir: args[0]}
		s.secret = seal.HostFile{Path: filepath.Join(filepath.Dir(s.dir), "device.secret")}
		c, err := Open(s.options())
		if err != nil {
			return err
		}
		c.opt.step = func(at string) error {
			if at == args[1] {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
			return nil
		}
		return c.Wipe()
	}
}

// A wipe goes on past what it cannot do, says so, and can be called again.
func TestWipeGoesOnPastErrors(t *testing.T) {
	s := newHostScreen(t)
	c, _ := furnished(t, s, newHouse(t))
	c.opt.step = failAt("shredded keyring")
	require.ErrorIs(t, c.Wipe(), errInjected)
	for name := range s.files() {
		require.False(t, strings.HasPrefix(name, blobDir), name)
	}
	require.Empty(t, c.Facts().People)
	require.FileExists(t, s.path(wipingFile))
	require.NoError(t, c.Wipe())
	require.Equal(t, "empty", c.Stored().Store)
	require.NoFileExists(t, s.path(wipingFile))
}

// At the end of a lease board and photos go by their keys; what residents
// touched stays, and so does the secret.
func TestExpireKeepsTheOutbox(t *testing.T) {
	s, h := newHostScreen(t), newHouse(t)
	c, photo := furnished(t, s, h)
	before, oldBlob := s.files(), s.onlyBlob()
	lease, _ := c.Lease()
	inst := c.Stored().Inst
	require.NoError(t, c.Expire())
	check := func(c *Cache) {
		st := c.Stored()
		require.Equal(t, "rebuilt", st.Store)
		require.Zero(t, st.At)
		require.Equal(t, inst, st.Inst)
		require.Equal(t, "1:p0001", whos(st.Outbox))
		require.Equal(t, &record.Facts{}, c.Facts())
		got, ok := c.Lease()
		require.True(t, ok)
		require.Equal(t, lease, got)
		_, err := c.Photo(photo)
		require.ErrorIs(t, err, ErrNoPhoto)
		require.NoFileExists(t, s.path(oldBlob))
	}
	check(c)
	require.NoError(t, c.Close())
	s.put(boardFile, before[boardFile])
	c = s.open()
	check(c)
	h.tellAll(c)
	h.requireShows(c)
	require.NoError(t, c.SetClock(Clock{Spent: time.Hour}))
	require.NoError(t, c.Expire())
	require.NoError(t, c.SetClock(Clock{Spent: 2 * time.Hour}))
	require.NoError(t, c.Close())
	require.Equal(t, 2*time.Hour, s.open().Clock().Spent, "the mark goes on under its key")
}

// At the end of a lease nothing is shown, whatever the disk says.
func TestExpireThatFailsShowsNothing(t *testing.T) {
	s, h := newHostScreen(t), newHouse(t)
	c, _ := furnished(t, s, h)
	for range 2 {
		c.opt.step = failAt("set aside")
		require.ErrorIs(t, c.Expire(), errInjected)
		require.Equal(t, &record.Facts{}, c.Facts())
		require.Empty(t, s.keyring().People)
	}
	h.tellAll(c)
	h.requireShows(c)
	require.Len(t, c.Outbox(), 1)
}
