package ui

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
)

// Issue 4, item 1: the meals of seven days stand on pages of their own, on every kind
// of screen. Whoever touches one is where they sign up for it; one that has been
// cannot be touched, and a day without a menu says so. A-13: from home that is three
// touches and one's own picture.
func TestMealsOfSevenDays(t *testing.T) {
	for _, size := range []image.Point{large, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
		h := &hand{t: t, Model: mockModel(size, Home{})}
		h.tap(Go{Meals{}})
		h.tap(Turn{Meals{Week: true}})
		seen := map[board.Ref]bool{}
		for page := range weekDays {
			h.Stack = []Place{Home{}, Meals{Week: true, Page: page}}
			for _, m := range h.Board.Meals {
				if h.frame().Find(Turn{Meals{Kind: m.Kind, On: m.Ref}}) != nil {
					seen[m.Ref] = true
				}
			}
		}
		require.Len(t, seen, len(h.Board.Meals), "%v", size)
		tomorrow := h.Board.Meals[1]
		h.Stack = []Place{Home{}, Meals{Week: true}}
		h.tap(Turn{Meals{Kind: tomorrow.Kind, On: tomorrow.Ref}})
		h.sees(Join{tomorrow.Ref})
	}
	h := newHand(t)
	today := h.Board.Meals[0]
	h.Stack = append(h.Stack, Meals{Week: true})
	h.sees(Turn{Meals{Kind: today.Kind, On: today.Ref}})
	require.Contains(t, h.words(), "Menuen er på vej", "nobody knows Wednesday's")
	h.Now = mockNow.Add(9 * time.Hour)
	require.Nil(t, h.frame().Find(Turn{Meals{Kind: today.Kind, On: today.Ref}}))
	require.Contains(t, h.words(), "Fisk og")
}
