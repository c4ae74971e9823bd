package x11

import (
	"image"
	"strconv"
	"testing"

	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xproto"
	"github.com/stretchr/testify/require"

	"tavle/render/glass"
	"tavle/render/x11/xvfb"
)

func dec(n int) string { return strconv.Itoa(n) }

func TestMonitorOfAServerIsItsScreen(t *testing.T) {
	d := look(t, xvfb.Start(t, image.Pt(800, 480), 24))
	require.Equal(t, image.Rect(0, 0, 800, 480), d.Monitor().Area)
	require.Zero(t, d.Monitor().MM, "Xvfb says 0 mm")
}

// A television that is switched to another mode changes the screen under us.
func TestWholeWindowFollowsItsMonitor(t *testing.T) {
	display := xvfb.Start(t, image.Pt(800, 480), 24)
	w := start(t, Options{Display: display})
	e := look(t, display)
	res, err := randr.GetScreenResourcesCurrent(e.conn, e.screen.Root).Reply()
	require.NoError(t, err)
	_, err = randr.SetCrtcConfig(e.conn, res.Crtcs[0], xproto.TimeCurrentTime, res.ConfigTimestamp, 0, 0, 0, randr.RotationRotate0, nil).Reply()
	require.NoError(t, err)
	require.NoError(t, randr.SetScreenSizeChecked(e.conn, e.screen.Root, 640, 400, 170, 106).Check())
	require.Equal(t, image.Pt(640, 400), next(t, w).(glass.Resized).Panel.Size)
}

func TestLightThatCannotBeSwitchedIsSaid(t *testing.T) {
	w := start(t, Options{Display: xvfb.Start(t, image.Pt(800, 480), 24)})
	require.ErrorIs(t, w.Blank(true), glass.ErrNoLight)
}
