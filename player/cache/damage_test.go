package cache

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	bolt "go.etcd.io/bbolt"

	"tavle/sync/record"
)

// R: whatever happens to the bytes of the cache file, the screen opens, shows
// nothing that was taken back and nothing the hub never said, keeps every
// touch, and is whole again after one snapshot. (Issue 2, "Bad input": of such
// damages two in three kill the process that reads the file, and
// one in a thousand brings back the transaction before, unnoticed.)
func TestDamagedCacheFile(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	s.probe = probeChild(t)
	c := s.open()
	h.tell(c, h.furnish(12, 60))
	for i := range 6 {
		h.tell(c, []record.Fact{activityWith("a0001", fmt.Sprint("Bowling ", i))})
	}
	_, err := c.Enqueue(signUp("p0001", "a0001"))
	require.NoError(t, err)
	require.NoError(t, c.Renew()) // or the erasure would bring a new file, which has nothing older
	// The last thing that happened is that somebody was taken back: a file that
	// opens one transaction older would show them.
	h.tell(c, []record.Fact{personNamed("p0003", "Alias", "")}, personKey("p0002"))
	require.NoError(t, c.Close())
	file := s.read(boardFile)

	seed := uint64(0x7a71e)
	t.Logf("seed %#x, file of %d bytes", seed, len(file))
	rnd := rand.New(rand.NewPCG(seed, 1))
	tally := map[string]int{}
	check := func(what string, damaged []byte) {
		if bytes.Equal(damaged, file) {
			return
		}
		s2 := s.again()
		defer os.RemoveAll(filepath.Dir(s2.dir)) //nolint:errcheck // a temporary folder
		s2.put(boardFile, damaged)
		c, err := Open(s2.options())
		require.NoError(t, err, what)
		defer c.Close() //nolint:errcheck // a test
		st, facts := c.Stored(), c.Facts()
		require.NotContains(t, facts.People, record.PersonID("p0002"), what)
		if p, ok := facts.People["p0003"]; ok {
			require.Equal(t, "Alias", p.Name.Reveal(), what)
		}
		require.Len(t, st.Outbox, 1, what)
		if st.Store == stateOK {
			require.Equal(t, h.at, st.At, what)
			require.Len(t, st.Hashes, len(h.rows), what)
			tally["unharmed"]++
		} else {
			require.Equal(t, stateRebuilt, st.Store, what)
			require.Zero(t, st.At, what)
			tally[map[bool]string{true: "set aside", false: "in part"}[len(st.Hashes) == 0]]++
			if strings.Contains(s2.logged(), "reason="+string(refusedOld)) {
				tally["opened older"]++
			}
		}
		for k, hash := range st.Hashes {
			require.Equal(t, h.rows[k].Hash(), hash, what)
		}
		h.tellAll(c)
		h.requireShows(c)
	}

	check("cut in half", file[:len(file)/2])
	check("cut to nothing", nil)
	check("cut to a page", file[:4096])
	check("cut within a page", file[:len(file)-1000])
	check("all zeros", make([]byte, len(file)))
	for page := range len(file) / 4096 {
		damaged := bytes.Clone(file)
		clear(damaged[page*4096:][:4096])
		check(fmt.Sprintf("page %d zeroed", page), damaged)
	}
	for page := range 2 { // of which the newer says what the file is
		damaged := bytes.Clone(file)
		damaged[page*4096+16+56] ^= 1 // in the sum over it
		check(fmt.Sprintf("sum of meta page %d damaged", page), damaged)
	}
	for range 220 {
		damaged := bytes.Clone(file)
		bit := rnd.IntN(8 * len(damaged))
		damaged[bit/8] ^= 1 << (bit % 8)
		check(fmt.Sprintf("bit %d flipped", bit), damaged)
	}
	for range 40 {
		damaged := bytes.Clone(file)
		at := rnd.IntN(len(damaged) / 512)
		for i := range 512 {
			damaged[at*512+i] = byte(rnd.Uint32())
		}
		check(fmt.Sprintf("sector %d garbled", at), damaged)
	}
	t.Log(tally)
	require.NotZero(t, tally["unharmed"])
	require.NotZero(t, tally["set aside"])
	require.NotZero(t, tally["in part"])
	require.NotZero(t, tally["opened older"], "the silent case is among them")
}

// A file that is missing, a folder in its place, or a file of absurd size is
// not our cache.
func TestWhatIsNotACacheFile(t *testing.T) {
	for name, put := range map[string]func(s *testScreen){
		"none":     func(s *testScreen) { s.remove(boardFile) },
		"a folder": func(s *testScreen) { s.remove(boardFile); require.NoError(s.t, os.Mkdir(s.path(boardFile), 0o700)) },
		"huge":     func(s *testScreen) { require.NoError(s.t, os.Truncate(s.path(boardFile), maxFile+1)) },
		"text":     func(s *testScreen) { s.put(boardFile, bytes.Repeat([]byte("text "), 9999)) },
	} {
		t.Run(name, func(t *testing.T) {
			s, h := week(t)
			s.probe = probeChild(t)
			s.put(boardAside, []byte("from the time before"))
			put(s)
			c := s.open()
			require.Equal(t, "rebuilt", c.Stored().Store)
			require.Len(t, c.Outbox(), 1)
			h.tellAll(c)
			require.NoError(t, c.Close())
			h.requireShows(s.open())
		})
	}
}

// A probe that cannot be started is no reason to throw the board away.
func TestProbeThatCannotRunIsNotDamage(t *testing.T) {
	s, h := week(t)
	s.probe = ProbeBy("/nonexistent/probe")
	require.ErrorIs(t, s.probe(s.path(boardFile)), ErrNotProbed)
	h.requireShows(s.open())
	require.Contains(t, s.logged(), "without probe")
}

func TestProbeRefusesWhatIsNoFileOfOurs(t *testing.T) {
	dir := t.TempDir()
	require.Error(t, ProbeFile(filepath.Join(dir, "none")))
	path := filepath.Join(dir, "text")
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("text "), 9999), 0o600))
	require.Error(t, ProbeFile(path))
	require.NoError(t, os.Truncate(path, maxFile+1))
	require.ErrorContains(t, ProbeFile(path), "want at most")
	s, _ := week(t)
	require.NoError(t, ProbeFile(s.path(boardFile)))
	require.NoError(t, probeChild(t)(s.path(boardFile)))
}

// What lies behind a file in memory is another process's luck: an entry that ends
// there is damage, though reading it faults nowhere.
func TestProbeReadsNothingBeyondTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	db, err := bolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	put := func(value []byte) {
		require.NoError(t, db.Update(func(tx *bolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte("b"))
			require.NoError(t, err)
			return b.Put([]byte("k"), value)
		}))
	}
	for range 4 { // pages to use again, so that the last ones are the large value's
		put([]byte("small"))
	}
	large := append(bytes.Repeat([]byte("-"), 100_000), "the end"...)
	put(large)
	require.NoError(t, db.Close())
	require.NoError(t, ProbeFile(path))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	end := bytes.LastIndex(data, []byte("the end"))
	require.NoError(t, os.Truncate(path, int64(end))) // the rest of its page reads as zeros
	require.ErrorIs(t, ProbeFile(path), errBeyond)
}
