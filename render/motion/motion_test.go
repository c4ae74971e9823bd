package motion

import (
	"image"
	"image/color"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/render"
)

// The curves are CSS's, at points that a browser gives for them.
func TestCurves(t *testing.T) {
	for _, e := range []Ease{Standard, Out, In, Linear} {
		require.Zero(t, e.At(0))
		require.Zero(t, e.At(-1))
		require.InDelta(t, 1, e.At(1), 0)
		require.InDelta(t, 1, e.At(7), 0)
		last := 0.0
		for i := 1; i <= 1000; i++ {
			v := e.At(float64(i) / 1000)
			require.GreaterOrEqual(t, v, last, "%v only grows", e)
			last = v
		}
	}
	require.InDelta(t, .5, Ease{.25, .25, .75, .75}.At(.5), 1e-5)
	require.InDelta(t, .8024, Ease{.25, .1, .25, 1}.At(.5), 1e-3, "ease")
	require.InDelta(t, .3154, Ease{.42, 0, 1, 1}.At(.5), 1e-3, "ease-in")
	require.InDelta(t, .6846, Ease{0, 0, .58, 1}.At(.5), 1e-3, "ease-out")
}

func BenchmarkEase(b *testing.B) {
	for b.Loop() {
		Standard.At(.37)
	}
}

var size = image.Pt(400, 300)

func box(x, y, w, h int, c uint8) render.Op {
	return render.Op{Rect: image.Rect(x, y, x+w, y+h), Color: color.RGBA{c, c, c, 255}}
}

func frame(ops ...render.Op) *render.Frame {
	return &render.Frame{Size: size, Ops: append([]render.Op{box(0, 0, 400, 300, 9)}, ops...)}
}

// layers returns the layers of a frame in between.
func layers(f *render.Frame) (out []render.Op) {
	for _, op := range f.Ops {
		if op.Kind == render.LayerOp {
			out = append(out, op)
		}
	}
	return out
}

var full = Options{Scale: 1}

// A page comes from where reading goes to and fades in, over 320 ms; the
// one before is gone after 120; back it is 280 and from the other side; mirrored,
// the sides are. What both have stands still.
func TestPageComesFromTheSide(t *testing.T) {
	both := box(0, 250, 400, 50, 4)
	before, after := frame(box(20, 20, 50, 50, 1), both), frame(box(80, 20, 60, 60, 2), both)
	for _, c := range []struct {
		kind   Kind
		rtl    bool
		length time.Duration
		first  int
	}{{Forward, false, 320 * time.Millisecond, 48}, {Back, false, 280 * time.Millisecond, -48}, {Forward, true, 320 * time.Millisecond, -48}, {Back, true, 280 * time.Millisecond, 48}} {
		next := *after
		next.RTL = c.rtl
		m := Begin(c.kind, before, &next, full)
		require.Equal(t, c.length, m.Length())
		f, again := m.Frame(time.Millisecond)
		require.Equal(t, Every, again)
		require.Contains(t, f.Ops, both)
		require.Len(t, layers(f), 1, "what comes is not to be seen yet")
		f, _ = m.Frame(10 * time.Millisecond)
		require.Len(t, layers(f), 2)
		in := layers(f)[1]
		require.InDelta(t, 80+c.first, in.Rect.Min.X, 10)
		require.Equal(t, 20, in.Rect.Min.Y)
		require.Equal(t, image.Pt(60, 60), in.Rect.Size())
		f, _ = m.Frame(121 * time.Millisecond)
		require.Len(t, layers(f), 1, "what was before has gone")
		f, _ = m.Frame(c.length - time.Millisecond)
		require.InDelta(t, 80, layers(f)[0].Rect.Min.X, 1)
		require.Greater(t, layers(f)[0].Alpha, uint8(250))
		f, _ = m.Frame(c.length)
		require.Nil(t, f)
	}
}

// A dialog grows from .96 while the page darkens, and what lies below is
// the page after at once.
func TestDialogGrowsWhileThePageDarkens(t *testing.T) {
	scrim := render.Op{Rect: image.Rectangle{Max: size}, Color: color.RGBA{0, 0, 0, 158}}
	page, after := frame(box(20, 20, 50, 50, 1)), frame(box(20, 20, 50, 50, 2), scrim, box(100, 100, 200, 100, 3))
	after.Parts = []render.Part{{Name: Scrim{}, First: 2, Last: 3}, {Name: Dialog{}, First: 3, Last: 4}}
	m := Begin(Over, page, after, full)
	require.Equal(t, 280*time.Millisecond, m.Length())
	f, _ := m.Frame(5 * time.Millisecond)
	require.Contains(t, f.Ops, after.Ops[1])
	require.InDelta(t, 192, layers(f)[0].Rect.Dx(), 2)
	dark := uint8(0)
	for at := time.Duration(0); at < m.Length(); at += Every {
		f, _ = m.Frame(at)
		for _, op := range f.Ops {
			if op.Rect == scrim.Rect && op.Color.A < 255 {
				require.GreaterOrEqual(t, op.Color.A, dark)
				dark = op.Color.A
			}
		}
	}
	require.Greater(t, dark, uint8(150))
	// And out again: without the frame before it is gone at once.
	require.Equal(t, 200*time.Millisecond, Begin(Over, after, page, full).Length())
	require.Nil(t, Begin(Over, nil, page, full))
	require.NotNil(t, Begin(Over, nil, after, full), "what comes needs no frame before")
}

// A change has nothing of the frame before on any frame; what is
// new comes within 400 ms, a new face grows from .6, and around what it is in a
// ring fades over two seconds, for which ten frames a second do.
func TestChangeHasNothingOfBefore(t *testing.T) {
	row := box(50, 50, 300, 60, 5)
	before, after := frame(row, box(60, 60, 20, 20, 1)), frame(row, box(200, 60, 40, 40, 2))
	after.Parts = []render.Part{{Name: Face{"p"}, Rect: after.Ops[2].Rect, First: 2, Last: 3}}
	after.Targets = []render.Target{{Rect: row.Rect, Drawn: row.Rect, Means: "row"}}
	m := Begin(Change, before, after, Options{Scale: 1, Ring: color.RGBA{200, 150, 50, 255}})
	require.Equal(t, 2*time.Second, m.Length())
	require.Nil(t, m.from)
	for at := time.Duration(0); at < m.Length(); at += Every {
		f, again := m.Frame(at)
		require.NotContains(t, f.Ops, before.Ops[2])
		for _, l := range layers(f) {
			require.NotContains(t, l.Layer.Ops, before.Ops[2])
		}
		if at < 400*time.Millisecond {
			require.Equal(t, Every, again)
		} else {
			require.Equal(t, 100*time.Millisecond, again)
		}
	}
	f, _ := m.Frame(3 * time.Millisecond)
	require.Equal(t, row.Rect, f.Ops[len(f.Ops)-1].Rect, "the ring")
	f, _ = m.Frame(20 * time.Millisecond)
	require.InDelta(t, 26, layers(f)[0].Rect.Dx(), 8)
	require.Nil(t, m.Toward(after), "another change ends it")
	require.Nil(t, Begin(Change, after, before, Options{Scale: 1, Style: Off}))
}

// What fades is opaque below and above, so that what is the same in both frames
// stays exactly as it is.
func TestFadeIsOfOpaqueFrames(t *testing.T) {
	before, after := frame(box(20, 20, 50, 50, 1)), frame(box(30, 20, 50, 50, 2))
	m := Begin(Tab, before, after, full)
	f, _ := m.Frame(50 * time.Millisecond)
	require.Len(t, layers(f), 2)
	for _, l := range layers(f) {
		require.True(t, l.Layer.Opaque)
	}
	require.Equal(t, uint8(255), layers(f)[0].Alpha)
	require.Nil(t, Begin(Tab, before, before, full), "nothing differs")
	require.Nil(t, Begin(Tab, nil, after, full))
	require.Nil(t, Begin(Tab, &render.Frame{Size: image.Pt(1, 1)}, after, full), "another panel")
}

// Issue 4, item 9: no layer has a side that a Pi 3's GPU cannot hold, whatever the
// panel; and layers are never more than twice the glass.
func TestLayersFitTheGPU(t *testing.T) {
	size := image.Pt(3840, 2160)
	all := image.Rectangle{Max: size}
	before := &render.Frame{Size: size, Ops: []render.Op{{Rect: all, Color: color.RGBA{A: 255}}, {Rect: all.Inset(10), Color: color.RGBA{1, 1, 1, 255}}}}
	after := &render.Frame{Size: size, Ops: []render.Op{{Rect: all, Color: color.RGBA{A: 255}}, {Rect: all.Inset(20), Color: color.RGBA{2, 2, 2, 255}}}}
	dialog := *after
	dialog.Parts = []render.Part{{Name: Dialog{}, First: 1, Last: 2}}
	for name, m := range map[string]*Move{
		"tab": Begin(Tab, before, after, full), "forward": Begin(Forward, before, after, full), "dialog": Begin(Over, before, &dialog, full),
		"change": Begin(Change, before, after, full), "reduced": Begin(Back, before, after, Options{Style: Reduced, Scale: 2}),
	} {
		f, _ := m.Frame(60 * time.Millisecond)
		require.NotEmpty(t, layers(f), name)
		area := 0
		for _, l := range layers(f) {
			s := l.Layer.Bounds.Size()
			require.LessOrEqual(t, max(s.X, s.Y), render.MaxSide, name)
			area += s.X * s.Y
		}
		require.LessOrEqual(t, area, 2*size.X*size.Y, name)
	}
}

// Two late frames in one move, and there is less movement for an hour;
// two late frames in two moves are nothing.
func TestPaceGoesByLateFrames(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	var p Pace
	took := func(did Style, ms ...int) (less bool) {
		p.Begun()
		for _, d := range ms {
			less = p.Took(time.Duration(d)*time.Millisecond, did, now) || less
		}
		return less
	}
	require.False(t, took(Full, 16, 16, 30, 16, 24))
	require.False(t, took(Full, 16, 25, 16))
	require.Equal(t, Full, p.Style(Full, now))
	require.True(t, took(Full, 16, 25, 16, 25, 16))
	require.Equal(t, Reduced, p.Style(Full, now))
	require.Equal(t, Off, p.Style(Off, now), "nobody gets more than was asked for")
	require.True(t, took(Reduced, 90, 90))
	require.Equal(t, Off, p.Style(Full, now))
	require.False(t, took(Off, 90, 90))
	require.Equal(t, Off, p.Style(Full, now.Add(59*time.Minute)))
	require.Equal(t, Full, p.Style(Full, now.Add(time.Hour)))
}
