// Package board is what this screen shows now: the facts it was told, the
// choices of the people in them, what residents did here that the hub has not
// answered yet, and the time, made into one immutable [Board].
//
// It is pure. It asks sync/policy again for every person, because time passes
// offline: an acceptance ends, a lease runs out. player/ui sees only this
// package, never sync/record: what may not be shown cannot be named there.
package board

import (
	"slices"
	"time"

	"tavle/sync/record"
)

// What the user interface needs of the record, and no more.
type (
	// PersonID names a person on this board.
	PersonID = record.PersonID
	// Text is content in several languages.
	Text = record.Text
	// Name is what a person is called; it does not print.
	Name = record.Name
	// AssetID names a picture.
	AssetID = record.AssetID
	// Lang is a language.
	Lang = record.Lang
	// Module is a part of the wall that can be switched on.
	Module = record.Module
	// MealKind is which meal of the day.
	MealKind = record.MealKind
	// Places says in a word how many places are left.
	Places = record.Places
	// Lexeme says how a word is spoken.
	Lexeme = record.Lexeme
	// Dish is what is on the plate.
	Dish = record.Dish
	// Alternative is another dish of a meal.
	Alternative = record.Alternative
	// Plate says which dish of a meal somebody eats.
	Plate = record.Plate
	// Item is a thing to bring along.
	Item = record.Item
	// Choice is something somebody may take back.
	Choice = record.Choice
	// Preset is how somebody wants the wall to be.
	Preset = record.Preset
	// AlbumID names an album.
	AlbumID = record.AlbumID
	// DocumentID names a document.
	DocumentID = record.DocumentID
	// VideoID names a film.
	VideoID = record.VideoID
	// NewsID names a news item.
	NewsID = record.NewsID
	// Page is one page of a document.
	Page = record.Page
	// Cue is what a caption says from one moment of a film to another.
	Cue = record.Cue
	// Sky is what the sky does on a day.
	Sky = record.Sky
	// Wind says in a word how it blows.
	Wind = record.Wind
	// PollOption is one answer that can be given.
	PollOption = record.PollOption
	// Right is what somebody may ask of whoever is responsible for what is kept of them.
	Right = record.Right
	// Whereabouts says whether somebody is there today.
	Whereabouts = record.Whereabouts
)

// The constants that go with them.
const (
	PlacesUnlimited = record.PlacesUnlimited
	PlacesFree      = record.PlacesFree
	PlacesFew       = record.PlacesFew
	PlacesNone      = record.PlacesNone

	ModuleActivities = record.ModuleActivities
	ModuleMeals      = record.ModuleMeals
	ModuleRoster     = record.ModuleRoster
	ModulePeople     = record.ModulePeople
	ModuleNews       = record.ModuleNews
	ModuleGallery    = record.ModuleGallery
	ModuleDocuments  = record.ModuleDocuments
	ModuleVideos     = record.ModuleVideos
	ModuleWeather    = record.ModuleWeather
	ModuleMeetings   = record.ModuleMeetings
	ModuleBookings   = record.ModuleBookings
	ModuleGroups     = record.ModuleGroups
	ModulePresence   = record.ModulePresence
	ModulePolls      = record.ModulePolls

	ChoiceShown     = record.ChoiceShown
	ChoiceName      = record.ChoiceName
	ChoicePhoto     = record.ChoicePhoto
	ChoiceTagged    = record.ChoiceTagged
	ChoiceExternal  = record.ChoiceExternal
	ChoiceRelatives = record.ChoiceRelatives
	ChoicePrivate   = record.ChoicePrivate
	ChoiceBoard     = record.ChoiceBoard

	RightAccess = record.RightAccess

	KindMeal     = record.KindMeal
	KindMeeting  = record.KindMeeting
	KindProposal = record.KindProposal
	KindBooking  = record.KindBooking
	KindGroup    = record.KindGroup
	KindPresence = record.KindPresence

	NotYet   = record.NotYet
	Here     = record.Here
	GoneHome = record.GoneHome
	Off      = record.Off

	PlateMain        = record.PlateMain
	PlateAlternative = record.PlateAlternative

	Breakfast = record.Breakfast
	Lunch     = record.Lunch
	Dinner    = record.Dinner
)

// Choices lists every choice, and CodePictures the pictures of a code.
var (
	Choices      = record.Choices
	CodePictures = record.CodePictures
)

// CodeLen is how many pictures are a code.
const CodeLen = record.CodeLen

// A Ref names something people can join, on this board.
type Ref struct {
	Kind record.Kind
	ID   string
}

// Key returns the row it is.
func (r Ref) Key() record.Key { return record.Key(r) }

// A Board is everything the screen shows. It is immutable.
type Board struct {
	At       record.Position
	Name     Text
	Zone     *time.Location
	Langs    []Lang
	Modules  []Module
	Weekdays bool   // weekday colours are used
	Keeper   Text   // who answers for what is shown of people
	Contact  string // how to reach them

	Masked bool        // the lease ran out: nobody is named or pictured
	Roster RosterState // how old the duty roster is

	People     []Person // the directory, in the order of the language
	Activities []Activity
	Meals      []Meal
	Shifts     []Shift
	News       []News // pinned first, then newest first
	Albums     []Album
	Documents  []Document
	Videos     []Video
	Weather    *Weather // nil: none that can be believed
	Meetings   []Meeting
	Resources  []Resource // what can be booked here first
	Groups     []Group
	Presence   *Presence // nil: not known
	Polls      []Poll    // those that can be answered first
	Waiting    []Wait    // done here and not answered by the hub, oldest first

	// NextAt is when the same facts make another board, by time alone; zero:
	// never.
	NextAt time.Time

	Lexicon Lexicon
}

// A Lexicon says how names and words are spoken where a voice would get them wrong.
type Lexicon struct {
	Names []Pronunciation // of those who are shown, and nobody else
	Words []Lexeme
}

// A Pronunciation is how the name of somebody who is shown sounds.
type Pronunciation struct{ Name, Spoken Name }

// RosterState says whether the roster can still be believed. The wrong people
// on duty is worse than none.
type RosterState uint8

// The states of the roster.
const (
	RosterCurrent RosterState = iota
	RosterOld                 // shown with its age
	RosterGone                // not shown at all
)

// A Person is somebody shown.
type Person struct {
	ID     PersonID
	Name   Name
	Photo  AssetID // or ""
	Mark   string  // pictogram of recognition, or ""
	Role   Text
	SignUp bool // may sign up by touch here

	// With SignUp, for their own page.
	Coded  bool     // they have a picture code
	Open   []Choice // what they may take back here
	Preset Preset

	Requests []Request // what they asked for
}

// A Participant is a person in a list.
type Participant struct {
	Person
	Pending bool // signed up here, and the hub has not confirmed it yet
	Auto    bool // of a meal: signed up every week by their own wish
	// Of a meal with another dish: which they eat, as far as their private things may
	// be on a wall; "" else. It is for their own page and stands beside no name.
	Plate   Plate
	Refused bool // of a meal: the hub did not take the dish that was chosen here last
}

// A Crowd is who takes part in something.
type Crowd struct {
	Shown   []Participant // in order of sign-up
	Waiting []Participant // the waiting list, likewise
	Others  int           // more who may only be counted
	Exact   bool          // Shown and Others are everybody
	Limit   int           // places in all; 0: no limit
	Left    Places
}

// Total returns how many take part, if that may be said.
func (c Crowd) Total() (n int, ok bool) { return len(c.Shown) + c.Others, c.Exact }

// refuse notes whether what somebody who takes part said last was refused.
func (c Crowd) refuse(id PersonID, refused bool) {
	for i := range c.Shown {
		if c.Shown[i].ID == id {
			c.Shown[i].Refused = refused
		}
	}
}

// Has reports whether the person takes part or waits, and how.
func (c Crowd) Has(id PersonID) (p Participant, waiting, ok bool) {
	for _, p := range c.Shown {
		if p.ID == id {
			return p, false, true
		}
	}
	for _, p := range c.Waiting {
		if p.ID == id {
			return p, true, true
		}
	}
	return Participant{}, false, false
}

// An Activity is something people can join.
type Activity struct {
	Ref       Ref
	Title     Text
	Text      Text
	Place     Text
	Picto     string
	Picture   AssetID
	Sound     AssetID // what staff say of it themselves, or ""
	Starts    time.Time
	Ends      time.Time
	Deadline  time.Time
	Bring     []Item
	Price     int
	Leaders   []Person
	Cancelled bool
	SignUp    bool
	Crowd
}

// A Meal is a meal people can join.
type Meal struct {
	Ref         Ref
	Kind        MealKind
	Served      time.Time
	Deadline    time.Time
	Dish        Dish
	Alternative *Alternative // nil: none
	Picto       string
	Picture     AssetID
	Sound       AssetID // what staff say of the dish, or ""
	Cook        *Person // or nil
	Crowd
}

// A Shift is somebody at work; without a person it is only a role.
type Shift struct {
	Type   string
	Label  Text
	From   time.Time
	To     time.Time
	Person *Person // nil: nobody who is shown
	Role   Text
}

// On reports whether the shift is being worked at t.
func (s Shift) On(t time.Time) bool { return !t.Before(s.From) && t.Before(s.To) }

// A Wait is something done here that the hub has not answered.
type Wait struct {
	On    Ref
	Who   Person
	Leave bool        // signed off, not up
	Says  bool        // proposed something to a meeting, or took that back
	Is    Whereabouts // not a list: where they are today
}

// A Door says whether one can sign up for something now.
type Door uint8

// The states of a door.
const (
	Open      Door = iota
	ListOnly       // full, but there is a waiting list
	Shut           // the deadline has passed, or there is no sign-up here
	Cancelled      // it does not take place
	Over           // it has been
)

// Door returns whether one can sign up at t.
func (a Activity) Door(t time.Time) Door {
	switch {
	case a.Cancelled:
		return Cancelled
	case !t.Before(a.End()):
		return Over
	case !a.SignUp, !t.Before(first(a.Deadline, a.Starts)):
		return Shut
	case a.full():
		return ListOnly
	}
	return Open
}

// End returns when the activity is over; one without an end lasts an hour.
func (a Activity) End() time.Time {
	if a.Ends.IsZero() {
		return a.Starts.Add(time.Hour)
	}
	return a.Ends
}

// mealLasts is how long people sit at the table.
const mealLasts = time.Hour

// Door returns whether one can sign up at t.
func (m Meal) Door(t time.Time) Door {
	switch {
	case !t.Before(m.Served.Add(mealLasts)):
		return Over
	case !t.Before(first(m.Deadline, m.Served)):
		return Shut
	case m.full():
		return ListOnly
	}
	return Open
}

func (c Crowd) full() bool { return c.Left == PlacesNone }

// first returns deadline, or when there is none, start.
func first(deadline, start time.Time) time.Time {
	if deadline.IsZero() {
		return start
	}
	return deadline
}

// Activity returns the activity r names.
func (b *Board) Activity(r Ref) (Activity, bool) {
	for _, a := range b.Activities {
		if a.Ref == r {
			return a, true
		}
	}
	return Activity{}, false
}

// Meal returns the meal r names.
func (b *Board) Meal(r Ref) (Meal, bool) {
	for _, m := range b.Meals {
		if m.Ref == r {
			return m, true
		}
	}
	return Meal{}, false
}

// Crowd returns who takes part in what r names.
func (b *Board) Crowd(r Ref) (Crowd, bool) {
	switch r.Kind {
	case record.KindActivity:
		a, ok := b.Activity(r)
		return a.Crowd, ok
	case record.KindMeal:
		m, ok := b.Meal(r)
		return m.Crowd, ok
	case record.KindMeeting:
		m, ok := b.Meeting(r)
		return m.Crowd, ok
	case record.KindProposal:
		p, _, ok := b.Proposal(r)
		return p.Crowd, ok
	case record.KindBooking:
		s, _, ok := b.Slot(r)
		return s.Crowd, ok
	case record.KindGroup:
		g, ok := b.Group(r)
		return g.Crowd, ok
	}
	return Crowd{}, false
}

// Door returns whether one can join what r names at t.
func (b *Board) Door(r Ref, t time.Time) Door {
	if a, ok := b.Activity(r); ok {
		return a.Door(t)
	}
	if m, ok := b.Meal(r); ok {
		return m.Door(t)
	}
	if m, ok := b.Meeting(r); ok {
		return m.Door(t)
	}
	if _, m, ok := b.Proposal(r); ok {
		return m.Proposing(t)
	}
	if s, _, ok := b.Slot(r); ok {
		return s.Door(t)
	}
	if g, ok := b.Group(r); ok {
		return g.Door()
	}
	return Over
}

// Person returns somebody of the directory.
func (b *Board) Person(id PersonID) (Person, bool) {
	for _, p := range b.People {
		if p.ID == id {
			return p, true
		}
	}
	return Person{}, false
}

// Has reports whether the house uses a module.
func (b *Board) Has(m Module) bool {
	return slices.Contains(b.Modules, m)
}
