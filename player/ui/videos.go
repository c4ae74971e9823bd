package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// Videos is the films of the house.
type Videos struct{ Page int }

// Video is one film. Whether it runs is in the model's [Film].
type Video struct{ ID board.VideoID }

func (Videos) there(b *board.Board) bool { return b.Has(board.ModuleVideos) }

func (p Video) there(b *board.Board) bool {
	_, ok := b.Video(p.ID)
	return ok
}

func (p Videos) draw(c *canvas, _ Model) { c.videos(p) }
func (p Video) draw(c *canvas, m Model)  { c.video(m, p) }

// Film is how far the film on its page has come. Nobody touches a film that is not
// in front of them: it stands as soon as another page is.
type Film struct {
	ID    board.VideoID
	Since time.Time     // since when it runs, or will; zero: it stands
	At    time.Duration // where it stood then
	Heard time.Time     // since when its sound is on; zero: it has none
	Held  bool          // it stands until the finger is up
}

// Play has a film run from where it stands, or again from the beginning.
type Play struct{ ID board.VideoID }

// Halt has it stand.
type Halt struct{ ID board.VideoID }

func (a Play) act(m Model) (Model, []Effect) {
	v, ok := m.Board.Video(a.ID)
	if !ok || v.Film == "" || m.place() != Video(a) {
		return m, nil
	}
	at, _ := m.filmAt(v)
	if at >= length(v) {
		at = 0
	}
	m.Film = m.rolled(v, at)
	return m, nil
}

func (a Halt) act(m Model) (Model, []Effect) {
	if v, ok := m.Board.Video(a.ID); ok && m.Film.ID == a.ID {
		at, _ := m.filmAt(v)
		m.Film = Film{ID: a.ID, At: at}
	}
	return m, nil
}

const (
	// filmStep is how long one picture of a film stands.
	filmStep = 40 * time.Millisecond
	// longestFilm is how long a film of unknown length may run.
	longestFilm = 10 * time.Minute
)

func length(v board.Video) time.Duration {
	if v.Length <= 0 || v.Length > longestFilm {
		return longestFilm
	}
	return v.Length
}

// filmAt returns where a film is, and whether it runs.
func (m Model) filmAt(v board.Video) (at time.Duration, runs bool) {
	switch f := m.Film; {
	case f.ID != v.ID || m.place() != (Video{v.ID}):
		return 0, false
	case f.Since.IsZero():
		return f.At, f.Held
	default:
		at = f.At + max(0, m.Now.Sub(f.Since))
		return min(at, length(v)), at < length(v)
	}
}

// watched lets go of a film whose page is not there any more. Whoever watches one
// is there, as long as it runs; who they are the wall does not take as said by
// that.
func (m Model) watched() Model {
	if m.Film == (Film{}) {
		return m
	}
	v, ok := board.Video{}, false
	if m.Board != nil {
		v, ok = m.Board.Video(m.Film.ID)
	}
	if !ok || m.place() != (Video{m.Film.ID}) {
		m.Film = Film{}
		return m
	}
	switch at, runs := m.filmAt(v); {
	case !runs:
		m.Film = Film{ID: v.ID, At: at}
	case m.Self == "" && !m.Film.Held: // a finger that never goes up watches nothing
		m.Last = m.Now
	}
	return m
}

// nextPicture returns when the film in front shows another picture; zero: it
// stands.
func (m Model) nextPicture() time.Time {
	if m.Board == nil || m.Film.Since.IsZero() {
		return time.Time{}
	}
	v, ok := m.Board.Video(m.Film.ID)
	if at, runs := m.filmAt(v); ok && runs {
		return m.Now.Add(filmStep - at%filmStep)
	}
	return time.Time{}
}

// videos draws the films to choose from.
func (c *canvas) videos(p Videos) {
	c.page()
	t := meetTone(c.Theme)
	clock := c.header("movie", "", t, c.words.T("nav.videos"), "")
	area := c.content()
	if len(c.b.Videos) == 0 {
		c.card(area)
		c.empty(area, "clapper-board", t.tint, c.words.T("videos.none_title"), c.words.T("videos.none_hint"))
		c.rail(p)
		return
	}
	var list []entry
	for _, v := range seated(c.order, seatVideos, c.b.Videos, func(x *board.Video) string { return string(x.ID) }) {
		if v == nil {
			list = append(list, entry{})
			continue
		}
		list = append(list, entry{title: v.Title, sub: c.filmFacts(*v), photo: v.Poster, picto: "clapper-board", means: Enter{Video{v.ID}}})
	}
	s := shelf{t, int(c.of(3, 2, 3)), int(c.of(2, 3, 2)), true, true}
	if len(list) <= s.cols {
		s.rows = 1
	}
	s = c.fitted(s, area, len(list))
	pages, page := s.pages(len(list), p.Page)
	area = c.pageTurner(area, clock, page, pages, func(n int) Place { return Videos{n} })
	c.shelve(area, s, list, page)
	c.rail(p)
}

// filmFacts says how long a film is, and in which sign language.
func (c *canvas) filmFacts(v board.Video) string {
	var facts []string
	switch s := int(v.Length.Seconds()); {
	case s <= 0:
	case s < 60:
		facts = append(facts, c.words.T("videos.seconds", "n", s))
	default:
		facts = append(facts, c.words.N("videos.minutes", (s+30)/60))
	}
	if sign := c.say(v.Sign); sign != "" {
		facts = append(facts, sign)
	}
	return c.words.Line(facts...)
}

// video draws a film: its picture with captions, how far it is, and beside it what
// it is called. It never begins by itself.
func (c *canvas) video(m Model, p Video) {
	v, _ := c.b.Video(p.ID)
	c.page()
	t := meetTone(c.Theme)
	left, right := c.spread()
	if c.class == look.Landscape { // a film is wider than a picture, and has no small ones below it
		all := layout.Rect{X: left.X, Y: left.Y, W: right.Right() - left.X, H: left.H}
		left, right = all.CutLeft(all.W*1240/1808, 48)
	}
	if c.class == look.Small {
		left, right = layout.Rect{X: left.X, Y: left.Y, W: right.Right() - left.X, H: left.H}.CutLeft((right.Right()-left.X)*.66, 14)
	}
	at, runs := m.filmAt(v)
	if c.class == look.Portrait { // what it is above the film, and the film where hands are
		left = left.To(right.Bottom())
		left = c.filmWords(left, t, v)
		high := left.W*9/16 + 120
		left = left.Pad(0, max(0, (left.H-high)/2), 0, 0)
	}
	screen := layout.Rect{X: left.X, Y: left.Y, W: left.W, H: min(left.W*9/16, left.H-c.of(120, 120, 44))}
	screen = layout.Rect{X: left.MidX() - screen.H*8/9, Y: left.Y, W: screen.H * 16 / 9, H: screen.H}
	c.screening(screen, v, at, runs)
	c.progress(layout.Rect{X: screen.X, Y: screen.Bottom() + c.of(28, 28, 10), W: screen.W, H: c.of(20, 20, 10)}, t, v, at)

	if c.class != look.Portrait {
		c.filmWords(right, t, v)
	}
	bar := c.backBar()
	b := button{icon: "player-play", label: c.words.T("videos.play"), means: Play{v.ID}, kind: primary, tone: t.ink, size: c.of(48, 44, 25)}
	switch {
	case v.Film == "":
		b = button{icon: "clock", label: c.words.T("videos.coming"), reason: true, size: b.size}
	case runs:
		b.icon, b.label, b.means, b.kind = "player-pause", c.words.T("videos.pause"), Halt{v.ID}, secondary
	case at >= length(v):
		b.icon, b.label = "refresh", c.words.T("videos.again")
	}
	r, _ := bar.CutRight(min(c.width(b)+c.of(32, 0, 0), bar.W), 0)
	if c.class != look.Landscape {
		r = bar
	}
	if m.hearsFilm() && c.readsAlong(m) {
		return // the way to stop it stands there
	}
	c.button(r, b)
}

// filmWords says what a film is called, how long it is and who is in it, and
// returns what is left of r.
func (c *canvas) filmWords(r layout.Rect, t tone, v board.Video) layout.Rect {
	rest := c.spreadHead(r, "movie", t, c.words.T("nav.videos"), c.say(v.Title))
	if facts := c.filmFacts(v); facts != "" {
		ty := c.ty.Body.At(c.of(38, 38, 21))
		lines := c.wrap(facts, ty, rest.W, 2)
		y := c.paragraph(lines, ty, rest.X, rest.Y, start, c.Ink2)
		rest = layout.Rect{X: rest.X, Y: y + c.of(20, 20, 8), W: rest.W}.To(rest.Bottom())
	}
	return c.inPictures(rest, v.Who, "gallery.who")
}

// screening draws the picture of a film, the disc that has it run, and what is
// said.
func (c *canvas) screening(r layout.Rect, v board.Video, at time.Duration, runs bool) {
	radius := c.of(48, 48, 24)
	c.frameOf(r, radius)
	if v.Poster != "" {
		c.photo(v.Poster, r, r, radius)
	}
	if v.Film != "" && (runs || at > 0) {
		c.film(v.Film, at, r, radius)
	}
	c.subtitles(r, v, at, runs || at > 0)
	switch {
	case v.Film == "":
	case runs:
		if !c.low && !c.tiny { // it reaches too high; the button below does the same
			c.touch(r, c.words.T("videos.pause"), Halt{v.ID})
		}
	default:
		label, icon := c.words.T("videos.play"), "player-play"
		if at >= length(v) {
			label, icon = c.words.T("videos.again"), "refresh"
		}
		means := render.Meaning(Play{v.ID})
		size := min(c.hand(160, 160, 88), r.H*.6)
		clear := r
		if at > 0 && c.class != look.Landscape && c.said(v, at) != "" { // of what is said
			clear, _ = r.CutTop(r.H*.42, 0)
			size = min(size, clear.H*.86)
		}
		disc, pressed := c.press(clear.Center(size, size), means)
		fill := c.Surface
		if pressed {
			fill = c.Bg2
		}
		c.box(disc, box{fill: fill, radius: size / 2, shade: c.shade(&look.E2)})
		c.icon(icon, disc.Center(size*.55, size*.55), 2, c.Ink)
		if !c.low && !c.tiny {
			c.touch(r, label, means)
		}
	}
}

// film draws the picture that a film shows at a moment.
func (c *canvas) film(id board.AssetID, at time.Duration, r layout.Rect, radius float32) {
	px := c.rect(r)
	window := c.rect(r).Sub(px.Min)
	source := "film:" + string(id) + "@" + strconv.FormatInt((at-at%filmStep).Milliseconds(), 10)
	c.picture(source, r, render.Crop{Window: window, Radius: c.px(radius)})
	if c.Photo < 1 {
		c.box(r, box{fill: look.Fade(rgba{A: 255}, 1-c.Photo), radius: radius, clip: r})
	}
}

// subtitles draws what is said now on a plate of its own.
func (c *canvas) subtitles(r layout.Rect, v board.Video, at time.Duration, begun bool) {
	said := c.said(v, at)
	if !begun || said == "" {
		return
	}
	t := c.ty.Title.At(c.of(40, 38, 22))
	t.Line = 1.25
	pad := c.of(28, 26, 12)
	lines := c.wrap(said, t, r.W-4*pad, 3)
	w := float32(0)
	for _, l := range lines {
		w = max(w, l.w)
	}
	h := float32(len(lines))*t.Size*t.Line + pad
	plate := layout.Rect{X: r.MidX() - w/2 - pad, Y: r.Bottom() - c.of(24, 24, 8) - h, W: w + 2*pad, H: h}
	ink, on := rgba{R: 0x10, G: 0x12, B: 0x12, A: 255}, rgba{R: 255, G: 255, B: 255, A: 255}
	c.box(plate, box{fill: ink, radius: c.of(24, 24, 12)})
	c.mute(func() { c.paragraph(lines, t, plate.MidX(), plate.Y+pad/2, middle, on) }) // the film says it
}

// said returns what is said in a film at a moment, in the first language of the
// screen that there are captions in.
func (c *canvas) said(v board.Video, at time.Duration) string {
	for _, lang := range append(slices.Clone(c.langs), "da", "nb", "nn", "sv", "en") {
		if !slices.ContainsFunc(v.Cues, func(q board.Cue) bool { return q.Text[lang] != "" }) {
			continue
		}
		var said []string
		for _, q := range v.Cues {
			if ms := int(at.Milliseconds()); q.From <= ms && ms < q.To && q.Text[lang] != "" {
				said = append(said, q.Text[lang])
			}
		}
		return strings.Join(said, "\n")
	}
	return ""
}

// progress draws how much of a film has been shown, and in how long it ends.
func (c *canvas) progress(r layout.Rect, t tone, v board.Video, at time.Duration) {
	c.box(r, box{fill: c.Bg2, radius: r.H / 2, panel: true})
	if v.Length <= 0 {
		return
	}
	if part := float32(min(at, v.Length)) / float32(v.Length); part > 0 {
		full, _ := r.CutLeft(max(r.H, r.W*part), 0)
		if c.rtl { // time in films runs to the right everywhere, as their clocks do
			full, _ = r.CutRight(full.W, 0)
		}
		c.box(full, box{fill: c.chosen(t.ink), radius: r.H / 2})
	}
}
