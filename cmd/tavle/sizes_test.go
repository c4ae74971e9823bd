package main

import (
	"fmt"
	"image"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/lang"
	"tavle/cmd/tavle/stage"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render"
)

// A hanging is a panel of some size in some place.
type hanging struct {
	name  string
	px    image.Point
	inch  float64
	edge  int  // height of its lower edge above the floor, in millimetres; 0: not known
	short bool // too small for the rules in millimetres to hold on it
}

func (h hanging) panel() ui.Panel {
	mm := h.inch * 25.4 / math.Hypot(float64(h.px.X), float64(h.px.Y))
	return ui.Panel{
		Size: h.px, Bottom: h.edge,
		MM: image.Pt(int(math.Round(mm*float64(h.px.X))), int(math.Round(mm*float64(h.px.Y)))),
	}
}

// hangings are the panels that the wall is for. The first of them stand for the
// others where every text mode and every language is tried.
var hangings = []hanging{
	{"43in", image.Pt(1920, 1080), 43, 0, false},
	{"24in", image.Pt(1920, 1080), 24, 0, false},
	{"43in tall", image.Pt(1080, 1920), 43, 0, false},
	{"10in", image.Pt(1280, 800), 10.1, 0, false},
	{"55in 4K", image.Pt(3840, 2160), 55, 0, false},
	{"43in 4K", image.Pt(3840, 2160), 43, 0, false},
	{"55in", image.Pt(1920, 1080), 55, 0, false},
	{"32in", image.Pt(1920, 1080), 32, 0, false},
	{"27in", image.Pt(1920, 1080), 27, 0, false},
	{"22in", image.Pt(1920, 1080), 21.5, 0, false},
	{"15.6in", image.Pt(1920, 1080), 15.6, 0, false},
	{"7in", image.Pt(1280, 720), 7, 0, true},
	{"7in 800x480", image.Pt(800, 480), 7, 0, true},
	{"32in tall", image.Pt(1080, 1920), 32, 0, false},
	{"24in tall", image.Pt(1080, 1920), 24, 0, false},
	{"22in tall", image.Pt(1080, 1920), 21.5, 0, false},
	{"34in wide", image.Pt(2560, 1080), 34, 0, false},
	{"19in", image.Pt(1024, 768), 19, 0, false},
	{"unknown", image.Pt(800, 480), 0, 0, false},
}

// typical are as many of them as are tried with everything.
const typical = 4

// A setting is what pages are looked at with.
type setting struct {
	hanging
	text look.TextMode
	lang string
}

func (s setting) String() string { return fmt.Sprintf("%s ×%v %s", s.name, s.text.Factor(), s.lang) }

// settings are all panels, and with every text mode and language those that
// stand for the others.
func settings() (out []setting) {
	for i, h := range hangings {
		for j, mode := range look.TextModes {
			for k, tag := range lang.Tags {
				if i < typical && (j == 0 || k == 0) || j == 0 && k == 0 {
					out = append(out, setting{h, mode, tag})
				}
			}
		}
	}
	return out
}

// Every page holds the rules of size and place, on every panel, in every text
// mode and language.
func TestSizesHoldOnEveryPanel(t *testing.T) {
	stages := map[string]*stage.Stage{}
	for _, tag := range lang.Tags {
		stages[tag] = studioStage(t, tag)
	}
	for _, set := range settings() {
		t.Run(set.String(), func(t *testing.T) {
			s := stages[set.lang]
			s.Hangs, s.Text = set.panel(), set.text
			places := fixed{}
			for _, p := range stage.Scenes {
				m := s.Model(p, set.px)
				f := s.Studio.Frame(m)
				over := overlaid(m, p.Name)
				found := slices.Concat(set.targets(f), spills(f, over), cut(m, f), clashes(f, over), choices(f))
				if !over {
					found = append(found, places.moved(p.Name, f)...)
				}
				for _, v := range found {
					t.Errorf("%s: %s", p.Name, v)
				}
			}
		})
	}
}

// mm returns a length on the panel in millimetres, or a very long one on a panel
// whose size nobody knows: nothing is demanded of it.
func (s setting) mm(px int) float64 {
	if p := s.panel().Pitch(); p > 0 {
		return float64(px) * float64(p)
	}
	return math.Inf(1)
}

// least is how large a target is in millimetres.
func (s setting) least(means render.Meaning) float64 {
	switch means.(type) {
	case ui.Speak:
		if s.short {
			return 10 // it is seen once, by whoever installs the screen
		}
		return 20
	case ui.CodePicture:
		if s.short {
			return 19 // six stand beside each other on 152 mm
		}
	case ui.Explain, ui.Turn:
		return 20
	}
	switch {
	case s.short:
		return 20
	case s.text != look.TextNormal && !s.panel().Fit(s.text).Short:
		return 30
	}
	return 25
}

// targets says which targets are too small, too near to each other or too near
// to the edge of the glass.
func (s setting) targets(f *render.Frame) (found []string) {
	const rounded = .3 // by whole pixels
	live := visible(f)
	for i, t := range live {
		say := func(format string, args ...any) {
			found = append(found, fmt.Sprintf("%q %v: ", t.Label, t.Rect)+fmt.Sprintf(format, args...))
		}
		if mm := s.mm(min(t.Rect.Dx(), t.Rect.Dy())); mm < s.least(t.Means)-rounded {
			say("%.1f mm, want %.0f (A-01)", mm, s.least(t.Means))
		}
		r := t.Rect
		if mm := s.mm(min(r.Min.X, r.Min.Y, f.Size.X-r.Max.X, f.Size.Y-r.Max.Y)); mm < 8-rounded {
			say("%.1f mm from the edge, want 8 (A-03)", mm)
		}
		if mm := s.mm(max(t.Drawn.Min.X-r.Min.X, t.Drawn.Min.Y-r.Min.Y, r.Max.X-t.Drawn.Max.X, r.Max.Y-t.Drawn.Max.Y)); mm > 2+rounded && !math.IsInf(mm, 1) {
			say("reaches %.1f mm beyond what is drawn, want 2 (A-02)", mm)
		}
		for _, o := range live[:i] {
			switch apart := s.mm(max(o.Rect.Min.X-r.Max.X, r.Min.X-o.Rect.Max.X, o.Rect.Min.Y-r.Max.Y, r.Min.Y-o.Rect.Max.Y)); {
			case r.Overlaps(o.Rect):
				say("lies over %q (A-02)", o.Label)
			case apart < 4-rounded:
				say("%.1f mm from %q, want 4 (A-02)", apart, o.Label)
			}
		}
	}
	return found
}

// visible returns the targets that can be used and that nothing lies over.
func visible(f *render.Frame) (out []render.Target) {
	for _, t := range f.Targets {
		out = slices.DeleteFunc(out, func(below render.Target) bool { return t.Means == nil && below.Rect.Overlaps(t.Rect) })
		if t.Means != nil && !t.Off {
			out = append(out, t)
		}
	}
	return out
}

// spills says which words begin on something that can be touched and end beside
// it.
func spills(f *render.Frame, over bool) (found []string) {
	if over {
		return nil
	}
	for _, op := range f.Ops {
		if op.Kind != render.TextOp || op.Rect.Empty() {
			continue
		}
		for _, t := range f.Targets {
			if t.Drawn.Overlaps(op.Rect) && !op.Rect.In(t.Drawn.Inset(-2)) {
				found = append(found, fmt.Sprintf("%q spills out of %q", op.Line.Text, t.Label))
			}
		}
	}
	return found
}

// cut says which names and titles are cut off.
func cut(m ui.Model, f *render.Frame) (found []string) {
	if m.Board == nil {
		return nil
	}
	var whole []string
	for _, p := range m.Board.People {
		whole = append(whole, p.Name.Reveal())
	}
	for _, a := range m.Board.Activities {
		title, _ := a.Title.In(m.Board.Langs...)
		whole = append(whole, title)
	}
	for _, a := range m.Board.Meals {
		title, _ := a.Dish.Title.In(m.Board.Langs...)
		whole = append(whole, title)
	}
	for _, said := range f.Texts() {
		part, ok := strings.CutSuffix(said, "…")
		if !ok {
			continue
		}
		last := strings.TrimSpace(part)
		for _, w := range whole {
			if last == "" || strings.HasPrefix(w, last) && w != last {
				found = append(found, fmt.Sprintf("%q is cut off to %q (A-08)", w, said))
				break
			}
		}
	}
	return found
}

// choices says when there are too many.
func choices(f *render.Frame) (found []string) {
	tabs, people := 0, 0
	home := f.Find(ui.Go{To: ui.Home{}})
	for _, t := range visible(f) {
		switch t.Means.(type) {
		case ui.Go:
			if home != nil && t.Rect.Min.Y == home.Rect.Min.Y {
				tabs++
			}
		case ui.Pick:
			people++
		}
	}
	if tabs > 5 || people > 12 {
		found = append(found, fmt.Sprintf("%d tabs and %d people, want 5 and 12 at most (A-12)", tabs, people))
	}
	return found
}

// fixed is where home, back and read aloud are.
type fixed map[string]image.Rectangle

// moved says which of them are elsewhere than on the pages before.
func (f fixed) moved(page string, frame *render.Frame) (found []string) {
	for name, means := range map[string]render.Meaning{"home": ui.Go{To: ui.Home{}}, "back": ui.Back{}, "read aloud": ui.ReadAloud{}} {
		t := frame.Find(means)
		if t == nil {
			continue
		}
		both := t.Rect
		if was, ok := f[name]; ok {
			both = was.Intersect(t.Rect)
		}
		f[name] = both
		if name == "home" && (both.Dx() < t.Rect.Dy()*3/4 || both.Dy() < t.Rect.Dy()*3/4) || name != "home" && both != t.Rect {
			found = append(found, fmt.Sprintf("%s is elsewhere on %s (A-14)", name, page))
		}
	}
	return found
}

// wherever the panel hangs, nothing to touch stands lower than a hand reaches
// from a wheelchair; and who cannot reach what stands high can have it down, from
// a tile that every page leads to.
func TestButtonsComeDown(t *testing.T) {
	s := studioStage(t, "da")
	for _, h := range []hanging{
		{"43in", image.Pt(1920, 1080), 43, 900, false},
		{"55in", image.Pt(3840, 2160), 55, 800, false},
		{"43in tall", image.Pt(1080, 1920), 43, 350, false},
		{"24in", image.Pt(1920, 1080), 24, 1000, false},
		{"15.6in", image.Pt(1920, 1080), 15.6, 1050, false},
	} {
		t.Run(h.name, func(t *testing.T) {
			set := setting{hanging: h, lang: "da"}
			s.Hangs = h.panel()
			above := func(f *render.Frame, y int) float64 { return float64(h.edge) + set.mm(f.Size.Y-y) }
			high := false
			for _, low := range []bool{false, true} {
				s.Low = low
				for _, p := range stage.Scenes {
					if strings.HasPrefix(p.Name, "pairing") {
						continue // whoever installs it stands
					}
					f := s.Studio.Frame(s.Model(p, h.px))
					for _, target := range visible(f) {
						r := target.Rect
						if mm := above(f, r.Max.Y); mm < 380-1 {
							t.Errorf("%s: %q begins %.0f mm above the floor, want 380", p.Name, target.Label, mm)
						}
						top := above(f, r.Min.Y) > 1220+1
						high = high || top
						if low && top {
							t.Errorf("%s: %q ends %.0f mm above the floor, want 1220", p.Name, target.Label, above(f, r.Min.Y))
						}
					}
					if low {
						m := s.Model(p, h.px)
						over := overlaid(m, p.Name)
						for _, v := range slices.Concat(set.targets(f), spills(f, over), cut(m, f), clashes(f, over)) {
							t.Errorf("%s: %s", p.Name, v)
						}
					}
				}
			}
			s.Low = false
			more, err := sceneNamed("more")
			require.NoError(t, err)
			offered := s.Studio.Frame(s.Model(more, h.px)).Find(ui.Lower{Down: true}) != nil
			require.Equal(t, high, offered, "a way to bring them down")
		})
	}
}

// studioStage is the demo house in a language.
func studioStage(t *testing.T, tag string) *stage.Stage {
	t.Helper()
	s, err := shotFlags{at: "2026-12-03T10:24", lang: tag, theme: "day", text: 1}.stage()
	require.NoError(t, err)
	return s
}
