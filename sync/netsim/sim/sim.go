package sim

import (
	"container/heap"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// Config says what is simulated.
type Config struct {
	Seed    uint64
	Busy    time.Duration // with faults and people; a night and the quiet end come on top
	Mistake Mistake       // to be found

	// Trace hears of everything that happens; nil: nobody does. It is told
	// lines without names.
	Trace func(at time.Duration, what string)
}

// Outcome is what became of one run.
type Outcome struct {
	Seed      uint64
	Simulated time.Duration
	Steps     int // events
	Resyncs   int // boards a screen asked for because what it got did not fit
	Touches   int // that were noted
	Bytes     int // from hubs to screens
	Violation *Violation
}

// A Violation is an invariant that did not hold.
type Violation struct {
	Seed      uint64
	At        time.Duration // since the start
	Invariant string
	What      string
}

// Error implements error.
func (v *Violation) Error() string {
	return fmt.Sprintf("seed %d at %s: %s: %s", v.Seed, v.At, v.Invariant, v.What)
}

// midsummer is when every run starts: nothing in it depends on the day.
var midsummer = time.Date(2026, 6, 24, 9, 0, 0, 0, time.UTC)

// A world is one run.
type world struct {
	cfg    Config
	r      *rand.Rand
	now    time.Time
	events events
	seq    int
	out    Outcome
	quiet  bool // the faults are over

	base     *base
	rules    hub.Rules
	ledger   []house.ID // who was erased; it is kept beside the backups
	saved    *base      // the last backup
	replicas []*replica
	devices  []*device
	touches  []*touch
	staff    staff
	check    check
}

// A touch is something a resident was told is noted.
type touch struct {
	text   string // by which it is known everywhere
	device *device
	void   bool // its screen was wiped

	// Where somebody takes something back:
	who    record.PersonID
	person house.ID
	takes  record.Choice
	at     time.Time
}

// Run simulates one seed until everything is done or an invariant is broken.
func Run(c Config) (out Outcome) {
	w := &world{
		cfg: c, r: rand.New(rand.NewPCG(c.Seed, 0x7461766c65)), now: midsummer, //nolint:gosec // the same seed is the same run
		base: newBase(), out: Outcome{Seed: c.Seed},
	}
	w.rules = hub.Rules{Random: w.random}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Violation:
			w.out.Violation = r
		default:
			panic(r)
		}
		w.out.Simulated = w.now.Sub(midsummer)
		out = w.out
	}()
	w.build()
	w.live()
	return w.out
}

// fail ends the run.
func (w *world) fail(invariant, format string, args ...any) {
	v := &Violation{Seed: w.cfg.Seed, At: w.now.Sub(midsummer), Invariant: invariant, What: fmt.Sprintf(format, args...)}
	w.trace("VIOLATION %s: %s", v.Invariant, v.What)
	panic(v)
}

func (w *world) does(m Mistake) bool { return w.cfg.Mistake == m }

func (w *world) trace(format string, args ...any) {
	if w.cfg.Trace != nil {
		w.cfg.Trace(w.now.Sub(midsummer), fmt.Sprintf(format, args...))
	}
}

// An event is something that happens at a moment; of two at the same one, what
// was planned first.
type event struct {
	at  time.Time
	seq int
	do  func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	if !e[i].at.Equal(e[j].at) {
		return e[i].at.Before(e[j].at)
	}
	return e[i].seq < e[j].seq
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }

// Push and Pop implement [heap.Interface].
func (e *events) Push(x any) { *e = append(*e, x.(event)) }

func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

// at plans something.
func (w *world) at(t time.Time, do func()) {
	if t.Before(w.now) {
		t = w.now
	}
	w.seq++
	heap.Push(&w.events, event{t, w.seq, do})
}

func (w *world) after(d time.Duration, do func()) { w.at(w.now.Add(d), do) }

// maxSteps is more than any run that ends has.
const maxSteps = 5_000_000

// until lets everything happen that is due until then.
func (w *world) until(t time.Time) {
	for len(w.events) > 0 && !w.events[0].at.After(t) {
		e := heap.Pop(&w.events).(event)
		w.now = e.at
		if w.out.Steps++; w.out.Steps > maxSteps {
			w.fail("progress", "no end to it after %d steps", maxSteps)
		}
		e.do()
	}
	w.now = t
}

// between returns a time between two.
func (w *world) between(a, b time.Duration) time.Duration {
	return a + time.Duration(w.r.Int64N(int64(b-a)+1))
}

// once reports what happens one time in n.
func (w *world) once(n int) bool { return w.r.IntN(n) == 0 }

// random returns n bytes that are the same in every run of the seed.
func (w *world) random(n int) []byte {
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, w.r.Uint64())
	}
	return b[:n]
}

// A feedRev names one state of one board: no two have an epoch in common.
type feedRev struct {
	epoch record.Epoch
	rev   uint64
}

// pick returns one of a list.
func pick[T any](w *world, list []T) T { return list[w.r.IntN(len(list))] }
