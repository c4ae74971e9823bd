//go:build !nogpu

package gpu

import (
	"bufio"
	"context"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/glass/glasstest"
	_ "tavle/render/gpu/gputest" // a display
)

// Ebitengine turns one loop a process, on main's goroutine. The tests of the
// painter have one that does what they ask; those of the screen start this
// program anew, as a child with a screen.
func TestMain(m *testing.M) {
	if what := os.Getenv("TAVLE_GPU_CHILD"); what != "" {
		child(what)
		return
	}
	go func() { games.code <- m.Run() }()
	ebiten.SetWindowSize(64, 64)
	if err := ebiten.RunGameWithOptions(&games, &ebiten.RunGameOptions{InitUnfocused: true}); err != nil {
		panic(err)
	}
	os.Exit(games.result)
}

// A game does in its loop what tests ask.
type game struct {
	jobs   chan func()
	code   chan int
	result int
}

var games = game{jobs: make(chan func()), code: make(chan int)}

func (g *game) Update() error {
	for {
		select {
		case f := <-g.jobs:
			f()
		case g.result = <-g.code:
			return ebiten.Termination
		default:
			return nil
		}
	}
}

func (*game) Draw(*ebiten.Image)         {}
func (*game) Layout(int, int) (int, int) { return 64, 64 }

// onLoop does f in the loop, where the GPU may be used.
func onLoop(f func()) {
	done := make(chan struct{})
	games.jobs <- func() { defer close(done); f() }
	<-done
}

// child is what the program does as a child: find out about the GPU, or be a
// screen that is told what to do line by line.
func child(what string) {
	if what == "probe" {
		if err := Probe(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	var degrees, w, h int
	_, _ = fmt.Sscan(what, &degrees, &w, &h)
	turn, _ := glass.ParseRotation(degrees)
	s := New(Options{Title: "child", Size: image.Pt(w, h), Rotation: turn, Images: &glasstest.Pictures{}})
	done := make(chan struct{})
	go func() { defer close(done); script(s, os.Stdin) }()
	if err := s.Run(context.Background()); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	<-done
	fmt.Println("ended")
}

func script(s *Screen, in io.Reader) {
	fmt.Println("panel", s.Panel().Size)
	go func() {
		for e := range s.Input().Events() {
			switch e := e.(type) {
			case glass.Touch:
				fmt.Println("touch", e.Phase, e.At, e.Target.Means)
			case glass.Key:
				fmt.Println("key", e.Name)
			case glass.Resized:
				fmt.Println("resized", e.Panel.Size)
			case glass.Closed:
				fmt.Println("closed")
			}
		}
	}()
	var m *glasstest.Maker
	var f *render.Frame
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var what string
		var n int
		_, _ = fmt.Sscan(lines.Text(), &what, &n)
		var err error
		switch what {
		case "frame":
			m = glasstest.NewMaker(uint64(n))
			f = m.Frame(s.Panel().Size)
			err = s.Present(f, nil)
		case "next":
			for range n {
				next := m.Next(f)
				err = s.Present(next, render.Damage(f, next))
				f = next
			}
		case "again":
			err = s.Present(f, nil)
		case "turns":
			fmt.Println("turns", s.loop.turns.Load())
		case "light":
			fmt.Println("light", s.Blank(true))
		case "close":
			fmt.Println("done", s.Close())
			return
		}
		fmt.Println("done", err)
	}
}

// A wall is a child with a screen.
type wall struct {
	t     *testing.T
	in    io.WriteCloser
	lines chan string
	kept  []string
	exit  chan error
}

// hang starts a child with a screen; size (0, 0) is the whole monitor.
func hang(t *testing.T, turn glass.Rotation, size image.Point) *wall {
	t.Helper()
	cmd := again(t, fmt.Sprintln(turn.Degrees(), size.X, size.Y))
	w := &wall{t: t, lines: make(chan string, 100), exit: make(chan error, 1)}
	var err error
	w.in, err = cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
			w.lines <- s.Text()
		}
		close(w.lines)
		w.exit <- cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		for range w.lines { // what it still had to say
		}
	})
	return w
}

// again returns this program as a child.
func again(t *testing.T, what string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "TAVLE_GPU_CHILD="+what)
	return cmd
}

// expect waits for a line that starts with want and returns what follows. Lines
// that came meanwhile are kept for whoever expects them.
func (w *wall) expect(want string) string {
	w.t.Helper()
	for i, l := range w.kept {
		if rest, ok := strings.CutPrefix(l, want); ok {
			w.kept = append(w.kept[:i], w.kept[i+1:]...)
			return strings.TrimSpace(rest)
		}
	}
	late := time.After(60 * time.Second)
	for {
		select {
		case l, ok := <-w.lines:
			require.True(w.t, ok, "the child has ended; wanted %q", want)
			if rest, ok := strings.CutPrefix(l, want); ok {
				return strings.TrimSpace(rest)
			}
			w.kept = append(w.kept, l)
		case <-late:
			w.t.Fatalf("the child did not say %q but %q", want, w.kept)
		}
	}
}

// do has the child do something and waits until it has.
func (w *wall) do(format string, a ...any) {
	w.t.Helper()
	_, err := fmt.Fprintf(w.in, format+"\n", a...)
	require.NoError(w.t, err)
	require.Equal(w.t, "<nil>", w.expect("done"))
}
