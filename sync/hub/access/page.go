package access

import (
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// Languages are those a page is written in.
func Languages() []record.Lang {
	return []record.Lang{record.Danish, record.Bokmal, record.English}
}

//go:embed page.html words/*.json
var files embed.FS

// words returns the words of a page in a language.
func words(lang record.Lang) (map[string]string, error) {
	b, err := files.ReadFile("words/" + string(lang) + ".json")
	if err != nil {
		return nil, fmt.Errorf("no words in %q", lang)
	}
	out := map[string]string{}
	return out, json.Unmarshal(b, &out)
}

// Page writes the answer in plain words in a language: one HTML file, with the
// pictures in it, that fetches nothing.
func (a *Answer) Page(w io.Writer, lang record.Lang) error {
	said, err := words(lang)
	if err != nil {
		return err
	}
	p := page{a, lang, said}
	t, err := template.New("page.html").Funcs(template.FuncMap{
		"w": p.word, "t": p.text, "when": p.when, "day": day, "src": src,
	}).ParseFS(files, "page.html")
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	return t.Execute(w, p)
}

// A page is an answer in one language.
type page struct {
	*Answer
	Lang  record.Lang
	words map[string]string
}

// A fact is one line of a profile.
type fact struct{ Label, Value string }

// word returns a word, or its key in brackets: a test sees to it that there is one.
func (p page) word(key string) string {
	if s, ok := p.words[key]; ok {
		return s
	}
	return "⟦" + key + "⟧"
}

func (p page) text(t record.Text) string {
	s, _ := t.In(p.Lang, record.Danish, record.Bokmal, record.English)
	return s
}

// when returns a time as it stands on a clock there.
func (p page) when(at house.Wall) string {
	t := at.In(time.UTC)
	return fmt.Sprintf("%d. %s %d, %02d:%02d", t.Day(), p.word("month."+t.Format("01")), t.Year(), t.Hour(), t.Minute())
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

func src(jpeg []byte) template.URL {
	return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(jpeg)) //nolint:gosec // letters and digits
}

// Name returns what they are called.
func (p page) Name() string { return p.name() }

// Facts returns who they are.
func (p page) Facts() (out []fact) {
	add := func(key, value string) {
		if value != "" {
			out = append(out, fact{p.word(key), value})
		}
	}
	switch x := p.person.(type) {
	case *house.Resident:
		add("first_name", x.FirstName.Reveal())
		add("latin", x.Latin.Reveal())
		add("spoken", x.Spoken.Reveal())
		add("last_name", x.LastName.Reveal())
		add("alias", x.Alias.Reveal())
		add("alias_spoken", x.AliasSaid.Reveal())
		add("flat", x.Flat.Reveal())
	case *house.Staff:
		add("first_name", x.FirstName.Reveal())
		add("latin", x.Latin.Reveal())
		add("spoken", x.Spoken.Reveal())
		add("last_name", x.LastName.Reveal())
		add("alias", x.Alias.Reveal())
		add("alias_spoken", x.AliasSaid.Reveal())
		add("role", p.text(x.Role))
		add("phone", x.Phone.Reveal())
		add("email", x.Email.Reveal())
	case *house.Relative:
		add("display", x.Display.Reveal())
	}
	for _, d := range p.Lives {
		add("department", p.text(d))
	}
	add("number", string(p.ID))
	return out
}

// Choices returns what they chose.
func (p page) Choices() (out []fact) {
	yes := func(key string, v bool) {
		word := "no"
		if v {
			word = "yes"
		}
		out = append(out, fact{p.word(key), p.word(word)})
	}
	accepted := func(a house.Acceptance) {
		out = append(out, fact{p.word("acceptance"), p.word("acceptance." + string(a.State))})
		if a.DecidedOn != "" {
			out = append(out, fact{p.word("decided_on"), string(a.DecidedOn)})
		}
		if a.DecidedBy != "" {
			out = append(out, fact{p.word("decided_by"), p.word("decided_by." + a.DecidedBy)})
		}
		if a.Until != "" {
			out = append(out, fact{p.word("until"), string(a.Until)})
		}
	}
	switch x := p.person.(type) {
	case *house.Resident:
		accepted(x.Acceptance)
		yes("choice.hidden", x.Choices.Hidden)
		yes("choice.alias", x.Choices.NameMode == "alias")
		yes("choice.photo", x.Choices.Photo)
		yes("choice.tagged", x.Choices.Tagged)
		yes("choice.external", x.Choices.External)
		yes("choice.relatives", x.Choices.Relatives)
		yes("choice.private", x.Choices.Private)
		yes("choice.meals", len(x.Choices.AutoMeals) > 0)
	case *house.Staff:
		accepted(x.Acceptance)
		yes("choice.hidden", x.Choices.Hidden)
		yes("choice.alias", x.Choices.NameMode == "alias")
		yes("choice.photo", x.Choices.Photo)
		yes("choice.roster", x.Choices.Roster)
		yes("choice.tagged", x.Choices.Tagged)
		yes("choice.external", x.Choices.External)
	case *house.Relative:
		accepted(x.Acceptance)
	}
	return out
}
