package art

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/icon"
	"tavle/assets/pictogram"
)

func TestEveryDrawingInTheBinaryIsUnderstood(t *testing.T) {
	check := func(what, name string, b []byte, ok bool, mono bool) {
		require.True(t, ok, "%s %s", what, name)
		d, err := parseSVG(b)
		require.NoError(t, err, "%s %s", what, name)
		require.NotEmpty(t, d.shapes, "%s %s", what, name)
		for _, s := range d.shapes {
			require.True(t, s.fill.kind != noPaint || s.stroke.kind != noPaint, "%s %s has a shape nobody sees", what, name)
			if mono {
				require.NotEqual(t, fixedColor, s.fill.kind, "%s %s has a colour of its own", what, name)
				require.NotEqual(t, fixedColor, s.stroke.kind, "%s %s has a colour of its own", what, name)
			}
		}
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
