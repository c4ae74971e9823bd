package player

import (
	"image"
	"time"

	"tavle/player/ui/look"
	"tavle/render"
)

// A settler knows how long each target has been where it is. What appeared, or
// moved, under a finger a moment ago was not what the finger meant.
type settler struct {
	since map[render.Meaning]stand
}

type stand struct {
	rect image.Rectangle
	at   time.Time
}

// show notes the targets of the frame shown at now.
func (s *settler) show(f *render.Frame, now time.Time) {
	next := make(map[render.Meaning]stand, len(f.Targets))
	for i := range f.Targets {
		t := &f.Targets[i]
		if t.Means == nil {
			continue
		}
		was, ok := s.since[t.Means]
		if !ok || !middle(t.Rect).In(was.rect) {
			was = stand{at: now}
		}
		was.rect = t.Rect
		next[t.Means] = was
	}
	s.since = next
}

func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Size().Div(2)) }

// settled reports whether what m means has been there long enough at now.
func (s *settler) settled(m render.Meaning, now time.Time) bool {
	st, ok := s.since[m]
	return ok && now.Sub(st.at) >= look.Settle
}

// on returns what a finger at p is on: what it went down on as long as that is
// still there and the finger no farther off it than the slop, else whatever is
// there.
func on(shown *render.Frame, at image.Point, target *render.Target, down render.Meaning, slop int) render.Meaning {
	if down != nil && shown != nil {
		if t := shown.Find(down); t != nil && at.In(t.Rect.Inset(-slop)) {
			return down
		}
	}
	if target == nil {
		return nil
	}
	return target.Means
}

// far reports whether two places are farther apart than d.
func far(a, b image.Point, d int) bool {
	v := a.Sub(b)
	return v.X*v.X+v.Y*v.Y > d*d
}
