package ui

import (
	"slices"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// NewsList is what there is to read, the newest first.
type NewsList struct{ Page int }

// Article is one news item, a leaf of its text and which of its pictures is large.
type Article struct {
	ID    board.NewsID
	Leaf  int
	Photo board.AssetID // "": the first
}

func (NewsList) there(b *board.Board) bool { return b.Has(board.ModuleNews) }

func (p Article) there(b *board.Board) bool {
	_, ok := b.Article(p.ID)
	return ok
}

func (p NewsList) draw(c *canvas, _ Model) { c.newsList(p) }
func (p Article) draw(c *canvas, _ Model)  { c.article(p) }

// newsList draws the news.
func (c *canvas) newsList(p NewsList) {
	c.page()
	t := newsTone(c.Theme)
	clock := c.header("news", "", t, c.words.T("nav.news"), "")
	area := c.content()
	if len(c.b.News) == 0 {
		c.card(area)
		c.empty(area, "newspaper", t.tint, c.words.T("news.none"), c.words.T("news.hint"))
		c.rail(p)
		return
	}
	var list []entry
	for _, n := range seated(c.order, seatNews, c.b.News, func(x *board.News) string { return string(x.ID) }) {
		if n == nil {
			list = append(list, entry{})
			continue
		}
		e := entry{title: n.Title, sub: c.words.Day(n.Published, c.now), photo: n.Picture, picto: orNewspaper(n.Picto), means: Enter{Article{ID: n.ID}}}
		if e.photo == "" && len(n.Photos) > 0 {
			e.photo = n.Photos[0].Asset
		}
		if n.Author != nil {
			e.sub = c.words.Line(n.Author.Name.Reveal(), e.sub)
		}
		list = append(list, e)
	}
	s := shelf{t, int(c.of(2, 1, 1)), int(c.of(3, 6, 3)), false, false}
	s = c.fitted(s, area, len(list))
	pages, page := s.pages(len(list), p.Page)
	area = c.pageTurner(area, clock, page, pages, func(n int) Place { return NewsList{n} })
	c.shelve(area, s, list, page)
	c.rail(p)
}

// orNewspaper gives news without a pictogram a newspaper.
func orNewspaper(picto string) string {
	if picto == "" {
		return "newspaper"
	}
	return picto
}

// article draws one news item: its pictures, and its text leaf by leaf.
func (c *canvas) article(p Article) {
	n, _ := c.b.Article(p.ID)
	c.page()
	t := newsTone(c.Theme)
	left, right := c.spread()
	photos := n.Photos
	if n.Picture != "" {
		photos = append([]board.Photo{{Asset: n.Picture}}, photos...)
	}
	switch {
	case len(photos) > 0:
		c.slides(left, slides{photos, slide(photos, p.Photo), func(id board.AssetID) Place { return Article{p.ID, p.Leaf, id} }})
	default:
		left, right = c.spreadPlain(left, right)
		c.box(left, box{fill: t.tint, radius: c.of(48, 48, 24), shade: c.shade(&look.E1)})
		size := min(c.of(240, 240, 110), min(left.W, left.H)*.7)
		c.picto(orNewspaper(n.Picto), left.Center(size, size))
	}
	all, text := n.Sound, n.Sound // a recording says all there is to read, once
	if p.Leaf > 0 || n.Text.IsZero() {
		text = ""
	}
	if !n.Text.IsZero() {
		all = ""
	}
	var rest layout.Rect
	c.recorded(all, func() { rest = c.spreadHead(right, "news", t, c.words.T("news.title"), c.say(n.Title)) })
	rest = c.byline(rest, n)
	var who []board.Person
	for _, f := range n.Photos {
		for _, w := range f.Who {
			if !slices.ContainsFunc(who, func(x board.Person) bool { return x.ID == w.ID }) {
				who = append(who, w)
			}
		}
	}
	rest = c.inPictures(rest, who, "gallery.who")
	leaves := c.leaves(c.say(n.Text), c.reading(), rest.W, rest.H)
	pages, at := layout.Pages(len(leaves), 1, p.Leaf)
	c.recorded(text, func() { c.leaf(rest, leaves, at) })
	c.readOn(c.backBar(), t, at, pages, func(i int) Place { return Article{p.ID, i, p.Photo} })
}

// spreadPlain gives words more room beside a pictogram than beside pictures.
func (c *canvas) spreadPlain(left, right layout.Rect) (layout.Rect, layout.Rect) {
	if c.class == look.Portrait {
		all := left.To(right.Bottom())
		return all.CutTop(c.of(0, 440, 0), 32)
	}
	all := layout.Rect{X: left.X, Y: left.Y, W: right.Right() - left.X, H: left.H}
	return all.CutLeft(c.of(704, 0, 190), c.of(48, 0, 14))
}

// byline says who wrote it, and when.
func (c *canvas) byline(r layout.Rect, n board.News) layout.Rect {
	size := c.of(72, 72, 40)
	t := c.ty.Body.At(c.of(36, 36, 20))
	words, x := c.words.Day(n.Published, c.now), r.X
	line, rest := r.CutTop(size, c.of(24, 24, 8))
	if n.Author != nil {
		c.avatar(*n.Author, x, line.Y, size, face{})
		x += size + c.of(18, 18, 10)
		words = c.words.Line(n.Author.Name.Reveal(), words)
	} else {
		line, rest = r.CutTop(t.Size*t.Line, c.of(24, 24, 8))
	}
	t, _ = c.fits(words, t, r.Right()-x, t.Size, t.Size*.9, t.Size*.8)
	c.text(words, t, x, line.MidY()+t.Middle(), start, c.Ink2)
	return rest
}

// readOn draws the way to the next leaf, and the pager at the end of r.
func (c *canvas) readOn(r layout.Rect, t tone, at, pages int, to func(int) Place) {
	if pages < 2 {
		return
	}
	rest := c.pager(r, at, pages, to)
	b := button{icon: "chevron-right", label: c.words.T("news.more"), means: Turn{to(at + 1)}, kind: primary, tone: t.ink, size: c.of(44, 42, 24)}
	if w := c.width(b); at < pages-1 && w <= rest.W {
		// At the end, beside the pager, where the thumb already is.
		r, _ := rest.CutRight(w, 0)
		c.button(r, b)
	}
}
