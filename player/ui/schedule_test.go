package ui

import (
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/render"
)

// Issue 4, item 7: the part of the day is a function of the clock on the
// wall, whatever the clock does that night.
func TestPhaseGoesByTheClockOnTheWall(t *testing.T) {
	usual := UsualHours
	lit := Hours{Evening: 20 * 60, Night: 22 * 60, Day: 6 * 60, Off: 23*60 + 30, On: 5*60 + 30}
	for _, c := range []struct {
		hours Hours
		at    string
		want  Phase
	}{
		{usual, "05:59", Nighttime},
		{usual, "06:00", Daylight},
		{usual, "19:59", Daylight},
		{usual, "20:00", Evenfall},
		{usual, "21:59", Evenfall},
		{usual, "22:00", Nighttime},
		{usual, "00:00", Nighttime},
		{lit, "23:29", Nighttime},
		{lit, "23:30", Lightless},
		{lit, "05:29", Lightless},
		{lit, "05:30", Nighttime},
		{Hours{Evening: 20 * 60, Night: 6 * 60, Day: 6 * 60}, "03:00", Evenfall}, // no night
		{Hours{Evening: 60, Night: 120, Day: 360}, "00:30", Daylight},            // a late one
		{Hours{}, "12:00", Daylight},
	} {
		clock, err := time.Parse("15:04", c.at)
		require.NoError(t, err)
		require.Equal(t, c.want, c.hours.Phase(clock), "%+v at %s", c.hours, c.at)
	}
	for day, want := range map[string]int{"2025-03-29": 7 * 60, "2025-10-25": 9 * 60, "2025-11-20": 8 * 60} {
		noon, err := time.ParseInLocation("2006-01-02 15", day+" 12", copenhagen)
		require.NoError(t, err)
		minutes := 0
		for at := noon; at.Before(noon.Add(25 * time.Hour)); at = at.Add(time.Minute) {
			phase := usual.Phase(at)
			if h := at.Hour(); phase != usual.Phase(time.Date(2000, 1, 1, h, at.Minute(), 0, 0, time.UTC)) {
				t.Fatalf("%v: %v", at, phase)
			}
			if phase == Nighttime && at.Before(noon.Add(22*time.Hour)) {
				minutes++
			}
		}
		require.Equal(t, want, minutes, "the night after %s, in minutes that pass", day)
	}
}

// nightHand is a hand at a wall at eleven in the evening, just touched.
func nightHand(t *testing.T) *hand {
	h := newHand(t)
	h.Theme = nil
	h.Now, h.Last = at(20, 23, 0), at(20, 23, 0)
	h.send(BoardChanged{board.Project(board.Input{Facts: mockFacts(), Now: h.Now, Fresh: true, Contact: h.Now})})
	return h
}

// The night's page comes after two minutes without a touch.
func TestNightComesWhenNobodyIsThere(t *testing.T) {
	h := nightHand(t)
	require.Equal(t, &look.Evening, h.Colours())
	h.pass(restAfter - time.Second)
	require.Equal(t, Awake, h.Rest)
	require.Equal(t, h.Now.Add(time.Second), h.frame().NextAt, "it comes by itself")
	h.pass(time.Second)
	require.Equal(t, Asleep, h.Rest)
	require.Equal(t, &look.Night, h.Colours())
	require.Contains(t, h.words(), "natten til fredag")
	require.NotContains(t, h.words(), "Hjem")

	h.send(Tick{at(21, 5, 59)})
	require.Equal(t, Asleep, h.Rest)
	require.Contains(t, h.words(), "natten til fredag", "the same night after midnight")
	h.send(Tick{at(21, 6, 0)})
	require.Equal(t, Awake, h.Rest)
	require.Equal(t, &look.Day, h.Colours())
}

// It does not come while somebody is doing something.
func TestNightWaitsForWhoeverIsThere(t *testing.T) {
	h := nightHand(t)
	h.tap(Go{Activities{}})
	h.pass(DefaultStays.Browsing + 5*time.Second)
	h.tap(Stay{})
	h.pass(DefaultStays.Browsing + 5*time.Second)
	require.Equal(t, Awake, h.Rest, "the page is open still")
	h.pass(DefaultStays.Browsing + DefaultStays.Warning)
	require.Equal(t, Home{}, h.place())
	h.pass(restAfter)
	require.Equal(t, Asleep, h.Rest)
}

// A touch wakes the evening's home for a minute and does nothing else,
// whatever lies under it there; every other touch makes it longer.
func TestTouchWakesAndDoesNothingElse(t *testing.T) {
	h := nightHand(t)
	under := center(h.sees(Go{Activities{}}))
	h.pass(restAfter)
	for name, wake := range map[string][]Msg{
		"touch": {TouchDown{Means: h.frame().At(under), At: under, Ready: true}, TouchUp{Means: Go{Activities{}}}},
		"key":   {Pressed{Means: Go{Activities{}}, Ready: true}},
		"back":  {BackPressed{}},
		"focus": {Focused{To: Focus{On: Go{Activities{}}}}},
		"read":  {ReadPressed{}},
	} {
		t.Run(name, func(t *testing.T) {
			was := h.Model
			defer func() { h.Model = was }()
			require.Equal(t, Asleep, h.Rest)
			h.send(wake...)
			require.Equal(t, Awake, h.Rest)
			require.Equal(t, Home{}, h.place())
			require.Equal(t, Focus{}, h.Focus)
			require.False(t, h.Reading.On)
			require.Empty(t, h.effects)
			require.Equal(t, &look.Evening, h.Colours())
			h.pass(wakesFor - time.Second)
			require.Equal(t, Awake, h.Rest)
			h.send(TouchDown{}, TouchUp{})
			h.pass(wakesFor - time.Second)
			require.Equal(t, Awake, h.Rest, "it is used")
			h.pass(time.Second)
			require.Equal(t, Asleep, h.Rest)
		})
	}
	h.send(Focused{Self: true}, SoundChanged{Sound{Voice: true}}, Tick{h.Now})
	require.Equal(t, Asleep, h.Rest, "nobody's")
}

// Goal 1: at night nobody is shown but who works, and on a roster that may be
// wrong not even they.
func TestNightShowsOnlyWhoWorks(t *testing.T) {
	input := board.Input{Facts: mockFacts(), Now: at(21, 2, 14), Fresh: true, Contact: at(21, 2, 0)}
	asleep := func(edit func(*board.Input)) Model {
		in := input
		edit(&in)
		m := mockModel(large, Home{})
		m.Now, m.Rest = in.Now, Asleep
		m.Board = board.Project(in)
		return m
	}
	f := View(asleep(func(*board.Input) {}), testKit)
	require.Equal(t, []string{"Det er nat", "2.14", "natten til fredag", "D", "Dorthe er på arbejde i nat"}, f.Texts())
	require.Empty(t, f.Targets)
	for name, edit := range map[string]func(*board.Input){
		"masked":   func(in *board.Input) { in.Fresh = false },
		"old":      func(in *board.Input) { in.Contact = in.Now.Add(-13 * time.Hour) },
		"older":    func(in *board.Input) { in.Contact = in.Now.Add(-25 * time.Hour) },
		"no shift": func(in *board.Input) { in.Facts.Shifts = nil },
	} {
		m := asleep(func(in *board.Input) { in.Facts = mockFacts(); edit(in) })
		f := View(m, testKit)
		require.Equal(t, []string{"Det er nat", "2.14", "natten til fredag"}, f.Texts(), name)
		for _, op := range f.Ops {
			require.NotEqual(t, render.PictureOp, op.Kind, "%s: %v", name, op.Picture)
		}
	}
}

// The night's page is the design's, but for the second ink, which A-10 wants
// brighter. What is shown is moved, so it is compared as it is drawn.
func TestNightIsTheDesigns(t *testing.T) {
	m := mockModel(large, Home{})
	m.Now, m.Rest = at(21, 2, 14), Asleep
	m.Board = board.Project(board.Input{Facts: mockFacts(), Now: m.Now, Fresh: true, Contact: m.Now})
	c := newCanvas(m, testKit)
	c.draw(m)
	for _, it := range readSpec(t, "12-night") {
		if it.Kind == "text" {
			require.Empty(t, nearest(c.frame, it))
		}
	}
}

// A screen that belongs to no hub, or has nothing to show, says so at night, too.
func TestScreenThatNeedsSomebodyDoesNotSleep(t *testing.T) {
	for _, name := range []string{"11a-pairing", "waiting", "18-lease-expired"} {
		m := mockScreens(large)[name]
		m, _ = Update(m, Tick{at(21, 2, 0)})
		require.Equal(t, Awake, m.Rest, name)
	}
}

// Issue 4 item 7: without light there is nothing to see and nothing to touch, and
// a touch brings it back.
func TestDarkShowsNothing(t *testing.T) {
	h := nightHand(t)
	h.send(Dressed{Lang: "da", Hours: Hours{Evening: 1200, Night: 1320, Day: 360, Off: 1380, On: 330}})
	h.pass(restAfter)
	require.Equal(t, Dark, h.Rest)
	f := h.frame()
	require.Empty(t, f.Texts())
	require.Empty(t, f.Targets)
	require.Equal(t, []render.Op{{Kind: render.BoxOp, Rect: image.Rectangle{Max: large}, Color: rgba{A: 255}}}, f.Ops)
	h.send(TouchDown{Ready: true}, TouchUp{})
	require.Contains(t, h.words(), "Hjem")
	h.pass(wakesFor)
	require.Equal(t, Dark, h.Rest)
	h.send(Tick{at(21, 5, 30)})
	require.Equal(t, Asleep, h.Rest, "and the night's page until the morning")
}

// At night every minute moves the picture, never farther than 12 dp from
// its place, and over an hour to all sides.
func TestNightMoves(t *testing.T) {
	m := mockModel(large, Home{})
	m.Now, m.Rest = at(21, 2, 0), Asleep
	var was image.Point
	var all image.Rectangle
	for range 60 {
		d := m.shift(2)
		require.LessOrEqual(t, max(d.X, -d.X, d.Y, -d.Y), 24)
		all = all.Union(image.Rectangle{Min: d, Max: d.Add(image.Pt(1, 1))})
		m, _ = Update(m, Tick{m.Now.Add(time.Minute)})
		if next := m.shift(2); next == was && next == d {
			t.Errorf("%v: two minutes at %v", m.Now, d)
		}
		was = d
	}
	require.GreaterOrEqual(t, min(-all.Min.X, all.Max.X, -all.Min.Y, all.Max.Y), 22)
}

// by day the picture stands still; from midnight on it stands elsewhere, by
// two pixels at most, if nobody is there. What is touched moves with what is drawn,
// and what covers the panel stays.
func TestDayMovesWhatIsTouchedWithIt(t *testing.T) {
	m := mockModel(large, Home{})
	still := View(m, testKit)
	for minute := range 13*60 + 36 {
		m, _ = Update(m, Tick{mockNow.Add(time.Duration(minute) * time.Minute)})
		require.Zero(t, m.Shift)
	}
	busy := m
	busy.Stack = append(busy.Stack, People{})
	busy.Last = busy.Now
	busy, _ = Update(busy, Tick{at(21, 0, 0)})
	require.Zero(t, busy.Shift, "somebody is there")
	m, _ = Update(m, Tick{at(21, 0, 0)})
	require.Equal(t, 1, m.Shift)
	m.Rest = Awake
	for day := range 64 {
		m.Shift, m.Now = day, mockNow
		d := m.shift(1)
		require.LessOrEqual(t, max(d.X, -d.X, d.Y, -d.Y), 2)
		f := View(m, testKit)
		for i := range f.Targets {
			require.Equal(t, still.Targets[i].Rect.Add(d), f.Targets[i].Rect)
		}
		for i, op := range f.Ops {
			if op.Kind == render.BoxOp && op.Rect == (image.Rectangle{Max: large}) || strings.HasPrefix(op.Picture.Source, "sky:") {
				require.Equal(t, still.Ops[i].Rect, op.Rect)
			} else {
				require.Equal(t, still.Ops[i].Rect.Add(d), op.Rect)
			}
		}
	}
	require.Equal(t, image.Point{}, mockModel(large, Home{}).shift(1))
}

// A theme that was chosen holds at any hour; only the night's page is dark
// whatever was chosen, and plain for whoever needs that.
func TestChosenThemeHolds(t *testing.T) {
	for name, theme := range look.Themes {
		m := mockModel(large, Home{})
		m.Theme = theme
		for _, h := range []int{2, 12, 21} {
			m.Now = at(21, h, 0)
			require.Equal(t, theme, m.Colours(), name)
		}
		m.Rest = Asleep
		require.True(t, m.Colours().Dark, name)
		require.Equal(t, theme.Plain, m.Colours().Plain, name)
	}
	names := []string{}
	for name := range look.Themes {
		names = append(names, name)
	}
	slices.Sort(names)
	require.Equal(t, []string{"contrast-dark", "contrast-light", "day", "evening", "night"}, names)
}
