package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/cmd/tavle/stage"
	"tavle/render"
)

// modulePages are the pages that a house has whatever it holds.
var modulePages = []string{
	"home", "activities", "meals", "roster", "roster-week", "people", "more", "news", "gallery", "documents", "weather", "meetings",
	"bookings", "groups", "videos", "presence", "presence-empty", "offline-home", "masked", "masked-people",
}

// a house where nothing is, and one with too much of everything, show every
// page with words on it, and what is touched keeps to the rules of size.
func TestEveryStateOfEveryPageHolds(t *testing.T) {
	for _, house := range []string{"empty", "full"} {
		s, err := stage.New(fileOf(t, houses[house]), demo.Asset, "", time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC))
		require.NoError(t, err)
		for _, h := range hangings[:3] {
			set := setting{hanging: h, lang: "da"}
			s.Hangs = set.panel()
			for _, p := range stage.Scenes {
				if house == "empty" && !slices.Contains(modulePages, p.Name) {
					continue // there is nothing it could be about
				}
				m := s.Model(p, h.px)
				f := s.Studio.Frame(m)
				if len(f.Texts()) == 0 && p.Name != "dark" {
					t.Errorf("%s %s %s: says nothing", house, h.name, p.Name)
				}
				over := overlaid(m, p.Name)
				for _, v := range slices.Concat(set.targets(f), spills(f, over), choices(f)) {
					t.Errorf("%s %s %s: %s", house, h.name, p.Name, v)
				}
			}
		}
	}
}

// the time is read from two metres on every panel of 10 inches and more, and
// the day on those that are 200 mm high: capitals of 24.4 mm.
func TestDayAndTimeAreReadFromAfar(t *testing.T) {
	s := studioStage(t, "da")
	for _, h := range hangings {
		if h.short || h.inch == 0 {
			continue
		}
		set := setting{hanging: h, lang: "da"}
		s.Hangs = set.panel()
		f := s.Studio.Frame(s.Model(stage.Scenes[0], h.px))
		tall := func(words ...string) float64 {
			high := 0
			for _, op := range f.Ops {
				if op.Kind == render.TextOp && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, op.Line.Text) }) {
					high = max(high, op.Line.Ink.Dy())
				}
			}
			return set.mm(high)
		}
		require.Greater(t, tall("10.24"), 24.0, h.name)
		if set.mm(min(h.px.X, h.px.Y)) >= 200 {
			// Letters that hang below the line make a word as high as 1.3 capitals.
			require.Greater(t, tall("Torsdag formiddag", "Torsdag", "formiddag"), 1.2*24.4, h.name)
		}
	}
}
