package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"tavle/sync/record"
)

// The published contract, docs/sync.asyncapi.yaml, is written by hand. These
// tests hold it to the code, and the code to it: whoever changes a message
// changes the contract, and makes its golden frame anew with "make golden".

var update = flag.Bool("update", false, "rewrite the frames in testdata")

const (
	contractFile = "../../docs/sync.asyncapi.yaml"
	goldens      = "testdata/golden"
)

// golden are messages as they are known to travel, by the name of their file:
// of every kind one that says all there is to say, and where it may say less,
// one that does.
var golden = map[string]Message{
	"challenge": &Challenge{Nonce: "q0Hk6y0lq7h9Yl3u9n0v0g", HubMS: 1795000000000},
	"welcome": &Welcome{
		Session: "3vK9x0Q1m2Zp", Board: BoardAt{"b0c1d2e3f4g5h6i7", at.Epoch, 4720}, Schema: 1, LastSeq: 17,
		Lease: goldenLease(1795000000000, 259200, 2592000), PingS: 25, Keys: goldenKeys(), Asset: &Assets{"/sync/asset/", "bWFj", 3600}, Limits: &Limits{65536, 32},
	},
	"welcome-least": &Welcome{Session: "s", Board: BoardAt{"b", at.Epoch, 0}, Schema: 1, Lease: goldenLease(1795000000000, 14400, 14400), PingS: 25},
	"snap-part":     &Snap{Epoch: at.Epoch, Rev: 4720, Rows: goldenRows()[:4]},
	"snap-last":     &Snap{Epoch: at.Epoch, Rev: 4720, Part: 1, Last: true, Sum: at.Sum, Rows: goldenRows()[4:]},
	"snap-empty":    &Snap{Epoch: at.Epoch, Last: true, Sum: "0000000000000000", Rows: []RowOp{}},
	"delta":         &Delta{Epoch: at.Epoch, From: 4720, Rev: 4723, Sum: at.Sum, Ops: append([]RowOp{{Kind: "person", ID: "p9", Delete: true}}, goldenRows()[1])},
	"res": &Res{Results: []Result{
		{Seq: 18, Outcome: Accepted, Rev: 4721},
		{Seq: 19, Outcome: Waitlisted, Place: 2, Rev: 4722, Epoch: at.Epoch},
		{Seq: 20, Outcome: Rejected, Code: ReasonClosed, Rev: 4722},
	}},
	"time":        &Time{HubMS: 1795000025000},
	"lease":       &LeaseRenewal{Lease: goldenLease(1795000025000, 259200, 2592000), Keys: goldenKeys(), Asset: &Assets{"/sync/asset/", "bWFj", 3600}},
	"lease-least": &LeaseRenewal{Lease: goldenLease(1795000025000, 604800, 7776000)},
	"cmd":         &Cmd{ID: "c1", Op: OpIdentify, ExpMS: 1795000600000, Number: 47, Place: record.Text{"da": "Gangen ved hoveddøren"}},
	"cmd-least":   &Cmd{ID: "c2", Op: "wipe"},
	"bye":         &Bye{Code: CloseRestart, Why: "restart", RetryMS: 1000, SpreadMS: 3333},
	"bye-least":   &Bye{Code: CloseTryLater},

	"hello": &Hello{
		Device: "scr-1", Inst: "5f0e1c2d3a4b5968", Sig: "c2lnbmF0dXJl", Have: &at, NextSeq: 18, Build: "tavle-player v1.0.0 linux/arm64",
		Schema: [2]int{1, 1}, Enc: []string{"gzip"}, Boot: "b7c1", Uptime: 81234, Store: "rebuilt",
	},
	"hello-least":  &Hello{Device: "scr-1", Inst: "5f0e1c2d3a4b5968", Sig: "c2lnbmF0dXJl", NextSeq: 1, Build: "", Schema: [2]int{1, 1}},
	"ack":          &Ack{Epoch: at.Epoch, Rev: 4721},
	"resync":       &Resync{Why: "sum", Have: &at},
	"resync-least": &Resync{Why: "operator"},
	"mut": &Mut{Muts: []Mutation{
		{Seq: 18, Op: OpSignUp, On: RowKey{record.KindActivity, "a1"}, Who: "p9", AgeMS: new(int64(412)), Saw: 4721, Text: "Jeg tager kage med"},
		{Seq: 19, Op: OpCancel, On: RowKey{record.KindMeal, "m1"}, Who: "p9"},
		{Seq: 20, Op: OpPropose, On: RowKey{record.KindMeeting, "g1"}, Who: "p9", Text: "Vi synger sammen", Lang: "da", Picto: "microphone"},
		{Seq: 21, Op: OpAnswer, On: RowKey{record.KindPoll, "q1"}, AgeMS: new(int64(412)), Picto: "face-good"},
	}},
	"rack":       &Rack{Seq: 18},
	"done":       &Done{ID: "c1", Status: "refused", Info: "not known"},
	"done-least": &Done{ID: "c1", Status: "ok"},
	"stat": &Stat{
		Outbox: 3, AssetsMissing: 2, TempC: 51.5, DiskFreeMB: 20480, MemoryMB: 92, UptimeS: 86400, Late: 4, ClockOffS: -3, Secret: "host-file",
	},
	"stat-least": &Stat{},
}

// goldenSigner signs what golden frames say: a key whose seed is 32 zero bytes.
var goldenSigner = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

func goldenLease(issued, mask, wipe int64) Lease {
	return Lease{IssuedMS: issued, MaskS: mask, WipeS: wipe}.Signed(SignerOf(goldenSigner), "scr-1", "b0c1d2e3f4g5h6i7")
}

func goldenKeys() *Keys {
	k := Keys{Signing: SigningPin(goldenSigner.Public().(ed25519.PublicKey)), TLS: []string{Pin([]byte("now")), Pin([]byte("next"))}}
	k = k.Signed(SignerOf(goldenSigner), "scr-1")
	return &k
}

// goldenRows is a row of every kind, with everything a row can say, and one that
// says as little as it may.
func goldenRows() (rows []RowOp) {
	when := time.Date(2026, 12, 3, 10, 24, 0, 0, time.FixedZone("", 3600))
	picture := record.AssetID("sha256-" + strings.Repeat("9f86d081", 8))
	sound := record.AssetID("sha256-" + strings.Repeat("e3b0c442", 8))
	say := func(s string) record.Text { return record.Text{"da": s} }
	crowd := record.Participants{
		Who: []record.PersonID{"p1"}, Waiting: []record.PersonID{"p2"}, More: 2, Exact: true, Limit: 8, Left: record.PlacesFew,
	}
	for _, f := range []record.Fact{
		record.House{
			Name: say("Måneskinshuset"), Zone: "Europe/Copenhagen", Langs: []record.Lang{"da", "nb"}, Modules: []record.Module{record.ModuleActivities, record.ModuleNews},
			Exact: true, Keeper: say("Kommunen"), Contact: "tavle@example.invalid", Weekdays: true,
			TagKey: record.NewTagKey([]byte("board")), Lexicon: []record.Lexeme{{Lang: "da", Word: "quiche", Spoken: "kisj"}},
		},
		record.Person{ID: "p1", Kind: record.Staff, Name: record.NameOf("Åse"), Spoken: record.NameOf("Åsse"), Photo: picture, Mark: "owl", Role: say("Vikar"), SignUp: true, Listed: true, Until: when},
		record.Person{
			ID: "p2", Kind: record.Resident, Name: record.NameOf("Bo"), SignUp: true,
			Open: []record.Choice{record.ChoiceShown, record.ChoicePhoto, record.ChoiceBoard},
			Code: record.NewPictureCode(make([]byte, 16), [3]int8{0, 4, 11}),
			Tag:  record.NewTagKey([]byte("board")).Tag("04A2B3C4"),
			Preset: record.Preset{
				Lang: record.Bokmal, Text: "extra_large", Contrast: "dark", Still: true, Read: true,
				Hold: 800 * time.Millisecond, Scanning: "one_switch",
			},
			Requests: []record.Request{{Right: record.RightAccess, Asked: "2026-12-01", Due: "2026-12-31", Answered: "2026-12-04"}},
		},
		record.Activity{
			ID: "a1", Title: say("Gåtur"), Text: say("Rundt om søen"), Place: say("Søen"), Picto: "boot", Picture: picture, Sound: sound, Starts: when, Ends: when, Deadline: when,
			Bring: []record.Item{{Title: say("Overtøj"), Picto: "coat"}}, Price: 40, Leaders: []record.PersonID{"p1"}, Status: record.Cancelled, SignUp: true, Participants: crowd,
		},
		record.Activity{ID: "a2", Title: say("Film"), Starts: when, Status: record.Planned},
		record.Meal{
			ID: "m1", Kind: record.Dinner, Served: when, Deadline: when, Dish: record.Dish{Title: say("Fisk"), Allergens: []string{"fish"}, Diet: []string{"pork-free"}},
			Alternative: &record.Alternative{Dish: record.Dish{Title: say("Bønner"), Allergens: []string{"soya"}, Diet: []string{"vegan"}}, Picto: "broccoli", Picture: picture},
			Picto:       "fish", Picture: picture, Sound: sound, Cook: "p1", Auto: []record.PersonID{"p1"}, Other: []record.PersonID{"p1"}, Participants: crowd,
		},
		record.Shift{ID: "v1", Type: "day", Label: say("Dag"), From: when, To: when, Person: "p1", Role: say("Leder")},
		record.Meeting{
			ID: "g1", Title: say("Husmøde"), Place: say("Stuen"), Starts: when, Ends: when, Chair: "p2", Secretary: "p1", SignUp: true, Participants: crowd,
			Agenda: []record.AgendaItem{{Number: 1, Title: say("Mad"), Picto: "bread", By: "p2", Proposal: "f1"}},
		},
		record.Proposal{ID: "f1", Meeting: "g1", Number: 1, Text: say("Kage hver søndag"), Picto: "shortcake", By: "p2", Participants: crowd},
		record.Resource{ID: "r1", Title: say("Vaskemaskine"), Picto: "washing", Slots: []record.Slot{{From: 480, To: 600}}, SignUp: true},
		record.Booking{ID: "b1", Resource: "r1", From: when, To: when.Add(time.Hour), Who: "p2"},
		record.Group{ID: "h1", Title: say("Strikkeklubben"), Picto: "yarn", SignUp: true, Participants: crowd},
		record.News{
			ID: "n1", Title: say("Nyt"), Text: say("Der er kage"), Picto: "house", Picture: picture, Sound: sound, Photos: []record.Photo{{Asset: picture, Alt: say("Kagen")}},
			Author: "p1", Published: when, Expires: when, Pinned: true,
		},
		record.Album{ID: "al1", Title: say("Tur i skoven"), Published: when, Expires: when, Photos: []record.Photo{
			{Asset: picture, Alt: say("To går på en sti."), Tagged: record.Tagged{People: true, Who: []record.PersonID{"p1"}, Until: when}},
		}},
		record.Document{ID: "d1", Title: say("Husregler"), Pages: []record.Page{{Title: say("Ro"), Text: say("Vi er stille om natten."), Picto: "bed"}}},
		record.Video{
			ID: "vd1", Title: say("Skærmen"), Film: picture, Poster: picture, Seconds: 12, Cues: []record.Cue{{From: 500, To: 3500, Text: say("Tryk på hjem.")}},
			Sign: say("Dansk tegnsprog"), Sound: true, Tagged: record.Tagged{People: true, Who: []record.PersonID{"p1"}, Until: when},
		},
		record.Presence{
			ID: "pr1", Day: "2026-12-03", Who: []record.PersonID{"p1", "p2"}, Here: []record.PersonID{"p1"}, Gone: []record.PersonID{"p2"},
			Off: []record.DayOff{{Who: "p2", Day: "2026-12-04"}}, Whole: true,
		},
		record.Poll{
			ID: "q1", Question: say("Hvordan var maden?"), From: when, Until: when, Counted: 6,
			Options: []record.PollOption{{Picto: "face-good", Title: say("God"), N: 6}, {Picto: "face-bad", Title: say("Ikke god")}},
		},
		record.Weather{ID: "w1", At: when, Days: []record.WeatherDay{{Date: when, Sky: record.SkyRain, Low: -1, High: 4, Wind: record.WindFresh}}},
	} {
		row, err := EncodeFact(f)
		if err != nil {
			panic(err)
		}
		rows = append(rows, OpOf(record.Op{Row: row}))
	}
	return rows
}

// bodies are the bodies of rows, by what the contract calls them.
var bodies = map[string]any{
	"houseBody": houseBody{}, "personBody": personBody{}, "activityBody": activityBody{},
	"mealBody": mealBody{}, "shiftBody": shiftBody{}, "newsBody": newsBody{},
	"meetingBody": meetingBody{}, "proposalBody": proposalBody{}, "resourceBody": resourceBody{}, "bookingBody": bookingBody{}, "groupBody": groupBody{},
	"albumBody": albumBody{}, "documentBody": documentBody{}, "videoBody": videoBody{}, "weatherBody": weatherBody{}, "presenceBody": presenceBody{}, "pollBody": pollBody{},
}

// pairs are what pairing says, over HTTP, as golden files and by what the
// contract calls them.
var pairs = map[string]struct {
	schema string
	says   interface{ Check() error }
}{
	"pair-open":    {"pairOpen", &PairOpen{Key: strings.Repeat("k", 42) + "A", Commit: strings.Repeat("c", 42) + "A", Build: "tavle-player v1.0.0 linux/arm64"}},
	"pair-opened":  {"pairOpened", &PairOpened{ID: strings.Repeat("i", 21) + "A", Nonce: strings.Repeat("n", 21) + "A", ExpiresS: 600}},
	"pair-reveal":  {"pairReveal", &PairReveal{Nonce: strings.Repeat("n", 21) + "A", Host: "hub.example.invalid", Pin: "sha256-" + strings.Repeat("p", 42) + "A", Sig: strings.Repeat("s", 85) + "A"}},
	"pair-ask":     {"pairAsk", &PairAsk{N: 3, Sig: strings.Repeat("s", 85) + "A"}},
	"pair-waiting": {"pairAnswer", &PairAnswer{State: PairWaiting}},
	"pair-refused": {"pairAnswer", &PairAnswer{State: PairRefused, Why: WhyPin}},
	"pair-approved": {"pairAnswer", &PairAnswer{
		State: PairApproved, Device: "hall", Pins: []string{"sha256-" + strings.Repeat("p", 42) + "A"}, Signer: strings.Repeat("g", 42) + "A",
	}},
}

// A contract is the published one, as read.
type contract struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
}

func readContract(t *testing.T) *contract {
	t.Helper()
	raw, err := os.ReadFile(contractFile)
	require.NoError(t, err)
	var doc map[string]any
	require.NoError(t, yaml.Unmarshal(raw, &doc))
	c := &contract{doc, jsonschema.NewCompiler()}
	c.compiler.DefaultDraft(jsonschema.Draft7) // AsyncAPI's schemas are a superset of it
	c.compiler.AssertFormat()
	require.NoError(t, c.compiler.AddResource("contract.json", plainJSON(t, doc)))
	return c
}

// plainJSON returns v as if it had been read from JSON.
func plainJSON(t *testing.T, v any) any {
	t.Helper()
	raw, err := json.Marshal(keyed(v))
	require.NoError(t, err)
	return parsed(t, raw)
}

// keyed makes of every table one whose keys are texts: close codes are numbers.
func keyed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = keyed(v[k])
		}
	case map[any]any:
		out := map[string]any{}
		for k := range v {
			out[fmt.Sprint(k)] = keyed(v[k])
		}
		return out
	case []any:
		for i := range v {
			v[i] = keyed(v[i])
		}
	}
	return v
}

func parsed(t *testing.T, raw []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(t, err)
	return v
}

// at returns what stands at a path.
func (c *contract) at(t *testing.T, path ...string) any {
	t.Helper()
	var v any = c.doc
	for _, p := range path {
		m, ok := v.(map[string]any)
		require.True(t, ok && m[p] != nil, "the contract has no %s", strings.Join(path, "/"))
		v = m[p]
	}
	return v
}

// schema compiles what stands at a path.
func (c *contract) schema(t *testing.T, path ...string) *jsonschema.Schema {
	t.Helper()
	s, err := c.compiler.Compile("contract.json#/" + strings.Join(path, "/"))
	require.NoError(t, err)
	return s
}

// check returns what the contract has against a frame, the bodies of its rows
// included.
func (c *contract) check(t *testing.T, kind string, frame []byte) error {
	t.Helper()
	if err := c.schema(t, "components", "messages", kind, "payload").Validate(parsed(t, frame)); err != nil {
		return err
	}
	var rows struct{ Rows, Ops []RowOp }
	require.NoError(t, json.Unmarshal(frame, &rows))
	for _, r := range append(rows.Rows, rows.Ops...) {
		if body := string(r.Kind) + "Body"; bodies[body] != nil && !r.Delete {
			if err := c.schema(t, "components", "schemas", body).Validate(parsed(t, r.Value)); err != nil {
				return err
			}
		}
	}
	return nil
}

// decoders say who hears which kinds of messages.
var decoders = map[string]func([]byte) (Message, error){"hubSends": DecodeFromHub, "hubReceives": DecodeFromDevice}

// hears returns the decoder of a message.
func hears(m Message) func([]byte) (Message, error) {
	for _, decode := range decoders {
		b, _ := Encode(m)
		if got, err := decode(b); err == nil && reflect.TypeOf(got) == reflect.TypeOf(m) {
			return decode
		}
	}
	return nil
}

// Issue 3, item 11. What travels does not change by accident: every golden
// frame is still what its message is written as, and is read as that message;
// and the contract has nothing against it.
func TestGoldenFramesHold(t *testing.T) {
	c := readContract(t)
	if *update {
		require.NoError(t, os.RemoveAll(goldens))
		require.NoError(t, os.MkdirAll(goldens, 0o755))
	}
	for name, m := range golden {
		file := filepath.Join(goldens, name+".json")
		b, err := Encode(m)
		require.NoError(t, err)
		if *update {
			require.NoError(t, os.WriteFile(file, append(b, '\n'), 0o644))
		}
		raw, err := os.ReadFile(file)
		require.NoError(t, err, "make golden writes it")
		frame := bytes.TrimSuffix(raw, []byte("\n"))
		require.Equal(t, string(frame), string(b), name)
		decode := hears(m)
		require.NotNil(t, decode, name)
		back, err := decode(frame)
		require.NoError(t, err, name)
		require.Equal(t, m, back, name)
		require.NoError(t, c.check(t, m.Type(), frame), name)
	}
	for name, p := range pairs {
		file := filepath.Join(goldens, name+".json")
		b, err := json.Marshal(p.says)
		require.NoError(t, err)
		if *update {
			require.NoError(t, os.WriteFile(file, append(b, '\n'), 0o644))
		}
		raw, err := os.ReadFile(file)
		require.NoError(t, err, "make golden writes it")
		require.Equal(t, string(raw), string(b)+"\n", name)
		back := reflect.New(reflect.TypeOf(p.says).Elem()).Interface().(interface{ Check() error })
		require.NoError(t, DecodePair(raw, back), name)
		require.Equal(t, p.says, back, name)
		require.NoError(t, c.schema(t, "components", "schemas", p.schema).Validate(parsed(t, raw)), name)
	}
	files, err := filepath.Glob(filepath.Join(goldens, "*"))
	require.NoError(t, err)
	require.Len(t, files, len(golden)+len(pairs), "no file without its message")
}

// Every member of every message and of every row body is in some golden frame,
// so that a new one cannot be forgotten there.
func TestGoldenFramesSayEverything(t *testing.T) {
	said := map[string]bool{}
	for _, m := range golden {
		saysWhat(reflect.ValueOf(m).Elem(), said)
	}
	for _, m := range golden {
		for _, f := range members(reflect.TypeOf(m).Elem()) {
			require.True(t, said[f.of+"."+f.name], "no golden frame says %s.%s", f.of, f.name)
		}
	}
	for _, p := range pairs {
		saysWhat(reflect.ValueOf(p.says).Elem(), said)
	}
	for _, p := range pairs {
		for _, f := range members(reflect.TypeOf(p.says).Elem()) {
			require.True(t, said[f.of+"."+f.name], "no golden file says %s.%s", f.of, f.name)
		}
	}
	for _, r := range goldenRows() {
		b := reflect.New(reflect.TypeOf(bodies[string(r.Kind)+"Body"]))
		require.NoError(t, json.Unmarshal(r.Value, b.Interface()))
		saysWhat(b.Elem(), said)
	}
	for _, b := range bodies {
		for _, f := range members(reflect.TypeOf(b)) {
			require.True(t, said[f.of+"."+f.name], "no golden row says %s.%s", f.of, f.name)
		}
	}
}

// saysWhat notes every member that v has a value for.
func saysWhat(v reflect.Value, said map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			saysWhat(v.Elem(), said)
		}
	case reflect.Slice:
		for i := range v.Len() {
			saysWhat(v.Index(i), said)
		}
	case reflect.Struct:
		for _, f := range members(v.Type()) {
			if x := v.FieldByName(f.field); !x.IsZero() {
				said[f.of+"."+f.name] = true
				saysWhat(x, said)
			}
		}
	}
}

// A member is one member of a JSON object that a struct is written as.
type member struct {
	of, name string // struct, member
	field    string // of the struct, or of one embedded in it
	must     bool   // it is always there
	typ      reflect.Type
}

// members returns what a struct is written as. A time is no struct here.
func members(t reflect.Type) (out []member) {
	for f := range t.Fields() {
		if f.Anonymous {
			out = append(out, members(f.Type)...)
			continue
		}
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		out = append(out, member{t.Name(), name, f.Name, !strings.Contains(opts, "omit"), f.Type})
	}
	return out
}

// Every field of every Go struct is in the contract and the other way round, by
// the same name, of the same type, and required where it is always written.
func TestContractHasTheFieldsOfTheCode(t *testing.T) {
	c := readContract(t)
	kinds := map[string]bool{}
	for _, m := range golden {
		if kinds[m.Type()] {
			continue
		}
		kinds[m.Type()] = true
		c.compare(t, m.Type(), c.at(t, "components", "messages", m.Type(), "payload"), reflect.TypeOf(m).Elem(), "t")
	}
	for _, p := range pairs {
		c.compare(t, p.schema, c.at(t, "components", "schemas", p.schema), reflect.TypeOf(p.says).Elem())
	}
	for name, b := range bodies {
		c.compare(t, name, c.at(t, "components", "schemas", name), reflect.TypeOf(b))
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(kinds)), slices.Collect(maps.Keys(c.at(t, "components", "messages").(map[string]any))))
}

// compare holds one schema to one struct; also has the members beside the
// struct's.
func (c *contract) compare(t *testing.T, where string, schema any, typ reflect.Type, also ...string) {
	t.Helper()
	s := c.resolve(t, schema)
	props, _ := s["properties"].(map[string]any)
	var must []any
	names := slices.Clone(also)
	for _, a := range also {
		must = append(must, a)
	}
	for _, f := range members(typ) {
		names = append(names, f.name)
		if f.must {
			must = append(must, f.name)
		}
		require.Contains(t, props, f.name, "%s in the contract", where)
		c.compareType(t, where+"."+f.name, props[f.name], f.typ)
	}
	require.ElementsMatch(t, names, slices.Collect(maps.Keys(props)), "members of %s", where)
	required, _ := s["required"].([]any)
	require.ElementsMatch(t, must, required, "what is always in %s", where)
}

// resolve follows a reference.
func (c *contract) resolve(t *testing.T, schema any) map[string]any {
	t.Helper()
	s, ok := schema.(map[string]any)
	require.True(t, ok)
	if ref, ok := s["$ref"].(string); ok {
		return c.resolve(t, c.at(t, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...))
	}
	return s
}

// compareType holds one member's schema to its Go type.
func (c *contract) compareType(t *testing.T, where string, schema any, typ reflect.Type) {
	t.Helper()
	s := c.resolve(t, schema)
	kind := s["type"]
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
		if list, ok := kind.([]any); ok { // a number or null
			require.Contains(t, list, "null", where)
			kind = list[0]
		}
	}
	switch {
	case typ == reflect.TypeFor[json.RawMessage]():
		require.Equal(t, "object", kind, where)
	case typ == reflect.TypeFor[time.Time]():
		require.Equal(t, "date-time", s["format"], where)
	case typ.Kind() == reflect.Struct:
		require.Equal(t, "object", kind, where)
		c.compare(t, where, schema, typ)
	case typ.Kind() == reflect.Map:
		require.Equal(t, "object", kind, where)
		require.Contains(t, s, "additionalProperties", where)
	case typ.Kind() == reflect.Slice, typ.Kind() == reflect.Array:
		require.Equal(t, "array", kind, where)
		c.compareType(t, where+"[]", s["items"], typ.Elem())
	case typ.Kind() == reflect.String:
		require.Equal(t, "string", kind, where)
	case typ.Kind() == reflect.Bool:
		require.Equal(t, "boolean", kind, where)
	case typ.Kind() == reflect.Float64:
		require.Equal(t, "number", kind, where)
	default:
		require.Equal(t, "integer", kind, where)
		if typ.Kind() >= reflect.Uint && typ.Kind() <= reflect.Uint64 {
			require.Contains(t, s, "minimum", where)
		}
	}
}

// Every example in the contract is one: it fits its schema, and the code reads
// it. What a hub may say only a screen understands, and the other way round.
func TestExamplesInTheContractAreSome(t *testing.T) {
	c := readContract(t)
	heard := map[string]func([]byte) (Message, error){}
	for operation, decode := range decoders {
		for _, m := range c.at(t, "operations", operation, "messages").([]any) {
			ref := m.(map[string]any)["$ref"].(string)
			heard[ref[strings.LastIndex(ref, "/")+1:]] = decode
		}
	}
	messages := c.at(t, "components", "messages").(map[string]any)
	require.Len(t, heard, len(messages))
	require.Len(t, c.at(t, "channels", "sync", "messages"), len(messages))
	for kind := range messages {
		require.Equal(t, kind, c.at(t, "components", "messages", kind, "name"))
		examples := c.at(t, "components", "messages", kind, "examples").([]any)
		require.NotEmpty(t, examples, kind)
		for _, e := range examples {
			frame, err := json.Marshal(keyed(e.(map[string]any)["payload"]))
			require.NoError(t, err)
			require.NoError(t, c.check(t, kind, frame), kind)
			m, err := heard[kind](frame)
			require.NoError(t, err, kind)
			require.Equal(t, kind, m.Type())
			_, unknown := m.(Unknown)
			require.False(t, unknown, kind)
			if d, ok := m.(*Delta); ok {
				_, err := Ops(d.Ops)
				require.NoError(t, err)
			}
		}
	}
}

// A contract that lets everything through says nothing: each of these differs in
// one thing from a frame that is right.
func TestContractRefusesWhatIsWrong(t *testing.T) {
	c := readContract(t)
	for _, wrong := range []struct{ golden, is, becomes string }{
		{"challenge", `"q0Hk6y0lq7h9Yl3u9n0v0g"`, `"short"`},
		{"challenge", `"t":"challenge"`, `"t":"hello"`},
		{"challenge", `1795000000000`, `"yesterday"`},
		{"welcome", `"last_seq":17`, `"last_seq":-1`},
		{"welcome", `"last_seq":17,`, ``},
		{"welcome", `"mask_s":259200`, `"mask_s":10000000000`},
		{"welcome", `"base":"/sync/asset/"`, `"base":"https://elsewhere.invalid/"`},
		{"snap-part", `"rows":[`, `"rows":[{},`},
		{"snap-part", `"last":false,`, ``},
		{"snap-last", `"sum":"9a3b5c7d9e1f2031"`, `"sum":"9A3B"`},
		{"snap-part", `"kind":"staff"`, `"kind":"doctor"`},
		{"snap-part", `"name":"Åse",`, ``},
		{"snap-part", `"starts":"2026-12-03T10:24:00+01:00"`, `"starts":"tomorrow"`},
		{"snap-last", `"kind":"dinner"`, `"kind":"brunch"`},
		{"delta", `"del":true`, `"del":false`},
		{"delta", `"del":true`, `"del":true,"v":{}`},
		{"delta", `"i":"p9"`, `"i":""`},
		{"delta", `"epoch":"00000000000000a1"`, `"epoch":"a1"`},
		{"res", `"st":"accepted"`, `"st":"perhaps"`},
		{"res", `"code":"closed"`, `"code":"because"`},
		{"res", `"place":2`, `"place":0`},
		{"lease", `"wipe_s":2592000`, `"wipe_s":7776001`},
		{"cmd", `"op":"identify"`, `"op":"dance"`},
		{"bye", `"code":1012`, `"code":12`},
		{"hello", `"schema":[1,1]`, `"schema":[1]`},
		{"hello", `"device":"scr-1"`, `"device":""`},
		{"hello", `"next_seq":18`, `"next_seq":0`},
		{"hello", `"store":"rebuilt"`, `"store":"wet"`},
		{"ack", `"rev":4721`, `"rev":4721.5`},
		{"resync", `"why":"sum"`, `"why":"boredom"`},
		{"mut", `"seq":18`, `"seq":0`},
		{"mut", `"age_ms":null`, `"age_ms":"long"`},
		{"mut", `"age_ms":412,`, ``},
		{"mut", `"who":"p9"`, `"who":7`},
		{"mut", `"text":"Jeg`, `"text":"` + strings.Repeat("x", MaxText) + `Jeg`},
		{"rack", `"seq":18`, `"seq":-18`},
		{"done", `"st":"refused"`, `"st":"maybe"`},
		{"stat", `"outbox":3`, `"outbox":-3`},
	} {
		b, err := Encode(golden[wrong.golden])
		require.NoError(t, err)
		bad := strings.Replace(string(b), wrong.is, wrong.becomes, 1)
		require.NotEqual(t, string(b), bad, "%s has no %s", wrong.golden, wrong.is)
		require.Error(t, c.check(t, golden[wrong.golden].Type(), []byte(bad)), bad)
	}
}

// So does what pairing says: each of these is refused by the code, too.
func TestContractRefusesWrongPairing(t *testing.T) {
	c := readContract(t)
	for _, wrong := range []struct{ golden, is, becomes string }{
		{"pair-open", strings.Repeat("k", 42) + "A", "short"},
		{"pair-open", `"build":"tavle`, `"build":"` + strings.Repeat("x", maxBuild)},
		{"pair-opened", `"expires_s":600`, `"expires_s":601`},
		{"pair-reveal", `"pin":"sha256-`, `"pin":"sha1-`},
		{"pair-reveal", `"host":"hub.example.invalid"`, `"host":""`},
		{"pair-ask", `"n":3`, `"n":-3`},
		{"pair-waiting", `"st":"waiting"`, `"st":"perhaps"`},
		{"pair-waiting", `"st":"waiting"`, `"st":"approved"`},
		{"pair-approved", `"pins":["`, `"pins":["sha256-","`},
		{"pair-approved", `"device":"hall",`, ``},
	} {
		p := pairs[wrong.golden]
		b, err := json.Marshal(p.says)
		require.NoError(t, err)
		bad := strings.Replace(string(b), wrong.is, wrong.becomes, 1)
		require.NotEqual(t, string(b), bad, wrong.is)
		require.Error(t, c.schema(t, "components", "schemas", p.schema).Validate(parsed(t, []byte(bad))), bad)
		require.Error(t, DecodePair([]byte(bad), reflect.New(reflect.TypeOf(p.says).Elem()).Interface().(interface{ Check() error })), bad)
	}
}

// The limits and close codes of the contract are the code's.
func TestContractHasTheNumbersOfTheCode(t *testing.T) {
	c := readContract(t)
	seconds := func(d time.Duration) int { return int(d / time.Second) }
	require.Equal(t, map[string]any{
		"fromDevice": MaxFromDevice, "fromHub": MaxFromHub, "inflated": MaxInflated, "snapshotPart": SnapPart, "boardRows": MaxRows, "board": MaxBoard,
		"mutations": MaxMuts, "text": MaxText, "asset": MaxAsset, "handshake": seconds(HandshakeTimeout), "write": seconds(WriteTimeout),
		"silence": seconds(SilenceTimeout), "ping": seconds(PingInterval), "result": seconds(ResultTimeout),
		"leaseMaskLeast": seconds(MinMask), "leaseMaskMost": seconds(MaxMask), "leaseWipeMost": seconds(MaxWipe),
	}, c.at(t, "x-limits"))
	codes := keyed(c.at(t, "x-close-codes")).(map[string]any)
	for code := CloseCode(1000); code < 5000; code++ {
		says, ok := codes[fmt.Sprint(int(code))].(map[string]any)
		require.Equal(t, strings.Contains(code.String(), " "), ok, "%s in the contract", code)
		switch {
		case !ok:
		case code == CloseRevoked:
			require.Equal(t, "never", says["retry"])
		default:
			require.Equal(t, seconds(code.RetryFloor()), says["retry"], code.String())
		}
	}
	require.Contains(t, c.at(t, "channels", "sync", "description"), Subprotocol)
}
