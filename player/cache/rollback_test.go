package cache

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// requireRefused opens the screen and checks that nothing of its board is
// shown, that it is set aside without its keys, that the outbox is untouched,
// and that the board can be built again.
func (s *testScreen) requireRefused(h *house, reason refusal) {
	s.t.Helper()
	c := s.open()
	st := c.Stored()
	require.Equal(s.t, "rebuilt", st.Store)
	require.Zero(s.t, st.At)
	require.Empty(s.t, st.Hashes)
	require.Equal(s.t, &record.Facts{}, c.Facts())
	require.FileExists(s.t, s.path(boardAside))
	require.Contains(s.t, s.logged(), "reason="+string(reason))
	require.Empty(s.t, s.keyring().People)
	require.Len(s.t, st.Outbox, 1)

	// Put back, it is no longer anybody's.
	require.NoError(s.t, c.Close())
	s.put(boardFile, s.read(boardAside))
	c = s.open()
	require.Equal(s.t, &record.Facts{}, c.Facts())
	h.tellAll(c)
	h.requireShows(c)
	require.NoError(s.t, c.Close())
	c = s.open()
	h.requireShows(c)
	require.Len(s.t, c.Stored().Outbox, 1)
	require.NoError(s.t, c.Close())
}

// week is a screen with a board and one touch, closed.
func week(t *testing.T) (*testScreen, *house) {
	t.Helper()
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, h.furnish(4, 4))
	_, err := c.Enqueue(signUp("p0001", "a0001"))
	require.NoError(t, err)
	require.NoError(t, c.Close())
	return s, h
}

// R: a file from last week, with somebody hidden since: refused. (Issue 2,
// "Bad input".)
func TestFileFromBeforeARestrictionIsRefused(t *testing.T) {
	for _, more := range []int{0, 1, 5} { // changes of no consequence after it
		s, h := week(t)
		old := s.read(boardFile)
		c := s.open()
		h.tell(c, nil, personKey("p0002"))
		for range more {
			h.tell(c, []record.Fact{activityWith("a0001", time.Now().String())})
		}
		require.NoError(t, c.Close())
		s.put(boardFile, old)
		s.requireRefused(h, refusedOld)
	}
}

// The mark says that a restriction was committed; without it, the file is not
// given the benefit of the doubt.
func TestFileFromBeforeARestrictionIsRefusedWithoutAMark(t *testing.T) {
	s, h := week(t)
	old := s.read(boardFile)
	c := s.open()
	h.tell(c, nil, personKey("p0002"))
	require.NoError(t, c.Close())
	s.put(boardFile, old)
	s.put(markFile, nil)
	s.requireRefused(h, refusedOld)
}

// A file from before somebody new came is older than the keyring, too, unless
// it is from just before: such a one bbolt itself may present, when its newest
// page is damaged.
func TestFileFromLongBeforeSomebodyCameIsRefused(t *testing.T) {
	s, h := week(t)
	old := s.read(boardFile)
	c := s.open()
	h.tell(c, []record.Fact{activityWith("a0001", "Bowling")})
	h.tell(c, []record.Fact{personNamed("ny", "Ny", "")})
	require.NoError(t, c.Close())
	s.put(boardFile, old)
	s.requireRefused(h, refusedOld)
}

// A file from last week when nothing was taken back since is simply behind: it
// is shown, and says honestly where it is.
func TestFileFromBeforeHarmlessChangesIsShown(t *testing.T) {
	s, h := week(t)
	old, then := s.read(boardFile), h.at
	c := s.open()
	shown := c.Facts()
	h.tell(c, []record.Fact{activityWith("a0001", "Bowling")})
	h.tell(c, []record.Fact{activityWith("a0002", "Dans")})
	require.NoError(t, c.Close())
	s.put(boardFile, old)
	c = s.open()
	require.Equal(t, then, c.Stored().At)
	require.Equal(t, "ok", c.Stored().Store)
	require.Equal(t, shown, c.Facts())
}

func TestFileOfAnotherScreenIsRefused(t *testing.T) {
	s, h := week(t)
	other, _ := week(t)
	s.put(boardFile, other.read(boardFile))
	s.requireRefused(h, refusedForeign)
}

// A whole folder on another device: the board is noise there, the outbox is
// kept aside, and nothing of it is shown.
func TestFolderOnAnotherDeviceBeginsAnew(t *testing.T) {
	s, h := week(t)
	home := s.secret
	s.secret = newScreen(t).secret
	c := s.open()
	require.Equal(t, &record.Facts{}, c.Facts())
	require.Equal(t, "rebuilt", c.Stored().Store)
	require.Empty(t, c.Stored().Outbox)
	require.FileExists(t, s.path(outboxAside))
	require.Contains(t, s.logged(), "outbox does not open")
	h.tellAll(c)
	require.NoError(t, c.Close())
	h.requireShows(s.open())

	// Back at home the touch is found again.
	s2 := s.again()
	s2.secret = home
	c = s2.open()
	require.Equal(t, &record.Facts{}, c.Facts())
	require.Len(t, c.Outbox(), 1)
	require.Equal(t, record.PersonID("p0001"), c.Outbox()[0].Who)
	require.NoFileExists(t, s2.path(outboxAside))
	require.FileExists(t, s2.path(outboxAside+".2"), "the other device's own")
	require.NoError(t, c.Close())
	require.Len(t, s2.open().Outbox(), 1, "and once only")
}

// T6: a keyring from before, with the cache file of now. Nobody erased since
// comes back, who came or changed since is dropped, and the hub is asked.
func TestOldKeyringWithNewFile(t *testing.T) {
	s, h := week(t)
	old := s.read(keyringFile)
	c := s.open()
	h.tell(c, []record.Fact{personNamed("p0001", "Alias", ""), personNamed("ny", "Ny", "")}, personKey("p0002"))
	require.NoError(t, c.Close())
	s.put(keyringFile, old)
	c = s.open()
	people := c.Facts().People
	require.Len(t, people, 2)
	require.Contains(t, people, record.PersonID("p0000"))
	require.Contains(t, people, record.PersonID("p0003"))
	require.Zero(t, c.Stored().At)
	require.Equal(t, "rebuilt", c.Stored().Store)
	require.Len(t, s.keyring().People, 2, "the key of the erased one is not kept")
	require.Len(t, c.Stored().Outbox, 1)
	h.tellAll(c)
	h.requireShows(c)
	require.NoError(t, c.Close())
	h.requireShows(s.open())
}

// A lost or broken keyring costs the board, not what residents touched: the
// outbox holds its own key.
func TestKeyringLostOrBroken(t *testing.T) {
	for name, damage := range map[string]func(*testScreen){
		"gone":    func(s *testScreen) { s.remove(keyringFile) },
		"empty":   func(s *testScreen) { s.put(keyringFile, nil) },
		"half":    func(s *testScreen) { b := s.read(keyringFile); s.put(keyringFile, b[:len(b)/2]) },
		"flipped": func(s *testScreen) { b := s.read(keyringFile); b[len(b)/2] ^= 1; s.put(keyringFile, b) },
		"zeros":   func(s *testScreen) { s.put(keyringFile, make([]byte, len(s.read(keyringFile)))) },
		"a board": func(s *testScreen) { s.put(keyringFile, s.read(boardFile)) },
	} {
		t.Run(name, func(t *testing.T) {
			s, h := week(t)
			damage(s)
			c := s.open()
			require.Equal(t, &record.Facts{}, c.Facts())
			require.Equal(t, "rebuilt", c.Stored().Store)
			require.Len(t, c.Stored().Outbox, 1)
			_, leased := c.Lease()
			require.False(t, leased, "no lease is remembered: nobody may be shown")
			h.tellAll(c)
			require.NoError(t, c.Close())
			h.requireShows(s.open())
		})
	}
}

// With one row put back to an older version, deleted, or copied in, by somebody
// who can write the card but has no key, the set no longer fits its fingerprint.
func TestSingleRowsCannotBePutBackTakenOutOrSlippedIn(t *testing.T) {
	for name, tamper := range map[string]func(t *testing.T, s *testScreen, old []byte){
		"put back": func(t *testing.T, s *testScreen, old []byte) {
			s.editFile(func(tx *bolt.Tx) {
				changed := 0
				b := tx.Bucket([]byte{others})
				for name, box := range rowsOf(t, old, others) {
					if now := b.Get([]byte(name)); now != nil && string(now) != string(box) {
						require.NoError(t, b.Put([]byte(name), box))
						changed++
					}
				}
				require.Equal(t, 1, changed)
			})
		},
		"taken out": func(t *testing.T, s *testScreen, _ []byte) {
			s.editFile(func(tx *bolt.Tx) {
				k, _ := tx.Bucket([]byte{people}).Cursor().First()
				require.NoError(t, tx.Bucket([]byte{people}).Delete(k))
			})
		},
		"slipped in": func(t *testing.T, s *testScreen, old []byte) {
			s.editFile(func(tx *bolt.Tx) {
				b := tx.Bucket([]byte{others})
				for name, box := range rowsOf(t, old, others) {
					if b.Get([]byte(name)) == nil {
						require.NoError(t, b.Put([]byte(name), box))
					}
				}
			})
		},
		"all rows but the meta": func(t *testing.T, s *testScreen, old []byte) {
			s.editFile(func(tx *bolt.Tx) {
				for _, letter := range rowBuckets {
					require.NoError(t, tx.DeleteBucket([]byte{letter}))
					b, err := tx.CreateBucket([]byte{letter})
					require.NoError(t, err)
					for name, box := range rowsOf(t, old, letter) {
						require.NoError(t, b.Put([]byte(name), box))
					}
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, h := week(t)
			old := s.read(boardFile)
			c := s.open()
			h.tell(c, []record.Fact{activityWith("a0001", "Bowling")}, record.Key{Kind: record.KindActivity, ID: "a0002"})
			require.NoError(t, c.Close())
			tamper(t, s, old)
			s.requireRefused(h, refusedSet)
		})
	}
}

// A row that no longer opens, in a set that is otherwise the right one, costs
// that row: the rest is shown while the hub is asked for the board.
func TestDamagedRowCostsThatRow(t *testing.T) {
	s, h := week(t)
	s.editFile(func(tx *bolt.Tx) {
		b := tx.Bucket([]byte{people})
		k, v := b.Cursor().First()
		bad := append([]byte(nil), v...)
		bad[len(bad)-1] ^= 1
		require.NoError(t, b.Put(k, bad))
	})
	c := s.open()
	require.Len(t, c.Facts().People, 3)
	require.Len(t, c.Facts().Activities, 4)
	require.Zero(t, c.Stored().At)
	require.Equal(t, "rebuilt", c.Stored().Store)
	require.Len(t, s.keyring().People, 3)
	require.NoError(t, c.Close())
	c = s.open()
	require.Len(t, c.Facts().People, 3, "it stays so until the hub answers")
	require.Equal(t, "rebuilt", c.Stored().Store)
	h.tellAll(c)
	h.requireShows(c)
	require.NoError(t, c.Close())
	h.requireShows(s.open())
}

// Lease and clock outlive the board, and a mark put back does not lower the
// floor below what the keyring remembers.
func TestMarkOutlivesTheBoardAndDoesNotGoBack(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	day := func(n int) time.Time { return time.UnixMilli(int64(20_000+n) * 86_400_000) }
	lease := wire.Lease{IssuedMS: day(1).UnixMilli(), MaskS: 259_200, WipeS: 2_592_000}
	require.NoError(t, c.SetLease(lease, day(1)))
	require.NoError(t, c.SetClock(Clock{Seen: day(2), Spent: time.Hour}))
	require.NoError(t, c.SetClock(Clock{Seen: day(1), Hub: day(0), Spent: time.Minute}), "lower: no effect")
	require.Equal(t, Clock{Hub: day(1), Seen: day(2), Spent: time.Hour}, c.Clock())
	oldMark := s.read(markFile)
	require.NoError(t, c.SetClock(Clock{Hub: day(3), Seen: day(4), Spent: 2 * time.Hour}))
	h.tell(c, h.furnish(2, 2)) // a keyring write takes note
	require.NoError(t, c.Close())

	s.put(boardFile, []byte("not a board"))
	c = s.open()
	got, ok := c.Lease()
	require.True(t, ok)
	require.Equal(t, lease, got)
	require.Equal(t, Clock{Hub: day(3), Seen: day(4), Spent: 2 * time.Hour}, c.Clock())
	require.NoError(t, c.Close())

	s.put(markFile, oldMark)
	c = s.open()
	require.Equal(t, Clock{Hub: day(3), Seen: day(4), Spent: 2 * time.Hour}, c.Clock())
	require.NoError(t, c.SetLease(wire.Lease{IssuedMS: day(5).UnixMilli(), MaskS: 60, WipeS: 120}, day(5)))
	require.Equal(t, Clock{Hub: day(5), Seen: day(4)}, c.Clock(), "a new lease is not spent yet")
	require.NoError(t, c.Close())

	for _, damaged := range [][]byte{nil, make([]byte, 8192), oldMark[:100]} {
		s2 := s.again()
		s2.put(markFile, damaged)
		c = s2.open()
		require.Equal(t, day(4), c.Clock().Seen, "the keyring's copy")
		require.NoError(t, c.Close())
	}
}

// how often a picture code was wrong is kept beside the mark, sealed, until
// the screen is another department's.
func TestTriesOutliveAStart(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, h.furnish(2, 2))
	require.Empty(t, c.Tries())
	want := []Tries{{"p1", 5, 5 * time.Minute}, {"p2", 1, 1500 * time.Millisecond}}
	require.NoError(t, c.SetTries(want))
	require.NoError(t, c.SetClock(Clock{Spent: time.Hour}))
	require.NoError(t, c.Close())
	require.NotContains(t, string(s.read(markFile)), "p1")
	c = s.open()
	require.Equal(t, want, c.Tries())
	require.Equal(t, time.Hour, c.Clock().Spent)

	many := make([]Tries, maxTries+2)
	for i := range many {
		many[i] = Tries{Who: record.PersonID(strings.Repeat("x", 36) + fmt.Sprint(1000+i)), Wrong: 5, Left: time.Minute}
	}
	require.NoError(t, c.SetTries(many), "they fit")
	require.Equal(t, many[2:], c.Tries(), "the newest")
	require.NoError(t, c.Close())
	c = s.open()
	require.Equal(t, many[2:], c.Tries())

	require.NoError(t, c.Enter("another", true))
	require.Empty(t, c.Tries())
	require.NoError(t, c.Close())
	c = s.open()
	require.Empty(t, c.Tries())
}

// A power cut in the middle of writing a mark leaves the one before.
func TestTornMarkLeavesTheOneBefore(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	at := func(n int) time.Time { return time.UnixMilli(1_764_000_000_000 + int64(n)) }
	for n := range 5 {
		require.NoError(t, c.SetClock(Clock{Seen: at(n)}))
	}
	turn := c.mark.turn
	require.NoError(t, c.Close())
	file := s.read(markFile)
	for cut := range 250 { // bytes of the newest slot that reached the disk
		torn := append([]byte(nil), file...)
		slot := torn[turn%markSlots*slotSize:][:slotSize]
		for i := cut; i < len(slot); i++ {
			slot[i] = 0xff
		}
		s2 := s.again()
		s2.put(markFile, torn)
		secret, err := s2.secret.Secret()
		require.NoError(t, err)
		c2 := &Cache{opt: s2.options().withDefaults()}
		c2.state.keys, err = seal.LoadKeyring(s2.path(keyringFile), secret)
		require.NoError(t, err)
		require.NoError(t, c2.openMark())
		require.Contains(t, []time.Time{at(3), at(4)}, c2.Clock().Seen, "%d bytes", cut)
		require.NoError(t, c2.mark.close())
	}
}
