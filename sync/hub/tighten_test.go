package hub

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// tightens takes one choice back at the wall and returns the result.
func (h *hand) tightens(who house.ID, c record.Choice, edit ...func(*wire.Mutation)) wire.Result {
	h.w.t.Helper()
	own := func(m *wire.Mutation) {
		m.On, m.Text = wire.RowKey{Kind: record.KindPerson, ID: string(m.Who)}, string(c)
	}
	return h.does(wire.OpTighten, house.List{}, who, append([]func(*wire.Mutation){own}, edit...)...)
}

func (w *world) resident(id house.ID) (r house.Resident) {
	w.t.Helper()
	w.view(func(v store.View) (err error) {
		r, err = store.Get[house.Resident](w.t.Context(), v, id)
		return err
	})
	return r
}

// R-IBG-05, R-IBG-39: somebody takes a choice back at a wall; every
// board shows that from the same transaction on, the screens have to confirm it,
// and the audit says on which wall it was done.
func TestChoiceIsTakenBackAtTheWall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		one := w.live("scr-1")
		ref := record.PersonID(one.board().PersonKey("r01").ID)
		require.NotEmpty(t, one.facts().People[ref].Photo)
		require.Contains(t, one.facts().People[ref].Open, record.ChoicePhoto)
		h := w.hand("scr-1")
		require.Equal(t, wire.Accepted, h.tightens("r01", record.ChoicePhoto).Outcome)
		require.False(t, w.resident("r01").Choices.Photo)
		synctest.Wait()
		require.Empty(t, one.facts().People[ref].Photo)
		require.NotContains(t, one.facts().People[ref].Open, record.ChoicePhoto)

		require.Equal(t, wire.Accepted, h.tightens("r01", record.ChoiceShown).Outcome)
		synctest.Wait()
		require.NotContains(t, one.facts().People, ref)
		all, err := w.hub.Withdrawals(t.Context(), byStaff, "r01")
		require.NoError(t, err)
		require.Len(t, all, 2, "each has to be confirmed")
		var noted []store.Audit
		w.view(func(v store.View) error {
			return v.Lines(t.Context(), "", func(l store.Line) error {
				if l.Action == "tighten" {
					noted = append(noted, l.Audit)
				}
				return nil
			})
		})
		require.Len(t, noted, 2)
		require.Equal(t, store.ByScreen, noted[0].By)
		require.Equal(t, "scr-1", noted[0].Actor)
		require.Equal(t, "r01", noted[0].ID)
	})
}

// The merge is the stricter of both, however late the hub hears of
// it, and nothing at a wall loosens anything.
func TestStricterOfWallAndStaffHolds(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		require.Equal(t, wire.Accepted, h.tightens("r01", record.ChoicePhoto, old(24*time.Hour)).Outcome, "hidden meanwhile: a wish all the same")
		require.True(t, w.resident("r01").Choices.Hidden)
		require.False(t, w.resident("r01").Choices.Photo)
		for _, c := range record.Choices {
			require.Equal(t, wire.Accepted, h.tightens("r01", c).Outcome)
		}
		r := w.resident("r01")
		require.Empty(t, r.Open())
		require.Equal(t, wire.Accepted, h.tightens("r01", record.ChoicePhoto).Outcome, "again changes nothing")
		require.Equal(t, r, w.resident("r01"))
	})
}

// unheardWishes counts the lines of the audit that tell staff of a wish that meant
// nobody.
func (w *world) unheardWishes() (n int) {
	w.t.Helper()
	w.view(func(v store.View) error {
		return v.Lines(w.t.Context(), "", func(l store.Line) error {
			if l.Action == UnheardWish {
				require.Equal(w.t, store.ByScreen, l.By)
				n++
			}
			return nil
		})
	})
	return n
}

// What means nobody, or nothing, is refused, and staff are told: the
// wall holds on to it.
func TestWishThatMeansNobodyIsTold(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		closed(t, wire.ReasonInvalid, h.tightens("r01", "everything"))
		closed(t, wire.ReasonInvalid, h.tightens("r01", record.ChoicePhoto, func(m *wire.Mutation) { m.On.ID = "another" }))
		closed(t, wire.ReasonNotAllowed, h.tightens("nobody", record.ChoicePhoto))
		require.Equal(t, 3, w.unheardWishes())
		require.True(t, w.resident("r01").Choices.Photo)
		require.Equal(t, wire.Accepted, h.tightens("r01", record.ChoicePhoto).Outcome)
		require.Equal(t, 3, w.unheardWishes())
	})
}

// A wish is not lost because staff have hidden somebody and given the
// screen another board before the hub hears of it: that board never had them. When
// they are shown again, they are as they wished.
func TestWishFromAnEarlierBoardHolds(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		w.moves("dep-maane", "roster")
		require.Equal(t, wire.Accepted, h.tightens("r01", record.ChoicePhoto).Outcome)
		require.False(t, w.resident("r01").Choices.Photo)
	})
}

// Nor is a wish lost because the person, or the screen, has gone to
// another department since: it holds for them wherever they are, on every board
// that shows them.
func TestWishHoldsWhereverSomebodyHasGone(t *testing.T) {
	for name, moves := range map[string]func(*world){
		"the person": func(w *world) { w.alter("r02", func(r *house.Resident) { r.Department = "dep-nabo" }) },
		"the screen": func(w *world) { w.moves("dep-nabo") },
		"both, each its way": func(w *world) {
			w.alter("r02", func(r *house.Resident) { r.Department = "dep-nabo" })
			w.moves("dep-maane", "roster")
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				h := w.hand("scr-1")
				as := h.s.board().PersonKey("r02")
				touched := func(m *wire.Mutation) { m.Who, m.On.ID = record.PersonID(as.ID), as.ID }
				require.False(t, w.resident("r02").Choices.Hidden)
				moves(w)
				next := w.live("scr-3")
				there := record.PersonID(next.board().PersonKey("r02").ID)
				lives := w.resident("r02").Department == next.board().Department
				if lives {
					require.Contains(t, next.facts().People, there)
				}
				require.Equal(t, wire.Accepted, h.tightens("r02", record.ChoiceShown, touched).Outcome)
				require.True(t, w.resident("r02").Choices.Hidden)
				synctest.Wait()
				require.NotContains(t, next.facts().People, there)
				require.Zero(t, w.unheardWishes())
				next.leave()
			})
		})
	}
}
