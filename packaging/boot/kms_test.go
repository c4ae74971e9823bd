//go:build vm

package boot

import (
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/glass/glasstest"
	"tavle/render/soft"
)

// Issue 2, item 5: render/kms and player/touch on a real kernel. What is on the
// glass is what the reference painter makes of the frame, whichever way the panel
// hangs; a tap on the glass, one finger of two and a cable that is pulled arrive
// as they should; the console stays out of the picture and comes back.
func TestKMS(t *testing.T) {
	kernel := os.Getenv("TAVLE_VM_KERNEL")
	require.NotEmpty(t, kernel, "run packaging/boot/kms-vm, which gets a kernel")
	init := filepath.Join(t.TempDir(), "init")
	build(t, init, "./guest")

	size := image.Pt(800, 480)
	m := boot(t, kernel, initrd(t, kernel, init, "", "virtio_pci", "virtio_gpu", "virtio_input", "evdev", "uinput"), size)
	m.expect("up")

	for turn := range glass.Rotation(4) {
		m.do("turn %d", turn.Degrees())
		seed := uint64(10 + turn)
		w := wall{m: m, maker: glasstest.NewMaker(seed), turn: turn}
		m.do("frame %d", seed)
		w.frame = w.maker.Frame(turn.Size(size))
		w.seen()
		for range 3 {
			w.next()
			w.seen()
		}
		at := image.Pt(100, 45)
		m.tap(turn.Turn(at, w.frame.Size), size)
		require.Equal(t, "(100,45) cell 0", m.expect("touch down"))
		require.Equal(t, "(100,45) cell 0", m.expect("touch up"))
	}

	w := wall{m: m, maker: glasstest.NewMaker(5)}
	m.do("turn 0")
	m.do("frame 5")
	w.frame = w.maker.Frame(size)

	// The console writes nothing into the picture.
	m.do("noise 200")
	w.seen()

	// Two fingers are two contacts, and a pulled cable lifts nothing.
	m.do("touch 0")
	require.Equal(t, "(200,120) cell 1", m.expect("touch down"))
	require.Equal(t, "(600,360) cell 11", m.expect("touch down"))
	require.Equal(t, "(600,360) cell 11", m.expect("touch up"))
	m.do("unplug 0")
	require.Equal(t, "(200,120) cell 1", m.expect("touch gone"))

	// The light goes off and on; with it comes what was shown meanwhile.
	m.do("light 0")
	w.next()
	m.do("light 1")
	w.seen()
	w.next()
	w.seen()

	// The panel goes and comes.
	m.do("plug 0")
	w.next()
	m.do("plug 1")
	require.Equal(t, fmt.Sprint(size), m.expect("resized"))
	w.seen()
	w.next()
	w.seen()

	// The console comes back.
	m.do("close 0")
	m.do("noise 3")
	w.gone()
}

// build builds a program as it is shipped.
func build(t testing.TB, to, program string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-tags", "nogpu", "-trimpath", "-ldflags", "-s -w", "-o", to, program)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// A wall is what we know should be on the glass.
type wall struct {
	m     *machine
	maker *glasstest.Maker
	frame *render.Frame
	turn  glass.Rotation
}

// next has the machine show the next frame.
func (w *wall) next() {
	w.m.t.Helper()
	w.m.do("next 1")
	w.frame = w.maker.Next(w.frame)
}

// seen checks that the glass shows the frame. The emulator's glass is a moment
// behind the machine's card.
func (w *wall) seen() {
	w.m.t.Helper()
	want := glasstest.Turn(new(soft.Painter).Image(w.frame, &glasstest.Pictures{}), w.turn)
	var most, n int
	var at image.Point
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		got := w.m.look()
		if got.Rect != want.Rect {
			continue
		}
		if most, at, n = glasstest.Difference(got, want); most == 0 {
			return
		}
	}
	w.m.t.Fatalf("the glass shows something else: %d pixels differ, the first at %v", n, at)
}

// gone checks that the glass does not show the frame any more.
func (w *wall) gone() {
	w.m.t.Helper()
	want := new(soft.Painter).Image(w.frame, &glasstest.Pictures{})
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if _, _, n := glasstest.Difference(w.m.look(), want); n > 1000 {
			return
		}
	}
	w.m.t.Fatal("the picture stays on the glass")
}
