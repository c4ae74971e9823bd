package house

// An Entry is a line of the registers that the law wants: it is added and never
// changed, so that a register says what was known when. What turns out otherwise is
// told by a new entry that names the old one. It holds one of its parts.
type Entry struct {
	ID          ID           `key:"id"`
	Written     Wall         `key:"written"`
	Replaces    ID           `key:"replaces,opt"` // the entry before it of the same matter
	Incident    *Incident    `key:"incident,opt"`
	Instruction *Instruction `key:"instruction,opt"`
	Challenge   *Challenge   `key:"challenge,opt"`
	Notice      *Notice      `key:"notice,opt"`
	Ending      *Ending      `key:"ending,opt"`
	Review      *Review      `key:"review,opt"`
}

// parts returns how many parts e holds.
func (e *Entry) parts() (n int) {
	for _, has := range []bool{e.Incident != nil, e.Instruction != nil, e.Challenge != nil, e.Notice != nil, e.Ending != nil, e.Review != nil} {
		if has {
			n++
		}
	}
	return n
}

// A Matter is an entry and those that were put in its place, the first one first.
type Matter []Entry

// Now returns the entry that holds by now.
func (m Matter) Now() Entry { return m[len(m)-1] }

// ID returns that of the first entry, by which the matter is known.
func (m Matter) ID() ID { return m[0].ID }

// Has reports whether one of its entries has that ID.
func (m Matter) Has(id ID) bool {
	for _, e := range m {
		if e.ID == id {
			return true
		}
	}
	return false
}

// Matters returns what entries tell, in the order of the first of each. Of two that
// name the same one before them, as two files that were joined may have, the later
// holds.
func Matters(all []Entry) (out []Matter) {
	of := map[ID]int{}
	for _, e := range all {
		i, ok := of[e.Replaces]
		if e.Replaces == "" || !ok {
			i = len(out)
			out = append(out, nil)
		}
		out[i] = append(out[i], e)
		of[e.ID] = i
	}
	return out
}
