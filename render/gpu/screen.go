//go:build !nogpu

package gpu

import (
	"errors"
	"image"
	"sync"

	"github.com/hajimehoshi/ebiten/v2"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/x11"
)

// Options say what window to open.
type Options struct {
	Title      string         // what a window manager writes above it
	Size       image.Point    // of the window, in pixels; zero: all of the monitor
	Rotation   glass.Rotation // of the picture on the panel
	HideCursor bool           // no arrow: for walls that are touched
	Images     render.Images  // pictures of the frames; nil: none
}

// A Screen is a presenter on a GPU. See [glass.Presenter] for who may call what.
// [Screen.Run] opens the window; until then [Screen.Panel] and [Screen.Present]
// wait.
type Screen struct {
	opt     Options
	input   *glass.Input
	jobs    chan job      // at most one: Present waits for it
	opened  chan struct{} // closed when the window has a size
	ended   chan struct{} // closed when Run has ended or never will begin
	end     sync.Once
	loop    loop
	display *x11.Display // for what Ebitengine cannot do; nil: not there

	panel struct {
		sync.Mutex
		glass.Panel
	}
	asked struct { // of the loop
		sync.Mutex
		closing, running bool
	}
}

var _ glass.Presenter = (*Screen)(nil)

// A job is a frame to be shown.
type job struct {
	frame  *render.Frame
	damage []image.Rectangle
	done   chan<- struct{}
}

// New returns a screen without a window.
func New(opt Options) *Screen {
	s := &Screen{
		opt:    opt,
		input:  glass.NewInput(),
		jobs:   make(chan job, 1),
		opened: make(chan struct{}),
		ended:  make(chan struct{}),
	}
	s.loop = newLoop(s)
	return s
}

var errClosed = errors.New("gpu: closed")

// Present has the GPU draw the damaged parts of f and returns when it has been
// told everything; the panel follows with its next refresh.
func (s *Screen) Present(f *render.Frame, damage []image.Rectangle) error {
	done := make(chan struct{})
	select {
	case <-s.ended:
		return errClosed
	case s.jobs <- job{f, damage, done}:
	}
	ebiten.ScheduleFrame()
	select {
	case <-s.ended:
		return errClosed
	case <-done:
		return nil
	}
}

// Panel returns the window's size, turned, and its millimetres if it is the
// whole of a monitor that knows them.
func (s *Screen) Panel() glass.Panel {
	select {
	case <-s.opened:
	case <-s.ended:
	}
	s.panel.Lock()
	defer s.panel.Unlock()
	return s.panel.Panel
}

// resized takes the window's size.
func (s *Screen) resized(size image.Point) {
	p := glass.Panel{Size: s.opt.Rotation.Size(size)}
	if s.opt.Size == (image.Point{}) && s.display != nil {
		if m := s.display.Monitor(); m.Area.Size() == size {
			p.MM = s.opt.Rotation.Size(m.MM)
		}
	}
	s.panel.Lock()
	s.panel.Panel = p
	s.panel.Unlock()
	select {
	case <-s.opened:
		s.input.Put(glass.Resized{Panel: p})
	default:
		close(s.opened)
	}
}

// Input returns where events come from.
func (s *Screen) Input() *glass.Input { return s.input }

// Blank switches the monitors' light off or on.
func (s *Screen) Blank(off bool) error {
	_ = s.Panel() // Run has connected to the display
	select {
	case <-s.ended:
		return errClosed
	default:
	}
	if s.display == nil {
		return glass.ErrNoLight
	}
	return s.display.Light(!off)
}

// Close has the loop end, and with it Run.
func (s *Screen) Close() error {
	s.input.Close()
	s.asked.Lock()
	defer s.asked.Unlock()
	s.asked.closing = true
	if !s.asked.running {
		s.finish()
	}
	ebiten.ScheduleFrame()
	return nil
}

// finish lets go of everybody who waits for the loop.
func (s *Screen) finish() { s.end.Do(func() { close(s.ended) }) }
