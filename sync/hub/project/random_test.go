package project

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/policy"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// seeds returns the seeds of a random test: the same every time, and one that
// is new. A failing one is named by the subtest.
func seeds(t *testing.T, n int, f func(t *testing.T, r *rand.Rand)) {
	for i := range n {
		seed := uint64(i)
		if i == n-1 {
			seed = uint64(time.Now().UnixNano())
		}
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { f(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func coin(r *rand.Rand) bool { return r.IntN(2) == 0 }

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// everything is every module.
var everything = []record.Module{"activities", "meals", "roster", "people", "news", "meetings", "bookings", "groups", "presence"}

// randomHouse returns a house of two departments in which everybody's surname,
// telephone number, e-mail address, flat and ID are unmistakable, and so is the
// name of whoever must not be named.
func randomHouse(r *rand.Rand) *house.House {
	text := func(s string) record.Text { return record.Text{"da": s} }
	h := &house.House{
		Meta:   house.Meta{Zones: map[record.Lang]string{"da": "Europe/Copenhagen"}, Languages: []record.Lang{"da"}},
		System: house.System{ID: "sys", Name: text("System"), Controller: house.Party{Name: text("Kommunen")}},
		Departments: []house.Department{
			{ID: "dep-1", Name: text("Et"), Modules: everything},
			{ID: "dep-2", Name: text("To"), Modules: everything, CountK: pick(r, 0, 2, 5)},
		},
		Screens: []house.Screen{{ID: "scr-1", Department: "dep-1"}, {ID: "scr-2", Department: "dep-2"}},
		Roster:  house.Roster{Plan: house.Plan{Types: map[string]house.ShiftType{"day": {Label: text("Dag")}}}},
		Former:  []house.Former{{ID: "former-Canary0", Department: "dep-1", Lifecycle: house.Anonymised}},
	}
	accept := func() house.Acceptance {
		return house.Acceptance{State: pick(r, house.Accepted, house.Accepted, house.Accepted, house.NotAsked, house.Declined), Until: pick[house.Day](r, "", "", "2026-12-02", "2026-12-20")}
	}
	mode := func() string { return pick(r, "first_name", "first_name", "alias") }
	private := func(what string, i int) house.Private { return record.NameOf(fmt.Sprintf("Canary%s%d", what, i)) }
	var people []house.ID
	for i := range 4 + r.IntN(20) {
		p := house.Resident{
			ID: house.ID(fmt.Sprintf("res-Canary%d", i)), Department: pick[house.ID](r, "dep-1", "dep-1", "dep-2"),
			Lifecycle: pick(r, "", "", "", house.Active, house.Left),
			FirstName: record.NameOf(fmt.Sprint("First", i, "x")), Alias: record.NameOf(fmt.Sprint("Alias", i, "x")),
			Spoken: record.NameOf(fmt.Sprint("SoundOfFirst", i, "x")), AliasSaid: record.NameOf(fmt.Sprint("SoundOfAlias", i, "x")),
			LastName: private("Last", i), Latin: private("Latin", i), Flat: private("Flat", i), Tag: private("Tag", i), Photo: house.Picture(fmt.Sprint("asset:Canary/p", i)),
			Acceptance: accept(),
			Choices: house.Choices{
				NameMode: mode(), Photo: coin(r), Hidden: r.IntN(4) == 0, Tagged: coin(r), External: coin(r), Relatives: coin(r), Private: coin(r), Board: coin(r),
			},
		}
		h.Residents = append(h.Residents, p)
		people = append(people, p.ID)
	}
	people = append(people, "former-Canary0")
	var staff []house.ID
	for i := range 1 + r.IntN(6) {
		s := house.Staff{
			ID: house.ID(fmt.Sprintf("sta-Canary%d", i)), Departments: []house.ID{pick[house.ID](r, "dep-1", "dep-2")},
			FirstName: record.NameOf(fmt.Sprint("Work", i, "x")), Alias: record.NameOf(fmt.Sprint("Nick", i, "x")),
			Spoken: record.NameOf(fmt.Sprint("SoundOfWork", i, "x")), AliasSaid: record.NameOf(fmt.Sprint("SoundOfNick", i, "x")),
			LastName: private("StaffLast", i), Email: private("Mail", i), Phone: private("Phone", i), Photo: house.Picture(fmt.Sprint("asset:Canary/s", i)),
			Role: text("Rolle"), Acceptance: accept(),
			Choices: house.StaffChoices{NameMode: mode(), Photo: coin(r), Hidden: r.IntN(4) == 0, Roster: coin(r), Tagged: coin(r), External: coin(r)},
		}
		h.Staff = append(h.Staff, s)
		staff = append(staff, s.ID)
	}
	day := func() house.Day { return house.Day("2026-12-03").Add(r.IntN(22) - 4) }
	at := func(d house.Day, clock string) house.Wall { return house.Wall(string(d) + "T" + clock) }
	for i := range 1 + r.IntN(12) {
		d := day()
		a := house.Activity{
			ID: house.ID(fmt.Sprintf("act-Canary%d", i)), Department: pick[house.ID](r, "dep-1", "dep-2"), Title: text("Noget"),
			Starts: at(d, "10:00"), Ends: at(d, "11:00"), Capacity: pick(r, 0, 0, 2, 5, 30), Leader: pick(r, staff...),
			SharedWith: pick(r, nil, nil, []house.ID{"dep-1"}, []house.ID{"dep-2"}),
		}
		a.SetPlaces(randomPlaces(r, people, a.Capacity))
		h.Activities = append(h.Activities, a)
		m := house.Meal{
			ID: house.ID(fmt.Sprintf("mea-Canary%d", i)), Department: pick[house.ID](r, "dep-1", "dep-2"), Kind: "dinner",
			Served: at(d, "18:00"), Title: text("Mad"), Cook: pick(r, append(staff, people...)...),
		}
		m.SetPlaces(randomPlaces(r, people, 0))
		h.Meals = append(h.Meals, m)
		h.Roster.Shifts = append(h.Roster.Shifts, house.Shift{
			ID: house.ID(fmt.Sprintf("shi-Canary%d", i)), Department: pick[house.ID](r, "dep-1", "dep-2"), Type: "day",
			Person: pick(r, staff...), From: at(d, "07:00"), To: at(d, "15:00"),
		})
	}
	anybody := func() house.ID { return pick(r, slices.Concat(people, staff, []house.ID{""})...) }
	some := func() (out []house.ID) {
		both := slices.Concat(people, staff)
		for _, i := range r.Perm(len(both))[:r.IntN(len(both)+1)] {
			out = append(out, both[i])
		}
		return out
	}
	for i := range 1 + r.IntN(4) {
		d, dept := day(), pick[house.ID](r, "dep-1", "dep-2")
		h.Meetings = append(h.Meetings, house.Meeting{
			ID: house.ID(fmt.Sprintf("mee-Canary%d", i)), Department: dept, Title: text("Møde"), Starts: at(d, "13:00"), Ends: at(d, "14:00"),
			Chair: anybody(), Secretary: anybody(), SignUps: some(),
			Agenda: []house.AgendaItem{{Number: 1, Title: text("Først"), By: anybody()}, {Number: 2, Title: text("Så"), By: anybody(), Proposal: "pro-Canary0"}},
			Proposals: []house.Proposal{
				{ID: "pro-Canary0", By: anybody(), Status: "on_agenda", Text: text("Kage"), Likes: some()},
				{ID: "pro-Canary1", By: anybody(), Status: pick(r, "", "done", "declined"), Text: text("Tur"), Likes: some()},
			},
		})
		res := house.Resource{
			ID: house.ID(fmt.Sprintf("thi-Canary%d", i)), Department: dept, Title: text("Bus"), Mode: "free", MinMinutes: 30, MaxMinutes: 120,
			Who: pick(r, "", "staff_only"), SharedWith: pick(r, nil, []house.ID{"dep-1"}, []house.ID{"dep-2"}),
		}
		h.Resources = append(h.Resources, res)
		for j := range r.IntN(4) {
			h.Bookings = append(h.Bookings, house.Booking{
				ID: house.ID(fmt.Sprintf("boo-Canary%d-%d", i, j)), Department: dept, Resource: res.ID, Person: pick(r, slices.Concat(people, staff)...),
				From: at(day(), "09:00"), To: at(day(), "10:00"),
			})
		}
		h.Groups = append(h.Groups, house.Group{
			ID: house.ID(fmt.Sprintf("gro-Canary%d", i)), Department: dept, Title: text("Kor"), Members: some(),
			SharedWith: pick(r, nil, []house.ID{"dep-1"}, []house.ID{"dep-2"}),
			Posts:      []house.Post{{ID: "pos-Canary", By: anybody(), At: at(d, "09:00"), Text: text("Canary in a post"), Likes: some()}},
		})
	}
	for _, dept := range []house.ID{"dep-1", "dep-2"} {
		p := house.Presence{ID: "pre-Canary-" + dept, Department: dept, Day: "2026-12-03"}
		for i := range h.Residents {
			id := h.Residents[i].ID
			p.Mark(id, pick(r, record.NotYet, record.Here, record.GoneHome))
			if coin(r) {
				p.DaysOff = append(p.DaysOff, house.DayOff{Person: id, Day: day()})
			}
		}
		h.Presence = append(h.Presence, p)
	}
	return h
}

func randomPlaces(r *rand.Rand, people []house.ID, limit int) []house.Place {
	var out []house.Place
	taken := 0
	for _, i := range r.Perm(len(people))[:r.IntN(len(people)+1)] {
		p := house.Place{SignUp: house.SignUp{Person: people[i], Via: "wall"}, State: house.TakesPart}
		if taken++; limit > 0 && taken > limit {
			p.State = house.Waits
		}
		out = append(out, p)
	}
	return out
}

// R-IBG-13, the policy seen from the wire: no surname, number, address or ID of the house in any row, no first
// name of whoever uses an alias, nor how it sounds, and nothing at all of whoever is hidden or did
// not accept. Every row is one a screen can read.
func TestNothingPrivateIsInAnyRow(t *testing.T) {
	seeds(t, 150, func(t *testing.T, r *rand.Rand) {
		h := randomHouse(r)
		for _, screen := range []house.ID{"scr-1", "scr-2"} {
			rows, err := Rows(FromHouse(h, pictures(h)), board(t, h, screen), thursday)
			require.NoError(t, err)
			var all strings.Builder
			for _, row := range rows {
				_, err := wire.DecodeRow(row.Row)
				require.NoError(t, err)
				all.WriteString(string(row.Kind) + row.ID)
				all.Write(row.Body)
			}
			bytes := all.String()
			require.NotContains(t, bytes, "Canary")
			for _, p := range h.Residents {
				keepsOut(t, bytes, p.Policy("2026-12-03"), p.FirstName, p.Alias, pictures(h)[p.Photo])
			}
			for _, s := range h.Staff {
				c := s.Policy("2026-12-03")
				c.Hidden = c.Hidden || !c.Roster
				keepsOut(t, bytes, c, s.FirstName, s.Alias, pictures(h)[s.Photo])
			}
		}
	})
}

func keepsOut(t *testing.T, rows string, c policy.Person, first, alias house.Name, photo record.AssetID) {
	t.Helper()
	out := c.Lifecycle != policy.Active || c.Acceptance != policy.Accepted || c.Hidden
	if out || c.Alias {
		require.NotContains(t, rows, first.Reveal())
	}
	if out || !c.Alias {
		require.NotContains(t, rows, alias.Reveal())
	}
	if out || !c.Photo {
		require.NotContains(t, rows, string(photo))
	}
}

// The demo house, its own names as canaries.
func TestNothingPrivateOfTheDemoHouseIsInAnyRow(t *testing.T) {
	h := demoHouse(t)
	for _, screen := range []house.ID{"scr-1", "scr-3"} {
		rows, err := Rows(FromHouse(h, pictures(h)), board(t, h, screen), thursday)
		require.NoError(t, err)
		for _, row := range rows {
			for _, p := range h.Residents {
				require.NotContains(t, string(row.Body), p.LastName.Reveal())
			}
			for _, s := range h.Staff {
				require.NotContains(t, string(row.Body), s.LastName.Reveal())
				require.NotContains(t, string(row.Body), s.Email.Reveal())
				require.NotContains(t, string(row.Body), s.Phone.Reveal())
			}
			for _, hidden := range []string{"Søren", "ሰላም", "Mikkel", "Олександр", "Sofie"} {
				require.NotContains(t, string(row.Body), hidden)
			}
			if row.Kind == record.KindPerson {
				require.NotContains(t, string(row.Body), `"Bo"`)
			}
		}
	}
}

// Non-interference: two houses that differ in nothing but one
// hidden person's place on one list give the same bytes when fewer than k are
// hidden and the list has no limit; with a limit nothing differs but the word
// for the places left.
func TestHiddenSignUpChangesNoByte(t *testing.T) {
	compared, worded := 0, 0
	seeds(t, 300, func(t *testing.T, r *rand.Rand) {
		h := randomHouse(r)
		var hidden []house.ID
		for _, p := range h.Residents {
			if c := p.Policy("2026-12-03"); p.Department == "dep-1" && c.Hidden && c.Acceptance == policy.Accepted && c.Lifecycle == policy.Active {
				hidden = append(hidden, p.ID)
			}
		}
		if len(hidden) == 0 || len(hidden) >= policy.DefaultK {
			return
		}
		who := pick(r, hidden...)
		i := r.IntN(len(h.Activities))
		a := &h.Activities[i]
		a.Department, a.SharedWith = "dep-1", nil
		var without []house.Place
		for _, p := range a.Places() {
			if p.Person != who {
				without = append(without, p)
			}
		}
		with := append([]house.Place(nil), without...)
		at := r.IntN(len(with) + 1)
		with = append(with[:at], append([]house.Place{{SignUp: house.SignUp{Person: who}, State: house.TakesPart}}, with[at:]...)...)

		b := board(t, h, "scr-1")
		a.SetPlaces(with)
		one, err := Rows(FromHouse(h, nil), b, thursday)
		require.NoError(t, err)
		a.SetPlaces(without)
		two, err := Rows(FromHouse(h, nil), b, thursday)
		require.NoError(t, err)
		require.Len(t, two, len(one))
		for j := range one {
			if one[j].Src == a.ID && a.Capacity > 0 {
				f, err := wire.DecodeRow(one[j].Row)
				require.NoError(t, err)
				g, err := wire.DecodeRow(two[j].Row)
				require.NoError(t, err)
				x, y := f.(record.Activity), g.(record.Activity)
				x.Left, y.Left = "", ""
				require.Equal(t, x, y)
				worded++
				continue
			}
			if !bytes.Equal(one[j].Body, two[j].Body) || one[j].Key != two[j].Key {
				t.Fatalf("%s %s differs by a hidden sign-up", one[j].Kind, one[j].Src)
			}
		}
		compared++
	})
	require.Greater(t, compared, 50)
	require.Greater(t, worded, 5)
}

// The cheap path makes the row the whole board has, and where it says that it
// covers a change, no other row differs.
func TestOneListIsMadeAsInTheWholeBoard(t *testing.T) {
	covered := 0
	seeds(t, 100, func(t *testing.T, r *rand.Rand) {
		h := randomHouse(r)
		for _, screen := range []house.ID{"scr-1", "scr-2"} {
			b := board(t, h, screen)
			a := &h.Activities[r.IntN(len(h.Activities))]
			l := house.List{Kind: house.KindActivity, ID: a.ID}
			before, err := Rows(FromHouse(h, pictures(h)), b, thursday)
			require.NoError(t, err)

			who := pick(r, h.Residents...)
			places := a.Places()
			gone := len(places)
			for i, p := range places {
				if p.Person == who.ID {
					gone = i
				}
			}
			if gone < len(places) {
				places = append(places[:gone], places[gone+1:]...)
			} else {
				places = append(places, house.Place{SignUp: house.SignUp{Person: who.ID}, State: house.TakesPart})
			}
			a.SetPlaces(places)
			after, err := Rows(FromHouse(h, pictures(h)), b, thursday)
			require.NoError(t, err)
			row, ok, err := List(FromHouse(h, pictures(h)), b, l, thursday)
			require.NoError(t, err)

			was := map[record.Key]string{}
			for _, x := range before {
				was[x.Key] = string(x.Body)
			}
			found := false
			for _, x := range after {
				if x.Key == b.Key(l) {
					found = true
					require.Equal(t, x, row)
				} else if b.Covers(who.Department) {
					require.Equal(t, was[x.Key], string(x.Body))
				}
			}
			require.Equal(t, found, ok)
			if b.Covers(who.Department) {
				require.Len(t, after, len(before))
				covered++
			}
		}
	})
	require.Greater(t, covered, 20)
}

func TestSameSourceGivesTheSameBytes(t *testing.T) {
	seeds(t, 20, func(t *testing.T, r *rand.Rand) {
		h := randomHouse(r)
		b := board(t, h, "scr-1")
		one, err := Rows(FromHouse(h, pictures(h)), b, thursday)
		require.NoError(t, err)
		two, err := Rows(FromHouse(h, pictures(h)), b, thursday.Add(time.Hour))
		require.NoError(t, err)
		require.Equal(t, one, two, "an hour later on the same day nothing has changed")
	})
}

// bigHouse is the department the budgets speak of: 60 people, 60 activities,
// 28 meals, 84 shifts.
func bigHouse() *house.House {
	r := rand.New(rand.NewPCG(7, 7))
	h := randomHouse(r)
	one := h.Residents[0]
	h.Residents, h.Activities, h.Meals, h.Roster.Shifts = nil, nil, nil, nil
	one.Department, one.Lifecycle, one.Acceptance = "dep-1", "", house.Acceptance{State: house.Accepted}
	one.Choices = house.Choices{NameMode: "first_name", Photo: true}
	var people []house.ID
	for i := range 60 {
		one.ID = house.ID(fmt.Sprint("r", i))
		h.Residents = append(h.Residents, one)
		people = append(people, one.ID)
	}
	for i := range 60 {
		d := house.Day("2026-12-02").Add(i % 15)
		a := house.Activity{
			ID: house.ID(fmt.Sprint("a", i)), Department: "dep-1", Title: record.Text{"da": "Gåtur ved søen", "nb": "Tur ved vannet"},
			Text: record.Text{"da": "Vi går en kort tur. Stien er god til kørestol.", "nb": "Vi går en kort tur."}, Pictogram: "walk",
			Starts: house.Wall(string(d) + "T10:00"), Ends: house.Wall(string(d) + "T11:00"), Capacity: 12, Leader: h.Staff[0].ID,
		}
		a.SetPlaces(randomPlaces(r, people[:16], 12))
		h.Activities = append(h.Activities, a)
		if i < 28 {
			m := house.Meal{ID: house.ID(fmt.Sprint("m", i)), Department: "dep-1", Kind: "dinner", Served: house.Wall(string(d) + "T18:00"), Title: record.Text{"da": "Fiskefrikadeller med kartofler"}, Allergens: []string{"fish", "gluten"}}
			m.SetPlaces(randomPlaces(r, people, 0))
			h.Meals = append(h.Meals, m)
		}
	}
	for i := range 84 {
		d := house.Day("2026-12-02").Add(i % 15)
		h.Roster.Shifts = append(h.Roster.Shifts, house.Shift{ID: house.ID(fmt.Sprint("v", i)), Department: "dep-1", Type: "day", Person: h.Staff[0].ID, From: house.Wall(string(d) + "T07:00"), To: house.Wall(string(d) + "T15:00")})
	}
	return h
}

func BenchmarkRows(b *testing.B) {
	h := bigHouse()
	s, on := FromHouse(h, nil), board(b, h, "scr-1")
	b.Run("60people60activities28meals84shifts", func(b *testing.B) {
		b.ReportAllocs()
		bytes := 0
		for b.Loop() {
			rows, err := Rows(s, on, thursday)
			if err != nil {
				b.Fatal(err)
			}
			bytes = 0
			for _, r := range rows {
				bytes += len(r.Body)
			}
		}
		b.ReportMetric(float64(bytes), "bytes/board")
	})
	b.Run("one list of 12", func(b *testing.B) {
		b.ReportAllocs()
		l := house.List{Kind: house.KindActivity, ID: "a7"}
		for b.Loop() {
			if _, ok, err := List(s, on, l, thursday); !ok || err != nil {
				b.Fatal(err)
			}
		}
	})
}
