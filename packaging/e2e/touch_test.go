package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
	"tavle/sync/hub/house"
)

// A click from outside on an activity, "Jeg vil med" and a face is in the hub's
// store and on another wall's glass, to the pixel.
func TestClickFromOutsideIsOnEveryWall(t *testing.T) {
	h := newHome(t)
	kitchen, hall := h.hang("kitchen"), h.hang("hall")
	for _, w := range []*wall{kitchen, hall} {
		w.on()
		w.anew(true)
		w.awaitTwin("home", whole)
	}
	hall.click("Banko")
	hall.awaitTwin("the activity", whole)

	kitchen.click("Banko")
	kitchen.awaitTwin("the activity", whole)
	kitchen.click("Jeg vil med")
	kitchen.awaitTwin("who there is", whole)
	kitchen.click("Mik")
	h.until("the sign-up is in the store", func() bool {
		return len(h.going("banko")) == 1
	})
	require.Equal(t, []house.ID{"r02"}, h.going("banko"))
	hall.awaitTwin("who comes", whole)
}

// with Tab and Enter alone, from outside, a resident is signed up, and the
// glass shows where the keys are at every step.
func TestKeysFromOutsideSignUp(t *testing.T) {
	h := newHome(t)
	w := h.hang("kitchen")
	w.on()
	w.anew(true)
	w.awaitTwin("home", whole)
	for _, label := range []string{"Banko", "Jeg vil med", "Mik"} {
		w.seek(label)
		w.awaitTwin("the focus on "+label, whole)
		w.enter()
		w.awaitTwin("what Enter on "+label+" opens", whole)
	}
	h.until("the sign-up is in the store", func() bool { return len(h.going("banko")) == 1 })
	require.Equal(t, []house.ID{"r02"}, h.going("banko"))
	w.key("Escape", ui.KeyEscape)
	w.awaitTwin("the activity", whole)
}
