package manager

import (
	"context"
	"fmt"
	"testing"

	mouse "github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// A point is a place on a page, in px.
type point struct{ X, Y float64 }

// middle returns the middle of what a selector finds, so many px lower.
func (t *tab) middle(selector string, lower float64) point {
	t.t.Helper()
	p := eval[point](t, fmt.Sprintf(`(e => { e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return {X: r.left + r.width / 2, Y: r.top + r.height / 2} })(document.querySelector(%q))`, selector))
	p.Y += lower
	return p
}

// drag takes what is at one point to another, and lets it go there.
func (t *tab) drag(from, to point) {
	t.t.Helper()
	left := func(p *mouse.DispatchMouseEventParams) {
		p.Button, p.Buttons, p.ClickCount = mouse.MouseButtonLeft, 1, 1
	}
	t.run(
		chromedp.MouseEvent(mouse.DispatchMouseEventTypeMousePressed, from.X, from.Y, left),
		chromedp.MouseEvent(mouse.DispatchMouseEventTypeMouseMoved, (from.X+to.X)/2, (from.Y+to.Y)/2, left),
		chromedp.MouseEvent(mouse.DispatchMouseEventTypeMouseMoved, to.X, to.Y, left),
	)
	t.answered(chromedp.MouseEvent(mouse.DispatchMouseEventTypeMouseReleased, to.X, to.Y, left))
}

// answered does something that sends a form, and waits for the page that answers.
func (t *tab) answered(action chromedp.Action[chromedp.Void]) {
	t.t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, slow)
	defer cancel()
	_, err := chromedp.RunResponse(ctx, action)
	t.must(err)
	t.run(chromedp.WaitReady(chromedp.CSS("main")))
}

// A counter counts what somebody has to do: each click is one, each field typed into,
// each thing dragged, each key pressed by itself.
type counter struct {
	*tab
	n int
}

// place clicks on an empty place of a day.
func (c *counter) place(day house.Day, hour int) {
	c.t.Helper()
	at := c.middle(fmt.Sprintf(`[data-day=%q] .q%d`, day, (hour-firstHour)*60/quarter), -12)
	c.n++
	c.answered(chromedp.MouseClickXY(at.X, at.Y))
}

func (c *counter) submit(selector string)    { c.t.Helper(); c.n++; c.tab.submit(selector) }
func (c *counter) typeIn(selector, s string) { c.t.Helper(); c.n++; c.tab.typeIn(selector, s) }
func (c *counter) tick(selector string) {
	c.t.Helper()
	c.n++
	c.run(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}
func (c *counter) enter() { c.t.Helper(); c.n++; c.answered(chromedp.KeyEvent(kb.Enter)) }

// mostInteractions is what a week of activities and meals may take.
const mostInteractions = 40

// R-IBG-02: from an empty house, a week of activities and meals is planned in fewer than
// 40 clicks, fields and drags: twelve activities, one of them every day, and two meals a
// day.
func TestAWeekIsPlannedInFewInteractions(t *testing.T) {
	w := bare(t)
	in := &house.House{
		Meta:        house.Meta{Schema: "tavle-house/1", Zones: map[record.Lang]string{"da": "Europe/Copenhagen"}, Languages: []record.Lang{"da"}},
		System:      house.System{ID: org, Name: record.Text{"da": "Solgården"}, Controller: house.Party{Name: record.Text{"da": "Kommunen"}}},
		Departments: []house.Department{{ID: "dep-maane", Name: record.Text{"da": "Hus 2"}, Type: "residential_home"}, {ID: "dep-nabo", Name: record.Text{"da": "Hus 3"}}, {ID: "dep-trold", Name: record.Text{"da": "Hus 4"}}},
	}
	require.NoError(t, w.hub.Import(t.Context(), store.Actor{Org: org, Kind: store.ByImport, ID: "test"}, in, hub.Import{}))
	b := w.tab()
	b.logIn(account.Employee)
	c := &counter{tab: b}

	c.submit(`nav a[href="/activities"]`)
	c.place("2026-11-30", 9)
	c.typeIn(`[name="title.da"]`, "Morgenkaffe")
	c.tick(`[data-all="also"]`)
	c.submit(`[data-panel] .primary`)
	for _, a := range []struct {
		day   house.Day
		hour  int
		title string
	}{
		{"2026-11-30", 14, "Gåtur"},
		{"2026-12-01", 13, "Strik"},
		{"2026-12-02", 10, "Svømning"},
		{"2026-12-03", 14, "Banko"},
		{"2026-12-05", 19, "Film"},
	} {
		c.place(a.day, a.hour)
		c.typeIn(`[name="title.da"]`, a.title)
		c.enter()
	}
	c.submit(`nav a[href="/meals"]`)
	for i := range daysInWeek {
		day := house.Day("2026-11-30").Add(i)
		c.typeIn(fmt.Sprintf(`[name="%s.lunch.title"]`, day), fmt.Sprintf("Smørrebrød %d", i+1))
		c.typeIn(fmt.Sprintf(`[name="%s.dinner.title"]`, day), fmt.Sprintf("Gryderet %d", i+1))
	}
	c.submit(`#meals .primary`)

	require.Len(t, w.activities("dep-maane", "2026-11-30", "2026-12-06"), 12)
	for i := range daysInWeek {
		day := house.Day("2026-11-30").Add(i)
		require.NotEmpty(t, w.activities("dep-maane", day, day), day)
		require.Len(t, w.mealsOf("dep-maane", day, day), 2, day)
	}
	require.Less(t, c.n, mostInteractions)
	require.Equal(t, 36, c.n, "as ARCHITECTURE.md says")
}

// The planner by mouse and by keys: a click on an empty place, a card dragged to another
// day and made longer, the same by arrows, and taken back.
func TestCardsAreDraggedAndMovedByKeys(t *testing.T) {
	w := furnished(t)
	b := w.tab()
	b.logIn(account.Employee)
	b.open(thisWeek)
	b.check("da 1440 planner")

	from := b.middle("#a-a06", 0)
	day := eval[float64](b, `document.querySelector('[data-day="2026-12-04"]').getBoundingClientRect().left - document.querySelector('[data-day="2026-12-03"]').getBoundingClientRect().left`)
	b.drag(from, point{from.X + day, from.Y + 48})
	require.Equal(t, house.Wall("2026-12-04T15:00"), stored[house.Activity](w, "a06").Starts)
	require.Equal(t, house.Wall("2026-12-04T16:30"), stored[house.Activity](w, "a06").Ends)
	require.Contains(t, b.says(), "Aktiviteten er flyttet.")
	require.Equal(t, "a-a06", eval[string](b, `document.activeElement.id`))

	edge := b.middle("#a-a06 .plan-grip", 0)
	b.drag(edge, point{edge.X, edge.Y + 24})
	require.Equal(t, house.Wall("2026-12-04T15:00"), stored[house.Activity](w, "a06").Starts)
	require.Equal(t, house.Wall("2026-12-04T17:00"), stored[house.Activity](w, "a06").Ends)

	require.Equal(t, "a-a06", eval[string](b, `document.activeElement.id`))
	b.press(kb.ArrowLeft, kb.ArrowLeft, kb.ArrowUp)
	b.run(chromedp.KeyEvent(kb.ArrowUp, chromedp.KeyModifiers(chromedp.ModifierShift)))
	require.Contains(t, eval[string](b, `document.getElementById("plan-said").textContent`), "onsdag 2. december")
	b.answered(chromedp.KeyEvent(kb.Enter))
	require.Equal(t, house.Wall("2026-12-02T14:45"), stored[house.Activity](w, "a06").Starts)
	require.Equal(t, house.Wall("2026-12-02T16:30"), stored[house.Activity](w, "a06").Ends)
	b.press(kb.ArrowRight, kb.Escape)
	require.Equal(t, "a-a06", eval[string](b, `document.activeElement.id`))
	b.answered(chromedp.KeyEvent(kb.Enter))
	require.Contains(t, b.path(), "open=a06", "nothing was moved, so the card opens")
	require.Equal(t, house.Wall("2026-12-02T14:45"), stored[house.Activity](w, "a06").Starts)
	b.check("da 1440 planner open")

	at := b.middle(`[data-day="2026-12-06"] .q24`, 12)
	b.answered(chromedp.MouseClickXY(at.X, at.Y))
	require.Contains(t, b.path(), "new=2026-12-06T13%3A30", "an empty place is taken to the half hour")
	b.check("da 1440 planner new")
	b.size(390, 844)
	b.check("da 390 planner new")
	b.open(thisWeek)
	b.check("da 390 planner")
}

// The meals and the roster, as they are, with something wrong, and on a telephone.
func TestMealsAndRosterForEverybody(t *testing.T) {
	w := furnished(t)
	b := w.tab()
	b.logIn(account.Employee)
	b.open(mealsNow)
	b.run(chromedp.Click(chromedp.CSS(`td details summary`), chromedp.NodeVisible))
	b.put(`[name="m01.title"]`, "")
	b.check("da 1440 meals")
	b.submit("#meals .primary")
	b.check("da 1440 meals wrong")
	b.open(rosterNow)
	b.put(`[name="v01"]`, "")
	b.submit("#roster .primary")
	b.check("da 1440 roster ask")
	b.open("/activities/copy?department=dep-maane&week=2026-12-07")
	b.check("da 1440 copy")
	b.size(390, 844)
	for _, path := range []string{mealsNow, rosterNow, "/roster/copy?department=dep-maane&week=2026-12-07"} {
		b.open(path)
		b.check("da 390 " + path[:9])
	}
}
