package record

// A Right is what somebody may ask of whoever is responsible for what is kept of them.
type Right string

// The rights.
const (
	RightAccess      Right = "access"      // to see what is kept
	RightCorrection  Right = "correction"  // of what is wrong
	RightErasure     Right = "erasure"     // of what is kept
	RightRestriction Right = "restriction" // keep it, and use it for nothing
	RightObjection   Right = "objection"   // to what is done with it
)

// Rights lists every right.
var Rights = []Right{RightAccess, RightCorrection, RightErasure, RightRestriction, RightObjection}

// RequestDays is within how many days an answer is due.
const RequestDays = 30

// A Request is something that somebody asked for, as their own page says it.
type Request struct {
	Right    Right
	Asked    Day
	Due      Day // by which an answer comes
	Answered Day // "": not yet
}
