package text

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

var title = Style{Size: 44, Weight: 700}

// Frames are compared by address.
func TestTheSameArgumentsGiveTheSameLine(t *testing.T) {
	e := engine(t)
	l := e.Line("Svømning", title, "da")
	require.Same(t, l, e.Line("Svømning", title, "da"))
	require.NotSame(t, l, e.Line("Svømning", title, "nb"))
	require.NotSame(t, l, e.Line("Svømning", Style{Size: 43, Weight: 700}, "da"))
	w, cut := e.Wrap("Svømning", title, "da", 1000, 2)
	require.False(t, cut)
	require.Same(t, l, w[0], "a wrapped line is the line")
	again, _ := e.Wrap("Svømning", title, "da", 1000, 2)
	require.Same(t, &w[0], &again[0])
}

func TestFindingAKeptLineAllocatesNothing(t *testing.T) {
	e := engine(t)
	const long = "Vi mødes i køkkenet og bager boller"
	use := func() {
		e.Line("Svømning", title, "da")
		e.Measure("Svømning", title, "da")
		e.Wrap(long, title, "da", 300, 2)
	}
	use()
	require.Zero(t, testing.AllocsPerRun(50, use))
}

// A line made anew is the line it was.
func TestTheSameGlyphsTheFirstSecondAndThirdTime(t *testing.T) {
	e := engine(t)
	for _, name := range names {
		a := e.Line(name, title, "da")
		e.Forget()
		b := e.Line(name, title, "da")
		c := engine(t).Line(name, title, "da")
		require.Equal(t, a, b)
		require.Equal(t, a, c)
	}
}

func TestInkIsWhatTheGlyphsCover(t *testing.T) {
	e := engine(t)
	for _, name := range names {
		l := e.Line(name, title, "da")
		var ink image.Rectangle
		for _, g := range l.Glyphs {
			ink = ink.Union(image.Rectangle{Min: g.At, Max: g.At.Add(g.Mask.Size)})
			require.Len(t, g.Mask.Pix, g.Mask.Size.X*g.Mask.Size.Y)
		}
		require.Equal(t, ink, l.Ink, name)
		require.InDelta(t, l.Width, l.Ink.Max.X, 12, name)
	}
}

func TestTabularDigitsAreAllAsWide(t *testing.T) {
	e := engine(t)
	clock := Style{Size: 220, Weight: 700, Tracking: -0.035, Tabular: true}
	w := e.Measure("00.00", clock, "da")
	for _, s := range []string{"11.11", "23.47", "10.24"} {
		require.Equal(t, w, e.Measure(s, clock, "da"), s)
	}
	clock.Tabular = false
	require.NotEqual(t, e.Measure("11.11", clock, "da"), e.Measure("00.00", clock, "da"))
}

// The zero has no slash: "1Ø.24" is what Danish eyes would read.
func TestTheZeroIsOpen(t *testing.T) {
	e := engine(t)
	for _, tabular := range []bool{false, true} {
		l := e.Line("0", Style{Size: 200, Weight: 700, Tabular: tabular}, "da")
		require.Len(t, l.Glyphs, 1)
		m := l.Glyphs[0].Mask
		require.Zero(t, m.Pix[m.Size.Y/2*m.Size.X+m.Size.X/2], "its middle is empty")
	}
}

func TestTrackingIsAddedAfterEveryLetter(t *testing.T) {
	e := engine(t)
	plain, wide := Style{Size: 100, Weight: 700}, Style{Size: 100, Weight: 700, Tracking: 0.1}
	for s, letters := range map[string]int{
		"HHH": 3, "Torsdag": 7, "én": 2, "e\u0301n": 2, "for\u00ADklæde": 8,
		"عبد": 0, // its letters hang together
	} {
		require.Equal(t, e.Measure(s, plain, "da")+10*letters, e.Measure(s, wide, "da"), s)
	}
	require.Greater(t, e.Measure("final", wide, "da"), e.Measure("final", plain, "da"))
}

func TestWhatNoFontHasIsLeftOutUnlessItIsALetter(t *testing.T) {
	e := engine(t)
	plain := e.Line("Jul kl. 12", title, "da")
	for _, s := range []string{"🎄 Jul kl. 12", "Jul 🎄 kl. 12", "Jul kl. 12 🎄🎄", "Jul 👩‍🦽 kl. 12", " Jul  kl. 12 ", "Jul\tkl.\n12", "Jul \x07kl. 12", "Jul kl.\u202E 12"} {
		l := e.Line(s, title, "da")
		require.Equal(t, plain.Glyphs, l.Glyphs, "%q", s)
		require.Equal(t, plain.Width, l.Width, "%q", s)
	}
	require.NotEmpty(t, e.Line("漢字", title, "da").Glyphs, "boxes")
	require.Empty(t, e.Line("🎄", title, "da").Glyphs)
	require.Zero(t, e.Line("", title, "da").Width)
}

// Wherever a line begins, its letters stand on whole or quarter pixels.
func TestSmallTextMovesByQuartersAndLargeByHalves(t *testing.T) {
	e := engine(t)
	shapes := func(size float32) int {
		seen := map[string]bool{}
		for _, g := range e.Line("llllllllllllllll", Style{Size: size, Weight: 500}, "da").Glyphs {
			seen[string(g.Mask.Pix)] = true
		}
		return len(seen)
	}
	require.LessOrEqual(t, shapes(31), 4)
	require.Greater(t, shapes(31), 2)
	require.LessOrEqual(t, shapes(49), 2)
}

func TestStylesThatMakeNoSenseAreHarmless(t *testing.T) {
	e := engine(t)
	nan := float32(math.NaN())
	for _, st := range []Style{{}, {Size: -3}, {Size: nan}, {Size: 1e9, Weight: 700}, {Size: 20, Tracking: nan}, {Size: 20, Tracking: 1e9}, {Size: 20, Weight: -7}, {Size: 20, Weight: 1e6}, {Size: float32(math.Inf(1))}} {
		require.NotPanics(t, func() { e.Line("A", st, "da"); e.Wrap("A b", st, "da", -5, -1) }, "%+v", st)
	}
	require.Same(t, e.Line("A", Style{Size: -3}, "x"), e.Line("A", Style{Size: nan}, "x"))
}

// A wall screen runs for years; whatever it is asked, this is what it keeps.
func TestWhatIsKeptIsBounded(t *testing.T) {
	e := engine(t)
	r := rand.New(rand.NewPCG(5, 0))
	for range 3000 {
		s := make([]byte, 1+r.IntN(60))
		for i := range s {
			s[i] = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJ 0123456789"[r.IntN(48)]
		}
		st := Style{Size: float32(20 + r.IntN(200)), Weight: 400 + 100*r.IntN(5)}
		e.Line(string(s), st, "da")
		e.Wrap(string(s), st, "da", 300, 2)
		require.LessOrEqual(t, e.glyphs.Bytes(), glyphBytes, "seed 5")
		require.LessOrEqual(t, e.lines.Bytes(), lineBytes, "seed 5")
		require.LessOrEqual(t, e.shapes.Bytes(), shapeBytes, "seed 5")
		require.LessOrEqual(t, e.wraps.Bytes(), shapeBytes, "seed 5")
	}
}

// All names and words of a house in every size of three screen classes.
func TestAHouseFitsWithRoomToSpare(t *testing.T) {
	e := engine(t)
	words := append([]string{"Torsdag formiddag", "20. november", "Vi bager boller", "Svømning", "Valby Vandkultur", "På arbejde nu", "Aktiviteter", "Måltider", "Jeg vil med", "Fortryd"}, names...)
	for _, size := range []float32{20, 21, 25, 28, 29, 30, 32, 34, 38, 40, 44, 48, 54, 60, 72, 104} {
		for _, w := range words {
			e.Line(w, Style{Size: size, Weight: 700}, "da")
		}
	}
	require.Less(t, e.glyphs.Bytes(), glyphBytes/2)
	require.Less(t, e.lines.Bytes(), lineBytes)
}

// A screen that may show nobody any more keeps no name in memory.
func TestForgetLetsGoOfEveryWord(t *testing.T) {
	e := engine(t)
	e.Line("Łucja", title, "da")
	e.Wrap("Łucja bager", title, "da", 60, 3)
	e.Forget()
	require.Zero(t, e.lines.Len())
	require.Zero(t, e.shapes.Len())
	require.Zero(t, e.wraps.Len())
	require.Equal(t, e.glyphs.Bytes(), e.Size(), "letters alone are nobody's")
}

func FuzzSet(f *testing.F) {
	for _, n := range names {
		f.Add(n, 120, 2)
	}
	f.Add("for\u00ADklæde 👩‍🦽\u2011\u200F\u2066", 3, 0)
	f.Add("\xff\xfe", 100, 1)
	e := engine(f)
	f.Fuzz(func(t *testing.T, s string, width, lines int) {
		if len(s) > 2000 {
			return
		}
		e.Line(s, Style{Size: 20, Weight: 700, Tracking: 0.01}, "da")
		st := Style{Size: 20, Weight: 500}
		out, cut := e.Wrap(s, st, "ar", width, lines)
		if len(out) == 0 || lines > 0 && len(out) > lines {
			t.Fatalf("%d lines of at most %d", len(out), lines)
		}
		for _, l := range out {
			if l.Width > max(width, 0) && utf8.RuneCountInString(l.Text) > 1 && !oneGrapheme(l.Text) {
				t.Fatalf("line %q is %d wide, more than %d", l.Text, l.Width, width)
			}
		}
		if cut && lines <= 0 {
			t.Fatal("cut without a limit")
		}
	})
}

func BenchmarkLine(b *testing.B) {
	e := engine(b)
	b.Run("kept", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e.Line("Torsdag formiddag", title, "da")
		}
	})
	b.Run("new words", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			e.Forget()
			e.Line("Torsdag formiddag", title, "da")
		}
	})
}

func BenchmarkWrap(b *testing.B) {
	const news = "Vi mødes i køkkenet og bager boller til eftermiddagskaffen. Tag et forklæde med, og kom gerne i god tid – så kan alle være med fra starten."
	e := engine(b)
	b.ReportAllocs()
	for b.Loop() {
		e.Forget()
		e.Wrap(news, Style{Size: 42, Weight: 500}, "da", 600, 8)
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		engine(b)
	}
}
