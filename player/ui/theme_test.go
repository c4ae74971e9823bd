package ui

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/assets/pictogram"
	"tavle/player/ui/look"
	"tavle/render"
)

// light returns WCAG's relative luminance.
func light(c color.RGBA) float64 {
	f := func(v uint8) float64 {
		if x := float64(v) / 255; x > .04045 {
			return math.Pow((x+.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	return .2126*f(c.R) + .7152*f(c.G) + .0722*f(c.B)
}

func ratio(a, b color.RGBA) float64 {
	x, y := light(a), light(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// in every theme each ink is read at 7:1 wherever it is meant to
// stand, and what is drawn round something is seen at 3:1.
func TestInksAreReadWhereTheyStand(t *testing.T) {
	for name, th := range look.Themes {
		for _, p := range []struct {
			what     string
			ink, on  color.RGBA
			atLeast  float64
			contrast bool // where contrast is high
		}{
			{"ink", th.Ink, th.Bg, 7, true},
			{"ink", th.Ink, th.Surface, 7, true},
			{"ink", th.Ink, th.Bg2, 7, false},
			{"ink", th.Ink, th.HoneyTint, 7, true},
			{"ink2", th.Ink2, th.Bg, 7, true},
			{"ink2", th.Ink2, th.Surface, 7, true},
			{"ink3", th.Ink3, th.Bg, 4.5, true},
			{"ink3", th.Ink3, th.Surface, 4.5, true},
			{"ink3", th.Ink3, th.Bg2, 4.5, false},
			{"on primary", th.OnPrimary, th.Primary, 7, false},
			{"on honey", th.OnHoney, th.Honey, 7, false},
			{"soon", th.Soon, th.HoneyTint, 7, false},
			{"act", th.Act, th.ActTint, 7, false},
			{"meal", th.Meal, th.MealTint, 7, false},
			{"meal", th.Meal, th.HoneyTint, 7, false},
			{"staff", th.Staff, th.StaffTint, 7, false},
			{"news", th.News, th.NewsTint, 7, false},
			{"meet", th.Meet, th.MeetTint, 7, false},
			{"book", th.Book, th.BookTint, 7, false},
			{"people", th.People, th.PeopleTint, 7, false},
			{"ok", th.Ok, th.OkTint, 7, false},
			{"warn", th.Warn, th.WarnTint, 7, false},
			{"danger", th.Danger, th.DangerTint, 7, false},
			{"wait", th.Wait, th.WaitTint, 7, false},
			{"primary", th.Primary, th.PrimaryTint, 7, false},
			{"on act", th.OnPrimary, th.Act, 7, false},
			{"on staff", th.OnPrimary, th.Staff, 7, false},
			{"on meal", th.OnPrimary, th.Meal, 7, false},
			{"control", th.LineStrong, th.Bg, 3, true},
			{"control", th.LineStrong, th.Surface, 3, true},
			{"next", th.Next, th.Surface, 3, false},
			{"next", th.Next, th.Bg, 3, false},
		} {
			want := p.atLeast
			if th.Plain && p.contrast {
				want = 20.9
			}
			if got := ratio(p.ink, p.on); got < want-.005 {
				t.Errorf("%s: %s is seen at %.2f:1, want %.1f", name, p.what, got, want)
			}
		}
	}
	for name, th := range look.Themes {
		for day := range 7 {
			c := th.Weekday(day)
			require.GreaterOrEqual(t, ratio(c.On, c.Fill), 7.0, "%s: weekday %d", name, day)
		}
	}
	for i, f := range look.Faces {
		require.GreaterOrEqual(t, ratio(f.Ink, f.Tint), 7.0, "face %d", i)
	}
}

// on dark ground the pictograms whose colours would not be seen there, and
// no others, are drawn in the ink's.
func TestDimPictogramsAreThoseThatWouldNotBeSeen(t *testing.T) {
	for _, name := range pictogram.Names() {
		tint := (&canvas{Theme: &look.Evening}).tintOf(name) // at night they all are
		img := testKit.Art.Image(render.Picture{Source: "picto:" + name, Size: image.Pt(64, 64)})
		all, seen := 0, 0
		for i := 0; i < len(img.Pix); i += 4 {
			if px := img.Pix[i : i+4]; px[3] >= 200 {
				all++
				if ratio(color.RGBA{px[0], px[1], px[2], 255}, tint) >= 3 {
					seen++
				}
			}
		}
		share := float64(seen) / float64(all)
		assert.Equal(t, share < .25, look.Dim[name], "%s: %.0f %% of it is seen", name, 100*share)
	}
}

// where contrast is high there are no tints, shadows, skies or
// coloured pictograms on any page, borders are 5 dp and that of what is next 10.
func TestPlainIsPlain(t *testing.T) {
	for _, theme := range []*look.Theme{&look.ContrastDark, &look.ContrastLight} {
		known := map[color.RGBA]bool{}
		for _, c := range []color.RGBA{theme.Bg, theme.Bg2, theme.Ink, theme.Primary, theme.OnPrimary, theme.Honey, theme.OnHoney, theme.Ok, theme.Danger, theme.Wait} {
			known[c] = true
		}
		for name, m := range mockScreens(large) {
			m.Theme = theme
			f := View(m, testKit)
			next := 0
			for _, op := range f.Ops {
				if op.Shadow != nil {
					t.Errorf("%s %s: shadow at %v", theme.Name, name, op.Rect)
				}
				src := op.Picture.Source
				if strings.HasPrefix(src, "sky:") || strings.HasPrefix(src, "picto:") {
					t.Errorf("%s %s: %s", theme.Name, name, src)
				}
				if op.Color.A == 255 && !known[op.Color] && op.Color != qrPaper && op.Color != qrInk {
					t.Errorf("%s %s: %v at %v", theme.Name, name, op.Color, op.Rect)
				}
				if op.Kind == render.BoxOp && op.Border > 0 && op.Border < look.EdgePlain {
					t.Errorf("%s %s: border of %d at %v", theme.Name, name, op.Border, op.Rect)
				}
				if op.Border == look.EdgeNext && op.Edge == theme.Primary {
					next++
				}
			}
			if name == "01-home" {
				require.Equal(t, 1, next, theme.Name)
			}
		}
	}
}

// Whoever does not see where a card ends sees borders, in any colours,
// and nothing else is other.
func TestEdgesAreDrawnWhereSomebodyWantsThem(t *testing.T) {
	for _, theme := range []*look.Theme{&look.Day, &look.Evening} {
		m := mockModel(large, Home{})
		m.Theme = theme
		without := View(m, testKit)
		m.Edges = true
		with := View(m, testKit)
		require.Equal(t, without.Targets, with.Targets)
		require.Equal(t, without.Texts(), with.Texts())
		for _, means := range []render.Meaning{Go{Roster{}}, Open{swimming}} {
			r := with.Find(means).Drawn
			require.True(t, bordered(with, r, theme.LineStrong, look.EdgeClear), "%v", means)
			require.False(t, bordered(without, r, theme.LineStrong, look.EdgeClear), "%v", means)
		}
	}
}

func bordered(f *render.Frame, r image.Rectangle, edge color.RGBA, width int) bool {
	for _, op := range f.Ops {
		if op.Kind == render.BoxOp && op.Rect == r && op.Border == width && op.Edge == edge {
			return true
		}
	}
	return false
}

// Photos are darker in the evening, and more so at night.
func TestPhotosAreDimmed(t *testing.T) {
	for _, theme := range []*look.Theme{&look.Day, &look.Evening, &look.Night} {
		m := mockModel(large, Home{})
		m.Theme = theme
		f := View(m, testKit)
		for i, op := range f.Ops {
			if !strings.HasPrefix(op.Picture.Source, "photo:") {
				continue
			}
			veil := f.Ops[i+1]
			is := veil.Kind == render.BoxOp && veil.Color == look.Fade(color.RGBA{A: 255}, 1-theme.Photo)
			require.Equal(t, theme.Photo < 1, is, "%s: %v", theme.Name, op.Picture)
		}
	}
}

// At night nothing is brighter than the letters are, but what is pressed
// first and the photos, which are dimmed: no pictogram has colours of its own, and
// no day has those of the day.
func TestNothingGlaresAtNight(t *testing.T) {
	for name, m := range mockScreens(large) {
		m.Theme = &look.Night
		for _, op := range View(m, testKit).Ops {
			if src := op.Picture.Source; strings.HasPrefix(src, "sky:") || strings.HasPrefix(src, "picto:") {
				t.Errorf("%s: %s", name, src)
			}
			for day, c := range look.Weekdays {
				if op.Kind == render.BoxOp && op.Color == c.Fill && c.Fill != look.Weekdays[time.Wednesday].Fill {
					t.Errorf("%s: weekday %d at %v", name, day, op.Rect)
				}
			}
		}
	}
}

// Weekday colours are a house's choice: without them days are of the ground's
// colours, on every page, and their words stay.
func TestWeekdayColoursCanBeOff(t *testing.T) {
	for name, m := range mockScreens(large) {
		if m.Board == nil {
			continue
		}
		with := View(m, testKit)
		b := *m.Board
		b.Weekdays = false
		m.Board = &b
		without := View(m, testKit)
		require.Equal(t, with.Texts(), without.Texts(), name)
		for _, op := range without.Ops {
			for day, c := range look.Weekdays {
				if op.Kind == render.BoxOp && op.Color == c.Fill && c.Fill != look.Weekdays[3].Fill {
					t.Errorf("%s: weekday %d at %v", name, day, op.Rect)
				}
			}
		}
	}
}
