package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

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
