package ui

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The first thing that fails is said, what comes after waits for it, and
// it is tried again by itself, with the seconds counted.
func TestNetworkIsLookedAtUntilItIsThere(t *testing.T) {
	h := newHand(t)
	h.tap(Go{More{}})
	h.tap(Enter{About{}})
	h.tap(Enter{Network{}})
	require.Equal(t, []Effect{TryNetwork{}}, h.effects, "without asking")
	h.pass(time.Second)
	require.Len(t, h.effects, 1, "once")
	h.send(NetChanged{Net{Found: [Needs]Finding{Fine, Fails}, Detail: [Needs]string{"eth0"}, MAC: "DC:A6:32:4F:9B:1E"}})
	require.Contains(t, h.words(), "Skærmen kan ikke komme på nettet")
	require.Contains(t, h.words(), "Netværket giver ingen adresse")
	require.Contains(t, h.words(), "Venter på det ovenfor")
	require.Contains(t, h.words(), "DC:A6:32:4F:9B:1E")
	require.Contains(t, h.words(), "om 15 sekunder")
	h.send(Tick{h.frame().NextAt})
	require.Contains(t, h.words(), "om 14 sekunder")
	h.pass(14 * time.Second)
	require.Len(t, h.effects, 2)
	h.send(NetChanged{Net{Found: [Needs]Finding{Fine, Fine, Fine, Fine, ClockFails}}})
	require.Contains(t, h.words(), "ur går forkert")
	h.tap(TryNow{})
	require.Len(t, h.effects, 3)
	h.send(NetChanged{Net{Found: [Needs]Finding{Fine, Fine, Fine, Fine, Fine}}})
	require.Contains(t, h.words(), "Skærmen er på nettet")
	h.tap(Go{Home{}})
	h.pass(time.Minute)
	require.Len(t, h.effects, 3, "nobody wants to know any more")
}

// A screen that belongs to no hub shows it where the trouble is nearer than the
// hub, and the code's page as soon as that is over.
func TestUnpairedScreenSaysWhatTheNetworkLacks(t *testing.T) {
	h := &hand{t: t, Model: New(Panel{Size: large}, "da", mockNow)}
	h.send(PairingChanged{mockPairing("", HubAway)})
	h.pass(time.Second)
	require.Equal(t, []Effect{TryNetwork{}}, h.effects)
	require.Contains(t, h.words(), "Hubben svarer ikke")
	h.send(NetChanged{Net{Found: [Needs]Finding{Fails}}})
	require.Contains(t, h.words(), "Intet kabel")
	h.pass(time.Second)
	h.tap(TryNow{})
	require.Len(t, h.effects, 2)
	h.send(NetChanged{Net{Found: [Needs]Finding{Fine, Fine, Fine, Fails}}})
	require.NotContains(t, h.words(), "Navneopslag", "the network is not to blame")
	h.send(PairingChanged{mockPairing("7KX94P", NoObstacle)})
	require.Contains(t, h.words(), "Skriv koden på hubben")
}

// R-IBG-01, R-IBG-02, R-IBG-31: who answers for it, what is shown and kept and
// what everybody may ask for is two touches from home, without a network and in
// every language of the wall.
func TestNoticeIsTwoTouchesAway(t *testing.T) {
	h := newHand(t)
	f := mockFacts()
	f.House.Keeper, f.House.Contact = da("Demokommune"), "dpo@example.org"
	h.send(BoardChanged{boardFrom(f)}, LinkChanged{Link{DownSince: mockNow.Add(-time.Hour)}}, Named{Machine{Screen: "scr-1", Version: "1.4.0"}})
	h.tap(Go{More{}})
	h.tap(Enter{About{}})
	for _, want := range []string{"Demokommune", "dpo@example.org", "Aldrig efternavn", "Du kan altid sige nej", "Skærm scr-1", "Version 1.4.0", "Opdateret kl. 9.24", "OFL", "MIT"} {
		require.Contains(t, h.words(), want)
	}
	for _, tag := range []string{"nb", "en", "nn", "sv", "ar"} {
		h.Manner.Lang = tag
		require.Contains(t, h.words(), testKit.Words(tag).T("about.rights_no"), tag)
	}
}
