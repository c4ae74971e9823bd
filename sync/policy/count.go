package policy

// DefaultK is how many people must be hidden in a department before the number
// of the hidden in a list says nothing about any one of them.
const DefaultK = 3

// Bounds of what a controller may choose for k.
const (
	MinK = 2
	MaxK = 10
)

// CountRule decides whether numbers may be shown on the lists of one
// department.
//
// Hidden is the number of people eligible for its lists who would only be
// counted for this viewer. It follows from settings alone, not from who signed
// up, so it is the same for every list and every moment: a list without any
// hidden person is worded exactly like one with.
type CountRule struct {
	Hidden int
	K      int // 0: DefaultK
}

// Exact reports whether totals and "+N" may be shown. Where nobody is hidden,
// every number is of people who stand beside it, and gives nobody away; that
// somebody is hidden, though not who signed up, may be told from the wording.
func (r CountRule) Exact() bool {
	k := r.K
	if k == 0 {
		k = DefaultK
	}
	return r.Hidden == 0 || r.Hidden >= k
}

// Places is the word for the places left where numbers must not be shown.
type Places uint8

// The words, from most to least.
const (
	PlacesUnlimited Places = iota
	PlacesFree
	PlacesFew
	PlacesNone
)

// PlacesLeft returns the word for taken out of limit places; no limit is 0. Few
// is two or fewer, or a fifth or less.
func PlacesLeft(taken, limit int) Places {
	left := limit - taken
	switch {
	case limit <= 0:
		return PlacesUnlimited
	case left <= 0:
		return PlacesNone
	case left <= 2, left*5 <= limit:
		return PlacesFew
	}
	return PlacesFree
}
