package manager

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// What somebody accepts is four questions, each answered by itself (R-IBG-44). Answers
// are added and never changed; what was answered on one occasion has a receipt that can
// be printed and given to them, which the hub has signed.
var _ = add(page{Name: "consent", Routes: []route{
	{"GET /people/{id}/consent", account.People, (*visit).askConsent},
	{"POST /people/{id}/consent", account.People, (*visit).keepConsent},
	{"GET /people/{id}/consent/{declaration}", account.People, (*visit).receipt},
}})

// A consentLine is how the answer to one question stands.
type consentLine struct {
	Purpose house.Purpose
	State   house.AcceptanceState
	Ended   bool // it was given, and its time is over
	Ending  bool // it ends within a month
	Last    house.Consent
	Receipt string // where it is; "": there is none
}

// askedSheet fills in what somebody was asked, and who belongs to them.
func (v *visit) askedSheet(s store.View, r house.Consented, today house.Day, d *personSheet) error {
	for _, p := range house.Purposes {
		state, c := house.ConsentOf(r, p, today)
		line := consentLine{Purpose: p, State: state, Last: c, Ended: c.Answer == house.Given && state != house.Accepted}
		line.Ending = state == house.Accepted && (house.Acceptance{State: state, Until: c.Until}).Ending(today)
		if c.Occasion != "" && c.Occasion != "acceptance" {
			line.Receipt = personPath(d.ID) + "/consent/" + string(c.Occasion)
		}
		d.Consents = append(d.Consents, line)
	}
	if d.Kind != house.KindResident {
		return nil
	}
	all, err := store.All[house.Relative](v.ctx(), s)
	for i := range all {
		if x := &all[i]; slices.Contains(x.LinkedTo, d.ID) {
			if slices.Contains(x.SpeaksFor, d.ID) {
				d.Speakers = append(d.Speakers, option{Value: string(x.ID), Label: v.label(x)})
			}
			d.Kin = append(d.Kin, row{Path: entityOf(house.KindRelative).at(x.ID), Label: v.label(x)})
		}
	}
	return err
}

// A consentSheet is what the page that asks shows.
type consentSheet struct {
	Person   personSheet
	Answers  map[house.Purpose]string
	On       house.Day
	By       []option
	Guardian []option
	Method   string
	Methods  []string
	Notice   string
	Language []option
	Until    map[house.Purpose]house.Day // the last day each holds
	Problem  string
	Problems map[string]string
}

// guardians are who may have said it.
var guardians = []string{"self", "guardian", "both"}

// consentSheet returns the page as it was typed, or as it is at first.
func (v *visit) consentSheet(s store.View, r house.Consented, typed bool) (d consentSheet, err error) {
	today, _, err := v.today(s, r)
	if err != nil {
		return d, err
	}
	d.Person.ID, d.Person.Kind, d.Person.Label, d.Person.Path, d.Person.Was = house.KeyOf(r), house.KindOf(r), v.label(r), personPath(house.KeyOf(r)), stamp(r)
	if err := v.askedSheet(s, r, today, &d.Person); err != nil {
		return d, err
	}
	d.Answers, d.On, d.Problems, d.Until = map[house.Purpose]string{}, today, map[string]string{}, map[house.Purpose]house.Day{}
	by, guardian, lang := "self", "", v.lang
	if d.Notice, err = v.lastNotice(s); err != nil {
		return d, err
	}
	if typed {
		for _, p := range house.Purposes {
			d.Answers[p], d.Until[p] = v.value("answer."+string(p)), house.Day(v.value("until."+string(p)))
		}
		d.On, by, guardian, d.Method = house.Day(v.value("on")), v.value("by"), v.value("representative"), strings.TrimSpace(v.value("method"))
		d.Notice, lang = strings.TrimSpace(v.value("notice")), v.value("language")
	}
	for _, x := range guardians {
		d.By = append(d.By, option{x, v.t("choice.decided_by." + x), x == by})
	}
	for _, x := range d.Person.Speakers {
		d.Guardian = append(d.Guardian, option{x.Value, x.Label, x.Value == guardian})
	}
	for _, l := range []string{"da", "nb", "nn", "sv", "en", "ar"} {
		d.Language = append(d.Language, option{l, v.t("language." + l), l == lang})
	}
	d.Methods = []string{v.t("consent.method.spoken"), v.t("consent.method.pictures"), v.t("consent.method.paper"), v.t("consent.method.wall")}
	return d, nil
}

// lastNotice returns which version of the notice to tell: the one that was published
// last, or, where the house publishes none, the one that was told last.
func (v *visit) lastNotice(s store.View) (string, error) {
	if n, ok, err := v.published(s); ok || err != nil {
		return n.Version, err
	}
	residents, err := store.All[house.Resident](v.ctx(), s)
	if err != nil {
		return "", err
	}
	var last house.Acceptance
	for i := range residents {
		if a := residents[i].Acceptance; a.DecidedOn >= last.DecidedOn && a.Notice != "" {
			last = a
		}
	}
	return last.Notice, nil
}

func (v *visit) askConsent() error {
	var d consentSheet
	err := v.see(func(s store.View) error {
		r, err := v.consented(s, v.id())
		if err == nil {
			d, err = v.consentSheet(s, r, false)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show("consent", d)
}

// declared returns what the form says, and what is wrong with it.
func (v *visit) declared(d *consentSheet, r house.Consented, today house.Day, now house.Wall) (said []house.Consent) {
	wrong := func(key, word string) {
		if d.Problems[key] == "" {
			d.Problems[key] = v.t(word)
		}
	}
	chosen := func(all []option) string {
		for _, o := range all {
			if o.Chosen {
				return o.Value
			}
		}
		return ""
	}
	one := house.Consent{
		Occasion: house.ID(account.NewID()), On: d.On, By: chosen(d.By), Guardian: house.ID(chosen(d.Guardian)), Method: d.Method, Notice: d.Notice,
		Language: record.Lang(chosen(d.Language)), Recorded: now,
	}
	for _, p := range house.Purposes {
		c := one
		c.Purpose = p
		state, _ := house.ConsentOf(r, p, today)
		switch d.Answers[p] {
		case "yes":
			c.Answer, c.Until = house.Given, d.Until[p]
			if c.Until != "" && (c.Until.Start(time.UTC).IsZero() || c.Until < d.On) {
				wrong("until."+string(p), "consent.until.wrong")
			}
		case "no":
			if c.Answer = house.Refused; state == house.Accepted {
				c.Answer = house.Withdrawn
			}
		default:
			continue
		}
		said = append(said, c)
	}
	switch {
	case len(said) == 0:
		wrong("answer", "consent.none")
	case d.On.Start(time.UTC).IsZero() || d.On > today:
		wrong("on", "consent.when")
	}
	if one.By == "" {
		wrong("by", "problem.missing")
	}
	if d.Method == "" || len(d.Method) > 80 {
		wrong("method", "problem.missing")
	}
	if d.Notice == "" || len(d.Notice) > 40 {
		wrong("notice", "problem.missing")
	}
	return said
}

func (v *visit) keepConsent() error {
	if err := v.form(); err != nil {
		return err
	}
	var d consentSheet
	var said []house.Consent
	err := v.see(func(s store.View) error {
		r, err := v.consented(s, v.id())
		if err != nil {
			return err
		}
		today, zone, err := v.today(s, r)
		if err != nil {
			return err
		}
		if d, err = v.consentSheet(s, r, true); err == nil {
			said = v.declared(&d, r, today, house.WallOf(v.opt.Now().In(zone)))
		}
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	d.Problem = "form.problems"
	if len(d.Problems) == 0 {
		err := v.change(func(ctx context.Context, e *hub.Edit) error {
			r, err := v.consented(e, v.id())
			if err != nil {
				return err
			}
			if stamp(r) != v.value("was") {
				return errMeanwhile
			}
			hash, err := v.hashOf(ctx, e, d.Notice)
			if err != nil {
				return err
			}
			for i := range said {
				said[i].Hash = hash
			}
			house.Declare(r, said)
			if err := house.Check(r); err != nil {
				return errWrong
			}
			return e.Put(ctx, r)
		})
		switch {
		case err == nil:
			return v.done(personPath(v.id())+"/consent/"+string(said[0].Occasion), "consent")
		case errors.Is(err, errMeanwhile):
			status, d.Problem = http.StatusConflict, "form.meanwhile"
		case errors.Is(err, errWrong):
			d.Problem = "form.wrong"
		default:
			return err
		}
	}
	return v.showAs(status, "consent", d)
}

// A receiptSheet is a receipt.
type receiptSheet struct {
	Person     personSheet
	Said       []house.Consent
	One        house.Consent // what they have in common
	Guardian   string
	Controller string
	Contact    string
	Sum        string // of what was said
	Signature  string // by the hub, of that
}

func (v *visit) receipt() error {
	var d receiptSheet
	err := v.see(func(s store.View) error {
		d = receiptSheet{}
		r, err := v.consented(s, v.id())
		if err != nil {
			return err
		}
		d.Person.ID, d.Person.Label, d.Person.Path = house.KeyOf(r), v.label(r), personPath(house.KeyOf(r))
		for _, c := range house.Consents(r) {
			if c.Occasion == house.ID(v.r.PathValue("declaration")) {
				d.Said = append(d.Said, c)
			}
		}
		if len(d.Said) == 0 {
			return store.ErrNotFound
		}
		d.One = d.Said[0]
		if d.One.Guardian != "" {
			g, err := store.Get[house.Relative](v.ctx(), s, d.One.Guardian)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			d.Guardian = g.Display.Reveal()
		}
		all, err := store.All[house.System](v.ctx(), s)
		if err == nil && len(all) > 0 {
			d.Controller, d.Contact = v.text(all[0].Controller.Name), all[0].Controller.Contact
		}
		return err
	})
	if err != nil {
		return err
	}
	parts := []string{string(d.Person.ID)}
	for _, c := range d.Said {
		parts = append(parts, string(c.Occasion), string(c.Purpose), string(c.Answer), string(c.On), c.By, string(c.Guardian), c.Method, c.Notice, string(c.Language), string(c.Until), string(c.Recorded))
		if c.Hash != "" {
			parts = append(parts, c.Hash)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	d.Sum = hex.EncodeToString(sum[:])
	d.Signature = hex.EncodeToString(v.hub.SignReceipt(d.Sum))
	return v.show("receipt", d)
}
