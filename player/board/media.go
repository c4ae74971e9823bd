package board

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"tavle/sync/policy"
	"tavle/sync/record"
)

// News is something to read.
type News struct {
	ID        NewsID
	Title     Text
	Text      Text
	Picto     string
	Picture   AssetID
	Sound     AssetID // the text as staff read it, or ""
	Photos    []Photo // more to look at
	Author    *Person // nil: nobody who is shown
	Published time.Time
	Pinned    bool
}

// A Photo is one picture and what it shows in words.
type Photo struct {
	Asset AssetID
	Alt   Text
	Who   []Person // in it, and named
}

// An Album is pictures that belong together. One without pictures says nothing
// of why.
type Album struct {
	ID     AlbumID
	Title  Text
	Photos []Photo
}

// A Document is pages to look through.
type Document struct {
	ID    DocumentID
	Title Text
	Pages []Page
}

// A Video is a film to watch.
type Video struct {
	ID     VideoID
	Title  Text
	Film   AssetID // or ""
	Poster AssetID // or ""
	Length time.Duration
	Cues   []Cue // captions, by when they begin
	Sign   Text  // the sign language it is in, or nothing
	Sound  bool  // its sound is heard
	Who    []Person
}

// Weather is the weather of today and the days that come.
type Weather struct {
	At   time.Time // when it was foreseen
	Days []WeatherDay
}

// A WeatherDay is the weather of one day.
type WeatherDay struct {
	Date      time.Time
	Sky       Sky
	Low, High int // °C
	Wind      Wind
}

// weatherLasts is how long a forecast is believed: as long as the roster.
const weatherLasts = 24 * time.Hour

// Album returns an album.
func (b *Board) Album(id AlbumID) (Album, bool) {
	return find(b.Albums, func(a Album) bool { return a.ID == id })
}

// Article returns a news item.
func (b *Board) Article(id NewsID) (News, bool) {
	return find(b.News, func(n News) bool { return n.ID == id })
}

// Document returns a document.
func (b *Board) Document(id DocumentID) (Document, bool) {
	return find(b.Documents, func(d Document) bool { return d.ID == id })
}

// Video returns a film.
func (b *Board) Video(id VideoID) (Video, bool) {
	return find(b.Videos, func(v Video) bool { return v.ID == id })
}

// Assets returns every picture, film and recording the board shows, whatever it is
// a part of.
func (b *Board) Assets() map[AssetID]bool {
	set := map[AssetID]bool{}
	if b != nil {
		assets(reflect.ValueOf(b).Elem(), set)
	}
	return set
}

// assets collects those in v. A field that somebody adds cannot be forgotten here.
func assets(v reflect.Value, set map[AssetID]bool) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[AssetID]() && v.Len() > 0 {
			set[AssetID(v.String())] = true
		}
	case reflect.Struct:
		for _, x := range v.Fields() {
			assets(x, set)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			assets(v.Index(i), set)
		}
	case reflect.Map:
		if v.Type() == reflect.TypeFor[Text]() {
			return
		}
		for _, x := range v.Seq2() {
			assets(x, set)
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Type() != reflect.TypeFor[*time.Location]() {
			assets(v.Elem(), set)
		}
	}
}

func find[T any](list []T, is func(T) bool) (found T, ok bool) {
	i := slices.IndexFunc(list, is)
	if i < 0 {
		return found, false
	}
	return list[i], true
}

func (p *projector) news() []News {
	var out []News
	for _, r := range p.in.Facts.News {
		if p.in.Now.Before(r.Published) || !r.Expires.IsZero() && !p.in.Now.Before(r.Expires) {
			continue
		}
		n := News{
			ID: r.ID, Title: r.Title, Text: r.Text, Picto: r.Picto, Picture: r.Picture, Sound: r.Sound, Photos: p.photos(r.Photos),
			Published: r.Published.In(p.zone), Pinned: r.Pinned,
		}
		if s, ok := p.show(r.Author, policy.Proposal); ok {
			n.Author = &s
		}
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b News) int {
		return cmp.Or(b2i(b.Pinned)-b2i(a.Pinned), b.Published.Compare(a.Published), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// photos returns the pictures that may be seen here and now.
func (p *projector) photos(list []record.Photo) []Photo {
	var out []Photo
	for _, r := range list {
		if who, ok := p.tagged(r.Tagged); ok {
			out = append(out, Photo{Asset: r.Asset, Alt: r.Alt, Who: who})
		}
	}
	return out
}

// tagged decides about a picture for the second time (V-14): the hub has asked
// everybody in it, but the lease and acceptances end without a hub. One no is
// enough. It returns who is named.
func (p *projector) tagged(t record.Tagged) (who []Person, ok bool) {
	if t.People && !p.in.Fresh || !t.Until.IsZero() && !p.in.Now.Before(t.Until) {
		return nil, false
	}
	for _, id := range t.Who {
		s, ok := p.show(id, policy.PhotoTag)
		if !ok {
			return nil, false
		}
		who = append(who, s)
	}
	return who, true
}

func (p *projector) albums() []Album {
	var out []Album
	for _, r := range p.in.Facts.Albums {
		if p.in.Now.Before(r.Published) || !r.Expires.IsZero() && !p.in.Now.Before(r.Expires) {
			continue
		}
		out = append(out, Album{ID: r.ID, Title: r.Title, Photos: p.photos(r.Photos)})
	}
	slices.SortFunc(out, func(a, b Album) int { return p.byTitle(a.Title, b.Title, string(a.ID), string(b.ID)) })
	return out
}

func (p *projector) documents() []Document {
	var out []Document
	for _, r := range p.in.Facts.Documents {
		out = append(out, Document(r))
	}
	slices.SortFunc(out, func(a, b Document) int { return p.byTitle(a.Title, b.Title, string(a.ID), string(b.ID)) })
	return out
}

func (p *projector) videos() []Video {
	var out []Video
	for _, r := range p.in.Facts.Videos {
		who, ok := p.tagged(r.Tagged)
		if !ok {
			continue
		}
		out = append(out, Video{
			ID: r.ID, Title: r.Title, Film: r.Film, Poster: r.Poster, Length: time.Duration(r.Seconds) * time.Second,
			Cues: r.Cues, Sign: r.Sign, Sound: r.Sound, Who: who,
		})
	}
	slices.SortFunc(out, func(a, b Video) int { return p.byTitle(a.Title, b.Title, string(a.ID), string(b.ID)) })
	return out
}

// byTitle compares two titles in the first language of the house, so that what
// one found yesterday is at the same place today.
func (p *projector) byTitle(a, b Text, ida, idb string) int {
	langs := p.in.Facts.House.Langs
	x, _ := a.In(langs...)
	y, _ := b.In(langs...)
	return cmp.Or(strings.Compare(x, y), cmp.Compare(ida, idb))
}

// weather returns the newest forecast, from today on, or nil when it is too old.
func (p *projector) weather() *Weather {
	var newest record.Weather
	for _, r := range p.in.Facts.Weather {
		if !r.At.After(p.in.Now) && r.At.After(newest.At) {
			newest = r
		}
	}
	if newest.At.IsZero() || !p.in.Now.Before(newest.At.Add(weatherLasts)) {
		return nil
	}
	w := &Weather{At: newest.At.In(p.zone)}
	y, m, d := p.in.Now.In(p.zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, p.zone)
	for _, r := range newest.Days {
		if !r.Date.Before(today) {
			w.Days = append(w.Days, WeatherDay{Date: r.Date.In(p.zone), Sky: r.Sky, Low: r.Low, High: r.High, Wind: r.Wind})
		}
	}
	if len(w.Days) == 0 {
		return nil
	}
	return w
}

// mediaTimes calls at with every moment when pictures, films or the weather
// change by time alone.
func (p *projector) mediaTimes(at func(time.Time)) {
	photos := func(list []record.Photo) {
		for _, r := range list {
			at(r.Until)
		}
	}
	for _, r := range p.in.Facts.News {
		at(r.Published)
		at(r.Expires)
		photos(r.Photos)
	}
	for _, r := range p.in.Facts.Albums {
		at(r.Published)
		at(r.Expires)
		photos(r.Photos)
	}
	for _, r := range p.in.Facts.Videos {
		at(r.Until)
	}
	for _, r := range p.in.Facts.Weather {
		at(r.At)
		at(r.At.Add(weatherLasts))
		for _, d := range r.Days {
			at(d.Date.AddDate(0, 0, 1))
		}
	}
}

// withoutPicturesOf takes every picture and film that somebody is in out of facts.
func withoutPicturesOf(f *record.Facts, id PersonID) {
	in := func(t record.Tagged) bool { return slices.Contains(t.Who, id) }
	shown := func(list []record.Photo) []record.Photo {
		return slices.DeleteFunc(slices.Clone(list), func(p record.Photo) bool { return in(p.Tagged) })
	}
	f.News, f.Albums, f.Videos = maps.Clone(f.News), maps.Clone(f.Albums), maps.Clone(f.Videos)
	for key, n := range f.News {
		n.Photos = shown(n.Photos)
		f.News[key] = n
	}
	for key, a := range f.Albums {
		a.Photos = shown(a.Photos)
		f.Albums[key] = a
	}
	maps.DeleteFunc(f.Videos, func(_ record.VideoID, v record.Video) bool { return in(v.Tagged) })
}
