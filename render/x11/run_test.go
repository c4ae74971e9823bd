package x11

import (
	"context"
	"image"
	"io"
	"net"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/stretchr/testify/require"

	"tavle/render/glass"
	"tavle/render/glass/glasstest"
	"tavle/render/x11/xvfb"
)

// next returns the next event.
func next(t testing.TB, w *Window) glass.Event {
	t.Helper()
	select {
	case e := <-w.Input().Events():
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("no event came")
		return nil
	}
}

// Issue 2, Done when 3: a click from outside is a touch of what is seen there.
func TestClickFromOutsideTouchesWhatIsThere(t *testing.T) {
	size := image.Pt(400, 300)
	display := xvfb.Start(t, size, 24)
	for turn := range glass.Rotation(4) {
		w := start(t, Options{Display: display, Rotation: turn, HideCursor: true})
		f := glasstest.NewMaker(1).Frame(w.Panel().Size)
		require.NoError(t, w.Present(f, nil))
		for i, cell := range glasstest.Cells(f.Size) {
			at := cell.Min.Add(image.Pt(7, 5))
			seen := turn.Turn(at, f.Size) // where the eye finds it on the panel
			xvfb.Do(t, display, "mousemove", dec(seen.X), dec(seen.Y), "click", "1")
			down, up := next(t, w).(glass.Touch), next(t, w).(glass.Touch)
			require.Equal(t, glass.Down, down.Phase)
			require.Equal(t, glass.Up, up.Phase)
			require.Equal(t, at, down.At)
			require.Equal(t, glasstest.Cell(i), down.Target.Means)
			require.Equal(t, glasstest.Cell(i), up.Target.Means)
			require.Equal(t, down.Contact, up.Contact)
		}
		require.NoError(t, w.Close())
	}
}

func TestDragIsOneContactThatMoves(t *testing.T) {
	display := xvfb.Start(t, image.Pt(400, 300), 24)
	w := start(t, Options{Display: display})
	require.NoError(t, w.Present(glasstest.NewMaker(1).Frame(w.Panel().Size), nil))
	xvfb.Do(t, display, "mousemove", "10", "10", "mousedown", "1", "mousemove", "200", "150", "mousemove", "390", "290", "mouseup", "1")
	first := next(t, w).(glass.Touch)
	require.Equal(t, image.Pt(10, 10), first.At)
	for {
		e := next(t, w).(glass.Touch)
		require.Equal(t, first.Contact, e.Contact)
		if e.Phase == glass.Up {
			require.Equal(t, image.Pt(390, 290), e.At)
			return
		}
		require.Equal(t, glass.Move, e.Phase)
	}
}

func TestOtherButtonsAndWheelAreNoTouch(t *testing.T) {
	display := xvfb.Start(t, image.Pt(400, 300), 24)
	w := start(t, Options{Display: display})
	xvfb.Do(t, display, "mousemove", "10", "10", "click", "2", "click", "3", "click", "4", "click", "5", "click", "1")
	require.Equal(t, glass.Down, next(t, w).(glass.Touch).Phase)
	require.Equal(t, glass.Up, next(t, w).(glass.Touch).Phase)
}

// keyboards and remote controls.
func TestKeysHaveTheirNames(t *testing.T) {
	display := xvfb.Start(t, image.Pt(400, 300), 24)
	w := start(t, Options{Display: display})
	for _, c := range []struct{ press, want string }{
		{"a", "a"},
		{"Return", glass.KeyEnter},
		{"space", glass.KeySpace},
		{"Escape", glass.KeyEscape},
		{"Tab", glass.KeyTab},
		{"shift+Tab", glass.KeyBackTab},
		{"Left", glass.KeyLeft},
		{"Page_Down", glass.KeyPageDown},
		{"F7", "f7"},
		{"7", "7"},
	} {
		xvfb.Do(t, display, "key", c.press)
		require.Equal(t, glass.Key{Name: c.want}, next(t, w), c.press)
	}
}

// a key that is held does not repeat itself.
func TestKeyThatIsHeldCountsOnce(t *testing.T) {
	in := glass.NewInput()
	k := keyboard{mapping: mapping{first: 8, per: 1, syms: []xproto.Keysym{'x', 'y'}}}
	k.press(xproto.KeyPressEvent{Detail: 8, Time: 100}, in)
	for at := xproto.Timestamp(700); at < 900; at += 40 {
		k.release(xproto.KeyReleaseEvent{Detail: 8, Time: at})
		k.press(xproto.KeyPressEvent{Detail: 8, Time: at}, in)
	}
	k.release(xproto.KeyReleaseEvent{Detail: 8, Time: 900})
	k.press(xproto.KeyPressEvent{Detail: 9, Time: 900}, in)
	require.Equal(t, glass.Key{Name: "x"}, <-in.Events())
	require.Equal(t, glass.Key{Name: "y"}, <-in.Events())
	require.Empty(t, in.Events())
}

func TestNordicKeysAreCharacters(t *testing.T) {
	for sym, want := range map[xproto.Keysym]string{
		0xe6: "æ", 0xd8: "ø", 0xc5: "å", // ae, Oslash, Aring
		0x0100014b: "ŋ",
		0xffb3:     "3",
		0xffe1:     "", // shift
		0xfe52:     "", // a dead circumflex
	} {
		require.Equal(t, want, keyName(sym))
	}
}

func TestWindowThatGrowsAsksForANewFrame(t *testing.T) {
	display := xvfb.Start(t, image.Pt(640, 480), 24)
	e := look(t, display)
	w := start(t, Options{Display: display, Size: image.Pt(200, 150), Images: &glasstest.Pictures{}})
	require.Zero(t, w.Panel().MM, "a window stands for some wall")
	m := glasstest.NewMaker(3)
	require.NoError(t, w.Present(m.Frame(w.Panel().Size), nil))
	for _, size := range []image.Point{{400, 300}, {120, 80}, {401, 77}} {
		xproto.ConfigureWindow(e.conn, w.id, xproto.ConfigWindowWidth|xproto.ConfigWindowHeight, []uint32{uint32(size.X), uint32(size.Y)})
		require.Equal(t, glass.Resized{Panel: glass.Panel{Size: size}}, next(t, w))
		require.Equal(t, size, w.Panel().Size)
		f := m.Frame(size)
		require.NoError(t, w.Present(f, nil))
		e.await(t, image.Rectangle{Max: size}, painted(f))
	}
}

func TestCloseButtonOfAWindowManagerIsAnEvent(t *testing.T) {
	display := xvfb.Start(t, image.Pt(400, 300), 24)
	w := start(t, Options{Display: display, Size: image.Pt(200, 150)})
	pressClose(t, display, w)
	require.Equal(t, glass.Closed{}, next(t, w))
}

// pressClose does what a window manager does when somebody closes a window.
func pressClose(t *testing.T, display string, w *Window) {
	t.Helper()
	e := look(t, display)
	msg := xproto.ClientMessageEvent{
		Format: 32, Window: w.id, Type: w.names.protocols,
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(w.names.deleteWindow), 0, 0, 0, 0}),
	}
	require.NoError(t, xproto.SendEventChecked(e.conn, false, w.id, 0, string(msg.Bytes())).Check())
}

func TestRunEndsWithItsContextAndLeavesNothingRunning(t *testing.T) {
	display := xvfb.Start(t, image.Pt(400, 300), 24)
	before := runtime.NumGoroutine()
	for range 5 {
		w, err := Open(Options{Display: display})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- w.Run(ctx) }()
		require.NoError(t, w.Present(glasstest.NewMaker(1).Frame(w.Panel().Size), nil))
		cancel()
		require.NoError(t, <-done)
		require.Error(t, w.Present(glasstest.NewMaker(1).Frame(w.Panel().Size), nil))
		require.NoError(t, w.Close())
	}
	// The library's last goroutine ends just after it has said that it does.
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before+1 }, 10*time.Second, time.Millisecond)
}

func TestLostServerEndsRunWithAnError(t *testing.T) {
	display, stop, err := xvfb.Run(image.Pt(400, 300), 24)
	require.NoError(t, err)
	w, err := Open(Options{Display: display})
	require.NoError(t, err)
	done := make(chan error)
	go func() { done <- w.Run(context.Background()) }()
	f := glasstest.NewMaker(1).Frame(w.Panel().Size)
	require.NoError(t, w.Present(f, nil))
	stop()
	require.ErrorContains(t, <-done, "lost")
	require.Error(t, w.Present(f, nil))
}

func TestDestroyedWindowEndsRunWithAnError(t *testing.T) {
	display := xvfb.Start(t, image.Pt(400, 300), 24)
	w, err := Open(Options{Display: display})
	require.NoError(t, err)
	xproto.DestroyWindow(look(t, display).conn, w.id)
	require.ErrorContains(t, w.Run(context.Background()), "destroyed")
}

// The idle rule: when nothing is presented and nothing happens, not one byte
// passes between us and the server.
func TestIdleWindowSaysNothing(t *testing.T) {
	display := xvfb.Start(t, image.Pt(400, 300), 24)
	through, said := tap(t, display)
	w := start(t, Options{Display: through, Size: image.Pt(200, 150)})
	f := glasstest.NewMaker(1).Frame(w.Panel().Size)
	require.NoError(t, w.Present(f, nil))
	pressClose(t, display, w) // what the server said before this has been heard now
	require.Equal(t, glass.Closed{}, next(t, w))
	require.NoError(t, w.Present(f, nil)) // and answered
	before := said.Load()
	time.Sleep(300 * time.Millisecond) // as long as one likes: the rule has no time in it
	require.Equal(t, before, said.Load())
	require.NoError(t, w.Present(f, nil))
	require.Greater(t, said.Load(), before)
}

// tap stands between a window and its server and counts the bytes.
func tap(t *testing.T, display string) (name string, said *atomic.Int64) {
	t.Helper()
	said = new(atomic.Int64)
	path := filepath.Join(t.TempDir(), "x")
	l, err := net.Listen("unix", path+":0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		a, err := l.Accept()
		if err != nil {
			return
		}
		b, err := net.Dial("unix", "/tmp/.X11-unix/X"+display[1:])
		if err != nil {
			a.Close()
			return
		}
		go func() { _, _ = io.Copy(count{a, said}, b); a.Close() }()
		_, _ = io.Copy(count{b, said}, a)
		b.Close()
	}()
	return path + ":0", said
}

type count struct {
	io.Writer
	n *atomic.Int64
}

func (c count) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return c.Writer.Write(p)
}
