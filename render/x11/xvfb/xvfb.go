// Package xvfb starts an X server without a screen for tests. It belongs to
// tests alone: without Xvfb they fail and say how to get it, because a test of
// the glass that does not run would be taken for one that passed.
package xvfb

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

var errMissing = errors.New("no Xvfb is installed; `make test` installs it, or: apt-get install -y xvfb xdotool")

// Start starts a server with one screen of the given size and depth (16 or 24)
// and returns its name, such as ":7". More arguments go to Xvfb. It ends with
// the test.
func Start(t testing.TB, size image.Point, depth int, args ...string) string {
	t.Helper()
	name, stop, err := Run(size, depth, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return name
}

// Run is Start outside a test, for TestMain. The caller calls stop.
func Run(size image.Point, depth int, args ...string) (name string, stop func(), err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return "", nil, fmt.Errorf("xvfb: %w", err)
	}
	defer r.Close()
	// A server resets itself when its last window closes, and a connection that
	// is made just then is lost; hence -noreset.
	screen := fmt.Sprintf("%dx%dx%d", size.X, size.Y, depth)
	cmd := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp", "-noreset"}, args...)...)
	cmd.ExtraFiles = []*os.File{w} // number 3 over there
	err = cmd.Start()
	w.Close()
	if errors.Is(err, exec.ErrNotFound) {
		return "", nil, errMissing
	}
	if err != nil {
		return "", nil, fmt.Errorf("xvfb: %w", err)
	}
	stop = func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it takes its socket and lock along
		_ = cmd.Wait()
	}
	// The server writes its number when it is ready to be talked to.
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("xvfb %s %s ended before it was ready", screen, strings.Join(args, " "))
	}
	return ":" + strings.TrimSpace(line), stop, nil
}

// Do runs xdotool, which moves the mouse and types as somebody in front of the
// screen would.
func Do(t testing.TB, display string, args ...string) {
	t.Helper()
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+display)
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatal("xdotool is not installed; `make test` installs it, or: apt-get install -y xvfb xdotool")
	}
	if err != nil {
		t.Fatalf("xdotool %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// quiet keeps the X library from writing to standard error.
var quiet = sync.OnceFunc(func() { xgb.Logger = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) })

// See returns what is on the screen inside r, at (0, 0). A display of 16 bits has
// its colours rounded down.
func See(t testing.TB, display string, r image.Rectangle) *image.RGBA {
	t.Helper()
	quiet()
	c, err := xgb.NewConnDisplay(display)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	screen := xproto.Setup(c).DefaultScreen(c)
	img, err := xproto.GetImage(c, xproto.ImageFormatZPixmap, xproto.Drawable(screen.Root),
		int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0xffffffff).Reply()
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(image.Rectangle{Max: r.Size()})
	for i := range r.Dx() * r.Dy() {
		var p color.RGBA
		if screen.RootDepth == 16 {
			v := int(img.Data[2*i]) | int(img.Data[2*i+1])<<8
			p = color.RGBA{uint8(v >> 11 << 3), uint8(v >> 5 << 2), uint8(v << 3), 255}
		} else {
			p = color.RGBA{img.Data[4*i+2], img.Data[4*i+1], img.Data[4*i], 255}
		}
		out.SetRGBA(i%r.Dx(), i/r.Dx(), p)
	}
	return out
}
