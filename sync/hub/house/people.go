package house

import (
	"strings"
	"unicode"

	"tavle/sync/record"
)

// An ID names one record of a house. It is opaque: no part of a name, nothing
// that says who somebody is. References are IDs too.
type ID string

// Name is what somebody is called by others; it cannot be printed.
type Name = record.Name

// Private is something else that says who somebody is or how to reach them,
// and that no screen may know: a surname, a telephone number. It cannot be
// printed.
type Private = record.Name

// A Resident is somebody who lives in a department, or a child who goes there.
type Resident struct {
	_          struct{}   `key:"kind" oneof:"resident"`
	ID         ID         `key:"id"`
	Department ID         `key:"department" ref:"department"`
	Lifecycle  Lifecycle  `key:"lifecycle,opt" oneof:"active left"`
	FirstName  Name       `key:"first_name" max:"80" data:"name"`
	Latin      Name       `key:"first_name_latin,opt" max:"80" data:"name"`  // in Latin letters, for sorting and staff who cannot read it
	Spoken     Name       `key:"first_name_spoken,opt" max:"80" data:"name"` // as it sounds, for a voice that gets it wrong
	LastName   Private    `key:"last_name,opt" max:"80" data:"name"`
	Alias      Name       `key:"alias,opt" max:"80" data:"name"`
	AliasSaid  Name       `key:"alias_spoken,opt" max:"80" data:"name"`
	Flat       Private    `key:"flat,opt" max:"20" data:"name"` // which door is theirs
	Photo      Picture    `key:"photo,opt" data:"picture"`
	Mark       string     `key:"mark,opt" max:"40" data:"choice"`           // a pictogram they are known by, instead of a photo
	Colour     string     `key:"portrait_colour,opt" max:"7" data:"choice"` // behind the initial, "#RRGGBB"
	UI         *UI        `key:"ui,opt" data:"choice"`
	Code       Code       `key:"picture_code,opt" data:"choice"` // what keeps neighbours off their own page
	Tag        Private    `key:"tag,opt" max:"40" data:"name"`   // the number of a card or key ring that shows who they are
	Acceptance Acceptance `key:"acceptance" data:"choice"`
	Consents   []Consent  `key:"consents,opt" max:"400" data:"choice"` // how the acceptance came about, the oldest first
	Choices    Choices    `key:"choices" data:"choice"`
}

// Code recognises the pictures of somebody's picture code and does not say which
// they are; tavle code makes one. The empty code is none.
type Code = record.PictureCode

// Lifecycle is where somebody is in their time with the house. The empty one
// is active. Those who were anonymised are [Former].
type Lifecycle string

// The stages.
const (
	Active     Lifecycle = "active"
	Left       Lifecycle = "left"
	Anonymised Lifecycle = "anonymised"
)

// UI is how somebody wants a screen to be once it knows them.
type UI struct {
	Language   record.Lang `key:"language,opt" max:"8"`
	Text       string      `key:"text,opt" oneof:"normal large extra_large"`
	Contrast   string      `key:"contrast,opt" oneof:"normal dark light"` // strong colours, on black or on white
	Still      bool        `key:"reduced_motion,opt"`                     // nothing moves
	Pictograms bool        `key:"pictograms,opt"`
	ReadAloud  bool        `key:"read_aloud,opt"`
	HoldMS     int         `key:"hold_ms,opt" max:"5000"`
	Scanning   string      `key:"scanning,opt" oneof:"off one_switch two_switch"`
}

// Acceptance is what somebody said to being shown, and how that is known.
type Acceptance struct {
	State     AcceptanceState `key:"state" oneof:"accepted not_asked declined"`
	DecidedOn Day             `key:"decided_on,opt"`
	DecidedBy string          `key:"decided_by,opt" oneof:"self guardian both"`
	Method    string          `key:"method,opt" max:"80"`
	Notice    string          `key:"notice_version,opt" max:"40"`
	Until     Day             `key:"until,opt"` // the last day it holds; empty: no end
}

// AcceptanceState is the answer itself. Whoever was not asked has not accepted.
type AcceptanceState string

// The answers.
const (
	Accepted AcceptanceState = "accepted"
	NotAsked AcceptanceState = "not_asked"
	Declined AcceptanceState = "declined"
)

// Choices is how somebody who accepted wants to appear.
type Choices struct {
	NameMode  string     `key:"name_mode" oneof:"first_name alias"`
	Photo     bool       `key:"show_photo,opt"`
	Hidden    bool       `key:"profile_hidden,opt"`
	Tagged    bool       `key:"show_when_tagged,opt"`
	External  bool       `key:"share_with_other_systems,opt"`
	Relatives bool       `key:"relatives_see_signups,opt"`
	Private   bool       `key:"private_items_on_wall,opt"`
	Board     bool       `key:"show_on_board,opt"` // among those of whom a wall says whether they are there
	AutoMeals []AutoMeal `key:"accept_auto_meal,opt" max:"21"`
}

// A Former is somebody who was here and is only a number now.
type Former struct {
	_          struct{}    `key:"kind" oneof:"resident"`
	ID         ID          `key:"id"`
	Department ID          `key:"department" ref:"department"`
	Lifecycle  Lifecycle   `key:"lifecycle" oneof:"anonymised"`
	On         Day         `key:"anonymised_on,opt"`
	Label      record.Text `key:"label,opt"`
}

// A Staff is somebody who works in one or more departments.
type Staff struct {
	_           struct{}     `key:"kind" oneof:"staff"`
	ID          ID           `key:"id"`
	Departments []ID         `key:"departments" ref:"department" min:"1" max:"100"`
	Lifecycle   Lifecycle    `key:"lifecycle,opt" oneof:"active left"`
	FirstName   Name         `key:"first_name" max:"80" data:"name"`
	Latin       Name         `key:"first_name_latin,opt" max:"80" data:"name"`
	Spoken      Name         `key:"first_name_spoken,opt" max:"80" data:"name"`
	LastName    Private      `key:"last_name,opt" max:"80" data:"name"`
	Alias       Name         `key:"alias,opt" max:"80" data:"name"`
	AliasSaid   Name         `key:"alias_spoken,opt" max:"80" data:"name"`
	Role        record.Text  `key:"role,opt"` // what their work is called
	ManagerRole string       `key:"manager_role,opt" oneof:"none employee superuser auditor"`
	Email       Private      `key:"email,opt" max:"254" data:"email"`
	Phone       Private      `key:"phone,opt" max:"40" data:"phone"`
	Photo       Picture      `key:"photo,opt" data:"picture"`
	Acceptance  Acceptance   `key:"acceptance" data:"choice"`
	Consents    []Consent    `key:"consents,opt" max:"400" data:"choice"`
	Choices     StaffChoices `key:"choices" data:"choice"`
}

// StaffChoices is how somebody at work wants to appear.
type StaffChoices struct {
	NameMode string `key:"name_mode" oneof:"first_name alias"`
	Photo    bool   `key:"show_photo,opt"`
	Hidden   bool   `key:"profile_hidden,opt"`
	Roster   bool   `key:"show_in_roster,opt"`
	Tagged   bool   `key:"show_when_tagged,opt"`
	External bool   `key:"share_with_other_systems,opt"`
}

// A Relative is somebody outside who is linked to residents.
type Relative struct {
	_          struct{}   `key:"kind" oneof:"relative"`
	ID         ID         `key:"id"`
	Display    Private    `key:"display" max:"80" data:"name"`
	LinkedTo   []ID       `key:"linked_to,opt" ref:"resident" max:"20"`
	SpeaksFor  []ID       `key:"speaks_for,opt" ref:"resident" max:"20" data:"choice"` // for whom of those they may answer
	Acceptance Acceptance `key:"acceptance" data:"choice"`
}

// Called reports whether somebody of these is called a part of what is written, or
// that with the s of a genitive.
func Called(written string, residents []Resident, staff []Staff) bool {
	parts := strings.FieldsFunc(written, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	is := func(names ...Name) bool {
		for _, n := range names {
			if n.IsZero() {
				continue
			}
			name := n.Reveal()
			for _, p := range append(parts, written) {
				if strings.EqualFold(p, name) || strings.EqualFold(p, name+"s") {
					return true
				}
			}
		}
		return false
	}
	for i := range residents {
		if r := &residents[i]; is(r.FirstName, r.Latin, r.LastName, r.Alias) {
			return true
		}
	}
	for i := range staff {
		if s := &staff[i]; is(s.FirstName, s.Latin, s.LastName, s.Alias) {
			return true
		}
	}
	return false
}
