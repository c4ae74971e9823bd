package lease

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/wire"
)

var (
	start  = time.Date(2026, 12, 3, 10, 0, 0, 0, time.UTC)
	lease0 = wire.Lease{IssuedMS: start.UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}
)

func TestClockBelievesTheHubThenTheLatest(t *testing.T) {
	floor := start.Add(48 * time.Hour)
	c := NewClock(start, false, floor) // the machine's clock is two days behind
	require.Equal(t, floor, c.At(start))
	require.Equal(t, floor.Add(time.Hour), c.At(start.Add(time.Hour)), "it counts on from the floor")
	require.False(t, c.Trusted())
	hub := start.Add(50 * time.Hour)
	c.Heard(hub, start.Add(time.Hour))
	require.True(t, c.Trusted())
	require.Equal(t, hub.Add(time.Minute), c.At(start.Add(61*time.Minute)))
	require.Equal(t, hub.Add(time.Minute), c.strict(start.Add(61*time.Minute)))

	c = NewClock(start, true, start.Add(-time.Hour))
	require.Equal(t, start, c.At(start))
	c.Heard(start.Add(-24*time.Hour), start) // a hub that is a day behind does not lengthen a lease
	require.Equal(t, start.Add(-24*time.Hour), c.At(start))
	require.Equal(t, start, c.strict(start))
}

// What the hub said comes late over a line that stalled: people are
// masked as early as without it. A clock that was put right by more is followed.
// Found by the simulation.
func TestLateWordOfTheHubLengthensNoLease(t *testing.T) {
	c := NewClock(start, false, start)
	c.Heard(start, start)
	c.Leased = true
	after := func(d time.Duration) time.Time { return start.Add(d) }
	for _, late := range []time.Duration{40 * time.Second, 55 * time.Second, 3 * time.Second} {
		c.Heard(after(time.Hour-late), after(time.Hour))
		require.Equal(t, after(time.Hour-late), c.At(after(time.Hour)), "the wall shows what it was told")
		require.Equal(t, after(time.Hour), c.strict(after(time.Hour)), "late by %s", late)
	}
	c.Heard(after(2*time.Hour), after(2*time.Hour))
	require.Equal(t, after(2*time.Hour), c.strict(after(2*time.Hour)))
	c.Heard(after(time.Hour), after(3*time.Hour))
	require.Equal(t, after(time.Hour), c.strict(after(3*time.Hour)), "two hours wrong is no delay")
}

// A lease ends in steps: fresh, masked, ended.
func TestLeaseStates(t *testing.T) {
	hours := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
	for _, c := range []struct {
		name    string
		now     time.Time
		want    State
		changes time.Time
	}{
		{"issued now", hours(0), Fresh, hours(72)},
		{"a minute before it runs out", hours(72).Add(-time.Minute), Fresh, hours(72)},
		{"it ran out", hours(72), Masked, hours(720)},
		{"a month without the hub", hours(720), Ended, time.Time{}},
	} {
		clk := NewClock(start, true, start)
		state, changes := clk.Judge(lease0, true, c.now)
		require.Equal(t, c.want, state, c.name)
		require.Equal(t, c.changes, changes, c.name)
	}
	clk := NewClock(start, true, start)
	state, _ := clk.Judge(wire.Lease{}, false, start)
	require.Equal(t, Masked, state, "no lease was ever given")
}

// A screen that does not know what time it is shows people for four hours.
func TestUntrustedTimeShowsPeopleForFourHours(t *testing.T) {
	clk := NewClock(start, false, start)
	state, changes := clk.Judge(lease0, true, start)
	require.Equal(t, Fresh, state)
	require.Equal(t, start.Add(4*time.Hour), changes)
	state, _ = clk.Judge(lease0, true, start.Add(4*time.Hour))
	require.Equal(t, Masked, state)
	clk.Heard(start.Add(5*time.Hour), start.Add(4*time.Hour))
	state, _ = clk.Judge(lease0, true, start.Add(4*time.Hour))
	require.Equal(t, Fresh, state, "the hub said what time it is")
}

// Setting the machine's clock back gains nothing.
func TestClockSetBackGainsNothing(t *testing.T) {
	clk := NewClock(start.Add(-1000*time.Hour), true, start.Add(73*time.Hour))
	state, _ := clk.Judge(lease0, true, start.Add(-1000*time.Hour))
	require.Equal(t, Masked, state)
}
