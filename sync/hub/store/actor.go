package store

import (
	"errors"
	"fmt"
	"time"

	"tavle/sync/hub/house"
)

// ErrActor is returned for work that nobody is named for: it is not done.
var ErrActor = errors.New("nothing is read or written without an actor")

// An Actor is who does something, on whose data, and when. It is what the audit
// says, so it names nobody: IDs only.
type Actor struct {
	// Org is the system whose records are meant; no other system's can be
	// reached. An actor without one is the hub at its own work: it sees
	// screens and boards, and no record of any house.
	Org  house.ID
	Kind ActorKind
	ID   string // which screen, member of staff or file; of the hub, which part of it
	At   time.Time
}

// ActorKind says what an actor is.
type ActorKind string

// The kinds of actors.
const (
	ByHub    ActorKind = "hub"    // the hub itself: projections, deadlines
	ByScreen ActorKind = "screen" // somebody at a wall screen
	ByStaff  ActorKind = "staff"  // somebody logged in; their reads are in the audit too
	ByImport ActorKind = "import" // a file
)

// Check returns what an audit line would lack if a did something: an error that
// is [ErrActor], or nil.
func (a Actor) Check() error {
	switch a.Kind {
	case ByHub:
	case ByScreen, ByStaff, ByImport:
		if a.ID == "" {
			return fmt.Errorf("%w: a %s without an ID", ErrActor, a.Kind)
		}
	default:
		return fmt.Errorf("%w: of kind %q", ErrActor, string(a.Kind))
	}
	if a.At.IsZero() {
		return fmt.Errorf("%w: a %s at no time", ErrActor, a.Kind)
	}
	return nil
}
