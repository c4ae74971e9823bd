package text

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/fonts"
)

func engine(t testing.TB) *Engine {
	e, err := New()
	require.NoError(t, err)
	return e
}

// names as people in Nordic homes have them; those Tavle Sans cannot spell are
// what the fallback fonts are for.
var names = []string{
	"Łucja", "Thảo", "Олександр", "فاطمة", "கவிதா", "ሰላም", "Máŋŋá Ŧeremi", "Þórhildur", "Nguyễn Thị Ánh", "عبد الرحمن",
	"Bjørn Ågård", "Anne-Mette", "Zoë", "Jiří Dvořák", "Ağca Gökçe", "Ștefan", "Žydrūnė", "Őrsi", "Γεώργιος", "Ђорђе", "Ґалаґан",
	"O’Brien", "d'Artagnan", "Noël-Ásta", "Sámmol-Áhkká", "Љубица", "محمد علي", "شهرزاد", "پریسا", "گلناز", "தமிழ்செல்வன்", "ገብረ ሥላሴ",
}

// Seen as text.Notdef, the box that stands for a missing letter.
const notdef = 0

// no name has an empty box in it.
func TestEveryNameIsSpelled(t *testing.T) {
	e := engine(t)
	for _, name := range names {
		for _, weight := range fonts.Weights {
			sh := e.shape(name, Style{Size: 40, Weight: weight}, "da", byContent)
			require.NotEmpty(t, sh.glyphs, name)
			for _, g := range sh.glyphs {
				require.NotEqual(t, notdef, int(g.id), "%s in weight %d", name, weight)
			}
			require.NotZero(t, e.Line(name, Style{Size: 40, Weight: weight}, "da").Width)
		}
	}
}

// Composed or not, a name is the same name.
func TestDecomposedNamesLookTheSame(t *testing.T) {
	e := engine(t)
	st := Style{Size: 40, Weight: 700}
	for composed, decomposed := range map[string]string{"Ågård": "Ågård", "Nguyễn": "Nguyễn", "Zoë": "Zoë"} {
		a, b := e.Line(composed, st, "da"), e.Line(decomposed, st, "da")
		require.Equal(t, a.Width, b.Width)
		require.Equal(t, a.Glyphs, b.Glyphs)
	}
}

// A word with a letter from Noto Sans is all Noto Sans; its neighbours are not.
func TestAWordIsSetInOneFace(t *testing.T) {
	e := engine(t)
	faces := func(s string) map[string]bool { // of every letter: is it Tavle Sans?
		sh := e.shape(s, Style{Size: 40, Weight: 700}, "da", byContent)
		out := map[string]bool{}
		for i, f := range sh.faces {
			out[string(sh.runes[i])] = f == e.faces.main[nearestMain(700)]
		}
		return out
	}
	f := faces("Nguyễn og Bjø")
	for _, r := range []string{"N", "g", "u", "y", "ễ", "n"} {
		require.False(t, f[r] && r != "g", "%s of Nguyễn", r)
	}
	for _, r := range []string{"o", "B", "j", "ø", " "} {
		require.True(t, f[r], r)
	}
	require.True(t, faces("Ánh")["Á"])
	require.False(t, faces("Ŧeremi-Ánh")["e"], "a hyphen does not end a word")
	require.True(t, faces("(Ŧeremi)")["("], "punctuation stays")
}

// Letters of Noto Sans are scaled to stand as tall as their neighbours.
func TestCapitalsOfBothFacesAreEquallyTall(t *testing.T) {
	e := engine(t)
	st := Style{Size: 1000, Weight: 700}
	require.InDelta(t, 1000*CapHeight, -e.Line("H", st, "").Ink.Min.Y, 2)
	require.InDelta(t, 1000*CapHeight, -e.Line("Н", st, "").Ink.Min.Y, 2, "a Cyrillic one")
	require.InDelta(t, 1000*XHeight, -e.Line("x", st, "").Ink.Min.Y, 8)
	require.InDelta(t, 1000*XHeight, -e.Line("х", st, "").Ink.Min.Y, 20)
}

func TestFallbackFontsAreOpenedWhenNeeded(t *testing.T) {
	e := engine(t)
	opened := func() int {
		n := 0
		for _, f := range e.faces.fallback {
			for _, w := range f {
				if w != nil {
					n++
				}
			}
		}
		return n
	}
	e.Line("Vi bager boller kl. 10.24 – på Værkstedet, Łucja & Þórhildur", Style{Size: 40, Weight: 700}, "da")
	require.Zero(t, opened())
	e.Line("ሰላም", Style{Size: 40, Weight: 800}, "da")
	require.Equal(t, 1, opened())
	e.Line("ሰላም", Style{Size: 30, Weight: 700}, "da")
	require.Equal(t, 1, opened(), "800 and 700 are the same there")
}

func TestEveryFontCanBeOpened(t *testing.T) {
	e := engine(t)
	for i, f := range fonts.Fallbacks() {
		for w := range fonts.FallbackWeights {
			require.NotNil(t, e.faces.open(i, w), "%s %d", f.Name, fonts.FallbackWeights[w])
		}
	}
	require.Less(t, len(fonts.Weights)+len(fonts.Fallbacks())*len(fonts.FallbackWeights), maxFaces)
}

// The widths the design was drawn with (measured in a browser).
func TestWidthsAreThoseOfTheDesign(t *testing.T) {
	b, err := os.ReadFile("testdata/widths.json")
	require.NoError(t, err)
	var rows []struct {
		Text                  string
		Size, Tracking, Width float64
		Weight                int
		Tabular               bool
	}
	require.NoError(t, json.Unmarshal(b, &rows))
	require.Greater(t, len(rows), 20)
	e := engine(t)
	for _, r := range rows {
		st := Style{Size: float32(r.Size), Weight: r.Weight, Tracking: float32(r.Tracking / r.Size), Tabular: r.Tabular}
		got := float64(e.Measure(r.Text, st, "da"))
		if math.Abs(got-r.Width) > max(0.01*r.Width, 0.5) {
			t.Errorf("%q at %v/%d is %v wide, %v in the design", r.Text, r.Size, r.Weight, got, r.Width)
		}
	}
}
