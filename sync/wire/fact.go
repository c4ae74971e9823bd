package wire

// The bodies of rows. The types of sync/record have no JSON of their own,
// because a Name must not print by accident; this file is the one place where
// a fact becomes bytes and bytes become a fact.
//
// In every body an absent member is the zero value of its type, and a member
// this build does not know is ignored.

import (
	"encoding/json"
	"fmt"
	"time"

	"tavle/sync/record"
)

type houseBody struct {
	Name     record.Text     `json:"name,omitempty"`
	Zone     string          `json:"zone,omitempty"` // absent: UTC
	Langs    []record.Lang   `json:"langs,omitempty"`
	Modules  []record.Module `json:"modules,omitempty"`
	Exact    bool            `json:"exact,omitempty"`
	Keeper   record.Text     `json:"keeper,omitempty"`
	Contact  string          `json:"contact,omitempty"`
	Weekdays bool            `json:"weekdays,omitempty"`
	TagKey   record.TagKey   `json:"tag_key,omitempty"`
	Lexicon  []lexemeBody    `json:"lexicon,omitempty"`
}

type lexemeBody struct {
	Lang   record.Lang `json:"lang"`
	Word   string      `json:"word"`
	Spoken string      `json:"spoken"`
}

type personBody struct {
	Kind   record.PersonKind `json:"kind"`
	Name   spelling          `json:"name"`
	Spoken spelling          `json:"spoken,omitempty"`
	Photo  record.AssetID    `json:"photo,omitempty"`
	Mark   string            `json:"mark,omitempty"`
	Role   record.Text       `json:"role,omitempty"`
	SignUp bool              `json:"signup,omitempty"`
	Listed bool              `json:"listed,omitempty"`
	Until  time.Time         `json:"until,omitzero"`
	Open   []record.Choice   `json:"open,omitempty"`
	Code   string            `json:"code,omitempty"`
	Tag    record.Tag        `json:"tag,omitempty"`
	Preset presetBody        `json:"preset,omitzero"`

	Requests []requestBody `json:"requests,omitempty"`
}

type requestBody struct {
	Right    record.Right `json:"right"`
	Asked    record.Day   `json:"asked"`
	Due      record.Day   `json:"due"`
	Answered record.Day   `json:"answered,omitempty"`
}

// A spelling is how a name is written. As it is read it lies in memory by itself,
// as the name does.
type spelling string

// MarshalText implements [encoding.TextMarshaler].
func (s spelling) MarshalText() ([]byte, error) { return []byte(s.name().Reveal()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *spelling) UnmarshalText(b []byte) error {
	if *s = ""; len(b) > 0 {
		*s = spelling(record.Alone(b))
	}
	return nil
}

func (s spelling) name() record.Name { return record.NameOf(string(s)) }

type presetBody struct {
	Lang     record.Lang `json:"lang,omitempty"`
	Text     string      `json:"text,omitempty"`
	Contrast string      `json:"contrast,omitempty"`
	Still    bool        `json:"still,omitempty"`
	Read     bool        `json:"read,omitempty"`
	HoldMS   int64       `json:"hold_ms,omitempty"`
	Scanning string      `json:"scanning,omitempty"`
}

// maxHold bounds how long a touch may have to last.
const maxHold = 5 * time.Second

func presetOf(p record.Preset) presetBody {
	return presetBody{p.Lang, p.Text, p.Contrast, p.Still, p.Read, p.Hold.Milliseconds(), p.Scanning}
}

func (b presetBody) preset() record.Preset {
	hold := min(max(0, time.Duration(b.HoldMS)*time.Millisecond), maxHold)
	return record.Preset{Lang: b.Lang, Text: b.Text, Contrast: b.Contrast, Still: b.Still, Read: b.Read, Hold: hold, Scanning: b.Scanning}
}

type participantsBody struct {
	Who     []record.PersonID `json:"who,omitempty"`
	Waiting []record.PersonID `json:"waiting,omitempty"`
	More    int               `json:"more,omitempty"`
	Exact   bool              `json:"exact,omitempty"`
	Limit   int               `json:"limit,omitempty"`
	Left    record.Places     `json:"left,omitempty"`
}

type activityBody struct {
	Title    record.Text       `json:"title"`
	Text     record.Text       `json:"text,omitempty"`
	Place    record.Text       `json:"place,omitempty"`
	Picto    string            `json:"picto,omitempty"`
	Picture  record.AssetID    `json:"picture,omitempty"`
	Sound    record.AssetID    `json:"sound,omitempty"`
	Starts   time.Time         `json:"starts"`
	Ends     time.Time         `json:"ends,omitzero"`
	Deadline time.Time         `json:"deadline,omitzero"`
	Bring    []itemBody        `json:"bring,omitempty"`
	Price    int               `json:"price,omitempty"`
	Leaders  []record.PersonID `json:"leaders,omitempty"`
	Status   record.Status     `json:"status,omitempty"` // absent: planned
	SignUp   bool              `json:"signup,omitempty"`
	participantsBody
}

type itemBody struct {
	Title record.Text `json:"title"`
	Picto string      `json:"picto,omitempty"`
}

type dishBody struct {
	Title     record.Text `json:"title"`
	Allergens []string    `json:"allergens,omitempty"`
	Diet      []string    `json:"diet,omitempty"`
}

type alternativeBody struct {
	dishBody
	Picto   string         `json:"picto,omitempty"`
	Picture record.AssetID `json:"picture,omitempty"`
}

type mealBody struct {
	Kind     record.MealKind `json:"kind"`
	Served   time.Time       `json:"served"`
	Deadline time.Time       `json:"deadline,omitzero"`
	dishBody
	Alternative *alternativeBody  `json:"alternative,omitempty"`
	Picto       string            `json:"picto,omitempty"`
	Picture     record.AssetID    `json:"picture,omitempty"`
	Sound       record.AssetID    `json:"sound,omitempty"`
	Cook        record.PersonID   `json:"cook,omitempty"`
	Auto        []record.PersonID `json:"auto,omitempty"`
	Other       []record.PersonID `json:"other,omitempty"`
	participantsBody
}

type shiftBody struct {
	Type   string          `json:"type"`
	Label  record.Text     `json:"label,omitempty"`
	From   time.Time       `json:"from"`
	To     time.Time       `json:"to"`
	Person record.PersonID `json:"person,omitempty"`
	Role   record.Text     `json:"role,omitempty"`
}

type newsBody struct {
	Title     record.Text     `json:"title"`
	Text      record.Text     `json:"text,omitempty"`
	Picto     string          `json:"picto,omitempty"`
	Picture   record.AssetID  `json:"picture,omitempty"`
	Sound     record.AssetID  `json:"sound,omitempty"`
	Photos    []photoBody     `json:"photos,omitempty"`
	Author    record.PersonID `json:"author,omitempty"`
	Published time.Time       `json:"published"`
	Expires   time.Time       `json:"expires,omitzero"`
	Pinned    bool            `json:"pinned,omitempty"`
}

type taggedBody struct {
	People bool              `json:"people,omitempty"`
	Who    []record.PersonID `json:"who,omitempty"`
	Until  time.Time         `json:"until,omitzero"`
}

type photoBody struct {
	Asset record.AssetID `json:"asset"`
	Alt   record.Text    `json:"alt,omitempty"`
	taggedBody
}

type albumBody struct {
	Title     record.Text `json:"title"`
	Photos    []photoBody `json:"photos,omitempty"`
	Published time.Time   `json:"published,omitzero"`
	Expires   time.Time   `json:"expires,omitzero"`
}

type pageBody struct {
	Title record.Text `json:"title,omitempty"`
	Text  record.Text `json:"text,omitempty"`
	Picto string      `json:"picto,omitempty"`
}

type documentBody struct {
	Title record.Text `json:"title"`
	Pages []pageBody  `json:"pages,omitempty"`
}

type cueBody struct {
	From int         `json:"from_ms"`
	To   int         `json:"to_ms"`
	Text record.Text `json:"text"`
}

type videoBody struct {
	Title   record.Text    `json:"title"`
	Film    record.AssetID `json:"film,omitempty"`
	Poster  record.AssetID `json:"poster,omitempty"`
	Seconds int            `json:"seconds,omitempty"`
	Cues    []cueBody      `json:"cues,omitempty"`
	Sign    record.Text    `json:"sign,omitempty"`
	Sound   bool           `json:"sound,omitempty"`
	taggedBody
}

type weatherDayBody struct {
	Date time.Time   `json:"date"`
	Sky  record.Sky  `json:"sky"`
	Low  int         `json:"low"`
	High int         `json:"high"`
	Wind record.Wind `json:"wind,omitempty"`
}

type weatherBody struct {
	At   time.Time        `json:"at"`
	Days []weatherDayBody `json:"days,omitempty"`
}

type presenceBody struct {
	Day   record.Day        `json:"day"`
	Who   []record.PersonID `json:"who,omitempty"`
	Here  []record.PersonID `json:"here,omitempty"`
	Gone  []record.PersonID `json:"gone,omitempty"`
	Off   []dayOffBody      `json:"off,omitempty"`
	Whole bool              `json:"whole,omitempty"`
}

type dayOffBody struct {
	Who record.PersonID `json:"who"`
	Day record.Day      `json:"day"`
}

type pollBody struct {
	Question record.Text  `json:"question"`
	Options  []optionBody `json:"options,omitempty"`
	From     time.Time    `json:"from"`
	Until    time.Time    `json:"until"`
	Counted  int          `json:"counted,omitempty"`
}

type optionBody struct {
	Picto string      `json:"picto"`
	Title record.Text `json:"title"`
	N     int         `json:"n,omitempty"`
}

// mapped returns what f makes of each; of nothing it makes nil, as JSON does.
func mapped[A, B any](list []A, f func(A) B) (out []B) {
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}

func photoBodies(list []record.Photo) []photoBody {
	return mapped(list, func(p record.Photo) photoBody { return photoBody{p.Asset, p.Alt, taggedBody(p.Tagged)} })
}

func photosOf(list []photoBody) []record.Photo {
	return mapped(list, func(b photoBody) record.Photo {
		return record.Photo{Asset: b.Asset, Alt: b.Alt, Tagged: record.Tagged(b.taggedBody)}
	})
}

type meetingBody struct {
	Title     record.Text     `json:"title"`
	Place     record.Text     `json:"place,omitempty"`
	Starts    time.Time       `json:"starts"`
	Ends      time.Time       `json:"ends,omitzero"`
	Chair     record.PersonID `json:"chair,omitempty"`
	Secretary record.PersonID `json:"secretary,omitempty"`
	Agenda    []agendaBody    `json:"agenda,omitempty"`
	SignUp    bool            `json:"signup,omitempty"`
	participantsBody
}

type agendaBody struct {
	Number   int               `json:"no"`
	Title    record.Text       `json:"title"`
	Picto    string            `json:"picto,omitempty"`
	By       record.PersonID   `json:"by,omitempty"`
	Proposal record.ProposalID `json:"proposal,omitempty"`
}

type proposalBody struct {
	Meeting record.MeetingID `json:"meeting"`
	Number  int              `json:"no"`
	Text    record.Text      `json:"text"`
	Picto   string           `json:"picto,omitempty"`
	By      record.PersonID  `json:"by,omitempty"`
	participantsBody
}

type resourceBody struct {
	Title  record.Text `json:"title"`
	Picto  string      `json:"picto,omitempty"`
	Slots  []slotBody  `json:"slots,omitempty"`
	SignUp bool        `json:"signup,omitempty"`
}

type slotBody struct {
	From int `json:"from"`
	To   int `json:"to"`
}

type bookingBody struct {
	Resource record.ResourceID `json:"resource"`
	From     time.Time         `json:"from"`
	To       time.Time         `json:"to"`
	Who      record.PersonID   `json:"who,omitempty"`
}

type groupBody struct {
	Title  record.Text `json:"title"`
	Picto  string      `json:"picto,omitempty"`
	SignUp bool        `json:"signup,omitempty"`
	participantsBody
}

// EncodeFact returns f as the row that travels.
func EncodeFact(f record.Fact) (record.Row, error) {
	var key record.Key
	var body any
	switch f := f.(type) {
	case record.House:
		key = record.Key{Kind: record.KindHouse, ID: record.HouseID}
		body = houseBody{
			f.Name, f.Zone, f.Langs, f.Modules, f.Exact, f.Keeper, f.Contact, f.Weekdays, f.TagKey,
			mapped(f.Lexicon, func(l record.Lexeme) lexemeBody { return lexemeBody(l) }),
		}
	case record.Person:
		key = record.Key{Kind: record.KindPerson, ID: string(f.ID)}
		body = personBody{
			f.Kind, spelling(f.Name.Reveal()), spelling(f.Spoken.Reveal()), f.Photo, f.Mark, f.Role, f.SignUp, f.Listed, f.Until,
			f.Open, string(f.Code), f.Tag, presetOf(f.Preset),
			mapped(f.Requests, func(r record.Request) requestBody { return requestBody(r) }),
		}
	case record.Activity:
		key = record.Key{Kind: record.KindActivity, ID: string(f.ID)}
		b := activityBody{
			Title: f.Title, Text: f.Text, Place: f.Place, Picto: f.Picto, Picture: f.Picture, Sound: f.Sound,
			Starts: f.Starts, Ends: f.Ends, Deadline: f.Deadline, Price: f.Price, Leaders: f.Leaders,
			SignUp: f.SignUp, participantsBody: participantsBody(f.Participants),
		}
		if f.Status != record.Planned {
			b.Status = f.Status
		}
		for _, it := range f.Bring {
			b.Bring = append(b.Bring, itemBody(it))
		}
		body = b
	case record.Meal:
		key = record.Key{Kind: record.KindMeal, ID: string(f.ID)}
		b := mealBody{
			Kind: f.Kind, Served: f.Served, Deadline: f.Deadline, dishBody: dishBody(f.Dish),
			Picto: f.Picto, Picture: f.Picture, Sound: f.Sound, Cook: f.Cook, Auto: f.Auto, Other: f.Other, participantsBody: participantsBody(f.Participants),
		}
		if f.Alternative != nil {
			b.Alternative = &alternativeBody{dishBody(f.Alternative.Dish), f.Alternative.Picto, f.Alternative.Picture}
		}
		body = b
	case record.Shift:
		key = record.Key{Kind: record.KindShift, ID: string(f.ID)}
		body = shiftBody{f.Type, f.Label, f.From, f.To, f.Person, f.Role}
	case record.News:
		key = record.Key{Kind: record.KindNews, ID: string(f.ID)}
		body = newsBody{f.Title, f.Text, f.Picto, f.Picture, f.Sound, photoBodies(f.Photos), f.Author, f.Published, f.Expires, f.Pinned}
	case record.Meeting:
		key = record.Key{Kind: record.KindMeeting, ID: string(f.ID)}
		b := meetingBody{
			Title: f.Title, Place: f.Place, Starts: f.Starts, Ends: f.Ends, Chair: f.Chair, Secretary: f.Secretary,
			SignUp: f.SignUp, participantsBody: participantsBody(f.Participants),
		}
		for _, it := range f.Agenda {
			b.Agenda = append(b.Agenda, agendaBody(it))
		}
		body = b
	case record.Proposal:
		key = record.Key{Kind: record.KindProposal, ID: string(f.ID)}
		body = proposalBody{f.Meeting, f.Number, f.Text, f.Picto, f.By, participantsBody(f.Participants)}
	case record.Resource:
		key = record.Key{Kind: record.KindResource, ID: string(f.ID)}
		b := resourceBody{Title: f.Title, Picto: f.Picto, SignUp: f.SignUp}
		for _, s := range f.Slots {
			b.Slots = append(b.Slots, slotBody(s))
		}
		body = b
	case record.Booking:
		key = record.Key{Kind: record.KindBooking, ID: string(f.ID)}
		body = bookingBody{f.Resource, f.From, f.To, f.Who}
	case record.Group:
		key = record.Key{Kind: record.KindGroup, ID: string(f.ID)}
		body = groupBody{f.Title, f.Picto, f.SignUp, participantsBody(f.Participants)}
	case record.Album:
		key = record.Key{Kind: record.KindAlbum, ID: string(f.ID)}
		body = albumBody{f.Title, photoBodies(f.Photos), f.Published, f.Expires}
	case record.Document:
		key = record.Key{Kind: record.KindDocument, ID: string(f.ID)}
		body = documentBody{f.Title, mapped(f.Pages, func(p record.Page) pageBody { return pageBody(p) })}
	case record.Video:
		key = record.Key{Kind: record.KindVideo, ID: string(f.ID)}
		body = videoBody{f.Title, f.Film, f.Poster, f.Seconds, mapped(f.Cues, func(c record.Cue) cueBody { return cueBody(c) }), f.Sign, f.Sound, taggedBody(f.Tagged)}
	case record.Weather:
		key = record.Key{Kind: record.KindWeather, ID: string(f.ID)}
		body = weatherBody{f.At, mapped(f.Days, func(d record.WeatherDay) weatherDayBody { return weatherDayBody(d) })}
	case record.Presence:
		key = record.Key{Kind: record.KindPresence, ID: string(f.ID)}
		body = presenceBody{f.Day, f.Who, f.Here, f.Gone, mapped(f.Off, func(d record.DayOff) dayOffBody { return dayOffBody(d) }), f.Whole}
	case record.Poll:
		key = record.Key{Kind: record.KindPoll, ID: string(f.ID)}
		body = pollBody{f.Question, mapped(f.Options, func(o record.PollOption) optionBody { return optionBody(o) }), f.From, f.Until, f.Counted}
	default:
		panic(fmt.Sprintf("wire: no row for %T", f))
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return record.Row{}, fmt.Errorf("encode %s %s: %w", key.Kind, key.ID, err)
	}
	return record.Row{Key: key, Body: raw}, nil
}

// DecodeRow returns the fact in r, or nil for a kind this build does not know.
// An error names the row and the member, never the value.
func DecodeRow(r record.Row) (record.Fact, error) {
	switch r.Kind {
	case record.KindHouse:
		b, err := body[houseBody](r)
		return record.House{
			Name: b.Name, Zone: b.Zone, Langs: b.Langs, Modules: b.Modules, Exact: b.Exact, Keeper: b.Keeper, Contact: b.Contact,
			Weekdays: b.Weekdays, TagKey: b.TagKey, Lexicon: mapped(b.Lexicon, func(l lexemeBody) record.Lexeme { return record.Lexeme(l) }),
		}, err
	case record.KindPerson:
		b, err := body[personBody](r)
		return record.Person{
			ID: record.PersonID(r.ID), Kind: b.Kind, Name: b.Name.name(), Spoken: b.Spoken.name(), Photo: b.Photo,
			Mark: b.Mark, Role: b.Role, SignUp: b.SignUp, Listed: b.Listed, Until: b.Until,
			Open: b.Open, Code: record.PictureCode(b.Code), Tag: b.Tag, Preset: b.Preset.preset(),
			Requests: mapped(b.Requests, func(r requestBody) record.Request { return record.Request(r) }),
		}, err
	case record.KindActivity:
		b, err := body[activityBody](r)
		a := record.Activity{
			ID: record.ActivityID(r.ID), Title: b.Title, Text: b.Text, Place: b.Place, Picto: b.Picto,
			Picture: b.Picture, Sound: b.Sound, Starts: b.Starts, Ends: b.Ends, Deadline: b.Deadline, Price: b.Price,
			Leaders: b.Leaders, Status: b.Status, SignUp: b.SignUp,
			Participants: record.Participants(b.participantsBody),
		}
		if a.Status == "" {
			a.Status = record.Planned
		}
		for _, it := range b.Bring {
			a.Bring = append(a.Bring, record.Item(it))
		}
		return a, err
	case record.KindMeal:
		b, err := body[mealBody](r)
		m := record.Meal{
			ID: record.MealID(r.ID), Kind: b.Kind, Served: b.Served, Deadline: b.Deadline,
			Dish: record.Dish(b.dishBody), Picto: b.Picto, Picture: b.Picture, Sound: b.Sound, Cook: b.Cook, Auto: b.Auto, Other: b.Other,
			Participants: record.Participants(b.participantsBody),
		}
		if b.Alternative != nil {
			m.Alternative = &record.Alternative{Dish: record.Dish(b.Alternative.dishBody), Picto: b.Alternative.Picto, Picture: b.Alternative.Picture}
		}
		return m, err
	case record.KindShift:
		b, err := body[shiftBody](r)
		return record.Shift{
			ID: record.ShiftID(r.ID), Type: b.Type, Label: b.Label, From: b.From, To: b.To,
			Person: b.Person, Role: b.Role,
		}, err
	case record.KindNews:
		b, err := body[newsBody](r)
		return record.News{
			ID: record.NewsID(r.ID), Title: b.Title, Text: b.Text, Picto: b.Picto, Picture: b.Picture, Sound: b.Sound,
			Photos: photosOf(b.Photos), Author: b.Author, Published: b.Published, Expires: b.Expires, Pinned: b.Pinned,
		}, err
	case record.KindAlbum:
		b, err := body[albumBody](r)
		return record.Album{ID: record.AlbumID(r.ID), Title: b.Title, Photos: photosOf(b.Photos), Published: b.Published, Expires: b.Expires}, err
	case record.KindDocument:
		b, err := body[documentBody](r)
		return record.Document{
			ID: record.DocumentID(r.ID), Title: b.Title, Pages: mapped(b.Pages, func(p pageBody) record.Page { return record.Page(p) }),
		}, err
	case record.KindVideo:
		b, err := body[videoBody](r)
		return record.Video{
			ID: record.VideoID(r.ID), Title: b.Title, Film: b.Film, Poster: b.Poster, Seconds: b.Seconds,
			Cues: mapped(b.Cues, func(c cueBody) record.Cue { return record.Cue(c) }), Sign: b.Sign, Sound: b.Sound, Tagged: record.Tagged(b.taggedBody),
		}, err
	case record.KindWeather:
		b, err := body[weatherBody](r)
		return record.Weather{
			ID: record.WeatherID(r.ID), At: b.At,
			Days: mapped(b.Days, func(d weatherDayBody) record.WeatherDay { return record.WeatherDay(d) }),
		}, err
	case record.KindMeeting:
		b, err := body[meetingBody](r)
		m := record.Meeting{
			ID: record.MeetingID(r.ID), Title: b.Title, Place: b.Place, Starts: b.Starts, Ends: b.Ends,
			Chair: b.Chair, Secretary: b.Secretary, SignUp: b.SignUp, Participants: record.Participants(b.participantsBody),
		}
		for _, it := range b.Agenda {
			m.Agenda = append(m.Agenda, record.AgendaItem(it))
		}
		return m, err
	case record.KindProposal:
		b, err := body[proposalBody](r)
		return record.Proposal{
			ID: record.ProposalID(r.ID), Meeting: b.Meeting, Number: b.Number, Text: b.Text, Picto: b.Picto, By: b.By,
			Participants: record.Participants(b.participantsBody),
		}, err
	case record.KindResource:
		b, err := body[resourceBody](r)
		f := record.Resource{ID: record.ResourceID(r.ID), Title: b.Title, Picto: b.Picto, SignUp: b.SignUp}
		for _, s := range b.Slots {
			f.Slots = append(f.Slots, record.Slot(s))
		}
		return f, err
	case record.KindBooking:
		b, err := body[bookingBody](r)
		return record.Booking{ID: record.BookingID(r.ID), Resource: b.Resource, From: b.From, To: b.To, Who: b.Who}, err
	case record.KindGroup:
		b, err := body[groupBody](r)
		return record.Group{
			ID: record.GroupID(r.ID), Title: b.Title, Picto: b.Picto, SignUp: b.SignUp,
			Participants: record.Participants(b.participantsBody),
		}, err
	case record.KindPresence:
		b, err := body[presenceBody](r)
		return record.Presence{
			ID: record.PresenceID(r.ID), Day: b.Day, Who: b.Who, Here: b.Here, Gone: b.Gone,
			Off: mapped(b.Off, func(d dayOffBody) record.DayOff { return record.DayOff(d) }), Whole: b.Whole,
		}, err
	case record.KindPoll:
		b, err := body[pollBody](r)
		return record.Poll{
			ID: record.PollID(r.ID), Question: b.Question, From: b.From, Until: b.Until, Counted: b.Counted,
			Options: mapped(b.Options, func(o optionBody) record.PollOption { return record.PollOption(o) }),
		}, err
	default:
		return nil, nil
	}
}

// DecodeChange returns the change op makes, or an error that names the row.
func DecodeChange(op record.Op) (record.Change, error) {
	c := record.Change{Key: op.Key}
	if op.Delete {
		return c, nil
	}
	var err error
	c.Fact, err = DecodeRow(op.Row)
	return c, err
}

func body[B any](r record.Row) (B, error) {
	var b B
	if err := json.Unmarshal(r.Body, &b); err != nil {
		var zero B
		return zero, fmt.Errorf("row %s %s: %w", r.Kind, r.ID, redact(err))
	}
	return b, nil
}
