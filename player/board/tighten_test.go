package board

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// took is a wish made at this wall that the hub has not answered.
func took(who PersonID, c Choice) Done { return Done{Who: who, Takes: c} }

// answered is the wish once the hub has said yes, at rev of house's epoch.
func answered(d Done, rev uint64) Done {
	d.Answered, d.Epoch, d.Rev = true, "00000000000000a1", rev
	return d
}

func withDone(done ...Done) func(*Input) { return func(in *Input) { in.Done = done } }

// loose is a house in which Åse may still take everything back.
func loose() *record.Facts {
	return house(func(f *record.Facts) {
		p := f.People["p1"]
		p.Open = record.Choices
		f.People["p1"] = p
	})
}

// Who takes a choice back at the wall is shown so at once, before
// the hub has answered and in whatever state the lease is.
func TestChoiceTakenBackHoldsAtOnce(t *testing.T) {
	b := project(loose(), withDone(took("p1", ChoicePhoto)))
	p, ok := b.Person("p1")
	require.True(t, ok)
	require.Empty(t, p.Photo)
	require.NotContains(t, p.Open, ChoicePhoto)
	require.Empty(t, b.Activities[0].Shown[0].Photo, "nor in a list")

	for _, c := range []Choice{ChoiceShown, ChoiceName} {
		b = project(loose(), withDone(took("p1", c), Done{On: swimRef, Who: "p1"}))
		_, ok = b.Person("p1")
		require.False(t, ok, c)
		require.Empty(t, names(b.Activities[0].Shown), c)
		require.Empty(t, b.Waiting, c)
		b = project(loose(), withDone(took("p1", c)), func(in *Input) { in.Fresh = false })
		require.True(t, b.Masked)
		require.False(t, b.Activities[0].Exact)
	}
}

// A total, or that it went, would say that somebody is hidden.
func TestNobodyIsCountedAfterTakingThemselvesBack(t *testing.T) {
	total := func(b *Board) string {
		n, exact := b.Activities[0].Total()
		return fmt.Sprint(n, exact)
	}
	on := project(loose(), withDone(took("p1", ChoiceShown)))
	off := project(loose(), withDone(took("p3", ChoiceShown)), func(in *Input) {
		a := in.Facts.Activities[swim]
		a.Who = nil
		in.Facts.Activities[swim] = a
	})
	require.Equal(t, total(off), total(on), "whether they are on the list or not")
	require.Equal(t, "0 false", total(on))
}

// The wish holds until the hub's facts were made with it: not older ones, nor
// those of another epoch, nor after a refusal. Then the hub decides, and may show
// again what staff gave again.
func TestWishHoldsUntilTheHubHasIt(t *testing.T) {
	d := took("p1", ChoicePhoto)
	shown := func(d Done) bool {
		p, _ := project(loose(), withDone(d)).Person("p1")
		return p.Photo != ""
	}
	require.False(t, shown(d))
	require.False(t, shown(answered(d, 8)), "the facts are of revision 7")
	require.True(t, shown(answered(d, 7)))
	other := answered(d, 2)
	other.Epoch = "00000000000000b2"
	require.False(t, shown(other), "perhaps of a backup from before")
	no := answered(d, 7)
	no.Refused = true
	require.False(t, shown(no), "a hub that does not understand it undoes no wish")
}

// Whatever was touched, in whatever order and state of answers, tightening shows
// nothing that would not be shown without it, and facts without a wish are not
// copied.
func TestTighteningNeverShowsMore(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 7))
	f := loose()
	require.Same(t, f, Tighten(f, []Done{{On: swimRef, Who: "p1"}}))
	for range 2000 {
		var done []Done
		for range r.IntN(6) {
			d := took([]PersonID{"p1", "p2", "p3", "nobody"}[r.IntN(4)], record.Choices[r.IntN(len(record.Choices))])
			if r.IntN(2) == 0 {
				d = answered(d, uint64(r.IntN(12)))
				d.Refused = r.IntN(3) == 0
			}
			done = append(done, d)
		}
		before, after := project(loose()), project(loose(), withDone(done...))
		for _, p := range after.People {
			was, ok := before.Person(p.ID)
			require.True(t, ok)
			require.True(t, p.Photo == "" || p.Photo == was.Photo)
			require.Subset(t, was.Open, p.Open)
		}
		for _, d := range done {
			p, ok := after.Person(d.Who)
			require.False(t, ok && !honoured(d, f.At) && d.Takes == ChoiceShown)
			require.False(t, ok && !honoured(d, f.At) && d.Takes == ChoicePhoto && p.Photo != "")
		}
		require.LessOrEqual(t, len(after.Activities[0].Shown), len(before.Activities[0].Shown))
	}
	require.Equal(t, loose(), f, "the facts themselves are untouched")
}

// V-18: whoever wants no wall to say whether they are there is off that
// board at once, hub or no hub, and no number says that somebody is missing.
func TestWhoLeavesTheBoardIsOffItAtOnce(t *testing.T) {
	f := house(func(f *record.Facts) {
		f.Presence = map[record.PresenceID]record.Presence{"pr": {
			ID: "pr", Day: record.DayOf(noon), Who: []record.PersonID{"p1", "p2"}, Here: []record.PersonID{"p1"}, Gone: []record.PersonID{"p2"},
			Off: []record.DayOff{{Who: "p1", Day: record.DayOf(noon.AddDate(0, 0, 1))}}, Whole: true,
		}}
	})
	got := Tighten(f, []Done{{Who: "p1", Takes: ChoiceBoard}}).Presence["pr"]
	require.Equal(t, record.Presence{ID: "pr", Day: record.DayOf(noon), Who: []record.PersonID{"p2"}, Here: []record.PersonID{}, Gone: []record.PersonID{"p2"}, Off: []record.DayOff{}}, got)
	require.Len(t, f.Presence["pr"].Who, 2, "what the hub said is as it was")
}
