package kms

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"sync"
	"time"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/soft"
)

// Options say which panel to use and how.
type Options struct {
	Card      string         // such as /dev/dri/card1; empty: the first with sockets
	Connector string         // such as HDMI-A-1; empty: the first with a panel
	Mode      string         // such as 1280x720 or 1920x1080@50; empty: see the package's choose
	Rotation  glass.Rotation // of the picture on the panel
	Console   string         // such as /dev/tty1; empty: the one that is shown
	Images    render.Images  // pictures of the frames; nil: none
	Log       *slog.Logger   // nil: no log
}

// standIn is the size to make frames for while no panel was ever plugged in.
var standIn = image.Pt(1920, 1080)

// hardware is what a [Screen] needs of a [card]; tests have another.
type hardware interface {
	outputs() ([]output, error)
	buffer(size image.Point) (*buffer, error)
	free(*buffer)
	show(*output, modeInfo, *buffer) error
	flip(*output, *buffer) error
	dirty(*buffer, []image.Rectangle) error
	light(*output, bool) error
	close() error
}

// A Screen is a presenter on a panel of this machine. See [glass.Presenter] for
// who may call what.
type Screen struct {
	opt     Options
	log     *slog.Logger
	input   *glass.Input
	console *console
	plugs   *plugs
	paint   soft.Painter

	state struct {
		sync.Mutex
		card   hardware
		closed bool

		canvas *image.RGBA // what was presented last, painted; nil: nothing yet
		panel  glass.Panel
		dark   bool // the light is off, and nothing is copied

		// While a panel is plugged in:
		output *output
		mode   modeInfo
		bufs   [2]*buffer        // the second is nil where the card cannot flip
		front  int               // the buffer that is shown
		stale  []image.Rectangle // of the canvas: in which the other buffer is behind

		changed []image.Rectangle // of the panel: kept for its memory
	}
}

var _ glass.Presenter = (*Screen)(nil)

// Open takes a graphics card and the console. Without a panel it does so too,
// and [Screen.Present] says [glass.ErrUnplugged] until there is one.
func Open(ctx context.Context, opt Options) (*Screen, error) {
	c, err := awaitCard(ctx, opt.Card)
	if err != nil {
		return nil, fmt.Errorf("kms: %w", err)
	}
	s := newScreen(opt, c)
	if s.plugs, err = listen(); err != nil {
		s.log.WarnContext(ctx, "the kernel does not tell of panels, so they are looked for", "error", err)
	}
	// Without the console the picture is still there, only written over by what
	// the kernel has to say.
	if s.console, err = openConsole(opt.Console); err != nil {
		s.log.WarnContext(ctx, "console not taken", "error", err)
	}
	s.state.Lock()
	_, err = s.plug()
	s.state.Unlock()
	if err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("kms: %w", err)
	}
	return s, nil
}

// cardTimeout is how long Open waits for a card it may use, looking every
// cardPause: at power-on the kernel may still be loading its driver, and udev
// giving us the right to open it.
const (
	cardTimeout = 15 * time.Second
	cardPause   = 250 * time.Millisecond
)

func awaitCard(ctx context.Context, path string) (*card, error) {
	ctx, cancel := context.WithTimeout(ctx, cardTimeout)
	defer cancel()
	for {
		c, err := openCard(path)
		if err == nil {
			return c, nil
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(cardPause):
		}
	}
}

func newScreen(opt Options, c hardware) *Screen {
	s := &Screen{opt: opt, log: opt.Log, input: glass.NewInput()}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.state.card = c
	s.state.panel.Size = opt.Rotation.Size(standIn)
	return s
}

// Panel returns the size of the panel, turned; without one, of the last or of
// one to make do with.
func (s *Screen) Panel() glass.Panel {
	s.state.Lock()
	defer s.state.Unlock()
	return s.state.panel
}

// Input returns where events come from: player/touch puts touches and keys
// there, the screen itself what becomes of the panel.
func (s *Screen) Input() *glass.Input { return s.input }

// Blank switches the panel's light off or on; the choice holds for a panel that
// is plugged in later. In the dark frames are taken but not copied; with the
// light comes the last.
func (s *Screen) Blank(off bool) error {
	s.state.Lock()
	defer s.state.Unlock()
	st := &s.state
	if st.closed {
		return errClosed
	}
	if st.output != nil && off != st.dark {
		if err := st.card.light(st.output, !off); err != nil {
			return err
		}
	}
	st.dark = off
	if off || st.output == nil || st.canvas == nil {
		return nil
	}
	return s.relight()
}

// Close gives the card and the console back.
func (s *Screen) Close() error {
	s.input.Close()
	s.state.Lock()
	defer s.state.Unlock()
	if s.state.closed {
		return nil
	}
	s.state.closed = true
	s.plugs.close()
	s.unplug()
	err := s.state.card.close()
	s.console.close() // after the card, so that the kernel draws its text again
	return err
}
