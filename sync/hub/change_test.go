package hub

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A change that fails changes nothing, and no screen hears of it.
func TestFailedChangeLeavesNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		at, no := s.state.at, errors.New("no")
		err := w.hub.Change(t.Context(), byStaff, func(ctx context.Context, e *Edit) error {
			require.NoError(t, Alter(ctx, e, "r01", func(r *house.Resident) { r.Choices.Hidden = true }))
			_, err := e.SignUp(ctx, film, house.SignUp{Person: "r01", Via: "manager"})
			require.NoError(t, err)
			return no
		})
		require.ErrorIs(t, err, no)
		require.Equal(t, at, s.facts().At)
		require.Contains(t, s.all(), "Anna")
		in, _ := w.who(film)
		require.NotContains(t, in, house.ID("r01"))
		s.leave()
	})
}

// P1: every stricter choice shows less, at once and on every board.
func TestEveryChoiceReachesTheBoards(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s, next := w.live("scr-1"), w.live("scr-3")
		id := record.PersonID(s.board().PersonKey("r01").ID)
		person := func() record.Person { return s.facts().People[id] }

		w.alter("r01", func(r *house.Resident) { r.Choices.NameMode, r.Alias = "alias", record.NameOf("Solsikke") })
		require.Equal(t, "Solsikke", person().Name.Reveal())
		require.NotContains(t, s.all()+next.all(), "Anna")
		require.Contains(t, next.all(), "Solsikke")

		w.alter("r01", func(r *house.Resident) { r.Choices.Photo = false })
		require.Empty(t, person().Photo)

		w.alter("r01", func(r *house.Resident) { r.Acceptance = house.Acceptance{State: house.Declined} })
		require.NotContains(t, s.all()+next.all(), "Solsikke")
		in, _ := w.who(list(house.KindActivity, "a06"))
		require.Contains(t, in, house.ID("r01"), "a declined acceptance cancels nothing; staff do")

		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "s02", func(s *house.Staff) { s.Choices.Roster = false })
		})
		require.NotContains(t, s.all(), "Jonas\"")
		s.leave()
		next.leave()
	})
}

// Who is hidden in one department decides what its neighbours may
// count on a list they share, in the same transaction.
func TestHidingChangesWhatTheNeighboursMayCount(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		next := w.live("scr-3")
		outing := func() record.Activity {
			return next.facts().Activities[record.ActivityID(next.board().Key(market).ID)]
		}
		require.False(t, outing().Exact, "two are hidden over there")
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		require.True(t, outing().Exact, "three are")
		require.Equal(t, 1, outing().More)
		require.True(t, next.facts().House.Exact, "of their own nobody is hidden")
		next.leave()
	})
}

// R-IBG-34: when a meal is made, everybody with an accepted rule for it is
// signed up once; one made after its deadline is too late for rules; and
// whoever takes back the rule is not signed up for what comes.
func TestRulesSignUpForNewMeals(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		dinner := func(id house.ID, day house.Day, deadline string) []house.ID {
			w.change(func(ctx context.Context, e *Edit) error {
				return e.Put(ctx, &house.Meal{
					ID: id, Department: "dep-maane", Kind: "dinner", Title: record.Text{"da": "Suppe"},
					Served: house.Wall(string(day) + "T18:00"), Deadline: house.Wall(deadline),
				})
			})
			in, _ := w.who(list(house.KindMeal, id))
			return in
		}
		// The demo's weekdays came along: 2000-01-01 was a Saturday.
		monday := house.Day("2000-01-10")
		require.Equal(t, []house.ID{"r01", "r04", "r06"}, dinner("x1", monday, "2000-01-10T10:00"))
		require.Empty(t, dinner("x2", "2000-01-01", "2000-01-01T10:00"), "it is 10:24")

		// Changing the meal signs nobody up again.
		require.Equal(t, wire.Accepted, w.hand("scr-1").does(wire.OpCancel, list(house.KindMeal, "x1"), "r01").Outcome)
		require.Equal(t, []house.ID{"r04", "r06"}, dinner("x1", monday, "2000-01-10T09:00"))
		w.view(func(v store.View) error {
			places, err := v.Places(t.Context(), list(house.KindMeal, "x1"))
			require.Equal(t, house.OptedOut, places[0].State, "kept, so that an export says it too")
			require.Equal(t, "auto", places[1].Via)
			return err
		})

		w.alter("r04", func(r *house.Resident) { r.Choices.AutoMeals = nil })
		w.alter("r06", func(r *house.Resident) { r.Acceptance.Until = "1999-12-31" })
		require.Equal(t, []house.ID{"r01"}, dinner("x3", monday, "2000-01-10T10:00"))
	})
}

// Staff sign people up and off, also after the deadline, and it says so.
func TestStaffSignPeopleUp(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		lunch := list(house.KindMeal, "m07")
		w.change(func(ctx context.Context, e *Edit) error {
			state, err := e.SignUp(ctx, lunch, house.SignUp{Person: "r04", Via: "manager", Dish: "main"})
			require.Equal(t, house.TakesPart, state)
			require.NoError(t, err)
			_, err = e.SignUp(ctx, house.List{Kind: house.KindNews, ID: "n01"}, house.SignUp{Person: "r04"})
			require.EqualError(t, err, "news n01: has no list")
			return nil
		})
		in, _ := w.who(lunch)
		require.Equal(t, []house.ID{"r01", "r10", "r04"}, in)
		w.change(func(ctx context.Context, e *Edit) error {
			return e.Cancel(ctx, lunch, house.SignUp{Person: "r04", Via: "manager"})
		})
		in, _ = w.who(lunch)
		require.Equal(t, []house.ID{"r01", "r10"}, in)
	})
}

// R-IBG-07, R-IBG-25: whoever is deleted is on no list any more, others move
// up, and no picture of them stays.
func TestDeletedPersonLeavesNoTrace(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		photo := s.facts().People[record.PersonID(s.board().PersonKey("r02").ID)].Photo
		h := w.hand("scr-1")
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "a08", func(a *house.Activity) { a.Capacity = 4 })
		})
		require.Equal(t, wire.Waitlisted, h.does(wire.OpSignUp, film, "r01").Outcome)
		w.change(func(ctx context.Context, e *Edit) error { return e.Delete(ctx, house.KindResident, "r02") })
		in, waiting := w.who(film)
		require.Contains(t, in, house.ID("r01"))
		require.NotContains(t, in, house.ID("r02"))
		require.Empty(t, waiting)
		require.NotContains(t, s.all(), "Mik")
		w.view(func(v store.View) error {
			lists, err := v.ListsOf(t.Context(), "r02")
			require.NoError(t, err)
			require.Empty(t, lists)
			_, err = v.Picture(t.Context(), photo)
			require.ErrorIs(t, err, store.ErrNotFound)
			return nil
		})
		require.ErrorIs(t, w.hub.Change(t.Context(), byStaff, func(ctx context.Context, e *Edit) error {
			return e.Delete(ctx, house.KindResident, "r02")
		}), store.ErrNotFound)
		s.leave()
	})
}

// A department that is closed leaves an empty board behind, not its people.
func TestBoardOfAClosedDepartmentIsEmpty(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		w.change(func(ctx context.Context, e *Edit) error { return e.Delete(ctx, house.KindDepartment, "dep-maane") })
		require.Equal(t, "map[]", s.all())
		s.leave()
		s.connect()
		require.Equal(t, "map[]", s.all())
		s.leave()
	})
}

// A house that does not fit a board is refused by the hub, not by the screens.
func TestHouseThatDoesNotFitIsRefused(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		before := s.all()
		text := record.Text{}
		for _, lang := range []record.Lang{"da", "nb", "nn", "sv", "en", "de", "fr", "es"} {
			text[lang] = strings.Repeat("x", 4000)
		}
		err := w.hub.Change(t.Context(), byStaff, func(ctx context.Context, e *Edit) error {
			for i := range wire.MaxBoard/32_000 + 1 {
				err := e.Put(ctx, &house.News{
					ID: house.ID(fmt.Sprint("x", i)), Department: "dep-maane", Title: record.Text{"da": "Lang"}, Text: text, Published: "2000-01-01T08:00",
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		require.ErrorContains(t, err, "at most 20000 and 8388608")
		require.Equal(t, before, s.all())
		s.leave()
	})
}

// R-IBG-44: an acceptance ends at midnight, and yesterday's things go, with
// nobody doing anything.
func TestMidnightPassesOnTheBoards(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.alter("r01", func(r *house.Resident) { r.Acceptance.Until = "2000-01-01" })
		s := w.live("scr-1")
		require.Contains(t, s.all(), "Anna")
		id := record.PersonID(s.board().PersonKey("r01").ID)
		midnight := time.Date(2000, 1, 2, 0, 0, 0, 0, copenhagen)
		require.True(t, midnight.Equal(s.facts().People[id].Until), "the screen knows in advance")
		days := func() map[string]bool {
			out := map[string]bool{}
			for _, m := range s.facts().Meals {
				out[m.Served.In(copenhagen).Format(time.DateOnly)] = true
			}
			return out
		}
		require.True(t, days()["1999-12-31"])
		for time.Now().Before(midnight.Add(midnightSpread + lookEvery)) {
			if s.gone() {
				s.connect()
			}
			time.Sleep(5 * time.Minute)
			synctest.Wait()
		}
		require.NotContains(t, s.all(), "Anna")
		require.False(t, days()["1999-12-31"])
		require.True(t, days()["2000-01-02"])
		s.leave()
	})
}

// A hub that was off for a night does not serve yesterday for a moment.
func TestHubThatWasOffForANightServesToday(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.alter("r01", func(r *house.Resident) { r.Acceptance.Until = "2000-01-01" })
		s := w.live("scr-1")
		require.Contains(t, s.all(), "Anna")
		w.stop()
		<-s.done
		time.Sleep(20 * time.Hour)
		w.start()
		s.state.heard = nil
		s.connect()
		require.NotContains(t, s.all(), "Anna")
		fresh := w.live("scr-2")
		require.NotContains(t, fresh.all(), "Anna")
		fresh.leave()
		s.leave()
	})
}

func TestBoardsTakeTurnsAtMidnight(t *testing.T) {
	now := time.Date(2000, 1, 1, 22, 0, 0, 0, copenhagen)
	midnight := time.Date(2000, 1, 2, 0, 0, 0, 0, copenhagen)
	seen := map[time.Time]bool{}
	for i := range 100 {
		id := record.BoardID(string(rune('a' + i)))
		due := after(id, now, copenhagen)
		require.True(t, due.After(now) && due.Sub(now) <= time.Hour)
		due = after(id, midnight.Add(-time.Second), copenhagen)
		require.True(t, !due.Before(midnight) && due.Before(midnight.Add(midnightSpread)))
		seen[due] = true
		require.True(t, after(id, due, copenhagen).After(due))
	}
	require.Greater(t, len(seen), 90)
}
