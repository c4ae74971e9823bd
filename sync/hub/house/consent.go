package house

import (
	"slices"
	"time"

	"tavle/sync/record"
)

// A Purpose is one of the four things that somebody is asked for, each by itself.
type Purpose string

// The purposes. Nobody is on a screen who has not accepted the first two.
const (
	ForStored  Purpose = "stored"  // to be created and kept
	ForShown   Purpose = "shown"   // to be shown on screens as they chose
	ForJoining Purpose = "joining" // to be seen in what they take part in: lists, proposals, pictures, groups, shifts
	ForOutside Purpose = "outside" // to be shown outside the house's own system
)

// Purposes are all of them, in the order they are asked in.
var Purposes = []Purpose{ForStored, ForShown, ForJoining, ForOutside}

// An Answer is what was said.
type Answer string

// The answers.
const (
	Given     Answer = "given"
	Refused   Answer = "refused"
	Withdrawn Answer = "withdrawn" // it was given before
)

// A Consent is one answer of somebody, or of whoever speaks for them. Answers are
// added, never changed: together they are how it came about.
type Consent struct {
	Occasion ID          `key:"occasion" max:"64"` // the same for what was answered together
	Purpose  Purpose     `key:"purpose" oneof:"stored shown joining outside"`
	Answer   Answer      `key:"answer" oneof:"given refused withdrawn"`
	On       Day         `key:"decided_on"`
	By       string      `key:"decided_by" oneof:"self guardian both"`
	Guardian ID          `key:"representative,opt" ref:"relative"` // who spoke for them, if the house knows them
	Method   string      `key:"method" max:"80"`
	Notice   string      `key:"notice_version" max:"40"`  // of what they were told
	Hash     string      `key:"notice_hash,opt" max:"64"` // of its text, where the house has published it
	Language record.Lang `key:"language,opt" max:"8"`     // they were told it in
	Until    Day         `key:"until,opt"`                // the last day it holds; empty: no end
	Recorded Wall        `key:"recorded,opt"`             // when that was written down
}

// Consented is somebody who was asked.
type Consented interface {
	Record
	asked() (*Acceptance, *[]Consent)
	narrow(p Purpose) // makes their choices such that they need no acceptance of p
}

func (r *Resident) asked() (*Acceptance, *[]Consent) { return &r.Acceptance, &r.Consents }
func (s *Staff) asked() (*Acceptance, *[]Consent)    { return &s.Acceptance, &s.Consents }

// Everybody who is named somewhere is named in what they take part in, too: there is no
// choice between. So whoever does not accept that is only counted.
func (r *Resident) narrow(p Purpose) {
	switch p {
	case ForJoining:
		r.Choices.Hidden, r.Choices.Tagged, r.Choices.Relatives = true, false, false
	case ForOutside:
		r.Choices.External = false
	}
}

func (s *Staff) narrow(p Purpose) {
	switch p {
	case ForJoining:
		s.Choices.Hidden, s.Choices.Tagged, s.Choices.Roster = true, false, false
	case ForOutside:
		s.Choices.External = false
	}
}

// ConsentOf returns how the answer to one question stands on a day, and the last word
// of it. Of somebody whose answers were not written down one by one it is what their
// acceptance says.
func ConsentOf(r Consented, p Purpose, day Day) (AcceptanceState, Consent) {
	a, all := r.asked()
	return answered(*a, *all, p, day)
}

// answered is ConsentOf, of what somebody accepted and their answers.
func answered(a Acceptance, all []Consent, p Purpose, day Day) (AcceptanceState, Consent) {
	for _, c := range slices.Backward(all) {
		if c.Purpose != p {
			continue
		}
		switch {
		case c.Answer != Given:
			return Declined, c
		case c.Until != "" && day > c.Until:
			return NotAsked, c
		}
		return Accepted, c
	}
	if len(all) > 0 {
		return NotAsked, Consent{}
	}
	one := Consent{Purpose: p, On: a.DecidedOn, By: a.DecidedBy, Method: a.Method, Notice: a.Notice, Until: a.Until}
	if a.State == Accepted {
		one.Answer = Given
	}
	return a.At(day), one
}

// Declare adds what somebody said on one occasion and has it hold at once: they are
// shown only while they accept to be kept and to be shown, until the first of those
// answers ends, or that to be seen with others; outside, until that answer ends. It takes choices back and never makes one that shows more.
func Declare(r Consented, said []Consent) {
	if len(said) == 0 {
		return
	}
	a, all := r.asked()
	before := *a
	if len(*all) == 0 && before.State == Accepted { // what was accepted as a whole, one by one
		for _, p := range Purposes {
			*all = append(*all, Consent{
				Occasion: "acceptance", Purpose: p, Answer: Given, On: before.DecidedOn, By: before.DecidedBy, Method: before.Method, Notice: before.Notice, Until: before.Until,
			})
		}
	}
	*all = append(*all, said...)
	last := said[len(said)-1]
	*a = Acceptance{State: Accepted, DecidedOn: last.On, DecidedBy: last.By, Method: last.Method, Notice: last.Notice}
	for _, p := range Purposes {
		state, c := ConsentOf(r, p, "") // as it was said, whether or not it has ended
		if needed := p == ForStored || p == ForShown; needed && state == Declined {
			a.State = Declined
		} else if needed && state == NotAsked && a.State != Declined {
			a.State = NotAsked
		}
		if state != Accepted {
			r.narrow(p)
		}
		if p != ForOutside && state == Accepted { // what ends outside ends there alone: see outside
			a.Until = sooner(a.Until, c.Until)
		}
	}
}

// sooner returns the earlier of two days on which something ends; "": it does not.
func sooner(a, b Day) Day {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// outside reports whether somebody may be shown outside the house's own system on day, as
// far as they were asked.
func outside(a Acceptance, all []Consent, day Day) bool {
	state, _ := answered(a, all, ForOutside, day)
	return state == Accepted
}

// EndOutside returns the acceptance of r as it holds outside the house's own system: it
// ends with whichever of the two ends first.
func EndOutside(r Consented) Acceptance {
	a, _ := r.asked()
	end := *a
	if _, c := ConsentOf(r, ForOutside, ""); c.Answer == Given {
		end.Until = sooner(end.Until, c.Until)
	}
	return end
}

// Renewal is how long before its end an acceptance is asked for again.
const Renewal = 30 * 24 * time.Hour

// Ending reports whether an acceptance ends within [Renewal] of day, or has ended.
func (a Acceptance) Ending(day Day) bool {
	return a.State == Accepted && a.Until != "" && a.Until <= day.Add(int(Renewal/(24*time.Hour)))
}

// Consents returns every answer of somebody, the oldest first.
func Consents(r Consented) []Consent {
	_, all := r.asked()
	return *all
}
