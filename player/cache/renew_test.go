package cache

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
	"tavle/sync/record"
)

func newsSaying(id, title string) record.News {
	return record.News{ID: record.NewsID(id), Title: record.Text{"da": title}}
}

func newsKey(id string) record.Key { return record.Key{Kind: record.KindNews, ID: id} }

// told is a screen that was told one thing and then another, and how often what
// it was told first opens, by whatever key there is, in the folder.
type told struct {
	*testScreen
	before []byte // the sealed row
	at     spot
}

// tellSecret opens s and has it know that Kirsten is in hospital, a member of
// staff and an activity.
func tellSecret(t *testing.T, s *testScreen, h *house) (*Cache, *told) {
	t.Helper()
	c := s.open()
	h.tell(c, []record.Fact{newsSaying("n", "Kirsten er på hospitalet"), personNamed("bo", "Bo", ""), activityWith("a", "Tur", "bo")})
	at := spotOf(c.state.keys, newsKey("n"))
	k := &told{testScreen: s, at: at}
	k.before = rowsOf(t, s.read(boardFile), others)[string(at.name[:])]
	require.NotEmpty(t, k.before)
	return c, k
}

// opens reports whether the row, from wherever it lies on, opens with what the
// keyring on disk holds.
func (k *told) opens() bool {
	k.t.Helper()
	keys := k.keyring()
	all := []seal.Key{k.at.key(keys), keys.Common, keys.Names}
	for _, key := range keys.People {
		all = append(all, key)
	}
	for _, key := range all {
		if _, _, err := key.Open(k.at.place(keys), k.before); err == nil {
			return true
		}
	}
	return false
}

// lies reports whether the sealed row is anywhere in the folder.
func (k *told) lies() bool {
	for _, b := range k.files() {
		if bytes.Contains(b, k.before) {
			return true
		}
	}
	return false
}

// R: what was taken back, and names nobody in a field of its own, opens with no
// key of the screen any more: within the hour, with whoever goes, and at a start.
func TestWithdrawnNewsCannotBeReadFromOldPages(t *testing.T) {
	changes := map[string]func(h *house) ([]record.Op, record.Position){
		"gone": func(h *house) ([]record.Op, record.Position) { return h.set(nil, newsKey("n")) },
		"changed": func(h *house) ([]record.Op, record.Position) {
			return h.set([]record.Fact{newsSaying("n", "Fællessang")})
		},
		"board sent anew without it": func(h *house) ([]record.Op, record.Position) {
			h.set(nil, newsKey("n"))
			return h.snapshot()
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			for when, end := range map[string]func(*testScreen, *house, *Cache) *Cache{
				"after an hour": func(_ *testScreen, _ *house, c *Cache) *Cache {
					require.NoError(t, c.Renew())
					return c
				},
				"when somebody goes": func(_ *testScreen, h *house, c *Cache) *Cache {
					h.tell(c, nil, personKey("bo"))
					return c
				},
				"when somebody is called otherwise": func(_ *testScreen, h *house, c *Cache) *Cache {
					h.tell(c, []record.Fact{personNamed("bo", "B.", "")})
					return c
				},
				"at the next start": func(s *testScreen, _ *house, c *Cache) *Cache {
					require.NoError(t, c.Close())
					return s.open()
				},
			} {
				t.Run(when, func(t *testing.T) {
					s, h := newScreen(t), newHouse(t)
					c, k := tellSecret(t, s, h)
					ops, at := change(h)
					require.NoError(t, c.Apply(ops, at, name == "board sent anew without it"))
					require.True(t, c.state.board.meta.Owed)

					c = end(s, h, c)
					require.False(t, k.opens(), "from a copy of the old file")
					require.False(t, k.lies(), "nor is it there")
					require.False(t, c.state.board.meta.Owed)
					h.requireShows(c)
					h.tell(c, []record.Fact{newsSaying("n2", "Ny")})
					h.requireShows(c)
					require.NoError(t, c.Close())
					h.requireShows(s.open())
				})
			}
		})
	}
}

// Nothing is written that need not be: a board that took nothing back keeps file
// and keyring, and an hour in which much changed makes one new file.
func TestRenewalIsForWhatIsOwedOnly(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, []record.Fact{newsSaying("n", "Nyt"), personNamed("bo", "Bo", "")})
	h.tell(c, []record.Fact{personNamed("eva", "Eva", "")})
	h.tell(c, nil, personKey("eva")) // whoever goes has a key of their own
	same := func() {
		t.Helper()
		file, keyring := s.read(boardFile), s.read(keyringFile)
		require.NoError(t, c.Renew())
		require.Equal(t, file, s.read(boardFile))
		require.Equal(t, keyring, s.read(keyringFile))
	}
	same()
	copies := 0
	c.opt.step = func(at string) error {
		if at == "copied" {
			copies++
		}
		return nil
	}
	for i := range 20 {
		h.tell(c, []record.Fact{activityWith("a", fmt.Sprint("Tur ", i), "bo")})
	}
	require.Zero(t, copies)
	require.NoError(t, c.Renew())
	require.Equal(t, 1, copies)
	same()
}

// Wherever the process ends in a renewal, the whole board is shown by the next
// start, without the hub, and what was taken back opens no more.
func TestKillAtEveryStepOfARenewal(t *testing.T) {
	for _, at := range []string{"copied", "copy keyed"} {
		t.Run(at, func(t *testing.T) {
			s, h := newHostScreen(t), newHouse(t)
			c, k := tellSecret(t, s, h)
			photo, pid := photoOf("Bos portræt")
			h.tell(c, []record.Fact{personNamed("bo", "Bo", pid)})
			require.NoError(t, c.PutPhoto(pid, photo))
			h.tell(c, nil, newsKey("n"))
			enqueue(t, c, "bo")
			require.NoError(t, c.Close())
			out, err := child(t, "renew", s.dir, at).CombinedOutput()
			require.ErrorContains(t, err, "signal: killed", "%s", out)
			require.NotEmpty(t, s.renewed())
			require.Equal(t, at == "copied", k.opens(), "the keyring decides")

			c = s.open()
			h.requireShows(c)
			got, err := c.Photo(pid)
			require.NoError(t, err)
			require.Equal(t, photo, got)
			require.Equal(t, "1:bo", whos(c.Outbox()))
			require.False(t, k.opens())
			require.False(t, k.lies())
			require.Empty(t, s.renewed())
			require.NoFileExists(t, s.path(boardAside), "nothing is wrong with the file")
		})
	}
}

// renewed returns the files of a renewal that is under way.
func (s *testScreen) renewed() []string {
	found, err := filepath.Glob(s.path(boardFile + ".????????"))
	require.NoError(s.t, err)
	return found
}

func init() {
	childRoles["renew"] = func(args []string) error {
		s := &testScreen{t: &testing.T{}, dir: args[0]}
		s.secret = seal.HostFile{Path: filepath.Join(filepath.Dir(s.dir), "device.secret")}
		s.step = func(at string) error {
			if at == args[1] {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
			return nil
		}
		_, err := Open(s.options())
		return err
	}
}

// A renewal that fails leaves the board, and is owed until it works. Once the
// keyring is written it has worked, whatever the file is called.
func TestRenewalThatFailsIsOwedStill(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c, k := tellSecret(t, s, h)
	h.tell(c, nil, newsKey("n"))
	c.opt.step = failAt("copied")
	require.ErrorIs(t, c.Renew(), errInjected)
	require.Empty(t, s.renewed())
	h.requireShows(c)
	h.tell(c, []record.Fact{newsSaying("n2", "Ny")})
	require.True(t, c.state.board.meta.Owed)
	require.True(t, k.opens())

	c.opt.step = failAt("copy keyed")
	require.NoError(t, c.Renew())
	require.False(t, k.opens())
	h.tell(c, []record.Fact{newsSaying("n3", "Ny")})
	h.requireShows(c)
	require.NoError(t, c.Close())
	c = s.open()
	h.requireShows(c)
	require.Empty(t, s.renewed())
	require.NoError(t, c.Wipe())
	require.ErrorIs(t, (&Cache{}).Renew(), ErrClosed)
}

// The old common key is overwritten in memory too.
func TestRenewedKeyIsDestroyed(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c, _ := tellSecret(t, s, h)
	old := c.state.keys.Common
	h.tell(c, nil, newsKey("n"))
	require.NoError(t, c.Renew())
	require.True(t, old.IsZero())
	require.False(t, c.state.keys.Common.IsZero())
}

// What an hour of changes costs, once: the time, and the bytes given to the card.
func BenchmarkRenew(b *testing.B) {
	for _, size := range []struct{ people, rows int }{{60, 150}, {1000, 500}, {1000, 5000}} {
		b.Run(fmt.Sprintf("%dpeople%drows", size.people, size.rows), func(b *testing.B) {
			s, _ := benchBoard(b, size.people, size.rows)
			c := s.open()
			b.ReportAllocs()
			for b.Loop() {
				c.state.board.meta.Owed = true
				require.NoError(b, c.Renew())
			}
			var bytes int64
			require.NoError(b, c.state.db.View(func(tx *bolt.Tx) error { bytes = tx.Size(); return nil }))
			b.ReportMetric(float64(bytes)/1e3, "kB/file")
			b.ReportMetric(float64(len(s.read(keyringFile)))/1e3, "kB/keyring")
		})
	}
}
