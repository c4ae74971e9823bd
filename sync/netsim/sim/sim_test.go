package sim

import (
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	seeds = flag.Int("sim.seeds", 2000, "how many seeds are simulated")
	first = flag.Uint64("sim.first", 1, "the first of them")
)

// busy is how long each seed of the tests is busy. "make sim" has more of it.
const busy = 10 * time.Minute

// None of the ten invariants is broken and no screen ever has to ask
// for a board, whatever the network, the power, the processes and the backups of a
// house do. A seed that fails is run again by the command that is printed.
func TestNoSeedBreaksAnInvariant(t *testing.T) {
	var sum Outcome
	Many(t.Context(), Config{Seed: *first, Busy: busy}, *seeds, func(o Outcome) bool {
		if o.Violation != nil {
			t.Errorf("%v\nagain: tavle simulate --seed %d --hours %g -v", o.Violation, o.Seed, busy.Hours())
		}
		sum.Steps += o.Steps
		sum.Simulated += o.Simulated
		sum.Resyncs += o.Resyncs
		sum.Touches += o.Touches
		return true
	})
	require.Zero(t, sum.Resyncs)
	require.Greater(t, sum.Touches, *seeds, "somebody touched")
	t.Logf("%d seeds, %.0f simulated hours, %d steps, %d touches", *seeds, sum.Simulated.Hours(), sum.Steps, sum.Touches)
}

// Every mistake is found, and by the invariant it breaks: an invariant that finds
// nothing says nothing.
func TestEveryMistakeIsFound(t *testing.T) {
	for _, m := range Mistakes() {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(mostSeeds) {
				if v := Run(Config{Seed: seed, Busy: busy, Mistake: m}).Violation; v != nil {
					require.Contains(t, foundAs[m], v.Invariant)
					t.Logf("seed %d: %s", seed, v.Invariant)
					return
				}
			}
			t.Fatalf("not found in %d seeds", mostSeeds)
		})
	}
	for m := range foundAs {
		require.Contains(t, Mistakes(), m)
	}
}

// mostSeeds bounds the search: the rarest mistake shows in one seed of a
// hundred.
const mostSeeds = 400

// foundAs says which invariants a mistake may break first.
var foundAs = map[Mistake][]string{
	NoIdempotency:     {"nothing is lost"},
	DropOnSend:        {"nothing is lost"},
	NoPoll:            {"convergence", "shut out"},
	SnapMerge:         {"committed states"},
	NoLiveness:        {"convergence", "honest receipts"},
	ResBeforeCommit:   {"nothing is lost"},
	RestoreKeepsEpoch: {"revisions"},
	AckBeforeCommit:   {"honest receipts"},
	ResForget:         {"nothing is lost"},
	NoJournal:         {"nothing is lost", "taken back is gone"},
	NoTombstone:       {"no resync", "restrictions first"},
	CursorFromNotify:  {"no resync", "restrictions first"},
	HideAfterCommit:   {"hidden is gone"},
	NoErasureReplay:   {"hidden is gone"},
	LeaseIgnored:      {"lease"},
	MaskLate:          {"lease"},
	PhotoKept:         {"hidden is gone"},
	FloorIgnored:      {"no resync", "restrictions first"},
	ResultsFirst:      {"restrictions first"},
	EpochBlind:        {"no ghosts"},
	RackBeforeStore:   {"nothing is lost", "convergence"},
	DropOldest:        {"nothing is lost"},
	TwoInFlight:       {"bounded"},
	AckForgotten:      {"honest receipts"},
	RevokedServed:     {"shut out", "convergence"},
	BoardKept:         {"shut out"},
	WishWaits:         {"taken back is gone"},
	UnlimitedPlaces:   {"places"},
}

// The same seed is the same run, event for event; another is another.
func TestSameSeedIsTheSameRun(t *testing.T) {
	lines := func(seed uint64) string {
		var b strings.Builder
		Run(Config{Seed: seed, Busy: busy, Trace: func(at time.Duration, what string) { b.WriteString(at.String() + " " + what + "\n") }})
		return b.String()
	}
	for _, seed := range []uint64{3, 129} {
		one := lines(seed)
		require.Greater(t, strings.Count(one, "\n"), 400)
		require.Equal(t, one, lines(seed))
	}
	require.NotEqual(t, lines(3), lines(4))
}

// A trace is for logs and tickets: it names nobody.
func TestTraceNamesNobody(t *testing.T) {
	for seed := range uint64(10) {
		Run(Config{Seed: seed, Busy: busy, Trace: func(_ time.Duration, what string) {
			require.NotContains(t, what, "Given")
			require.NotContains(t, what, "Other")
		}})
	}
}

// A violation says which seed, when, and what does not hold.
func TestViolationSaysWhereItIs(t *testing.T) {
	var last string
	o := Run(Config{Seed: 7, Busy: busy, Mistake: HideAfterCommit, Trace: func(_ time.Duration, what string) { last = what }})
	require.NotNil(t, o.Violation)
	require.EqualValues(t, 7, o.Violation.Seed)
	require.Contains(t, o.Violation.Error(), "seed 7 at ")
	require.Contains(t, o.Violation.Error(), ": hidden is gone: ")
	require.Equal(t, "VIOLATION hidden is gone: "+o.Violation.What, last)
	require.Equal(t, o.Violation.At, o.Simulated)
}
