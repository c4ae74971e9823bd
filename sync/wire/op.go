package wire

// Flow, a touch on its way to the hub (the sixth hop; the fifth is
// sync/client/outbox.go, the seventh sync/hub/receive.go):
//
//	screen: a mutation, numbered without gaps per installation, already durable
//	  → Mut{seq …}    sent again until answered; sending twice is harmless
//	hub: applied once, with its result, in one transaction
//	  → Res{seq, st}  sent again on every connect until
//	  → Rack{seq}     the screen says that the result is durable too

import (
	"fmt"

	"tavle/sync/record"
)

// What a resident can do.
const (
	// Who joins on. Of a meal with another dish, Text may name which they eat: one
	// of record.Plates. Whoever is on the list already stays there, with that dish.
	OpSignUp  = "signup"
	OpCancel  = "cancel"  // who leaves on
	OpPropose = "propose" // who wants the meeting on to talk about Text
	OpRetract = "retract" // who takes back what they proposed in these words

	// Who is there on the day that On names as Text says: one of record.Marks.
	OpPresent = "present"

	// Who takes back the choice that Text names: nothing at a wall gives it again.
	// On is their own row.
	OpTighten = "tighten"

	// Who asks for what Text names, one of record.Rights, or takes that back just after.
	// On is their own row.
	OpRequest   = "request"
	OpUnrequest = "unrequest"

	// Somebody answers the poll On with the option that Picto names, or takes that
	// answer back. Who it was is not told: there is no Who.
	OpAnswer   = "answer"
	OpUnanswer = "unanswer"
)

// Anonymous reports whether nobody may be named with an operation.
func Anonymous(op string) bool { return op == OpAnswer || op == OpUnanswer }

// Mut carries what residents did, in order.
type Mut struct {
	Muts []Mutation `json:"muts"`
}

// Mutation is one thing one person did, or, where [Anonymous], anybody.
type Mutation struct {
	Seq   uint64          `json:"seq"`
	Op    string          `json:"op"`
	On    RowKey          `json:"on"`
	Who   record.PersonID `json:"who,omitempty"` // absent only where [Anonymous]
	AgeMS *int64          `json:"age_ms"`        // since the touch, by the screen's clock that never jumps; null: a reboot lies between
	Saw   uint64          `json:"saw,omitempty"` // revision shown when it was touched; absent: not known
	Text  string          `json:"text,omitempty"`
	Lang  record.Lang     `json:"lang,omitempty"`  // of Text; absent: not known
	Picto string          `json:"picto,omitempty"` // pictogram that goes with Text
}

// RowKey names a row.
type RowKey struct {
	Kind record.Kind `json:"k"`
	ID   string      `json:"i"`
}

// Key returns the row key.
func (k RowKey) Key() record.Key { return record.Key{Kind: k.Kind, ID: k.ID} }

// Check names what is wrong with m, or returns nil.
func (m Mutation) Check() error {
	switch {
	case m.Seq == 0:
		return fmt.Errorf("mutation 0: numbers start at 1")
	case m.Op == "" || len(m.Op) > 16:
		return fmt.Errorf("mutation %d: op of %d bytes, want 1 to 16", m.Seq, len(m.Op))
	case m.On.Kind == "" || len(m.On.Kind) > 16 || m.On.ID == "" || len(m.On.ID) > 40:
		return fmt.Errorf("mutation %d: bad row key", m.Seq)
	case Anonymous(m.Op):
		return m.checkAnonymous()
	case m.Who == "" || len(m.Who) > 40:
		return fmt.Errorf("mutation %d: bad person", m.Seq)
	case len(m.Text) > MaxText:
		return fmt.Errorf("mutation %d: text of %d bytes, want at most %d", m.Seq, len(m.Text), MaxText)
	case len(m.Lang) > MaxLang || len(m.Picto) > MaxPicto:
		return fmt.Errorf("mutation %d: language of %d bytes, pictogram of %d, want at most %d and %d", m.Seq, len(m.Lang), len(m.Picto), MaxLang, MaxPicto)
	}
	return nil
}

// checkAnonymous refuses what could say who it was: nothing is told but what was
// touched.
func (m Mutation) checkAnonymous() error {
	switch {
	case m.Who != "":
		return fmt.Errorf("mutation %d: a person, and nobody may be named", m.Seq)
	case m.Text != "" || m.Lang != "" || m.Saw != 0:
		return fmt.Errorf("mutation %d: more than a picture", m.Seq)
	case m.Picto == "" || len(m.Picto) > MaxPicto:
		return fmt.Errorf("mutation %d: pictogram of %d bytes, want 1 to %d", m.Seq, len(m.Picto), MaxPicto)
	}
	return nil
}

// Res says what became of mutations.
type Res struct {
	Results []Result `json:"results"`
}

// Outcome is how a mutation ended.
type Outcome string

// The outcomes.
const (
	Accepted   Outcome = "accepted"
	Waitlisted Outcome = "waitlisted"
	Rejected   Outcome = "rejected"
)

// Reason says why a mutation was rejected.
type Reason string

// The reasons.
const (
	ReasonFull       Reason = "full"
	ReasonClosed     Reason = "closed"      // past the deadline, or cancelled
	ReasonHidden     Reason = "hidden"      // the person is not shown on this board
	ReasonGone       Reason = "gone"        // the activity or meal is
	ReasonNotAllowed Reason = "not_allowed" // this screen or person may not
	ReasonInvalid    Reason = "invalid"     // the hub does not understand it
)

// Result is what became of one mutation.
type Result struct {
	Seq     uint64  `json:"seq"`
	Outcome Outcome `json:"st"`
	Code    Reason  `json:"code,omitempty"`  // with rejected
	Place   int     `json:"place,omitempty"` // with waitlisted: 1 is next
	// The board shows it from Rev of Epoch on. A board of another epoch shows it
	// anyway: it was made later. Absent: the epoch is not known.
	Rev   uint64       `json:"rev"`
	Epoch record.Epoch `json:"epoch,omitempty"`
}

// Rack says that results up to Seq are durable on the screen.
type Rack struct {
	Seq uint64 `json:"seq"`
}
