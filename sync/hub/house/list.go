package house

import "iter"

// A List names something with a list of people: an activity or a meal.
type List struct {
	Kind Kind
	ID   ID
}

// A Place is somebody's place on a list.
type Place struct {
	SignUp
	State State
}

// State says what somebody's place on a list is.
type State string

// The states.
const (
	TakesPart State = "in"
	Waits     State = "wait"
	OptedOut  State = "out" // off, and no rule may sign them up again
)

// A Lister is a record with a list of people.
type Lister interface {
	Record
	// Places returns the list: who takes part and who waits, each in order,
	// then who opted out.
	Places() []Place
	// SetPlaces replaces the list.
	SetPlaces([]Place)
}

// Places returns who takes part and who waits, each in order.
func (a *Activity) Places() []Place {
	out := places(nil, a.SignUps, TakesPart)
	for _, w := range a.Waitlist {
		out = append(out, Place{SignUp(w), Waits})
	}
	return out
}

// SetPlaces replaces who takes part and who waits.
func (a *Activity) SetPlaces(list []Place) {
	a.SignUps, a.Waitlist = nil, nil
	for _, p := range list {
		switch p.State {
		case TakesPart:
			a.SignUps = append(a.SignUps, p.SignUp)
		case Waits:
			a.Waitlist = append(a.Waitlist, Waiter(p.SignUp))
		}
	}
}

// Places returns who takes part, in order, and who opted out.
func (m *Meal) Places() []Place {
	return places(places(nil, m.SignUps, TakesPart), m.OptOuts, OptedOut)
}

// SetPlaces replaces who takes part and who opted out.
func (m *Meal) SetPlaces(list []Place) {
	m.SignUps, m.OptOuts = nil, nil
	for _, p := range list {
		switch p.State {
		case TakesPart:
			m.SignUps = append(m.SignUps, p.SignUp)
		case OptedOut:
			m.OptOuts = append(m.OptOuts, p.SignUp)
		}
	}
}

func places(out []Place, list []SignUp, state State) []Place {
	for _, s := range list {
		out = append(out, Place{s, state})
	}
	return out
}

// Lists returns every list of the house.
func (h *House) Lists() iter.Seq2[List, []Place] {
	return func(yield func(List, []Place) bool) {
		for _, a := range h.Activities {
			if !yield(List{KindActivity, a.ID}, a.Places()) {
				return
			}
		}
		for _, m := range h.Meals {
			if !yield(List{KindMeal, m.ID}, m.Places()) {
				return
			}
		}
	}
}
