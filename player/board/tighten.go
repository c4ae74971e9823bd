package board

import (
	"maps"
	"slices"

	"tavle/sync/record"
)

// Tighten returns the facts without what people took back at this wall: at once,
// whatever the hub knows of it yet. Nothing is shown of them, kept
// decoded or named that the facts it returns do not say. Without such a wish it
// returns f itself.
//
// A wish holds until the facts are those that the hub made with it, or later
// ones of the same epoch: only then may the hub have been told something newer.
// One that the hub refused, and one answered in an epoch that is gone, hold for
// as long as the screen remembers them.
func Tighten(f *record.Facts, done []Done) *record.Facts {
	if f == nil {
		return nil
	}
	var out *record.Facts
	for _, d := range done {
		p, known := f.People[d.Who]
		if out != nil {
			p, known = out.People[d.Who]
		}
		if d.Takes == "" || !known || honoured(d, f.At) {
			continue
		}
		if out == nil {
			copied := *f
			copied.People = maps.Clone(f.People)
			out = &copied
		}
		tighten(out, p, d.Takes)
	}
	if out == nil {
		return f
	}
	return out
}

// honoured reports whether facts at that position were made with the wish.
func honoured(d Done, at record.Position) bool {
	return d.Answered && !d.Refused && d.Epoch == at.Epoch && d.Rev <= at.Rev
}

// tighten takes one choice out of the facts.
func tighten(f *record.Facts, p record.Person, c Choice) {
	if c == ChoiceShown || c == ChoiceName || c == ChoicePhoto || c == ChoiceTagged {
		withoutPicturesOf(f, p.ID)
	}
	p.Open = slices.DeleteFunc(slices.Clone(p.Open), func(o Choice) bool { return o == c })
	switch c {
	case ChoiceShown, ChoiceName: // which other name, only the hub knows
		delete(f.People, p.ID)
		return
	case ChoicePhoto:
		p.Photo = ""
	case ChoiceBoard:
		offBoard(f, p.ID)
	}
	f.People[p.ID] = p
}

// offBoard takes somebody off the board of who is there today. It is not everybody
// any more then, and has no numbers (V-18).
func offBoard(f *record.Facts, who PersonID) {
	without := func(ids []PersonID) []PersonID {
		return slices.DeleteFunc(slices.Clone(ids), func(id PersonID) bool { return id == who })
	}
	f.Presence = maps.Clone(f.Presence)
	for id, p := range f.Presence {
		p.Who, p.Here, p.Gone, p.Whole = without(p.Who), without(p.Here), without(p.Gone), false
		p.Off = slices.DeleteFunc(slices.Clone(p.Off), func(d record.DayOff) bool { return d.Who == who })
		f.Presence[id] = p
	}
}

// vanished reports whether somebody took themselves off this wall and the facts
// do not know it yet. Their number must not give them away either: no totals are
// shown until the hub has said again whether they may be.
func vanished(done []Done, at record.Position) bool {
	return slices.ContainsFunc(done, func(d Done) bool {
		return (d.Takes == ChoiceShown || d.Takes == ChoiceName) && !honoured(d, at)
	})
}
