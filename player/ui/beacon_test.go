package ui

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui/look"
	"tavle/render/motion"
)

func beaconOf(h *hand) BeaconLit {
	return BeaconLit{Beacon{Number: 47, Place: "Gangen", Name: "tavle-9c41", Until: h.Now.Add(30 * time.Second)}}
}

// Issue 5, item 5: a screen that staff look for shows its number and its place, and
// nothing of anybody, also where somebody's page was open; after its time the page is
// as it was. Nothing of the page moves into it.
func TestBeaconShowsNobody(t *testing.T) {
	h := newHand(t)
	h.tap(Open{swimming})
	h.tap(Join{swimming})
	before := h.Model
	h.send(beaconOf(h))
	f := h.frame()
	require.Equal(t, []string{"Det er denne skærm", "47", "Gangen", "tavle-9c41", "Rør ved skærmen for at gå tilbage"}, f.Texts())
	require.Equal(t, h.Now.Add(30*time.Second), f.NextAt)
	for _, target := range f.Targets {
		require.Nil(t, target.Means)
	}
	kind, keep := Moved(before, h.Model)
	require.Equal(t, motion.None, kind)
	require.False(t, keep)

	h.pass(29 * time.Second)
	require.Contains(t, h.words(), "47")
	h.send(ClockSet{time.Hour})
	h.pass(time.Hour)
	require.Contains(t, h.words(), "47", "a clock that is set ends nothing")
	h.pass(time.Second)
	require.NotContains(t, h.words(), "47")
	require.Equal(t, before.Stack, h.Stack)
	require.Empty(t, h.effects)
}

// A touch or a key ends it and means nothing else.
func TestTouchEndsABeacon(t *testing.T) {
	for _, msg := range []Msg{TouchDown{Means: Go{To: People{}}, Ready: true}, Pressed{Means: Go{To: People{}}}, BackPressed{}} {
		h := newHand(t)
		h.tap(Open{swimming})
		was := h.Stack
		h.send(beaconOf(h), msg, TouchUp{Means: Go{To: People{}}})
		require.NotContains(t, h.words(), "47")
		require.Equal(t, was, h.Stack)
	}
}

// It is shown by night, too, and the wall rests again when it is over.
func TestBeaconIsSeenByNight(t *testing.T) {
	h := nightHand(t)
	h.Hours.Off, h.Hours.On = 22*60, 6*60
	h.pass(3 * time.Minute)
	require.Equal(t, Dark, h.Rest)
	h.send(beaconOf(h))
	require.Equal(t, Awake, h.Rest)
	require.Contains(t, h.words(), "47")
	h.pass(31 * time.Second)
	require.NotContains(t, h.words(), "47")
	h.pass(2 * time.Minute)
	require.Equal(t, Dark, h.Rest)
}

// Of a long place and three digits all is on the glass, on every panel and in the
// largest letters.
func TestBeaconFits(t *testing.T) {
	for _, size := range []image.Point{large, {X: 1080, Y: 1920}, {X: 800, Y: 480}, {X: 480, Y: 800}} {
		for _, text := range look.TextModes {
			h := &hand{t: t, Model: mockModel(size, Home{})}
			h.Text = text
			h.send(BeaconLit{Beacon{Number: 999, Place: "Dagligstuen på første sal ved siden af det store køkken", Name: "dagligstuen-paa-foerste-sal-ved-siden-af-det-store-koekken-no-2", Until: h.Now.Add(time.Minute)}})
			for _, op := range h.frame().Ops {
				if b := op.Bounds(); !b.Empty() && op.Color == h.Colours().OnPrimary {
					require.True(t, b.In(h.frame().Ops[0].Rect), "%v %v", size, text)
				}
			}
			require.Len(t, h.frame().Texts(), 5)
		}
	}
}
