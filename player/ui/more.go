package ui

import (
	"reflect"

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
}

// The colours of the parts of the wall.
func actTone(t *look.Theme) tone    { return tone{t.Act, t.ActTint} }
func mealTone(t *look.Theme) tone   { return tone{t.Meal, t.MealTint} }
func staffTone(t *look.Theme) tone  { return tone{t.Staff, t.StaffTint} }
func peopleTone(t *look.Theme) tone { return tone{t.People, t.PeopleTint} }
func meetTone(t *look.Theme) tone   { return tone{t.Meet, t.MeetTint} }
func waitTone(t *look.Theme) tone   { return tone{t.Wait, t.WaitTint} }

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

// more draws the tiles of the modules, and below them, at the same place on
// every page, those that change how the wall speaks and looks.
func (c *canvas) more(p More, m Model) {
	c.page()
	t := waitTone(c.Theme)
	clock := c.header("layout-grid", "", t, c.words.T("nav.more"), "")
	_, rest := partsOf(c.b, len(c.tabs())-2)
	var modules []moreTile
	for _, m := range rest {
		modules = append(modules, moreTile{icon: m.icon, label: c.words.T(m.word), tone: m.tone(c.Theme), means: Enter{m.to}})
	}
	settings := c.settings(m)
	area := c.content()
	cols, gapX, gapY := int(c.of(4, 2, 4)), c.gap(24, 20, 8), c.gap(24, 20, 8)
	rows := func(n int) int { return (n + cols - 1) / cols }
	most := int(c.of(3, 5, 2))
	fit := max(1, int((area.H+gapY)/(c.hand(180, 180, 104)+gapY)))
	if fit < most && rows(len(modules))+rows(len(settings)) > fit {
		fit = max(1, int((c.underPager(area).H+gapY)/(c.hand(180, 180, 104)+gapY)))
	}
	most = min(most, fit)
	below := rows(len(settings))
	if most <= below { // no room for both: one list, and the notice on its first page
		modules, settings, below = append(settings, modules...), nil, 0
	}
	per := max(1, most-below) * cols
	pages, page := layout.Pages(len(modules), per, p.Page)
	area = c.pageTurner(area, clock, page, pages, func(n int) Place { return More{n} })
	above := rows(min(len(modules), per))
	h := min((area.H-gapY*float32(above+below-1))/float32(above+below), c.of(332, 332, 160)*max(1, c.h/c.of(1080, 1920, 480)))
	w := (area.W - gapX*float32(cols-1)) / float32(cols)
	put := func(tiles []moreTile, row int) {
		for i, tile := range tiles {
			c.moreTile(layout.Rect{
				X: area.X + float32(i%cols)*(w+gapX), Y: area.Y + float32(row+i/cols)*(h+gapY), W: w, H: h,
			}, tile)
		}
	}
	// What fills the last row of the modules begins the settings' first: a house
	// with few modules has one grid.
	if pages == 1 && below > 0 && above+below > rows(len(modules)+len(settings)) {
		put(append(modules, settings...), 0)
	} else {
		put(modules[page*per:min(len(modules), (page+1)*per)], 0)
		put(settings, above)
	}
	c.rail(p)
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
	side := min(c.of(168, 168, 84), draw.H-label-gap-c.of(32, 32, 12), draw.W*.6)
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
