package ui

import (
	"image"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/motion"
)

// A Msg is something that happened.
type Msg interface{ msg() }

type (
	// BoardChanged says what the screen shows from now on; nil: nothing.
	BoardChanged struct{ Board *board.Board }

	// LinkChanged says whether the hub can be reached.
	LinkChanged struct{ Link Link }

	// PairingChanged says how far the screen is from belonging to a hub; nil: it
	// does.
	PairingChanged struct{ Pairing *Pairing }

	// Tick says what time it is.
	Tick struct{ Now time.Time }

	// ClockSet says by how much the clock was set before the next [Tick]: that is
	// time that does not pass.
	ClockSet struct{ By time.Duration }

	// Resized says what the picture is drawn on.
	Resized struct{ Panel Panel }

	// Dressed sets language, colours, the size of letters, and how much moves. With
	// no theme the colours go by the hours.
	Dressed struct {
		Lang   string
		Theme  *look.Theme
		Text   look.TextMode
		Motion motion.Style
		Edges  bool
		Hours  Hours
		Stays  Stays // zero: as they are
	}

	// Eased sets what hands need.
	Eased struct{ Ease Ease }

	// Emptied says that everything was destroyed because the lease ran out.
	Emptied struct{ Paused bool }

	// TouchDown is a finger. Means is what it is on, as seen on the frame that was
	// shown, or nil. At is where, in pixels. Ready says that the target has been
	// there long enough to have been meant.
	TouchDown struct {
		Contact int
		Means   render.Meaning
		At      image.Point
		Ready   bool
	}
	// TouchMove is the same finger, elsewhere. Far says that it has strayed from
	// where it went down.
	TouchMove struct {
		Contact int
		Means   render.Meaning
		Far     bool
	}
	// TouchUp is the same finger, lifted.
	TouchUp struct {
		Contact int
		Means   render.Meaning
	}

	// TouchGone is a finger the system took away.
	TouchGone struct{ Contact int }

	// BackPressed is Escape on a keyboard, or Back on a remote control. Other keys
	// are [Focused] and [Pressed].
	BackPressed struct{}

	// TagUnknown says that a tag was read that is nobody's here.
	TagUnknown struct{}

	// NotKept says that a sign-up could not be stored.
	NotKept struct{}

	// SoundChanged says what can be heard of the wall.
	SoundChanged struct{ Sound Sound }

	// Plugged says whether headphones are plugged in. Now says that somebody has
	// just done it, or pulled them out.
	Plugged struct{ In, Now bool }

	// ReadPressed is the button that has the page read, beside the glass.
	ReadPressed struct{}

	// ItemRead says that an item of the page has been read to its end. Last says
	// that there is no other.
	ItemRead struct {
		At   int
		Last bool
	}

	// FilmHeard says how far the sound of a film has been heard, of that FilmSound.
	FilmHeard struct {
		ID    board.VideoID
		Since time.Time
		At    time.Duration // from the beginning of the film
	}
)

func (BoardChanged) msg()   {}
func (LinkChanged) msg()    {}
func (PairingChanged) msg() {}
func (Tick) msg()           {}
func (ClockSet) msg()       {}
func (Resized) msg()        {}
func (Dressed) msg()        {}
func (Eased) msg()          {}
func (Emptied) msg()        {}
func (TouchDown) msg()      {}
func (TouchMove) msg()      {}
func (TouchUp) msg()        {}
func (TouchGone) msg()      {}
func (BackPressed) msg()    {}
func (TagUnknown) msg()     {}
func (NotKept) msg()        {}
func (SoundChanged) msg()   {}
func (Plugged) msg()        {}
func (ReadPressed) msg()    {}
func (ItemRead) msg()       {}
func (FilmHeard) msg()      {}

// What touching something means depends on where it is: on a page, in a dialog,
// or on a screen that belongs to no hub.
type (
	onPage interface {
		act(m Model) (Model, []Effect)
	}
	inDialog interface {
		answer(m Model) (Model, []Effect)
	}
	onPairing interface {
		pair(m Model) Model
	}
	// or wherever it is.
	onAnything interface {
		do(m Model) (Model, []Effect)
	}
)

// What touching something means. Every meaning is comparable and names things
// by ID; a test ranges over all of them.
type (
	// Go opens a tab.
	Go struct{ To Place }

	// Open opens an activity or a meal.
	Open struct{ On board.Ref }

	// Back leaves the page.
	Back struct{}

	// Turn turns to a page of a list.
	Turn struct{ To Place }

	// Join asks who wants to join.
	Join struct{ On board.Ref }

	// Pick is a person's own picture.
	Pick struct {
		On  board.Ref
		Who board.PersonID
	}

	// Undo takes back the sign-up just made.
	Undo struct {
		On  board.Ref
		Who board.PersonID
	}

	// Leave takes somebody off a list.
	Leave struct {
		On  board.Ref
		Who board.PersonID
	}

	// Rejoin takes back being taken off.
	Rejoin struct {
		On    board.Ref
		Who   board.PersonID
		Plate board.Plate // of a meal, where the wall knows it
	}

	// Close closes the dialog and changes nothing.
	Close struct{}

	// Explain explains being offline.
	Explain struct{}

	// Lower brings what is touched down to where it can be reached sitting, and
	// up again.
	Lower struct{ Down bool }

	// Stay says that somebody is still there.
	Stay struct{}

	// Speak chooses a language, while there is no house that has its own.
	Speak struct{ To string }

	// Suggest asks who has something to propose to a meeting.
	Suggest struct{ On board.Ref }

	// Propose is the picture of what somebody proposes.
	Propose struct {
		On   board.Ref
		Who  board.PersonID
		Says board.Said
	}

	// Retract takes back what was just proposed.
	Retract struct {
		On   board.Ref
		Who  board.PersonID
		Says board.Said
	}

	// Return asks whether somebody gives up what they booked.
	Return struct {
		On  board.Ref
		Who board.PersonID
	}

	// ReadAloud has what is shown read aloud.
	ReadAloud struct{}

	// Hush stops whoever is speaking.
	Hush struct{}
)

// Meanings lists one value of every meaning, for tests that range over them.
var Meanings = []render.Meaning{
	Go{},
	Open{},
	Back{},
	Turn{},
	Join{},
	Pick{},
	Undo{},
	Leave{},
	Rejoin{},
	PickPlate{},
	ChangePlate{},
	Close{},
	Explain{},
	Lower{},
	Stay{},
	Speak{},
	Enter{},
	SpeakNow{},
	OpenOwn{},
	TryNow{},
	Larger{},
	Clearer{},
	Finish{},
	CodePicture{},
	Unpick{},
	TakeBack{},
	TakeBackYes{},
	Unjoin{},
	AskFor{},
	AskForYes{},
	AskForUndo{},
	Suggest{},
	Propose{},
	Retract{},
	Return{},
	Arrive{},
	GoHome{},
	Unmark{},
	Answer{},
	TakeAnswerBack{},
	ReadAloud{},
	Hush{},
	Louder{},
	Softer{},
	Aloud{},
	Play{},
	Halt{},
}

// An Effect is something Update wants done. The player performs it before the
// next frame is drawn.
type Effect interface{ effect() }

type (
	// SignUp keeps that somebody joins.
	SignUp struct {
		On    board.Ref
		Who   board.PersonID
		Plate board.Plate // of a meal with another dish: which; else ""
	}

	// SignOff keeps that somebody leaves.
	SignOff struct {
		On  board.Ref
		Who board.PersonID
	}

	// Say keeps that somebody proposes something to a meeting.
	Say struct {
		On   board.Ref
		Who  board.PersonID
		Says board.Said
	}

	// Unsay keeps that they do so no longer.
	Unsay struct {
		On   board.Ref
		Who  board.PersonID
		Says board.Said
	}

	// Read speaks an item of the page that is drawn next, in the order they are
	// read, and says so when it has been read (ItemRead).
	Read struct{ At int }

	// Silence stops whoever is speaking, at once.
	Silence struct{}

	// Name speaks the word for what can be touched on the page that is drawn next,
	// instead of whatever is being spoken: for whoever scans by ear.
	Name struct{ Of render.Meaning }

	// FilmSound has a film heard from there on, and says how far it has been
	// (FilmHeard).
	FilmSound struct {
		ID    board.VideoID
		Film  board.AssetID
		At    time.Duration
		Since time.Time
	}

	// Chime plays a short sound.
	Chime struct{ Note Note }
)

func (SignUp) effect()    {}
func (SignOff) effect()   {}
func (Say) effect()       {}
func (Unsay) effect()     {}
func (Read) effect()      {}
func (Silence) effect()   {}
func (Name) effect()      {}
func (Chime) effect()     {}
func (FilmSound) effect() {}
