package house

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"tavle/sync/record"
)

// A Notice is a version of what people are told about what is kept of them: what, how
// and with whom it is shared.
type Notice struct {
	Version string      `key:"version" max:"40"`
	Text    record.Text `key:"text" max:"8000"`
	Changes record.Text `key:"changes,opt" max:"2000"` // since the version before it
	Ask     bool        `key:"ask_again,opt"`          // so much is new that whoever accepted before is to be asked again
}

// NoticeLanguages are those a notice is written in, each of them.
var NoticeLanguages = []record.Lang{record.Danish, record.Bokmal, record.English}

// Missing returns the languages that the text lacks.
func (n *Notice) Missing() (out []record.Lang) {
	for _, l := range NoticeLanguages {
		if n.Text[l] == "" {
			out = append(out, l)
		}
	}
	return out
}

// Hash returns by what one text is told from another: in hex, over the version and the
// text in every language.
func (n *Notice) Hash() string {
	h := sha256.New()
	part := func(s string) { _, _ = h.Write(append([]byte(s), 0)) }
	part(n.Version)
	for _, l := range slices.Sorted(maps.Keys(n.Text)) {
		part(string(l))
		part(n.Text[l])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Notices returns the versions that were published, the first one first.
func Notices(all []Entry) (out []Notice) {
	for _, e := range all {
		if e.Notice != nil {
			out = append(out, *e.Notice)
		}
	}
	return out
}

// AskAgain reports whether somebody accepted, and still does on day, after being told
// a version from before one that is to be asked about again. What they chose holds
// meanwhile; it is never made wider.
func AskAgain(r Consented, notices []Notice, day Day) bool {
	for _, p := range Purposes {
		state, c := ConsentOf(r, p, day)
		if state != Accepted {
			continue
		}
		told := slices.IndexFunc(notices, func(n Notice) bool { return n.Version == c.Notice })
		if slices.ContainsFunc(notices[told+1:], func(n Notice) bool { return n.Ask }) {
			return true
		}
	}
	return false
}
