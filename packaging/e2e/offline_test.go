package e2e

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
	"tavle/sync/hub/house"
)

// Without the hub the wall starts, shows its house, and takes touches, marked as
// on their way; when the hub is back they are in its store. Neither logs nor
// anything a screen keeps names anybody.
//
// R-DPA-18.
func TestWithoutHubTheHouseIsShownAndTouchesWait(t *testing.T) {
	h := newHome(t)
	w := h.hang("kitchen")
	w.on()
	w.anew(true)
	w.awaitTwin("home", whole)
	u, err := url.Parse(h.url)
	require.NoError(t, err)
	h.hub.kill()
	w.proc.kill()

	w.on()
	w.anew(false)
	w.awaitTwin("home, from its cache", whole)
	w.click("Banko")
	w.awaitTwin("the activity", whole)
	w.click("Jeg vil med")
	w.awaitTwin("who there is", whole)
	w.click("Åse")
	w.awaitTwin("that it is on its way", whole)
	require.Empty(t, h.going("banko"))

	t.Log("the power is cut once more before the network is back")
	first := w.proc
	w.proc.kill()
	w.on()
	hub := h.hub
	h.startHub(u.Host)
	h.until("the touch is in the store", func() bool { return len(h.going("banko")) == 1 })
	require.Equal(t, []house.ID{"r07"}, h.going("banko"))
	w.anew(true)
	w.awaitTwin("home, and that it counts", whole)

	require.Zero(t, w.proc.end())
	require.Zero(t, h.hub.end())
	for _, p := range []*process{first, w.proc, hub, h.hub} {
		require.Empty(t, canary.In(p.out.String(), canary.Names()), p.name)
	}
	require.NoError(t, canary.InFiles(h.dir, "hub", "house"))
}

// A file that is wrong is named with everything that is wrong in it.
func TestMistakesAreSaidBeforeAnythingStarts(t *testing.T) {
	h := &home{t: t, dir: t.TempDir()}
	h.write("player.toml", []byte("lamg = \"da\"\nrotation = 45\n[hub]\nurl = \"ftp://hub\"\n"))
	p := h.start(nil, "tavle-player", "--config", "player.toml")
	<-p.done
	require.Equal(t, 1, p.cmd.ProcessState.ExitCode())
	for _, mistake := range []string{
		`player.toml:1: lamg: `, "did you mean lang", "player.toml:2: rotation: 45", "player.toml:4: hub.url",
	} {
		require.Contains(t, p.out.String(), mistake)
	}
}
