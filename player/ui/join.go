package ui

import "tavle/player/board"

// A joined is how the wall words that somebody joins something: keys of
// assets/lang.
type joined struct {
	ask   string // who wants to?
	in    string // you have
	full  string // somebody else was faster
	leave string // what the words of leaving begin with
}

// joining returns the words for what on names.
func joining(on board.Ref) joined {
	w := joined{"who.activity", "confirm.in", "confirm.full", "leave."}
	switch on.Kind {
	case board.KindMeal:
		w.ask, w.in = "who.meal", "confirm.eats"
	case board.KindMeeting:
		w.ask = "who.meeting"
	case board.KindGroup:
		w.ask = "who.group"
	case board.KindProposal:
		w.ask, w.in, w.leave = "who.like", "confirm.likes", "leave.like_"
	case board.KindBooking:
		w.ask, w.in, w.full, w.leave = "who.book", "confirm.booked", "confirm.taken", "leave.book_"
	}
	return w
}
