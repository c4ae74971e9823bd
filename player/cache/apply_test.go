package cache

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/wire"
)

func TestNewCacheIsEmpty(t *testing.T) {
	c := newScreen(t).open()
	st := c.Stored()
	require.Equal(t, "empty", st.Store)
	require.True(t, st.At.IsZero())
	require.Empty(t, st.Hashes)
	require.Empty(t, st.Outbox)
	require.Equal(t, uint64(1), st.Next)
	require.Len(t, st.Inst, 32)
	require.NotNil(t, c.Facts())
	_, leased := c.Lease()
	require.False(t, leased)
	require.Zero(t, c.Clock())
}

func TestBoardIsThereAfterARestart(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.set(h.furnish(20, 30))
	h.tellAll(c)
	h.requireShows(c)
	h.tell(c, []record.Fact{activityWith("a0001", "Bowling")}, record.Key{Kind: record.KindActivity, ID: "a0002"}, personKey("p0003"))
	h.requireShows(c)
	inst := c.Stored().Inst
	require.NoError(t, c.Close())

	c = s.open()
	h.requireShows(c)
	require.Equal(t, inst, c.Stored().Inst)
	require.NoFileExists(t, s.path(boardAside))
}

// With a snapshot every row not in it is erased.
func TestSnapshotErasesWhatIsNotInIt(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, h.furnish(5, 5))
	for _, k := range []record.Key{personKey("p0002"), {Kind: record.KindActivity, ID: "a0004"}} {
		h.at.Sum = h.at.Sum.Sub(h.rows[k].Hash())
		delete(h.rows, k)
	}
	h.at.Rev++
	h.tellAll(c)
	h.requireShows(c)
	require.NotContains(t, c.Facts().People, record.PersonID("p0002"))
	require.Len(t, c.state.keys.People, 4)
	require.NoError(t, c.Close())
	h.requireShows(s.open())
}

// A snapshot of what is already there changes no key: keyrings wear the card.
func TestSnapshotOfTheSameBoardWritesNoKeyring(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, h.furnish(5, 5))
	before := s.read(keyringFile)
	h.at.Rev++
	h.tellAll(c)
	require.Equal(t, before, s.read(keyringFile))
	h.tell(c, []record.Fact{activityWith("a0001", "Bowling", "p0001")}, record.Key{Kind: record.KindActivity, ID: "a0002"})
	require.Equal(t, before, s.read(keyringFile), "nor does a change to what is nobody's")
	h.tell(c, []record.Fact{personNamed("p0001", "Nyt navn", "")})
	require.NotEqual(t, before, s.read(keyringFile))
}

func TestRowsThatDoNotAddUpAreRefused(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, h.furnish(2, 2))
	ops, at := h.set([]record.Fact{activityWith("a0001", "Bowling")})
	at.Sum++
	require.ErrorContains(t, c.Apply(ops, at, false), "add up")
	require.ErrorContains(t, c.Apply(ops, record.Position{}, false), "no position")
	at.Sum--
	require.NoError(t, c.Apply(ops, at, false), "nothing was changed by the refusals")
	h.requireShows(c)
}

// One op after the other on the same row: the last one decides, as in the
// session's checksum.
func TestLastOpOfARowDecides(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, h.furnish(2, 2))
	first, _ := h.set([]record.Fact{personNamed("p0001", "Første", "")})
	second, _ := h.set(nil, personKey("p0001"))
	third, at := h.set([]record.Fact{personNamed("p0001", "Sidste", "")})
	ops := append(append(first, second...), third...)
	require.NoError(t, c.Apply(ops, at, false))
	h.requireShows(c)
	require.Equal(t, "Sidste", c.Facts().People["p0001"].Name.Reveal())
}

// A row of a kind this build does not know, or that it cannot read, is kept for
// the position's sake and left out of the board: one bad row does not cost the
// others, and an old screen survives a new hub.
func TestRowsThatCannotBeReadAreKeptAndLeftOut(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, h.furnish(2, 0))
	raw := func(kind record.Kind, id, body string) record.Op {
		r := record.Row{Key: record.Key{Kind: kind, ID: id}, Body: []byte(body)}
		if old, ok := h.rows[r.Key]; ok {
			h.at.Sum = h.at.Sum.Sub(old.Hash())
		}
		h.rows[r.Key] = r
		h.at.Sum = h.at.Sum.Add(r.Hash())
		h.at.Rev++
		return record.Op{Row: r}
	}
	ops := []record.Op{
		raw("booking", "b1", `{"from":"later"}`),
		raw(record.KindPerson, "p0001", `{"kind":"resident","name":"Hemmelig-Navn","signup":"no"}`),
		raw(record.KindMeal, "m1", `{"served":17}`),
	}
	require.NoError(t, c.Apply(ops, h.at, false))
	check := func(c *Cache) {
		require.Equal(t, h.at, c.Stored().At)
		require.Len(t, c.Stored().Hashes, len(h.rows))
		require.NotContains(t, c.Facts().People, record.PersonID("p0001"), "the old row of that person is gone as well")
		require.Contains(t, c.Facts().People, record.PersonID("p0000"))
		require.Empty(t, c.Facts().Meals)
	}
	check(c)
	require.NoError(t, c.Close())
	check(s.open())
	require.Contains(t, s.logged(), "row left out")
	require.NotContains(t, s.logged(), "Hemmelig")
}

func TestBoardOverTheLimitIsRefused(t *testing.T) {
	c := newScreen(t).open()
	at := record.Position{Epoch: "e", Rev: 1}
	var ops []record.Op
	for i := range wire.MaxRows + 1 {
		r := record.Row{Key: record.Key{Kind: "x", ID: fmt.Sprint(i)}, Body: []byte("{}")}
		at.Sum = at.Sum.Add(r.Hash())
		ops = append(ops, record.Op{Row: r})
	}
	require.ErrorContains(t, c.Apply(ops, at, true), "rows, want at most")
	require.Equal(t, "empty", c.Stored().Store)
}

func TestFactsDoNotChangeUnderTheirReader(t *testing.T) {
	c, h := newScreen(t).open(), newHouse(t)
	h.tell(c, h.furnish(3, 0))
	before := c.Facts()
	h.tell(c, []record.Fact{personNamed("p0001", "Ny", "")}, personKey("p0002"))
	require.Len(t, before.People, 3)
	require.Equal(t, "Beboer-0001", before.People["p0001"].Name.Reveal())
}

func TestApplyWakes(t *testing.T) {
	c, h := newScreen(t).open(), newHouse(t)
	drain := func() bool {
		select {
		case <-c.Changed():
			return true
		default:
			return false
		}
	}
	drain()
	h.tell(c, h.furnish(1, 1))
	h.tell(c, []record.Fact{activityWith("a0000", "To")})
	require.True(t, drain())
	require.False(t, drain(), "one wake-up stands for both")
}

func TestFolderIsTakenOnce(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	_, err := Open(s.options())
	require.ErrorIs(t, err, ErrInUse)
	require.NoError(t, c.Close())
	s.open()
}

func TestClosedCacheSaysSo(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	h.tell(c, h.furnish(1, 1))
	require.NoError(t, c.Close())
	require.NoError(t, c.Close())
	ops, at := h.snapshot()
	require.ErrorIs(t, c.Apply(ops, at, true), ErrClosed)
	_, err := c.Enqueue(signUp("p0000", "a0000"))
	require.ErrorIs(t, err, ErrClosed)
	require.ErrorIs(t, c.Settle([]wire.Result{{Seq: 1}}), ErrClosed)
	require.ErrorIs(t, c.Reopen(0), ErrClosed)
	require.ErrorIs(t, c.Wipe(), ErrClosed)
	require.ErrorIs(t, c.Expire(), ErrClosed)
	require.ErrorIs(t, c.SetClock(Clock{Spent: 1e9}), ErrClosed)
	_, err = c.Photo("sha256-x")
	require.ErrorIs(t, err, ErrNoPhoto)
	require.Empty(t, c.Facts().People, "what was decrypted is not held on to")
}
