//go:build vm

package boot

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui/look"
)

// BenchmarkStart measures how long it takes from the start of a program to its
// first picture on the glass of a machine without X: a wall that has its house in
// the cache and no network, beside the least program that shows something by
// render/kms. The machine is emulated and some twenty times slower than a real
// one, so what counts is how much longer the wall takes. `make bench-start-vm`
// prints it.
func BenchmarkStart(b *testing.B) {
	kernel := os.Getenv("TAVLE_VM_KERNEL")
	require.NotEmpty(b, kernel, "run packaging/boot/kms-vm, which gets a kernel")
	init, root := filepath.Join(b.TempDir(), "init"), b.TempDir()
	build(b, init, "./guest")
	program := func(n, pkg, args string) string {
		dir := filepath.Join(root, "programs", n)
		require.NoError(b, os.MkdirAll(dir, 0o700))
		build(b, filepath.Join(dir, "run"), pkg)
		require.NoError(b, os.WriteFile(filepath.Join(dir, "args"), []byte(args), 0o600))
		return dir
	}
	const wall, empty = 0, 1
	dir := program("0", "tavle/cmd/tavle-player", "--screen kms --theme day --lang da --state demo-1 --device demo-1")
	program("1", "tavle/packaging/empty", "kms")
	furnish(b, dir)

	size := image.Pt(800, 480)
	m := boot(b, kernel, initrd(b, kernel, init, root, "virtio_pci", "virtio_gpu", "virtio_input", "evdev"), size)
	m.expect("up")
	first := func(n int, ground color.RGBA) time.Duration {
		start := time.Now()
		m.do("play %d", n)
		m.await(image.Pt(4, size.Y-4), ground)
		took := time.Since(start)
		m.do("end 0")
		m.await(image.Pt(4, size.Y-4), color.RGBA{A: 255}) // the console is back
		return took
	}
	white := color.RGBA{255, 255, 255, 255}
	first(wall, look.Day.Bg) // once for the disk's cache
	var took [2][]time.Duration
	b.ResetTimer()
	for b.Loop() {
		took[wall] = append(took[wall], first(wall, look.Day.Bg))
		took[empty] = append(took[empty], first(empty, white))
	}
	b.ReportMetric(0, "ns/op") // of a round, which says nothing

	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(out, "\nfirst picture by KMS, %d starts\tmedian\tleast\tmost\t\n", len(took[wall]))
	var median [2]time.Duration
	for n, name := range []string{"wall", "empty render/kms program"} {
		slices.Sort(took[n])
		median[n] = took[n][len(took[n])/2]
		fmt.Fprintf(out, "%s\t%.2f s\t%.2f s\t%.2f s\t\n", name, median[n].Seconds(), took[n][0].Seconds(), took[n][len(took[n])-1].Seconds())
	}
	_ = out.Flush()
	x := median[wall].Seconds() / median[empty].Seconds()
	fmt.Fprintf(os.Stdout, "the wall takes %.2f times as long, in an emulated machine\n", x)
	b.ReportMetric(x, "x/wall-KMS")
}

// furnish leaves in dir what a wall keeps, with the demo house in it.
func furnish(t testing.TB, dir string) {
	t.Helper()
	tavle := filepath.Join(t.TempDir(), "tavle")
	build(t, tavle, "tavle/cmd/tavle")
	cmd := exec.Command(tavle, "demo", "--headless", "--data", dir)
	require.NoError(t, cmd.Start())
	for late := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		photos, err := os.ReadDir(filepath.Join(dir, "demo-1", "cache", "blobs"))
		if err == nil && len(photos) > 0 { // they come after the house
			break
		}
		require.True(t, time.Now().Before(late), "the demo does not fill the cache")
	}
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.NoError(t, cmd.Wait())
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "hub")))
}

// await waits until the glass has that colour there.
func (m *machine) await(at image.Point, want color.RGBA) {
	m.t.Helper()
	off := func(a, b uint8) bool { return max(a, b)-min(a, b) > 8 } // the ground has shadows
	got := color.RGBA{A: 1}
	for late := time.Now().Add(patience); off(got.R, want.R) || off(got.G, want.G) || off(got.B, want.B) || got.A != 255; time.Sleep(2 * time.Millisecond) {
		require.True(m.t, time.Now().Before(late), "the glass has %v at %v, not %v", got, at, want)
		select {
		case line := <-m.lines:
			m.t.Log("machine: " + line)
		default:
		}
		dump, err := os.ReadFile(m.dump("ppm"))
		require.NoError(m.t, err)
		var w, h, most int
		_, err = fmt.Fscanf(bytes.NewReader(dump), "P6\n%d %d\n%d\n", &w, &h, &most)
		require.NoError(m.t, err)
		pixels := dump[len(dump)-3*w*h:]
		i := 3 * (at.Y*w + at.X)
		got = color.RGBA{pixels[i], pixels[i+1], pixels[i+2], 255}
	}
}
