package player

import (
	"image"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
	"tavle/render/glass"
	"tavle/sync/record"
)

// A burst of figures and Enter is a number; what a hand types is not, and Enter by
// itself is Enter.
func TestReaderIsToldFromHands(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name   string
		typed  string
		gap    time.Duration
		enter  time.Duration
		number string
		taken  bool
	}{
		{"a reader", "0004512345", 5 * ms, 5 * ms, "0004512345", true},
		{"letters too", "04a2b3c4", 20 * ms, 20 * ms, "04a2b3c4", true},
		{"a slow machine", "0004512345", 100 * ms, 100 * ms, "0004512345", true},
		{"a hand", "0004512345", 150 * ms, 150 * ms, "", true},
		{"a reader cut short", "0004512345", 5 * ms, 400 * ms, "", true},
		{"too short", "123", 5 * ms, 5 * ms, "", true},
		{"too long", strings.Repeat("1", 41), 5 * ms, 5 * ms, "", true},
		{"Enter by itself", "", 0, 0, "", false},
		{"Enter long after", "12345", 5 * ms, 2 * time.Second, "", false},
	} {
		w, now := new(wedge), time.Unix(1e9, 0)
		for _, f := range c.typed {
			now = now.Add(c.gap)
			number, taken := w.key(string(f), now)
			require.Empty(t, number)
			require.True(t, taken)
		}
		number, taken := w.key(glass.KeyEnter, now.Add(c.enter))
		require.Equal(t, c.number, number, c.name)
		require.Equal(t, c.taken, taken, c.name)
		require.Empty(t, w.typed)
	}
}

// a tag shows who stands there; one that nobody here has is told so calmly,
// and no number is in the log.
func TestTagShowsWhoStandsThere(t *testing.T) {
	const number = "0004512345"
	alone(t, image.Pt(1920, 1080), portraits(t, 2), func(t *testing.T, l *lone) {
		l.read("9999999999")
		require.Contains(t, strings.Join(l.screen.Frame().Texts(), " "), "Tavlen kender ikke brikken")
		require.Empty(t, l.model.Self)
		l.pass(20 * time.Second)
		require.NotContains(t, strings.Join(l.screen.Frame().Texts(), " "), "brikken")

		l.edit(t, func(p *record.Person) { p.Tag = loneTags.Tag(number) })
		l.read(number)
		require.NotEmpty(t, l.model.Self)
		require.IsType(t, ui.Own{}, l.model.Stack[len(l.model.Stack)-1])
		require.NotContains(t, l.said.String(), number)
		require.NotContains(t, l.said.String(), "9999999999")
	})
}

// read has a reader type a number.
func (l *lone) read(number string) {
	for _, f := range number {
		l.screen.Input().Put(glass.Key{Name: string(f)})
		l.pass(5 * time.Millisecond)
	}
	l.screen.Input().Put(glass.Key{Name: glass.KeyEnter})
	l.pass(time.Second)
}
