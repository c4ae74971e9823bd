package glass

import (
	"image"

	"tavle/render"
)

// A Source is one thing contacts come from: a mouse, a panel, a page somebody
// looks at. It numbers its contacts as it likes; to the outside each has an ID
// that no other contact of any source ever had. It is for one goroutine.
type Source struct {
	in   *Input
	down map[int]contact
}

type contact struct {
	id int
	at image.Point
}

// Source returns a new source of contacts.
func (in *Input) Source() *Source {
	return &Source{in: in, down: map[int]contact{}}
}

// Contact puts contact n at p, in pixels of the frame shown.
func (s *Source) Contact(n int, phase Phase, p image.Point) {
	s.On(s.in.Shown(), n, phase, p)
}

// On is Contact for somebody who still sees f, an older frame than the one
// shown now: who looks over a network.
func (s *Source) On(f *render.Frame, n int, phase Phase, p image.Point) {
	c, ok := s.down[n]
	if ok == (phase == Down) {
		return
	}
	switch phase {
	case Down:
		if len(s.down) == maxContacts {
			return
		}
		c.id = s.in.number()
		fallthrough
	case Move:
		c.at = p
		s.down[n] = c
	case Up, Gone:
		delete(s.down, n)
	}
	s.in.state.Lock()
	defer s.in.state.Unlock()
	s.in.contact(f, c.id, phase, p)
}

// Part puts contact n at (u, v), in parts of the frame shown: 0 is its left or
// upper edge, 1 its right or lower. Without a frame there is nothing to touch.
func (s *Source) Part(n int, phase Phase, u, v float64) {
	f := s.in.Shown()
	if f == nil {
		return
	}
	s.On(f, n, phase, image.Pt(pixel(u, f.Size.X), pixel(v, f.Size.Y)))
}

// pixel returns the pixel of n that part u is in.
func pixel(u float64, n int) int {
	return max(0, min(n-1, int(u*float64(n))))
}

// Release ends every contact that is still down with a Gone, where it was last.
func (s *Source) Release() {
	for n, c := range s.down {
		s.Contact(n, Gone, c.at)
	}
}

// number returns an ID for a contact.
func (in *Input) number() int {
	in.state.Lock()
	defer in.state.Unlock()
	in.state.sources++
	return in.state.sources
}
