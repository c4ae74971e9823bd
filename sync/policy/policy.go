// Package policy answers one question: may this viewer be shown this of this
// person, here and now?
//
// It is pure: it reads no clock, no file, no network. The hub asks it before
// anything leaves, and the screen asks it again before anything is drawn, so a
// screen that is offline decides as the hub would have. When in doubt it
// answers no.
//
// The rules V-01 to V-20 stand in docs/privacy.md; [Decide] names each where it
// is applied, and the whole table is held by its digest in table_test.go.
package policy

// A Kind of person.
type Kind uint8

// The kinds the table distinguishes.
const (
	Resident Kind = iota
	Staff
)

// Lifecycle is where a person is in their time with the house.
type Lifecycle uint8

// The stages of a lifecycle.
const (
	Active Lifecycle = iota
	Left
	Anonymised
	Erased
)

// Acceptance is what a person said to being shown at all.
type Acceptance uint8

// The answers.
const (
	Accepted Acceptance = iota
	NotAsked
	Declined
)

// A Person is what a decision depends on: choices, and nothing that could
// identify anybody.
type Person struct {
	Kind       Kind
	Lifecycle  Lifecycle
	Acceptance Acceptance

	Hidden        bool // the whole profile is hidden
	Alias         bool // an alias is shown instead of the first name
	Photo         bool // there is a photo and it may be shown
	Roster        bool // staff: shown in the roster
	Tagged        bool // pictures they are tagged in may be shown
	External      bool // other systems may show them
	Relatives     bool // linked relatives may see their sign-ups
	PrivateOnWall bool // their own private items may be shown on a wall
}

// A Viewer is who looks.
type Viewer uint8

// The viewers.
const (
	WallOwn       Viewer = iota // a screen of the person's own department
	WallOther                   // a screen of another department of the house
	WallExternal                // a screen of another system
	SelfAtWall                  // the person, identified at a wall
	AppSame                     // somebody of the same system, in the app
	AppExternal                 // somebody of another system, in the app
	SelfInApp                   // the person, in the app
	ConnectLinked               // a relative linked to the person
	ConnectDept                 // a relative of somebody else in the department
	Manager                     // staff in charge of the person's department
	ManagerOut                  // other staff
	Support                     // whoever installs or repairs
)

// A Context is where the person would appear.
type Context uint8

// The contexts.
const (
	Directory Context = iota
	Activity
	Meal
	Meeting
	Booking
	Proposal
	Group
	Roster
	PhotoTag
	PrivateItem
	Presence
)

// An Entry says whether the person appears as themselves, as one of a number,
// or not at all.
type Entry uint8

// The entries, from less to more.
const (
	NoEntry Entry = iota
	Counted
	Listed
)

// A NameLevel says what they are called.
type NameLevel uint8

// The name levels, from less to more.
const (
	NoName NameLevel = iota
	RoleName
	AliasName
	FirstName
	FullName
)

// A PhotoLevel says what of their face is shown.
type PhotoLevel uint8

// The photo levels, from less to more.
const (
	NoPhoto PhotoLevel = iota
	Silhouette
	FullPhoto
)

// A Verdict is what may be shown. The zero Verdict is nothing.
type Verdict struct {
	Entry Entry
	Name  NameLevel
	Photo PhotoLevel
}

// Named reports whether the person appears under a name of their own.
func (v Verdict) Named() bool { return v.Entry == Listed && v.Name >= AliasName }
