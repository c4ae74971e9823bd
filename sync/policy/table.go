package policy

import "io"

// The words the table is written in, by value.
var (
	kindWords       = [...]string{"resident", "staff"}
	lifecycleWords  = [...]string{"active", "left", "anonymised", "erased"}
	acceptanceWords = [...]string{"accepted", "not_asked", "declined"}
	viewerWords     = [...]string{
		"wall_own", "wall_other", "wall_ext", "self_wall", "app_same", "app_ext", "self_app",
		"connect_linked", "connect_dept", "manager", "manager_out", "support",
	}
	contextWords = [...]string{
		"directory", "activity", "meal", "meeting", "booking", "proposal", "group", "roster",
		"photo_tag", "private_item", "presence",
	}
	entryWords = [...]string{"none", "count", "entry"}
	nameWords  = [...]string{"none", "role", "alias", "first", "full"}
	photoWords = [...]string{"none", "silhouette", "photo"}
)

// settings is how many yes/no choices a case has, freshness included.
const settings = 9

// A Case is one line of the table.
type Case struct {
	Person  Person
	Fresh   bool
	Viewer  Viewer
	Context Context
}

// Cases calls visit with every case there is, in the order of the table:
// outermost kind, then lifecycle, acceptance, the settings with no before yes
// and freshness changing fastest, viewer, context. It ends when visit returns
// false.
func Cases(visit func(Case) bool) {
	for k := range kindWords {
		for l := range lifecycleWords {
			for a := range acceptanceWords {
				for bits := range 1 << settings {
					on := func(i int) bool { return bits>>(settings-1-i)&1 == 1 }
					c := Case{Fresh: on(8), Person: Person{
						Kind: Kind(k), Lifecycle: Lifecycle(l), Acceptance: Acceptance(a),
						Hidden: on(0), Alias: on(1), Photo: on(2), Roster: on(3), Tagged: on(4),
						External: on(5), Relatives: on(6), PrivateOnWall: on(7),
					}}
					for v := range viewerWords {
						for x := range contextWords {
							c.Viewer, c.Context = Viewer(v), Context(x)
							if !visit(c) {
								return
							}
						}
					}
				}
			}
		}
	}
}

// WriteTable writes every case and its verdict, one a line.
func WriteTable(w io.Writer) error {
	var err error
	var line []byte
	Cases(func(c Case) bool {
		line = c.append(line[:0])
		_, err = w.Write(line)
		return err == nil
	})
	return err
}

// append adds the line of c to b.
func (c Case) append(b []byte) []byte {
	p := c.Person
	b = append(b, kindWords[p.Kind]...)
	b = append(append(b, '|'), lifecycleWords[p.Lifecycle]...)
	b = append(append(b, '|'), acceptanceWords[p.Acceptance]...)
	for _, yes := range [settings]bool{p.Hidden, p.Alias, p.Photo, p.Roster, p.Tagged, p.External, p.Relatives, p.PrivateOnWall, c.Fresh} {
		bit := byte('0')
		if yes {
			bit = '1'
		}
		b = append(b, '|', bit)
	}
	v := Decide(p, c.Fresh, c.Viewer, c.Context)
	for _, word := range [...]string{viewerWords[c.Viewer], contextWords[c.Context], entryWords[v.Entry], nameWords[v.Name], photoWords[v.Photo]} {
		b = append(append(b, '|'), word...)
	}
	return append(b, '\n')
}

// String returns the line of c without its end, for tests.
func (c Case) String() string {
	b := c.append(nil)
	return string(b[:len(b)-1])
}
