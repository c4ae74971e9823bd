package ui

// Flow, a change on its way to the glass (the seventh hop; the sixth is
// player/board/project.go, the eighth player/ui/view.go):
//
//	BoardChanged → the same place, without what vanished
//
// Flow, a touch on its way to the hub (the third hop; the second is
// player/run.go, the fourth player/effects.go):
//
//	TouchUp on what went down → act → Effect

import (
	"slices"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
)

// Update returns the model after msg, and what it wants done.
func Update(m Model, msg Msg) (Model, []Effect) {
	if m.Rest != Awake && wakes(msg) {
		return m.woken(), nil
	}
	if m.beaconShown() && wakes(msg) {
		return m.unlit(), nil
	}
	was := m
	m, effects := m.interrupted(msg)
	m, then := m.update(msg)
	effects = append(effects, then...)
	m = m.turnedAway()
	m, then = m.goesOn(was, msg)
	effects = append(effects, then...)
	effects = append(effects, m.naming(was, msg)...)
	if n := m.note(was, msg, effects); n != NoNote && m.Sound.Chimes && !m.hushes() {
		effects = append(effects, Chime{n})
	}
	return m.scored(was, msg, effects)
}

func (m Model) update(msg Msg) (Model, []Effect) {
	switch msg := msg.(type) {
	case BoardChanged:
		return m.withBoard(msg.Board), nil
	case LinkChanged:
		m.Link = msg.Link
	case Tick:
		before := m.Now
		m.Now = m.local(msg.Now)
		if m.listens() {
			m.Last = m.Now
		}
		return m.turned(before).watched().idle().againOnline()
	case ClockSet:
		return m.clockSet(msg.By), nil
	case PairingChanged:
		return m.withPairing(msg.Pairing), nil
	case BeaconLit:
		return m.lit(msg.Beacon), nil
	case Resized:
		m.Panel = msg.Panel
	case Dressed:
		m.Lang, m.Theme, m.Text, m.Motion, m.Edges, m.Hours = msg.Lang, msg.Theme, msg.Text, msg.Motion, msg.Edges, msg.Hours
		if msg.Stays != (Stays{}) {
			m.Stays = msg.Stays
		}
	case Eased:
		m.Ease = msg.Ease
		m.Scan = Scan{}
	case Emptied:
		m.Paused = msg.Paused
	case TouchDown:
		return m.down(msg), nil
	case TouchMove:
		if msg.Contact == m.Hand.Contact {
			m.Hand.Off = msg.Means != m.Hand.Means
			if msg.Far {
				m.Hand.Means = nil
			}
		}
	case TouchUp:
		return m.up(msg)
	case TouchGone:
		if msg.Contact == m.Hand.Contact {
			m.Hand.Means = nil
		}
	case Focused:
		return m.focused(msg), nil
	case Pressed:
		return m.press(msg)
	case BackPressed:
		return m.back()
	case SoundChanged:
		m.Sound = msg.Sound
		return m.hushed()
	case Plugged:
		return m.plugged(msg)
	case ReadPressed:
		if m.Reading.On {
			return m.hushed()
		}
		return m.read()
	case ItemRead:
		return m.readOn(msg)
	case FilmHeard:
		return m.inStep(msg), nil
	case NetChanged:
		m.Net = msg.Net
		m.Net.Next = m.Now.Add(tryEvery)
	case Named:
		m.Machine = msg.Machine
	case Identified:
		return m.identified(msg.Who)
	case CodeWrong:
		return m.codeWrong(msg.Who), nil
	case TagUnknown:
		m.Last, m.Toast = m.Now, Toast{Unknown: true, Until: m.Now.Add(look.Undo)}
	case NotKept:
		m.Over, m.Toast, m.Given = Failed{m.Now.UnixMilli()}, Toast{}, nil
	}
	return m, nil
}

// local returns t in the house's zone.
func (m Model) local(t time.Time) time.Time {
	if m.Board == nil {
		return t
	}
	return t.In(m.Board.Zone)
}

// clockSet returns the model of a wall whose clock is set by d: nobody has waited,
// or is to wait, for longer because of that.
func (m Model) clockSet(d time.Duration) Model {
	m.Last = m.Last.Add(d)
	m.Locks = slices.Clone(m.Locks)
	for i := range m.Locks {
		m.Locks[i].Until = m.Locks[i].Until.Add(d)
	}
	m.Given = slices.Clone(m.Given)
	for i := range m.Given {
		m.Given[i].At = m.Given[i].At.Add(d)
	}
	for _, t := range []*time.Time{
		&m.Beacon.Until, &m.Draft.Until, &m.Toast.Until, &m.Ring.Until, &m.Film.Since, &m.Reading.Since, &m.Hand.Since, &m.Acts.At, &m.Scan.Since, &m.Scan.Pressed,
	} {
		if !t.IsZero() {
			*t = t.Add(d)
		}
	}
	return m
}

// withBoard keeps the place and closes what is no longer there.
func (m Model) withBoard(b *board.Board) Model {
	m.Board = b
	if b == nil {
		return m.finish()
	}
	m.Paused = false
	m.Now = m.local(m.Now)
	m.order = m.order.with(b, m.Now)
	stack := make([]Place, 0, len(m.Stack))
	for _, p := range m.Stack {
		if !p.there(b) {
			break
		}
		stack = append(stack, p)
	}
	m.Stack = stack
	if m.Self != "" && !listed(b, m.Self) {
		m = m.finish() // nobody is known who is not shown
	}
	if d := m.Draft; d.Place != nil && (!listed(b, d.Who) || !d.Place.there(b)) {
		m.Draft = Draft{}
	}
	if m.Over != nil && !m.Over.still(b) {
		m.Over = nil
	}
	if m.Toast.Is != "" {
		m.Toast = m.Toast.marked(b)
	} else if !m.Toast.Until.IsZero() && !m.Toast.Unknown {
		crowd, _ := b.Crowd(m.Toast.On)
		_, _, m.Toast.Refused = crowd.Has(m.Toast.Who)
		if !shows(b, m.Toast.On, m.Toast.Who) {
			m.Toast = Toast{}
		}
	}
	return m
}

// shows reports whether the person may still be shown, and the list is there.
func shows(b *board.Board, on board.Ref, who board.PersonID) bool {
	_, ok := b.Crowd(on)
	_, known := b.Person(who)
	return ok && known
}

// down begins a touch. A finger that is on something already is not disturbed
// by another; a palm beside it, and an elbow that rests there, are no finger.
func (m Model) down(t TouchDown) Model {
	m = m.arrived()
	m.Last = m.Now
	if m.Hand.Means != nil && t.Contact != m.Hand.Contact && !m.leans() {
		return m
	}
	m.Hand = Hand{Contact: t.Contact, Means: t.Means, At: t.At, Since: m.Now}
	m.Focus, m.Scan = Focus{}, Scan{}
	if !t.Ready || m.deaf() {
		m.Hand.Means = nil
	}
	if m.Hand.Means == nil {
		m.Ring = Ring{t.At, m.Now.Add(look.RingLasts)}
	}
	return m
}

// leans reports whether the hand has rested on the glass for longer than anybody
// touches; whose touches have to last has that much longer.
func (m Model) leans() bool { return m.Now.Sub(m.Hand.Since) > look.HoldMax+m.ease().Hold }

// deaf reports whether a dialog has only just opened: the second tap of a
// double tap must not press what appeared under it.
func (m Model) deaf() bool {
	if m.Over == nil {
		return false
	}
	since := m.Now.UnixMilli() - m.Over.opened()
	return since >= 0 && since < look.DialogGuard.Milliseconds() // a clock that was set back makes nothing deaf
}

// up ends a touch. It acts only on what went down under the same finger, is
// still there, and was not done a moment ago.
func (m Model) up(t TouchUp) (Model, []Effect) {
	m.Last = m.Now
	if t.Contact != m.Hand.Contact || m.Hand.Means == nil {
		return m, nil
	}
	means, held, leans := m.Hand.Means, m.Now.Sub(m.Hand.Since), m.leans()
	m.Hand.Means = nil
	switch {
	case t.Means != means, leans, held < m.ease().Hold:
		return m, nil
	case m.Acts.Means == means && m.Now.Sub(m.Acts.At) < m.Ease.Repeat:
		m.Acts.At = m.Now // as long as the hand trembles
		return m, nil
	}
	m.Acts = Acted{means, m.Now}
	return m.act(means)
}

// act does what a touch means. Touches on a page below a dialog do nothing.
func (m Model) act(means render.Meaning) (Model, []Effect) {
	switch a := means.(type) {
	case onAnything:
		return a.do(m)
	case onPairing:
		if m.PairingShown() {
			return a.pair(m), nil
		}
	case inDialog:
		if m.Over != nil && !m.PairingShown() {
			return a.answer(m)
		}
	}
	if a, ok := means.(onPage); ok && m.Over == nil && m.Board != nil && !m.PairingShown() {
		return a.act(m)
	}
	return m, nil
}

func (a Go) act(m Model) (Model, []Effect) {
	m.Stack = []Place{Home{}}
	if a.To != nil && a.To != (Home{}) {
		m.Stack = append(m.Stack, a.To)
	}
	return m, nil
}

func (a Open) act(m Model) (Model, []Effect) { return m.open(a.On), nil }

func (Back) act(m Model) (Model, []Effect) {
	if len(m.Stack) > 1 {
		m.Stack = slices.Clip(m.Stack[:len(m.Stack)-1])
	}
	return m, nil
}

func (a Turn) act(m Model) (Model, []Effect) {
	if a.To != nil {
		m.Stack = append(slices.Clone(m.Stack[:len(m.Stack)-1]), a.To)
	}
	return m, nil
}

func (a Join) act(m Model) (Model, []Effect) {
	if m.door(a.On) <= board.ListOnly && !m.Board.Masked {
		m = m.push(Who{On: a.On})
	}
	return m, nil
}

func (a Rejoin) act(m Model) (Model, []Effect) {
	m.Toast = Toast{}
	if a.Plate == "" && m.twoDishes(a.On) {
		return m.askPlate(a.On, a.Who), nil // nobody knows here which it was
	}
	return m.signUp(a.On, a.Who, a.Plate)
}

func (Explain) act(m Model) (Model, []Effect) {
	m.Over = Offline{m.Now.UnixMilli()}
	return m, nil
}

func (Stay) act(m Model) (Model, []Effect)    { return m, nil }
func (Stay) answer(m Model) (Model, []Effect) { return m, nil }

func (m Model) push(p Place) Model {
	m.Stack = append(slices.Clone(m.Stack), p)
	return m
}

func (m Model) open(on board.Ref) Model {
	if _, ok := m.Board.Activity(on); ok {
		return m.push(Activity{On: on})
	}
	meal, ok := m.Board.Meal(on)
	switch at, inMeals := m.place().(Meals); {
	case !ok:
	case inMeals:
		at.On = on
		m.Stack = append(slices.Clone(m.Stack[:len(m.Stack)-1]), at)
	default:
		m = m.push(Meals{Kind: meal.Kind, On: on})
	}
	return m
}

// door returns whether one can join what on names now.
func (m Model) door(on board.Ref) board.Door { return m.Board.Door(on, m.Now) }

// act signs the person up, or, when they are on the list already, asks whether
// they should be taken off.
func (a Pick) act(m Model) (Model, []Effect) {
	p, ok := m.Board.Person(a.Who)
	crowd, there := m.Board.Crowd(a.On)
	if !ok || !there || !p.SignUp {
		return m, nil
	}
	if m.door(a.On) > board.ListOnly {
		return m, nil // it closed while they were looking for themselves
	}
	if _, _, in := crowd.Has(a.Who); in {
		m.Over = AskLeave{a.On, a.Who, m.Now.UnixMilli()}
		return m, nil
	}
	if m.twoDishes(a.On) {
		return m.askPlate(a.On, a.Who), nil
	}
	return m.asked().signUp(a.On, a.Who, "")
}

// asked leaves the page that asked who it is.
func (m Model) asked() Model {
	if _, asking := m.place().(Who); asking {
		m.Stack = slices.Clip(m.Stack[:len(m.Stack)-1])
	}
	return m
}

func (m Model) signUp(on board.Ref, who board.PersonID, plate board.Plate) (Model, []Effect) {
	crowd, _ := m.Board.Crowd(on)
	_, _, again := crowd.Has(who)
	m.Over = Confirm{On: on, Who: who, Since: m.Now.UnixMilli(), Plate: plate, Again: again && plate != ""}
	m.Toast = Toast{}
	return m, []Effect{SignUp{on, who, plate}}
}

func (Close) answer(m Model) (Model, []Effect) {
	m.Over = nil
	return m, nil
}

func (Back) answer(m Model) (Model, []Effect) {
	m.Over = nil
	return m, nil
}

func (a Undo) answer(m Model) (Model, []Effect) { return m.signOff(a.On, a.Who) }

func (a Leave) answer(m Model) (Model, []Effect) { return m.asked().signOff(a.On, a.Who) }

func (m Model) signOff(on board.Ref, who board.PersonID) (Model, []Effect) {
	plate := m.plateOf(on, who)
	m.Over = nil
	m.Toast = Toast{On: on, Who: who, Until: m.Now.Add(look.Undo), Plate: plate}
	return m, []Effect{SignOff{on, who}}
}
