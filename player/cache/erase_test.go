package cache

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/player/seal"
	"tavle/sync/record"
)

// opens reports whether anything in the cache file at path that is sealed as a
// person opens with keys, and what it says.
func (s *testScreen) peopleThatOpen(boardPath string, keys *seal.Keyring) []string {
	s.t.Helper()
	dir := s.t.TempDir()
	b, err := os.ReadFile(boardPath)
	require.NoError(s.t, err)
	require.NoError(s.t, os.WriteFile(filepath.Join(dir, boardFile), b, 0o600))
	c := &Cache{opt: Options{Dir: dir}.withDefaults()}
	require.NoError(s.t, c.openFile())
	defer c.closeFile()
	var said []string
	tx, err := c.state.db.Begin(false)
	require.NoError(s.t, err)
	defer tx.Rollback()
	bucket := tx.Bucket([]byte{people})
	require.NotNil(s.t, bucket)
	require.NoError(s.t, bucket.ForEach(func(name, box []byte) error {
		at, _ := spotAt(people, name)
		for _, key := range keys.People { // any key, not only the one that should fit
			if plain, _, err := key.Open(at.place(keys), box); err == nil {
				said = append(said, string(plain))
			}
		}
		return nil
	}))
	return said
}

func (s *testScreen) keyring() *seal.Keyring {
	s.t.Helper()
	secret, err := s.secret.Secret()
	require.NoError(s.t, err)
	k, err := seal.LoadKeyring(s.path(keyringFile), secret)
	require.NoError(s.t, err)
	return k
}

// Who was erased cannot be read from any copy of the cache file with the
// keyring as it is now; who changed cannot be read as they were.
func TestOldFileDoesNotOpenForWhoWasErasedOrChanged(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	photo, pid := photoOf("Evas portræt")
	h.tell(c, []record.Fact{personNamed("eva", "Eva-Fornavn", pid), personNamed("ib", "Ib-Fornavn", ""), personNamed("bo", "Bo-Fornavn", "")})
	require.NoError(t, c.PutPhoto(pid, photo))
	blob, old := s.onlyBlob(), filepath.Join(t.TempDir(), "old")
	require.NoError(t, os.WriteFile(old, s.read(boardFile), 0o600))
	oldBlob := s.read(blob)
	before := strings.Join(s.peopleThatOpen(old, s.keyring()), " ")
	require.Contains(t, before, "Eva-Fornavn")
	require.Contains(t, before, "Ib-Fornavn")

	h.tell(c, []record.Fact{personNamed("ib", "Alias-Ib", "")}, personKey("eva"))
	after := strings.Join(s.peopleThatOpen(old, s.keyring()), " ")
	require.NotContains(t, after, "Eva-Fornavn")
	require.NotContains(t, after, "Ib-Fornavn")
	require.Contains(t, after, "Bo-Fornavn", "nobody else is touched")

	require.NoFileExists(t, s.path(blob))
	keys := s.keyring()
	require.Empty(t, keys.Photos)
	for _, key := range keys.People {
		_, _, err := key.Open(blobPlace(keys, pid), oldBlob)
		require.ErrorIs(t, err, seal.ErrSealed)
	}
	_, err := c.Photo(pid)
	require.ErrorIs(t, err, ErrNoPhoto)
	require.ErrorIs(t, c.PutPhoto(pid, photo), ErrNoPhoto)
}

// onlyBlob returns the relative path of the one photo there is.
func (s *testScreen) onlyBlob() string {
	s.t.Helper()
	found, err := filepath.Glob(s.path(blobDir + "/*/*"))
	require.NoError(s.t, err)
	require.Len(s.t, found, 1)
	return strings.TrimPrefix(found[0], s.dir+"/")
}

// The privacy epoch grows with what reduces, and with nothing else.
func TestEpochGrowsWithWhatReducesWhatIsShown(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	_, pid := photoOf("x")
	epoch := func() uint64 { return c.state.keys.Epoch }
	steps := []struct {
		what    string
		reduces bool
		facts   []record.Fact
		gone    []record.Key
	}{
		{"a person comes", false, []record.Fact{personNamed("eva", "Eva", pid)}, nil},
		{"an activity comes", false, []record.Fact{activityWith("a", "Tur", "eva")}, nil},
		{"an activity changes", false, []record.Fact{activityWith("a", "Tur")}, nil},
		{"a person stays as they are", false, []record.Fact{personNamed("eva", "Eva", pid)}, nil},
		{"a person takes an alias", true, []record.Fact{personNamed("eva", "E.", pid)}, nil},
		{"a photo goes", true, []record.Fact{personNamed("eva", "E.", "")}, nil},
		{"a picture comes", false, []record.Fact{record.News{ID: "n", Picture: pid}}, nil},
		{"a picture goes with its news", true, nil, []record.Key{{Kind: record.KindNews, ID: "n"}}},
		{"a person goes", true, nil, []record.Key{personKey("eva")}},
		{"a person who is not there goes", false, nil, []record.Key{personKey("eva")}},
	}
	for _, step := range steps {
		before := epoch()
		h.tell(c, step.facts, step.gone...)
		require.Equal(t, step.reduces, epoch() > before, step.what)
		require.Equal(t, epoch(), c.state.board.meta.Epoch, step.what)
		require.Equal(t, epoch(), c.mark.value().Settled, step.what)
		require.Equal(t, epoch(), s.keyring().Epoch, step.what)
	}
}

// The order of a change that takes somebody back: when the cache file is
// written, the keyring on disk is without the old key already.
func TestKeysGoBeforeData(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	var order []string
	s.step = func(at string) error {
		if at == "in commit" {
			order = append(order, at)
			if len(order) > 1 {
				require.Empty(t, s.keyring().People, "the keyring is durable first")
			}
		}
		return nil
	}
	c := s.open()
	h.tell(c, []record.Fact{personNamed("eva", "Eva", "")})
	h.tell(c, nil, personKey("eva"))
	require.Len(t, order, 2)
}

// Wherever the process ends in a change that erases one person, renames another
// and brings a third: those two can never be read again as they were once the
// keyring is written, whoever is left is shown, nothing is shown half, and the
// hub is asked for the board unless the change is there in full.
func TestKillAtEveryStepOfAnErasure(t *testing.T) {
	steps := []string{"before keyring", "before commit", "in commit", "after commit"}
	for i, at := range steps {
		t.Run(at, func(t *testing.T) {
			s, h := newHostScreen(t), newHouse(t)
			before := erasureFixture(t, s, h)
			out, err := child(t, "erase", s.dir, at).CombinedOutput()
			require.ErrorContains(t, err, "signal: killed", "%s", out)

			c := s.open()
			defer c.Close() //nolint:errcheck // a test
			st, people := c.Stored(), c.Facts().People
			require.Contains(t, people, record.PersonID("bo"))
			require.NotEmpty(t, c.Facts().Activities)
			switch i {
			case 0: // as if the change had never come
				require.Equal(t, before, st.At)
				require.Equal(t, "ok", st.Store)
				require.Equal(t, "Eva-Fornavn", people["eva"].Name.Reveal())
			case 1, 2: // those it was about are gone, the rest stands
				require.Zero(t, st.At)
				require.Equal(t, "rebuilt", st.Store)
				require.NotContains(t, people, record.PersonID("eva"))
				require.NotContains(t, people, record.PersonID("ib"))
				require.NotContains(t, people, record.PersonID("ny"))
				require.NoFileExists(t, s.path(boardAside), "nothing is wrong with the file")
			case 3: // done
				require.Equal(t, "ok", st.Store)
				require.Equal(t, before.Rev+1, st.At.Rev)
				require.Equal(t, "Alias-Ib", people["ib"].Name.Reveal())
				require.NotContains(t, people, record.PersonID("eva"))
			}
			if i > 0 {
				said := strings.Join(s.peopleThatOpen(s.path("old"), s.keyring()), " ")
				require.NotContains(t, said, "Eva-Fornavn")
				require.NotContains(t, said, "Ib-Fornavn")
			}
			// The hub's answer makes it whole, and it stays so.
			eraseFixture(h)
			h.tellAll(c)
			h.requireShows(c)
			require.NoError(t, c.Close())
			h.requireShows(s.open())
		})
	}
}

func newHostScreen(t testing.TB) *testScreen {
	s := newScreen(t)
	s.secret = seal.HostFile{Path: filepath.Join(filepath.Dir(s.dir), "device.secret")}
	return s
}

func erasureFixture(t *testing.T, s *testScreen, h *house) record.Position {
	t.Helper()
	c := s.open()
	h.tell(c, []record.Fact{
		personNamed("eva", "Eva-Fornavn", ""), personNamed("ib", "Ib-Fornavn", ""), personNamed("bo", "Bo-Fornavn", ""),
		activityWith("a", "Tur", "eva", "ib"),
	})
	require.NoError(t, c.Close())
	s.put("old", s.read(boardFile))
	return h.at
}

// eraseFixture is the change the child makes.
func eraseFixture(h *house) ([]record.Op, record.Position) {
	return h.set([]record.Fact{personNamed("ib", "Alias-Ib", ""), personNamed("ny", "Ny-Fornavn", "")}, personKey("eva"))
}

func init() {
	childRoles["erase"] = func(args []string) error {
		t := &testing.T{}
		s := &testScreen{t: t, dir: args[0]}
		s.secret = seal.HostFile{Path: filepath.Join(filepath.Dir(s.dir), "device.secret")}
		c, err := Open(s.options())
		if err != nil {
			return err
		}
		h := newHouse(t)
		h.set([]record.Fact{
			personNamed("eva", "Eva-Fornavn", ""), personNamed("ib", "Ib-Fornavn", ""), personNamed("bo", "Bo-Fornavn", ""),
			activityWith("a", "Tur", "eva", "ib"),
		})
		c.opt.step = func(at string) error {
			if at == args[1] {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {}
			}
			return nil
		}
		ops, at := eraseFixture(h)
		return c.Apply(ops, at, false)
	}
}

// A process that ends between commit and mark leaves the mark behind; the next
// start makes up for it, so that a file put back later is refused all the same.
func TestMarkIsMadeUpForAfterACut(t *testing.T) {
	s, h := newHostScreen(t), newHouse(t)
	erasureFixture(t, s, h)
	require.Error(t, child(t, "erase", s.dir, "after commit").Run())
	require.NoError(t, s.open().Close())
	s.put(boardFile, s.read("old"))
	c := s.open()
	require.Equal(t, &record.Facts{}, c.Facts())
	require.Contains(t, s.logged(), "reason="+string(refusedOld))
}

// Keys that went are overwritten in memory too.
func TestDroppedKeysAreDestroyed(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	_, pid := photoOf("x")
	h.tell(c, []record.Fact{personNamed("eva", "Eva", pid), personNamed("bo", "Bo", "")})
	person := c.state.keys.People[spotOf(c.state.keys, personKey("eva")).name]
	other := c.state.keys.People[spotOf(c.state.keys, personKey("bo")).name]
	picture := c.photos.refs[pid].key
	require.False(t, person.IsZero() || picture.IsZero())
	h.tell(c, nil, personKey("eva"))
	require.True(t, person.IsZero() && picture.IsZero())
	require.False(t, other.IsZero())
	names := c.state.keys.Names
	require.NoError(t, c.Expire())
	require.True(t, other.IsZero() && names.IsZero())
	outbox := c.outbox.key
	require.NoError(t, c.Close())
	require.True(t, outbox.IsZero())
}

// The same without the process ending: a commit that fails after the keyring
// was written hides at once whoever was to be hidden, and the board heals with
// the next snapshot.
func TestCommitThatFailsStillHides(t *testing.T) {
	for _, at := range []string{"before commit", "in commit"} {
		t.Run(at, func(t *testing.T) {
			s, h := newScreen(t), newHouse(t)
			c := s.open()
			pa, ida := photoOf("a")
			pb, idb := photoOf("b")
			h.tell(c, []record.Fact{personNamed("eva", "Eva", ida), personNamed("bo", "Bo", idb), activityWith("a", "Tur", "eva")})
			require.NoError(t, c.PutPhoto(ida, pa))
			require.NoError(t, c.PutPhoto(idb, pb))
			shown := c.Facts()
			c.opt.step = failAt(at)
			ops, pos := h.set(nil, personKey("eva"))
			require.ErrorIs(t, c.Apply(ops, pos, false), errInjected)

			require.NotContains(t, c.Facts().People, record.PersonID("eva"))
			require.Contains(t, c.Facts().People, record.PersonID("bo"))
			require.Equal(t, shown.Activities, c.Facts().Activities)
			require.Zero(t, c.Stored().At)
			require.Equal(t, "rebuilt", c.Stored().Store)
			_, err := c.Photo(ida)
			require.ErrorIs(t, err, ErrNoPhoto)
			got, err := c.Photo(idb)
			require.NoError(t, err)
			require.Equal(t, pb, got)

			h.tellAll(c)
			h.requireShows(c)
			require.NoError(t, c.Close())
			h.requireShows(s.open())
		})
	}
}

// A disk that takes nothing any more, not even a keyring: who is taken back is
// off the glass all the same, picture included, and with the first write that
// works unreadable as well.
func TestDiskThatTakesNothingStillHides(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	pa, ida := photoOf("a")
	h.tell(c, []record.Fact{personNamed("eva", "Eva-Fornavn", ida), personNamed("ib", "Ib-Fornavn", ""), personNamed("bo", "Bo", ""), activityWith("a", "Tur", "eva")})
	require.NoError(t, c.PutPhoto(ida, pa))
	old := s.path("old")
	s.put("old", s.read(boardFile))
	for range 2 {
		c.opt.step = failAt("before keyring")
		ops, at := h.set([]record.Fact{personNamed("ib", "Alias", "")}, personKey("eva"))
		if len(c.Facts().People) < 3 {
			ops, at = h.snapshot()
		}
		require.ErrorIs(t, c.Apply(ops, at, c.Stored().At.IsZero()), errInjected)
		require.Len(t, c.Facts().People, 1)
		require.Contains(t, c.Facts().People, record.PersonID("bo"))
		require.Len(t, c.Facts().Activities, 1)
		require.Zero(t, c.Stored().At)
		require.Equal(t, "rebuilt", c.Stored().Store)
		_, err := c.Photo(ida)
		require.ErrorIs(t, err, ErrNoPhoto)
		require.Empty(t, c.MissingPhotos())
	}
	h.tellAll(c)
	h.requireShows(c)
	require.Len(t, s.keyring().People, 2)
	require.Empty(t, s.keyring().Photos)
	said := strings.Join(s.peopleThatOpen(old, s.keyring()), " ")
	require.NotContains(t, said, "Eva-Fornavn")
	require.NotContains(t, said, "Ib-Fornavn")
	require.NoError(t, c.Close())
	h.requireShows(s.open())
}

// A commit that fails and takes nobody back changes nothing at all.
func TestCommitThatFailsLeavesTheOldBoard(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, []record.Fact{personNamed("eva", "Eva", ""), activityWith("a", "Tur")})
	shown, before := c.Facts(), c.Stored()
	for _, step := range []string{"before keyring", "before commit", "in commit"} {
		c.opt.step = failAt(step)
		h.set([]record.Fact{personNamed("ny"+step[:2], "Ny", ""), activityWith("a", step)})
		ops, at := h.snapshot()
		require.ErrorIs(t, c.Apply(ops, at, true), errInjected)
		require.Equal(t, shown.People, c.Facts().People)
		require.Equal(t, shown.Activities, c.Facts().Activities)
		require.Equal(t, before.At, c.Stored().At)
		require.Equal(t, "ok", c.Stored().Store)
	}
	h.at.Rev++
	h.tellAll(c)
	h.requireShows(c)
	require.NoError(t, c.Close())
	h.requireShows(s.open())
}
