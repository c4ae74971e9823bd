package record

import "time"

// Poll is a question to everybody who passes, answered by touching a picture. Who
// answered is in no field: it is not known (R-ACT-13).
type Poll struct {
	ID       PollID
	Question Text
	Options  []PollOption // 2 to 5, each with another picture
	From     time.Time    // from when on it can be answered
	Until    time.Time    // to when
	// Counted is how many answers the numbers of the options are of, [PollStep] at
	// least; 0: there are no numbers yet.
	Counted int
}

// A PollOption is one answer that can be given.
type PollOption struct {
	Picto string // what it is known by, too
	Title Text
	N     int // of Counted
}

// PollStep is how many more answers have come whenever numbers are told again: with
// fewer, what somebody said could be found out.
const PollStep = 5

// PollShown is how long after its end a poll is still on the wall.
const PollShown = 7 * 24 * time.Hour

func (Poll) fact() {}
