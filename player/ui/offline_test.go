package ui

import (
	"image"
	"image/color"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
)

// Home says after an hour how old it is, after twelve that the roster
// is, and after a day, with the sign of staff, whose business it is; a touch on that
// says more. With a network it says nothing.
func TestAgeIsSaid(t *testing.T) {
	for _, panel := range panels {
		for _, c := range []struct {
			down time.Duration
			want string
			ages int // how often it is said how old something is
		}{
			{30 * time.Second, "", 0},
			{59 * time.Minute, "Uden net", 0},
			{61 * time.Minute, "pdateret kl. 9.23", 1},
			{13 * time.Hour, "pdateret i går kl. 21.24", 2},
			{25 * time.Hour, "pdateret i går kl. 9.24", 1}, // there is no roster any more
		} {
			m := mockModel(panel, Home{})
			since := mockNow.Add(-c.down)
			m.Link = Link{DownSince: since}
			m.Board = board.Project(board.Input{Facts: mockFacts(), Now: mockNow, Fresh: true, Contact: since})
			f := View(m, testKit)
			said := strings.Join(f.Texts(), " | ")
			staff := f.Find(Explain{}) != nil && strings.Contains(f.Find(Explain{}).Label, "Til personalet")
			if c.want == "" {
				require.Nil(t, f.Find(Explain{}))
				continue
			}
			require.Contains(t, f.Find(Explain{}).Label, c.want, "%v %v", panel, c.down)
			require.Equal(t, c.down >= warnAfter, staff, "%v %v", panel, c.down)
			require.Equal(t, c.ages, strings.Count(said, "pdateret"), "%v %v: %s", panel, c.down, said)
			require.Equal(t, staff, hasIcon(f, f.Find(Explain{}).Drawn, m.Theme.Warn), "%v %v: the sign of staff", panel, c.down)
			m.Over = Offline{}
			told := strings.Contains(strings.Join(View(m, testKit).Texts(), " "), "Sig det til")
			require.Equal(t, staff, told, "%v %v", panel, c.down)
		}
	}
}

// hasIcon reports whether an icon of that colour lies in r.
func hasIcon(f *render.Frame, r image.Rectangle, col color.RGBA) bool {
	for _, op := range f.Ops {
		if op.Kind == render.MaskOp && op.Color == col && op.Rect.In(r) {
			return true
		}
	}
	return false
}
