package ui

import (
	"time"

	"tavle/player/board"
)

// The sound of a film begins and ends with its pictures, and they go by it: what is
// heard says where the film is. Until it is heard the first picture stands. A touch
// anywhere, a chime and a voice make the film stand: two sounds are never heard at
// once, and nobody looks for the way to make it quiet.

const (
	// filmPatience is how long the pictures wait for the sound. Then they go on without.
	filmPatience = time.Second
	// filmApart is how far pictures and sound may be apart, which nobody sees.
	filmApart = 80 * time.Millisecond
)

// rolled returns a film that runs from a moment of it on.
func (m Model) rolled(v board.Video, at time.Duration) Film {
	if !v.Sound || !m.Sound.Films {
		return Film{ID: v.ID, Since: m.Now, At: at}
	}
	return Film{ID: v.ID, Since: m.Now.Add(filmPatience), At: at, Heard: m.Now}
}

// A tune is the sound of a film, and since when it is on. The zero tune is none.
type tune struct {
	of    board.VideoID
	film  board.AssetID // staff may have put another in its place, without somebody
	since time.Time
}

// tune returns what is on.
func (m Model) tune() tune {
	if m.Board == nil || m.Film.Heard.IsZero() || m.Film.Held {
		return tune{}
	}
	v, ok := m.Board.Video(m.Film.ID)
	if _, runs := m.filmAt(v); !ok || !runs || !v.Sound || m.Paused {
		return tune{}
	}
	return tune{v.ID, v.Film, m.Film.Heard}
}

// hearsFilm reports whether there is a film in front that is heard, and louder or softer
// means that.
func (m Model) hearsFilm() bool { return m.tune() != tune{} || m.Film.Held }

// sounds reports whether the film in front can be heard.
func (m Model) sounds() bool {
	p, ok := m.place().(Video)
	if !ok || m.Board == nil || !m.Sound.Films {
		return false
	}
	v, ok := m.Board.Video(p.ID)
	return ok && v.Sound && v.Film != ""
}

// inStep has the pictures go by what is heard.
func (m Model) inStep(msg FilmHeard) Model {
	if now := m.tune(); now.of != msg.ID || !now.since.Equal(msg.Since) || msg.Since.IsZero() {
		return m
	}
	v, _ := m.Board.Video(msg.ID)
	if at, _ := m.filmAt(v); m.Now.Before(m.Film.Since) || (at-msg.At).Abs() > filmApart {
		m.Film.Since, m.Film.At = m.Now, msg.At
	}
	return m
}

// scored has the sound of a film begin and end as msg, which led from was to m, asks
// for.
func (m Model) scored(was Model, msg Msg, effects []Effect) (Model, []Effect) {
	before := was.tune()
	if before != (tune{}) && m.Film.Heard.Equal(before.since) && (m.tune() != before || quiets(msg) || speaks(effects)) && m.Board != nil {
		if v, ok := m.Board.Video(m.Film.ID); ok {
			at, _ := m.filmAt(v)
			m.Film = Film{ID: v.ID, At: at, Held: louder(msg)}
		}
	}
	if m.Film.Held && lets(msg) {
		if v, ok := m.Board.Video(m.Film.ID); ok {
			m.Film = m.rolled(v, m.Film.At)
		}
	}
	switch now := m.tune(); {
	case now == before:
	case now == (tune{}):
		effects = append([]Effect{Silence{}}, effects...)
	default:
		v, _ := m.Board.Video(now.of)
		effects = append(effects, FilmSound{ID: now.of, Film: v.Film, At: m.Film.At, Since: now.since})
	}
	return m, effects
}

// quiets reports whether a film that is heard stands from now on.
func quiets(msg Msg) bool {
	switch msg := msg.(type) {
	case TouchDown, Pressed, BackPressed, SoundChanged:
		return true
	case Plugged:
		return msg.Now && !msg.In // it was not for the room
	}
	return false
}

// speaks reports whether something else is to be heard.
func speaks(effects []Effect) bool {
	for _, e := range effects {
		switch e.(type) {
		case Read, Name, Chime, Silence:
			return true
		}
	}
	return false
}

// louder reports whether msg begins to make it louder or softer: the film goes on with
// the finger up.
func louder(msg Msg) bool {
	switch msg := msg.(type) {
	case TouchDown:
		return holds(msg.Means)
	case Pressed:
		return holds(msg.Means)
	}
	return false
}

// lets reports whether a finger is up, or a key was pressed.
func lets(msg Msg) bool {
	switch msg.(type) {
	case TouchUp, TouchGone, Pressed:
		return true
	}
	return false
}
