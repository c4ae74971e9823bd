package player

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
	"tavle/render"
)

func frameWith(targets ...render.Target) *render.Frame { return &render.Frame{Targets: targets} }

func target(m render.Meaning, r image.Rectangle) render.Target {
	return render.Target{Rect: r, Means: m}
}

func TestWhatMovedUnderTheFingerIsNotReady(t *testing.T) {
	var s settler
	a, b := ui.Join{}, ui.Back{}
	start := time.Date(2026, 12, 3, 10, 0, 0, 0, time.UTC)
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
