package look

import (
	"image"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// inch returns a panel of so many pixels and inches.
func inch(w, h int, diagonal float64) Panel {
	size := image.Pt(w, h)
	mm := diagonal * 25.4 / math.Hypot(float64(w), float64(h))
	return Panel{Size: size, MM: image.Pt(int(float64(w)*mm+.5), int(float64(h)*mm+.5))}
}

// on every panel that is large enough for it, capitals of the smallest
// letters stand under 0.7° for whoever touches it, in every mode; and the wall's
// own panel is laid out as it was drawn.
func TestLettersAreLegibleOnEveryPanel(t *testing.T) {
	for _, p := range []Panel{
		inch(3840, 2160, 55), inch(3840, 2160, 43), inch(1920, 1080, 43), inch(1920, 1080, 32), inch(1920, 1080, 27), inch(1920, 1080, 24),
		inch(1920, 1080, 22), inch(1920, 1080, 15.6), inch(1280, 800, 10.1), inch(1080, 1920, 43), inch(1080, 1920, 32), inch(1080, 1920, 24), inch(1080, 1920, 22),
	} {
		for _, mode := range TextModes {
			f := p.Fit(mode)
			require.False(t, f.Short && mode == TextNormal, "%v", p)
			size := f.Class.Types().Min.Size * f.Scale * p.Pitch()
			require.GreaterOrEqual(t, size, Legible(p.Eyes())-.01, "%v %v", p, mode)
			if !f.Short {
				require.GreaterOrEqual(t, float64(size), float64(Legible(p.Eyes()))*mode.Factor()-.01, "%v %v", p, mode)
			}
		}
	}
	require.Equal(t, Fit{Landscape, 1, false}, inch(1920, 1080, 43).Fit(TextNormal))
	require.Equal(t, Fit{Landscape, 2, false}, inch(3840, 2160, 43).Fit(TextNormal))
	require.Equal(t, Fit{Portrait, 1, false}, inch(1080, 1920, 43).Fit(TextNormal))
	require.Equal(t, Fit{Small, 1, false}, Panel{Size: image.Pt(800, 480)}.Fit(TextNormal), "nothing is known of it")
}

// each mode has larger letters than the one before, by its factor where
// the panel has the room.
func TestModesEnlarge(t *testing.T) {
	for _, p := range []Panel{inch(1920, 1080, 43), inch(1920, 1080, 32), inch(1920, 1080, 27), inch(1080, 1920, 43), {Size: image.Pt(1920, 1080)}} {
		normal := p.Fit(TextNormal)
		for _, mode := range TextModes {
			f := p.Fit(mode)
			grown := f.Class.Types().Min.Size * f.Scale / (normal.Class.Types().Min.Size * normal.Scale)
			if f.Short { // a tall panel has too little width for the largest
				require.Greater(t, grown, float32(1.4), "%v %v", p, mode)
				continue
			}
			require.InDelta(t, mode.Factor(), grown, .01, "%v %v", p, mode)
		}
	}
}

// A panel cannot have less than 1.5 or more than 12 pixels
// to a millimetre. What it says is not believed then.
func TestImplausibleSizeIsNotBelieved(t *testing.T) {
	for _, p := range []Panel{
		inch(1920, 1080, 5), // 17
		{Size: image.Pt(1920, 1080), MM: image.Pt(1600, 900)},
		{Size: image.Pt(1920, 1080), MM: image.Pt(160, 0)},
	} {
		require.False(t, p.Plausible(), "%v", p)
		require.Zero(t, p.Pitch())
		require.Equal(t, Panel{Size: p.Size}.Fit(TextNormal), p.Fit(TextNormal))
	}
	require.True(t, inch(1920, 1080, 43).Plausible())
	require.True(t, inch(1280, 720, 7).Plausible())
}
