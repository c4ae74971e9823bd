//go:build !nogpu

package gpu

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/player/board"
	"tavle/player/still"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render/soft"
	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/record"
	"tavle/sync/wire"

	"tavle/render"
	"tavle/render/glass/glasstest"
)

// demoBoard returns the board of the demo house on the morning of its first
// activity, as a screen gets it, and its photos.
func demoBoard(t testing.TB) (*board.Board, still.Photos, time.Time) {
	t.Helper()
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	photos := map[board.AssetID][]byte{}
	pictures := map[house.Picture]record.AssetID{}
	for r := range h.Records() {
		for _, p := range house.PicturesOf(r) {
			b, err := demo.Asset(string(p))
			require.NoError(t, err)
			sum := sha256.Sum256(b)
			id := record.AssetID("sha256-" + hex.EncodeToString(sum[:]))
			pictures[p], photos[id] = id, b
		}
	}
	on, err := project.BoardOf(h, h.Screens[0].ID, []byte("a test needs no secret"))
	require.NoError(t, err)
	src := project.FromHouse(h, pictures)
	now := time.Date(2026, 12, 3, 10, 24, 0, 0, h.Meta.ZoneOf(src.Departments[on.Department]))
	rows, err := project.Rows(src, on, now)
	require.NoError(t, err)
	changes := make([]record.Change, len(rows))
	for i, r := range rows {
		changes[i], err = wire.DecodeChange(record.Op{Row: r.Row})
		require.NoError(t, err)
	}
	facts := (*record.Facts)(nil).With(record.Position{Epoch: "0000000000000001", Rev: 1}, changes)
	b := board.Project(board.Input{Facts: facts, Now: now, Fresh: true, Contact: now})
	require.NotNil(t, b)
	return b, func(id board.AssetID) ([]byte, error) { return photos[id], nil }, now
}

// Issue 2, item 5: both painters agree on the screens people see, one after the
// other on one wall, by what changed.
func TestPaintersAgreeOnTheRealScreens(t *testing.T) {
	b, photos, now := demoBoard(t)
	for _, size := range []image.Point{{1920, 1080}, {1080, 1920}, {800, 480}} {
		for name, theme := range map[string]*look.Theme{"day": &look.Day, "evening": &look.Evening} {
			t.Run(fmt.Sprintf("%dx%d/%s", size.X, size.Y, name), func(t *testing.T) {
				studio, err := still.New(photos)
				require.NoError(t, err)
				m := ui.New(ui.Panel{Size: size}, "da", now)
				m.Theme, m.Link = theme, ui.Link{Live: true}
				m, _ = ui.Update(m, ui.BoardChanged{Board: b})
				home := m.Stack
				p, dst := &painter{}, canvas(t, size)
				var prev *render.Frame
				for _, place := range []ui.Place{nil, ui.Activities{}, ui.Meals{}, ui.Roster{}, ui.People{}, ui.Activity{On: b.Activities[0].Ref}, ui.Who{On: b.Activities[0].Ref}, nil} {
					m.Stack = home
					if place != nil {
						m.Stack = append(home[:len(home):len(home)], place)
					}
					f := studio.Frame(m)
					require.NotEmpty(t, f.Texts())
					onLoop(func() { p.paint(dst, f, render.Damage(prev, f), studio) })
					prev = f
					got := image.NewRGBA(dst.Bounds())
					onLoop(func() { dst.ReadPixels(got.Pix) })
					want := new(soft.Painter).Image(f, studio)
					diff, at, n := glasstest.Difference(got, want)
					t.Logf("%T: most %d, %.2f %% of pixels differ, %d pictures of %d KB, %d masks of %d KB", place, diff,
						100*float64(n)/float64(size.X*size.Y), len(p.pictures.kept), p.pictures.bytes>>10, len(p.masks.kept), p.masks.bytes>>10)
					require.LessOrEqual(t, diff, most, "%T at %v", place, at)
				}
			})
		}
	}
}
