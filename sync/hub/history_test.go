package hub

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore/pgtest"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// What screens of two hubs did to one list at the same time, and what they were
// told, is what would have happened one after the other.

// places is how many can take part.
const places = 3

// An asked is what somebody did: signed a person up, took them off, or looked.
type asked struct {
	op  string // wire.OpSignUp, wire.OpCancel or "look"
	who house.ID
}

// A told is what they learned: how it went and the place in the line, or the list
// with who takes part in capitals.
type told struct {
	outcome wire.Outcome
	place   int // 0: it was not said
	list    string
}

// oneList is a list as porcupine asks about it. Its state is who is on it, in
// order, those who take part in capitals.
var oneList = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		on, in, out := strings.Fields(state.(string)), input.(asked), output.(told)
		full := 0
		for _, p := range on {
			if p == strings.ToUpper(p) {
				full++
			}
		}
		low, up := string(in.who), strings.ToUpper(string(in.who))
		at := slices.IndexFunc(on, func(p string) bool { return p == low || p == up })
		switch in.op {
		case "look":
			return out.list == state, state
		case wire.OpCancel:
			if at >= 0 {
				on = slices.Delete(on, at, at+1)
				if i := slices.IndexFunc(on, func(p string) bool { return p == strings.ToLower(p) }); i >= 0 && at < full {
					on[i] = strings.ToUpper(on[i])
				}
			}
			return out.outcome == wire.Accepted, strings.Join(on, " ")
		}
		if at < 0 {
			at = len(on)
			if on = append(on, low); full < places {
				on[at] = up
			}
		}
		if on[at] == up {
			return out.outcome == wire.Accepted, strings.Join(on, " ")
		}
		line := at - min(full, places) + 1
		return out.outcome == wire.Waitlisted && (out.place == 0 || out.place == line), strings.Join(on, " ")
	},
}

// The model would not take everything.
func TestModelOfAListRefusesWhatCannotBe(t *testing.T) {
	join := func(who house.ID, o wire.Outcome, place int, from, until int64) porcupine.Operation {
		return porcupine.Operation{Input: asked{wire.OpSignUp, who}, Output: told{outcome: o, place: place}, Call: from, Return: until}
	}
	three := []porcupine.Operation{
		join("r1", wire.Accepted, 0, 1, 2), join("r2", wire.Accepted, 0, 3, 4), join("r3", wire.Accepted, 0, 5, 6),
	}
	look := func(list string) porcupine.Operation {
		return porcupine.Operation{Input: asked{op: "look"}, Output: told{list: list}, Call: 20, Return: 21}
	}
	cancel := porcupine.Operation{Input: asked{wire.OpCancel, "r1"}, Output: told{outcome: wire.Accepted}, Call: 11, Return: 12}
	for want, history := range map[bool][][]porcupine.Operation{
		true: {
			{join("r4", wire.Waitlisted, 1, 7, 8), cancel, look("R2 R3 R4")},
			{join("r4", wire.Waitlisted, 0, 7, 8), join("r5", wire.Waitlisted, 2, 7, 8), look("R1 R2 R3 r4 r5")},
			{cancel, join("r4", wire.Accepted, 0, 11, 13), look("R2 R3 R4")},
		},
		false: {
			{join("r4", wire.Accepted, 0, 7, 8)},                               // four in three places
			{join("r4", wire.Waitlisted, 2, 7, 8)},                             // another place in the line
			{join("r4", wire.Waitlisted, 1, 7, 8), cancel, look("R2 R3 r4")},   // nobody moved up
			{join("r4", wire.Waitlisted, 1, 13, 14), cancel, look("R2 R3 R4")}, // a place was free
			{cancel, look("R1 R2 R3")},                                         // lost
		},
	} {
		for i, h := range history {
			require.Equal(t, want, porcupine.CheckOperations(oneList, append(slices.Clone(three), h...)), "%v %d", want, i)
		}
	}
}

// A history is what was done to a list through several hubs.
type history struct {
	t     *testing.T
	began time.Time
	hubs  [2]*replica
	list  house.List

	mu  sync.Mutex
	ops []porcupine.Operation
}

func (h *history) add(client int, call time.Time, in asked, out told) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{
		ClientId: client, Input: in, Call: int64(call.Sub(h.began)), Output: out, Return: int64(time.Since(h.began)),
	})
}

// look reads the list at one hub; it may be that nothing can be read just now.
func (h *history) look(client int, at *replica) {
	call := time.Now()
	var on []string
	err := at.hub.store.View(h.t.Context(), store.Actor{Org: "sys-demo", Kind: store.ByHub, At: at.hub.now()}, func(v store.View) error {
		on = nil
		list, err := v.Places(h.t.Context(), h.list)
		for _, p := range list {
			name := string(p.Person)
			if p.State == house.TakesPart {
				name = strings.ToUpper(name)
			}
			on = append(on, name)
		}
		return err
	})
	if err == nil {
		h.add(client, call, asked{op: "look"}, told{list: strings.Join(on, " ")})
	}
}

// A resilient screen goes on as a player does: what it has no result for it sends
// again, over another connection and to whichever hub.
type resilient struct {
	*screen
	h     *history
	id    int
	r     *rand.Rand
	on    project.Board
	next  uint64
	comes int // how often it connected
}

func (h *history) screen(id int, seed uint64) *resilient {
	s := h.hubs[id%2].screen(fmt.Sprint("scr-", id+1))
	return &resilient{screen: s, h: h, id: id, r: rand.New(rand.NewPCG(seed, uint64(id))), on: s.board(), next: 1}
}

// does signs somebody up or takes them off, whatever happens meanwhile.
func (s *resilient) does(op string, who house.ID) wire.Result {
	age := int64(0)
	k := s.on.Key(s.h.list)
	m := wire.Mutation{
		Seq: s.next, Op: op, On: wire.RowKey{Kind: k.Kind, ID: k.ID}, Who: record.PersonID(s.on.PersonKey(who).ID), AgeMS: &age,
	}
	s.next++
	call := time.Now()
	for {
		if s.ws == nil && !s.connects() {
			continue
		}
		if b, err := wire.Encode(wire.Mut{Muts: []wire.Mutation{m}}); assert.NoError(s.t, err) && s.ws.WriteMessage(websocket.TextMessage, b) == nil {
			if s.r.IntN(5) == 0 { // the cable is pulled; another hub is asked the same
				_ = s.ws.Close()
			}
			if r, ok := s.waits(m.Seq); ok {
				s.h.add(s.id, call, asked{op, who}, told{outcome: r.Outcome, place: r.Place})
				return r
			}
		}
		s.goes()
		s.ws = nil
	}
}

// connects dials one of the hubs and says hello.
func (s *resilient) connects() bool {
	s.comes++
	s.w = s.h.hubs[s.r.IntN(2)].world
	nonce := s.knock()
	s.state.Lock()
	s.state.welcome = nil
	s.state.Unlock()
	s.hello(nonce, func(h *wire.Hello) { h.NextSeq = s.next - 1 })
	s.listen()
	for range 500 {
		time.Sleep(2 * time.Millisecond)
		s.state.Lock()
		welcome := s.state.welcome
		s.state.Unlock()
		if welcome != nil {
			return true
		}
		select {
		case <-s.done:
			s.ws = nil
			return false
		default:
		}
	}
	s.goes()
	s.ws = nil
	return false
}

// waits for a result, until the connection ends.
func (s *resilient) waits(seq uint64) (wire.Result, bool) {
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late); time.Sleep(time.Millisecond) {
		s.state.Lock()
		r, ok := s.state.results[seq]
		s.state.Unlock()
		if ok {
			return r, true
		}
		select {
		case <-s.done:
			return wire.Result{}, false
		default:
		}
	}
	return wire.Result{}, false
}

// crowd has six screens of two hubs sign up and cancel n times each for the same
// list while each hub looks at it, and checks everything afterwards. Meanwhile is
// told which part of it is done, from 0 to 1.
func crowd(t *testing.T, two [2]*replica, n int, meanwhile func(done func() float64)) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	two[0].change(func(ctx context.Context, e *Edit) error {
		for _, id := range []house.ID{"r06", "r11"} { // whoever is hidden makes numbers untold
			if err := e.Delete(ctx, house.KindResident, id); err != nil {
				return err
			}
		}
		return e.Put(ctx, &house.Activity{
			ID: "few", Department: "dep-maane", Title: record.Text{"da": "Få pladser"},
			Starts: "2000-01-03T10:00", Ends: "2000-01-03T12:00", Capacity: places, Status: "planned",
		})
	})
	h := &history{t: t, began: time.Now(), hubs: two, list: list(house.KindActivity, "few")}
	people := []house.ID{"r01", "r02", "r03", "r04", "r05", "r07"}
	screens := make([]*resilient, 6)
	for i := range screens {
		screens[i] = h.screen(i, seed)
	}
	var wg, lookers sync.WaitGroup
	var over atomic.Bool
	var answered atomic.Int64
	for _, s := range screens {
		wg.Go(func() {
			for range n {
				op := wire.OpSignUp
				if s.r.IntN(3) == 0 {
					op = wire.OpCancel
				}
				r := s.does(op, people[s.r.IntN(len(people))])
				assert.NotEqual(t, wire.Rejected, r.Outcome, r.Code)
				answered.Add(1)
			}
		})
	}
	for i, r := range two {
		lookers.Go(func() {
			for !over.Load() {
				h.look(len(screens)+i, r)
				time.Sleep(5 * time.Millisecond)
			}
			h.look(len(screens)+i, r)
		})
	}
	lookers.Go(func() {
		meanwhile(func() float64 {
			if over.Load() {
				return 1
			}
			return float64(answered.Load()) / float64(n*len(screens))
		})
	})
	wg.Wait()
	over.Store(true)
	lookers.Wait()
	require.True(t, porcupine.CheckOperations(oneList, h.ops), "these %d operations cannot have been one after the other: %v", len(h.ops), h.ops)

	// Every screen of every hub shows what the board holds, and none ever had to
	// ask for it.
	in, waiting := two[0].who(h.list)
	t.Logf("%d operations; %d take part, %d wait; %d connections", len(h.ops), len(in), len(waiting), h.connections(screens))
	var head store.Head
	two[1].view(func(v store.View) (err error) {
		d, err := v.Device(t.Context(), screens[0].screen.id)
		if err == nil {
			head, err = v.Head(t.Context(), d.Board)
		}
		return err
	})
	for _, s := range screens {
		if s.ws == nil {
			soon(t, s.connects)
		}
		soon(t, func() bool {
			s.state.Lock()
			defer s.state.Unlock()
			return s.state.at == head.Position
		})
		s.goes()
	}
	require.Zero(t, two[0].hub.Resyncs()+two[1].hub.Resyncs())
}

// connections returns how many there were.
func (h *history) connections(screens []*resilient) (n int) {
	for _, s := range screens {
		n += s.comes
	}
	return n
}

// Sign-ups and cancels for few places
// through two hubs are as if one after the other, and every screen ends with the
// board.
func TestSignUpsThroughTwoHubsAreLinearizable(t *testing.T) {
	crowd(t, replicas(t, pgtest.Get(t), never), 25, func(func() float64) {})
}

// PostgreSQL is killed and started again while six screens touch,
// and listeners are: nothing is lost, nothing is doubled, both hubs go on.
func TestDatabaseThatRestartsUnderLoadLosesNothing(t *testing.T) {
	s := pgtest.New(t)
	two := replicas(t, s, nil)
	crowd(t, two, 30, func(done func() float64) {
		for _, then := range []float64{0.2, 0.5, 0.8} {
			for done() < then {
				time.Sleep(time.Millisecond)
			}
			require.Less(t, done(), 1.0)
			s.Crash(t)
			time.Sleep(100 * time.Millisecond)
			s.Start(t)
		}
	})
	for i, r := range two {
		other := two[1-i].comes("scr-1")
		r.retitle(fmt.Sprint("Filmen efter ", i))
		soon(t, func() bool { return other.has(fmt.Sprint("Filmen efter ", i)) })
		other.goes()
	}
}
