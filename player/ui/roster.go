package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// watch is one part of the day somebody works: day, evening or night. Shifts of
// other kinds stand in the watch they overlap most.
type watch struct {
	kind     string // "day", "evening", "night"
	icon     string
	from, to time.Time
	who      []onShift
}

var watchKinds = []struct {
	kind, icon string
	from, to   int // hours, for a house that has no shift of the kind
}{{"day", "sun", 7, 15}, {"evening", "sunset-2", 15, 23}, {"night", "moon", 23, 31}}

// watches returns the watches of a day, those nobody works left out.
func (c *canvas) watches(day Date) []watch {
	start := day.In(c.now.Location())
	out := make([]watch, len(watchKinds))
	for i, k := range watchKinds {
		out[i] = watch{kind: k.kind, icon: k.icon, from: start.Add(time.Duration(k.from) * time.Hour), to: start.Add(time.Duration(k.to) * time.Hour)}
		for _, s := range c.b.Shifts {
			if s.Type == k.kind && DateOf(s.From) == day {
				out[i].from, out[i].to = s.From, s.To
				break
			}
		}
	}
	for _, s := range c.b.Shifts {
		if DateOf(s.From) != day {
			continue
		}
		w := slices.MaxFunc([]*watch{&out[0], &out[1], &out[2]}, func(a, b *watch) int {
			return cmp.Compare(a.covers(s), b.covers(s))
		})
		w.who = append(w.who, onShift{s.Person, c.role(s)})
	}
	return slices.DeleteFunc(out, func(w watch) bool { return len(w.who) == 0 })
}

// covers returns how much of a shift lies in the watch; its own kind counts
// most.
func (w *watch) covers(s board.Shift) time.Duration {
	if s.Type == w.kind {
		return 48 * time.Hour
	}
	from, to := w.from, w.to
	if s.From.After(from) {
		from = s.From
	}
	if s.To.Before(to) {
		to = s.To
	}
	return to.Sub(from)
}

func (w watch) on(t time.Time) bool { return !t.Before(w.from) && t.Before(w.to) }

// tones of the watches.
func (c *canvas) watchTone(kind string) tone {
	switch kind {
	case "evening":
		return tone{c.News, c.NewsTint}
	case "night":
		return waitTone(c.Theme)
	}
	return tone{c.Meal, c.HoneyTint}
}

// roster draws who works, today or all week.
func (c *canvas) roster(m Model, p Roster) {
	c.page()
	sub := ""
	_, week := c.now.ISOWeek()
	if p.Week {
		sub = c.words.T("time.week", "n", week)
	}
	if c.b.Roster == board.RosterOld {
		sub = c.words.T("roster.old", "when", c.when(m.Link.DownSince))
	}
	clock := c.header("id-badge-2", "", tone{c.Staff, c.StaffTint}, c.words.T("nav.roster"), sub)
	area := c.headerSegment(c.content(), clock, c.Staff, []choice{
		{c.words.T("time.today"), Turn{Roster{}}, !p.Week},
		{c.words.T("time.whole_week"), Turn{Roster{Week: true}}, p.Week},
	})
	alpha := float32(1)
	if c.b.Roster == board.RosterOld {
		alpha = .6
	}
	switch {
	case len(c.b.Shifts) == 0:
		c.card(area)
		c.empty(area, "calendar", c.StaffTint, c.words.T("roster.none_title"), c.words.T("roster.none_hint"))
	case p.Week:
		c.faded(alpha, func() { c.rosterWeek(area) })
	default:
		c.faded(alpha, func() { c.rosterToday(area) })
	}
	c.rail(p)
}

// shiftDay returns the day whose watches count now: before the night has ended
// it is still yesterday.
func (c *canvas) shiftDay() Date {
	yesterday := DateOf(c.now).Add(-1)
	for _, w := range c.watches(yesterday) {
		if w.kind == "night" && w.on(c.now) {
			return yesterday
		}
	}
	return DateOf(c.now)
}

func (c *canvas) rosterToday(area layout.Rect) {
	list := c.watches(c.shiftDay())
	if len(list) == 0 {
		c.card(area)
		c.empty(area, "calendar", c.StaffTint, c.words.T("roster.none_title"), c.words.T("roster.none_hint"))
		return
	}
	gap := c.of(24, 20, 8)
	weights := make([]float32, len(list))
	total := float32(0)
	for i, w := range list {
		weights[i] = c.of(.8, 0, 1) + float32(columnsFor(len(w.who)))
		if c.class == look.Portrait {
			weights[i] = 1.1 + float32((len(w.who)+3)/4)
		}
		total += weights[i]
	}
	room := area.W
	if c.class == look.Portrait {
		room = area.H
	}
	room -= gap * float32(len(list)-1)
	at := layout.Rect{X: area.X, Y: area.Y, W: area.W, H: area.H}
	for i, w := range list {
		var r layout.Rect
		if c.class == look.Portrait {
			r, at = at.CutTop(room*weights[i]/total, gap)
		} else {
			r, at = at.CutLeft(room*weights[i]/total, gap)
		}
		c.watchCard(r, w)
	}
}

// watchCard draws one watch and everybody in it.
func (c *canvas) watchCard(r layout.Rect, w watch) {
	now := w.on(c.now)
	b := box{fill: c.Surface, radius: c.cardRadius(), shade: c.shade(&look.E1)}
	if now {
		b.border, b.edge = c.of(6, 6, 4), c.Staff
	}
	c.box(r, b)
	c.ear.card(c.rect(r))
	t := c.watchTone(w.kind)
	size := c.of(80, 80, 38)
	pad := c.of(30, 28, 10)
	tile := layout.Rect{X: r.X + pad, Y: r.Y + c.of(33, 28, 10), W: size, H: size}
	c.box(tile, box{fill: t.tint, radius: size * .32})
	c.icon(w.icon, tile.Center(size*.65, size*.65), 2.2, t.ink)
	x := tile.Right() + c.of(18, 18, 8)
	right := r.Right() - pad
	if now {
		nt := c.ty.Min.At(c.of(30, 30, 20)).In(700)
		word := c.words.T("time.now")
		nw, nh := c.line(word, nt).w+c.of(56, 56, 24), c.of(64, 64, 32)
		pill := layout.Rect{X: right - nw, Y: tile.MidY() - nh/2, W: nw, H: nh}
		if c.class == look.Small {
			pill = pill.Move(4, -14)
		}
		c.box(pill, box{fill: c.Staff, radius: nh / 2})
		c.text(word, nt, pill.MidX(), pill.MidY()+nt.Middle(), middle, c.Surface)
		right = pill.X - 12
	}
	h := c.ty.TitleL.At(c.of(46, 46, 24))
	h.Line = 1.12
	hours := c.words.T("time.range", "from", c.words.Clock(w.from), "to", c.words.Clock(w.to))
	ht := c.ty.Label.At(c.of(34, 34, 20)).In(600).Digits()
	ht, whole := c.fits(hours, ht, r.Right()-pad-x, ht.Size, ht.Size*.88, ht.Size*.76)
	if !whole {
		hours = "" // no room for when it is; the word says it
	}
	y := tile.MidY() - (h.Size*h.Line+ht.Size*1.25)/2
	h, _ = c.fits(c.words.T("roster."+w.kind), h, right-x, h.Size, h.Size*.85)
	c.text(c.words.T("roster."+w.kind), h, x, y+h.Baseline(), start, c.Ink)
	c.text(hours, ht, x, y+h.Size*h.Line+ht.Size*(.625+.334), start, c.Ink2)
	c.watchPeople(layout.Rect{X: r.X + pad, Y: tile.Bottom() + c.of(30, 24, 8), W: r.W - 2*pad}.To(r.Bottom()-c.of(16, 16, 6)), w.who)
}

// columnsFor returns in how many columns n people stand on a card.
func columnsFor(n int) int {
	switch {
	case n <= 1:
		return 1
	case n <= 4:
		return 2
	}
	return 3
}

func (c *canvas) watchPeople(r layout.Rect, people []onShift) {
	size, nameH, roleH := c.of(162, 132, 60), c.of(50, 48, 28), float32(0)
	t, rt := c.ty.Title.At(c.of(42, 40, 23)), c.ty.Body.At(c.of(30, 30, 20))
	cols := max(1, min(len(people), int(r.W/c.of(190, 185, 92))))
	if c.class == look.Landscape {
		cols = min(cols, columnsFor(len(people)))
	}
	roleW := r.W/float32(cols) - 12
	for _, p := range people {
		if p.who == nil || p.role == "" || c.class == look.Small {
			continue
		}
		roleH = max(roleH, c.of(42, 40, 0))
		if _, one := c.roleType(p.role, rt, roleW); !one {
			roleH = c.of(72, 70, 0)
		}
	}
	if size+c.of(10, 8, 2)+nameH+roleH > r.H { // no room for what they do
		roleH = 0
		size = max(c.of(84, 72, 24), min(size, r.H-c.of(10, 8, 2)-nameH))
		if size+c.of(10, 8, 2)+nameH > r.H+c.of(16, 16, 6) || size < 30 { // nor for faces
			c.weekNames(r, people)
			return
		}
	}
	if c.class == look.Small && roleH == 0 { // as large as the room lets them be
		each := r.H/float32((len(people)+cols-1)/cols) - c.of(0, 0, 2) - nameH - c.of(0, 0, 4)
		size = max(size, min(each, r.W/float32(cols)-12, 96))
	}
	if c.class == look.Portrait {
		each := r.H/float32((len(people)+cols-1)/cols) - 8 - nameH - roleH - 12
		size = max(size, min(each, r.W/float32(cols)-24, 210))
	}
	rowH := size + c.of(10, 8, 2) + nameH + roleH + c.of(18, 12, 4)
	rows := max(1, int((r.H+c.of(18, 12, 4))/rowH))
	if cols*rows < 2 && len(people) > 1 { // one name says more than a number
		c.weekNames(r, people)
		return
	}
	over := 0
	if len(people) > cols*rows {
		over = len(people) - (cols*rows - 1)
		people = people[:cols*rows-1]
	}
	for i, p := range people {
		cell := layout.Rect{X: r.X + float32(i%cols)*r.W/float32(cols), Y: r.Y + float32(i/cols)*rowH, W: r.W / float32(cols), H: rowH}
		x := cell.MidX() - size/2
		if p.who == nil {
			c.nobody(x, cell.Y, size)
			c.name(p.role, t.At(t.Size*.86), cell.MidX(), cell.Y+size+c.of(10, 8, 2), cell.W-12, nameH, c.Ink2)
			continue
		}
		c.avatar(*p.who, x, cell.Y, size, face{})
		c.name(p.who.Name.Reveal(), t, cell.MidX(), cell.Y+size+c.of(10, 8, 2), cell.W-12, nameH, c.Ink)
		if p.role != "" && roleH > 0 {
			fit, _ := c.roleType(p.role, rt, roleW)
			y := cell.Y + size + c.of(10, 8, 2) + nameH
			c.paragraph(c.wrap(p.role, fit, roleW, 2), fit, cell.MidX(), y, middle, c.Ink2)
		}
	}
	if over > 0 {
		i := len(people)
		cell := layout.Rect{X: r.X + float32(i%cols)*r.W/float32(cols), Y: r.Y + float32(i/cols)*rowH, W: r.W / float32(cols)}
		c.disc(cell.MidX(), cell.Y+size/2, size/2, c.Bg2)
		mt := c.ty.Title.At(size * .34).In(800)
		c.text("+"+itoa(over), mt, cell.MidX(), cell.Y+size/2+mt.Middle(), middle, c.Ink)
	}
}

// roleType returns the size a role is written in, and whether it is one line.
func (c *canvas) roleType(role string, t look.Type, w float32) (look.Type, bool) {
	t.Line = 1.15
	return c.fits(role, t, w, t.Size, t.Size*.94)
}

// rosterWeek draws seven days and three watches: days across on a wide panel,
// down on a tall one.
func (c *canvas) rosterWeek(area layout.Rect) {
	monday := DateOf(c.now).Add(-((int(c.now.Weekday()) + 6) % 7))
	days := make([]Date, 7)
	byDay := make([][]watch, 7)
	for i := range days {
		days[i] = monday.Add(i)
		byDay[i] = c.watches(days[i])
	}
	if c.class != look.Landscape {
		c.weekDown(area, days, byDay)
		return
	}
	c.weekAcross(area.Pad(0, -c.of(8, 0, 0), 0, -c.of(4, 0, 0)), days, byDay)
}

func find(list []watch, kind string) []onShift {
	for _, w := range list {
		if w.kind == kind {
			return w.who
		}
	}
	return nil
}

func (c *canvas) weekAcross(area layout.Rect, days []Date, byDay [][]watch) {
	gap := c.of(12, 0, 4)
	heads, rest := area.CutTop(c.of(76, 0, 36), gap)
	side := c.labelWidth(byDay)
	cols := heads.Pad(side+gap, 0, 0, 0).Columns(7, gap)
	for i, r := range cols {
		c.weekHead(r, days[i])
		c.tellDay(r.To(area.Bottom()), days[i], byDay[i])
	}
	heights := []float32{326, 204, 82}
	unit := (rest.H - 2*gap) / (326 + 204 + 82)
	for k, kind := range watchKinds {
		var row layout.Rect
		row, rest = rest.CutTop(heights[k]*unit, gap)
		label, cells := row.CutLeft(side, gap)
		c.mute(func() { c.watchLabel(label, kind.kind, kind.icon, c.weekHours(kind.kind, byDay)) })
		for i, r := range cells.Columns(7, gap) {
			c.weekCell(r, days[i], c.of(28, 0, 12), c.of(5, 0, 3))
			c.weekPeople(r, find(byDay[i], kind.kind))
		}
	}
}

func (c *canvas) weekDown(area layout.Rect, days []Date, byDay [][]watch) {
	gap, side := c.of(0, 10, 4), c.of(0, 150, 84)
	heads, rest := area.CutTop(c.of(0, 84, 26), gap)
	for i, r := range heads.Pad(side+gap, 0, 0, 0).Columns(3, gap) {
		c.mute(func() { c.watchLabel(r, watchKinds[i].kind, "", c.weekHours(watchKinds[i].kind, byDay)) })
	}
	if n := int((rest.H + gap) / (c.of(0, 70, 26) + gap)); n < len(days) { // from today on, as many as there is room for
		first := min(max(0, slices.Index(days, DateOf(c.now))), len(days)-max(1, n))
		days, byDay = days[first:first+max(1, n)], byDay[first:first+max(1, n)]
	}
	for i, row := range rest.Rows(len(days), gap) {
		c.tellDay(row, days[i], byDay[i])
		label, cells := row.CutLeft(side, gap)
		c.weekHead(label, days[i])
		for k, r := range cells.Columns(3, gap) {
			c.weekCell(r, days[i], c.of(0, 24, 8), c.of(0, 5, 3))
			switch people := find(byDay[i], watchKinds[k].kind); {
			case c.class == look.Small:
				c.weekNames(r, people)
			case r.W < 200: // a name has no room beside a face
				c.weekStack(r, people)
			default:
				c.weekPeople(r, people)
			}
		}
	}
}

// tellDay says who works on a day: day, evening, night.
func (c *canvas) tellDay(r layout.Rect, day Date, watches []watch) {
	c.tell(r, func() []render.Phrase {
		said := []render.Phrase{c.ours(c.words.Day(day.In(c.now.Location()), c.now))}
		for _, w := range watches {
			list := make([]string, 0, len(w.who))
			for _, p := range w.who {
				if p.who != nil {
					list = append(list, p.who.Name.Reveal())
				} else {
					list = append(list, p.role)
				}
			}
			said = append(said, c.ours(c.words.T("roster."+w.kind)+": "+strings.Join(list, ", ")))
		}
		if len(said) == 1 {
			return nil // nobody knows
		}
		return said
	})
}

// weekCell draws what a watch of a day stands on. What is over is no card any
// more: the hub sends nobody who worked the day before yesterday.
func (c *canvas) weekCell(r layout.Rect, day Date, radius, border float32) {
	b := box{fill: c.Surface, radius: radius, shade: c.shade(&look.E1)}
	switch today := DateOf(c.now); {
	case day == today:
		b.border, b.edge = border, c.Staff
	case day.Before(today.Add(-1)):
		b.fill, b.shade = c.Bg2, nil
	}
	c.box(r, b)
}

func (c *canvas) weekHead(r layout.Rect, day Date) {
	at := day.In(c.now.Location())
	fill, on := c.weekday(int(at.Weekday()))
	c.box(r, box{fill: fill, radius: c.of(26, 24, 12), shade: c.shade(&look.E1)})
	word := c.words.WeekdayShort(at.Weekday())
	if day == DateOf(c.now) {
		word = c.words.T("time.today")
	}
	t := c.ty.Title.At(c.of(38, 34, 20)).In(800)
	n := c.ty.Title.At(c.of(38, 34, 20)).In(600).Digits()
	num := itoa(day.Day)
	gap := c.of(12, 8, 5)
	if c.class == look.Portrait {
		c.text(word, t, r.MidX(), r.MidY()-6, middle, on)
		c.text(num, n, r.MidX(), r.MidY()+36, middle, on)
		return
	}
	w := c.line(word, t).w + gap + c.line(num, n).w
	if w > r.W-6 {
		t, n = t.At(c.legible(t.Size*.86)), n.At(c.legible(n.Size*.86))
		w = c.line(word, t).w + gap + c.line(num, n).w
	}
	x := r.MidX() - w/2
	x += c.text(word, t, x, r.MidY()+t.Middle(), start, on) + gap
	c.text(num, n, x, r.MidY()+n.Middle(), start, on)
}

// labelWidth returns how wide the names of the watches stand: as the design has
// it, or as wide as their hours.
func (c *canvas) labelWidth(byDay [][]watch) float32 {
	w := c.of(150, 0, 70)
	for _, k := range watchKinds {
		w = max(w, c.line(c.weekHours(k.kind, byDay), c.ty.Min.Digits()).w+c.of(24, 0, 12))
	}
	return min(w, c.of(220, 0, 100))
}

// weekHours says from when to when a watch is, if that is so all week.
func (c *canvas) weekHours(kind string, byDay [][]watch) string {
	hours := ""
	for _, day := range byDay {
		for _, w := range day {
			if w.kind != kind {
				continue
			}
			s := c.words.T("time.range", "from", c.words.Hour(w.from), "to", c.words.Hour(w.to))
			if hours != "" && s != hours {
				return ""
			}
			hours = s
		}
	}
	return hours
}

func (c *canvas) watchLabel(r layout.Rect, kind, icon, hours string) {
	t := c.watchTone(kind)
	c.box(r, box{fill: t.tint, radius: c.of(30, 24, 12)})
	word := c.words.T("roster." + kind)
	w, h := c.ty.TitleL.At(c.of(36, 34, 20)), c.ty.Min.Digits()
	if r.H < 2*h.Size {
		hours = "" // one line only
	}
	w, _ = c.fits(word, w, r.W-8, w.Size, w.Size*.85)
	h, whole := c.fits(hours, h, r.W-8, h.Size, h.Size*.88, h.Size*.78)
	if !whole {
		hours = ""
	}
	size := c.of(56, 0, 28)
	if icon == "" || r.H < c.of(140, 0, 80) {
		size = 0
	}
	lineW, lineH := w.Size*1.25, h.Size*1.25
	if hours == "" {
		lineH = 0
	} else if size > 0 {
		lineH += c.of(8, 0, 0)
	}
	y := r.MidY() - (size+lineW+lineH)/2
	if size > 0 {
		c.icon(icon, layout.Rect{X: r.MidX() - size/2, Y: y, W: size, H: size}, 2.2, t.ink)
		y += size
	}
	c.text(word, w, r.MidX(), y+lineW/2+w.Middle(), middle, t.ink)
	c.text(hours, h, r.MidX(), y+lineW+lineH-h.Size*.625+h.Middle(), middle, t.ink)
}

// weekNames lists names on one line, whole ones only, and how many more.
func (c *canvas) weekNames(r layout.Rect, people []onShift) {
	t := c.ty.Label.At(c.ty.Min.Size).In(600)
	words := ""
	for i, p := range people {
		label := p.role
		if p.who != nil {
			label = p.who.Name.Reveal()
		}
		if i > 0 {
			label = words + ", " + label
		}
		more := ""
		if rest := len(people) - i - 1; rest > 0 {
			more = " +" + itoa(rest)
		}
		if i > 0 && c.line(label+more, t).w > r.W-16 {
			words += " +" + itoa(len(people)-i)
			break
		}
		words = label
	}
	for _, l := range c.wrap(words, t, r.W-12, 1) {
		c.put(l, r.X+8, r.MidY()+t.Middle(), start, c.Ink)
	}
}

// weekStack lists names below each other, as many as fit, and how many more.
func (c *canvas) weekStack(r layout.Rect, people []onShift) {
	t := c.ty.Label.At(c.ty.Min.Size).In(600)
	high := t.Size * 1.14
	fit := max(1, int((r.H-8)/high))
	y := r.MidY() - float32(min(fit, len(people)))*high/2 + high*.78
	for i, p := range people[:min(fit, len(people))] {
		label := p.role
		if p.who != nil {
			label = p.who.Name.Reveal()
		}
		if rest := len(people) - fit; i == fit-1 && rest > 0 {
			label += " +" + itoa(rest)
		}
		for _, l := range c.wrap(label, t, r.W-16, 1) {
			c.put(l, r.X+10, y, start, c.Ink)
		}
		y += high
	}
}

// weekPeople lists faces and names, as many as fit, the rest as a number.
func (c *canvas) weekPeople(r layout.Rect, people []onShift) {
	size, step := c.of(56, 44, 26), c.of(60, 47, 28)
	pad := c.of(14, 11, 5)
	fit := max(1, int((r.H-2*pad+step-size)/step))
	over := 0
	if len(people) > fit {
		over = len(people) - (fit - 1)
		people = people[:fit-1]
	}
	y := r.Y + c.of(16, 11, 5)
	if fit == 1 {
		y = r.MidY() - size/2
	}
	t := c.ty.Label.At(c.of(32, 30, 20)).In(600)
	x := r.X + pad
	w := r.W - 2*pad - size - c.of(12, 10, 5)
	for _, p := range people {
		label := p.role
		if p.who != nil {
			label = p.who.Name.Reveal()
		}
		ty, whole := c.fits(label, t, w, t.Size, t.Size*.88, t.Size*.78, t.Size*.7)
		left, room := x+size+c.of(12, 10, 5), w
		switch {
		case p.who != nil:
			c.avatar(*p.who, x, y, size, face{})
		case whole:
			c.nobody(x, y, size)
		default: // the word says more than the sign
			left, room = x, r.W-2*pad
		}
		for _, l := range c.wrap(label, ty, room, 1) {
			c.put(l, left, y+size/2+ty.Middle(), start, c.Ink)
		}
		y += step
	}
	if over > 0 {
		c.disc(x+size/2, y+size/2, size/2, c.Bg2)
		mt := c.ty.Title.At(size * .4).In(800)
		c.sign("+"+itoa(over), mt, x+size/2, y+size/2, c.Ink)
	}
}
