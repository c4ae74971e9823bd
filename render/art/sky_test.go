package art

import (
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"
)

func near(t *testing.T, want, got color.RGBA, msg string) {
	t.Helper()
	for _, d := range []int{int(want.R) - int(got.R), int(want.G) - int(got.G), int(want.B) - int(got.B), int(want.A) - int(got.A)} {
		if max(d, -d) > 1 {
			t.Errorf("%s: %v, want %v", msg, got, want)
			return
		}
	}
}

// The colours of the design, where they stand alone.
func TestTheSkyOfTheHomePage(t *testing.T) {
	for name, ph := range phases {
		img := sky(ph, scenes[""], 1920, 392)
		near(t, ph.gradient[0], img.RGBAAt(0, 0), name+": top")
		near(t, ph.gradient[1], img.RGBAAt(1900, 215), name+": 0.55 of the way down")
		near(t, ph.hills[0], img.RGBAAt(1900, 300), name+": far hills")
		near(t, ph.hills[1], img.RGBAAt(1100, 370), name+": middle hills")
		near(t, ph.hills[2], img.RGBAAt(5, 380), name+": near hills")
		in := img.RGBAAt(1120-20, 138+20)
		near(t, ph.disc, in, name+": sun or moon")
		if ph.moon {
			out := img.RGBAAt(1120+30, 138-30)
			require.Less(t, out.R, uint8(0x60), "%s: the bite out of the moon is night", name)
			near(t, ph.disc, img.RGBAAt(970, 78), name+": a star")
		} else {
			near(t, ph.disc, img.RGBAAt(1120+40, 138-40), name+": sun")
		}
		for i := 3; i < len(img.Pix); i += 4 {
			if img.Pix[i] != 255 {
				t.Fatalf("%s is not opaque", name)
			}
		}
	}
}

// Every scene at any size, also far from the shape it was drawn for.
func TestSkiesOfAnySize(t *testing.T) {
	for name := range scenes {
		for _, size := range [][2]int{{1080, 604}, {800, 168}, {1280, 720}, {1, 1}, {2560, 30}} {
			img := sky(phases["dusk"], scenes[name], size[0], size[1])
			require.Equal(t, size[0], img.Rect.Dx())
			require.EqualValues(t, 255, img.RGBAAt(size[0]-1, size[1]-1).A)
		}
	}
	bare, full := sky(phases["day"], scenes["bare"], 192, 108), sky(phases["day"], scenes["full"], 192, 108)
	require.NotEqual(t, bare.RGBAAt(160, 24), full.RGBAAt(160, 24), "only one has a disc")
}
