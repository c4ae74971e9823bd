package player

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
	"tavle/render/memory"
)

// A lamp is a panel whose light can be switched.
type lamp struct {
	*memory.Screen
	switched []bool // off
}

func (l *lamp) Blank(off bool) error {
	l.switched = append(l.switched, off)
	return nil
}

// Issue 4 item 7: the panel gives no light by night, a touch brings it back and
// does nothing else, and the wall leaves it on when it ends.
func TestLightGoesByTheHours(t *testing.T) {
	var panel *lamp
	alone(t, small, nil, func(t *testing.T, l *lone) {
		l.pass(3 * time.Minute)
		require.Equal(t, []bool{true}, panel.switched)
		require.Empty(t, l.screen.Frame().Texts(), "nothing is left on the glass")
		frames, _ := l.screen.Drawn()
		l.pass(30 * time.Minute)
		after, _ := l.screen.Drawn()
		require.Equal(t, frames, after, "nothing is drawn in the dark")

		l.screen.Tap(small.Div(2))
		l.pass(time.Second)
		require.Equal(t, []bool{true, false}, panel.switched)
		require.Contains(t, l.screen.Frame().Texts(), "Hjem")
		l.pass(2 * time.Minute)
		require.Equal(t, []bool{true, false, true}, panel.switched)
		t.Cleanup(func() { require.Equal(t, []bool{true, false, true, false}, panel.switched) })
	}, func(cfg *Config) {
		cfg.Look.Hours = ui.Hours{Evening: 1200, Night: 1320, Day: 360, Off: 0, On: 300} // it begins at one
		panel = &lamp{Screen: cfg.Presenter.(*memory.Screen)}
		cfg.Presenter = panel
	})
}
