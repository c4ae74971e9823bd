package main

import (
	"image"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/lang"
	"tavle/cmd/tavle/stage"
	"tavle/player/ui"
	"tavle/render"
)

// no word lies over another or beyond the edge, on any page, panel and
// in any language.
func TestWordsAreClearOfEachOther(t *testing.T) {
	for _, device := range []string{"scr-1", "scr-2"} {
		for _, tag := range lang.Tags {
			s, err := shotFlags{at: "2026-12-03T10:24", lang: tag, theme: "day", device: device}.stage()
			require.NoError(t, err)
			for _, size := range []image.Point{{1920, 1080}, {1080, 1920}, {800, 480}, {3840, 2160}, {1280, 800}} {
				for _, p := range stage.Scenes {
					m := s.Model(p, size)
					over := overlaid(m, p.Name)
					for _, clash := range clashes(s.Studio.Frame(m), over) {
						t.Errorf("%s %s %v %s: %s", device, p.Name, size, tag, clash)
					}
				}
			}
		}
	}
}

// overlaid reports whether something lies over the page, and may cover its words:
// a dialog, a bar, the buttons of who listens.
func overlaid(m ui.Model, scene string) bool {
	return m.Over != nil || !m.Toast.Until.IsZero() || m.Reading.On || scene == "idle"
}

// clashes says which words of a frame collide. Over: something lies over the
// page, and may cover it.
func clashes(f *render.Frame, over bool) (found []string) {
	var seen []render.Op // the texts that can be seen so far
	for _, op := range f.Ops {
		switch {
		case op.Kind == render.BoxOp && (op.Color.A == 255 || op.Rect.Size() == f.Size):
			kept := seen[:0]
			for _, s := range seen {
				inside := op.Rect.Inset(op.Radius * 3 / 10) // round corners hide less
				switch {
				case !s.Rect.Overlaps(inside):
					kept = append(kept, s)
				case !over && !s.Rect.In(op.Rect):
					found = append(found, "covered: "+s.Line.Text)
				}
			}
			seen = kept
		case op.Kind == render.TextOp && !op.Rect.Empty():
			if !op.Rect.In(image.Rectangle{Max: f.Size}) {
				found = append(found, "beyond the edge: "+op.Line.Text)
			}
			for _, s := range seen {
				if core(op).Overlaps(core(s)) {
					found = append(found, s.Line.Text+" / "+op.Line.Text)
				}
			}
			seen = append(seen, op)
		}
	}
	return found
}

// core is the ink of a text but for where letters reach up and down: those of
// two lines may pass each other.
func core(op render.Op) image.Rectangle {
	r := op.Rect
	r.Min.Y += r.Dy() / 5
	r.Max.Y -= r.Dy() / 5
	return r
}

// whatever can be touched has a word on it, that can be seen. Arrows that
// turn a page stand beside the word of where one is, the disc on a film's picture
// is what everybody knows it as, and a code is remembered as pictures: these have
// their word for who hears it.
func TestWhatIsTouchedHasAWord(t *testing.T) {
	s := studioStage(t, "da")
	for _, size := range []image.Point{{1920, 1080}, {1080, 1920}, {800, 480}} {
		for _, p := range stage.Scenes {
			f := s.Studio.Frame(s.Model(p, size))
			for _, target := range f.Targets {
				if target.Means == nil {
					continue
				}
				seen := slices.ContainsFunc(f.Ops, func(op render.Op) bool {
					return op.Kind == render.TextOp && !op.Rect.Empty() && op.Rect.Inset(2).In(target.Rect)
				})
				switch target.Means.(type) {
				case ui.Turn, ui.Play, ui.CodePicture:
					seen = target.Label != ""
				}
				if !seen {
					t.Errorf("%v %s: no word on %q (%T)", size, p.Name, target.Label, target.Means)
				}
			}
		}
	}
}
