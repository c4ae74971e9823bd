package e2e

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/stretchr/testify/require"

	"tavle/player/ui/look"
	"tavle/render/x11/xvfb"
)

// A starter is a program whose first picture is waited for.
type starter struct {
	name    string
	program string
	args    []string
	ground  color.RGBA // of its picture, where nothing else is
	beside  string     // the starter it is measured by
	goal    float64    // times as long as that, at most; 0: none
	took    []time.Duration
}

// BenchmarkStart measures from outside how long it takes from the start of a
// program to its first picture on a display of 1920×1080: a wall that has its
// house in the cache and no network, by the GPU and without, and beside each the
// least program there is. Each round starts them all, so that a busy machine is
// busy for all of them; what counts are the medians. `make bench-start` prints
// them.
//
// The display is Xvfb's, where the CPU does the GPU's work: a wall, which draws a
// hundred things and not one, looks slower beside an empty window than it is on a
// machine that has a GPU.
func BenchmarkStart(b *testing.B) {
	buildForGPU(b)
	h := newHome(b)
	w := h.hang("kitchen")
	w.on()
	w.anew(true)
	w.awaitTwin("home", whole)
	require.Zero(b, w.proc.end())
	h.hub.kill()

	white, wall := color.RGBA{255, 255, 255, 255}, look.Day.Bg
	config := func(screen string) []string { return []string{"--config", "kitchen.toml", "--screen", screen} }
	all := []*starter{
		{name: "wall, GPU", program: "gpu/tavle-player", args: config("gpu"), ground: wall, beside: "empty Ebitengine window", goal: 1.3},
		{name: "empty Ebitengine window", program: "gpu/empty", ground: white},
		{name: "wall, X11", program: "tavle-player", args: config("x11"), ground: wall, beside: "empty render/x11 window"},
		{name: "empty render/x11 window", program: "empty", args: []string{"x11"}, ground: white},
	}
	g := openGlass(b, image.Pt(1920, 1080))
	for _, s := range all { // once for the disk's cache and the driver's
		h.firstPicture(g, s)
	}
	before := load(b)
	b.ResetTimer()
	for b.Loop() {
		for _, s := range all {
			s.took = append(s.took, h.firstPicture(g, s))
		}
	}
	b.ReportMetric(0, "ns/op") // of a round, which says nothing
	report(b, all, before)
}

// buildForGPU builds what needs cgo.
func buildForGPU(b *testing.B) {
	b.Helper()
	dir := filepath.Join(bin, "gpu")
	require.NoError(b, os.MkdirAll(dir, 0o700))
	cmd := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "tavle/cmd/tavle-player", "tavle/render/gpu/empty")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	out, err := cmd.CombinedOutput()
	require.NoError(b, err, "%s", out)
}

// firstPicture starts a program, waits for its first picture, ends it, and says
// how long that took.
func (h *home) firstPicture(g *glass, s *starter) time.Duration {
	h.t.Helper()
	g.await(func(c color.RGBA) bool { return c == color.RGBA{A: 255} }, "nothing")
	start := time.Now()
	p := h.start([]string{"DISPLAY=" + g.display}, s.program, s.args...)
	g.await(func(c color.RGBA) bool { return near(c, s.ground) }, s.name)
	took := time.Since(start)
	p.kill()
	return took
}

// near allows for what a GPU rounds.
func near(a, b color.RGBA) bool {
	off := func(a, b uint8) bool { return max(a, b)-min(a, b) > 3 }
	return !off(a.R, b.R) && !off(a.G, b.G) && !off(a.B, b.B)
}

// A glass is a display that is looked at all the time.
type glass struct {
	t       testing.TB
	display string
	conn    *xgb.Conn
	root    xproto.Drawable
	spot    image.Point // where every picture has its ground; the part that comes last
}

func openGlass(t testing.TB, size image.Point) *glass {
	t.Helper()
	g := &glass{t: t, display: xvfb.Start(t, size, 24, "-br"), spot: image.Pt(4, size.Y-4)}
	var err error
	g.conn, err = xgb.NewConnDisplay(g.display)
	require.NoError(t, err)
	t.Cleanup(g.conn.Close)
	g.root = xproto.Drawable(xproto.Setup(g.conn).DefaultScreen(g.conn).Root)
	return g
}

// await waits until the spot fits, looking a thousand times a second.
func (g *glass) await(fits func(color.RGBA) bool, what string) {
	g.t.Helper()
	limit := time.Now().Add(patience)
	for {
		img, err := xproto.GetImage(g.conn, xproto.ImageFormatZPixmap, g.root, int16(g.spot.X), int16(g.spot.Y), 1, 1, 0xffffffff).Reply()
		require.NoError(g.t, err)
		seen := color.RGBA{img.Data[2], img.Data[1], img.Data[0], 255}
		if fits(seen) {
			return
		}
		if time.Now().After(limit) {
			g.t.Fatalf("the glass does not show %s but %v", what, seen)
		}
		time.Sleep(time.Millisecond)
	}
}

// report prints a table and gives the medians to whoever compares benchmarks.
func report(b *testing.B, all []*starter, before string) {
	b.Helper()
	medians := map[string]time.Duration{}
	for _, s := range all {
		slices.Sort(s.took)
		medians[s.name] = s.took[len(s.took)/2]
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(out, "\nfirst picture, %d starts\tmedian\tleast\tmost\ttimes the empty one\tgoal\t\n", len(all[0].took))
	for _, s := range all {
		ms := func(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d)/1e6) }
		ratio, goal := "", ""
		if s.beside != "" {
			x := float64(medians[s.name]) / float64(medians[s.beside])
			ratio = fmt.Sprintf("%.2f", x)
			b.ReportMetric(x, "x/"+unit(s.name))
			if s.goal > 0 {
				goal = fmt.Sprint("≤ ", s.goal)
			}
		}
		b.ReportMetric(float64(medians[s.name])/1e6, "ms/"+unit(s.name))
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\t\n", s.name, ms(medians[s.name]), ms(s.took[0]), ms(s.took[len(s.took)-1]), ratio, goal)
	}
	_ = out.Flush()
	fmt.Fprintf(os.Stdout, "%d cores; load %s before, %s after\n", runtime.NumCPU(), before, load(b))
	if cards, _ := filepath.Glob("/dev/dri/card*"); len(cards) == 0 {
		fmt.Fprintln(os.Stdout, "no DRM device here: make bench-start-vm measures render/kms in an emulated machine")
	}
}

// unit is a name as benchmarks have it.
func unit(name string) string {
	return strings.NewReplacer(",", "", " ", "-", "/", "-").Replace(name)
}

// load returns how many programs wanted a core in the last minute.
func load(t testing.TB) string {
	t.Helper()
	avg, err := os.ReadFile("/proc/loadavg")
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(avg), " ")
	return first
}
