package house

import (
	"slices"

	"tavle/sync/record"
)

// An Instruction is what whoever is responsible for what is kept instructs the hub to
// do with it: nothing else is done. It is in force from its day until the next one is.
type Instruction struct {
	Effective Day             `key:"effective"`
	Change    string          `key:"change" oneof:"agreed stricter ordinary law"` // by which Notice it had to be told
	Purposes  string          `key:"purposes" max:"4000"`
	Modules   []record.Module `key:"modules,opt" max:"16" oneof:"activities meals roster people news meetings bookings groups gallery documents videos weather presence polls"` // that may be shown; no other is sent to any screen
	Retention string          `key:"retention" max:"4000"`
	Transfers string          `key:"transfers" oneof:"none"`          // to countries outside the EU and the EEA
	Agreement string          `key:"agreement_version,opt" max:"200"` // which version of the agreement it belongs to
}

// NoticeDays returns how many days before its day an instruction of this kind has to
// be written: 90, or 30 where the law changes; none for one that both agreed on, or
// that allows nothing more.
func (i *Instruction) NoticeDays() int {
	switch i.Change {
	case "ordinary":
		return 90
	case "law":
		return 30
	}
	return 0
}

// Wider reports whether i has a module shown that was did not.
func (i *Instruction) Wider(was *Instruction) bool {
	return was != nil && slices.ContainsFunc(i.Modules, func(m record.Module) bool { return !slices.Contains(was.Modules, m) })
}

// Mistakes returns the members of i, as it is written on a day after was was in force,
// that cannot be: a day that comes too soon, something wider that says to be stricter.
func (i *Instruction) Mistakes(today Day, was *Instruction) (keys []string) {
	if i.Effective < today.Add(i.NoticeDays()) {
		keys = append(keys, "effective")
	}
	if i.Change == "stricter" && i.Wider(was) {
		keys = append(keys, "change")
	}
	return keys
}

// Allows reports whether a module may be shown. Without any instruction yet, every one
// that a house switches on may.
func (i *Instruction) Allows(m record.Module) bool { return i == nil || slices.Contains(i.Modules, m) }

// InForce returns the entry with the instruction that is in force on a day: of those whose
// day has come the one with the latest, or written last; false before there is any.
func InForce(all []Entry, day Day) (in Entry, ok bool) {
	for _, e := range all {
		if x := e.Instruction; x != nil && x.Effective <= day && (!ok || x.Effective >= in.Instruction.Effective) {
			in, ok = e, true
		}
	}
	return in, ok
}

// A Challenge is that somebody holds an instruction to be against the law (GDPR, article
// 28.3); whoever gave it has to hear of that at once.
type Challenge struct {
	Of     ID     `key:"of"` // the entry with the instruction
	Reason string `key:"reason" max:"4000"`
}
