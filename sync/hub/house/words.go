package house

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"tavle/sync/record"
)

const (
	maxID   = 40  // bytes of an ID
	maxText = 200 // bytes of a text in one language, where nothing else is said
)

// text reads a string of at most r.max bytes without control characters.
func (d *decoder) text(p *place, r rule) (string, bool) {
	limit := r.max
	if limit == 0 {
		limit = maxText
	}
	switch s := p.node.text; {
	case p.node.kind != '"':
		d.add(p, "want a text")
	case len(s) > limit:
		d.add(p, "%d bytes; want at most %d", len(s), limit)
	case s == "" && !r.opt:
		d.add(p, "missing")
	case strings.ContainsFunc(s, unprintable):
		d.add(p, "holds a control character")
	default:
		return s, true
	}
	return "", false
}

// unprintable: what has no picture, and what turns the direction of what
// follows; a line may end.
func unprintable(r rune) bool {
	return r != '\n' && unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// languages reads a text in one or more languages.
func (d *decoder) languages(p *place, v reflect.Value, r rule) {
	if p.node.kind != '{' {
		d.add(p, `want a text per language, such as {"da": …, "nb": …}`)
		return
	}
	if len(p.node.keys) > 16 {
		d.add(p, "%d languages; want at most 16", len(p.node.keys))
		return
	}
	t := make(record.Text, len(p.node.keys))
	for i, key := range p.node.keys {
		at := place{p, key, 0, &p.node.list[i]}
		if !isLang(key) {
			at.key = "?"
			d.add(&at, "want a language such as da, nb or en")
			continue
		}
		if s, ok := d.text(&at, rule{max: r.max, opt: true}); ok {
			t[record.Lang(key)] = s
		}
	}
	if t.IsZero() {
		if !r.opt {
			d.add(p, "empty in every language")
		}
		return
	}
	v.Set(reflect.ValueOf(t))
}

func isLang(s string) bool {
	return len(s) >= 2 && len(s) <= 8 && !strings.ContainsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' })
}

// id reads an ID and remembers what it must name.
func (d *decoder) id(p *place, v reflect.Value, r rule) {
	s := p.node.text
	switch {
	case p.node.kind == '"' && s == "" && r.opt:
		return
	case p.node.kind != '"' || !isID(s):
		d.add(p, "want an ID: letters, digits, - and _, at most %d", maxID)
		return
	}
	v.SetString(s)
	if len(r.ref) > 0 && !d.lenient {
		d.refs = append(d.refs, reference{p.node.line, p.String(), ID(s), r.ref})
	}
}

func isID(s string) bool {
	return s != "" && len(s) <= maxID && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}

// harmless reports whether a key can be nothing but a key: somebody's name may
// stand where a member should, and is not repeated.
func harmless(key string) bool {
	return key != "" && len(key) <= maxID && !strings.ContainsFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && r != '_' && (r < '0' || r > '9')
	})
}

// word reads a string with a form of its own, or one of a few.
func (d *decoder) word(p *place, v reflect.Value, r rule) {
	form := r
	if len(r.oneof) > 0 {
		form.max = 80
	}
	s, ok := d.text(p, form)
	switch {
	case !ok || s == "":
		return
	case len(r.oneof) > 0 && !slices.Contains(r.oneof, s):
		d.add(p, "want one of %s", strings.Join(r.oneof, ", "))
		return
	}
	if want := misfit(v.Interface(), s); want != "" {
		d.add(p, "want %s", want)
		return
	}
	v.SetString(s)
}

// misfit says what a value of v's type looks like, if s does not.
func misfit(v any, s string) string {
	fits, want := true, ""
	switch v.(type) {
	case Day:
		fits, want = written(dayForm, s), "a date such as 2026-11-30"
	case Wall:
		fits, want = written(wallForm, s), "a time such as 2026-11-30T09:30"
	case Clock:
		fits, want = written(clockForm, s), "a time of day such as 07:15"
	case Slot:
		from, to, _ := strings.Cut(s, "-")
		fits, want = written(clockForm, from) && written(clockForm, to) && from < to, "a part of the day such as 08:00-10:00"
	case Scope:
		id, person := strings.CutPrefix(s, "person:")
		fits, want = s == "department" || s == "staff" || person && isID(id), "department, staff, or person: and an ID"
	case Picture:
		name, asset := strings.CutPrefix(s, "asset:")
		fits, want = asset && isAsset(name), "a picture such as asset:scene/pool"
	case AutoMeal:
		fits, want = AutoMeal(s).written(), "a meal and a weekday such as dinner:mon"
	case Code:
		fits, want = Code(s).Valid(), "a picture code, as tavle code makes them"
	case record.Lang:
		fits, want = isLang(s), "a language such as da, nb or en"
	}
	if fits {
		return ""
	}
	return want
}

// isAsset: one or more IDs with a slash between.
func isAsset(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if !isID(part) {
			return false
		}
	}
	return len(name) <= 120
}

func isZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}
