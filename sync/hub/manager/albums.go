package manager

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"tavle/assets/photo"
	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// Albums: pictures that belong together, each of which says who is in it (photo.go).
// Pictures come in many at a time, and are read one by one as they come: none is on the
// disk as the camera took it, and one that cannot be used stops none of the others.
// Which of them the walls show, and why not the rest, is in shown.go.
var _ = add(page{Name: "albums", Nav: &nav{Order: 55, Icon: "photo", Path: albumsPath, For: house.KindAlbum}, Routes: []route{
	{"GET " + albumsPath, account.Content, (*visit).albums},
	{"GET " + albumsPath + "/new", account.Content, (*visit).newAlbum},
	{"POST " + albumsPath + "/new", account.Content, (*visit).saveAlbum},
	{"GET " + albumsPath + "/review", account.Content, (*visit).reviewAlbums},
	{"GET " + albumsPath + "/{id}", account.Content, (*visit).album},
	{"POST " + albumsPath + "/{id}", account.Content, (*visit).saveAlbum},
	{"POST " + albumsPath + "/{id}/look", account.Content, (*visit).lookAtAlbum},
	{"POST " + albumsPath + "/{id}/photos", account.Content, (*visit).addPhotos},
	{"POST " + albumsPath + "/{id}/reviewed", account.Content, (*visit).keepReviewed},
}})

const albumsPath = "/albums"

func albumPath(id house.ID) string { return albumsPath + "/" + string(id) }

// How much comes in at once.
const (
	maxPhotosAtOnce = 20
	maxUpload       = 256 << 20 // that many, as good cameras take them
	uploadTime      = 10 * time.Minute
)

// An albumRow is an album in the list.
type albumRow struct {
	Path, Label, Where string
	Cover              string // where its first picture is; "": there is none
	Photos, Off        int    // how many, and how many of them no screen shows
	Unasked            int    // of those, how many wait for an answer
	State              string // in words of "albums.state."; "": it is shown
	At                 house.Wall
}

// An albumsSheet is what the list shows.
type albumsSheet struct {
	Rows        []albumRow
	Departments []option
	Old         int // albums to go through
	Taken       int // things that staff took off the screens
}

func (v *visit) albums() error {
	d := albumsSheet{}
	dept := idOf(v.r.FormValue("dept"))
	err := v.see(func(s store.View) error {
		d = albumsSheet{}
		depts, err := v.departments(s)
		if err != nil {
			return err
		}
		names := map[house.ID]string{}
		for _, x := range depts {
			names[x.ID] = v.text(x.Name)
			d.Departments = append(d.Departments, option{string(x.ID), v.text(x.Name), x.ID == dept})
		}
		all, err := store.All[house.Album](v.ctx(), s)
		if err != nil {
			return err
		}
		c := v.censor(s)
		for i := range all {
			a := &all[i]
			if !v.who.Reaches(a.Department) {
				continue
			}
			if old, _ := v.old(a, reviewYears); old {
				d.Old++
			}
			d.Taken += takenOff(a)
			if dept != "" && a.Department != dept {
				continue
			}
			x, err := v.albumRow(c, a)
			if err != nil {
				return err
			}
			x.Where = names[a.Department]
			d.Rows = append(d.Rows, x)
		}
		news, err := store.All[house.News](v.ctx(), s)
		for i := range news {
			if news[i].Hidden && v.who.Reaches(news[i].Department) {
				d.Taken++
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(d.Rows, func(a, b albumRow) int {
		return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label)))
	})
	return v.show("albums", d)
}

// albumRow returns an album as the list has it.
func (v *visit) albumRow(c *censor, a *house.Album) (x albumRow, err error) {
	x = albumRow{Path: albumPath(a.ID), Label: v.text(a.Title), Photos: len(a.Photos), At: a.Published}
	for i := range a.Photos {
		p := &a.Photos[i]
		if p.Unasked {
			x.Unasked++
		}
		why, err := c.of(a.Department, p)
		switch {
		case err != nil:
			return x, err
		case !why.Shown():
			x.Off++
		case x.Cover == "":
			x.Cover = photoPath(a.ID, p.ID) + "/image"
		}
	}
	if x.Cover == "" && len(a.Photos) > 0 {
		x.Cover = photoPath(a.ID, a.Photos[0].ID) + "/image"
	}
	zone, err := c.zone(a.Department)
	x.State = stateOf(a, house.WallOf(v.opt.Now().In(zone)))
	return x, err
}

// stateOf says of an album that is on no screen why; "": it is.
func stateOf(a *house.Album, now house.Wall) string {
	switch {
	case a.Published != "" && now < a.Published:
		return "later"
	case a.Expires != "" && now >= a.Expires:
		return "over"
	}
	return ""
}

// albumKeys are the members that the page of an album fills in; pictures come by
// themselves.
var albumKeys = []string{"title", "department", "published", "expires"}

func albumFields() []house.Field {
	return slices.DeleteFunc(slices.Clone(house.Fields(house.KindAlbum)), func(f house.Field) bool { return !slices.Contains(albumKeys, f.Key) })
}

// An albumSheet is what the page of an album shows.
type albumSheet struct {
	ID      house.ID // "": it is to be made
	Path    string
	Label   string
	Plain   string // which the album was when the form was made, without its pictures
	Inputs  map[string]input
	State   string // as of an albumRow
	At      house.Wall
	Photos  []photoCard
	Next    string // where the first picture without an answer is; "": each has one
	Unasked int
	Problem string
	Refused []refusedPhoto
	Kept    int // pictures that came in all the same
	Seen    seen
}

// A photoCard is a picture among others.
type photoCard struct {
	ID     house.ID
	Path   string
	Number int
	Of     int
	Alt    string
	Hidden bool
	Why    whyNot
}

// A refusedPhoto is a file that did not become a picture.
type refusedPhoto struct {
	Name string // as whoever brought it calls it; it is on this page only
	Why  string // in words of "albums.refused."
}

func (v *visit) newAlbum() error { return v.showAlbum(http.StatusOK, "", nil) }

func (v *visit) album() error { return v.showAlbum(http.StatusOK, v.id(), nil) }

// foundAlbum returns an album that whoever asks looks after.
func (v *visit) foundAlbum(s getter, id house.ID) (*house.Album, error) {
	r, err := s.Get(v.ctx(), house.KindAlbum, id)
	if err != nil {
		return nil, err
	}
	if !v.who.Reaches(house.HomeOf(r).Departments...) {
		return nil, errMayNot
	}
	return r.(*house.Album), nil
}

// showAlbum answers with the page of an album; more says what is to be said besides.
func (v *visit) showAlbum(status int, id house.ID, more func(*albumSheet)) error {
	var d albumSheet
	err := v.see(func(s store.View) error {
		a := &house.Album{}
		f, err := v.former(s, albumFields())
		if err != nil {
			return err
		}
		if id != "" {
			if a, err = v.foundAlbum(s, id); err != nil {
				return err
			}
		} else {
			f.preset(entityOf(house.KindAlbum), a)
		}
		d, err = v.albumSheet(s, f, a)
		return err
	})
	if err != nil {
		return err
	}
	if more != nil {
		more(&d)
	}
	return v.showAs(status, "album", d)
}

// albumSheet returns the page of an album as it is in a.
func (v *visit) albumSheet(s store.View, f *former, a *house.Album) (d albumSheet, err error) {
	d = albumSheet{ID: a.ID, Path: albumsPath + "/new", Label: v.text(a.Title), Inputs: map[string]input{}, At: a.Published}
	d.Plain = plainStamp(a)
	_, in := house.Members(a)
	for _, x := range f.inputs(house.KindAlbum, albumFields(), in, "") {
		d.Inputs[x.Key] = x
	}
	if a.ID == "" {
		return d, nil
	}
	d.Path = albumPath(a.ID)
	c := v.censor(s)
	zone, err := c.zone(a.Department)
	if err != nil {
		return d, err
	}
	d.State = stateOf(a, house.WallOf(v.opt.Now().In(zone)))
	for i := range a.Photos {
		p := &a.Photos[i]
		x := photoCard{ID: p.ID, Path: photoPath(a.ID, p.ID), Number: i + 1, Of: len(a.Photos), Alt: v.text(p.Alt), Hidden: p.Hidden}
		if x.Why, err = c.of(a.Department, p); err != nil {
			return d, err
		}
		if p.Unasked {
			if d.Unasked++; d.Next == "" {
				d.Next = x.Path
			}
		}
		d.Photos = append(d.Photos, x)
	}
	d.Seen, err = v.albumSeen(s, a)
	return d, err
}

// saveAlbum keeps what an album is called, where and when it is shown. Its pictures stay
// what they are meanwhile, whoever else brings some.
func (v *visit) saveAlbum() error {
	if err := v.form(); err != nil {
		return err
	}
	var d albumSheet
	var f *former
	a := &house.Album{}
	err := v.see(func(s store.View) (err error) {
		if f, err = v.former(s, albumFields()); err != nil {
			return err
		}
		if v.id() != "" {
			if a, err = v.foundAlbum(s, v.id()); err != nil {
				return err
			}
		}
		f.values = v.r.PostForm
		_, in := house.Members(a)
		f.keep(in)
		f.read(house.KindAlbum, albumFields(), in, "")
		if a.Department == "" {
			f.wrong("department", "missing")
		}
		fresh := a.ID == ""
		if fresh {
			a.ID = house.ID(account.NewID())
		}
		f.check(a)
		if fresh && len(f.problems) > 0 {
			a.ID = ""
		}
		d, err = v.albumSheet(s, f, a)
		return err
	})
	if err != nil {
		return err
	}
	d.Plain, d.Problem = v.value("was"), "form.problems"
	if len(f.problems) > 0 {
		return v.showAs(http.StatusUnprocessableEntity, "album", d)
	}
	if !v.who.Reaches(a.Department) {
		return errMayNot
	}
	err = v.change(func(ctx context.Context, e *hub.Edit) error {
		next := *a
		if v.id() != "" {
			was, err := v.foundAlbum(e, v.id())
			if err != nil {
				return err
			}
			if plainStamp(was) != v.value("was") {
				return errMeanwhile
			}
			next.Photos = was.Photos
		}
		return e.Put(ctx, &next)
	})
	switch {
	case errors.Is(err, errMeanwhile):
		d.Problem = "form.meanwhile"
		return v.showAs(http.StatusConflict, "album", d)
	case err != nil:
		return err
	}
	return v.done(albumPath(a.ID), "saved")
}

// plainStamp tells one state of an album from another, whatever its pictures.
func plainStamp(a *house.Album) string {
	plain := *a
	plain.Photos, plain.Reviewed = nil, ""
	return stamp(&plain)
}

// addPhotos takes in the pictures that somebody chose. What can be used is kept, and of
// what cannot the page says why.
func (v *visit) addPhotos() error {
	if err := v.see(func(s store.View) error { _, err := v.foundAlbum(s, v.id()); return err }); err != nil {
		return err
	}
	control := http.NewResponseController(v.w) // pictures of a telephone on a thin line
	_ = control.SetReadDeadline(time.Now().Add(uploadTime))
	_ = control.SetWriteDeadline(time.Now().Add(uploadTime))
	came, refused, err := v.readPhotos()
	if err != nil {
		return err
	}
	if len(came) > 0 {
		err = v.change(func(ctx context.Context, e *hub.Edit) error { return v.keepPhotos(ctx, e, came) })
		switch {
		case errors.Is(err, errFull):
			refused = append(refused, refusedPhoto{Why: "full"})
			came = nil
		case err != nil:
			return err
		}
	}
	if len(refused) == 0 && len(came) == 0 {
		refused = append(refused, refusedPhoto{Why: "none"})
	}
	if len(refused) == 0 {
		return v.done(albumPath(v.id()), "photos")
	}
	return v.showAlbum(http.StatusUnprocessableEntity, v.id(), func(d *albumSheet) { d.Refused, d.Kept = refused, len(came) })
}

// errFull says that an album has as many pictures as it can have.
var errFull = errors.New("the album is full")

// readPhotos reads the files of a form, each by itself.
func (v *visit) readPhotos() (came [][]byte, refused []refusedPhoto, err error) {
	parts, err := v.r.MultipartReader()
	if err != nil {
		return nil, nil, nil //nolint:nilerr // no files: the page says so
	}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return came, refused, nil
		case errors.As(err, new(*http.MaxBytesError)):
			return came, append(refused, refusedPhoto{Why: "too_much"}), nil
		case err != nil:
			return came, append(refused, refusedPhoto{Why: "broken_off"}), nil //nolint:nilerr // the page says so
		case part.FormName() != "photos" || part.FileName() == "":
			continue
		case len(came) >= maxPhotosAtOnce:
			return came, append(refused, refusedPhoto{part.FileName(), "many"}), nil
		}
		small, err := v.hub.Small(part)
		if err == nil && !bytes.HasPrefix(small, []byte("\xff\xd8")) {
			err = photo.ErrFormat // a film, a recording
		}
		switch {
		case errors.As(err, new(*http.MaxBytesError)):
			return came, append(refused, refusedPhoto{part.FileName(), "too_much"}), nil
		case errors.Is(err, photo.ErrHEIC):
			refused = append(refused, refusedPhoto{part.FileName(), "heic"})
		case errors.Is(err, photo.ErrBig):
			refused = append(refused, refusedPhoto{part.FileName(), "big"})
		case errors.Is(err, photo.ErrFormat):
			refused = append(refused, refusedPhoto{part.FileName(), "format"})
		case err != nil:
			refused = append(refused, refusedPhoto{part.FileName(), "broken"})
		default:
			came = append(came, small)
		}
	}
}

// maxAlbum is how many pictures an album can have.
var maxAlbum = photosField().Max

func photosField() *house.Field {
	all := house.Fields(house.KindAlbum)
	return &all[slices.IndexFunc(all, func(f house.Field) bool { return f.Key == "photos" })]
}

// keepPhotos puts pictures at the end of the album. Nobody has said yet who is in them,
// so no screen shows them.
func (v *visit) keepPhotos(ctx context.Context, e *hub.Edit, came [][]byte) error {
	a, err := v.foundAlbum(e, v.id())
	if err != nil {
		return err
	}
	if len(a.Photos)+len(came) > maxAlbum {
		return errFull
	}
	for _, jpeg := range came {
		name := house.Picture("asset:up-" + account.NewID())
		if err := e.PutPicture(ctx, name, jpeg); err != nil {
			return err
		}
		a.Photos = append(a.Photos, house.Photo{ID: house.ID(account.NewID()), Asset: name, Unasked: true, Added: house.DayOf(v.opt.Now())})
	}
	return e.Put(ctx, a)
}

// albumSeen returns what stands beside an album before a picture of a wall is asked for:
// the screens of its department that show albums.
func (v *visit) albumSeen(s store.View, a *house.Album) (d seen, err error) {
	d.Path, d.Glance = albumPath(a.ID)+"/look", v.glanced()
	d.Screens, err = v.screensWith(s, a.Department, record.ModuleGallery, d.Glance.Screen)
	if len(d.Screens) > 0 && d.Glance.Screen == "" {
		d.Glance.Screen = idOf(d.Screens[0].Value)
		d.Screens[0].Chosen = true
	}
	return d, err
}

// lookAtAlbum paints the album on a wall.
func (v *visit) lookAtAlbum() error {
	if err := v.form(); err != nil {
		return err
	}
	var d albumSheet
	err := v.see(func(s store.View) error {
		a, err := v.foundAlbum(s, v.id())
		if err != nil {
			return err
		}
		f, err := v.former(s, albumFields())
		if err == nil {
			d, err = v.albumSheet(s, f, a)
		}
		return err
	})
	if err != nil {
		return err
	}
	if x := d.Seen.Glance.Screen; slices.ContainsFunc(d.Seen.Screens, func(o option) bool { return o.Value == string(x) }) {
		p, err := v.hub.Preview(v.ctx(), v.actor(), hub.Previewing{Screen: x})
		if err != nil {
			return err
		}
		d.Seen.Portrait = p.Screen.Orientation == "portrait"
		d.Seen.Alt = v.t("seen.alt", "place", v.text(p.Screen.Place))
		if d.Seen.Token, err = v.lookIn(p, modelOfAlbum(p, d.ID)); err != nil {
			return err
		}
		d.Seen.Busy = d.Seen.Token == ""
	}
	status := http.StatusOK
	if d.Seen.Busy {
		status = http.StatusTooManyRequests
	}
	if v.r.Header.Get("Hx-Request") == "true" {
		return v.showAs(status, "album.wall", d)
	}
	return v.showAs(status, "album", d)
}
