package ui

import (
	"fmt"
	"image"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
)

// A station is one state of the wall in the graph of screens: where one is, what is
// on top, and what was done to get there.
type station struct {
	m     Model
	done  []board.Done
	depth int // touches from home
	next  []string
}

// stationOf names a state: two that look alike are one.
func stationOf(m Model) string {
	if m.Over != nil {
		return fmt.Sprintf("%T over %T %v", m.Over, m.place(), m.Reading.On)
	}
	return fmt.Sprintf("%#v %v %v", m.place(), !m.Toast.Until.IsZero(), m.Reading.On)
}

// walk goes from home wherever touches lead, breadth first, up to so many states,
// and calls visit in each. People are alike: two of them are followed, one on a
// list and one not.
func walk(t *testing.T, m Model, most int, visit func(s *station, f *render.Frame)) map[string]*station {
	t.Helper()
	begin := &station{m: m}
	all := map[string]*station{stationOf(m): begin}
	for queue := []*station{begin}; len(queue) > 0; queue = queue[1:] {
		s := queue[0]
		s.m, _ = Update(s.m, Tick{s.m.Now.Add(time.Second)}) // no dialog is deaf any more
		f := View(s.m, testKit)
		visit(s, f)
		for _, row := range Rows(f) {
			for _, tg := range row {
				if who := personIn(reflect.ValueOf(tg.Means)); who != "" && who != "ali" && who != "karen" {
					continue
				}
				n := s.touched(tg.Means)
				name := stationOf(n.m)
				s.next = append(s.next, name)
				if all[name] == nil && len(all) < most {
					all[name] = n
					queue = append(queue, n)
				}
			}
		}
	}
	return all
}

// personIn returns the person that a meaning names, if it does.
func personIn(v reflect.Value) board.PersonID {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[board.PersonID]() {
			return board.PersonID(v.String())
		}
	case reflect.Interface:
		if !v.IsNil() {
			return personIn(v.Elem())
		}
	case reflect.Struct:
		for _, f := range v.Fields() {
			if who := personIn(f); who != "" {
				return who
			}
		}
	}
	return ""
}

// touched returns where a touch leads from s.
func (s *station) touched(means render.Meaning) *station {
	n := &station{m: s.m, done: slices.Clone(s.done), depth: s.depth + 1}
	n.m.Acts = Acted{}
	n.m, _ = Update(n.m, TouchDown{Means: means, Ready: true})
	var effects []Effect
	n.m, effects = Update(n.m, TouchUp{Means: means})
	n.m.order = nil
	for _, e := range effects {
		switch e := e.(type) {
		case SignUp:
			n.done = append(n.done, board.Done{On: e.On, Who: e.Who})
		case SignOff:
			n.done = append(n.done, board.Done{On: e.On, Who: e.Who, Leave: true})
		case Mark:
			n.done = append(n.done, board.Done{On: e.On, Who: e.Who, Is: e.Is})
		case Vote:
			n.done = append(n.done, board.Done{On: e.On, Answers: e.Picto})
		case Unvote:
			n.done = append(n.done, board.Done{On: e.On, Answers: e.Picto, Leave: true})
		}
	}
	if len(n.done) != len(s.done) {
		n.m, _ = Update(n.m, BoardChanged{graphBoard(n.done...)})
	}
	return n
}

// mostStations bounds the graph: every activity, meal and page of the house of the
// mockups, with two people each.
const mostStations = 1500

// graphBoard is the house of the mockups with everything it can have, its people on
// the rail.
func graphBoard(done ...board.Done) *board.Board {
	b := media(presentBoard(done...))
	asked := askedBoard(mockNow, done)
	b.Polls = asked.Polls
	b.Modules = append([]board.Module{"activities", "people", "meals", "meetings", "bookings", "groups"}, b.Modules[2:]...)
	b.Modules = append(slices.DeleteFunc(b.Modules, func(m board.Module) bool { return m == "presence" }), "presence", "polls")
	return b
}

// graphOf walks the whole wall on a panel of that size.
func graphOf(t *testing.T, size image.Point, visit func(*station, *render.Frame)) map[string]*station {
	t.Helper()
	m := mockModel(size, Home{})
	m.Sound.Voice = true
	m, _ = Update(m, BoardChanged{graphBoard()})
	all := walk(t, m, mostStations, visit)
	require.Less(t, len(all), mostStations, "the graph has an end")
	require.Greater(t, len(all), 20)
	return all
}

// on every state of the wall that touches lead to, Tab and switches (one
// on a small panel, where there are most states, two on a large one) come to everything that a finger could touch, and pressing does what the touch
// would.
func TestKeysAndOneSwitchReachWhatTouchesReach(t *testing.T) {
	for switches, size := range map[Switches]image.Point{OneSwitch: {X: 800, Y: 480}, TwoSwitches: large} {
		all := graphOf(t, size, func(s *station, f *render.Frame) {
			want := map[string]bool{}
			for means := range touchable(f) {
				want[fmt.Sprintf("%#v", means)] = true
			}
			name := stationOf(s.m)
			require.NotEmpty(t, want, name)
			keys := tabbed(t, s.m, f)
			for means := range want {
				require.True(t, keys[means], "%s: %s", name, means)
			}
			require.Equal(t, keys, scanned(t, s.m, f, switches), name)
		})
		t.Logf("%v: %d states", size, len(all))
	}
}

// tabbed returns what Tab alone presses on a frame.
func tabbed(t *testing.T, m Model, f *render.Frame) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	seen := map[Focus]bool{}
	for {
		m, _ = Update(m, Hear(m, f, KeyTab))
		if seen[m.Focus] {
			return out
		}
		seen[m.Focus] = true
		presses(t, m, Hear(m, f, KeyEnter), out)
	}
}

// presses asks whether a press does what a touch does, and notes what it presses.
func presses(t *testing.T, m Model, msg Msg, out map[string]bool) {
	t.Helper()
	p, ok := msg.(Pressed)
	require.True(t, ok, "%#v", msg)
	p.Ready = true
	byKey, effects := Update(m, p)
	m.Focus, m.Scan, m.Acts = Focus{}, Scan{}, Acted{}
	byTouch, _ := Update(m, TouchDown{Means: p.Means, Ready: true})
	byTouch, same := Update(byTouch, TouchUp{Means: p.Means})
	require.Equal(t, stationOf(byTouch), stationOf(byKey), "%#v", p.Means)
	require.Subset(t, append(same, Silence{}), effects, "%#v", p.Means)
	out[fmt.Sprintf("%#v", p.Means)] = true
}

// scanned returns what switches alone press on a frame: every row is chosen once,
// and everything in it.
func scanned(t *testing.T, m Model, f *render.Frame, switches Switches) map[string]bool {
	t.Helper()
	m.Ease = Ease{Switches: switches, Step: 2 * time.Second, Repeat: 500 * time.Millisecond}
	out := map[string]bool{}
	on := func() { // time, or the other switch, moves on
		m, _ = Update(m, Tick{m.Now.Add(2 * time.Second)})
		msg := Scanned(m, f)
		if switches == TwoSwitches {
			msg = Hear(m, f, KeySpace)
		}
		if msg != nil {
			m, _ = Update(m, msg)
		}
	}
	press := func() Msg { return Hear(m, f, KeyEnter) }
	m, _ = Update(m, press())
	for loops := 0; loops < 200 && m.Scan.Loops == 0 && m.Scan.on(); loops++ {
		require.True(t, m.Focus.Row)
		m.Now = m.Now.Add(time.Second)
		if msg, ok := press().(Focused); ok { // into the row
			m, _ = Update(m, msg)
			for !m.Focus.Row {
				at := m
				at.Now = at.Now.Add(time.Second)
				presses(t, at, Hear(at, f, KeyEnter), out)
				on()
			}
		} else {
			presses(t, m, press(), out)
		}
		on()
	}
	return out
}

// nobody who scans is caught: without a press the ring goes three times over
// all rows and then away; out of a row it comes by itself.
func TestScanningStopsAfterThreeLoops(t *testing.T) {
	h := newHand(t)
	h.send(Eased{Ease{Switches: OneSwitch, Step: 2 * time.Second}})
	f := h.frame()
	rows := len(Rows(f))
	require.Greater(t, rows, 1)
	h.hear(KeySpace)
	for n := range 3 * rows {
		require.True(t, h.Focus.Row, "step %d", n)
		require.Equal(t, n/rows, h.Scan.Loops)
		require.Equal(t, h.Scan.Since.Add(2*time.Second), h.frame().NextAt)
		h.send(Tick{h.Now.Add(2*time.Second - time.Millisecond)})
		require.Nil(t, Scanned(h.Model, f))
		h.pass(time.Millisecond)
		h.send(Scanned(h.Model, f))
	}
	require.Zero(t, h.Focus)
	require.False(t, h.Scan.on())
}

// a switch signs somebody up, at the slowest pace there is, and nothing that
// waiting would do comes between.
func TestOneSwitchSignsUp(t *testing.T) {
	for _, step := range []time.Duration{500 * time.Millisecond, 10 * time.Second} {
		h := newHand(t)
		h.send(Eased{Ease{Switches: OneSwitch, Step: step, Repeat: 400 * time.Millisecond}})
		press := func(m render.Meaning) {
			t.Helper()
			if !h.Scan.on() {
				h.hear(KeyEnter)
			}
			for range 200 {
				rows := Rows(h.frame())
				at, row, _ := h.Focus.find(rows)
				in := at != nil && slices.ContainsFunc(rows[row], func(t *render.Target) bool { return t.Means == m })
				if in && (h.Focus.Row || h.Focus.On == m) && h.Now.Sub(h.Scan.Pressed) >= 450*time.Millisecond {
					single := h.Focus.Row && len(rows[row]) == 1
					if h.Focus.Row && !single {
						h.hear(KeyEnter)
						continue
					}
					h.pass(450 * time.Millisecond)
					h.hear(KeyEnter)
					return
				}
				h.pass(step)
				if msg := Scanned(h.Model, h.frame()); msg != nil {
					h.send(msg)
				}
				require.Zero(t, h.leaving(), "somebody who waits for their row is there")
			}
			require.Fail(t, "never came")
		}
		press(Open{swimming})
		require.Equal(t, Activity{swimming}, h.place())
		require.True(t, h.Focus.Row, "and on the new page it goes on")
		press(Join{swimming})
		press(Pick{swimming, "karen"})
		require.Equal(t, []Effect{SignUp{On: swimming, Who: "karen"}}, h.effects)
	}
}

// A tremor on a switch counts once.
func TestSwitchTremor(t *testing.T) {
	h := newHand(t)
	h.send(Eased{Ease{Switches: OneSwitch, Step: 2 * time.Second, Repeat: 500 * time.Millisecond}})
	h.hear(KeySpace)
	at := h.Focus
	for range 4 {
		h.pass(100 * time.Millisecond)
		h.hear(KeySpace)
		require.Equal(t, at, h.Focus)
	}
}

// A-13, and no dead end: every page, and everything that can be done, is at most
// three touches away, somebody's own page too; what is on that, and answers to what
// was just done, come after. From every state touches lead home again.
func TestEverythingIsThreeTouchesAway(t *testing.T) {
	depth := map[reflect.Type]int{}
	note := func(v any, d int) {
		kind := reflect.TypeOf(v)
		if old, ok := depth[kind]; !ok || d < old {
			depth[kind] = d
		}
	}
	all := graphOf(t, large, func(s *station, f *render.Frame) {
		switch s.m.place().(type) {
		case Proposer, Phrases: // what a proposal asks for after it was begun
			return
		}
		note(s.m.place(), s.depth)
		if s.m.Self != "" || s.m.Over != nil || !s.m.Toast.Until.IsZero() {
			return
		}
		d := s.depth + 1
		if len(s.m.Stack) > 2 && s.m.Stack[1] == (More{}) {
			d-- // what a house has no room for on the rail is one touch further away
		}
		for _, tg := range pressable(f) {
			note(tg.Means, d)
		}
	})
	require.Contains(t, depth, reflect.TypeFor[Own]())
	for kind, d := range depth {
		require.LessOrEqual(t, d, 3, "%v", kind)
	}
	// Backwards from home: whatever is not met is a dead end.
	home := map[string]bool{}
	for name, s := range all {
		if s.m.place() == (Home{}) && s.m.Over == nil {
			home[name] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for name, s := range all {
			if !home[name] && slices.ContainsFunc(s.next, func(n string) bool { return home[n] }) {
				home[name], grown = true, true
			}
		}
	}
	for name := range all {
		require.True(t, home[name], "dead end: %s", name)
	}
}
