package house

import "reflect"

// Withdraws reports whether something that boards may show of somebody is taken
// back by putting now in the place of was: their consent, their being there, a name,
// a picture, a choice.
func Withdraws(was, now Record) bool {
	switch now := now.(type) {
	case *Resident:
		was, ok := was.(*Resident)
		return ok && (left(was.Lifecycle, now.Lifecycle) || refused(was.Acceptance, now.Acceptance) ||
			was.FirstName != now.FirstName || was.Alias != now.Alias && !was.Alias.IsZero() || was.Photo != now.Photo && was.Photo != "" ||
			was.Department != now.Department || taken(was.Choices, now.Choices))
	case *Staff:
		was, ok := was.(*Staff)
		return ok && (left(was.Lifecycle, now.Lifecycle) || refused(was.Acceptance, now.Acceptance) ||
			was.FirstName != now.FirstName || was.Alias != now.Alias && !was.Alias.IsZero() || was.Photo != now.Photo && was.Photo != "" ||
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
