package house

import (
	"maps"

	"tavle/sync/record"
)

// A Tally is how often each answer of a poll was given, by its pictogram. Single
// answers are not kept: not from which screen, not when, not in which order.
type Tally struct {
	All  map[string]int `json:"all,omitempty"`
	Told map[string]int `json:"told,omitempty"` // what All was when numbers were told last
	Came int            `json:"came,omitempty"` // answers and undone ones since the audit last said that some came
	Day  Day            `json:"day,omitempty"`  // when the first of these came; the audit says so on a later one
}

// Total returns how many answers these are.
func Total(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// Count returns t with one answer more, or with less one less. Of what nobody has
// answered nothing is taken back.
func (t Tally) Count(picto string, less bool) Tally {
	t.All = maps.Clone(t.All)
	if t.All == nil {
		t.All = map[string]int{}
	}
	switch {
	case !less:
		t.All[picto]++
	case t.All[picto] == 0:
		return t
	case t.All[picto] == 1:
		delete(t.All, picto)
	default:
		t.All[picto]--
	}
	t.Came++
	if Total(t.All) >= Total(t.Told)+record.PollStep {
		t.Told = maps.Clone(t.All)
	}
	return t
}

// Zero reports whether nothing is kept.
func (t Tally) Zero() bool { return len(t.All)+len(t.Told) == 0 && t.Came == 0 }
