package ui

import (
	"image"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
	"tavle/sync/record"
)

// the way to have a page read is at the same place on every page and beside
// every dialog, apart from everything else that is touched there; where there is
// no voice, there is none.
func TestReadAloudIsAlwaysAtTheSamePlace(t *testing.T) {
	for _, size := range []image.Point{{X: 1920, Y: 1080}, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
		want := image.Rectangle{}
		for name, m := range mockScreens(size) {
			f := View(m, testKit)
			tg := f.Find(ReadAloud{})
			if m.PairingShown() {
				require.Nil(t, tg, "%v %s: whoever sets a screen up reads", size, name)
				continue
			}
			require.NotNil(t, tg, "%v %s", size, name)
			if want.Empty() {
				want = tg.Rect
			}
			require.Equal(t, want, tg.Rect, "%v %s", size, name)
			for _, o := range f.Targets {
				require.False(t, o.Means != nil && o.Means != tg.Means && o.Rect.Overlaps(tg.Rect), "%v %s: %q lies under it", size, name, o.Label)
			}
			m.Sound.Voice = false
			require.Nil(t, View(m, testKit).Find(ReadAloud{}), "%v %s", size, name)
		}
	}
}

// item by item to the last; whoever listens is there.
func TestReadingGoesOnToTheEnd(t *testing.T) {
	h := newHand(t)
	h.tap(ReadAloud{})
	require.Equal(t, []Effect{Read{0}}, h.effects)
	require.Equal(t, Reading{On: true, Since: h.Now.Add(-time.Second)}, h.Reading)
	h.pass(50 * time.Second)
	h.send(ItemRead{At: 0})
	require.Equal(t, Read{1}, h.effects[1])
	h.send(ItemRead{At: 0})
	require.Len(t, h.effects, 2, "said twice")
	h.tap(Open{swimming})
	require.Equal(t, Silence{}, h.effects[2])
	h.send(ItemRead{At: 1})
	require.Len(t, h.effects, 3, "it had been stopped")

	h.tap(ReadAloud{})
	h.pass(70 * time.Second)
	h.send(ItemRead{At: 0})
	require.Zero(t, h.leaving(), "somebody listens")
	h.send(ItemRead{At: 1, Last: true})
	require.Equal(t, Reading{}, h.Reading)
}

// any touch stops it the moment the finger is down, and the touch that
// stopped it does not begin it again.
func TestAnyTouchStopsReading(t *testing.T) {
	for name, msg := range map[string]Msg{
		"a finger on nothing": TouchDown{Contact: 3},
		"a finger on Stop":    TouchDown{Means: Hush{}, Ready: true},
		"a key":               BackPressed{},
		"the button":          ReadPressed{},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHand(t)
			h.tap(ReadAloud{})
			h.send(msg)
			require.Equal(t, Reading{}, h.Reading)
			require.Equal(t, Silence{}, h.effects[1])
		})
	}
	h := newHand(t)
	h.tap(ReadAloud{})
	h.sees(Hush{})
	h.send(TouchDown{Means: Hush{}, Ready: true}, TouchMove{Means: ReadAloud{}}, TouchUp{Means: ReadAloud{}})
	require.Equal(t, []Effect{Read{0}, Silence{}}, h.effects)
}

// A dialog is read, too, and so is a wall that shows nothing else.
func TestEverythingCanBeRead(t *testing.T) {
	for name, m := range mockScreens(large) {
		if m.PairingShown() {
			continue
		}
		h := &hand{t: t, Model: m}
		h.Headphones = true
		h.send(TouchDown{Means: render.Meaning(ReadAloud{}), Ready: true}, TouchUp{Means: ReadAloud{}})
		require.Contains(t, h.effects, Effect(Read{0}), name)
	}
}

// said is a page as it is read aloud, an item a line.
func said(m Model) (out []string) {
	m.Reading.On = true
	for _, s := range View(m, testKit).Spoken {
		var words []string
		for _, p := range s.Say {
			words = append(words, p.Text)
		}
		out = append(out, strings.Join(words, ". "))
	}
	return out
}

// title first, then the items as they stand; what belongs together is read
// together, and the ways at the foot are not read on every page.
func TestPagesAreReadInOrder(t *testing.T) {
	ms := mockScreens(large)
	require.Equal(t, []string{
		"Nu er det torsdag formiddag, 20. november. Klokken er 10.24.",
		"11.00. Vi bager boller. Om 36 minutter. Karen, Mads, Lone, og 2 til",
		"13.30. Svømning. Valby Vandkultur. Jens, Sofie, Solsikke, og 3 til",
		"16.00. Male og tegne. Værkstedet. Inger, Tove",
		"På arbejde nu. Fatima. Lars. Mette. og 2 til",
		"Aftensmad kl. 18. Fisk og kartofler. Inger, Poul, og 9 til",
		"Nyt. Vi tænder juletræet på fredag",
	}, said(ms["01-home"]))
	require.Equal(t, "Svømning", said(ms["02-activity-detail"])[0], "though the bag stands before it")
	require.Equal(t, "Du er med, Bent", said(ms["04-confirm"])[0], "and nothing of the page below")
	require.Equal(t, "Karen er meldt fra", said(ms["toast"])[0], "what has just happened comes first")
	require.Contains(t, said(ms["06b-roster-week"]), "Mandag. Dag: Lars, Mette, Thomas. Aften: Anders, Birgit. Nat: Samuel")
	for name, m := range ms {
		require.NotEmpty(t, said(m), name)
		require.NotContains(t, said(m), "Læs op", name)
	}
}

// A-26, V-16: how many more there are is not said where it may not be shown.
func TestNumbersThatMayNotBeShownAreNotSaid(t *testing.T) {
	f := mockFacts()
	f.House.Exact = false
	for id, a := range f.Activities {
		a.Exact, a.More = false, 0
		f.Activities[id] = a
	}
	m := mockModel(large, Home{})
	m.Board = board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})
	require.Contains(t, said(m), "13.30. Svømning. Valby Vandkultur. Jens, Sofie, Solsikke")
}

// content is spoken in the language it was written in, the wall in its own.
func TestContentIsSpokenInItsOwnLanguage(t *testing.T) {
	m := mockModel(large, Activity{swimming})
	m.Lang, m.Reading.On = "en", true
	langs := map[string]string{}
	for _, s := range View(m, testKit).Spoken {
		for _, p := range s.Say {
			langs[p.Text] = p.Lang
		}
	}
	require.Equal(t, "da", langs["Svømning"])
	require.Equal(t, "da", langs["Badetøj"])
	require.Equal(t, "en", langs["Who is coming?"])
}

// the current item has the focus ring, and nothing else changes.
func TestWhatIsReadHasARing(t *testing.T) {
	m := mockModel(large, Home{})
	quiet := View(m, testKit)
	m.Reading = Reading{On: true, At: 2}
	f := View(m, testKit)
	ring := f.Ops[len(f.Ops)-1]
	require.Equal(t, m.Theme.Honey, ring.Edge)
	require.True(t, f.Spoken[2].Rect.In(ring.Rect))
	require.Greater(t, len(f.Ops), len(quiet.Ops))
	require.Nil(t, quiet.Spoken, "nobody listens")
}

// sounding is a hand at a wall that chimes, and is quiet from nine to seven.
func sounding(t *testing.T) *hand {
	h := newHand(t)
	h.Sound = Sound{Voice: true, Chimes: true, Quiet: Span{21 * 60, 7 * 60}}
	return h
}

// at sets the time of day, as if somebody had just touched the wall.
func (h *hand) at(hour int) {
	h.Now = time.Date(2025, 11, 20, hour, 0, 0, 0, copenhagen)
	h.Last = h.Now
}

// every touch is answered at once by a sound that says what became of it; what
// others do makes none.
func TestTouchesAreHeard(t *testing.T) {
	h := sounding(t)
	chimes := func() (out []Note) {
		for _, e := range h.effects {
			if c, ok := e.(Chime); ok {
				out = append(out, c.Note)
			}
		}
		h.effects = nil
		return out
	}
	h.send(TouchDown{Means: Open{swimming}, Ready: true})
	require.Equal(t, []Note{NoteTap}, chimes(), "while the finger is down")
	h.send(TouchUp{Means: Open{swimming}})
	require.Equal(t, []Note{NoteOpen}, chimes())
	h.pass(time.Second)
	h.tap(Join{swimming})
	require.Equal(t, []Note{NoteTap, NoteOpen}, chimes())
	h.tap(Pick{swimming, "karen"})
	require.Equal(t, []Note{NoteTap, NoteSignUp}, chimes())
	h.send(BoardChanged{boardWith(board.Done{On: swimming, Who: "karen"})})
	h.tap(Undo{swimming, "karen"})
	require.Equal(t, []Note{NoteTap, NoteUndo}, chimes())
	h.send(BoardChanged{without("ali")}, LinkChanged{Link{}}, BoardChanged{boardWith()})
	require.Empty(t, chimes(), "what others do")
	h.tap(Back{})
	require.Equal(t, []Note{NoteTap, NoteBack}, chimes())
	h.send(TouchDown{}, TouchUp{})
	require.Empty(t, chimes(), "a touch on nothing")
	h.send(NotKept{})
	require.Equal(t, []Note{NoteNo}, chimes())
	h.Sound.Chimes = false
	h.tap(Close{})
	require.Empty(t, chimes(), "switched off")
}

// before the wall goes home by itself it says so; by night nothing is
// heard that nobody asked for.
func TestNightIsQuiet(t *testing.T) {
	h := sounding(t)
	h.at(20)
	h.send(TouchDown{Means: Open{swimming}, Ready: true}, TouchUp{Means: Open{swimming}})
	h.effects = nil
	h.pass(65 * time.Second)
	require.Equal(t, []Effect{Chime{NoteAttention}}, h.effects)
	require.Zero(t, h.Gain())

	h = sounding(t)
	h.at(23)
	h.send(TouchDown{Means: Open{swimming}, Ready: true})
	require.Equal(t, []Effect{Chime{NoteTap}}, h.effects, "a touch is answered by night, too")
	require.InDelta(t, -12, h.Gain(), 0, "softly")
	h.send(TouchUp{Means: Open{swimming}})
	h.effects = nil
	h.Last = h.Now.Add(-3 * time.Hour)
	h.send(NotKept{})
	require.Empty(t, h.effects, "nobody has touched it for hours")
	for hour := range 24 {
		h.at(hour)
		require.Equal(t, hour >= 21 || hour < 7, h.Gain() < 0, "%d o'clock", hour)
	}
	require.False(t, Span{}.has(h.Now), "no quiet hours")
	require.True(t, Span{8 * 60, 9 * 60}.has(time.Date(2025, 1, 1, 8, 59, 0, 0, time.UTC)))
}

// 24 dB in steps, 12 of them up from where everybody begins; the next person
// begins there again. What is being read begins its item again.
func TestVolumeIsForWhoeverStandsThere(t *testing.T) {
	h := newHand(t)
	h.tap(ReadAloud{})
	h.send(ItemRead{At: 0})
	h.effects = nil
	h.send(TouchDown{Means: Louder{}, Ready: true})
	require.Equal(t, []Effect{Silence{}}, h.effects, "any touch silences it")
	h.send(ItemRead{At: 1})
	h.send(TouchUp{Means: Louder{}})
	require.Equal(t, []Effect{Silence{}, Read{1}}, h.effects)
	h.pass(time.Second)
	h.tap(Louder{})
	require.InDelta(t, 12, h.Gain(), 0)
	require.Nil(t, h.frame().Find(Louder{}), "as loud as can be")
	for range 4 {
		h.tap(Softer{})
	}
	require.InDelta(t, -12, h.Gain(), 0)
	require.True(t, h.Reading.On)

	h.send(TouchDown{Means: Louder{}, Ready: true}, TouchMove{}, TouchUp{})
	require.InDelta(t, -12, h.Gain(), 0, "slid off")
	require.Equal(t, Read{1}, h.effects[len(h.effects)-1], "and read on")

	h.tap(Hush{})
	h.pass(attended)
	require.Zero(t, h.Gain(), "somebody else")
}

// what is private is read to headphones, or after somebody has said that
// others may hear it; once they are pulled out, no more.
func TestPrivateThingsAreNotForTheRoom(t *testing.T) {
	at := func() *hand {
		h := newHand(t)
		h.Stack = append(h.Stack, Own{Who: "karen"})
		return h
	}
	h := at()
	h.tap(ReadAloud{})
	require.Empty(t, h.effects)
	require.IsType(t, AskAloud{}, h.Over)
	h.tap(Close{})
	require.Empty(t, h.effects)
	h.tap(ReadAloud{})
	h.tap(Aloud{})
	require.Equal(t, []Effect{Read{0}}, h.effects)
	for _, s := range h.frame().Spoken {
		require.True(t, s.Private)
		require.True(t, h.MaySay(s))
	}
	h.pass(25 * time.Second)
	require.Positive(t, h.leaving(), "whoever said so may have gone")

	h = at()
	h.send(Plugged{In: true})
	require.Empty(t, h.effects, "they were plugged in all along")
	h.tap(ReadAloud{})
	require.Equal(t, []Effect{Read{0}}, h.effects)
	require.True(t, h.MaySay(render.Spoken{Private: true}))
	h.send(Plugged{In: false, Now: true})
	require.Equal(t, Silence{}, h.effects[1])
	require.False(t, h.MaySay(render.Spoken{Private: true}))
	require.True(t, h.MaySay(render.Spoken{}), "names on a list are shown to everybody")
}

// who cannot see the button plugs in headphones, or presses a real one.
func TestReadingBeginsWithoutTheGlass(t *testing.T) {
	h := newHand(t)
	h.send(Plugged{In: true, Now: true})
	require.Equal(t, []Effect{Read{0}}, h.effects)
	h.send(ReadPressed{})
	require.Equal(t, Silence{}, h.effects[1])
	h.send(ReadPressed{})
	require.Equal(t, Read{0}, h.effects[2])
}

// reading ends with the page it is of.
func TestReadingEndsWithThePage(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(ReadAloud{})
	f := mockFacts()
	delete(f.Activities, "a2")
	h.send(BoardChanged{board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})})
	require.Equal(t, Home{}, h.place())
	require.Equal(t, []Effect{Read{0}, Silence{}}, h.effects)
}

// what staff said themselves is heard instead of the title of an activity, the
// dish of a meal and the text of news, and of nothing else; without it the very same
// words are read.
func TestRecordingStandsForWords(t *testing.T) {
	for page, of := range map[string]struct {
		at     Place
		record func(f *record.Facts)
		says   string
	}{
		"activity": {Activity{swimming}, func(f *record.Facts) { a := f.Activities["a2"]; a.Sound = "sha256-1"; f.Activities["a2"] = a }, "Svømning"},
		"meal": {Meals{Kind: board.Dinner}, func(f *record.Facts) {
			for id, m := range f.Meals {
				m.Sound = "sha256-1"
				f.Meals[id] = m
			}
		}, ""},
		"news":       {Article{ID: "n"}, func(f *record.Facts) { n := f.News["n"]; n.Sound = "sha256-1"; f.News["n"] = n }, ""},
		"short news": {Article{ID: "short"}, func(f *record.Facts) { n := f.News["short"]; n.Sound = "sha256-1"; f.News["short"] = n }, ""},
	} {
		for _, size := range []image.Point{{X: 1920, Y: 1080}, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
			m, f := mockModel(size, of.at), mockFacts()
			read := func() []render.Spoken {
				m.Reading.On = true
				m.Board = board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})
				return View(m, testKit).Spoken
			}
			n := f.News["n"]
			f.News["short"] = record.News{ID: "short", Title: da("Nyt"), Published: n.Published}
			n.Text = da("Vi synger, og der er kage.\n\nDu kan også bare lytte.")
			f.News["n"] = n
			plain := read()
			of.record(f)
			spoken := read()
			var before, after []render.Phrase
			for _, s := range plain {
				require.Empty(t, s.Sound)
				before = append(before, s.Say...)
			}
			var sounds []render.Spoken
			for _, s := range spoken {
				after = append(after, s.Say...)
				if s.Sound != "" {
					sounds = append(sounds, s)
				}
			}
			require.ElementsMatch(t, before, after, "%s %v", page, size)
			require.Len(t, sounds, 1, "%s %v", page, size)
			require.Equal(t, "sound:sha256-1", sounds[0].Sound)
			if of.says != "" {
				require.Equal(t, of.says, sounds[0].Say[0].Text)
			}
		}
	}
}

// whoever listens is there, however long what they listen to; whoever
// listens to what is private without headphones may have gone.
func TestWhoeverListensIsThere(t *testing.T) {
	h := newHand(t)
	h.Sound = Sound{Voice: true}
	h.tap(Go{Meals{}})
	h.tap(ReadAloud{})
	require.True(t, h.Reading.On)
	for at := range 3 {
		for range 4 {
			h.pass(time.Minute)
			require.Zero(t, h.leaving())
		}
		h.send(ItemRead{At: at})
	}
	require.Equal(t, Meals{}, h.place())
	h.send(ReadPressed{})
	h.pass(h.Stays.Browsing)
	require.NotZero(t, h.leaving())
}
