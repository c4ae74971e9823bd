package soft

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/art"
	"tavle/render/text"
)

// scene makes random frames with everything a frame can have in it.
type scene struct {
	*rand.Rand
	text    *text.Engine
	art     *art.Library
	shadows []*render.Shadow
	size    image.Point
}

func newScene(t testing.TB, seed uint64) *scene {
	e, err := text.New()
	require.NoError(t, err)
	return &scene{
		Rand: rand.New(rand.NewPCG(seed, 0)), text: e, art: art.New(8 << 20), size: image.Pt(240, 180),
		shadows: []*render.Shadow{
			nil,
			{Layers: []render.ShadowLayer{{Offset: image.Pt(0, 2), Sigma: 2, Color: color.RGBA{3, 2, 1, 13}}, {Offset: image.Pt(0, 6), Sigma: 9, Color: color.RGBA{5, 4, 2, 18}}}},
			{Layers: []render.ShadowLayer{{Offset: image.Pt(3, 10), Sigma: 4, Color: color.RGBA{0, 0, 0, 90}}}},
		},
	}
}

func (s *scene) rect() image.Rectangle {
	at := image.Pt(s.IntN(s.size.X+40)-20, s.IntN(s.size.Y+40)-20)
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(1+s.IntN(120), 1+s.IntN(90)))}
}

func (s *scene) color() color.RGBA {
	a := uint8(255)
	if s.IntN(3) == 0 {
		a = uint8(s.IntN(256))
	}
	c := func() uint8 { return uint8(s.IntN(int(a) + 1)) }
	return color.RGBA{c(), c(), c(), a}
}

func (s *scene) op() render.Op {
	op := render.Op{Kind: render.OpKind(s.IntN(4)), Color: s.color()}
	if s.IntN(3) == 0 {
		op.Clip = s.rect()
	}
	switch op.Kind {
	case render.BoxOp:
		op.Rect, op.Radius, op.Shadow = s.rect(), s.IntN(50), s.shadows[s.IntN(len(s.shadows))]
		if s.IntN(3) == 0 {
			op.Border, op.Edge = 1+s.IntN(12), s.color()
		}
	case render.TextOp:
		words := []string{"Torsdag", "10.24", "Svømning", "عبد الرحمن", "Ánh"}
		op.Line = s.text.Line(words[s.IntN(len(words))], text.Style{Size: float32(12 + s.IntN(60)), Weight: 700}, "da")
		op.Dot = s.rect().Min
		op.Rect = op.Line.Ink.Add(op.Dot)
	case render.MaskOp:
		at := s.rect().Min
		op.Mask = s.art.Ring(20+s.IntN(60), 5, s.IntN(2) == 0)
		op.Rect = image.Rectangle{Min: at, Max: at.Add(op.Mask.Size)}
	case render.PictureOp:
		op.Rect = s.rect()
		op.Alpha = uint8(s.IntN(3) * 127)
		op.Picture = render.Picture{Source: []string{"sky:dusk", "picto:bread", "photo:none"}[s.IntN(3)], Size: op.Rect.Size()}
		if s.IntN(2) == 0 {
			op.Picture.Crop = render.Crop{Window: image.Rectangle{Max: op.Rect.Size()}, Radius: 14}
		}
	}
	return op
}

func (s *scene) frame() *render.Frame {
	f := &render.Frame{Size: s.size}
	if s.IntN(8) > 0 {
		f.Ops = append(f.Ops, render.Op{Kind: render.BoxOp, Rect: image.Rectangle{Max: s.size}, Color: color.RGBA{245, 239, 228, 255}})
	}
	for range s.IntN(25) {
		f.Ops = append(f.Ops, s.op())
	}
	return f
}

// changed returns another frame that has much in common with f.
func (s *scene) changed(f *render.Frame) *render.Frame {
	g := &render.Frame{Size: f.Size, Ops: slices.Clone(f.Ops)}
	for range 1 + s.IntN(4) {
		at := s.IntN(len(g.Ops) + 1)
		switch n := len(g.Ops); s.IntN(5) {
		case 0:
			g.Ops = slices.Insert(g.Ops, at, s.op())
		case 1:
			if at < n {
				g.Ops = slices.Delete(g.Ops, at, at+1)
			}
		case 2:
			if at < n {
				g.Ops[at] = s.op()
			}
		case 3:
			if at+1 < n {
				g.Ops[at], g.Ops[at+1] = g.Ops[at+1], g.Ops[at]
			}
		case 4:
			if n > 0 { // twice the same
				g.Ops = slices.Insert(g.Ops, at, g.Ops[s.IntN(n)])
			}
		}
	}
	return g
}

func full(f *render.Frame) []image.Rectangle { return []image.Rectangle{{Max: f.Size}} }

// Painting what changed over the first frame gives the second.
func TestPaintingDamageIsPaintingEverything(t *testing.T) {
	s := newScene(t, 11)
	var p Painter
	for n := range 1500 {
		a := s.frame()
		b := s.changed(a)
		if s.IntN(10) == 0 {
			b = s.frame()
		}
		dst := p.Image(a, s.art)
		p.Paint(dst, b, render.Damage(a, b), s.art)
		if want := p.Image(b, s.art); !bytes.Equal(want.Pix, dst.Pix) {
			t.Fatalf("seed 11, pair %d differs at %v", n, firstDifference(want, dst))
		}
	}
}

func TestTheSamePixelsHoweverAFrameIsTiled(t *testing.T) {
	s := newScene(t, 12)
	var p Painter
	for n := range 300 {
		f := s.frame()
		dst := image.NewRGBA(image.Rectangle{Max: f.Size})
		for i := range dst.Pix {
			dst.Pix[i] = uint8(s.IntN(256)) // whatever was there before
		}
		for y := 0; y < f.Size.Y; {
			h := 1 + s.IntN(70)
			for x := 0; x < f.Size.X; {
				w := 1 + s.IntN(90)
				p.Paint(dst, f, []image.Rectangle{image.Rect(x, y, x+w, y+h)}, s.art)
				x += w
			}
			y += h
		}
		if want := p.Image(f, s.art); !bytes.Equal(want.Pix, dst.Pix) {
			t.Fatalf("seed 12, frame %d differs at %v", n, firstDifference(want, dst))
		}
	}
}

// Masks and pictures that are kept are the ones that were made.
func TestTheSamePixelsTheFirstSecondAndThirdTime(t *testing.T) {
	s := newScene(t, 13)
	for range 50 {
		f := s.frame()
		var p Painter
		first := p.Image(f, art.New(8<<20))
		second := p.Image(f, s.art)
		third := p.Image(f, s.art)
		require.Equal(t, first.Pix, second.Pix)
		require.Equal(t, first.Pix, third.Pix)
	}
}

// What image/draw paints, one primitive at a time, without any of our short
// cuts.
func TestAgreesWithImageDraw(t *testing.T) {
	s := newScene(t, 14)
	var p Painter
	for n := range 150 {
		f := s.frame()
		got := p.Image(f, s.art)
		want := image.NewRGBA(image.Rectangle{Max: f.Size})
		draw.Draw(want, want.Rect, image.Black, image.Point{}, draw.Src)
		var shapes render.Shapes
		for i := range f.Ops {
			shapes.Expand(&f.Ops[i], want.Rect, s.art, func(q render.Prim) { plain(want, q) })
		}
		for i := range want.Pix {
			// Each of up to 27 blends on top of each other may round otherwise:
			// image/draw rounds once, we and the GPU twice.
			if d := int(want.Pix[i]) - int(got.Pix[i]); max(d, -d) > 6 {
				t.Fatalf("seed 14, frame %d differs by %d at %v", n, d, image.Pt(i/4%f.Size.X, i/4/f.Size.X))
			}
		}
	}
}

func plain(dst *image.RGBA, q render.Prim) {
	if q.Image != nil {
		draw.DrawMask(dst, q.Rect, q.Image, q.From, image.NewUniform(color.Alpha{q.Alpha}), image.Point{}, draw.Over)
		return
	}
	if q.Mask == nil {
		draw.Draw(dst, q.Rect, image.NewUniform(q.Color), image.Point{}, draw.Over)
		return
	}
	across, down := q.Repeats()
	m := image.NewAlpha(q.Rect)
	for y := q.Rect.Min.Y; y < q.Rect.Max.Y; y++ {
		for x := q.Rect.Min.X; x < q.Rect.Max.X; x++ {
			at := q.From.Add(image.Pt(x, y)).Sub(q.Rect.Min)
			if across {
				at.X = 0
			}
			if down {
				at.Y = 0
			}
			m.SetAlpha(x, y, color.Alpha{q.Mask.Pix[at.Y*q.Mask.Size.X+at.X]})
		}
	}
	draw.DrawMask(dst, q.Rect, image.NewUniform(q.Color), image.Point{}, m, q.Rect.Min, draw.Over)
}

// A shadow is left out where its own box hides it, and nowhere else.
func TestTheHoleInAShadowIsNotSeen(t *testing.T) {
	shadow := &render.Shadow{Layers: []render.ShadowLayer{{Offset: image.Pt(2, 3), Sigma: 3, Color: color.RGBA{A: 255}}}}
	size := image.Pt(160, 140)
	bg := render.Op{Kind: render.BoxOp, Rect: image.Rectangle{Max: size}, Color: color.RGBA{255, 255, 255, 255}}
	var p Painter
	for radius := range 60 {
		for _, border := range []int{0, 2, 20} {
			whole := render.Op{Kind: render.BoxOp, Rect: image.Rect(20, 20, 140, 120), Radius: radius, Border: border, Color: surface, Edge: ink, Shadow: shadow}
			if border == 2 {
				whole.Edge = color.RGBA{40, 0, 0, 100}
			}
			under, over := whole, whole
			under.Color, under.Border, over.Shadow = color.RGBA{}, 0, nil
			got := p.Image(&render.Frame{Size: size, Ops: []render.Op{bg, whole}}, nil)
			want := p.Image(&render.Frame{Size: size, Ops: []render.Op{bg, under, over}}, nil)
			if !bytes.Equal(want.Pix, got.Pix) {
				t.Fatalf("radius %d border %d differs at %v", radius, border, firstDifference(want, got))
			}
		}
	}
}

// Opaque black is what is seen where a frame says nothing, whatever was there.
func TestWhatNothingCoversIsBlack(t *testing.T) {
	f := &render.Frame{Size: image.Pt(8, 8)}
	dst := image.NewRGBA(image.Rectangle{Max: f.Size})
	for i := range dst.Pix {
		dst.Pix[i] = 99
	}
	var p Painter
	p.Paint(dst, f, full(f), nil)
	require.Equal(t, color.RGBA{A: 255}, dst.RGBAAt(4, 4))
}

func TestOnlyDamageIsWritten(t *testing.T) {
	s := newScene(t, 15)
	var p Painter
	for range 100 {
		f := s.frame()
		dst := image.NewRGBA(image.Rectangle{Max: f.Size})
		r := s.rect()
		p.Paint(dst, f, []image.Rectangle{r}, s.art)
		for y := range f.Size.Y {
			for x := range f.Size.X {
				if written := dst.RGBAAt(x, y).A != 0; written != image.Pt(x, y).In(r) {
					t.Fatalf("seed 15: %d,%d written: %v; damage %v", x, y, written, r)
				}
			}
		}
	}
}

func TestAPictureThatIsNotThereLeavesThePlaceAsItIs(t *testing.T) {
	f := &render.Frame{Size: image.Pt(8, 8), Ops: []render.Op{
		{Kind: render.BoxOp, Rect: image.Rect(0, 0, 8, 8), Color: color.RGBA{1, 2, 3, 255}},
		{Kind: render.PictureOp, Rect: image.Rect(0, 0, 8, 8), Picture: render.Picture{Source: "photo:later", Size: image.Pt(8, 8)}, Alpha: 255},
	}}
	var p Painter
	require.Equal(t, color.RGBA{1, 2, 3, 255}, p.Image(f, one{}).RGBAAt(4, 4))
	require.Equal(t, color.RGBA{1, 2, 3, 255}, p.Image(f, nil).RGBAAt(4, 4))
}

func firstDifference(a, b *image.RGBA) image.Point {
	for i := range a.Pix {
		if a.Pix[i] != b.Pix[i] {
			return image.Pt(i%a.Stride/4, i/a.Stride)
		}
	}
	return image.Pt(-1, -1)
}
