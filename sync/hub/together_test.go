package hub

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// The clock stands at Thursday 10:24; the meeting is tomorrow from 10 to 11.
var (
	council  = list(house.KindMeeting, "mt2")
	knitting = list(house.KindGroup, "g1")
	washing  = list(house.KindResource, "b1")
)

// get reads one record as it is kept.
func get[T any, P interface {
	*T
	house.Record
}](w *world, id house.ID) (r T) {
	w.view(func(v store.View) (err error) {
		r, err = store.Get[T, P](w.t.Context(), v, id)
		return err
	})
	return r
}

// says makes a mutation one about words.
func says(text string) func(*wire.Mutation) {
	return func(m *wire.Mutation) { m.Text, m.Lang, m.Picto = text, record.Danish, "shortcake" }
}

// about makes a mutation one about a proposal of the council.
func (h *hand) about(proposal house.ID) func(*wire.Mutation) {
	return func(m *wire.Mutation) { m.On = onRow(h.s.board().ProposalKey("mt2", proposal)) }
}

// at makes a mutation one about a part of a day of the washing machine.
func (h *hand) at(wall house.Wall) func(*wire.Mutation) {
	return func(m *wire.Mutation) {
		r := record.ResourceID(h.s.board().RowKey(record.KindResource, "b1").ID)
		m.On = onRow(record.SlotKey(r, wall.In(copenhagen)))
	}
}

func onRow(k record.Key) wire.RowKey { return wire.RowKey{Kind: k.Kind, ID: k.ID} }

// booked lists who has the washing machine when, by how the times begin.
func (w *world) booked() map[house.Wall]house.ID {
	out := map[house.Wall]house.ID{}
	w.view(func(v store.View) error {
		all, err := store.All[house.Booking](w.t.Context(), v)
		for _, b := range all {
			if b.Resource == "b1" {
				out[b.From] = b.Person
			}
		}
		return err
	})
	return out
}

func today(clock string) house.Wall { return house.Wall("2000-01-01T" + clock) }

// R-IBG-14, R-IBG-39: who comes to a meeting and who is in a group is noted, once,
// is on every screen of the department, and can be taken back.
func TestMeetingAndGroupAreJoinedAtTheWall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h, other := w.hand("scr-1"), w.live("scr-2")
		require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, council, "r02").Outcome)
		again := h.does(wire.OpSignUp, council, "r02")
		require.Equal(t, wire.Accepted, again.Outcome)
		require.Equal(t, []house.ID{"r01", "r07", "r08", "r02"}, get[house.Meeting](w, "mt2").SignUps)
		synctest.Wait()
		m := other.facts().Meetings[record.MeetingID(other.board().RowKey(record.KindMeeting, "mt2").ID)]
		require.Contains(t, m.Who, record.PersonID(other.board().PersonKey("r02").ID))
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, council, "r02").Outcome)
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, council, "r02").Outcome)
		require.Equal(t, []house.ID{"r01", "r07", "r08"}, get[house.Meeting](w, "mt2").SignUps)

		require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, knitting, "r02").Outcome)
		require.Contains(t, get[house.Group](w, "g1").Members, house.ID("r02"))
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, knitting, "r02").Outcome)
		require.NotContains(t, get[house.Group](w, "g1").Members, house.ID("r02"))
	})
}

// What staff wrote between two touches stays.
func TestTouchOnAMeetingKeepsWhatStaffWrote(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		h.does(wire.OpSignUp, council, "r02")
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "mt2", func(m *house.Meeting) { m.Place = record.Text{"da": "Haven"} })
		})
		h.does(wire.OpPropose, council, "r02", says("Vi bager en kage"))
		m := get[house.Meeting](w, "mt2")
		require.Equal(t, "Haven", m.Place["da"])
		require.Contains(t, m.SignUps, house.ID("r02"))
		require.Len(t, m.Agenda, 3)
	})
}

// R-IBG-14, R-IBG-39: a proposal is kept with who made it, once however often it
// comes, with a line in the audit; one thumb per person; taken back by the same
// words.
func TestProposalIsMadeLikedAndTakenBack(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h, other := w.hand("scr-1"), w.live("scr-2")
		before := len(get[house.Meeting](w, "mt2").Proposals)
		require.Equal(t, wire.Accepted, h.does(wire.OpPropose, council, "r01", says("Vi bager en kage")).Outcome)
		require.Equal(t, wire.Accepted, h.does(wire.OpPropose, council, "r01", says("Vi bager en kage")).Outcome)
		m := get[house.Meeting](w, "mt2")
		require.Len(t, m.Proposals, before+1)
		p := m.Proposals[before]
		require.Equal(t, house.Proposal{ID: p.ID, By: "r01", Status: "received", Text: record.Text{"da": "Vi bager en kage"}, Pictogram: "shortcake"}, p)
		w.view(func(v store.View) error {
			audit, err := v.Audit(t.Context())
			require.True(t, slices.ContainsFunc(audit, func(a store.Audit) bool {
				return a.By == store.ByScreen && a.Actor == "scr-1" && a.Action == wire.OpPropose && a.Kind == "meeting" && a.ID == "mt2"
			}))
			return err
		})
		synctest.Wait()
		row := other.facts().Proposals[record.ProposalID(other.board().ProposalKey("mt2", p.ID).ID)]
		require.Equal(t, "Vi bager en kage", row.Text["da"])
		require.Equal(t, record.PersonID(other.board().PersonKey("r01").ID), row.By)

		for range 2 {
			require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, council, "r07", h.about(p.ID)).Outcome)
		}
		require.Equal(t, []house.ID{"r07"}, get[house.Meeting](w, "mt2").Proposals[before].Likes, "one each")
		require.NotContains(t, get[house.Meeting](w, "mt2").SignUps, "r02", "a thumb is no sign-up")
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, council, "r07", h.about(p.ID)).Outcome)
		require.Empty(t, get[house.Meeting](w, "mt2").Proposals[before].Likes)

		require.Equal(t, wire.Accepted, h.does(wire.OpRetract, council, "r07", says("Vi bager en kage")).Outcome, "not theirs")
		require.Len(t, get[house.Meeting](w, "mt2").Proposals, before+1)
		require.Equal(t, wire.Accepted, h.does(wire.OpRetract, council, "r01", says("Vi bager en kage")).Outcome)
		require.Len(t, get[house.Meeting](w, "mt2").Proposals, before)
		closed(t, wire.ReasonGone, h.does(wire.OpSignUp, council, "r07", h.about(p.ID)))
	})
}

// R-IBG-32: staff take a proposal away, and no screen shows it any more.
func TestStaffTakeAProposalAway(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-2")
		rude := record.ProposalID(s.board().ProposalKey("mt2", "p5").ID)
		require.Contains(t, s.facts().Proposals, rude)
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "mt2", func(m *house.Meeting) {
				m.Proposals = slices.DeleteFunc(m.Proposals, func(p house.Proposal) bool { return p.ID == "p5" })
			})
		})
		synctest.Wait()
		require.NotContains(t, s.facts().Proposals, rude)
	})
}

// What a wall can add is bounded, and what staff have put on the agenda stays.
func TestProposalsAreBounded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		for i := range maxOwn {
			require.Equal(t, wire.Accepted, h.does(wire.OpPropose, council, "r01", says(fmt.Sprint("Forslag ", i))).Outcome)
		}
		closed(t, wire.ReasonFull, h.does(wire.OpPropose, council, "r01", says("Et til")))
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "mt2", func(m *house.Meeting) {
				m.Proposals[len(m.Proposals)-1].Status = "on_agenda"
				for i := len(m.Proposals); i < maxProposals; i++ {
					m.Proposals = append(m.Proposals, house.Proposal{ID: house.ID(fmt.Sprint("x", i)), Text: record.Text{"da": "x"}})
				}
			})
		})
		closed(t, wire.ReasonClosed, h.does(wire.OpRetract, council, "r01", says(fmt.Sprint("Forslag ", maxOwn-1))))
		closed(t, wire.ReasonFull, h.does(wire.OpPropose, council, "r02", says("Et til")))
		closed(t, wire.ReasonInvalid, h.does(wire.OpPropose, council, "r02"))
		closed(t, wire.ReasonInvalid, h.does(wire.OpPropose, knitting, "r02", says("Et til")))
	})
}

// R-IBG-39: a free time is had by whoever is first; nobody has what somebody else
// has, what is over, what is not there, or more than a week's share.
func TestBookingIsHadOnce(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		book := func(who house.ID, wall house.Wall) wire.Result {
			return h.does(wire.OpSignUp, washing, who, h.at(wall))
		}
		require.Equal(t, wire.Accepted, book("r01", today("12:00")).Outcome)
		require.Equal(t, wire.Accepted, book("r01", today("12:00")).Outcome, "twice is once")
		require.Equal(t, house.ID("r01"), w.booked()[today("12:00")])
		closed(t, wire.ReasonFull, book("r02", today("12:00")))
		closed(t, wire.ReasonFull, book("r02", today("14:00"))) // hidden Søren has it
		closed(t, wire.ReasonFull, book("r02", today("10:00"))) // Åse has it, now
		closed(t, wire.ReasonClosed, book("r02", today("08:00")))
		closed(t, wire.ReasonGone, book("r02", today("09:00")))
		closed(t, wire.ReasonGone, book("r02", today("20:00")))

		require.Equal(t, wire.Accepted, book("r01", today("18:00")).Outcome)
		closed(t, wire.ReasonNotAllowed, book("r01", today("16:00"))) // two a week
		require.Equal(t, wire.Accepted, book("r01", today("16:00").Add(7)).Outcome)

		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, washing, "r02", h.at(today("12:00"))).Outcome, "it is not theirs")
		require.Contains(t, w.booked(), today("12:00"))
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, washing, "r01", h.at(today("12:00"))).Outcome)
		require.NotContains(t, w.booked(), today("12:00"))
		require.Equal(t, wire.Accepted, book("r02", today("12:00")).Outcome)
	})
}

// What staff book across two slots leaves neither of them.
func TestBookingsDoNotOverlap(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.change(func(ctx context.Context, e *Edit) error {
			return e.Put(ctx, &house.Booking{ID: "k99", Resource: "b1", Person: "s02", From: today("17:30"), To: today("18:30")})
		})
		require.Equal(t, house.ID("dep-maane"), get[house.Booking](w, "k99").Department, "its resource's")
		h := w.hand("scr-1")
		closed(t, wire.ReasonFull, h.does(wire.OpSignUp, washing, "r02", h.at(today("16:00"))))
		closed(t, wire.ReasonFull, h.does(wire.OpSignUp, washing, "r02", h.at(today("18:00"))))
		require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, washing, "r02", h.at(today("12:00"))).Outcome)
	})
}

// A touch is judged by when it was made: before the meeting began, though the hub
// hears of it later; once the meeting is over, by nothing.
func TestMeetingIsJoinedUntilItStarts(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		time.Sleep(23*time.Hour + 50*time.Minute) // tomorrow, 10:14
		closed(t, wire.ReasonClosed, h.does(wire.OpSignUp, council, "r02"))
		require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, council, "r02", old(time.Hour)).Outcome)
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, council, "r02").Outcome, "until it ends")
		require.Equal(t, wire.Accepted, h.does(wire.OpPropose, council, "r02", says("Vi bager en kage")).Outcome, "while they talk")
		time.Sleep(time.Hour)
		closed(t, wire.ReasonClosed, h.does(wire.OpCancel, council, "r01"))
		closed(t, wire.ReasonClosed, h.does(wire.OpPropose, council, "r01", says("Vi ser en film"), old(time.Hour)))
		closed(t, wire.ReasonClosed, h.does(wire.OpSignUp, council, "r01", h.about("p5")))
	})
}

// R-IBG-39: a screen writes for the people it shows, and for nobody else, whatever
// they join.
func TestTogetherIsForThePeopleOfTheScreen(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		for _, who := range []house.ID{"r11", "r12", "s02", "r99"} { // hidden, not asked, staff, nobody
			closed(t, wire.ReasonNotAllowed, h.does(wire.OpSignUp, council, who))
			closed(t, wire.ReasonNotAllowed, h.does(wire.OpSignUp, knitting, who))
			closed(t, wire.ReasonNotAllowed, h.does(wire.OpSignUp, washing, who, h.at(today("12:00"))))
			closed(t, wire.ReasonNotAllowed, h.does(wire.OpPropose, council, who, says("Vi bager en kage")))
		}
		bus := func(m *wire.Mutation) {
			r := record.ResourceID(h.s.board().RowKey(record.KindResource, "b2").ID)
			m.On = onRow(record.SlotKey(r, today("12:00").In(copenhagen)))
		}
		closed(t, wire.ReasonNotAllowed, h.does(wire.OpSignUp, washing, "r01", bus)) // staff drive it
	})
}

// V-19: whoever hides after proposing something is not named by it any more, on
// any screen; the words stay.
func TestProposalOfSomebodyWhoHidesStays(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-2")
		id := record.ProposalID(s.board().ProposalKey("mt2", "p3").ID)
		require.NotEmpty(t, s.facts().Proposals[id].By)
		w.alter("r10", func(r *house.Resident) { r.Choices.Hidden = true })
		synctest.Wait()
		require.Empty(t, s.facts().Proposals[id].By)
		require.NotEmpty(t, s.facts().Proposals[id].Text)
	})
}

// A result that was confirmed and lost is answered by how things stand.
func TestWhatStandsIsSaidAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		h.does(wire.OpSignUp, council, "r02")
		h.does(wire.OpPropose, council, "r02", says("Vi bager en kage"))
		h.does(wire.OpSignUp, washing, "r02", h.at(today("12:00")))
		h.does(wire.OpCancel, knitting, "r01")
		by := store.Actor{Org: "sys-demo", Kind: store.ByScreen, ID: "scr-1", At: w.hub.now()}
		require.NoError(t, w.hub.store.Update(t.Context(), by, func(tx store.Tx) error {
			return tx.Release(t.Context(), store.Inst{Device: "scr-1", Inst: h.inst}, 4)
		}))
		h.next = 1
		require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, council, "r02").Outcome)
		require.Equal(t, wire.Accepted, h.does(wire.OpPropose, council, "r02", says("Vi bager en kage")).Outcome)
		require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, washing, "r02", h.at(today("12:00"))).Outcome)
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, knitting, "r01").Outcome)
		h.next = 1
		closed(t, wire.ReasonInvalid, h.does(wire.OpSignUp, council, "r04")) // it is not so
	})
}

// Goal 2: so counts what was touched of meetings, proposals, bookings and groups
// before staff switched the modules off, once however often it comes.
func TestTogetherWaitsWhileModulesAreSwitched(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		h := &hand{w: w, s: s}
		p := get[house.Meeting](w, "mt2").Proposals[0]
		require.True(t, p.Open())
		s.leave()
		touches := []wire.Mutation{
			s.touch(1, wire.OpSignUp, council, "r02"), s.touch(2, wire.OpSignUp, knitting, "r02"), s.touch(3, wire.OpSignUp, washing, "r02"),
			s.touch(4, wire.OpPropose, council, "r02"), s.touch(5, wire.OpSignUp, council, "r02"),
		}
		h.at(today("18:00"))(&touches[2])
		says("Vi bager en kage")(&touches[3])
		h.about(p.ID)(&touches[4])
		proposals := len(get[house.Meeting](w, "mt2").Proposals)
		likes := slices.DeleteFunc(slices.Clone(p.Likes), func(id house.ID) bool { return id == "r02" })
		w.moves("dep-maane", "roster")
		for range 2 {
			s.connect()
			s.send(wire.Mut{Muts: touches})
			for _, m := range touches {
				require.Equal(t, wire.Accepted, s.result(m.Seq).Outcome, m.Seq)
			}
			s.leave()
		}
		m := get[house.Meeting](w, "mt2")
		require.Contains(t, m.SignUps, house.ID("r02"))
		require.Len(t, m.Proposals, proposals+1)
		require.ElementsMatch(t, append(likes, "r02"), m.Proposals[0].Likes)
		require.Contains(t, get[house.Group](w, "g1").Members, house.ID("r02"))
		require.Equal(t, house.ID("r02"), w.booked()[today("18:00")])
	})
}
