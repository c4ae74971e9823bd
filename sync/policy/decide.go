package policy

// Decide returns what v may be shown of p in c. Fresh says whether the lease of
// the data is valid; without it nobody is named or pictured. The first rule
// that fits decides.
func Decide(p Person, fresh bool, v Viewer, c Context) Verdict {
	staff := p.Kind == Staff
	switch {
	case c == Roster && !staff, c == Presence && staff:
		return Verdict{} // they are not there at all
	case p.Lifecycle == Erased: // V-01
		return Verdict{}
	case v == Support: // V-02
		return Verdict{}
	case p.Lifecycle == Anonymised: // V-03
		if participation(c) && (v == Manager || v == ManagerOut || v == WallOwn || v == AppSame) {
			return Verdict{Entry: Counted}
		}
		return Verdict{}
	case v == Manager: // V-04
		return administered(p, c)
	case p.Lifecycle == Left: // V-05
		return Verdict{}
	case p.Acceptance != Accepted: // V-06
		if v == SelfInApp && c == Directory {
			return Verdict{Listed, FirstName, NoPhoto}
		}
		return Verdict{}
	case v == SelfInApp: // V-07
		return Verdict{Listed, FullName, FullPhoto}
	case v == SelfAtWall: // V-08
		return selfAtWall(p, fresh, c)
	case c == PrivateItem: // V-09
		return Verdict{}
	case v == ConnectDept, v == ConnectLinked: // V-10, V-11
		return connected(p, fresh, v, c)
	case v == WallExternal, v == AppExternal: // V-12
		return external(p, fresh, c)
	case c == Roster: // V-13
		return onRoster(p, fresh)
	case c == PhotoTag: // V-14
		if inPicture(p, fresh) {
			return Verdict{Listed, p.chosenName(), FullPhoto}
		}
		return Verdict{}
	case v == WallOther && (c == Directory || c == Presence): // V-15
		return Verdict{}
	case p.Hidden || !fresh: // V-16, V-20
		if participation(c) || c == Group {
			return Verdict{Entry: Counted}
		}
		return Verdict{}
	}
	return p.chosen() // V-17
}

// participation reports whether c is a list of people who take part in
// something and whose number somebody plans with.
func participation(c Context) bool {
	return c == Activity || c == Meal || c == Meeting || c == Booking
}

// chosenName is the alias where one was chosen, else the first name.
func (p Person) chosenName() NameLevel {
	if p.Alias {
		return AliasName
	}
	return FirstName
}

// chosen is how the person chose to appear.
func (p Person) chosen() Verdict {
	if p.Photo {
		return Verdict{Listed, p.chosenName(), FullPhoto}
	}
	return Verdict{Listed, p.chosenName(), Silhouette}
}

// administered is what the staff in charge see: everything; of somebody who
// declined only a row, so that the choice can be looked after.
func administered(p Person, c Context) Verdict {
	switch {
	case p.Acceptance != Declined:
		return Verdict{Listed, FullName, FullPhoto}
	case c == Directory:
		return Verdict{Listed, FullName, NoPhoto}
	}
	return Verdict{}
}

func selfAtWall(p Person, fresh bool, c Context) Verdict {
	switch {
	case p.Hidden, !fresh,
		c == PrivateItem && !p.PrivateOnWall,
		c == Roster && !p.Roster,
		c == PhotoTag && !(p.Tagged && p.Photo):
		return Verdict{}
	}
	return p.chosen()
}

func connected(p Person, fresh bool, v Viewer, c Context) Verdict {
	linked := v == ConnectLinked && p.Kind == Resident
	switch {
	case c == Roster:
		return onRoster(p, fresh)
	case c == PhotoTag && inPicture(p, fresh):
		return Verdict{Listed, NoName, FullPhoto}
	case linked && c == Directory, linked && c == Activity && p.Relatives:
		return p.chosen() // the link is an acceptance of its own: also if hidden
	}
	return Verdict{}
}

func external(p Person, fresh bool, c Context) Verdict {
	shared := !p.Hidden && p.External && fresh
	switch {
	case participation(c) || c == Group:
		if shared {
			return p.chosen()
		}
		return Verdict{Entry: Counted}
	case c == PhotoTag && p.External && inPicture(p, fresh):
		return Verdict{Listed, NoName, FullPhoto}
	}
	return Verdict{}
}

// onRoster: a shift is always there; who works it is a choice.
func onRoster(p Person, fresh bool) Verdict {
	if p.Roster && !p.Hidden && fresh {
		return p.chosen()
	}
	return Verdict{Listed, RoleName, Silhouette}
}

// inPicture reports whether this person does not stand in the way of a picture
// they are tagged in.
func inPicture(p Person, fresh bool) bool {
	return !p.Hidden && p.Tagged && p.Photo && fresh
}

// PictureShown reports whether v may be shown a picture of these people: only
// if each of them may be. A picture of nobody is nobody's secret.
func PictureShown(tagged []Person, fresh bool, v Viewer) bool {
	for _, p := range tagged {
		if Decide(p, fresh, v, PhotoTag).Photo != FullPhoto {
			return false
		}
	}
	return true
}
