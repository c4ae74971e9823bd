package house

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// R-DPA-37: who has to be told follows from what it is and how great the risk is, and
// the hours are counted on a clock that nobody puts forward or back.
func TestWhoHasToBeTold(t *testing.T) {
	copenhagen, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	whom := func(i Incident) (out string) {
		for _, d := range i.Duties(copenhagen) {
			out += d.Whom + " "
		}
		return out
	}
	i := Incident{Kind: "breach", Facts: "x", Known: "2026-10-24T12:00"}
	require.Equal(t, "controller authority ", whom(i), "not judged yet")
	i.Risk = "some"
	require.Equal(t, "controller authority ", whom(i))
	i.Risk = "high"
	require.Equal(t, "controller authority people ", whom(i))
	i.Risk = "none"
	require.Equal(t, "controller ", whom(i))
	i.Kind, i.Risk = "disclosure", "high"
	require.Equal(t, "controller ", whom(i))

	i.Kind = "breach"
	d := i.Duties(copenhagen)[1]
	require.Equal(t, Wall("2026-10-27T11:00"), WallOf(d.Due.In(copenhagen)), "one night has an hour more")
	require.False(t, d.Late(d.Due))
	require.True(t, d.Late(d.Due.Add(time.Second)))
	require.True(t, i.Open())
	i.Told, i.Authority, i.Persons = "2026-10-24T13:00", "2026-10-24T13:00", "2026-10-24T13:00"
	require.False(t, i.Open())
	require.Empty(t, i.Mistakes("2026-10-24T13:00"))
	require.Equal(t, []string{"controller_told", "authority_told", "people_told"}, i.Mistakes("2026-10-24T12:59"))
	i.Happened, i.Risk = "2026-10-24T12:01", "none"
	require.Equal(t, []string{"known", "risk_reason"}, i.Mistakes("2026-10-24T13:00"))
}

// Entries follow each other; a file in which they do not, or that says two things at
// once, is refused with its place.
func TestEntriesFollowEachOther(t *testing.T) {
	i := &Incident{Kind: "breach", Facts: "x", Known: "2026-12-03T09:00"}
	all := []Entry{{ID: "e1", Incident: i}, {ID: "e2", Incident: i}, {ID: "e3", Replaces: "e1", Incident: i}, {ID: "e4", Replaces: "e3", Incident: i}}
	got := Matters(all)
	require.Equal(t, []Matter{{all[0], all[2], all[3]}, {all[1]}}, got)
	require.Equal(t, ID("e4"), got[0].Now().ID)
	require.Equal(t, ID("e1"), got[0].ID())
	require.True(t, got[0].Has("e3"))
	require.False(t, got[0].Has("e2"))

	h := demoHouse(t)
	h.Entries = []Entry{{ID: "e2", Written: "2026-12-03T09:00", Replaces: "e1", Incident: i}, {ID: "e3", Written: "2026-12-03T09:00"}}
	var file bytes.Buffer
	require.NoError(t, h.Write(&file))
	_, mistakes := Parse(&file)
	var said []string
	for _, m := range mistakes {
		said = append(said, m.Path+": "+m.Text)
	}
	require.Equal(t, `register_entries[0].replaces: no entry "e1" before it; register_entries[1]: want one part: incident, instruction, challenge, notice, ending or review`, strings.Join(said, "; "))
}
