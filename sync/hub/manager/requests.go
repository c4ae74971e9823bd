package manager

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/access"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// What people asked of whoever is responsible for what is kept of them, with the 30
// days in which an answer is due (R-DPA-05, R-ACT-15); and the copy that they get who
// ask for access.
var _ = add(page{Name: "requests", Nav: &nav{Order: 85, Icon: "file-text", Path: "/requests", For: house.KindRequest}, Routes: []route{
	{"GET /requests", account.People, (*visit).requests},
	{"GET /requests/{id}", account.People, (*visit).aRequest},
	{"POST /requests/{id}/answer", account.People, (*visit).answerRequest},
	{"POST /requests/{id}/extend", account.People, (*visit).extendRequest},
	{"GET /requests/{id}/copy", account.Export, (*visit).askCopy},
	{"POST /requests/{id}/copy", account.Export, (*visit).copyOf},
}})

// Days before an answer is due from which the queue warns (R-ACT-15: at 20 and 27).
const (
	dueSoon = 10
	dueNow  = 3
)

// extendBy is how many days longer an answer may take at most (GDPR, article 12).
const extendBy = 60

// A requestSheet is what the queue shows of one request.
type requestSheet struct {
	house.Request
	Who, Where string
	Clock      string // late, now, soon, open, or done
	Left       int    // days until it is due; below 0: late
	AnsweredBy string
	Until      house.Day // as far as it may be extended
	Problem    string    // in words of "requests."
	Note       string    // as it was typed
}

// Path returns where it is, for templates.
func (r requestSheet) Path() string { return "/requests/" + string(r.ID) }

func (v *visit) requests() error {
	var all []requestSheet
	err := v.see(func(s store.View) error {
		kept, err := store.All[house.Request](v.ctx(), s)
		if err != nil {
			return err
		}
		all = nil
		for _, r := range kept {
			if !v.who.Reaches(house.HomeOf(&r).Departments...) {
				continue
			}
			x, err := v.requestOf(s, r)
			if err != nil {
				return err
			}
			all = append(all, x)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b requestSheet) int {
		if a.Open() != b.Open() {
			if a.Open() {
				return -1
			}
			return 1
		}
		if a.Open() {
			return cmp.Compare(a.Due, b.Due)
		}
		return cmp.Compare(b.Answered, a.Answered)
	})
	return v.show("requests", all)
}

// requestOf says how a request stands today.
func (v *visit) requestOf(s store.View, r house.Request) (requestSheet, error) {
	x := requestSheet{Request: r, Until: r.Asked.Day().Add(record.RequestDays + extendBy)}
	for _, k := range people {
		p, err := s.Get(v.ctx(), k, r.Person)
		if err == nil {
			x.Who = v.label(p)
			break
		}
	}
	meta, err := v.meta(s)
	if err != nil {
		return x, err
	}
	var home house.Department
	if r.Department != "" {
		if home, err = store.Get[house.Department](v.ctx(), s, r.Department); err == nil {
			x.Where = v.text(home.Name)
		}
	}
	if by, err := s.Get(v.ctx(), house.KindStaff, r.By); err == nil {
		x.AnsweredBy = v.label(by)
	}
	today := house.DayOf(v.opt.Now().In(meta.ZoneOf(home)))
	x.Left = int(r.Due.Start(time.UTC).Sub(today.Start(time.UTC)).Hours() / 24)
	switch {
	case !r.Open():
		x.Clock = "done"
	case x.Left < 0:
		x.Clock = "late"
	case x.Left <= dueNow:
		x.Clock = "now"
	case x.Left <= dueSoon:
		x.Clock = "soon"
	default:
		x.Clock = "open"
	}
	return x, nil
}

// Open reports whether it waits for an answer, for templates.
func (r requestSheet) Open() bool { return r.Request.Open() }

// Late returns how many days an answer is late.
func (r requestSheet) Late() int { return -r.Left }

// requestAt returns the request in the address, if whoever asks looks after it.
func (v *visit) requestAt(s interface {
	Get(ctx context.Context, k house.Kind, id house.ID) (house.Record, error)
},
) (house.Request, error) {
	r, err := v.found(s, entityOf(house.KindRequest))
	if err != nil {
		return house.Request{}, err
	}
	return *r.(*house.Request), nil
}

func (v *visit) aRequest() error { return v.showRequest(http.StatusOK, "") }

// showRequest shows one with a problem, and what was typed.
func (v *visit) showRequest(status int, problem string) error {
	var x requestSheet
	err := v.see(func(s store.View) error {
		r, err := v.requestAt(s)
		if err != nil {
			return err
		}
		x, err = v.requestOf(s, r)
		return err
	})
	if err != nil {
		return err
	}
	x.Problem, x.Note = problem, v.value("note")
	return v.showAs(status, "request", x)
}

// errAnswered is returned for a request that somebody else answered meanwhile.
var errAnswered = errors.New("it is not open any more")

// settle changes a request that is open.
func (v *visit) settle(f func(*house.Request, house.Day)) error {
	return v.change(func(ctx context.Context, e *hub.Edit) error {
		r, err := v.requestAt(e)
		if err != nil {
			return err
		}
		if !r.Open() {
			return errAnswered
		}
		f(&r, house.DayOf(v.opt.Now()))
		return e.Put(ctx, &r)
	})
}

func (v *visit) answerRequest() error {
	if err := v.form(); err != nil {
		return err
	}
	state, note := v.value("state"), strings.TrimSpace(v.value("note"))
	switch {
	case state != house.RequestAnswered && state != house.RequestRefused:
		return v.showRequest(http.StatusUnprocessableEntity, "requests.choose")
	case note == "":
		return v.showRequest(http.StatusUnprocessableEntity, "requests.say")
	case len(note) > 1000:
		return v.showRequest(http.StatusUnprocessableEntity, "requests.long")
	}
	err := v.settle(func(r *house.Request, today house.Day) {
		r.State, r.Answered, r.By, r.Note = state, today, v.who.Staff, note
	})
	if errors.Is(err, errAnswered) {
		return v.showRequest(http.StatusConflict, "requests.meanwhile")
	}
	if err != nil {
		return err
	}
	return v.done("/requests", "answered")
}

func (v *visit) extendRequest() error {
	if err := v.form(); err != nil {
		return err
	}
	until, why := house.Day(v.value("until")), strings.TrimSpace(v.value("note"))
	bad := ""
	err := v.settle(func(r *house.Request, today house.Day) {
		switch {
		case why == "" || len(why) > 500:
			bad = "requests.why"
		case until <= r.Due || until > r.Asked.Day().Add(record.RequestDays+extendBy) || until.Start(time.UTC).IsZero():
			bad = "requests.until"
		default:
			bad, r.Due, r.Extended = "", until, why
		}
	})
	switch {
	case errors.Is(err, errAnswered):
		return v.showRequest(http.StatusConflict, "requests.meanwhile")
	case err != nil:
		return err
	case bad != "":
		return v.showRequest(http.StatusUnprocessableEntity, bad)
	}
	return v.done("/requests/"+string(v.id()), "extended")
}

// askCopy says what a copy holds and what to look at before it is handed over.
func (v *visit) askCopy() error {
	var x requestSheet
	err := v.see(func(s store.View) error {
		r, err := v.requestAt(s)
		if err != nil {
			return err
		}
		x, err = v.requestOf(s, r)
		return err
	})
	if err != nil {
		return err
	}
	return v.show("takeout", x)
}

// copyOf sends everything that is kept of whoever asked, as a page to read or as data.
// What it is called says nothing of them; the extract is in the audit.
func (v *visit) copyOf() error {
	if err := v.form(); err != nil {
		return err
	}
	var r house.Request
	err := v.see(func(s store.View) (err error) {
		r, err = v.requestAt(s)
		return err
	})
	if err != nil {
		return err
	}
	a, err := v.hub.ExportPerson(v.ctx(), v.actor(), r.Person)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	kind, name := "text/html; charset=utf-8", "copy.html"
	if l := record.Lang(v.value("form")); slices.Contains(access.Languages(), l) {
		err = a.Page(&b, l)
	} else {
		kind, name = "application/json", "copy.json"
		e := json.NewEncoder(&b)
		e.SetIndent("", "  ")
		err = e.Encode(a)
	}
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
	_, err = v.w.Write(b.Bytes())
	return err
}
