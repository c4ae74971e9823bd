package touch

import (
	"context"
	"errors"
	"image"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"tavle/render"
	"tavle/render/glass"
)

// A usb stands for the sockets of a machine: a folder of devices.
type usb struct {
	t   testing.TB
	r   *Reader
	dir string

	plugged struct {
		sync.Mutex
		pipes   map[string]*os.File // our ends
		devices map[string]*os.File // the reader's
		denied  bool                // udev has not given the right yet
	}
}

func newUSB(t testing.TB) *usb {
	u := &usb{t: t, dir: filepath.Join(t.TempDir(), "input")}
	in := glass.NewInput()
	in.Show(&render.Frame{Size: frameSize, Targets: []render.Target{{Rect: image.Rectangle{Max: frameSize}, Label: "all"}}})
	u.r = New(Options{Input: in})
	u.r.dir, u.r.open = u.dir, u.open
	u.plugged.pipes, u.plugged.devices = map[string]*os.File{}, map[string]*os.File{}
	return u
}

// run runs the reader until the test ends.
func (u *usb) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- u.r.Run(ctx) }()
	u.t.Cleanup(func() {
		cancel()
		require.NoError(u.t, <-done)
		require.Empty(u.t, u.r.devices.open, "Run waits for who follows")
	})
}

func (u *usb) open(path string) (*device, error) {
	u.plugged.Lock()
	defer u.plugged.Unlock()
	name := filepath.Base(path)
	f := u.plugged.devices[name]
	switch {
	case u.plugged.denied:
		return nil, unix.EACCES
	case f == nil:
		return nil, unix.ENODEV
	}
	return &device{events: pulled{f}, ask: fingersPanel()}, nil
}

// pulled says what the kernel says of a device that is pulled out.
type pulled struct{ *os.File }

func (p pulled) Read(b []byte) (int, error) {
	n, err := p.File.Read(b)
	if err != nil && !errors.Is(err, os.ErrClosed) {
		err = unix.ENODEV
	}
	return n, err
}

func (u *usb) plug(name string) {
	r, w, err := os.Pipe()
	require.NoError(u.t, err)
	u.plugged.Lock()
	u.plugged.pipes[name], u.plugged.devices[name] = w, r
	u.plugged.Unlock()
	require.NoError(u.t, os.MkdirAll(u.dir, 0o755))
	require.NoError(u.t, os.WriteFile(filepath.Join(u.dir, name), nil, 0o600))
}

func (u *usb) unplug(name string) {
	u.plugged.Lock()
	u.plugged.pipes[name].Close()
	delete(u.plugged.devices, name)
	u.plugged.Unlock()
	require.NoError(u.t, os.Remove(filepath.Join(u.dir, name)))
}

// tap taps on a device and waits until the glass has heard of it.
func (u *usb) tap(name string) {
	u.t.Helper()
	_, err := u.plugged.pipes[name].Write(encode(abs(absTracking, 1), abs(absMTX, unit(10, 800)), abs(absMTY, unit(20, 400)), report, abs(absTracking, -1), report))
	require.NoError(u.t, err)
	for _, phase := range []glass.Phase{glass.Down, glass.Up} {
		select {
		case e := <-u.r.opt.Input.Events():
			require.Equal(u.t, phase, e.(glass.Touch).Phase)
		case <-time.After(20 * time.Second):
			u.t.Fatal("the touch was not heard")
		}
	}
}

func TestPanelsComeAndGo(t *testing.T) {
	u := newUSB(t)
	u.plug("event0")
	u.plug("mouse0") // not one of ours by its name
	u.run()
	u.tap("event0")
	u.plug("event7")
	u.tap("event7")
	u.unplug("event0")
	u.tap("event7")
	u.plug("event0") // PEERS 3, complaint 17: it is back, under the same name
	u.tap("event0")
}

// A machine without a single input device has no folder for them.
func TestFirstPanelBringsTheFolder(t *testing.T) {
	u := newUSB(t)
	u.run()
	u.plug("event0")
	u.tap("event0")
	u.unplug("event0")
	require.NoError(t, os.Remove(u.dir))
	u.plug("event1")
	u.tap("event1")
}

// udev creates a device first and gives the right to open it a moment later.
func TestPanelThatMayBeOpenedLaterIsTakenThen(t *testing.T) {
	u := newUSB(t)
	u.plugged.denied = true
	u.run()
	u.plug("event0")
	u.plugged.Lock()
	u.plugged.denied = false
	u.plugged.Unlock()
	require.NoError(t, os.Chmod(filepath.Join(u.dir, "event0"), 0o640))
	u.tap("event0")
}

func TestWithoutNewsDevicesAreLookedFor(t *testing.T) {
	u := newUSB(t)
	u.r.dir = filepath.Join(t.TempDir(), "missing", "input") // there is nothing to watch
	u.dir = u.r.dir
	u.r.pause = time.Millisecond
	u.run()
	u.plug("event0")
	u.tap("event0")
}

// One panel of several may be chosen, by a name that stays when the numbers
// change.
func TestOnlyTheChosenPanelIsHeard(t *testing.T) {
	u := newUSB(t)
	u.r.opt.Only = filepath.Join(t.TempDir(), "by-id")
	require.NoError(t, os.Symlink(filepath.Join(u.dir, "event3"), u.r.opt.Only))
	u.plug("event0")
	u.plug("event3")
	u.run()
	u.tap("event3")
	require.False(t, u.r.has("event0"))
}
