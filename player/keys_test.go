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
