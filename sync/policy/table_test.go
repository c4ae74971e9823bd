package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// reviewed is the SHA-256 of the table as it was last read by people. When the
// test below fails, a decision has changed for somebody: look at which lines
// differ (tavle policy table, before and after) before writing the new one
// here.
const reviewed = "fa8c27175b65e2ee00d3c3a7887c3fc35e683f5a21365d7e24b25a7859b714a4"

func TestTableIsTheOneReviewed(t *testing.T) {
	sum := sha256.New()
	require.NoError(t, WriteTable(sum))
	require.Equal(t, reviewed, hex.EncodeToString(sum.Sum(nil)))
}

// Every case is there once, in the order of the table.
func TestTableHasEveryCaseInOrder(t *testing.T) {
	bit := func(yes bool) int {
		if yes {
			return 1
		}
		return 0
	}
	// place is where c stands: the first named changes slowest.
	place := func(c Case) int {
		p, at := c.Person, 0
		for _, digit := range [][2]int{ // how many there are, and which
			{2, int(p.Kind)},
			{4, int(p.Lifecycle)},
			{3, int(p.Acceptance)},
			{2, bit(p.Hidden)},
			{2, bit(p.Alias)},
			{2, bit(p.Photo)},
			{2, bit(p.Roster)},
			{2, bit(p.Tagged)},
			{2, bit(p.External)},
			{2, bit(p.Relatives)},
			{2, bit(p.PrivateOnWall)},
			{2, bit(c.Fresh)},
			{12, int(c.Viewer)},
			{11, int(c.Context)},
		} {
			at = at*digit[0] + digit[1]
		}
		return at
	}
	lines := 0
	Cases(func(c Case) bool {
		if place(c) != lines {
			require.Equal(t, lines, place(c), c)
		}
		lines++
		return true
	})
	require.Equal(t, 1622016, lines)
}

// A line is words that a person can read and search for.
func TestLineReadsAsWords(t *testing.T) {
	c := Case{Person: employee(notAsked, noRelatives), Fresh: true, Viewer: ConnectLinked, Context: PhotoTag}
	require.Equal(t, "staff|active|not_asked|0|0|1|1|1|1|0|1|1|connect_linked|photo_tag|none|none|none", c.String())
	c = Case{Person: employee(), Fresh: true, Viewer: AppSame, Context: Roster}
	require.Equal(t, "staff|active|accepted|0|0|1|1|1|1|1|1|1|app_same|roster|entry|first|photo", c.String())
	c.Fresh = false
	require.Equal(t, "staff|active|accepted|0|0|1|1|1|1|1|1|0|app_same|roster|entry|role|silhouette", c.String())
}

// A column stands for the choice that its place says.
func TestColumnsAreTheChoices(t *testing.T) {
	for i, on := range []func(*Case){
		func(c *Case) { c.Person.Hidden = true },
		func(c *Case) { c.Person.Alias = true },
		func(c *Case) { c.Person.Photo = true },
		func(c *Case) { c.Person.Roster = true },
		func(c *Case) { c.Person.Tagged = true },
		func(c *Case) { c.Person.External = true },
		func(c *Case) { c.Person.Relatives = true },
		func(c *Case) { c.Person.PrivateOnWall = true },
		func(c *Case) { c.Fresh = true },
	} {
		var c Case
		on(&c)
		columns := strings.Split("0|0|0|0|0|0|0|0|0", "|")
		columns[i] = "1"
		require.Contains(t, c.String(), "accepted|"+strings.Join(columns, "|")+"|wall_own|")
	}
}

func TestCasesEndWhenAsked(t *testing.T) {
	n := 0
	Cases(func(Case) bool { n++; return n < 3 })
	require.Equal(t, 3, n)
}

// full is a disk without room.
type full struct{ left int }

var errFull = errors.New("no space left")

func (f *full) Write(b []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestTableSaysWhenItCannotBeWritten(t *testing.T) {
	require.ErrorIs(t, WriteTable(&full{left: 5}), errFull)
}
