package cache

import (
	"bytes"
	"encoding/json"
	"testing"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// zeroReader makes fuzz seeds the same every time.
type fixedReader struct{}

func (fixedReader) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 7
	}
	return len(b), nil
}

// FuzzOutbox reads a file of frames, some of which open, some of which do not,
// and notes that say anything. It must never panic, and always end with numbers
// a session can use.
func FuzzOutbox(f *testing.F) {
	key, _ := seal.NewKey(fixedReader{})
	id := seal.ID{7}
	frame := func(gen, index uint64, payload []byte) []byte {
		b, err := sealFrame(key, id, gen, index, payload, fixedReader{})
		if err != nil {
			return nil
		}
		return b
	}
	notes := func(list ...note) []byte {
		b, _ := json.Marshal(list)
		return b
	}
	m := signUp("eva", "a1")
	m.Seq = 1
	f.Add(notes(
		note{Op: noteBegin, Inst: "i", Next: 1}, note{Op: noteAdd, Inst: "i", Next: 2, Mutation: &m},
		note{Op: noteSettle, Inst: "i", Next: 2, Results: []wire.Result{{Seq: 1}}}, note{Op: noteReopen, Inst: "i", Next: 2},
		note{Op: noteForget, Inst: "i", Next: 2, Seq: 2}, note{Op: noteRenew, Inst: "j", Next: 1},
	), uint16(0), byte(0), uint16(0))
	f.Add([]byte(`[{"op":"add","inst":"i","next":18446744073709551615,"mut":{"seq":18446744073709551615}}]`), uint16(700), byte(1), uint16(0))
	f.Add([]byte(`[{"op":"add"},{"op":"keep","results":[{}]},{"op":"forget","seq":9}]`), uint16(520), byte(255), uint16(900))
	f.Fuzz(func(t *testing.T, notes []byte, hit uint16, with byte, cut uint16) {
		var list []json.RawMessage
		if json.Unmarshal(notes, &list) != nil {
			list = []json.RawMessage{notes}
		}
		file := make([]byte, headSize)
		for i, n := range list {
			file = append(file, frame(1, uint64(i), n)...)
		}
		if int(hit) < len(file) {
			file[hit] ^= with
		}
		if cut > 0 && int(cut) < len(file) {
			file = file[:cut]
		}
		j, _ := replay(key, id, file)
		if j.inst == "" || !j.whole() {
			j.renew("new")
			j.gap = false
		}
		if !j.whole() || j.next == 0 {
			t.Fatalf("not usable: next %d, %d entries from %d", j.next, len(j.entries), j.oldest())
		}
		for i, e := range j.entries {
			if e.Seq != j.oldest()+uint64(i) {
				t.Fatalf("entry %d has number %d", i, e.Seq)
			}
		}
	})
}

// FuzzRow takes apart what may lie inside a sealed row.
func FuzzRow(f *testing.F) {
	b, _ := packRow(record.Row{Key: personKey("eva"), Body: []byte(`{"kind":"resident","name":"E"}`)})
	f.Add(b)
	f.Add([]byte{255})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := unpackRow(b)
		if err != nil {
			return
		}
		again, err := packRow(r)
		if err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%x became %x", b, again)
		}
		_, _ = wire.DecodeChange(record.Op{Row: r})
	})
}
