package ui

import (
	"time"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render/layout"
)

// Network helps whoever sets a screen up: what it needs to reach its hub, in the
// order in which one thing needs the other. It may use their words, and knows
// nobody.
type Network struct{}

func (Network) there(*board.Board) bool { return true }
func (Network) draw(c *canvas, m Model) { c.network(m) }

// A Need is one of those things.
type Need uint8

// The needs, the first first.
const (
	NeedLink    Need = iota // a cable, or a wireless network
	NeedAddress             // from the network
	NeedName                // of the hub, as an address; or a way out
	NeedHub                 // something answers there
	NeedSecure              // by its key, at a time that can be
	Needs
)

// A Finding is what is known of one need.
type Finding uint8

// The findings.
const (
	NotTried   Finding = iota // one before it fails, or nothing was tried
	Fine                      // it is met
	Fails                     // it is not
	ClockFails                // it is not, because the machine's clock is wrong
)

// Net is what is known of the network.
type Net struct {
	Found  [Needs]Finding
	Detail [Needs]string // such as an address; no word of a language
	MAC    string
	Next   time.Time // it is tried again then; zero: nothing was tried
	Trying bool
}

// NetChanged says what was found.
type NetChanged struct{ Net Net }

func (NetChanged) msg() {}

// TryNetwork wants the network to be looked at; the answer is [NetChanged].
type TryNetwork struct{}

func (TryNetwork) effect() {}

// TryNow looks at the network at once.
type TryNow struct{}

func (TryNow) do(m Model) (Model, []Effect) { return m.tryNetwork() }

// tryEvery is how often the network is looked at while somebody wants to know.
const tryEvery = 15 * time.Second

// fails returns the first need that is not met; ok is false when none is known.
func (n Net) fails() (need Need, ok bool) {
	for i, f := range n.Found {
		if f == Fails || f == ClockFails {
			return Need(i), true
		}
	}
	return 0, false
}

// wantsNetwork reports whether somebody looks at the network, or a screen that
// belongs to no hub cannot reach any.
func (m Model) wantsNetwork() bool {
	if m.PairingShown() {
		return m.Pairing.Code == "" && m.Pairing.Obstacle == HubAway
	}
	_, here := m.place().(Network)
	return here && m.Board != nil
}

// networkShown reports whether the page is on the glass. A screen without a hub
// shows it where the trouble is nearer than the hub.
func (m Model) networkShown() bool {
	if !m.wantsNetwork() {
		return false
	}
	need, fails := m.Net.fails()
	return !m.PairingShown() || fails && need < NeedHub
}

// againOnline looks again when it is time.
func (m Model) againOnline() (Model, []Effect) {
	if m.Now.Before(m.Net.Next) {
		return m, nil
	}
	return m.tryNetwork()
}

// tryNetwork begins to look, unless that is under way.
func (m Model) tryNetwork() (Model, []Effect) {
	if m.Net.Trying || !m.wantsNetwork() {
		return m, nil
	}
	m.Net.Trying = true
	return m, []Effect{TryNetwork{}}
}

// network draws the needs, what to try, and the address of the machine.
func (c *canvas) network(m Model) {
	c.page()
	pad := c.column().X // as what stands in the hand zone
	if m.PairingShown() {
		pad = max(c.of(96, 48, 16), c.mm(8))
	}
	need, fails := m.Net.fails()
	title := c.words.T("net.looking")
	switch {
	case fails:
		title = c.words.T("net.title")
	case m.Net.Found[NeedSecure] == Fine:
		title = c.words.T("net.fine")
	}
	says := c.words.T("net.sub")
	head := layout.Rect{X: pad, Y: c.of(64, 64, 10), W: c.w - 2*pad, H: c.of(130, 150, 62)}
	if c.flat() { // what to try needs its room
		says, head.H = "", 48
	}
	size := c.of(88, 88, 48)
	tile := layout.Rect{X: head.X, Y: head.MidY() - size/2, W: size, H: size}
	c.box(tile, box{fill: c.PrimaryTint, radius: size * .31})
	c.icon("router", tile.Center(size*.62, size*.62), 2, c.Primary)
	x := tile.Right() + c.of(32, 28, 14)
	t := c.ty.H1.At(c.of(72, 60, 30))
	t, one := c.fits(title, t, head.Right()-x, t.Size, t.Size*.88, t.Size*.76)
	lines := c.wrap(title, t, head.Right()-x, 1)
	if !one {
		lines = c.wrap(title, t, head.Right()-x, 2)
	}
	sub := c.ty.Body.At(c.of(38, 34, 21))
	sub, _ = c.fits(says, sub, head.Right()-x, sub.Size, sub.Size*.9, sub.Size*.8)
	below := sub.Size * sub.Line
	if says == "" {
		below = 0
	}
	y := head.MidY() - (float32(len(lines))*t.Size*t.Line+below)/2
	y = c.paragraph(lines, t, x, y, start, c.Ink)
	if says != "" {
		c.paragraph(c.wrap(says, sub, head.Right()-x, 1), sub, x, y, start, c.Ink2)
	}

	foot := layout.Rect{X: pad, Y: c.handZone().Y, W: c.w - 2*pad, H: c.handZone().H}
	area := layout.Rect{X: pad, Y: head.Bottom() + c.of(46, 40, 8), W: c.w - 2*pad}
	area.H = foot.Y - c.of(26, 28, 8) - area.Y
	first, last := Need(0), Needs-1
	if fails && (c.flat() || c.class == look.Portrait && c.w < 900) { // what to try comes before what waits for it
		last = need
		if c.class == look.Small {
			first = need
		}
	}
	rows, beside := int(last-first)+1, c.of(.5, 0, .56)
	if first == last {
		beside = .51
	}
	var needs, help layout.Rect
	switch c.class {
	case look.Portrait:
		needs, help = area.CutTop(area.H*.52*float32(rows)/float32(Needs), 28)
	default:
		needs, help = area.CutLeft((area.W-c.of(48, 0, 12))*beside, c.of(48, 0, 12))
	}
	if c.class == look.Portrait && !fails && m.Net.MAC != "" && help.H < 520 { // nothing to try: the address alone
		needs, help = area.CutTop(area.H-262, 28)
	}
	if first == last { // the address has the rest of its column
		mac := needs.Pad(0, min(needs.H/2, 96)+12, 0, 0)
		needs.H = min(needs.H/2, 96)
		if m.Net.MAC != "" && mac.H > 60 {
			c.macPlate(mac, m.Net.MAC)
			m.Net.MAC = ""
		}
	}
	for i, r := range needs.Grid(1, rows, 0, c.of(16, 16, 6)) {
		c.need(r, m.Net, first+Need(i), fails && first+Need(i) > need)
	}
	c.networkHelp(help, m.Net)
	c.networkFoot(foot, m)
}

// needIcons stand at the end of the needs.
var needIcons = [Needs]string{"plug-connected", "router", "world", "cloud", "lock"}

// needKeys are the words of the needs.
var needKeys = [Needs]string{"net.link", "net.address", "net.name", "net.hub", "net.secure"}

// need draws one of them: whether it is met, and what is known.
func (c *canvas) need(r layout.Rect, n Net, i Need, waits bool) {
	found := n.Found[i]
	fill, ink, icon := c.Surface2, c.Ink2, "dots"
	detail := n.Detail[i]
	switch {
	case found == Fine:
		fill, ink, icon = c.OkTint, c.Ok, "check"
	case found == Fails, found == ClockFails:
		fill, ink, icon = c.DangerTint, c.Danger, "x"
		key := needKeys[i] + "_no"
		if found == ClockFails {
			key = "net.clock_no"
		}
		detail = c.words.T(key)
	case waits:
		detail = c.words.T("net.waits")
	case n.Trying:
		detail = c.words.T("net.trying")
	}
	if found != NotTried {
		c.box(r, box{fill: fill, radius: c.of(32, 30, 16)})
	}
	pad, size := c.of(30, 28, 12), min(c.of(72, 68, 36), r.H-8)
	d := layout.Rect{X: r.X + pad, Y: r.MidY() - size/2, W: size, H: size}
	c.box(d, box{fill: ink, radius: size / 2})
	c.icon(icon, d.Center(size*.6, size*.6), 3, c.Bg)
	side := c.of(52, 50, 28)
	if c.flat() { // its room is the word's
		side = -12
	} else {
		c.icon(needIcons[i], layout.Rect{X: r.Right() - pad - side, Y: r.MidY() - side/2, W: side, H: side}, 2, c.Ink2)
	}
	x := d.Right() + c.of(26, 24, 12)
	w := r.Right() - pad - side - 12 - x
	t, b := c.ty.Title.At(c.of(38, 36, 22)), c.ty.Meta.At(c.of(32, 30, 20)).Digits()
	t.Line, b.Line = 1.12, 1.2
	name := c.words.T(needKeys[i])
	t, _ = c.fits(name, t, w, t.Size, t.Size*.9, t.Size*.8)
	h := t.Size * t.Line
	details := c.wrap(detail, b, w, 2)
	if detail == "" {
		details = nil
	}
	if len(details) > 1 && h+2*b.Size*b.Line > r.H {
		b, _ = c.fits(detail, b, w, b.Size*.9, b.Size*.8)
		details = c.wrap(detail, b, w, 1)
	}
	h += float32(len(details)) * b.Size * b.Line
	if h > r.H { // there is room for one of them: for what is wrong, or else for what it is
		if found == Fails || found == ClockFails {
			name = detail
			t, _ = c.fits(name, t, w, t.Size, t.Size*.9, t.Size*.8)
		}
		h, details = t.Size*t.Line, nil
	}
	y := c.paragraph(c.wrap(name, t, w, 1), t, x, r.MidY()-h/2, start, c.Ink)
	c.paragraph(details, b, x, y, start, c.Ink)
}

// networkHelp draws what to try, if anything, and what the machine is called on a
// network, to be read, and to be taken with a telephone.
func (c *canvas) networkHelp(r layout.Rect, n Net) {
	mac := n.MAC
	c.card(r)
	pad := c.of(48, 44, 12)
	in := r.Pad(pad, c.of(40, 36, 6), pad, c.of(42, 36, 6))
	if c.class == look.Small && mac != "" && n.Found[NeedSecure] == Fine {
		c.macStacked(in, mac)
		return
	}
	var foot layout.Rect
	if mac != "" {
		foot, in = in.CutBottom(c.of(160, 190, 78), c.of(20, 20, 6))
	}
	switch fine := n.Found[NeedSecure] == Fine; {
	case !fine:
		c.networkSteps(in)
	case c.class != look.Small && in.H > 200: // where the title has to do
		c.calmStacked(in, "circle-check", c.words.T("net.fine"), "", "")
	}
	if mac == "" {
		return
	}
	c.box(foot, box{fill: c.Bg, radius: c.of(28, 28, 14)})
	c.macWords(foot, mac)
}

// macPlate draws the address of the machine on a card of its own.
func (c *canvas) macPlate(r layout.Rect, mac string) {
	c.card(r)
	c.macWords(r, mac)
}

// macStacked draws the address with its code above it.
func (c *canvas) macStacked(r layout.Rect, mac string) {
	mt, vt := c.ty.Meta.At(c.of(30, 28, 20)), c.ty.Title.At(c.of(44, 42, 22)).Digits()
	vt, _ = c.fits(mac, vt, r.W, vt.Size, vt.Size*.9)
	h := mt.Size*mt.Line + vt.Size*vt.Line
	side := min(r.H-h-c.of(20, 20, 8), r.W, 200)
	y := r.MidY() - (side+c.of(20, 20, 8)+h)/2
	if q := (layout.Rect{X: r.MidX() - side/2, Y: y, W: side, H: side}); side > 60 {
		c.box(q, box{fill: qrPaper, radius: c.of(12, 12, 4)})
		c.qr(q, mac)
		y = q.Bottom() + c.of(20, 20, 8)
	} else {
		y = r.MidY() - h/2
	}
	y = c.paragraph(c.wrap(c.words.T("net.mac"), mt, r.W, 1), mt, r.MidX(), y, middle, c.Ink)
	c.paragraph(c.wrap(mac, vt, r.W, 1), vt, r.MidX(), y, middle, c.Ink)
}

// macWords draws the address of the machine, and beside it, where that leaves it
// whole, as a code.
func (c *canvas) macWords(foot layout.Rect, mac string) {
	side := foot.H - c.of(20, 20, 8)
	q := layout.Rect{X: foot.Right() - side - c.of(12, 12, 6), Y: foot.MidY() - side/2, W: side, H: side}
	x, room := foot.X+c.of(28, 26, 12), q.X-foot.X-c.of(48, 44, 20)
	mt, vt := c.ty.Meta.At(c.of(30, 28, 20)), c.ty.Title.At(c.of(44, 42, 22)).Digits()
	vt, beside := c.fits(mac, vt, room, vt.Size, vt.Size*.9, vt.Size*.8)
	if beside {
		c.box(q, box{fill: qrPaper, radius: c.of(12, 12, 4)})
		c.qr(q, mac)
	} else {
		room = foot.W - 2*c.of(28, 26, 12)
		vt, _ = c.fits(mac, vt, room, vt.Size, vt.Size*.9)
	}
	h := mt.Size*mt.Line + vt.Size*vt.Line
	y := c.paragraph(c.wrap(c.words.T("net.mac"), mt, room, 1), mt, x, foot.MidY()-h/2, start, c.Ink)
	c.paragraph(c.wrap(mac, vt, room, 1), vt, x, y, start, c.Ink)
}

// networkSteps draws three things to try.
func (c *canvas) networkSteps(in layout.Rect) {
	icon, num := c.of(48, 46, 26), c.of(60, 56, 28)
	b := c.ty.Body.At(c.of(38, 36, 20))
	b.Line = 1.28
	keys := []string{"net.step1", "net.step2", "net.step3"}
	n := 0
	for _, key := range keys {
		n += len(c.wrap(c.words.T(key), b, in.W-num-c.of(24, 22, 10), 3))
	}
	y := in.Y
	if between := c.of(22, 20, 2); icon+c.of(28, 26, 8)+float32(n)*b.Size*b.Line+2*between > in.H+4 { // the numbers say that it is to be done
		num = c.of(60, 56, 22)
		b.Line = max(1.02, min(b.Line, (in.H-2*between)/(float32(n)*b.Size)))
	} else {
		c.icon("bulb", layout.Rect{X: in.X, Y: in.Y, W: icon, H: icon}, 2.1, c.Ink)
		t := c.ty.Title.At(c.of(42, 40, 22))
		c.text(c.words.T("net.steps"), t, in.X+icon+c.of(18, 16, 8), in.Y+icon/2+t.Middle(), start, c.Ink)
		y = in.Y + icon + c.of(28, 26, 8)
	}
	for i, key := range keys {
		d := layout.Rect{X: in.X, Y: y, W: num, H: num}
		lines := c.wrap(c.words.T(key), b, in.W-num-c.of(24, 22, 10), 3)
		if y+float32(len(lines))*b.Size*b.Line > in.Bottom()+4 {
			break
		}
		c.box(d, box{fill: c.PrimaryTint, radius: num / 2})
		nt := c.ty.Title.At(c.of(34, 32, 20)).In(800)
		c.text(itoa(i+1), nt, d.MidX(), d.MidY()+nt.Middle(), middle, c.Primary)
		bottom := c.paragraph(lines, b, d.Right()+c.of(24, 22, 10), y+(num-b.Size*b.Line)/2, start, c.Ink)
		y = max(bottom, d.Bottom()) + c.of(22, 20, 2)
	}
}

// networkFoot says which screen it is and when it looks again, beside the way to
// look now.
func (c *canvas) networkFoot(r layout.Rect, m Model) {
	b := button{icon: "refresh", label: c.words.T("net.try"), means: TryNow{}, kind: primary}
	if !m.PairingShown() {
		r = c.backBar()
	}
	try, rest := r.CutRight(min(c.width(b), r.W), c.of(24, 16, 8))
	if m.Net.Trying {
		b = button{icon: "dots", label: c.words.T("net.trying"), reason: true}
	}
	c.button(try, b)
	if rest.W < c.of(300, 200, 180) {
		return
	}
	words := ""
	if left := m.Net.Next.Sub(c.now); !m.Net.Trying && left > 0 {
		words = c.words.T("net.again", "n", int((left+time.Second-1)/time.Second))
	}
	t := c.ty.Meta.At(c.of(32, 28, 20)).Digits()
	t, _ = c.fits(words, t, rest.W, t.Size, t.Size*.9, t.Size*.8)
	lines := c.wrap(words, t, rest.W, 2)
	c.paragraph(lines, t, rest.X, rest.MidY()-float32(len(lines))*t.Size*t.Line/2, start, c.Ink)
}
