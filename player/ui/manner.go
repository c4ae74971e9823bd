package ui

import (
	"slices"
	"time"

	"tavle/assets/lang"
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// A Manner is how the wall speaks and looks to whoever stands there, until they
// have gone. The zero Manner is the screen's own.
type Manner struct {
	Lang     string        // one of lang.Tags; "": the screen's
	Text     look.TextMode // letters as large as this, or as the screen's where those are larger
	Contrast string        // "dark" or "light": strong colours; "": the screen's
	Still    bool          // nothing moves
	Hold     time.Duration // a touch has to last so long
	Switches Switches      // the switches they brought
	Spoken   bool          // what the focus is on is said
	Aloud    bool          // and what is private, too, though others hear it
	Low      bool          // what is touched stands low enough for somebody who sits
	Volume   int           // of all that is heard, in dB; 0: as the screen was set up
}

// lang returns the language the wall speaks now.
func (m Model) lang() string {
	if m.Manner.Lang != "" {
		return m.Manner.Lang
	}
	return m.Lang
}

// letters returns how large letters are now.
func (m Model) letters() look.TextMode { return max(m.Text, m.Manner.Text) }

func (a Lower) act(m Model) (Model, []Effect) {
	m.Manner.Low = a.Down
	return m, nil
}

type (
	// Larger makes letters larger, and after the largest as they were.
	Larger struct{}

	// Clearer makes colours strong, on black, then on white, then as they were.
	Clearer struct{}
)

func (Larger) act(m Model) (Model, []Effect) {
	next := m.letters() + 1
	if int(next) == len(look.TextModes) {
		next = look.TextNormal
	}
	m.Manner.Text = next
	return m, nil
}

func (Clearer) act(m Model) (Model, []Effect) {
	m.Manner.Contrast = map[string]string{"": "dark", "dark": "light"}[m.Manner.Contrast]
	return m, nil
}

// Languages is the choice of a language, for whoever stands there.
type Languages struct{ Page int }

func (Languages) there(*board.Board) bool   { return true }
func (p Languages) draw(c *canvas, _ Model) { c.languages(p) }

// SpeakNow chooses a language until the wall goes home by itself.
type SpeakNow struct{ To string }

func (a SpeakNow) act(m Model) (Model, []Effect) {
	if slices.Contains(lang.Tags, a.To) {
		m.Manner.Lang = a.To
		if a.To == m.Lang {
			m.Manner.Lang = ""
		}
	}
	return m, nil
}

// tongues returns the languages of the glass: the house's first.
func tongues(b *board.Board) []string {
	var out []string
	for _, l := range b.Langs {
		if slices.Contains(lang.Tags, string(l)) && !slices.Contains(out, string(l)) {
			out = append(out, string(l))
		}
	}
	for _, l := range lang.Tags {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// languages draws each language by its own name.
func (c *canvas) languages(p Languages) {
	c.page()
	t := waitTone(c.Theme)
	c.header("language", "", t, c.words.T("more.language"), "")
	area := c.content()
	all, gap := tongues(c.b), c.gap(24, 20, 8)
	cols := max(1, min(int(c.of(3, 2, 3)), int((area.W+gap)/(c.hand(400, 340, 172)+gap))))
	rows := max(1, min((len(all)+cols-1)/cols, int((area.H+gap)/(c.hand(160, 160, 76)+gap))))
	pages, page := layout.Pages(len(all), cols*rows, p.Page)
	if len(all) <= 6 && c.class == look.Portrait && cols > 1 && area.H > 6*c.hand(160, 160, 76)+5*gap {
		cols, rows, pages, page = 1, len(all), 1, 0
	}
	h := min(c.hand(220, 240, 160), (area.H-gap*float32(rows-1))/float32(rows))
	w := (area.W - gap*float32(cols-1)) / float32(cols)
	for i, tag := range all[page*cols*rows : min(len(all), (page+1)*cols*rows)] {
		r := layout.Rect{X: area.X + float32(i%cols)*(w+gap), Y: area.Y + float32(i/cols)*(h+gap), W: w, H: h}
		name := c.kit.Words(tag).T("lang.name")
		b, on := box{}, tag == c.words.Tag
		if on {
			b = box{fill: c.Surface, border: c.of(6, 6, 4), edge: t.ink}
		}
		draw := c.pressCard(r, name, SpeakNow{tag}, b)
		ty := c.ty.H2.At(c.of(56, 52, 28))
		ty, _ = c.fits(name, ty, draw.W-c.of(120, 120, 56), ty.Size, ty.Size*.9, ty.Size*.8, ty.Size*.7)
		c.text(name, ty, draw.MidX(), draw.MidY()+ty.Middle(), middle, c.Ink)
		if on {
			size := c.of(44, 44, 24)
			c.icon("check", layout.Rect{X: draw.X + c.of(28, 28, 10), Y: draw.MidY() - size/2, W: size, H: size}, 2.6, t.ink)
		}
	}
	c.pager(c.backBar(), page, pages, func(n int) Place { return Languages{n} })
}
