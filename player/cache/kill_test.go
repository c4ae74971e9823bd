package cache

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// R: a process that is killed at any moment loses no touch it has confirmed and
// doubles none, keeps no board half, and shows nobody it has taken back. The
// child says each thing once it is durable; the parent kills it at a random
// moment and looks.
func TestKilledAtRandomMoments(t *testing.T) {
	s := newHostScreen(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	var touched, rev uint64
	settled := map[uint64]bool{}
	for round := range 25 {
		cmd := child(t, "live", s.dir)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		deaths := 1 + rnd.IntN(30) // lines until it is killed
		lines := bufio.NewScanner(out)
		for n := 0; lines.Scan(); n++ {
			what, number, _ := strings.Cut(lines.Text(), " ")
			v, err := strconv.ParseUint(number, 10, 64)
			require.NoError(t, err, lines.Text())
			switch what {
			case "touched":
				touched = v
			case "settled":
				settled[v-2], settled[v-1], settled[v] = true, true, true
			case "at":
				rev = v
			}
			if n == deaths { // its next steps are under way
				_ = cmd.Process.Kill()
			}
		}
		require.Error(t, cmd.Wait())

		c := s.open()
		st := c.Stored()
		require.GreaterOrEqual(t, st.Next, touched+1, "round %d: a confirmed touch is lost", round)
		require.LessOrEqual(t, st.Next, touched+2, "round %d", round)
		for i, e := range st.Outbox {
			require.Equal(t, uint64(i+1), e.Seq, "round %d: lost or doubled", round)
			require.Equal(t, record.PersonID(fmt.Sprint("p", e.Seq)), e.Who)
			if settled[e.Seq] {
				require.NotNil(t, e.Result, "round %d: a confirmed answer is lost", round)
			}
		}
		touched = st.Next - 1
		if !st.At.IsZero() {
			require.GreaterOrEqual(t, st.At.Rev, rev)
			requireLiveBoard(t, c, st.At)
			rev = st.At.Rev
		}
		require.NotContains(t, c.Facts().People, record.PersonID(fmt.Sprint("q", rev)), "round %d: %v", round, st.At)
		require.NoError(t, c.Close())
	}
	t.Logf("%d touches, %d answers, %d revisions", touched, len(settled), rev)
}

// liveBoard is the house as of a revision: one person who comes with it and
// goes with the next, one whose name tells the revision, one activity likewise.
func liveBoard(t testing.TB, rev uint64) *house {
	h := newHouse(t)
	h.set([]record.Fact{
		personNamed(fmt.Sprint("q", rev+1), "Kommer", ""),
		personNamed("fast", fmt.Sprint("Navn-", rev), ""),
		activityWith("a", fmt.Sprint("Tur ", rev)),
	})
	h.at.Rev = rev
	return h
}

func requireLiveBoard(t *testing.T, c *Cache, at record.Position) {
	t.Helper()
	liveBoard(t, at.Rev).requireShows(c)
}

func init() {
	childRoles["live"] = func(args []string) error {
		t := &testing.T{}
		s := &testScreen{t: t, dir: args[0]}
		s.secret = seal.HostFile{Path: filepath.Join(filepath.Dir(s.dir), "device.secret")}
		c, err := Open(s.options())
		if err != nil {
			return err
		}
		say := func(what string, n uint64) { fmt.Fprintln(os.Stdout, what, n) }
		st := c.Stored()
		rev := st.At.Rev
		for {
			m, err := c.Enqueue(signUp(fmt.Sprint("p", c.Stored().Next), "a"))
			if err != nil {
				return err
			}
			say("touched", m.Seq)
			if m.Seq%3 == 0 {
				if err := c.Settle([]wire.Result{{Seq: m.Seq - 2}, {Seq: m.Seq - 1}, {Seq: m.Seq}}); err != nil {
					return err
				}
				say("settled", m.Seq)
			}
			rev++
			ops, at := liveBoard(t, rev).snapshot()
			if err := c.Apply(ops, at, true); err != nil {
				return err
			}
			say("at", rev)
		}
	}
}
