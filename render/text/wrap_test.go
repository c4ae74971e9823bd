package text

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/segmenter"
	"github.com/stretchr/testify/require"

	"tavle/render"
)

var body = Style{Size: 38, Weight: 500}

func texts(lines []*render.Line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.Text
	}
	return out
}

func graphemes(s string) []string {
	var seg segmenter.Segmenter
	seg.Init([]rune(s))
	var out []string
	for it := seg.GraphemeIterator(); it.Next(); {
		out = append(out, string(it.Grapheme().Text))
	}
	return out
}

// oneGrapheme reports whether a line is a single letter, hyphens and ellipses
// aside: such a line may be wider than it should.
func oneGrapheme(s string) bool {
	return len(graphemes(strings.TrimRight(s, "-…"))) <= 1
}

func TestLinesBreakWhereTheyMay(t *testing.T) {
	e := engine(t)
	for _, c := range []struct {
		s     string
		width int
		want  []string
	}{
		{"Vi tænder juletræet på fredag", 300, []string{"Vi tænder", "juletræet på", "fredag"}},
		{"Første linje\nanden\r\ntredje", 900, []string{"Første linje", "anden", "tredje"}},
		{"Ejendomsmæglerkæden", 250, []string{"Ejendomsmæ-", "glerkæden"}},
		{"uden\n\n\nafstand", 900, []string{"uden", "afstand"}},
		{"Anne-Mette Sørensen", 150, []string{"Anne-", "Mette", "Søren-", "sen"}},
		{"kl.\u00A010.24 i\u00A0dag", 160, []string{"kl.\u00A010.24", "i\u00A0dag"}},
		{"eftermiddags\u00ADkaffe", 300, []string{"eftermiddags-", "kaffe"}},
		{"eftermiddags\u00ADkaffe", 600, []string{"eftermiddags\u00ADkaffe"}},
		{"(svømning)", 600, []string{"(svømning)"}},
		{"", 100, []string{""}},
		{"  mellem  rum  ", 900, []string{"mellem rum"}},
	} {
		lines, cut := e.Wrap(c.s, body, "da", c.width, 0)
		require.Equal(t, c.want, texts(lines), "%q", c.s)
		require.False(t, cut)
	}
	lines, _ := e.Wrap("12\u201113 og 14\u201115", body, "da", 110, 0)
	require.Equal(t, []string{"12\u201113", "og", "14\u201115"}, texts(lines), "a hyphen that does not break")
}

func TestTheLastLineEndsInAnEllipsis(t *testing.T) {
	e := engine(t)
	lines, cut := e.Wrap("Vi tænder juletræet på fredag", body, "da", 300, 2)
	require.True(t, cut)
	require.Equal(t, []string{"Vi tænder", "juletræet på fre…"}, texts(lines))

	lines, cut = e.Wrap("Kaffe, te og kage", body, "da", 135, 1)
	require.True(t, cut)
	require.Equal(t, []string{"Kaffe…"}, texts(lines), "no comma before it")

	lines, cut = e.Wrap("Første\nanden", body, "da", 900, 1)
	require.True(t, cut)
	require.Equal(t, []string{"Første…"}, texts(lines))

	lines, cut = e.Wrap("Kaffe", body, "da", 5, 1)
	require.True(t, cut)
	require.Equal(t, []string{"…"}, texts(lines))

	lines, cut = e.Wrap("Kaffe og te", body, "da", 900, 1)
	require.False(t, cut)
	require.Equal(t, []string{"Kaffe og te"}, texts(lines))
}

func TestAnEllipsisNeverSplitsALetter(t *testing.T) {
	e := engine(t)
	for _, s := range []string{"கவிதாகவிதாகவிதா", "e\u0323\u0302e\u0323\u0302e\u0323\u0302e\u0323\u0302", "شِشِشِشِشِشِشِ", "ሰላምሰላምሰላም", "x\u0336y\u0336z\u0336x\u0336y\u0336"} {
		whole := map[string]bool{}
		var prefix strings.Builder
		for _, g := range graphemes(string(tidy(s))) {
			prefix.WriteString(g)
			whole[prefix.String()] = true
		}
		for width := 20; width < 300; width += 7 {
			lines, cut := e.Wrap(s, body, "", width, 1)
			if head := strings.TrimSuffix(lines[0].Text, "…"); cut && head != "" {
				require.True(t, whole[head], "%q at %d: %q", s, width, head)
			}
		}
	}
}

// 1 no line is wider than it may be, but for a single letter; 2 nothing is lost
// or added but spaces, hyphens and one ellipsis; 3 there are no more lines than
// allowed; 4 a line was broken inside a word only if the word alone does not
// fit; 5 the first word of a line did not fit on the one before.
func TestWrappingRandomTexts(t *testing.T) {
	e := engine(t)
	words := []string{"Vi", "bager", "boller", "eftermiddags\u00ADkaffe", "køkkenet,", "(10.24)", "Speciallægepraksis", "عبد", "الرحمن", "Nguyễn", "–", "og", "Anne-Mette", "å"}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 6))
		in := make([]string, 1+r.IntN(12))
		for i := range in {
			in[i] = words[r.IntN(len(words))]
		}
		s := strings.Join(in, " ")
		width, most := 10+r.IntN(500), r.IntN(4)
		lines, cut := e.Wrap(s, body, "da", width, most)
		if most > 0 {
			require.LessOrEqual(t, len(lines), most, "seed %d", seed)
		}
		var out strings.Builder
		for _, l := range lines {
			require.True(t, l.Width <= width || oneGrapheme(l.Text), "seed %d: %q is %d wide, more than %d", seed, l.Text, l.Width, width)
			out.WriteString(strings.TrimSuffix(l.Text, "-"))
		}
		bare := strings.NewReplacer(" ", "", "\u00AD", "", "-", "", ",", "", "–", "", "…", "").Replace
		if cut {
			require.True(t, strings.HasSuffix(lines[len(lines)-1].Text, "…"), "seed %d", seed)
			require.True(t, strings.HasPrefix(bare(s), bare(out.String())), "seed %d: %q of %q", seed, out.String(), s)
		} else {
			require.Equal(t, bare(s), bare(out.String()), "seed %d", seed)
		}
		for i := 1; i < len(lines) && !cut; i++ {
			first, _, _ := strings.Cut(lines[i].Text, " ")
			if before := lines[i-1]; !lines[i].RTL && !before.RTL && slices.Contains(in, first) {
				require.Greater(t, e.Measure(before.Text+" "+first, body, "da"), width, "seed %d: %q after %q", seed, first, before.Text)
			}
		}
	}
}

func TestAWrappedParagraphKeepsItsDirection(t *testing.T) {
	e := engine(t)
	lines, _ := e.Wrap("مرحبا بكم في Tavle: اليوم نخبز", body, "ar", 240, 0)
	require.Greater(t, len(lines), 1)
	for _, l := range lines {
		require.True(t, l.RTL, "%q", l.Text)
	}
	lines, _ = e.Wrap("Tavle siger مرحبا بكم", body, "da", 200, 0)
	for _, l := range lines {
		require.False(t, l.RTL, "%q", l.Text)
	}
}
