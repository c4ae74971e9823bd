package player

import (
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render/glass"
	"tavle/sync/wire"
)

var small = image.Pt(800, 480)

// ground returns the colour behind everything.
func (l *lone) ground() color.RGBA { return l.screen.Frame().Ops[0].Color }

// Issue 2, item 6: another language and other colours take effect while the wall
// runs, and it stays where it is.
func TestLookChangesWhileItRuns(t *testing.T) {
	alone(t, small, portraits(t, 1), func(t *testing.T, l *lone) {
		l.tap(t, ui.Go{To: ui.People{}})
		require.Contains(t, l.screen.Frame().Texts(), "Beboere")
		require.Equal(t, look.Day.Bg, l.ground())
		l.Change(Look{Lang: "en", Theme: &look.Evening})
		l.pass(time.Second)
		require.Contains(t, l.screen.Frame().Texts(), "Residents")
		require.Contains(t, l.screen.Frame().Texts(), "Beboer 0000", "still the people")
		require.Equal(t, look.Evening.Bg, l.ground())
	})
}

// A wall on which nobody chose speaks the language of its house, and is dark in
// the evening: by the clock of the house, wherever the machine believes it is.
func TestUnlessChosenTheHouseDecides(t *testing.T) {
	alone(t, small, nil, func(t *testing.T, l *lone) {
		zone, err := time.LoadLocation("Europe/Copenhagen")
		require.NoError(t, err)
		for _, c := range []struct {
			at   string
			want *look.Theme
		}{
			{"05:59", &look.Night}, {"06:00", &look.Day}, {"19:59", &look.Day}, {"20:00", &look.Evening},
		} {
			at, err := time.ParseInLocation("2006-01-02 15:04", "2000-01-02 "+c.at, zone)
			require.NoError(t, err)
			l.pass(time.Until(at.Add(2 * time.Second))) // colours take a while
			require.Equal(t, c.want.Bg, l.ground(), c.at)
		}
		require.Contains(t, l.screen.Frame().Texts(), "Hjem")
	}, func(cfg *Config) { cfg.Look = Look{} })
}

// A panel of another size gets another layout, all of it.
func TestResizedPanelIsDrawnAnew(t *testing.T) {
	alone(t, image.Pt(1080, 1080), nil, func(t *testing.T, l *lone) {
		for _, size := range []image.Point{{800, 480}, {480, 800}, {1080, 1080}} {
			l.screen.Input().Put(glass.Resized{Panel: glass.Panel{Size: size}})
			l.pass(time.Second)
			require.Equal(t, size, l.screen.Frame().Size)
		}
	})
}

// A wall whose window is closed ends, and in order.
func TestClosedWindowEndsTheWall(t *testing.T) {
	alone(t, small, nil, func(t *testing.T, l *lone) {
		l.screen.Input().Put(glass.Closed{})
		l.pass(time.Second)
		select {
		case <-l.ended:
		default:
			t.Fatal("it goes on")
		}
	})
}

// A card bears so many writes. What changes all the time is written once
// an hour, and when the wall ends: the lease, which the hub renews every few
// minutes, and the time by which a start knows how late it is at least.
func TestClockAndLeaseAreWrittenOnceAnHour(t *testing.T) {
	alone(t, small, nil, func(t *testing.T, l *lone) {
		start := time.Now()
		seen, lease := map[time.Time]bool{}, map[wire.Lease]bool{}
		for range 12 * 5 { // five hours
			l.pass(5 * time.Minute)
			now := time.Now()
			require.NoError(t, l.store.SetLease(wire.Lease{IssuedMS: now.UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}, now))
			inForce, ok := l.store.Lease()
			require.True(t, ok)
			require.Equal(t, now.UnixMilli(), inForce.IssuedMS)
			onDisk, _ := l.cache.Lease()
			require.LessOrEqual(t, now.Sub(onDisk.Issued()), time.Hour)
			lease[onDisk], seen[l.cache.Clock().Seen] = true, true
			require.LessOrEqual(t, now.Sub(l.cache.Clock().Seen), time.Hour+5*time.Minute)
		}
		require.LessOrEqual(t, len(lease), 6)
		require.LessOrEqual(t, len(seen), 6)

		l.pass(7 * time.Minute)
		l.screen.Input().Put(glass.Closed{})
		<-l.ended
		onDisk, _ := l.cache.Lease()
		require.Equal(t, start.Add(5*time.Hour).UnixMilli(), onDisk.IssuedMS)
		require.WithinDuration(t, time.Now(), l.cache.Clock().Seen, time.Second)
	})
}

// What is logged while all of that happens names nobody.
func TestLogNamesNobody(t *testing.T) {
	alone(t, small, portraits(t, 3), func(t *testing.T, l *lone) {
		l.tap(t, ui.Go{To: ui.People{}})
		require.Contains(t, strings.Join(l.screen.Frame().Texts(), " "), "Beboer 0002")
		l.pass(80 * time.Hour) // and the lease ends
		require.NotContains(t, l.said.String(), "Beboer")
		require.Contains(t, l.said.String(), "msg=lease state=masked")
	})
}
