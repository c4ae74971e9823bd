package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// answers returns how often each answer of the demo house's question was given.
func (w *world) answers() (n map[string]int) {
	w.t.Helper()
	require.NoError(w.t, w.show.store.View(w.t.Context(), store.Actor{Org: "sys-demo", Kind: store.ByHub, At: time.Now()}, func(v store.View) error {
		t, err := v.Tally(w.t.Context(), "poll-1")
		n = t.All
		return err
	}))
	return n
}

// R-ACT-13, R-IBG-30, A-19: people answer at two walls, one of them without a
// network, and one takes an answer back. Each answer that stands reaches the hub
// once, the numbers of five are on every wall, and no byte of what the wall keeps
// or sends says who it was.
func TestAnswersFromTouchToEveryScreen(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen, living := w.walls[0], w.walls[2]
		answer := func(x *livingWall, word string) {
			t.Helper()
			x.tap("Hjem")
			x.tap("Mere")
			x.tap("Spørgsmål")
			require.Contains(t, x.says(), "Hvordan var maden i dag?")
			require.Contains(t, x.says(), "Dit svar er uden navn.")
			x.tap(word)
			require.Contains(t, x.says(), "Tak for dit svar")
		}
		next := 25 * time.Second
		answer(kitchen, "God")
		time.Sleep(next)
		living.link.Cut()
		time.Sleep(time.Minute + next)
		answer(living, "God")
		require.Contains(t, living.says(), "Svaret venter her, til der er net.")
		time.Sleep(next)
		answer(living, "Ikke god")
		living.tap("Fortryd")
		answer(living, "Sådan midt imellem")
		time.Sleep(next)
		answer(kitchen, "God")
		require.Len(t, living.waiting(), 4)
		require.Equal(t, map[string]int{"face-good": 2}, w.answers())

		living.link.Heal()
		for range 60 {
			if w.within(time.Second); len(living.waiting()) == 0 {
				break
			}
		}
		require.Equal(t, map[string]int{"face-good": 3, "face-fair": 1}, w.answers(), "each once")
		require.NotContains(t, kitchen.says(), "3 svar", "four are too few for numbers")
		time.Sleep(next)
		answer(kitchen, "Ikke god")
		w.within(2 * time.Second)
		for _, x := range []*livingWall{kitchen, living} {
			x.tap("Hjem")
			x.tap("Mere")
			x.tap("Spørgsmål")
			for _, want := range []string{"3 svar", "1 svar"} {
				require.Contains(t, x.says(), want)
			}
		}

		kept := 0
		for _, x := range []*livingWall{kitchen, living} {
			for _, e := range x.cache.Outbox() {
				if e.On.Kind != "poll" {
					continue
				}
				kept++
				raw, err := json.Marshal(wire.Mut{Muts: []wire.Mutation{e.Mutation}})
				require.NoError(t, err)
				require.NotContains(t, string(raw), "who")
				require.NotContains(t, string(raw), "saw")
			}
		}
		require.Equal(t, 7, kept)
		require.NoError(t, w.show.store.View(t.Context(), store.Actor{Org: "sys-demo", Kind: store.ByHub, At: time.Now()}, func(v store.View) error {
			return v.Lines(t.Context(), "", func(l store.Line) error {
				if l.Kind == string(house.KindPoll) && l.Action != "create" {
					require.NotEqual(t, store.ByScreen, l.By, "%s", fmt.Sprint(l))
				}
				return nil
			})
		}))
		for _, line := range strings.Split(w.log.String(), "\n") {
			require.False(t, strings.Contains(line, "touch kept") && strings.Contains(line, "poll"), line)
		}
	})
}
