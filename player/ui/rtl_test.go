package ui

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/lang"
	"tavle/render"
)

// in a language that is read from right to left everything stands
// where the mirror has it: every box, face and target of the page, on every page
// and panel; photos are not turned round.
func TestTheWallIsMirroredForWhoReadsFromTheRight(t *testing.T) {
	for _, size := range []image.Point{{1920, 1080}, {1080, 1920}, {800, 480}} {
		for name, m := range mockScreens(size) {
			// The same words, once as a language read from the left.
			left, right := *testKit, *testKit
			words := lang.Must("da")
			as := *words
			as.Tag = "ar"
			left.words = map[string]*lang.Words{"da": words}
			right.words = map[string]*lang.Words{"da": &as}
			ltr, rtl := View(m, &left), View(m, &right)
			require.Len(t, rtl.Targets, len(ltr.Targets), "%v %s", size, name)
			for i, a := range ltr.Targets {
				b := rtl.Targets[i]
				if _, ok := a.Means.(Speak); !ok { // the button to the next language knows which this is
					require.Equal(t, a.Means, b.Means)
				}
				require.InDelta(t, size.X-a.Rect.Max.X, b.Rect.Min.X, 2, "%v %s %s", size, name, a.Label)
				require.Equal(t, a.Rect.Min.Y, b.Rect.Min.Y)
			}
			photos := func(f *render.Frame) (n int) {
				for _, op := range f.Ops {
					if op.Kind == render.PictureOp {
						n++
					}
				}
				return n
			}
			require.Equal(t, photos(ltr), photos(rtl))
		}
	}
}
