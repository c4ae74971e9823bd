package kms

import (
	"fmt"
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/glass/glasstest"
	"tavle/render/soft"
)

func painted(f *render.Frame) *image.RGBA {
	return new(soft.Painter).Image(f, &glasstest.Pictures{})
}

// requireSeen checks that the panel shows f, turned.
func requireSeen(t testing.TB, c *fakeCard, f *render.Frame, turn glass.Rotation) {
	t.Helper()
	got := c.see()
	require.NotNil(t, got, "the panel is dark")
	want := glasstest.Turn(painted(f), turn)
	require.Equal(t, want.Rect, got.Rect)
	most, at, n := glasstest.Difference(got, want)
	require.Zero(t, most, "%d pixels differ, first at %v", n, at)
}

// events takes all events that wait.
func events(s *Screen) []glass.Event {
	var out []glass.Event
	for {
		select {
		case e := <-s.Input().Events():
			out = append(out, e)
		default:
			return out
		}
	}
}

// Issue 2, item 5: however the panel hangs and whether or not the card flips,
// after every frame the panel shows what the reference painter makes of it, and
// a card that flips never shows half a picture.
func TestPanelShowsWhatTheReferencePainterPaints(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for _, noFlip := range []bool{false, true} {
		for turn := range glass.Rotation(4) {
			t.Run(fmt.Sprintf("flips=%v/turn=%d", !noFlip, turn.Degrees()), func(t *testing.T) {
				c := &fakeCard{t: t, plugged: []output{tv(320, 240)}, noFlip: noFlip}
				s := c.screen(Options{Rotation: turn, Images: &glasstest.Pictures{}})
				require.Equal(t, glass.Panel{Size: turn.Size(image.Pt(320, 240)), MM: turn.Size(image.Pt(160, 120))}, s.Panel())
				m := glasstest.NewMaker(seed)
				f, damage := m.Frame(s.Panel().Size), []image.Rectangle(nil)
				for range 8 {
					require.NoError(t, s.Present(f, damage))
					requireSeen(t, c, f, turn)
					require.Same(t, f, s.Input().Shown())
					next := m.Next(f)
					f, damage = next, render.Damage(f, next)
				}
				require.Equal(t, noFlip, c.flips == 0)
			})
		}
	}
}

// A card that stops flipping, as some do when they have slept, goes on without.
func TestCardThatFlipsNoMoreGoesOn(t *testing.T) {
	c := &fakeCard{t: t, plugged: []output{tv(320, 240)}}
	s := c.screen(Options{Images: &glasstest.Pictures{}})
	m := glasstest.NewMaker(2)
	f := m.Frame(s.Panel().Size)
	require.NoError(t, s.Present(f, nil))
	c.noFlip = true
	for range 4 {
		next := m.Next(f)
		require.NoError(t, s.Present(next, render.Damage(f, next)))
		requireSeen(t, c, next, 0)
		f = next
	}
}

// PEERS 3, complaints 13 and 14: a television that is off at start, is switched
// off or changed for another gets the picture without anybody's help.
func TestPanelIsPluggedInAndOut(t *testing.T) {
	c := &fakeCard{t: t}
	s := c.screen(Options{Images: &glasstest.Pictures{}})
	require.Equal(t, standIn, s.Panel().Size, "there is something to make frames for")
	m := glasstest.NewMaker(3)
	require.ErrorIs(t, s.Present(m.Frame(s.Panel().Size), nil), glass.ErrUnplugged)
	require.Empty(t, events(s))

	c.plugged = []output{tv(320, 240)}
	require.NoError(t, s.look())
	require.Equal(t, []glass.Event{glass.Resized{Panel: s.Panel()}}, events(s))
	require.Equal(t, image.Pt(320, 240), s.Panel().Size)
	f := m.Frame(s.Panel().Size)
	require.NoError(t, s.Present(f, nil))
	requireSeen(t, c, f, 0)

	// Out: the house goes on, unseen. In again: what is shown is what is now.
	c.plugged = nil
	require.NoError(t, s.look())
	next := m.Next(f)
	require.ErrorIs(t, s.Present(next, render.Damage(f, next)), glass.ErrUnplugged)
	require.Equal(t, image.Pt(320, 240), s.Panel().Size)
	c.plugged = []output{tv(320, 240)}
	require.NoError(t, s.look())
	requireSeen(t, c, next, 0)
	require.Same(t, next, s.Input().Shown())
	require.Equal(t, []glass.Event{glass.Resized{Panel: s.Panel()}}, events(s))

	// Another panel: black until there is a frame for it.
	c.plugged = []output{tv(200, 100)}
	require.NoError(t, s.look())
	require.Equal(t, []glass.Event{glass.Resized{Panel: s.Panel()}}, events(s))
	most, _, _ := glasstest.Difference(c.see(), image.NewRGBA(image.Rect(0, 0, 200, 100)))
	require.Zero(t, most)
	f = m.Frame(s.Panel().Size)
	require.NoError(t, s.Present(f, nil))
	requireSeen(t, c, f, 0)
}

// A frame that was made for the panel before must not hurt.
func TestFrameOfTheFormerSizeIsShownAsFarAsItGoes(t *testing.T) {
	c := &fakeCard{t: t, plugged: []output{tv(320, 240)}}
	s := c.screen(Options{})
	m := glasstest.NewMaker(3)
	old := m.Frame(s.Panel().Size)
	require.NoError(t, s.Present(old, nil))
	c.plugged = []output{tv(200, 300)}
	require.NoError(t, s.look())
	require.NoError(t, s.Present(old, nil))
	f := m.Frame(s.Panel().Size)
	f.Ops = f.Ops[:1]
	require.NoError(t, s.Present(f, nil))
	requireSeen(t, c, f, 0)
}

// A panel that blinks, or changes its input, is set up again though nothing
// else has changed.
func TestSamePanelIsWokenAgain(t *testing.T) {
	c := &fakeCard{t: t, plugged: []output{tv(320, 240)}}
	s := c.screen(Options{Images: &glasstest.Pictures{}})
	f := glasstest.NewMaker(3).Frame(s.Panel().Size)
	require.NoError(t, s.Present(f, nil))
	c.panel = make([]byte, len(c.panel))
	before := c.shows
	require.NoError(t, s.look())
	require.Equal(t, before+1, c.shows)
	requireSeen(t, c, f, 0)
	require.Len(t, events(s), 1, "only the first plug")
}

func TestDarkPanelStaysDarkAndWakesWithTheLastFrame(t *testing.T) {
	c := &fakeCard{t: t, plugged: []output{tv(320, 240)}}
	s := c.screen(Options{Images: &glasstest.Pictures{}})
	m := glasstest.NewMaker(4)
	f := m.Frame(s.Panel().Size)
	require.NoError(t, s.Present(f, nil))
	require.NoError(t, s.Blank(true))
	require.False(t, c.lit)
	flips, shows := c.flips, c.shows
	next := m.Next(f)
	require.NoError(t, s.Present(next, render.Damage(f, next)))
	require.Equal(t, [2]int{flips, shows}, [2]int{c.flips, c.shows}, "nothing is copied in the dark")

	// Televisions come and go at night; some light up by themselves.
	require.NoError(t, s.look())
	require.False(t, c.lit)
	c.plugged = nil
	require.NoError(t, s.look())
	c.plugged = []output{tv(320, 240)}
	require.NoError(t, s.look())
	require.False(t, c.lit)

	require.NoError(t, s.Blank(false))
	requireSeen(t, c, next, 0)
	f = m.Next(next)
	require.NoError(t, s.Present(f, render.Damage(next, f)))
	requireSeen(t, c, f, 0)
}

func TestScreenThatIsBlankedUnpluggedIsDarkWhenPlugged(t *testing.T) {
	c := &fakeCard{t: t}
	s := c.screen(Options{})
	require.NoError(t, s.Blank(true))
	c.plugged = []output{tv(320, 240)}
	require.NoError(t, s.look())
	require.False(t, c.lit)
	require.NoError(t, s.Blank(false))
	f := glasstest.NewMaker(4).Frame(s.Panel().Size)
	f.Ops = f.Ops[:1]
	require.NoError(t, s.Present(f, nil))
	requireSeen(t, c, f, 0)
}

func TestCardThatIsGoneEndsTheScreen(t *testing.T) {
	c := &fakeCard{t: t, plugged: []output{tv(320, 240)}}
	s := c.screen(Options{})
	c.gone = true
	require.ErrorContains(t, s.look(), "gone")
}

func TestClosedScreenShowsNothing(t *testing.T) {
	c := &fakeCard{t: t, plugged: []output{tv(320, 240)}}
	s := c.screen(Options{})
	require.NoError(t, s.Close())
	require.Error(t, s.Present(glasstest.NewMaker(4).Frame(image.Pt(320, 240)), nil))
	require.Error(t, s.Blank(true))
	require.NoError(t, s.look())
}

// The minute that passes costs no memory.
func TestClockTickAllocatesNothing(t *testing.T) {
	for _, noFlip := range []bool{false, true} {
		c := &quiet{fakeCard{t: t, plugged: []output{tv(320, 240)}}}
		s := newScreen(Options{}, c)
		require.NoError(t, s.look())
		if noFlip {
			s.state.card.free(s.state.bufs[1])
			s.state.bufs[1] = nil
		}
		f := &render.Frame{Size: s.Panel().Size, Ops: []render.Op{{Rect: image.Rectangle{Max: s.Panel().Size}}}}
		damage := []image.Rectangle{image.Rect(10, 10, 100, 40)}
		require.NoError(t, s.Present(f, damage))
		require.NoError(t, s.Present(f, damage))
		require.Zero(t, testing.AllocsPerRun(50, func() { _ = s.Present(f, damage) }), "noFlip=%v", noFlip)
	}
}

// quiet is a card without the checks, which allocate.
type quiet struct{ fakeCard }

func (c *quiet) flip(*output, *buffer) error                 { return nil }
func (c *quiet) dirty(*buffer, []image.Rectangle) error      { return nil }
func (c *quiet) show(_ *output, _ modeInfo, b *buffer) error { return nil }

func BenchmarkPresent(b *testing.B) {
	size := image.Pt(1920, 1080)
	for turn := range glass.Rotation(2) {
		for name, damage := range map[string]image.Rectangle{"clock tick": image.Rect(96, 60, 496, 180), "full": {Max: turn.Size(size)}} {
			b.Run(fmt.Sprintf("1920x1080/turn=%d/%s", turn.Degrees(), name), func(b *testing.B) {
				s := newScreen(Options{Rotation: turn}, &quiet{fakeCard{t: b, plugged: []output{tv(size.X, size.Y)}}})
				require.NoError(b, s.look())
				f := &render.Frame{Size: s.Panel().Size, Ops: []render.Op{{Rect: image.Rectangle{Max: s.Panel().Size}}}}
				d := []image.Rectangle{damage}
				b.ReportAllocs()
				for b.Loop() {
					if err := s.Present(f, d); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
