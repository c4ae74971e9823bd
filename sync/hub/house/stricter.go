package house

import (
	"reflect"
	"time"

	"tavle/sync/record"
)

// Withdraws reports whether something that boards may show of somebody is taken
// back by putting now in the place of was: their consent, their being there, a name,
// a picture, a choice.
func Withdraws(was, now Record) bool {
	switch now := now.(type) {
	case *Resident:
		was, ok := was.(*Resident)
		return ok && (left(was.Lifecycle, now.Lifecycle) || refused(was.Acceptance, now.Acceptance) ||
			was.FirstName != now.FirstName || replaced(was.Alias, now.Alias) || replaced(was.Spoken, now.Spoken) || replaced(was.AliasSaid, now.AliasSaid) || was.Photo != now.Photo && was.Photo != "" ||
			was.Department != now.Department || taken(was.Choices, now.Choices))
	case *Staff:
		was, ok := was.(*Staff)
		return ok && (left(was.Lifecycle, now.Lifecycle) || refused(was.Acceptance, now.Acceptance) ||
			was.FirstName != now.FirstName || replaced(was.Alias, now.Alias) || replaced(was.Spoken, now.Spoken) || replaced(was.AliasSaid, now.AliasSaid) || was.Photo != now.Photo && was.Photo != "" ||
			!reflect.DeepEqual(was.Departments, now.Departments) || taken(was.Choices, now.Choices))
	}
	return false
}

// Stricter returns was as it may be shown where now is known to have taken something
// back since, and now itself is not to be had: hidden, left and not accepted, if
// that is so. It returns nil where nothing was taken back, or was is so already.
func Stricter(was, now Record) Record {
	if !Withdraws(was, now) {
		return nil
	}
	if r := strictest(was, now); !reflect.DeepEqual(r, was) {
		return r
	}
	return nil
}

func strictest(was, now Record) Record {
	switch now := now.(type) {
	case *Resident:
		r := *was.(*Resident)
		stricter(&r.Lifecycle, &r.Acceptance, now.Lifecycle, now.Acceptance)
		r.Choices.Hidden = true
		return &r
	case *Staff:
		s := *was.(*Staff)
		stricter(&s.Lifecycle, &s.Acceptance, now.Lifecycle, now.Acceptance)
		s.Choices.Hidden = true
		return &s
	}
	return was
}

func stricter(l *Lifecycle, a *Acceptance, nowL Lifecycle, nowA Acceptance) {
	if left(*l, nowL) {
		*l = nowL
	}
	if refused(*a, nowA) {
		*a = nowA
	}
}

// replaced reports whether a name that there was is another now, or none.
func replaced(was, now Name) bool { return was != now && !was.IsZero() }

func left(was, now Lifecycle) bool { return was != Left && now == Left }

func refused(was, now Acceptance) bool {
	return was.State == Accepted && (now.State != Accepted || now.Until != "" && (was.Until == "" || now.Until < was.Until))
}

// taken reports whether a choice is stricter than it was. Being hidden is the one
// that is strict when it is made.
func taken(was, now any) bool {
	a, b := reflect.ValueOf(was), reflect.ValueOf(now)
	for t, v := range a.Fields() {
		switch next := b.FieldByIndex(t.Index); {
		case t.Name == "Hidden":
			if !v.Bool() && next.Bool() {
				return true
			}
		case t.Name == "NameMode":
			if v.String() != "alias" && next.String() == "alias" {
				return true
			}
		case v.Kind() == reflect.Bool && v.Bool() && !next.Bool():
			return true
		}
	}
	return false
}

// Open returns what r may still take back of what they agreed to, in the order of
// [record.Choices].
func (r *Resident) Open() (open []record.Choice) {
	for _, c := range record.Choices {
		if stricter := *r; stricter.Tighten(c) {
			open = append(open, c)
		}
	}
	return open
}

// Tighten takes back one choice and reports whether that changes anything.
func (r *Resident) Tighten(c record.Choice) bool {
	was := r.Choices
	switch c {
	case record.ChoiceShown:
		r.Choices.Hidden = true
	case record.ChoiceName:
		if !r.Alias.IsZero() { // without one they would not be called anything
			r.Choices.NameMode = "alias"
		}
	case record.ChoicePhoto:
		r.Choices.Photo = false
	case record.ChoiceTagged:
		r.Choices.Tagged = false
	case record.ChoiceExternal:
		r.Choices.External = false
	case record.ChoiceRelatives:
		r.Choices.Relatives = false
	case record.ChoicePrivate:
		r.Choices.Private = false
	case record.ChoiceBoard:
		r.Choices.Board = false
	}
	return !reflect.DeepEqual(was, r.Choices)
}

// Preset returns how r wants a screen to be. What is as on any screen is not said.
func (r *Resident) Preset() (p record.Preset) {
	if r.UI == nil {
		return p
	}
	said := func(s, usual string) string {
		if s == usual {
			return ""
		}
		return s
	}
	return record.Preset{
		Lang: r.UI.Language, Text: said(r.UI.Text, "normal"), Contrast: said(r.UI.Contrast, "normal"), Still: r.UI.Still,
		Read: r.UI.ReadAloud, Hold: time.Duration(r.UI.HoldMS) * time.Millisecond, Scanning: said(r.UI.Scanning, "off"),
	}
}
