package main

import (
	"bytes"
	"image"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
	"tavle/player/vitals"
	"tavle/sync/hub/store"
)

// A wall says how it is with its first connection, and before long where that has
// changed much; the Manager shows it with what to do about it. What it says names
// nobody, which the log of this world is searched for at its end.
func TestFleetKnowsHowItsWallsAre(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen := w.walls[0]
		is := w.state("kitchen").Health
		require.Equal(t, "host-file", is.Stat.Secret)
		require.Zero(t, is.Stat.TempC, "it does not know")

		kitchen.link.Cut()
		w.visit(kitchen, "Aktiviteter")
		kitchen.tap("Banko")
		kitchen.tap("Jeg vil med")
		kitchen.tap("Mik")
		kitchen.machine.Store(&vitals.Vitals{TempC: 81, FreeMB: 320, MemoryMB: 95})
		w.within(2 * time.Minute)
		require.Zero(t, w.state("kitchen").Health.Stat.TempC, "its last word")
		kitchen.link.Heal()
		w.within(2 * time.Minute)
		is = w.state("kitchen").Health
		require.InDelta(t, 81, is.Stat.TempC, 0)
		require.Equal(t, int64(320), is.Stat.DiskFreeMB)
		require.Equal(t, int64(95), is.Stat.MemoryMB)
		require.Zero(t, is.Stat.Outbox, "what waited is answered")
		require.Zero(t, is.Stat.ClockOffS)
		require.InDelta(t, 4*time.Minute, time.Duration(is.Stat.UptimeS)*time.Second, float64(time.Minute))

		body := w.clerk().ask("GET", "/screens", nil).Body.String()
		require.Contains(t, body, "81 °C. Flyt skærmen væk fra varmen.")
		require.Contains(t, body, "Kun 320 MB ledigt lager. Skift kortet.")
	})
}

var (
	screenIn = regexp.MustCompile(`href="(/screens/is/[0-9a-f]+)"`)
	numberIn = regexp.MustCompile(`<strong class="showing-number">(\d+)</strong>`)
)

// screenAt returns the address of a screen's page.
func (c *clerk) screenAt(name string) string {
	for _, m := range screenIn.FindAllStringSubmatch(c.ask(http.MethodGet, "/screens", nil).Body.String(), -1) {
		if strings.Contains(c.ask(http.MethodGet, m[1], nil).Body.String(), "· "+name) {
			return m[1]
		}
	}
	c.t.Fatalf("no screen %q in the Manager", name)
	return ""
}

// Issue 5, item 5: staff press a button, and the screen they mean shows their number
// and its place, on no other, with nothing of anybody. After half a minute, or when it
// is touched, what was there before is there again, and the touch did nothing else.
func TestScreenIsFoundByItsNumber(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		c, hall := w.clerk(), w.walls[1]
		w.visit(hall, "Beboere")
		before := hall.says()
		require.NotEmpty(t, canary.In(before, canary.Names()))
		press := func() string {
			t.Helper()
			got := c.ask(http.MethodPost, c.screenAt("hall")+"/identify", nil)
			require.Equal(t, http.StatusOK, got.Code, got.Body)
			number := numberIn.FindStringSubmatch(got.Body.String())
			require.NotNil(t, number)
			w.within(time.Second)
			require.Contains(t, hall.screen.Frame().Texts(), number[1])
			return number[1]
		}
		number := press()
		require.Contains(t, hall.says(), "Gangen ved hoveddøren")
		require.Contains(t, hall.says(), "hall")
		require.Empty(t, canary.In(hall.says(), canary.Names()))
		for _, other := range []int{0, 2} {
			require.NotContains(t, w.walls[other].screen.Frame().Texts(), number)
		}
		w.within(30 * time.Second)
		require.Equal(t, before, hall.says())

		press()
		hall.screen.Tap(image.Pt(100, 1800))
		w.within(time.Second)
		require.Equal(t, before, hall.says())
	})
}

// R-DPA-27, V-20: a screen that is shut out in the Manager, by somebody who has just
// proved who they are, has nothing of anybody: neither on its glass and in its memory,
// nor on its disk what could open what was there. It says so, by the key it had; that
// is in the audit, and the Manager says that it holds nothing. One that is away holds
// nobody knows what until it comes back, and is wiped then.
func TestShutOutInTheManagerIsWiped(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		c, kitchen := w.clerk(), w.walls[0]
		require.Equal(t, http.StatusSeeOther, c.ask(http.MethodPost, "/proof", url.Values{"proof": {demoPassword}, "then": {"/"}}).Code)
		dir := filepath.Join(w.show.dir, "kitchen")
		var opens [][]byte
		for _, name := range []string{"secret", "cache/keyring", "cache/mark", "cache/outbox"} {
			b, err := os.ReadFile(filepath.Join(dir, name))
			require.NoError(t, err)
			opens = append(opens, b[8:min(len(b), 72)]) // after the magic
		}
		require.NotEmpty(t, canary.In(kitchen.says(), canary.Names()))
		require.NotEmpty(t, blobs(t, dir))

		kitchen.link.Cut()
		w.within(2 * time.Minute)
		at := c.screenAt("kitchen")
		require.Equal(t, http.StatusSeeOther, c.ask(http.MethodPost, strings.Replace(at, "/is/", "/out/", 1), nil).Code)
		w.within(time.Minute)
		require.NotEmpty(t, canary.In(kitchen.says(), canary.Names()), "it does not know")
		require.Contains(t, c.ask(http.MethodGet, at, nil).Body.String(), "ukendt siden 10.2")
		require.NotContains(t, w.done(), "screen wipe device kitchen")

		kitchen.link.Heal()
		w.within(2 * time.Minute)
		require.Empty(t, canary.In(kitchen.says(), canary.Names()))
		require.True(t, kitchen.cache.Facts().Empty())
		require.Empty(t, blobs(t, dir))
		require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			for _, was := range opens {
				require.False(t, bytes.Contains(b, was), "%s has what could open it", path)
			}
			return err
		}))
		require.NoError(t, canary.InFiles(dir))
		require.Contains(t, w.done(), "screen wipe device kitchen")
		require.Contains(t, c.ask(http.MethodGet, at, nil).Body.String(), "ingen siden 10.2")
		require.NotEmpty(t, canary.In(w.walls[1].says(), canary.Names()), "the others go on")
	})
}

// blobs returns the pictures that a wall has on its disk.
func blobs(t *testing.T, dir string) (out []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(filepath.Join(dir, "cache", "blobs"), func(path string, d os.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	}))
	return out
}

// done returns what was done, in short, as the audit has it.
func (w *world) done() (out []string) {
	w.t.Helper()
	hubs := store.Actor{Org: demoOrg, Kind: store.ByHub, At: time.Now()}
	require.NoError(w.t, w.show.store.View(w.t.Context(), hubs, func(v store.View) error {
		out = nil
		return v.Lines(w.t.Context(), "", func(l store.Line) error {
			out = append(out, strings.Join([]string{string(l.By), l.Action, l.Kind, l.ID}, " "))
			return nil
		})
	}))
	return out
}
