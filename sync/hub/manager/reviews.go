package manager

import (
	"errors"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// What has to be looked at from time to time, with who is asked to when: who was refused,
// every week (R-DPA-29); the rules of security, and that all is as agreed, every year
// (R-DPA-12, R-DPA-20). What was done meanwhile stands beside it.
var _ = add(page{Name: "reviews", Routes: []route{
	{"GET /registers/reviews", account.Registers, (*visit).reviews},
	{"GET /registers/reviews/{what}/add", account.Settings, (*visit).askReview},
	{"POST /registers/reviews/{what}/add", account.Settings, (*visit).addReview},
}})

const reviewsPath = "/registers/reviews"

// A reviewLine is one thing to look at.
type reviewLine struct {
	What  string
	Since house.Day // it was looked at last
	Due   house.Day
	Late  bool
	Facts []fact // since then
	Past  []house.Entry
}

// A fact is a number in words.
type fact struct {
	Word string
	N    int
}

// errEnough ends a walk along the audit.
var errEnough = errors.New("enough")

// reviewLines returns what there is to look at, as of today.
func (v *visit) reviewLines(s store.View, withFacts bool) (out []reviewLine, err error) {
	now, zone, err := v.clockOf(s)
	if err != nil {
		return nil, err
	}
	all, err := store.All[house.Entry](v.ctx(), s)
	if err != nil {
		return nil, err
	}
	began, first, counted := now.Day(), true, []deed{}
	err = s.Lines(v.ctx(), "", func(l store.Line) error {
		if first {
			first, began = false, house.DayOf(l.At.In(zone))
		}
		if !withFacts {
			return errEnough
		}
		if what := counts(l.Action); what != "" {
			counted = append(counted, deed{what, house.DayOf(l.At.In(zone))})
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	for _, what := range house.Reviews {
		x := reviewLine{What: what, Due: house.ReviewDue(all, what, began)}
		x.Since, x.Late = x.Due.Add(-house.ReviewDays(what)), x.Due < now.Day()
		for _, e := range slices.Backward(all) {
			if e.Review != nil && e.Review.What == what {
				x.Past = append(x.Past, e)
			}
		}
		if withFacts {
			if x.Facts, err = v.reviewFacts(s, all, counted, what, x.Since); err != nil {
				return nil, err
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// reviewed is what is counted for each.
var reviewed = map[string][]string{
	"denials":     {"refused"},
	"rules":       {"refused", "incidents", "instructions"},
	"declaration": {"refused", "incidents", "exports", "erased", "instructions", "subprocessors"},
}

// A deed is a line of the audit that reviews count.
type deed struct {
	What string // as in reviewed
	On   house.Day
}

// counts returns as what a line of the audit is counted; "": it is not.
func counts(action string) string {
	switch {
	case strings.HasPrefix(action, "refuse"):
		return "refused"
	case action == "export":
		return "exports"
	case action == "erase", action == "anonymise":
		return "erased"
	}
	return ""
}

// reviewFacts counts what was done since a day.
func (v *visit) reviewFacts(s store.View, all []house.Entry, done []deed, what string, since house.Day) ([]fact, error) {
	n := map[string]int{}
	for _, d := range done {
		if d.On >= since {
			n[d.What]++
		}
	}
	for _, e := range all {
		if e.Incident != nil && e.Replaces == "" && e.Written.Day() >= since {
			n["incidents"]++
		}
		if e.Instruction != nil && e.Written.Day() >= since {
			n["instructions"]++
		}
	}
	systems, err := store.All[house.System](v.ctx(), s)
	for _, x := range systems {
		n["subprocessors"] += len(x.Subprocessor)
	}
	var out []fact
	for _, word := range reviewed[what] {
		out = append(out, fact{word, n[word]})
	}
	return out, err
}

func (v *visit) reviews() error {
	var out []reviewLine
	err := v.see(func(s store.View) (err error) {
		out, err = v.reviewLines(s, true)
		return err
	})
	if err != nil {
		return err
	}
	return v.show("reviews", out)
}

// reviewForm is how the form of a sign-off begins.
func (v *visit) reviewForm() (entryForm, error) {
	what := v.r.PathValue("what")
	if !slices.Contains(house.Reviews, what) {
		return entryForm{}, store.ErrNotFound
	}
	return entryForm{Path: reviewsPath + "/" + what + "/add", Back: reviewsPath, Title: "review." + what, Text: "review." + what + ".text", Go: "reviews.go"}, nil
}

func (v *visit) askReview() error {
	d, err := v.reviewForm()
	if err != nil {
		return err
	}
	return v.draftEntry(d, partOf("review", "note"), func(house.Wall, []house.Entry) house.Entry { return house.Entry{Review: &house.Review{}} })
}

func (v *visit) addReview() error {
	d, err := v.reviewForm()
	if err != nil {
		return err
	}
	e := &house.Entry{Review: &house.Review{What: v.r.PathValue("what")}}
	ok, err := v.addEntry(d, partOf("review", "note"), e, func(*former, house.Wall, []house.Entry) {})
	if err != nil || !ok {
		return err
	}
	return v.done(reviewsPath, "review")
}

// dueReviews names what has to be looked at within [dueNow] days, or should have been.
func (v *visit) dueReviews(s store.View) (out []dueLine, err error) {
	now, _, err := v.clockOf(s)
	if err != nil {
		return nil, err
	}
	all, err := v.reviewLines(s, false)
	for _, x := range all {
		if x.Due > now.Day().Add(dueNow) {
			continue
		}
		l := dueLine{Icon: "shield-check", What: v.t("review." + x.What), When: v.t("reviews.due", "day", v.views.words(v.lang).dated(x.Due)), Clock: "now", Word: "review", Path: reviewsPath, at: x.Due.Start(time.UTC)}
		if x.Late {
			l.Clock = "late"
		}
		out = append(out, l)
	}
	return out, err
}
