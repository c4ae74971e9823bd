package art

import (
	"image"
	"image/color"
	"strings"

	"tavle/assets/icon"
	"tavle/assets/pictogram"
	"tavle/render"
	"tavle/render/lru"
)

// A Library draws on demand and keeps what it drew. It is for one goroutine.
// Nothing in it is about a person.
//
// It is a [render.Images] for these sources:
//
//	picto:NAME           a pictogram in colour
//	mono:NAME:#RRGGBB    a pictogram in one colour
//	sky:PHASE            the sky of the home page; dawn, day, dusk, offline
//	sky:PHASE:SCENE      … of another page: portrait, small (without a disc),
//	                     full (the whole screen), bare (the same without a disc);
//	                     with :rtl at the end, mirrored
//	logo                 the mark of Tavle
//
// A name nobody knows is drawn as a plain rounded square, so that a house whose
// symbols are newer than its screens still gets a calm picture.
type Library struct {
	kept *lru.Cache[key, art]
}

// A key is everything a drawing depends on.
type key struct {
	kind    kind
	picture render.Picture // of an icon: Source is its name
	stroke  float32        // of an icon, in 24ths of its size
	width   int            // of a ring, in pixels
}

type kind uint8

const (
	pictureKind kind = iota
	iconKind
	ringKind
	dashedKind
)

// An art is one of the two.
type art struct {
	mask  *render.Mask
	image *image.RGBA
}

// New returns a library that keeps at most limit bytes of pixels. A page at
// 1920×1080 needs some 5 MB, most of it sky.
func New(limit int) *Library {
	return &Library{kept: lru.New[key, art](limit)}
}

// Forget lets go of everything.
func (l *Library) Forget() { l.kept.Clear() }

// Icon returns the icon called name in size×size pixels. Its lines are
// stroke/24 of the size wide; 2 is as they were drawn, the screens use 2 to 2.8.
// While it is kept, the same arguments give the same mask.
func (l *Library) Icon(name string, size int, stroke float32) *render.Mask {
	k := key{kind: iconKind, picture: render.Picture{Source: name, Size: image.Pt(size, size)}, stroke: stroke}
	return l.mask(k, size, func() []uint8 {
		b, ok := icon.SVG(name)
		return open(b, ok, neutralIcon).mask(size, stroke)
	})
}

// Ring returns a circular line, width pixels wide, that just fits into
// diameter×diameter pixels: whole, or dashed as for a place that is free and a
// sign-up that waits to be sent.
func (l *Library) Ring(diameter, width int, dashed bool) *render.Mask {
	k := key{kind: ringKind, picture: render.Picture{Size: image.Pt(diameter, diameter)}, width: width}
	if dashed {
		k.kind = dashedKind
	}
	return l.mask(k, diameter, func() []uint8 { return ring(diameter, width, dashed) })
}

func (l *Library) mask(k key, size int, make func() []uint8) *render.Mask {
	if a, ok := l.kept.Get(k); ok {
		return a.mask
	}
	m := &render.Mask{}
	if size > 0 {
		m.Size, m.Pix = image.Pt(size, size), make()
	}
	l.kept.Add(k, art{mask: m}, len(m.Pix))
	return m
}

// Image implements [render.Images]. It returns nil for a source that is none of
// its own, such as a photo, and for a picture without a size.
func (l *Library) Image(p render.Picture) *image.RGBA {
	k := key{picture: p}
	if a, ok := l.kept.Get(k); ok {
		return a.image
	}
	if p.Size.X <= 0 || p.Size.Y <= 0 {
		return nil
	}
	img := drawSource(p)
	if img == nil {
		return nil
	}
	p.Crop.Cut(img)
	l.kept.Add(k, art{image: img}, len(img.Pix))
	return img
}

// Has reports whether source names something that can be drawn, rather than
// being drawn as a plain square or not at all.
func (l *Library) Has(source string) bool {
	kind, name, _ := strings.Cut(source, ":")
	switch kind {
	case "picto":
		_, ok := pictogram.Colour(name)
		return ok
	case "mono":
		name, col, _ := strings.Cut(name, ":")
		_, ok := pictogram.Mono(name)
		_, err := parseHex(col)
		return ok && err == nil
	case "sky":
		name, sc, _ := strings.Cut(name, ":")
		_, ok1 := phases[name]
		_, ok2 := sceneOf(sc)
		return ok1 && ok2
	case "logo":
		return name == ""
	}
	return false
}

// HasIcon reports whether there is an icon called name.
func (l *Library) HasIcon(name string) bool {
	_, ok := icon.SVG(name)
	return ok
}

// drawSource draws a picture without its crop; nil if its source is not ours.
func drawSource(p render.Picture) *image.RGBA {
	kind, name, _ := strings.Cut(p.Source, ":")
	switch kind {
	case "picto":
		b, ok := pictogram.Colour(name)
		return open(b, ok, neutralPictogram).image(p.Size.X, p.Size.Y, neutralColor)
	case "mono":
		name, hex, _ := strings.Cut(name, ":")
		b, ok := pictogram.Mono(name)
		col, err := parseHex(hex)
		if err != nil {
			col = neutralColor
		}
		return open(b, ok, neutralPictogram).image(p.Size.X, p.Size.Y, col)
	case "sky":
		name, sc, _ := strings.Cut(name, ":")
		ph, ok := phases[name]
		if !ok {
			ph = phases["day"]
		}
		where, _ := sceneOf(sc)
		return sky(ph, where, p.Size.X, p.Size.Y)
	case "logo":
		return logo.image(p.Size.X, p.Size.Y, neutralColor)
	}
	return nil
}

// open parses a drawing, or gives the other one if there is none. That every
// drawing in the binary parses is a test; a broken one is drawn as if missing.
func open(svg []byte, ok bool, otherwise *drawing) *drawing {
	if !ok {
		return otherwise
	}
	d, err := parseSVG(svg)
	if err != nil {
		return otherwise
	}
	return d
}

// What stands for a drawing that is not there: a plain rounded square.
var (
	neutralColor     = color.RGBA{0x83, 0x74, 0x62, 0xFF}
	neutralPictogram = mustParse(`<svg viewBox="0 0 32 32"><rect x="5" y="5" width="22" height="22" rx="6" fill="currentColor" opacity=".3"/></svg>`)
	neutralIcon      = mustParse(`<svg viewBox="0 0 24 24"><rect x="5" y="5" width="14" height="14" rx="4" fill="none" stroke="currentColor" stroke-width="2"/></svg>`)
)

// logo is the mark of Tavle: a wall screen with two lines and a sun.
var logo = mustParse(`<svg viewBox="0 0 64 64">
	<rect x="4" y="8" width="56" height="44" rx="13" fill="#164E42"/>
	<rect x="13" y="18" width="24" height="7" rx="3.5" fill="#FFFCF6"/>
	<rect x="13" y="32" width="16" height="7" rx="3.5" fill="#FFFCF6" opacity=".75"/>
	<circle cx="46" cy="33" r="9" fill="#E9A93A"/>
	<rect x="22" y="54" width="20" height="5" rx="2.5" fill="#164E42"/>
</svg>`)

func mustParse(svg string) *drawing {
	d, err := parseSVG([]byte(svg))
	if err != nil {
		panic("art: " + err.Error())
	}
	return d
}
