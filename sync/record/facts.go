package record

import "maps"

// Facts is everything one board says, at one position. It is immutable: a
// change makes a new Facts that shares what did not change.
type Facts struct {
	At         Position
	House      House
	People     map[PersonID]Person
	Activities map[ActivityID]Activity
	Meals      map[MealID]Meal
	Shifts     map[ShiftID]Shift
	News       map[NewsID]News
	Meetings   map[MeetingID]Meeting
	Proposals  map[ProposalID]Proposal
	Resources  map[ResourceID]Resource
	Bookings   map[BookingID]Booking
	Groups     map[GroupID]Group
	Albums     map[AlbumID]Album
	Documents  map[DocumentID]Document
	Videos     map[VideoID]Video
	Weather    map[WeatherID]Weather
	Presence   map[PresenceID]Presence
	Polls      map[PollID]Poll
}

// A Change is one decoded [Op]: Fact is nil when the row was deleted, or is of
// a kind this build does not know.
type Change struct {
	Key  Key
	Fact Fact
}

// With returns f after the changes, at position at. f may be nil: nothing yet.
func (f *Facts) With(at Position, changes []Change) *Facts {
	var n Facts
	if f != nil {
		n = *f
	}
	n.At = at
	e := edit{facts: &n}
	for _, c := range changes {
		e.apply(c)
	}
	return &n
}

// Empty reports whether they say nothing at all, as on the first day and after a
// wipe.
func (f *Facts) Empty() bool {
	return f == nil || f.At.IsZero() && f.House.Zone == "" &&
		len(f.People)+len(f.Activities)+len(f.Meals)+len(f.Shifts)+len(f.News) == 0 &&
		len(f.Meetings)+len(f.Proposals)+len(f.Resources)+len(f.Bookings)+len(f.Groups) == 0 &&
		len(f.Albums)+len(f.Documents)+len(f.Videos)+len(f.Weather)+len(f.Presence)+len(f.Polls) == 0
}

// Assets returns every picture, film and recording these facts refer to.
func (f *Facts) Assets() map[AssetID]bool {
	set := map[AssetID]bool{}
	if f == nil {
		return set
	}
	add := func(a AssetID) {
		if a != "" {
			set[a] = true
		}
	}
	for _, p := range f.People {
		add(p.Photo)
	}
	for _, a := range f.Activities {
		add(a.Picture)
		add(a.Sound)
	}
	for _, m := range f.Meals {
		add(m.Picture)
		add(m.Sound)
	}
	photos := func(list []Photo) {
		for _, p := range list {
			add(p.Asset)
		}
	}
	for _, n := range f.News {
		add(n.Picture)
		add(n.Sound)
		photos(n.Photos)
	}
	for _, a := range f.Albums {
		photos(a.Photos)
	}
	for _, v := range f.Videos {
		add(v.Film)
		add(v.Poster)
	}
	return set
}

// edit copies each map once, when it is first written to.
type edit struct {
	facts  *Facts
	copied map[Kind]bool
}

func (e *edit) apply(c Change) {
	f := e.facts
	switch c.Key.Kind {
	case KindHouse:
		f.House, _ = c.Fact.(House)
	case KindPerson:
		f.People = put(e, KindPerson, f.People, PersonID(c.Key.ID), c.Fact)
	case KindActivity:
		f.Activities = put(e, KindActivity, f.Activities, ActivityID(c.Key.ID), c.Fact)
	case KindMeal:
		f.Meals = put(e, KindMeal, f.Meals, MealID(c.Key.ID), c.Fact)
	case KindShift:
		f.Shifts = put(e, KindShift, f.Shifts, ShiftID(c.Key.ID), c.Fact)
	case KindNews:
		f.News = put(e, KindNews, f.News, NewsID(c.Key.ID), c.Fact)
	case KindMeeting:
		f.Meetings = put(e, KindMeeting, f.Meetings, MeetingID(c.Key.ID), c.Fact)
	case KindProposal:
		f.Proposals = put(e, KindProposal, f.Proposals, ProposalID(c.Key.ID), c.Fact)
	case KindResource:
		f.Resources = put(e, KindResource, f.Resources, ResourceID(c.Key.ID), c.Fact)
	case KindBooking:
		f.Bookings = put(e, KindBooking, f.Bookings, BookingID(c.Key.ID), c.Fact)
	case KindGroup:
		f.Groups = put(e, KindGroup, f.Groups, GroupID(c.Key.ID), c.Fact)
	case KindAlbum:
		f.Albums = put(e, KindAlbum, f.Albums, AlbumID(c.Key.ID), c.Fact)
	case KindDocument:
		f.Documents = put(e, KindDocument, f.Documents, DocumentID(c.Key.ID), c.Fact)
	case KindVideo:
		f.Videos = put(e, KindVideo, f.Videos, VideoID(c.Key.ID), c.Fact)
	case KindWeather:
		f.Weather = put(e, KindWeather, f.Weather, WeatherID(c.Key.ID), c.Fact)
	case KindPresence:
		f.Presence = put(e, KindPresence, f.Presence, PresenceID(c.Key.ID), c.Fact)
	case KindPoll:
		f.Polls = put(e, KindPoll, f.Polls, PollID(c.Key.ID), c.Fact)
	}
}

func put[K comparable, V any](e *edit, kind Kind, m map[K]V, id K, fact Fact) map[K]V {
	if !e.copied[kind] {
		if e.copied == nil {
			e.copied = map[Kind]bool{}
		}
		e.copied[kind] = true
		m = maps.Clone(m)
		if m == nil {
			m = map[K]V{}
		}
	}
	if v, ok := fact.(V); ok {
		m[id] = v
	} else {
		delete(m, id)
	}
	return m
}
