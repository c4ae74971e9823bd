package kms

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"tavle/render/glass"
)

// Run hears of panels that are plugged in and out until ctx ends or the screen
// is closed, and closes it. It returns an error when the card itself is gone.
func (s *Screen) Run(ctx context.Context) error {
	defer func() { _ = s.Close() }()
	stop := context.AfterFunc(ctx, s.plugs.close)
	defer stop()
	for s.plugs.wait() {
		if err := s.replug(ctx); err != nil {
			return err
		}
	}
	return nil
}

// replug looks again what is plugged in, and tells of another panel.
func (s *Screen) replug(ctx context.Context) error {
	s.state.Lock()
	defer s.state.Unlock()
	if s.state.closed {
		return nil
	}
	another, err := s.plug()
	switch {
	case errors.Is(err, unix.ENODEV):
		return fmt.Errorf("kms: the graphics card is gone: %w", err)
	case err != nil: // the next event tries again
		s.log.WarnContext(ctx, "panel not lit", "error", err)
	case another:
		s.input.Put(glass.Resized{Panel: s.state.panel})
	}
	return nil
}

// plug takes the panel that is plugged in, and reports whether it is another
// than before or was out meanwhile. The picture goes up again at once where it
// fits, else the panel is black until the next frame.
func (s *Screen) plug() (another bool, err error) {
	st := &s.state
	all, err := st.card.outputs()
	if err != nil {
		return false, err
	}
	o := pick(all, s.opt.Connector)
	if o == nil {
		if st.output != nil {
			s.log.Info("panel unplugged", "connector", st.output.name)
			s.unplug()
		}
		return false, nil
	}
	mode, asked := choose(o.modes, s.opt.Mode)
	if st.output != nil && st.output.connector == o.connector && st.mode == mode {
		return false, s.wakeAgain(o)
	}
	s.unplug()
	if err := s.take(o, mode); err != nil {
		s.unplug()
		return false, err
	}
	s.log.Info("panel plugged", "connector", o.name, "mode", mode.String(), "as_configured", asked || s.opt.Mode == "")
	return true, nil
}

// wakeAgain sets the mode of a panel that went and came back before anybody
// looked, or changed its input: some stay dark otherwise.
func (s *Screen) wakeAgain(o *output) error {
	st := &s.state
	st.output = o
	if st.bufs[1] == nil { // a flip that failed may have been the plug's doing
		st.bufs[1], _ = st.card.buffer(st.mode.size())
	}
	if st.dark || st.canvas == nil {
		return nil
	}
	return s.relight()
}

// take sets a panel's mode and shows what there is to show.
func (s *Screen) take(o *output, mode modeInfo) error {
	st := &s.state
	st.output, st.mode = o, mode
	size := mode.size()
	var err error
	if st.bufs[0], err = st.card.buffer(size); err != nil {
		return err
	}
	if st.bufs[1], err = st.card.buffer(size); err != nil {
		s.log.Warn("no memory to flip between two pictures", "connector", o.name, "error", err)
	}
	st.panel = glass.Panel{
		Size: s.opt.Rotation.Size(size),
		MM:   s.opt.Rotation.Size(glass.PlausibleMM(size, o.mm)),
	}
	if st.canvas != nil && st.canvas.Rect.Size() != st.panel.Size {
		st.canvas = nil
	}
	if st.canvas != nil && !st.dark {
		return s.relight()
	}
	if err := st.card.show(o, mode, st.bufs[0]); err != nil {
		return err
	}
	if st.dark { // a television that is switched on at night
		return st.card.light(o, false)
	}
	return nil
}

// unplug forgets the panel and gives its memory back.
func (s *Screen) unplug() {
	st := &s.state
	for i, b := range st.bufs {
		if b != nil {
			st.card.free(b)
			st.bufs[i] = nil
		}
	}
	st.output, st.front = nil, 0
}
