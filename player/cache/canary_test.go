package cache

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/wire"
)

// canaries are texts nobody writes by chance.
type canaries map[string][]byte

func (c canaries) add(texts ...string) {
	for _, t := range texts {
		c[t] = []byte(t)
	}
}

// forms returns what a text looks like in the encodings a file may hold it in.
func forms(b []byte) map[string][]byte {
	f := map[string][]byte{
		"utf-8": b, "hex": []byte(hex.EncodeToString(b)), "HEX": bytes.ToUpper([]byte(hex.EncodeToString(b))),
	}
	var le, be []byte
	for _, u := range utf16.Encode([]rune(string(b))) {
		le = append(le, byte(u), byte(u>>8))
		be = append(be, byte(u>>8), byte(u))
	}
	f["utf-16le"], f["utf-16be"] = le, be
	for shift := range 3 { // base64 of the text wherever it begins in its line
		enc := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), b...))
		first := (shift*8 + 5) / 6 // the characters the shift reaches into
		core := enc[first : len(enc)-1]
		f["base64+"+string(rune('0'+shift))] = []byte(core)
		f["base64url+"+string(rune('0'+shift))] = []byte(strings.NewReplacer("+", "-", "/", "_").Replace(core))
	}
	return f
}

// requireAbsent checks that no canary stands in any form in any file, file name
// or log line.
func (c canaries) requireAbsent(t *testing.T, after string, s *testScreen) {
	t.Helper()
	files := s.files()
	files["the log"] = []byte(s.logged())
	for text, raw := range c {
		for form, b := range forms(raw) {
			for name, content := range files {
				require.False(t, bytes.Contains(content, b), "after %s: %q in %s in %s", after, text, form, name)
				require.NotContains(t, name, string(b), "after %s: name of a file", after)
			}
		}
	}
}

// Nothing in the folder can be read: no name, alias, title, text, ID or photo,
// in any encoding, after any operation. (Issue 2, item 3.)
func TestNoCanaryInAnyFile(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	seen := canaries{}
	check := func(after string) {
		t.Helper()
		seen.requireAbsent(t, after, s)
	}
	picture, pid := photoOf("Kanariefugl-Portræt-Bytes " + strings.Repeat("Zq7#", 300))
	_, pid2 := photoOf("another")
	seen.add("Zebulon-Kanarius", "Qvistgaardine", "ålborg-Øst-Æske", "Dronningedans", "Lindormespillet", "pers-kanarie-77",
		"akt-kanarie-88", "Zq7#Zq7#Zq7#", "Kanariehuset", string(pid), string(pid2), "tekst-kanarie-forslag",
		"Kanariebestyrelsen", "Forslagskanarie", "Kanariekoret", "Kanariemaskinen", "Kanariebladet", "Filmkanarie", "ressource-kanarie-99",
		"mærke-kanarie-11", "kode-kanarie-22", "nøgle-kanarie-33", string(record.TagKey("nøgle-kanarie-33").Tag("0451-KANARIE")), "0451KANARIE")

	known := personNamed("pers-kanarie-77", "Zebulon-Kanarius", pid)
	known.Code, known.Open = record.NewPictureCode([]byte("kode-kanarie-22!"), [3]int8{4, 7, 1}), record.Choices
	known.Tag = record.TagKey("nøgle-kanarie-33").Tag("0451-KANARIE")
	seen.add(strings.Split(string(known.Code), "$")[1:]...)
	from := time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)
	facts := []record.Fact{
		record.House{Name: record.Text{"da": "Kanariehuset"}, Contact: "Lindormespillet", TagKey: "nøgle-kanarie-33"},
		known,
		personNamed("p2", "Qvistgaardine", pid2),
		activityWith("akt-kanarie-88", "Dronningedans", "pers-kanarie-77"),
		record.News{ID: "n1", Title: record.Text{"da": "Lindormespillet"}, Text: record.Text{"nb": "ålborg-Øst-Æske"}},
		record.Meeting{ID: "g1", Title: record.Text{"da": "Kanariebestyrelsen"}, Starts: from, Ends: from.Add(time.Hour), Chair: "pers-kanarie-77"},
		record.Proposal{ID: "q1", Meeting: "g1", Number: 1, Text: record.Text{"da": "Forslagskanarie"}, By: "pers-kanarie-77"},
		record.Group{ID: "h1", Title: record.Text{"da": "Kanariekoret"}, Participants: record.Participants{Who: []record.PersonID{"pers-kanarie-77"}}},
		record.Resource{ID: "ressource-kanarie-99", Title: record.Text{"da": "Kanariemaskinen"}},
		record.Booking{ID: "b1", Resource: "ressource-kanarie-99", From: from, To: from.Add(time.Hour), Who: "pers-kanarie-77"},
		record.Document{ID: "d1", Title: record.Text{"da": "Kanariebladet"}, Pages: []record.Page{{Text: record.Text{"da": "ålborg-Øst-Æske"}}}},
		record.Video{ID: "v1", Title: record.Text{"da": "Filmkanarie"}, Cues: []record.Cue{{From: 0, To: 9, Text: record.Text{"da": "ålborg-Øst-Æske"}}}},
	}
	h.tell(c, facts)
	check("the first delta")
	require.NoError(t, c.PutPhoto(pid, picture))
	check("a photo")
	m := signUp("pers-kanarie-77", "akt-kanarie-88")
	m.Text = "tekst-kanarie-forslag"
	m, err := c.Enqueue(m)
	require.NoError(t, err)
	check("a touch")
	require.NoError(t, c.Settle([]wire.Result{{Seq: m.Seq, Outcome: wire.Accepted}}))
	check("an answer")
	for _, m := range []wire.Mutation{
		{Op: wire.OpPropose, On: wire.RowKey{Kind: record.KindMeeting, ID: "g1"}, Who: "pers-kanarie-77", Text: "tekst-kanarie-forslag", Lang: "da"},
		{Op: wire.OpTighten, On: wire.RowKey{Kind: record.KindPerson, ID: "pers-kanarie-77"}, Who: "pers-kanarie-77", Text: string(record.ChoicePhoto)},
		{Op: wire.OpSignUp, On: wire.RowKey(record.SlotKey("ressource-kanarie-99", from)), Who: "pers-kanarie-77"},
	} {
		_, err = c.Enqueue(m)
		require.NoError(t, err)
	}
	check("words, a wish and a booking")
	require.NoError(t, c.Reopen(0))
	_, _, _, err = c.Reinstall()
	require.NoError(t, err)
	_, err = c.Forget(time.Now())
	require.NoError(t, err)
	check("journal work")
	require.NoError(t, c.SetLease(wire.Lease{IssuedMS: 1, MaskS: 2, WipeS: 3}, time.Now()))
	require.NoError(t, c.SetClock(Clock{Seen: time.Now()}))
	require.NoError(t, c.SetTries([]Tries{{"pers-kanarie-77", 5, time.Minute}}))
	check("wrong picture codes")
	h.tell(c, []record.Fact{personNamed("p2", "Zebulon-Kanarius", "")})
	check("an alias change")
	h.tell(c, nil, personKey("pers-kanarie-77"))
	check("an erasure")
	h.at.Rev++
	h.tellAll(c)
	check("a snapshot")
	require.NoError(t, c.Close())
	c = s.open()
	h.requireShows(c)
	check("a restart")
	require.NoError(t, c.Expire())
	check("the lease's end")
	h.tellAll(c)
	require.NoError(t, c.Close())
	s.put(boardFile, s.read(boardFile)[:5000])
	s.probe = probeChild(t)
	c = s.open()
	check("a damaged file was set aside")
	h.tellAll(c)
	require.NoError(t, c.Wipe())
	check("a wipe")
}

// The search above finds what is there: each form of a text in a file.
func TestCanarySearchFindsEveryForm(t *testing.T) {
	for form, b := range forms([]byte("Zebulon-Kanarius")) {
		hay := append([]byte("....."), b...)
		require.True(t, bytes.Contains(append(hay, "....."...), b), form)
	}
	for shift := range 5 {
		enc := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + "Zebulon-Kanarius og flere"))
		found := false
		for form, b := range forms([]byte("Zebulon-Kanarius")) {
			found = found || strings.HasPrefix(form, "base64") && strings.Contains(enc, string(b))
		}
		require.True(t, found, "shift %d", shift)
	}
}
