package house

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// R-DPA-01, R-DPA-21: an instruction is in force from its day until the next one is; it
// is told 90 days before, 30 where the law changes, and at once only where both agree
// or nothing more is allowed.
func TestInstructionsTakeTurns(t *testing.T) {
	of := func(id ID, on Day, m ...record.Module) Entry {
		return Entry{ID: id, Instruction: &Instruction{Effective: on, Change: "agreed", Modules: m}}
	}
	all := []Entry{of("i1", "2026-01-01", "news"), {ID: "x", Incident: &Incident{}}, of("i2", "2026-06-01", "meals"), of("i3", "2026-03-01"), of("i4", "2026-06-01")}
	for day, want := range map[Day]ID{"2025-12-31": "", "2026-01-01": "i1", "2026-02-28": "i1", "2026-03-01": "i3", "2026-05-31": "i3", "2026-06-01": "i4", "2027-01-01": "i4"} {
		e, ok := InForce(all, day)
		require.Equal(t, want, e.ID, day)
		require.Equal(t, want != "", ok, day)
	}
	require.True(t, (*Instruction)(nil).Allows("news"))
	require.True(t, all[0].Instruction.Allows("news"))
	require.False(t, all[0].Instruction.Allows("meals"))

	was := &Instruction{Modules: []record.Module{"news", "meals"}}
	for _, row := range []struct {
		change  string
		on      Day
		modules []record.Module
		want    []string
	}{
		{"agreed", "2026-01-01", []record.Module{"roster"}, nil},
		{"agreed", "2025-12-31", nil, []string{"effective"}},
		{"stricter", "2026-01-01", []record.Module{"news"}, nil},
		{"stricter", "2026-01-01", []record.Module{"roster"}, []string{"change"}},
		{"ordinary", "2026-03-31", nil, []string{"effective"}},
		{"ordinary", "2026-04-01", nil, nil},
		{"law", "2026-01-30", nil, []string{"effective"}},
		{"law", "2026-01-31", nil, nil},
	} {
		i := Instruction{Effective: row.on, Change: row.change, Modules: row.modules}
		require.Equal(t, row.want, i.Mistakes("2026-01-01", was), row)
	}
	require.Empty(t, (&Instruction{Effective: "2026-01-01", Change: "stricter", Modules: was.Modules}).Mistakes("2026-01-01", nil))
}

// R-IBG-28: whoever accepted what an older notice said is asked again once one says so
// much new that they have to be; whoever said no is not.
func TestWhoIsAskedAgain(t *testing.T) {
	all := []Notice{{Version: "1"}, {Version: "2", Ask: true}, {Version: "3"}}
	of := func(version string, s AcceptanceState) *Resident {
		return &Resident{Acceptance: Acceptance{State: s, Notice: version, Until: "2026-12-31"}}
	}
	require.True(t, AskAgain(of("1", Accepted), all, "2026-01-01"))
	require.True(t, AskAgain(of("from before", Accepted), all, "2026-01-01"))
	require.False(t, AskAgain(of("2", Accepted), all, "2026-01-01"))
	require.False(t, AskAgain(of("3", Accepted), all, "2026-01-01"))
	require.False(t, AskAgain(of("1", Declined), all, "2026-01-01"))
	require.False(t, AskAgain(of("1", NotAsked), all, "2026-01-01"))
	require.False(t, AskAgain(of("1", Accepted), all, "2027-01-01"), "it has ended: they are asked anyway")
	require.False(t, AskAgain(of("1", Accepted), all[:1], "2026-01-01"))

	one := Notice{Version: "1", Text: record.Text{"da": "Vi gemmer dit navn", "nb": "x"}}
	other := Notice{Version: "1", Text: record.Text{"da": "Vi gemmer dit navn ", "nb": "x"}}
	require.Len(t, one.Hash(), 64)
	require.NotEqual(t, one.Hash(), other.Hash())
	require.Equal(t, []record.Lang{"en"}, one.Missing())
}
