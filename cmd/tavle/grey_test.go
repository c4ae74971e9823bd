package main

import (
	"fmt"
	"hash/crc32"
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/cmd/tavle/stage"
	"tavle/render"
)

// nothing is said by colour alone. What can be touched is taken from every
// scene: where the same control is there in two colours, it differs in a word, a
// shape, a border or a picture, too. A finger on it is felt by whoever presses it.
func TestNoControlDiffersByColourAlone(t *testing.T) {
	for _, size := range []image.Point{{1920, 1080}, {1080, 1920}, {800, 480}} {
		s := studioStage(t, "da")
		type seen struct{ scene, colours string }
		controls, compared := map[string]seen{}, 0
		for _, p := range stage.Scenes {
			m := s.Model(p, size)
			if m.Hand.Means != nil || m.Over != nil {
				continue // pressed, or dim below a dialog
			}
			f := s.Studio.Frame(m)
			theme := m.Colours().Name
			for _, target := range f.Targets {
				if target.Means == nil {
					continue
				}
				shape, colours := looks(f, target.Drawn)
				key := fmt.Sprintf("%s %#v %s", theme, target.Means, shape)
				was, ok := controls[key]
				if !ok {
					controls[key] = seen{p.Name, colours}
					continue
				}
				if compared++; was.colours != colours {
					t.Errorf("%v %s and %s: %q differs by its colours alone", size, was.scene, p.Name, target.Label)
				}
			}
		}
		if compared < 300 {
			t.Errorf("%v: only %d controls are in two scenes", size, compared)
		}
	}
}

// What the test above looks for is found: a control in another colour and nothing else.
func TestAnotherColourIsNoOtherShape(t *testing.T) {
	s := studioStage(t, "da")
	f := s.Studio.Frame(s.Model(stage.Scenes[0], image.Pt(800, 480)))
	drawn := f.Targets[0].Drawn
	shape, colours := looks(f, drawn)
	other := *f
	other.Ops = slices.Clone(f.Ops)
	for i := range other.Ops {
		other.Ops[i].Color.R ^= 0x55
	}
	sameShape, otherColours := looks(&other, drawn)
	require.NotEmpty(t, shape)
	require.Equal(t, shape, sameShape)
	require.NotEqual(t, colours, otherColours)
	other.Ops = slices.DeleteFunc(slices.Clone(f.Ops), func(op render.Op) bool { return op.Kind == render.TextOp })
	otherShape, _ := looks(&other, drawn)
	require.NotEqual(t, shape, otherShape)
}

// looks returns what is painted of a control, without its colours, and the colours.
func looks(f *render.Frame, drawn image.Rectangle) (shape, colours string) {
	var a, b strings.Builder
	for i := range f.Ops {
		op := &f.Ops[i]
		if !op.Rect.In(drawn.Inset(-2)) || op.Rect.Empty() {
			continue
		}
		fmt.Fprint(&a, op.Kind, op.Rect.Sub(drawn.Min), op.Radius, op.Border, op.Shadow != nil, op.Picture, op.Alpha, op.Color.A == 0)
		if op.Line != nil {
			a.WriteString(op.Line.Text)
		}
		if op.Mask != nil {
			fmt.Fprint(&a, crc32.ChecksumIEEE(op.Mask.Pix))
		}
		fmt.Fprint(&b, op.Color, op.Edge)
	}
	return a.String(), b.String()
}
