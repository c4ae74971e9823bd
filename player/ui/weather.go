package ui

import (
	"strconv"
	"strings"

	"tavle/assets/lang"
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// Weather is the weather of today and the days that come.
type Weather struct{}

func (Weather) there(b *board.Board) bool { return b.Has(board.ModuleWeather) }
func (p Weather) draw(c *canvas, _ Model) { c.weather(p) }

func bookTone(t *look.Theme) tone { return tone{t.Book, t.BookTint} }

// skies are the pictograms of the skies.
var skies = map[board.Sky]string{
	"clear": "sun", "partly": "sun-behind-cloud", "cloudy": "cloud", "rain": "cloud-with-rain",
	"thunder": "cloud-with-lightning", "snow": "cloud-with-snow", "fog": "fog",
}

// weather draws today large and the days after it beside, and says how old that
// is. Weather that cannot be believed any more is not on the board.
func (c *canvas) weather(p Weather) {
	c.page()
	t := bookTone(c.Theme)
	area := c.below()
	w := c.b.Weather
	if w == nil {
		c.header("sun", "", t, c.words.T("nav.weather"), "")
		c.card(area)
		c.empty(area, "umbrella", t.tint, c.words.T("weather.none_title"), c.words.T("weather.none_hint"))
		c.rail(p)
		return
	}
	c.header("sun", "", t, c.words.T("nav.weather"), c.words.T("roster.old", "when", c.dayTime(w.At)))
	gap := c.of(24, 20, 8)
	days := w.Days[1:min(len(w.Days), 5)]
	var today, rest layout.Rect
	switch {
	case c.class == look.Portrait:
		today, rest = area.CutTop(560, gap)
	case len(days) == 0:
		today = area
	default:
		today, rest = area.CutLeft(area.W*.46, gap)
	}
	if today.H < c.of(300, 300, 140) {
		c.dayAhead(today, t, w.Days[0])
	} else {
		c.weatherToday(today, t, w.Days[0])
	}
	rows := max(1, min(max(len(days), 4), int((rest.H+gap)/(c.of(110, 110, 54)+gap))))
	for i, d := range days[:min(len(days), rows)] {
		h := min((rest.H-gap*float32(rows-1))/float32(rows), c.of(240, 240, 120))
		c.dayAhead(layout.Rect{X: rest.X, Y: rest.Y + float32(i)*(h+gap), W: rest.W, H: h}, t, d)
	}
	c.rail(p)
}

// weatherToday draws one day large.
func (c *canvas) weatherToday(r layout.Rect, tn tone, d board.WeatherDay) {
	c.card(r)
	in := r.Pad(c.of(40, 40, 14), c.of(32, 32, 8), c.of(40, 40, 14), c.of(32, 32, 8))
	h := c.ty.Title.At(c.of(44, 44, 24))
	y := c.paragraph(c.wrap(c.words.Day(d.Date, c.now), h, in.W, 1), h, in.X, in.Y, start, c.Ink)
	sky, meta := c.ty.H1.At(c.of(68, 72, 30)), c.ty.Body.At(c.of(42, 44, 22))
	words := []string{c.degrees(d), c.words.T("weather." + string(d.Wind))}
	if d.Wind == "" {
		words = words[:1]
	}
	below := sky.Size*sky.Line + float32(len(words))*meta.Size*1.3
	panel := layout.Rect{X: in.X, Y: y + c.of(16, 16, 4), W: in.W, H: in.Bottom() - y - below - c.of(36, 36, 8)}
	if panel.H < c.of(80, 80, 40) { // beside the day rather than a strip below it
		side := in.Bottom() - below - in.Y - c.of(8, 8, 4)
		panel = layout.Rect{X: in.Right() - side, Y: in.Y, W: side, H: side}
	}
	side := min(c.of(240, 240, 100), panel.H*.8, panel.W*.8)
	c.box(panel, box{fill: tn.tint, radius: min(c.of(44, 44, 22), panel.H*.28)})
	c.picto(skies[d.Sky], panel.Center(side, side))
	y = in.Bottom() - below
	sky, _ = c.fits(c.words.T("weather."+string(d.Sky)), sky, in.W, sky.Size, sky.Size*.85, sky.Size*.7)
	y = c.paragraph(c.wrap(c.words.T("weather."+string(d.Sky)), sky, in.W, 1), sky, in.X, y, start, c.Ink)
	meta.Line = 1.3
	for _, s := range words {
		meta, _ = c.fits(s, meta, in.W, meta.Size, meta.Size*.9, meta.Size*.8)
		y = c.paragraph(c.wrap(s, meta, in.W, 1), meta, in.X, y, start, c.Ink2)
	}
}

// dayAhead draws one of the days that come.
func (c *canvas) dayAhead(r layout.Rect, tn tone, d board.WeatherDay) {
	c.card(r)
	side := min(r.H-c.of(32, 40, 12), r.W*.3)
	tile := layout.Rect{X: r.X + c.of(24, 24, 8), Y: r.MidY() - side/2, W: side, H: side}
	c.box(tile, box{fill: tn.tint, radius: side * .28})
	c.picto(skies[d.Sky], tile.Center(side*.66, side*.66))
	x := tile.Right() + c.of(28, 28, 12)
	w := r.Right() - c.of(28, 28, 10) - x
	t, m := c.ty.Title.At(c.of(42, 44, 23)), c.ty.Body.At(c.of(34, 36, 20))
	facts := []string{c.words.T("weather." + string(d.Sky)), c.degrees(d)}
	if d.Wind != "" && c.class != look.Small {
		facts[1] = c.words.Line(facts[1], c.words.T("weather."+string(d.Wind)))
	}
	head := c.words.Line(c.words.Day(d.Date, c.now), lang.Small(facts[0]))
	t, _ = c.fits(head, t, w, t.Size, t.Size*.92, t.Size*.84, t.Size*.76)
	m, _ = c.fits(facts[1], m, w, m.Size, m.Size*.92, m.Size*.84)
	t.Line = 1.12
	heads := c.wrap(head, t, w, max(1, min(2, int((r.H-m.Size*m.Line)/(t.Size*t.Line)))))
	y := r.MidY() - (float32(len(heads))*t.Size*t.Line+m.Size*m.Line)/2
	y = c.paragraph(heads, t, x, y, start, c.Ink)
	c.paragraph(c.wrap(facts[1], m, w, 1), m, x, y, start, c.Ink2)
}

// degrees says how warm it is, with a minus that is one.
func (c *canvas) degrees(d board.WeatherDay) string {
	n := func(i int) string { return strings.Replace(strconv.Itoa(i), "-", "−", 1) }
	if d.Low == d.High {
		return c.words.T("weather.degree", "n", n(d.High))
	}
	return c.words.T("weather.degrees", "low", n(d.Low), "high", n(d.High))
}
