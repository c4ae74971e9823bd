package manager

import (
	"errors"
	"fmt"
	"html/template"
	"maps"
	"mime/multipart"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// A form of a record is made of its members, and read back into them: nobody writes
// a form by hand who needs no better one. An input's name is the way to its member:
// "title.da", "agenda.2.title.nb".

// An input is one member of a record, as it is filled in.
type input struct {
	Name, Key string
	Form      string // the form of the field, or how it is filled in: "lines", "long", "choices", "refs"
	Label     string
	Help      string // how to fill it in; "": it says that itself
	Value     string
	Required  bool
	On        bool // of truth
	Max       int
	Min       string   // of a number; "": none
	Said      []string // what it says, for the view
	Problem   string   // what is wrong with what was typed
	Texts     []langInput
	Options   []option
	Inputs    []input // of an object
	Items     []item  // of a list of objects, or of a map
}

// A langInput is a text in one language.
type langInput struct {
	Lang, Name, Value string
	Long              bool
}

// An option can be chosen.
type option struct {
	Value, Label string
	Chosen       bool
}

// Choices returns the options as they stand in a page. A template takes ten times as
// long, and a page may name a thousand people a few times.
func (x input) Choices() template.HTML {
	var b strings.Builder
	for _, o := range x.Options {
		b.WriteString(`<option value="`)
		b.WriteString(template.HTMLEscapeString(o.Value))
		b.WriteString(`"`)
		if o.Chosen {
			b.WriteString(" selected")
		}
		b.WriteString(">")
		b.WriteString(template.HTMLEscapeString(o.Label))
		b.WriteString("</option>")
	}
	return template.HTML(b.String()) //nolint:gosec // what is not ours in it is escaped
}

// An item is one object of a list.
type item struct {
	Name   string // "agenda.2"
	Key    string // of a map
	ID     string // of an object that has one
	Number int
	Inputs []input
}

// A former makes inputs of members, and members of inputs.
type former struct {
	*visit
	languages []record.Lang
	zone      *time.Location          // of the house
	refs      map[house.Kind][]option // what references may name
	kept      map[string]bool         // what the record names already, whoever may choose it
	stood     map[string]bool         // texts it has already
	heed      bool                    // a word of health was found that nobody has stood by
	years     bool                    // days are said with their year
	problems  map[string]string       // by name of the input
	values    map[string][]string     // what was typed; nil: nothing yet
	files     map[string][]*multipart.FileHeader
	pictures  map[house.Picture][]byte // that came with the form
}

// spoken are the languages a text may be in besides those of the house; a text that
// has one of them is filled in in it, too.
var spoken = []record.Lang{record.Danish, record.Bokmal, record.Nynorsk, record.Swedish, record.English, "ar", record.Universal}

// longText is from how many bytes a text gets more than a line.
const longText = 1000

// maxItems is how many objects a list may have in a form.
const maxItems = 500

// aside are members of items that nobody fills in: an item keeps what it had.
var aside = []string{"id", "unasked", "added"}

// textOf returns a text of a record.
func textOf(f *house.Field, in reflect.Value) record.Text {
	t, _ := reflect.TypeAssert[record.Text](f.In(in))
	return t
}

// inputs returns what fills in these members of a struct.
func (f *former) inputs(kind house.Kind, fields []house.Field, in reflect.Value, prefix string) (out []input) {
	for i := range fields {
		m := &fields[i]
		if prefix != "" && slices.Contains(aside, m.Key) {
			continue // an item keeps it beside its inputs
		}
		out = append(out, f.input(kind, m, m.In(in), prefix+m.Key))
	}
	if prefix == "" && f.heed {
		out = append(out, input{Name: "heed", Key: "heed", Form: string(house.FormTruth), Label: f.t("lint.heed")})
	}
	return out
}

// input returns what fills in one member.
func (f *former) input(kind house.Kind, m *house.Field, at reflect.Value, name string) input {
	x := input{
		Name: name, Key: m.Key, Form: string(m.Form), Label: f.word("field.", kind, m.Key), Required: !m.Optional && m.Form != house.FormTruth,
		Max: m.Max, Problem: f.problems[name],
	}
	for _, key := range []string{"help." + string(kind) + "." + m.Key, "help." + m.Key} {
		if x.Help == "" && f.views.words(f.lang).has(key) {
			x.Help = f.t(key)
		}
	}
	switch m.Form {
	case house.FormName:
		n, _ := reflect.TypeAssert[record.Name](at)
		x.Value = n.Reveal()
	case house.FormWords:
		f.texts(&x, m, at)
	case house.FormTruth:
		x.On = at.Bool()
	case house.FormNumber:
		if n := at.Int(); n != 0 || !m.Optional {
			x.Value = strconv.FormatInt(n, 10)
		}
		x.Min = strconv.Itoa(m.Min)
	case house.FormChoice:
		x.Options = f.choices(kind, m, func(v string) bool { return v == at.String() })
	case house.FormID:
		x.Options = f.named(m.Ref, at.String())
	case house.FormObject:
		f.object(kind, &x, m, at, name)
	case house.FormList, house.FormMap:
		f.list(kind, &x, m, at, name)
	default:
		if x.Value = at.String(); m.Form == house.FormText && m.Max >= longText {
			x.Form = "long"
		}
	}
	x.Said = f.said(m, x)
	return x
}

// Chosen reports whether one of the options is.
func (x input) Chosen() bool {
	return slices.ContainsFunc(x.Options, func(o option) bool { return o.Chosen })
}

// said returns what an input says, in lines.
func (f *former) said(m *house.Field, x input) (lines []string) {
	w := f.views.words(f.lang)
	switch {
	case m.Form == house.FormTruth:
		return []string{f.t(map[bool]string{true: "form.yes", false: "form.no"}[x.On])}
	case len(x.Texts) > 0:
		for _, t := range x.Texts {
			if t.Value != "" {
				lines = append(lines, t.Value)
			}
		}
	case len(x.Options) > 0:
		for _, o := range x.Options {
			if o.Chosen {
				lines = append(lines, o.Label)
			}
		}
	case x.Value == "":
	case m.Form == house.FormWall && f.years:
		return []string{w.timed(house.Wall(x.Value))}
	case m.Form == house.FormDay && f.years:
		return []string{w.dated(house.Day(x.Value))}
	case m.Form == house.FormWall:
		return []string{w.when(house.Wall(x.Value))}
	case m.Form == house.FormDay:
		return []string{w.day(house.Day(x.Value))}
	case x.Form == "lines", x.Form == "long":
		lines = strings.Split(x.Value, "\n")
		for i, line := range lines {
			if m.Key == "accept_auto_meal" {
				lines[i] = f.ruleSaid(line)
			}
		}
		return lines
	case m.Form == house.FormPicture:
		return []string{f.t("form.picture")}
	default:
		return []string{x.Value}
	}
	return lines
}

func (f *former) texts(x *input, m *house.Field, at reflect.Value) {
	t, _ := reflect.TypeAssert[record.Text](at)
	all := slices.Clone(f.languages)
	for _, l := range spoken {
		if t[l] != "" && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	for _, l := range all {
		x.Texts = append(x.Texts, langInput{string(l), x.Name + "." + string(l), t[l], m.Max >= longText})
	}
	if x.Max == 0 {
		x.Max = 200
	}
}

func (f *former) object(kind house.Kind, x *input, m *house.Field, at reflect.Value, name string) {
	if at.Kind() == reflect.Pointer {
		if at.IsNil() {
			at = reflect.New(at.Type().Elem())
		}
		at = at.Elem()
	}
	x.Inputs = f.inputs(kind, m.Fields, at, name+".")
	if m.Optional { // it may be left out as a whole
		for i := range x.Inputs {
			x.Inputs[i].Required = false
		}
	}
}

func (f *former) list(kind house.Kind, x *input, m *house.Field, at reflect.Value, name string) {
	has := func(v string) bool {
		for i := range at.Len() {
			if at.Index(i).String() == v {
				return true
			}
		}
		return false
	}
	switch {
	case m.Form == house.FormMap:
		x.Form = "items"
		keys := at.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for i, k := range keys {
			value := reflect.New(at.Type().Elem()).Elem()
			value.Set(at.MapIndex(k))
			x.Items = append(x.Items, f.item(kind, m.Item, value, name, i, k.String()))
		}
	case m.Item.Form == house.FormChoice:
		x.Form, x.Options = "choices", f.choices(kind, m.Item, has)
	case m.Item.Form == house.FormID:
		var now []string
		for i := range at.Len() {
			now = append(now, at.Index(i).String())
		}
		x.Form, x.Options = "refs", f.named(m.Item.Ref, now...)
	case m.Item.Form == house.FormObject:
		x.Form = "items"
		for i := range at.Len() {
			x.Items = append(x.Items, f.item(kind, m.Item, at.Index(i), name, i, ""))
		}
	default:
		x.Form = "lines"
		var lines []string
		for i := range at.Len() {
			lines = append(lines, at.Index(i).String())
		}
		x.Value = strings.Join(lines, "\n")
	}
}

func (f *former) item(kind house.Kind, m *house.Field, at reflect.Value, name string, i int, key string) item {
	it := item{Name: fmt.Sprintf("%s.%d", name, i), Key: key, Number: i + 1}
	if m.Form == house.FormObject {
		if at.Kind() == reflect.Pointer {
			at = at.Elem()
		}
		it.Inputs = f.inputs(kind, m.Fields, at, it.Name+".")
		for j := range m.Fields {
			if m.Fields[j].Key == "id" {
				it.ID = m.Fields[j].In(at).String()
			}
		}
		return it
	}
	it.Inputs = []input{f.input(kind, m, at, it.Name+".value")}
	return it
}

// word returns the words for a member or a choice: those of its kind, or of all.
func (v *visit) word(prefix string, kind house.Kind, key string) string {
	if own := prefix + string(kind) + "." + key; v.views.words(v.lang).has(own) {
		return v.t(own)
	}
	return v.t(prefix + key)
}

func (f *former) choices(kind house.Kind, m *house.Field, is func(string) bool) (out []option) {
	for _, v := range m.OneOf {
		out = append(out, option{v, f.word("choice.", kind, m.Key+"."+v), is(v)})
	}
	return out
}

// named returns what a reference to these kinds may name, and what it names now.
func (f *former) named(kinds []house.Kind, now ...string) (out []option) {
	for _, k := range kinds {
		for _, o := range f.refs[k] {
			o.Chosen = slices.Contains(now, o.Value)
			out = append(out, o)
		}
	}
	for _, id := range now { // of another department, say: it stays as it is
		if id != "" && !slices.ContainsFunc(out, func(o option) bool { return o.Value == id }) {
			out = append(out, option{id, f.t("form.elsewhere"), true})
		}
	}
	return out
}

// keep notes what a record names, so that it may go on to.
func (f *former) keep(v reflect.Value) {
	if f.kept == nil {
		f.kept, f.stood = map[string]bool{}, map[string]bool{}
	}
	if v.CanInterface() {
		switch x := v.Interface().(type) {
		case record.Text:
			for _, s := range x {
				f.stood[s] = true
			}
			return
		case interface{ Reveal() string }:
			f.stood[x.Reveal()] = true
			return
		}
	}
	switch v.Kind() {
	case reflect.String:
		if id, ok := reflect.TypeAssert[house.ID](v); ok {
			f.kept[string(id)] = true
		}
		f.stood[v.String()] = true
	case reflect.Slice:
		for i := range v.Len() {
			f.keep(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			f.keep(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.keep(v.Field(i))
			}
		}
	}
}

// values that were typed.
func (f *former) get(name string) string {
	if v := f.values[name]; len(v) > 0 {
		return strings.TrimSpace(strings.ReplaceAll(v[0], "\r\n", "\n"))
	}
	return ""
}

// wrong notes what is wrong with an input.
func (f *former) wrong(name, word string, args ...any) {
	if _, already := f.problems[name]; !already {
		f.problems[name] = f.t("problem."+word, args...)
	}
}

// read reads what was typed into the members of a struct. What is wrong is noted,
// and what was typed kept, wherever that can be.
func (f *former) read(kind house.Kind, fields []house.Field, in reflect.Value, prefix string) {
	for i := range fields {
		m := &fields[i]
		if prefix != "" && slices.Contains(aside, m.Key) {
			continue
		}
		f.readOne(kind, m, m.In(in), prefix+m.Key)
	}
}

func (f *former) readOne(kind house.Kind, m *house.Field, at reflect.Value, name string) {
	typed := f.get(name)
	if limit := m.Max; m.Form == house.FormText || m.Form == house.FormName {
		if limit == 0 {
			limit = 200
		}
		if len(typed) > limit {
			f.wrong(name, "long", "n", limit)
		}
	}
	switch m.Form {
	case house.FormName:
		at.Set(reflect.ValueOf(record.NameOf(typed)))
	case house.FormWords:
		typed = f.readTexts(m, at, name)
	case house.FormTruth:
		at.SetBool(typed != "")
		return
	case house.FormNumber:
		f.readNumber(m, at, name, typed)
	case house.FormChoice:
		if typed != "" && !slices.Contains(m.OneOf, typed) {
			f.wrong(name, "choice")
			typed = ""
		}
		at.SetString(typed)
	case house.FormID:
		if typed != "" && !f.mayName(m.Ref, typed) {
			f.wrong(name, "choice")
			typed = ""
		}
		at.SetString(typed)
	case house.FormPicture:
		typed = f.readPicture(at, name, typed)
	case house.FormObject:
		f.readObject(kind, m, at, name)
		return
	case house.FormList, house.FormMap:
		f.readList(kind, m, at, name)
		return
	default:
		at.SetString(typed)
	}
	if typed == "" && !m.Optional {
		f.wrong(name, "missing")
	}
}

// readTexts reads a text in its languages; those the form does not ask for stay.
func (f *former) readTexts(m *house.Field, at reflect.Value, name string) (any string) {
	was, _ := reflect.TypeAssert[record.Text](at)
	t := record.Text{}
	asked := func(l record.Lang) bool { return len(f.values[name+"."+string(l)]) > 0 }
	for l, s := range was {
		if !asked(l) {
			t[l], any = s, s
		}
	}
	limit := m.Max
	if limit == 0 {
		limit = 200
	}
	for _, l := range slices.Concat(f.languages, spoken) {
		if s := f.get(name + "." + string(l)); s != "" {
			if len(s) > limit {
				f.wrong(name, "long", "n", limit)
			}
			if strings.TrimSpace(was[l]) == s {
				s = was[l] // with the blanks at its end
			}
			t[l], any = s, s
		}
	}
	if len(t) == 0 {
		t = nil
	}
	at.Set(reflect.ValueOf(t))
	return any
}

func (f *former) readNumber(m *house.Field, at reflect.Value, name, typed string) {
	at.SetInt(0)
	if typed == "" {
		return
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < m.Min || m.Max != 0 && n > m.Max {
		f.wrong(name, "number", "min", m.Min, "max", m.Max)
		return
	}
	at.SetInt(int64(n))
}

// readPicture takes a picture that came with the form, or keeps the one there is, or
// takes it away.
func (f *former) readPicture(at reflect.Value, name, typed string) string {
	if files := f.files[name+".file"]; len(files) > 0 {
		file, err := files[0].Open()
		if err == nil {
			defer file.Close()
			var small []byte
			if small, err = f.hub.Small(file); err == nil {
				p := house.Picture("asset:up-" + account.NewID())
				f.pictures[p] = small
				at.SetString(string(p))
				return string(p)
			}
		}
		f.wrong(name, "picture")
		return typed
	}
	if f.get(name+".none") != "" {
		typed = ""
	}
	if typed != at.String() && typed != "" { // nobody types one
		typed = at.String()
	}
	at.SetString(typed)
	return typed
}

func (f *former) readObject(kind house.Kind, m *house.Field, at reflect.Value, name string) {
	target := at
	if at.Kind() == reflect.Pointer {
		target = reflect.New(at.Type().Elem()).Elem()
		if !at.IsNil() {
			target.Set(at.Elem())
		}
	}
	was := len(f.problems)
	before := maps.Clone(f.problems)
	f.read(kind, m.Fields, target, name+".")
	if m.Optional && target.IsZero() { // left out as a whole
		if len(f.problems) > was {
			f.problems = before
		}
		at.SetZero()
		return
	}
	if at.Kind() == reflect.Pointer {
		p := reflect.New(at.Type().Elem())
		p.Elem().Set(target)
		at.Set(p)
	}
}

func (f *former) readList(kind house.Kind, m *house.Field, at reflect.Value, name string) {
	var each []string
	switch {
	case m.Form == house.FormMap, m.Item.Form == house.FormObject:
		f.readItems(kind, m, at, name)
		return
	case m.Item.Form == house.FormChoice:
		for _, v := range f.values[name] {
			if slices.Contains(m.Item.OneOf, v) {
				each = append(each, v)
			}
		}
	case m.Item.Form == house.FormID:
		for _, v := range f.values[name] {
			if f.mayName(m.Item.Ref, v) {
				each = append(each, v)
			}
		}
	default:
		for line := range strings.SplitSeq(f.get(name), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				each = append(each, line)
			}
		}
		at.SetZero() // in the order they were typed
	}
	if m.Max > 0 && len(each) > m.Max {
		f.wrong(name, "many", "n", m.Max)
	}
	each = asBefore(at, each)
	at.SetZero()
	for _, v := range each {
		x := reflect.New(at.Type().Elem()).Elem()
		x.SetString(v)
		at.Set(reflect.Append(at, x))
	}
	if len(each) == 0 && (m.Min > 0 || !m.Optional) {
		f.wrong(name, "missing")
	}
}

// asBefore returns what was chosen in the order it had before, and what is new after
// it: the order says something, and boxes to tick have none.
func asBefore(at reflect.Value, chosen []string) (out []string) {
	for i := range at.Len() {
		if v := at.Index(i).String(); slices.Contains(chosen, v) {
			out = append(out, v)
		}
	}
	for _, v := range chosen {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// readItems reads objects, one after the other as the form has them: NAME.0 and so
// on, NAME.n of them. "add" and "drop" of the form add and take away.
func (f *former) readItems(kind house.Kind, m *house.Field, at reflect.Value, name string) {
	n, _ := strconv.Atoi(f.get(name + ".n"))
	n = min(n, maxItems)
	was := reflect.ValueOf(at.Interface())
	if m.Form == house.FormMap {
		at.Set(reflect.MakeMap(at.Type()))
	} else {
		at.SetZero()
	}
	for i := range n {
		path := fmt.Sprintf("%s.%d", name, i)
		if slices.Contains(f.values["drop"], path) {
			continue
		}
		x := reflect.New(at.Type().Elem()).Elem()
		key := f.get(path + ".key")
		f.before(m, was, x, path)
		if m.Item.Form == house.FormObject {
			f.read(kind, m.Item.Fields, x, path+".")
			f.identify(m.Item, x, path)
		} else {
			f.readOne(kind, m.Item, x, path+".value")
		}
		switch {
		case m.Form != house.FormMap:
			at.Set(reflect.Append(at, x))
		case key == "":
			f.wrong(name, "missing")
		default:
			at.SetMapIndex(reflect.ValueOf(key).Convert(at.Type().Key()), x)
		}
	}
	if slices.Contains(f.values["add"], name) && n < maxItems && m.Form != house.FormMap {
		x := reflect.New(at.Type().Elem()).Elem()
		f.identify(m.Item, x, "")
		at.Set(reflect.Append(at, x))
	}
	if slices.Contains(f.values["add"], name) && m.Form == house.FormMap {
		at.SetMapIndex(reflect.ValueOf(account.NewID()[:6]).Convert(at.Type().Key()), reflect.New(at.Type().Elem()).Elem())
	}
}

// before puts what an item was before into it, so that its picture is known.
func (f *former) before(m *house.Field, was, x reflect.Value, path string) {
	if m.Form == house.FormMap || m.Item.Form != house.FormObject {
		return
	}
	id := f.get(path + ".id")
	for j := range was.Len() {
		for k := range m.Item.Fields {
			if mf := &m.Item.Fields[k]; mf.Key == "id" && id != "" && mf.In(was.Index(j)).String() == id {
				x.Set(was.Index(j))
				return
			}
		}
	}
}

// identify gives an object its ID: the one it had, or a new one.
func (f *former) identify(m *house.Field, x reflect.Value, path string) {
	for i := range m.Fields {
		if mf := &m.Fields[i]; mf.Key == "id" {
			id := f.get(path + ".id")
			if id == "" {
				id = account.NewID()
			}
			mf.In(x).SetString(id)
		}
	}
}

// mayName reports whether a reference to these kinds may name id.
func (f *former) mayName(kinds []house.Kind, id string) bool {
	if len(kinds) == 0 || f.kept[id] {
		return true
	}
	return slices.ContainsFunc(kinds, func(k house.Kind) bool {
		return slices.ContainsFunc(f.refs[k], func(o option) bool { return o.Value == id })
	})
}

// spans are the members that say when something begins and ends.
var spans = [][2]string{{"starts", "ends"}, {"from", "to"}, {"from", "until"}, {"published", "expires"}}

// ordered notes what ends before it begins.
func (f *former) ordered(r house.Record) {
	fields, in := house.Members(r)
	at := map[string]string{}
	for i := range fields {
		if m := &fields[i]; m.Form == house.FormWall {
			at[m.Key] = m.In(in).String()
		}
	}
	for _, s := range spans {
		if from, to := at[s[0]], at[s[1]]; from != "" && to != "" && to <= from {
			f.wrong(s[1], "order")
		}
	}
}

// errWrong says that what was typed cannot be kept; the form says what.
var errWrong = errors.New("what was typed cannot be kept")

// check says what the format has against a record, beside the inputs it is about,
// or at the head.
func (f *former) check(r house.Record) {
	f.ordered(r)
	f.lint(r)
	err := house.Check(r)
	if err == nil || len(f.problems) > 0 {
		return
	}
	path, _, _ := strings.Cut(err.Error(), ":")
	path = strings.NewReplacer("[", ".", "]", "").Replace(path)
	known := false
	for _, m := range house.Fields(house.KindOf(r)) {
		known = known || path == m.Key || strings.HasPrefix(path, m.Key+".")
	}
	if !known {
		path = ""
	}
	f.wrong(path, "wrong")
	if parent, _, ok := strings.Cut(path, "."); ok {
		f.wrong(parent, "wrong")
	}
}
