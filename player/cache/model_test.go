package cache

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// A model is what a cache should say, kept in maps.
type model struct {
	house  *house
	photos map[record.AssetID][]byte // put and still referred to
	box    []session.Entry
	next   uint64
	inst   string
	lease  wire.Lease
	seen   time.Time
}

// R: after any run of operations, restarts and failed commits the cache says
// what a plain map says.
func TestCacheAgreesWithAMap(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	s := newScreen(t)
	c := s.open()
	m := &model{house: newHouse(t), photos: map[record.AssetID][]byte{}, next: 1, inst: c.Stored().Inst}
	counts := map[string]int{}
	steps := []struct {
		name   string
		weight int
		do     func()
	}{
		{"delta", 30, func() { m.delta(t, rnd, c) }},
		{"snapshot", 4, func() { m.snapshot(rnd, c) }},
		{"failed apply", 4, func() { m.failed(t, rnd, c) }},
		{"photo", 15, func() { m.photo(t, rnd, c) }},
		{"enqueue", 20, func() { m.enqueue(t, rnd, c) }},
		{"settle", 12, func() { m.settle(t, rnd, c) }},
		{"reopen", 2, func() { m.reopen(t, rnd, c) }},
		{"reinstall", 2, func() { m.reinstall(t, c) }},
		{"forget", 3, func() { m.forget(t, c) }},
		{"renew", 3, func() { require.NoError(t, c.Renew()) }},
		{"lease and clock", 5, func() { m.time(t, rnd, c) }},
		{"restart", 5, func() {
			require.NoError(t, c.Close())
			c = s.open()
			for i := range m.box {
				m.box[i].Touched = time.Time{}
			}
		}},
		{"expire", 1, func() {
			require.NoError(t, c.Expire())
			require.Zero(t, c.Stored().At)
			require.Empty(t, c.Facts().People)
			clear(m.photos)
			m.house.tellAll(c)
		}},
	}
	for n := range 500 {
		pick := rnd.IntN(106)
		for _, step := range steps {
			if pick -= step.weight; pick < 0 {
				step.do()
				counts[step.name]++
				m.check(t, c, fmt.Sprintf("step %d, %s", n, step.name))
				break
			}
		}
	}
	t.Log(counts)
	require.NotContains(t, s.logged(), "level=WARN msg=\"outbox")
}

func (m *model) check(t *testing.T, c *Cache, after string) {
	t.Helper()
	st := c.Stored()
	require.Equal(t, m.inst, st.Inst, after)
	require.Equal(t, m.next, st.Next, after)
	require.Len(t, st.Outbox, len(m.box), after)
	for i, e := range st.Outbox {
		require.Equal(t, m.box[i].Mutation, e.Mutation, after)
		require.Equal(t, m.box[i].Result, e.Result, after)
		require.Equal(t, m.box[i].Touched.IsZero(), e.Touched.IsZero(), after)
	}
	if m.house.at.Rev > 0 {
		m.house.requireShows(c)
	}
	refs := c.Facts().Assets()
	var missing []record.AssetID
	for id := range refs {
		got, err := c.Photo(id)
		if want, ok := m.photos[id]; ok {
			require.NoError(t, err, after)
			require.Equal(t, want, got, after)
			continue
		}
		require.ErrorIs(t, err, ErrNoPhoto, after)
		missing = append(missing, id)
	}
	require.ElementsMatch(t, missing, c.MissingPhotos(), after)
	require.Len(t, c.state.keys.Photos, len(refs), after)
	require.Len(t, c.state.keys.People, len(c.Facts().People), after)
	lease, _ := c.Lease()
	require.Equal(t, m.lease, lease, after)
	require.Equal(t, m.seen, c.Clock().Seen, after)
}

// change makes a random change of the house.
func (m *model) change(rnd *rand.Rand) ([]record.Op, record.Position) {
	var facts []record.Fact
	var gone []record.Key
	for range 1 + rnd.IntN(4) {
		n := rnd.IntN(12)
		_, photo := photoOf(fmt.Sprint("picture ", rnd.IntN(8)))
		if rnd.IntN(3) == 0 {
			photo = ""
		}
		switch rnd.IntN(6) {
		case 0, 1:
			facts = append(facts, personNamed(fmt.Sprint("p", n), fmt.Sprint("Navn-", rnd.IntN(3)), photo))
		case 2:
			facts = append(facts, activityWith(fmt.Sprint("a", n), fmt.Sprint("Tur ", rnd.IntN(9)), "p1"))
		case 3:
			facts = append(facts, record.News{ID: record.NewsID(fmt.Sprint("n", n)), Picture: photo})
		case 4:
			gone = append(gone, personKey(fmt.Sprint("p", n)))
		case 5:
			gone = append(gone, record.Key{Kind: record.KindNews, ID: fmt.Sprint("n", n)})
		}
	}
	return m.house.set(facts, gone...)
}

// trim forgets photos nothing refers to any more. One that is referred to again
// later has to be fetched again.
func (m *model) trim(c *Cache) {
	refs := c.Facts().Assets()
	for id := range m.photos {
		if !refs[id] {
			delete(m.photos, id)
		}
	}
}

func (m *model) delta(t *testing.T, rnd *rand.Rand, c *Cache) {
	ops, at := m.change(rnd)
	require.NoError(t, c.Apply(ops, at, false))
	m.trim(c)
}

func (m *model) snapshot(rnd *rand.Rand, c *Cache) {
	m.change(rnd)
	m.house.tellAll(c)
	m.trim(c)
}

func (m *model) failed(t *testing.T, rnd *rand.Rand, c *Cache) {
	before := c.Facts()
	at := []string{"before keyring", "before commit", "in commit"}[rnd.IntN(3)]
	c.opt.step = failAt(at)
	ops, pos := m.change(rnd)
	err := c.Apply(ops, pos, false)
	c.opt.step = nil
	if err != nil {
		require.ErrorIs(t, err, errInjected)
		for id, p := range c.Facts().People {
			require.Equal(t, before.People[id], p, "nobody new, nobody changed")
		}
		had := maps.Clone(m.photos)
		m.house.tellAll(c)
		// Which of the photos survive depends on how far it came; one that does
		// is what it was.
		clear(m.photos)
		for id := range c.Facts().Assets() {
			if data, err := c.Photo(id); err == nil {
				require.Equal(t, had[id], data)
				m.photos[id] = data
			}
		}
	}
	m.trim(c)
}

func (m *model) photo(t *testing.T, rnd *rand.Rand, c *Cache) {
	data, id := photoOf(fmt.Sprint("picture ", rnd.IntN(8)))
	err := c.PutPhoto(id, data)
	if c.Facts().Assets()[id] {
		require.NoError(t, err)
		m.photos[id] = data
		return
	}
	require.ErrorIs(t, err, ErrNoPhoto)
}

func (m *model) enqueue(t *testing.T, rnd *rand.Rand, c *Cache) {
	got, err := c.Enqueue(signUp(fmt.Sprint("p", rnd.IntN(12)), "a1"))
	require.NoError(t, err)
	require.Equal(t, m.next, got.Seq)
	m.next++
	m.box = append(m.box, session.Entry{Mutation: got, Touched: time.Now()})
}

func (m *model) settle(t *testing.T, rnd *rand.Rand, c *Cache) {
	var results []wire.Result
	for range rnd.IntN(40) {
		r := wire.Result{Seq: 1 + rnd.Uint64N(m.next+2), Outcome: wire.Accepted, Rev: rnd.Uint64N(99)}
		results = append(results, r)
		for i := range m.box {
			if m.box[i].Seq == r.Seq && m.box[i].Result == nil {
				m.box[i].Result = &r
			}
		}
	}
	require.NoError(t, c.Settle(results))
}

func (m *model) reopen(t *testing.T, rnd *rand.Rand, c *Cache) {
	above := rnd.Uint64N(m.next)
	require.NoError(t, c.Reopen(above))
	for i := range m.box {
		if m.box[i].Seq > above {
			m.box[i].Result = nil
		}
	}
}

func (m *model) reinstall(t *testing.T, c *Cache) {
	inst, entries, next, err := c.Reinstall()
	require.NoError(t, err)
	m.box = slices.DeleteFunc(m.box, func(e session.Entry) bool { return e.Result != nil })
	for i := range m.box {
		m.box[i].Seq = uint64(i) + 1
	}
	m.inst, m.next = inst, uint64(len(m.box))+1
	require.Len(t, entries, len(m.box))
	require.Equal(t, m.next, next)
}

func (m *model) forget(t *testing.T, c *Cache) {
	oldest, err := c.Forget(time.Now().Add(time.Minute))
	require.NoError(t, err)
	for len(m.box) > 0 && m.box[0].Result != nil {
		m.box = m.box[1:]
	}
	want := m.next
	if len(m.box) > 0 {
		want = m.box[0].Seq
	}
	require.Equal(t, want, oldest)
}

func (m *model) time(t *testing.T, rnd *rand.Rand, c *Cache) {
	m.lease = wire.Lease{IssuedMS: 1 + rnd.Int64N(1<<40), MaskS: rnd.Int64N(1 << 20), WipeS: rnd.Int64N(1 << 20)}
	require.NoError(t, c.SetLease(m.lease, time.Now()))
	seen := time.UnixMilli(rnd.Int64N(1 << 40))
	require.NoError(t, c.SetClock(Clock{Seen: seen}))
	m.seen = later(m.seen, seen)
}

// Everything at once, under the race detector: boards, touches, photos, clock,
// readers; at the end all of it is there.
func TestEverythingAtOnce(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	data, id := photoOf("portrait 1")
	h.tell(c, h.furnish(5, 5))
	var wg sync.WaitGroup
	reader := func(look func()) {
		wg.Go(func() {
			for range 300 {
				look()
			}
		})
	}
	reader(func() { _ = c.Facts().People["p0001"].Name.IsZero() })
	reader(func() { _, _ = c.Photo(id) })
	reader(func() { _ = c.Stored() })
	reader(func() { _, _ = c.Lease() })
	reader(func() { _ = c.MissingPhotos() })
	reader(func() { _ = c.Renew() })

	const n = 30
	var work sync.WaitGroup
	work.Go(func() {
		for i := range n {
			_, photo := photoOf("portrait 1")
			if i%2 == 0 {
				photo = ""
			}
			ops, at := h.set([]record.Fact{personNamed("p0001", fmt.Sprint("N", i), photo)})
			if err := c.Apply(ops, at, false); err != nil {
				t.Error(err)
			}
		}
	})
	for range 2 {
		work.Go(func() {
			for range n {
				if _, err := c.Enqueue(signUp("p0001", "a0001")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Go(func() {
		for i := range n {
			_ = c.PutPhoto(id, data)
			if err := c.SetClock(Clock{Spent: time.Duration(i) * time.Second}); err != nil {
				t.Error(err)
			}
		}
	})
	work.Wait()
	wg.Wait()
	h.requireShows(c)
	require.NoError(t, c.Close())
	c = s.open()
	h.requireShows(c)
	require.Len(t, c.Outbox(), 2*n)
	for i, e := range c.Outbox() {
		require.Equal(t, uint64(i+1), e.Seq)
	}
}

// A wipe in the middle of everything ends with an empty, usable cache.
func TestWipeDuringEverything(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	data, id := photoOf("portrait 1")
	h.tell(c, h.furnish(5, 5))
	ops, at := h.snapshot()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _ = c.Apply(ops, at, true) })
		wg.Go(func() { _, _ = c.Enqueue(signUp("p0001", "a0001")) })
		wg.Go(func() { _ = c.PutPhoto(id, data) })
		wg.Go(func() { _, _ = c.Photo(id) })
		wg.Go(func() { _ = c.SetLease(wire.Lease{IssuedMS: 5}, time.Now()) })
	}
	wg.Go(func() { _ = c.Wipe() })
	wg.Go(func() { _ = c.Expire() })
	wg.Wait()
	require.NoError(t, c.Wipe())
	require.Equal(t, "empty", c.Stored().Store)
	h.tellAll(c)
	h.requireShows(c)
}
