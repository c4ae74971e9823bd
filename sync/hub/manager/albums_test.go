package manager

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/photo"
	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// A brought is a file as somebody calls it.
type brought struct {
	name string
	raw  []byte
}

// send sends several files at once.
func (b *browser) send(path, field string, files ...brought) answer {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, f := range files {
		part, err := m.CreateFormFile(field, f.name)
		require.NoError(b.t, err)
		_, err = part.Write(f.raw)
		require.NoError(b.t, err)
	}
	require.NoError(b.t, m.Close())
	return b.do(http.MethodPost, path, &body, "Content-Type", m.FormDataContentType())
}

// newAlbum makes an album and returns its ID.
func (b *browser) newAlbum(title string) house.ID {
	b.t.Helper()
	got := b.post("/albums/new", "title.da", title, "department", "dep-maane")
	require.Equal(b.t, http.StatusSeeOther, got.status, got.body)
	return house.ID(strings.TrimSuffix(strings.TrimPrefix(got.to, "/albums/"), "?done=saved"))
}

// sent returns the pictures of an album that a screen is sent, by their words in Danish.
func (w *world) sentOf(screen, id house.ID) (alts []string) {
	w.t.Helper()
	p, err := w.hub.Preview(w.t.Context(), store.Actor{Org: org}, hub.Previewing{Screen: screen})
	require.NoError(w.t, err)
	for _, x := range p.Facts.Albums[record.AlbumID(p.Ref(record.KindAlbum, id).ID)].Photos {
		alts = append(alts, x.Alt["da"])
	}
	return alts
}

// Several pictures come in at once: each loses what the camera wrote into it, and none is
// on a screen before somebody has said who is in it. One that cannot be used stops none of
// the others, and the page says in words what is wrong with it.
func TestPicturesComeInMany(t *testing.T) {
	w := pictured(t)
	b := w.as(account.Employee, "dep-maane")
	id := b.newAlbum("Julefrokost")
	path := "/albums/" + string(id)
	heic := []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")
	got := b.send(path+"/photos", "photos",
		brought{"IMG_1.jpg", camera(t, "GPS 55.6761 12.5683")}, brought{"IMG_2.HEIC", heic}, brought{"noter.txt", []byte("Husk kagen")}, brought{"IMG_3.jpg", camera(t, "en anden")})
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Billeder, der er hentet: 2")
	require.Contains(t, got.body, "IMG_2.HEIC</strong>: Det er et HEIC-billede fra en iPhone.")
	require.Contains(t, got.body, "noter.txt</strong>: Det er ikke et billede, vi kan bruge.")
	a := stored[house.Album](w, id)
	require.Len(t, a.Photos, 2)
	for _, p := range a.Photos {
		require.True(t, p.Unasked)
		require.Equal(t, house.Day("2026-12-03"), p.Added)
	}
	image := b.get(path + "/photos/" + string(a.Photos[0].ID) + "/image")
	require.Equal(t, "image/jpeg", image.header.Get("Content-Type"))
	require.NotContains(t, image.body, "GPS")
	require.Empty(t, w.sentOf("scr-2", id), "nobody has said who is in them")
	require.NotContains(t, w.log.String(), "IMG_")

	got = b.send(path+"/photos", "photos", brought{"a.jpg", camera(t, "x")})
	require.Equal(t, path+"?done=photos", got.to)
	require.Contains(t, b.send(path+"/photos", "photos").body, "Vælg et eller flere billeder først.")
	many := make([]brought, maxPhotosAtOnce+1)
	for i := range many {
		many[i] = brought{fmt.Sprintf("%d.jpg", i), camera(t, "x")}
	}
	got = b.send(path+"/photos", "photos", many...)
	require.Contains(t, got.body, "20 billeder ad gangen")
	require.Len(t, stored[house.Album](w, id).Photos, 3+maxPhotosAtOnce)
	_, err := photo.Decode(bytes.NewReader(heic), photo.Limits{})
	require.ErrorIs(t, err, photo.ErrHEIC)
}

var photoIn = regexp.MustCompile(`/albums/[^/"]+/photos/[a-z0-9]+`)

// A-27, V-14: a picture is shown once somebody has said who is in it, and only if each of
// them wants that; the page names whoever does not to those who look after them, and to
// nobody else.
func TestWhoIsInThePicture(t *testing.T) {
	w := pictured(t)
	b := w.as(account.Employee, "dep-maane")
	id := b.newAlbum("Udflugt")
	path := "/albums/" + string(id)
	require.Equal(t, http.StatusSeeOther, b.send(path+"/photos", "photos", brought{"a.jpg", camera(t, "a")}, brought{"b.jpg", camera(t, "b")}).status)
	page := b.get(path)
	require.Contains(t, page.body, "fordi ingen har sagt, hvem der er på dem: 2")
	one := photoIn.FindString(page.body)
	form := filled(t, b.get(one).body)
	require.Contains(t, b.get(one).body, "Anna Holm")
	got := b.post(one, with(form, "alt.da", "To venner ved søen.")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Sig, hvem der er på billedet")
	require.Contains(t, got.body, "To venner ved søen.", "what was typed is still there")
	form = with(form, "alt.da", "To venner ved søen.")
	require.Contains(t, b.post(one, append(form, "tagged", "r01", "nobody", "yes")...).body, "Vælg en af delene")
	got = b.post(one, append(form, "tagged", "r01", "tagged", "r02", "then", "next")...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	require.NotContains(t, got.to, one, "the next one without an answer")
	require.Contains(t, got.to, path+"/photos/")
	require.Equal(t, []string{"To venner ved søen."}, w.sentOf("scr-2", id))
	require.Equal(t, http.StatusConflict, b.post(one, append(form, "nobody", "yes")...).status, "somebody answered meanwhile")

	// r09 wants to be in no shared picture.
	form = filled(t, b.get(one).body)
	require.Equal(t, http.StatusSeeOther, b.post(one, append(form, "tagged", "r09")...).status)
	require.Empty(t, w.sentOf("scr-2", id))
	said := b.get(path).body
	require.Contains(t, said, `<a href="/people/r09">`)
	require.Contains(t, said, "har ikke sagt ja til fælles billeder")
	require.NotContains(t, said, `<a href="/people/r01">`, "whoever said yes is in nobody's way")

	// Whoever looks after another department sees nobody's name, and no picture.
	other := w.as(account.Employee, "dep-nabo")
	for _, at := range []string{path, one, one + "/image", one + "/delete"} {
		got := other.get(at)
		require.Equal(t, http.StatusForbidden, got.status, at)
		require.NotContains(t, got.body, "Anna")
	}
	require.Equal(t, http.StatusForbidden, other.post(one+"/do", "what", "hide").status)
	require.Equal(t, http.StatusForbidden, other.post(one, "nobody", "yes").status)
	require.Equal(t, http.StatusForbidden, other.send(path+"/photos", "photos", brought{"a.jpg", camera(t, "a")}).status)
}

// Somebody of another department in a picture is not named to those who do not look
// after them: only that an answer is missing.
func TestSomebodyElsesAnswerIsNotNamed(t *testing.T) {
	w := pictured(t)
	require.NoError(t, w.hub.Change(t.Context(), store.Actor{Org: org, Kind: store.ByHub, ID: "test"}, func(ctx context.Context, e *hub.Edit) error {
		return hub.Alter(ctx, e, "al1", func(a *house.Album) { a.Department, a.Photos[2].Tagged = "dep-nabo", []house.ID{"r09"} })
	}))
	got := w.as(account.Employee, "dep-nabo").get("/albums/al1")
	require.Equal(t, http.StatusOK, got.status)
	require.Contains(t, got.body, "som du ikke har adgang til: 1")
	require.NotContains(t, got.body, "/people/r09")
	for _, name := range []string{"Олександр", "Sasha"} {
		require.NotContains(t, got.body, name)
		require.NotContains(t, w.as(account.Employee, "dep-nabo").get("/albums/al1/photos/f3").body, name)
	}
}

// V-14: whatever people choose, the page says of exactly those pictures that they are
// shown which the board is sent.
func TestThePageSaysWhatTheBoardIsSent(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 7))
	w := pictured(t)
	pick := func(all ...house.AcceptanceState) house.AcceptanceState { return all[r.IntN(len(all))] }
	for range 12 {
		var tagged [][]house.ID
		require.NoError(t, w.hub.Change(t.Context(), store.Actor{Org: org, Kind: store.ByHub, ID: "test"}, func(ctx context.Context, e *hub.Edit) error {
			for _, id := range []house.ID{"r01", "r02", "r03", "r09", "r10"} {
				err := hub.Alter(ctx, e, id, func(x *house.Resident) {
					x.Acceptance = house.Acceptance{State: pick(house.Accepted, house.Accepted, house.Accepted, house.NotAsked, house.Declined), DecidedOn: "2026-01-01", DecidedBy: "self", Method: "m", Notice: "1"}
					if r.IntN(4) == 0 {
						x.Acceptance.Until = "2026-12-02"
					}
					x.Choices.Tagged, x.Choices.Photo, x.Choices.Hidden = r.IntN(4) > 0, r.IntN(4) > 0, r.IntN(4) == 0
				})
				if err != nil {
					return err
				}
			}
			return hub.Alter(ctx, e, "al1", func(a *house.Album) {
				tagged = nil
				for i := range a.Photos {
					var in []house.ID
					for _, id := range []house.ID{"r01", "r02", "r03", "r09", "r10", "r00", "s01", "k1"} {
						if r.IntN(6) == 0 {
							in = append(in, id)
						}
					}
					a.Photos[i].Tagged, a.Photos[i].Alt = in, record.Text{"da": fmt.Sprint(i)}
					a.Photos[i].Hidden, a.Photos[i].Unasked = r.IntN(6) == 0, r.IntN(6) == 0
					tagged = append(tagged, in)
				}
			})
		}))
		// The pictures of the test's house look like nothing, so the board is asked alone.
		var says []bool
		w.view(func(s viewer) error {
			v := &visit{Manager: w.man, r: (&http.Request{}).WithContext(t.Context()), who: &account.Visitor{}}
			c := v.censor(s)
			a := stored[house.Album](w, "al1")
			for i := range a.Photos {
				why, err := c.of(a.Department, &a.Photos[i])
				if err != nil {
					return err
				}
				says = append(says, why.Shown())
			}
			return nil
		})
		sent := w.sentOf("scr-2", "al1")
		for i := range says {
			is := false
			for _, alt := range sent {
				is = is || alt == fmt.Sprint(i)
			}
			require.Equal(t, is, says[i], "picture %d of %v", i, tagged)
		}
	}
}

// R-IBG-32: a picture and a piece of news are taken off the screens in two steps, to open
// and to hide; that is in the audit, and what was hidden waits for somebody to decide.
func TestHiddenInTwoSteps(t *testing.T) {
	w := pictured(t)
	b := w.as(account.Employee, "dep-maane")
	page := b.get("/albums/al1") // one
	require.Contains(t, page.body, `value="hide"`)
	require.Contains(t, w.sentOf("scr-2", "al1"), "En båd sejler på det blå hav.")
	require.Equal(t, "/albums/al1?done=hide", b.post("/albums/al1/photos/f2/do", "what", "hide").to) // two
	require.NotContains(t, w.sentOf("scr-2", "al1"), "En båd sejler på det blå hav.")
	require.Contains(t, w.audit(), "staff hide album al1")

	require.Contains(t, b.get("/records/news/n01").body, `value="hide"`)                                 // one
	require.Equal(t, "/records/news/n01?done=hide", b.post("/records/news/n01/hide", "what", "hide").to) // two
	require.True(t, stored[house.News](w, "n01").Hidden)
	require.Contains(t, w.audit(), "staff hide news n01")

	review := b.get("/albums/review")
	require.Contains(t, review.body, "Ny vaskemaskine")
	require.Contains(t, review.body, "En båd sejler på det blå hav.")
	require.Contains(t, b.get("/albums").body, "Taget af skærmene: 2.")
	require.Equal(t, http.StatusSeeOther, b.post("/records/news/n01/hide", "what", "show").status)
	require.Equal(t, http.StatusSeeOther, b.post("/albums/al1/photos/f2/do", "what", "show").status)
	require.False(t, stored[house.News](w, "n01").Hidden)
	require.Contains(t, b.get("/albums/review").body, "Intet er taget af skærmene.")
	require.Equal(t, http.StatusForbidden, w.as(account.Employee, "dep-nabo").post("/records/news/n01/hide", "what", "hide").status)
}

// R-ACT-09: albums older than so many years are gone through: kept, until they are that
// old again, or deleted.
func TestOldAlbumsAreGoneThrough(t *testing.T) {
	w := pictured(t)
	b := w.as(account.Employee, "dep-maane")
	id := b.newAlbum("Nyt")
	require.Equal(t, http.StatusSeeOther, b.send("/albums/"+string(id)+"/photos", "photos", brought{"a.jpg", camera(t, "a")}).status)
	old := b.get("/albums/review").body
	require.Contains(t, old, "Sommerfest")
	require.Contains(t, old, "ingen ved, hvor gammelt det er")
	require.NotContains(t, old, "Nyt</a>")
	require.Equal(t, http.StatusSeeOther, b.post("/albums/al2/reviewed").status)
	require.NotContains(t, b.get("/albums/review").body, "Sommerfest")
	w.pass(3 * 365 * 24 * time.Hour)
	b = w.as(account.Employee, "dep-maane")
	old = b.get("/albums/review").body
	require.Contains(t, old, "Sommerfest")
	require.Contains(t, old, "torsdag 3. december 2026")
	require.NotContains(t, b.get("/albums/review?years=5").body, "Nyt</a>")
}

// Two people work on an album at once: whoever orders, hides or brings pictures loses
// nothing of what the other does; about its name the second is told.
func TestTwoEditorsOfAnAlbum(t *testing.T) {
	w := pictured(t)
	b, c := w.as(account.Employee, "dep-maane"), w.as(account.Superuser)
	about := func(b *browser) []string {
		page := b.get("/albums/al1").body
		at := strings.Index(page, `aria-labelledby="h-album"`)
		return filled(t, `<form class="card fields"`+page[at:])
	}
	first, second := about(b), about(c)
	require.Equal(t, http.StatusSeeOther, c.post("/albums/al1/photos/f1/do", "what", "later").status)
	require.Equal(t, http.StatusSeeOther, b.send("/albums/al1/photos", "photos", brought{"a.jpg", camera(t, "a")}).status)
	require.Equal(t, http.StatusSeeOther, b.post("/albums/al1", with(first, "title.da", "Skovtur", "expires", "2026-12-24T12:00")...).status)
	a := stored[house.Album](w, "al1")
	require.Len(t, a.Photos, 6)
	require.Equal(t, house.ID("f2"), a.Photos[0].ID)
	require.Equal(t, "Skovtur", a.Title["da"])
	got := c.post("/albums/al1", with(second, "title.da", "Andet")...)
	require.Equal(t, http.StatusConflict, got.status)
	require.Contains(t, got.body, "Andet")
	got = b.post("/albums/al1", with(about(b), "published", "2026-12-25T12:00")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Det slutter, før det begynder.")

	require.Contains(t, b.get("/albums/al1/photos/f2/delete").body, "forsvinder fra albummet og fra alle skærme")
	require.Equal(t, http.StatusSeeOther, b.post("/albums/al1/photos/f2/delete").status)
	require.Len(t, stored[house.Album](w, "al1").Photos, 5)
	require.Equal(t, http.StatusNotFound, b.get("/albums/al1/photos/f2").status)
	require.Contains(t, b.post("/albums/al1/look").body, "/shots/")
}
