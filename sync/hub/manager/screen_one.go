package manager

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// One screen: how it is, what it shows, whether it holds anything of anybody, and what
// can be done with it from here. Nothing of anybody stands there.
var _ = add(page{Name: "screen_one", Routes: []route{
	{"GET /screens/is/{id}", account.Health, (*visit).oneScreen},
	{"POST /screens/is/{id}/identify", account.Screens, (*visit).identifyScreen},
}})

// An oneSheet is what the page shows.
type oneSheet struct {
	glass
	Facts   []screenFact
	Number  int    // that it shows now; 0: none
	Problem string // why it does not
}

// A screenFact is one thing that is known of a screen.
type screenFact struct{ Label, Value string }

// one returns what is known of the screen in the address.
func (v *visit) one() (d oneSheet, err error) {
	s, err := v.screen()
	if err != nil {
		return d, err
	}
	due, err := v.due()
	if err != nil {
		return d, err
	}
	var modules []record.Module
	err = v.see(func(view store.View) error {
		places, names, zones, err := v.places(view)
		if err != nil {
			return err
		}
		d.glass = v.glass(s, places[s.Screen], due[s.ID], zones[s.Department])
		d.Where = names[s.Department]
		b, err := view.Board(v.ctx(), s.Board)
		modules = b.Modules
		return err
	})
	if err != nil {
		return d, err
	}
	d.Facts = v.screenFacts(s, d.glass, modules)
	return d, nil
}

// screenFacts are what the page says, one under the other. What is not known stands
// there as well: that it is not.
func (v *visit) screenFacts(s hub.ScreenState, g glass, modules []record.Module) (out []screenFact) {
	say := func(word, value string) { out = append(out, screenFact{v.t("screens." + word), cmp.Or(value, "–")}) }
	known := func(yes bool, value string) string {
		if !yes {
			return ""
		}
		return value
	}
	stat := s.Health.Stat
	var shows []string
	for _, m := range modules {
		shows = append(shows, v.t("choice.modules."+string(m)))
	}
	say("heard", g.Heard)
	say("holds", g.Holds)
	say("locks", g.Locks)
	say("shows", strings.Join(shows, ", "))
	say("waiting", known(!s.Health.At.IsZero(), strconv.Itoa(stat.Outbox)))
	say("version", s.Health.Build)
	say("warmth", g.Warmth)
	say("free", g.Free)
	say("memory", known(stat.MemoryMB > 0, megabytes(stat.MemoryMB)))
	say("uptime", known(s.Online && stat.UptimeS > 0, v.span(time.Duration(stat.UptimeS)*time.Second)))
	say("late", known(!s.Health.At.IsZero(), strconv.FormatInt(stat.Late, 10)))
	say("off", known(!s.Health.At.IsZero(), v.clockSaid(s)))
	say("secret", known(stat.Secret != "", v.t("screens.secret."+stat.Secret)))
	say("key", wire.Fingerprint(s.Key))
	return out
}

// clockSaid says how far off a screen's own clock is.
func (v *visit) clockSaid(s hub.ScreenState) string {
	off := clockOff(s)
	switch {
	case off.Abs() < visible:
		return v.t("screens.off.right")
	case off < 0:
		return v.t("screens.off.behind", "n", v.span(-off))
	}
	return v.t("screens.off.ahead", "n", v.span(off))
}

func (v *visit) oneScreen() error {
	d, err := v.one()
	if err != nil {
		return err
	}
	return v.show("screen_one", d)
}

// identifyScreen has a screen show a number of two digits, which the page says, too.
func (v *visit) identifyScreen() error {
	s, err := v.screen()
	if err != nil {
		return err
	}
	number, status := 10+rand.IntN(90), http.StatusOK //nolint:gosec // it is compared, and opens nothing
	asked := v.hub.Identify(v.ctx(), v.actor(), s.ID, number)
	if asked != nil && !errors.Is(asked, hub.ErrAway) {
		return asked
	}
	d, err := v.one()
	if err != nil {
		return err
	}
	if d.Number = number; asked != nil {
		d.Number, d.Problem, status = 0, "screens.not.away", http.StatusConflict
	}
	return v.showAs(status, "screen_one", d)
}
