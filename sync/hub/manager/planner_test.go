package manager

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// thisWeek is the demo house's, at its planner.
const thisWeek = "/activities?department=dep-maane&week=2026-11-30"

var wasOf = regexp.MustCompile(`data-id="([^"]*)" data-was="([^"]*)"`)

// was returns which an activity is on a page of the planner.
func was(t testing.TB, page string, id house.ID) string {
	t.Helper()
	for _, m := range wasOf.FindAllStringSubmatch(page, -1) {
		if m[1] == string(id) {
			return m[2]
		}
	}
	t.Fatalf("no card of %s", id)
	return ""
}

// activities returns the department's activities from one day until another.
func (w *world) activities(dept house.ID, from, until house.Day) (out []house.Activity) {
	w.t.Helper()
	w.view(func(v viewer) (err error) {
		out, err = store.On[house.Activity](w.t.Context(), v, dept, from, until)
		return err
	})
	return out
}

// The week has seven days, and leads to those around it, to today, and to each activity.
func TestThePlannerShowsAWeek(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get("/activities").body
	require.Contains(t, page, "Uge 49 · 30. november – 6. december")
	require.Equal(t, 7, strings.Count(page, `class="plan-column"`))
	require.Contains(t, page, "Banko")
	require.Contains(t, page, `href="/activities?department=dep-maane&amp;week=2026-11-23"`)
	require.Contains(t, page, `href="/activities?department=dep-maane&amp;week=2026-12-07"`)
	require.NotContains(t, page, "Denne uge", "it is this one")
	next := b.get("/activities?department=dep-maane&week=2026-12-09").body
	require.Contains(t, next, "Uge 50 · 7.–13. december")
	require.Contains(t, next, "Denne uge")
	require.NotContains(t, next, "Banko")
	require.Contains(t, next, "Ingen aktiviteter")
	require.Equal(t, http.StatusOK, b.get("/activities?week=nonsense").status)
	require.Contains(t, b.get(thisWeek+"&open=a06").body, `action="/activities/a06/edit"`)
	require.Equal(t, http.StatusNotFound, b.get(thisWeek+"&open=nothing").status)
}

// R-IBG-12: nobody plans for a department that is not theirs.
func TestThePlannerIsTheDepartments(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-trold")
	require.Equal(t, http.StatusForbidden, b.get(thisWeek).status)
	require.NotContains(t, b.get("/activities").body, "Banko")
	mine := w.as(account.Superuser)
	at := was(t, mine.get(thisWeek).body, "a06")
	require.Equal(t, http.StatusForbidden, b.post("/activities/a06/move", "was", at, "starts", "2026-12-03T09:00", "ends", "2026-12-03T10:00").status)
	require.Equal(t, http.StatusForbidden, b.post("/activities/a06/edit", "was", at).status)
	require.Equal(t, http.StatusForbidden, b.post("/activities/new", "department", "dep-maane", "title.da", "Tur").status)
	require.Equal(t, http.StatusNotFound, b.post("/activities/new", "like", "a06", "day", "2026-12-03", "from", "10:00", "to", "11:00").status)
	require.Equal(t, house.Wall("2026-12-03T14:00"), stored[house.Activity](w, "a06").Starts)
}

// A place that is empty leads to a form with that time in it; a title is enough, and it
// gets the pictogram it had before.
func TestATitleIsEnough(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get(thisWeek + "&new=2026-12-04T10:00").body
	got := b.post("/activities/new", with(filled(t, page), "title.da", "")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Udfyld feltet.")
	got = b.post("/activities/new", with(filled(t, page), "title.da", "Banko")...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	require.Contains(t, got.to, "#a-")
	id := house.ID(got.to[strings.Index(got.to, "#a-")+3:])
	a := stored[house.Activity](w, id)
	require.Equal(t, house.Wall("2026-12-04T10:00"), a.Starts)
	require.Equal(t, house.Wall("2026-12-04T11:00"), a.Ends)
	require.Equal(t, stored[house.Activity](w, "a06").Pictogram, a.Pictogram)
	require.NotEmpty(t, a.Pictogram)

	t.Log("or like one before, with one click: as long, as many places, nobody on its list")
	page = b.get(thisWeek + "&new=2026-12-05T15:00").body
	require.Contains(t, page, `name="like" value="a04"`)
	got = b.post("/activities/new", append(filled(t, page), "like", "a04")...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	a = stored[house.Activity](w, house.ID(got.to[strings.Index(got.to, "#a-")+3:]))
	before := stored[house.Activity](w, "a04")
	require.Equal(t, before.Title, a.Title)
	require.Equal(t, before.Capacity, a.Capacity)
	require.Equal(t, house.Wall("2026-12-05T15:00"), a.Starts)
	require.Equal(t, house.Wall("2026-12-05T17:30"), a.Ends, "two and a half hours")
}

// What is typed and does not fit is said beside it, and is still there.
func TestThePanelKeepsWhatWasTyped(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	form := filled(t, b.get(thisWeek+"&new=2026-12-04T10:00").body)
	got := b.post("/activities/new", with(form, "title.da", "Kaffe", "to", "", "capacity", "-1")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, `value="Kaffe"`)
	require.Contains(t, got.body, "Skriv en dag, og hvornår den begynder og slutter.")
	require.Contains(t, got.body, "Skriv et tal fra 0 til 10000.")
	require.Contains(t, got.body, `name="from" value="10:00"`)
	require.Equal(t, http.StatusUnprocessableEntity, b.post("/activities/new", with(form, "title.da", "Kaffe", "weeks", "53")...).status)

	t.Log("one that ends after midnight ends on the next day, and the form says it as it is")
	got = b.post("/activities/new", with(form, "title.da", "Nytår", "from", "22:00", "to", "01:00")...)
	require.Equal(t, http.StatusSeeOther, got.status)
	id := house.ID(got.to[strings.Index(got.to, "#a-")+3:])
	require.Equal(t, house.Wall("2026-12-05T01:00"), stored[house.Activity](w, id).Ends)
	page := b.get(thisWeek + "&open=" + string(id)).body
	require.Equal(t, http.StatusSeeOther, b.post("/activities/"+string(id)+"/edit", filled(t, page)...).status)
	require.Equal(t, house.Wall("2026-12-05T01:00"), stored[house.Activity](w, id).Ends)
}

// A card's form, sent back as it is, changes nothing, whatever it does not ask for.
func TestThePanelLosesNothing(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	for _, id := range []house.ID{"a01", "a04", "a06", "a09"} {
		before := string(house.Encode(w.of(house.KindActivity, id)))
		page := b.get(thisWeek + "&open=" + string(id)).body
		require.Equal(t, http.StatusSeeOther, b.post("/activities/"+string(id)+"/edit", filled(t, page)...).status)
		require.Equal(t, before, string(house.Encode(w.of(house.KindActivity, id))), id)
	}
}

// Repeated, an activity is at the same time of each week by the clock on the wall, though
// one of them is an hour shorter; done twice, nothing is there twice.
func TestRepeatingKeepsTheClockOnTheWall(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get("/activities?department=dep-maane&week=2027-03-22&new=2027-03-22T10:00").body
	form := append(with(filled(t, page), "title.da", "Morgenkaffe", "weeks", "2"), "also", "2027-03-24", "also", "2027-03-28", "also", "2027-05-01")
	require.Equal(t, http.StatusSeeOther, b.post("/activities/new", form...).status)
	starts := func() (out []string) {
		for _, a := range w.activities("dep-maane", "2027-03-22", "2027-04-30") {
			out = append(out, string(a.Starts))
		}
		return out
	}
	require.ElementsMatch(t, []string{
		"2027-03-22T10:00", "2027-03-24T10:00", "2027-03-28T10:00", // clocks go forward on the 28th
		"2027-03-29T10:00", "2027-03-31T10:00", "2027-04-04T10:00",
		"2027-04-05T10:00", "2027-04-07T10:00", "2027-04-11T10:00",
	}, starts())
	zone, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	require.Equal(t, 7*24*time.Hour-time.Hour, house.Wall("2027-03-29T10:00").In(zone).Sub(house.Wall("2027-03-22T10:00").In(zone)))

	all := w.activities("dep-maane", "2027-03-22", "2027-03-22")
	page = b.get("/activities?department=dep-maane&week=2027-03-22&open=" + string(all[0].ID)).body
	form = append(with(filled(t, page), "weeks", "2"), "also", "2027-03-24", "also", "2027-03-28")
	require.Equal(t, http.StatusSeeOther, b.post("/activities/"+string(all[0].ID)+"/edit", form...).status)
	require.Len(t, starts(), 9)

	t.Log("no clock says half past two on the day they go forward")
	page = b.get("/activities?department=dep-maane&week=2027-03-22&new=2027-03-28T02:30").body
	got := b.post("/activities/new", with(filled(t, page), "title.da", "Nattevagt")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Den time springes over den dag")
	got = b.post("/activities/"+string(all[0].ID)+"/move", "department", "dep-maane", "was", stamp(w.of(house.KindActivity, all[0].ID)), "starts", "2027-03-28T02:30", "ends", "2027-03-28T03:30")
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Equal(t, house.Wall("2027-03-22T10:00"), stored[house.Activity](w, all[0].ID).Starts)
}

// Moved, an activity keeps how long before it one signs up, and who has.
func TestMoving(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	before := stored[house.Activity](w, "a04")
	require.NotEmpty(t, before.Deadline)
	at := was(t, b.get(thisWeek).body, "a04")
	got := b.post("/activities/a04/move", "department", "dep-maane", "was", at, "starts", "2026-12-03T11:00", "ends", "2026-12-03T13:30")
	require.Equal(t, http.StatusSeeOther, got.status)
	to, err := url.Parse(got.to)
	require.NoError(t, err)
	require.Equal(t, "a-a04", to.Fragment)
	a := stored[house.Activity](w, "a04")
	require.Equal(t, house.Wall("2026-12-03T11:00"), a.Starts)
	require.Equal(t, house.Wall("2026-12-03T13:30"), a.Ends)
	require.Equal(t, later(before.Deadline, 25*60), a.Deadline)
	for _, wrong := range []string{"", "2026-12-03T09:00", "tomorrow"} {
		got = b.post("/activities/a04/move", "department", "dep-maane", "was", stamp(&a), "starts", "2026-12-03T11:00", "ends", wrong)
		require.Equal(t, http.StatusUnprocessableEntity, got.status)
		require.Contains(t, got.body, "skal slutte, efter den begynder")
	}
}

// Two planners at the same week: what each moves stays, and of one that both move the
// later is told, and sees the week as it is.
func TestTwoPlanners(t *testing.T) {
	w := furnished(t)
	one, two := w.as(account.Employee, "dep-maane"), w.as(account.Superuser)
	first, second := one.get(thisWeek).body, two.get(thisWeek).body
	move := func(b *browser, page string, id house.ID, starts, ends string) answer {
		return b.post("/activities/"+string(id)+"/move", "department", "dep-maane", "week", "2026-11-30", "was", was(t, page, id), "starts", starts, "ends", ends)
	}
	require.Equal(t, http.StatusSeeOther, move(one, first, "a06", "2026-12-03T15:00", "2026-12-03T16:30").status)
	require.Equal(t, http.StatusSeeOther, move(two, second, "a07", "2026-12-03T18:00", "2026-12-03T19:30").status)
	got := move(two, second, "a06", "2026-12-04T09:00", "2026-12-04T10:30")
	require.Equal(t, http.StatusConflict, got.status)
	require.Contains(t, got.body, "En anden har ændret aktiviteten imens.")
	require.Contains(t, got.body, `data-starts="2026-12-03T15:00"`)
	require.Equal(t, house.Wall("2026-12-03T15:00"), stored[house.Activity](w, "a06").Starts)
	require.Equal(t, house.Wall("2026-12-03T18:00"), stored[house.Activity](w, "a07").Starts)

	t.Log("and so it is with the form: what was typed is still there")
	form := filled(t, one.get(thisWeek+"&open=a06").body)
	require.Equal(t, http.StatusSeeOther, two.post("/activities/a06/edit", with(form, "title.da", "Stort banko")...).status)
	got = one.post("/activities/a06/edit", with(form, "title.da", "Lille banko")...)
	require.Equal(t, http.StatusConflict, got.status)
	require.Contains(t, got.body, `value="Lille banko"`)
	require.Equal(t, "Stort banko", stored[house.Activity](w, "a06").Title["da"])
}

// Cards at the same time stand beside each other, and no two lie on one another.
func TestLanes(t *testing.T) {
	require.Equal(t, []lane{{0, 1}, {0, 2}, {1, 2}, {0, 2}, {0, 1}}, lanes([]rows{{0, 4}, {4, 8}, {6, 12}, {8, 10}, {12, 14}}))
	require.Equal(t, []lane{{0, 3}, {1, 3}, {2, 3}}, lanes([]rows{{0, 9}, {1, 9}, {2, 9}}))
	require.Empty(t, lanes(nil))
}
