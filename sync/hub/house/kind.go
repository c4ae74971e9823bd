package house

import (
	"iter"
	"reflect"
)

// A Kind says what a record is about. The kinds are the entity types a store
// keeps, and those a Manager lists, shows, edits and deletes.
type Kind string

// The kinds of records.
const (
	KindMeta       Kind = "meta"
	KindSystem     Kind = "system"
	KindDepartment Kind = "department"
	KindExternal   Kind = "external_system"
	KindScreen     Kind = "screen"
	KindResident   Kind = "resident"
	KindFormer     Kind = "former"
	KindStaff      Kind = "staff"
	KindRelative   Kind = "relative"
	KindActivity   Kind = "activity"
	KindMeal       Kind = "meal"
	KindPlan       Kind = "plan"
	KindShift      Kind = "shift"
	KindNews       Kind = "news"
	KindMeeting    Kind = "meeting"
	KindResource   Kind = "resource"
	KindBooking    Kind = "booking"
	KindGroup      Kind = "group"
	KindAlbum      Kind = "album"
	KindDocument   Kind = "document"
	KindVideo      Kind = "video"
	KindWeather    Kind = "weather"
	KindPresence   Kind = "presence"
	KindPoll       Kind = "poll"
	KindRequest    Kind = "request"
	KindEntry      Kind = "entry"
)

// OnlyID is the ID of records of which a system has one: meta and plan.
const OnlyID ID = "-"

// Kinds returns every kind, in the order of a file.
func Kinds() []Kind {
	out := make([]Kind, len(kinds))
	for i, k := range kinds {
		out[i] = k.kind
	}
	return out
}

// New returns an empty record of kind k, to decode into, or nil when there is
// no such kind.
func New(k Kind) Record {
	for _, e := range kinds {
		if e.kind == k {
			return reflect.New(e.typ).Interface().(Record)
		}
	}
	return nil
}

// Records returns every record of the house, in the order of a file. Activities
// and meals come without their people; see [House.Lists].
func (h *House) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for _, e := range kinds {
			for r := range e.all(h) {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// Add puts a record into the house, after those of its kind.
func (h *House) Add(r Record) {
	k := KindOf(r)
	for _, e := range kinds {
		if e.kind == k {
			e.add(h, r)
		}
	}
}

// An entry ties a kind to its Go type and its place in a house.
type entry struct {
	kind Kind
	typ  reflect.Type
	all  func(*House) iter.Seq[Record]
	add  func(*House, Record)
}

var kinds = []entry{
	one(KindMeta, func(h *House) *Meta { return &h.Meta }),
	one(KindSystem, func(h *House) *System { return &h.System }),
	many(KindDepartment, func(h *House) *[]Department { return &h.Departments }),
	many(KindExternal, func(h *House) *[]External { return &h.Externals }),
	many(KindScreen, func(h *House) *[]Screen { return &h.Screens }),
	many(KindResident, func(h *House) *[]Resident { return &h.Residents }),
	many(KindFormer, func(h *House) *[]Former { return &h.Former }),
	many(KindStaff, func(h *House) *[]Staff { return &h.Staff }),
	many(KindRelative, func(h *House) *[]Relative { return &h.Relatives }),
	many(KindActivity, func(h *House) *[]Activity { return &h.Activities }),
	many(KindMeal, func(h *House) *[]Meal { return &h.Meals }),
	one(KindPlan, func(h *House) *Plan { return &h.Roster.Plan }),
	many(KindShift, func(h *House) *[]Shift { return &h.Roster.Shifts }),
	many(KindNews, func(h *House) *[]News { return &h.News }),
	many(KindMeeting, func(h *House) *[]Meeting { return &h.Meetings }),
	many(KindResource, func(h *House) *[]Resource { return &h.Resources }),
	many(KindBooking, func(h *House) *[]Booking { return &h.Bookings }),
	many(KindGroup, func(h *House) *[]Group { return &h.Groups }),
	many(KindAlbum, func(h *House) *[]Album { return &h.Albums }),
	many(KindDocument, func(h *House) *[]Document { return &h.Documents }),
	many(KindVideo, func(h *House) *[]Video { return &h.Videos }),
	many(KindWeather, func(h *House) *[]Weather { return &h.Weather }),
	many(KindPresence, func(h *House) *[]Presence { return &h.Presence }),
	many(KindPoll, func(h *House) *[]Poll { return &h.Polls }),
	many(KindRequest, func(h *House) *[]Request { return &h.Requests }),
	many(KindEntry, func(h *House) *[]Entry { return &h.Entries }),
}

func one[T any, P interface {
	*T
	Record
}](kind Kind, at func(*House) *T) entry {
	return entry{
		kind, reflect.TypeFor[T](),
		func(h *House) iter.Seq[Record] {
			return func(yield func(Record) bool) { v := *at(h); yield(P(&v)) }
		},
		func(h *House, r Record) { *at(h) = *r.(P) },
	}
}

func many[T any, P interface {
	*T
	Record
}](kind Kind, at func(*House) *[]T) entry {
	return entry{
		kind, reflect.TypeFor[T](),
		func(h *House) iter.Seq[Record] {
			return func(yield func(Record) bool) {
				for _, v := range *at(h) {
					if bare, ok := any(P(&v)).(Lister); ok {
						bare.SetPlaces(nil)
					}
					if !yield(P(&v)) {
						return
					}
				}
			}
		},
		func(h *House, r Record) { *at(h) = append(*at(h), *r.(P)) },
	}
}
