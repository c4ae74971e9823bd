package house

import (
	"time"

	"tavle/sync/record"
)

// An Ending is the end of the contract under which a house is kept: whoever is
// responsible decides, 30 days before or more, whether everything is given back to them
// first or only erased.
type Ending struct {
	State  string `key:"state" oneof:"planned cancelled done"`
	Choice string `key:"choice" oneof:"return delete"`
	On     Day    `key:"on"`         // from this day on it can be done
	Copied Wall   `key:"copied,opt"` // when the copy was taken that is given back
	Note   string `key:"note,opt" max:"1000"`

	// What was erased, once it was.
	People   int          `key:"erased_people,opt" max:"10000000"`
	Records  int          `key:"erased_records,opt" max:"100000000"` // of them and of everything else
	Accounts int          `key:"erased_accounts,opt" max:"10000000"`
	Places   []EndedPlace `key:"places,opt" max:"20000"`        // screens that had to wipe themselves
	Searched int          `key:"searched,opt" max:"2000000000"` // texts that were looked through afterwards
	Bytes    int          `key:"searched_bytes,opt" max:"9000000000000000"`
	Left     int          `key:"left,opt" max:"2000000000"` // how often something of somebody was found; it is 0
	Backups  Day          `key:"last_backup_expires,opt"`
	By       string       `key:"performed_by,opt" max:"100"` // opaque
	Tool     string       `key:"tool,opt" max:"100"`
}

// An EndedPlace is a screen that held something, and where it hung.
type EndedPlace struct {
	Device string      `key:"device" max:"64"`
	Place  record.Text `key:"place,opt"`
}

// EndingDays is how many days before the end it has to be decided.
const EndingDays = 30

// Open reports whether it is still to come.
func (e *Ending) Open() bool { return e.State == "planned" }

// DaysLeft returns the days left until it can be done; 0 or less: it can.
func (e *Ending) DaysLeft(today Day) int {
	return int(e.On.Start(time.UTC).Sub(today.Start(time.UTC)).Hours() / 24)
}

// Ready reports whether it can be done on day: its day has come, and where everything is
// given back, the copy was taken.
func (e *Ending) Ready(day Day) bool {
	return e.Open() && e.DaysLeft(day) <= 0 && (e.Choice == "delete" || e.Copied != "")
}
