package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// somebody is a resident whose every value is a canary in one of six scripts.
func somebody() (*house.Resident, []string) {
	r := &house.Resident{
		ID: "r-canary", Department: "dep-maane", FirstName: record.NameOf("Žofíæå"), Latin: record.NameOf("Zofiaaa"),
		LastName: record.NameOf("Υπατίαπουλου"), Alias: record.NameOf("Солнышко"), Flat: record.NameOf("شقةالكناري"),
		Photo:      "asset:portrait-zofia",
		Tag:        record.NameOf("0444551299"),
		Acceptance: house.Acceptance{State: house.Accepted, DecidedOn: "1999-12-01", DecidedBy: "self", Method: "talk", Notice: "1"},
		Choices:    house.Choices{NameMode: "first_name", Photo: true, Tagged: true, External: true},
	}
	return r, []string{"Žofíæå", "Zofiaaa", "Υπατίαπουλου", "Солнышко", "شقةالكناري", "कैनरी", "portrait-zofia", "r-canary", "0444551299"}
}

// plant puts somebody into every kind of record that can mention a person.
func (w *world) plant() []string {
	r, canaries := somebody()
	text := func(s string) record.Text { return record.Text{record.Danish: s} }
	h := demoHouse(w.t)
	h.Residents = append(h.Residents, *r)
	h.Relatives = append(h.Relatives, house.Relative{ID: "x-canary", Display: record.NameOf("Datter"), LinkedTo: []house.ID{r.ID}, Acceptance: house.Acceptance{State: house.NotAsked}})
	h.Activities[0].Leader, h.Activities[0].Leaders = r.ID, []house.ID{"s01", r.ID}
	h.Meals[0].Cook = r.ID
	h.Roster.Shifts[0].ContactFor = append(h.Roster.Shifts[0].ContactFor, r.ID)
	h.News = append(h.News, house.News{ID: "n-canary", Department: "dep-maane", Published: "2000-01-01T08:00", Author: r.ID, Title: text("Nyt")})
	h.Meetings = append(h.Meetings, house.Meeting{
		ID: "mt-canary", Department: "dep-maane", Title: text("Møde"), Starts: "2000-01-03T10:00", Ends: "2000-01-03T11:00",
		Chair: r.ID, Secretary: r.ID, SignUps: []house.ID{"r01", r.ID}, Agenda: []house.AgendaItem{{Number: 1, Title: text("Et"), By: r.ID}},
		Proposals: []house.Proposal{{ID: "p1", By: r.ID, Text: text("En tur")}},
	})
	h.Requests = append(h.Requests, house.Request{
		ID: "q-canary", Person: r.ID, Department: "dep-maane", Right: record.RightAccess, Via: "staff", Asked: "2000-01-01T08:00", Due: "2000-01-31",
		State: house.RequestAnswered, Answered: "2000-01-02", By: "s01", Note: "कैनरी",
	})
	h.Resources = append(h.Resources, house.Resource{ID: "res-canary", Department: "dep-maane", Title: text("Bad"), Mode: "free"})
	h.Bookings = append(h.Bookings, house.Booking{ID: "b-canary", Resource: "res-canary", Person: r.ID, From: "2000-01-02T10:00", To: "2000-01-02T11:00"})
	h.Groups = append(h.Groups, house.Group{
		ID: "g-canary", Department: "dep-maane", Title: text("Kor"), Members: []house.ID{r.ID, "r01"},
		Posts: []house.Post{
			{ID: "po1", By: r.ID, At: "2000-01-01T09:00", Text: text("कैनरी"), Likes: []house.ID{"r01"}},
			{ID: "po2", By: "r01", At: "2000-01-01T09:00", Text: text("Hej"), Likes: []house.ID{"r02", r.ID}, Comments: []house.Comment{{By: r.ID, Text: text("कैनरी")}, {By: "r02", Text: text("Ja")}}},
		},
	})
	h.Albums = append(h.Albums, house.Album{ID: "al-canary", Department: "dep-maane", Title: text("Sommer"), Photos: []house.Photo{
		{ID: "ph1", Asset: "asset:zofia-and-anna", Tagged: []house.ID{"r01", r.ID}}, {ID: "ph2", Asset: "asset:anna", Tagged: []house.ID{"r01"}},
	}})
	h.Documents = append(h.Documents, house.Document{ID: "d-canary", Department: "dep-maane", Title: text("Brev"), SharedTo: "person:r-canary"})
	h.Videos = append(h.Videos, house.Video{ID: "v-canary", Department: "dep-maane", Title: text("Film"), SharedTo: "person:r-canary"})
	require.NoError(w.t, w.hub.Import(w.t.Context(), byImport, h, Import{Replace: true, Picture: drawn}))
	w.change(func(ctx context.Context, e *Edit) error {
		for _, l := range []house.List{film, market, list(house.KindMeal, "m10")} {
			if _, err := e.SignUp(ctx, l, house.SignUp{Person: r.ID, Via: "manager"}); err != nil {
				return err
			}
		}
		return nil
	})
	return append(canaries, "zofia-and-anna")
}

// erase forgets somebody and fails if anything is left.
func (w *world) erase(id house.ID, level store.Level) Erased {
	w.t.Helper()
	x, err := w.hub.Erase(w.t.Context(), byStaff, Erasing{Person: id, Level: level})
	require.NoError(w.t, err)
	require.Zero(w.t, x.Left)
	require.NotEmpty(w.t, x.ID)
	return x
}

// files returns every byte in the hub's folder.
func (w *world) files() (out []byte) {
	w.t.Helper()
	all, err := filepath.Glob(filepath.Join(w.dir, "*"))
	require.NoError(w.t, err)
	require.NotEmpty(w.t, all)
	for _, f := range all {
		b, err := os.ReadFile(f)
		require.NoError(w.t, err)
		out = append(out, b...)
	}
	return out
}

// holds returns which of these stand among bytes, in UTF-8 or UTF-16.
func holds(b []byte, values []string) (out []string) {
	for _, v := range values {
		var wide []byte
		for _, u := range utf16.Encode([]rune(v)) {
			wide = append(wide, byte(u), byte(u>>8))
		}
		if bytes.Contains(b, []byte(v)) || bytes.Contains(b, wide) {
			out = append(out, v)
		}
	}
	return out
}

// mentionsOf returns every record, list and row of the house that has to do with
// somebody, found without the code that erases.
func (w *world) mentionsOf(id house.ID) (out []string) {
	w.view(func(v store.View) error {
		h, err := readHouse(w.t.Context(), v)
		require.NoError(w.t, err)
		var file bytes.Buffer
		require.NoError(w.t, h.Write(&file))
		var all any
		require.NoError(w.t, json.Unmarshal(file.Bytes(), &all))
		walkJSON(all, "", func(path, text string) {
			if text == string(id) || text == "person:"+string(id) {
				out = append(out, path)
			}
		})
		boards, err := v.Boards(w.t.Context())
		require.NoError(w.t, err)
		for _, b := range boards {
			rows, err := v.Hashes(w.t.Context(), b.ID)
			require.NoError(w.t, err)
			if h, ok := rows[projectBoard(b).PersonKey(id)]; ok && h != 0 {
				out = append(out, "a row of board "+string(b.ID))
			}
		}
		return v.Lines(w.t.Context(), "", func(l store.Line) error {
			if l.ID == string(id) || l.Actor == string(id) || l.Person == id {
				out = append(out, fmt.Sprintf("audit %d", l.Number))
			}
			return nil
		})
	})
	return out
}

func walkJSON(v any, path string, see func(path, text string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			walkJSON(x, path+"."+k, see)
		}
	case []any:
		for _, x := range v {
			walkJSON(x, path+"[]", see)
		}
	case string:
		see(path, v)
	}
}

// R-IBG-26, V-01: whoever is erased is in no record, list, board and
// audit line, and no byte of the database, its log and everything that is sent
// spells them, in six scripts. Others move up.
func TestErasedPersonIsNowhere(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		canaries := w.plant()
		one, next := w.live("scr-1"), w.live("scr-3")
		require.NotEmpty(t, holds([]byte(one.said()), canaries), "the wall shows them, or this test reads nothing")
		require.NotEmpty(t, holds([]byte(next.said()), canaries), "so do the neighbours', on the list they share")
		require.Subset(t, holds(w.files(), canaries), []string{"Žofíæå", "Υπατίαπουλου", "Солнышко", "شقةالكناري", "कैनरी", "r-canary"})
		require.Greater(t, len(w.mentionsOf("r-canary")), 20)
		before := w.mentionsOf("r01")

		plan, err := w.hub.Erase(t.Context(), byStaff, Erasing{Person: "r-canary", Level: store.Erased, Dry: true})
		require.NoError(t, err)
		require.Empty(t, plan.ID)
		require.Greater(t, len(w.mentionsOf("r-canary")), 20, "a plan does nothing")

		x := w.erase("r-canary", store.Erased)
		require.Equal(t, plan.Toll, x.Toll, "what was done is what was said")
		require.Equal(t, house.KindResident, x.Kind)
		require.Equal(t, []Ref{{"booking", "b-canary"}, {"document", "d-canary"}, {"video", "v-canary"}, {"request", "q-canary"}, {"resident", "r-canary"}}, x.Deleted)
		require.Equal(t, 3, x.Lists)
		require.Equal(t, 2, x.Pictures, "the portrait, and the picture they were in")
		require.Empty(t, w.mentionsOf("r-canary"))
		require.Empty(t, holds(w.files(), canaries))
		_ = one.facts()
		fresh := w.live("scr-2")
		for _, s := range []*screen{one, next, fresh} {
			s.leave()
			require.Empty(t, holds([]byte(s.said()), canaries), s.id)
		}
		_, err = w.hub.VerifyAudit(t.Context(), byStaff, "")
		require.NoError(t, err)

		// Of others nothing is missing but what was said with them and of them both.
		after := w.mentionsOf("r01")
		require.NotContains(t, after, ".albums[].photos[].tagged[].r-canary")
		require.Less(t, len(before)-len(after), 4)
		w.view(func(v store.View) error {
			g, err := store.Get[house.Group](t.Context(), v, "g-canary")
			require.NoError(t, err)
			require.Equal(t, []house.ID{"r01"}, g.Members)
			require.Len(t, g.Posts, 1)
			require.Equal(t, []house.ID{"r02"}, g.Posts[0].Likes)
			require.Len(t, g.Posts[0].Comments, 1)
			m, err := store.Get[house.Meeting](t.Context(), v, "mt-canary")
			require.NoError(t, err)
			require.Equal(t, "En tur", m.Proposals[0].Text[record.Danish], "what was proposed stays, by nobody")
			return nil
		})
		require.ErrorIs(t, w.hub.Change(t.Context(), byStaff, func(ctx context.Context, e *Edit) error {
			r, _ := somebody()
			return e.Put(ctx, r)
		}), ErrErased)
		_, err = w.hub.Erase(t.Context(), byStaff, Erasing{Person: "r-canary", Level: store.Erased})
		require.EqualError(t, err, "erase r-canary: nobody has that ID: not found")
	})
}

// R-IBG-04, V-03: of whoever is anonymised a number stays in the lists they were
// on, in its place, and nothing leads back from it.
func TestAnonymisedPersonIsANumber(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		canaries := w.plant()
		taken := func() (n, at int, who house.ID) {
			w.view(func(v store.View) error {
				places, err := v.Places(t.Context(), film)
				n = len(places)
				at = slices.IndexFunc(places, func(p store.Place) bool {
					return p.Person == "r-canary" || strings.HasPrefix(string(p.Person), "former-")
				})
				who = places[at].Person
				return err
			})
			return n, at, who
		}
		n, at, _ := taken()
		x := w.erase("r-canary", store.Anonymised)
		gotN, gotAt, former := taken()
		require.Equal(t, []int{n, at}, []int{gotN, gotAt})
		require.Equal(t, 3, x.Lists)
		require.Empty(t, w.mentionsOf("r-canary"))
		require.Empty(t, holds(w.files(), canaries))
		w.view(func(v store.View) error {
			f, err := store.Get[house.Former](t.Context(), v, former)
			require.NoError(t, err)
			require.Equal(t, house.ID("dep-maane"), f.Department)
			b, err := store.Get[house.Booking](t.Context(), v, "b-canary")
			require.NoError(t, err)
			require.Equal(t, former, b.Person)
			m, err := store.Get[house.Meal](t.Context(), v, "m01")
			require.NoError(t, err)
			require.Empty(t, m.Cook, "a number does not cook")
			return nil
		})
		_, err := w.hub.Erase(t.Context(), byStaff, Erasing{Person: "x-canary", Level: store.Anonymised})
		require.EqualError(t, err, "anonymise x-canary: of a relative there is no number to keep; erase them")
		w.erase("x-canary", store.Erased)
		w.letIn("s03")
		w.erase("s03", store.Anonymised)
		require.Empty(t, w.mentionsOf("s03"))
		has, _, in := w.inside("s03")
		require.False(t, has || in, "a number does not log in")
		w.erase(former, store.Erased)
		require.Empty(t, w.mentionsOf(former))
	})
}

// Somebody who works in two departments, and is on a list both share, is gone from
// the boards of both in one transaction, and who waited moves up in it.
func TestErasureIsOneTransactionOverDepartments(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.plant()
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "a09", func(a *house.Activity) { a.SharedWith, a.Capacity = []house.ID{"dep-nabo"}, 0 })
		})
		x := w.erase("r-canary", store.Erased)
		require.GreaterOrEqual(t, x.Boards, 2)
		require.Contains(t, x.Screens, "scr-1")
		require.Contains(t, x.Screens, "scr-3")
		all, err := w.hub.Withdrawals(t.Context(), byStaff, "")
		require.NoError(t, err)
		require.Equal(t, "erase", all[0].Action)
		require.True(t, store.IsPseudonym(string(all[0].Person)))
		require.Len(t, all[0].Screens, 3)
	})
}

// Goal 2: people sign up at the walls all the while; whoever is erased is gone, and
// no list is fuller than its limit or has a place while somebody waits.
func TestErasureAmongManyHands(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "a08", func(a *house.Activity) { a.Capacity = 3 })
		})
		one, two := w.live("scr-1"), w.live("scr-2")
		who := []house.ID{"r01", "r02", "r03", "r04", "r05", "r07"}
		var muts [2][]wire.Mutation
		for i := range who {
			muts[0] = append(muts[0], one.touch(uint64(i+1), wire.OpSignUp, film, who[i]))
			muts[1] = append(muts[1], two.touch(uint64(i+1), wire.OpSignUp, film, who[len(who)-1-i]))
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			for _, id := range []house.ID{"r02", "r05"} {
				if _, err := w.hub.Erase(t.Context(), byStaff, Erasing{Person: id, Level: store.Erased}); err != nil {
					t.Error(err)
				}
			}
		})
		for i := range who {
			one.send(wire.Mut{Muts: muts[0][i : i+1]})
			two.send(wire.Mut{Muts: muts[1][i : i+1]})
		}
		wg.Wait()
		synctest.Wait()
		for i := range who {
			one.result(uint64(i + 1))
			two.result(uint64(i + 1))
		}
		w.view(func(v store.View) error {
			places, err := v.Places(t.Context(), film)
			in, waits := 0, 0
			for _, p := range places {
				require.NotContains(t, []house.ID{"r02", "r05"}, p.Person)
				switch p.State {
				case house.TakesPart:
					in++
				case house.Waits:
					waits++
				}
			}
			require.Equal(t, 3, in)
			require.Equal(t, len(places)-3, waits)
			return err
		})
		require.Empty(t, w.mentionsOf("r02"))
		require.Empty(t, w.mentionsOf("r05"))
		_, err := w.hub.VerifyAudit(t.Context(), byStaff, "")
		require.NoError(t, err)
	})
}

// Whatever happened in a house before, after an erasure no record,
// list, row or audit line has to do with who was erased.
func TestErasureAfterRandomHistories(t *testing.T) {
	for n := range 6 {
		seed := uint64(time.Now().UnixNano()) + uint64(n)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				rnd := rand.New(rand.NewPCG(seed, 0))
				w.plant()
				people := []house.ID{"r01", "r02", "r03", "r04", "r05", "r07", "r08", "r-canary"}
				for range 40 {
					id := people[rnd.IntN(len(people))]
					l := []house.List{film, market, list(house.KindMeal, "m10"), list(house.KindMeal, "m12")}[rnd.IntN(4)]
					w.change(func(ctx context.Context, e *Edit) error {
						switch rnd.IntN(5) {
						case 0:
							return Alter(ctx, e, id, func(r *house.Resident) { r.Choices.Hidden = !r.Choices.Hidden })
						case 1:
							return Alter(ctx, e, id, func(r *house.Resident) { r.Department = []house.ID{"dep-maane", "dep-nabo"}[rnd.IntN(2)] })
						case 2:
							return e.Cancel(ctx, l, house.SignUp{Person: id})
						case 3:
							return Alter(ctx, e, "a08", func(a *house.Activity) { a.Capacity = rnd.IntN(4); a.Leaders = append(a.Leaders[:0:0], id) })
						default:
							_, err := e.SignUp(ctx, l, house.SignUp{Person: id, Via: "manager"})
							return err
						}
					})
				}
				for _, id := range []house.ID{people[rnd.IntN(7)], "r-canary"} {
					level := []store.Level{store.Erased, store.Anonymised}[rnd.IntN(2)]
					w.erase(id, level)
					require.Empty(t, w.mentionsOf(id), level)
				}
				_, err := w.hub.VerifyAudit(t.Context(), byStaff, "")
				require.NoError(t, err)
			})
		})
	}
}

// epochs returns the feed of every board.
func (w *world) epochs() map[record.BoardID]record.Epoch {
	out := map[record.BoardID]record.Epoch{}
	w.view(func(v store.View) error {
		boards, err := v.Boards(w.t.Context())
		require.NoError(w.t, err)
		require.NotEmpty(w.t, boards)
		for _, b := range boards {
			head, err := v.Head(w.t.Context(), b.ID)
			require.NoError(w.t, err)
			out[b.ID] = head.Epoch
		}
		return nil
	})
	return out
}

// A backup from before an erasure brings nobody back, nor
// does a file of the house.
func TestRestoredBackupBringsNobodyBack(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		canaries := w.plant()
		ledger := filepath.Join(w.dir, "erased.jsonl")
		w.stop()
		db := filepath.Join(w.dir, "hub.db")
		backup, err := os.ReadFile(db)
		require.NoError(t, err)
		w.start()
		w.hub.opt.Ledger = ledger
		w.erase("r-canary", store.Erased)
		w.erase("r04", store.Anonymised)
		w.stop()
		for _, path := range []string{db, db + "-wal", db + "-shm"} {
			_ = os.Remove(path)
		}
		require.NoError(t, os.WriteFile(db, backup, 0o600))

		w.start()
		w.hub.opt.Ledger = ledger
		require.NotEmpty(t, w.mentionsOf("r-canary"), "they are back, or there is nothing to see")
		f, err := os.OpenFile(ledger, os.O_WRONLY|os.O_APPEND, 0)
		require.NoError(t, err)
		_, err = f.WriteString(`{"id":"cut short`) // by a crash
		require.NoError(t, err)
		require.NoError(t, f.Close())
		epochs := w.epochs()
		n, err := w.hub.ReplayErasures(t.Context())
		require.NoError(t, err)
		require.Equal(t, 2, n)
		anew := w.epochs()
		for board, epoch := range epochs {
			require.NotEqual(t, epoch, anew[board], "screens know more of it than it does, also when the power goes now")
		}
		require.Empty(t, w.mentionsOf("r-canary"))
		require.Empty(t, w.mentionsOf("r04"))
		require.Empty(t, holds(w.files(), canaries))
		_, err = w.hub.VerifyAudit(t.Context(), byStaff, "")
		require.NoError(t, err)
		n, err = w.hub.ReplayErasures(t.Context())
		require.NoError(t, err)
		require.Zero(t, n, "once")
		require.Equal(t, anew, w.epochs())
		w.erase("r05", store.Erased)
		kept, err := readLedger(ledger)
		require.NoError(t, err)
		require.Len(t, kept, 3)

		h := demoHouse(t)
		require.ErrorIs(t, w.hub.Import(t.Context(), byImport, h, Import{Replace: true, Picture: drawn}), ErrErased)
		require.NoError(t, os.WriteFile(ledger, []byte("no entry\n"), 0o600))
		_, err = w.hub.ReplayErasures(t.Context())
		require.ErrorContains(t, err, "ledger of erasures: "+ledger+":1: is no entry")
	})
}

// What was taken back since a backup stays so when that is restored, and
// so does a screen that was shut out; the hub says how many there were.
func TestRestoredBackupIsAsStrictAsWhatItReplaces(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		db := filepath.Join(w.dir, "hub.db")
		w.stop()
		backup, err := os.ReadFile(db)
		require.NoError(t, err)
		w.start()
		w.alter("r01", func(r *house.Resident) { r.Acceptance.State = house.Declined })
		w.alter("r02", func(r *house.Resident) { r.Choices.Hidden = true })
		w.alter("r06", func(r *house.Resident) { r.Choices.Hidden = false })
		require.NoError(t, w.hub.RevokeScreen(t.Context(), byStaff, "scr-2"))
		strict, err := w.hub.Restrictions(t.Context())
		require.NoError(t, err)
		w.stop()
		for _, path := range []string{db, db + "-wal", db + "-shm"} {
			_ = os.Remove(path)
		}
		require.NoError(t, os.WriteFile(db, backup, 0o600))
		w.start()
		people, screens, err := w.hub.Restrict(t.Context(), strict)
		require.NoError(t, err)
		require.Equal(t, [2]int{2, 1}, [2]int{people, screens})
		w.view(func(v store.View) error {
			one, err := store.Get[house.Resident](t.Context(), v, "r01")
			require.NoError(t, err)
			require.Equal(t, house.Declined, one.Acceptance.State)
			two, err := store.Get[house.Resident](t.Context(), v, "r02")
			require.NoError(t, err)
			require.True(t, two.Choices.Hidden)
			six, err := store.Get[house.Resident](t.Context(), v, "r06")
			require.True(t, six.Choices.Hidden, "what shows more is for staff to say again")
			return err
		})
		d, err := w.hub.device(t.Context(), "scr-2")
		require.NoError(t, err)
		require.True(t, d.Revoked)
		people, screens, err = w.hub.Restrict(t.Context(), strict)
		require.NoError(t, err)
		require.Zero(t, people+screens, "once")
	})
}

// A store with another key cannot tell whether somebody who was erased
// is in it: a house that was taken in again after its database was lost. It is not
// believed, and neither is its ledger overwritten.
func TestLedgerByAnotherKeyIsNotPassedOver(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.hub.opt.Ledger = filepath.Join(w.dir, "erased.jsonl")
		w.erase("r04", store.Erased)
		before, err := os.ReadFile(w.hub.opt.Ledger)
		require.NoError(t, err)
		db, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "hub.db"))
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		again, err := New(t.Context(), db, Options{Hosts: hosts, Ledger: w.hub.opt.Ledger, Shrink: func(b []byte) ([]byte, error) { return b, nil }})
		require.NoError(t, err)
		n, err := again.ReplayErasures(t.Context())
		require.NoError(t, err, "there is no house yet")
		require.Zero(t, n)
		require.ErrorIs(t, again.Import(t.Context(), byImport, demoHouse(t), Import{Picture: drawn}), ErrLedgerKey)
		ledger := again.opt.Ledger
		again.opt.Ledger = ""
		require.NoError(t, again.Import(t.Context(), byImport, demoHouse(t), Import{Picture: drawn}))
		again.opt.Ledger = ledger
		_, err = again.ReplayErasures(t.Context())
		require.ErrorIs(t, err, ErrLedgerKey)
		after, err := os.ReadFile(w.hub.opt.Ledger)
		require.NoError(t, err)
		require.Equal(t, string(before), string(after))
		n, err = w.hub.ReplayErasures(t.Context())
		require.NoError(t, err, "whose key it is goes on")
		require.Zero(t, n)
	})
}

// Staff who erased somebody may be erased one day: what they signed names nobody.
func TestCertificateNamesNoStaff(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		x, err := w.hub.Erase(t.Context(), store.Actor{Org: "sys-demo", Kind: store.ByStaff, ID: "s02"}, Erasing{Person: "r04", Level: store.Erased})
		require.NoError(t, err)
		w.erase("s02", store.Erased)
		c, err := w.hub.ErasureCertificate(t.Context(), byStaff, x.ID)
		require.NoError(t, err)
		who, ok := strings.CutPrefix(c.By, "staff ")
		require.True(t, ok, c.By)
		require.True(t, store.IsPseudonym(who), c.By)
	})
}

// R-DPA-25, R-DPA-26: the certificate holds every field, is signed, and its screens
// are added as they confirm; who is away is named, with when it shows nobody by
// itself.
func TestCertificateOfErasure(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		canaries := w.plant()
		one, two := w.live("scr-1"), w.live("scr-2")
		one.confirm()
		two.confirm()
		two.leave()
		w.hub.opt.Build = "v1.2.3"
		w.hub.opt.Search = func(_ context.Context, values []string) (int, int64, error) {
			b := w.files()
			return len(holds(b, values)), int64(len(b)), nil
		}
		x := w.erase("r-canary", store.Erased)
		one.confirm()
		c, err := w.hub.ErasureCertificate(t.Context(), byStaff, x.ID)
		require.NoError(t, err)
		require.Equal(t, 2, c.Confirmed, "scr-1, and scr-3, which was never there")
		require.Len(t, c.Screens, 3)
		require.Equal(t, Confirmed, c.Screens[0].State)
		require.Equal(t, Waiting, c.Screens[1].State)
		require.Equal(t, Empty, c.Screens[2].State)
		require.WithinDuration(t, w.hub.now().Add(DefaultMask), *c.Screens[1].Masks, 5*time.Minute)
		require.Equal(t, "nothing was found", c.Verification.Result)
		require.Greater(t, c.Verification.Bytes, int64(100_000))
		require.Equal(t, "tavle-hub v1.2.3", c.Tool)
		require.Equal(t, c.At.Add(DefaultKeepBackups), c.LastBackup)

		b, err := json.MarshalIndent(c, "", "  ")
		require.NoError(t, err)
		var words strings.Builder
		require.NoError(t, c.Write(&words))
		require.Empty(t, holds([]byte(words.String()+string(b)), canaries))
		require.Contains(t, words.String(), "scr-2: waiting; last heard 2000-01-01")
		got, err := VerifyErasureCertificate(bytes.NewReader(b), w.hub.SigningKey())
		require.NoError(t, err)
		require.Equal(t, c, got)
		for was, now := range map[string]string{`"erase"`: `"anonymise"`, "nothing was found": "nothing  was found", `"waiting"`: `"confirmed"`, `"tenant"`: `"x": 1, "tenant"`} {
			require.Contains(t, string(b), was)
			_, err := VerifyErasureCertificate(strings.NewReader(strings.Replace(string(b), was, now, 1)), w.hub.SigningKey())
			require.Error(t, err, was)
		}
		_, err = VerifyErasureCertificate(bytes.NewReader(b), publicKey("scr-1"))
		require.EqualError(t, err, "it is not as the hub with this key signed it")

		two.connect()
		two.confirm()
		c, err = w.hub.ErasureCertificate(t.Context(), byStaff, x.ID)
		require.NoError(t, err)
		require.Equal(t, 3, c.Confirmed)
	})
}

// Bytes are searched for a name as they spell it: in the JSON of a record an
// ampersand and a quotation mark are something else.
func TestNameIsSearchedAsItIsStored(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		odd := `Ærø & "Sønner" <1>`
		w.alter("r04", func(r *house.Resident) { r.LastName = record.NameOf(odd) })
		before := w.files()
		require.Empty(t, holds(before, []string{odd}))
		var searched []string
		w.hub.opt.Search = func(_ context.Context, values []string) (int, int64, error) {
			searched = values
			return 0, 1, nil
		}
		w.erase("r04", store.Erased)
		require.Contains(t, searched, odd)
		searched = slices.DeleteFunc(searched, func(v string) bool { return !strings.HasPrefix(v, "Ærø ") })
		require.Len(t, holds(before, searched), 1)
	})
}

// confirm says that what the screen holds is on its glass.
func (s *screen) confirm() {
	at := s.facts().At
	s.send(wire.Ack{Epoch: at.Epoch, Rev: at.Rev})
	synctest.Wait()
}

// Item 5: the hub knows, per hide, which screens have taken it off, and
// of the others since when they are away and when they show nobody by themselves.
func TestHubKnowsWhoConfirmedAHide(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		one, two := w.live("scr-1"), w.live("scr-2")
		one.confirm()
		two.confirm()
		two.leave()
		left := w.hub.now()
		time.Sleep(time.Hour)
		state := func() (out []ConfirmState) {
			all, err := w.hub.Withdrawals(t.Context(), byStaff, "r01")
			require.NoError(t, err)
			require.Len(t, all, 1)
			require.Equal(t, "change", all[0].Action)
			for _, c := range all[0].Screens {
				out = append(out, c.State)
				if c.Device == "scr-2" {
					require.WithinDuration(t, left, c.Heard, time.Minute)
				}
			}
			return out
		}
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		require.Equal(t, []ConfirmState{Waiting, Waiting, Empty}, state())
		one.confirm()
		require.Equal(t, []ConfirmState{Confirmed, Waiting, Empty}, state())
		// Later changes do not take that back, and what shows more waits for nobody.
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = false })
		require.Equal(t, []ConfirmState{Confirmed, Waiting, Empty}, state())
		time.Sleep(DefaultMask)
		require.Equal(t, []ConfirmState{Confirmed, Masked, Empty}, state())
		time.Sleep(DefaultWipe)
		require.Equal(t, []ConfirmState{Confirmed, Wiped, Empty}, state())
	})
}

// Item 5: a screen that is away goes by the lease it was given, whatever new ones
// are like; one that has said something since has a new one.
func TestAwayScreenGoesByTheLeaseItWasGiven(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.hub.opt.Mask, w.hub.opt.Wipe = MaxMask, MaxWipe
		one, two, three := w.live("scr-1"), w.live("scr-2"), w.live("scr-3")
		one.confirm()
		two.confirm()
		three.confirm()
		two.leave()
		left := w.hub.now()
		w.restart()
		w.hub.opt.Mask, w.hub.opt.Wipe = MinMask, MinMask
		one.connect()
		one.confirm()
		one.leave()
		three.connect() // and goes before it has said that it heard
		three.leave()
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		states := func() (out []ConfirmState) {
			all, err := w.hub.Withdrawals(t.Context(), byStaff, "r01")
			require.NoError(t, err)
			for _, c := range all[0].Screens {
				out = append(out, c.State)
				if c.Device == "scr-2" {
					require.WithinDuration(t, left.Add(MaxMask), c.Masks, time.Minute+time.Second)
					require.WithinDuration(t, left.Add(MaxWipe), c.Wipes, time.Minute+time.Second)
				}
			}
			return out
		}
		require.Equal(t, []ConfirmState{Waiting, Waiting, Waiting}, states())
		time.Sleep(MinMask + 2*time.Minute)
		require.Equal(t, []ConfirmState{Wiped, Waiting, Waiting}, states())
		time.Sleep(MaxMask)
		require.Equal(t, []ConfirmState{Wiped, Masked, Masked}, states())
		time.Sleep(MaxWipe)
		require.Equal(t, []ConfirmState{Wiped, Wiped, Wiped}, states())
	})
}

// Item 5: a file that takes the house's place hides people, too, and who is not in
// it any more is taken off; the hub knows which screens have confirmed.
func TestImportThatHidesIsAWithdrawal(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		one := w.live("scr-1")
		one.confirm()
		in := demoHouse(t)
		in.Residents[0].Choices.Hidden = true
		require.NoError(t, w.hub.Import(t.Context(), byImport, in, Import{Replace: true, Picture: drawn}))
		all, err := w.hub.Withdrawals(t.Context(), byStaff, "")
		require.NoError(t, err)
		require.Len(t, all, 1, "and nobody else's choices are stricter")
		require.Equal(t, in.Residents[0].ID, all[0].Person)
		require.Equal(t, "change", all[0].Action)
		require.Equal(t, "scr-1", all[0].Screens[0].Device)
		require.Equal(t, Waiting, all[0].Screens[0].State)
		one.confirm()
		all, err = w.hub.Withdrawals(t.Context(), byStaff, "")
		require.NoError(t, err)
		require.Equal(t, Confirmed, all[0].Screens[0].State)
		require.NoError(t, w.hub.Import(t.Context(), byImport, demoHouse(t), Import{Replace: true, Picture: drawn}))
		all, err = w.hub.Withdrawals(t.Context(), byStaff, "")
		require.NoError(t, err)
		require.Len(t, all, 1, "what shows more waits for nobody")
	})
}

// Whatever takes something of somebody back is a withdrawal, and nothing else is.
func TestWhatIsAWithdrawal(t *testing.T) {
	base, _ := somebody()
	base.Spoken = record.NameOf("Som det siges")
	for name, c := range map[string]struct {
		change func(*house.Resident)
		want   bool
	}{
		"nothing":     {func(*house.Resident) {}, false},
		"hidden":      {func(r *house.Resident) { r.Choices.Hidden = true }, true},
		"alias":       {func(r *house.Resident) { r.Choices.NameMode = "alias" }, true},
		"no photo":    {func(r *house.Resident) { r.Choices.Photo = false }, true},
		"other photo": {func(r *house.Resident) { r.Photo = "asset:other" }, true},
		"no tags":     {func(r *house.Resident) { r.Choices.Tagged = false }, true},
		"no sharing":  {func(r *house.Resident) { r.Choices.External = false }, true},
		"declined":    {func(r *house.Resident) { r.Acceptance.State = house.Declined }, true},
		"until then":  {func(r *house.Resident) { r.Acceptance.Until = "2000-02-01" }, true},
		"left":        {func(r *house.Resident) { r.Lifecycle = house.Left }, true},
		"new name":    {func(r *house.Resident) { r.FirstName = record.NameOf("Ny") }, true},
		"other sound": {func(r *house.Resident) { r.Spoken = record.Name{} }, true},
		"moved":       {func(r *house.Resident) { r.Department = "dep-nabo" }, true},
		"new sound":   {func(r *house.Resident) { r.AliasSaid = record.NameOf("Ny") }, false},
		"shows more":  {func(r *house.Resident) { r.Choices.Relatives = true }, false},
		"new surname": {func(r *house.Resident) { r.LastName = record.NameOf("Ny") }, false}, // no board has it
	} {
		now := *base
		c.change(&now)
		require.Equal(t, c.want, house.Withdraws(base, &now), name)
		r, ok := house.Stricter(base, &now).(*house.Resident)
		require.Equal(t, c.want, ok, name)
		if ok {
			require.True(t, r.Choices.Hidden, name)
			require.Equal(t, base.FirstName, r.FirstName, name)
			require.Equal(t, now.Lifecycle, r.Lifecycle, name)
			require.Equal(t, now.Acceptance, r.Acceptance, name)
			require.Nil(t, house.Stricter(r, &now), "%s: or it is one that stands", name)
		}
	}
}
