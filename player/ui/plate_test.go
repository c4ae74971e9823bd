package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
	"tavle/sync/record"
)

// supper returns a board on which the next dinner has another dish that others eat,
// and what it is called. Private says whose own page may say so.
func supper(done []board.Done, other []record.PersonID, private ...record.PersonID) (*board.Board, board.Ref) {
	f := mockFacts()
	var on board.Ref
	for id, m := range f.Meals {
		if m.Kind == record.Dinner && DateOf(m.Served) == DateOf(mockNow) {
			m.Alternative = &record.Alternative{Dish: record.Dish{Title: record.Text{"da": "Bønnebøffer"}}, Picto: "potato"}
			m.Other = other
			f.Meals[id] = m
			on = board.Ref{Kind: board.KindMeal, ID: string(id)}
		}
	}
	for id, p := range f.People {
		p.Open = []record.Choice{record.ChoiceShown}
		if slices.Contains(private, id) {
			p.Open = []record.Choice{record.ChoicePrivate}
		}
		f.People[id] = p
	}
	return board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow, Done: done}), on
}

// hungry returns somebody who does not eat, and somebody who does.
func hungry(t *testing.T, b *board.Board, on board.Ref) (not, does board.PersonID) {
	crowd, ok := b.Crowd(on)
	require.True(t, ok)
	for _, p := range b.People {
		switch _, _, in := crowd.Has(p.ID); {
		case !p.SignUp:
		case in && does == "":
			does = p.ID
		case !in && not == "":
			not = p.ID
		}
	}
	require.NotEmpty(t, not)
	require.NotEmpty(t, does)
	return not, does
}

// a meal with two dishes is two touches, I eat and my own picture, and a
// confirmation, which is the dish. Nobody is signed up before they have said which.
// what was chosen is said, can be undone and is the same when that is
// undone too.
func TestDishIsChosenWhileSigningUp(t *testing.T) {
	b, on := supper(nil, nil)
	who, _ := hungry(t, b, on)
	h := newHand(t)
	h.send(BoardChanged{b})
	h.Stack = append(h.Stack, Meals{On: on})
	h.tap(Join{on})
	h.tap(Pick{on, who})
	require.Empty(t, h.effects)
	require.Contains(t, h.words(), "Bønnebøffer")
	h.tap(PickPlate{on, who, board.PlateAlternative})
	require.Equal(t, []Effect{SignUp{on, who, board.PlateAlternative}}, h.effects)
	require.Equal(t, Meals{On: on}, h.place(), "back where one came from")
	b, _ = supper([]board.Done{{On: on, Who: who, Plate: board.PlateAlternative}}, nil)
	h.send(BoardChanged{b})
	require.Contains(t, h.words(), "Bønnebøffer")

	h.tap(Undo{on, who})
	b, _ = supper(nil, nil)
	h.send(BoardChanged{b})
	h.tap(Rejoin{on, who, board.PlateAlternative})
	require.Equal(t, []Effect{SignOff{on, who}, SignUp{on, who, board.PlateAlternative}}, h.effects[1:])
}

// whoever is signed up can choose again, from where they would leave, and again
// after that; nobody is taken off by it.
func TestDishCanBeChosenAgain(t *testing.T) {
	b, on := supper(nil, nil)
	_, who := hungry(t, b, on)
	h := newHand(t)
	h.send(BoardChanged{b})
	h.Stack = append(h.Stack, Meals{On: on}, Who{On: on})
	h.tap(Pick{on, who})
	h.tap(ChangePlate{on, who})
	h.tap(PickPlate{on, who, board.PlateMain})
	require.Equal(t, []Effect{SignUp{on, who, board.PlateMain}}, h.effects)
	require.Nil(t, h.frame().Find(Undo{on, who}), "nobody knows what it was")
	h.tap(ChangePlate{on, who})
	h.tap(PickPlate{on, who, board.PlateAlternative})
	require.Equal(t, SignUp{on, who, board.PlateAlternative}, h.effects[1])
}

// a dish that the hub does not take any more is not shown as taken; what is
// chosen after that, and taken, is.
func TestDishThatIsRefusedIsSaid(t *testing.T) {
	b, on := supper(nil, nil)
	_, who := hungry(t, b, on)
	h := newHand(t)
	h.send(BoardChanged{b})
	h.Stack = append(h.Stack, Meals{On: on}, Who{On: on})
	h.tap(Pick{on, who})
	h.tap(ChangePlate{on, who})
	h.tap(PickPlate{on, who, board.PlateAlternative})
	require.NotContains(t, h.words(), "Det gik ikke")
	said := board.Done{On: on, Who: who, Plate: board.PlateAlternative, Answered: true, Refused: true}
	b, _ = supper([]board.Done{said}, nil)
	h.send(BoardChanged{b})
	require.Contains(t, h.words(), "Det gik ikke, Inger Aftensmad Spørg en medarbejder.", "and no dish")

	b, _ = supper([]board.Done{said, {On: on, Who: who, Plate: board.PlateAlternative}}, nil)
	h.send(BoardChanged{b})
	require.NotContains(t, h.words(), "Det gik ikke")
}

// Whoever left, and undoes that, is asked for the dish where the wall does not know it.
func TestComingBackAsksForTheDish(t *testing.T) {
	b, on := supper(nil, nil)
	_, who := hungry(t, b, on)
	h := newHand(t)
	h.send(BoardChanged{b})
	h.Stack = append(h.Stack, Who{On: on})
	h.tap(Pick{on, who})
	h.tap(Leave{on, who})
	b, _ = supper([]board.Done{{On: on, Who: who, Leave: true}}, nil)
	h.send(BoardChanged{b})
	h.tap(Rejoin{On: on, Who: who})
	require.Len(t, h.effects, 1)
	h.tap(PickPlate{on, who, board.PlateMain})
	require.Equal(t, SignUp{on, who, board.PlateMain}, h.effects[1])
}

// A dish that is taken off the menu, and a door that closes, while somebody thinks
// about it: nothing is promised that is not so.
func TestDishThatVanishesIsNotChosen(t *testing.T) {
	b, on := supper(nil, nil)
	who, _ := hungry(t, b, on)
	asked := func() *hand {
		h := newHand(t)
		h.send(BoardChanged{b})
		h.Stack = append(h.Stack, Who{On: on})
		h.tap(Pick{on, who})
		require.IsType(t, AskPlate{}, h.Over)
		return h
	}
	h := asked()
	h.send(BoardChanged{boardWith()}) // one dish
	require.Nil(t, h.Over)
	h.tap(Pick{on, who})
	require.Equal(t, []Effect{SignUp{On: on, Who: who}}, h.effects)

	h = asked()
	means := PickPlate{on, who, board.PlateAlternative}
	h.send(TouchDown{Means: means, Ready: true}, Tick{h.Now.Add(20 * time.Hour)}, TouchUp{Means: means})
	require.Empty(t, h.effects)
}

// V-09, docs/decisions/0034: which dish somebody eats stands beside no name: whatever
// they chose, every page that everybody sees is drawn alike, even where they let their
// own page say it.
func TestNobodySeesWhatOthersEat(t *testing.T) {
	plain, on := supper(nil, nil, "inger")
	_, who := hungry(t, plain, on)
	said, _ := supper(nil, ids(string(who)), who)
	plain, _ = supper(nil, nil, who)
	require.NotEqual(t, plain, said)
	for _, p := range []Place{Home{}, Meals{On: on}, Who{On: on}, People{}, Someone{who}} {
		h := newHand(t)
		h.Stack = append(h.Stack, p)
		h.send(BoardChanged{plain})
		was := h.frame()
		h.send(BoardChanged{said})
		require.Nil(t, render.Damage(was, h.frame()), "%#v", p)
	}
	h := newHand(t)
	h.send(BoardChanged{said})
	h.Over = AskLeave{on, who, 0}
	was := h.words()
	h.send(BoardChanged{plain})
	require.Equal(t, was, h.words())
}

// V-09: whoever takes another off a meal and puts them back does not learn which dish
// they eat, even where their own page may say it. Whoever is known is not asked.
func TestComingBackTellsOthersNothing(t *testing.T) {
	_, on := supper(nil, nil)
	plain, _ := supper(nil, nil)
	_, who := hungry(t, plain, on)
	b, _ := supper(nil, ids(string(who)), who)
	gone, _ := supper([]board.Done{{On: on, Who: who, Leave: true}}, ids(string(who)), who)
	for _, self := range []board.PersonID{"", who} {
		h := newHand(t)
		h.send(BoardChanged{b})
		h.Self = self
		h.Stack = append(h.Stack, Who{On: on})
		h.tap(Pick{on, who})
		h.tap(Leave{on, who})
		h.send(BoardChanged{gone})
		if self == "" {
			h.tap(Rejoin{On: on, Who: who})
			require.IsType(t, AskPlate{}, h.Over)
			require.Len(t, h.effects, 1)
			continue
		}
		h.tap(Rejoin{on, who, board.PlateAlternative})
		require.Equal(t, SignUp{on, who, board.PlateAlternative}, h.effects[1])
	}
}

// A-26, V-09: a confirmation that is read aloud says who eats, and the dish only into
// headphones.
func TestDishIsNotReadToTheRoom(t *testing.T) {
	b, on := supper(nil, nil)
	who, _ := hungry(t, b, on)
	for _, phones := range []bool{false, true} {
		h := newHand(t)
		h.send(BoardChanged{b})
		h.Sound.Voice, h.Headphones = true, phones
		h.Stack = append(h.Stack, Who{On: on})
		h.tap(Pick{on, who})
		h.tap(PickPlate{on, who, board.PlateAlternative})
		eats, _ := supper([]board.Done{{On: on, Who: who, Plate: board.PlateAlternative}}, nil)
		h.send(BoardChanged{eats})
		h.tap(ReadAloud{})
		var heard []string
		for _, s := range h.frame().Spoken {
			if h.MaySay(s) {
				for _, p := range s.Say {
					heard = append(heard, p.Text)
				}
			}
		}
		person, _ := b.Person(who)
		require.Contains(t, strings.Join(heard, "\n"), person.Name.Reveal())
		require.Contains(t, h.words(), "Bønnebøffer")
		require.Equal(t, phones, slices.Contains(heard, "Bønnebøffer"), "%q", heard)
		if !phones {
			require.Contains(t, heard, "Aftensmad", "%q", heard)
		}
	}
}
