//go:build vm

package boot

import (
	"bufio"
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A machine is one that runs in the emulator. We talk to its program over the
// serial line, a line for a line, and to the emulator about its glass.
type machine struct {
	t       testing.TB
	dir     string
	in      io.Writer
	lines   chan string
	kept    []string // lines that nobody has expected yet
	monitor net.Conn
	answers *bufio.Reader
}

// patience is how long anything may take: an emulated machine is some twenty
// times slower than a real one.
const patience = 3 * time.Minute

// boot starts a machine with a graphics card of the given size and a pointer.
func boot(t testing.TB, kernel string, initrd []byte, size image.Point) *machine {
	t.Helper()
	m := &machine{t: t, dir: t.TempDir(), lines: make(chan string, 100)}
	require.NoError(t, os.WriteFile(filepath.Join(m.dir, "initrd"), initrd, 0o600))
	images, err := filepath.Glob(filepath.Join(kernel, "boot", "vmlinuz-*"))
	require.NoError(t, err)
	require.Len(t, images, 1)
	socket := filepath.Join(m.dir, "monitor")
	l, err := net.Listen("unix", socket)
	require.NoError(t, err)
	defer l.Close()
	cmd := exec.Command("qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "Nehalem", "-smp", "2", "-m", "512",
		"-kernel", images[0], "-initrd", filepath.Join(m.dir, "initrd"), "-append", "console=ttyS0 panic=-1 quiet",
		"-nodefaults", "-no-reboot", "-display", "none", "-nic", "none", "-serial", "stdio", "-qmp", "unix:"+socket,
		"-device", fmt.Sprintf("virtio-gpu-pci,xres=%d,yres=%d", size.X, size.Y), "-device", "virtio-tablet-pci")
	m.in, err = cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	read := make(chan struct{})
	go func() {
		defer close(read)
		for s := bufio.NewScanner(out); s.Scan(); {
			m.lines <- strings.TrimSpace(s.Text())
		}
		close(m.lines)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		for range m.lines { // what it still had to say
		}
		<-read
		_ = cmd.Wait()
	})
	m.monitor, err = l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { m.monitor.Close() })
	m.answers = bufio.NewReader(m.monitor)
	m.tell("qmp_capabilities", struct{}{})
	return m
}

// tell gives the emulator a command and waits for it to be done.
func (m *machine) tell(command string, arguments any) {
	m.t.Helper()
	require.NoError(m.t, m.monitor.SetDeadline(time.Now().Add(patience)))
	require.NoError(m.t, json.NewEncoder(m.monitor).Encode(map[string]any{"execute": command, "arguments": arguments}))
	for {
		line, err := m.answers.ReadBytes('\n')
		require.NoError(m.t, err)
		var a struct {
			Return json.RawMessage
			Error  *struct{ Desc string }
		}
		require.NoError(m.t, json.Unmarshal(line, &a))
		require.Nil(m.t, a.Error, "%s: %+v", command, a.Error)
		if a.Return != nil {
			return
		}
	}
}

// expect waits for a line that starts with want and returns what follows. Lines
// that came meanwhile are kept for whoever expects them.
func (m *machine) expect(want string) string {
	m.t.Helper()
	for i, line := range m.kept {
		if rest, ok := strings.CutPrefix(line, want); ok {
			m.kept = slices.Delete(m.kept, i, i+1)
			return strings.TrimSpace(rest)
		}
	}
	late := time.After(patience)
	for {
		select {
		case line, ok := <-m.lines:
			require.True(m.t, ok, "the machine has ended; wanted %q", want)
			m.t.Log("machine: " + line)
			require.NotContains(m.t, line, "failed:")
			if rest, ok := strings.CutPrefix(line, want); ok {
				return strings.TrimSpace(rest)
			}
			m.kept = append(m.kept, line)
		case <-late:
			m.t.Fatalf("the machine did not say %q", want)
		}
	}
}

// do has the program in the machine do something, and waits until it has.
func (m *machine) do(format string, a ...any) string {
	m.t.Helper()
	_, err := fmt.Fprintf(m.in, format+"\n", a...)
	require.NoError(m.t, err)
	return m.expect("done")
}

// dump writes what is on the glass into a file, of which it returns the path.
func (m *machine) dump(format string) string {
	m.t.Helper()
	file := filepath.Join(m.dir, "glass."+format)
	m.tell("screendump", map[string]any{"filename": file, "format": format})
	return file
}

// look returns what is on the glass.
func (m *machine) look() *image.RGBA {
	m.t.Helper()
	f, err := os.Open(m.dump("png"))
	require.NoError(m.t, err)
	defer f.Close()
	img, err := png.Decode(f)
	require.NoError(m.t, err)
	out := image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// tap moves the pointer to a pixel of the glass and taps.
func (m *machine) tap(p, size image.Point) {
	m.t.Helper()
	axis := func(name string, v, n int) map[string]any {
		// The emulator's axes go from 0 to 32767.
		return map[string]any{"type": "abs", "data": map[string]any{"axis": name, "value": (2*v + 1) * 32768 / (2 * n)}}
	}
	button := func(down bool) map[string]any {
		return map[string]any{"type": "btn", "data": map[string]any{"button": "left", "down": down}}
	}
	for _, events := range [][]any{
		{axis("x", p.X, size.X), axis("y", p.Y, size.Y)}, {button(true)}, {button(false)},
	} {
		m.tell("input-send-event", map[string]any{"events": events})
	}
}
