package page

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/glass/glasstest"
	"tavle/render/soft"
)

// serve serves a server on a loopback address until the test ends.
func serve(t testing.TB, s *Server) net.Listener {
	t.Helper()
	l, err := Listen(context.Background(), "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
	return l
}

// A browser is as much of one as the tests need: it has a canvas, draws what it
// is told and posts what it does.
type browser struct {
	t       testing.TB
	url     string
	body    io.ReadCloser
	lines   *bufio.Reader
	canvas  *image.RGBA
	last    message
	viewer  int
	pending []map[string]any
}

func browse(t testing.TB, url string) *browser {
	t.Helper()
	r, err := http.Get(url + "frames")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, r.StatusCode)
	b := &browser{t: t, url: url, body: r.Body, lines: bufio.NewReader(r.Body)}
	t.Cleanup(func() { b.body.Close() })
	b.read()
	b.viewer = b.last.Viewer
	require.NotZero(t, b.viewer)
	return b
}

// read draws one message.
func (b *browser) read() {
	b.t.Helper()
	line, err := b.lines.ReadString('\n')
	require.NoError(b.t, err)
	_, err = b.lines.ReadString('\n') // the empty line after it
	require.NoError(b.t, err)
	b.last = message{}
	require.NoError(b.t, json.Unmarshal([]byte(strings.TrimPrefix(line, "data: ")), &b.last))
	size := image.Pt(b.last.Width, b.last.Height)
	if b.canvas == nil || b.canvas.Rect.Max != size {
		b.canvas = image.NewRGBA(image.Rectangle{Max: size})
	}
	for _, t := range b.last.Tiles {
		img, err := png.Decode(bytes.NewReader(t.PNG))
		require.NoError(b.t, err)
		draw.Draw(b.canvas, img.Bounds().Add(image.Pt(t.X, t.Y)), img, image.Point{}, draw.Src)
	}
}

// readTo draws messages up to frame n.
func (b *browser) readTo(n int) {
	b.t.Helper()
	for b.last.Frame < n {
		b.read()
	}
}

func (b *browser) do(what string, contact, frame int, at image.Point) *browser {
	b.pending = append(b.pending, map[string]any{"do": what, "contact": contact, "frame": frame, "x": at.X, "y": at.Y})
	return b
}

func (b *browser) key(name string) *browser {
	b.pending = append(b.pending, map[string]any{"do": "key", "key": name})
	return b
}

// post sends what was done and returns the status.
func (b *browser) post() int {
	b.t.Helper()
	body, err := json.Marshal(map[string]any{"viewer": b.viewer, "events": b.pending})
	require.NoError(b.t, err)
	b.pending = nil
	r, err := http.Post(b.url+"touches", "application/json", bytes.NewReader(body))
	require.NoError(b.t, err)
	r.Body.Close()
	return r.StatusCode
}

func painted(f *render.Frame) *image.RGBA {
	return new(soft.Painter).Image(f, &glasstest.Pictures{})
}

func event(t testing.TB, in *glass.Input) glass.Event {
	t.Helper()
	select {
	case e := <-in.Events():
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("no event came")
		return nil
	}
}

// Issue 2, item 6: the page shows what the wall shows, pixel by pixel, and goes
// on doing so when a part changes.
func TestPageShowsWhatTheReferencePainterPaints(t *testing.T) {
	s := NewServer(Words{})
	size := image.Pt(320, 240)
	c := s.Add(Options{Size: size, Images: &glasstest.Pictures{}})
	b := browse(t, s.URL(serve(t, s), 1))
	m := glasstest.NewMaker(4)
	f, damage := m.Frame(size), []image.Rectangle{{Max: size}}
	for n := 1; n <= 6; n++ {
		require.NoError(t, c.Present(f, damage))
		b.readTo(n)
		most, at, _ := glasstest.Difference(b.canvas, painted(f))
		require.Zero(t, most, "frame %d at %v", n, at)
		next := m.Next(f)
		f, damage = next, render.Damage(f, next)
	}
}

// Whoever comes late or reads slowly gets the sum of what changed.
func TestSlowPageCatchesUpInOneStep(t *testing.T) {
	s := NewServer(Words{})
	size := image.Pt(320, 240)
	c := s.Add(Options{Size: size, Images: &glasstest.Pictures{}})
	m := glasstest.NewMaker(5)
	f := m.Frame(size)
	require.NoError(t, c.Present(f, nil))
	v := c.join()
	defer c.leave(v)
	c.take(v) // has seen the first
	prev := f
	canvas := painted(f)
	for range 30 {
		f = m.Next(prev)
		require.NoError(t, c.Present(f, render.Damage(prev, f)))
		prev = f
	}
	got := c.take(v)
	require.Equal(t, 31, got.Frame)
	require.LessOrEqual(t, len(got.Tiles), maxDamage)
	for _, tile := range got.Tiles {
		draw.Draw(canvas, tile.img.Rect.Add(image.Pt(tile.X, tile.Y)), tile.img, image.Point{}, draw.Src)
	}
	most, at, _ := glasstest.Difference(canvas, painted(f))
	require.Zero(t, most, "at %v", at)
}

func TestFrameOfAnotherSizeIsDrawnWhole(t *testing.T) {
	s := NewServer(Words{})
	c := s.Add(Options{Size: image.Pt(100, 80), Images: &glasstest.Pictures{}})
	b := browse(t, s.URL(serve(t, s), 1))
	m := glasstest.NewMaker(6)
	for n, size := range []image.Point{{100, 80}, {320, 240}, {60, 200}} {
		f := m.Frame(size)
		require.NoError(t, c.Present(f, nil))
		b.readTo(n + 1)
		most, at, _ := glasstest.Difference(b.canvas, painted(f))
		require.Zero(t, most, "at %v", at)
	}
}

// What is touched is what the looker saw, though the wall has moved on.
func TestTouchMeansWhatThePageShowed(t *testing.T) {
	s := NewServer(Words{})
	size := image.Pt(400, 300)
	c := s.Add(Options{Size: size})
	b := browse(t, s.URL(serve(t, s), 1))
	frame := func(what glasstest.Cell) *render.Frame {
		return &render.Frame{Size: size, Targets: []render.Target{{Rect: image.Rectangle{Max: size}, Means: what}}}
	}
	for n := 1; n <= 3*keep; n++ {
		require.NoError(t, c.Present(frame(glasstest.Cell(n)), nil))
	}
	last := 3 * keep
	at := image.Pt(20, 30)
	b.do("down", 1, last-keep, at).do("up", 1, last, at). // too long ago: nobody can say
								do("down", 2, last-keep+1, at).do("move", 2, last-1, at).do("up", 2, last, at).
								do("down", 3, last+1, at) // from the future
	require.Equal(t, http.StatusNoContent, b.post())
	var got []glasstest.Cell
	for range 3 {
		e := event(t, c.Input()).(glass.Touch)
		require.Equal(t, at, e.At)
		got = append(got, e.Target.Means.(glasstest.Cell))
	}
	require.Equal(t, []glasstest.Cell{glasstest.Cell(last - keep + 1), glasstest.Cell(last - 1), glasstest.Cell(last)}, got)
	require.Empty(t, c.Input().Events())
}

func TestTwoPagesHaveFingersOfTheirOwn(t *testing.T) {
	s := NewServer(Words{})
	size := image.Pt(400, 300)
	c := s.Add(Options{Size: size})
	require.NoError(t, c.Present(glasstest.NewMaker(1).Frame(size), nil))
	url := s.URL(serve(t, s), 1)
	a, b := browse(t, url), browse(t, url)
	a.do("down", 1, 1, image.Pt(1, 1)).post()
	b.do("down", 1, 1, image.Pt(399, 299)).post()
	x, y := event(t, c.Input()).(glass.Touch), event(t, c.Input()).(glass.Touch)
	require.NotEqual(t, x.Contact, y.Contact)
	require.Equal(t, glasstest.Cell(0), x.Target.Means)
	require.Equal(t, glasstest.Cell(11), y.Target.Means)

	a.body.Close() // the page is closed with a finger down
	gone := event(t, c.Input()).(glass.Touch)
	require.Equal(t, x.Contact, gone.Contact)
	require.Equal(t, glass.Gone, gone.Phase)
	require.Eventually(t, func() bool { return a.do("down", 2, 1, image.Point{}).post() == http.StatusGone }, 10*time.Second, time.Millisecond)
}

// keyboards. Tab stays with the browser, so that nobody is caught.
func TestKeysOfTheBrowserHaveOurNames(t *testing.T) {
	for key, want := range map[string]string{
		"a": "a", "A": "a", "Å": "å", "+": "+", "7": "7", " ": glass.KeySpace,
		"Enter": glass.KeyEnter, "ArrowLeft": glass.KeyLeft, "Escape": glass.KeyEscape,
		"F1": "f1", "F12": "f12", "F13": "", "F": "f", "F01": "", "12": "",
		"Tab": "", "Shift": "", "Dead": "", "": "", "\x00": "", "\xff": "", "Fx": "",
	} {
		require.Equal(t, want, keyName(key), "%q", key)
	}
	s := NewServer(Words{})
	c := s.Add(Options{Size: image.Pt(40, 30)})
	b := browse(t, s.URL(serve(t, s), 1))
	require.Equal(t, http.StatusNoContent, b.key("Enter").key("Shift").key("b").post())
	require.Equal(t, glass.Key{Name: glass.KeyEnter}, event(t, c.Input()))
	require.Equal(t, glass.Key{Name: "b"}, event(t, c.Input()))
}

// Issue 2, item 6: `tavle demo --screens 3 --headless`.
func TestScreensHavePagesOfTheirOwn(t *testing.T) {
	s := NewServer(Words{})
	for i := range 3 {
		size := image.Pt(100+i, 80)
		c := s.Add(Options{Size: size})
		require.NoError(t, c.Present(&render.Frame{Size: size}, nil))
	}
	l := serve(t, s)
	for i := range 3 {
		require.Equal(t, 100+i, browse(t, s.URL(l, i+1)).last.Width)
	}
	list := get(t, s.URL(l, 0), nil)
	for i := range 3 {
		require.Contains(t, list.body, fmt.Sprintf(`<a href="%d/">Screen %d</a>`, i+1, i+1))
	}
	for _, n := range []string{"0", "4", "01", "x", "-1", "+1"} {
		require.Equal(t, http.StatusNotFound, get(t, s.URL(l, 0)+n+"/", nil).status)
	}
}

func TestDarkScreenMakesADarkPage(t *testing.T) {
	s := NewServer(Words{})
	c := s.Add(Options{Size: image.Pt(40, 30)})
	b := browse(t, s.URL(serve(t, s), 1))
	require.False(t, b.last.Dark)
	require.NoError(t, c.Blank(true))
	b.read()
	require.True(t, b.last.Dark)
	require.NoError(t, c.Blank(false))
	b.read()
	require.False(t, b.last.Dark)
}

// A panel that does nothing but remember.
type panel struct {
	glass.Presenter // nothing else is called
	input           *glass.Input
	shown           int
	err             error
}

func (p *panel) Input() *glass.Input { return p.input }
func (p *panel) Present(f *render.Frame, _ []image.Rectangle) error {
	p.shown++
	return p.err
}
func (p *panel) Blank(bool) error { return glass.ErrNoLight }
func (p *panel) Close() error     { return nil }

// Issue 2, item 6: the page beside a window.
func TestPageBesideAWindowIsTheSameWall(t *testing.T) {
	s := NewServer(Words{})
	c := s.Add(Options{})
	p := &panel{input: glass.NewInput()}
	both := Tee(p, c)
	b := browse(t, s.URL(serve(t, s), 1))
	size := image.Pt(400, 300)
	f := glasstest.NewMaker(1).Frame(size)
	f.Ops = f.Ops[:1]
	require.NoError(t, both.Present(f, nil))
	require.Equal(t, 1, p.shown)
	b.readTo(1)
	b.do("down", 1, 1, image.Pt(399, 1)).post()
	require.Equal(t, glasstest.Cell(3), event(t, both.Input()).(glass.Touch).Target.Means)
	require.ErrorIs(t, both.Blank(true), glass.ErrNoLight)
	b.read()
	require.True(t, b.last.Dark)

	p.err = glass.ErrUnplugged // the page goes on
	require.ErrorIs(t, both.Present(f, nil), glass.ErrUnplugged)
	b.readTo(2)
	p.err = io.ErrUnexpectedEOF
	require.ErrorIs(t, both.Present(f, nil), io.ErrUnexpectedEOF)
	require.NoError(t, both.Close())
	require.Error(t, c.Present(f, nil))
}

// Nothing is encoded for nobody, and painting what changed costs nothing but
// time.
func TestPageThatNobodySeesAllocatesNothing(t *testing.T) {
	s := NewServer(Words{})
	size := image.Pt(320, 240)
	c := s.Add(Options{Size: size})
	f := &render.Frame{Size: size, Ops: []render.Op{{Rect: image.Rectangle{Max: size}}}}
	damage := []image.Rectangle{image.Rect(10, 10, 100, 50)}
	require.NoError(t, c.Present(f, damage))
	require.Zero(t, testing.AllocsPerRun(50, func() { _ = c.Present(f, damage) }))
}

func TestStreamsEndWithTheServerAndWithTheScreen(t *testing.T) {
	s := NewServer(Words{})
	a, b := s.Add(Options{Size: image.Pt(40, 30)}), s.Add(Options{Size: image.Pt(40, 30)})
	l, err := Listen(context.Background(), "localhost:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx, l) }()
	x, y := browse(t, s.URL(l, 1)), browse(t, s.URL(l, 2))
	require.NoError(t, a.Close())
	_, err = x.lines.ReadString('\n')
	require.ErrorIs(t, err, io.EOF)
	cancel()
	_, err = y.lines.ReadString('\n')
	require.Error(t, err)
	require.NoError(t, <-done)
	require.Empty(t, b.state.viewers, "the server waits for its streams")
}

func TestOnlySoManyLookAtOnce(t *testing.T) {
	s := NewServer(Words{})
	s.Add(Options{Size: image.Pt(40, 30)})
	url := s.URL(serve(t, s), 1)
	first := browse(t, url)
	for range maxViewers - 1 {
		browse(t, url)
	}
	require.Equal(t, http.StatusServiceUnavailable, get(t, url+"frames", nil).status)
	first.body.Close()
	require.Eventually(t, func() bool {
		r, err := http.Get(url + "frames")
		require.NoError(t, err)
		r.Body.Close()
		return r.StatusCode == http.StatusOK
	}, 10*time.Second, 5*time.Millisecond)
}
