package render

import (
	"image"
	"time"
)

// A Frame is one picture and its touch targets. It is immutable once shown.
type Frame struct {
	Size    image.Point
	Ops     []Op      // painted in order
	Targets []Target  // the last one at a point is on top
	Spoken  []Spoken  // in the order it is read aloud; only while that is asked for
	Parts   []Part    // what moves as one; painters do not look at them
	NextAt  time.Time // View has something new to say then, by itself; zero: never
	RTL     bool      // it is read from the right
}

// A Part is a row of ops that belong together: a dialog, somebody's face.
type Part struct {
	Name        any             // comparable; the same thing has the same name on the next frame
	Rect        image.Rectangle // where it stands
	First, Last int             // Ops[First:Last]
}

// A Target is an area that can be touched.
type Target struct {
	Rect  image.Rectangle // where a touch counts; may be larger than what is drawn
	Drawn image.Rectangle // what a focus ring surrounds
	Label string          // the word for it, for read-aloud and tests
	Means Meaning         // what touching it means; nil swallows the touch
	Off   bool            // drawn, but cannot be used now; Label says why

	// While what the focus is on is said:
	Lang    string // of Label, a BCP 47 tag
	Private bool   // Label is not for everybody's ears
}

// Meaning is what touching something means: a comparable value that names
// things by ID, never by position, so that a touch that was resolved against
// the frame the eye saw can never act on a neighbour that moved in since.
type Meaning any

// At returns the target at p, or nil. What is painted on top is touched first.
func (f *Frame) At(p image.Point) *Target {
	if f == nil {
		return nil
	}
	for i := len(f.Targets) - 1; i >= 0; i-- {
		if t := &f.Targets[i]; p.In(t.Rect) {
			return t
		}
	}
	return nil
}

// Find returns the first target that means m, or nil.
func (f *Frame) Find(m Meaning) *Target {
	for i := range f.Targets {
		if f.Targets[i].Means == m {
			return &f.Targets[i]
		}
	}
	return nil
}

// Texts returns every text on the frame in painting order, in layers too.
func (f *Frame) Texts() []string { return texts(nil, f.Ops) }

func texts(out []string, ops []Op) []string {
	for i := range ops {
		switch op := &ops[i]; op.Kind {
		case TextOp:
			out = append(out, op.Line.Text)
		case LayerOp:
			out = texts(out, op.Layer.Ops)
		}
	}
	return out
}
