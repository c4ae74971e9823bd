package render

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func box(x, y, w, h int, c uint8) Op {
	return Op{Kind: BoxOp, Rect: image.Rect(x, y, x+w, y+h), Color: color.RGBA{c, c, c, 255}}
}

func frame(ops ...Op) *Frame { return &Frame{Size: image.Pt(400, 300), Ops: ops} }

func TestDamageOfEqualFramesIsNothing(t *testing.T) {
	a := frame(box(0, 0, 400, 300, 1), box(10, 10, 50, 50, 2))
	b := frame(box(0, 0, 400, 300, 1), box(10, 10, 50, 50, 2))
	require.Nil(t, Damage(a, b))
	require.Nil(t, Damage(a, a))
}

func TestDamageWithoutAFrameBeforeIsEverything(t *testing.T) {
	b := frame(box(0, 0, 400, 300, 1))
	all := []image.Rectangle{image.Rect(0, 0, 400, 300)}
	require.Equal(t, all, Damage(nil, b))
	other := &Frame{Size: image.Pt(300, 400)}
	require.Equal(t, all, Damage(other, b))
}

func TestDamageIsWhereTheChangedOpWasAndIs(t *testing.T) {
	bg := box(0, 0, 400, 300, 1)
	a := frame(bg, box(10, 10, 20, 20, 2), box(200, 200, 30, 30, 3))
	b := frame(bg, box(10, 10, 20, 20, 2), box(300, 100, 30, 30, 3))
	require.ElementsMatch(t, []image.Rectangle{image.Rect(200, 200, 230, 230), image.Rect(300, 100, 330, 130)}, Damage(a, b))
}

func TestDamageOfTwoOpsThatSwapOrderCoversWhereTheyOverlap(t *testing.T) {
	bg, x, y := box(0, 0, 400, 300, 1), box(10, 10, 40, 40, 2), box(30, 30, 40, 40, 3)
	d := Damage(frame(bg, x, y), frame(bg, y, x))
	both := x.Rect.Intersect(y.Rect)
	covered := false
	for _, r := range d {
		covered = covered || both.In(r)
	}
	require.True(t, covered, "%v does not cover %v", d, both)
}

// A translucent op twice is not the same as once.
func TestAnOpThatIsThereOnceLessIsDamaged(t *testing.T) {
	p := box(200, 200, 50, 50, 2)
	d := Damage(frame(box(0, 0, 9, 9, 1), p, p, box(20, 0, 9, 9, 1)), frame(box(0, 0, 9, 9, 3), p, box(20, 0, 9, 9, 3)))
	require.Contains(t, d, p.Rect)
}

func TestDamageIncludesTheShadow(t *testing.T) {
	s := &Shadow{Layers: []ShadowLayer{{Offset: image.Pt(0, 10), Sigma: 4, Color: color.RGBA{A: 50}}}}
	card := box(100, 100, 50, 50, 2)
	card.Shadow = s
	require.Equal(t, []image.Rectangle{card.Bounds()}, Damage(frame(), frame(card)))
	require.True(t, image.Rect(88, 98, 162, 172).In(card.Bounds()))
}

func TestBoundsEndAtTheClip(t *testing.T) {
	op := box(10, 10, 50, 50, 2)
	op.Clip = image.Rect(0, 0, 20, 400)
	require.Equal(t, image.Rect(10, 10, 20, 60), op.Bounds())
}

// Few, apart from each other, inside the frame, and together over every op that
// only one of the frames has.
func TestDamageRectanglesAreFewAndDisjoint(t *testing.T) {
	for seed := range uint64(1000) {
		r := rand.New(rand.NewPCG(seed, 3))
		some := func() []Op {
			var ops []Op
			for range r.IntN(40) {
				ops = append(ops, box(r.IntN(440)-20, r.IntN(340)-20, 1+r.IntN(60), 1+r.IntN(60), uint8(r.IntN(3))))
			}
			return ops
		}
		a, b := frame(some()...), frame(some()...)
		if r.IntN(2) == 0 { // mostly the same
			b.Ops = append([]Op(nil), a.Ops...)
			for i := range b.Ops {
				if r.IntN(8) == 0 {
					b.Ops[i] = box(r.IntN(400), r.IntN(300), 20, 20, 9)
				}
			}
		}
		d := Damage(a, b)
		require.LessOrEqual(t, len(d), maxDamage, "seed %d", seed)
		full := image.Rectangle{Max: a.Size}
		for i, x := range d {
			require.True(t, x.In(full) && !x.Empty(), "seed %d: %v", seed, x)
			for _, y := range d[:i] {
				if x.Overlaps(y) {
					t.Fatalf("seed %d: %v and %v overlap", seed, x, y)
				}
			}
		}
		count := map[Op]int{}
		for _, op := range a.Ops {
			count[op]++
		}
		for _, op := range b.Ops {
			count[op]--
		}
		for op, n := range count {
			in := op.Bounds().Intersect(full)
			if n == 0 || in.Empty() {
				continue
			}
			covered := false
			for _, x := range d {
				covered = covered || in.In(x)
			}
			if !covered {
				t.Fatalf("seed %d: %v is not in %v", seed, in, d)
			}
		}
	}
}
