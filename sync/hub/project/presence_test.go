package project

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// presenceOf returns what a board of the demo house says of who is there.
func presenceOf(t *testing.T, h *house.House, screen house.ID) (*record.Facts, record.Presence) {
	t.Helper()
	f, b := demoFacts(t, h, screen, thursday)
	return f, f.Presence[record.PresenceID(b.PresenceKey().ID)]
}

// V-18, R-KID-06: the board of who is there says of each child a state, of those
// who agreed to that; who did not is not on it, nor counted, nor sent at all.
func TestPresenceOfTheDemoHouse(t *testing.T) {
	h := demoHouse(t)
	h.Departments[2].Modules = []record.Module{record.ModulePresence}
	f, p := presenceOf(t, h, "scr-4")
	require.ElementsMatch(t, []string{"Ella", "Noah", "زينب", "Iben", "Maja"}, names(f, p.Who))
	require.ElementsMatch(t, []string{"Ella", "Noah"}, names(f, p.Here), "Oskar is here, and does not want that to be seen")
	require.Equal(t, []string{"Iben"}, names(f, p.Gone))
	require.Len(t, p.Off, 1)
	require.Equal(t, "زينب", f.People[p.Off[0].Who].Name.Reveal())
	require.Equal(t, record.Day("2026-12-03"), p.Day)
	require.Len(t, f.People, 5, "nobody whom the board does not show")
	for _, x := range f.People {
		require.False(t, x.SignUp)
		require.False(t, x.Listed)
		require.Empty(t, x.Open)
	}
	require.False(t, p.Whole, "Oskar is not among them: a number would be wrong")

	h.Residents[16].Choices.Board = true // Oskar
	_, p = presenceOf(t, h, "scr-4")
	require.Len(t, p.Who, 6)
	require.Len(t, p.Here, 3)
	require.True(t, p.Whole)
	h.Residents[16].Choices.Hidden = true
	_, p = presenceOf(t, h, "scr-4")
	require.Len(t, p.Who, 5, "whoever is hidden is on no board")
	h.Residents[16].Acceptance.State = house.Declined
	_, p = presenceOf(t, h, "scr-4")
	require.True(t, p.Whole, "whoever did not accept is nowhere, and no number is of them")
}

// V-18, 4.12: whether somebody who is not on the board is there changes no byte.
func TestHiddenPresenceChangesNoByte(t *testing.T) {
	h := demoHouse(t)
	rows := func() string {
		rows, err := Rows(FromHouse(h, nil), board(t, h, "scr-4"), thursday)
		require.NoError(t, err)
		var all strings.Builder
		for _, r := range rows {
			all.WriteString(r.ID)
			all.Write(r.Body)
		}
		return all.String()
	}
	before := rows()
	for _, is := range []record.Whereabouts{record.NotYet, record.GoneHome, record.Here} {
		h.Presence[0].Mark("k5", is)
		require.Equal(t, before, rows())
	}
	h.Presence[0].DaysOff = append(h.Presence[0].DaysOff, house.DayOff{Person: "k5", Day: "2026-12-03"})
	require.Equal(t, before, rows())
	h.Presence[0].Mark("k6", record.Here)
	require.NotEqual(t, before, rows())
}

// V-15: another department's wall does not say who is there, nor does another
// system's.
func TestPresenceIsOnNoOtherWall(t *testing.T) {
	h := demoHouse(t)
	h.Departments[0].Modules = append(h.Departments[0].Modules, record.ModulePresence)
	f, p := presenceOf(t, h, "scr-1")
	require.Empty(t, p.Who)
	require.Empty(t, p.Here)
	for _, x := range f.People {
		require.NotContains(t, []string{"Ella", "Noah", "Iben", "Maja"}, x.Name.Reveal())
	}
	b := board(t, h, "scr-4")
	b.External, b.Department = &h.Externals[0], h.Externals[0].ID
	rows, err := Rows(FromHouse(h, nil), b, thursday)
	require.NoError(t, err)
	for _, r := range rows {
		require.NotEqual(t, record.KindPresence, r.Kind)
	}
}

// A day begins with nobody, and what was yesterday is not sent; on a day off one
// may come after all.
func TestPresenceBeginsAnewEveryDay(t *testing.T) {
	h := demoHouse(t)
	h.Presence[0].Mark("k3", record.Here)
	_, p := presenceOf(t, h, "scr-4")
	require.Len(t, p.Here, 3)
	f, b := demoFacts(t, h, "scr-4", thursday.AddDate(0, 0, 1))
	p = f.Presence[record.PresenceID(b.PresenceKey().ID)]
	require.Equal(t, record.Day("2026-12-04"), p.Day)
	require.Len(t, p.Who, 5)
	require.Empty(t, p.Here)
	require.Empty(t, p.Gone)
	require.Empty(t, p.Off)
}
