package ui

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
	"time"

	"tavle/assets/lang"
	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/art"
	"tavle/render/layout"
	"tavle/render/text"
)

// A Kit is the material frames are made of. It caches and is used by one
// goroutine; with the same content it gives the same results whenever it is
// asked.
type Kit struct {
	Text *text.Engine
	Art  *art.Library

	words   map[string]*lang.Words
	shadows map[shadowKey]*render.Shadow
}

// NewKit returns a kit with the embedded fonts, pictograms and words.
func NewKit(t *text.Engine, a *art.Library) *Kit {
	k := &Kit{Text: t, Art: a, words: map[string]*lang.Words{}, shadows: map[shadowKey]*render.Shadow{}}
	for _, tag := range lang.Tags {
		k.words[tag] = lang.Must(tag)
	}
	return k
}

// Words returns the words of a language, or Danish ones when there are none.
func (k *Kit) Words(tag string) *lang.Words {
	if w := k.words[tag]; w != nil {
		return w
	}
	return k.words[lang.Tags[0]]
}

type shadowKey struct {
	level *look.Shade
	scale float32
}

// shadow returns a level of elevation at a scale, always the same pointer.
func (k *Kit) shadow(level *look.Shade, scale float32) *render.Shadow {
	if level == nil {
		return nil
	}
	key := shadowKey{level, scale}
	if s := k.shadows[key]; s != nil {
		return s
	}
	s := new(render.Shadow)
	for _, l := range *level {
		c := color.RGBA{uint8(l.RGB >> 16), uint8(l.RGB >> 8), uint8(l.RGB), 255}
		s.Layers = append(s.Layers, render.ShadowLayer{
			Offset: image.Pt(0, int(math.Round(float64(l.Y*scale)))),
			Sigma:  float64(l.Blur*scale) / 2,
			Color:  look.Fade(c, l.Alpha),
		})
	}
	k.shadows[key] = s
	return s
}

// canvas is where a frame is drawn, in dp. It knows the model's language, time
// and colours, and what is under the finger.
//
// Pages are laid out as they are read from left to right. In a language that is
// read the other way the canvas mirrors where everything stands, not what it is:
// "start" is the right side then, and nobody's photo has its parting changed.
type canvas struct {
	*look.Theme
	ty    look.TypeScale
	class look.Class
	words *lang.Words
	langs []board.Lang // of content, preferred first
	now   time.Time
	b     *board.Board
	order lineup
	kit   *Kit
	frame *render.Frame
	rtl   bool           // mirrored
	s     float32        // pixels per dp
	pitch float32        // millimetres per pixel; 0: not known
	hung  float32        // height of the lower edge above the floor, in millimetres; 0: not known
	large bool           // letters are larger than usual
	tiny  bool           // the panel is too small for what hands and eyes should have
	low   bool           // what is touched stands low
	w, h  float32        // of the whole panel, in dp
	held  render.Meaning // under the finger
	self  *board.Person  // who the wall knows to stand there, or nil
	voice bool           // the wall can read aloud
	ear   *ear           // what is said of what is drawn; nil: nobody listens
	alpha float32        // of everything drawn; 1 is opaque
	edge  float32        // width of the border round what is lifted, in dp; 0: it has none

	heading  pageTitle
	smallest float32 // letters drawn so far, in dp
}

func newCanvas(m Model, k *Kit) *canvas {
	fit := m.Panel.Fit(m.letters())
	if m.PairingShown() { // for who installs it, who stands close and has good eyes
		fit = m.Panel.Whole()
	}
	s := fit.Scale
	c := &canvas{
		Theme: m.Colours(), ty: fit.Class.Types(), class: fit.Class, pitch: m.Panel.Pitch(), hung: float32(m.Panel.Bottom), large: m.letters() != look.TextNormal && !fit.Short, low: m.Manner.Low, tiny: m.Panel.Fit(look.TextNormal).Short,
		words: k.Words(m.lang()), langs: []board.Lang{board.Lang(m.lang())},
		now: m.Now, b: m.Board, order: m.order, kit: k, s: s, w: float32(m.Panel.Size.X) / s, h: float32(m.Panel.Size.Y) / s, alpha: 1, smallest: math.MaxFloat32,
		frame: &render.Frame{Size: m.Panel.Size, NextAt: m.nextAt()},
	}
	switch {
	case c.Plain:
		c.edge = c.of(look.EdgePlain, look.EdgePlain, 3)
	case m.Edges:
		c.edge = c.of(look.EdgeClear, look.EdgeClear, 2)
	}
	if !m.Hand.Off {
		c.held = m.Hand.Means
	}
	if m.Board != nil && m.Self != "" {
		if who, ok := m.Board.Person(m.Self); ok {
			c.self = &who
		}
	}
	c.rtl = c.words.RTL()
	c.voice = (m.Sound.Voice || m.sounds()) && !m.PairingShown()
	c.frame.RTL = c.rtl
	if c.b != nil {
		c.langs = append(c.langs, c.b.Langs...)
	}
	return c
}

// say returns content in the language of the screen, or the nearest.
func (c *canvas) say(t board.Text) string {
	s, in := t.In(c.langs...)
	c.ear.foreign(s, string(in))
	return s
}

// mm returns a length in millimetres in dp, whole pixels of it, or 0 on a panel
// whose size is not known: it demands nothing.
func (c *canvas) mm(v float32) float32 {
	if c.pitch == 0 {
		return 0
	}
	return float32(math.Ceil(float64(v/c.pitch))) / c.s
}

func (c *canvas) px(v float32) int { return int(math.Round(float64(v * c.s))) }

// rect returns where r is on the panel.
func (c *canvas) rect(r layout.Rect) image.Rectangle {
	if c.rtl {
		r.X = c.w - r.Right()
	}
	return image.Rect(c.px(r.X), c.px(r.Y), c.px(r.Right()), c.px(r.Bottom()))
}

func (c *canvas) add(op render.Op) { c.frame.Ops = append(c.frame.Ops, op) }

// part has what draw draws move as one, under a name of render/motion. What stands
// in r goes where r goes.
func (c *canvas) part(name any, r layout.Rect, draw func()) {
	first := len(c.frame.Ops)
	draw()
	c.frame.Parts = append(c.frame.Parts, render.Part{Name: name, Rect: c.rect(r), First: first, Last: len(c.frame.Ops)})
}

func (c *canvas) ink(col color.RGBA) color.RGBA {
	if c.alpha == 1 {
		return col
	}
	return look.Fade(col, c.alpha)
}

// faded draws with everything at a part of its opacity, or as it is where
// contrast is high.
func (c *canvas) faded(a float32, draw func()) {
	old := c.alpha
	if !c.Plain {
		c.alpha *= a
	}
	draw()
	c.alpha = old
}

// A box is a rounded rectangle. The zero value of a field leaves it out.
type box struct {
	fill   color.RGBA
	radius float32
	border float32 // inset
	edge   color.RGBA
	shade  *look.Shade // what is lifted has an edge where somebody needs it
	panel  bool        // not lifted, and set off from the ground by its colour alone
	clip   layout.Rect
}

// edged returns b with the edges that its theme, or somebody, asks for.
func (c *canvas) edged(b box) box {
	switch {
	case b.border == 0 && (b.shade != nil || b.panel):
		b.border, b.edge = c.edge, c.LineStrong
	case b.border > 0 && c.Plain && b.edge == c.Next:
		b.border = c.of(look.EdgeNext, look.EdgeNext, 6)
	case b.border > 0 && c.Plain:
		b.border = max(b.border, c.edge)
	}
	return b
}

func (c *canvas) box(r layout.Rect, b box) {
	b = c.edged(b)
	op := render.Op{Kind: render.BoxOp, Rect: c.rect(r), Color: c.ink(b.fill), Radius: c.px(b.radius)}
	if b.border > 0 {
		op.Border, op.Edge = max(1, c.px(b.border)), c.ink(b.edge)
	}
	if b.shade != nil && len(*b.shade) > 0 && c.alpha == 1 {
		op.Shadow = c.kit.shadow(b.shade, c.s)
	}
	if b.clip != (layout.Rect{}) {
		op.Clip = c.rect(b.clip)
	}
	c.add(op)
}

// disc draws a circle around a middle.
func (c *canvas) disc(x, y, r float32, fill color.RGBA) {
	c.box(layout.Rect{X: x - r, Y: y - r, W: 2 * r, H: 2 * r}, box{fill: fill, radius: r})
}

// align says which part of a text is at the x it is drawn at.
type align uint8

const (
	start align = iota
	middle
	end
)

// A run is a line of text ready to be drawn.
type run struct {
	line *render.Line
	w    float32 // dp
	size float32 // of the letters, dp
}

func (c *canvas) style(t look.Type) text.Style {
	return text.Style{Size: t.Size * c.s, Weight: t.Weight, Tracking: t.Tracking, Tabular: t.Tabular}
}

func (c *canvas) line(s string, t look.Type) run {
	l := c.kit.Text.Line(s, c.style(t), c.words.Tag)
	return run{l, float32(l.Width) / c.s, t.Size}
}

// put draws a line with its baseline at y and returns its width.
func (c *canvas) put(r run, x, y float32, a align, col color.RGBA) float32 {
	switch a {
	case middle:
		x -= r.w / 2
	case end:
		x -= r.w
	}
	c.smallest = min(c.smallest, r.size)
	if c.rtl {
		x = c.w - x - r.w
	}
	dot := image.Pt(c.px(x), c.px(y))
	c.ear.line(r.line.Text, r.line.Ink.Add(dot))
	c.add(render.Op{Kind: render.TextOp, Rect: r.line.Ink.Add(dot), Dot: dot, Line: r.line, Color: c.ink(col)})
	return r.w
}

// text draws s with its baseline at y and returns its width.
func (c *canvas) text(s string, t look.Type, x, y float32, a align, col color.RGBA) float32 {
	if s == "" {
		return 0
	}
	return c.put(c.line(s, t), x, y, a, col)
}

// fits returns the largest of the sizes at which s fits into w on one line, or
// the last one, and whether it fits. No size is below the smallest of the class
//
func (c *canvas) fits(s string, t look.Type, w float32, sizes ...float32) (look.Type, bool) {
	for _, size := range sizes {
		t = t.At(c.legible(size))
		if c.line(s, t).w <= w {
			return t, true
		}
	}
	return t, false
}

// legible returns size, or the smallest size of the class.
func (c *canvas) legible(size float32) float32 { return max(size, c.ty.Min.Size) }

// sign draws a letter that is a picture more than a word, such as an initial.
// It may be smaller than what has to be read.
func (c *canvas) sign(s string, t look.Type, x, y float32, col color.RGBA) {
	small := c.smallest
	c.mute(func() { c.text(s, t, x, y+t.Middle(), middle, col) })
	c.smallest = small
}

// wrap breaks s into at most n lines of width w; what does not fit ends in an
// ellipsis. Of a few lines the last is not left with a word of its own, unless what
// is before it ends there.
func (c *canvas) wrap(s string, t look.Type, w float32, n int) []run {
	lines := c.broken(s, t, w, n)
	k := len(lines)
	if k < 2 || n > 4 || endsThere(lines[k-2]) || !whole(lines, s) {
		return lines
	}
	total, widest := float32(0), float32(0)
	for _, l := range lines {
		total, widest = total+l.w, max(widest, l.w)
	}
	if lines[k-1].w >= widest/2 {
		return lines
	}
	var best []run
	for _, f := range []float32{1.06, 1.15, 1.25, 1.35} {
		even := c.broken(s, t, min(w, total/float32(k)*f), n)
		if len(even) != k || !whole(even, s) || startsAnew(even[k-2]) {
			continue
		}
		if endsThere(even[k-2]) {
			return even
		}
		if best == nil {
			best = even
		}
	}
	if best == nil {
		return lines
	}
	return best
}

// endsThere reports whether something is said to its end on a line.
func endsThere(l run) bool {
	s := strings.TrimSpace(l.line.Text)
	return strings.HasSuffix(s, "،") || strings.HasSuffix(s, "؟") || s != "" && strings.ContainsRune(".,:;?", rune(s[len(s)-1]))
}

// startsAnew reports whether the last word of a line begins a sentence.
func startsAnew(l run) bool {
	words := strings.Fields(l.line.Text)
	return len(words) > 1 && strings.HasSuffix(words[len(words)-2], ".")
}

// broken breaks s into lines that are each as long as there is room for.
func (c *canvas) broken(s string, t look.Type, w float32, n int) []run {
	lines, _ := c.kit.Text.Wrap(s, c.style(t), c.words.Tag, c.px(w), n)
	out := make([]run, len(lines))
	for i, l := range lines {
		out[i] = run{l, float32(l.Width) / c.s, t.Size}
	}
	return out
}

// paragraph draws wrapped lines, the first in a line box whose top is at y, and
// returns the bottom of the last.
func (c *canvas) paragraph(lines []run, t look.Type, x, y float32, a align, col color.RGBA) float32 {
	for i, l := range lines {
		c.ear.goesOn(i > 0)
		c.put(l, x, y+t.Baseline(), a, col)
		y += t.Size * t.Line
	}
	c.ear.goesOn(false)
	return y
}

// mirrored names what stands for an icon that points where one goes; others,
// clocks and media above all, are the same in every language.
var mirrored = map[string]string{"arrow-left": "arrow-right", "chevron-left": "chevron-right", "chevron-right": "chevron-left"}

// icon draws an interface icon; stroke is of 24.
func (c *canvas) icon(name string, r layout.Rect, stroke float32, col color.RGBA) {
	if other := mirrored[name]; c.rtl && other != "" {
		name = other
	}
	px := c.rect(r)
	m := c.kit.Art.Icon(name, min(px.Dx(), px.Dy()), stroke)
	at := image.Rectangle{Min: px.Min, Max: px.Min.Add(m.Size)}
	c.add(render.Op{Kind: render.MaskOp, Rect: at, Mask: m, Color: c.ink(col)})
}

// picture draws a bitmap.
func (c *canvas) picture(source string, r layout.Rect, crop render.Crop) {
	if c.rtl && strings.HasPrefix(source, "sky:") {
		if strings.Count(source, ":") == 1 {
			source += ":" // the scene of home
		}
		source += ":rtl"
	}
	px := c.rect(r)
	c.add(render.Op{
		Kind: render.PictureOp, Rect: px, Alpha: uint8(255*c.alpha + 0.5),
		Picture: render.Picture{Source: source, Size: px.Size(), Crop: crop},
	})
}

// photo draws a photo seen through the rounded shape of a box it may be only a
// part of.
func (c *canvas) photo(id board.AssetID, r, shape layout.Rect, radius float32) {
	px := c.rect(r)
	window := c.rect(shape).Sub(px.Min)
	c.picture("photo:"+string(id), r, render.Crop{Window: window, Radius: c.px(radius)})
	if c.Photo < 1 {
		c.box(shape, box{fill: look.Fade(color.RGBA{A: 255}, 1-c.Photo), radius: radius, clip: r})
	}
}

// picto draws a content pictogram: where contrast is high in one colour, and so
// where its own would not be seen, or would glare.
func (c *canvas) picto(name string, r layout.Rect) {
	c.drawing(name, r, c.Plain || c.Candle || c.Dark && look.Dim[name])
}

// drawing draws a content pictogram in its colours, or plain in the ink's.
func (c *canvas) drawing(name string, r layout.Rect, plain bool) {
	switch {
	case name == "":
	case plain:
		c.picture(fmt.Sprintf("mono:%s:#%02X%02X%02X", name, c.Ink.R, c.Ink.G, c.Ink.B), r, render.Crop{})
	default:
		c.picture("picto:"+name, r, render.Crop{})
	}
}

// touch makes an area touchable.
func (c *canvas) touch(r layout.Rect, label string, means render.Meaning) {
	px := c.rect(r)
	t := render.Target{Rect: px, Drawn: px, Label: label, Means: means}
	c.frame.Targets = append(c.frame.Targets, t)
	c.ear.target(t)
}

// touchAround makes an area touchable that reaches beyond what is drawn in it, by
// 2 mm at most.
func (c *canvas) touchAround(drawn layout.Rect, grow float32, label string, means render.Meaning) {
	if c.pitch > 0 {
		grow = min(grow, float32(math.Floor(float64(2/c.pitch)))/c.s)
	}
	edge := c.mm(8)
	clear := c.rect(layout.Rect{W: c.w, H: c.h}.Inset(edge)) // of the edge of the glass
	c.frame.Targets = append(c.frame.Targets, render.Target{Rect: c.rect(drawn.Inset(-grow)).Intersect(clear), Drawn: c.rect(drawn), Label: label, Means: means})
}

// dead makes an area that swallows touches and says why.
func (c *canvas) dead(r layout.Rect, label string) {
	px := c.rect(r)
	t := render.Target{Rect: px, Drawn: px, Label: label, Off: true}
	c.frame.Targets = append(c.frame.Targets, t)
	c.ear.target(t)
}

// press returns r as it looks under the finger: a little smaller.
func (c *canvas) press(r layout.Rect, means render.Meaning) (layout.Rect, bool) {
	if means == nil || c.held != means {
		return r, false
	}
	const shrink = 0.03 // a scale of 0.97
	return r.Inset(min(r.W, r.H) * shrink / 2), true
}
