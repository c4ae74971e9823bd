package house

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// V-14: how a name sounds is a name: taking it back, or saying it otherwise, is a
// withdrawal; saying it for the first time is none.
func TestSoundOfANameIsWithdrawn(t *testing.T) {
	said, other := record.NameOf("Åsse"), record.NameOf("Osse")
	for _, c := range []struct {
		was, now Record
		want     bool
	}{
		{&Resident{Spoken: said}, &Resident{}, true},
		{&Resident{Spoken: said}, &Resident{Spoken: other}, true},
		{&Resident{AliasSaid: said}, &Resident{}, true},
		{&Staff{Spoken: said}, &Staff{}, true},
		{&Staff{AliasSaid: said}, &Staff{AliasSaid: other}, true},
		{&Resident{}, &Resident{Spoken: said, AliasSaid: said}, false},
		{&Staff{}, &Staff{Spoken: said, AliasSaid: said}, false},
	} {
		require.Equal(t, c.want, Withdraws(c.was, c.now), "%T", c.was)
	}
}
