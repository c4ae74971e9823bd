package house

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"tavle/sync/record"
)

// A checker finds what is wrong with a house whose every member is well formed:
// references to nothing, times in the wrong order, people who are on a list
// twice.
type checker struct {
	*mistakes
	house *House
	root  *node
	known map[Kind]map[ID]bool
}

// at notes a mistake at the place that steps lead to, each a member's name or
// an item's number.
func (c *checker) at(steps []any, format string, args ...any) {
	p := &place{node: c.root}
	for _, s := range steps {
		next := &place{up: p}
		switch s := s.(type) {
		case string:
			next.key = s
			if p.node != nil {
				next.node = p.node.child(s)
			}
		case int:
			next.index = s
			if p.node != nil && s < len(p.node.list) {
				next.node = &p.node.list[s]
			}
		}
		if next.node == nil {
			break // left out; say where it would stand
		}
		p = next
	}
	c.add(p, format, args...)
}

func in(steps ...any) []any { return steps }

// references checks that every ID names something of a kind it may.
func (c *checker) references(refs []reference) {
	c.known = map[Kind]map[ID]bool{}
	for _, k := range Kinds() {
		c.known[k] = map[ID]bool{}
	}
	for r := range c.house.Records() {
		c.known[KindOf(r)][KeyOf(r)] = true
	}
	for _, r := range refs {
		if !slices.ContainsFunc(r.kinds, func(k Kind) bool { return c.known[k][r.id] }) {
			c.fault(r.line, r.path, "no %s%s", either(r.kinds), spelled(r.id))
		}
	}
}

func either(kinds []Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = strings.ReplaceAll(string(k), "_", " ")
	}
	return strings.Join(words, " or ")
}

// spelled returns an ID that a message may hold: one with a digit in it. One
// without may be a name in the place of an ID.
func spelled(id ID) string {
	if strings.ContainsAny(string(id), "0123456789") {
		return fmt.Sprintf(" %q", string(id))
	}
	return " with that ID"
}

func (c *checker) check() {
	c.departments()
	c.people()
	c.pronunciations()
	c.activities()
	c.meals()
	c.news()
	c.albums()
	c.roster()
	c.meetings()
	c.resources()
	c.scopes()
	c.captions()
	c.weather()
	c.presence()
	c.polls()
	c.requests()
	c.entries()
}

func (c *checker) departments() {
	h := c.house
	for lang, zone := range h.Meta.Zones {
		if !isZone(zone) {
			c.at(in("meta", "timezone", string(lang)), "want a time zone such as Europe/Copenhagen")
		}
	}
	if len(h.Meta.Languages) == 0 {
		c.at(in("meta", "content_languages"), "want at least one language")
	} else if _, ok := h.Meta.Zones[h.Meta.Languages[0]]; !ok {
		c.at(in("meta", "timezone"), "no zone for the first of content_languages")
	}
	hangs := map[ID]ID{}
	for _, s := range h.Screens {
		hangs[s.ID] = s.Department
	}
	for i, d := range h.Departments {
		if d.Zone != "" && !isZone(d.Zone) {
			c.at(in("departments", i, "timezone"), "want a time zone such as Europe/Copenhagen")
		}
		if d.CountK == 1 {
			c.at(in("departments", i, "count_k"), "want 2 to 10")
		}
		if c.known[KindExternal][d.ID] {
			c.at(in("departments", i, "id"), "the same as an external system's")
		}
		for j, s := range d.Screens {
			if hangs[s] != d.ID {
				c.at(in("departments", i, "screens", j), "hangs in another department")
			}
		}
	}
}

func (c *checker) people() {
	h := c.house
	seen := map[ID]string{}
	person := func(list string, i int, id ID) {
		if other := seen[id]; other != "" && other != list {
			c.at(in(list, i, "id"), "the same as in %s", other)
		}
		seen[id] = list
	}
	answer := func(list string, i int, a Acceptance) {
		if a.State == Accepted && (a.DecidedOn == "" || a.DecidedBy == "" || a.Method == "" || a.Notice == "") {
			c.at(in(list, i, "acceptance"), "accepted; want decided_on, decided_by, method and notice_version")
		}
	}
	alias := func(list string, i int, mode string, alias Name) {
		if mode == "alias" && alias.IsZero() {
			c.at(in(list, i, "choices", "name_mode"), "alias, but no alias is given")
		}
	}
	readable := func(list string, i int, first, alias, spoken, aliasSpoken Name) {
		for _, n := range []struct {
			key  string
			name Name
		}{{"first_name", first}, {"alias", alias}, {"first_name_spoken", spoken}, {"alias_spoken", aliasSpoken}} {
			if !n.name.IsZero() && !strings.ContainsFunc(n.name.Reveal(), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
				c.at(in(list, i, n.key), "no letter or digit in it; screens could not show it, nor read it aloud")
			}
		}
		if alias.IsZero() && !aliasSpoken.IsZero() {
			c.at(in(list, i, "alias_spoken"), "there is no alias")
		}
	}
	for i, r := range h.Residents {
		readable("residents", i, r.FirstName, r.Alias, r.Spoken, r.AliasSaid)
		person("residents", i, r.ID)
		answer("residents", i, r.Acceptance)
		alias("residents", i, r.Choices.NameMode, r.Alias)
	}
	for i, f := range h.Former {
		person("former_persons", i, f.ID)
	}
	for i, s := range h.Staff {
		readable("staff", i, s.FirstName, s.Alias, s.Spoken, s.AliasSaid)
		person("staff", i, s.ID)
		answer("staff", i, s.Acceptance)
		alias("staff", i, s.Choices.NameMode, s.Alias)
	}
	for i, r := range h.Relatives {
		person("relatives", i, r.ID)
		answer("relatives", i, r.Acceptance)
	}
}

// pronunciations checks that every word is said in one way, and that none is what
// somebody is called: how that sounds is theirs, and goes where their name goes.
func (c *checker) pronunciations() {
	type word struct {
		lang record.Lang
		word string
	}
	seen := map[word]bool{}
	for i, p := range c.house.Meta.Lexicon {
		w := word{p.Language, strings.ToLower(p.Word)}
		at := func(key, why string) { c.at(in("meta", "pronunciations", i, key), "%s", why) }
		switch {
		case !strings.ContainsFunc(p.Word, unicode.IsLetter):
			at("word", "no letter in it")
		case !strings.ContainsFunc(p.Spoken, unicode.IsLetter):
			at("spoken", "no letter in it; want the word as it sounds")
		case Called(p.Word, c.house.Residents, c.house.Staff):
			at("word", "what somebody is called; say it with them, as first_name_spoken or alias_spoken")
		case seen[w]:
			at("word", "is there already, in this language")
		}
		seen[w] = true
	}
}

func (c *checker) activities() {
	for i, a := range c.house.Activities {
		if a.Ends <= a.Starts {
			c.at(in("activities", i, "ends"), "not after starts")
		}
		if a.Deadline > a.Ends {
			c.at(in("activities", i, "signup_deadline"), "after the end")
		}
		if a.Capacity == 0 && len(a.Waitlist) > 0 {
			c.at(in("activities", i, "waitlist"), "there is no capacity to wait for")
		}
		once := c.once()
		for j, s := range a.SignUps {
			once(s.Person, "activities", i, "signups", j, "person")
		}
		for j, w := range a.Waitlist {
			once(w.Person, "activities", i, "waitlist", j)
		}
	}
}

func (c *checker) meals() {
	for i, m := range c.house.Meals {
		if m.Deadline > m.Served {
			c.at(in("meals", i, "signup_deadline"), "after it is served")
		}
		once := c.once()
		for j, s := range m.SignUps {
			once(s.Person, "meals", i, "signups", j, "person")
			if s.Dish == "alternative" && m.Alternative == nil {
				c.at(in("meals", i, "signups", j, "dish"), "there is no alternative")
			}
		}
		for j, s := range m.OptOuts {
			once(s.Person, "meals", i, "opt_outs", j, "person")
		}
	}
}

// once returns a function that notes whoever stands on one list twice.
func (c *checker) once() func(ID, ...any) {
	seen := map[ID]bool{}
	return func(id ID, steps ...any) {
		if seen[id] {
			c.at(steps, "is on this list already")
		}
		seen[id] = true
	}
}

func (c *checker) news() {
	for i, n := range c.house.News {
		if n.Expires != "" && n.Expires <= n.Published {
			c.at(in("news", i, "expires"), "not after published")
		}
	}
}

func (c *checker) albums() {
	for i, a := range c.house.Albums {
		if a.Expires != "" && a.Expires <= a.Published {
			c.at(in("albums", i, "expires"), "not after published")
		}
	}
}

// longestShift is more than anybody may work; a longer one is a wrong date.
const longestShift = 36 * time.Hour

func (c *checker) roster() {
	r := c.house.Roster
	for i, s := range r.Shifts {
		switch d := s.To.In(time.UTC).Sub(s.From.In(time.UTC)); {
		case d <= 0:
			c.at(in("roster", "shifts", i, "to"), "not after from")
		case d > longestShift:
			c.at(in("roster", "shifts", i, "to"), "over %d hours after from", longestShift/time.Hour)
		}
		if _, ok := r.Types[s.Type]; !ok {
			c.at(in("roster", "shifts", i, "type"), "no such type in roster.types")
		}
	}
}

func (c *checker) meetings() {
	for i, m := range c.house.Meetings {
		if m.Ends <= m.Starts {
			c.at(in("meetings", i, "ends"), "not after starts")
		}
		for j, a := range m.Agenda {
			if a.Proposal != "" && !slices.ContainsFunc(m.Proposals, func(p Proposal) bool { return p.ID == a.Proposal }) {
				c.at(in("meetings", i, "agenda", j, "proposal"), "no proposal%s in this meeting", spelled(a.Proposal))
			}
		}
	}
}

func (c *checker) resources() {
	for i, r := range c.house.Resources {
		switch {
		case r.Mode == "slots" && len(r.Slots) == 0:
			c.at(in("resources", i, "slots"), "mode slots needs at least one")
		case r.Mode == "free" && len(r.Slots) > 0:
			c.at(in("resources", i, "slots"), "mode free has none")
		case r.MaxMinutes < r.MinMinutes:
			c.at(in("resources", i, "max_minutes"), "less than min_minutes")
		}
	}
	for i, b := range c.house.Bookings {
		if b.To <= b.From {
			c.at(in("bookings", i, "to"), "not after from")
		}
	}
}

// scopes checks whom documents and videos are for.
func (c *checker) scopes() {
	check := func(list string, i int, s Scope) {
		if id, ok := strings.CutPrefix(string(s), "person:"); ok && !c.known[KindResident][ID(id)] {
			c.at(in(list, i, "shared_to"), "no resident%s", spelled(ID(id)))
		}
	}
	for i, d := range c.house.Documents {
		check("documents", i, d.SharedTo)
	}
	for i, v := range c.house.Videos {
		check("videos", i, v.SharedTo)
	}
}

// captions checks that films say how long they are, and that their captions can be
// read.
func (c *checker) captions() {
	for i, v := range c.house.Videos {
		if v.Film != "" && v.Seconds == 0 {
			c.at(in("videos", i, "seconds"), "missing; want how long the film is")
		}
		if v.Film == "" && v.Sound {
			c.at(in("videos", i, "with_sound"), "there is no film")
		}
		for _, lang := range slices.Sorted(maps.Keys(v.WebVTT)) {
			if _, err := ParseWebVTT(v.WebVTT[lang]); err != nil {
				c.at(in("videos", i, "webvtt", string(lang)), "%v", err)
			}
		}
	}
}

func (c *checker) weather() {
	for i, w := range c.house.Weather {
		for j, d := range w.Days {
			if d.High < d.Low {
				c.at(in("weather", i, "days", j, "high"), "less than low")
			}
			if j > 0 && d.Day <= w.Days[j-1].Day {
				c.at(in("weather", i, "days", j, "day"), "not after the day before it")
			}
		}
	}
}

// requests checks that what was answered says when, and that there was time to.
func (c *checker) requests() {
	for i, r := range c.house.Requests {
		if r.Open() != (r.Answered == "") {
			c.at(in("requests", i, "answered"), "a request has a day of the answer unless it is open")
		}
		if r.Due < r.Asked.Day() {
			c.at(in("requests", i, "due"), "before it was asked")
		}
	}
}

// entries checks that each entry of the registers is about one thing, and follows one
// that is there.
func (c *checker) entries() {
	seen := map[ID]bool{}
	for i, e := range c.house.Entries {
		if e.parts() != 1 {
			c.at(in("register_entries", i), "want one part: incident, instruction, challenge, notice, ending or review")
		}
		if e.Replaces != "" && !seen[e.Replaces] {
			c.at(in("register_entries", i, "replaces"), "no entry%s before it", spelled(e.Replaces))
		}
		seen[e.ID] = true
	}
}

// presence checks that a department has one board, on which each person is in one
// state.
func (c *checker) presence() {
	has := map[ID]bool{}
	for i, p := range c.house.Presence {
		dept := p.Department
		if dept == "" {
			dept = c.house.Departments[0].ID
		}
		if has[dept] {
			c.at(in("presence", i), "its department has one already")
		}
		has[dept] = true
		once := c.once()
		for j, id := range p.Here {
			once(id, "presence", i, "here", j)
		}
		for j, id := range p.Gone {
			once(id, "presence", i, "gone_home", j)
		}
	}
}
