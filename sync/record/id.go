package record

// The IDs below are scoped to one board: the hub makes them from the board's
// own secret, so that the same person has different IDs on two boards and two
// screens' data cannot be joined. They are opaque and carry no meaning.
type (
	// BoardID names one board: what one kind of screen may show.
	BoardID string
	// PersonID names a person on one board.
	PersonID string
	// ActivityID names an activity on one board.
	ActivityID string
	// MealID names a meal on one board.
	MealID string
	// ShiftID names a shift on one board.
	ShiftID string
	// NewsID names a news item on one board.
	NewsID string
	// MeetingID names a meeting on one board.
	MeetingID string
	// ProposalID names a proposal on one board.
	ProposalID string
	// ResourceID names something to book on one board.
	ResourceID string
	// BookingID names a booking on one board.
	BookingID string
	// GroupID names a group on one board.
	GroupID string
	// AlbumID names an album on one board.
	AlbumID string
	// DocumentID names a document on one board.
	DocumentID string
	// VideoID names a film on one board.
	VideoID string
	// WeatherID names a forecast on one board.
	WeatherID string
	// PresenceID names who is there on one board.
	PresenceID string
	// PollID names a question on one board.
	PollID string
)

// An AssetID names a picture or a film by its content: "sha256-" and 64 hex digits. The
// zero value means that there is none.
type AssetID string

// A Kind says what a row is about. Kinds this build does not know are kept in
// the cache and left out of the board, so that an old screen survives a new hub.
type Kind string

// The kinds of rows.
const (
	KindHouse    Kind = "house"    // one row, ID "-": how the board behaves
	KindPerson   Kind = "person"   // somebody this board may show
	KindActivity Kind = "activity" // something people can join
	KindMeal     Kind = "meal"     // a meal people can join
	KindShift    Kind = "shift"    // somebody, or a role, at work
	KindNews     Kind = "news"     // something to read
	KindMeeting  Kind = "meeting"  // people who talk
	KindProposal Kind = "proposal" // what a meeting should talk about
	KindResource Kind = "resource" // something to book
	KindBooking  Kind = "booking"  // somebody has it
	KindGroup    Kind = "group"    // people with something in common
	KindAlbum    Kind = "album"    // pictures that belong together
	KindDocument Kind = "document" // pages to look through
	KindVideo    Kind = "video"    // a film to watch
	KindWeather  Kind = "weather"  // the weather of some days
	KindPresence Kind = "presence" // who is there today
	KindPoll     Kind = "poll"     // a question to everybody
)

// HouseID is the ID of the only row of kind [KindHouse].
const HouseID = "-"
