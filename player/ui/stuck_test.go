package ui

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/sync/record"
)

// a voice that never comes to its end keeps nobody's page on the glass, nor
// somebody known; one that goes on item by item does, however long.
func TestReadingThatNeverEndsGoesHome(t *testing.T) {
	h := newHand(t)
	h.Sound.Voice = true
	h.Self = "ali"
	h.Stack = append(h.Stack, Activity{On: swimming})
	h.tap(ReadAloud{})
	require.True(t, h.Reading.On)
	for at := range 3 {
		h.pass(longestItem - 2*time.Second)
		h.send(ItemRead{At: at})
		require.Equal(t, Activity{On: swimming}, h.place())
	}
	h.pass(longestItem)
	_, end := h.stay()
	h.pass(end)
	require.Equal(t, Home{}, h.place())
	require.Empty(t, h.Self)
	require.False(t, h.Reading.On)
	require.Contains(t, h.effects, Effect(Silence{}))
}

// a film that stands until a finger is up does not stand for ever where that is
// never heard of, as on a panel that was unplugged under it.
func TestFilmThatIsHeldGoesHome(t *testing.T) {
	h := atTheFilms(t)
	h.begin()
	h.pass(time.Second)
	h.send(TouchDown{Means: Louder{}, Ready: true})
	require.True(t, h.Film.Held)
	_, end := h.stay()
	h.pass(end)
	require.Equal(t, Home{}, h.place())
}

// V-14: a film in whose place staff put another, without somebody, is not heard on, nor
// one that is to be silent now, nor any below what covers it; nor do they begin again
// by themselves.
func TestSoundOfAFilmIsOfThatFilm(t *testing.T) {
	change := func(edit func(*board.Video)) func(h *hand) Msg {
		return func(h *hand) Msg {
			b := *h.Board
			b.Videos = append([]board.Video{}, b.Videos...)
			edit(&b.Videos[0])
			return BoardChanged{&b}
		}
	}
	for name, msg := range map[string]func(h *hand) Msg{
		"another film": change(func(v *board.Video) { v.Film = "without-her" }),
		"silent now":   change(func(v *board.Video) { v.Sound = false }),
		"emptied":      func(*hand) Msg { return Emptied{Paused: true} },
	} {
		h := atTheFilms(t)
		s := h.begin()
		h.heard(s, 0)
		h.pass(2 * time.Second)
		h.send(msg(h))
		require.Equal(t, []Effect{Silence{}}, h.did(), name)
		h.pass(3 * time.Second)
		h.heard(s, 5*time.Second)
		require.Empty(t, h.did(), name)
		require.Equal(t, Film{ID: "v", At: 2 * time.Second}, h.Film, name)
	}
	h := atTheFilms(t)
	s := h.begin()
	h.heard(s, 0)
	h.pass(2 * time.Second)
	h.send(change(func(v *board.Video) { v.Title = record.Text{"da": "Noget andet"} })(h))
	require.Empty(t, h.did(), "nothing of that is heard")
}

// A clock that is set, forwards or back, ends nobody's time to undo and nobody's pause,
// and makes nothing deaf or frozen for as long as it was wrong.
func TestClockThatIsSetFreezesNothing(t *testing.T) {
	for _, by := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
		set := func(h *hand) { h.send(ClockSet{by}, Tick{h.Now.Add(by)}) }

		h := askedHand(t, func(p *record.Poll) { p.From, p.Until = mockNow.Add(-9*time.Hour), mockNow.Add(9*time.Hour) })
		h.Stack = append(h.Stack, Polls{})
		h.tap(Answer{mockPoll, "face-bad"})
		set(h)
		require.NotNil(t, h.frame().Find(TakeAnswerBack{mockPoll}), "%s", by)
		h.pass(pollPause)
		require.Len(t, places[Answer](h.frame()), 3, "%s", by)

		h = &hand{t: t, Model: withFilm(mediaAt(large, Videos{}, Video{"v"}))}
		h.tap(Play{"v"})
		h.pass(time.Second)
		set(h)
		h.pass(time.Second)
		require.Equal(t, 3000, filmMS(h.frame()), "%s", by)

		h = newHand(t)
		h.Stack = append(h.Stack, Activity{On: swimming})
		h.tap(Join{swimming})
		who := h.Board.People[0].ID
		h.tap(Pick{swimming, who})
		require.NotNil(t, h.Over)
		set(h)
		if by < 0 {
			h.tap(Close{})
			require.Nil(t, h.Over, "%s", by)
		}

		h = newHand(t)
		h.Ease.Switches = OneSwitch
		h.Scan = Scan{Since: h.Now, Pressed: h.Now}
		set(h)
		require.Nil(t, Scanned(h.Model, h.frame()), "%s", by)
		h.pass(h.Ease.Step)
		require.NotNil(t, Scanned(h.Model, h.frame()), "%s", by)

		h = newHand(t)
		h.Locks = []Lock{{Who: "ali", Wrong: triesMost, Until: h.Now.Add(lockFor)}}
		h.Draft = Draft{Who: "ali", Place: Who{On: swimming}, Until: h.Now.Add(draftFor)}
		set(h)
		h.pass(lockFor - time.Second)
		require.NotZero(t, h.locked("ali"), "%s", by)
		require.NotZero(t, h.Draft, "%s", by)
		h.pass(time.Second)
		require.Zero(t, h.locked("ali"), "%s", by)
		require.Zero(t, h.Draft, "%s", by)
	}
}

// A door that closes while somebody thinks about the dish: nothing is kept then.
func TestDishOfAMealThatClosedIsNotTaken(t *testing.T) {
	b, on := supper(nil, nil)
	who, _ := hungry(t, b, on)
	h := newHand(t)
	h.send(BoardChanged{b})
	h.Stack, h.Over = append(h.Stack, Who{On: on}), AskPlate{on, who, h.Now.UnixMilli()}
	h.Now = h.Now.Add(20 * time.Hour)
	m, effects := PickPlate{on, who, board.PlateMain}.answer(h.Model)
	require.Empty(t, effects)
	require.Nil(t, m.Over)
}

// of whom nobody knows there is no draft, and one goes with whoever it is of.
func TestDraftIsOfSomebodyWhoIsShown(t *testing.T) {
	h := newHand(t)
	h.Stack = append(h.Stack, Who{On: swimming})
	_, end := h.stay()
	h.pass(end)
	require.Equal(t, Home{}, h.place())
	require.Zero(t, h.Draft)

	h.Draft = Draft{Who: "ali", Place: Who{On: swimming}, Until: h.Now.Add(draftFor)}
	h.send(BoardChanged{boardWith()})
	require.NotZero(t, h.Draft)
	f := mockFacts()
	delete(f.People, "ali")
	h.send(BoardChanged{board.Project(board.Input{Facts: f, Now: h.Now, Fresh: true, Contact: h.Now})})
	require.Zero(t, h.Draft)
}
