package ui

import (
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// Documents is what the house has written down.
type Documents struct{ Page int }

// Document is one document, a leaf of it.
type Document struct {
	ID   board.DocumentID
	Leaf int
}

func (Documents) there(b *board.Board) bool { return b.Has(board.ModuleDocuments) }

func (p Document) there(b *board.Board) bool {
	_, ok := b.Document(p.ID)
	return ok
}

func (p Documents) draw(c *canvas, _ Model) { c.documents(p) }
func (p Document) draw(c *canvas, _ Model)  { c.document(p) }

// documents draws the list.
func (c *canvas) documents(p Documents) {
	c.page()
	t := staffTone(c.Theme)
	clock := c.header("file-text", "", t, c.words.T("nav.documents"), "")
	area := c.content()
	if len(c.b.Documents) == 0 {
		c.card(area)
		c.empty(area, "open-book", t.tint, c.words.T("documents.none_title"), c.words.T("documents.none_hint"))
		c.rail(p)
		return
	}
	var list []entry
	for _, d := range seated(c.order, seatDocuments, c.b.Documents, func(x *board.Document) string { return string(x.ID) }) {
		if d == nil {
			list = append(list, entry{})
			continue
		}
		e := entry{title: d.Title, icon: "file-text", means: Enter{Document{ID: d.ID}}}
		if len(d.Pages) > 0 {
			e.sub, e.picto = c.words.N("documents.count", len(d.Pages)), d.Pages[0].Picto
		}
		list = append(list, e)
	}
	s := shelf{t, int(c.of(2, 1, 1)), int(c.of(3, 6, 3)), false, false}
	s = c.fitted(s, area, len(list))
	pages, page := s.pages(len(list), p.Page)
	area = c.pageTurner(area, clock, page, pages, func(n int) Place { return Documents{n} })
	c.shelve(area, s, list, page)
	c.rail(p)
}

// document draws one leaf of a document, with the pictogram of its page.
func (c *canvas) document(p Document) {
	d, _ := c.b.Document(p.ID)
	c.page()
	t := staffTone(c.Theme)
	c.header("file-text", "", t, c.say(d.Title), "")
	area := c.content()
	area.H = c.handZone().Y - c.of(24, 24, 8) - area.Y
	c.card(area)
	if len(d.Pages) == 0 {
		c.empty(area, "open-book", t.tint, c.words.T("documents.none_title"), c.words.T("documents.none_hint"))
		c.backBar()
		return
	}
	type leaf struct {
		page  board.Page
		texts []leafText
		at    int
	}
	var all []leaf
	for _, page := range d.Pages {
		_, room := c.documentPage(area, page)
		texts := c.leaves(c.say(page.Text), c.reading(), room.W, room.H)
		for i := range max(1, len(texts)) {
			all = append(all, leaf{page, texts, i})
		}
	}
	pages, at := layout.Pages(len(all), 1, p.Leaf)
	on := all[at]
	side, room := c.documentPage(area, on.page)
	if on.page.Picto != "" {
		c.box(side, box{fill: t.tint, radius: side.W * .14})
		c.picto(on.page.Picto, side.Center(side.W*.6, side.W*.6))
	}
	if title := c.say(on.page.Title); title != "" {
		h := c.headOf(title, room.W)
		c.paragraph(h.lines, h.t, room.X, room.Y-h.high-c.of(20, 20, 6), start, c.Ink)
	}
	c.leaf(room, on.texts, on.at)
	c.readOn(c.backBar(), t, at, pages, func(i int) Place { return Document{p.ID, i} })
}

type heading struct {
	t     look.Type
	lines []run
	high  float32
}

// headOf sets the title of a page.
func (c *canvas) headOf(s string, w float32) heading {
	t := c.ty.H1.At(c.of(60, 60, 30))
	t.Line = 1.1
	t, lines := c.title(s, t, w, c.of(140, 140, 70))
	return heading{t, lines, float32(len(lines)) * t.Size * t.Line}
}

// documentPage returns where the pictogram of a page is, and where its text.
func (c *canvas) documentPage(area layout.Rect, p board.Page) (side, text layout.Rect) {
	in := area.Pad(c.of(56, 48, 18), c.of(48, 48, 14), c.of(56, 48, 18), c.of(40, 40, 10))
	text = in
	if p.Picto != "" {
		size := c.of(360, 300, 130)
		if c.class == look.Portrait {
			side, text = in.CutTop(size, 40)
			side.W = size
		} else {
			side, text = in.CutLeft(size, c.of(56, 0, 20))
			side.H = size
		}
	}
	if title := c.say(p.Title); title != "" {
		_, text = text.CutTop(c.headOf(title, text.W).high, c.of(20, 20, 6))
	}
	return side, text
}
