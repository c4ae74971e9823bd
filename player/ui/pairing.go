package ui

import (
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
	"time"

	"rsc.io/qr"

	"tavle/assets/lang"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
)

// A Pairing is what a screen without a hub of its own says about itself. It names
// nobody.
type Pairing struct {
	Code        string    // six letters; "": none yet
	From, Until time.Time // the code is good
	Link        string    // what a telephone is told
	Obstacle    Obstacle

	Hub     string // where it is, such as hub.example:8443
	Screen  string // what the screen calls itself
	Key     string // fingerprint of its key
	Address string // on the network; "": not known
	Version string
}

// An Obstacle is what keeps a screen from being paired.
type Obstacle uint8

// The obstacles. With a code, only HubAway means anything.
const (
	NoObstacle   Obstacle = iota
	HubAway               // no answer
	HubUntrusted          // it has another key than it should
	HubBusy
	HubUnable   // what answers does not pair screens
	HubBetween  // something stands between
	HubMisnamed // it does not go by the name it was given
	HubDenied   // somebody said no
	HubGuessed  // too many wrong codes
	NotStored   // the screen's disk is full
	obstacles
)

// keys of the words for each.
var obstacleKeys = [obstacles]string{
	"looking", "away", "untrusted", "busy", "unable", "between", "misnamed", "denied", "guessed", "stored",
}

// PairingShown reports whether the glass is pairing's: a house that is known
// gives way to a code, not to the lack of one.
func (m Model) PairingShown() bool {
	return m.Pairing != nil && (m.Pairing.Code != "" || m.Board == nil)
}

// codeStep is how often the bar under a code is drawn: 120 times a code.
const codeStep = 5 * time.Second

// withPairing takes what is known of pairing.
func (m Model) withPairing(p *Pairing) Model {
	shown := m.PairingShown()
	m.Pairing = p
	if m.PairingShown() != shown {
		m = m.finish() // whoever stands there now is not taken for who stood there
	}
	return m
}

// speak chooses the next language, until there is a house that has its own.
func (a Speak) pair(m Model) Model {
	if slices.Contains(lang.Tags, a.To) {
		m.Lang, m.Spoken = a.To, a.To
	}
	return m
}

// next returns the language after this one.
func nextLang(tag string) string {
	return lang.Tags[(slices.Index(lang.Tags, tag)+1)%len(lang.Tags)]
}

// pairing is shown while the screen belongs to no hub: a code to be typed there.
func (c *canvas) pairing(p *Pairing) {
	sky := c.heaven(p.Code == "" && p.Obstacle != NoObstacle, ":bare", layout.Rect{W: c.w, H: c.h})
	w, h := c.of(1728, 984, 776), c.of(840, 1620, 392)
	top := (c.h-c.of(1080, 1920, 480))*.5 + c.of(88, 96, 12)
	card := layout.Rect{X: (c.w - w) / 2, Y: max(c.of(24, 24, 4), top), W: w, H: h}
	c.box(card, box{fill: c.Surface, radius: c.of(56, 56, 28), shade: c.shade(&look.E2)})
	pad := c.of(72, 56, 20)
	in := card.Pad(pad, c.of(64, 56, 14), pad, c.of(64, 56, 14))

	in = c.pairingTitle(in, p)
	if p.Code == "" {
		c.pairingWaits(in, p)
	} else {
		c.pairingCode(in, p)
	}
	c.pairingFoot(p, sky)
}

// pairingTitle draws the name and whether the hub answers, and returns what is
// left.
func (c *canvas) pairingTitle(r layout.Rect, p *Pairing) layout.Rect {
	logo := c.of(96, 96, 40)
	row, rest := r.CutTop(logo, c.of(38, 28, 8))
	c.logo(layout.Rect{X: row.X, Y: row.Y, W: logo, H: logo})
	x := row.X + logo + c.of(24, 24, 12)
	icon, word, t := "cloud-check", c.words.T("pair.online"), tone{c.Ok, c.OkTint}
	if p.Obstacle == HubAway || p.Code == "" && p.Obstacle == NoObstacle {
		icon, word, t = "cloud-off", c.words.T("pair.offline"), tone{c.Wait, c.WaitTint}
	}
	if p.Code == "" && p.Obstacle == NoObstacle {
		icon, word = "refresh", c.words.T("pair.searching")
	}
	ty := c.ty.Label.At(c.of(30, 30, 20)).In(700)
	pill, size, gap, side := c.of(64, 64, 36), c.of(42, 42, 24), c.of(14, 14, 8), c.of(28, 28, 12)
	line := c.line(word, ty)
	b := layout.Rect{W: line.w + size + gap + 2*side, H: pill}
	b.X, b.Y = row.Right()-b.W, row.Y+c.of(16, 16, 2)
	room := b.X - x - c.of(24, 0, 8)
	if c.class == look.Portrait {
		b.X, b.Y = rest.X, rest.Y
		_, rest = rest.CutTop(pill, 40)
		room = row.Right() - x
	}
	title := c.ty.H1.At(c.of(72, 72, 32))
	title.Tracking = -.015
	title, _ = c.fits(c.words.T("pair.title"), title, room, title.Size, title.Size*.9, title.Size*.8)
	c.text(c.words.T("pair.title"), title, x, row.Y+logo/2+title.Middle()-c.of(0, 0, 1), start, c.Ink)
	c.box(b, box{fill: t.tint, radius: pill / 2})
	c.icon(icon, layout.Rect{X: b.X + side, Y: b.MidY() - size/2, W: size, H: size}, 2.2, t.ink)
	c.put(line, b.X+side+size+gap, b.MidY()+ty.Middle(), start, t.ink)
	return rest
}

// logo draws the sign of the program: a wall screen.
func (c *canvas) logo(r layout.Rect) {
	u := r.W / 64
	at := func(x, y, w, h float32) layout.Rect {
		return layout.Rect{X: r.X + x*u, Y: r.Y + y*u, W: w * u, H: h * u}
	}
	paper := look.Day.Surface
	c.box(at(4, 8, 56, 44), box{fill: c.Primary, radius: 13 * u})
	if c.Dark || c.Plain {
		paper = c.OnPrimary
	}
	c.box(at(13, 18, 24, 7), box{fill: paper, radius: 3.5 * u})
	c.box(at(13, 32, 16, 7), box{fill: look.Fade(paper, .75), radius: 3.5 * u})
	c.disc(r.X+46*u, r.Y+33*u, 9*u, c.Honey)
	c.box(at(22, 54, 20, 5), box{fill: c.Primary, radius: 2.5 * u})
}

// pairingWaits says why there is no code.
func (c *canvas) pairingWaits(r layout.Rect, p *Pairing) {
	key := "pair." + obstacleKeys[p.Obstacle]
	icon := "cloud-off"
	switch p.Obstacle {
	case NoObstacle, HubBusy:
		icon = "cloud"
	case HubUntrusted, HubBetween:
		icon = "shield-lock"
	case HubDenied, HubGuessed:
		icon = "lock"
	case NotStored:
		icon = "alert-triangle"
	}
	c.calmStacked(r, icon, c.words.T(key+".title"), c.words.T(key+".text"), p.Hub)
}

// pairingCode draws the code, how long it is good, what to do with it, and the
// same for a telephone.
func (c *canvas) pairingCode(r layout.Rect, p *Pairing) {
	side := c.of(500, 580, 260)
	var scan layout.Rect
	if c.class == look.Portrait {
		scan, r = r.CutBottom(664, 24)
		scan = scan.Center(side, 664)
	} else {
		scan, r = r.CutRight(side, c.of(44, 0, 14))
		scan.H = c.of(556, 0, 300)
		scan.Y += c.of(2, 0, 8)
	}
	c.scan(scan, p.Link)

	head := c.ty.Title.At(c.of(42, 44, 23)).In(600)
	head.Line = 1.25
	head, _ = c.fits(c.words.T("pair.give"), head, r.W, head.Size, head.Size*.9)
	y := r.Y + c.of(2, 0, 2)
	c.text(c.words.T("pair.give"), head, r.X, y+head.Baseline(), start, c.Ink)
	y += head.Size*head.Line + c.of(22, 24, 6)
	y = c.codeBoxes(r.X, y, p.Code) + c.of(41.3, 44, 18)

	bar := layout.Rect{X: r.X, Y: y, W: c.of(693.6, 520, 256), H: c.of(16, 16, 8)}
	share, words := c.codeLeft(p)
	c.box(bar, box{fill: c.Bg2, radius: bar.H / 2})
	if share > 0 {
		done := bar
		done.W = max(bar.H, bar.W*share)
		c.box(done, box{fill: c.Primary, radius: bar.H / 2})
	}
	left := c.ty.Label.At(c.of(34, 34, 20)).In(600).Digits()
	c.text(words, left, bar.Right()+c.of(24, 24, 12), bar.MidY()+left.Middle()-c.of(.3, 0, 0), start, c.Ink2)
	y = bar.Bottom() + c.of(47.2, 52, 20)

	for i, key := range []string{"pair.step1", "pair.step2", "pair.step3"} {
		more := ""
		if i == 0 {
			more = p.Hub
		}
		c.pairingStep(layout.Rect{X: r.X, Y: y, W: r.W, H: c.of(64, 64, 32)}, i+1, c.words.T(key), more)
		y += c.of(80, 84, 44)
	}
}

// codeLeft returns how much of its time a code has left, and says it in words.
func (c *canvas) codeLeft(p *Pairing) (share float32, words string) {
	rest, all := p.Until.Sub(c.now), p.Until.Sub(p.From)
	if all > 0 {
		// In steps, so that the bar and its words are alike whenever they are drawn.
		share = min(1, max(0, float32(rest.Truncate(codeStep))/float32(all)))
	}
	if rest < time.Minute {
		return share, c.words.T("pair.new_soon")
	}
	return share, c.words.T("pair.new_in", "n", int(math.Ceil(rest.Minutes())))
}

// codeBoxes draws the letters of a code in two groups and returns where they end.
func (c *canvas) codeBoxes(x, y float32, code string) (bottom float32) {
	w, h, gap := c.of(132, 122, 66), c.of(160, 152, 84), c.of(18, 14, 8)
	dash := layout.Rect{W: c.of(36, 32, 14), H: c.of(12, 12, 6)}
	t := c.ty.Display.At(c.of(116, 108, 56)).Digits()
	t.Line = 1.25
	t.Tracking = 0
	left := x
	letters := []rune(code)
	if c.rtl {
		slices.Reverse(letters) // a code is read from the left everywhere
	}
	for i, r := range letters {
		if i == len(letters)/2 {
			d := layout.Rect{X: x, Y: y + (h-dash.H)/2, W: dash.W, H: dash.H}
			c.box(d, box{fill: c.LineStrong, radius: d.H / 2})
			x += dash.W + gap
		}
		b := layout.Rect{X: x, Y: y, W: w, H: h}
		c.box(b, box{fill: c.Bg, radius: c.of(32, 30, 16), border: c.of(4, 4, 3), edge: c.LineStrong})
		c.text(string(r), t, b.MidX(), b.MidY()+t.Middle()-c.of(.04, 0, 0), middle, c.Ink)
		x += w + gap
	}
	spelled := strings.Join(strings.Split(code, ""), " ")
	c.dead(layout.Rect{X: left, Y: y, W: x - gap - left, H: h}, c.words.T("pair.code", "code", spelled))
	return y + h
}

// pairingStep draws one thing to do.
func (c *canvas) pairingStep(r layout.Rect, n int, words, more string) {
	d := layout.Rect{X: r.X, Y: r.Y, W: r.H, H: r.H}
	c.box(d, box{fill: c.PrimaryTint, radius: r.H / 2})
	num := c.ty.Title.At(c.of(38, 38, 21)).In(800).Digits()
	c.text(string(rune('0'+n)), num, d.MidX(), d.MidY()+num.Middle(), middle, c.Primary)
	t := c.ty.Title.At(c.of(40, 40, 22)).In(600)
	x := d.Right() + c.of(24, 24, 12)
	t, _ = c.fits(words, t, r.Right()-x, t.Size, t.Size*.9, t.Size*.8)
	x += t.Size*.27 + c.text(words, t, x, r.MidY()+t.Middle(), start, c.Ink)
	if more == "" {
		return
	}
	m := t.In(500)
	if m, ok := c.fits(more, m, r.Right()-x, m.Size, m.Size*.85, m.Size*.7); ok {
		c.text(more, m, x, r.MidY()+m.Middle(), start, c.Ink2)
	}
}

// The colours of a QR code are those cameras are made for, whatever the theme.
var (
	qrPaper = color.RGBA{255, 255, 255, 255}
	qrInk   = look.Day.Ink
)

// qrQuiet is how many modules of white surround a code.
const qrQuiet = 4

// scan draws a link for a telephone's camera.
func (c *canvas) scan(r layout.Rect, link string) {
	words := c.words.T("pair.scan")
	t := c.ty.Label.At(c.of(34, 34, 20)).In(600)
	foot := c.of(86, 92, 48)
	c.box(r, box{fill: qrPaper, radius: c.of(44, 44, 12), border: c.of(4, 4, 2), edge: c.Line})
	inset := c.of(14, 16, 4) // as much as the round corners cut off
	side := min(r.W-2*inset, r.H-foot-inset)
	c.qr(layout.Rect{X: r.MidX() - side/2, Y: r.Y + inset, W: side, H: side}, link)
	t, _ = c.fits(words, t, r.W-c.of(32, 32, 12), t.Size, t.Size*.9)
	c.text(words, t, r.MidX(), r.Bottom()-c.of(69.1, 66, 19)+c.of(11.5, 11, 5), middle, qrInk)
	c.dead(r, words)
}

// qr paints what link says into the middle of r, which is white: whole pixels to
// a module, and the quiet zone around it.
func (c *canvas) qr(r layout.Rect, link string) {
	code, err := qr.Encode(link, qr.M)
	if err != nil {
		return // too long for any; the letters beside it say as much
	}
	px := c.rect(r)
	m := min(px.Dx(), px.Dy()) / (code.Size + 2*qrQuiet)
	if m == 0 {
		return
	}
	o := px.Min.Add(image.Pt((px.Dx()-m*code.Size)/2, (px.Dy()-m*code.Size)/2))
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				at := image.Rect(o.X+from*m, o.Y+y*m, o.X+x*m, o.Y+(y+1)*m)
				c.add(render.Op{Kind: render.BoxOp, Rect: at, Color: c.ink(qrInk)})
			}
		}
	}
}

// pairingFoot says which screen this is, for whoever compares, and in which
// language it speaks.
func (c *canvas) pairingFoot(p *Pairing, sky color.RGBA) {
	pad, h := max(c.of(96, 48, 12), c.mm(8)), max(c.of(96, 96, 56), c.mm(20))
	if c.tiny {
		h = 56 // it is seen once, by whoever installs the screen
	}
	row := layout.Rect{X: pad, Y: c.h - max(c.of(28, 28, 8), c.mm(8)) - h, W: c.w - 2*pad, H: h}
	means := render.Meaning(Speak{nextLang(c.words.Tag)})
	name := c.words.T("lang.name")
	t := c.ty.Title.At(c.of(34, 34, 22)).In(700)
	icon, side, gap := c.of(44, 44, 28), c.of(34, 34, 16), c.of(16, 16, 8)
	b, rest := row.CutRight(c.line(name, t).w+icon+gap+2*side, c.of(24, 16, 8))
	draw, pressed := c.press(b, means)
	fill := c.Surface
	if pressed {
		fill = c.Bg2
	}
	c.box(draw, box{fill: fill, radius: c.of(34, 34, 18), shade: c.shade(&look.E1)})
	c.icon("language", layout.Rect{X: draw.X + side, Y: draw.MidY() - icon/2, W: icon, H: icon}, 2.2, c.Ink)
	c.text(name, t, draw.X+side+icon+gap, draw.MidY()+t.Middle(), start, c.Ink)
	c.touch(b, name, means)
	c.facts(rest, p, sky)
}

// facts draws what fits of what is known of the screen, in the ink that is read
// on the sky.
func (c *canvas) facts(r layout.Rect, p *Pairing, sky color.RGBA) {
	t := c.ty.Meta.At(c.of(30, 28, 20)).In(500).Digits()
	size, gap, apart := c.of(36, 36, 22), c.of(14, 12, 8), c.of(48, 32, 18)
	version := ""
	if p.Version != "" {
		version = c.words.T("pair.version", "version", p.Version)
	}
	x, y := r.X, r.MidY()
	if c.class == look.Portrait {
		y = r.Y + 22
	}
	for _, f := range []struct{ icon, words string }{
		{"device-tv", c.words.T("pair.screen", "name", p.Screen)},
		{"shield-lock", c.words.T("pair.key", "key", p.Key)},
		{"plug-connected", p.Address},
		{"", version},
	} {
		if f.words == "" {
			continue
		}
		line, lead := c.line(f.words, t), float32(0)
		if f.icon != "" {
			lead = size + gap
		}
		if x+lead+line.w > r.Right() {
			if c.class != look.Portrait || y > r.MidY() {
				return
			}
			x, y = r.X, r.Bottom()-22
		}
		if f.icon != "" {
			c.icon(f.icon, layout.Rect{X: x, Y: y - size/2 + c.of(1.3, 0, 0), W: size, H: size}, 2.2, sky)
		}
		c.put(line, x+lead, y+t.Middle()+c.of(1, 0, 0), start, sky)
		x += lead + line.w + apart
	}
}
