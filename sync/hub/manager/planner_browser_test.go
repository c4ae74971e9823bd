package manager

import (
	"context"
	"fmt"
	"testing"

	mouse "github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
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
