package store

import (
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A Level says what is left of somebody.
type Level string

// The levels.
const (
	Anonymised Level = "anonymise" // a number in lists, and nobody knows whose
	Erased     Level = "erase"     // nothing
)

// An Erasure is an entry of the ledger: somebody who must not come back with a
// backup. It holds no personal data: only whoever has the system's key and an ID
// can tell that they belong together.
type Erasure struct {
	ID          string // random
	Pseudonym   string // see [PseudonymKey]
	Level       Level
	At          time.Time
	Certificate string // signed, JSON; "" until it is written
}

// A Withdrawal is something that was taken off boards at somebody's wish.
type Withdrawal struct {
	ID      string   // random
	Person  house.ID // a pseudonym once they are erased
	Action  string   // "change", "delete", "anonymise", "erase"
	At      time.Time
	Screens []Due
}

// A Due is what one screen has to confirm: that it shows its board as it was from
// then on.
type Due struct {
	Device string
	Board  record.BoardID
	From   record.Position // of which the sum is not kept
}

// Met reports whether a screen that confirmed this, then, shows nothing any more
// of what was withdrawn at. One that confirms another board, or another epoch of
// it, has taken up the whole of it since.
func (d Due) Met(a wire.Ack, then, at time.Time) bool {
	if a.Epoch == d.From.Epoch {
		return a.Rev >= d.From.Rev
	}
	return a.Epoch != "" && !then.Before(at)
}
