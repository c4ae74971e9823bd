// Package ui is the wall as a value and two functions: a [Model] says where the
// screen is, [Update] takes a message to the next model and the effects it wants,
// and [View] makes the frame. Both are pure; whoever calls them (package player)
// performs the effects, reads the clock and presents the frame.
//
// The package never sees sync/record: it knows people only as board.Person,
// with the name and photo they chose.
package ui

import (
	"cmp"
	"image"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/motion"
)

// A Model is everything the picture depends on. It is copied by value; what it
// points to is never changed.
type Model struct {
	Panel Panel
	Text  look.TextMode // of this screen
	Lang  string        // one of lang.Tags
	Theme *look.Theme   // nil: by the hour
	Hours Hours
	Edges bool      // cards and buttons have borders, in any colours
	Now   time.Time // trusted; in the house's zone once there is a board

	Motion motion.Style // how much moves on this screen

	Board   *board.Board // nil: nothing was ever received
	Link    Link
	Beacon  Beacon         // by which staff find the screen
	Pairing *Pairing       // nil: the screen belongs to a hub, or shall have none
	Spoken  string         // language chosen on the glass, or ""
	Manner  Manner         // chosen by whoever stands there
	Self    board.PersonID // who that is, as far as the wall was told; "": nobody knows
	Machine Machine
	Net     Net
	Locks   []Lock // whose picture code was wrong
	Draft   Draft  // what somebody had begun who has gone
	Paused  bool   // the lease ran out so long ago that everything was destroyed

	Stack []Place // where we are, home first; never empty
	Over  Over    // a dialog on top, or nil
	Toast Toast
	Film  Film // that is being shown on its page

	Given []Given // the answers that were given to polls here a moment ago

	Sound      Sound   // what can be heard of the wall
	Headphones bool    // plugged in
	Reading    Reading // what it is reading

	Hand  Hand      // the touch in progress
	Focus Focus     // where the keys are
	Scan  Scan      // where the switches are
	Ring  Ring      // what a touch on nothing leaves for a moment
	Last  time.Time // last touch or key
	Acts  Acted     // what was done last, so that a tremor does not do it twice
	Rest  Rest      // the wall rests: nobody is there at night
	Woken bool      // it was woken this night
	Shift int       // days since the picture stood where it is drawn: it is moved to spare the panel
	Ease  Ease
	Stays Stays
	order lineup // the order of lists while somebody is there
}

// A Panel is what the picture is drawn on.
type Panel = look.Panel

// Link says whether the hub can be reached.
type Link struct {
	Live      bool
	DownSince time.Time // when not live; zero: never was
}

// offlineAfter is how long the link may be down before the wall says so.
const offlineAfter = time.Minute

// offline reports whether the wall says that it is offline.
func (m Model) offline() bool {
	return !m.Link.Live && (m.Link.DownSince.IsZero() || m.Now.Sub(m.Link.DownSince) >= offlineAfter)
}

// New returns the model of a screen that has just started.
func New(p Panel, lang string, now time.Time) Model {
	return Model{
		Panel: p, Lang: lang, Theme: &look.Day, Hours: UsualHours, Now: now, Last: now, Stack: []Place{Home{}},
		Stays: DefaultStays,
		Ease:  Ease{Repeat: look.RepeatGuard, Step: look.ScanStep},
	}
}

// place returns where we are.
func (m Model) place() Place { return m.Stack[len(m.Stack)-1] }

// A Place is one page. Places are comparable values that name things by ID. Each
// stands in one file with what it draws and what its touches mean.
type Place interface {
	// there reports whether the board has it.
	there(b *board.Board) bool
	draw(c *canvas, m Model)
}

type (
	// Home says what day it is, what happens next and who is here.
	Home struct{}

	// Activities is one day's activities.
	Activities struct {
		Day  Date // zero: today
		Page int
	}

	// Activity is one activity.
	Activity struct{ On board.Ref }

	// Who asks who wants to join.
	Who struct {
		On   board.Ref
		Page int
	}

	// Meals is the next meals of one kind.
	Meals struct {
		Kind board.MealKind // "": the next meal's
		On   board.Ref      // the meal in front; zero: the next
		Week bool           // all meals of seven days instead
		Page int            // of them
	}

	// Roster is who works, today or all week.
	Roster struct{ Week bool }

	// People is everybody who is shown.
	People struct{ Page int }
)

func (Home) there(*board.Board) bool         { return true }
func (Activities) there(b *board.Board) bool { return b.Has(board.ModuleActivities) }
func (Meals) there(b *board.Board) bool      { return b.Has(board.ModuleMeals) }
func (Roster) there(b *board.Board) bool     { return b.Has(board.ModuleRoster) }
func (People) there(b *board.Board) bool     { return b.Has(board.ModulePeople) }

func (p Activity) there(b *board.Board) bool {
	_, ok := b.Activity(p.On)
	return ok
}

func (p Who) there(b *board.Board) bool {
	_, ok := b.Crowd(p.On)
	return ok && !b.Masked
}

func (Home) draw(c *canvas, m Model)         { c.home(m) }
func (p Activities) draw(c *canvas, _ Model) { c.activities(p) }
func (p Activity) draw(c *canvas, _ Model)   { c.activity(p) }
func (p Who) draw(c *canvas, _ Model)        { c.who(p) }
func (p Meals) draw(c *canvas, _ Model)      { c.meals(p) }
func (p Roster) draw(c *canvas, m Model)     { c.roster(m, p) }
func (p People) draw(c *canvas, _ Model)     { c.people(p) }

// An Over is a dialog on top of a page.
type Over interface {
	// opened returns when, in Unix milliseconds.
	opened() int64
	// still reports whether what it is about is on the board.
	still(b *board.Board) bool
	draw(c *canvas, m Model)
}

type (
	// Confirm says that somebody is signed up, and offers to undo it.
	Confirm struct {
		On    board.Ref
		Who   board.PersonID
		Since int64 // Unix milliseconds

		Plate board.Plate // of a meal: which dish they have just chosen; or ""
		Again bool        // they were signed up before, and chose another dish
	}

	// AskLeave asks whether somebody should be taken off a list.
	AskLeave struct {
		On    board.Ref
		Who   board.PersonID
		Since int64
	}

	// Offline explains what works without network.
	Offline struct{ Since int64 }

	// Failed says that a touch could not be kept.
	Failed struct{ Since int64 }
)

func (o Confirm) opened() int64  { return o.Since }
func (o AskLeave) opened() int64 { return o.Since }
func (o Offline) opened() int64  { return o.Since }
func (o Failed) opened() int64   { return o.Since }

func (o Confirm) still(b *board.Board) bool  { return shows(b, o.On, o.Who) }
func (o AskLeave) still(b *board.Board) bool { return shows(b, o.On, o.Who) }
func (Offline) still(*board.Board) bool      { return true }
func (Failed) still(*board.Board) bool       { return true }

func (o Confirm) draw(c *canvas, m Model)  { c.confirm(m, o) }
func (o AskLeave) draw(c *canvas, _ Model) { c.askLeave(o) }
func (Offline) draw(c *canvas, m Model)    { c.offlineInfo(m) }
func (Failed) draw(c *canvas, _ Model)     { c.failed() }

// A Toast says for a while that somebody was taken off a list, or something else
// that needs no answer.
type Toast struct {
	On      board.Ref
	Who     board.PersonID
	Until   time.Time   // zero: there is none
	Refused bool        // they are on it again: the hub said no
	Unknown bool        // it says instead that nobody here has that tag
	Plate   board.Plate // of a meal: which dish they had, where the wall knows it

	// Is: it says instead that somebody is there today, or has gone home, on the day
	// On, who was as Was says.
	Is, Was board.Whereabouts
}

// Hand is the touch in progress. The first finger on something wins; what rests
// on the glass beside it, or longer than anybody touches, counts for nothing.
type Hand struct {
	Contact int
	Means   render.Meaning // what went down; nil: nothing
	At      image.Point    // where, in pixels
	Since   time.Time
	Off     bool // the finger is off the target
}

// Ring is what shows for a moment that a touch on nothing was noticed.
type Ring struct {
	At    image.Point
	Until time.Time // zero: there is none
}

// Acted is what was done last, and when.
type Acted struct {
	Means render.Meaning
	At    time.Time
}

// A Date is a calendar day; the zero Date is none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day of t.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// In returns the start of the day in a zone.
func (d Date) In(z *time.Location) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, z) }

// Add returns the day n days later.
func (d Date) Add(n int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day)) < 0
}
