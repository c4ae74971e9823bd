package kms

// Flow, a change on its way to the glass (the ninth and last hop; the eighth is
// player/ui/view.go):
//
//	Frame and damage → painted by render/soft → copied, turned, to the buffer that
//	is not shown → shown from the next refresh on; this frame is now the frame
//	shown

import (
	"errors"
	"image"

	"tavle/render"
	"tavle/render/glass"
)

var errClosed = errors.New("kms: closed")

// Present paints the damaged parts of f and shows them. It returns when they are
// scanned out. While no panel is plugged in it remembers the frame, for the
// moment there is one, and returns [glass.ErrUnplugged].
func (s *Screen) Present(f *render.Frame, damage []image.Rectangle) error {
	s.state.Lock()
	defer s.state.Unlock()
	st := &s.state
	if st.closed {
		return errClosed
	}
	whole := image.Rectangle{Max: f.Size}
	if st.canvas == nil || st.canvas.Rect != whole {
		st.canvas = image.NewRGBA(whole)
		st.stale = []image.Rectangle{whole}
		damage = st.stale
	}
	s.paint.Paint(st.canvas, f, damage, s.opt.Images)
	if st.output == nil {
		s.input.Show(f)
		return glass.ErrUnplugged
	}
	if err := s.update(damage); err != nil {
		return err
	}
	s.input.Show(f)
	return nil
}

// update brings the damaged parts of the canvas to the glass.
func (s *Screen) update(damage []image.Rectangle) error {
	st := &s.state
	switch {
	case st.dark:
		return nil
	case st.bufs[1] == nil:
		return s.touchUp(damage)
	}
	// The other buffer lacks what came since it was shown, too.
	back := st.bufs[1-st.front]
	for _, r := range st.stale {
		s.copy(back, r)
	}
	for _, r := range damage {
		s.copy(back, r)
	}
	err := st.card.flip(st.output, back)
	if err != nil {
		s.log.Warn("panel flips no more", "connector", st.output.name, "error", err)
		st.card.free(st.bufs[1-st.front])
		st.bufs[0], st.bufs[1], st.front = st.bufs[st.front], nil, 0
		return s.relight()
	}
	st.front = 1 - st.front
	st.stale = append(st.stale[:0], damage...)
	return nil
}

// touchUp changes the buffer that is shown, where there is no other.
func (s *Screen) touchUp(damage []image.Rectangle) error {
	st := &s.state
	st.changed = st.changed[:0]
	for _, r := range damage {
		if r = s.copy(st.bufs[0], r); !r.Empty() {
			st.changed = append(st.changed, r)
		}
	}
	if len(damage) == 0 { // put up again
		st.changed = append(st.changed, image.Rectangle{Max: st.bufs[0].Size})
	}
	if len(st.changed) == 0 {
		return nil
	}
	return st.card.dirty(st.bufs[0], st.changed)
}

// relight puts the whole canvas up as if for the first time.
func (s *Screen) relight() error {
	st := &s.state
	front := st.bufs[st.front]
	s.copy(front, st.canvas.Rect)
	st.stale = append(st.stale[:0], st.canvas.Rect)
	if err := st.card.show(st.output, st.mode, front); err != nil {
		return err
	}
	return st.card.dirty(front, []image.Rectangle{{Max: front.Size}})
}

// copy copies a part of the canvas, turned, and returns where it is then.
func (s *Screen) copy(b *buffer, r image.Rectangle) image.Rectangle {
	return b.Copy(s.state.canvas, r, s.opt.Rotation)
}
