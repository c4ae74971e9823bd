package page

// Flow, a change on its way to the glass (the ninth and last hop; the eighth is
// player/ui/view.go):
//
//	Frame and damage → painted by render/soft → whoever looks is sent what changed
//	(frames.go); this frame is now one that may be touched

import (
	"context"
	"errors"
	"image"
	"slices"
	"sync"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/soft"
)

// Options say what a screen is.
type Options struct {
	Size   image.Point   // in pixels, as the panel of [Screen.Panel]
	MM     image.Point   // the panel it stands for, in millimetres; zero: not known
	Images render.Images // pictures of the frames; nil: none
}

const (
	// keep is how many frames are kept to resolve touches against. At 60 a
	// second, who lags half a second behind still touches what he sees.
	keep = 32

	// maxViewers bounds who looks at one screen at a time.
	maxViewers = 8

	// maxDamage is how many rectangles wait for a viewer before they become one.
	maxDamage = 8
)

// A Screen is a presenter whose panel is a page. See [glass.Presenter] for who
// may call what.
type Screen struct {
	panel  glass.Panel
	images render.Images
	paint  soft.Painter
	done   chan struct{} // closed by Close
	end    sync.Once

	state struct {
		sync.Mutex
		input   *glass.Input
		canvas  *image.RGBA
		number  int                // of the frame on the canvas, from 1
		first   int                // the oldest frame that somebody may have seen
		frames  [keep]render.Frame // the last ones, for their targets
		dark    bool
		viewers []*viewer
		joined  int // viewers so far
	}
}

var _ glass.Presenter = (*Screen)(nil)

func newScreen(opt Options) *Screen {
	c := &Screen{
		panel:  glass.Panel{Size: opt.Size, MM: opt.MM},
		images: opt.Images,
		done:   make(chan struct{}),
	}
	c.state.input = glass.NewInput()
	return c
}

// Run waits until ctx ends or the screen is closed; pages are served by the
// [Server].
func (c *Screen) Run(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-c.done:
	}
	return c.Close()
}

// Panel returns the size the screen was made with.
func (c *Screen) Panel() glass.Panel { return c.panel }

// Input returns where events come from.
func (c *Screen) Input() *glass.Input {
	c.state.Lock()
	defer c.state.Unlock()
	return c.state.input
}

// Present paints the damaged parts of f and wakes who looks. It does not wait
// for them: whoever is slow gets the sum of what changed.
func (c *Screen) Present(f *render.Frame, damage []image.Rectangle) error {
	if err := c.draw(f, damage); err != nil {
		return err
	}
	c.Input().Show(f)
	return nil
}

var errClosed = errors.New("page: closed")

func (c *Screen) draw(f *render.Frame, damage []image.Rectangle) error {
	s := &c.state
	s.Lock()
	defer s.Unlock()
	select {
	case <-c.done:
		return errClosed
	default:
	}
	whole := image.Rectangle{Max: f.Size}
	if s.canvas == nil || s.canvas.Rect != whole {
		s.canvas = image.NewRGBA(whole)
		damage = []image.Rectangle{whole}
	}
	c.paint.Paint(s.canvas, f, damage, c.images)
	s.number++
	if len(s.viewers) == 0 { // nobody has seen the others
		clear(s.frames[:])
		s.first = s.number
	}
	s.frames[s.number%keep] = render.Frame{Size: f.Size, Targets: f.Targets}
	for _, v := range s.viewers {
		v.add(damage, whole)
	}
	return nil
}

// frame returns the targets of frame n, or nil when it is not kept any more or
// never was. The lock is held.
func (c *Screen) frame(n int) *render.Frame {
	s := &c.state
	if n < max(1, s.first, s.number-keep+1) || n > s.number {
		return nil
	}
	f := s.frames[n%keep]
	return &f
}

// Blank makes the page dark, or light again.
func (c *Screen) Blank(off bool) error {
	c.state.Lock()
	defer c.state.Unlock()
	c.state.dark = off
	for _, v := range c.state.viewers {
		v.add(nil, image.Rectangle{})
	}
	return nil
}

// Close ends the pages of this screen and its events.
func (c *Screen) Close() error {
	c.Input().Close()
	c.end.Do(func() { close(c.done) })
	return nil
}

// A viewer is one browser that looks.
type viewer struct {
	id    int
	wake  chan struct{}
	touch struct {
		sync.Mutex
		*glass.Source
	}

	// Under the screen's lock.
	damage []image.Rectangle
	canvas image.Rectangle // the damage is of a canvas of this size
}

// join adds a viewer, to whom everything is new; nil when there are too many.
func (c *Screen) join() *viewer {
	s := &c.state
	s.Lock()
	defer s.Unlock()
	if len(s.viewers) == maxViewers {
		return nil
	}
	s.joined++
	v := &viewer{id: s.joined, wake: make(chan struct{}, 1)}
	v.touch.Source = s.input.Source()
	s.viewers = append(s.viewers, v)
	if s.canvas != nil {
		v.add([]image.Rectangle{s.canvas.Rect}, s.canvas.Rect)
	}
	return v
}

// leave removes a viewer and lifts its fingers.
func (c *Screen) leave(v *viewer) {
	c.state.Lock()
	i := slices.Index(c.state.viewers, v)
	c.state.viewers = slices.Delete(c.state.viewers, i, i+1)
	c.state.Unlock()
	v.touch.Lock()
	defer v.touch.Unlock()
	v.touch.Release()
}

// viewer returns who joined as id, or nil.
func (c *Screen) viewer(id int) *viewer {
	c.state.Lock()
	defer c.state.Unlock()
	for _, v := range c.state.viewers {
		if v.id == id {
			return v
		}
	}
	return nil
}

// add notes what changed on a canvas and wakes the viewer.
func (v *viewer) add(damage []image.Rectangle, canvas image.Rectangle) {
	if canvas != v.canvas && len(damage) > 0 {
		v.canvas, v.damage = canvas, v.damage[:0]
	}
	v.damage = append(v.damage, damage...)
	if len(v.damage) > maxDamage {
		var all image.Rectangle
		for _, r := range v.damage {
			all = all.Union(r)
		}
		v.damage = append(v.damage[:0], all)
	}
	select {
	case v.wake <- struct{}{}:
	default: // awake already
	}
}
