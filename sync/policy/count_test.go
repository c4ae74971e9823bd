package policy

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// With fewer than k hidden a number would say something about one
// of them; with nobody hidden there is nobody to say it about.
func TestNumbersNeedEnoughHidden(t *testing.T) {
	for k := MinK; k <= MaxK; k++ {
		for h := range 2 * MaxK {
			require.Equal(t, h == 0 || h >= k, CountRule{Hidden: h, K: k}.Exact(), "%d hidden, k is %d", h, k)
		}
	}
}

func TestThreeIsEnoughUnlessTheControllerSays(t *testing.T) {
	for h, exact := range []bool{true, false, false, true, true} {
		require.Equal(t, exact, CountRule{Hidden: h}.Exact(), "%d hidden", h)
	}
}

// The demo house hides two.
func TestDemoHouseHasWordsOnly(t *testing.T) {
	require.False(t, CountRule{Hidden: 2}.Exact())
}

// Few is two or fewer, or a fifth or less.
func TestPlacesInWords(t *testing.T) {
	for _, c := range []struct {
		taken, limit int
		want         Places
	}{
		{0, 0, PlacesUnlimited},
		{90, 0, PlacesUnlimited},
		{0, 10, PlacesFree},
		{7, 10, PlacesFree},
		{8, 10, PlacesFew},
		{9, 10, PlacesFew},
		{10, 10, PlacesNone},
		{11, 10, PlacesNone}, // a limit lowered later
		{79, 100, PlacesFree},
		{80, 100, PlacesFew},
		{11, 14, PlacesFree}, // 3 of 14 are 21 %
		{12, 15, PlacesFew},  // 3 of 15 are 20 %
		{0, 1, PlacesFew},
		{0, 2, PlacesFew},
		{0, 3, PlacesFree},
	} {
		require.Equal(t, c.want, PlacesLeft(c.taken, c.limit), "%d of %d", c.taken, c.limit)
	}
}

// The more are taken, the less the word promises, and it says none
// exactly when the list is full.
func TestWordsFollowTheNumber(t *testing.T) {
	for limit := 1; limit <= 60; limit++ {
		last := PlacesFree
		for taken := range limit + 3 {
			word := PlacesLeft(taken, limit)
			require.GreaterOrEqual(t, word, last, "%d of %d", taken, limit)
			require.Equal(t, taken >= limit, word == PlacesNone, "%d of %d", taken, limit)
			last = word
		}
	}
}
