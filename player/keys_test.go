package player

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
	"tavle/render/glass"
)

// Escape on a keyboard and Back on a remote control lead back.
func TestBackKeyLeadsBack(t *testing.T) {
	alone(t, image.Pt(1920, 1080), nil, func(t *testing.T, l *lone) {
		home := l.screen.Frame().Texts()
		l.tap(t, ui.Go{To: ui.People{}})
		require.NotEqual(t, home, l.screen.Frame().Texts())
		l.screen.Input().Put(glass.Key{Name: glass.KeyEscape})
		l.pass(time.Second)
		require.Equal(t, home, l.screen.Frame().Texts())
	})
}

// arrows and Enter open what they lead to, on what is really shown.
func TestArrowsAndEnterOpen(t *testing.T) {
	alone(t, image.Pt(1920, 1080), nil, func(t *testing.T, l *lone) {
		home := l.screen.Frame().Texts()
		frames, _ := l.screen.Drawn()
		l.screen.Input().Put(glass.Key{Name: glass.KeyRight})
		l.pass(time.Second)
		after, _ := l.screen.Drawn()
		require.Equal(t, frames+1, after, "the focus")
		for range len(l.screen.Frame().Targets) {
			if l.model.Focus.On == (ui.Go{To: ui.People{}}) {
				break
			}
			l.screen.Input().Put(glass.Key{Name: glass.KeyTab})
			l.pass(time.Second)
		}
		l.screen.Input().Put(glass.Key{Name: glass.KeyEnter})
		l.pass(time.Second)
		require.NotEqual(t, home, l.screen.Frame().Texts())
		require.NotNil(t, l.screen.Frame().Find(l.model.Focus.On), "and the focus is on the page")
	})
}

// one switch moves on by itself and stops after three times, and the wall
// then sleeps until the minute as before.
func TestSwitchMovesOnByItself(t *testing.T) {
	alone(t, image.Pt(1920, 1080), nil, func(t *testing.T, l *lone) {
		l.pass(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute + time.Second)))
		l.screen.Input().Put(glass.Key{Name: glass.KeySpace})
		l.pass(time.Second)
		first := l.model.Focus
		require.True(t, first.Row)
		l.pass(2 * time.Second)
		rows := len(ui.Rows(l.screen.Frame()))
		require.Equal(t, rows == 1, first == l.model.Focus, "on to the next row")
		l.pass(time.Duration(3*2*rows) * time.Second)
		require.Zero(t, l.model.Focus)
	}, func(c *Config) {
		c.Look.Ease = ui.Ease{Repeat: 500 * time.Millisecond, Switches: ui.OneSwitch, Step: 2 * time.Second}
	})
}
