package x11

import (
	"context"
	"errors"
	"image"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xproto"

	"tavle/render/glass"
)

// Run hears the window until ctx ends or the window is closed, and closes it.
// It sleeps until the server says something.
func (w *Window) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = w.Close() })
	defer stop()
	defer func() { _ = w.Close() }()
	for {
		e, xerr := w.d.conn.WaitForEvent()
		switch {
		case e == nil && xerr == nil:
			if w.isClosed() {
				return nil
			}
			return errors.New("x display: the connection was lost")
		case xerr != nil:
			// A request without an answer went wrong: the picture may not be
			// there, but the next one tries again.
			w.opt.Log.WarnContext(ctx, "x request refused", "error", xerr.Error())
		default:
			if _, gone := e.(xproto.DestroyNotifyEvent); gone {
				return errors.New("x window: another program has destroyed it")
			}
			w.hear(e)
		}
	}
}

func (w *Window) isClosed() bool {
	w.onServer.Lock()
	defer w.onServer.Unlock()
	return w.onServer.closed
}

// hear does what one event asks for.
func (w *Window) hear(e xgb.Event) {
	switch e := e.(type) {
	case xproto.ExposeEvent:
		r := image.Rect(0, 0, int(e.Width), int(e.Height)).Add(image.Pt(int(e.X), int(e.Y)))
		if err := w.repaint(r); err != nil {
			w.opt.Log.Warn("x repaint", "error", err)
		}
	case xproto.MapNotifyEvent:
		if w.whole() && !w.d.managed() { // nobody else gives us the keyboard
			xproto.SetInputFocus(w.d.conn, xproto.InputFocusPointerRoot, w.id, xproto.TimeCurrentTime)
		}
	case xproto.ConfigureNotifyEvent:
		size := image.Pt(int(e.Width), int(e.Height))
		if w.opt.Rotation.Size(w.Panel().Size) != size {
			w.input.Put(glass.Resized{Panel: w.resized(size)})
		}
	case randr.ScreenChangeNotifyEvent:
		w.follow()
	case xproto.ButtonPressEvent, xproto.ButtonReleaseEvent, xproto.MotionNotifyEvent, xproto.LeaveNotifyEvent:
		w.touch(e)
	case xproto.UnmapNotifyEvent:
		w.mouse.Release()
	case xproto.KeyPressEvent:
		w.keys.press(e, w.input)
	case xproto.KeyReleaseEvent:
		w.keys.release(e)
	case xproto.MappingNotifyEvent:
		if m, err := w.d.keyMapping(); err == nil {
			w.keys.mapping = m
		}
	case xproto.ClientMessageEvent:
		if e.Type == w.names.protocols && e.Data.Data32[0] == uint32(w.names.deleteWindow) {
			w.input.Put(glass.Closed{})
		}
	}
}

// follow gives the window the size of its monitor, which has another now, or is
// another. With a window manager that is the manager's to do.
func (w *Window) follow() {
	if w.d.managed() {
		return
	}
	a := w.area()
	xproto.ConfigureWindow(w.d.conn, w.id,
		xproto.ConfigWindowX|xproto.ConfigWindowY|xproto.ConfigWindowWidth|xproto.ConfigWindowHeight,
		[]uint32{uint32(a.Min.X), uint32(a.Min.Y), uint32(a.Dx()), uint32(a.Dy())})
}
