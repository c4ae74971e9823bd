package x11

import (
	"encoding/binary"
	"fmt"
	"image"
	"log/slog"
	"sync"

	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/shm"
	"github.com/jezek/xgb/xproto"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/soft"
)

// Options say what window to open.
type Options struct {
	Display    string         // name of the X display; empty: $DISPLAY
	Title      string         // what a window manager writes above it
	Size       image.Point    // of the window, in pixels; zero: all of the monitor
	At         image.Point    // where to put a window that has a size; zero: anywhere
	Rotation   glass.Rotation // of the picture on the panel
	HideCursor bool           // no arrow: for walls that are touched
	Images     render.Images  // pictures of the frames; nil: none
	Log        *slog.Logger   // nil: no log
}

// A Window is a presenter on an X display: a window, or a whole monitor. See
// [glass.Presenter] for who may call what. Several windows live in one process
// side by side, each with a connection of its own.
type Window struct {
	d      *Display
	opt    Options
	id     xproto.Window
	gc     xproto.Gcontext
	format glass.Format
	pad    int  // rows are padded to this many bits
	shares bool // shared memory has not failed yet
	input  *glass.Input
	mouse  *glass.Source
	keys   keyboard
	names  atoms

	// Present's alone: the picture as the frame has it.
	paint  soft.Painter
	canvas *image.RGBA

	onServer struct { // the picture as the server has it
		sync.Mutex
		*memory
		closed bool
	}
	panel struct {
		sync.Mutex
		glass.Panel
	}
}

var _ glass.Presenter = (*Window)(nil)

// atoms are names the server has a number for.
type atoms struct {
	protocols, deleteWindow xproto.Atom
}

// Open opens a window and shows it, still black.
func Open(opt Options) (*Window, error) {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	d, err := Dial(opt.Display)
	if err != nil {
		return nil, err
	}
	w := &Window{d: d, opt: opt, input: glass.NewInput()}
	w.mouse = w.input.Source()
	if err := w.open(); err != nil {
		d.Close()
		return nil, err
	}
	return w, nil
}

func (w *Window) open() error {
	var err error
	if w.format, w.pad, err = w.d.format(); err != nil {
		return err
	}
	if w.keys.mapping, err = w.d.keyMapping(); err != nil {
		return err
	}
	if w.id, err = xproto.NewWindowId(w.d.conn); err != nil {
		return fmt.Errorf("x display: %w", err)
	}
	if w.gc, err = xproto.NewGcontextId(w.d.conn); err != nil {
		return fmt.Errorf("x display: %w", err)
	}
	w.shares = shm.Init(w.d.conn) == nil
	area := w.area()
	w.resized(area.Size())
	if err := w.create(area); err != nil {
		return err
	}
	w.tellManager(area)
	if w.opt.HideCursor {
		w.hideCursor()
	}
	if w.whole() {
		w.d.KeepAwake()
		if w.d.sizes {
			randr.SelectInput(w.d.conn, w.d.screen.Root, randr.NotifyMaskScreenChange)
		}
	}
	if err := xproto.MapWindowChecked(w.d.conn, w.id).Check(); err != nil {
		return fmt.Errorf("x window: show: %w", err)
	}
	return nil
}

// whole reports whether the window takes the whole monitor.
func (w *Window) whole() bool { return w.opt.Size == image.Point{} }

// area returns where the window should be on the display.
func (w *Window) area() image.Rectangle {
	if w.whole() {
		return w.d.Monitor().Area
	}
	return image.Rectangle{Max: w.opt.Size}.Add(w.opt.At)
}

// resized takes the window's size and works out what the panel is.
func (w *Window) resized(size image.Point) glass.Panel {
	p := glass.Panel{Size: w.opt.Rotation.Size(size)}
	if w.whole() { // a window stands for some wall; its own millimetres say nothing
		if m := w.d.Monitor(); m.Area.Size() == size {
			p.MM = w.opt.Rotation.Size(m.MM)
		}
	}
	w.panel.Lock()
	defer w.panel.Unlock()
	w.panel.Panel = p
	return p
}

// create makes the window and what is needed to draw on it. The server keeps
// the picture where it is while the window grows or shrinks, and puts black
// beside it.
func (w *Window) create(area image.Rectangle) error {
	const mask = xproto.CwBackPixel | xproto.CwBitGravity | xproto.CwEventMask
	err := xproto.CreateWindowChecked(w.d.conn, w.d.screen.RootDepth, w.id, w.d.screen.Root,
		int16(area.Min.X), int16(area.Min.Y), uint16(area.Dx()), uint16(area.Dy()), 0,
		xproto.WindowClassInputOutput, w.d.screen.RootVisual, mask, []uint32{
			w.d.screen.BlackPixel,
			xproto.GravityNorthWest,
			xproto.EventMaskExposure | xproto.EventMaskStructureNotify | xproto.EventMaskLeaveWindow |
				xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease | xproto.EventMaskButton1Motion |
				xproto.EventMaskKeyPress | xproto.EventMaskKeyRelease,
		}).Check()
	if err != nil {
		return fmt.Errorf("x window: create: %w", err)
	}
	xproto.CreateGC(w.d.conn, w.gc, xproto.Drawable(w.id), 0, nil)
	return nil
}

// tellManager tells a window manager, if there is one, what window this is.
// Without one a window is where we put it, of the size we made it.
func (w *Window) tellManager(area image.Rectangle) {
	w.names.protocols = w.d.atom("WM_PROTOCOLS")
	w.names.deleteWindow = w.d.atom("WM_DELETE_WINDOW")
	w.set("WM_PROTOCOLS", "ATOM", uint32(w.names.deleteWindow))
	w.setText("WM_NAME", "STRING", w.opt.Title)
	w.setText("_NET_WM_NAME", "UTF8_STRING", w.opt.Title)
	w.setText("WM_CLASS", "STRING", "tavle\x00Tavle\x00")
	if w.whole() {
		w.set("_NET_WM_STATE", "ATOM", uint32(w.d.atom("_NET_WM_STATE_FULLSCREEN")))
		return
	}
	if w.opt.At != (image.Point{}) {
		// WM_NORMAL_HINTS is 18 words; the first says which of the others count
		// (ICCCM 4.1.2.3): here the position the user asked for.
		hints := make([]uint32, 18)
		hints[0], hints[1], hints[2] = 1, uint32(area.Min.X), uint32(area.Min.Y)
		w.set("WM_NORMAL_HINTS", "WM_SIZE_HINTS", hints...)
	}
}

// managed reports whether a window manager runs (EWMH, _NET_SUPPORTING_WM_CHECK).
func (d *Display) managed() bool {
	r, err := xproto.GetProperty(d.conn, false, d.screen.Root, d.atom("_NET_SUPPORTING_WM_CHECK"),
		xproto.AtomWindow, 0, 1).Reply()
	return err == nil && len(r.Value) == 4
}

func (d *Display) atom(name string) xproto.Atom {
	r, err := xproto.InternAtom(d.conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return 0
	}
	return r.Atom
}

// set sets a property of the window to 32-bit words.
func (w *Window) set(name, kind string, words ...uint32) {
	var b []byte
	for _, v := range words {
		b = binary.LittleEndian.AppendUint32(b, v) // the order we told the server
	}
	xproto.ChangeProperty(w.d.conn, xproto.PropModeReplace, w.id, w.d.atom(name), w.d.atom(kind), 32, uint32(len(words)), b)
}

func (w *Window) setText(name, kind, text string) {
	xproto.ChangeProperty(w.d.conn, xproto.PropModeReplace, w.id, w.d.atom(name), w.d.atom(kind), 8, uint32(len(text)), []byte(text))
}

// hideCursor gives the window a cursor without a single dot.
func (w *Window) hideCursor() {
	c := w.d.conn
	dot, err := xproto.NewPixmapId(c)
	if err != nil {
		return
	}
	cur, err := xproto.NewCursorId(c)
	if err != nil {
		return
	}
	xproto.CreatePixmap(c, 1, dot, xproto.Drawable(w.id), 1, 1)
	gc, err := xproto.NewGcontextId(c)
	if err != nil {
		return
	}
	xproto.CreateGC(c, gc, xproto.Drawable(dot), xproto.GcForeground, []uint32{0})
	xproto.PolyFillRectangle(c, xproto.Drawable(dot), gc, []xproto.Rectangle{{Width: 1, Height: 1}})
	xproto.CreateCursor(c, cur, dot, dot, 0, 0, 0, 0, 0, 0, 0, 0)
	xproto.ChangeWindowAttributes(c, w.id, xproto.CwCursor, []uint32{uint32(cur)})
	xproto.FreeGC(c, gc)
	xproto.FreePixmap(c, dot)
	xproto.FreeCursor(c, cur)
}

// Panel returns the window's size, turned, and its millimetres if it is the
// whole of a monitor that knows them.
func (w *Window) Panel() glass.Panel {
	w.panel.Lock()
	defer w.panel.Unlock()
	return w.panel.Panel
}

// Input returns where events come from.
func (w *Window) Input() *glass.Input { return w.input }

// Blank switches the monitors' light off or on.
func (w *Window) Blank(off bool) error { return w.d.Light(!off) }

// Close destroys the window and ends the connection.
func (w *Window) Close() error {
	w.input.Close()
	w.onServer.Lock()
	if !w.onServer.closed {
		w.onServer.closed = true
		if w.onServer.memory != nil {
			w.onServer.free(w.d.conn)
			w.onServer.memory = nil
		}
	}
	w.onServer.Unlock()
	w.d.Close()
	return nil
}
