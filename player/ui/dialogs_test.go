package ui

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/sync/record"
)

// R-IBG-34: who touches their own picture on a meal that they are signed up for
// every week is told so, and can say no to this day.
func TestAutomaticMealIsSaidAndCanBeDeclined(t *testing.T) {
	h := &hand{t: t, Model: mockModel(large, Home{})}
	b := changed(func(f *record.Facts) {
		for id, m := range f.Meals {
			m.Auto = ids("inger")
			f.Meals[id] = m
		}
	})
	var fish board.Ref
	for _, m := range b.Meals {
		if _, _, in := m.Has("inger"); in && m.Door(mockNow) == board.Open {
			fish = m.Ref
			break
		}
	}
	require.NotZero(t, fish)
	h.send(BoardChanged{b})
	h.Stack = append(h.Stack, Meals{}, Who{On: fish})
	h.tap(Pick{fish, "inger"})
	require.Contains(t, h.words(), "Tilmeldt hver uge")
	h.tap(Leave{fish, "inger"})
	require.Equal(t, []Effect{SignOff{fish, "inger"}}, h.effects)
}
