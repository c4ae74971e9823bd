package x11

// Flow, a change on its way to the glass (the ninth and last hop; the eighth is
// player/ui/view.go):
//
//	Frame and damage → painted by render/soft → shared with the X server → on the
//	glass; this frame is now the frame shown

import (
	"errors"
	"fmt"
	"image"

	"github.com/jezek/xgb/xproto"

	"tavle/render"
)

var errClosed = errors.New("x window: closed")

// Present paints the damaged parts of f and has the server show them. It
// returns when the server has done so.
func (w *Window) Present(f *render.Frame, damage []image.Rectangle) error {
	whole := image.Rectangle{Max: f.Size}
	if w.canvas == nil || w.canvas.Rect != whole {
		w.canvas = image.NewRGBA(whole)
		damage = []image.Rectangle{whole}
	}
	w.paint.Paint(w.canvas, f, damage, w.opt.Images)
	if err := w.show(damage); err != nil {
		return err
	}
	w.input.Show(f)
	return nil
}

// show copies the damaged parts of the canvas to the server's memory and has it
// show them; without damage it shows all of the picture again.
func (w *Window) show(damage []image.Rectangle) error {
	w.onServer.Lock()
	defer w.onServer.Unlock()
	if w.onServer.closed {
		return errClosed
	}
	size := w.opt.Rotation.Size(w.canvas.Rect.Size())
	if w.onServer.memory == nil || w.onServer.Size != size {
		if w.onServer.memory != nil {
			w.onServer.free(w.d.conn)
		}
		w.onServer.memory = w.newMemory(size)
	}
	m := w.onServer.memory
	if len(damage) == 0 {
		if err := w.put(m, image.Rectangle{Max: size}); err != nil {
			return err
		}
	}
	for _, r := range damage {
		r = m.Copy(w.canvas, r, w.opt.Rotation)
		if r.Empty() {
			continue
		}
		if err := w.put(m, r); err != nil {
			return err
		}
	}
	return w.d.wait()
}

// repaint has the server show a part of the picture it has lost.
func (w *Window) repaint(r image.Rectangle) error {
	w.onServer.Lock()
	defer w.onServer.Unlock()
	m := w.onServer.memory
	if m == nil {
		return nil
	}
	if r = r.Intersect(image.Rectangle{Max: m.Size}); r.Empty() {
		return nil
	}
	return w.put(m, r)
}

// wait returns when the server has done everything it was asked for. Only then
// may its memory be written again.
func (d *Display) wait() error {
	if _, err := xproto.GetInputFocus(d.conn).Reply(); err != nil {
		return fmt.Errorf("x display: %w", err)
	}
	return nil
}
