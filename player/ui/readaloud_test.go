package ui

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/render"
)

// the way to have a page read is at the same place on every page and beside
// every dialog, apart from everything else that is touched there; where there is
// no voice, there is none.
func TestReadAloudIsAlwaysAtTheSamePlace(t *testing.T) {
	for _, size := range []image.Point{{X: 1920, Y: 1080}, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
		want := image.Rectangle{}
		for name, m := range mockScreens(size) {
			f := View(m, testKit)
			tg := f.Find(ReadAloud{})
			if m.PairingShown() {
				require.Nil(t, tg, "%v %s: whoever sets a screen up reads", size, name)
				continue
			}
			require.NotNil(t, tg, "%v %s", size, name)
			if want.Empty() {
				want = tg.Rect
			}
			require.Equal(t, want, tg.Rect, "%v %s", size, name)
			for _, o := range f.Targets {
				require.False(t, o.Means != nil && o.Means != tg.Means && o.Rect.Overlaps(tg.Rect), "%v %s: %q lies under it", size, name, o.Label)
			}
			m.Voice = false
			require.Nil(t, View(m, testKit).Find(ReadAloud{}), "%v %s", size, name)
		}
	}
}

// item by item to the last; whoever listens is there.
func TestReadingGoesOnToTheEnd(t *testing.T) {
	h := newHand(t)
	h.tap(ReadAloud{})
	require.Equal(t, []Effect{Read{0}}, h.effects)
	require.Equal(t, Reading{On: true}, h.Reading)
	h.pass(50 * time.Second)
	h.send(ItemRead{At: 0})
	require.Equal(t, Read{1}, h.effects[1])
	h.send(ItemRead{At: 0})
	require.Len(t, h.effects, 2, "said twice")
	h.tap(Open{swimming})
	require.Equal(t, Silence{}, h.effects[2])
	h.send(ItemRead{At: 1})
	require.Len(t, h.effects, 3, "it had been stopped")

	h.tap(ReadAloud{})
	h.pass(70 * time.Second)
	h.send(ItemRead{At: 0})
	require.Zero(t, h.leaving(), "somebody listens")
	h.send(ItemRead{At: 1, Last: true})
	require.Equal(t, Reading{}, h.Reading)
}

// any touch stops it the moment the finger is down, and the touch that
// stopped it does not begin it again.
func TestAnyTouchStopsReading(t *testing.T) {
	for name, msg := range map[string]Msg{
		"a finger on nothing": TouchDown{Contact: 3},
		"a finger on Stop":    TouchDown{Means: Hush{}, Ready: true},
		"a key":               BackPressed{},
		"the button":          ReadPressed{},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHand(t)
			h.tap(ReadAloud{})
			h.send(msg)
			require.Equal(t, Reading{}, h.Reading)
			require.Equal(t, Silence{}, h.effects[1])
		})
	}
	h := newHand(t)
	h.tap(ReadAloud{})
	h.sees(Hush{})
	h.send(TouchDown{Means: Hush{}, Ready: true}, TouchMove{Means: ReadAloud{}}, TouchUp{Means: ReadAloud{}})
	require.Equal(t, []Effect{Read{0}, Silence{}}, h.effects)
}

// A dialog is read, too, and so is a wall that shows nothing else.
func TestEverythingCanBeRead(t *testing.T) {
	for name, m := range mockScreens(large) {
		if m.PairingShown() {
			continue
		}
		h := &hand{t: t, Model: m}
		h.send(TouchDown{Means: render.Meaning(ReadAloud{}), Ready: true}, TouchUp{Means: ReadAloud{}})
		require.Contains(t, h.effects, Effect(Read{0}), name)
	}
}
