package house

import "tavle/sync/record"

// Meta is what a file says about itself.
type Meta struct {
	_         struct{}               `ignore:"shift_rule times"` // words about the format, which this package is
	Schema    string                 `key:"schema" oneof:"tavle-house/1 tavle-demo/1"`
	Notice    string                 `key:"notice,opt" max:"1000"`
	Anchor    Day                    `key:"anchor_monday,opt"`         // the Monday of the week a demonstration shows
	Zones     map[record.Lang]string `key:"timezone" max:"40"`         // IANA name of the zone where each language is spoken
	Languages []record.Lang          `key:"content_languages" max:"8"` // of the content, the house's own first
	Screens   []record.Lang          `key:"ui_languages,opt" max:"8"`  // offered on the glass
	Lexicon   []Pronunciation        `key:"pronunciations,opt" max:"200"`
	Licence   string                 `key:"licence,opt" max:"80"`
}

// A Pronunciation says how a voice has to say a word in a language, written as it
// sounds there. How a name is said stands with the person.
type Pronunciation struct {
	Language record.Lang `key:"language" max:"8"`
	Word     string      `key:"word" max:"80"`
	Spoken   string      `key:"spoken" max:"80"`
}

// A System is one controller's data domain: a municipality, or an institution
// on its own. Nothing of one system is ever shown in another, but for what is
// shared with an [External].
type System struct {
	ID           ID           `key:"id"`
	Name         record.Text  `key:"name"`
	Controller   Party        `key:"controller"`
	Processor    Company      `key:"processor,opt"`
	Subprocessor []Contractor `key:"subprocessors,opt" max:"50"`
}

// A Party is the data controller.
type Party struct {
	Name    record.Text `key:"name"`
	Contact string      `key:"contact,opt" max:"254"` // of the office, for everybody to see
}

// A Company is the data processor.
type Company struct {
	Name    string `key:"name" max:"200"`
	Contact string `key:"contact,opt" max:"254"`
}

// A Contractor is somebody the processor uses.
type Contractor struct {
	Name     string `key:"name" max:"200"`
	Address  string `key:"address,opt" max:"400"`
	Country  string `key:"country,opt" max:"2"`
	Approved Day    `key:"approved_on,opt"`
}

// A Department is where people live or meet; screens hang there.
type Department struct {
	ID        ID              `key:"id"`
	Name      record.Text     `key:"name"`
	Type      string          `key:"type,opt" oneof:"residential_home care_home kindergarten day_centre other"`
	Zone      string          `key:"timezone,opt" max:"40"`                                                                                                                     // absent: the file's, for its first language
	Languages []record.Lang   `key:"languages,opt" max:"8"`                                                                                                                     // on its screens; absent: the file's
	Modules   []record.Module `key:"modules,opt" max:"16" oneof:"activities meals roster people news meetings bookings groups gallery documents videos weather presence polls"` // absent: [DefaultModules]
	Weekdays  bool            `key:"weekday_colours,opt"`
	CountK    int             `key:"count_k,opt" max:"10"` // people hidden before numbers may be shown; absent: policy.DefaultK
	Screens   []ID            `key:"screens,opt" ref:"screen" max:"1000"`
}

// DefaultModules are what a screen shows where nobody chose. The roster is not
// among them: a house switches it on.
var DefaultModules = []record.Module{record.ModuleActivities, record.ModuleMeals, record.ModulePeople, record.ModuleNews}

// An External is another system, at another controller, that things may be
// shared with.
type External struct {
	ID        ID          `key:"id"`
	Name      record.Text `key:"name"`
	Agreement Day         `key:"agreement,opt"`
}

// A Screen is a wall screen and where it hangs.
type Screen struct {
	ID          ID              `key:"id"`
	Department  ID              `key:"department" ref:"department"`
	Place       record.Text     `key:"place,opt"`
	Modules     []record.Module `key:"modules,opt" max:"16" oneof:"activities meals roster people news meetings bookings groups gallery documents videos weather presence polls"` // absent: the department's
	Diagonal    int             `key:"diagonal_mm,opt" max:"10000"`
	Orientation string          `key:"orientation,opt" oneof:"portrait landscape"`
	BottomEdge  int             `key:"bottom_edge_mm,opt" max:"10000"`
	Distance    int             `key:"viewing_distance_mm,opt" max:"100000"`
}
