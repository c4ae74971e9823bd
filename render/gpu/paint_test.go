//go:build !nogpu

package gpu

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/glass/glasstest"
	"tavle/render/soft"
)

// most is how far the two painters may be apart in a channel: each of some ten
// layers is rounded once.
const most = 3

// requireAgree checks that a picture of the GPU's is the reference painter's.
func requireAgree(t testing.TB, dst *ebiten.Image, f *render.Frame, turn glass.Rotation) {
	t.Helper()
	got := image.NewRGBA(dst.Bounds())
	onLoop(func() { dst.ReadPixels(got.Pix) })
	want := glasstest.Turn(new(soft.Painter).Image(f, &glasstest.Pictures{}), turn)
	require.Equal(t, want.Rect, got.Rect)
	diff, at, n := glasstest.Difference(got, want)
	require.LessOrEqual(t, diff, most, "at %v, %d pixels differ", at, n)
}

// canvas returns an image to paint on.
func canvas(t testing.TB, size image.Point) *ebiten.Image {
	var img *ebiten.Image
	onLoop(func() { img = ebiten.NewImage(size.X, size.Y) })
	t.Cleanup(func() { onLoop(img.Deallocate) })
	return img
}

// Issue 2, item 5: both painters agree within 3 per channel, on boxes with every
// radius, border and shadow, text, masks, pictures with crops and alpha, clips,
// whole and by damage, in every turn.
func TestPaintersAgree(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for _, size := range []image.Point{{800, 480}, {480, 800}, {1280, 800}} {
		for turn := range glass.Rotation(4) {
			t.Run(fmt.Sprintf("%dx%d/turn=%d", size.X, size.Y, turn.Degrees()), func(t *testing.T) {
				dst := canvas(t, turn.Size(size))
				p := &painter{turn: turn}
				pictures := &glasstest.Pictures{}
				m := glasstest.NewMaker(seed)
				f, damage := m.Frame(size), []image.Rectangle{{Max: size}}
				for range 6 {
					onLoop(func() { p.paint(dst, f, damage, pictures) })
					requireAgree(t, dst, f, turn)
					next := m.Next(f)
					f, damage = next, render.Damage(f, next)
				}
			})
		}
	}
}

// Every radius and border there can be, on opaque and clear colours.
func TestPaintersAgreeOnEveryCorner(t *testing.T) {
	size := image.Pt(1000, 700)
	f := &render.Frame{Size: size, Ops: []render.Op{{Rect: image.Rectangle{Max: size}, Color: color.RGBA{245, 239, 228, 255}}}}
	shadow := &render.Shadow{Layers: []render.ShadowLayer{{Offset: image.Pt(0, 3), Sigma: 5, Color: color.RGBA{A: 60}}}}
	for i := range 20 * 14 {
		op := render.Op{Rect: image.Rect(0, 0, 40, 40).Add(image.Pt(5+i%20*50, 5+i/20*50)), Radius: i % 25, Color: color.RGBA{22, 78, 66, 255}}
		if i%3 == 1 {
			op.Border, op.Edge = 1+i%7, color.RGBA{116, 44, 26, 255}
		}
		if i%3 == 2 {
			op.Color, op.Border, op.Edge = color.RGBA{}, 1+i%7, color.RGBA{58, 22, 13, 128}
		}
		if i%2 == 1 {
			op.Shadow = shadow
		}
		f.Ops = append(f.Ops, op)
	}
	dst := canvas(t, size)
	onLoop(func() { new(painter).paint(dst, f, []image.Rectangle{{Max: size}}, nil) })
	requireAgree(t, dst, f, 0)
}

// A bitmap the GPU has is not asked for again: it might have to be decoded. One
// that is not there yet is asked for with the next frame.
func TestPictureIsAskedForUntilItIsThere(t *testing.T) {
	size := image.Pt(200, 100)
	pic := render.Picture{Source: "photo:2", Size: image.Pt(80, 80)}
	f := &render.Frame{Size: size, Ops: []render.Op{{Kind: render.PictureOp, Rect: image.Rect(10, 10, 90, 90), Picture: pic, Alpha: 255}}}
	dst := canvas(t, size)
	p, whole := &painter{}, []image.Rectangle{{Max: size}}
	onLoop(func() { p.paint(dst, f, whole, nothing{}) })
	require.Zero(t, p.pictures.bytes)
	pictures := &glasstest.Pictures{}
	onLoop(func() {
		for range 3 {
			p.paint(dst, f, whole, pictures)
		}
		p.paint(dst, f, whole, nil) // and without asking
	})
	require.Equal(t, 1, pictures.Asked)
	requireAgree(t, dst, f, 0)
}

type nothing struct{}

func (nothing) Image(render.Picture) *image.RGBA { return nil }

// Issue 2, speed and size: the textures of photos are those that can be seen, not
// as many as there are photos; those of masks are bounded by bytes. And
// a photo that is not shown any more is not kept.
func TestTexturesAreThoseThatAreShown(t *testing.T) {
	size := image.Pt(400, 300)
	dst := canvas(t, size)
	p, pictures := &painter{}, &glasstest.Pictures{}
	shadow := &render.Shadow{Layers: []render.ShadowLayer{{Sigma: 8, Color: color.RGBA{A: 60}}}}
	photo := func(i int) render.Op {
		return render.Op{
			Kind: render.PictureOp, Rect: image.Rect(i%3*100, 0, i%3*100+90, 90), Alpha: 255,
			Picture: render.Picture{Source: fmt.Sprint("photo:", i), Size: image.Pt(90, 90)},
		}
	}
	var prev, f *render.Frame
	for i := range 200 {
		mask := &render.Mask{Size: image.Pt(300, 300), Pix: make([]byte, 90000)}
		f = &render.Frame{Size: size, Ops: []render.Op{
			{Rect: image.Rect(0, 100, 100+i%100, 200), Radius: 3 + i%20, Shadow: shadow, Color: color.RGBA{A: 255}},
			photo(i), photo(i + 1), photo(i + 2), // one of them new, two where they were
			{Kind: render.MaskOp, Rect: image.Rectangle{Max: mask.Size}, Mask: mask, Color: color.RGBA{A: 255}},
		}}
		onLoop(func() { p.paint(dst, f, render.Damage(prev, f), pictures) })
		require.Len(t, p.pictures.kept, 3)
		require.LessOrEqual(t, p.masks.bytes, maskBytes)
		prev = f
	}
	require.Equal(t, 202, pictures.Asked, "what is shown still is not asked for again")
	require.Equal(t, 3*4*90*90, p.pictures.bytes)
	require.Equal(t, total(p.masks.kept), p.masks.bytes)
	requireAgree(t, dst, f, 0)
}

func total[K comparable](kept map[K]*texture) (n int) {
	for _, t := range kept {
		n += t.bytes()
	}
	return n
}

// BenchmarkSubmit times what a frame costs on the CPU until the GPU has been told
// of it. Now and then the GPU gets time to do it, which does not count.
func BenchmarkSubmit(b *testing.B) {
	size := image.Pt(1920, 1080)
	f := glasstest.NewMaker(1).Frame(size)
	pictures := &glasstest.Pictures{}
	for name, damage := range map[string]image.Rectangle{"clock tick": image.Rect(96, 60, 496, 180), "full": {Max: size}} {
		b.Run("1920x1080/"+name, func(b *testing.B) {
			p, dst := &painter{}, canvas(b, size)
			one := make([]byte, 4)
			b.ReportAllocs()
			onLoop(func() {
				p.paint(dst, f, []image.Rectangle{{Max: size}}, pictures)
				for n := 0; b.Loop(); n++ {
					p.paint(dst, f, []image.Rectangle{damage}, pictures)
					if n%16 == 15 {
						b.StopTimer()
						dst.SubImage(image.Rect(0, 0, 1, 1)).(*ebiten.Image).ReadPixels(one)
						b.StartTimer()
					}
				}
			})
		})
	}
}
