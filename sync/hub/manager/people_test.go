package manager

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// personForm returns what a browser would send of the form of somebody.
func personForm(t testing.TB, page string) []string {
	t.Helper()
	start := strings.Index(page, `<form id="person"`)
	require.Positive(t, start)
	form := page[start:]
	form = form[:strings.Index(form, "</form>")]
	pairs := filled(t, `<form class="card fields"`+form[len("<form"):]+"</form>")
	return pairs
}

// without returns pairs without some keys: boxes that are not ticked.
func without(pairs []string, keys ...string) (out []string) {
	for i := 0; i < len(pairs); i += 2 {
		drop := false
		for _, k := range keys {
			drop = drop || pairs[i] == k
		}
		if !drop {
			out = append(out, pairs[i], pairs[i+1])
		}
	}
	return out
}

// R-IBG-03: somebody is made with a first name and nothing else; nobody is shown who
// has not been asked.
func TestPersonIsMadeWithAFirstName(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get("/people/new?kind=resident")
	require.Equal(t, http.StatusOK, page.status)
	form := personForm(t, page.body)
	got := b.post("/people/new", form...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Udfyld feltet.")
	got = b.post("/people/new", with(form, "first_name", "Vigdis")...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	id := house.ID(strings.TrimSuffix(strings.TrimPrefix(got.to, "/people/"), "?done=saved"))
	r := stored[house.Resident](w, id)
	require.Equal(t, "Vigdis", r.FirstName.Reveal())
	require.Equal(t, house.NotAsked, r.Acceptance.State)
	require.Equal(t, house.Choices{NameMode: "first_name"}, r.Choices)
	list := b.get("/people")
	require.Contains(t, list.body, "Vigdis")
	require.Contains(t, list.body, "Vises ikke: mangler ja")
}

// A form sent back as it is changes nothing; what somebody else changed meanwhile is not
// lost, and what was typed is still there.
func TestPersonFormLosesNothing(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	for _, id := range []house.ID{"r01", "r02", "r05", "r08", "s01", "s03"} {
		k := house.KindResident
		if strings.HasPrefix(string(id), "s") {
			k = house.KindStaff
		}
		was := string(house.Encode(w.of(k, id)))
		form := personForm(t, b.get("/people/"+string(id)).body)
		got := b.post("/people/"+string(id), form...)
		require.Equal(t, http.StatusSeeOther, got.status, "%s %s", id, regexp.MustCompile(`class="wrong".*`).FindString(got.body))
		require.Equal(t, was, string(house.Encode(w.of(k, id))), id)
	}
	form := personForm(t, b.get("/people/r01").body)
	require.Equal(t, http.StatusSeeOther, b.post("/people/r01", with(form, "flat", "9")...).status)
	got := b.post("/people/r01", with(form, "alias", "Solsikke")...)
	require.Equal(t, http.StatusConflict, got.status)
	require.Contains(t, got.body, "En anden har ændret det imens.")
	require.Contains(t, got.body, `value="Solsikke"`)
	require.Equal(t, "9", stored[house.Resident](w, "r01").Flat.Reveal())
	require.True(t, stored[house.Resident](w, "r01").Alias.IsZero())
}

// R-IBG-05: choices are made one by one and hold at once.
func TestChoicesHold(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	form := personForm(t, b.get("/people/r01").body)
	form = with(form, "alias", "Solsikke", "choices.name_mode", "alias", "mark", "sunflower")
	got := b.post("/people/r01", without(form, "choices.show_photo", "choices.show_when_tagged")...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	r := stored[house.Resident](w, "r01")
	require.Equal(t, "alias", r.Choices.NameMode)
	require.Equal(t, "sunflower", r.Mark)
	require.False(t, r.Choices.Photo)
	require.False(t, r.Choices.Tagged)
	require.False(t, r.Choices.Hidden)
	require.Len(t, r.Choices.AutoMeals, 7, "what the form does not ask for stays")
	form = personForm(t, b.get("/people/r01").body)
	require.Equal(t, http.StatusSeeOther, b.post("/people/r01", without(form, "choices.profile_hidden")...).status)
	require.True(t, stored[house.Resident](w, "r01").Choices.Hidden)
}

// upload sends a form with a file.
func (b *browser) upload(path, field string, file []byte, pairs ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		require.NoError(b.t, m.WriteField(pairs[i], pairs[i+1]))
	}
	part, err := m.CreateFormFile(field, "IMG_0001.jpg")
	require.NoError(b.t, err)
	_, err = part.Write(file)
	require.NoError(b.t, err)
	require.NoError(b.t, m.Close())
	return b.do(http.MethodPost, path, &body, "Content-Type", m.FormDataContentType())
}

// camera returns a photo as a camera writes it: with words of its own in it.
func camera(t testing.TB, note string) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for i := range 64 {
		img.Set(i, i%48, color.RGBA{uint8(4 * i), 120, 90, 255})
	}
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, img, nil))
	raw := b.Bytes()
	comment := append([]byte{0xff, 0xfe, 0, byte(len(note) + 2)}, note...)
	return append(append(append([]byte{}, raw[:2]...), comment...), raw[2:]...)
}

// R-IBG-44: a portrait is taken in only of somebody who accepts to be shown, and
// without what the camera wrote into it.
func TestPortraitNeedsAYes(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	for _, x := range []struct {
		id  string
		yes bool
	}{{"r01", true}, {w.unasked(), false}} {
		page := b.get("/people/" + x.id)
		was := stored[house.Resident](w, house.ID(x.id)).Photo
		raw := camera(t, "GPS 55.6761 12.5683")
		got := b.upload("/people/"+x.id, "photo.file", raw, personForm(t, page.body)...)
		now := stored[house.Resident](w, house.ID(x.id)).Photo
		if !x.yes {
			require.Equal(t, http.StatusUnprocessableEntity, got.status)
			require.Contains(t, got.body, "siger ja først")
			require.Equal(t, was, now)
			continue
		}
		require.Equal(t, http.StatusSeeOther, got.status, got.body)
		require.NotEqual(t, was, now)
		kept := b.get("/people/" + x.id + "/photo")
		require.Equal(t, "image/jpeg", kept.header.Get("Content-Type"))
		require.NotContains(t, kept.body, "GPS")
		require.Equal(t, http.StatusUnprocessableEntity, b.upload("/people/"+x.id, "photo.file", []byte("no picture"), personForm(t, b.get("/people/"+x.id).body)...).status)
	}
}

// unasked returns somebody who has not been asked.
func (w *world) unasked() (id string) {
	w.view(func(v viewer) error {
		all, err := v.On(w.t.Context(), "dep-maane", house.KindResident, "", "")
		for _, r := range all {
			if r, ok := r.(*house.Resident); ok && r.Acceptance.State != house.Accepted {
				id = string(r.ID)
			}
		}
		return err
	})
	require.NotEmpty(w.t, id)
	return id
}

// R-IBG-44, R-STA-02: four answers, each with who, when, how and of which notice; a
// receipt of them; what was accepted ends by itself, is renewed, and is taken back.
func TestFourAnswers(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	id := w.unasked()
	ask := func(pairs ...string) answer {
		page := b.get("/people/" + id + "/consent")
		require.Equal(t, http.StatusOK, page.status, w.log.String())
		form := filled(t, page.body)
		var rest []string
		for i := 0; i < len(form); i += 2 {
			if !strings.HasPrefix(form[i], "answer.") {
				rest = append(rest, form[i], form[i+1])
			}
		}
		base := with(rest, "method", "Talt sammen", "notice", "2026-11")
		var more []string
		for i := 0; i < len(pairs); i += 2 {
			if strings.HasPrefix(pairs[i], "answer.") {
				more = append(more, pairs[i], pairs[i+1])
			}
		}
		return b.post("/people/"+id+"/consent", append(with(base, pairs...), more...)...)
	}
	of := func() house.Resident { return stored[house.Resident](w, house.ID(id)) }

	got := ask()
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Vælg mindst ét svar.")
	require.Equal(t, http.StatusUnprocessableEntity, ask("answer.stored", "yes", "on", "2027-01-01").status, "not said yet")
	require.Contains(t, ask("answer.outside", "yes", "until.outside", "2026-11-01").body, "Dagen skal ligge efter")

	require.Equal(t, http.StatusSeeOther, ask("answer.stored", "yes").status)
	require.NotEqual(t, house.Accepted, of().Acceptance.State, "to be kept is not to be shown")

	got = ask("answer.stored", "yes", "answer.shown", "yes", "answer.joining", "yes", "answer.outside", "no", "until.shown", "2026-12-20")
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	r := of()
	require.Equal(t, house.Acceptance{State: house.Accepted, DecidedOn: "2026-12-03", DecidedBy: "self", Method: "Talt sammen", Notice: "2026-11", Until: "2026-12-20"}, r.Acceptance)
	require.False(t, r.Choices.External)
	require.Contains(t, b.get("/people").body, "Ja udløber snart")

	receipt := b.get(strings.TrimSuffix(got.to, "?done=consent"))
	for _, says := range []string{"Kvittering", "At blive vist på skærme", "Sagde ja", "Sagde nej", "Talt sammen", "2026-11", "Kontrolsum:", "Underskrevet af huset:"} {
		require.Contains(t, receipt.body, says)
	}
	require.Regexp(t, `<code>[0-9a-f]{128}</code>`, receipt.body)

	require.Equal(t, http.StatusSeeOther, ask("answer.shown", "no").status)
	r = of()
	require.Equal(t, house.Declined, r.Acceptance.State)
	state, last := house.ConsentOf(&r, house.ForShown, "2026-12-03")
	require.Equal(t, house.Declined, state)
	require.Equal(t, house.Withdrawn, last.Answer)
	require.Len(t, house.Consents(&r), 6, "nothing of before was changed")

	require.Equal(t, http.StatusSeeOther, ask("answer.shown", "yes").status, "renewed")
	require.Equal(t, house.Accepted, of().Acceptance.State)
	require.Equal(t, http.StatusSeeOther, ask("answer.joining", "no").status)
	require.True(t, of().Choices.Hidden, "named nowhere, only counted")
	form := personForm(t, b.get("/people/"+id).body)
	got = b.post("/people/"+id, append(form, "choices.profile_hidden", "yes")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status, "not without a yes")
	require.Contains(t, got.body, "siger ja først")
	require.True(t, of().Choices.Hidden)
}

// R-IBG-04, R-IBG-25, R-IBG-26: the three ways: somebody leaves and comes back; is a
// number, so that nobody can tell who it was; is erased. What goes and what stays is
// said before, and the page that did it leads to the certificate.
func TestPersonLeaves(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	require.Contains(t, b.get("/people/r01/leave").body, "forsvinder straks fra alle skærme")
	require.Equal(t, http.StatusOK, b.post("/people/r01/leave").status)
	require.Equal(t, house.Lifecycle(""), stored[house.Resident](w, "r01").Lifecycle, "nobody was sure")
	require.Equal(t, http.StatusSeeOther, b.post("/people/r01/leave", "sure", "leave").status)
	require.Equal(t, house.Left, stored[house.Resident](w, "r01").Lifecycle)
	require.Equal(t, http.StatusSeeOther, b.post("/people/r01/leave", "sure", "return").status)
	require.Equal(t, house.Active, stored[house.Resident](w, "r01").Lifecycle)

	b.proved()
	was := stored[house.Resident](w, "r01")
	lists := func(id house.ID) (n int) {
		w.view(func(v viewer) error {
			all, err := v.ListsOf(t.Context(), id)
			n = len(all)
			return err
		})
		return n
	}
	took, before := lists("r01"), len(w.all(house.KindFormer))
	require.Positive(t, took)
	for _, x := range []struct{ id, what, done string }{{"r01", "anonymise", "Ingen kan se, hvem det var."}, {"r02", "erase", "Personen er slettet."}} {
		path := "/people/" + x.id + "/" + x.what
		require.Contains(t, b.get(path).body, "slettes for altid")
		got := b.post(path, "sure", "yes")
		require.NotContains(t, got.body, x.done, "nobody was sure")
		got = b.post(path, "sure", x.what)
		require.Equal(t, http.StatusOK, got.status, got.body)
		require.Contains(t, got.body, x.done)
		certificate := regexp.MustCompile(`/registers/erasures/[0-9a-f]+`).FindString(got.body)
		require.NotEmpty(t, certificate)
		require.Contains(t, b.get(certificate).body, `"level": "`+x.what+`"`)
		require.Equal(t, http.StatusNotFound, b.get("/people/"+x.id).status)
	}
	former := w.all(house.KindFormer)
	require.Len(t, former, before+1, "of whoever was anonymised a number is left, of whoever was erased none")
	number := former[len(former)-1].(*house.Former)
	require.Equal(t, "Tidligere", number.Label["da"])
	require.Equal(t, took, lists(number.ID), "it counts where they took part")
	for _, k := range house.Kinds() {
		for _, r := range w.every(k) {
			require.NotContains(t, string(house.Encode(r)), was.LastName.Reveal(), k)
			require.NotContains(t, string(house.Encode(r)), `"r01"`, k)
		}
	}
	require.NotContains(t, strings.Join(w.audit(), "\n"), " r01\n")
}

// Whoever looks after one department sees nobody of another, and changes nobody there.
func TestPeopleOfAnotherDepartmentAreNobodys(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-nabo")
	list := b.get("/people").body
	for _, name := range []string{"Anna Holm", "Mikkel"} {
		require.NotContains(t, list, name)
	}
	for _, path := range []string{"/people/r01", "/people/r01/photo", "/people/r01/consent", "/people/r01/leave"} {
		got := b.get(path)
		require.Equal(t, http.StatusForbidden, got.status, path)
		require.NotContains(t, got.body, "Anna")
	}
	require.Equal(t, http.StatusForbidden, b.post("/people/r01", "first_name", "X").status)
	require.Equal(t, http.StatusForbidden, b.post("/people/r01/look", "screen", "scr-3").status)
}

var shotIn = regexp.MustCompile(`/shots/[a-z0-9]+`)

// What is typed is seen before it is saved; nothing of it is kept; the picture is for
// whoever asked, and not for long.
func TestPreviewShowsWhatIsTyped(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	was := string(house.Encode(w.of(house.KindResident, "r01")))
	form := append(personForm(t, b.get("/people/r01").body), "screen", "scr-2", "page", "people", "at", "")
	saved := b.post("/people/r01/look", form...)
	require.Equal(t, http.StatusOK, saved.status, saved.body)
	before := b.get(shotIn.FindString(saved.body))
	require.Equal(t, "image/png", before.header.Get("Content-Type"))
	require.Equal(t, "no-store", before.header.Get("Cache-Control"))

	typed := b.do(http.MethodPost, "/people/r01/look", strings.NewReader(encode(without(with(form, "alias", "Solsikke", "choices.name_mode", "alias"), "choices.show_photo"))), "Hx-Request", "true")
	require.NotContains(t, typed.body, "<html", "a part of the page")
	require.Contains(t, typed.body, "Solsikke")
	require.Contains(t, typed.body, "Ja, som Solsikke")
	require.NotContains(t, typed.body, "Anna")
	path := shotIn.FindString(typed.body)
	after := b.get(path)
	require.NotEqual(t, before.body, after.body)
	require.Equal(t, was, string(house.Encode(w.of(house.KindResident, "r01"))), "nothing is kept")
	require.Equal(t, http.StatusNotFound, b.get(shotIn.FindString(saved.body)).status, "each session has one")
	require.Equal(t, http.StatusNotFound, w.as(account.Superuser).get(path).status, "and nobody else's")
	w.pass(shotLife)
	require.Equal(t, http.StatusNotFound, b.get(path).status)

	hidden := b.post("/people/r01/look", without(form, "choices.profile_hidden")...)
	require.Contains(t, hidden.body, "Tælles med, uden navn")
	require.Contains(t, hidden.body, "Sendes ikke")
	other := b.post("/people/r01/look", with(form, "at", "2026-12-05T23:30", "page", "home")...)
	require.Equal(t, http.StatusOK, other.status)
	require.NotEmpty(t, shotIn.FindString(other.body))
}

func encode(pairs []string) string {
	form := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		form[pairs[i]] = append(form[pairs[i]], pairs[i+1])
	}
	return url.Values(form).Encode()
}

// R-IBG-13: what is never sent is tried out, not written down: surname, door, tag,
// telephone and e-mail reach no screen, whatever somebody chooses. Every member that
// is sent has words.
func TestWhatIsNeverSentIsTriedOut(t *testing.T) {
	never := neverSentOf()
	require.Equal(t, []string{"last_name", "flat", "tag"}, never[house.KindResident])
	require.Equal(t, []string{"last_name", "email", "phone"}, never[house.KindStaff])
	words, err := loadWords("da")
	require.NoError(t, err)
	for _, f := range rowMembers {
		require.True(t, words.has("row."+f.Name), f.Name)
	}
	for m := range pagesOf {
		require.True(t, words.has("choice.modules."+string(m)), m)
	}
	for _, f := range house.Fields(house.KindDepartment) {
		if f.Key != "modules" {
			continue
		}
		for _, m := range f.Item.OneOf {
			require.Contains(t, pagesOf, record.Module(m), "a page that cannot be looked at")
		}
	}
	for _, m := range marks {
		require.True(t, words.has("mark."+m), m)
	}
}

// R-IBG-44: the plain form of a resident or of staff changes neither what they accepted
// nor what they chose, whatever is sent to it: it shows that, and leads to the page that
// asks who said so, when and how. Nobody is made there, either.
func TestPlainFormChangesNoConsent(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	for _, x := range []struct{ path, id string }{{"/records/resident/r06", "r06"}, {"/records/staff/s02", "s02"}} {
		k := house.KindResident
		if x.id[0] == 's' {
			k = house.KindStaff
		}
		was := string(house.Encode(w.of(k, house.ID(x.id))))
		page := b.get(x.path + "/edit")
		require.Contains(t, page.body, `href="/people/`+x.id+`"`)
		for _, name := range []string{`name="acceptance.`, `name="choices.`, `name="lifecycle"`, `name="photo`} {
			require.NotContains(t, page.body, name)
		}
		form := filled(t, page.body)
		got := b.post(x.path+"/edit", append(form, "acceptance.state", "accepted", "acceptance.decided_on", "2026-12-01", "acceptance.decided_by", "self",
			"acceptance.method", "x", "acceptance.notice_version", "1", "choices.show_photo", "yes", "choices.show_when_tagged", "yes", "lifecycle", "left")...)
		require.Equal(t, http.StatusSeeOther, got.status, got.body)
		require.Equal(t, was, string(house.Encode(w.of(k, house.ID(x.id)))))
		kind := string(k)
		require.Equal(t, "/people/new?kind="+kind, b.get("/records/"+kind+"/new").to)
		n := len(w.every(k))
		require.Equal(t, "/people/new?kind="+kind, b.post("/records/"+kind+"/new", "first_name", "X", "acceptance.state", "accepted").to)
		require.Len(t, w.every(k), n)
	}
}

// every returns each record of a kind.
func (w *world) every(k house.Kind) (out []house.Record) {
	w.t.Helper()
	w.view(func(v viewer) (err error) {
		out, err = v.All(w.t.Context(), k)
		return err
	})
	return out
}

// R-IBG-34: whoever accepts to be seen in what they take part in can be signed up for
// meals by a rule, from the next meal that is made on; a rule can be taken away whatever
// they accept.
func TestRulesForMealsAreAccepted(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Employee, "dep-maane")
	form := without(personForm(t, b.get("/people/r01").body), "choices.accept_auto_meal")
	got := b.post("/people/r01", append(form, "choices.accept_auto_meal", "lunch:thu")...)
	require.Equal(t, http.StatusSeeOther, got.status)
	require.Equal(t, []house.AutoMeal{"lunch:thu"}, stored[house.Resident](w, "r01").Choices.AutoMeals)
	meal := func(day string) house.ID {
		page := b.get("/records/meal/new")
		got := b.post("/records/meal/new", with(filled(t, page.body), "title.da", "Suppe", "kind", "lunch", "served", day+"T12:00", "department", "dep-maane")...)
		require.Equal(t, http.StatusSeeOther, got.status, got.body)
		return house.ID(strings.TrimSuffix(strings.TrimPrefix(got.to, "/records/meal/"), "?done=saved"))
	}
	on := func(id house.ID) (via string) {
		w.view(func(v viewer) error {
			all, err := v.Places(t.Context(), house.List{Kind: house.KindMeal, ID: id})
			for _, p := range all {
				if p.Person == "r01" {
					via = p.Via
				}
			}
			return err
		})
		return via
	}
	require.Equal(t, "auto", on(meal("2027-01-07")))
	require.Empty(t, on(meal("2027-01-08")), "not on a Friday")

	w.change(func(ctx context.Context, e *hub.Edit) error {
		return hub.Alter(ctx, e, "r01", func(r *house.Resident) {
			house.Declare(r, []house.Consent{{Occasion: "o", Purpose: house.ForJoining, Answer: house.Refused, On: "2026-12-03", By: "self", Method: "m", Notice: "1"}})
		})
	})
	form = personForm(t, b.get("/people/r01").body)
	got = b.post("/people/r01", append(form, "choices.accept_auto_meal", "dinner:mon")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "siger ja først")
	require.Equal(t, http.StatusSeeOther, b.post("/people/r01", without(form, "choices.accept_auto_meal")...).status)
	require.Empty(t, stored[house.Resident](w, "r01").Choices.AutoMeals)
}

// change changes the house as the hub.
func (w *world) change(f func(context.Context, *hub.Edit) error) {
	w.t.Helper()
	require.NoError(w.t, w.hub.Change(w.t.Context(), store.Actor{Org: org, Kind: store.ByHub, ID: "test"}, f))
}
