package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
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

// The question of the demo house is asked from 8 to 21, and it is 10:24.
var food = list(house.KindPoll, "poll-1")

// face makes a mutation an answer, which nobody gave.
func face(picto string) func(*wire.Mutation) {
	return func(m *wire.Mutation) { m.Who, m.Picto = "", picto }
}

// tally returns how often each answer was given.
func (w *world) tally() (n house.Tally) {
	w.view(func(v store.View) (err error) {
		n, err = v.Tally(w.t.Context(), "poll-1")
		return err
	})
	return n
}

// asked returns what the screen would show of the question.
func (s *screen) asked() record.Poll {
	return s.facts().Polls[record.PollID(s.board().RowKey(record.KindPoll, "poll-1").ID)]
}

// counts returns the numbers of a question, in the order of its answers.
func counts(p record.Poll) (out []int) {
	for _, o := range p.Options {
		out = append(out, o.N)
	}
	return out
}

// R-ACT-13: an answer is counted, once, and can be taken back; no number leaves
// the hub before five have answered, and then again for five more.
func TestAnswersAreCounted(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h, s := w.hand("scr-1"), w.live("scr-2")
		answer := func(op, picto string) {
			t.Helper()
			require.Equal(t, wire.Accepted, h.does(op, food, "", face(picto)).Outcome)
		}
		at := s.asked()
		require.Equal(t, "Hvordan var maden i dag?", at.Question["da"])
		for _, p := range []string{"face-good", "face-good", "face-bad", "face-good"} {
			answer(wire.OpAnswer, p)
			require.Equal(t, at, s.asked(), "with fewer than five nothing is sent")
		}
		answer(wire.OpUnanswer, "face-bad")
		answer(wire.OpAnswer, "face-fair")
		require.Zero(t, s.asked().Counted)
		answer(wire.OpAnswer, "face-good")
		require.Equal(t, []int{4, 1, 0}, counts(s.asked()))
		require.Equal(t, 5, s.asked().Counted)
		for range 4 {
			answer(wire.OpAnswer, "face-bad")
		}
		answer(wire.OpUnanswer, "face-good")
		answer(wire.OpAnswer, "face-bad")
		require.Equal(t, []int{4, 1, 0}, counts(s.asked()), "nine now: one number more would be somebody's answer")
		answer(wire.OpAnswer, "face-fair")
		require.Equal(t, []int{3, 2, 5}, counts(s.asked()))
		require.Equal(t, map[string]int{"face-good": 3, "face-fair": 2, "face-bad": 5}, w.tally().All)
	})
}

// The same touch sent twice is one answer, before and after the hub is started
// again; and what was counted is there after that.
func TestAnswerSentTwiceIsOne(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		h.does(wire.OpAnswer, food, "", face("face-good"))
		h.next = 1
		require.Equal(t, wire.Accepted, h.does(wire.OpAnswer, food, "", face("face-good")).Outcome)
		w.restart()
		h.next = 1
		require.Equal(t, wire.Accepted, h.does(wire.OpAnswer, food, "", face("face-good")).Outcome)
		require.Equal(t, map[string]int{"face-good": 1}, w.tally().All)
		h.does(wire.OpAnswer, food, "", face("face-good"))
		require.Equal(t, map[string]int{"face-good": 2}, w.tally().All)

		d, err := w.hub.device(t.Context(), "scr-1")
		require.NoError(t, err)
		require.NoError(t, w.hub.store.Update(t.Context(), store.Actor{Org: "sys-demo", Kind: store.ByHub, At: w.hub.now()}, func(tx store.Tx) error {
			return tx.Release(t.Context(), store.Inst{Device: d.ID, Inst: h.inst}, 2)
		}))
		h.next = 1
		require.Equal(t, wire.Accepted, h.does(wire.OpAnswer, food, "", face("face-good")).Outcome, "its result was confirmed and forgotten")
		require.Equal(t, map[string]int{"face-good": 2}, w.tally().All)
	})
}

// An answer counts by when it was touched, however late the hub hears of it; undo
// reaches across the end.
func TestPollIsOpenByTheTouch(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		closed(t, wire.ReasonClosed, h.does(wire.OpAnswer, food, "", face("face-good"), old(3*time.Hour)))
		time.Sleep(11 * time.Hour) // 21:24
		require.Equal(t, wire.Accepted, h.does(wire.OpAnswer, food, "", face("face-good"), old(25*time.Minute)).Outcome)
		closed(t, wire.ReasonClosed, h.does(wire.OpAnswer, food, "", face("face-good")))
		require.Equal(t, wire.Accepted, h.does(wire.OpUnanswer, food, "", face("face-good"), old(24*time.Minute-20*time.Second)).Outcome)
		closed(t, wire.ReasonClosed, h.does(wire.OpUnanswer, food, "", face("face-good")))
		require.Empty(t, w.tally().All)
		time.Sleep(5 * 24 * time.Hour)
		require.Equal(t, wire.Accepted, h.does(wire.OpAnswer, food, "", face("face-good"), old(5*24*time.Hour+25*time.Minute)).Outcome, "offline for five days")
		time.Sleep(5 * 24 * time.Hour)
		closed(t, wire.ReasonGone, h.does(wire.OpAnswer, food, "", face("face-good"), old(10*24*time.Hour+25*time.Minute)))
	})
}

// R-IBG-39: there is no answer that the question does not have, to nothing, or by
// another department's screen.
func TestAnswerIsOneOfThose(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := w.hand("scr-1")
		closed(t, wire.ReasonGone, h.does(wire.OpAnswer, food, "", face("face-angry")))
		closed(t, wire.ReasonInvalid, h.does(wire.OpAnswer, film, "", face("face-good")))
		closed(t, wire.ReasonGone, h.does(wire.OpAnswer, list(house.KindPoll, "poll-9"), "", face("face-good")))
		closed(t, wire.ReasonGone, w.hand("scr-3").does(wire.OpAnswer, food, "", face("face-good")))
		require.Empty(t, w.tally().All)
		require.NotContains(t, w.log.String(), "mutation refused", "its number and moment would lead to who answered")
	})
}

// R-ACT-13: of who answered nothing is kept anywhere. Whatever is in the database
// afterwards is the same whoever of two touched which of two answers, wherever and
// in whatever order, but for how many there are; the audit says once a day that
// answers came, by no screen, and the log says nothing.
func TestAnswersLeadBackToNobody(t *testing.T) {
	dump := func(t *testing.T, seed uint64) (tables map[string][]string, audit []string) {
		inWorld(t, func(t *testing.T, w *world) {
			r := rand.New(rand.NewPCG(seed, 0))
			hands := []*hand{w.hand("scr-1"), w.hand("scr-2")}
			faces := []string{"face-good", "face-good", "face-bad", "face-bad"}
			r.Shuffle(len(faces), func(i, j int) { faces[i], faces[j] = faces[j], faces[i] })
			before := len(w.log.String())
			for i := range faces {
				time.Sleep(time.Minute)
				hands[i%2].does(wire.OpAnswer, food, "", face(faces[i]))
			}
			require.NotContains(t, w.log.String()[before:], "poll")
			m := sink{}
			require.NoError(t, w.hub.store.(timedStore).Store.(store.Dumper).Dump(t.Context(), &m))
			tables = m.rows
			time.Sleep(24 * time.Hour)
			w.view(func(v store.View) error {
				return v.Lines(t.Context(), "", func(l store.Line) error {
					if l.Kind == string(house.KindPoll) && l.Action != "create" {
						audit = append(audit, fmt.Sprint(l.By, " ", l.Actor, " ", l.Action, " ", l.ID, l.Person))
					}
					return nil
				})
			})
		})
		return tables, audit
	}
	one, audit := dump(t, 1)
	require.Equal(t, []string{"hub polls answers poll-1"}, audit)
	two, _ := dump(t, 2)
	for _, table := range []string{"tally", "result", "inst", "entity"} {
		require.NotEmpty(t, one[table])
		require.Equal(t, epochs.ReplaceAllString(fmt.Sprint(one[table]), ""), epochs.ReplaceAllString(fmt.Sprint(two[table]), ""), table)
	}
	for table, rows := range one {
		if table != "tally" && table != "entity" && table != "board_row" {
			require.NotContains(t, strings.Join(rows, "\n"), "face-", table)
		}
	}
}

// R-ACT-13: a hub that is started again, and again, says no sooner that answers came:
// a line of the audit right after each would have the moment of one.
func TestStartsSayNothingOfAnswers(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		said := func() (days []string) {
			w.view(func(v store.View) error {
				return v.Lines(t.Context(), "", func(l store.Line) error {
					if l.Action == "answers" {
						days = append(days, l.At.UTC().Format(time.DateOnly))
					}
					return nil
				})
			})
			return days
		}
		h := w.hand("scr-1")
		for range 3 {
			h.does(wire.OpAnswer, food, "", face("face-good"))
			w.restart()
			synctest.Wait()
			require.Empty(t, said())
			time.Sleep(time.Minute)
		}
		tomorrow := house.DayOf(w.hub.now().UTC().Add(24 * time.Hour))
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		require.Equal(t, []string{string(tomorrow)}, said())
	})
}

// epochs finds how boards are numbered, which chance decides.
var epochs = regexp.MustCompile(`"[0-9a-f]{16}"`)

// A sink keeps what is dumped, as text.
type sink struct {
	table string
	rows  map[string][]string
}

func (s *sink) Schema(int64) error        { s.rows = map[string][]string{}; return nil }
func (s *sink) Table(t store.Table) error { s.table = t.Name; return nil }
func (s *sink) Row(values []any) error {
	s.rows[s.table] = append(s.rows[s.table], fmt.Sprintf("%q", values))
	return nil
}

// R-ACT-13: thirty days after a question was asked, how often it was answered is
// deleted by routine, and that is in the audit; the question stays. A hub that was
// off by then does it when it starts.
func TestAnswersAreDeletedByRoutine(t *testing.T) {
	for _, off := range []bool{false, true} {
		inWorld(t, func(t *testing.T, w *world) {
			h := w.hand("scr-1")
			for range 5 {
				h.does(wire.OpAnswer, food, "", face("face-good"))
			}
			time.Sleep(29 * 24 * time.Hour)
			require.False(t, w.tally().Zero())
			if off {
				w.stop()
			}
			time.Sleep(4 * 24 * time.Hour)
			if off {
				w.start()
			}
			synctest.Wait()
			require.True(t, w.tally().Zero())
			require.Equal(t, house.ID("poll-1"), get[house.Poll](w, "poll-1").ID)
			w.view(func(v store.View) error {
				audit, err := v.Audit(t.Context())
				last := audit[len(audit)-1]
				require.Equal(t, []string{"hub", "polls", "forget answers", "poll", "poll-1"}, []string{string(last.By), last.Actor, last.Action, last.Kind, last.ID})
				return err
			})
			require.Less(t, answersKept+35*24*time.Hour, 90*24*time.Hour, "with backups")
		})
	}
}

// Staff change the words of a question while it is asked, and nothing of what was
// answered is lost; with an answer taken away, its number is gone, and with too few
// left there is none.
func TestQuestionIsChangedWhileItIsAsked(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h, s := w.hand("scr-1"), w.live("scr-2")
		for _, p := range []string{"face-good", "face-good", "face-bad", "face-good", "face-fair"} {
			h.does(wire.OpAnswer, food, "", face(p))
		}
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "poll-1", func(p *house.Poll) { p.Question = record.Text{"da": "Hvordan smagte det?"} })
		})
		require.Equal(t, []int{3, 1, 1}, counts(s.asked()))
		w.change(func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "poll-1", func(p *house.Poll) { p.Options = p.Options[:2] })
		})
		require.Equal(t, []int{0, 0}, counts(s.asked()), "four are left")
		require.Zero(t, s.asked().Counted)
	})
}

// A house that is exported has its questions, and no answers: a file that lies
// about would have numbers below five.
func TestExportHasNoAnswers(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.hand("scr-1").does(wire.OpAnswer, food, "", face("face-good"))
		var poll house.Poll
		w.view(func(v store.View) (err error) {
			poll, err = store.Get[house.Poll](t.Context(), v, "poll-1")
			return err
		})
		require.Equal(t, demoHouse(t).Polls[0], poll)
		raw, err := json.Marshal(house.Encode(&poll))
		require.NoError(t, err)
		require.NotContains(t, string(raw), "told")
		require.NoError(t, w.hub.Import(t.Context(), byImport, demoHouse(t), Import{Replace: true, Picture: drawn}))
		require.True(t, w.tally().Zero(), "and one that is taken in begins with none")
	})
}
