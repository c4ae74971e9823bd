package board

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// a name of two people who say it differently is said as it is written; one of
// two who say it alike, as they do.
func TestNameOfTwoIsSaidAsBothSayIt(t *testing.T) {
	for _, c := range []struct {
		other string
		want  int
	}{{"Kaarin", 1}, {"Karein", 0}, {"", 0}} {
		var two []record.PersonID
		f := house(func(f *record.Facts) {
			for id := range f.People {
				two = append(two, id)
			}
			slices.Sort(two)
			for i, spoken := range []string{"Kaarin", c.other} {
				p := f.People[two[i]]
				p.Name, p.Spoken = record.NameOf("Karen"), record.NameOf(spoken)
				f.People[two[i]] = p
			}
			for id, p := range f.People {
				if p.Name.Reveal() != "Karen" {
					p.Spoken = record.Name{}
					f.People[id] = p
				}
			}
		})
		b := Project(Input{Facts: f, Now: noon, Fresh: true, Contact: noon})
		for _, id := range two[:2] {
			_, ok := b.Person(id)
			require.True(t, ok, "both are shown")
		}
		require.Len(t, b.Lexicon.Names, c.want, "%q", c.other)
	}
}
