package soft

import (
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/art"
	"tavle/render/text"
)

// wall builds a frame about as full as the home page of a house with 60 people
// at 1920×1080: sky, day ribbon, three activities, staff, two cards, a rail.
type wall struct {
	f    render.Frame
	text *text.Engine
	art  *art.Library
}

var (
	ink     = color.RGBA{0x1C, 0x28, 0x29, 255}
	surface = color.RGBA{0xFF, 0xFC, 0xF6, 255}
	card    = &render.Shadow{Layers: []render.ShadowLayer{
		{Offset: image.Pt(0, 2), Sigma: 2, Color: color.RGBA{4, 3, 2, 13}},
		{Offset: image.Pt(0, 6), Sigma: 9, Color: color.RGBA{5, 4, 2, 18}},
	}}
	raised = &render.Shadow{Layers: []render.ShadowLayer{
		{Offset: image.Pt(0, 4), Sigma: 5, Color: color.RGBA{5, 4, 2, 18}},
		{Offset: image.Pt(0, 14), Sigma: 18, Color: color.RGBA{9, 7, 4, 31}},
	}}
)

func newWall(t testing.TB) *wall {
	e, err := text.New()
	require.NoError(t, err)
	return &wall{text: e, art: art.New(32 << 20)}
}

func (w *wall) box(x, y, width, height, radius int, c color.RGBA, s *render.Shadow) {
	w.f.Ops = append(w.f.Ops, render.Op{Kind: render.BoxOp, Rect: image.Rect(x, y, x+width, y+height), Radius: radius, Color: c, Shadow: s})
}

func (w *wall) words(s string, x, y int, size float32, weight int) {
	l := w.text.Line(s, text.Style{Size: size, Weight: weight, Tabular: size > 200}, "da")
	dot := image.Pt(x, y)
	w.f.Ops = append(w.f.Ops, render.Op{Kind: render.TextOp, Rect: l.Ink.Add(dot), Dot: dot, Line: l, Color: ink})
}

func (w *wall) picture(source string, x, y, width, height, radius int) {
	p := render.Picture{Source: source, Size: image.Pt(width, height)}
	if radius > 0 {
		p.Crop = render.Crop{Window: image.Rect(0, 0, width, height), Radius: radius}
	}
	w.f.Ops = append(w.f.Ops, render.Op{Kind: render.PictureOp, Rect: image.Rect(x, y, x+width, y+height), Picture: p, Alpha: 255})
}

func (w *wall) home(clock string) *render.Frame {
	w.f = render.Frame{Size: image.Pt(1920, 1080)}
	w.box(0, 0, 1920, 1080, 0, color.RGBA{0xF5, 0xEF, 0xE4, 255}, nil)
	w.picture("sky:day", 0, 0, 1920, 392, 0)
	w.words("Nu er det", 56, 68, 38, 600)
	w.words("Torsdag formiddag", 56, 166, 104, 800)
	w.words(clock, 1286, 203, 220, 700)
	w.box(56, 280, 1808, 64, 32, surface, card)
	for i := range 6 {
		w.picture("picto:bread", 200+i*240, 286, 52, 52, 14)
	}
	for row, title := range []string{"Vi bager boller", "Svømning", "Male og tegne"} {
		y := 414 + row*165
		w.box(56, y, 1016, 152, 36, surface, card)
		w.words("11.00", 88, y+95, 54, 800)
		w.picture("picto:artist-palette", 264, y+22, 108, 108, 30)
		w.words(title, 396, y+66, 48, 700)
		w.words("Valby Vandkultur", 440, y+115, 32, 500)
		for i := range 4 {
			w.picture("picto:sunflower", 760+i*66, y+34, 84, 84, 42)
		}
	}
	w.box(1100, 414, 764, 242, 36, surface, card)
	for i, name := range []string{"Mette", "Thomas", "Fatima", "Lars"} {
		w.picture("picto:star", 1156+i*177, 486, 120, 120, 60)
		w.words(name, 1170+i*177, 640, 34, 700)
	}
	for i := range 2 {
		w.box(1100+i*404, 672, 388, 224, 36, surface, card)
		w.picture("sky:dusk", 1100+i*404, 672, 126, 224, 36)
		w.words("Fisk og kartofler", 1246+i*404, 760, 38, 700)
	}
	w.box(56, 920, 1636, 128, 40, surface, raised)
	w.box(66, 930, 226, 108, 32, color.RGBA{0x16, 0x4E, 0x42, 255}, nil)
	for i, tab := range []string{"Hjem", "Aktiviteter", "Måltider", "På arbejde", "Beboere", "Nyt", "Mere"} {
		at := image.Pt(150+i*232, 942)
		m := w.art.Icon("home", 52, 2)
		w.f.Ops = append(w.f.Ops, render.Op{Kind: render.MaskOp, Rect: image.Rectangle{Min: at, Max: at.Add(m.Size)}, Mask: m, Color: ink})
		w.words(tab, 130+i*232, 1024, 30, 700)
	}
	f := w.f
	return &f
}

// What a minute costs: nothing is allocated once every mask is made.
func TestPaintingAllocatesNothing(t *testing.T) {
	w := newWall(t)
	a, b := w.home("10.24"), w.home("10.25")
	minute := render.Damage(a, b)
	require.Len(t, minute, 1)
	all := full(a)
	var p Painter
	dst := p.Image(a, w.art)
	p.Paint(dst, b, all, w.art)
	require.Zero(t, testing.AllocsPerRun(10, func() { p.Paint(dst, a, minute, w.art); p.Paint(dst, b, minute, w.art) }), "a minute")
	require.Zero(t, testing.AllocsPerRun(3, func() { p.Paint(dst, a, all, w.art) }), "the whole page")
}

// A picture made on a laptop is the picture on the wall: this sum is the same on
// amd64, 386, arm64 and arm. A change of drawings, fonts or blending changes it;
// then put the new one here, after another processor has agreed:
//
//	GOARCH=arm64 go test -exec qemu-aarch64-static -run EveryProcessor ./render/soft
func TestTheSameBytesOnEveryProcessor(t *testing.T) {
	w := newWall(t)
	w.home("10.24")
	for i, name := range []string{"wash-machine", "fingerprint", "cloud-off", "moon-filled"} {
		m := w.art.Icon(name, 61+i, 2.3)
		at := image.Pt(600+i*80, 20)
		w.f.Ops = append(w.f.Ops, render.Op{Kind: render.MaskOp, Rect: image.Rectangle{Min: at, Max: at.Add(m.Size)}, Mask: m, Color: ink})
	}
	m := w.art.Ring(98, 5, true)
	w.f.Ops = append(w.f.Ops, render.Op{Kind: render.MaskOp, Rect: image.Rectangle{Max: m.Size}, Mask: m, Color: ink})
	w.words("Nguyễn Thị Ánh · عبد الرحمن · கவிதா · ሰላም · Олександр", 100, 250, 37.5, 500)
	for i, name := range []string{"bicycle", "red-heart", "performing-arts"} {
		w.picture("picto:"+name, 1300+i*120, 210, 101, 101, 0)
		w.picture("mono:"+name+":#164E42", 1300+i*120, 310, 101, 101, 20)
	}
	var p Painter
	sum := sha256.Sum256(p.Image(&w.f, w.art).Pix)
	require.Equal(t, "e3b2c7f588dd35870ab6196eb2f38fbef416371d7dae2370879f40175e740eef", hex.EncodeToString(sum[:]))
}

func BenchmarkPaint(b *testing.B) {
	w := newWall(b)
	f, next := w.home("10.24"), w.home("10.25")
	for _, c := range []struct {
		name   string
		damage []image.Rectangle
	}{{"home/all", full(f)}, {"home/minute", render.Damage(f, next)}, {"home/row", []image.Rectangle{image.Rect(56, 414, 1072, 566)}}} {
		b.Run(c.name, func(b *testing.B) {
			var p Painter
			dst := p.Image(f, w.art)
			area := 0
			for _, r := range c.damage {
				area += r.Dx() * r.Dy()
			}
			b.ReportAllocs()
			b.ReportMetric(float64(area), "px")
			for b.Loop() {
				p.Paint(dst, f, c.damage, w.art)
			}
		})
	}
}

func BenchmarkDamage(b *testing.B) {
	w := newWall(b)
	f, next := w.home("10.24"), w.home("10.25")
	b.ReportAllocs()
	for b.Loop() {
		render.Damage(f, next)
	}
}
