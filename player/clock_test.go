package player

import (
	"crypto/rand"
	"image"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/cache"
	"tavle/player/seal"
	"tavle/player/ui"
	"tavle/render"
	"tavle/render/memory"
	"tavle/sync/wire"
)

var (
	start  = time.Date(2026, 12, 3, 10, 0, 0, 0, time.UTC)
	lease0 = wire.Lease{IssuedMS: start.UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}
)

func TestClockBelievesTheHubThenTheLatest(t *testing.T) {
	floor := start.Add(48 * time.Hour)
	c := newClock(start, floor, false) // the machine's clock is two days behind
	require.Equal(t, floor, c.at(start))
	require.Equal(t, floor.Add(time.Hour), c.at(start.Add(time.Hour)), "it counts on from the floor")
	require.False(t, c.trusted())
	hub := start.Add(50 * time.Hour)
	c.heard(hub, start.Add(time.Hour))
	require.True(t, c.trusted())
	require.Equal(t, hub.Add(time.Minute), c.at(start.Add(61*time.Minute)))
	require.Equal(t, hub.Add(time.Minute), c.strict(start.Add(61*time.Minute)))

	c = newClock(start, start.Add(-time.Hour), true)
	require.Equal(t, start, c.at(start))
	c.heard(start.Add(-24*time.Hour), start) // a hub that is a day behind does not lengthen a lease
	require.Equal(t, start.Add(-24*time.Hour), c.at(start))
	require.Equal(t, start, c.strict(start))
}

// PRIVACY 4.6. What the hub said comes late over a line that stalled: people are
// masked as early as without it. A clock that was put right by more is followed.
// Found by the simulation.
func TestLateWordOfTheHubLengthensNoLease(t *testing.T) {
	c := newClock(start, start, false)
	c.heard(start, start)
	c.leased = true
	after := func(d time.Duration) time.Time { return start.Add(d) }
	for _, late := range []time.Duration{40 * time.Second, 55 * time.Second, 3 * time.Second} {
		c.heard(after(time.Hour-late), after(time.Hour))
		require.Equal(t, after(time.Hour-late), c.at(after(time.Hour)), "the wall shows what it was told")
		require.Equal(t, after(time.Hour), c.strict(after(time.Hour)), "late by %s", late)
	}
	c.heard(after(2*time.Hour), after(2*time.Hour))
	require.Equal(t, after(2*time.Hour), c.strict(after(2*time.Hour)))
	c.heard(after(time.Hour), after(3*time.Hour))
	require.Equal(t, after(time.Hour), c.strict(after(3*time.Hour)), "two hours wrong is no delay")
}

// PRIVACY 4.6.
func TestLeaseStates(t *testing.T) {
	hours := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
	for _, c := range []struct {
		name    string
		now     time.Time
		want    leaseState
		changes time.Time
	}{
		{"issued now", hours(0), fresh, hours(72)},
		{"a minute before it runs out", hours(72).Add(-time.Minute), fresh, hours(72)},
		{"it ran out", hours(72), masked, hours(720)},
		{"a month without the hub", hours(720), ended, time.Time{}},
	} {
		clk := newClock(start, start, true)
		state, changes := leaseAt(lease0, true, &clk, c.now)
		require.Equal(t, c.want, state, c.name)
		require.Equal(t, c.changes, changes, c.name)
	}
	clk := newClock(start, start, true)
	state, _ := leaseAt(wire.Lease{}, false, &clk, start)
	require.Equal(t, masked, state, "no lease was ever given")
}

// A screen that does not know what time it is shows people for four hours.
func TestUntrustedTimeShowsPeopleForFourHours(t *testing.T) {
	clk := newClock(start, start, false)
	state, changes := leaseAt(lease0, true, &clk, start)
	require.Equal(t, fresh, state)
	require.Equal(t, start.Add(4*time.Hour), changes)
	state, _ = leaseAt(lease0, true, &clk, start.Add(4*time.Hour))
	require.Equal(t, masked, state)
	clk.heard(start.Add(5*time.Hour), start.Add(4*time.Hour))
	state, _ = leaseAt(lease0, true, &clk, start.Add(4*time.Hour))
	require.Equal(t, fresh, state, "the hub said what time it is")
}

// Setting the machine's clock back gains nothing.
func TestClockSetBackGainsNothing(t *testing.T) {
	clk := newClock(start.Add(-1000*time.Hour), start.Add(73*time.Hour), true)
	state, _ := leaseAt(lease0, true, &clk, start.Add(-1000*time.Hour))
	require.Equal(t, masked, state)
}

func frameWith(targets ...render.Target) *render.Frame { return &render.Frame{Targets: targets} }

func target(m render.Meaning, r image.Rectangle) render.Target {
	return render.Target{Rect: r, Means: m}
}

func TestWhatMovedUnderTheFingerIsNotReady(t *testing.T) {
	var s settler
	a, b := ui.Join{}, ui.Back{}
	s.show(frameWith(target(a, image.Rect(0, 0, 100, 100))), start)
	require.False(t, s.settled(a, start.Add(200*time.Millisecond)))
	require.True(t, s.settled(a, start.Add(250*time.Millisecond)))
	require.False(t, s.settled(b, start.Add(time.Hour)), "never shown")
	later := start.Add(time.Hour)
	s.show(frameWith(target(a, image.Rect(5, 5, 105, 105)), target(b, image.Rect(200, 0, 300, 100))), later)
	require.True(t, s.settled(a, later), "hardly moved")
	require.False(t, s.settled(b, later), "appeared")
	s.show(frameWith(target(a, image.Rect(200, 0, 300, 100))), later.Add(time.Second))
	require.False(t, s.settled(a, later.Add(time.Second)), "moved to where another was")
}

func TestFingerMayWanderALittle(t *testing.T) {
	a, b := ui.Join{}, ui.Back{}
	f := frameWith(target(a, image.Rect(0, 0, 100, 100)), target(b, image.Rect(110, 0, 200, 100)))
	require.Equal(t, a, on(f, image.Pt(115, 50), f.At(image.Pt(115, 50)), a, 24), "a little off, even onto a neighbour")
	require.Equal(t, b, on(f, image.Pt(130, 50), f.At(image.Pt(130, 50)), a, 24))
	require.Nil(t, on(f, image.Pt(50, 150), nil, a, 24))
	gone := frameWith(target(b, image.Rect(0, 0, 100, 100)))
	require.Equal(t, b, on(gone, image.Pt(50, 50), gone.At(image.Pt(50, 50)), a, 24), "what it went down on is gone")
}

// PRIVACY 4.6: each start without a clock counts for an hour of the lease at
// least, so that switching a screen off and on does not keep people on it.
func TestRestartsUseUpTheLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, err := seal.NewKey(rand.Reader)
		require.NoError(t, err)
		c, err := cache.Open(cache.Options{Dir: filepath.Join(t.TempDir(), "cache"), Secret: seal.NewInMemory(key)})
		require.NoError(t, err)
		defer func() { require.NoError(t, c.Close()) }()
		require.NoError(t, c.SetLease(wire.Lease{IssuedMS: time.Now().UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}, time.Now()))
		// The power goes before a start has written anything but its beginning.
		begin := func(set bool) leaseState {
			pictures := NewPictures(c, nil)
			screen := memory.Open(memory.Options{Size: image.Pt(800, 480), Images: pictures})
			p, err := New(Config{Cache: c, Pictures: pictures, Presenter: screen, TimeSet: set})
			require.NoError(t, err)
			p.begin(t.Context())
			return p.lease
		}
		for range 71 {
			require.Equal(t, fresh, begin(false))
		}
		require.Equal(t, masked, begin(false))
		require.Equal(t, fresh, begin(true), "a clock knows that no time has passed")
		require.NoError(t, c.SetLease(wire.Lease{IssuedMS: time.Now().UnixMilli() + 1, MaskS: 72 * 3600, WipeS: 30 * 86400}, time.Now()))
		require.Equal(t, fresh, begin(false), "a lease the hub renewed begins anew")
	})
}
