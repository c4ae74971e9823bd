package ui

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/sync/record"
)

// boardOf returns the house of the pictures with these modules, in this order.
func boardOf(modules ...record.Module) *board.Board {
	f := mockFacts()
	f.House.Modules = modules
	return boardFrom(f)
}

// boardFrom returns the board that these facts make.
func boardFrom(f *record.Facts) *board.Board {
	return board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})
}

// five choices at most on the rail; what does not fit is under More, what
// the house does not use is nowhere.
func TestRailHasFiveEntriesAtMost(t *testing.T) {
	words := func(b *board.Board) (out []string) {
		m := mockModel(large, Home{})
		m, _ = Update(m, BoardChanged{b})
		for _, tab := range newCanvas(m, testKit).tabs() {
			out = append(out, tab.label)
		}
		return out
	}
	require.Equal(t, []string{"Hjem", "Aktiviteter", "Måltider", "På arbejde", "Mere"}, words(boardOf("activities", "meals", "roster", "people", "news")))
	require.Equal(t, []string{"Hjem", "Beboere", "Aktiviteter", "Måltider", "Mere"}, words(boardOf("people", "activities", "meals", "roster")), "the house's order")
	require.Equal(t, []string{"Hjem", "Måltider", "Mere"}, words(boardOf("meals")))
	_, more := partsOf(boardOf("meals"), onRail)
	require.Empty(t, more)
}

// what More holds is two touches away, and one gets back by where one came.
func TestMoreLeadsOnAndBack(t *testing.T) {
	h := newHand(t)
	h.tap(Go{More{}})
	h.tap(Enter{People{}})
	require.Equal(t, []Place{Home{}, More{}, People{}}, h.Stack)
	h.send(BackPressed{})
	require.Equal(t, More{}, h.place())
	h.send(BoardChanged{boardOf("activities", "meals", "roster")})
	require.Nil(t, h.frame().Find(Enter{People{}}))
	h.Model, _ = Enter{People{}}.act(h.Model)
	require.Equal(t, More{}, h.place(), "what is gone is not opened")
}

// The tiles that every house has stand at the same place on every page.
func TestSettingsStayWhereTheyAre(t *testing.T) {
	for _, size := range []image.Point{{X: 1920, Y: 1080}, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
		m := mockModel(size, More{})
		many := parts
		for range 12 {
			many = append(many, part{board.ModulePeople, "users", "nav.people", peopleTone, People{}})
		}
		old := parts
		parts = many
		first := View(m, testKit)
		m.Stack[len(m.Stack)-1] = More{Page: 1}
		second := View(m, testKit)
		parts = old
		require.NotNil(t, first.Find(Turn{More{1}}), "%v", size)
		require.NotNil(t, first.Find(Enter{About{}}), "%v: R-IBG-02: the notice is two touches away", size)
		if again := second.Find(Enter{Languages{}}); again != nil { // there is room for both
			require.Equal(t, first.Find(Enter{Languages{}}).Rect.Min.X, again.Rect.Min.X, "%v", size)
		}
	}
}

// What somebody chose for the time they stand there ends when they have gone.
func TestChosenLanguageEndsWithTheVisit(t *testing.T) {
	h := newHand(t)
	h.tap(Go{More{}})
	h.tap(Enter{Languages{}})
	h.tap(SpeakNow{"nb"})
	require.Contains(t, h.words(), "Språk")
	h.send(Dressed{Lang: "da", Theme: h.Theme})
	require.Contains(t, h.words(), "Språk", "whatever the screen's own language is")
	h.tap(Go{Home{}})
	require.Equal(t, "nb", h.lang(), "on every page")
	h.pass(2 * time.Minute)
	require.Equal(t, "da", h.lang())
}
