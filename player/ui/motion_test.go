package ui

import (
	"fmt"
	"image"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/motion"
	"tavle/render/soft"
	"tavle/sync/record"
)

// A change is two models that are drawn one after the other.
type change struct {
	name          string
	before, after Model
	kind          motion.Kind
	keep          bool // the frame before may be seen still
}

// after returns m after messages.
func after(m Model, msgs ...Msg) Model {
	for _, msg := range msgs {
		m, _ = Update(m, msg)
	}
	return m
}

func tapped(m Model, means render.Meaning) Model {
	return after(m, TouchDown{Means: means, Ready: true}, TouchUp{Means: means})
}

func projected(edit func(*record.Facts), done ...board.Done) *board.Board {
	f := mockFacts()
	if edit != nil {
		edit(f)
	}
	return board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow, Done: done})
}

// changes are one of every kind.
func changes(size image.Point) []change {
	home := mockModel(size, Home{})
	detail := mockModel(size, Activity{swimming})
	who := mockModel(size, Activity{swimming})
	who.Stack = append(who.Stack, Who{On: swimming})
	down := after(home, TouchDown{Means: Go{To: Activities{}}, Ready: true})
	joined := tapped(who, Pick{swimming, "bent"})
	pick := tapped(who, Pick{swimming, "amina"})
	pick.Board = projected(nil, board.Done{On: swimming, Who: "amina"})
	settled := after(pick, Tick{mockNow.Add(time.Second)})
	left := tapped(after(joined, Tick{mockNow.Add(time.Second)}), Leave{swimming, "bent"})
	left.Board = projected(nil, board.Done{On: swimming, Who: "bent", Leave: true})
	explained := tapped(home, Explain{})
	old := after(explained, Tick{mockNow.Add(time.Second)})
	people := mockModel(size, People{})
	idle := after(people, Tick{mockNow.Add(79 * time.Second)})
	evening := home
	evening.Theme = nil
	evening = after(evening, Tick{at(20, 19, 59)})
	evening.Last = evening.Now
	late := home
	late.Last = at(20, 22, 0)
	night := after(late, Tick{at(20, 22, 3)})
	withKaren := projected(func(f *record.Facts) {
		f.At.Rev++
		a := f.Activities["a2"]
		a.Who = append(a.Who, "karen")
		f.Activities["a2"] = a
	})
	atCoffee := projected(func(f *record.Facts) {
		f.At.Rev++
		a := f.Activities["a1"]
		a.Who = append(ids("amina"), a.Who...)
		f.Activities["a1"] = a
	})
	without := projected(func(f *record.Facts) { f.At.Rev++; delete(f.People, "karen") })
	return []change{
		{"press", home, down, motion.Press, true},
		{"release", down, after(down, TouchMove{Means: nil}), motion.Release, true},
		{"tab", down, after(down, TouchUp{Means: Go{To: Activities{}}}), motion.Tab, true},
		{"forward", home, tapped(home, Open{swimming}), motion.Forward, true},
		{"back", detail, tapped(detail, Back{}), motion.Back, true},
		{"dialog-in", home, explained, motion.Over, true},
		{"dialog-out", old, tapped(old, Close{}), motion.Over, true},
		{"sign-up", who, pick, motion.Fly, true},
		{"done", settled, tapped(settled, Close{}), motion.Fly, true},
		{"bar-in", joined, left, motion.Over, false},
		{"bar-out", left, after(left, Tick{mockNow.Add(12 * time.Second)}), motion.Over, true},
		{"change", detail, after(detail, BoardChanged{withKaren}), motion.Change, false},
		{"new-face", home, after(home, BoardChanged{atCoffee}), motion.Change, false},
		{"withdrawn", people, after(people, BoardChanged{without}), motion.Change, false},
		{"minute", home, after(home, Tick{mockNow.Add(time.Minute)}), motion.Minute, true},
		{"theme", evening, after(evening, Tick{at(20, 20, 0)}), motion.Theme, true},
		{"home", idle, after(idle, Tick{mockNow.Add(80 * time.Second)}), motion.Home, true},
		{"sleep", after(late, Tick{at(20, 22, 1)}), night, motion.Theme, true},
		{"wake", night, after(night, TouchDown{}), motion.Tab, true},
	}
}

// Every change is seen as what it is.
func TestChangesAreSeenAsWhatTheyAre(t *testing.T) {
	for _, c := range changes(large) {
		kind, keep := Moved(c.before, c.after)
		require.Equal(t, c.kind, kind, c.name)
		require.Equal(t, c.keep, keep, c.name)
	}
}

// Nothing of the frame before is used when the hub has said
// something, when people are masked, when time has hidden somebody, when the house
// is taken away, or when somebody has another name or photo; it is when only
// something was done here.
func TestFrameBeforeIsKeptOnlyWhileAllOfItMayBeShown(t *testing.T) {
	m := mockModel(large, People{})
	for name, b := range map[string]*board.Board{
		"the hub":  projected(func(f *record.Facts) { f.At.Rev++ }),
		"masked":   board.Project(board.Input{Facts: mockFacts(), Now: mockNow, Contact: mockNow}),
		"somebody": projected(func(f *record.Facts) { delete(f.People, "karen") }),
		"staff":    projected(func(f *record.Facts) { delete(f.People, "mette") }),
		"a name": projected(func(f *record.Facts) {
			p := f.People["karen"]
			p.Name = record.NameOf("Solveig")
			f.People["karen"] = p
		}),
		"a photo": projected(func(f *record.Facts) {
			p := f.People["karen"]
			p.Photo = ""
			f.People["karen"] = p
		}),
		"a picture": projected(func(f *record.Facts) {
			a := f.Activities["a2"]
			a.Picture = ""
			f.Activities["a2"] = a
		}),
		"off a list": projected(nil, board.Done{On: swimming, Who: "bent", Leave: true}),
		"all":        nil,
	} {
		_, keep := Moved(m, after(m, BoardChanged{b}))
		require.False(t, keep, name)
	}
	// And when somebody who was known has gone, or leaves what is theirs alone.
	known := m
	known.Self = "karen"
	_, keep := Moved(known, m)
	require.False(t, keep)
	own := known
	own.Stack = append(own.Stack[:1:1], Own{})
	_, keep = Moved(own, known)
	require.False(t, keep)

	_, keep = Moved(m, after(m, BoardChanged{projected(nil, board.Done{On: swimming, Who: "karen"})}))
	require.True(t, keep, "a sign-up here")
}

// That holds of everything a board shows people in, and not only of
// lists of activities and meals: who is taken off any of it here, or is hidden there
// by time alone, is on no frame in between.
func TestNobodyStaysOfWhatPeopleDoTogether(t *testing.T) {
	made := func(edit func(*record.Facts), done ...board.Done) *board.Board {
		return togetherBoard(func(in *board.Input) {
			f := in.Facts
			f.News = map[record.NewsID]record.News{"n1": {ID: "n1", Title: da("Nyt"), Author: "mette", Published: mockNow.Add(-time.Hour)}}
			f.Albums = map[record.AlbumID]record.Album{"l1": {ID: "l1", Title: da("Tur"), Photos: []record.Photo{
				{Asset: "scene-pool", Tagged: record.Tagged{People: true, Who: ids("karen")}},
			}}}
			if edit != nil {
				edit(f)
			}
			in.Done = done
		})
	}
	m := after(mockModel(large, Home{}), BoardChanged{made(nil)})
	morning, noon := board.Ref(record.SlotKey("r1", at(20, 10, 0))), at12()
	twice := after(m, BoardChanged{made(nil, board.Done{On: noon, Who: "poul"})})
	for name, x := range map[string]struct {
		from Model
		to   *board.Board
	}{
		"a meeting":  {m, made(nil, board.Done{On: talks, Who: "karen", Leave: true})},
		"a proposal": {m, made(nil, board.Done{On: tivoli, Who: "karen", Leave: true})},
		"a group":    {m, made(nil, board.Done{On: choir, Who: "karen", Leave: true})},
		"a booking":  {m, made(nil, board.Done{On: morning, Who: "poul", Leave: true})},
		"one of two": {twice, made(nil)},
		"an author": {m, made(func(f *record.Facts) {
			n := f.News["n1"]
			n.Author = ""
			f.News["n1"] = n
		})},
		"a name at a picture": {m, made(func(f *record.Facts) {
			f.Albums["l1"].Photos[0].Who = nil
		})},
		"who chairs": {after(m, BoardChanged{made(func(f *record.Facts) { chaired(f, "karen") })}), made(nil)},
	} {
		_, keep := Moved(x.from, after(x.from, BoardChanged{x.to}))
		require.False(t, keep, name)
	}
	for _, on := range []board.Ref{talks, tivoli, choir, noon} {
		_, keep := Moved(m, after(m, BoardChanged{made(nil, board.Done{On: on, Who: "bent"})}))
		require.True(t, keep, "a sign-up here on %s", on.Kind)
	}
}

func chaired(f *record.Facts, who record.PersonID) {
	x := f.Meetings["g1"]
	x.Chair = who
	f.Meetings["g1"] = x
}

// nothing moves under a finger. What the finger is on is where it was
// on every frame in between, and everything that can be touched is where it will
// be.
func TestNothingMovesUnderAFinger(t *testing.T) {
	for _, c := range changes(large) {
		before, next := View(c.before, testKit), View(c.after, testKit)
		c.after.Hand.Means = Go{To: Activities{}}
		require.NotEqual(t, motion.Full, c.after.Style(motion.Forward))
		move := c.begin(before, next, motion.Full)
		for at := time.Duration(0); at < move.Length(); at += motion.Every {
			f, _ := move.Frame(at)
			require.Equal(t, next.Targets, f.Targets, "%s at %v", c.name, at)
		}
	}
}

// The face of whoever signs up flies from its tile into the dialog and from
// there to its place in the row, and is at each moment in one place of all that moves.
func TestFaceFlies(t *testing.T) {
	for _, c := range changes(large) {
		if c.kind != motion.Fly {
			continue
		}
		before, next := View(c.before, testKit), View(c.after, testKit)
		move := c.begin(before, next, motion.Full)
		require.Equal(t, 520*time.Millisecond, move.Length())
		who := motion.Face{Who: "amina"}
		middles := map[image.Point]bool{}
		for at := time.Duration(0); at < move.Length(); at += motion.Every {
			f, _ := move.Frame(at)
			n := 0
			for _, op := range f.Ops {
				if op.Kind == render.LayerOp && paints(op.Layer.Ops, before, who)+paints(op.Layer.Ops, next, who) > 0 {
					n++
					middles[op.Rect.Min.Add(op.Rect.Max).Div(2)] = true
				}
			}
			require.Equal(t, 1, n, "%s at %v", c.name, at)
		}
		require.Greater(t, len(middles), 15, c.name)
	}
}

// paints reports as 1 whether ops have the photo of a face of a frame.
func paints(ops []render.Op, f *render.Frame, name motion.Face) int {
	for _, p := range f.Parts {
		for i := p.First; p.Name == name && i < p.Last; i++ {
			for _, op := range ops {
				if op.Kind == render.PictureOp && op == f.Ops[i] {
					return 1
				}
			}
		}
	}
	return 0
}

// begin returns the move of a change, as the player begins it.
func (c change) begin(before, after *render.Frame, style motion.Style) *motion.Move {
	kind, keep := Moved(c.before, c.after)
	if !keep && kind != motion.Change {
		before = nil
	}
	return motion.Begin(kind, before, after, motion.Options{Style: style, Scale: c.after.Panel.Fit(0).Scale, Ring: look.Day.Honey})
}

// what is pressed stays where it can be touched: the frame that shows it
// pressed has it at the same place.
func TestPressedTargetStaysWhereItIs(t *testing.T) {
	m := mockModel(large, Home{})
	f := View(m, testKit)
	for _, tg := range f.Targets {
		pressed := View(after(m, TouchDown{Means: tg.Means, Ready: true}), testKit)
		require.Equal(t, f.Targets, pressed.Targets, tg.Label)
	}
}

// with reduced motion everything fades within 120 ms, and nothing is
// elsewhere or of another size than it was or will be; without motion there is no
// frame in between.
func TestReducedMotionOnlyFades(t *testing.T) {
	for _, c := range changes(large) {
		before, next := View(c.before, testKit), View(c.after, testKit)
		require.Nil(t, c.begin(before, next, motion.Off), c.name)
		move := c.begin(before, next, motion.Reduced)
		require.NotNil(t, move, c.name)
		require.Equal(t, 120*time.Millisecond, move.Length(), c.name)
		for at := time.Duration(0); at < move.Length(); at += motion.Every {
			f, _ := move.Frame(at)
			for _, op := range f.Ops {
				if op.Kind == render.LayerOp {
					require.Equal(t, op.Layer.Bounds, op.Rect, "%s at %v", c.name, at)
				}
			}
		}
	}
}

// no flash more often than three times a second, on any part of the glass, in
// any move, in either style; in fact never more than one in a move, or two where a
// face flies by, and all is over within two seconds. A flash is what WCAG calls one: a tenth of full luminance up
// and down again, or down and up.
func TestNothingFlashes(t *testing.T) {
	size := image.Pt(960, 540)
	for _, c := range changes(size) {
		before, next := View(c.before, testKit), View(c.after, testKit)
		for style := range motion.Off {
			move := c.begin(before, next, style)
			if move == nil && c.name == "withdrawn" {
				continue // there is nothing new
			}
			require.NotNil(t, move, c.name)
			require.LessOrEqual(t, move.Length(), 2*time.Second, c.name)
			var p soft.Painter
			images := keptImages{}
			dst := p.Image(before, images)
			seen := [][]float64{luminances(dst)}
			last := before
			for at := time.Duration(0); last != next; at += 2 * motion.Every {
				f, _ := move.Frame(at)
				if f == nil {
					f = next
				}
				p.Paint(dst, f, render.Damage(last, f), images)
				seen, last = append(seen, luminances(dst)), f
				if style == motion.Full && at/motion.Every%4 == 0 {
					save(t, fmt.Sprintf("motion-%s-%04d", c.name, at.Milliseconds()), dst)
				}
			}
			require.Zero(t, p.Kept(), c.name)
			require.Equal(t, p.Image(next, images).Pix, dst.Pix, "%s: by what changed it ends as the frame after", c.name)
			for block := range seen[0] {
				most := 1
				if c.kind == motion.Fly {
					most = 2
				}
				require.LessOrEqual(t, flashes(seen, block), most, "%s, style %d, block %d", c.name, style, block)
			}
		}
	}
}

// blocks is into how many columns and rows the glass is divided: each is smaller
// than the tenth of the eye's field within which flashes count.
var blocks = image.Pt(20, 12)

// luminances returns the mean relative luminance of each block.
func luminances(img *image.RGBA) []float64 {
	sum := make([]float64, blocks.X*blocks.Y)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		for x := range w {
			px := img.Pix[img.PixOffset(x, y):]
			sum[y*blocks.Y/h*blocks.X+x*blocks.X/w] += .2126*linear[px[0]] + .7152*linear[px[1]] + .0722*linear[px[2]]
		}
	}
	for i := range sum {
		sum[i] /= float64(w * h / len(sum))
	}
	return sum
}

var linear = func() (v [256]float64) {
	for i := range v {
		if c := float64(i) / 255; c <= .04045 {
			v[i] = c / 12.92
		} else {
			v[i] = math.Pow((c+.055)/1.055, 2.4)
		}
	}
	return v
}()

// flashes counts pairs of opposite changes of a tenth where the darker is below
// 0.8.
func flashes(seen [][]float64, block int) int {
	turns, way := 0, 0.0
	low, high := seen[0][block], seen[0][block]
	for _, s := range seen[1:] {
		v := s[block]
		low, high = min(low, v), max(high, v)
		switch {
		case way <= 0 && v-low >= .1 && low < .8:
			turns, way, high, low = turns+1, 1, v, v
		case way >= 0 && high-v >= .1 && v < .8:
			turns, way, high, low = turns+1, -1, v, v
		}
	}
	return turns / 2
}

// Issue 4, item 6: a minute of the clock paints the clock and what goes with it,
// no more than a tenth of the glass.
func TestAMinuteRepaintsOnlyTheClock(t *testing.T) {
	for place, share := range map[Place]float64{Home{}: .1, Activities{}: .02, Meals{}: .02, Roster{}: .02, People{}: .02} {
		m := fullModel(place)
		m.Last = m.Now.Add(time.Minute) // nobody is warned yet
		before := View(m, testKit)
		next := View(after(m, Tick{m.Now.Add(30 * time.Second).Truncate(time.Minute).Add(time.Minute)}), testKit)
		area := 0
		for _, r := range render.Damage(before, next) {
			area += r.Dx() * r.Dy()
		}
		require.LessOrEqual(t, float64(area), share*float64(large.X*large.Y), "%T: %v", place, render.Damage(before, next))
	}
}
