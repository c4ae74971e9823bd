package manager

import (
	"context"
	"slices"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// What people are told about what is kept of them: every version there was, in three
// languages, with the hash that is written down with whoever accepts it (R-IBG-02), and
// what is new in it. Publishing one changes nothing of anybody; it may say that whoever
// accepted before is to be asked again (R-IBG-28).
var _ = add(page{Name: "notices", Routes: []route{
	{"GET /registers/notices", account.Registers, (*visit).notices},
	{"GET /registers/notices/new", account.Settings, (*visit).newNotice},
	{"POST /registers/notices/new", account.Settings, (*visit).publish},
	{"GET /people/again", account.People, (*visit).askAgain},
}})

// noticesPath is where they are.
const noticesPath = "/registers/notices"

// A noticeLine is one version.
type noticeLine struct {
	house.Entry
	Hash string
	Last bool
}

func (v *visit) notices() error {
	var out []noticeLine
	err := v.see(func(s store.View) error {
		out = nil
		all, err := v.matters(s, func(e house.Entry) bool { return e.Notice != nil })
		for _, m := range slices.Backward(all) {
			e := m.Now()
			out = append(out, noticeLine{e, e.Notice.Hash(), len(out) == 0})
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show("notices", out)
}

// noticeForm is how the form of a new version begins.
var noticeForm = entryForm{Path: noticesPath + "/new", Back: noticesPath, Title: "notices.new", Text: "notices.new.text", Go: "notices.new.go"}

func (v *visit) newNotice() error {
	return v.draftEntry(noticeForm, partOf("notice"), func(_ house.Wall, all []house.Entry) house.Entry {
		next := house.Notice{}
		if past := house.Notices(all); len(past) > 0 {
			next.Text = past[len(past)-1].Text
		}
		return house.Entry{Notice: &next}
	})
}

func (v *visit) publish() error {
	e := &house.Entry{Notice: &house.Notice{}}
	ok, err := v.addEntry(noticeForm, partOf("notice"), e, func(f *former, _ house.Wall, all []house.Entry) {
		if len(e.Notice.Missing()) > 0 {
			f.wrong("notice.text", "notice.text")
		}
		past := house.Notices(all)
		if slices.ContainsFunc(past, func(n house.Notice) bool { return n.Version == e.Notice.Version }) {
			f.wrong("notice.version", "notice.version")
		}
		if len(past) > 0 && len(e.Notice.Changes) == 0 {
			f.wrong("notice.changes", "notice.changes")
		}
	})
	if err != nil || !ok {
		return err
	}
	return v.done(noticesPath, "notice")
}

// published returns the version that was published last; false: none was.
func (v *visit) published(s store.View) (house.Notice, bool, error) {
	all, err := store.All[house.Entry](v.ctx(), s)
	past := house.Notices(all)
	if len(past) == 0 {
		return house.Notice{}, false, err
	}
	return past[len(past)-1], true, err
}

// hashOf returns the hash of the version that was told; "": the house has not published
// it.
func (v *visit) hashOf(ctx context.Context, e *hub.Edit, version string) (string, error) {
	all, err := e.All(ctx, house.KindEntry)
	for _, r := range all {
		if n := r.(*house.Entry).Notice; n != nil && n.Version == version {
			return n.Hash(), err
		}
	}
	return "", err
}

// askAgain names whoever is to be asked again, of those whom whoever looks looks after.
func (v *visit) askAgain() error {
	var out []row
	err := v.see(func(s store.View) (err error) {
		out, err = v.toAsk(s)
		return err
	})
	if err != nil {
		return err
	}
	return v.show("again", out)
}

// toAsk returns them, each with the way to their answers.
func (v *visit) toAsk(s store.View) (out []row, err error) {
	entries, err := store.All[house.Entry](v.ctx(), s)
	past := house.Notices(entries)
	if err != nil || !slices.ContainsFunc(past, func(n house.Notice) bool { return n.Ask }) {
		return nil, err
	}
	now, _, err := v.clockOf(s)
	if err != nil {
		return nil, err
	}
	for _, k := range []house.Kind{house.KindResident, house.KindStaff} {
		all, err := s.All(v.ctx(), k)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			c := r.(house.Consented)
			if v.who.Reaches(house.HomeOf(r).Departments...) && *lifecycle(c) != house.Left && house.AskAgain(c, past, now.Day()) {
				out = append(out, row{Path: personPath(house.KeyOf(r)) + "/consent", Label: v.label(r), Where: v.t("kind." + string(k))})
			}
		}
	}
	return out, nil
}
