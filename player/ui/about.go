package ui

import (
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// About says what the wall shows and keeps of people, who answers for it, what
// everybody may ask for, and which screen this is. It needs no network.
type About struct{ Page int }

func (About) there(*board.Board) bool   { return true }
func (p About) draw(c *canvas, m Model) { c.about(p, m) }

// A Machine is what a screen says of itself; it names nobody.
type Machine struct {
	Screen  string // what the hub calls it; "": it is not the hub's yet
	Version string
}

// Named says which screen this is.
type Named struct{ Machine Machine }

func (Named) msg() {}

// A note is one part of what About says.
type note struct {
	icon  string
	title string
	lines []string
	small bool // it is for few
}

// notes returns all of it, what concerns people first.
func (c *canvas) notes(m Model) []note {
	keeper := []string{c.say(c.b.Keeper)}
	if c.b.Contact != "" {
		keeper = append(keeper, c.b.Contact)
	}
	if keeper[0] == "" {
		keeper[0] = c.words.T("about.keeper_unknown")
	}
	updated := c.words.T("about.updated_now")
	if !m.Link.Live && !m.Link.DownSince.IsZero() {
		updated = c.words.T("roster.old", "when", c.when(m.Link.DownSince))
	}
	screen := []string{updated}
	if m.Machine.Screen != "" {
		screen = append(screen, c.words.T("pair.screen", "name", m.Machine.Screen))
	}
	if m.Machine.Version != "" {
		screen = append(screen, c.words.T("pair.version", "version", m.Machine.Version))
	}
	return []note{
		{icon: "shield-check", title: c.words.T("about.keeper"), lines: keeper},
		{icon: "eye", title: c.words.T("about.shown"), lines: []string{c.words.T("about.shown_name"), c.words.T("about.shown_photo"), c.words.T("about.shown_joins")}},
		{icon: "lock", title: c.words.T("about.kept"), lines: []string{c.words.T("about.kept_here"), c.words.T("about.kept_never"), c.words.T("about.kept_gone")}},
		{icon: "heart", title: c.words.T("about.rights"), lines: []string{c.words.T("about.rights_no"), c.words.T("about.rights_see"), c.words.T("about.rights_ask")}},
		{icon: "device-tv", title: c.words.T("about.screen"), lines: screen},
		{icon: "thumb-up", title: c.words.T("about.thanks"), lines: []string{
			"Tavle Sans (Atkinson Hyperlegible), Noto: OFL 1.1", "Tabler Icons: MIT", "Fluent Emoji, Microsoft: MIT",
		}, small: true},
	}
}

// about draws it on cards, as many as can be read.
func (c *canvas) about(p About, m Model) {
	c.page()
	edition := c.words.T("about.edition")
	if c.class == look.Small {
		edition = "" // the pager stands there
	}
	area := c.content()
	list := c.notes(m)
	if c.class == look.Small && area.H < 150 {
		c.aboutOne(area, list, p)
		return
	}
	clock := c.header("info-circle", "", waitTone(c.Theme), c.words.T("more.about"), edition)
	cols, gap := int(c.of(2, 1, 2)), c.of(20, 18, 8)
	rows := max(1, int((area.H+gap)/(c.of(220, 224, 280)+gap)))
	pages, page := layout.Pages(len(list), cols*rows, p.Page)
	if pages > 1 && c.class != look.Small {
		rows = max(1, int((area.H-c.of(128, 148, 0)+gap)/(c.of(220, 224, 280)+gap)))
		pages, page = layout.Pages(len(list), cols*rows, p.Page)
	}
	area = c.pageTurner(area, clock, page, pages, func(n int) Place { return About{n} })
	cells, of := area.Grid(cols, rows, c.of(24, 18, 10), gap), float32(2)
	shown := list[page*cols*rows : min(len(list), (page+1)*cols*rows)]
	for i, n := range shown { // all in letters of one size
		of = min(of, c.noteSize(cells[i], n))
	}
	for i, n := range shown {
		c.note(cells[i], n, of)
	}
	c.aboutBar()
}

// aboutOne draws one part a page, with its title in the header, on a panel that has
// no room for titles below it.
func (c *canvas) aboutOne(area layout.Rect, list []note, p About) {
	pages, page := layout.Pages(len(list), 1, p.Page)
	n := list[page]
	clock := c.header(n.icon, "", waitTone(c.Theme), n.title, "")
	area = c.pageTurner(area, clock, page, pages, func(n int) Place { return About{n} })
	if c.heading.n == 0 { // it gave way: on two lines
		x := c.heading.x
		titles, t := c.titleLines(n.title, c.ty.Title.At(24), clock-52-2*c.hand(148, 136, 80)-c.gap(24, 16, 8)-x, 2)
		c.paragraph(titles, t, x, c.heading.mid-float32(len(titles))*t.Size*t.Line/2, start, c.Ink)
	}
	c.card(area)
	b := c.ty.Body.At(c.ty.Min.Size)
	b.Line = 1.2
	var lines []run
	for _, l := range n.lines {
		lines = append(lines, c.wrap(l, b, area.W-32, 2)...)
	}
	h := float32(len(lines)) * b.Size * b.Line
	if h > area.H-8 {
		b.Line = max(1.02, (area.H-8)/(float32(len(lines))*b.Size))
		lines = lines[:min(len(lines), int(area.H/(b.Size*b.Line)))]
		h = float32(len(lines)) * b.Size * b.Line
	}
	c.paragraph(lines, b, area.X+16, area.MidY()-h/2, start, c.Ink2)
	c.aboutBar()
}

// aboutBar draws the way back, and to the network.
func (c *canvas) aboutBar() {
	bar := c.backBar()
	b := button{icon: "router", label: c.words.T("about.network"), means: Enter{Network{}}}
	r, _ := bar.CutRight(min(c.width(b), bar.W), 0)
	c.button(r, b)
}

// noteHead sets the title of a part, and says where it ends.
func (c *canvas) noteHead(r layout.Rect, n note) (titles []run, t look.Type, bottom float32) {
	pad, icon := c.of(32, 30, 12), c.of(52, 52, 28)
	t = c.ty.Title.At(c.of(40, 38, 24)).In(800)
	room := r.W - 2*pad - icon - c.of(20, 18, 10)
	t, one := c.fits(n.title, t, room, t.Size, t.Size*.9, t.Size*.82)
	titles = c.wrap(n.title, t, room, 1)
	if !one {
		titles = c.wrap(n.title, t, room, 2)
	}
	y := r.Y + c.of(24, 24, 10)
	return titles, t, max(y+icon, y+icon/2+(float32(len(titles))-.5)*t.Size*t.Line)
}

// noteType is the type of what a part says, at a part of its size.
func (c *canvas) noteType(n note, of float32) look.Type {
	b := c.ty.Body.At(c.of(34, 34, 21))
	if n.small {
		b, of = b.At(c.ty.Min.Size), min(of, 1)
	}
	b.Line = 1.28
	return b.At(c.legible(b.Size * of))
}

// noteSize returns at which part of their size the letters of a part are whole.
func (c *canvas) noteSize(r layout.Rect, n note) float32 {
	sizes := []float32{1, .92, .84} // smaller rather than cut off
	if c.class == look.Small {
		sizes = []float32{1.3, 1.15, 1, .92, .84} // few cards, much room
	}
	_, _, y := c.noteHead(r, n)
	for _, of := range sizes {
		b, h := c.noteType(n, of), c.of(10, 10, 6)
		for _, l := range n.lines {
			h += float32(len(c.wrap(l, b, r.W-2*c.of(32, 30, 12), 3))) * b.Size * b.Line
		}
		if y+h <= r.Bottom()-8 {
			return of
		}
	}
	return sizes[len(sizes)-1]
}

// note draws one part: what it is about, and a sentence a line, at a part of its
// size.
func (c *canvas) note(r layout.Rect, n note, of float32) {
	c.card(r)
	pad, icon := c.of(32, 30, 12), c.of(52, 52, 28)
	x, y := r.X+pad, r.Y+c.of(24, 24, 10)
	c.icon(n.icon, layout.Rect{X: x, Y: y, W: icon, H: icon}, 2.1, c.Wait)
	titles, t, bottom := c.noteHead(r, n)
	c.paragraph(titles, t, x+icon+c.of(20, 18, 10), y+icon/2-t.Size*t.Line/2, start, c.Ink)
	y = bottom + c.of(10, 10, 6)
	b := c.noteType(n, of)
	for _, l := range n.lines {
		lines := c.wrap(l, b, r.W-2*pad, 3)
		if y+float32(len(lines))*b.Size*b.Line > r.Bottom() {
			return
		}
		y = c.paragraph(lines, b, x, y, start, c.Ink2)
	}
}
