package ui

import (
	"reflect"
	"slices"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// A part is one module as the wall offers it: a tab of the rail, or a tile of
// More.
type part struct {
	module board.Module
	icon   string
	word   string // its key in assets/lang
	tone   func(*look.Theme) tone
	to     Place
}

// parts lists the modules that have a page of their own. A module that is added
// to the wall gets a line here.
var parts = []part{
	{board.ModuleActivities, "calendar-event", "nav.activities", actTone, Activities{}},
	{board.ModuleMeals, "tools-kitchen-2", "nav.meals", mealTone, Meals{}},
	{board.ModuleRoster, "id-badge-2", "nav.roster", staffTone, Roster{}},
	{board.ModulePeople, "users", "nav.people", peopleTone, People{}},
	{board.ModuleNews, "news", "nav.news", newsTone, NewsList{}},
	{board.ModuleGallery, "photo", "nav.gallery", newsTone, Gallery{}},
	{board.ModuleDocuments, "file-text", "nav.documents", staffTone, Documents{}},
	{board.ModuleVideos, "movie", "nav.videos", meetTone, Videos{}},
	{board.ModuleWeather, "sun", "nav.weather", bookTone, Weather{}},
	{board.ModuleMeetings, "message-2", "nav.meetings", meetTone, Meetings{}},
	{board.ModuleBookings, "wash-machine", "nav.bookings", bookTone, Bookings{}},
	{board.ModuleGroups, "users-group", "nav.groups", peopleTone, Groups{}},
	{board.ModulePresence, "list-check", "nav.presence", peopleTone, Presence{}},
	{board.ModulePolls, "mood-smile", "nav.polls", meetTone, Polls{}},
}

// A Page is the first page of a module.
type Page struct {
	Module board.Module
	Place  Place
}

// Pages returns that of every module that has one.
func Pages() []Page {
	out := make([]Page, len(parts))
	for i, p := range parts {
		out[i] = Page{p.module, p.to}
	}
	return out
}

// The colours of the parts of the wall.
func actTone(t *look.Theme) tone    { return tone{t.Act, t.ActTint} }
func mealTone(t *look.Theme) tone   { return tone{t.Meal, t.MealTint} }
func staffTone(t *look.Theme) tone  { return tone{t.Staff, t.StaffTint} }
func peopleTone(t *look.Theme) tone { return tone{t.People, t.PeopleTint} }
func meetTone(t *look.Theme) tone   { return tone{t.Meet, t.MeetTint} }
func waitTone(t *look.Theme) tone {
	if t.Plain { // as the other parts are
		return tone{t.Ink, t.Bg}
	}
	return tone{t.Wait, t.WaitTint}
}

// onRail is how many modules stand on the rail between home and More, at most
//
const onRail = 3

// partsOf returns the parts of a house in its own order: so many that stand on
// the rail, and those that More holds.
func partsOf(b *board.Board, onRail int) (rail, more []part) {
	for _, m := range b.Modules {
		for _, p := range parts {
			if p.module == m {
				more = append(more, p)
			}
		}
	}
	n := min(len(more), onRail)
	return more[:n], more[n:]
}

// More is what has no tab of its own, and how the wall speaks and looks to
// whoever stands there.
type More struct{ Page int }

func (More) there(*board.Board) bool   { return true }
func (p More) draw(c *canvas, m Model) { c.more(p, m) }

// Enter opens a page from one that it leads back to.
type Enter struct{ To Place }

func (a Enter) act(m Model) (Model, []Effect) {
	if a.To != nil && a.To.there(m.Board) {
		m = m.push(a.To)
	}
	return m, nil
}

// A moreTile is one tile of More.
type moreTile struct {
	icon  string
	label string
	tone  tone
	means render.Meaning
	on    bool // a choice that is made
}

// settings returns the tiles that every house has.
func (c *canvas) settings(m Model) []moreTile {
	t := waitTone(c.Theme)
	tiles := []moreTile{
		{icon: "text-size", label: c.words.T("more.text"), tone: t, means: Larger{}, on: m.Manner.Text > m.Text},
		{icon: "contrast", label: c.words.T("more.colours"), tone: t, means: Clearer{}, on: m.Manner.Contrast != ""},
		{icon: "language", label: c.words.T("more.language"), tone: t, means: Enter{Languages{}}},
		{icon: "info-circle", label: c.words.T("more.about"), tone: t, means: Enter{About{}}},
	}
	if c.high() {
		tiles = append(tiles, moreTile{icon: "chevron-down", label: c.words.T("more.lower"), tone: t, means: Lower{!c.low}, on: c.low})
	}
	return tiles
}

// more draws the tiles of the modules, and in a row below them, at the same place
// on every page, what changes how the wall speaks and looks. Where there is no room
// for both it is one list, with the notice, and what brings buttons down to who
// sits, on its first page.
func (c *canvas) more(p More, m Model) {
	c.page()
	clock := c.header("layout-grid", "", waitTone(c.Theme), c.words.T("nav.more"), "")
	_, rest := partsOf(c.b, len(c.tabs())-2)
	var tiles []moreTile
	for _, m := range rest {
		tiles = append(tiles, moreTile{icon: m.icon, label: c.words.T(m.word), tone: m.tone(c.Theme), means: Enter{m.to}})
	}
	settings := c.settings(m)
	area, gap := c.content(), c.gap(24, 20, 8)
	least := c.hand(180, 180, 104)
	cols, rows := int(c.of(4, 3, 4)), int(c.of(2, 4, 2))
	if len(tiles) > cols*rows {
		cols = min(int(c.of(6, 3, 4)), (len(tiles)+rows-1)/rows)
	}
	if strip, above := c.settingsRow(area, len(settings)); c.class != look.Small && above.H >= float32(rows)*(least+gap)-gap {
		for i, r := range strip {
			c.setting(r, settings[i])
		}
		area = above
	} else {
		cols = int(c.of(4, 2, 4))
		rows = max(1, min(rows, int((area.H+gap)/(least+gap))))
		if len(tiles)+len(settings) > cols*rows {
			rows = max(1, min(rows, int((c.underPager(area).H+gap)/(least+gap))))
		}
		first := func(t moreTile) bool {
			_, lower := t.means.(Lower)
			return lower || t.means == Enter{About{}}
		}
		for _, s := range settings {
			if first(s) {
				tiles = slices.Insert(tiles, min(len(tiles), max(0, cols*rows-2)), s)
			}
		}
		tiles = append(tiles, slices.DeleteFunc(settings, first)...)
	}
	per := cols * rows
	pages, page := layout.Pages(len(tiles), per, p.Page)
	if pages == 1 && c.class == look.Portrait {
		rows = max(1, (len(tiles)+cols-1)/cols)
	}
	area = c.pageTurner(area, clock, page, pages, func(n int) Place { return More{n} })
	w := (area.W - gap*float32(cols-1)) / float32(cols)
	h := min((area.H-gap*float32(rows-1))/float32(rows), c.of(332, 480, 160)*max(1, c.h/c.of(1080, 1920, 480)))
	for i, tile := range tiles[page*per : min(len(tiles), (page+1)*per)] {
		c.moreTile(layout.Rect{X: area.X + float32(i%cols)*(w+gap), Y: area.Y + float32(i/cols)*(h+gap), W: w, H: h}, tile)
	}
	c.rail(p)
}

// settingsRow returns where n settings stand at the bottom of an area, and what is
// left above them.
func (c *canvas) settingsRow(area layout.Rect, n int) (at []layout.Rect, above layout.Rect) {
	gap, cols := c.gap(24, 20, 8), int(c.of(float32(n), 3, 4))
	rows := (n + cols - 1) / cols
	h := c.hand(116, 124, 72)
	strip, above := area.CutBottom(float32(rows)*(h+gap)-gap, c.gap(32, 32, 12))
	for i := range n {
		r := strip.Columns(cols, gap)[i%cols]
		r.Y, r.H = strip.Y+float32(i/cols)*(h+gap), h
		at = append(at, r)
	}
	return at, above
}

// setting draws one setting: its sign and the word beside it.
func (c *canvas) setting(r layout.Rect, s moreTile) {
	b := box{}
	if s.on {
		b = box{fill: c.Surface, border: c.of(6, 6, 4), edge: s.tone.ink}
	}
	draw := c.pressCard(r, s.label, s.means, b)
	side, pad := min(c.of(76, 76, 44), draw.H-c.of(20, 20, 8)), c.of(20, 18, 10)
	d := layout.Rect{X: draw.X + pad, Y: draw.MidY() - side/2, W: side, H: side}
	icon := s.icon
	if s.on {
		icon = "check"
	}
	c.box(d, box{fill: s.tone.tint, radius: side * .31})
	c.icon(icon, d.Center(side*.62, side*.62), 1.9, s.tone.ink)
	x := d.Right() + c.of(16, 14, 8)
	t, w := c.ty.Title.At(c.of(34, 32, 22)), draw.Right()-pad/2-x
	t.Line = 1.1
	t, one := c.fits(s.label, t, w, t.Size, t.Size*.94)
	lines := 2
	if one {
		lines = 1
	}
	runs := c.wrap(s.label, t, w, lines)
	c.paragraph(runs, t, x, draw.MidY()-float32(len(runs))*t.Size*t.Line/2, start, c.Ink)
}

// moreTile draws one tile: a sign on its tint, and the word.
func (c *canvas) moreTile(r layout.Rect, tile moreTile) {
	b := box{}
	if tile.on {
		b = box{fill: c.Surface, border: c.of(6, 6, 4), edge: tile.tone.ink}
	}
	draw := c.pressCard(r, tile.label, tile.means, b)
	t := c.ty.Title.At(c.of(44, 42, 24))
	t.Line = 1.1
	label, gap, room := t.Size*t.Line, c.of(26, 24, 6), draw.W-c.of(32, 32, 10)
	if _, one := c.fits(tile.label, t, room, t.Size, t.Size*.91, t.Size*.82); !one {
		label, gap = 2*1.08*c.legible(t.Size*.86), gap/2
	}
	side := min(c.of(168, 168, 84), draw.H-label-gap-c.of(56, 32, 12), draw.W*.6)
	top := draw.MidY() - (side+gap+label)/2
	d := layout.Rect{X: draw.MidX() - side/2, Y: top, W: side, H: side}
	c.box(d, box{fill: tile.tone.tint, radius: side * .31})
	c.icon(tile.icon, d.Center(side*.62, side*.62), 1.9, tile.tone.ink)
	if tile.on {
		br := side * .16
		c.disc(d.Right()-br*.4, d.Y+br*.4, br+c.of(5, 5, 3), c.Surface)
		c.disc(d.Right()-br*.4, d.Y+br*.4, br, tile.tone.ink)
		c.icon("check", layout.Rect{X: d.Right() - br*.4, Y: d.Y + br*.4}.Inset(-br*.62), 2.8, c.Surface)
	}
	c.name(tile.label, t, draw.MidX(), d.Bottom()+gap, room, label, c.Ink)
}

// sameTab reports whether two places are one tab.
func sameTab(a, b Place) bool { return reflect.TypeOf(a) == reflect.TypeOf(b) }
