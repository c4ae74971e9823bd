package ui

import (
	"cmp"
	"image"
	"slices"
	"strconv"
	"strings"

	"tavle/assets/lang"
	"tavle/player/board"
	"tavle/render"
	"tavle/render/layout"
)

// What a page says when it is read aloud comes of what it draws: the texts of a
// card or of what can be touched together, every other text by itself, in the
// order they were drawn. A page that knows better words says them with
// [canvas.tell].

// An ear hears what is drawn. A nil ear hears nothing.
type ear struct {
	lines   []heardLine
	told    []toldItem
	groups  []group
	lead    image.Rectangle   // where the title is
	langs   map[string]string // of content that is not in the wall's language
	joins   bool              // the next line goes on with the last
	late    bool              // what is drawn now is read last of its card
	layer   int               // what lies over the page has another
	private bool              // what is heard is for one person
	drawn   int               // of all of these so far
}

// A group is what is read together.
type group struct {
	rect   image.Rectangle
	label  string         // read when there is nothing else inside
	means  render.Meaning // nil: a card
	target bool
	secret bool // private
	layer  int
	at     int
}

// A heardLine is a text, or a paragraph, that was drawn.
type heardLine struct {
	text    string
	rect    image.Rectangle
	at      int
	layer   int
	late    bool
	private bool
}

// A toldItem is what a page says of a part of itself.
type toldItem struct {
	render.Spoken
	at int
}

func newEar() *ear { return &ear{langs: map[string]string{}} }

func (e *ear) line(text string, r image.Rectangle) {
	switch {
	case e == nil || r.Empty():
	case e.joins && len(e.lines) > 0:
		last := &e.lines[len(e.lines)-1]
		last.text, last.rect = last.text+" "+text, last.rect.Union(r)
	default:
		e.lines = append(e.lines, heardLine{text, r, e.drawn, e.layer, e.late, e.private})
		e.drawn++
	}
}

// card notes that what is drawn inside r belongs together.
func (e *ear) card(r image.Rectangle) {
	if e != nil {
		e.groups = append(e.groups, group{rect: r, layer: e.layer, at: e.drawn})
		e.drawn++
	}
}

// target notes what can be touched, or could be.
func (e *ear) target(t render.Target) {
	if e != nil && t.Label != "" {
		e.groups = append(e.groups, group{t.Drawn, t.Label, t.Means, true, e.private, e.layer, e.drawn})
		e.drawn++
	}
}

// groupAt returns the group that what is at p belongs to, or -1: the last that
// can be touched, or else the last card.
func (e *ear) groupAt(p image.Point, layer int) int {
	best := -1
	for i, g := range e.groups {
		if p.In(g.rect) && g.layer == layer && (best < 0 || g.target || !e.groups[best].target) {
			best = i
		}
	}
	return best
}

// goesOn says whether the next line is of the same paragraph as the last.
func (e *ear) goesOn(yes bool) {
	if e != nil {
		e.joins = yes
	}
}

// foreign notes the language of content.
func (e *ear) foreign(s, lang string) {
	if e != nil && s != "" && lang != "" {
		e.langs[s] = lang
	}
}

// langOf returns the language of words that were drawn, which may be a part of
// the content they come of.
func (e *ear) langOf(s, wall string) string {
	if lang, ok := e.langs[s]; ok {
		return lang
	}
	begin := strings.TrimSuffix(s, "…")
	for content, lang := range e.langs {
		if begin != s && strings.HasPrefix(content, begin) {
			return lang
		}
	}
	return wall
}

// tell has r read aloud in these words instead of those that are drawn there.
// say is only called when somebody listens.
func (c *canvas) tell(r layout.Rect, say func() []render.Phrase) {
	if c.ear == nil {
		return
	}
	it := render.Spoken{Rect: c.rect(r), Say: slices.DeleteFunc(say(), func(p render.Phrase) bool { return p.Text == "" }), Private: c.ear.private}
	c.ear.told = append(c.ear.told, toldItem{it, c.ear.drawn})
	c.ear.drawn++
}

// recorded has the words that draw draws heard as staff recorded them; where they did
// not, or that cannot be played, they are read like any others.
func (c *canvas) recorded(sound board.AssetID, draw func()) {
	if c.ear == nil || sound == "" {
		draw()
		return
	}
	from, at := len(c.ear.lines), c.ear.drawn
	draw()
	var say []render.Phrase
	var r image.Rectangle
	for _, l := range c.ear.lines[from:] {
		say, r = append(say, c.phrase(l.text)), r.Union(l.rect)
	}
	c.ear.lines = c.ear.lines[:from]
	it := render.Spoken{Rect: r, Say: say, Sound: soundSource + string(sound), Private: c.ear.private}
	c.ear.told = append(c.ear.told, toldItem{it, at})
}

// soundSource begins what a recording is called in a frame.
const soundSource = "sound:"

// mute draws what is said elsewhere, or not worth saying.
func (c *canvas) mute(draw func()) {
	hears := c.ear
	c.ear = nil
	draw()
	c.ear = hears
}

// last has what draw draws read after everything else on its card.
func (c *canvas) last(draw func()) {
	if c.ear == nil {
		draw()
		return
	}
	was := c.ear.late
	c.ear.late = true
	draw()
	c.ear.late = was
}

// over begins what lies over the page, which is read first.
func (e *ear) over(r image.Rectangle) {
	if e != nil {
		e.layer++
		e.lead = r
		e.card(r)
	}
}

// tellFaces says who stands in a stack of faces, and how many more come where
// that may be known. They are named because they are shown.
func (c *canvas) tellFaces(r layout.Rect, crowd board.Crowd, faces []board.Participant, more int) {
	if c.ear == nil {
		return
	}
	list := make([]string, 0, len(faces)+1)
	for _, p := range faces {
		list = append(list, p.Name.Reveal())
	}
	switch {
	case !crowd.Exact || more == 0:
	case len(list) == 0:
		list = append(list, c.words.N("crowd.count", more))
	default:
		list = append(list, c.words.T("crowd.more", "n", more))
	}
	c.last(func() { c.ear.line(strings.Join(list, ", "), c.rect(r)) })
}

// lead says that the title of the page is in r: it is read first.
func (c *canvas) lead(r layout.Rect) {
	if c.ear != nil {
		c.ear.lead = c.rect(r)
	}
}

// tellNow says what day and time it is.
func (c *canvas) tellNow(r layout.Rect, day string) {
	c.tell(r, func() []render.Phrase {
		now := c.words.T("voice.now", "day", lang.Small(day), "date", c.words.Date(c.now), "time", c.words.Clock(c.now))
		return []render.Phrase{c.ours(now)}
	})
}

// ours is words of the wall.
func (c *canvas) ours(s string) render.Phrase { return render.Phrase{Text: s, Lang: c.words.Tag} }

// theirs is content, in the language it was written in.
func (c *canvas) theirs(t board.Text) render.Phrase {
	s, in := t.In(c.langs...)
	return render.Phrase{Text: s, Lang: string(in)}
}

// spoken returns what was heard, item by item.
func (c *canvas) spoken() []render.Spoken {
	e, footer := c.ear, c.rect(c.footer())
	items := slices.Clone(e.told)
	// silent reports whether better words stand for what is in r, or none at all.
	silent := func(r image.Rectangle, g int) bool {
		if g >= 0 && leads(e.groups[g].means) && r.Overlaps(footer) {
			return true
		}
		return slices.ContainsFunc(e.told, func(t toldItem) bool { return middleOf(r).In(t.Rect) })
	}
	in := make(map[int]int, len(e.groups)) // group → its item
	slices.SortStableFunc(e.lines, func(a, b heardLine) int { return order(a.late, b.late) })
	for _, l := range e.lines {
		g := e.groupAt(middleOf(l.rect), l.layer)
		if silent(l.rect, g) {
			continue
		}
		it := toldItem{render.Spoken{Rect: l.rect, Private: l.private}, l.at}
		if g >= 0 {
			it.Rect, it.at = e.groups[g].rect, e.groups[g].at
		}
		i, ok := in[g]
		if !ok || g < 0 {
			i = len(items)
			in[g] = i
			items = append(items, it)
		}
		items[i].Say = append(items[i].Say, c.phrase(l.text))
		items[i].Private = items[i].Private || l.private
	}
	for i, g := range e.groups { // pictures without a word on them
		_, said := in[i]
		if _, turns := g.means.(Turn); g.means != nil && !said && !turns && !silent(g.rect, i) {
			items = append(items, toldItem{render.Spoken{Rect: g.rect, Say: []render.Phrase{c.phrase(g.label)}, Private: g.secret}, g.at})
		}
	}
	slices.SortStableFunc(items, func(a, b toldItem) int {
		return cmp.Or(order(!middleOf(a.Rect).In(e.lead), !middleOf(b.Rect).In(e.lead)), a.at-b.at)
	})
	out := make([]render.Spoken, 0, len(items))
	for _, it := range items {
		if len(it.Say) > 0 {
			out = append(out, it.Spoken)
		}
	}
	return out
}

// order puts what is not late first.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// phrase is words as they were drawn.
func (c *canvas) phrase(s string) render.Phrase {
	if n, err := strconv.Atoi(strings.TrimPrefix(s, "+")); err == nil && s[0] == '+' {
		s = c.words.T("crowd.more", "n", n)
	}
	return render.Phrase{Text: s, Lang: c.ear.langOf(s, c.words.Tag)}
}

// leads reports whether a touch only leads elsewhere: the ways at the foot of
// every page are not read on each of them.
func leads(m render.Meaning) bool {
	switch m.(type) {
	case Go, Back, ReadAloud, Hush:
		return true
	}
	return false
}
