package manager

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// What was done, by whom and when: opaque IDs and no names (R-STA-04, R-DPA-19,
// R-DPA-30). It can be narrowed, and the chain of its lines be checked.
var _ = add(page{Name: "audit", Nav: &nav{Order: 90, Icon: "history", Path: "/audit"}, Routes: []route{
	{"GET /audit", account.Audit, (*visit).audit},
}})

// auditLines is how many stand on a page.
const auditLines = 50

// An auditSheet is what the page shows.
type auditSheet struct {
	Lines        []auditLine
	By, Action   string // what is looked for; "": all
	From, Until  string
	Actions      []string
	Page, Pages  int
	Total        int
	Newer, Older string // addresses; "": none
	Check        string // where the chain is checked
	Checked      bool
	Whole        *hub.AuditReport
	Broken       string
}

// An auditLine is one thing that was done.
type auditLine struct {
	store.Line
	At house.Wall
}

// Kinds of actors, to choose from.
var actors = []string{"staff", "screen", "hub", "import"}

// Actors returns them, for templates.
func (auditSheet) Actors() []string { return actors }

func (v *visit) audit() error {
	q := v.r.URL.Query()
	one := func(key string, of []string) string {
		if s := q.Get(key); of == nil || slices.Contains(of, s) {
			return s
		}
		return ""
	}
	day := func(key string) string {
		if d := house.Day(q.Get(key)); !d.Start(time.UTC).IsZero() {
			return string(d)
		}
		return ""
	}
	d := auditSheet{By: one("by", actors), Action: q.Get("action"), From: day("from"), Until: day("until"), Checked: q.Get("check") != ""}
	page, _ := strconv.Atoi(q.Get("page"))
	var all []store.Line
	known := map[string]bool{}
	err := v.see(func(s store.View) error {
		all = nil
		meta, err := v.meta(s)
		if err != nil {
			return err
		}
		zone := meta.ZoneOf(house.Department{})
		err = s.Lines(v.ctx(), "", func(l store.Line) error {
			known[l.Action] = true
			on := string(house.DayOf(l.At.In(zone)))
			if (d.By == "" || string(l.By) == d.By) && (d.Action == "" || l.Action == d.Action) && (d.From == "" || on >= d.From) && (d.Until == "" || on <= d.Until) {
				all = append(all, l)
			}
			return nil
		})
		slices.Reverse(all) // the newest first
		d.Total, d.Pages = len(all), max(1, (len(all)+auditLines-1)/auditLines)
		d.Page = min(max(1, page), d.Pages)
		d.Lines = nil
		for _, l := range all[(d.Page-1)*auditLines : min(len(all), d.Page*auditLines)] {
			d.Lines = append(d.Lines, auditLine{l, house.WallOf(l.At.In(zone))})
		}
		return err
	})
	if err != nil {
		return err
	}
	for a := range known {
		d.Actions = append(d.Actions, a)
	}
	slices.Sort(d.Actions)
	if !known[d.Action] {
		d.Action = ""
	}
	at := func(n int, check bool) string {
		u := v.r.URL.Query()
		u.Del("check")
		u.Set("page", strconv.Itoa(n))
		if check {
			u.Set("check", "1")
		}
		return "/audit?" + u.Encode()
	}
	if d.Page > 1 {
		d.Newer = at(d.Page-1, false)
	}
	if d.Page < d.Pages {
		d.Older = at(d.Page+1, false)
	}
	d.Check = at(d.Page, true)
	if d.Checked {
		if err := v.checkChain(&d); err != nil {
			return err
		}
	}
	return v.show("audit", d)
}

// checkChain walks the audit from its first line.
func (v *visit) checkChain(d *auditSheet) error {
	r, err := v.hub.VerifyAudit(v.ctx(), v.actor(), "")
	var broken *hub.Broken
	switch {
	case errors.As(err, &broken):
		d.Broken = strings.TrimSpace(fmt.Sprintf("%s %d", broken.Day, broken.Number))
		return nil
	case err != nil:
		return err
	}
	d.Whole = &r
	return nil
}
