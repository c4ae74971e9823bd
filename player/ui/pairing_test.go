package ui

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"rsc.io/qr"

	"tavle/assets/lang"
	"tavle/player/ui/look"
	"tavle/render"
)

var panels = []image.Point{{X: 1920, Y: 1080}, {X: 1080, Y: 1920}, {X: 800, Y: 480}, {X: 1280, Y: 800}, {X: 3840, Y: 2160}, {X: 480, Y: 800}}

func pairingModel(size image.Point, tag string, theme *look.Theme, p *Pairing) Model {
	m := New(Panel{Size: size}, tag, mockNow)
	m.Theme, m.Pairing = theme, p
	return m
}

// What a telephone sees is the link, module by module, dark on white,
// with four white modules around it and whole pixels to each, on every panel and
// in every light.
func TestQRSaysTheLink(t *testing.T) {
	for _, size := range panels {
		for _, theme := range []*look.Theme{&look.Day, &look.Evening} {
			for _, host := range []string{"10.0.0.7:8443", "hub.example.dk:8443", "tavle-hub." + strings.Repeat("a-long-name-for-a-municipality.", 3) + "example:18443"} {
				if size.X > 1920 && host[0] != '1' || theme != &look.Day && size != panels[0] {
					continue // the rest says nothing new
				}
				p := mockPairing("7KX94P", NoObstacle)
				p.Link = "https://" + host + "/pair#AAAAAAAAAAAAAAAAAAAAAA.9C41E07B"
				f := View(pairingModel(size, "da", theme, p), testKit)
				requireQR(t, paint(t, f), f, p.Link)
			}
		}
	}
}

// requireQR reads the code of a picture and compares it with what link encodes to.
func requireQR(t *testing.T, img *image.RGBA, f *render.Frame, link string) {
	t.Helper()
	want, err := qr.Encode(link, qr.M)
	require.NoError(t, err)
	var box image.Rectangle
	for _, op := range f.Ops {
		if op.Kind == render.BoxOp && op.Color == qrInk && op.Radius == 0 {
			box = box.Union(op.Rect)
		}
	}
	require.Equal(t, box.Dx(), box.Dy())
	require.Zero(t, box.Dx()%want.Size, "whole pixels to a module")
	m := box.Dx() / want.Size
	require.GreaterOrEqual(t, m, 3, "%v: large enough for a camera", f.Size)
	for y := -qrQuiet; y < want.Size+qrQuiet; y++ {
		for x := -qrQuiet; x < want.Size+qrQuiet; x++ {
			for _, d := range []image.Point{{0, 0}, {m - 1, 0}, {0, m - 1}, {m - 1, m - 1}, {m / 2, m / 2}} {
				at := box.Min.Add(image.Pt(x*m, y*m)).Add(d)
				c := qrPaper
				if want.Black(x, y) {
					c = qrInk
				}
				require.Equal(t, c, img.RGBAAt(at.X, at.Y), "%v: module %d, %d", f.Size, x, y)
			}
		}
	}
	require.Greater(t, contrast(qrPaper, qrInk), 10.0)
}

func contrast(a, b color.RGBA) float64 {
	lum := func(c color.RGBA) float64 {
		part := func(v uint8) float64 {
			f := float64(v) / 255
			if f <= .04045 {
				return f / 12.92
			}
			return math.Pow((f+.055)/1.055, 2.4)
		}
		return .2126*part(c.R) + .7152*part(c.G) + .0722*part(c.B)
	}
	x, y := lum(a), lum(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// Whatever the language, the panel and the obstacle: every word is whole, on the
// glass, and over no other.
func TestPairingIsLegible(t *testing.T) {
	for _, size := range panels {
		for _, tag := range lang.Tags {
			for o := range obstacles {
				code := ""
				if o == NoObstacle {
					code = "7KX94P"
				}
				f := View(pairingModel(size, tag, &look.Day, mockPairing(code, o)), testKit)
				all := image.Rectangle{Max: size}
				var inks []image.Rectangle
				for _, op := range f.Ops {
					if op.Kind != render.TextOp {
						continue
					}
					require.True(t, op.Rect.In(all), "%v %s %d: %q stands at %v", size, tag, o, op.Line.Text, op.Rect)
					require.NotContains(t, op.Line.Text, "…", "%v %s %d", size, tag, o)
					ink := op.Rect
					if op.Line.RTL {
						ink.Max.Y -= ink.Dy() / 4 // tails may pass between the letters below
					}
					for _, other := range inks {
						require.True(t, ink.Intersect(other).Empty(), "%v %s %d: %q over %v", size, tag, o, op.Line.Text, other)
					}
					inks = append(inks, ink)
				}
				require.NotEmpty(t, inks)
				for _, target := range f.Targets {
					require.True(t, target.Rect.In(all))
				}
			}
		}
	}
}

// The code can be read by who cannot see it, and by a program.
func TestCodeHasALabel(t *testing.T) {
	f := View(pairingModel(panels[0], "en", &look.Day, mockPairing("7KX94P", NoObstacle)), testKit)
	var labels []string
	for _, target := range f.Targets {
		labels = append(labels, target.Label)
	}
	require.Contains(t, labels, "The code is 7 K X 9 4 P")
}

// The bar empties in steps of five seconds and is drawn for nothing else; the
// words count the minutes down.
func TestCodeRunsDown(t *testing.T) {
	m := pairingModel(panels[0], "da", &look.Day, mockPairing("7KX94P", NoObstacle))
	m.Now = m.Pairing.From
	last, frames := float32(2), 0
	for m.Now.Before(m.Pairing.Until) {
		c := newCanvas(m, testKit)
		share, words := c.codeLeft(m.Pairing)
		require.Less(t, share, last)
		last = share
		frames++
		if m.Now.Equal(m.Pairing.From) {
			require.InDelta(t, 1, share, 0)
			require.Equal(t, "Ny kode om 10 min.", words)
		}
		if m.Pairing.Until.Sub(m.Now) < time.Minute {
			require.Equal(t, "Ny kode om lidt", words)
		}
		next := View(m, testKit).NextAt
		require.True(t, next.After(m.Now))
		m, _ = Update(m, Tick{Now: next})
	}
	require.LessOrEqual(t, frames, 130)
}

// The button speaks the next language, and in the end the first again.
func TestLanguageIsChosenOnTheGlass(t *testing.T) {
	m := pairingModel(panels[0], "da", &look.Day, mockPairing("7KX94P", NoObstacle))
	for i := range lang.Tags {
		f := View(m, testKit)
		means := Speak{nextLang(m.Lang)}
		require.NotNil(t, f.Find(means))
		m, _ = Update(m, TouchDown{Means: means, Ready: true})
		m.Now = m.Now.Add(time.Second)
		m, _ = Update(m, TouchUp{Means: means})
		require.Equal(t, lang.Tags[(i+1)%len(lang.Tags)], m.Lang)
		require.Equal(t, m.Lang, m.Spoken)
	}
	m, _ = Update(m, TouchDown{Means: Speak{"xx"}, Ready: true})
	m, _ = Update(m, TouchUp{Means: Speak{"xx"}})
	require.Equal(t, "da", m.Lang)
}

// Goal 3: a house that is known gives way to a code, not to a hub that does not
// answer; when the screen is paired, or the code is over, it is back.
func TestHouseGivesWayToACodeOnly(t *testing.T) {
	m := mockModel(panels[0], Activity{swimming})
	m, _ = Update(m, PairingChanged{mockPairing("", HubAway)})
	require.Contains(t, View(m, testKit).Texts(), "Svømning")
	require.Len(t, m.Stack, 2, "and stays where it is")
	m.Self, m.Draft = "r01", Draft{Who: "r01", Place: Home{}, Until: m.Now.Add(time.Minute)}
	m, _ = Update(m, PairingChanged{mockPairing("7KX94P", NoObstacle)})
	require.NotContains(t, View(m, testKit).Texts(), "Svømning")
	require.Equal(t, []Place{Home{}}, m.Stack)
	require.Empty(t, m.Self, "and nobody is taken for whoever stood there")
	require.Zero(t, m.Draft)
	m, _ = Update(m, PairingChanged{})
	require.NotNil(t, View(m, testKit).Find(Go{Home{}}))
}
