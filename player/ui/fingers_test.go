package ui

import (
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/sync/record"
)

// The random-fingers simulation: fingers, palms, keys and switches on a wall whose
// board changes under them. What has to hold at every step:
//
//  1. Nobody is signed up or off but by their own target: the finger went down on
//     it and was lifted from it, on the frames that were shown, it was the first on
//     the glass, it had not strayed, and the target had stood there for a while; or
//     the ring was around it when Enter or a switch was pressed.
//  2. A dialog that has only just opened hears nothing.
//  3. No name is on the glass that is not on the board, and none while it is masked.
//  4. While somebody is there nothing moves: what is shown before and after a push,
//     a cut or a moment stands where it stood, and nothing comes to where something
//     else has gone.
//  5. No state is a dead end: every frame has a way home or out of the dialog, and
//     by time alone the wall is home within two minutes.
//  6. The focus is on what can be pressed, or nowhere.
//  7. Nothing panics, and every frame says something.
type fingers struct {
	r      *rand.Rand
	m      Model
	update func(Model, Msg) (Model, []Effect) // Update, or a broken one
	worlds []world
	now    int // which of them
	met    int // which the lineup is of
	cut    bool

	shown   *glance
	before  Model
	cache   map[string]*glance
	stands  map[render.Meaning]stance
	down    map[int]touch
	first   int // contact that counts; -1: none
	opened  time.Time
	effects int
}

// A world is a board and the names that it must not show.
type world struct {
	b     *board.Board
	never *regexp.Regexp
}

// A glance is what matters of a frame.
type glance struct {
	f    *render.Frame
	rows [][]*render.Target
	said string
}

type stance struct {
	rect  image.Rectangle
	since time.Time
}

// A touch is what the simulation knows of a contact by itself.
type touch struct {
	means render.Meaning
	at    image.Point
	since time.Time
	ready bool
	off   bool // strayed
}

const mostFingers = 7

var glassSize = image.Pt(800, 480)

func newFingers(seed uint64, worlds []world, update func(Model, Msg) (Model, []Effect)) *fingers {
	s := &fingers{
		r: rand.New(rand.NewPCG(seed, 4)), update: update, worlds: worlds,
		cache: map[string]*glance{}, stands: map[render.Meaning]stance{}, down: map[int]touch{}, first: -1,
	}
	s.m = New(Panel{Size: glassSize}, "da", mockNow)
	s.m.Link, s.m.Sound.Voice = Link{Live: true}, s.r.IntN(2) == 0
	s.m, _ = Update(s.m, BoardChanged{worlds[0].b})
	s.m.Ease.Switches = Switches(s.r.IntN(3))
	s.m.Ease.Hold = time.Duration(max(0, s.r.IntN(4)-2)) * 300 * time.Millisecond
	return s
}

// fingerWorlds are boards as pushes bring them: people are hidden and come back,
// activities move and go, the lease ends.
func fingerWorlds(r *rand.Rand) []world {
	out := []world{{b: togetherBoard()}}
	for len(out) < 24 {
		f := togetherFacts()
		for id := range f.People {
			if r.IntN(6) == 0 {
				delete(f.People, id)
			}
		}
		for id, a := range f.Activities {
			switch r.IntN(6) {
			case 0:
				delete(f.Activities, id)
			case 1:
				a.Starts = a.Starts.Add(time.Duration(r.IntN(300)-150) * time.Minute)
				f.Activities[id] = a
			case 2:
				a.Status = record.Cancelled
				f.Activities[id] = a
			case 3:
				a.Left = record.PlacesNone
				f.Activities[id] = a
			}
		}
		for id := range f.Proposals {
			if r.IntN(6) == 0 {
				delete(f.Proposals, id)
			}
		}
		for id, b := range f.Bookings {
			switch r.IntN(6) {
			case 0:
				delete(f.Bookings, id)
			case 1:
				b.Who = ""
				f.Bookings[id] = b
			}
		}
		if r.IntN(8) == 0 {
			delete(f.Groups, "h1")
		}
		if r.IntN(8) == 0 {
			delete(f.Meetings, "g1")
		}
		if r.IntN(3) == 0 {
			f.People["abel"] = mockPerson("Abel", record.Resident)
		}
		if r.IntN(8) == 0 {
			f.House.Modules = f.House.Modules[:1+r.IntN(len(f.House.Modules))]
		}
		in := board.Input{Facts: f, Now: mockNow, Fresh: r.IntN(8) > 0, Contact: mockNow}
		for _, who := range ids("karen kim line") {
			if r.IntN(3) == 0 {
				in.Done = append(in.Done, board.Done{On: swimming, Who: who, Leave: r.IntN(3) == 0, Answered: r.IntN(2) == 0, Refused: r.IntN(2) == 0, Rev: 9})
			}
		}
		out = append(out, world{b: board.Project(in)})
	}
	for i := range out {
		out[i].never = neverOn(out[i].b)
	}
	return out
}

// neverOn matches the names of the house that a board does not have.
func neverOn(b *board.Board) *regexp.Regexp {
	named := map[string]bool{}
	if b != nil && !b.Masked {
		for _, p := range b.People {
			named[p.Name.Reveal()] = true
		}
		for _, s := range b.Shifts {
			if s.Person != nil {
				named[s.Person.Name.Reveal()] = true
			}
		}
		for _, a := range b.Activities {
			for _, p := range a.Leaders {
				named[p.Name.Reveal()] = true
			}
		}
		for _, m := range b.Meals {
			if m.Cook != nil {
				named[m.Cook.Name.Reveal()] = true
			}
		}
	}
	var names []string
	for spec := range strings.FieldsSeq(mockResidents + " " + mockStaff + " Abel") {
		name, _, _ := strings.Cut(strings.TrimSuffix(spec, "-"), "=")
		if !named[name] {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		names = []string{"Nobody"}
	}
	return regexp.MustCompile(`(^|[^\pL])(` + strings.Join(names, "|") + `)([^\pL]|$)`)
}

// look returns the frame of the model, made anew only where it may be another.
func (s *fingers) look() *glance {
	m := s.m
	m.Now, m.Last, m.Board, m.order, m.Acts, m.Ring, m.Hand.Since, m.Hand.At = m.Now.Truncate(time.Minute), time.Time{}, nil, nil, Acted{}, Ring{}, time.Time{}, image.Point{}
	m.Focus, m.Scan, m.Toast.Until, m.Link.DownSince, m.Reading.Since = Focus{}, Scan{}, time.Time{}, time.Time{}, time.Time{}
	met := -1
	if s.m.order != nil {
		met = s.met
	}
	stack, over, held := m.Stack, m.Over, m.Hand.Means
	m.Stack, m.Over, m.Hand.Means, m.Draft = nil, nil, nil, Draft{}
	key := fmt.Sprintf("%#v %#v %#v ", stack, over, held) + fmt.Sprint(m, s.now, met, s.m.leaving() > 0, !s.m.Toast.Until.IsZero(), s.m.offline())
	g := s.cache[key]
	if g == nil {
		if len(s.cache) > 4000 {
			clear(s.cache)
		}
		f := View(s.m, testKit)
		g = &glance{f: f, rows: Rows(f), said: strings.Join(f.Texts(), "\n")}
		f.Ops = nil
		s.cache[key] = g
	}
	return g
}

// send sends a message, shows what comes of it and asks whether all of it holds.
func (s *fingers) send(msg Msg, may func(Effect) bool) error {
	s.before = s.m
	var effects []Effect
	s.m, effects = s.update(s.m, msg)
	if s.before.order == nil {
		s.met = s.now
	}
	for _, e := range effects {
		switch e.(type) {
		case Read, Silence, Name, Chime, TryNetwork:
		default:
			s.effects++
			if may == nil || !may(e) {
				return fmt.Errorf("1: %#v by %#v", e, msg)
			}
		}
	}
	if s.m.Over != nil && s.before.Over != s.m.Over {
		s.opened = s.m.Now
	}
	if len(s.m.Stack) == 0 {
		return fmt.Errorf("7: nowhere, after %#v", msg)
	}
	return s.show(msg)
}

// show puts the frame on the glass.
func (s *fingers) show(msg Msg) error {
	g, was := s.look(), s.shown
	switch {
	case g == was:
		return nil
	case len(g.said) == 0:
		return fmt.Errorf("7: an empty frame after %#v", msg)
	case s.worlds[s.now].never.MatchString(g.said):
		return fmt.Errorf("3: %q is not on the board, after %T on %#v", s.worlds[s.now].never.FindString(g.said), msg, s.m.place())
	}
	out := s.m.Board == nil || s.m.place() == (Home{}) && s.m.Over == nil || g.f.Find(Go{Home{}}) != nil || g.f.Find(Close{}) != nil || g.f.Find(Back{}) != nil || g.f.Find(Stay{}) != nil
	if !out {
		return fmt.Errorf("5: no way out of %#v %#v", s.m.place(), s.m.Over)
	}
	if err := s.stood(msg, was, g); err != nil {
		return err
	}
	s.shown = g
	next := map[render.Meaning]stance{}
	for _, t := range g.f.Targets {
		if t.Means == nil {
			continue
		}
		st, ok := s.stands[t.Means]
		if !ok || !center(&t).In(st.rect) {
			st.since = s.m.Now
		}
		st.rect = t.Rect
		next[t.Means] = st
	}
	s.stands = next
	return nil
}

// stood asks whether everything stands where it stood.
func (s *fingers) stood(msg Msg, was, is *glance) error {
	switch msg.(type) {
	case BoardChanged, LinkChanged, Tick:
	default:
		return nil
	}
	a, b := s.before, s.m
	if was == nil || a.order == nil || b.order == nil || a.place() != b.place() || a.Over != b.Over || a.Board == nil || b.Board == nil ||
		a.Board.Masked != b.Board.Masked || !slices.Equal(a.Board.Modules, b.Board.Modules) || a.Reading != b.Reading {
		return nil
	}
	for _, t := range was.f.Targets {
		if t.Means == nil {
			continue
		}
		if still := is.f.Find(t.Means); still != nil && !near(was.f.Find(t.Means).Rect, still.Rect) {
			return fmt.Errorf("4: %#v moved on %#v %#v by %T, %v to %v, %v to %v at %v", t.Means, b.place(), b.Over, msg,
				was.f.Find(t.Means).Rect, still.Rect, a.Rest, b.Rest, b.Now.Format(time.DateTime))
		} else if still == nil {
			now := is.f.At(center(&t))
			if now == nil || now.Means == nil || was.f.Find(now.Means) != nil || refIn(now.Means) == refIn(t.Means) && refIn(t.Means) != (board.Ref{}) {
				continue
			}
			switch now.Means.(type) {
			case Stay, Rejoin: // the bar above the hand zone
			default:
				return fmt.Errorf("4: %#v came where %#v was, on %#v %#v by %T", now.Means, t.Means, b.place(), b.Over, msg)
			}
		}
	}
	return nil
}

// near reports whether two rectangles are the same but for a hair: a longer word for
// the part of the day moves what stands under it by that.
func near(a, b image.Rectangle) bool {
	d := b.Min.Sub(a.Min)
	e := b.Max.Sub(a.Max)
	return max(d.X, -d.X, d.Y, -d.Y, e.X, -e.X, e.Y, -e.Y) <= 4
}

// refIn returns what a meaning is about: what can be done with it may change where
// it stands.
func refIn(m render.Meaning) board.Ref {
	if v := reflect.ValueOf(m); v.Kind() == reflect.Struct {
		if on := v.FieldByName("On"); on.IsValid() {
			ref, _ := reflect.TypeAssert[board.Ref](on)
			return ref
		}
	}
	return board.Ref{}
}

// on is what a finger is on, as the player has it: what it went down on while that
// is there and the finger not far off it, else whatever is there.
func (s *fingers) on(p image.Point, down render.Meaning) render.Meaning {
	if down != nil {
		if t := s.shown.f.Find(down); t != nil && p.In(t.Rect.Inset(-look.Slop)) {
			return down
		}
	}
	if t := s.shown.f.At(p); t != nil {
		return t.Means
	}
	return nil
}

func (s *fingers) settled(m render.Meaning) bool {
	st, ok := s.stands[m]
	return ok && s.m.Now.Sub(st.since) >= look.Settle
}

// step is one thing that happens.
func (s *fingers) step() error {
	n := s.r.IntN(100)
	if _, down := s.down[0]; down && s.r.IntN(2) == 0 {
		n = 0
	}
	switch {
	case n < 38:
		return s.finger()
	case n < 56:
		return s.keyOrSwitch()
	case n < 92:
		return s.wait()
	case n < 95:
		s.now = s.r.IntN(len(s.worlds))
		return s.send(BoardChanged{s.worlds[s.now].b}, nil)
	case n < 97:
		s.cut = !s.cut
		return s.send(LinkChanged{Link{Live: !s.cut, DownSince: s.m.Now}}, nil)
	case n < 98:
		n := s.r.IntN(mostFingers)
		delete(s.down, n)
		return s.send(TouchGone{Contact: n}, nil)
	case n == 98:
		return s.send(Eased{Ease{
			Hold: time.Duration(s.r.IntN(3)) * 200 * time.Millisecond, Repeat: time.Duration(s.r.IntN(5)) * 200 * time.Millisecond,
			Switches: Switches(s.r.IntN(3)), Step: time.Duration(1+s.r.IntN(20)) * 500 * time.Millisecond,
		}}, nil)
	}
	return s.deadEnd()
}

// wait lets time pass, mostly little.
func (s *fingers) wait() error {
	d := time.Duration([]int{10, 90, 300, 700, 700, 1200, 2500}[s.r.IntN(7)]) * time.Millisecond
	if s.r.IntN(40) == 0 {
		d = time.Duration([]int{12, 61, 90}[s.r.IntN(3)]) * time.Second
	}
	if err := s.send(Tick{s.m.Now.Add(d)}, nil); err != nil {
		return err
	}
	if msg := Scanned(s.m, s.shown.f); msg != nil {
		return s.send(msg, nil)
	}
	return nil
}

// finger puts a finger down, moves it or lifts it.
func (s *fingers) finger() error {
	n := 0 // mostly the same one
	if s.r.IntN(8) == 0 {
		n = s.r.IntN(mostFingers)
	}
	t, isDown := s.down[n]
	p := image.Pt(s.r.IntN(glassSize.X), s.r.IntN(glassSize.Y))
	if !isDown {
		if k := len(s.shown.f.Targets); k > 0 && s.r.IntN(8) > 0 {
			p = center(&s.shown.f.Targets[s.r.IntN(k)])
			for range 3 { // rather what leads to a list, and on it
				switch t := &s.shown.f.Targets[s.r.IntN(k)]; t.Means.(type) {
				case Open, Join, Pick, PickPlate, ChangePlate, Undo, Leave, Rejoin:
					p = center(t)
				}
			}
		}
		t = touch{means: s.on(p, nil), at: p, since: s.m.Now}
		t.ready = s.settled(t.means) && (s.m.Over == nil || s.m.Now.Sub(s.opened) >= look.DialogGuard)
		if first, ok := s.down[s.first]; !ok || first.means == nil || !first.ready || first.off || s.m.Now.Sub(first.since) > look.HoldMax+s.m.ease().Hold {
			s.first = n
		}
		s.down[n] = t
		return s.send(TouchDown{Contact: n, Means: t.means, At: p, Ready: s.settled(t.means)}, nil)
	}
	if s.r.IntN(3) > 0 { // where it is, or nearly
		p = t.at.Add(image.Pt(s.r.IntN(31)-15, s.r.IntN(31)-15))
	}
	stray := p.Sub(t.at)
	means := s.on(p, s.m.Hand.Means)
	if s.r.IntN(3) == 0 {
		t.off = t.off || stray.X*stray.X+stray.Y*stray.Y > look.Stray*look.Stray
		s.down[n] = t
		return s.send(TouchMove{Contact: n, Means: means, Far: stray.X*stray.X+stray.Y*stray.Y > look.Stray*look.Stray}, nil)
	}
	delete(s.down, n)
	held := s.m.Now.Sub(t.since)
	fair := t.ready && !t.off && n == s.first && held >= s.m.Ease.Hold && held <= look.HoldMax+s.m.ease().Hold && s.on(p, t.means) == t.means
	where, over := len(s.m.Stack), s.m.Over
	err := s.send(TouchUp{Contact: n, Means: means}, func(e Effect) bool { return fair && s.own(t.means, e) })
	if err == nil && !fair && (len(s.m.Stack) != where || s.m.Over != over) {
		err = fmt.Errorf("2: an unfair touch on %#v acted: %+v, contact %d of %d, held %v", t.means, t, n, s.first, held)
	}
	return err
}

// own reports whether an effect is what somebody's own target means.
func (s *fingers) own(means render.Meaning, e Effect) bool {
	who := personIn(reflect.ValueOf(e))
	switch m := means.(type) {
	case Pick:
		return e == SignUp{On: m.On, Who: m.Who}
	case PickPlate:
		return e == SignUp(m)
	case Rejoin:
		return e == SignUp(m)
	case Undo:
		return e == SignOff(m)
	case Leave:
		return e == SignOff(m)
	}
	// What else there is names whose it is, or is on a page that does.
	return who == personIn(reflect.ValueOf(means)) || who == s.before.Self || who == personIn(reflect.ValueOf(s.before.place()))
}

// keyOrSwitch presses a key.
func (s *fingers) keyOrSwitch() error {
	k := Key(1 + s.r.IntN(int(KeyHome)))
	if s.r.IntN(3) == 0 {
		k = KeyEnter
	}
	msg := Hear(s.m, s.shown.f, k)
	if msg == nil {
		return nil
	}
	press, ok := msg.(Pressed)
	fair := false
	if ok {
		press.Ready = s.settled(press.Means)
		at, _, _ := s.m.Focus.find(s.shown.rows)
		fair = press.Ready && at != nil && at.Means == press.Means && (s.m.Over == nil || s.m.Now.Sub(s.opened) >= look.DialogGuard)
		msg = press
	}
	if err := s.send(msg, func(e Effect) bool { return fair && s.own(press.Means, e) }); err != nil {
		return err
	}
	if msg := Land(s.m, s.shown.f); msg != nil {
		if err := s.send(msg, nil); err != nil {
			return err
		}
	}
	if at, _, _ := s.m.Focus.find(s.shown.rows); at != nil && (at.Means == nil || at.Off) {
		return fmt.Errorf("6: the focus is on what cannot be pressed")
	}
	return nil
}

// deadEnd asks whether time alone leads home from here. What comes of it is not
// kept.
func (s *fingers) deadEnd() error {
	m, f := s.m, s.shown.f
	half := 240
	if m.Reading.On { // nobody reads it here: it is stuck
		half += int(longestItem / (500 * time.Millisecond))
	}
	for range half {
		m, _ = s.update(m, Tick{m.Now.Add(500 * time.Millisecond)})
		if msg := Scanned(m, f); msg != nil {
			m, _ = s.update(m, msg)
		}
		if !m.away() && m.Board != nil {
			return nil
		}
	}
	if m.Scan.on() && m.Ease.Step > 2*time.Second {
		return nil // somebody with a slow switch is given more time
	}
	return fmt.Errorf("5: time does not lead home from %#v %#v, focus %+v, scan %+v, %+v, hand %+v", s.m.place(), s.m.Over, s.m.Focus, s.m.Scan, s.m.Ease, s.m.Hand)
}

// run takes n steps and returns what did not hold.
func (s *fingers) run(n int) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("7: %v", p)
		}
	}()
	if err := s.show(nil); err != nil {
		return err
	}
	for range n {
		if err := s.step(); err != nil {
			return err
		}
	}
	return nil
}

// fingerSteps is how many steps make test takes; make fingers takes a million. With
// TAVLE_FINGERS_SEED they begin as those did that failed.
func fingerSteps(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("TAVLE_FINGERS"))
	if os.Getenv("TAVLE_FINGERS") == "" {
		return 30_000
	}
	require.NoError(t, err)
	return n
}

// whatever fingers, palms, keys and switches do while
// boards come and go, the seven rules above hold.
func TestRandomFingersKeepEveryRule(t *testing.T) {
	const each = 10_000
	total, signed := fingerSteps(t), 0
	first := uint64(time.Now().UnixNano())
	if seed, err := strconv.ParseUint(os.Getenv("TAVLE_FINGERS_SEED"), 10, 64); err == nil {
		first = seed
	}
	for i := range uint64((total + each - 1) / each) {
		seed := first + i
		s := newFingers(seed, fingerWorlds(rand.New(rand.NewPCG(seed, 5))), Update)
		require.NoError(t, s.run(min(each, total)), "seed %d", seed)
		signed += s.effects
	}
	t.Logf("%d steps from seed %d on, %d sign-ups and sign-offs", total, first, signed)
	require.Positive(t, signed)
}

// The rules catch what breaks them: each of these walls is wrong in one way.
func TestRandomFingersFindMistakes(t *testing.T) {
	for name, broken := range map[string]func(Model, Msg) (Model, []Effect){
		"a touch acts on the neighbour": func(m Model, msg Msg) (Model, []Effect) {
			if up, ok := msg.(TouchUp); ok && m.Hand.Means != nil && up.Means != nil {
				m.Hand.Means = up.Means
			}
			return Update(m, msg)
		},
		"a touch acts wherever it is lifted": func(m Model, msg Msg) (Model, []Effect) {
			if up, ok := msg.(TouchUp); ok {
				up.Means = m.Hand.Means
				msg = up
			}
			return Update(m, msg)
		},
		"dialogs hear at once": func(m Model, msg Msg) (Model, []Effect) {
			now := m.Now
			switch msg.(type) {
			case TouchDown, Pressed:
				m.Now = m.Now.Add(look.DialogGuard)
			}
			m, e := Update(m, msg)
			if m.Now.After(now) && m.Hand.Since.Equal(m.Now) {
				m.Now, m.Hand.Since = now, now
			}
			return m, e
		},
		"the last finger wins": func(m Model, msg Msg) (Model, []Effect) {
			if _, ok := msg.(TouchDown); ok {
				m.Hand = Hand{}
			}
			return Update(m, msg)
		},
		"what appears under a finger is touched": func(m Model, msg Msg) (Model, []Effect) {
			if d, ok := msg.(TouchDown); ok {
				d.Ready = true
				msg = d
			}
			return Update(m, msg)
		},
		"straying does not cancel": func(m Model, msg Msg) (Model, []Effect) {
			if move, ok := msg.(TouchMove); ok {
				move.Far = false
				msg = move
			}
			return Update(m, msg)
		},
		"holding is not asked for": func(m Model, msg Msg) (Model, []Effect) {
			hold := m.Ease.Hold
			m.Ease.Hold = 0
			m, e := Update(m, msg)
			if _, set := msg.(Eased); !set {
				m.Ease.Hold = hold
			}
			return m, e
		},
		"lists move under hands": func(m Model, msg Msg) (Model, []Effect) {
			m, e := Update(m, msg)
			if m.order != nil {
				m.order = lineup{}
			}
			return m, e
		},
		"who was hidden stays until somebody leaves": func(m Model, msg Msg) (Model, []Effect) {
			if _, ok := msg.(BoardChanged); ok && m.order != nil {
				return m, nil
			}
			return Update(m, msg)
		},
		"the wall waits for somebody for ever": func(m Model, msg Msg) (Model, []Effect) {
			if tick, ok := msg.(Tick); ok {
				m.Last = tick.Now
			}
			return Update(m, msg)
		},
		"Enter presses what had the focus": func(m Model, msg Msg) (Model, []Effect) {
			if p, ok := msg.(Pressed); ok && m.Focus.On != nil {
				p.Ready = true
				msg = p
			}
			return Update(m, msg)
		},
	} {
		t.Run(name, func(t *testing.T) {
			first := uint64(time.Now().UnixNano())
			for i := range uint64(40) {
				s := newFingers(first+i, fingerWorlds(rand.New(rand.NewPCG(first+i, 5))), broken)
				if err := s.run(5000); err != nil {
					t.Log(first+i, err)
					return
				}
			}
			t.Fatalf("not found in 200 000 steps from seed %d", first)
		})
	}
}
