package house

import (
	"fmt"
	"strings"

	"tavle/sync/record"
)

// A Meeting is people talking about an agenda.
type Meeting struct {
	ID         ID           `key:"id"`
	Department ID           `key:"department,opt" ref:"department"`
	Title      record.Text  `key:"title"`
	Starts     Wall         `key:"starts" window:"from"`
	Ends       Wall         `key:"ends" window:"until"`
	Place      record.Text  `key:"place,opt"`
	Chair      ID           `key:"chair,opt" ref:"resident staff"`
	Secretary  ID           `key:"secretary,opt" ref:"resident staff"`
	SignUps    []ID         `key:"signups,opt" ref:"resident former staff" max:"10000" data:"signup"`
	Agenda     []AgendaItem `key:"agenda,opt" max:"100"`
	Proposals  []Proposal   `key:"proposals,opt" max:"1000"`
	Minutes    record.Text  `key:"minutes,opt" max:"20000"`
}

// An AgendaItem is something to talk about.
type AgendaItem struct {
	Number    int         `key:"no" min:"1" max:"100"`
	Title     record.Text `key:"title"`
	Pictogram string      `key:"pictogram,opt" max:"40"`
	By        ID          `key:"by,opt" ref:"resident former staff"`
	Proposal  ID          `key:"proposal,opt"` // of the same meeting
}

// A Proposal is what somebody wants to talk about.
type Proposal struct {
	ID        ID          `key:"id"`
	By        ID          `key:"by,opt" ref:"resident former staff"`
	Status    string      `key:"status,opt" oneof:"received on_agenda done declined"` // absent: received
	Text      record.Text `key:"text" max:"4000"`
	Pictogram string      `key:"pictogram,opt" max:"40"`
	Likes     []ID        `key:"likes,opt" ref:"resident former staff" max:"10000" data:"signup"`
}

// Open reports whether people can still think well of it: it has not been dealt
// with.
func (p Proposal) Open() bool { return p.Status != "done" && p.Status != "declined" }

// A Resource is something people can book.
type Resource struct {
	ID         ID          `key:"id"`
	Department ID          `key:"department,opt" ref:"department"`
	Title      record.Text `key:"title"`
	Pictogram  string      `key:"pictogram,opt" max:"40"`
	Mode       string      `key:"mode" oneof:"slots free"`
	Slots      []Slot      `key:"slots,opt" max:"100"` // of mode slots
	PerWeek    int         `key:"max_per_person_per_week,opt" max:"100"`
	MinMinutes int         `key:"min_minutes,opt" max:"10080"` // of mode free
	MaxMinutes int         `key:"max_minutes,opt" max:"10080"`
	Who        string      `key:"who,opt" oneof:"everyone residents_only staff_only"`
	SharedWith []ID        `key:"shared_with,opt" ref:"department external_system" max:"1000"`
}

// A Slot is a part of the day that can be booked, such as "08:00-10:00".
type Slot string

// Span returns when the slot begins and ends.
func (s Slot) Span() (from, to Clock) {
	f, t, _ := strings.Cut(string(s), "-")
	return Clock(f), Clock(t)
}

// What of a day can be booked of something without slots of its own, in pieces of
// an hour at least.
const (
	firstHour = 8
	lastHour  = 20
)

// Daily returns the parts of every day that can be booked: the slots, or, in mode
// free, pieces of the day that are as long as the resource is had at least.
func (r *Resource) Daily() []Slot {
	if r.Mode == "slots" {
		return r.Slots
	}
	long := max(r.MinMinutes, 60)
	if r.MaxMinutes > 0 {
		long = min(long, r.MaxMinutes)
	}
	long = min(long, (lastHour-firstHour)*60)
	var out []Slot
	for at := firstHour * 60; at+long <= lastHour*60; at += long {
		out = append(out, Slot(clockOf(at)+"-"+clockOf(at+long)))
	}
	return out
}

func clockOf(minutes int) Clock { return Clock(fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)) }

// A Booking is a resource somebody has for a while.
type Booking struct {
	ID         ID   `key:"id"`
	Department ID   `key:"department,opt" ref:"department"` // absent: its resource's
	Resource   ID   `key:"resource" ref:"resource"`
	Person     ID   `key:"person" ref:"resident former staff" data:"signup"`
	From       Wall `key:"from" window:"from"`
	To         Wall `key:"to" window:"until"`
}

// A Group is people with something in common.
type Group struct {
	ID         ID          `key:"id"`
	Department ID          `key:"department,opt" ref:"department"`
	Title      record.Text `key:"title"`
	Pictogram  string      `key:"pictogram,opt" max:"40"`
	Members    []ID        `key:"members,opt" ref:"resident former staff" max:"10000" data:"signup"`
	SharedWith []ID        `key:"shared_with,opt" ref:"department external_system" max:"1000"`
	Posts      []Post      `key:"posts,opt" max:"10000"`
}

// A Post is something said in a group.
type Post struct {
	ID       ID          `key:"id"`
	By       ID          `key:"by,opt" ref:"resident former staff" forget:"all"`
	At       Wall        `key:"at"`
	Text     record.Text `key:"text" max:"4000"`
	Likes    []ID        `key:"likes,opt" ref:"resident former staff" max:"10000"`
	Comments []Comment   `key:"comments,opt" max:"1000"`
}

// A Comment is something said about a post.
type Comment struct {
	By   ID          `key:"by,opt" ref:"resident former staff" forget:"all"`
	Text record.Text `key:"text" max:"4000"`
}

// An Album is pictures that belong together.
type Album struct {
	ID         ID          `key:"id"`
	Department ID          `key:"department,opt" ref:"department"`
	Title      record.Text `key:"title"`
	Published  Wall        `key:"published,opt" window:"from"` // absent: always
	Expires    Wall        `key:"expires,opt" window:"until"`  // absent: for good
	Reviewed   Day         `key:"reviewed,opt"`                // when staff last went through it
	Photos     []Photo     `key:"photos,opt" max:"2000"`
}

// A Photo is one picture of an album and who is in it.
type Photo struct {
	ID       ID          `key:"id"`
	Asset    Picture     `key:"asset" data:"picture"`
	Alt      record.Text `key:"alt,opt" max:"1000"`
	Tagged   []ID        `key:"tagged,opt" ref:"resident former staff" max:"200" data:"picture" forget:"all"`
	Visitors bool        `key:"visitors,opt"` // people are in it, too, whom the house does not know
	Unasked  bool        `key:"unasked,opt"`  // nobody has said yet who is in it: it is on no screen
	Added    Day         `key:"added,opt"`    // when it came in
	Hidden   bool        `key:"hidden,opt"`   // staff took it off the screens
}

// A Document is pages to look through.
type Document struct {
	ID         ID          `key:"id"`
	Department ID          `key:"department,opt" ref:"department"`
	Title      record.Text `key:"title"`
	Pages      int         `key:"pages,opt" max:"10000"`
	Contents   []Page      `key:"contents,opt" max:"50"` // the pages themselves, in words that are easy to read
	SharedTo   Scope       `key:"shared_to"`
	Hidden     bool        `key:"hidden,opt"` // staff took it off the screens
}

// A Page is one page of a document.
type Page struct {
	Title     record.Text `key:"title,opt"`
	Text      record.Text `key:"text" max:"2000"`
	Pictogram string      `key:"pictogram,opt" max:"40"`
}

// A Video is a film to watch.
type Video struct {
	ID           ID            `key:"id"`
	Department   ID            `key:"department,opt" ref:"department"`
	Title        record.Text   `key:"title"`
	Seconds      int           `key:"seconds,opt" max:"86400"`
	Captions     []record.Lang `key:"captions,opt" max:"8"`
	WebVTT       record.Text   `key:"webvtt,opt" max:"20000"` // the captions themselves; see [ParseWebVTT]
	SignLanguage record.Text   `key:"sign_language,opt"`
	Film         Picture       `key:"film,opt"`       // MPEG-1
	Sound        bool          `key:"with_sound,opt"` // what is heard in it, MPEG-1 Layer II, is heard on screens
	Poster       Picture       `key:"poster,opt"`     // what is seen before it begins
	Tagged       []ID          `key:"tagged,opt" ref:"resident former staff" max:"200" data:"picture" forget:"all"`
	SharedTo     Scope         `key:"shared_to"`
	Hidden       bool          `key:"hidden,opt"` // staff took it off the screens
}

// A Weather is what somebody foresaw for the days to come.
type Weather struct {
	ID         ID           `key:"id"`
	Department ID           `key:"department,opt" ref:"department"`
	At         Wall         `key:"at"` // when; old weather is shown to nobody
	Days       []WeatherDay `key:"days" max:"14"`
}

// A WeatherDay is the weather of one day.
type WeatherDay struct {
	Day  Day    `key:"day"`
	Sky  string `key:"sky" oneof:"clear partly cloudy rain thunder snow fog"`
	Low  int    `key:"low" min:"-90" max:"60"` // °C
	High int    `key:"high" min:"-90" max:"60"`
	Wind string `key:"wind,opt" oneof:"calm light fresh strong storm"`
}

// A Scope says whom something is for: "department", "staff" (on no wall), or
// "person:" and an ID.
type Scope string

// A Picture names a picture, a film or a recording, such as "asset:scene/pool"; what
// it looks or sounds like is kept beside the house, not in it. The empty one is none.
type Picture string
