package manager

import (
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// The screens of the house: how each is, which one wants to be let in, and what one
// that is let in has not taken off its glass yet. Support sees how they are; nobody is
// named there.
var _ = add(page{Name: "screens", Nav: &nav{Order: 80, Icon: "device-tv", Path: "/screens", For: house.KindScreen}, Routes: []route{
	{"GET /screens", account.Health, (*visit).fleet},
	{"GET /screens/out/{id}", account.Erase, (*visit).askOut},
	{"POST /screens/out/{id}", account.Erase, (*visit).shutOut},
}})

// What staff have to see to: a board beside an oven, a card that is nearly full, a
// clock that is wrong, and one that hides everybody before long.
const (
	hot     = 75  // °C
	scarce  = 500 // MB
	wrong   = 2 * time.Minute
	soon    = 12 * time.Hour
	visible = time.Minute
)

// A fleetSheet is what the page shows.
type fleetSheet struct {
	Asking             []hub.Pending
	Screens            []glass
	Out                []glass    // that are shut out
	Bare               []bareSpot // places without a screen
	Online, Away, Look int
}

// A glass is a screen as it is listed.
type glass struct {
	ID      string // in addresses; it says nothing
	Device  string
	Label   string // where it hangs
	Where   string // the department
	Size    string // of the panel
	Upright bool
	Place   house.ID // the record of where it hangs, or ""
	State   string   // one of words under "screens.state."
	Heard   string
	Build   string
	Warmth  string
	Free    string
	Waiting int
	Locks   string   // how long until it names nobody
	Holds   string   // whether it holds personal data, and since when that is so
	Notes   []string // what to see to
	Look    bool     // at it, in the house
}

// A bareSpot is a place where a screen is to hang.
type bareSpot struct {
	ID           house.ID
	Label, Where string
}

// glassID names a screen in addresses: neither what staff called it nor its key.
func glassID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(append([]byte("tavle/manager/screen"), key...))
	return hex.EncodeToString(sum[:8])
}

func (v *visit) fleet() error {
	d, err := v.screens()
	if err != nil {
		return err
	}
	return v.show("screens", d)
}

// screens returns how all screens are.
func (v *visit) screens() (d fleetSheet, err error) {
	all, err := v.hub.Screens(v.ctx(), v.actor())
	if err != nil {
		return d, err
	}
	if d.Asking, err = v.hub.Pending(v.ctx(), v.actor()); err != nil {
		return d, err
	}
	due, err := v.due()
	if err != nil {
		return d, err
	}
	err = v.see(func(s store.View) error {
		d.Screens, d.Out, d.Bare, d.Online, d.Away, d.Look = nil, nil, nil, 0, 0, 0
		places, names, zones, err := v.places(s)
		if err != nil {
			return err
		}
		hung := map[house.ID]bool{}
		for _, st := range all {
			g := v.glass(st, places[st.Screen], due[st.ID], zones[st.Department])
			g.Where = names[st.Department]
			if st.Revoked {
				d.Out = append(d.Out, g)
				continue
			}
			hung[st.Screen] = true
			d.Screens = append(d.Screens, g)
			switch {
			case g.Look:
				d.Look++
			case st.Online:
				d.Online++
			default:
				d.Away++
			}
		}
		for id, p := range places {
			if !hung[id] {
				d.Bare = append(d.Bare, bareSpot{id, v.label(p), names[p.Department]})
			}
		}
		return nil
	})
	by := func(a, b glass) int { return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(a.Label, b.Label)) }
	slices.SortStableFunc(d.Screens, by)
	slices.SortStableFunc(d.Out, by)
	slices.SortFunc(d.Bare, func(a, b bareSpot) int { return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(a.ID, b.ID)) })
	return d, err
}

// places returns where screens hang, what departments are called and by which clock
// they live.
func (v *visit) places(s store.View) (places map[house.ID]*house.Screen, names map[house.ID]string, zones map[house.ID]*time.Location, err error) {
	places, names, zones = map[house.ID]*house.Screen{}, map[house.ID]string{}, map[house.ID]*time.Location{}
	meta, err := v.meta(s)
	if err != nil {
		return nil, nil, nil, err
	}
	depts, err := store.All[house.Department](v.ctx(), s)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, d := range depts {
		names[d.ID], zones[d.ID] = v.text(d.Name), meta.ZoneOf(d)
	}
	externals, err := store.All[house.External](v.ctx(), s)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, x := range externals {
		names[x.ID] = v.text(x.Name)
	}
	screens, err := store.All[house.Screen](v.ctx(), s)
	for i := range screens {
		places[screens[i].ID] = &screens[i]
	}
	return places, names, zones, err
}

// due returns what each screen has not taken off its glass yet, as far as is known.
func (v *visit) due() (map[string][]hub.Confirmation, error) {
	list, err := v.hub.Withdrawals(v.ctx(), v.actor(), "")
	out := map[string][]hub.Confirmation{}
	for _, w := range list {
		for _, c := range w.Screens {
			if !c.State.Done() {
				out[c.Device] = append(out[c.Device], c)
			}
		}
	}
	return out, err
}

// glass says how a screen is.
func (v *visit) glass(s hub.ScreenState, at *house.Screen, due []hub.Confirmation, zone *time.Location) glass {
	if zone == nil {
		zone = time.UTC
	}
	now := v.opt.Now()
	g := glass{ID: glassID(s.Key), Device: s.ID, Label: s.ID, Build: version(s.Health.Build), Waiting: s.Health.Stat.Outbox}
	if at != nil {
		g.Place, g.Label, g.Upright = at.ID, cmp.Or(v.text(at.Place), s.ID), at.Orientation == "portrait"
		if at.Diagonal > 0 {
			g.Size = inches(at.Diagonal) + "″"
		}
	}
	g.State = "away"
	switch {
	case s.Revoked:
		g.State = "out"
	case s.Online && s.Confirmed():
		g.State = "online"
	case s.Online:
		g.State = "fetching"
	case s.Seen.IsZero():
		g.State = "never"
	}
	v.health(&g, s)
	g.Holds = v.holds(s, now, zone)
	masks := s.Seen.Add(s.Terms.Mask)
	if s.Online {
		g.Heard, masks = v.t("screens.now"), now.Add(s.Terms.Mask)
	} else if !s.Seen.IsZero() {
		g.Heard = v.moment(s.Seen, now, zone)
	}
	if !s.Seen.IsZero() && s.Terms.Mask > 0 {
		g.Locks = v.span(masks.Sub(now))
	}
	if g.State == "away" {
		g.Notes = append(g.Notes, v.t("screens.away", "at", g.Heard))
		g.Look = g.Look || masks.Sub(now) < soon
		if now.Before(masks) {
			g.Notes = append(g.Notes, v.t("screens.masks", "at", v.moment(masks, now, zone)))
		} else {
			g.Notes = append(g.Notes, v.t("screens.masked"))
		}
	}
	if holds, _ := s.Holds(now); s.Revoked && holds != hub.HoldsNone {
		g.Notes = append(g.Notes, v.t("screens.out"))
	}
	switch n := len(due); {
	case n == 1:
		g.Notes = append(g.Notes, v.t("screens.due.1"))
	case n > 1:
		g.Notes = append(g.Notes, v.t("screens.due", "n", n))
	}
	return g
}

// health says how a screen said that it is, last. How warm it was says nothing of how
// warm it is.
func (v *visit) health(g *glass, s hub.ScreenState) {
	stat := s.Health.Stat
	look := func(word, n string) {
		g.Look = g.Look || !s.Revoked
		g.Notes = append(g.Notes, v.t(word, "n", n))
	}
	if t := stat.TempC; t != 0 && s.Online {
		if g.Warmth = strconv.Itoa(int(math.Round(t))) + " °C"; t >= hot {
			look("screens.hot", g.Warmth)
		}
	}
	if free := stat.DiskFreeMB; free > 0 {
		if g.Free = megabytes(free); free < scarce {
			look("screens.full", g.Free)
		}
	}
	if off := clockOff(s); s.Online && off.Abs() >= wrong {
		look("screens.clock", v.span(off.Abs()))
	}
}

// clockOff returns by how much a screen's own clock is ahead.
func clockOff(s hub.ScreenState) time.Duration {
	return time.Duration(s.Health.Stat.ClockOffS) * time.Second
}

// holds says whether a screen holds personal data.
func (v *visit) holds(s hub.ScreenState, now time.Time, zone *time.Location) string {
	holds, since := s.Holds(now)
	if since.IsZero() {
		return v.t("screens.holds." + string(holds))
	}
	return v.t("screens.holds."+string(holds)+".since", "at", v.moment(since, now, zone))
}

// version returns the part of a build that people ask for: "tavle v1.4.0".
func version(build string) string {
	if name, rest, ok := strings.Cut(build, " ("); ok && rest != "" {
		return name
	}
	return build
}

// moment says when something was or will be: today, by the clock alone.
func (v *visit) moment(t, now time.Time, zone *time.Location) string {
	w, at := v.views.words(v.lang), house.WallOf(t.In(zone))
	if at.Day() == house.DayOf(now.In(zone)) {
		return w.clock(at)
	}
	return w.when(at)
}

// span says how long something takes, in the largest unit that says enough.
func (v *visit) span(d time.Duration) string {
	unit, n := "minutes", int(d/time.Minute)
	switch {
	case d <= 0:
		return v.t("span.over")
	case d >= 48*time.Hour-visible:
		unit, n = "days", int((d+visible)/(24*time.Hour))
	case d >= 2*time.Hour:
		unit, n = "hours", int((d+visible)/time.Hour)
	}
	return v.t("span."+unit, "n", n)
}

// megabytes says how much room there is.
func megabytes(n int64) string {
	if n >= 10_000 {
		return strconv.FormatInt(n/1000, 10) + " GB"
	}
	return strconv.FormatInt(n, 10) + " MB"
}

// screen returns the screen that an address names.
func (v *visit) screen() (hub.ScreenState, error) {
	all, err := v.hub.Screens(v.ctx(), v.actor())
	if err != nil {
		return hub.ScreenState{}, err
	}
	for _, s := range all {
		if glassID(s.Key) == v.r.PathValue("id") {
			return s, nil
		}
	}
	return hub.ScreenState{}, store.ErrNotFound
}

// askOut says what shutting a screen out does, before it is done.
func (v *visit) askOut() error {
	s, err := v.screen()
	if err != nil {
		return err
	}
	due, err := v.due()
	if err != nil {
		return err
	}
	var g glass
	err = v.see(func(view store.View) error {
		places, names, zones, err := v.places(view)
		g = v.glass(s, places[s.Screen], due[s.ID], zones[s.Department])
		g.Where = names[s.Department]
		return err
	})
	if err != nil {
		return err
	}
	return v.show("screen_out", g)
}

// shutOut has a screen forget everything, now or when it comes back.
func (v *visit) shutOut() error {
	s, err := v.screen()
	if err == nil {
		err = v.hub.RevokeScreen(v.ctx(), v.actor(), s.ID)
	}
	if err != nil {
		return err
	}
	return v.done("/screens", "screen_out")
}
