package ui

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"tavle/render"
)

// bottomOf returns where the lowest thing ends that is touched above the hand zone.
func bottomOf(f *render.Frame, zone int) int {
	low := 0
	for _, t := range f.Targets {
		if t.Drawn.Max.Y < zone {
			low = max(low, t.Drawn.Max.Y)
		}
	}
	return low
}

// A page with few cards has no empty half: they are as large as lets them fill it.
func TestFewCardsFillTallPanels(t *testing.T) {
	for name, place := range map[string]Place{
		"activities": Activities{}, "groups": Groups{}, "bookings": Bookings{}, "people": People{}, "news": NewsList{}, "documents": Documents{},
	} {
		m := mockModel(image.Pt(1080, 1920), place)
		f := View(m, testKit)
		c := newCanvas(m, testKit)
		zone := c.px(c.handZone().Y)
		if low := bottomOf(f, zone); low > 400 { // there is something on the list
			assert.Greater(t, low, zone*6/10, "%s: the lowest card ends at %d of %d", name, low, zone)
		}
	}
}

// what is pressed while a page is read covers no name that is read.
func TestReadingCoversNoNames(t *testing.T) {
	m := mockModel(image.Pt(800, 480), Home{})
	c := newCanvas(m, testKit)
	zone := c.px(c.handZone().Y)
	m.Reading = Reading{On: true}
	for _, on := range View(m, testKit).Targets {
		switch on.Means.(type) {
		case Louder, Softer, Hush:
			assert.GreaterOrEqual(t, on.Drawn.Min.Y, zone-1, "%s", on.Label)
		}
	}
}
