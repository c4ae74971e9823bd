package art

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A drawing is a parsed SVG file.
type drawing struct {
	size   point // of the view box, which begins at (0, 0)
	shapes []shape
}

// A shape is one path with everything it inherits worked in.
type shape struct {
	path    []segment
	toView  affine
	fill    paint
	stroke  paint
	width   float32 // of the stroke, in units of the path; ends and joins are round
	evenOdd bool
	opacity float32
}

// A paint is nothing, a colour, or the colour the drawing is given.
type paint struct {
	kind  paintKind
	color color.RGBA // opaque
}

type paintKind uint8

const (
	noPaint paintKind = iota
	fixedColor
	currentColor
)

// Bounds on one file. Ours are at most 7 KB, three deep, and stay inside their
// view box but for a unit or two.
const (
	maxSVG     = 64 << 10
	maxDepth   = 16
	maxOutside = 8 // view boxes away from it
)

// parseSVG reads a drawing. Whatever it does not know is an error that says
// where it stands.
func parseSVG(b []byte) (*drawing, error) {
	if len(b) > maxSVG {
		return nil, fmt.Errorf("svg: %d bytes are more than %d", len(b), maxSVG)
	}
	p := svgParser{dec: xml.NewDecoder(bytes.NewReader(b)), out: &drawing{}}
	if err := p.run(); err != nil {
		line, col := p.dec.InputPos()
		return nil, fmt.Errorf("svg line %d column %d: %w", line, col, err)
	}
	return p.out, nil
}

type svgParser struct {
	dec   *xml.Decoder
	out   *drawing
	stack []shape // what each open element hands down; paths stay empty
	steps int     // of all paths
}

func (p *svgParser) run() error {
	for {
		tok, err := p.dec.Token()
		switch {
		case errors.Is(err, io.EOF) && p.out.size == (point{}):
			return errors.New("there is no svg element")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if err := p.open(t); err != nil {
				return fmt.Errorf("<%s>: %w", t.Name.Local, err)
			}
		case xml.EndElement:
			p.stack = p.stack[:len(p.stack)-1]
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return errors.New("text is not drawn")
			}
		case xml.Comment:
		default:
			return fmt.Errorf("%T is not expected", t)
		}
	}
}

func (p *svgParser) open(t xml.StartElement) error {
	name := t.Name.Local
	if len(p.stack) == maxDepth {
		return fmt.Errorf("more than %d deep", maxDepth)
	}
	if outermost := len(p.stack) == 0 && p.out.size == (point{}); (name == "svg") != outermost {
		return errors.New("svg must be the outermost element, and only that")
	}
	s := shape{toView: identity, fill: paint{kind: fixedColor, color: color.RGBA{A: 255}}, width: 1, opacity: 1}
	if len(p.stack) > 0 {
		s = p.stack[len(p.stack)-1]
	}
	a := attributes{left: map[string]string{}}
	for _, at := range t.Attr {
		a.left[at.Name.Local] = at.Value
	}
	if err := s.inherit(&a, name); err != nil {
		return err
	}
	p.stack = append(p.stack, s)
	path, err := p.geometry(name, &a)
	if err != nil {
		return err
	}
	if err := a.rest(); err != nil {
		return err
	}
	if path != nil {
		s.path = path
		return p.add(s)
	}
	return nil
}

// add puts one more shape into the drawing.
func (p *svgParser) add(s shape) error {
	if p.steps += len(s.path); p.steps > maxSegments {
		return fmt.Errorf("the drawing has more than %d steps", maxSegments)
	}
	far := point{maxOutside * p.out.size.x, maxOutside * p.out.size.y}
	for i := range s.path {
		for _, pt := range s.path[i].points() {
			if q := s.toView.apply(pt); !(abs(q.x) <= far.x && abs(q.y) <= far.y) { // nor not a number
				return errors.New("it lies far outside the view box")
			}
		}
	}
	if w := s.width * s.toView.scale(); !(w >= 0 && w <= far.x) {
		return errors.New("stroke-width: the line is wider than the drawing")
	}
	p.out.shapes = append(p.out.shapes, s)
	return nil
}

func abs(x float32) float32 { return max(x, -x) }

// inherit takes the attributes every element may have out of a.
func (s *shape) inherit(a *attributes, element string) (err error) {
	if v, ok := a.take("fill"); ok {
		if s.fill, err = parsePaint(v); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	if v, ok := a.take("stroke"); ok {
		if s.stroke, err = parsePaint(v); err != nil {
			return fmt.Errorf("stroke: %w", err)
		}
	}
	for _, n := range []string{"stroke-linecap", "stroke-linejoin"} {
		if v, ok := a.take(n); ok && v != "round" {
			return fmt.Errorf("%s: %q is not round", n, v)
		}
	}
	if v, ok := a.take("fill-rule"); ok {
		if v != "evenodd" && v != "nonzero" {
			return fmt.Errorf("fill-rule: %q is neither evenodd nor nonzero", v)
		}
		s.evenOdd = v == "evenodd"
	}
	s.width = a.number("stroke-width", s.width)
	if element != "g" && element != "svg" { // the opacity of a group is not that of its parts
		s.opacity = a.number("opacity", 1)
		if s.opacity < 0 || s.opacity > 1 {
			return fmt.Errorf("opacity: %v is not from 0 to 1", s.opacity)
		}
	}
	if v, ok := a.take("transform"); ok {
		m, err := parseTransform(v)
		if err != nil {
			return fmt.Errorf("transform: %w", err)
		}
		s.toView = s.toView.after(m)
	}
	return a.err
}

// geometry takes what is peculiar to one element out of a and returns its path,
// if it has one.
func (p *svgParser) geometry(name string, a *attributes) ([]segment, error) {
	switch name {
	case "svg":
		var err error
		p.out.size, err = parseViewBox(a)
		return nil, err
	case "g":
		return nil, nil
	case "path":
		d, ok := a.take("d")
		if !ok {
			return nil, errors.New("d: a path needs one")
		}
		return parsePath(d)
	case "circle":
		r := a.number("r", 0)
		return ellipse(a.number("cx", 0), a.number("cy", 0), r, r), a.err
	case "ellipse":
		return ellipse(a.number("cx", 0), a.number("cy", 0), a.number("rx", 0), a.number("ry", 0)), a.err
	case "rect":
		rx := a.number("rx", 0)
		return rect(a.number("x", 0), a.number("y", 0), a.number("width", 0), a.number("height", 0), rx, a.number("ry", rx)), a.err
	}
	return nil, errors.New("this element is not drawn")
}

// parseViewBox takes the size of the drawing out of a.
func parseViewBox(a *attributes) (point, error) {
	v, _ := a.take("viewBox")
	a.take("xmlns")
	f := strings.Fields(v)
	if len(f) != 4 || f[0] != "0" || f[1] != "0" {
		return point{}, fmt.Errorf("viewBox: %q is not \"0 0 width height\"", v)
	}
	w, err1 := coordinate(f[2])
	h, err2 := coordinate(f[3])
	if err := errors.Join(err1, err2); err != nil || w < 1 || h < 1 {
		return point{}, fmt.Errorf("viewBox: %q has no size", v)
	}
	return point{w, h}, nil
}

// parsePaint reads a colour as our files write them.
func parsePaint(v string) (paint, error) {
	switch v {
	case "none":
		return paint{}, nil
	case "currentColor":
		return paint{kind: currentColor}, nil
	}
	c, err := parseHex(v)
	return paint{kind: fixedColor, color: c}, err
}

// parseHex reads #rgb or #rrggbb.
func parseHex(v string) (color.RGBA, error) {
	digits, ok := strings.CutPrefix(v, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if !ok || len(digits) != 6 || err != nil {
		return color.RGBA{}, fmt.Errorf("%q is not a colour", v)
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}, nil
}

// attributes are those of one element that nobody has taken yet.
type attributes struct {
	left map[string]string
	err  error // the first number that was none
}

func (a *attributes) take(name string) (string, bool) {
	v, ok := a.left[name]
	delete(a.left, name)
	return v, ok
}

func (a *attributes) number(name string, otherwise float32) float32 {
	v, ok := a.take(name)
	if !ok {
		return otherwise
	}
	f, err := coordinate(v)
	if err != nil && a.err == nil {
		a.err = fmt.Errorf("%s: %w", name, err)
	}
	return f
}

// rest returns an error if anything was not taken.
func (a *attributes) rest() error {
	if len(a.left) > 0 {
		name := slices.Min(slices.Collect(maps.Keys(a.left)))
		return fmt.Errorf("%s: this attribute is not understood here", name)
	}
	return a.err
}
