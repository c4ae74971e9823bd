package manager

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// The end of the contract (R-DPA-22): a superuser, who has just proved who they are,
// decides what becomes of everything, 30 days before at least; sees what would go and
// what stays; gives it back; and does it, once the day has come. Until then it can be
// taken back.
var _ = add(page{Name: "ending", Routes: []route{
	{"GET /registers/ending", account.Erase, (*visit).ending},
	{"POST /registers/ending", account.Erase, (*visit).planEnding},
	{"POST /registers/ending/cancel", account.Erase, (*visit).cancelEnding},
	{"POST /registers/ending/copy", account.Erase, (*visit).copyEnding},
	{"POST /registers/ending/do", account.Erase, (*visit).doEnding},
	{"GET /registers/ending/{id}", account.Registers, (*visit).endCertificate},
}})

const endingPath = "/registers/ending"

// An endingSheet is what the page shows.
type endingSheet struct {
	Today    house.Day
	First    house.Day // that can be chosen
	Plan     *house.Entry
	Left     int  // days
	Ready    bool // it can be done
	Toll     *hub.EndToll
	Kinds    []kindCount
	Expires  house.Day // of backups
	Past     []house.Entry
	Problem  string
	Choice   string
	On       house.Day
	Finished bool // just now
}

// A kindCount is how many records of a kind would go.
type kindCount struct {
	Kind house.Kind
	N    int
}

// ahead returns the ending that is still to come, or nil, and those that are not.
func (v *visit) ahead(s store.View) (plan *house.Entry, past []house.Entry, err error) {
	all, err := v.matters(s, func(e house.Entry) bool { return e.Ending != nil })
	for _, m := range all {
		now := m.Now()
		if now.Ending.Open() {
			plan = &now
		} else {
			past = append(past, now)
		}
	}
	slices.Reverse(past)
	return plan, past, err
}

// endingSheet returns the page as things stand.
func (v *visit) endingSheet() (d endingSheet, err error) {
	err = v.see(func(s store.View) error {
		now, _, err := v.clockOf(s)
		if err != nil {
			return err
		}
		d = endingSheet{Today: now.Day(), First: now.Day().Add(house.EndingDays)}
		d.On = d.First
		d.Plan, d.Past, err = v.ahead(s)
		return err
	})
	if err != nil || d.Plan == nil {
		return d, err
	}
	d.Left, d.Ready = d.Plan.Ending.DaysLeft(d.Today), d.Plan.Ending.Ready(d.Today)
	x, err := v.hub.End(v.ctx(), v.actor(), true)
	if err != nil {
		return d, err
	}
	d.Toll, d.Expires = &x, house.DayOf(x.Backups)
	for _, k := range house.Kinds() {
		if n := x.Kinds[k]; n > 0 {
			d.Kinds = append(d.Kinds, kindCount{k, n})
		}
	}
	return d, nil
}

func (v *visit) ending() error {
	d, err := v.endingSheet()
	if err != nil {
		return err
	}
	return v.show("ending", d)
}

// endingWrong shows the page with what is wrong.
func (v *visit) endingWrong(status int, problem string) error {
	d, err := v.endingSheet()
	if err != nil {
		return err
	}
	d.Problem, d.Choice = problem, v.value("choice")
	if on := house.Day(v.value("on")); !on.Start(time.UTC).IsZero() {
		d.On = on
	}
	return v.showAs(status, "ending", d)
}

// settleEnding adds an entry in place of what is planned, or the first.
func (v *visit) settleEnding(f func(now house.Wall, plan *house.Ending) (next *house.Ending, problem string)) (problem string, err error) {
	if err := v.form(); err != nil {
		return "", err
	}
	e := &house.Entry{}
	err = v.see(func(s store.View) error {
		now, _, err := v.clockOf(s)
		if err != nil {
			return err
		}
		plan, _, err := v.ahead(s)
		if err != nil {
			return err
		}
		e.Written = now
		var was *house.Ending
		if plan != nil {
			copied := *plan.Ending
			was, e.Replaces = &copied, plan.ID
			if v.value("was") != string(plan.ID) {
				problem = "ending.meanwhile"
				return nil
			}
		}
		e.Ending, problem = f(now, was)
		return nil
	})
	if err != nil || problem != "" {
		return problem, err
	}
	err = v.write(e)
	if errors.Is(err, errMeanwhile) {
		return "ending.meanwhile", nil
	}
	return "", err
}

func (v *visit) planEnding() error {
	problem, err := v.settleEnding(func(now house.Wall, plan *house.Ending) (*house.Ending, string) {
		choice, on := v.value("choice"), house.Day(v.value("on"))
		switch {
		case plan != nil:
			return nil, "ending.meanwhile"
		case choice != "return" && choice != "delete":
			return nil, "ending.choose"
		case on.Start(time.UTC).IsZero() || on < now.Day().Add(house.EndingDays):
			return nil, "ending.soon"
		}
		return &house.Ending{State: "planned", Choice: choice, On: on}, ""
	})
	if err != nil {
		return err
	}
	switch problem {
	case "":
		return v.done(endingPath, "ending")
	case "ending.meanwhile":
		return v.endingWrong(http.StatusConflict, problem)
	}
	return v.endingWrong(http.StatusUnprocessableEntity, problem)
}

func (v *visit) cancelEnding() error {
	problem, err := v.settleEnding(func(_ house.Wall, plan *house.Ending) (*house.Ending, string) {
		if plan == nil {
			return nil, "ending.meanwhile"
		}
		plan.State = "cancelled"
		return plan, ""
	})
	if err != nil {
		return err
	}
	if problem != "" {
		return v.endingWrong(http.StatusConflict, problem)
	}
	return v.done(endingPath, "ending_off")
}

// copyEnding sends everything that is given back, and notes when.
func (v *visit) copyEnding() error {
	problem, err := v.settleEnding(func(now house.Wall, plan *house.Ending) (*house.Ending, string) {
		if plan == nil {
			return nil, "ending.meanwhile"
		}
		plan.Copied = now
		return plan, ""
	})
	if err != nil {
		return err
	}
	if problem != "" {
		return v.endingWrong(http.StatusConflict, problem)
	}
	b, err := v.everything()
	if err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="house.zip"`)
	_, err = v.w.Write(b)
	return err
}

// everything returns the whole house in one file: house.json, as a hub takes it in
// again; the pictures it names; and a manifest with the sum of each.
func (v *visit) everything() ([]byte, error) {
	manifest := struct {
		Schema string            `json:"schema"`
		System house.ID          `json:"system"`
		Made   time.Time         `json:"made"`
		By     string            `json:"by"`
		Files  map[string]string `json:"sha256"`
	}{"tavle-house-copy/1", v.who.Org, v.opt.Now().UTC(), v.who.ID, map[string]string{}}
	var out, doc bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, b []byte) error {
		sum := sha256.Sum256(b)
		manifest.Files[name] = hex.EncodeToString(sum[:])
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: manifest.Made})
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	}
	err := v.hub.Export(v.ctx(), v.actor(), &doc, func(p house.Picture, b []byte) error {
		return add(strings.TrimPrefix(string(p), "asset:"), b)
	})
	if err == nil {
		err = add("house.json", doc.Bytes())
	}
	if err != nil {
		return nil, err
	}
	list, err := json.MarshalIndent(manifest, "", "  ")
	if err == nil {
		err = add("manifest.json", list)
	}
	err = errors.Join(err, z.Close())
	return out.Bytes(), err
}

// doEnding erases everything.
func (v *visit) doEnding() error {
	if err := v.form(); err != nil {
		return err
	}
	d, err := v.endingSheet()
	switch {
	case err != nil:
		return err
	case d.Plan == nil || v.value("was") != string(d.Plan.ID):
		return v.endingWrong(http.StatusConflict, "ending.meanwhile")
	case v.value("sure") != "erase":
		return v.endingWrong(http.StatusUnprocessableEntity, "ending.sure")
	case !d.Ready:
		return v.endingWrong(http.StatusUnprocessableEntity, "ending.not_yet")
	}
	x, err := v.hub.End(v.ctx(), v.actor(), false)
	if errors.Is(err, hub.ErrNotDue) {
		return v.endingWrong(http.StatusConflict, "ending.meanwhile")
	}
	if err != nil {
		return err
	}
	v.lobby.with(v.opt.Now(), func() {
		clear(v.lobby.drafts)
		clear(v.lobby.undos)
	})
	if d, err = v.endingSheet(); err != nil {
		return err
	}
	d.Finished, d.Toll = true, &x
	return v.show("ending", d)
}

// endCertificate sends the certificate of one that was done.
func (v *visit) endCertificate() error {
	c, err := v.hub.EndCertificate(v.ctx(), v.actor(), v.id())
	if err != nil {
		return err
	}
	return v.sendJSON("certificate.json", c)
}

// dueEnding counts the days to the end of the contract.
func (v *visit) dueEnding(s store.View) ([]dueLine, error) {
	now, _, err := v.clockOf(s)
	if err != nil {
		return nil, err
	}
	plan, _, err := v.ahead(s)
	if err != nil || plan == nil {
		return nil, err
	}
	l := dueLine{
		Icon: "clock", What: v.t("ending.due"), When: v.t("ending.left", "n", plan.Ending.DaysLeft(now.Day())), Clock: "soon", Word: "ending", Path: endingPath, at: plan.Ending.On.Start(time.UTC),
	}
	if plan.Ending.DaysLeft(now.Day()) <= 0 {
		l.Clock, l.When = "now", v.t("ending.today")
	}
	return []dueLine{l}, nil
}
