package hub

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// bigHouse is a department of 60 people, 60 activities, 28 meals and 84 shifts
// around 2000-01-01.
func bigHouse(t testing.TB) *house.House {
	h := demoHouse(t)
	r, a, m, v := h.Residents[0], h.Activities[7], h.Meals[9], h.Roster.Shifts[0]
	h.Residents, h.Activities, h.Meals, h.Roster.Shifts, h.Requests = nil, nil, nil, nil, nil
	h.Albums, h.Bookings, h.Groups, h.Meetings, h.Documents, h.Relatives, h.Former = nil, nil, nil, nil, nil, nil, nil
	for i := range 60 {
		r.ID = house.ID(fmt.Sprint("r", i))
		r.FirstName = record.NameOf(fmt.Sprint("Navn", i))
		h.Residents = append(h.Residents, r)
	}
	at := func(day house.Day, clock string) house.Wall { return house.Wall(string(day) + "T" + clock) }
	for i := range 84 {
		day := house.Day("1999-12-31").Add(i % 15)
		if i < 60 {
			a.ID, a.Starts, a.Ends, a.Deadline, a.Capacity, a.SignUps = house.ID(fmt.Sprint("a", i)), at(day, "19:00"), at(day, "21:00"), "", 12, nil
			for p := range 8 {
				a.SignUps = append(a.SignUps, house.SignUp{Person: h.Residents[(i+p)%60].ID, Via: "wall"})
			}
			h.Activities = append(h.Activities, a)
		}
		if i < 28 {
			m.ID, m.Served, m.Deadline, m.Cook, m.SignUps, m.OptOuts = house.ID(fmt.Sprint("m", i)), at(day, "18:00"), "", "", nil, nil
			for p := range 30 {
				m.SignUps = append(m.SignUps, house.SignUp{Person: h.Residents[(i+p)%60].ID, Via: "auto"})
			}
			h.Meals = append(h.Meals, m)
		}
		v.ID, v.From, v.To = house.ID(fmt.Sprint("v", i)), at(day, "07:00"), at(day, "15:00")
		h.Roster.Shifts = append(h.Roster.Shifts, v)
	}
	for i := range h.News {
		h.News[i].Author = ""
	}
	return h
}

// BenchmarkSignUp is one touch: decided, stored and projected, durably.
func BenchmarkSignUp(b *testing.B) {
	h, _ := plain(b, bigHouse(b))
	ctx := context.Background()
	d, err := h.device(ctx, "scr-1")
	require.NoError(b, err)
	var on store.Board
	require.NoError(b, h.store.View(ctx, h.itself(), func(v store.View) (err error) { on, err = v.Board(ctx, d.Board); return err }))
	pb := projectBoard(on)
	b.ReportAllocs()
	seq := uint64(0)
	for b.Loop() {
		op := wire.OpSignUp
		if seq%2 == 1 {
			op = wire.OpCancel
		}
		k := pb.Key(house.List{Kind: house.KindActivity, ID: "a17"})
		seq++
		r, gap, err := h.receive(ctx, d, "bench", []wire.Mutation{{
			Seq: seq, Op: op, On: wire.RowKey{Kind: k.Kind, ID: k.ID}, Who: record.PersonID(pb.PersonKey("r50").ID), AgeMS: new(int64),
		}})
		if err != nil || gap || r[0].Outcome != wire.Accepted {
			b.Fatal(r, gap, err)
		}
	}
}

// BenchmarkChange is one staff change that makes the whole board again.
func BenchmarkChange(b *testing.B) {
	h, _ := plain(b, bigHouse(b))
	ctx := context.Background()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n++
		err := h.Change(ctx, byStaff, func(ctx context.Context, e *Edit) error {
			return Alter(ctx, e, "r50", func(r *house.Resident) { r.Choices.Photo = n%2 == 0; r.Choices.Hidden = n%2 == 0 })
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSnapshot reads a whole board and makes its frames.
func BenchmarkSnapshot(b *testing.B) {
	h, _ := plain(b, bigHouse(b))
	ctx := context.Background()
	d, err := h.device(ctx, "scr-1")
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		f, err := makeFrames(ctx, h.store, h.itself(), d.Board, record.Position{}, true)
		if err != nil || len(f.messages) == 0 {
			b.Fatal(err)
		}
	}
}

// BenchmarkDelta makes the frame for one changed row.
func BenchmarkDelta(b *testing.B) {
	h, _ := plain(b, bigHouse(b))
	ctx := context.Background()
	d, err := h.device(ctx, "scr-1")
	require.NoError(b, err)
	var at record.Position
	require.NoError(b, h.store.View(ctx, h.itself(), func(v store.View) error {
		head, err := v.Head(ctx, d.Board)
		at = head.Position
		return err
	}))
	require.NoError(b, h.Change(ctx, byStaff, func(ctx context.Context, e *Edit) error {
		return Alter(ctx, e, "r50", func(r *house.Resident) { r.Choices.Photo = false; r.FirstName = record.NameOf("Ny") })
	}))
	b.ReportAllocs()
	for b.Loop() {
		f, err := makeFrames(ctx, h.store, h.itself(), d.Board, at, true)
		if err != nil || len(f.messages) != 1 {
			b.Fatal(err)
		}
	}
}
