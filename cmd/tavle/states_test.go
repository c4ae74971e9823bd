package main

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/cmd/tavle/stage"
	"tavle/player/ui"
	"tavle/render"
	"tavle/sync/hub/house"
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

// every module has its page in every state that a wall can be in: with much and
// with nothing, up to date, offline, stale, after its lease and before it knows
// anything. Each says something of its own, leads away and keeps to the rules of
// size; that the hub is away is said at home; after the lease nobody is named.
func TestEveryModuleHasEveryState(t *testing.T) {
	names := namesOf(t)
	said := map[string]string{}
	for _, house := range []string{"demo", "full", "bare"} {
		s, err := stage.New(fileOf(t, houses[house]), demo.Asset, "", time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC))
		require.NoError(t, err)
		for _, h := range hangings[:3] {
			set := setting{hanging: h, lang: "da"}
			s.Hangs = set.panel()
			for _, page := range ui.Pages() {
				for _, st := range stage.States {
					m := s.In(st, page.Module, h.px)
					f := s.Studio.Frame(m)
					fault := func(format string, args ...any) {
						t.Errorf("%s %s %s %s: %s", house, h.name, page.Module, st.Name, fmt.Sprintf(format, args...))
					}
					for _, v := range slices.Concat(set.targets(f), spills(f, false), choices(f)) {
						fault("%s", v)
					}
					words := strings.Join(f.Texts(), " ")
					said[fmt.Sprint(house, h.name, page.Module, st.Name)] = words
					if st.Name == "loading" {
						if words == "" {
							fault("says nothing")
						}
						continue
					}
					if f.Find(ui.Go{To: ui.Home{}}) == nil && f.Find(ui.Back{}) == nil {
						fault("leads nowhere")
					}
					if body(f) == "" {
						fault("has nothing in its middle")
					}
					m.Stack = m.Stack[:1]
					if s.Studio.Frame(m).Find(ui.Explain{}) == nil && st.Name != "fresh" {
						fault("is not said at home")
					}
					if name := names.FindString(words); name != "" && st.Name == "expired" {
						fault("names somebody")
					}
				}
				if a, b := said[fmt.Sprint("demo", h.name, page.Module, "fresh")], said[fmt.Sprint("bare", h.name, page.Module, "fresh")]; house == "bare" && a == b {
					t.Errorf("%s %s: the demo house shows nothing of it, so that only its empty page is tested", h.name, page.Module)
				}
			}
		}
	}
}

// body returns the words between the head of a page and what one presses below it.
func body(f *render.Frame) string {
	var out []string
	for _, op := range f.Ops {
		if y := op.Rect.Min.Y; op.Kind == render.TextOp && y > f.Size.Y/5 && y < f.Size.Y*4/5 {
			out = append(out, op.Line.Text)
		}
	}
	return strings.Join(out, " ")
}

// namesOf returns what finds the names of everybody in the demo house.
func namesOf(t *testing.T) *regexp.Regexp {
	t.Helper()
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	var all []string
	for _, r := range h.Residents {
		all = append(all, regexp.QuoteMeta(r.FirstName.Reveal()))
		if !r.Alias.IsZero() {
			all = append(all, regexp.QuoteMeta(r.Alias.Reveal()))
		}
	}
	for _, s := range h.Staff {
		all = append(all, regexp.QuoteMeta(s.FirstName.Reveal()))
	}
	return regexp.MustCompile(`(^|\P{L})(` + strings.Join(all, "|") + `)(\P{L}|$)`)
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
