package house

import "time"

// An Incident is something that went wrong with what is kept of people, as far as it is
// known: what the register of breaches has to say of it (GDPR, article 33.5), and
// when whoever has to be told was told.
type Incident struct {
	Kind        string   `key:"kind" oneof:"breach disclosure other"` // a breach; an authority wants to see data; something else that is not as agreed
	Facts       string   `key:"facts" max:"4000"`                     // what happened, without names
	Happened    Wall     `key:"happened,opt"`                         // absent: not known
	Known       Wall     `key:"known"`                                // when the house knew of it
	Departments []ID     `key:"departments,opt" max:"2000"`           // that it may concern; they may be gone by now
	Screens     []ID     `key:"screens,opt" max:"2000"`
	Data        []string `key:"data,opt" max:"20" oneof:"name picture phone email signup presence duty request choice"` // of [Register]
	People      int      `key:"people,opt" max:"1000000"`                                                               // how many, roughly
	Records     int      `key:"data_records,opt" max:"100000000"`                                                       // how many entries about them, roughly
	Effects     string   `key:"effects,opt" max:"4000"`                                                                 // what it means, or may mean, for them
	Remedy      string   `key:"remedy,opt" max:"4000"`                                                                  // what was done, and will be
	Risk        string   `key:"risk,opt" oneof:"none some high"`                                                        // to people; absent: not judged yet
	Reason      string   `key:"risk_reason,opt" max:"2000"`                                                             // why it is judged so
	Told        Wall     `key:"controller_told,opt"`
	Authority   Wall     `key:"authority_told,opt"`
	Persons     Wall     `key:"people_told,opt"`
}

// How long there is to tell whom, from when the house knew.
const (
	TellController = 24 * time.Hour
	TellAuthority  = 72 * time.Hour // GDPR, article 33.1
)

// A Duty is somebody who has to be told of an incident.
type Duty struct {
	Whom string // "controller", "authority", "people"
	Due  time.Time
	Done Wall // when they were; empty: not yet
}

// Late reports whether they should have been told by now.
func (d Duty) Late(now time.Time) bool { return d.Done == "" && now.After(d.Due) }

// Duties returns who has to be told of i, with the clock of the house in zone. Whoever
// is responsible is told of everything; the authority of a breach, unless it was
// judged that it is no risk to anybody; the people themselves where the risk is high
// (article 34), for which the law says no hours but without delay: here, those of the
// authority.
func (i *Incident) Duties(zone *time.Location) (out []Duty) {
	known := i.Known.In(zone)
	out = append(out, Duty{"controller", known.Add(TellController), i.Told})
	if i.Kind != "breach" || i.Risk == "none" {
		return out
	}
	out = append(out, Duty{"authority", known.Add(TellAuthority), i.Authority})
	if i.Risk == "high" {
		out = append(out, Duty{"people", known.Add(TellAuthority), i.Persons})
	}
	return out
}

// Open reports whether somebody still has to be told.
func (i *Incident) Open() bool {
	for _, d := range i.Duties(time.UTC) {
		if d.Done == "" {
			return true
		}
	}
	return false
}

// Mistakes returns the members of i, as it was known at a moment, that cannot be: what
// is said to have happened later than now, or in no order; a risk judged to be none
// without a reason.
func (i *Incident) Mistakes(now Wall) (keys []string) {
	for _, t := range []struct {
		key   string
		at    Wall
		after Wall
	}{
		{"happened", i.Happened, ""},
		{"known", i.Known, i.Happened},
		{"controller_told", i.Told, i.Known},
		{"authority_told", i.Authority, i.Known},
		{"people_told", i.Persons, i.Known},
	} {
		if t.at != "" && (t.at > now || t.at < t.after) {
			keys = append(keys, t.key)
		}
	}
	if i.Risk == "none" && i.Reason == "" {
		keys = append(keys, "risk_reason")
	}
	return keys
}
