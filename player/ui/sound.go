package ui

import (
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// Sound is what can be heard of the wall. The zero Sound is nothing.
type Sound struct {
	Voice  bool // it can read aloud
	Chimes bool // it answers touches with sounds
	Films  bool // what is heard in films is heard
	Quiet  Span
}

// A Span is a part of every day, from one minute of it to another; it may reach over
// midnight. With two equal ones it is empty.
type Span struct{ From, To int }

// has reports whether t is in it.
func (h Span) has(t time.Time) bool {
	m := t.Hour()*60 + t.Minute()
	if h.From <= h.To {
		return h.From <= m && m < h.To
	}
	return m >= h.From || m < h.To
}

// The volume goes in steps, from as much below what a screen is set up for to as
// much above: 24 dB in all, 12 dB up from where each session begins.
const (
	volumeStep = 6
	volumeMost = 12
)

// nightBy is how much softer everything is in the quiet hours.
const nightBy = -12

// Gain returns how much louder or softer than usual everything is now, in dB.
func (m Model) Gain() float64 {
	gain := m.Manner.Volume
	if m.Sound.Quiet.has(m.Now) {
		gain += nightBy
	}
	return float64(gain)
}

// attended is how long after a touch somebody is taken to be there still.
const attended = 80 * time.Second

// hushes reports whether nothing may be heard but what somebody asked for: in the
// quiet hours, when nobody has touched the wall for a while.
func (m Model) hushes() bool {
	return m.Sound.Quiet.has(m.Now) && m.Now.Sub(m.Last) >= attended
}

// A Note is what a sound says. The player has a sound for each.
type Note uint8

// The notes.
const (
	NoNote        Note = iota
	NoteTap            // a finger is on something
	NoteOpen           // one is further in
	NoteBack           // and further out
	NoteSignUp         // what somebody wanted is kept
	NoteUndo           // and what they took back
	NoteAttention      // the wall is about to go home by itself
	NoteNo             // it could not be done
)

// note returns what is heard of msg, which led from was to m. What others do is
// never heard: only hands, keys and time are.
func (m Model) note(was Model, msg Msg, effects []Effect) Note {
	switch msg.(type) {
	case TouchDown:
		if m.Hand.Means != nil && (was.Hand.Means == nil || m.Hand.Contact != was.Hand.Contact) {
			return NoteTap
		}
		return NoNote
	case NotKept:
		return NoteNo
	case Tick:
		if was.leaving() == 0 && m.leaving() > 0 {
			return NoteAttention
		}
		return NoNote
	case TouchUp, Pressed, BackPressed:
	default:
		return NoNote
	}
	for _, e := range effects {
		switch e.(type) {
		case SignUp, Say, Tighten, Vote, Ask:
			return NoteSignUp
		case SignOff, Unsay, Unvote, Unask:
			return NoteUndo
		}
	}
	switch deep, wasDeep := m.depth(), was.depth(); {
	case deep < wasDeep:
		return NoteBack
	case deep > wasDeep, m.place() != was.place():
		return NoteOpen
	}
	return NoNote
}

// depth is how far in we are: pages and the dialog on top.
func (m Model) depth() int {
	if m.Over != nil {
		return len(m.Stack) + 1
	}
	return len(m.Stack)
}

// volume draws the ways to hear better, on the same dark bar as the way to stop and
// above that, while somebody listens.
func (c *canvas) volume(m Model, bar layout.Rect) {
	block, _ := c.readAloudBlock()
	for i, b := range []struct {
		icon, word string
		means      render.Meaning
		on         bool
	}{
		{"minus", "voice.softer", Softer{}, m.Manner.Volume > -volumeMost},
		{"plus", "voice.louder", Louder{}, m.Manner.Volume < volumeMost},
	} {
		h := c.volumeHeight(block)
		r := layout.Rect{X: block.X, Y: block.Y - float32(i+1)*(h+c.gap(16, 16, 8)), W: block.W, H: h}
		if c.readsAlong(m) {
			gap := c.gap(16, 16, 8)
			beside := layout.Rect{X: bar.X, Y: block.Y, W: block.X - gap - bar.X, H: block.H}
			r = beside.Columns(2, gap)[i]
		}
		word := c.words.T(b.word)
		if !b.on {
			c.faded(.45, func() { c.squareFace(r, b.icon, word, c.Surface) })
			c.dead(r, word)
			continue
		}
		draw, pressed := c.press(r, b.means)
		if pressed {
			c.box(draw, box{fill: look.Fade(c.Surface, .2), radius: c.of(40, 40, 22)})
		}
		c.squareFace(draw, b.icon, word, c.Surface)
		c.touch(r, word, b.means)
	}
}

// volumeHeight returns how high each of the two is: as the way to stop below them,
// where there is room for both up to the edge.
func (c *canvas) volumeHeight(stop layout.Rect) float32 {
	return min(stop.H, (stop.Y-c.mm(8))/2-c.gap(16, 16, 8))
}

// Louder makes everything louder for whoever stands there. What is being read begins
// its item again, and a film goes on with the finger up, so that one hears how loud
// that is.
type Louder struct{}

// Softer makes everything softer, likewise.
type Softer struct{}

func (Louder) do(m Model) (Model, []Effect) { return m.louder(volumeStep), nil }

func (Softer) do(m Model) (Model, []Effect) { return m.louder(-volumeStep), nil }

func (m Model) louder(by int) Model {
	m.Manner.Volume = min(max(m.Manner.Volume+by, -volumeMost), volumeMost)
	return m
}

// holds reports whether a touch that began on it lets the reading go on afterwards.
func holds(means render.Meaning) bool {
	switch means.(type) {
	case Louder, Softer:
		return true
	}
	return false
}

// AskAloud asks before something private is read so that others hear it.
type AskAloud struct {
	Since int64
	Below Over // the dialog that is to be read, or nil
}

func (o AskAloud) opened() int64             { return o.Since }
func (o AskAloud) still(b *board.Board) bool { return o.Below == nil || o.Below.still(b) }
func (AskAloud) draw(c *canvas, _ Model)     { c.askAloud() }

// Aloud has it read all the same.
type Aloud struct{}

func (Aloud) answer(m Model) (Model, []Effect) {
	if o, ok := m.Over.(AskAloud); ok {
		m.Over = o.Below
	}
	m.Reading, m.Manner.Aloud = Reading{On: true, Aloud: true, Since: m.Now}, true
	return m, []Effect{Read{0}}
}

func (c *canvas) askAloud() {
	inner := c.dialog(c.of(1340, 1000, 780), c.of(560, 900, 300))
	buttons, rest := inner.CutBottom(c.of(148, 320, 80), c.of(40, 40, 12))
	c.iconHead(rest, "volume", c.Wait, c.WaitTint, c.words.T("voice.ask_title"), c.words.T("voice.ask_text"))
	pair := buttons.Columns(2, c.of(28, 24, 12))
	if c.class == look.Portrait {
		pair = buttons.Rows(2, 24)
	}
	size := c.of(44, 40, 24)
	c.button(pair[0], button{icon: "volume", label: c.words.T("voice.aloud"), means: Aloud{}, kind: secondary, size: size})
	c.button(pair[1], button{icon: "x", label: c.words.T("voice.not_aloud"), means: Close{}, kind: primary, size: size})
}

// private reports whether what is shown is for one person.
func (m Model) private() bool {
	_, alone := m.place().(private)
	if _, asks := m.Over.(AskAloud); asks {
		return false // that others would hear it may be heard by others
	}
	return alone
}

// MaySay reports whether an item may be read: what is private goes to headphones, or
// where somebody said that others may hear it.
func (m Model) MaySay(s render.Spoken) bool {
	return !s.Private || m.Headphones || m.Reading.Aloud
}
