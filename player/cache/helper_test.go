package cache

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A testScreen is one screen's folder and what surrounds it.
type testScreen struct {
	t      testing.TB
	dir    string
	secret seal.Provider
	probe  func(string) error
	step   func(string) error
	now    func() time.Time
	log    bytes.Buffer
	logMu  sync.Mutex
}

func (s *testScreen) Write(b []byte) (int, error) {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	return s.log.Write(b)
}

func (s *testScreen) logged() string {
	s.logMu.Lock()
	defer s.logMu.Unlock()
	return s.log.String()
}

func newScreen(t testing.TB) *testScreen {
	t.Helper()
	k, err := seal.NewKey(rand.Reader)
	require.NoError(t, err)
	return &testScreen{t: t, dir: filepath.Join(t.TempDir(), "cache"), secret: seal.NewInMemory(k)}
}

// again returns a screen with the same secret and a copy of the folder.
func (s *testScreen) again() *testScreen {
	s.t.Helper()
	dir := filepath.Join(s.t.TempDir(), "cache")
	require.NoError(s.t, os.CopyFS(dir, os.DirFS(s.dir)))
	return &testScreen{t: s.t, dir: dir, secret: s.secret, probe: s.probe}
}

func (s *testScreen) options() Options {
	return Options{
		Dir: s.dir, Secret: s.secret, Probe: s.probe, Now: s.now, step: s.step,
		Log: slog.New(slog.NewTextHandler(s, nil)),
	}
}

func (s *testScreen) open() *Cache {
	s.t.Helper()
	c, err := Open(s.options())
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = c.Close() })
	return c
}

func (s *testScreen) path(name string) string { return filepath.Join(s.dir, name) }

func (s *testScreen) read(name string) []byte {
	s.t.Helper()
	b, err := os.ReadFile(s.path(name))
	require.NoError(s.t, err)
	return b
}

func (s *testScreen) put(name string, b []byte) {
	s.t.Helper()
	require.NoError(s.t, os.WriteFile(s.path(name), b, 0o600))
}

// A house is what a hub would know: rows by key, and where its feed stands. It
// makes deltas and snapshots with the sums the protocol demands.
type house struct {
	t    testing.TB
	rows map[record.Key]record.Row
	at   record.Position
}

func newHouse(t testing.TB) *house {
	return &house{t: t, rows: map[record.Key]record.Row{}, at: record.Position{Epoch: "00000000000000e1"}}
}

func encode(t testing.TB, f record.Fact) record.Row {
	t.Helper()
	r, err := wire.EncodeFact(f)
	require.NoError(t, err)
	return r
}

// set makes facts and deletions the house's own and returns them as a delta.
func (h *house) set(facts []record.Fact, gone ...record.Key) ([]record.Op, record.Position) {
	h.t.Helper()
	var ops []record.Op
	for _, f := range facts {
		r := encode(h.t, f)
		if old, ok := h.rows[r.Key]; ok {
			h.at.Sum = h.at.Sum.Sub(old.Hash())
		}
		h.rows[r.Key] = r
		h.at.Sum = h.at.Sum.Add(r.Hash())
		ops = append(ops, record.Op{Row: r})
	}
	for _, k := range gone {
		if old, ok := h.rows[k]; ok {
			h.at.Sum = h.at.Sum.Sub(old.Hash())
			delete(h.rows, k)
		}
		ops = append(ops, record.Op{Row: record.Row{Key: k}, Delete: true})
	}
	h.at.Rev++
	return ops, h.at
}

// snapshot returns everything.
func (h *house) snapshot() ([]record.Op, record.Position) {
	ops := make([]record.Op, 0, len(h.rows))
	for _, r := range h.rows {
		ops = append(ops, record.Op{Row: r})
	}
	return ops, h.at
}

// tell applies a delta.
func (h *house) tell(c *Cache, facts []record.Fact, gone ...record.Key) {
	h.t.Helper()
	ops, at := h.set(facts, gone...)
	require.NoError(h.t, c.Apply(ops, at, false))
}

// tellAll applies a snapshot.
func (h *house) tellAll(c *Cache) {
	h.t.Helper()
	ops, at := h.snapshot()
	require.NoError(h.t, c.Apply(ops, at, true))
}

// requireShows checks that the cache says exactly what the house does.
func (h *house) requireShows(c *Cache) {
	h.t.Helper()
	st := c.Stored()
	require.Equal(h.t, h.at, st.At)
	require.Equal(h.t, stateOK, st.Store)
	require.Len(h.t, st.Hashes, len(h.rows))
	var changes []record.Change
	for k, r := range h.rows {
		require.Equal(h.t, r.Hash(), st.Hashes[k])
		change, err := wire.DecodeChange(record.Op{Row: r})
		require.NoError(h.t, err)
		changes = append(changes, change)
	}
	require.Equal(h.t, normal((*record.Facts)(nil).With(h.at, changes)), normal(c.Facts()))
}

// normal returns f with nil for every empty map: which of the two there is
// depends on what was there before.
func normal(f *record.Facts) record.Facts {
	n := *f
	if len(n.People) == 0 {
		n.People = nil
	}
	if len(n.Activities) == 0 {
		n.Activities = nil
	}
	if len(n.Meals) == 0 {
		n.Meals = nil
	}
	if len(n.Shifts) == 0 {
		n.Shifts = nil
	}
	if len(n.News) == 0 {
		n.News = nil
	}
	if len(n.Albums) == 0 {
		n.Albums = nil
	}
	if len(n.Documents) == 0 {
		n.Documents = nil
	}
	if len(n.Videos) == 0 {
		n.Videos = nil
	}
	if len(n.Weather) == 0 {
		n.Weather = nil
	}
	return n
}

// photoOf returns picture bytes and the name they have.
func photoOf(text string) ([]byte, record.AssetID) {
	b := []byte("\xff\xd8\xff\xe0 " + text)
	sum := sha256.Sum256(b)
	return b, record.AssetID("sha256-" + hex.EncodeToString(sum[:]))
}

func personNamed(id, name string, photo record.AssetID) record.Person {
	return record.Person{
		ID: record.PersonID(id), Kind: record.Resident, Name: record.NameOf(name), Photo: photo, SignUp: true, Listed: true,
	}
}

func personKey(id string) record.Key { return record.Key{Kind: record.KindPerson, ID: id} }

func activityWith(id, title string, who ...record.PersonID) record.Activity {
	return record.Activity{
		ID: record.ActivityID(id), Title: record.Text{"da": title}, Starts: time.Date(2026, 12, 3, 10, 0, 0, 0, time.UTC),
		Status: record.Planned, SignUp: true, Participants: record.Participants{Who: who},
	}
}

func signUp(who, on string) wire.Mutation {
	return wire.Mutation{Op: wire.OpSignUp, On: wire.RowKey{Kind: record.KindActivity, ID: on}, Who: record.PersonID(who)}
}

// furnish fills a house with people, activities and news.
func (h *house) furnish(people, others int) []record.Fact {
	facts := []record.Fact{record.House{Name: record.Text{"da": "Måneskinshuset"}, Zone: "Europe/Copenhagen", Langs: []record.Lang{"da"}}}
	for i := range people {
		_, photo := photoOf(fmt.Sprint("portrait ", i))
		facts = append(facts, personNamed(fmt.Sprintf("p%04d", i), fmt.Sprintf("Beboer-%04d", i), photo))
	}
	for i := range others {
		facts = append(facts, activityWith(fmt.Sprintf("a%04d", i), fmt.Sprintf("Gåtur %d", i), "p0001", "p0002"))
	}
	return facts
}

// files returns every file under the folder but the lock, by relative path.
func (s *testScreen) files() map[string][]byte {
	s.t.Helper()
	all := map[string][]byte{}
	require.NoError(s.t, filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, s.dir+"/")] = b
		return err
	}))
	return all
}

var errInjected = errors.New("injected")

// failAt returns a step that fails once, at that name.
func failAt(name string) func(string) error {
	done := false
	return func(at string) error {
		if at == name && !done {
			done = true
			return errInjected
		}
		return nil
	}
}

func (s *testScreen) remove(name string) {
	s.t.Helper()
	require.NoError(s.t, os.Remove(s.path(name)))
}

// editFile changes the cache file of a closed screen as somebody could who has
// the card and no key.
func (s *testScreen) editFile(edit func(tx *bolt.Tx)) {
	s.t.Helper()
	db, err := bolt.Open(s.path(boardFile), 0o600, &bolt.Options{Timeout: time.Second})
	require.NoError(s.t, err)
	require.NoError(s.t, db.Update(func(tx *bolt.Tx) error { edit(tx); return nil }))
	require.NoError(s.t, db.Close())
}

// rowsOf returns what stands in a bucket of a cache file.
func rowsOf(t *testing.T, file []byte, letter byte) map[string][]byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, file, 0o600))
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second})
	require.NoError(t, err)
	defer db.Close() //nolint:errcheck // a test
	rows := map[string][]byte{}
	require.NoError(t, db.View(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte{letter}).ForEach(func(k, v []byte) error {
			rows[string(k)] = append([]byte(nil), v...)
			return nil
		})
	}))
	return rows
}
