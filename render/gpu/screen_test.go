//go:build !nogpu

package gpu

import (
	"fmt"
	"image"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/glass/glasstest"
	"tavle/render/soft"
	"tavle/render/x11/xvfb"
)

// display is the one that gputest has started.
func display() string { return os.Getenv("TAVLE_TEST_DISPLAY") }

// monitor is the size of that display.
var monitor = image.Pt(1280, 1024)

// seen waits until the display shows f, turned, at the upper left corner.
func seen(t *testing.T, f *render.Frame, turn glass.Rotation) {
	t.Helper()
	want := glasstest.Turn(new(soft.Painter).Image(f, &glasstest.Pictures{}), turn)
	var diff, n int
	var at image.Point
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if diff, at, n = glasstest.Difference(xvfb.See(t, display(), want.Rect), want); diff <= most {
			return
		}
	}
	t.Fatalf("the display shows something else: %d pixels differ, by %d at %v", n, diff, at)
}

// Issue 2, item 5 and Done when 3: frames reach the display as the reference
// painter paints them, in every turn, and clicks come back as touches of what was
// seen.
func TestWallShowsFramesAndHearsTouches(t *testing.T) {
	for turn := range glass.Rotation(4) {
		t.Run(fmt.Sprint(turn.Degrees()), func(t *testing.T) {
			w := hang(t, turn, image.Point{})
			size := turn.Size(monitor)
			require.Equal(t, fmt.Sprint(size), w.expect("panel"))
			use(t)
			w.do("frame %d", turn)
			m := glasstest.NewMaker(uint64(turn))
			f := m.Frame(size)
			seen(t, f, turn)
			for range 3 {
				w.do("next 1")
				f = m.Next(f)
				seen(t, f, turn)
			}
			for i, cell := range glasstest.Cells(size) {
				at := cell.Min.Add(image.Pt(9, 11))
				on := turn.Turn(at, size)
				xvfb.Do(t, display(), "mousemove", strconv.Itoa(on.X), strconv.Itoa(on.Y), "mousedown", "1")
				require.Equal(t, fmt.Sprint(at, " ", i), w.expect("touch down"))
				xvfb.Do(t, display(), "mouseup", "1")
				require.Equal(t, fmt.Sprint(at, " ", i), w.expect("touch up"))
			}
			w.do("close")
			w.expect("ended")
			require.NoError(t, <-w.exit)
		})
	}
}

// use has a hand at the mouse, so that the loop stays awake for it.
func use(t *testing.T) {
	t.Helper()
	for range 2 {
		xvfb.Do(t, display(), "mousemove", "5", "5", "mousemove", "6", "6")
	}
}

//
func TestWallHearsKeys(t *testing.T) {
	w := hang(t, 0, image.Point{})
	use(t)
	w.do("frame 1")
	for press, want := range map[string]string{"Return": "enter", "space": "space", "Left": "left", "F5": "f5", "a": "a", "7": "7", "shift+Tab": "backtab"} {
		xvfb.Do(t, display(), "key", "--delay", "100", press)
		require.Equal(t, want, w.expect("key"), press)
	}
}

// A reader of cards types faster than the loop turns; its figures come whole and in
// order, and Enter after them.
func TestWallHearsAReader(t *testing.T) {
	w := hang(t, 0, image.Point{})
	use(t)
	w.do("frame 1")
	xvfb.Do(t, display(), "key", "--delay", "2", "0", "0", "4", "5", "1", "1", "2", "Return")
	for _, want := range []string{"0", "0", "4", "5", "1", "1", "2", "enter"} {
		require.Equal(t, want, w.expect("key"))
	}
}

// A window that grows shows what it can at once and asks for a new frame.
func TestWindowThatGrowsAsksForANewFrame(t *testing.T) {
	w := hang(t, 0, image.Pt(400, 300))
	require.Equal(t, "(400,300)", w.expect("panel"))
	w.do("frame 7")
	xvfb.Do(t, display(), "search", "--sync", "--name", "^child$", "windowmove", "0", "0")
	seen(t, glasstest.NewMaker(7).Frame(image.Pt(400, 300)), 0)
	xvfb.Do(t, display(), "search", "--name", "^child$", "windowsize", "500", "200")
	require.Equal(t, "(500,200)", w.expect("resized"))
	w.do("frame 8")
	seen(t, glasstest.NewMaker(8).Frame(image.Pt(500, 200)), 0)
	require.NoError(t, w.in.Close())
}

// The idle rule: when nothing is presented and nothing happens, the loop does not
// turn; what is presented costs a turn or two.
func TestIdleLoopStandsStill(t *testing.T) {
	w := hang(t, 0, image.Pt(400, 300))
	w.do("frame 1")
	turns := func() int {
		w.do("turns")
		n, err := strconv.Atoi(w.expect("turns"))
		require.NoError(t, err)
		return n
	}
	// It settles after two seconds at the panel's pace.
	before := turns()
	require.Eventually(t, func() bool {
		n := turns()
		still := n == before
		before = n
		return still && n >= settling
	}, time.Minute, 300*time.Millisecond)
	time.Sleep(500 * time.Millisecond) // 30 turns at the pace of a panel
	require.LessOrEqual(t, turns()-before, 1)
	before = turns()
	w.do("next 1")
	w.do("again")
	require.LessOrEqual(t, turns()-before, 2+moving)
}

func TestLightThatCannotBeSwitchedIsSaid(t *testing.T) {
	w := hang(t, 0, image.Pt(400, 300))
	w.do("light")
	require.Equal(t, glass.ErrNoLight.Error(), w.expect("light"))
}

func TestProbeOfAGPUThatWorksEndsWell(t *testing.T) {
	out, err := again(t, "probe").CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// A Pi 3 cannot do what Ebitengine needs (GLES 2.0, GL 2.1): so it must be told.
func TestProbeOfAnOldGPUFails(t *testing.T) {
	cmd := again(t, "probe")
	cmd.Env = append(cmd.Env, "MESA_GLES_VERSION_OVERRIDE=2.0", "MESA_GL_VERSION_OVERRIDE=2.1")
	require.Error(t, cmd.Run())
}

// Without a display there are two lines, what and what to do, and status 69; no
// stack of a panic.
func TestWithoutADisplayThereAreTwoPlainLines(t *testing.T) {
	for env, says := range map[string]string{"DISPLAY=": "DISPLAY is empty", "DISPLAY=:4711": ":4711 cannot be opened"} {
		cmd := again(t, "probe")
		cmd.Env = append(cmd.Env, env)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
		require.Equal(t, 69, exit.ExitCode())
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		require.Len(t, lines, 2)
		require.Contains(t, lines[0], says)
		require.Contains(t, lines[1], "tavle-player")
	}
}

func TestScreenThatIsClosedBeforeItRunsShowsNothing(t *testing.T) {
	s := New(Options{})
	require.NoError(t, s.Close())
	require.Error(t, s.Present(&render.Frame{}, nil))
	require.Error(t, s.Blank(true))
	require.Zero(t, s.Panel())
}
