package x11

import (
	"errors"
	"fmt"
	"image"
	"log/slog"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/dpms"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/screensaver"
	"github.com/jezek/xgb/xproto"

	"tavle/render/glass"
)

// A Display is a connection to an X server: what can be asked of it and told to
// it without a window. Everything may be called by several goroutines.
type Display struct {
	conn   *xgb.Conn
	setup  *xproto.SetupInfo
	screen *xproto.ScreenInfo
	light  bool // DPMS is there and can switch
	sizes  bool // RandR is there
	close  sync.Once
}

// quiet keeps the X library from writing to standard error, once.
var quiet = sync.OnceFunc(func() { xgb.Logger = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) })

// Dial connects to an X server by its name, such as ":0". The empty name is
// that of the environment, $DISPLAY.
func Dial(name string) (*Display, error) {
	quiet()
	c, err := xgb.NewConnDisplay(name)
	if err != nil {
		return nil, fmt.Errorf("x display: %w", err)
	}
	d := &Display{conn: c, setup: xproto.Setup(c)}
	if d.setup == nil || c.DefaultScreen >= len(d.setup.Roots) {
		d.Close()
		return nil, fmt.Errorf("x display: there is no screen %d", c.DefaultScreen)
	}
	d.screen = d.setup.DefaultScreen(c)
	if dpms.Init(c) == nil {
		r, err := dpms.Capable(c).Reply()
		d.light = err == nil && r.Capable
	}
	if randr.Init(c) == nil {
		v, err := randr.QueryVersion(c, 1, 5).Reply()
		d.sizes = err == nil && (v.MajorVersion > 1 || v.MinorVersion >= 3)
	}
	return d, nil
}

// Close ends the connection and what the library runs for it. Closing twice is
// harmless.
func (d *Display) Close() {
	d.close.Do(d.conn.Close)
	for { // the events end when the library's goroutines have
		if e, err := d.conn.WaitForEvent(); e == nil && err == nil {
			return
		}
	}
}

// A Monitor is one panel on the display.
type Monitor struct {
	Area image.Rectangle // in pixels of the display
	MM   image.Point     // physical size; zero: not known or not plausible
}

// Monitor returns the primary monitor, or else the first that shows something.
// Where the server cannot tell, it is the whole screen.
func (d *Display) Monitor() Monitor {
	whole := Monitor{Area: image.Rect(0, 0, int(d.screen.WidthInPixels), int(d.screen.HeightInPixels))}
	if g, err := xproto.GetGeometry(d.conn, xproto.Drawable(d.screen.Root)).Reply(); err == nil {
		whole.Area.Max = image.Pt(int(g.Width), int(g.Height)) // it may have changed since
	}
	if !d.sizes {
		return whole
	}
	res, err := randr.GetScreenResourcesCurrent(d.conn, d.screen.Root).Reply()
	if err != nil {
		return whole
	}
	outputs := res.Outputs
	if p, err := randr.GetOutputPrimary(d.conn, d.screen.Root).Reply(); err == nil && p.Output != 0 {
		outputs = append([]randr.Output{p.Output}, outputs...)
	}
	for _, o := range outputs {
		if m, ok := d.output(o, res.ConfigTimestamp); ok {
			return m
		}
	}
	return whole
}

// output returns the monitor at an output, if there is one and it shows a part
// of the screen.
func (d *Display) output(o randr.Output, at xproto.Timestamp) (Monitor, bool) {
	info, err := randr.GetOutputInfo(d.conn, o, at).Reply()
	if err != nil || info.Connection != randr.ConnectionConnected || info.Crtc == 0 {
		return Monitor{}, false
	}
	crtc, err := randr.GetCrtcInfo(d.conn, info.Crtc, at).Reply()
	if err != nil || crtc.Width == 0 || crtc.Height == 0 {
		return Monitor{}, false
	}
	m := Monitor{Area: image.Rect(0, 0, int(crtc.Width), int(crtc.Height)).Add(image.Pt(int(crtc.X), int(crtc.Y)))}
	mm := image.Pt(int(info.MmWidth), int(info.MmHeight))
	if crtc.Rotation&(randr.RotationRotate90|randr.RotationRotate270) != 0 {
		mm.X, mm.Y = mm.Y, mm.X
	}
	m.MM = glass.PlausibleMM(m.Area.Size(), mm)
	return m, true
}

// Light switches the light of all monitors off or on. It returns
// [glass.ErrNoLight] where the server cannot.
func (d *Display) Light(on bool) error {
	if !d.light {
		return glass.ErrNoLight
	}
	if err := dpms.EnableChecked(d.conn).Check(); err != nil {
		return fmt.Errorf("x display: power saving: %w", err)
	}
	level := uint16(dpms.DPMSModeOff)
	if on {
		level = dpms.DPMSModeOn
	}
	if err := dpms.ForceLevelChecked(d.conn, level).Check(); err != nil {
		return fmt.Errorf("x display: power level %d: %w", level, err)
	}
	return nil
}

// KeepAwake keeps the server from blanking the screen by itself for as long as
// this connection lasts. A server that cannot be told does not blank.
func (d *Display) KeepAwake() {
	if screensaver.Init(d.conn) == nil {
		_ = screensaver.SuspendChecked(d.conn, 1).Check()
	}
}

// format returns how the display's own pixels look, and to how many bits its
// rows are padded.
func (d *Display) format() (glass.Format, int, error) {
	depth := d.screen.RootDepth
	for _, allowed := range d.screen.AllowedDepths {
		for _, v := range allowed.Visuals {
			if v.VisualId != d.screen.RootVisual {
				continue
			}
			if v.Class != xproto.VisualClassTrueColor {
				return glass.Format{}, 0, fmt.Errorf("x display: depth %d has no true colour; start X with 16 or 24 bits", depth)
			}
			for _, p := range d.setup.PixmapFormats {
				if p.Depth != depth {
					continue
				}
				f, err := glass.NewFormat(int(p.BitsPerPixel), d.setup.ImageByteOrder == xproto.ImageOrderMSBFirst,
					v.RedMask, v.GreenMask, v.BlueMask)
				if err != nil {
					return f, 0, fmt.Errorf("x display: %w", err)
				}
				return f, int(p.ScanlinePad), nil
			}
		}
	}
	return glass.Format{}, 0, errors.New("x display: the server does not describe its own pixels")
}
