package manager

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// One picture of an album: what it shows in words, and who is in it. It goes to
// the screens once that is answered, and everybody in it wants it (V-14). It is taken
// off them with one button (R-IBG-32).
var _ = add(page{Name: "photo", Routes: []route{
	{"GET " + albumsPath + "/{id}/photos/{photo}", account.Content, (*visit).photo},
	{"POST " + albumsPath + "/{id}/photos/{photo}", account.Content, (*visit).savePhoto},
	{"GET " + albumsPath + "/{id}/photos/{photo}/image", account.Content, (*visit).photoImage},
	{"POST " + albumsPath + "/{id}/photos/{photo}/do", account.Content, (*visit).doPhoto},
	{"GET " + albumsPath + "/{id}/photos/{photo}/delete", account.Content, (*visit).askDropPhoto},
	{"POST " + albumsPath + "/{id}/photos/{photo}/delete", account.Content, (*visit).dropPhoto},
}})

func photoPath(album, id house.ID) string { return albumPath(album) + "/photos/" + string(id) }

// A photoSheet is what the page of a picture shows.
type photoSheet struct {
	Album    string // where it is
	Title    string // of the album
	Path     string
	Was      string
	Card     photoCard
	Alt      input
	Heed     input // a word of health to stand by; without a name: none
	People   []option
	Visitors bool
	Nobody   bool
	Problem  string
	Who      string // what is wrong with who is in it
	Previous string
	Next     string
}

// photoKeys are the members that the page of a picture fills in.
var photoKeys = []string{"alt", "tagged"}

func photoFields() []house.Field {
	return slices.DeleteFunc(slices.Clone(photosField().Item.Fields), func(f house.Field) bool { return !slices.Contains(photoKeys, f.Key) })
}

// foundPhoto returns an album and one of its pictures.
func (v *visit) foundPhoto(s getter) (*house.Album, *house.Photo, error) {
	a, err := v.foundAlbum(s, v.id())
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(a.Photos, func(p house.Photo) bool { return p.ID == idOf(v.r.PathValue("photo")) })
	if i < 0 {
		return nil, nil, store.ErrNotFound
	}
	return a, &a.Photos[i], nil
}

// photoStamp tells one state of a picture from another, wherever it stands.
func photoStamp(p house.Photo) string {
	p.Hidden = false
	return stamp(&house.Album{Photos: []house.Photo{p}})
}

func (v *visit) photo() error { return v.showPhoto("photo") }

// showPhoto shows a page about the picture in the address.
func (v *visit) showPhoto(page string) error {
	var d photoSheet
	err := v.see(func(s store.View) error {
		a, p, err := v.foundPhoto(s)
		if err != nil {
			return err
		}
		f, err := v.former(s, photoFields())
		if err == nil {
			d, err = v.photoSheet(s, f, a, p)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show(page, d)
}

// photoSheet returns the page of a picture as it is in p.
func (v *visit) photoSheet(s store.View, f *former, a *house.Album, p *house.Photo) (d photoSheet, err error) {
	i := slices.IndexFunc(a.Photos, func(x house.Photo) bool { return x.ID == p.ID })
	d = photoSheet{
		Album: albumPath(a.ID), Title: v.text(a.Title), Path: photoPath(a.ID, p.ID), Was: photoStamp(*p),
		Visitors: p.Visitors, Nobody: !p.Unasked && !p.Visitors && len(p.Tagged) == 0,
		Card: photoCard{ID: p.ID, Path: photoPath(a.ID, p.ID), Number: i + 1, Of: len(a.Photos), Alt: v.text(p.Alt), Hidden: p.Hidden},
	}
	if i > 0 {
		d.Previous = photoPath(a.ID, a.Photos[i-1].ID)
	}
	if i+1 < len(a.Photos) {
		d.Next = photoPath(a.ID, a.Photos[i+1].ID)
	}
	if d.Card.Why, err = v.censor(s).of(a.Department, p); err != nil {
		return d, err
	}
	holder := house.Album{Photos: []house.Photo{*p}}
	_, in := house.Members(&holder)
	one := photosField().In(in).Index(0)
	for _, x := range f.inputs(house.KindAlbum, photoFields(), one, "") {
		switch x.Key {
		case "alt":
			d.Alt = x
		case "heed":
			d.Heed = x
		case "tagged":
			for _, o := range x.Options {
				if slices.ContainsFunc(f.refs[house.KindFormer], func(r option) bool { return r.Value == o.Value }) && !o.Chosen {
					continue // who is only a number is in no new picture
				}
				d.People = append(d.People, o)
			}
		}
	}
	return d, nil
}

func (v *visit) savePhoto() error {
	if err := v.form(); err != nil {
		return err
	}
	var d photoSheet
	var f *former
	var next house.Photo
	nobody := v.value("nobody") != ""
	err := v.see(func(s store.View) (err error) {
		if f, err = v.former(s, photoFields()); err != nil {
			return err
		}
		a, p, err := v.foundPhoto(s)
		if err != nil {
			return err
		}
		f.values = v.r.PostForm
		_, in := house.Members(a)
		f.keep(in)
		holder := house.Album{Photos: []house.Photo{*p}}
		_, in = house.Members(&holder)
		f.read(house.KindAlbum, photoFields(), photosField().In(in).Index(0), "")
		next = holder.Photos[0]
		next.Visitors, next.Unasked = v.value("visitors") != "", false
		f.lint(&holder)
		for key, said := range f.problems {
			if rest, ok := strings.CutPrefix(key, "photos.0."); ok {
				f.problems[rest] = said
			}
		}
		if d, err = v.photoSheet(s, f, a, &next); err != nil {
			return err
		}
		d.Was, d.Nobody, d.Alt.Problem = v.value("was"), nobody, f.problems["alt"]
		if p.Unasked {
			d.Card.Why.Unasked = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch answered := len(next.Tagged) > 0 || next.Visitors; {
	case nobody && answered:
		d.Who = "photo.who.both"
	case !nobody && !answered:
		d.Who = "photo.who.none"
	}
	if d.Who != "" || len(f.problems) > 0 {
		d.Problem = "form.problems"
		return v.showAs(http.StatusUnprocessableEntity, "photo", d)
	}
	to := ""
	err = v.change(func(ctx context.Context, e *hub.Edit) error {
		a, p, err := v.foundPhoto(e)
		if err != nil {
			return err
		}
		if photoStamp(*p) != v.value("was") {
			return errMeanwhile
		}
		next.Hidden = p.Hidden // others may have taken it off meanwhile
		*p = next
		to = albumPath(a.ID)
		for _, x := range a.Photos {
			if x.Unasked && v.value("then") == "next" {
				to = photoPath(a.ID, x.ID)
				break
			}
		}
		return e.Put(ctx, a)
	})
	switch {
	case errors.Is(err, errMeanwhile):
		d.Problem = "form.meanwhile"
		return v.showAs(http.StatusConflict, "photo", d)
	case err != nil:
		return err
	}
	return v.done(to, "saved")
}

// photoImage answers with a picture, as the hub keeps it.
func (v *visit) photoImage() error {
	var b []byte
	err := v.see(func(s store.View) error {
		_, p, err := v.foundPhoto(s)
		if err != nil {
			return err
		}
		looks, err := s.Pictures(v.ctx(), []house.Picture{p.Asset})
		if err == nil && looks[p.Asset] == "" {
			err = store.ErrNotFound
		}
		if err == nil {
			b, err = s.Picture(v.ctx(), looks[p.Asset])
		}
		return err
	})
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/jpeg")
	_, _ = v.w.Write(b)
	return nil
}

// doPhoto does one of the things that are done with a button: to take a picture off the
// screens and to put it back, and to have it earlier or later among the others.
func (v *visit) doPhoto() error {
	if err := v.form(); err != nil {
		return err
	}
	what := v.value("what")
	err := v.change(func(ctx context.Context, e *hub.Edit) error {
		a, p, err := v.foundPhoto(e)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(a.Photos, func(x house.Photo) bool { return x.ID == p.ID })
		switch {
		case what == "hide" || what == "show":
			p.Hidden = what == "hide"
			if err := e.NoteOf(ctx, what, house.KindAlbum, a.ID); err != nil {
				return err
			}
		case what == "earlier" && i > 0:
			a.Photos[i-1], a.Photos[i] = a.Photos[i], a.Photos[i-1]
		case what == "later" && i+1 < len(a.Photos):
			a.Photos[i+1], a.Photos[i] = a.Photos[i], a.Photos[i+1]
		default:
			return nil
		}
		return e.Put(ctx, a)
	})
	if err != nil {
		return err
	}
	then := v.value("then")
	if !local(then) {
		then = albumPath(v.id())
	}
	if what == "hide" || what == "show" {
		return v.done(then, what)
	}
	return v.done(then, "saved")
}

func (v *visit) askDropPhoto() error { return v.showPhoto("photo_delete") }

func (v *visit) dropPhoto() error {
	err := v.change(func(ctx context.Context, e *hub.Edit) error {
		a, p, err := v.foundPhoto(e)
		if err != nil {
			return err
		}
		id := p.ID
		a.Photos = slices.DeleteFunc(a.Photos, func(x house.Photo) bool { return x.ID == id })
		return e.Put(ctx, a)
	})
	if err != nil {
		return err
	}
	return v.done(albumPath(v.id()), "deleted")
}
