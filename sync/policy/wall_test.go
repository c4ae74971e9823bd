package policy

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The condensed table: what the wall of one's own house shows of
// somebody. Columns are directory, sign-up list, proposal, roster (staff),
// tagged picture, private item.
func TestWallOfTheOwnHouse(t *testing.T) {
	type row = [6]Verdict
	for _, s := range []struct {
		says    string
		changes []change
		stale   bool
		want    row
	}{
		{"as it comes", nil, false, row{byName, byName, byName, byName, byName, nothing}},
		{"alias", []change{alias}, false, row{byAlias, byAlias, byAlias, byAlias, byAlias, nothing}},
		{"no photo", []change{noPhoto}, false, row{withoutFace, withoutFace, withoutFace, withoutFace, nothing, nothing}},
		{"hidden", []change{hidden}, false, row{nothing, counted, nothing, aRole, nothing, nothing}},
		{"no tags", []change{noTags}, false, row{byName, byName, byName, byName, nothing, nothing}},
		{"stale", nil, true, row{nothing, counted, nothing, aRole, nothing, nothing}},
		{"not asked", []change{notAsked}, false, row{}},
		{"declined", []change{declined}, false, row{}},
	} {
		for _, list := range lists {
			got := row{}
			for i, c := range [6]Context{Directory, list, Proposal, Roster, PhotoTag, PrivateItem} {
				who := resident
				if c == Roster {
					who = employee
				}
				got[i] = Decide(who(s.changes...), !s.stale, WallOwn, c)
			}
			require.Equal(t, s.want, got, "%s, %s", s.says, contextWords[list])
		}
	}
}
