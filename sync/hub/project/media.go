package project

import (
	"cmp"
	"slices"

	"tavle/sync/hub/house"
	"tavle/sync/policy"
	"tavle/sync/record"
)

// news makes the rows of the news. What is published later is sent ahead: the
// screen shows it in time, with or without a hub.
func (m *maker) news() {
	zone := m.zone(m.board.Department)
	for i := range m.News {
		n := &m.News[i]
		if n.Hidden || !m.mine(n.Department, nil) || !m.current(n.Published.Day(), n.Expires.Day()) {
			continue
		}
		f := record.News{
			ID:    record.NewsID(m.board.id(record.KindNews, n.ID)),
			Title: n.Title, Text: n.Text, Picto: n.Pictogram, Picture: m.asset(n.Picture), Sound: m.asset(n.Sound),
			Photos: m.photos(n.Photos), Author: m.ref(n.Author, policy.Proposal),
			Published: n.Published.In(zone), Expires: n.Expires.In(zone), Pinned: n.Pinned,
		}
		m.add(n.ID, f, append(assetsOf(f.Photos), f.Picture, f.Sound)...)
	}
}

// gallery makes the rows of the albums. One without a picture that may be seen
// is there all the same: that it is empty says nothing of why. Like news, one of
// later is sent ahead.
func (m *maker) gallery() {
	zone := m.zone(m.board.Department)
	for i := range m.Albums {
		a := &m.Albums[i]
		if !m.mine(a.Department, nil) || !m.current(a.Published.Day(), a.Expires.Day()) {
			continue
		}
		f := record.Album{
			ID: record.AlbumID(m.board.id(record.KindAlbum, a.ID)), Title: a.Title, Photos: m.photos(a.Photos),
			Published: a.Published.In(zone), Expires: a.Expires.In(zone),
		}
		m.add(a.ID, f, assetsOf(f.Photos)...)
	}
}

// maxPhotos is how many pictures of an album a board holds: nobody leafs through
// more on a wall.
const maxPhotos = 120

// photos returns those pictures that may be seen. Nothing tells of the others. Of one
// that nobody has said yet who is in it, everybody might be.
func (m *maker) photos(list []house.Photo) (out []record.Photo) {
	for _, p := range list {
		asset := m.asset(p.Asset)
		if p.Hidden || p.Unasked || asset == "" {
			continue
		}
		if in, ok := m.tagged(p.Tagged); ok && len(out) < maxPhotos {
			out = append(out, record.Photo{Asset: asset, Alt: p.Alt, Tagged: in})
		}
	}
	return out
}

func assetsOf(list []record.Photo) (out []record.AssetID) {
	for _, p := range list {
		out = append(out, p.Asset)
	}
	return out
}

// tagged asks everybody in a picture (V-14). One no is enough, and somebody
// nobody knows here says no. What is returned is for the screen to ask again.
func (m *maker) tagged(ids []house.ID) (in record.Tagged, ok bool) {
	zone := m.zone(m.board.Department)
	for _, id := range ids {
		p := m.people[id]
		if p == nil || p.decide(policy.PhotoTag).Photo != policy.FullPhoto {
			return record.Tagged{}, false
		}
		in.People = true
		if end := p.end.Ends(zone); !end.IsZero() && (in.Until.IsZero() || end.Before(in.Until)) {
			in.Until = end
		}
	}
	for _, id := range ids {
		if ref := m.ref(id, policy.PhotoTag); ref != "" && !slices.Contains(in.Who, ref) {
			in.Who = append(in.Who, ref)
		}
	}
	return in, true
}

// onWall reports whether something is for everybody who passes: what is for staff
// or for one person hangs on no wall.
func onWall(s house.Scope, hidden bool) bool { return s == "department" && !hidden }

// documents makes the rows of the documents.
func (m *maker) documents() {
	for i := range m.Documents {
		d := &m.Documents[i]
		if !m.mine(d.Department, nil) || !onWall(d.SharedTo, d.Hidden) {
			continue
		}
		f := record.Document{ID: record.DocumentID(m.board.id(record.KindDocument, d.ID)), Title: d.Title}
		for _, p := range d.Contents {
			f.Pages = append(f.Pages, record.Page{Title: p.Title, Text: p.Text, Picto: p.Pictogram})
		}
		m.add(d.ID, f)
	}
}

// videos makes the rows of the films.
func (m *maker) videos() {
	for i := range m.Videos {
		v := &m.Videos[i]
		in, ok := m.tagged(v.Tagged)
		if !ok || !m.mine(v.Department, nil) || !onWall(v.SharedTo, v.Hidden) {
			continue
		}
		f := record.Video{
			ID: record.VideoID(m.board.id(record.KindVideo, v.ID)), Title: v.Title, Film: m.asset(v.Film), Poster: m.asset(v.Poster),
			Seconds: v.Seconds, Cues: cues(v.WebVTT), Sign: v.SignLanguage, Sound: v.Sound, Tagged: in,
		}
		m.add(v.ID, f, f.Film, f.Poster)
	}
}

// cues returns the captions of a film. Languages that say something at the very
// same moments share a cue.
func cues(vtt record.Text) (out []record.Cue) {
	type span struct{ from, to int }
	at := map[span]int{}
	for lang, text := range vtt {
		list, err := house.ParseWebVTT(text)
		if err != nil {
			continue // the check of the house has said so
		}
		for _, c := range list {
			i, ok := at[span{c.From, c.To}]
			if !ok {
				i = len(out)
				at[span{c.From, c.To}] = i
				out = append(out, record.Cue{From: c.From, To: c.To, Text: record.Text{}})
			}
			if was := out[i].Text[lang]; was != "" {
				c.Text = was + "\n" + c.Text
			}
			out[i].Text[lang] = c.Text
		}
	}
	slices.SortFunc(out, func(a, b record.Cue) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out
}

// weather makes the rows of the forecasts. The screen shows the newest, as long as
// it can be believed.
func (m *maker) weather() {
	zone := m.zone(m.board.Department)
	for i := range m.Weather {
		w := &m.Weather[i]
		if !m.mine(w.Department, nil) || !m.current(w.At.Day(), w.At.Day()) {
			continue
		}
		f := record.Weather{ID: record.WeatherID(m.board.id(record.KindWeather, w.ID)), At: w.At.In(zone)}
		for _, d := range w.Days {
			f.Days = append(f.Days, record.WeatherDay{Date: d.Day.Start(zone), Sky: record.Sky(d.Sky), Low: d.Low, High: d.High, Wind: record.Wind(d.Wind)})
		}
		m.add(w.ID, f)
	}
}
