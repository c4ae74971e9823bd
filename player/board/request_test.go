package board

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// What somebody asks for at the wall is there at once, network or none, until the hub
// has said what became of it; taken back, it is not. Nothing of it is on a list.
func TestRequestShowsAtOnce(t *testing.T) {
	of := func(f *record.Facts, done ...Done) []Request {
		b := project(f, withDone(done...))
		require.Empty(t, b.Waiting)
		p, ok := b.Person("p1")
		require.True(t, ok)
		return p.Requests
	}
	ask := Done{Who: "p1", Asks: RightAccess}
	undo := Done{Who: "p1", Asks: RightAccess, Leave: true}
	require.Empty(t, of(loose()))
	got := of(loose(), ask)
	require.Len(t, got, 1)
	require.True(t, got[0].Pending)
	require.Equal(t, 30*24*time.Hour, got[0].Due.Sub(got[0].Asked))
	require.Len(t, of(loose(), ask, ask), 1)
	require.Empty(t, of(loose(), ask, undo))
	require.Empty(t, of(loose(), answered(ask, 1)), "the facts say what there is")
	refused := answered(ask, 1)
	refused.Refused = true
	require.Empty(t, of(loose(), refused))

	f := loose()
	p := f.People["p1"]
	p.Requests = []record.Request{{Right: RightAccess, Asked: "2026-12-01", Due: "2026-12-31"}}
	f.People["p1"] = p
	require.Equal(t, 31, of(f, ask)[0].Due.Day(), "one that is open is not asked for again")
	p.Requests[0].Answered = "2026-12-02"
	require.True(t, of(f, ask)[0].Answered.IsZero(), "one that was answered may be")
}
