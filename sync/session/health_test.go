package session

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/wire"
)

// A screen says how it is with every connection, and then every five minutes, or
// after one where it has changed much. Looking at it says nothing by itself.
func TestHealthIsToldNowAndThen(t *testing.T) {
	d := newTestDevice(Stored{})
	fine := wire.Stat{TempC: 48, DiskFreeMB: 9000, UptimeS: 60}
	require.Empty(t, d.Reported(t0, fine), "to whom")
	require.Equal(t, fine, sent[wire.Stat](t, greetDevice(d, welcome(0, 0))))

	at := func(after time.Duration, change func(*wire.Stat)) []Action {
		s := fine
		s.UptimeS += int64(after / time.Second)
		if change != nil {
			change(&s)
		}
		return d.Reported(t0.Add(after), s)
	}
	hot := func(s *wire.Stat) { s.TempC = 79 }
	require.Empty(t, at(30*time.Second, hot), "not so soon")
	require.Empty(t, at(time.Minute, nil), "nothing has changed")
	require.InDelta(t, 79, sent[wire.Stat](t, at(2*time.Minute, hot)).TempC, 0)
	require.Empty(t, at(3*time.Minute, hot))
	require.Empty(t, at(6*time.Minute, func(s *wire.Stat) { s.TempC = 77 }))
	require.InDelta(t, 77, sent[wire.Stat](t, at(7*time.Minute, func(s *wire.Stat) { s.TempC = 77 })).TempC, 0, "five minutes later")
	require.Equal(t, 2, sent[wire.Stat](t, at(8*time.Minute, func(s *wire.Stat) { s.TempC, s.Outbox = 77, 2 })).Outbox)

	d.Lost(t0.Add(9*time.Minute), 0)
	require.Empty(t, at(10*time.Minute, nil))
	require.Equal(t, int64(60+600), sent[wire.Stat](t, greetDevice(d, welcome(0, 0))).UptimeS, "as it is, with the next connection")
}
