package art

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
)

// The sky stands behind the clock of the home page: a gradient from top to
// bottom, a disc with two rings of glow round it, three lines of hills.

// A phase is what the sky looks like at one time of day.
type phase struct {
	gradient [3]color.RGBA // at the top, at 0.55, at the bottom
	hills    [3]color.RGBA // far to near
	disc     color.RGBA
	glow     float32 // opacity of the inner ring; the outer has 0.45 of it
	moon     bool    // a crescent with stars instead of a sun
}

// phases by the name they have in a picture's source; the colours are the
// design's (tokens "sky"), but for the last of dusk, which is darker: the clock is
// read on it.
var phases = map[string]phase{
	"dawn": {
		gradient: rgb3(0xD9DDEA, 0xF3E0D2, 0xFBE6C6), hills: rgb3(0xD6DCD9, 0xC6D2CB, 0xB5C7BC),
		disc: rgb(0xFFD9A0), glow: 0.3,
	},
	"day": {
		gradient: rgb3(0xCFE3EA, 0xE9EBDD, 0xF8E9CC), hills: rgb3(0xD8E4D2, 0xC6D9C3, 0xB5CFB4),
		disc: rgb(0xFFE9A9), glow: 0.35,
	},
	"dusk": {
		gradient: rgb3(0x243246, 0x454862, 0x7A5F5B), hills: rgb3(0x3C4A4C, 0x2E3B3C, 0x222D2D),
		disc: rgb(0xF6E3B8), glow: 0.06, moon: true,
	},
	"offline": {
		gradient: rgb3(0xDDE0EA, 0xE9E6E4, 0xF4E9D8), hills: rgb3(0xD8DCDE, 0xC8D0D0, 0xB6C2C0),
		disc: rgb(0xFFEFC4), glow: 0.25,
	},
}

// A scene is where things stand in one kind of sky, in fractions of its width
// (x) and height (everything else).
type scene struct {
	x, y, r float32 // the disc; none when r is zero
	lift    float32 // the hills lie lower by this
	clear   float32 // no star stands left of this: the clock does
}

// scenes by name; the first is meant when none is named.
var scenes = map[string]scene{
	"":         {x: 1120. / 1920, y: 138. / 392, r: 62. / 392, lift: 10. / 392},
	"portrait": {x: 850. / 1080, y: 318. / 604, r: 70. / 604, lift: 6. / 604, clear: .66},
	"small":    {lift: 4. / 168},
	"full":     {x: 1600. / 1920, y: 240. / 1080, r: 86. / 1080, lift: 6. / 1080},
	"bare":     {lift: 10. / 1080},
}

// sceneOf returns the scene of a name; with ":rtl" at its end the disc stands on
// the other side, where a language that is read from the right leaves room.
func sceneOf(name string) (scene, bool) {
	name, rtl := strings.CutSuffix(name, ":rtl")
	s, ok := scenes[name]
	if rtl {
		s.x = 1 - s.x
	}
	return s, ok
}

// hills are the three lines, far to near: points in fractions of width and
// height, first the start, then three to a curve.
var hills = [3][]point{
	{{0, .82}, {.12, .64}, {.26, .80}, {.38, .78}, {.50, .76}, {.62, .60}, {.78, .74}, {.94, .88}, {.94, .70}, {1, .64}},
	{{0, .90}, {.20, .74}, {.34, .94}, {.52, .87}, {.70, .80}, {.84, .76}, {1, .88}},
	{{0, .84}, {.10, .86}, {.20, .98}, {.44, .97}, {.68, .96}, {.90, .88}, {1, .96}},
}

// stars round the moon: where from the disc's middle, and how large, in radii.
var stars = []struct{ x, y, r float32 }{
	{-150. / 62, -60. / 62, 3. / 62},
	{-90. / 62, 50. / 62, 2.5 / 62},
	{120. / 62, -70. / 62, 3.5 / 62},
	{150. / 62, 40. / 62, 2.5 / 62},
	{-190. / 62, 20. / 62, 2.5 / 62},
	{90. / 62, 90. / 62, 3. / 62},
	{-60. / 62, -90. / 62, 2. / 62},
}

// sky draws a sky of w×h pixels.
func sky(ph phase, sc scene, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	ph.paintGradient(out)
	c := canvas{w: w, h: h}
	W, H := float32(w), float32(h)
	paint := func(path []segment, col color.RGBA, opacity float32) {
		blend(out, col, c.fill(path, identity, false), opacity)
	}
	if r := sc.r * H; r > 0 {
		x, y := float32(sc.x*W), float32(sc.y*H)
		disc := func(dx, dy, r float32) []segment { return ellipse(x+dx, y+dy, r, r) }
		if ph.moon {
			paint(crescent(x, y, r), ph.disc, 1)
			for _, s := range stars {
				if x+float32(s.x*r) < float32(sc.clear*W) {
					continue
				}
				paint(disc(float32(s.x*r), float32(s.y*r), s.r*r), ph.disc, 1)
			}
		} else {
			paint(disc(0, 0, r), ph.disc, 1)
		}
		paint(disc(0, 0, 1.7*r), ph.disc, ph.glow)
		paint(disc(0, 0, 2.6*r), ph.disc, 0.45*ph.glow)
	}
	for i, line := range hills {
		at := func(p point) point { return point{p.x * W, (p.y + sc.lift) * H} }
		path := []segment{{op: moveTo, p: [3]point{at(line[0])}}}
		for k := 1; k < len(line); k += 3 {
			path = append(path, segment{op: cubeTo, p: [3]point{at(line[k]), at(line[k+1]), at(line[k+2])}})
		}
		path = append(path, segment{op: lineTo, p: [3]point{{W, H}}}, segment{op: lineTo, p: [3]point{{0, H}}}, segment{op: closePath})
		paint(path, ph.hills[i], 1)
	}
	return out
}

// crescent is a disc with a smaller one bitten out of its upper right.
func crescent(x, y, r float32) []segment {
	p := pathParser{at: point{x + float32(.2*r), y - float32(.98*r)}}
	p.emit(moveTo, p.at)
	from, to := p.at, point{x + float32(.98*r), y + float32(.2*r)}
	p.arc(r, r, 0, true, false, to)
	p.at = to
	p.arc(.78*r, .78*r, 0, false, true, from)
	p.emit(closePath)
	return p.out
}

// paintGradient fills out from top to bottom.
func (ph phase) paintGradient(out *image.RGBA) {
	const middle = 0.55
	h := out.Rect.Dy()
	for y := range h {
		t := (float32(y) + 0.5) / float32(h)
		from, to, k := ph.gradient[0], ph.gradient[1], t/middle
		if t > middle {
			from, to, k = ph.gradient[1], ph.gradient[2], (t-middle)/(1-middle)
		}
		mix := func(a, b uint8) uint8 { return uint8(float32(a) + float32((float32(b)-float32(a))*k) + 0.5) }
		col := color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 255}
		draw.Draw(out, image.Rect(0, y, out.Rect.Max.X, y+1), image.NewUniform(col), image.Point{}, draw.Src)
	}
}

func rgb(n uint32) color.RGBA { return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255} }

func rgb3(a, b, c uint32) [3]color.RGBA { return [3]color.RGBA{rgb(a), rgb(b), rgb(c)} }
