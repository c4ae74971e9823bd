package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

var at = At{Epoch: "00000000000000a1", Rev: 4711, Sum: "9a3b5c7d9e1f2031"}

// Every message there is, once.
var fromHub = []Message{
	&Challenge{Nonce: "q0Hk6y0lq7h9Yl3u9n0v0g", HubMS: 1795000000000},
	&Welcome{
		Session: "s1", Board: BoardAt{"b_3", "00000000000000a1", 4720}, Schema: 1, LastSeq: 17,
		Lease: Lease{1795000000000, 259200, 2592000, "c2ln"}, PingS: 25, Keys: &Keys{Signing: "ed25519-x", TLS: []string{"sha256-x"}, Sig: "c2ln"}, Asset: &Assets{"/sync/asset/", "x", 3600}, Limits: &Limits{65536, 32},
	},
	&Snap{Epoch: at.Epoch, Rev: 4720, Last: true, Sum: at.Sum, Rows: []RowOp{{Kind: "person", ID: "p_9", Value: json.RawMessage(`{"kind":"resident","name":"A"}`)}}},
	&Delta{Epoch: at.Epoch, From: 4720, Rev: 4721, Sum: at.Sum, Ops: []RowOp{{Kind: "person", ID: "p_9", Delete: true}}},
	&Res{Results: []Result{{Seq: 18, Outcome: Waitlisted, Place: 2, Rev: 4722, Epoch: at.Epoch}, {Seq: 19, Outcome: Rejected, Code: ReasonClosed, Rev: 4722}}},
	&Time{HubMS: 1795000025000},
	&LeaseRenewal{Lease: Lease{1795000025000, 259200, 2592000, "c2ln"}},
	&Cmd{ID: "c1", Op: "wipe"},
	&Bye{Code: CloseRestart, Why: "restart", SpreadMS: 20000},
}

var fromDevice = []Message{
	&Hello{Device: "d_71", Inst: "5f0e", Sig: "c2ln", Have: &at, NextSeq: 18, Build: "player/1", Schema: [2]int{1, 1}, Enc: []string{"gzip"}},
	&Ack{Epoch: at.Epoch, Rev: 4721},
	&Resync{Why: "sum", Have: &at},
	&Mut{Muts: []Mutation{{Seq: 18, Op: OpSignUp, On: RowKey{record.KindActivity, "a_1"}, Who: "p_9", AgeMS: new(int64(412)), Saw: 4721}}},
	&Rack{Seq: 18},
	&Done{ID: "c1", Status: "ok"},
	&Stat{TempC: 51.5},
}

func TestEveryMessageComesBack(t *testing.T) {
	for _, set := range []struct {
		list   []Message
		decode func([]byte) (Message, error)
	}{{fromHub, DecodeFromHub}, {fromDevice, DecodeFromDevice}} {
		for _, m := range set.list {
			b, err := Encode(m)
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(string(b), fmt.Sprintf(`{"t":%q`, m.Type())), "%s", b)
			back, err := set.decode(b)
			require.NoError(t, err, "%s", b)
			require.Equal(t, m, back)
		}
	}
}

func TestEndsDoNotUnderstandEachOthersWords(t *testing.T) {
	for _, m := range fromDevice {
		b, _ := Encode(m)
		back, err := DecodeFromHub(b)
		require.NoError(t, err)
		require.IsType(t, Unknown{}, back)
	}
	b, _ := Encode(fromHub[0])
	back, err := DecodeFromDevice(b)
	require.NoError(t, err)
	require.Equal(t, Unknown{"challenge"}, back)
}

func TestBadFramesSayWhereAndNotWhat(t *testing.T) {
	for _, c := range []struct {
		name, frame string
		code        CloseCode
		says        string
	}{
		{"empty", ``, CloseProtocol, "bad JSON"},
		{"truncated", `{"t":"ack","epoch":"Hemmelig`, CloseProtocol, "bad JSON at byte"},
		{"not an object", `[1]`, CloseProtocol, "not a"},
		{"no kind", `{"epoch":"x"}`, CloseProtocol, `no member "t"`},
		{"kind of the wrong type", `{"t":7}`, CloseProtocol, `"t"`},
		{"endless kind", `{"t":"` + strings.Repeat("x", 100) + `"}`, CloseProtocol, "100 bytes"},
		{"member of the wrong type", `{"t":"ack","epoch":"x","rev":"Hemmelig"}`, CloseProtocol, `"rev"`},
		{"negative revision", `{"t":"ack","epoch":"x","rev":-1}`, CloseProtocol, `"rev"`},
		{"not UTF-8", "{\"t\":\"ack\",\"epoch\":\"\xff\"}", CloseBadText, "UTF-8"},
		{"too big", `{"t":"ack","epoch":"` + strings.Repeat("x", MaxFromDevice) + `"}`, CloseTooBig, "too big"},
		{"no mutations", `{"t":"mut","muts":[]}`, CloseProtocol, "0 mutations"},
		{"too many mutations", `{"t":"mut","muts":[` + strings.Repeat(`{},`, MaxMuts) + `{}]}`, CloseProtocol, "33 mutations"},
		{"mutation 0", `{"t":"mut","muts":[{"seq":0,"op":"signup","on":{"k":"a","i":"1"},"who":"p"}]}`, CloseProtocol, "numbers start at 1"},
		{"mutation of nothing", `{"t":"mut","muts":[{"seq":1,"op":"","on":{"k":"a","i":"1"},"who":"p"}]}`, CloseProtocol, "op of 0 bytes"},
		{"mutation of no row", `{"t":"mut","muts":[{"seq":1,"op":"signup","on":{"k":"a","i":""},"who":"p"}]}`, CloseProtocol, "bad row key"},
		{"mutation of a row that no database keeps", `{"t":"mut","muts":[{"seq":1,"op":"signup","on":{"k":"a","i":"1\u0000"},"who":"p"}]}`, CloseProtocol, "U+0000 in a text"},
		{"confirmation that no database keeps", `{"t":"ack","epoch":"\u0000","rev":1}`, CloseProtocol, "U+0000 in a text"},
		{"mutation of nobody", `{"t":"mut","muts":[{"seq":1,"op":"signup","on":{"k":"a","i":"1"},"who":""}]}`, CloseProtocol, "bad person"},
		{"mutation with a novel", `{"t":"mut","muts":[{"seq":1,"op":"suggest","on":{"k":"a","i":"1"},"who":"p","text":"` + strings.Repeat("x", MaxText+1) + `"}]}`, CloseProtocol, "text of 501 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := DecodeFromDevice([]byte(c.frame))
			require.Error(t, err)
			require.Equal(t, c.code, CodeOf(err))
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "Hemmelig")
		})
	}
}

// Whatever a hub says, people are shown without it for 4 hours at
// least and a week at most, and their data is kept as long as that at least and 90
// days at most.
func TestLeaseThatNoHubGivesIsRefused(t *testing.T) {
	const most = "want 14400 to 604800"
	for _, c := range []struct{ mask, wipe, says string }{
		{"259200", "2592000", ""},
		{"14400", "14400", ""},
		{"604800", "604800", ""},
		{"604800", "7776000", ""},
		{"-1", "2592000", "masks after -1 s, " + most},
		{"0", "2592000", "masks after 0 s, " + most},
		{"14399", "2592000", "masks after 14399 s, " + most},
		{"604801", "2592000", "masks after 604801 s, " + most},
		{"10000000000", "10000000000", "masks after 10000000000 s, " + most}, // more than a time.Duration holds
		{"9223372036854775807", "2592000", "masks after 9223372036854775807 s, " + most},
		{"259200", "259199", "wipes after 259199 s, want 259200, when it masks, to 7776000"},
		{"259200", "0", "wipes after 0 s"},
		{"259200", "-1", "wipes after -1 s"},
		{"259200", "7776001", "wipes after 7776001 s"},
		{"259200", "9223372036854775807", "wipes after 9223372036854775807 s"},
	} {
		lease := `"lease":{"issued_ms":1795000000000,"mask_s":` + c.mask + `,"wipe_s":` + c.wipe + `}}`
		for _, frame := range []string{
			`{"t":"lease",` + lease,
			`{"t":"welcome","session":"s","board":{"id":"b","epoch":"e","rev":1},"schema":1,"last_seq":0,"ping_s":25,` + lease,
		} {
			m, err := DecodeFromHub([]byte(frame))
			if c.says == "" {
				require.NoError(t, err, frame)
				continue
			}
			require.Nil(t, m)
			require.ErrorContains(t, err, c.says)
			require.Equal(t, CloseProtocol, CodeOf(err))
		}
	}
	for _, frame := range []string{`{"t":"lease"}`, `{"t":"lease","lease":{}}`, `{"t":"welcome"}`} {
		_, err := DecodeFromHub([]byte(frame))
		require.ErrorIs(t, err, ErrProtocol, frame)
	}
}

// A row that cannot be is named by its place, and the rest is not read.
func TestBadRowIsNamedByItsPlace(t *testing.T) {
	_, err := Ops([]RowOp{{Kind: "person", ID: "x", Delete: true}, {Kind: "person", ID: "y"}})
	require.EqualError(t, err, "op 1: row person y: no value")
}

// What is written of a position is read again; one without a sum has none, and a
// sum that is no sum is a mistake.
func TestPositionsComeBack(t *testing.T) {
	p := record.Position{Epoch: "00000000000000a1", Rev: 1 << 60, Sum: 1<<64 - 1}
	back, err := AtOf(p).Position()
	require.NoError(t, err)
	require.Equal(t, p, back)
	back, err = At{Epoch: "e", Rev: 7}.Position()
	require.NoError(t, err)
	require.Equal(t, record.Position{Epoch: "e", Rev: 7}, back)
	_, err = At{Epoch: "e", Rev: 7, Sum: "7"}.Position()
	require.Error(t, err)
}

// A lease counts in seconds, by the hub's clock.
func TestLeaseSaysHowLong(t *testing.T) {
	l := Lease{IssuedMS: 1_795_000_000_123, MaskS: 72 * 3600, WipeS: 30 * 86400}
	require.Equal(t, "2026-11-18T11:06:40.123Z", l.Issued().UTC().Format("2006-01-02T15:04:05.000Z07:00"))
	require.Equal(t, 72*time.Hour, l.Mask())
	require.Equal(t, 30*24*time.Hour, l.Wipe())
}

// A screen knows its hub by this, so it must not change.
func TestPinIsTheHashOfTheKey(t *testing.T) {
	require.Equal(t, "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", Pin(nil))
	require.NotEqual(t, Pin([]byte("a")), Pin([]byte("b")))
}

// A change is a fact, or that it is gone; of a kind nobody here knows it is gone,
// too.
func TestChangesAreFactsOrTheirEnd(t *testing.T) {
	key := record.Key{Kind: record.KindPerson, ID: "p"}
	c, err := DecodeChange(record.Op{Row: record.Row{Key: key, Body: []byte(`{"kind":"resident"}`)}})
	require.NoError(t, err)
	require.Equal(t, record.Person{ID: "p", Kind: record.Resident}, c.Fact)
	c, err = DecodeChange(record.Op{Row: record.Row{Key: key}, Delete: true})
	require.NoError(t, err)
	require.Equal(t, record.Change{Key: key}, c)
	_, err = DecodeChange(record.Op{Row: record.Row{Key: key, Body: []byte(`[]`)}})
	require.ErrorContains(t, err, "row person p")
}

func TestUnknownMembersAreIgnored(t *testing.T) {
	m, err := DecodeFromHub([]byte(`{"t":"time","hub_ms":5,"future":{"x":[1]}}`))
	require.NoError(t, err)
	require.Equal(t, &Time{HubMS: 5}, m)
}

// A bomb is not inflated.
func TestInflateIsBounded(t *testing.T) {
	small := []byte(`{"t":"time","hub_ms":5}`)
	back, err := Inflate(Compress(small))
	require.NoError(t, err)
	require.Equal(t, small, back)
	_, err = Inflate(Compress(bytes.Repeat([]byte("x"), MaxInflated+1)))
	require.ErrorIs(t, err, ErrTooBig)
	_, err = Inflate([]byte("not gzip"))
	require.ErrorIs(t, err, ErrProtocol)
	whole := Compress(small)
	_, err = Inflate(whole[:len(whole)-4])
	require.ErrorIs(t, err, ErrProtocol)
}

func TestRowOperationsAreChecked(t *testing.T) {
	for _, o := range []RowOp{
		{Kind: "", ID: "x", Delete: true},
		{Kind: "person", ID: "", Delete: true},
		{Kind: "person", ID: strings.Repeat("x", 41), Delete: true},
		{Kind: "averylongkindofrow", ID: "x", Delete: true},
		{Kind: "person", ID: "x"},
		{Kind: "person", ID: "x", Value: json.RawMessage(`"no object"`)},
		{Kind: "person", ID: "x", Value: json.RawMessage(`{}`), Delete: true},
	} {
		_, err := o.Op()
		require.Error(t, err, "%+v", o)
	}
	ops, err := Ops([]RowOp{{Kind: "person", ID: "x", Value: json.RawMessage(`{}`)}})
	require.NoError(t, err)
	require.Equal(t, RowOp{Kind: "person", ID: "x", Value: json.RawMessage(`{}`)}, OpOf(ops[0]))
}

// The bytes the hub hashed are the bytes the screen stores, whatever stands in
// them.
func TestRowBytesPassUntouched(t *testing.T) {
	row, err := EncodeFact(record.Person{ID: "p", Kind: record.Resident, Name: record.NameOf("<Å&ሰላም\u2028>"), Listed: true})
	require.NoError(t, err)
	b, err := Encode(Delta{Epoch: "e", Rev: 1, Ops: []RowOp{OpOf(record.Op{Row: row})}})
	require.NoError(t, err)
	m, err := DecodeFromHub(b)
	require.NoError(t, err)
	ops, err := Ops(m.(*Delta).Ops)
	require.NoError(t, err)
	require.Equal(t, row.Body, ops[0].Body)
	require.Equal(t, row.Hash(), ops[0].Hash())
}

func TestEveryFactComesBack(t *testing.T) {
	when := time.Date(2026, 12, 3, 10, 24, 0, 0, time.FixedZone("", 3600))
	crowd := record.Participants{Who: []record.PersonID{"p1"}, Waiting: []record.PersonID{"p2"}, More: 2, Exact: true, Limit: 8, Left: record.PlacesFew}
	for _, f := range []record.Fact{
		record.House{Name: record.Text{"da": "Huset"}, Zone: "Europe/Oslo", Langs: []record.Lang{"nb"}, Modules: []record.Module{record.ModuleMeals}, Exact: true, Contact: "x", Weekdays: true},
		record.Person{ID: "p1", Kind: record.Staff, Name: record.NameOf("Åse"), Photo: "sha256-a", Mark: "owl", Role: record.Text{"da": "Vikar"}, SignUp: true, Listed: true, Until: when},
		record.Activity{
			ID: "a1", Title: record.Text{"da": "Tur"}, Place: record.Text{"da": "Søen"}, Picto: "boot", Picture: "sha256-b", Starts: when, Ends: when, Deadline: when,
			Bring: []record.Item{{Title: record.Text{"da": "Tøj"}, Picto: "coat"}}, Price: 40, Leaders: []record.PersonID{"s1"}, Status: record.Cancelled, SignUp: true, Participants: crowd,
		},
		record.Activity{ID: "a2", Starts: when, Status: record.Planned},
		record.Meal{ID: "m1", Kind: record.Dinner, Served: when, Deadline: when, Dish: record.Dish{Title: record.Text{"da": "Fisk"}, Allergens: []string{"fish"}}, Alternative: &record.Alternative{Dish: record.Dish{Title: record.Text{"da": "Bønner"}, Diet: []string{"vegan"}}}, Picto: "fish", Cook: "p1", Auto: []record.PersonID{"p1"}, Participants: crowd},
		record.Shift{ID: "v1", Type: "day", Label: record.Text{"da": "Dag"}, From: when, To: when, Person: "s1", Role: record.Text{"da": "Leder"}},
		record.News{ID: "n1", Title: record.Text{"da": "Nyt"}, Text: record.Text{"da": "x"}, Picto: "house", Picture: "sha256-c", Published: when, Expires: when, Pinned: true},
		record.Meeting{
			ID: "g1", Title: record.Text{"da": "Husmøde"}, Place: record.Text{"da": "Stuen"}, Starts: when, Ends: when, Chair: "p2", Secretary: "s1", SignUp: true,
			Agenda: []record.AgendaItem{{Number: 1, Title: record.Text{"da": "Mad"}, Picto: "bread", By: "p2", Proposal: "f1"}}, Participants: crowd,
		},
		record.Proposal{ID: "f1", Meeting: "g1", Number: 1, Text: record.Text{"da": "Kage"}, Picto: "cake", By: "p2", Participants: crowd},
		record.Resource{ID: "r1", Title: record.Text{"da": "Bus"}, Picto: "bus", Slots: []record.Slot{{From: 480, To: 600}}, SignUp: true},
		record.Booking{ID: "b1", Resource: "r1", From: when, To: when, Who: "p2"},
		record.Group{ID: "h1", Title: record.Text{"da": "Kor"}, Picto: "microphone", SignUp: true, Participants: crowd},
	} {
		row, err := EncodeFact(f)
		require.NoError(t, err)
		require.NotContains(t, string(row.Body), "\n")
		back, err := DecodeRow(row)
		require.NoError(t, err)
		require.IsType(t, f, back)
		again, err := EncodeFact(back)
		require.NoError(t, err)
		require.Equal(t, row.Body, again.Body, "names, which do not print, included")
	}
	future, err := DecodeRow(record.Row{Key: record.Key{Kind: "future", ID: "x"}, Body: []byte(`{}`)})
	require.NoError(t, err)
	require.Nil(t, future)
	_, err = DecodeRow(record.Row{Key: record.Key{Kind: record.KindPerson, ID: "x"}, Body: []byte(`{"name":{"first":"Hemmelig"}}`)})
	require.ErrorContains(t, err, `"name"`)
	require.NotContains(t, err.Error(), "Hemmelig")
}

func TestProofsCannotBeShifted(t *testing.T) {
	require.NotEqual(t, HelloProof("n", "host", "ab", "c"), HelloProof("n", "host", "a", "bc"))
	require.NotEqual(t, HelloProof("n", "hub-a", "d", "i"), HelloProof("n", "hub-b", "d", "i"))
	require.Equal(t, HelloProof("n", "hub.example", "D", "I"), HelloProof("n", "Hub.Example", "D", "I"), "a host is the same however it is written")
	require.NotEqual(t, HelloProof("n", "hub.example", "D", "I"), HelloProof("n", "hub.example", "d", "I"))
}

// What is signed as one thing is not believed as another, and nobody has signed
// anything.
func TestSignatureIsOfOneThing(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	public := key.Public().(ed25519.PublicKey)
	sig := ed25519.Sign(key, SignedBytes("tavle-x-1", "a", "b"))
	require.True(t, VerifySigned(public, sig, "tavle-x-1", "a", "b"))
	for _, parts := range [][]string{{"tavle-x-2", "a", "b"}, {"tavle-x-1", "ab"}, {"tavle-x-1", "a", "b", ""}, {"tavle-x-1", "b", "a"}, {"tavle-x-1"}} {
		require.False(t, VerifySigned(public, sig, parts[0], parts[1:]...), "%q", parts)
	}
	require.False(t, VerifySigned(public, nil, "tavle-x-1", "a", "b"))
	require.False(t, VerifySigned(nil, sig, "tavle-x-1", "a", "b"))
	require.False(t, VerifySigned(public[:31], sig, "tavle-x-1", "a", "b"))
}

func TestCloseCodesSayWhenToComeBack(t *testing.T) {
	for code, want := range map[CloseCode]time.Duration{
		CloseGoingAway: 0, CloseRestart: 0, CloseTryLater: 0, CloseTooSlow: 0, CloseMoved: 0, 4999: 0,
		CloseProtocol: 5 * time.Minute, CloseUnknown: 15 * time.Minute, CloseReplaced: 30 * time.Second,
		CloseVersion: time.Hour, CloseRate: time.Minute,
	} {
		require.Equal(t, want, code.RetryFloor(), code.String())
	}
}

func FuzzDecodeFromDevice(f *testing.F) { fuzzDecode(f, fromDevice, DecodeFromDevice) }
func FuzzDecodeFromHub(f *testing.F) {
	for _, l := range []Lease{{}, {1795000000000, -1, 2592000, ""}, {1795000000000, 10_000_000_000, 1, "?"}, {1 << 62, 259200, 2592000, ""}} {
		b, _ := Encode(LeaseRenewal{Lease: l})
		f.Add(b)
	}
	fuzzDecode(f, fromHub, DecodeFromHub)
}

// fuzzDecode: never a panic; what decodes encodes to something that decodes to
// the same.
func fuzzDecode(f *testing.F, seeds []Message, decode func([]byte) (Message, error)) {
	for _, m := range seeds {
		b, _ := Encode(m)
		f.Add(b)
	}
	for _, m := range golden {
		b, _ := Encode(m)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decode(b)
		if err != nil {
			return
		}
		if _, unknown := m.(Unknown); unknown {
			return
		}
		again, err := Encode(m)
		if err != nil {
			t.Skip() // a raw value the encoder compacts and refuses
		}
		back, err := decode(again)
		if err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		third, err := Encode(back)
		if err != nil || !bytes.Equal(again, third) {
			t.Fatalf("%s became %s (%v)", again, third, err)
		}
	})
}

func FuzzDecodeRow(f *testing.F) {
	for _, kind := range []record.Kind{record.KindHouse, record.KindPerson, record.KindActivity, record.KindMeal, record.KindShift, record.KindNews, record.KindAlbum, record.KindDocument, record.KindVideo, record.KindWeather, record.KindPresence, record.KindPoll} {
		f.Add(string(kind), []byte(`{"title":{"da":"x"},"starts":"2026-12-03T10:00:00+01:00","who":["p"]}`))
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		fact, err := DecodeRow(record.Row{Key: record.Key{Kind: record.Kind(kind), ID: "x"}, Body: body})
		if err != nil || fact == nil {
			return
		}
		row, err := EncodeFact(fact)
		if err != nil {
			t.Skip() // a year that JSON cannot write
		}
		back, err := DecodeRow(row)
		if err != nil {
			t.Fatalf("%s: %v", row.Body, err)
		}
		if again, err := EncodeFact(back); err != nil || !bytes.Equal(row.Body, again.Body) {
			t.Fatalf("%s became %s (%v)", row.Body, again.Body, err)
		}
	})
}

// Whatever a binary message holds, no more than the limit is inflated; and what
// was compressed comes back.
func FuzzInflate(f *testing.F) {
	f.Add([]byte(`{"t":"time"}`))
	f.Add(Compress([]byte(`{"t":"time"}`)))
	f.Add(Compress(bytes.Repeat([]byte("x"), MaxInflated+1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		if out, err := Inflate(b); len(out) > MaxInflated || err != nil && out != nil {
			t.Fatalf("%d bytes, %v", len(out), err)
		}
		if back, err := Inflate(Compress(b)); len(b) <= MaxInflated && (err != nil || !bytes.Equal(b, back)) {
			t.Fatalf("%d bytes became %d, %v", len(b), len(back), err)
		}
	})
}

func BenchmarkSnapshot(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	var rows []RowOp
	for i := range 232 { // 60 people, 60 activities, 28 meals, 84 shifts
		row, err := EncodeFact(record.Activity{
			ID: record.ActivityID(fmt.Sprint("a", i)), Title: record.Text{"da": "Gåtur ved søen", "nb": "Tur ved vannet"}, Starts: time.Unix(int64(r.Uint32()), 0).UTC(),
			Participants: record.Participants{Who: []record.PersonID{"p1", "p2", "p3"}},
		})
		if err != nil {
			b.Fatal(err)
		}
		rows = append(rows, OpOf(record.Op{Row: row}))
	}
	m := Snap{Epoch: "00000000000000a1", Rev: 1, Last: true, Rows: rows}
	b.Run("encode/232rows", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			raw, _ := Encode(m)
			b.ReportMetric(float64(len(raw)), "bytes")
		}
	})
	raw, _ := Encode(m)
	b.Run("decode/232rows", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = DecodeFromHub(raw)
		}
	})
}

// What a screen says of its health is kept within what a screen can be, and is no
// reason to lose it.
func TestHealthIsBounded(t *testing.T) {
	fine := Stat{Outbox: 3, TempC: -5.5, DiskFreeMB: 20480, MemoryMB: 92, UptimeS: 86400, Late: 4, ClockOffS: -3600, Secret: "tpm2"}
	require.Equal(t, fine, fine.Bounded())
	require.Zero(t, Stat{Outbox: -1, AssetsMissing: -1, TempC: 1e300, DiskFreeMB: -1, MemoryMB: -1, UptimeS: -1, Late: -1, Secret: "Anna"}.Bounded())
	most := Stat{Outbox: math.MaxInt, DiskFreeMB: math.MaxInt64, ClockOffS: math.MinInt64}.Bounded()
	require.Equal(t, Stat{Outbox: maxCount, DiskFreeMB: maxMB, ClockOffS: -maxSeconds}, most)
}
