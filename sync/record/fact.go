// Package record holds the facts both ends of the channel share: what a board
// says about people, activities, meals, shifts and news, and the rows and
// positions in which it travels.
//
// It holds only what a screen may know. Surnames, birthdays, telephone numbers
// and the reasons for being hidden have no type here, so a screen cannot even
// name them; they live in sync/hub/house. People are called by a [Name], which
// no formatter, logger or marshaller will spell.
package record

import "time"

// A Fact is one decoded row: [House], [Person], [Activity], [Meal], [Shift],
// [News], [Meeting], [Proposal], [Resource], [Booking], [Group], [Album],
// [Document], [Video], [Weather], [Presence] or [Poll].
type Fact interface{ fact() }

// House says how the board behaves and what it is called.
type House struct {
	Name     Text   // of the department
	Zone     string // IANA name; days begin and end there
	Langs    []Lang // offered on the glass; the first is the default
	Modules  []Module
	Exact    bool   // totals may be shown; see policy.CountRule
	Keeper   Text   // the data controller
	Contact  string // how to reach the controller
	Weekdays bool   // weekday colours are used
	TagKey   TagKey // "": nobody here has a tag
	Lexicon  []Lexeme
}

// A Lexeme says how a word of the content is spoken, where a voice would get it
// wrong: as one would write the sound in that language. It is never of somebody's
// name, whose sound is theirs and goes with it; see [Person].
type Lexeme struct {
	Lang   Lang
	Word   string
	Spoken string
}

// A Module is one part of the wall a house may switch on.
type Module string

// The modules.
const (
	ModuleActivities Module = "activities"
	ModuleMeals      Module = "meals"
	ModuleRoster     Module = "roster"
	ModulePeople     Module = "people"
	ModuleNews       Module = "news"
	ModuleMeetings   Module = "meetings"
	ModuleBookings   Module = "bookings"
	ModuleGroups     Module = "groups"
	ModuleGallery    Module = "gallery"
	ModuleDocuments  Module = "documents"
	ModuleVideos     Module = "videos"
	ModuleWeather    Module = "weather"
	ModulePresence   Module = "presence"
	ModulePolls      Module = "polls"
)

// PersonKind says in which part a person appears.
type PersonKind string

// The kinds of people a board shows.
const (
	Resident PersonKind = "resident"
	Staff    PersonKind = "staff"
)

// A Person is somebody this board may show. The hub has already applied their
// choices; what is missing here was never sent.
type Person struct {
	ID     PersonID
	Kind   PersonKind
	Name   Name      // first name or alias
	Spoken Name      // how Name sounds, in letters that a voice reads right; zero: as it is written
	Photo  AssetID   // zero: they chose no photo, or have none
	Mark   string    // pictogram of recognition instead of a photo, or ""
	Role   Text      // of staff
	SignUp bool      // may sign up by touch on this board
	Listed bool      // stands in the directory of this board
	Until  time.Time // their acceptance ends then, hub or no hub; zero: no end

	// With SignUp only, for their own page on this board.
	Open     []Choice    // what they may take back
	Code     PictureCode // "": their own picture is enough
	Tag      Tag         // "": they have none
	Preset   Preset
	Requests []Request // what they asked for, of each right the last
}

// Status of an activity.
type Status string

// The states of an activity.
const (
	Planned   Status = "planned"
	Cancelled Status = "cancelled"
)

// Places says in one word how many places are left, for lists whose numbers
// must not be shown.
type Places string

// The words for places. The empty word means that there is no limit.
const (
	PlacesUnlimited Places = ""
	PlacesFree      Places = "free"
	PlacesFew       Places = "few"
	PlacesNone      Places = "none"
)

// Participants is who takes part in something.
type Participants struct {
	Who     []PersonID // those this board may show, in order of sign-up
	Waiting []PersonID // the waiting list, likewise
	More    int        // others who may only be counted; 0 unless Exact
	Exact   bool       // Who and More together are everybody
	Limit   int        // places in all; 0: no limit
	Left    Places
}

// An Activity is something people can join.
type Activity struct {
	ID       ActivityID
	Title    Text
	Text     Text
	Place    Text
	Picto    string  // pictogram name, assets/pictogram
	Picture  AssetID // a photo of the place or thing, or zero
	Sound    AssetID // what staff say of it themselves, a WAV, or zero
	Starts   time.Time
	Ends     time.Time
	Deadline time.Time // sign-up closes; zero: when it starts
	Bring    []Item
	Price    int // in whole kroner; 0: free
	Leaders  []PersonID
	Status   Status
	SignUp   bool // people can sign up on this board
	Participants
}

// An Item is a thing to bring along.
type Item struct {
	Title Text
	Picto string
}

// MealKind is which meal of the day. The words differ between languages
// ("frokost" is lunch in Danish and breakfast in Bokmål), the kinds do not.
type MealKind string

// The meals of a day.
const (
	Breakfast MealKind = "breakfast"
	Lunch     MealKind = "lunch"
	Dinner    MealKind = "dinner"
)

// A Dish is what is on the plate.
type Dish struct {
	Title     Text
	Allergens []string // EU-14 keys such as "gluten"
	Diet      []string // such as "vegetarian"
}

// An Alternative is another dish of a meal.
type Alternative struct {
	Dish
	Picto   string
	Picture AssetID // or zero
}

// A Plate says which dish of a meal somebody eats.
type Plate string

// The plates. Whoever has not said, eats the main dish.
const (
	PlateMain        Plate = "main"
	PlateAlternative Plate = "alternative"
)

// Plates lists every plate.
var Plates = []Plate{PlateMain, PlateAlternative}

// A Meal is a meal people can join.
type Meal struct {
	ID       MealID
	Kind     MealKind
	Served   time.Time
	Deadline time.Time // sign-up closes; zero: when it is served
	Dish
	Alternative *Alternative // nil: none
	Picto       string
	Picture     AssetID
	Sound       AssetID    // what staff say of the dish
	Cook        PersonID   // or ""
	Auto        []PersonID // of Who, those who are signed up every week by their own wish
	// Of Who, those who eat the alternative and have their private things on this
	// board. It is for their own page.
	Other []PersonID
	Participants
}

// A Shift is somebody at work, or a role when the person is not shown.
type Shift struct {
	ID     ShiftID
	Type   string // "day", "evening", "night", "office"
	Label  Text   // of the type
	From   time.Time
	To     time.Time
	Person PersonID // "" when only the role is shown
	Role   Text     // shown under the name, or instead of it
}

// A News item is something to read.
type News struct {
	ID        NewsID
	Title     Text
	Text      Text
	Picto     string
	Picture   AssetID
	Sound     AssetID  // the text as staff read it
	Photos    []Photo  // more to look at, besides Picture
	Author    PersonID // or ""
	Published time.Time
	Expires   time.Time
	Pinned    bool
}

// A Meeting is people who talk about what stands on an agenda.
type Meeting struct {
	ID        MeetingID
	Title     Text
	Place     Text
	Starts    time.Time
	Ends      time.Time
	Chair     PersonID // or ""
	Secretary PersonID // or ""
	Agenda    []AgendaItem
	SignUp    bool // people can say that they come, and propose something, on this board
	Participants
}

// An AgendaItem is something to talk about.
type AgendaItem struct {
	Number   int
	Title    Text
	Picto    string
	By       PersonID   // who put it there, or ""
	Proposal ProposalID // that it comes from, or ""
}

// A Proposal is what somebody wants a meeting to talk about.
type Proposal struct {
	ID           ProposalID
	Meeting      MeetingID
	Number       int // as they came
	Text         Text
	Picto        string
	By           PersonID // "": somebody this board does not name
	Participants          // who thinks well of it
}

// A Resource is something people can have for a while.
type Resource struct {
	ID     ResourceID
	Title  Text
	Picto  string
	Slots  []Slot // of every day, in order
	SignUp bool   // people can book it on this board
}

// A Slot is a part of a day, by the clock of the house: minutes after midnight.
// From is before To.
type Slot struct{ From, To int }

// A Booking is a resource that somebody has for a while.
type Booking struct {
	ID       BookingID
	Resource ResourceID
	From     time.Time
	To       time.Time
	Who      PersonID // "": somebody this board does not name
}

// A Group is people with something in common.
type Group struct {
	ID     GroupID
	Title  Text
	Picto  string
	SignUp bool // people can join on this board
	Participants
}

func (House) fact()    {}
func (Person) fact()   {}
func (Activity) fact() {}
func (Meal) fact()     {}
func (Shift) fact()    {}
func (News) fact()     {}
func (Meeting) fact()  {}
func (Proposal) fact() {}
func (Resource) fact() {}
func (Booking) fact()  {}
func (Group) fact()    {}
func (Album) fact()    {}
func (Document) fact() {}
func (Video) fact()    {}
func (Weather) fact()  {}
