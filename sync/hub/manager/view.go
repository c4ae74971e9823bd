package manager

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"tavle/assets/icon"
	"tavle/assets/lang"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed words/*.json
var wordFiles embed.FS

// A views has every page in every language, to be filled in. A page is read when it is
// first asked for, and kept: all of them in all languages are twenty megabytes, which
// a hub that nobody visits, or whose staff speak one language, has no use for.
type views struct {
	static *static
	said   map[string]*words
	pages  map[string]func() (*template.Template, error) // "da/start"
}

// layouts are the templates that others stand in: most in base, those before
// somebody is logged in in door.
var layouts = []string{"base", "door"}

func newViews(s *static) (*views, error) {
	v := &views{static: s, said: map[string]*words{}, pages: map[string]func() (*template.Template, error){}}
	all, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		return nil, err
	}
	var parts, own []string // a file that is called _NAME is part of others
	for _, file := range all {
		if name := pageOf(file); slices.Contains(layouts, name) || strings.HasPrefix(name, "_") {
			parts = append(parts, file)
		} else {
			own = append(own, file)
		}
	}
	for _, l := range languages {
		if v.said[l], err = loadWords(l); err != nil {
			return nil, err
		}
		common := sync.OnceValues(func() (*template.Template, error) {
			return template.New("").Funcs(v.funcs(v.said[l])).ParseFS(templates, parts...)
		})
		for _, file := range own {
			v.pages[l+"/"+pageOf(file)] = sync.OnceValues(func() (*template.Template, error) {
				t, err := common()
				if err == nil {
					t, err = t.Clone()
				}
				if err != nil {
					return nil, err
				}
				return t.ParseFS(templates, file)
			})
		}
	}
	return v, nil
}

// pageOf returns the name of the page, or the part, that a file of templates has.
func pageOf(file string) string { return strings.TrimSuffix(path.Base(file), ".html") }

// paint writes a page. The page's template says by what it defines in which layout
// it stands: "main" in base, "door" before somebody is logged in; one called NAME.part
// is that part of a page alone.
func (v *views) paint(w io.Writer, l, name string, s *sheet) error {
	file, part, _ := strings.Cut(name, ".")
	read := v.pages[l+"/"+file]
	if read == nil {
		return fmt.Errorf("no page %q in %q", name, l)
	}
	t, err := read()
	if err != nil {
		return err
	}
	s.Name = file
	switch {
	case part != "":
		return t.ExecuteTemplate(w, part, s)
	case t.Lookup("door") != nil && t.Lookup("main") == nil:
		return t.ExecuteTemplate(w, "door.html", s)
	}
	return t.ExecuteTemplate(w, "base.html", s)
}

func (v *views) words(l string) *words { return v.said[l] }

// funcs are what templates can say besides what Go has for them.
func (v *views) funcs(w *words) template.FuncMap {
	return template.FuncMap{
		"t":      w.T,                                   // words: {{t "start.title"}}, {{t "x.n" "n" .N}}
		"lang":   func() string { return w.tag },        // "da"
		"icon":   svg,                                   // {{icon "home"}}, for eyes only: words stand beside it
		"static": v.static.url,                          // {{static "style.css"}}
		"day":    w.day,                                 // a house.Day, as it is said
		"when":   w.when,                                // a house.Wall, as it is said
		"dated":  w.dated,                               // a house.Day, with its year
		"timed":  w.timed,                               // a house.Wall, with its year
		"clock":  w.clock,                               // the time of a house.Wall
		"list":   func(all ...any) []any { return all }, // for range
		"dict":   dict,                                  // {{template "x" dict "A" 1 "B" 2}}
	}
}

// dict makes one value of several, to hand to a template.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("dict: a key without a value")
	}
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, errors.New("dict: a key that is no text")
		}
		out[key] = pairs[i+1]
	}
	return out, nil
}

// svg returns a sign of assets/icon.
func svg(name string) (template.HTML, error) {
	b, ok := icon.SVG(name)
	if !ok {
		return "", fmt.Errorf("no icon %q", name)
	}
	return template.HTML(strings.Replace(string(b), "<svg ", `<svg class="icon" aria-hidden="true" focusable="false" `, 1)), nil //nolint:gosec // our own drawing
}

// A sheet is what a page is made of.
type sheet struct {
	*visit
	Name string // of the template
	Data any
}

// Lang returns the language of the page.
func (s *sheet) Lang() string { return s.lang }

// Text returns what a text of the house says, in the language of the page.
func (s *sheet) Text(t record.Text) string { return s.text(t) }

// Build returns which build this is.
func (s *sheet) Build() string { return s.opt.Build }

// Path returns where the page is.
func (s *sheet) Path() string { return s.r.URL.Path }

// Who returns whoever is logged in, or nil.
func (s *sheet) Who() *account.Visitor { return s.who }

// Called returns what they are called.
func (s *sheet) Called() string {
	switch {
	case !s.who.Name.IsZero():
		return s.who.Name.Reveal()
	case !s.who.Login.IsZero():
		return s.who.Login.Reveal()
	}
	return s.t("accounts.nameless")
}

// Login returns what they log in with.
func (s *sheet) Login() string { return s.who.Login.Reveal() }

// Said returns the words for a key under a prefix, or, where there are none, the key.
func (s *sheet) Said(prefix, key string) string {
	if s.views.words(s.lang).has(prefix + key) {
		return s.t(prefix + key)
	}
	return key
}

// Day returns a date as it is said.
func (s *sheet) Day(t time.Time) string { return s.views.words(s.lang).day(house.DayOf(t)) }

// May reports whether whoever is logged in may do something.
func (s *sheet) May(do string) bool { return s.who != nil && s.who.May(account.Right(do)) }

// Done returns which word says what was done just now, or "".
func (s *sheet) Done() string {
	key := "done." + s.r.URL.Query().Get("done")
	if !s.views.words(s.lang).has(key) {
		return ""
	}
	return s.t(key)
}

// A link is a line of the navigation.
type link struct {
	Path, Icon, Word string
	Here             bool
}

// Navigation returns where whoever is logged in may go.
func (s *sheet) Navigation() (out []link) {
	if s.who == nil || s.who.Session.Partial {
		return nil
	}
	best := -1
	for _, p := range navigation() {
		right := rightOf(s.routes, p.Nav.Path)
		if right == "" || !s.who.May(right) {
			continue
		}
		at := p.Nav.Path
		if (s.Path() == at || at != "/" && strings.HasPrefix(s.Path(), at+"/")) && (best < 0 || len(at) > len(out[best].Path)) {
			best = len(out)
		}
		out = append(out, link{at, p.Nav.Icon, "nav." + p.Name, false})
	}
	if best >= 0 {
		out[best].Here = true
	}
	return out
}

// Languages returns those there are.
func (s *sheet) Languages() []string { return languages }

// words are those of the Manager in one language, and how the wall writes times.
type words struct {
	tag  string
	said map[string]string
	wall *lang.Words
}

// loadWords reads the files of words: each has keys, and of each the words in every
// language. No two files say the same key.
func loadWords(tag string) (*words, error) {
	w := &words{tag, map[string]string{}, lang.Must(tag)}
	all, err := fs.Glob(wordFiles, "words/*.json")
	if err != nil {
		return nil, err
	}
	for _, file := range all {
		b, err := wordFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var said map[string]map[string]string
		if err := json.Unmarshal(b, &said); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, key := range slices.Sorted(maps.Keys(said)) {
			if _, twice := w.said[key]; twice {
				return nil, fmt.Errorf("%s: %s has words in another file, too", file, key)
			}
			w.said[key] = said[key][tag]
		}
	}
	return w, nil
}

func (w *words) has(key string) bool { return w.said[key] != "" }

// T returns the words for key, with each {placeholder} replaced by the value that
// follows its name. A key nobody wrote words for is returned in brackets; a test
// finds it first.
func (w *words) T(key string, args ...any) string {
	s, ok := w.said[key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	for i := 0; i+1 < len(args); i += 2 {
		s = strings.ReplaceAll(s, fmt.Sprintf("{%v}", args[i]), fmt.Sprint(args[i+1]))
	}
	return s
}

// day returns a date as it is said: "torsdag 3. december".
func (w *words) day(d house.Day) string {
	t := d.Start(time.UTC)
	if t.IsZero() {
		return ""
	}
	return w.wall.Weekday(t.Weekday()) + " " + w.wall.Date(t)
}

// when returns a day and a time as they are said.
func (w *words) when(at house.Wall) string {
	if at == "" {
		return ""
	}
	return w.day(at.Day()) + " " + w.clock(at)
}

// dated returns a date with its year, for what is read years later.
func (w *words) dated(d house.Day) string {
	if d.Start(time.UTC).IsZero() {
		return ""
	}
	return w.day(d) + " " + string(d[:4])
}

// timed returns a day with its year, and a time.
func (w *words) timed(at house.Wall) string {
	if at == "" {
		return ""
	}
	return w.dated(at.Day()) + " " + w.clock(at)
}

// clock returns a time of day as it is said.
func (w *words) clock(at house.Wall) string {
	t := at.In(time.UTC)
	if t.IsZero() {
		return ""
	}
	return w.wall.Clock(t)
}
