package manager

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// A visit is one request: who asks, for what, and what helps to answer.
type visit struct {
	*Manager
	w     http.ResponseWriter
	r     *http.Request
	route route
	who   *account.Visitor // nil: nobody is logged in
	lang  string           // of the page: one of languages
}

// idOf returns an ID that was in an address or a form. It may name nothing.
func idOf(s string) house.ID { return house.ID(s) }

// id returns the ID in the address.
func (v *visit) id() house.ID { return idOf(v.r.PathValue("id")) }

// ctx returns the context of the request.
func (v *visit) ctx() context.Context { return v.r.Context() }

// actor returns who acts, to store and hub.
func (v *visit) actor() store.Actor {
	by := v.who.Actor()
	by.At = v.opt.Now()
	return by
}

// see reads as whoever asks: what they see of people is in the audit.
func (v *visit) see(f func(store.View) error) error { return v.store.View(v.ctx(), v.actor(), f) }

// change changes the house as whoever asks; the walls hear of it.
func (v *visit) change(f func(context.Context, *hub.Edit) error) error {
	return v.hub.Change(v.ctx(), v.actor(), f)
}

// to sends the browser on to one of our own paths.
func (v *visit) to(path string) error {
	if h := v.w.Header(); v.r.Header.Get("Hx-Request") == "true" {
		h.Set("Hx-Redirect", path)
		v.w.WriteHeader(http.StatusOK)
		return nil
	}
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// done sends the browser on to where a word says that something was done: one of the
// words under "done.".
func (v *visit) done(path, word string) error { return v.to(path + "?done=" + word) }

// show answers with a page.
func (v *visit) show(name string, data any) error { return v.showAs(http.StatusOK, name, data) }

// showAs answers with a page and a status.
func (v *visit) showAs(status int, name string, data any) error {
	var b bytes.Buffer
	s := &sheet{visit: v, Name: name, Data: data}
	if err := v.views.paint(&b, v.lang, name, s); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(b.Bytes())
	return nil
}

// sorry answers with what went wrong, in words of "sorry.".
func (v *visit) sorry(status int, why string) {
	if v.lang == "" {
		v.lang = v.language()
	}
	if err := v.showAs(status, "sorry", why); err != nil {
		http.Error(v.w, http.StatusText(status), status)
	}
}

// form reads the form that was sent.
func (v *visit) form() error {
	if strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/") {
		return v.r.ParseMultipartForm(8 << 20)
	}
	return v.r.ParseForm()
}

// value returns one field of the form.
func (v *visit) value(key string) string { return v.r.PostFormValue(key) }

// text returns what a text of the house says, in the language of the page if it is
// there.
func (v *visit) text(t record.Text) string {
	s, _ := t.In(record.Lang(v.lang), record.Danish, record.Bokmal, record.English)
	return s
}

// t returns words of the page's language.
func (v *visit) t(key string, args ...any) string { return v.views.words(v.lang).T(key, args...) }

// languages are those of the Manager, the first where nothing else is known.
var languages = []string{"da", "nb", "en"}

// language returns in which language to answer: what somebody chose, or else what
// their browser asks for.
func (v *visit) language() string {
	if c, err := v.r.Cookie(cookieLang); err == nil && slices.Contains(languages, c.Value) {
		return c.Value
	}
	if v.who != nil && slices.Contains(languages, string(v.who.Language)) {
		return string(v.who.Language)
	}
	for part := range strings.SplitSeq(v.r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
		if tag == "no" || tag == "nn" {
			tag = "nb"
		}
		if slices.Contains(languages, tag) {
			return tag
		}
	}
	return languages[0]
}

// departments returns the departments that whoever asks looks after.
func (v *visit) departments(s store.View) ([]house.Department, error) {
	all, err := store.All[house.Department](v.ctx(), s)
	return slices.DeleteFunc(all, func(d house.Department) bool { return !v.who.Reaches(d.ID) }), err
}

// meta returns what the house says of itself.
func (v *visit) meta(s store.View) (house.Meta, error) {
	m, err := store.Get[house.Meta](v.ctx(), s, house.OnlyID)
	if errors.Is(err, store.ErrNotFound) {
		return house.Meta{Languages: []record.Lang{record.Danish}}, nil
	}
	return m, err
}
