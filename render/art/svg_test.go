package art

import (
	"image/color"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/icon"
	"tavle/assets/pictogram"
)

// Every file parses, has no colour of its own where it may not, and is far from
// the parser's bounds.
func TestEveryDrawingInTheBinaryIsUnderstood(t *testing.T) {
	check := func(what, name string, b []byte, ok bool, mono bool) {
		require.True(t, ok, "%s %s", what, name)
		d, err := parseSVG(b)
		require.NoError(t, err, "%s %s", what, name)
		require.NotEmpty(t, d.shapes, "%s %s", what, name)
		require.Less(t, len(b), maxSVG/4, "%s %s", what, name)
		steps := 0
		for _, s := range d.shapes {
			steps += len(s.path)
			require.True(t, s.fill.kind != noPaint || s.stroke.kind != noPaint, "%s %s has a shape nobody sees", what, name)
			if mono {
				require.NotEqual(t, fixedColor, s.fill.kind, "%s %s has a colour of its own", what, name)
				require.NotEqual(t, fixedColor, s.stroke.kind, "%s %s has a colour of its own", what, name)
			}
		}
		require.Less(t, steps, maxSegments/4, "%s %s", what, name)
	}
	for _, name := range icon.Names() {
		b, ok := icon.SVG(name)
		check("icon", name, b, ok, true)
	}
	for _, name := range pictogram.Names() {
		b, ok := pictogram.Colour(name)
		check("pictogram", name, b, ok, false)
		b, ok = pictogram.Mono(name)
		check("mono pictogram", name, b, ok, true)
	}
}

// What the lists promise is in the binary, and nothing else is.
func TestTheListsNameWhatIsThere(t *testing.T) {
	listed := func(path string) map[string]bool {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		names := map[string]bool{}
		for line := range strings.Lines(string(b)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
				names[line] = true
			}
		}
		return names
	}
	set := func(names []string) map[string]bool {
		m := map[string]bool{}
		for _, n := range names {
			m[n] = true
		}
		return m
	}
	require.Equal(t, listed("../../assets/icon/list.txt"), set(icon.Names()))
	require.Equal(t, listed("../../assets/pictogram/list.txt"), set(pictogram.Names()))
}

func TestWhatIsInherited(t *testing.T) {
	d, err := parseSVG([]byte(`<svg viewBox="0 0 10 20">
		<g fill="#f00" fill-rule="evenodd" transform="translate(1 2)">
			<path d="M0 0h1v1z" opacity=".5"/>
			<g fill="none" stroke="currentColor" stroke-width="3" transform="scale(2)"><circle r="1"/></g>
		</g>
		<rect width="2" height="2"/>
	</svg>`))
	require.NoError(t, err)
	require.Equal(t, point{10, 20}, d.size)
	require.Len(t, d.shapes, 3)

	red := paint{fixedColor, color.RGBA{255, 0, 0, 255}}
	require.Equal(t, red, d.shapes[0].fill)
	require.True(t, d.shapes[0].evenOdd)
	require.InDelta(t, 0.5, d.shapes[0].opacity, 0)
	require.Equal(t, affine{1, 0, 0, 1, 1, 2}, d.shapes[0].toView)

	require.Equal(t, paint{}, d.shapes[1].fill)
	require.Equal(t, paint{kind: currentColor}, d.shapes[1].stroke)
	require.InDelta(t, 3, d.shapes[1].width, 0)
	require.InDelta(t, 1, d.shapes[1].opacity, 0, "opacity is not handed down")
	require.Equal(t, affine{2, 0, 0, 2, 1, 2}, d.shapes[1].toView)

	require.Equal(t, paint{fixedColor, color.RGBA{0, 0, 0, 255}}, d.shapes[2].fill, "black unless said otherwise")
	require.Equal(t, identity, d.shapes[2].toView)
}

// What is not understood is an error that says what and where.
func TestWhatIsNotUnderstoodIsRefused(t *testing.T) {
	for _, c := range []struct{ svg, err string }{
		{``, "there is no svg element"},
		{`<g/>`, "svg must be the outermost element"},
		{`<svg viewBox="0 0 9 9"><svg viewBox="0 0 9 9"/></svg>`, "svg must be the outermost element"},
		{`<svg viewBox="0 0 9 9"/><svg viewBox="0 0 9 9"/>`, "svg must be the outermost element"},
		{`<svg/>`, `viewBox: "" is not "0 0 width height"`},
		{`<svg viewBox="1 0 9 9"/>`, "viewBox"},
		{`<svg viewBox="0 0 0 9"/>`, "has no size"},
		{`<svg viewBox="0 0 NaN 9"/>`, "has no size"},
		{"<svg viewBox=\"0 0 9 9\">\n  <text/></svg>", "svg line 2 column 10: <text>: this element is not drawn"},
		{`<svg viewBox="0 0 9 9">Tavle</svg>`, "text is not drawn"},
		{`<svg viewBox="0 0 9 9"><path d="M0 0" class="a"/></svg>`, "<path>: class: this attribute is not understood here"},
		{`<svg viewBox="0 0 9 9"><path d="M0 0" style="fill:red"/></svg>`, "style"},
		{`<svg viewBox="0 0 9 9"><g opacity=".5"/></svg>`, "<g>: opacity"},
		{`<svg viewBox="0 0 9 9"><g d="M0 0"/></svg>`, "<g>: d"},
		{`<svg viewBox="0 0 9 9"><path/></svg>`, "a path needs one"},
		{`<svg viewBox="0 0 9 9"><path d="L1 1"/></svg>`, "path data at 0: it begins with 'L'"},
		{`<svg viewBox="0 0 9 9"><path d="M0 0L1"/></svg>`, "path data at 6"},
		{`<svg viewBox="0 0 9 9"><path d="M0 0X1 1"/></svg>`, `no command 'X'`},
		{`<svg viewBox="0 0 9 9"><path d="M0 0a1 1 0 2 0 1 1"/></svg>`, "a flag must be 0 or 1"},
		{`<svg viewBox="0 0 9 9"><path d="M0 99999"/></svg>`, "beyond"},
		{`<svg viewBox="0 0 9 9"><path d="M0 500"/></svg>`, "far outside the view box"},
		{`<svg viewBox="0 0 9 9"><g transform="scale(9999)"><g transform="scale(9999)"><path d="M1 1"/></g></g></svg>`, "far outside"},
		{`<svg viewBox="0 0 9 9"><path d="M0 0" stroke-width="9000"/></svg>`, "wider than the drawing"},
		{`<svg viewBox="0 0 9 9"><path d="M0 0" fill="red"/></svg>`, `fill: "red" is not a colour`},
		{`<svg viewBox="0 0 9 9"><path d="M0 0" fill="url(#a)"/></svg>`, "fill"},
		{`<svg viewBox="0 0 9 9"><path d="M0 0" stroke-linecap="butt"/></svg>`, `stroke-linecap: "butt" is not round`},
		{`<svg viewBox="0 0 9 9"><path d="M0 0" fill-rule="odd"/></svg>`, "fill-rule"},
		{`<svg viewBox="0 0 9 9"><path d="M0 0" opacity="2"/></svg>`, "opacity"},
		{`<svg viewBox="0 0 9 9"><circle r="a"/></svg>`, `r: "a" is not a number`},
		{`<svg viewBox="0 0 9 9"><g transform="skewX(3)"/></svg>`, "transform"},
		{`<svg viewBox="0 0 9 9"><g transform="rotate(3) scale(2)"/></svg>`, "transform"},
		{`<svg viewBox="0 0 9 9"><!DOCTYPE x></svg>`, "not expected"},
		{`<svg viewBox="0 0 9 9">`, "unexpected EOF"},
		{`<svg viewBox="0 0 9 9">` + strings.Repeat(`<g>`, 20) + strings.Repeat(`</g>`, 20) + `</svg>`, "deep"},
		{`<svg viewBox="0 0 9 9"><path d="M0 0` + strings.Repeat("h1", maxSegments+1) + `"/></svg>`, "steps"},
		{`<svg viewBox="0 0 9 9">` + strings.Repeat(" ", maxSVG) + `</svg>`, "bytes are more than"},
	} {
		_, err := parseSVG([]byte(c.svg))
		require.ErrorContains(t, err, c.err, "%.80s", c.svg)
	}
}

func FuzzDrawing(f *testing.F) {
	for _, name := range []string{"home", "wash-machine", "moon-filled"} {
		b, _ := icon.SVG(name)
		f.Add(b)
	}
	for _, name := range []string{"red-heart", "swan"} {
		b, _ := pictogram.Colour(name)
		f.Add(b)
	}
	f.Add([]byte(`<svg viewBox="0 0 9 9"><g transform="matrix(1 2 3 4 5 6)"><rect rx="3" width="4" height="9" stroke="#123" stroke-width="2"/></g></svg>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := parseSVG(b)
		if err != nil {
			return
		}
		d.image(12, 9, neutralColor)
		d.mask(10, 2.4)
	})
}
