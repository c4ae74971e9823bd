package ui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/sync/record"
)

// own is the wall on somebody's choices, at their end.
func choosingHand(t *testing.T, asked ...record.Request) (*hand, board.PersonID) {
	f := togetherFacts()
	h := togetherHand(t)
	var who board.PersonID
	for _, p := range h.Board.People {
		if p.SignUp {
			who = p.ID
			break
		}
	}
	p := f.People[who]
	p.Requests = asked
	f.People[who] = p
	h.send(BoardChanged{board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})})
	h.Self, h.Stack = who, []Place{Home{}, Own{Who: who, Choices: true, Page: 99}}
	return h, who
}

// R-STA-11, A-19: on one's own page two touches ask to see what is kept: who answers and
// within how long is said before, by when an answer comes is said after, and it can be
// undone for ten seconds at least.
func TestOwnPageAsksForWhatIsKept(t *testing.T) {
	h, who := choosingHand(t)
	require.Contains(t, h.words(), "Bed om at se mine oplysninger")
	h.tap(AskFor{board.RightAccess})
	require.Contains(t, h.words(), "Du får svar inden 30 dage.")
	require.Contains(t, h.words(), "Personalet")
	require.Empty(t, h.effects)
	h.pass(look.DialogGuard)
	h.tap(AskForYes{who, board.RightAccess})
	require.Equal(t, []Effect{Ask{who, board.RightAccess}}, h.effects)
	h.pass(look.Undo)
	require.IsType(t, Asked{}, h.Over)

	f := togetherFacts()
	now := board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow, Done: []board.Done{{Who: who, Asks: board.RightAccess}}})
	h.send(BoardChanged{now})
	h.Now = mockNow.Add(look.Undo)
	require.Contains(t, h.words(), "Du har bedt om det")
	h.tap(AskForUndo{who, board.RightAccess})
	require.Equal(t, Unask{who, board.RightAccess}, h.effects[1])
	require.Nil(t, h.Over)
}

// One request is open at a time: until it is answered the page says when it was asked
// and by when an answer comes, and nothing there asks again.
func TestOpenRequestIsNotAskedForAgain(t *testing.T) {
	open := record.Request{Right: record.RightAccess, Asked: "2026-12-01", Due: "2026-12-31"}
	h, _ := choosingHand(t, open)
	require.Contains(t, h.words(), "Du har bedt om at se dine oplysninger")
	require.Contains(t, h.words(), "31.\u00a0december")
	require.Nil(t, h.frame().Find(AskFor{board.RightAccess}))
	h.send(TouchDown{Means: AskFor{board.RightAccess}, Ready: true}, TouchUp{Means: AskFor{board.RightAccess}})
	require.Nil(t, h.Over)

	open.Answered = "2026-12-03"
	h, _ = choosingHand(t, open)
	require.Contains(t, h.words(), "Du fik svar 3.\u00a0december.")
	require.NotNil(t, h.frame().Find(AskFor{board.RightAccess}))
}
