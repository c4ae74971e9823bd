package ui

import (
	"hash/fnv"
	"image"
	"image/color"
	"math"
	"strconv"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/layout"
	"tavle/render/motion"
	"tavle/render/text"
)

// People are circles: photo, recognition mark or the first letter of the name
// they chose, all of one rank.

// A face is how an avatar is dressed.
type face struct {
	ring    color.RGBA // around it, so that faces in a stack stay apart
	ringW   float32    // dp; 0: none
	pending bool       // signed up here, not yet confirmed by the hub
	away    bool       // not here: pale
	check   bool       // on the list
	back    color.RGBA // what the check stands on
}

// avatar draws somebody in a circle with its top left corner at (x, y).
func (c *canvas) avatar(p board.Person, x, y, size float32, f face) {
	c.part(motion.Face{Who: string(p.ID)}, layout.Rect{X: x, Y: y, W: size, H: size}, func() { c.face(p, x, y, size, f) })
}

func (c *canvas) face(p board.Person, x, y, size float32, f face) {
	r := size / 2
	mx, my := x+r, y+r
	if f.ringW > 0 {
		c.disc(mx, my, r+f.ringW, f.ring)
	}
	pair := look.Faces[pairOf(p.ID)]
	switch {
	case c.Plain:
		pair.Tint, pair.Ink = c.Surface, c.Ink
	case c.Candle: // a pale disc would glow among dimmed photos
		pair.Tint, pair.Ink = c.Bg2, c.Ink
	}
	inset := 1 / c.s // hidden under the photo, so that its edge shows no fringe
	if p.Photo == "" {
		inset = 0
	}
	pale := float32(1)
	if f.away {
		pale = .5
	}
	in := r
	c.faded(pale, func() { in = c.coin(mx, my, r, inset, pair.Tint) })
	switch {
	case f.away && p.Photo != "": // a letter would be seen through it
	case p.Mark != "" && p.Photo == "":
		c.faded(pale, func() {
			c.drawing(p.Mark, layout.Rect{X: x, Y: y, W: size, H: size}.Center(size*.62, size*.62), c.Plain || c.Candle)
		})
	default:
		t := look.Type{Size: size * .46, Weight: 800, Line: 1}
		letter := text.Initial(p.Name.Reveal())
		if letter == "" {
			c.icon("user", layout.Rect{X: x, Y: y, W: size, H: size}.Center(size*.5, size*.5), 2, pair.Ink)
		}
		c.sign(letter, t, mx, my, pair.Ink)
	}
	if p.Photo != "" {
		whole := layout.Rect{X: mx - in, Y: my - in, W: 2 * in, H: 2 * in}
		c.faded(pale, func() { c.photo(p.Photo, whole, whole, in) })
	}
	if f.pending {
		c.ring(mx, my, r+7*size/84, max(3, 5*size/84), c.Wait)
	}
	if f.check {
		bx, by, br := x+size*.88, y+size*.88, size*.165
		c.disc(bx, by, br+5, f.back)
		c.disc(bx, by, br, c.Ok)
		c.icon("check", layout.Rect{X: bx, Y: by}.Inset(-br*.62), 2.8, c.Surface)
	}
}

// coin draws the disc of radius r that a face or a sign stands on, smaller by
// inset, and returns the radius of what is inside its edge.
func (c *canvas) coin(x, y, r, inset float32, fill color.RGBA) float32 {
	if !c.Plain {
		c.disc(x, y, r-inset, fill)
		return r
	}
	in := r - max(2, r*.08)
	c.disc(x, y, r, c.Ink)
	c.disc(x, y, in-inset, fill)
	return in
}

// nobody draws somebody who is not shown: a role, in a circle.
func (c *canvas) nobody(x, y, size float32) {
	c.coin(x+size/2, y+size/2, size/2, 0, c.StaffTint)
	c.icon("user", layout.Rect{X: x, Y: y, W: size, H: size}.Center(size*.5, size*.5), 2, c.Staff)
}

// free draws a place nobody has taken.
func (c *canvas) free(x, y, size float32) {
	c.faded(.75, func() { c.ring(x+size/2, y+size/2, size/2, 5*size/112, c.LineStrong) })
}

// ring draws a dashed circle of outer radius r.
func (c *canvas) ring(x, y, r, w float32, col color.RGBA) {
	d := max(1, c.px(2*r))
	m := c.kit.Art.Ring(d, max(1, c.px(w)), true)
	if c.rtl {
		x = c.w - x
	}
	at := image.Pt(c.px(x)-d/2, c.px(y)-d/2)
	c.add(render.Op{Kind: render.MaskOp, Rect: image.Rectangle{Min: at, Max: at.Add(m.Size)}, Mask: m, Color: c.ink(col)})
}

// pairOf chooses the colours behind a face by who it is, not by the name: an
// alias must not be given away by a colour that stays, nor hidden by one that
// changes.
func pairOf(id board.PersonID) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return int(h.Sum32() % uint32(len(look.Faces)))
}

// overlap is how much of an avatar the next one in a stack covers.
func overlap(size float32) float32 { return float32(math.Floor(float64(size * .22))) }

// stack draws overlapping faces that end at x = right, at most n discs, the
// last saying how many more there are. It returns where the stack begins.
func (c *canvas) stack(crowd board.Crowd, right, y, size float32, n int, ring color.RGBA) float32 {
	faces := pendingFirst(crowd.Shown)
	more := crowd.Others
	if !crowd.Exact {
		more = 0
	}
	discs := len(faces)
	if more > 0 {
		discs++
	}
	if discs > n {
		more += len(faces) - (n - 1)
		faces = faces[:n-1]
		discs = n
	}
	if discs == 0 {
		return right
	}
	step := size - overlap(size)
	left := right - size - float32(discs-1)*step
	x := left
	c.tellFaces(layout.Rect{X: left, Y: y, W: right - left, H: size}, crowd, faces, more)
	for _, p := range faces {
		c.avatar(p.Person, x, y, size, face{ring: ring, ringW: max(3, 5*size/84), pending: p.Pending})
		x += step
	}
	if discs > len(faces) {
		c.disc(x+size/2, y+size/2, size/2+max(3, 5*size/84), ring)
		c.disc(x+size/2, y+size/2, size/2, c.Bg2)
		if crowd.Exact {
			t := look.Type{Size: max(c.ty.Min.Size, size*.38), Weight: 800, Line: 1.25, Tabular: true}
			words := "+" + strconv.Itoa(more)
			if len(faces) == 0 {
				words = words[1:] // nobody it could come on top of
			}
			c.mute(func() { c.text(words, t, x+size/2, y+size/2+t.Middle(), middle, c.Ink) })
		} else {
			// How many must not be said; that there are more may be seen.
			c.icon("dots", layout.Rect{X: x, Y: y, W: size, H: size}.Center(size*.5, size*.5), 2.6, c.Ink)
		}
	}
	return left
}

// pendingFirst puts those whose sign-up is on its way where they are seen.
func pendingFirst(people []board.Participant) []board.Participant {
	out := make([]board.Participant, 0, len(people))
	for _, p := range people {
		if p.Pending {
			out = append(out, p)
		}
	}
	for _, p := range people {
		if !p.Pending {
			out = append(out, p)
		}
	}
	return out
}
