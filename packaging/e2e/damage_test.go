package e2e

import (
	"bytes"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render/x11/xvfb"
	"tavle/sync/hub/house"
)

// Issue 2, bad input: a cache file that was cut, changed, swapped or put back is
// set aside. Until the hub answers the wall waits, calmly, and shows nobody; then
// its house is back, and so is what was touched before.
//
// R-DPA-18.
func TestBrokenCacheIsSetAsideAndFetchedAnew(t *testing.T) {
	h := newHome(t)
	kitchen, hall := h.hang("kitchen"), h.hang("hall")
	for _, w := range []*wall{hall, kitchen} {
		w.on()
		w.anew(true)
		w.awaitTwin("home", whole)
	}
	hall.proc.kill()
	foreign := h.read("hall/cache/cache.db")
	u, err := url.Parse(h.url)
	require.NoError(t, err)

	const before = "from before somebody was hidden"
	var old []byte
	for _, c := range []struct {
		name, reason string
		damage       func(file []byte) []byte
		who          string // touches before
	}{
		{"cut off", "damaged", cutOff, "Anna"},
		{"one bit flipped", "damaged", h.fatalFlip, "Mik"},
		{"another screen's", "foreign", func([]byte) []byte { return foreign }, "Łucja"},
		{before, "foreign", func([]byte) []byte { return old }, "Åse"},
	} {
		t.Log(c.name)
		if c.name == before { // the keys change with it, so the old file is as good as another's
			old = h.read("kitchen/cache/cache.db")
			h.hub.kill() // or it would take half a minute to notice
			h.hide("Sasha")
			h.startHub(u.Host)
			kitchen.awaitTwin("home without them", whole)
		}
		h.hub.kill()
		kitchen.anew(false)
		kitchen.click("Banko")
		kitchen.awaitTwin("the activity", whole)
		kitchen.click("Jeg vil med")
		kitchen.awaitTwin("who there is", whole)
		kitchen.click(c.who)
		kitchen.awaitTwin("that it is on its way", whole)
		kitchen.proc.kill()
		h.write("kitchen/cache/cache.db", c.damage(h.read("kitchen/cache/cache.db")))

		kitchen.on()
		kitchen.proc.await(`msg="cache set aside" reason=` + c.reason)
		kitchen.awaitWaiting()
		h.startHub(u.Host)
		h.until("the touch is in the store", func() bool { return slices.Contains(h.going("banko"), choices[c.who]) })
		kitchen.anew(true)
		kitchen.awaitTwin("home", whole)
		require.Empty(t, canary.In(kitchen.proc.out.String(), canary.Names()))
	}
	require.Zero(t, kitchen.proc.end())
	require.NoError(t, canary.InFiles(h.dir, "hub", "house"))
}

// page is how many bytes the cache's file is read and written by.
const page = 4096

// cutOff leaves of a file what says where everything is, and nothing of it: of
// half a file the other half may have been empty.
func cutOff(file []byte) []byte { return file[:2*page+page/2] }

// fatalFlip flips one bit, such that a program which reads the file crashes: of
// where a value lies in its page.
func (h *home) fatalFlip(file []byte) []byte {
	h.t.Helper()
	const where = 23
	for at := 2*page + where; at < len(file); at += page {
		flipped := bytes.Clone(file)
		flipped[at] ^= 1 << 6
		h.write("flipped.db", flipped)
		out, err := exec.Command(filepath.Join(bin, "tavle-player"), "cache-probe", filepath.Join(h.dir, "flipped.db")).CombinedOutput()
		if err != nil && bytes.Contains(out, []byte("goroutine ")) {
			return flipped
		}
	}
	h.t.Fatal("no bit of the file matters")
	return nil
}

// hide has somebody hidden from now on, and takes everybody off every list.
func (h *home) hide(name string) {
	h.t.Helper()
	in, mistakes := house.Parse(bytes.NewReader(h.read("house/house.json")))
	require.Empty(h.t, mistakes)
	for i := range in.Residents {
		if r := &in.Residents[i]; r.ID == choices[name] {
			r.Choices.Hidden = true
		}
	}
	var out bytes.Buffer
	require.NoError(h.t, in.Write(&out))
	h.write("house/house.json", out.Bytes())
	h.clear()
}

// awaitWaiting waits until the glass shows that the wall waits for its house,
// whether or not it says already that it cannot reach it.
func (w *wall) awaitWaiting() {
	w.t.Helper()
	w.until(w.name+" waits", func() bool {
		now, seen := time.Now(), xvfb.See(w.t, w.display, whole)
		return slices.ContainsFunc([]time.Time{now, now.Add(-time.Hour)}, func(since time.Time) bool {
			m := ui.New(ui.Panel{Size: size}, "da", now)
			m.Theme, m.Link = &look.Day, ui.Link{DownSince: since}
			return same(w.studio.Paint(m), seen, whole)
		})
	})
}
