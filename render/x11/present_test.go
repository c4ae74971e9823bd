package x11

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/glass/glasstest"
	"tavle/render/soft"
	"tavle/render/x11/xvfb"
)

// start opens a window and runs it until the test ends.
func start(t testing.TB, opt Options) *Window {
	t.Helper()
	w, err := Open(opt)
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- w.Run(context.Background()) }()
	t.Cleanup(func() {
		_ = w.Close()
		require.NoError(t, <-done)
	})
	return w
}

// eye looks at the screen from outside, with a connection of its own.
type eye struct {
	*Display
	display string
}

func look(t testing.TB, display string) eye {
	t.Helper()
	d, err := Dial(display)
	require.NoError(t, err)
	t.Cleanup(d.Close)
	return eye{d, display}
}

// await looks until the screen shows want inside r.
func (e eye) await(t testing.TB, r image.Rectangle, want *image.RGBA) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		most, at, n := glasstest.Difference(xvfb.See(t, e.display, r), want)
		if most == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the screen shows something else: %d pixels, first at %v", n, at)
		}
	}
}

// painted returns what the reference painter makes of a frame.
func painted(f *render.Frame) *image.RGBA {
	dst := image.NewRGBA(image.Rectangle{Max: f.Size})
	var p soft.Painter
	p.Paint(dst, f, []image.Rectangle{dst.Rect}, &glasstest.Pictures{})
	return dst
}

// Issue 2, item 5: what stands on the glass is what the reference painter
// makes of the frame, pixel by pixel, however it travelled.
func TestWindowShowsWhatTheReferencePainterPaints(t *testing.T) {
	size := image.Pt(320, 240)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for _, c := range []struct {
		name  string
		depth int
		args  []string
	}{
		{"shared memory", 24, nil},
		{"nothing shared", 24, []string{"-extension", "MIT-SHM"}},
		{"16 bits", 16, nil},
		{"16 bits, nothing shared", 16, []string{"-extension", "MIT-SHM"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			display := xvfb.Start(t, size, c.depth, c.args...)
			e := look(t, display)
			for turn := range glass.Rotation(4) {
				t.Run(fmt.Sprint(turn.Degrees()), func(t *testing.T) {
					w := start(t, Options{Display: display, Rotation: turn, Images: &glasstest.Pictures{}})
					require.Equal(t, turn.Size(size), w.Panel().Size)
					require.Equal(t, len(c.args) == 0, w.shares)
					m := glasstest.NewMaker(seed)
					f, damage := m.Frame(w.Panel().Size), []image.Rectangle(nil)
					for range 4 {
						require.NoError(t, w.Present(f, damage))
						want := glasstest.Turn(painted(f), turn)
						if c.depth == 16 {
							narrow(want)
						}
						e.await(t, image.Rectangle{Max: size}, want)
						next := m.Next(f)
						f, damage = next, render.Damage(f, next)
					}
				})
			}
		})
	}
}

// narrow rounds colours down to what 16 bits can hold.
func narrow(img *image.RGBA) {
	for i := 0; i < len(img.Pix); i += 4 {
		img.Pix[i] &^= 7
		img.Pix[i+1] &^= 3
		img.Pix[i+2] &^= 7
	}
}

// A picture larger than one request goes to a server that shares nothing in
// bands.
func TestLargePictureIsSentInBands(t *testing.T) {
	size := image.Pt(1280, 800) // 4 MB; a request is 256 KB at most
	display := xvfb.Start(t, size, 24, "-extension", "MIT-SHM")
	w := start(t, Options{Display: display, Images: &glasstest.Pictures{}})
	f := glasstest.NewMaker(5).Frame(size)
	require.NoError(t, w.Present(f, nil))
	look(t, display).await(t, image.Rectangle{Max: size}, painted(f))
}

func TestScreenWithAPaletteIsRefused(t *testing.T) {
	_, err := Open(Options{Display: xvfb.Start(t, image.Pt(320, 240), 8)})
	require.ErrorContains(t, err, "16 or 24 bits")
}

func TestNoDisplayIsAPlainError(t *testing.T) {
	t.Setenv("DISPLAY", "")
	_, err := Open(Options{})
	require.ErrorContains(t, err, "x display")
	_, err = Open(Options{Display: ":4711"})
	require.ErrorContains(t, err, ":4711")
}

// What another window hid comes back without a new frame.
func TestUncoveredPartIsShownAgain(t *testing.T) {
	size := image.Pt(320, 240)
	display := xvfb.Start(t, size, 24)
	e := look(t, display)
	w := start(t, Options{Display: display, Images: &glasstest.Pictures{}})
	f := glasstest.NewMaker(1).Frame(size)
	require.NoError(t, w.Present(f, nil))
	want := painted(f)
	e.await(t, want.Rect, want)

	over, err := Open(Options{Display: display, Size: image.Pt(100, 80), At: image.Pt(50, 40)})
	require.NoError(t, err)
	black := image.NewRGBA(image.Rect(0, 0, 100, 80))
	e.await(t, black.Rect.Add(image.Pt(50, 40)), black)
	require.NoError(t, over.Close())
	e.await(t, want.Rect, want)
}

// Presenting without damage repairs what something else painted over ours.
func TestSameFrameAgainRepairsThePicture(t *testing.T) {
	size := image.Pt(320, 240)
	display := xvfb.Start(t, size, 24)
	e := look(t, display)
	w := start(t, Options{Display: display, Images: &glasstest.Pictures{}})
	f := glasstest.NewMaker(2).Frame(size)
	require.NoError(t, w.Present(f, nil))
	xproto.ClearArea(e.conn, false, w.id, 10, 10, 50, 50) // the server loses a part
	require.NoError(t, e.wait())
	require.NoError(t, w.Present(f, nil))
	e.await(t, image.Rectangle{Max: size}, painted(f))
}

// Issue 2, item 6: `tavle demo --screens 3`.
func TestThreeWindowsLiveInOneProcess(t *testing.T) {
	display := xvfb.Start(t, image.Pt(640, 480), 24)
	e := look(t, display)
	size := image.Pt(200, 150)
	for i := range 3 {
		at := image.Pt(1+i*210, 1)
		w := start(t, Options{Display: display, Size: size, At: at, Images: &glasstest.Pictures{}})
		f := glasstest.NewMaker(uint64(i)).Frame(size)
		require.NoError(t, w.Present(f, nil))
		e.await(t, image.Rectangle{Min: at, Max: at.Add(size)}, painted(f))
	}
}

// tick returns a home-like frame and one a minute later: a clock of 400 by 120
// pixels has changed.
func tick(size image.Point) (a, b *render.Frame, damage []image.Rectangle) {
	a = &render.Frame{Size: size, Ops: []render.Op{
		{Rect: image.Rectangle{Max: size}, Color: color.RGBA{245, 239, 228, 255}},
		{Rect: image.Rect(96, 60, 496, 180), Color: color.RGBA{28, 40, 41, 255}},
	}}
	next := *a
	next.Ops = append([]render.Op(nil), a.Ops...)
	next.Ops[1].Color.R++
	return a, &next, render.Damage(a, &next)
}

// A minute that passes costs some small messages to the server, whatever the
// size of the picture.
func TestClockTickAllocatesLittle(t *testing.T) {
	const most = 18 // all in the X library: a request that is answered and one that is not
	size := image.Pt(640, 480)
	w := start(t, Options{Display: xvfb.Start(t, size, 24)})
	a, b, damage := tick(size)
	require.NoError(t, w.Present(a, nil))
	got := testing.AllocsPerRun(100, func() {
		a, b = b, a
		_ = w.Present(a, damage)
	})
	require.LessOrEqual(t, got, float64(most))
}

func BenchmarkPresent(b *testing.B) {
	size := image.Pt(1920, 1080)
	x, y, damage := tick(size)
	for _, c := range []struct {
		name   string
		damage []image.Rectangle
	}{{"clock tick", damage}, {"full", []image.Rectangle{{Max: size}}}} {
		b.Run("1920x1080/"+c.name, func(b *testing.B) {
			w := start(b, Options{Display: xvfb.Start(b, size, 24)})
			require.NoError(b, w.Present(x, nil))
			b.ReportAllocs()
			for b.Loop() {
				x, y = y, x
				if err := w.Present(x, c.damage); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
