package main

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/cmd/tavle/stage"
	"tavle/player/still"
	"tavle/player/ui/look"
	"tavle/render"
)

// What A-10 asks of what is painted. Words that are over or cannot be used stand
// in Ink3, which the design lets be paler.
const (
	wordContrast  = 7.0
	pastContrast  = 4.5
	shapeContrast = 3.0
	michelsonMin  = 0.8
)

// on every page, in every theme, each word is read at 7:1 against the very
// pixels it is painted on, past and disabled ones at 4.5:1; icons, rings and
// borders are seen at 3:1; no word stands on a photo. By day that is asked of
// a tall panel, too.
func TestEverythingIsSeenAgainstWhatItIsPaintedOn(t *testing.T) {
	for _, theme := range slices.Sorted(maps.Keys(look.Themes)) {
		sizes := []image.Point{{800, 480}}
		if theme == look.Day.Name {
			sizes = append(sizes, image.Pt(1080, 1920))
		}
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s-%dx%d", theme, size.X, size.Y), func(t *testing.T) {
				s, err := shotFlags{at: "2026-12-03T10:24", lang: "da", theme: theme, text: 1}.stage()
				require.NoError(t, err)
				for _, p := range stage.Scenes {
					m := s.Model(p, size)
					f := s.Studio.Frame(m)
					w := watch{theme: m.Colours(), frame: f, studio: s.Studio}
					for _, fault := range w.faults() {
						t.Errorf("%s: %s", p.Name, fault)
					}
					require.LessOrEqual(t, w.differs(s.Studio.Paint(m)), 3, "%s is painted otherwise", p.Name)
				}
			})
		}
	}
}

// A watch paints a frame op by op and looks at what each one covers.
type watch struct {
	theme  *look.Theme
	frame  *render.Frame
	studio *still.Studio
	shapes render.Shapes
	img    *image.RGBA
}

func (w *watch) faults() (found []string) {
	w.img = image.NewRGBA(image.Rectangle{Max: w.frame.Size})
	for i := range w.img.Pix {
		if i%4 == 3 {
			w.img.Pix[i] = 255
		}
	}
	top := w.scrim()
	for i := range w.frame.Ops {
		op := &w.frame.Ops[i]
		if i >= top {
			if fault := w.fault(i); fault != "" {
				found = append(found, fault)
			}
		}
		w.shapes.Expand(op, w.img.Rect, w.studio, w.paint)
	}
	return found
}

// scrim returns the first op above everything that a dialog has covered.
func (w *watch) scrim() int {
	for i, op := range slices.Backward(w.frame.Ops) {
		if op.Kind == render.BoxOp && op.Rect.Size() == w.frame.Size {
			return i
		}
	}
	return 0
}

// fault says what is wrong with an op on what has been painted so far.
func (w *watch) fault(i int) string {
	op := &w.frame.Ops[i]
	switch op.Kind {
	case render.TextOp:
		want := wordContrast
		if op.Color.A < 255 || op.Color == w.theme.Ink3 && op.Color != w.theme.Ink2 {
			want = pastContrast
		}
		got, on := w.least(op, 1)
		switch {
		case math.IsInf(got, 1):
			return ""
		case got < want-.005:
			return fmt.Sprintf("%q: %.2f:1 of %v on %v, want %.1f", op.Line.Text, got, op.Color, on, want)
		case want == wordContrast && michelson(flat(op.Color, on), on) < michelsonMin:
			return fmt.Sprintf("%q: Michelson contrast %.2f", op.Line.Text, michelson(flat(op.Color, on), on))
		case w.onPhoto(i):
			return fmt.Sprintf("%q: on a photo", op.Line.Text)
		}
	case render.MaskOp:
		if got, on := w.least(op, .95); op.Color.A == 255 && got < shapeContrast-.005 {
			return fmt.Sprintf("icon at %v: %.2f:1 of %v on %v, want %.1f", op.Rect, got, op.Color, on, shapeContrast)
		}
	case render.BoxOp:
		gap := op.Edge == w.theme.Bg || op.Edge == w.theme.Surface
		if op.Border > 0 && op.Edge.A == 255 && op.Edge != w.theme.Line && !gap {
			if got, on := w.edge(op); got < shapeContrast-.005 {
				return fmt.Sprintf("border of %v: %.2f:1 of %v on %v, want %.1f", op.Rect, got, op.Edge, on, shapeContrast)
			}
		}
	}
	return ""
}

// least returns the contrast that an op's colour has at least with so many of the
// pixels that it covers for the most part, and the pixel it has it with. An icon
// may touch the soft edge of something.
func (w *watch) least(op *render.Op, part float64) (float64, color.RGBA) {
	type seen struct {
		contrast float64
		on       color.RGBA
	}
	var all []seen
	var last seen // most pixels are like the one before
	w.shapes.Expand(op, w.img.Rect, nil, func(p render.Prim) {
		for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
			for x := p.Rect.Min.X; x < p.Rect.Max.X; x++ {
				if coverage(p, x, y) >= 128 {
					if on := w.img.RGBAAt(x, y); on != last.on {
						last = seen{contrast(flat(op.Color, on), on), on}
					}
					all = append(all, last)
				}
			}
		}
	})
	if len(all) == 0 {
		return math.Inf(1), color.RGBA{}
	}
	slices.SortFunc(all, func(a, b seen) int { return cmp.Compare(a.contrast, b.contrast) })
	least := all[int(float64(len(all))*(1-part))]
	return least.contrast, least.on
}

// edge returns the better contrast of a border with what is inside and outside
// of it: a ring is seen by either. One that the panel's edge cuts off is looked at
// on its other side.
func (w *watch) edge(op *render.Op) (float64, color.RGBA) {
	y := (op.Rect.Min.Y + op.Rect.Max.Y) / 2
	out, in := op.Rect.Min.X-1, op.Rect.Min.X+op.Border+1
	if out < 0 {
		out, in = min(op.Rect.Max.X, w.img.Rect.Max.X-1), op.Rect.Max.X-op.Border-2
	}
	outside := w.img.RGBAAt(out, y)
	inside := flat(op.Color, w.img.RGBAAt(in, y))
	if in := contrast(op.Edge, inside); in > contrast(op.Edge, outside) {
		return in, inside
	}
	return contrast(op.Edge, outside), outside
}

// onPhoto reports whether the text is painted on a photo without a plate.
func (w *watch) onPhoto(i int) bool {
	text := w.frame.Ops[i].Rect
	for _, op := range slices.Backward(w.frame.Ops[:i]) {
		switch {
		case op.Kind == render.BoxOp && op.Color.A == 255 && text.In(op.Bounds()):
			return false
		case op.Kind == render.PictureOp && strings.HasPrefix(op.Picture.Source, "photo:") && op.Rect.Overlaps(text):
			crop := op.Picture.Crop.Window.Add(op.Rect.Min)
			return op.Picture.Crop == (render.Crop{}) || crop.Overlaps(text)
		}
	}
	return false
}

func (w *watch) paint(p render.Prim) {
	switch {
	case p.Image != nil && p.Alpha == 255:
		draw.Draw(w.img, p.Rect, p.Image, p.From, draw.Over)
		return
	case p.Image == nil && p.Mask == nil:
		draw.Draw(w.img, p.Rect, image.NewUniform(p.Color), image.Point{}, draw.Over)
		return
	}
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		for x := p.Rect.Min.X; x < p.Rect.Max.X; x++ {
			src, m := p.Color, coverage(p, x, y)
			if p.Image != nil {
				src = p.Image.RGBAAt(p.From.X+x-p.Rect.Min.X, p.From.Y+y-p.Rect.Min.Y)
			}
			under := w.img.RGBAAt(x, y)
			w.img.SetRGBA(x, y, flat(look.Fade(src, float32(m)/255), under))
		}
	}
}

// coverage returns how much of a pixel a primitive covers.
func coverage(p render.Prim, x, y int) uint8 {
	switch {
	case p.Image != nil:
		return p.Alpha
	case p.Mask == nil:
		return 255
	}
	across, down := p.Repeats()
	at := p.From
	if !across {
		at.X += x - p.Rect.Min.X
	}
	if !down {
		at.Y += y - p.Rect.Min.Y
	}
	return p.Mask.Pix[at.Y*p.Mask.Size.X+at.X]
}

// differs returns by how much a channel of what was painted differs at most.
func (w *watch) differs(from *image.RGBA) (most int) {
	for i, v := range w.img.Pix {
		most = max(most, int(v)-int(from.Pix[i]), int(from.Pix[i])-int(v))
	}
	return most
}

// flat returns a premultiplied colour over an opaque one.
func flat(src, under color.RGBA) color.RGBA {
	left := 255 - int(src.A)
	mix := func(s, u uint8) uint8 { return uint8(min(255, int(s)+(int(u)*left+127)/255)) }
	return color.RGBA{mix(src.R, under.R), mix(src.G, under.G), mix(src.B, under.B), 255}
}

// contrast is WCAG's ratio of two colours.
func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// michelson is their difference in luminance as a part of its sum.
func michelson(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return math.Abs(x-y) / (x + y)
}

// luminance is WCAG's relative luminance.
func luminance(c color.RGBA) float64 {
	return .2126*linear[c.R] + .7152*linear[c.G] + .0722*linear[c.B]
}

var linear = func() (l [256]float64) {
	for i := range l {
		v := float64(i) / 255
		if l[i] = math.Pow((v+.055)/1.055, 2.4); v <= .04045 {
			l[i] = v / 12.92
		}
	}
	return l
}()
