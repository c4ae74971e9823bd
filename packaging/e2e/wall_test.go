package e2e

import (
	"context"
	"fmt"
	"image"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/player/still"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/x11/xvfb"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// size of the walls: large enough for all of the design, small enough for two
// displays on a small machine.
var size = image.Pt(1280, 720)

// A wall is a screen as a process on a display of its own, and the glass as
// somebody in front of it sees and touches it. Where things stand on the glass
// it knows from a twin: the same board drawn by the same code.
type wall struct {
	*home
	name    string
	display string
	proc    *process
	studio  *still.Studio
	model   ui.Model
	done    []board.Done // touched since the start
}

// hang lets a screen in and prepares its display; on switches it on.
func (h *home) hang(name string) *wall {
	h.t.Helper()
	key := strings.TrimSpace(h.run("tavle-player", "key", "--state", name))
	h.office("screens", "add", name, "--place", "scr-2", "--key", key)
	w := &wall{home: h, name: name, display: xvfb.Start(h.t, size, 24)}
	h.write(name+".toml", fmt.Appendf(nil, `
device = %q
state = %q
screen = "x11"
theme = "day"
lang = "da"
[hours]
night = "06:00" # there is none: these tests run at any hour
[voice]
command = [] # nor a voice, wherever they run
[hub]
url = %q
pins = ["%s"]
`, name, name, h.url, strings.ReplaceAll(h.pin, ",", `", "`)))
	var err error
	w.studio, err = still.New(w.photo)
	require.NoError(h.t, err)
	return w
}

// on starts the wall's program.
func (w *wall) on() {
	w.t.Helper()
	w.proc = w.start([]string{"DISPLAY=" + w.display}, "tavle-player", "--config", w.name+".toml")
}

// photo returns a picture as the hub has made it.
func (w *wall) photo(id board.AssetID) (jpeg []byte, err error) {
	w.view(func(ctx context.Context, v store.View) (err error) {
		jpeg, err = v.Picture(ctx, id)
		return err
	})
	return jpeg, nil
}

// facts returns what the hub sends to this wall, and nothing that was not sent.
func (w *wall) facts() (facts *record.Facts) {
	w.t.Helper()
	w.view(func(ctx context.Context, v store.View) error {
		d, err := v.Device(ctx, w.name)
		if err != nil {
			return err
		}
		head, ops, err := v.Since(ctx, d.Board, 0)
		if err != nil {
			return err
		}
		changes := make([]record.Change, len(ops))
		for i, op := range ops {
			if changes[i], err = wire.DecodeChange(op); err != nil {
				return err
			}
		}
		facts = (*record.Facts)(nil).With(head.Position, changes)
		return nil
	})
	return facts
}

// anew makes the twin show home, as the wall does after a start or when nobody
// touches it.
func (w *wall) anew(live bool) {
	w.t.Helper()
	now := time.Now()
	w.model = ui.New(ui.Panel{Size: size}, "da", now)
	w.model.Theme, w.model.Link, w.done = &look.Day, ui.Link{Live: live, DownSince: now}, nil
	w.refresh()
}

// refresh tells the twin what the hub has now.
func (w *wall) refresh() {
	w.t.Helper()
	now := time.Now()
	w.model, _ = ui.Update(w.model, ui.Tick{Now: now})
	w.model, _ = ui.Update(w.model, ui.BoardChanged{Board: board.Project(board.Input{
		Facts: w.facts(), Done: w.done, Now: now, Fresh: true, Contact: now,
	})})
}

// target returns what the twin calls label.
func (w *wall) target(label string) render.Target {
	w.t.Helper()
	f := w.studio.Frame(w.model)
	var all []string
	for _, t := range f.Targets {
		if strings.Contains(t.Label, label) {
			return t
		}
		all = append(all, t.Label)
	}
	w.t.Fatalf("%s: nothing is called %q, only %q", w.name, label, all)
	return render.Target{}
}

// click clicks on what is called label, from outside, and has the twin do the
// same.
func (w *wall) click(label string) {
	w.t.Helper()
	time.Sleep(look.DialogGuard + 50*time.Millisecond) // what has just appeared is deaf
	w.press(w.prepare(label))
}

// prepare has the twin touch what is called label and returns where that is.
func (w *wall) prepare(label string) image.Point {
	w.t.Helper()
	t := w.target(label)
	w.hear(ui.Tick{Now: time.Now()}, ui.TouchDown{Contact: 1, Means: t.Means, Ready: true}, ui.TouchUp{Contact: 1, Means: t.Means})
	w.refresh()
	return t.Rect.Min.Add(t.Rect.Size().Div(2))
}

// hear tells the twin what happens, and does what it wants done.
func (w *wall) hear(msgs ...ui.Msg) {
	for _, msg := range msgs {
		var effects []ui.Effect
		w.model, effects = ui.Update(w.model, msg)
		for _, e := range effects {
			if e, ok := e.(ui.SignUp); ok {
				w.done = append(w.done, board.Done{On: e.On, Who: e.Who})
			}
		}
	}
}

// key presses a key, from outside, and has the twin do the same.
func (w *wall) key(name string, k ui.Key) {
	w.t.Helper()
	xvfb.Do(w.t, w.display, "key", name)
	w.hear(ui.Tick{Now: time.Now()})
	msg := ui.Hear(w.model, w.studio.Frame(w.model), k)
	if p, ok := msg.(ui.Pressed); ok {
		p.Ready = true
		msg = p
	}
	w.hear(msg)
	w.refresh()
	if msg := ui.Land(w.model, w.studio.Frame(w.model)); msg != nil {
		w.hear(msg)
	}
}

// seek goes to what is called label with Tab.
func (w *wall) seek(label string) {
	w.t.Helper()
	to := w.target(label).Means
	for range 100 {
		if w.model.Focus.On == to {
			return
		}
		w.key("Tab", ui.KeyTab)
	}
	w.t.Fatalf("%s: Tab does not lead to %q", w.name, label)
}

// enter presses Enter once what has just appeared hears.
func (w *wall) enter() {
	w.t.Helper()
	time.Sleep(look.DialogGuard + 50*time.Millisecond)
	w.key("Return", ui.KeyEnter)
}

// press clicks at a place of the glass.
func (w *wall) press(at image.Point) {
	w.t.Helper()
	xvfb.Do(w.t, w.display, "mousemove", strconv.Itoa(at.X), strconv.Itoa(at.Y), "click", "1")
}

// awaitTwin waits until the glass shows in r exactly what the twin shows, which is
// told of the hub's latest and of the time before every look.
func (w *wall) awaitTwin(what string, r image.Rectangle) {
	w.t.Helper()
	w.until(w.name+" shows "+what, func() bool {
		w.refresh()
		want := w.studio.Paint(w.model)
		return same(want, xvfb.See(w.t, w.display, r), r)
	})
}

// same reports whether the part r of want is got.
func same(want, got *image.RGBA, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			a, b := want.RGBAAt(x, y), got.RGBAAt(x-r.Min.X, y-r.Min.Y)
			if a.R != b.R || a.G != b.G || a.B != b.B {
				return false
			}
		}
	}
	return true
}

// whole is all of the glass.
var whole = image.Rectangle{Max: size}

// choices are the residents that anybody on the wall can tap, by what they are
// called there.
var choices = map[string]house.ID{"Anna": "r01", "Mik": "r02", "Łucja": "r04", "Åse": "r07", "Thảo": "r08", "Sasha": "r09"}
