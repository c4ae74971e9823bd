package render

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

var white = color.RGBA{255, 255, 255, 255}

// coverage adds up what the primitives of op cover, in 255ths, and how often
// each pixel is touched.
func coverage(s *Shapes, op *Op, size image.Point, damage image.Rectangle) (sum, times []int) {
	sum, times = make([]int, size.X*size.Y), make([]int, size.X*size.Y)
	s.Expand(op, damage, nil, func(p Prim) {
		for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
			for x := p.Rect.Min.X; x < p.Rect.Max.X; x++ {
				m := 255
				if p.Mask != nil {
					mx, my := p.From.X+x-p.Rect.Min.X, p.From.Y+y-p.Rect.Min.Y
					if across, down := p.Repeats(); across || down {
						if across {
							mx = 0
						}
						if down {
							my = 0
						}
					}
					m = int(p.Mask.Pix[my*p.Mask.Size.X+mx])
				}
				sum[y*size.X+x] += m
				times[y*size.X+x]++
			}
		}
	})
	return sum, times
}

// near allows for the rasteriser, which rounds a corner in a large picture
// otherwise than in a small one.
func near(a, b int) bool { return max(a-b, b-a) <= 2 }

func TestABoxIsItsRoundedRectangleAndNoPixelIsPaintedTwice(t *testing.T) {
	var s Shapes
	size := image.Pt(80, 60)
	for _, r := range []image.Rectangle{image.Rect(10, 10, 60, 50), image.Rect(3, 5, 20, 58), image.Rect(7, 7, 8, 8), image.Rect(5, 5, 6, 30)} {
		for radius := range 30 {
			op := Op{Kind: BoxOp, Rect: r, Radius: radius, Color: white}
			sum, times := coverage(&s, &op, size, image.Rectangle{Max: size})
			fit := min(radius, r.Dx()/2, r.Dy()/2)
			want := roundRect(r.Dx(), r.Dy(), fit)
			for y := range size.Y {
				for x := range size.X {
					p, i := image.Pt(x, y), y*size.X+x
					w := 0
					if p.In(r) {
						at := p.Sub(r.Min)
						w = int(want.Pix[at.Y*r.Dx()+at.X])
					}
					if times[i] > 1 || !near(w, sum[i]) {
						t.Fatalf("%v radius %d at %v: covered %d times by %d in all, want %d", r, radius, p, times[i], sum[i], w)
					}
				}
			}
		}
	}
}

func TestABorderIsTheBoxWithoutItsInside(t *testing.T) {
	var s Shapes
	size := image.Pt(70, 60)
	r := image.Rect(5, 5, 60, 50)
	for radius := 0; radius < 26; radius += 5 {
		for border := 1; border < 40; border += 3 {
			op := Op{Kind: BoxOp, Rect: r, Radius: radius, Border: border, Edge: white}
			sum, times := coverage(&s, &op, size, image.Rectangle{Max: size})
			b := min(border, r.Dx()/2, r.Dy()/2)
			rad := min(radius, r.Dx()/2, r.Dy()/2)
			outer := roundRect(r.Dx(), r.Dy(), rad)
			in := r.Inset(b)
			inner := roundRect(in.Dx(), in.Dy(), max(0, rad-b))
			for y := range size.Y {
				for x := range size.X {
					p, want := image.Pt(x, y), 0
					if p.In(r) {
						at := p.Sub(r.Min)
						want = int(outer.Pix[at.Y*r.Dx()+at.X])
					}
					if p.In(in) {
						at := p.Sub(in.Min)
						want = max(0, want-int(inner.Pix[at.Y*in.Dx()+at.X]))
					}
					i := y*size.X + x
					if times[i] > 1 || !near(want, sum[i]) {
						t.Fatalf("radius %d border %d at %v: covered %d times by %d in all, want %d", radius, border, p, times[i], sum[i], want)
					}
				}
			}
		}
	}
}

// However a shadow is cut, it is the blurred box.
func TestAShadowInPiecesIsTheBlurredBox(t *testing.T) {
	var s Shapes
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		l := ShadowLayer{Sigma: 0.5 + 6*r.Float64(), Offset: image.Pt(r.IntN(5)-2, r.IntN(9)), Color: white}
		box := image.Rectangle{Min: image.Pt(40, 40)}
		box.Max = box.Min.Add(image.Pt(1+r.IntN(150), 1+r.IntN(150)))
		op := Op{Kind: BoxOp, Rect: box, Radius: r.IntN(30), Shadow: &Shadow{Layers: []ShadowLayer{l}}}
		size := image.Pt(240, 240)
		sum, times := coverage(&s, &op, size, image.Rectangle{Max: size})
		want := blur(box.Dx(), box.Dy(), op.radius(), l.Sigma, l.reach())
		o := box.Add(l.Offset).Inset(-l.reach())
		require.Equal(t, o, op.Shadow.Bounds(box))
		for y := range size.Y {
			for x := range size.X {
				p, w := image.Pt(x, y), 0
				if p.In(o) {
					at := p.Sub(o.Min)
					w = int(want.Pix[at.Y*want.Size.X+at.X])
				}
				if i := y*size.X + x; times[i] > 1 || !near(w, sum[i]) {
					t.Fatalf("seed %d: %v radius %d sigma %.1f at %v: covered %d times by %d in all, want %d", seed, box, op.Radius, l.Sigma, p, times[i], sum[i], w)
				}
			}
		}
	}
}

func TestNothingIsPaintedOutsideDamageOrClip(t *testing.T) {
	var s Shapes
	mask := roundRect(30, 20, 9)
	shadow := &Shadow{Layers: []ShadowLayer{{Offset: image.Pt(0, 6), Sigma: 4, Color: white}}}
	ops := []Op{
		{Kind: BoxOp, Rect: image.Rect(20, 20, 90, 70), Radius: 12, Border: 3, Color: white, Edge: white, Shadow: shadow},
		{Kind: MaskOp, Rect: image.Rect(30, 30, 60, 50), Mask: mask, Color: white},
		{Kind: TextOp, Dot: image.Pt(40, 40), Line: &Line{Glyphs: []Glyph{{At: image.Pt(-3, -9), Mask: mask}}}, Color: white},
	}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		rect := func() image.Rectangle {
			return image.Rect(r.IntN(120), r.IntN(120), r.IntN(120), r.IntN(120))
		}
		damage := rect()
		for _, op := range ops {
			if r.IntN(2) == 0 {
				op.Clip = rect()
			}
			s.Expand(&op, damage, nil, func(p Prim) {
				require.False(t, p.Rect.Empty(), "seed %d", seed)
				require.True(t, p.Rect.In(damage), "seed %d: %v outside %v", seed, p.Rect, damage)
				if op.Clip != (image.Rectangle{}) {
					require.True(t, p.Rect.In(op.Clip), "seed %d", seed)
				}
				if op.Kind != TextOp { // its bounds are what the line says
					require.True(t, p.Rect.In(op.Bounds()), "seed %d: %v outside %v", seed, p.Rect, op.Bounds())
				}
			})
		}
	}
}

func TestMasksAreMadeOnceAndTheirBytesAreBounded(t *testing.T) {
	var s Shapes
	op := Op{Kind: BoxOp, Rect: image.Rect(0, 0, 300, 200), Radius: 20, Color: white, Shadow: &Shadow{Layers: []ShadowLayer{{Sigma: 9, Color: white}}}}
	s.Expand(&op, image.Rect(0, 0, 400, 400), nil, func(Prim) {})
	kept := s.bytes
	op.Rect = image.Rect(50, 50, 399, 399) // as long as it is long, a shadow is the same
	s.Expand(&op, image.Rect(0, 0, 400, 400), nil, func(Prim) {})
	require.Equal(t, kept, s.bytes)

	for i := range 4000 {
		op := Op{Kind: BoxOp, Rect: image.Rect(0, 0, 40+i%71, 40+i%73), Radius: i % 20, Color: white, Shadow: &Shadow{Layers: []ShadowLayer{{Sigma: 9, Color: white}}}}
		s.Expand(&op, image.Rect(0, 0, 400, 400), nil, func(Prim) {})
		require.LessOrEqual(t, s.bytes, maxShapes)
	}
}
