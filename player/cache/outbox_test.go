package cache

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

func accepted(seqs ...uint64) []wire.Result {
	var out []wire.Result
	for _, s := range seqs {
		out = append(out, wire.Result{Seq: s, Outcome: wire.Accepted, Rev: 7})
	}
	return out
}

// whos returns who touched, in order; those answered in brackets.
func whos(entries []session.Entry) string {
	var b strings.Builder
	for i, e := range entries {
		if i > 0 {
			b.WriteByte(' ')
		}
		if e.Result != nil {
			fmt.Fprintf(&b, "[%d:%s]", e.Seq, e.Who)
		} else {
			fmt.Fprintf(&b, "%d:%s", e.Seq, e.Who)
		}
	}
	return b.String()
}

func enqueue(t testing.TB, c *Cache, who ...string) {
	t.Helper()
	for _, w := range who {
		_, err := c.Enqueue(signUp(w, "a1"))
		require.NoError(t, err)
	}
}

func TestTouchIsThereAfterARestart(t *testing.T) {
	s := newScreen(t)
	now := time.UnixMilli(1_764_000_000_000)
	s.now = func() time.Time { return now }
	c := s.open()
	age := int64(5)
	m := wire.Mutation{Seq: 99, Op: wire.OpSignUp, On: wire.RowKey{Kind: "meal", ID: "m1"}, Who: "eva", AgeMS: &age, Saw: 12, Text: "«æøå»"}
	got, err := c.Enqueue(m)
	require.NoError(t, err)
	want := m
	want.Seq, want.AgeMS = 1, nil
	require.Equal(t, want, got)
	require.Equal(t, []session.Entry{{Mutation: want, Touched: now}}, c.Outbox())
	require.NoError(t, c.Close())
	c = s.open()
	require.Equal(t, []session.Entry{{Mutation: want}}, c.Outbox(), "nobody knows any more how long ago")
	require.Equal(t, uint64(2), c.Stored().Next)
}

// Goals 1 and 2: what somebody proposes, and what they take back, is on disk whole,
// with its words, through a restart, another name of the installation and an answer;
// so it is done once and holds without a hub.
func TestWordsAndWishesAreThereAfterARestart(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	muts := []wire.Mutation{
		{Op: wire.OpPropose, On: wire.RowKey{Kind: record.KindMeeting, ID: "g1"}, Who: "eva", Text: "Vi bager en kage", Lang: record.Danish, Picto: "shortcake"},
		{Op: wire.OpTighten, On: wire.RowKey{Kind: record.KindPerson, ID: "eva"}, Who: "eva", Text: string(record.ChoicePhoto)},
		{Op: wire.OpSignUp, On: wire.RowKey{Kind: record.KindBooking, ID: "r1@2026-11-28T10:00"}, Who: "ida"},
		{Op: wire.OpRetract, On: wire.RowKey{Kind: record.KindMeeting, ID: "g1"}, Who: "eva", Text: "Vi bager en kage", Lang: record.Danish, Picto: "shortcake"},
		{Op: wire.OpCancel, On: wire.RowKey{Kind: record.KindGroup, ID: "h1"}, Who: "ida"},
	}
	for i := range muts {
		m, err := c.Enqueue(muts[i])
		require.NoError(t, err)
		muts[i].Seq = uint64(i) + 1
		require.Equal(t, muts[i], m)
	}
	kept := func(c *Cache) (out []wire.Mutation) {
		for _, e := range c.Outbox() {
			out = append(out, e.Mutation)
		}
		return out
	}
	require.NoError(t, c.Settle(accepted(2)))
	require.NoError(t, c.Close())
	c = s.open()
	require.Equal(t, muts, kept(c))
	require.NotNil(t, c.Outbox()[1].Result)
	require.NoError(t, c.Reopen(0), "the hub was restored from before it knew them")
	require.Nil(t, c.Outbox()[1].Result, "it is wished again")
	_, entries, _, err := c.Reinstall()
	require.NoError(t, err)
	require.Len(t, entries, len(muts))
	require.NoError(t, c.Expire(), "the board goes, and no touch")
	require.NoError(t, c.Close())
	require.Equal(t, muts, kept(s.open()))
}

func TestAnswersAreThereAfterARestart(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "a", "b", "c", "d")
	full := wire.Result{Seq: 2, Outcome: wire.Rejected, Code: wire.ReasonFull, Rev: 9}
	require.NoError(t, c.Settle(append(accepted(1), full)))
	require.NoError(t, c.Settle([]wire.Result{{Seq: 2, Outcome: wire.Accepted}, {Seq: 77}}), "answered before, and unknown")
	check := func(c *Cache) {
		t.Helper()
		require.Equal(t, "[1:a] [2:b] 3:c 4:d", whos(c.Outbox()))
		require.Equal(t, full, *c.Outbox()[1].Result)
	}
	check(c)
	require.NoError(t, c.Close())
	check(s.open())
}

// A hub restored from a backup is offered again what it
// has lost.
func TestReopenedTouchesWaitAgain(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "a", "b", "c")
	require.NoError(t, c.Settle(accepted(1, 2, 3)))
	require.NoError(t, c.Reopen(1))
	require.Equal(t, "[1:a] 2:b 3:c", whos(c.Outbox()))
	require.NoError(t, c.Close())
	require.Equal(t, "[1:a] 2:b 3:c", whos(s.open().Outbox()))
}

func TestReinstallNumbersWhatWaitsFromOne(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "a", "b", "c")
	require.NoError(t, c.Settle(accepted(1)))
	old := c.Stored().Inst
	inst, entries, next, err := c.Reinstall()
	require.NoError(t, err)
	require.NotEqual(t, old, inst)
	require.Equal(t, "1:b 2:c", whos(entries))
	require.Equal(t, uint64(3), next)
	enqueue(t, c, "d")
	require.NoError(t, c.Settle(accepted(1)))
	require.NoError(t, c.Close())
	c = s.open()
	require.Equal(t, "[1:b] 2:c 3:d", whos(c.Outbox()))
	require.Equal(t, inst, c.Stored().Inst)
}

func TestForgetDropsOnlyWhatWasAnsweredLongAgo(t *testing.T) {
	s := newScreen(t)
	now := time.UnixMilli(1_764_000_000_000)
	s.now = func() time.Time { return now }
	c := s.open()
	enqueue(t, c, "a", "b", "c", "d")
	require.NoError(t, c.Settle(accepted(1, 2, 4)))
	now = now.Add(time.Hour)
	enqueue(t, c, "e")
	oldest, err := c.Forget(now.Add(-2 * time.Hour))
	require.NoError(t, err)
	require.Equal(t, uint64(1), oldest)
	oldest, err = c.Forget(now)
	require.NoError(t, err)
	require.Equal(t, uint64(3), oldest, "c waits, and what comes after it stays with it")
	require.Equal(t, "3:c [4:d] 5:e", whos(c.Outbox()))
	require.NoError(t, c.Settle(accepted(3, 5)))
	require.NoError(t, c.Close())
	c = s.open()
	require.Equal(t, "[3:c] [4:d] [5:e]", whos(c.Outbox()))
	now = now.Add(48 * time.Hour)
	oldest, err = c.Forget(now)
	require.NoError(t, err)
	require.Equal(t, uint64(6), oldest)
	require.Empty(t, c.Outbox())
	require.NoError(t, c.Close())
	require.Equal(t, uint64(6), s.open().Stored().Next, "numbers go on")
}

// A wish to be shown less that the hub refuses is asked again before it
// is forgotten, once, over starts and new installations, until it is accepted or
// whose it was is gone.
func TestRefusedWishIsAskedAgain(t *testing.T) {
	s := newScreen(t)
	now := time.UnixMilli(1_764_000_000_000)
	s.now = func() time.Time { return now }
	c := s.open()
	wishes := func(who record.PersonID, what record.Choice) {
		_, err := c.Enqueue(wire.Mutation{Op: wire.OpTighten, On: wire.RowKey{Kind: record.KindPerson, ID: string(who)}, Who: who, Text: string(what)})
		require.NoError(t, err)
	}
	refused := func(code wire.Reason, seqs ...uint64) {
		for _, n := range seqs {
			require.NoError(t, c.Settle([]wire.Result{{Seq: n, Outcome: wire.Rejected, Code: code}}))
		}
	}
	forget := func() {
		now = now.Add(49 * time.Hour)
		_, err := c.Forget(now.Add(-48 * time.Hour))
		require.NoError(t, err)
	}
	wishes("a", record.ChoicePhoto)
	wishes("a", record.ChoicePhoto)
	wishes("b", record.ChoiceShown)
	wishes("c", record.ChoiceShown)
	enqueue(t, c, "d")
	refused(wire.ReasonNotAllowed, 1, 2, 3)
	refused(wire.ReasonGone, 4)
	refused(wire.ReasonClosed, 5)
	forget()
	require.Equal(t, "6:a 7:b", whos(c.Outbox()), "not whoever is gone, and no sign-up")
	require.Equal(t, string(record.ChoicePhoto), c.Outbox()[0].Text)
	require.Equal(t, now, c.Outbox()[0].Touched)
	require.NoError(t, c.Close())
	c = s.open()
	require.Equal(t, "6:a 7:b", whos(c.Outbox()))
	refused(wire.ReasonInvalid, 6, 7)
	_, _, _, err := c.Reinstall()
	require.NoError(t, err)
	require.Equal(t, "1:a 2:b", whos(c.Outbox()))
	refused(wire.ReasonInvalid, 1)
	require.NoError(t, c.Settle(accepted(2)))
	forget()
	require.Equal(t, "3:a", whos(c.Outbox()))
	require.NoError(t, c.Settle(accepted(3)))
	forget()
	require.Empty(t, c.Outbox())
}

func TestFullOutboxRefusesTheNewAndKeepsTheOld(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	for i := range MaxWaiting {
		_, err := c.Enqueue(signUp(fmt.Sprint("p", i), "a1"))
		require.NoError(t, err)
	}
	info, err := os.Stat(s.path(outboxFile))
	require.NoError(t, err)
	require.Equal(t, int64(outboxSpace), info.Size(), "all of them fit in the space taken at the start")
	_, err = c.Enqueue(signUp("late", "a1"))
	require.ErrorIs(t, err, ErrOutboxFull)
	require.Equal(t, record.PersonID("p0"), c.Outbox()[0].Who)
	require.NoError(t, c.Settle(accepted(1)))
	enqueue(t, c, "late")
	require.NoError(t, c.Close())
	c = s.open()
	require.Len(t, c.Outbox(), MaxWaiting+1)
}

// Answered touches are kept for a while, but not without end: a child that
// presses all day fills neither memory nor card.
func TestJournalIsBounded(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "first")
	require.NoError(t, c.Settle(accepted(1)))
	j := &c.outbox.j
	for len(j.entries) < maxJournal { // as if they had been touched and answered
		e := j.entries[0]
		e.Seq = j.next
		j.entries = append(j.entries, e)
		j.next++
	}
	require.NoError(t, c.outbox.rewrite())
	enqueue(t, c, "late", "later")
	require.Len(t, c.Outbox(), maxJournal*3/4+2)
	require.Equal(t, uint64(maxJournal+3), c.Stored().Next)
	kept := c.Outbox()[0].Seq
	require.NoError(t, c.Close())
	c = s.open()
	require.Len(t, c.Outbox(), maxJournal*3/4+2)
	require.Equal(t, kept, c.Outbox()[0].Seq)
}

// What is past does not stay in the file: it is rewritten when most of it is.
func TestOutboxFileDoesNotGrowWithWhatIsPast(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	for round := range uint64(80) {
		var seqs []uint64
		for i := range uint64(32) {
			enqueue(t, c, "p")
			seqs = append(seqs, round*32+i+1)
		}
		require.NoError(t, c.Settle(accepted(seqs...)))
		_, err := c.Forget(time.Now().Add(time.Hour))
		require.NoError(t, err)
	}
	require.Greater(t, c.outbox.gen, uint64(1))
	info, err := os.Stat(s.path(outboxFile))
	require.NoError(t, err)
	require.Equal(t, int64(outboxSpace), info.Size())
	require.NoError(t, c.Close())
	require.Equal(t, uint64(80*32+1), s.open().Stored().Next)
}

func TestMutationWithoutRoomIsRefused(t *testing.T) {
	c := newScreen(t).open()
	_, err := c.Enqueue(wire.Mutation{Op: "signup"})
	require.ErrorContains(t, err, "bad row key")
	m := signUp("a", "a1")
	m.Text = strings.Repeat("\x01", wire.MaxText) // JSON writes each as six bytes
	_, err = c.Enqueue(m)
	require.NoError(t, err)
	require.Equal(t, uint64(2), c.Stored().Next, "a refused one takes no number")
}

// A power cut while a touch is stored leaves all before it and either all or
// nothing of it, wherever the cut falls, whether the rest of the space reads as
// zeros, as what was there, or as noise, or the file ends there.
func TestOutboxTornAtEveryByteOfItsLastRecord(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "a", "b")
	require.NoError(t, c.Settle(accepted(1)))
	from := c.outbox.end
	enqueue(t, c, "c")
	to := c.outbox.end
	require.NoError(t, c.Close())
	file := s.read(outboxFile)
	key, id := s.outboxKey()
	rnd := rand.New(rand.NewPCG(1, 2))
	rest := map[string]func([]byte) []byte{
		"zeros": func(b []byte) []byte { clear(b); return b },
		"noise": func(b []byte) []byte {
			for i := range b {
				b[i] = byte(rnd.Uint32())
			}
			return b
		},
		"end": func([]byte) []byte { return nil },
	}
	for name, tail := range rest {
		for cut := from; cut <= to; cut++ {
			torn := append(bytes.Clone(file[:cut]), tail(bytes.Clone(file[cut:to]))...)
			if name != "end" {
				torn = append(torn, file[to:]...)
			}
			j, _ := replay(key, id, torn)
			entries := j.session()
			if len(entries) == 2 {
				require.Equal(t, "[1:a] 2:b", whos(entries), "%s after %d", name, cut)
				require.Less(t, cut, to)
			} else {
				require.Equal(t, "[1:a] 2:b 3:c", whos(entries), "%s after %d", name, cut)
			}
			require.True(t, j.whole())
			if cut == to {
				require.Len(t, entries, 3)
			}
			if cut%37 != 0 { // the whole way for some of them: it costs fsyncs
				continue
			}
			s2 := s.again()
			s2.put(outboxFile, torn)
			c := s2.open()
			n := len(c.Outbox())
			require.Equal(t, len(entries), n)
			require.True(t, allZero(s2.read(outboxFile)[c.outbox.end:]), "what was torn is not left behind")
			enqueue(t, c, "d")
			require.NoError(t, c.Close())
			c = s2.open()
			require.Equal(t, record.PersonID("d"), c.Outbox()[n].Who)
			require.Equal(t, uint64(n+1), c.Outbox()[n].Seq)
			require.Len(t, c.Outbox(), n+1)
			require.NoError(t, c.Close())
		}
	}
}

// outboxKey returns the outbox's key and ID, from its own head.
func (s *testScreen) outboxKey() (seal.Key, seal.ID) {
	s.t.Helper()
	secret, err := s.secret.Secret()
	require.NoError(s.t, err)
	key, id, err := openHead(s.read(outboxFile), secret)
	require.NoError(s.t, err)
	return key, id
}

// Damage in the middle costs the records it hits. The others are found again;
// where numbers are missing, what waits is offered under a new name, as the hub
// takes nothing after a gap.
func TestOutboxDamagedInTheMiddle(t *testing.T) {
	for _, c := range []struct {
		what    string
		hit     []int // which frames
		want    string
		renewed bool
	}{
		{"the beginning", []int{0}, "[1:a] 2:b 3:c 4:d", false}, // every note knows the installation
		{"a's touch", []int{1}, "1:b 2:c 3:d", true},
		{"the beginning and a's touch", []int{0, 1}, "1:b 2:c 3:d", true},
		{"b's touch", []int{2}, "1:c 2:d", true}, // a is answered
		{"a's answer", []int{3}, "1:a 2:b 3:c 4:d", false},
		{"c's touch", []int{4}, "1:b 2:d", true},
	} {
		t.Run(c.what, func(t *testing.T) {
			s := newScreen(t)
			box := s.open()
			enqueue(t, box, "a", "b")
			require.NoError(t, box.Settle(accepted(1)))
			enqueue(t, box, "c", "d")
			inst := box.Stored().Inst
			require.NoError(t, box.Close())
			file := s.read(outboxFile)
			at := s.frames()
			for _, hit := range c.hit {
				file[at[hit]+100] ^= 1
			}
			s.put(outboxFile, file)
			box = s.open()
			require.Equal(t, c.want, whos(box.Outbox()))
			require.Equal(t, c.renewed, inst != box.Stored().Inst)
			require.Contains(t, s.logged(), "outbox mended")
			require.NoError(t, box.Close())
			again := s.open()
			require.Equal(t, c.want, whos(again.Outbox()))
			require.Equal(t, 1, strings.Count(s.logged(), "outbox mended"), "for good")
			enqueue(t, again, "e")
		})
	}
}

// frames returns where in the outbox each frame begins, and where the last ends.
func (s *testScreen) frames() []int {
	s.t.Helper()
	key, id := s.outboxKey()
	file := s.read(outboxFile)
	at := []int{headSize}
	for {
		_, _, size, err := openFrame(key, id, file[at[len(at)-1]:])
		if err != nil {
			return at
		}
		at = append(at, at[len(at)-1]+size)
	}
}

// The head is needed by nobody as long as the keyring is there, and the other
// way round.
func TestOutboxOpensWithEitherKey(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "a")
	require.NoError(t, c.Close())
	for _, n := range []int{0, 10, 30, 60, 140} {
		file := s.read(outboxFile)
		file[n] ^= 0x10
		s2 := s.again()
		s2.put(outboxFile, file)
		c := s2.open()
		require.Equal(t, "1:a", whos(c.Outbox()))
		require.NoError(t, c.Close())
		s2.remove(keyringFile)
		require.Equal(t, "1:a", whos(s2.open().Outbox()), "the head was mended")
	}
	s2 := s.again()
	s2.put(outboxFile, s.read(outboxFile)[:headSize/2])
	c = s2.open()
	require.Empty(t, c.Outbox())
	enqueue(t, c, "b")
	require.NoError(t, c.Close())
	require.Equal(t, "1:b", whos(s2.open().Outbox()))
}

// Both keys lost: nothing can be read, the file is kept, and the screen goes on.
func TestOutboxThatCannotBeOpenedIsKeptAside(t *testing.T) {
	s := newScreen(t)
	for n := range maxAside + 2 {
		c := s.open()
		require.Empty(t, c.Outbox())
		enqueue(t, c, fmt.Sprint("p", n))
		require.NoError(t, c.Close())
		file := s.read(outboxFile)
		file[0] ^= 1
		s.put(outboxFile, file)
		s.remove(keyringFile)
	}
	require.FileExists(t, s.path(outboxAside))
	require.FileExists(t, s.path(outboxAside+".9"))
	require.NoFileExists(t, s.path(outboxAside+".10"))
}

// When a rewrite goes wrong after the new file has the name, or the file cannot
// be opened for a moment, no touch goes into a file nobody will find.
func TestOutboxFollowsTheNameOfItsFile(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "a")
	c.outbox.Lock()
	require.NoError(t, c.outbox.f.Close())
	c.outbox.f = nil // as after a rewrite that could not open its own file
	c.outbox.Unlock()
	enqueue(t, c, "b")
	require.NoError(t, c.outbox.rewrite())
	enqueue(t, c, "c")
	require.Equal(t, "1:a 2:b 3:c", whos(s.again().open().Outbox()))
}

// An outbox of another screen is not mended, nor thrown away.
func TestOutboxOfAnotherScreenIsKeptAside(t *testing.T) {
	s, other := newScreen(t), newScreen(t)
	for _, screen := range []*testScreen{s, other} {
		c := screen.open()
		enqueue(t, c, "a")
		require.NoError(t, c.Close())
	}
	s.put(outboxFile, other.read(outboxFile))
	c := s.open()
	require.Empty(t, c.Outbox())
	require.Equal(t, other.read(outboxFile), s.read(outboxAside))
	enqueue(t, c, "b")
	require.NoError(t, c.Close())
	require.Equal(t, "1:b", whos(s.open().Outbox()))
}

// Frames of an older generation of the file, pasted behind the newer ones by
// somebody without a key, are not taken for touches.
func TestFramesOfAnOlderFileAreNotTaken(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "a", "b", "c")
	old := s.read(outboxFile)
	start := s.frames()[3]
	require.NoError(t, c.Settle(accepted(1, 2, 3)))
	c.outbox.j.entries = nil // as after Forget
	require.NoError(t, c.outbox.rewrite())
	end := c.outbox.end
	require.NoError(t, c.Close())
	file := s.read(outboxFile)
	copy(file[end:], old[start:start+1024])
	s.put(outboxFile, file)
	c = s.open()
	require.Empty(t, c.Outbox())
	require.Equal(t, uint64(4), c.Stored().Next)
}

// Nor are frames of this one that somebody without a key put behind the end.
func TestFramesPutTwiceAreTakenOnce(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "a", "b")
	require.NoError(t, c.Settle(accepted(1, 2)))
	require.NoError(t, c.Close())
	file, at := s.read(outboxFile), s.frames()
	copy(file[at[4]:], file[at[1]:at[2]]) // a's touch
	s.put(outboxFile, file)
	c = s.open()
	require.Equal(t, "[1:a] [2:b]", whos(c.Outbox()))
	require.NotContains(t, s.logged(), "numbered anew")
}

// The last touch is lost, and only an answer to another one, written after it,
// tells that there was one: the hub would take the next number for a repetition.
func TestLostTouchIsNoticedByItsNumber(t *testing.T) {
	m := signUp("a", "a1")
	m.Seq = 1
	var j journal
	j.apply(note{Op: noteBegin, Inst: "i", Next: 1})
	j.apply(note{Op: noteAdd, Inst: "i", Next: 2, Mutation: &m})
	require.True(t, j.whole())
	j.apply(note{Op: noteSettle, Inst: "i", Next: 3, Results: accepted(1)})
	require.Equal(t, uint64(3), j.next)
	require.False(t, j.whole())
}

// A touch whose fsync failed was refused, so it must not turn up after the next
// start.
func TestTouchThatCouldNotBeSyncedIsNotThereLater(t *testing.T) {
	s := newScreen(t)
	c := s.open()
	enqueue(t, c, "a")
	c.outbox.fsync = func(*os.File) error { return errInjected }
	_, err := c.Enqueue(signUp("b", "a1"))
	require.ErrorIs(t, err, errInjected)
	require.Equal(t, "1:a", whos(c.Outbox()))
	require.Equal(t, "1:a", whos(s.again().open().Outbox()))
	c.outbox.fsync = (*os.File).Sync
	enqueue(t, c, "c")
	require.NoError(t, c.Close())
	require.Equal(t, "1:a 2:c", whos(s.open().Outbox()))
}

// A disk that gives errors for one block costs the frames on it.
func TestReadAroundReadsWhatItCan(t *testing.T) {
	s := newScreen(t)
	b, bad, err := readAround(s.t.(*testing.T).TempDir(), 100)
	require.ErrorContains(t, err, "not a regular file")
	require.Empty(t, b)
	require.Zero(t, bad)
	path := t.TempDir() + "/f"
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("x"), 10_000), 0o600))
	b, bad, err = readAround(path, 5000)
	require.NoError(t, err)
	require.Zero(t, bad)
	require.Equal(t, bytes.Repeat([]byte("x"), 5000), b)
}
