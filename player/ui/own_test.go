package ui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
)

// Issue 4, item 1: one's own page says everything that one takes part in: activities,
// meals, meetings, what one has booked and groups; each leads to where there is more
// of it, and can be left from there. Others' pages say no more than they did.
func TestOwnPageSaysWhatIsOnesOwn(t *testing.T) {
	h := togetherHand(t)
	on := map[board.Ref]bool{}
	for _, p := range h.Board.People {
		if !p.SignUp {
			continue
		}
		h.Self = p.ID
		for page := range 5 {
			h.Stack = []Place{Home{}, Own{Who: p.ID, Page: page}}
			f := h.frame()
			for _, x := range []struct {
				ref          board.Ref
				leads, leave render.Meaning
			}{
				{talks, Enter{Meeting{On: talks}}, Unjoin{talks}},
				{choir, Enter{Group{On: choir}}, Unjoin{choir}},
				{washing, Enter{Booking{On: washing}}, nil},
			} {
				if f.Find(x.leads) != nil {
					on[x.ref] = true
					require.True(t, x.leave == nil || f.Find(x.leave) != nil)
				}
			}
		}
		h.Stack = []Place{Home{}, Someone{Who: p.ID}}
		for _, g := range h.Board.Groups {
			require.Nil(t, h.frame().Find(Enter{Group{On: g.Ref}}))
		}
	}
	require.Equal(t, map[board.Ref]bool{talks: true, choir: true, washing: true}, on)
}

// V-08: which dish one eats is on one's own page, where one's private things may be on
// a wall, and nowhere else.
func TestOwnPageSaysTheDish(t *testing.T) {
	plain, on := supper(nil, nil)
	_, who := hungry(t, plain, on)
	for _, may := range []bool{true, false} {
		b, _ := supper(nil, ids(string(who)))
		if may {
			b, _ = supper(nil, ids(string(who)), who)
		}
		h := newHand(t)
		h.send(BoardChanged{b})
		h.Self, h.Stack = who, []Place{Home{}, Own{Who: who}}
		if may {
			require.Contains(t, h.words(), "Bønnebøffer")
		} else {
			require.NotContains(t, h.words(), "Bønnebøffer")
		}
	}
}
