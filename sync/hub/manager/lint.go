package manager

import (
	"tavle/sync/hub/house"
	"tavle/sync/hub/lint"
)

// What staff write is read before it is kept, in every form alike (R-DPA-34): what looks
// like the number of a person is refused; a word that may tell of somebody's health
// comes back, once, with a box to stand by it; and what could be easier is said where
// the record is looked at. What a record had before is nobody's doing now.

// lint notes what must not be in a record.
func (f *former) lint(r house.Record) {
	for _, x := range lint.Record(r) {
		switch {
		case f.stood[x.Text] && x.Text != "":
		case x.Rule == lint.Number:
			f.wrong(x.Path, "number_of_person")
		case x.Rule == lint.Health && f.get("heed") == "":
			f.wrong(x.Path, "health", "word", x.Word)
			f.heed = true
		}
	}
}

// hints says what could be better about a record, each thing once.
func (v *visit) hints(r house.Record) (out []string) {
	seen := map[string]bool{}
	for _, x := range lint.Record(r) {
		s := v.t("lint."+string(x.Rule), "field", v.word("field.", house.KindOf(r), x.Key), "n", x.N, "word", x.Word)
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
