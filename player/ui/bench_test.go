package ui

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
	"tavle/render/art"
	"tavle/render/soft"
	"tavle/render/text"
	"tavle/sync/record"
)

// fullModel is a page of the house of the design's pictures with 60 more people,
// who all go swimming.
func fullModel(place Place) Model {
	f := mockFacts()
	swim := f.Activities["a2"]
	for i := range 60 {
		id := record.PersonID(fmt.Sprint("x", i))
		f.People[id] = record.Person{ID: id, Kind: record.Resident, Name: record.NameOf(fmt.Sprint("Beboer ", i)), Listed: true, SignUp: true}
		swim.Who = append(swim.Who, id)
	}
	f.Activities["a2"] = swim
	m := mockModel(large, place)
	m, _ = Update(m, BoardChanged{board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})})
	return m
}

// measured are the pages that are measured: the one that hangs there all day, and
// the one with most to touch.
var measured = []struct {
	name   string
	place  Place
	budget float64 // allocations of a view, at most
}{
	{"home", Home{}, 350},
	{"who", Who{On: swimming}, 250},
}

// What a view allocates is bounded: a wall runs for years on a machine with
// 512 MB, and a view is made once a minute and with every touch. It was 230 and
// 135 when this was written.
func TestViewAllocatesWithinItsBudget(t *testing.T) {
	for _, p := range measured {
		m := fullModel(p.place)
		View(m, testKit)
		require.LessOrEqual(t, testing.AllocsPerRun(10, func() { View(m, testKit) }), p.budget, p.name)
	}
}

func BenchmarkView(b *testing.B) {
	for _, p := range measured {
		b.Run(p.name+"/60people", func(b *testing.B) {
			m := fullModel(p.place)
			b.ReportAllocs()
			for b.Loop() {
				View(m, testKit)
			}
		})
	}
}

// What the CPU does when the glass changes: all of the page after a touch, and
// the clock, the knob on the ribbon and a chip or two with every minute.
func BenchmarkPaint(b *testing.B) {
	m := fullModel(Home{})
	home := View(m, testKit)
	m, _ = Update(m, Tick{m.Now.Add(time.Minute)})
	next := View(m, testKit)
	images := keptImages{}
	for _, c := range []struct {
		name   string
		damage []image.Rectangle
	}{
		{"all", []image.Rectangle{{Max: large}}},
		{"minute", render.Damage(home, next)},
	} {
		b.Run(fmt.Sprintf("home/60people/%dx%d/%s", large.X, large.Y, c.name), func(b *testing.B) {
			var p soft.Painter
			dst := p.Image(home, images)
			area := 0
			for _, r := range c.damage {
				area += r.Dx() * r.Dy()
			}
			b.ReportAllocs()
			for b.Loop() {
				p.Paint(dst, next, c.damage, images)
			}
			b.ReportMetric(float64(area), "px")
		})
	}
}

// What a start costs before there is a first picture, apart from the cache and
// the window: fonts are opened, every word is set, every drawing drawn. Photos
// come later.
func BenchmarkFirstPicture(b *testing.B) {
	m := fullModel(Home{})
	b.Run(fmt.Sprintf("home/60people/%dx%d", large.X, large.Y), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			fonts, err := text.New()
			require.NoError(b, err)
			kit := NewKit(fonts, art.New(64<<20))
			new(soft.Painter).Image(View(m, kit), drawings{kit})
		}
	})
}

// drawings are all pictures but photos, which are not there yet.
type drawings struct{ kit *Kit }

func (d drawings) Image(p render.Picture) *image.RGBA {
	if strings.HasPrefix(p.Source, "photo:") {
		return nil
	}
	return d.kit.Art.Image(p)
}

// keptImages keeps the pictures it makes, as a player does.
type keptImages map[render.Picture]*image.RGBA

func (k keptImages) Image(p render.Picture) *image.RGBA {
	img, ok := k[p]
	if !ok {
		img = testImages{testKit}.Image(p)
		k[p] = img
	}
	return img
}
