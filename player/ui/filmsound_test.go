package ui

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/render"
)

// atTheFilms is a hand in front of a film that can be heard, at a wall with a voice.
func atTheFilms(t *testing.T) *hand {
	h := &hand{t: t, Model: withFilm(mediaAt(large, Videos{}, Video{"v"}))}
	h.Board.Videos[0].Sound = true
	h.Sound = Sound{Voice: true, Chimes: true, Films: true, Quiet: Span{21 * 60, 7 * 60}}
	return h
}

// did returns what was wanted since the last time.
func (h *hand) did() []Effect {
	out := h.effects
	h.effects = nil
	return out
}

// begin has the film run, and returns what that wants done last: its sound.
func (h *hand) begin() FilmSound {
	h.t.Helper()
	h.send(TouchDown{Means: Play{"v"}, Ready: true}, TouchUp{Means: Play{"v"}})
	did := h.did()
	s, ok := did[len(did)-1].(FilmSound)
	require.True(h.t, ok, "%v", did)
	return s
}

// heard says how far the sound is.
func (h *hand) heard(s FilmSound, at time.Duration) {
	h.send(FilmHeard{s.ID, s.Since, at})
}

// the pictures and captions of a film go by its sound. They wait for it, are set
// right when they are apart, and go on without it where nothing is heard.
func TestFilmGoesByItsSound(t *testing.T) {
	h := atTheFilms(t)
	s := h.begin()
	require.Equal(t, FilmSound{"v", "film", 0, h.Now}, s)
	h.pass(600 * time.Millisecond)
	require.Equal(t, 0, filmMS(h.frame()), "it is not heard yet")
	h.heard(s, 300*time.Millisecond)
	h.pass(300 * time.Millisecond)
	require.Equal(t, 600, filmMS(h.frame()))
	require.Contains(t, h.words(), "Tryk her.")
	h.heard(s, 550*time.Millisecond)
	require.Equal(t, 600, filmMS(h.frame()), "nobody sees that")
	h.pass(4 * time.Second)
	h.heard(s, 3900*time.Millisecond) // it stumbled
	require.Equal(t, 3880, filmMS(h.frame()))
	require.NotContains(t, h.words(), "Tryk på hjem.")
	h.heard(FilmSound{ID: "v", Since: s.Since.Add(-time.Second)}, 9*time.Second)
	require.Equal(t, 3880, filmMS(h.frame()), "that was another time")
	require.Empty(t, h.did())

	h = atTheFilms(t)
	h.begin()
	h.pass(3 * time.Second)
	require.Equal(t, 2000, filmMS(h.frame()), "nobody hears it, and it goes on")
}

// A film without sound, one that staff want to be silent and one on a wall that has its
// films silent wait for nothing.
func TestSilentFilmHasNoSound(t *testing.T) {
	for _, change := range []func(h *hand){
		func(h *hand) { h.Board.Videos[0].Sound = false },
		func(h *hand) { h.Sound.Films = false },
	} {
		h := atTheFilms(t)
		change(h)
		h.send(TouchDown{Means: Play{"v"}, Ready: true}, TouchUp{Means: Play{"v"}})
		require.Equal(t, []Effect{Chime{NoteTap}}, h.did())
		h.pass(time.Second)
		require.Equal(t, 1000, filmMS(h.frame()))
		h.frame()
		require.Nil(t, h.frame().Find(Louder{}))
	}
}

// A-23, V-14: what is heard of a film stops at once with a touch anywhere, a key, when
// its page is left, when it is taken back or masked, when headphones are pulled out and
// when sound is switched off; and the film stands where it was.
func TestSoundOfAFilmStopsAtOnce(t *testing.T) {
	taken := func(h *hand) Msg {
		b := *h.Board
		b.Videos = nil
		return BoardChanged{&b}
	}
	for name, msg := range map[string]func(h *hand) Msg{
		"a touch on nothing":  func(*hand) Msg { return TouchDown{Ready: true} },
		"a touch on pause":    func(*hand) Msg { return TouchDown{Means: Halt{"v"}, Ready: true} },
		"a key":               func(*hand) Msg { return Pressed{Means: Halt{"v"}, Ready: true} },
		"the key back":        func(*hand) Msg { return BackPressed{} },
		"taken back":          taken,
		"nothing to show":     func(*hand) Msg { return BoardChanged{} },
		"headphones are out":  func(*hand) Msg { return Plugged{Now: true} },
		"sound is off":        func(h *hand) Msg { return SoundChanged{Sound{Voice: true}} },
		"a button to read":    func(*hand) Msg { return ReadPressed{} },
		"something went awry": func(*hand) Msg { return NotKept{} },
	} {
		h := atTheFilms(t)
		s := h.begin()
		h.heard(s, 0)
		h.pass(2 * time.Second)
		require.Empty(t, h.did(), name)
		h.send(msg(h))
		did := h.did()
		require.NotEmpty(t, did, name)
		require.Equal(t, Silence{}, did[0], name)
		require.Equal(t, tune{}, h.tune(), name)
		stood := filmMS(h.frame())
		h.pass(time.Second)
		if h.place() == (Video{"v"}) && h.Over == nil {
			require.Equal(t, 2000, stood, name)
			require.Equal(t, stood, filmMS(h.frame()), name)
		}
		h.heard(s, 5*time.Second)
		require.Equal(t, tune{}, h.tune(), name)
	}
}

// Two sounds are never heard at once: a chime, a voice and the word for the focus make
// the film stand, also where the wall says that it will let go of somebody.
func TestNothingIsHeardBesideAFilm(t *testing.T) {
	h := atTheFilms(t)
	h.Self = "karen"
	h.begin()
	for range 60 {
		h.pass(time.Second)
		for _, e := range h.did() {
			if _, ok := e.(Chime); ok {
				require.Equal(t, tune{}, h.tune())
				require.Positive(t, h.leaving())
				return
			}
		}
	}
	t.Fatal("it never warned")
}

func TestFocusThatIsSaidMakesAFilmStand(t *testing.T) {
	h := atTheFilms(t)
	h.Ease.Spoken = true
	h.begin()
	h.pass(2 * time.Second)
	h.send(Focused{To: Focus{On: Halt{"v"}}})
	require.Equal(t, []Effect{Silence{}, Name{Halt{"v"}}}, h.did())
	require.Equal(t, tune{}, h.tune())

	h = atTheFilms(t)
	h.begin()
	h.pass(2 * time.Second)
	h.send(Focused{To: Focus{On: Halt{"v"}}})
	require.Empty(t, h.did(), "who sees the focus hears the film")
}

// while a film is heard there are ways to make it louder and softer, also where
// nothing can be read aloud. It stands until the finger is up, goes on where it was, and
// is as loud as usual for the next.
func TestFilmIsLouderAndSofter(t *testing.T) {
	for _, voice := range []bool{true, false} {
		h := atTheFilms(t)
		h.Sound.Voice = voice
		require.Nil(t, h.frame().Find(Louder{}))
		require.Equal(t, voice, h.frame().Find(ReadAloud{}) != nil)
		s := h.begin()
		h.heard(s, 0)
		h.pass(2 * time.Second)
		at := h.sees(Louder{}).Rect
		h.send(TouchDown{Means: Louder{}, Ready: true})
		require.Equal(t, []Effect{Silence{}, Chime{NoteTap}}, h.did())
		h.pass(time.Second)
		require.Equal(t, 2000, filmMS(h.frame()))
		require.Equal(t, at, h.sees(Louder{}).Rect, "it stands still under the finger")
		require.Empty(t, h.did())
		h.send(TouchUp{Means: Louder{}})
		require.Equal(t, []Effect{FilmSound{"v", "film", 2 * time.Second, h.Now}}, h.did())
		require.InDelta(t, 6, h.Gain(), 0)
		h.pass(time.Second)
		h.send(Focused{To: Focus{On: Softer{}}})
		h.send(Pressed{Means: Softer{}, Ready: true})
		did := h.did()
		require.IsType(t, FilmSound{}, did[len(did)-1])
		require.InDelta(t, 0, h.Gain(), 0)
		for range 200 {
			h.pass(time.Second)
		}
		require.Equal(t, Home{}, h.place())
		require.InDelta(t, 0, h.Gain(), 0)
	}
}

// by night a film is heard whose sound somebody asked for by a touch, and softly.
func TestFilmIsSoftByNight(t *testing.T) {
	h := atTheFilms(t)
	h.at(22)
	h.begin()
	require.InDelta(t, nightBy, h.Gain(), 0)
	for range 11 {
		h.pass(time.Second)
		require.Empty(t, h.did())
	}
	h.pass(3 * time.Second)
	require.Equal(t, []Effect{Silence{}}, h.did(), "it is over")
}

// headphones that are plugged in have the film heard in them; the page is not read
// over it.
func TestFilmGoesOnInHeadphones(t *testing.T) {
	h := atTheFilms(t)
	h.begin()
	h.pass(time.Second)
	h.send(Plugged{In: true, Now: true})
	require.Empty(t, h.did())
	require.NotEqual(t, tune{}, h.tune())
	require.False(t, h.Reading.On)
}

// what makes a film quiet is where reading is stopped, on panels of every class,
// and is called the same.
func TestFilmIsStoppedWhereReadingIs(t *testing.T) {
	for _, size := range panels[:3] {
		h := &hand{t: t, Model: withFilm(mediaAt(size, Videos{}, Video{"v"}))}
		h.Board.Videos[0].Sound = true
		h.Sound = Sound{Voice: true, Films: true}
		read := h.sees(ReadAloud{}).Rect
		h.begin()
		at := slices.IndexFunc(h.frame().Targets, func(tg render.Target) bool { return tg.Means == Halt{"v"} && tg.Rect == read })
		require.GreaterOrEqual(t, at, 0)
		require.Equal(t, "Stop", h.frame().Targets[at].Label)
	}
}
