//go:build !nogpu

package gpu

import (
	"fmt"
	"image"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/cmd/tavle/stage"
	"tavle/player/still"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/glass/glasstest"
	"tavle/render/motion"
	"tavle/render/soft"
)

// demoStage returns the demo house on the morning of its first activity.
func demoStage(t testing.TB) *stage.Stage {
	t.Helper()
	s, err := stage.New(demo.House(), demo.Asset, "", time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC))
	require.NoError(t, err)
	return s
}

// homeOn returns home as it is most of the day.
func homeOn(t testing.TB, s *stage.Stage, size image.Point) ui.Model {
	t.Helper()
	home, ok := stage.Named("home")
	require.True(t, ok)
	return s.Model(home, size)
}

// A take is a screen people see.
type take struct {
	name string
	ui.Model
}

// takes are the scenes of the wall on a panel, one in every so many of them from
// the first on, and home in every colours, mirrored, and with the largest letters.
func takes(t testing.TB, s *stage.Stage, size image.Point, first, every int) (all []take) {
	t.Helper()
	for i := first; i < len(stage.Scenes); i += every {
		p := stage.Scenes[i]
		all = append(all, take{p.Name, s.Model(p, size)})
	}
	home := homeOn(t, s, size)
	add := func(name string, edit func(*ui.Model)) {
		m := home
		edit(&m)
		all = append(all, take{name, m})
	}
	for _, name := range slices.Sorted(maps.Keys(look.Themes)) {
		add(name, func(m *ui.Model) { m.Theme = look.Themes[name] })
	}
	add("mirrored", func(m *ui.Model) { m.Lang = "ar" })
	add("large letters", func(m *ui.Model) { m.Text = look.TextModeOf(1.6) })
	add("home again", func(*ui.Model) {})
	return all
}

// Issue 2, item 5, and issue 4: both painters agree on the screens people see, one
// after the other on one wall, by what changed: within 3 in a channel. That is
// every scene of the gallery on the large panel, and one in three of them on each
// of the others. All the while no texture is larger than a Pi 3's GPU can hold, and
// all of them are counted and within their budget.
func TestPaintersAgreeOnTheRealScreens(t *testing.T) {
	s := demoStage(t)
	studio := s.Studio
	for _, panel := range []struct {
		size         image.Point
		first, every int
	}{
		{image.Pt(1920, 1080), 0, 1},
		{image.Pt(1080, 1920), 0, 3},
		{image.Pt(800, 480), 1, 3},
	} {
		size := panel.size
		t.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(t *testing.T) {
			p, dst := &painter{}, canvas(t, size)
			got, want := image.NewRGBA(dst.Bounds()), new(soft.Painter)
			var prev *render.Frame
			for _, take := range takes(t, s, size, panel.first, panel.every) {
				f := studio.Frame(take.Model)
				onLoop(func() {
					p.paint(dst, f, render.Damage(prev, f), studio)
					dst.ReadPixels(got.Pix)
				})
				prev = f
				diff, at, n := glasstest.Difference(got, want.Image(f, studio))
				t.Logf("%s: most %d, %.2f %% of pixels differ, %d pictures of %d KB, %d masks of %d KB", take.name, diff,
					100*float64(n)/float64(size.X*size.Y), len(p.pictures.kept), p.pictures.bytes>>10, len(p.masks.kept), p.masks.bytes>>10)
				require.LessOrEqual(t, diff, most, "%s at %v", take.name, at)
				requireBudget(t, p, take.name)
			}
		})
	}
}

// requireBudget checks that textures are no larger than a Pi 3's GPU can hold, that
// all of them are counted, and that they are within their budget.
func requireBudget(t testing.TB, p *painter, what string) {
	t.Helper()
	sides(t, p.masks.kept, what)
	sides(t, p.pictures.kept, what)
	sides(t, p.layers.kept, what)
	require.Equal(t, total(p.masks.kept)+total(p.pictures.kept)+total(p.layers.kept), p.bytes(), what)
	require.LessOrEqual(t, p.masks.bytes, maskBytes, what)
	require.LessOrEqual(t, p.pictures.bytes, pictureBytes, what)
}

func sides[K comparable](t testing.TB, kept map[K]*texture, what string) {
	t.Helper()
	for _, x := range kept {
		require.LessOrEqual(t, max(x.size.X, x.size.Y), 2047, what)
	}
}

// Issue 4, item 9: a sky across a 4K panel, and a photo as large, are cut into
// tiles that a Pi 3's GPU can hold, and nobody sees where.
func TestLargePicturesAreTiled(t *testing.T) {
	size := image.Pt(3840, 2160)
	s := demoStage(t)
	studio := s.Studio
	f := studio.Frame(homeOn(t, s, size))
	var large *render.Op
	for i := range f.Ops {
		if op := &f.Ops[i]; op.Kind == render.PictureOp && op.Picture.Size.X > side {
			large = op
		}
	}
	require.NotNil(t, large, "the test needs a picture wider than a texture")
	p, dst := &painter{}, canvas(t, size)
	onLoop(func() { p.paint(dst, f, []image.Rectangle{{Max: size}}, studio) })
	got := image.NewRGBA(dst.Bounds())
	onLoop(func() { dst.ReadPixels(got.Pix) })
	diff, at, _ := glasstest.Difference(got, new(soft.Painter).Image(f, studio))
	require.LessOrEqual(t, diff, most, "at %v", at)
	requireBudget(t, p, "4K")
	// Of a part of it, only what lies there is drawn, where it belongs.
	onLoop(func() { p.paint(dst, f, []image.Rectangle{image.Rect(2000, 100, 2100, 200)}, nil) })
	again := image.NewRGBA(dst.Bounds())
	onLoop(func() { dst.ReadPixels(again.Pix) })
	require.Equal(t, got.Pix, again.Pix)
	// A mask that is as large, whole and repeated.
	mask := &render.Mask{Size: image.Pt(2500, 40), Pix: make([]byte, 2500*40)}
	for i := range mask.Pix {
		mask.Pix[i] = byte(i * 7 % 251)
	}
	m := &render.Frame{Size: size, Ops: []render.Op{
		{Kind: render.MaskOp, Rect: image.Rect(100, 100, 2600, 140), Mask: mask, Color: look.Day.Honey},
	}}
	onLoop(func() { p.paint(dst, m, []image.Rectangle{{Max: size}}, nil) })
	onLoop(func() { dst.ReadPixels(got.Pix) })
	diff, at, _ = glasstest.Difference(got, new(soft.Painter).Image(m, nil))
	require.LessOrEqual(t, diff, most, "at %v", at)
	requireBudget(t, p, "a mask")
}

// Issue 4, item 9: where pictures do not fit into their budget, those that were
// shown before go, and what is too much of those shown now is left out.
func TestPicturesForWhichThereIsNoRoomAreLeftOut(t *testing.T) {
	size := image.Pt(1920, 1080)
	dst := canvas(t, size)
	p, pictures := &painter{}, &glasstest.Pictures{}
	f := &render.Frame{Size: size}
	for i := range 6 {
		f.Ops = append(f.Ops, render.Op{
			Kind: render.PictureOp, Rect: image.Rectangle{Max: size}, Alpha: 255,
			Picture: render.Picture{Source: fmt.Sprint("photo:", i), Size: size},
		})
	}
	onLoop(func() { p.paint(dst, f, []image.Rectangle{{Max: size}}, pictures) })
	requireBudget(t, p, "six screens full")
	require.Len(t, p.pictures.kept, 4)
}

// moves are a page that follows another, and a dialog that opens, as they are under
// way.
func moves(t testing.TB, size image.Point) (before, after *render.Frame, studio *still.Studio, all map[string]*motion.Move) {
	t.Helper()
	s := demoStage(t)
	studio = s.Studio
	m := homeOn(t, s, size)
	before = studio.Frame(m)
	m.Stack = append(m.Stack, ui.Activity{On: m.Board.Activities[0].Ref})
	after = studio.Frame(m)
	m.Over = ui.Offline{Since: m.Now.UnixMilli()}
	dialog := studio.Frame(m)
	opt := motion.Options{Scale: m.Panel.Fit(0).Scale}
	return before, after, studio, map[string]*motion.Move{
		"page": motion.Begin(motion.Forward, before, after, opt), "tab": motion.Begin(motion.Tab, before, after, opt),
		"dialog": motion.Begin(motion.Over, after, dialog, opt),
	}
}

// Issue 4, item 6: both painters agree on what moves, by what changed; and when it
// stands still nothing of it is kept.
func TestPaintersAgreeOnWhatMoves(t *testing.T) {
	for _, size := range []image.Point{{800, 480}, {1920, 1080}} {
		_, after, studio, all := moves(t, size)
		for name, m := range all {
			p, dst, ref := &painter{}, canvas(t, size), new(soft.Painter)
			var prev *render.Frame
			want := image.NewRGBA(image.Rectangle{Max: size})
			for at := 30 * time.Millisecond; ; at += 60 * time.Millisecond {
				f, _ := m.Frame(at)
				if f == nil {
					break
				}
				damage := render.Damage(prev, f)
				onLoop(func() { p.paint(dst, f, damage, studio) })
				ref.Paint(want, f, damage, studio)
				prev = f
				got := image.NewRGBA(dst.Bounds())
				onLoop(func() { dst.ReadPixels(got.Pix) })
				diff, where, _ := glasstest.Difference(got, want)
				require.LessOrEqual(t, diff, most, "%s after %v at %v", name, at, where)
				require.NotEmpty(t, p.layers.kept)
				require.LessOrEqual(t, p.layers.bytes, 2*4*size.X*size.Y+1<<20, name)
				requireBudget(t, p, name)
			}
			onLoop(func() { p.paint(dst, after, render.Damage(prev, after), studio) })
			require.Empty(t, p.layers.kept, name)
			require.Zero(t, p.layers.bytes, name)
		}
	}
}

// A photo that was withdrawn while it moved is nowhere on the GPU
// from the next frame on.
func TestWithdrawnPhotoLeavesTheGPUWithItsLayer(t *testing.T) {
	size := image.Pt(400, 300)
	dst := canvas(t, size)
	p, pictures := &painter{}, &glasstest.Pictures{}
	photo := render.Op{Kind: render.PictureOp, Rect: image.Rect(10, 10, 110, 110), Alpha: 255, Picture: render.Picture{Source: "photo:1", Size: image.Pt(100, 100)}}
	layer := &render.Layer{Bounds: photo.Rect, Ops: []render.Op{photo}}
	f := &render.Frame{Size: size, Ops: []render.Op{{Kind: render.LayerOp, Rect: photo.Rect.Add(image.Pt(5, 0)), Layer: layer, Alpha: 200}}}
	onLoop(func() {
		for range 3 { // what moves keeps what it is made of
			p.paint(dst, f, []image.Rectangle{{Max: size}}, pictures)
		}
	})
	require.Equal(t, 1, pictures.Asked)
	require.Equal(t, 2*4*100*100, p.pictures.bytes+p.layers.bytes)
	next := &render.Frame{Size: size}
	onLoop(func() { p.paint(dst, next, render.Damage(f, next), pictures) })
	require.Zero(t, p.pictures.bytes+p.layers.bytes)
	require.Empty(t, p.pictures.kept)
	require.Empty(t, p.layers.kept)
}

// What a frame in between costs the CPU in allocations, by the GPU: the frame, its
// damage, and nothing for each pixel. It was 10 when this was written.
func TestFrameInBetweenAllocatesWithinItsBudget(t *testing.T) {
	size := image.Pt(1920, 1080)
	_, _, studio, all := moves(t, size)
	m := all["page"]
	p, dst := &painter{}, canvas(t, size)
	prev, _ := m.Frame(20 * time.Millisecond)
	onLoop(func() { p.paint(dst, prev, []image.Rectangle{{Max: size}}, studio) })
	at := 20 * time.Millisecond
	step := func() {
		at += time.Millisecond
		f, _ := m.Frame(at)
		p.paint(dst, f, render.Damage(prev, f), studio)
		prev = f
	}
	var n float64
	onLoop(func() { n = testing.AllocsPerRun(50, step) })
	t.Logf("%.0f allocations a frame", n)
	require.LessOrEqual(t, n, 20.0)
}

// A desk keeps the pictures it was asked for, as a wall does.
type desk struct {
	render.Images
	kept map[render.Picture]*image.RGBA
}

func (d desk) Image(p render.Picture) *image.RGBA {
	if d.kept[p] == nil {
		d.kept[p] = d.Images.Image(p)
	}
	return d.kept[p]
}

// BenchmarkTransition times a frame in between of a page that follows another: the
// first, which makes the layers, until the GPU has been told of it; the next until it
// has drawn it, and (told-ns/op) until it has been told.
func BenchmarkTransition(b *testing.B) {
	size := image.Pt(1920, 1080)
	before, after, studio, all := moves(b, size)
	photos := desk{studio, map[render.Picture]*image.RGBA{}}
	p, dst := &painter{}, canvas(b, size)
	one := make([]byte, 4)
	finish := func() { dst.SubImage(image.Rect(0, 0, 1, 1)).(*ebiten.Image).ReadPixels(one) }
	whole := []image.Rectangle{{Max: size}}
	b.Run("1920x1080/page/first", func(b *testing.B) {
		b.ReportAllocs()
		onLoop(func() {
			for b.Loop() {
				b.StopTimer()
				p.paint(dst, before, whole, photos)
				finish()
				b.StartTimer()
				m := motion.Begin(motion.Forward, before, after, motion.Options{Scale: 1})
				f, _ := m.Frame(motion.Every)
				p.paint(dst, f, render.Damage(before, f), photos)
			}
		})
	})
	b.Run("1920x1080/page/next", func(b *testing.B) {
		m := all["page"]
		b.ReportAllocs()
		onLoop(func() {
			prev, _ := m.Frame(motion.Every)
			p.paint(dst, prev, whole, photos)
			var told time.Duration
			for n := 0; b.Loop(); n++ {
				f, _ := m.Frame(motion.Every * time.Duration(1+n%6)) // both pages are there
				began := time.Now()
				p.paint(dst, f, render.Damage(prev, f), photos)
				told += time.Since(began)
				finish()
				prev = f
			}
			b.ReportMetric(float64(told.Nanoseconds())/float64(b.N), "told-ns/op")
		})
	})
}
