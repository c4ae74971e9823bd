package ui

import (
	"time"

	"tavle/player/ui/look"
	"tavle/render/layout"
)

// How home says that there is no network, how old what it shows is, and whose
// business that is.

// When the age of what is shown is said, and when it is for staff to see to.
const (
	staleAfter = time.Hour
	warnAfter  = 24 * time.Hour
)

// stale returns how long the hub has not been heard, as far as is known.
func (m Model) stale() time.Duration {
	if m.Link.Live || m.Link.DownSince.IsZero() {
		return 0
	}
	return m.Now.Sub(m.Link.DownSince)
}

// badge says that there is no network, and that it does not matter, as much of
// it as there is room for. It is touched to read more; the touch counts on a
// larger area than is drawn.
func (c *canvas) badge(m Model, room layout.Rect, a align) {
	if !m.offline() || c.low {
		return
	}
	c.offlineChip(m, room, a)
}

// badgeFits reports whether a badge that is to be drawn has the room.
func (c *canvas) badgeFits(m Model, w float32) bool {
	t := c.ty.Label.At(c.of(36, 34, 21)).In(700)
	t, _ = c.fits("", t, 0, t.Size*.8)
	return !m.offline() || c.low || c.line(c.words.T("offline.badge_short"), t).w+c.of(80, 80, 50) <= w
}

// lowBadge draws the badge above the content, where somebody who sits reaches it,
// and returns what is left: as much without a badge, so that nothing moves when it
// comes.
func (c *canvas) lowBadge(m Model, area layout.Rect) layout.Rect {
	if !c.low {
		return area
	}
	r, rest := area.Pad(0, c.mm(2), 0, 0).CutTop(max(c.of(58, 60, 36), c.mm(20)), c.gap(16, 16, 8)+c.mm(2))
	if m.offline() {
		c.offlineChip(m, r, start)
	}
	return rest
}

// offlineChip says that everything works; after an hour instead how old it is,
// and after a day also that it is for staff to see to.
func (c *canvas) offlineChip(m Model, room layout.Rect, a align) {
	words, least := []string{c.words.T("offline.badge")}, c.words.T("offline.badge_short")
	if m.stale() >= staleAfter {
		when := c.when(m.Link.DownSince)
		day := c.words.DayWithin(m.Link.DownSince.In(c.now.Location()), c.now)
		words = []string{
			c.words.T("offline.updated", "when", when), c.words.T("offline.updated_short", "when", when),
			c.words.T("offline.updated_short", "when", day),
		}
	}
	label := words[0]
	net := pill{icon: "cloud-off", ink: c.Wait, fill: c.Surface}
	staff := pill{icon: "id-badge-2", ink: c.Warn, fill: c.WarnTint}
	shown := []*pill{&net}
	said := []string{""}
	if m.stale() >= warnAfter {
		shown, said = append(shown, &staff), []string{c.words.T("offline.staff"), ""} // its word gives way to the age
		label += ". " + said[0]
	}
	t, gap := c.offlineFit(shown, words, said, least, room.W)
	r := layout.Rect{X: room.X, Y: room.Y, W: c.pillsWidth(shown, t), H: room.H}
	if !c.tiny {
		r.H = max(r.H, c.mm(16))
		r.Y = room.MidY() - r.H/2
	}
	if a == end {
		r.X = room.Right() - r.W
	}
	rest := r
	for _, p := range shown {
		var at layout.Rect
		at, rest = rest.CutLeft(c.pillWidth(*p, t), gap)
		c.pill(at, *p, t)
	}
	if !c.tiny { // there it would be too small to be touched
		c.touchAround(r, (c.of(96, 96, 72)-r.H)/2, label, Explain{})
	}
}

// offlineFit puts into the pills the most that fits into w, or the least there is
// to say.
func (c *canvas) offlineFit(pills []*pill, net, staff []string, least string, w float32) (t look.Type, gap float32) {
	t, gap = c.ty.Label.At(c.of(36, 34, 21)).In(700), c.of(12, 12, 6)
	for _, s := range staff {
		pills[len(pills)-1].words = s
		for _, n := range net {
			pills[0].words = n
			for _, f := range []float32{1, .9, .8} {
				if t = t.At(c.legible(c.of(36, 34, 21) * f)); c.pillsWidth(pills, t) <= w {
					return t, gap
				}
			}
		}
	}
	pills[0].words = least
	if c.pillsWidth(pills, t) > w {
		pills[0].words = "" // the sky says it, and the page behind the sign
	}
	return t, gap
}

// pillsWidth returns how wide pills beside each other are.
func (c *canvas) pillsWidth(pills []*pill, t look.Type) float32 {
	w := c.of(12, 12, 6) * float32(len(pills)-1)
	for _, p := range pills {
		w += c.pillWidth(*p, t)
	}
	return w
}

// A pill is an icon, and a few words, on a rounded bar.
type pill struct {
	icon, words string
	ink, fill   rgba
}

// pillWidth returns how wide a pill is.
func (c *canvas) pillWidth(p pill, t look.Type) float32 {
	w := 2*c.of(20, 20, 10) + t.Size*1.1
	if p.words != "" {
		w += c.of(14, 14, 8) + c.line(p.words, t).w
	}
	return w
}

func (c *canvas) pill(r layout.Rect, p pill, t look.Type) {
	pad, size := c.of(20, 20, 10), t.Size*1.1
	c.box(r, box{fill: p.fill, radius: r.H * .32, panel: true})
	c.icon(p.icon, layout.Rect{X: r.X + pad, Y: r.MidY() - size/2, W: size, H: size}, 2.2, p.ink)
	if p.words != "" {
		c.text(p.words, t, r.X+pad+size+c.of(14, 14, 8), r.MidY()+t.Middle(), start, p.ink)
	}
}
