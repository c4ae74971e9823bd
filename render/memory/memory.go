// Package memory is a presenter whose panel is a picture in memory: for tests of
// a whole player, and for simulating many. Fingers are put on it by the program.
package memory

// Flow, a change on its way to the glass (the ninth and last hop; the eighth is
// player/ui/view.go):
//
//	Frame and damage → painted by render/soft into a picture in memory; this frame
//	is now the frame shown

import (
	"context"
	"image"
	"sync"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/soft"
)

// Options say what panel it is.
type Options struct {
	Size   image.Point   // in pixels
	MM     image.Point   // in millimetres; zero: not known
	Images render.Images // pictures of the frames; nil: none
}

// A Screen is a presenter in memory. See [glass.Presenter] for who may call
// what; Picture, Frame and Tap may be called by anybody.
type Screen struct {
	panel  glass.Panel
	images render.Images
	input  *glass.Input
	finger *glass.Source
	paint  soft.Painter
	done   chan struct{} // closed by Close
	end    sync.Once

	state struct {
		sync.Mutex
		canvas *image.RGBA
		frames int // presented so far
		pixels int // painted so far
	}
}

var _ glass.Presenter = (*Screen)(nil)

// Open returns a black screen.
func Open(o Options) *Screen {
	s := &Screen{
		panel: glass.Panel{Size: o.Size, MM: o.MM}, images: o.Images,
		input: glass.NewInput(), done: make(chan struct{}),
	}
	s.finger = s.input.Source()
	s.state.canvas = image.NewRGBA(image.Rectangle{Max: o.Size})
	return s
}

// Run implements [glass.Presenter].
func (s *Screen) Run(ctx context.Context) error {
	select {
	case <-ctx.Done():
	case <-s.done:
	}
	return s.Close()
}

// Panel implements [glass.Presenter].
func (s *Screen) Panel() glass.Panel { return s.panel }

// Input implements [glass.Presenter].
func (s *Screen) Input() *glass.Input { return s.input }

// Blank implements [glass.Presenter]: there is no light.
func (s *Screen) Blank(bool) error { return glass.ErrNoLight }

// Present implements [glass.Presenter].
func (s *Screen) Present(f *render.Frame, damage []image.Rectangle) error {
	s.state.Lock()
	defer s.state.Unlock()
	s.state.frames++
	for _, r := range damage {
		s.state.pixels += r.Dx() * r.Dy()
	}
	s.paint.Paint(s.state.canvas, f, damage, s.images)
	s.input.Show(f)
	return nil
}

// Close implements [glass.Presenter].
func (s *Screen) Close() error {
	s.end.Do(func() {
		s.input.Close()
		close(s.done)
	})
	return nil
}

// Frame returns the frame on the glass, or nil.
func (s *Screen) Frame() *render.Frame { return s.input.Shown() }

// Picture returns a copy of what is on the glass.
func (s *Screen) Picture() *image.RGBA {
	s.state.Lock()
	defer s.state.Unlock()
	c := *s.state.canvas
	c.Pix = append([]uint8(nil), c.Pix...)
	return &c
}

// Drawn returns how many frames, and how many pixels of them, were drawn so far.
func (s *Screen) Drawn() (frames, pixels int) {
	s.state.Lock()
	defer s.state.Unlock()
	return s.state.frames, s.state.pixels
}

// Kept returns how many bytes of what was shown are kept beside the picture, to be
// shown once more: those of layers.
func (s *Screen) Kept() int {
	s.state.Lock()
	defer s.state.Unlock()
	return s.paint.Kept()
}

// LetGo lets go of what is kept for the next frame.
func (s *Screen) LetGo() {
	s.state.Lock()
	defer s.state.Unlock()
	s.paint.Forget()
}

// Contact puts a finger on the glass, moves it or lifts it.
func (s *Screen) Contact(finger int, phase glass.Phase, at image.Point) {
	s.finger.Contact(finger, phase, at)
}

// Tap touches the glass and lets go.
func (s *Screen) Tap(at image.Point) {
	s.Contact(0, glass.Down, at)
	s.Contact(0, glass.Up, at)
}
