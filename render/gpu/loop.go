//go:build !nogpu

package gpu

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"sync/atomic"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"tavle/render"
	"tavle/render/x11"
)

// A loop is what Ebitengine turns. It waits for events, or for a frame to be
// presented, and turns with the panel's refresh only while the picture moves or
// somebody uses mouse or keyboard, and for a while after the window has got its
// size.
//
// Waiting has a hole: the thread that puts a picture up reads from the X server
// too, and may take in an event while the other thread waits for one; it is then
// heard with the next. Whoever presses something gets a picture, and the release
// would fall into the hole. Hence the pace around that. Nothing of this concerns
// what player/touch reads.
//
// Waiting is done by a mode that Ebitengine calls deprecated since 2.5 and has in
// every version since; nothing else in it can wait. Should it go, replace the
// two lines in pace by a pause of 45 ms in update when idle is true (measured:
// 8 CPU seconds a minute of ticks by software GL, in place of 2.5).
type loop struct {
	s       *Screen
	painter painter
	pointer pointer
	size    image.Point   // of the panel
	shown   *render.Frame // painted last
	again   bool          // the frame shown has to be painted once more
	keys    []ebiten.Key  // kept for its memory
	chars   []rune        // likewise

	lively  int       // turns to go at the panel's pace
	waiting bool      // the mode that is set
	last    time.Time // when a frame was presented
	used    time.Time // when mouse or keyboard were
	turns   atomic.Int64
}

const (
	// settling is how many turns a new size is watched for: two seconds.
	settling = 120

	// moving is how many turns are made at the panel's pace, half a second, after
	// mouse or keyboard were used, or a frame came: one that follows another within
	// quick, or their use within inUse.
	moving = 30
	quick  = 100 * time.Millisecond
	inUse  = time.Minute
)

func newLoop(s *Screen) loop {
	return loop{s: s, painter: painter{turn: s.opt.Rotation}, pointer: pointer{source: s.input.Source()}, lively: settling}
}

// once is held by the one screen a process can have.
var once atomic.Bool

// Run opens the window and turns the loop until ctx ends or the screen is
// closed. It has to be called on main's goroutine, and once in a process.
func (s *Screen) Run(ctx context.Context) error {
	defer s.finish()
	if !once.CompareAndSwap(false, true) {
		return errors.New("gpu: one process has one screen")
	}
	s.asked.Lock()
	closing := s.asked.closing
	s.asked.running = true
	s.asked.Unlock()
	if closing {
		return nil
	}
	if d, err := x11.Dial(""); err == nil {
		s.display = d
		defer d.Close()
	}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	s.open()
	if err := ebiten.RunGameWithOptions(&s.loop, &ebiten.RunGameOptions{X11ClassName: "Tavle", X11InstanceName: "tavle"}); err != nil {
		return fmt.Errorf("gpu: %w", err)
	}
	return nil
}

// open says what window Ebitengine will open.
func (s *Screen) open() {
	ebiten.SetWindowTitle(s.opt.Title)
	ebiten.SetWindowClosingHandled(true)
	ebiten.SetScreenClearedEveryFrame(false)
	if s.opt.HideCursor {
		ebiten.SetCursorMode(ebiten.CursorModeHidden)
	}
	if s.opt.Size != (image.Point{}) {
		scale := ebiten.Monitor().DeviceScaleFactor()
		ebiten.SetWindowSize(int(float64(s.opt.Size.X)/scale), int(float64(s.opt.Size.Y)/scale))
		ebiten.SetWindowResizingMode(ebiten.WindowResizingModeEnabled)
		return
	}
	ebiten.SetFullscreen(true)
	if s.display != nil {
		s.display.KeepAwake()
	}
}

// LayoutF makes one pixel of ours one of the panel's.
func (l *loop) LayoutF(w, h float64) (float64, float64) {
	scale := ebiten.Monitor().DeviceScaleFactor()
	size := image.Pt(int(math.Round(w*scale)), int(math.Round(h*scale)))
	if size != l.size {
		l.size, l.lively, l.again = size, settling, true
		l.s.resized(size)
	}
	return float64(size.X), float64(size.Y)
}

// Layout is not called where LayoutF is.
func (l *loop) Layout(w, h int) (int, int) { return w, h }

// Update hears what happened and sets the pace.
func (l *loop) Update() error {
	l.turns.Add(1)
	l.s.asked.Lock()
	closing := l.s.asked.closing
	l.s.asked.Unlock()
	if closing {
		return ebiten.Termination
	}
	if l.hear() {
		l.used = time.Now()
		l.stay()
	}
	l.pace()
	return nil
}

// stay keeps the panel's pace for a while.
func (l *loop) stay() { l.lively = max(l.lively, moving) }

// pace waits for events unless there is a reason not to.
func (l *loop) pace() {
	if l.lively > 0 {
		l.lively--
	}
	idle := l.lively == 0
	if idle == l.waiting {
		return
	}
	l.waiting = idle
	// To be called from Update: elsewhere it waits for the thread that waits.
	if idle {
		ebiten.SetFPSMode(ebiten.FPSModeVsyncOffMinimum) //nolint:staticcheck // see loop
	} else {
		ebiten.SetFPSMode(ebiten.FPSModeVsyncOn) //nolint:staticcheck // see loop
	}
}

// Draw paints what was presented, if anything was. Ebitengine keeps the picture
// otherwise.
func (l *loop) Draw(screen *ebiten.Image) {
	if l.again && l.shown != nil { // the picture was lost with its size
		l.painter.paint(screen, l.shown, []image.Rectangle{{Max: l.shown.Size}}, nil)
	}
	l.again = false
	select {
	case j := <-l.s.jobs:
		l.present(screen, j)
	default:
	}
}

// present paints a frame and lets Present go on.
func (l *loop) present(screen *ebiten.Image, j job) {
	damage := j.damage
	if l.shown == nil || l.shown.Size != j.frame.Size {
		damage = []image.Rectangle{{Max: j.frame.Size}}
	}
	if len(damage) == 0 { // painting one pixel has all put up again
		damage = []image.Rectangle{{Max: image.Pt(1, 1)}}
	}
	l.painter.paint(screen, j.frame, damage, l.s.opt.Images)
	l.shown = j.frame
	l.s.input.Show(j.frame)
	now := time.Now()
	if now.Sub(l.last) < quick || now.Sub(l.used) < inUse {
		l.stay()
	}
	l.last = now
	close(j.done)
}
