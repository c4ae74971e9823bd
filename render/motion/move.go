package motion

import (
	"image"
	"image/color"
	"math"
	"time"

	"tavle/render"
)

// Kind is what changed from one frame to the next.
type Kind uint8

// The kinds of changes.
const (
	None    Kind = iota // nothing that should be seen to move
	Press               // something is pressed
	Release             // and let go
	Forward             // a page deeper
	Back                // a page back
	Tab                 // another place of the same rank
	Over                // a dialog or a bar came or went
	Fly                 // likewise, and somebody's face goes with it
	Change              // the hub said something new
	Minute              // the clock went on
	Theme               // other colours
	Home                // nobody was there any more
)

// Style is how much may move.
type Style uint8

// The styles, most first.
const (
	Full    Style = iota
	Reduced       // everything fades, quickly, and nothing moves
	Off           // nothing but the frame after
)

// How long things take.
const (
	pressFor   = 90 * time.Millisecond
	releaseFor = 160 * time.Millisecond
	forwardFor = 320 * time.Millisecond
	backFor    = 280 * time.Millisecond
	leaveFor   = 120 * time.Millisecond // the page before, from when another comes
	tabFor     = 200 * time.Millisecond
	dialogIn   = 280 * time.Millisecond
	dialogOut  = 200 * time.Millisecond
	barIn      = 320 * time.Millisecond
	barOut     = 200 * time.Millisecond
	flyFor     = 520 * time.Millisecond
	changeFor  = 400 * time.Millisecond
	ringFor    = 2 * time.Second
	minuteFor  = 250 * time.Millisecond
	themeFor   = 1200 * time.Millisecond
	homeFor    = 600 * time.Millisecond
	reducedFor = 120 * time.Millisecond // all of them, in the style Reduced
)

// How far things move.
const (
	slide      = 48 // dp, a page
	rise       = 40 // dp, a bar
	dialogFrom = .96
	faceFrom   = .6
	arc        = .12 // of the way, a flight bends
)

// The names of the parts of a frame that move by themselves.
type (
	// Scrim is what a dialog darkens the page with: one box.
	Scrim struct{}
	// Dialog is a dialog.
	Dialog struct{}
	// Bar is the bar above the hand zone.
	Bar struct{}
	// Face is somebody's face.
	Face struct{ Who string }
)

const (
	// Every is how long a frame in between is shown.
	Every = time.Second / 60

	// ringEvery is the same where only a ring fades.
	ringEvery = time.Second / 10
)

// Options say how to move.
type Options struct {
	Style Style
	Scale float32    // pixels per dp
	Ring  color.RGBA // around what the hub changed
}

// A Move is one change under way.
type Move struct {
	kind   Kind
	opt    Options
	from   *render.Frame // nil: nothing of it is kept
	to     *render.Frame
	pieces []piece
	length time.Duration
	calm   time.Duration // from when on only a ring fades
}

// Begin returns the move to to, or nil where there is none to be seen. Without a
// from, what goes is gone at once, and only what comes is seen to come.
func Begin(kind Kind, from, to *render.Frame, opt Options) *Move {
	if kind == None || opt.Style == Off || to == nil || from != nil && from.Size != to.Size {
		return nil
	}
	m := &Move{kind: kind, opt: opt, from: from, to: to}
	switch kind {
	case Over, Fly:
		m.over()
	case Change:
		if from == nil {
			return nil
		}
		m.change(from)
		m.from = nil
	case Forward, Back:
		if from == nil {
			return nil
		}
		if opt.Style == Full && m.page() {
			break
		}
		m.cross(lengths[kind])
	default:
		if from == nil {
			return nil
		}
		m.cross(lengths[kind])
	}
	if len(m.pieces) == 0 {
		return nil
	}
	return m
}

var lengths = [...]time.Duration{
	Press: pressFor, Release: releaseFor, Forward: forwardFor, Back: backFor, Tab: tabFor,
	Minute: minuteFor, Theme: themeFor, Home: homeFor,
}

// Toward returns the move as it goes on when the frame after has changed
// meanwhile, or when a picture of it has come; nil: it ends with it.
func (m *Move) Toward(to *render.Frame) *Move {
	if m.kind == Change {
		return nil
	}
	return Begin(m.kind, m.from, to, m.opt)
}

// Frame returns what to show so long after the beginning, and when to ask again;
// nil: it is over, and the frame after is to be shown.
func (m *Move) Frame(since time.Duration) (f *render.Frame, again time.Duration) {
	if since >= m.length {
		return nil, 0
	}
	next := *m.to
	next.Parts, next.Ops = nil, make([]render.Op, 0, len(m.pieces))
	f = &next
	for i := range m.pieces {
		if op, ok := m.pieces[i].at(since); ok {
			f.Ops = append(f.Ops, op)
		}
	}
	if m.calm > 0 && since >= m.calm {
		return f, ringEvery
	}
	return f, Every
}

// Length returns how long the move takes.
func (m *Move) Length() time.Duration { return m.length }

// A piece is an op, and what happens to it on its way.
type piece struct {
	op    render.Op
	track *track // nil: it stands still
}

// A track is what happens to an op between two moments: where it is, and how
// opaque. After the second it stays as it is then.
type track struct {
	begin, end time.Duration
	ease       Ease
	from, to   image.Rectangle // of a layer; it bends by arc
	arc        float32         // in pixels, upwards
	alpha      [2]float32
}

// at returns the op at a moment; false: it is not to be seen.
func (p *piece) at(since time.Duration) (render.Op, bool) {
	op := p.op
	if p.track == nil {
		return op, true
	}
	k := p.track
	t := k.ease.At(float64(since-k.begin) / float64(k.end-k.begin))
	alpha := float64(k.alpha[0]) + t*float64(k.alpha[1]-k.alpha[0])
	if alpha < 0.5/255 {
		return op, false
	}
	if op.Kind == render.BoxOp {
		op.Color, op.Edge = fade(op.Color, alpha), fade(op.Edge, alpha)
		return op, true
	}
	op.Alpha = uint8(math.Round(alpha * float64(op.Alpha)))
	if k.from != k.to {
		bend := 4 * t * (1 - t) * float64(k.arc)
		op.Rect = image.Rect(
			between(k.from.Min.X, k.to.Min.X, t, 0), between(k.from.Min.Y, k.to.Min.Y, t, bend),
			between(k.from.Max.X, k.to.Max.X, t, 0), between(k.from.Max.Y, k.to.Max.Y, t, bend))
		if !op.Rect.Empty() && k.from.Size() == k.to.Size() {
			op.Rect.Max = op.Rect.Min.Add(k.to.Size()) // not scaled, however it is rounded
		}
	}
	return op, op.Alpha > 0
}

func between(a, b int, t, less float64) int {
	return int(math.Round(float64(a) + t*float64(b-a) - less))
}

func fade(c color.RGBA, alpha float64) color.RGBA {
	f := func(v uint8) uint8 { return uint8(math.Round(float64(v) * alpha)) }
	return color.RGBA{f(c.R), f(c.G), f(c.B), f(c.A)}
}

// still adds an op that does not move.
func (m *Move) still(op render.Op) { m.pieces = append(m.pieces, piece{op: op}) }

// moves adds an op that does.
func (m *Move) moves(op render.Op, k track) {
	m.length = max(m.length, k.end)
	m.pieces = append(m.pieces, piece{op, &k})
}

// px returns a length of the design in pixels.
func (m *Move) px(dp float32) int { return int(math.Round(float64(dp * m.opt.Scale))) }
