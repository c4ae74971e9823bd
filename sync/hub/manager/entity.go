package manager

import (
	"slices"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

// An entity is one kind of record as it is listed, shown, edited and deleted by the
// pages of records.go, which read everything else from the format (house.Fields). A
// kind that deserves more has a page of its own besides, or in place of the plain
// list: see [nav].For.
type entity struct {
	Kind  house.Kind
	Right account.Right
	Nav   *nav     // nil: it is on the page of all records only
	Hide  []string // members that are looked after elsewhere; those of hidden are so always
	Own   []string // members that the page of one of them looks after: here they are only shown
	Only  bool     // a house has one: it is not made and not deleted here
	Keep  bool     // it is not deleted here: it goes with something else
	Book  bool     // it is only added to, on pages of its own: neither changed nor deleted
}

// hidden are members that nobody fills in by hand.
var hidden = []string{"id", "schema", "anchor_monday", "licence", "notice", "picture_code", "manager_role"}

// lists are the people of an activity or a meal: they hang on it, and are changed one
// by one.
var lists = []string{"signups", "waitlist", "opt_outs"}

// pictures of an album are looked after one by one, where it is said who is in each; see
// photo.go.
var pictures = []string{"photos", "reviewed"}

// answers are what somebody accepted, one by one: they are added to, not changed; see
// consent.go.
var answers = []string{"consents"}

// choices are what somebody accepted and chose, and what they need to have accepted:
// nobody changes it who does not say who said so, when and how (people.go, consent.go).
var choices = []string{"acceptance", "choices", "lifecycle", "photo"}

// entities are all kinds there are; TestEveryKindIsLookedAfter fails for one that is
// not here (R-IBG-23).
var entities = []entity{
	{Kind: house.KindActivity, Right: account.Content, Nav: &nav{Order: 10, Icon: "calendar-event"}, Hide: lists},
	{Kind: house.KindMeal, Right: account.Content, Nav: &nav{Order: 20, Icon: "tools-kitchen-2"}, Hide: lists},
	{Kind: house.KindShift, Right: account.Content, Nav: &nav{Order: 30, Icon: "id-badge-2"}},
	{Kind: house.KindResident, Right: account.People, Nav: &nav{Order: 40, Icon: "users"}, Hide: answers, Own: choices},
	{Kind: house.KindStaff, Right: account.People, Hide: answers, Own: choices},
	{Kind: house.KindNews, Right: account.Content, Nav: &nav{Order: 50, Icon: "news"}},
	{Kind: house.KindAlbum, Right: account.Content, Nav: &nav{Order: 55, Icon: "photo"}, Hide: pictures},
	{Kind: house.KindMeeting, Right: account.Content, Nav: &nav{Order: 60, Icon: "message-2"}},
	{Kind: house.KindBooking, Right: account.Content, Nav: &nav{Order: 70, Icon: "wash-machine"}},
	{Kind: house.KindResource, Right: account.Content},
	{Kind: house.KindGroup, Right: account.Content},
	{Kind: house.KindDocument, Right: account.Content},
	{Kind: house.KindVideo, Right: account.Content},
	{Kind: house.KindWeather, Right: account.Content},
	{Kind: house.KindPresence, Right: account.Content},
	{Kind: house.KindPoll, Right: account.Content},
	{Kind: house.KindRequest, Right: account.People, Nav: &nav{Order: 85, Icon: "file-text"}},
	{Kind: house.KindEntry, Right: account.Registers, Book: true},
	{Kind: house.KindPlan, Right: account.Content, Only: true},
	{Kind: house.KindRelative, Right: account.People},
	{Kind: house.KindFormer, Right: account.People},
	{Kind: house.KindScreen, Right: account.Screens, Nav: &nav{Order: 80, Icon: "device-tv"}},
	{Kind: house.KindDepartment, Right: account.Settings, Nav: &nav{Order: 100, Icon: "settings"}},
	{Kind: house.KindExternal, Right: account.Settings},
	{Kind: house.KindSystem, Right: account.Settings, Only: true},
	{Kind: house.KindMeta, Right: account.Settings, Only: true},
}

// people are the kinds that are somebody: they are not deleted but erased.
var people = []house.Kind{house.KindResident, house.KindStaff, house.KindRelative}

// entityOf returns a kind as it is looked after; nil: there is none.
func entityOf(k house.Kind) *entity {
	for i := range entities {
		if entities[i].Kind == k {
			return &entities[i]
		}
	}
	return nil
}

// recordsPath is where the plain pages of all kinds are.
const recordsPath = "/records/"

// path returns where the list of its kind is.
func (e *entity) path() string { return recordsPath + string(e.Kind) }

// home returns where its kind is looked after: the page that is in place of its list, or
// that.
func (e *entity) home() string {
	for _, p := range pages {
		if p.Nav != nil && p.Nav.For == e.Kind && p.Nav.Path != e.path() {
			return p.Nav.Path
		}
	}
	return e.path()
}

// Person reports whether it is somebody, who is not deleted but erased.
func (e *entity) Person() bool { return slices.Contains(people, e.Kind) }

// Signed reports whether people sign up for it, and have a page there (signups.go).
func (e *entity) Signed() bool { return slices.Equal(e.Hide, lists) }

// at returns where one of them is.
func (e *entity) at(id house.ID) string { return e.path() + "/" + string(id) }

// fields returns the members that are shown and filled in.
func (e *entity) fields() []house.Field {
	all := slices.DeleteFunc(slices.Clone(house.Fields(e.Kind)), func(f house.Field) bool {
		return slices.Contains(hidden, f.Key) || slices.Contains(e.Hide, f.Key)
	})
	if len(e.Own) > 0 {
		return all
	}
	rank := func(f house.Field) int {
		if i := slices.Index(firstAsked, f.Key); i >= 0 {
			return i
		}
		return len(firstAsked)
	}
	slices.SortStableFunc(all, func(a, b house.Field) int { return rank(a) - rank(b) })
	return all
}

// firstAsked are the members that a form begins with, where a record has them: what staff
// came to write.
var firstAsked = []string{"title", "question", "text", "department"}

// ours returns the members that the plain form fills in.
func (e *entity) ours() []house.Field {
	return slices.DeleteFunc(e.fields(), func(f house.Field) bool { return slices.Contains(e.Own, f.Key) })
}

// ownPath returns the page of a record that looks after what its plain form does not;
// "": there is none.
func (e *entity) ownPath(id house.ID) string {
	if len(e.Own) == 0 {
		return ""
	}
	return personPath(id)
}

// label returns what a record is called in a list, in its first words.
func (v *visit) label(r house.Record) string {
	switch r := r.(type) {
	case *house.Resident:
		return name(r.FirstName.Reveal(), r.LastName.Reveal())
	case *house.Staff:
		return name(r.FirstName.Reveal(), r.LastName.Reveal())
	case *house.Relative:
		return r.Display.Reveal()
	case *house.Former:
		return v.text(r.Label)
	case *house.Shift:
		return v.views.words(v.lang).when(r.From) + "–" + v.views.words(v.lang).clock(r.To) + " · " + r.Type
	case *house.Booking:
		return v.views.words(v.lang).when(r.From) + "–" + v.views.words(v.lang).clock(r.To)
	case *house.Weather:
		return v.views.words(v.lang).when(r.At)
	case *house.Request:
		return v.word("choice.", house.KindRequest, "right."+string(r.Right)) + " · " + v.views.words(v.lang).day(r.Asked.Day())
	case *house.Entry:
		return v.entryLabel(r)
	case *house.Presence:
		return v.views.words(v.lang).day(r.Day)
	case *house.Screen:
		return v.text(r.Place)
	}
	fields, in := house.Members(r)
	for _, key := range []string{"title", "name", "question"} {
		for i := range fields {
			if f := &fields[i]; f.Key == key && f.Form == house.FormWords {
				return v.text(textOf(f, in))
			}
		}
	}
	return v.t("kind." + string(house.KindOf(r)))
}

// name joins the parts of a name there are.
func name(parts ...string) (s string) {
	for _, p := range parts {
		if p != "" && s != "" {
			s += " "
		}
		s += p
	}
	return s
}

// wall returns the first time of a record, or "".
func wall(r house.Record) house.Wall {
	fields, in := house.Members(r)
	for i := range fields {
		if f := &fields[i]; f.Form == house.FormWall {
			return house.Wall(f.In(in).String())
		}
	}
	return ""
}
