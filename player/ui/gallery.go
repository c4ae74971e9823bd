package ui

import (
	"slices"
	"strings"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// Gallery is the albums of the house.
type Gallery struct{ Page int }

// Album is one album, and which of its pictures is large.
type Album struct {
	ID    board.AlbumID
	Photo board.AssetID // "": the first
}

func (Gallery) there(b *board.Board) bool { return b.Has(board.ModuleGallery) }

func (p Album) there(b *board.Board) bool {
	_, ok := b.Album(p.ID)
	return ok
}

func (p Gallery) draw(c *canvas, _ Model) { c.gallery(p) }
func (p Album) draw(c *canvas, _ Model)   { c.album(p) }

func newsTone(t *look.Theme) tone { return tone{t.News, t.NewsTint} }

// gallery draws the albums.
func (c *canvas) gallery(p Gallery) {
	c.page()
	t := newsTone(c.Theme)
	clock := c.header("photo", "", t, c.words.T("nav.gallery"), "")
	area := c.content()
	if len(c.b.Albums) == 0 {
		c.card(area)
		c.empty(area, "camera", t.tint, c.words.T("gallery.none_title"), c.words.T("gallery.none_hint"))
		c.rail(p)
		return
	}
	var list []entry
	for _, a := range seated(c.order, seatAlbums, c.b.Albums, func(x *board.Album) string { return string(x.ID) }) {
		if a == nil {
			list = append(list, entry{})
			continue
		}
		e := entry{title: a.Title, sub: c.words.N("gallery.count", len(a.Photos)), picto: "camera", means: Enter{Album{ID: a.ID}}}
		if len(a.Photos) == 0 {
			e.sub = c.words.T("gallery.none_title")
		} else {
			e.photo = a.Photos[0].Asset
		}
		list = append(list, e)
	}
	s := shelf{t, int(c.of(3, 2, 3)), int(c.of(2, 3, 2)), true, false}
	if len(list) <= s.cols {
		s.rows = 1
	}
	s = c.fitted(s, area, len(list))
	pages, page := s.pages(len(list), p.Page)
	area = c.pageTurner(area, clock, page, pages, func(n int) Place { return Gallery{n} })
	if c.class == look.Landscape {
		area.H = min(area.H, float32(s.rows)*480)
	}
	c.shelve(area, s, list, page)
	c.rail(p)
}

// album draws one picture large, the others small, and beside it what it shows
// and who is in it.
func (c *canvas) album(p Album) {
	a, _ := c.b.Album(p.ID)
	c.page()
	t := newsTone(c.Theme)
	s := slides{a.Photos, slide(a.Photos, p.Photo), func(id board.AssetID) Place { return Album{p.ID, id} }}
	left, right := c.spread()
	if len(a.Photos) == 0 {
		c.card(left)
		c.empty(left, "camera", t.tint, c.words.T("gallery.none_title"), c.words.T("gallery.none_hint"))
		c.spreadHead(right, "photo", t, c.words.T("nav.gallery"), c.say(a.Title))
		c.backBar()
		return
	}
	c.slides(left, s)
	rest := c.spreadHead(right, "photo", t, c.words.T("nav.gallery"), c.say(a.Title))
	photo := a.Photos[s.at]
	rest = c.inPictures(rest, photo.Who, "gallery.who_one")
	c.leaf(rest, c.leaves(c.say(photo.Alt), c.reading(), rest.W, rest.H), 0)
	c.backBar()
}

// Slides are pictures, one of them large.
type slides struct {
	photos []board.Photo
	at     int
	to     func(board.AssetID) Place
}

// slide returns which picture is meant. One that was taken back in the meantime
// gives its place to the first.
func slide(photos []board.Photo, id board.AssetID) int {
	return max(0, slices.IndexFunc(photos, func(p board.Photo) bool { return p.Asset == id }))
}

// spread returns where pictures are on a page to look at, and where words are.
func (c *canvas) spread() (pictures, words layout.Rect) {
	col := c.column()
	top := max(c.of(40, 40, 12), c.mm(8))
	if c.tiny {
		top = 12 // there it needs every line
	}
	col = layout.Rect{X: col.X, Y: top, W: col.W, H: c.handZone().Y - c.of(24, 24, 8) - top}
	switch c.class {
	case look.Portrait:
		return col.CutTop(min(col.W*.92, col.H*.52), 32)
	case look.Small:
		return col.CutLeft(col.W*.55, 14)
	}
	return col.CutLeft(col.W*1040/1808, 48)
}

// spreadHead draws what the page is, the time and its title, and returns what is
// left of the column of words.
func (c *canvas) spreadHead(r layout.Rect, icon string, t tone, what, title string) layout.Rect {
	clock := c.clock(r.Right(), r.Y+c.of(40, 40, 22))
	ty := c.ty.Title.At(c.of(36, 36, 21))
	h, pad, size := c.of(72, 72, 40), c.of(22, 22, 12), c.of(44, 44, 26)
	line := c.line(what, ty)
	y := r.Y + c.of(4, 4, 2)
	if c.class != look.Small || r.X+2*pad+size+line.w+c.of(12, 12, 6) < clock-8 {
		chip := layout.Rect{X: r.X, Y: y, W: 2*pad + size + c.of(12, 12, 6) + line.w, H: h}
		c.box(chip, box{fill: t.tint, radius: c.of(20, 20, 12)})
		c.icon(icon, layout.Rect{X: chip.X + pad, Y: chip.MidY() - size/2, W: size, H: size}, 2.2, t.ink)
		c.mute(func() { c.put(line, chip.X+pad+size+c.of(12, 12, 6), chip.MidY()+ty.Middle(), start, t.ink) })
	}
	h1 := c.ty.H1.At(c.of(70, 68, 32))
	h1.Line = 1.08
	_, rest := r.CutTop(c.of(108, 112, 48), 0)
	h1, lines := c.title(title, h1, rest.W, c.of(240, 160, 80))
	head := layout.Rect{X: r.X, Y: rest.Y, W: r.W, H: float32(len(lines)) * h1.Size * h1.Line}
	c.ear.card(c.rect(head))
	c.lead(head)
	bottom := c.paragraph(lines, h1, rest.X, rest.Y, start, c.Ink)
	return layout.Rect{X: r.X, Y: bottom + c.of(24, 24, 8), W: r.W}.To(r.Bottom())
}

// slides draws the large picture with the ways to the ones beside it, and below
// it the small ones.
func (c *canvas) slides(r layout.Rect, s slides) {
	large, radius := r, c.of(48, 48, 24)
	if len(s.photos) > 1 && c.class != look.Small {
		var row layout.Rect
		row, large = r.CutBottom(r.H*172/856, 24)
		if c.class == look.Portrait {
			row, large = r.CutBottom(r.W*.17, 20)
		}
		c.thumbs(row, s)
	}
	photo := s.photos[s.at]
	c.frameOf(large, radius)
	c.photo(photo.Asset, large, large, radius)
	c.tell(large, func() []render.Phrase { return []render.Phrase{c.theirs(photo.Alt)} })
	if len(s.photos) == 1 {
		return
	}
	size, in := c.hand(128, 128, 72), c.of(28, 28, 10)
	beside := func(x float32, icon, key string, n int) {
		b := layout.Rect{X: x, Y: min(max(large.MidY()-size/2, c.reach()), large.Bottom()-size-in), W: size, H: size}
		if n < 0 || n >= len(s.photos) {
			return
		}
		means := render.Meaning(Turn{s.to(s.photos[n].Asset)})
		draw, pressed := c.press(b, means)
		fill := c.Surface
		if pressed {
			fill = c.Bg2
		}
		c.box(draw, box{fill: fill, radius: size / 2, shade: c.shade(&look.E2)})
		c.icon(icon, draw.Center(size*.6, size*.6), 2.6, c.Ink)
		c.touch(b, c.words.T(key), means)
	}
	beside(large.X+in, "chevron-left", "gallery.previous", s.at-1)
	beside(large.Right()-in-size, "chevron-right", "gallery.next", s.at+1)
	t := c.ty.Title.At(c.of(32, 32, 20)).Digits()
	words := c.words.T("gallery.at", "n", s.at+1, "total", len(s.photos))
	h, pad := c.of(60, 60, 34), c.of(28, 28, 14)
	w := c.line(words, t).w + 2*pad
	plate := layout.Rect{X: large.MidX() - w/2, Y: large.Bottom() - c.of(28, 28, 10) - h, W: w, H: h}
	c.box(plate, box{fill: c.Ink, radius: h / 2})
	c.text(words, t, plate.MidX(), plate.MidY()+t.Middle(), middle, c.Surface)
}

// frameOf draws the place of a picture that is still on its way.
func (c *canvas) frameOf(r layout.Rect, radius float32) {
	c.box(r, box{fill: c.Bg2, radius: radius, shade: c.shade(&look.E1)})
	size := min(r.W, r.H) * .3
	c.icon("photo", r.Center(size, size), 1.6, c.Ink3)
}

// thumbs draws four of the pictures small, those around the large one.
func (c *canvas) thumbs(row layout.Rect, s slides) {
	const n = 4
	first := max(0, min(s.at-s.at%n, len(s.photos)-n))
	if s.at/n*n+n > len(s.photos) {
		first = max(0, len(s.photos)-n)
	}
	radius := c.of(36, 36, 18)
	for i, r := range row.Columns(n, 20) {
		if first+i >= len(s.photos) {
			break
		}
		p := s.photos[first+i]
		means := render.Meaning(Turn{s.to(p.Asset)})
		draw, _ := c.press(r, means)
		c.frameOf(draw, radius)
		c.photo(p.Asset, draw, draw, radius)
		if first+i == s.at {
			w := c.of(10, 10, 6)
			c.box(draw, box{radius: radius, border: w + c.of(5, 5, 3), edge: c.Surface})
			c.box(draw, box{radius: radius, border: w, edge: c.chosen(c.News)})
		}
		c.touch(r, c.words.T("gallery.at", "n", first+i+1, "total", len(s.photos)), means)
	}
}

// inPictures draws who is in the pictures, faces and names, at the bottom of r,
// and returns what is left. Only who wants to be named is here.
func (c *canvas) inPictures(r layout.Rect, who []board.Person, key string) layout.Rect {
	if len(who) == 0 {
		return r
	}
	names := make([]string, len(who))
	for i, p := range who {
		names[i] = p.Name.Reveal()
	}
	pad, size := c.of(26, 26, 12), c.of(80, 80, 44)
	t, n := c.ty.Title.At(c.of(34, 34, 20)), c.ty.Label.At(c.of(32, 32, 20))
	faces := min(len(who), int(c.of(5, 5, 3)))
	stack := size + float32(faces-1)*(size-overlap(size))
	room := r.W - 2*pad - stack - c.of(20, 20, 8)
	lines := c.wrap(strings.Join(names, ", "), n, room, 3)
	h := max(size, t.Size*t.Line+float32(len(lines))*n.Size*n.Line) + 2*c.of(20, 20, 6)
	if h > r.H*.7 {
		return r
	}
	card, rest := r.CutBottom(h, c.of(20, 20, 8))
	c.card(card)
	y := card.MidY() - (t.Size*t.Line+float32(len(lines))*n.Size*n.Line)/2
	y = c.paragraph(c.wrap(c.words.T(key), t, room, 1), t, card.X+pad, y, start, c.Ink)
	c.paragraph(lines, n, card.X+pad, y, start, c.Ink2)
	x := card.Right() - pad - stack
	for _, p := range who[:faces] {
		c.avatar(p, x, card.MidY()-size/2, size, face{ring: c.Surface, ringW: c.of(5, 5, 3)})
		x += size - overlap(size)
	}
	return rest
}
