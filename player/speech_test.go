package player

import (
	"context"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
	"tavle/player/voice"
	"tavle/render/glass"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A room is where the wall is heard: a sink that takes as long as the sound.
type room struct {
	mu    sync.Mutex
	whole int // sounds that were heard to their end
	cut   int // and that were not

	rolled []int16 // of tapes, before they were made louder
	gain   float64 // of the last
}

func (r *room) Play(ctx context.Context, c voice.Clip) error {
	select {
	case <-time.After(c.Length()):
		r.mu.Lock()
		defer r.mu.Unlock()
		r.whole++
		return nil
	case <-ctx.Done():
		r.mu.Lock()
		defer r.mu.Unlock()
		r.cut++
		return ctx.Err()
	}
}

// Roll notes what is heard of a tape, a fiftieth of a second at a time, and says so.
func (r *room) Roll(ctx context.Context, t voice.Tape) error {
	out := make([]int16, t.Rate/50)
	heard := time.Duration(0)
	for t.Left() > 0 {
		n, err := t.Read(out)
		if err != nil {
			return err
		}
		c := voice.Clip{Rate: t.Rate, Samples: out[:n]}
		t.Heard(heard)
		if err := r.Play(ctx, c); err != nil {
			return err
		}
		r.mu.Lock()
		r.rolled, r.gain = append(r.rolled, c.Samples...), t.Gain
		r.mu.Unlock()
		heard += c.Length()
	}
	return nil
}

// speaking runs f beside a wall with a voice, which takes two seconds for whatever it
// says and writes it to the file said.
func speaking(t *testing.T, people int, chimes bool, f func(t *testing.T, l *lone, r *room, said func() []string), changes ...func(*Config)) {
	dir := t.TempDir()
	wav := voice.Clip{Rate: 8000, Samples: slices.Repeat([]int16{3000, -3000}, 8000)}.WAV()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wav"), wav, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "said"), nil, 0o600))
	script := "#!/bin/sh\ncd " + dir + " && echo \"$1: $(cat)\" >>said && cat wav\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "voice"), []byte(script), 0o700))
	r := new(room)
	alone(t, image.Pt(800, 480), portraits(t, people), func(t *testing.T, l *lone) {
		f(t, l, r, func() []string {
			b, err := os.ReadFile(filepath.Join(dir, "said"))
			require.NoError(t, err)
			return strings.Split(strings.TrimSpace(string(b)), "\n")
		})
	}, func(c *Config) {
		c.Voice = voice.New(voice.Config{Synth: voice.Synth{Command: []string{filepath.Join(dir, "voice"), "{lang}"}}, Sink: r})
		c.Look.Sound, c.Look.ReadKey = ui.Sound{Voice: true, Chimes: chimes}, "f3"
		for _, change := range changes {
			change(c)
		}
	})
}

// press touches what is in the middle of a target.
func (l *lone) press(t *testing.T, m any) {
	t.Helper()
	target := l.screen.Frame().Find(m)
	require.NotNil(t, target)
	l.screen.Tap(target.Rect.Min.Add(target.Rect.Size().Div(2)))
	synctest.Wait()
}

// the page is read item by item, what is being read has the ring, and a touch
// anywhere ends it in the middle of a word.
func TestPageIsReadAloud(t *testing.T) {
	speaking(t, 3, false, func(t *testing.T, l *lone, r *room, said func() []string) {
		l.tap(t, ui.Go{To: ui.People{}})
		l.pass(time.Second)
		l.press(t, ui.ReadAloud{})
		require.Equal(t, []string{"da: Beboere"}, said())
		ring := func() image.Rectangle {
			ops := l.screen.Frame().Ops
			return ops[len(ops)-1].Rect
		}
		first := ring()
		l.pass(3 * time.Second)
		require.Equal(t, []string{"da: Beboere", "da: Beboer 0000"}, said())
		require.Equal(t, 1, r.whole)
		require.NotEqual(t, first, ring())
		l.screen.Tap(image.Pt(400, 200))
		synctest.Wait()
		require.Equal(t, 1, r.cut)
		l.pass(10 * time.Second)
		require.Len(t, said(), 2)
		require.NotNil(t, l.screen.Frame().Find(ui.ReadAloud{}))

		l.press(t, ui.ReadAloud{})
		l.pass(20 * time.Second)
		require.Equal(t, []string{"da: Beboere", "da: Beboer 0000", "da: Beboer 0001", "da: Beboer 0002"}, said()[2:])
		require.NotNil(t, l.screen.Frame().Find(ui.ReadAloud{}), "it has ended by itself")
		require.NotContains(t, l.said.String(), "Beboer", "nothing of it is in the log")
	})
}

// Whoever is taken off the board is not spoken of any more, from the same
// moment on: neither to the end of the name that is being said, nor later on.
func TestWithdrawnNameIsNotSpoken(t *testing.T) {
	speaking(t, 3, false, func(t *testing.T, l *lone, r *room, said func() []string) {
		l.tap(t, ui.Go{To: ui.People{}})
		l.pass(time.Second)
		l.press(t, ui.ReadAloud{})
		l.pass(3 * time.Second)
		require.Equal(t, "da: Beboer 0000", said()[1])
		require.Zero(t, r.cut)
		facts := l.cache.Facts()
		at := facts.At
		var ops []record.Op
		for _, id := range []record.PersonID{"p0000", "p0002"} {
			row, err := wire.EncodeFact(facts.People[id])
			require.NoError(t, err)
			at.Sum = at.Sum.Sub(row.Hash())
			ops = append(ops, record.Op{Row: record.Row{Key: row.Key}, Delete: true})
		}
		at.Rev++
		require.NoError(t, l.cache.Apply(ops, at, false))
		synctest.Wait()
		require.Equal(t, 1, r.cut, "in the middle of it")
		l.pass(20 * time.Second)
		require.Equal(t, []string{"da: Beboere", "da: Beboer 0000", "da: Beboer 0001"}, said())
	})
}

// touches are answered by sounds, and nothing else is.
func TestWallChimes(t *testing.T) {
	speaking(t, 3, true, func(t *testing.T, l *lone, r *room, _ func() []string) {
		l.tap(t, ui.Go{To: ui.People{}})
		l.pass(time.Second)
		n := r.whole + r.cut
		require.Positive(t, n, "a finger, or at least what it opened")
		l.pass(50 * time.Second)
		require.Equal(t, n, r.whole+r.cut)
		l.pass(50 * time.Second)
		require.Equal(t, n+1, r.whole+r.cut, "it goes home")
		l.pass(time.Hour)
		require.Equal(t, n+1, r.whole+r.cut)
	})
}

// the sound that warns before somebody's own page closes is heard,
// and the reading goes on after it, with the item it cut off.
func TestWarningDoesNotSilenceTheReading(t *testing.T) {
	speaking(t, 1, true, func(t *testing.T, l *lone, r *room, said func() []string) {
		l.tap(t, ui.Go{To: ui.People{}})
		l.tap(t, ui.Enter{To: ui.Someone{Who: "p0000"}})
		l.tap(t, ui.OpenOwn{Who: "p0000"})
		l.tap(t, ui.ReadAloud{})
		l.press(t, ui.Aloud{})
		l.pass(2900 * time.Millisecond)
		before, at, cut := said(), l.model.Reading.At, r.cut
		require.Positive(t, at)
		l.pass(200 * time.Millisecond)
		require.Equal(t, cut+1, r.cut, "the chime")
		l.pass(2 * time.Second)
		require.Equal(t, append(before, before[len(before)-1]), said(), "the same again")
		l.pass(3 * time.Second)
		require.True(t, l.model.Reading.On)
		require.Greater(t, l.model.Reading.At, at)
		l.pass(20 * time.Second)
		require.False(t, l.model.Reading.On, "nobody is there")
		n := len(said())
		l.pass(10 * time.Second)
		require.Len(t, said(), n)
	}, func(c *Config) {
		c.Look.Stays = ui.Stays{Browsing: time.Minute, Identified: 30 * time.Second, Private: 3 * time.Second, Warning: 20 * time.Second}
	})
}

// headphones and a button beside the wall have the page read, without the
// glass; the button stops it, too.
func TestPlugAndButtonHaveThePageRead(t *testing.T) {
	speaking(t, 1, false, func(t *testing.T, l *lone, r *room, said func() []string) {
		l.screen.Input().Put(glass.Headphones{In: true})
		l.pass(time.Second)
		require.Equal(t, []string{""}, said(), "they were in all along")
		l.screen.Input().Put(glass.Headphones{Now: true})
		l.screen.Input().Put(glass.Headphones{In: true, Now: true})
		synctest.Wait()
		require.Len(t, said(), 1)
		require.Contains(t, said()[0], "da: Nu er det ")
		l.screen.Input().Put(glass.Key{Name: "f3"})
		synctest.Wait()
		require.Equal(t, 1, r.cut)
		l.screen.Input().Put(glass.Key{Name: "f3"})
		synctest.Wait()
		require.Len(t, said(), 2)
	})
}

// what the focus comes to is said to its end, unless the next comes or a
// finger does; and nobody who is taken off the board is spoken of to the end of
// their name.
func TestFocusIsHeard(t *testing.T) {
	speaking(t, 3, false, func(t *testing.T, l *lone, r *room, said func() []string) {
		l.tap(t, ui.Go{To: ui.People{}})
		l.pass(time.Second)
		press := func(name string) {
			l.screen.Input().Put(glass.Key{Name: name})
			synctest.Wait()
		}
		for len(said()) < 2 || !strings.HasPrefix(said()[len(said())-1], "da: Beboer ") {
			press(glass.KeyTab)
			require.Less(t, len(said()), 20)
		}
		require.Zero(t, r.whole)
		require.Equal(t, len(said())-1, r.cut, "each was cut off by the next")
		n := len(said())
		l.pass(10 * time.Second)
		require.Equal(t, 1, r.whole)
		require.Len(t, said(), n, "and that is all")

		press(glass.KeyTab)
		l.screen.Tap(image.Pt(400, 200))
		synctest.Wait()
		require.Equal(t, n, r.cut)

		for said()[len(said())-1] != "da: Beboer 0001" {
			press(glass.KeyTab)
			require.Less(t, len(said()), 40)
		}
		n = r.cut
		facts := l.cache.Facts()
		at := facts.At
		row, err := wire.EncodeFact(facts.People["p0001"])
		require.NoError(t, err)
		at.Sum, at.Rev = at.Sum.Sub(row.Hash()), at.Rev+1
		require.NoError(t, l.cache.Apply([]record.Op{{Row: record.Row{Key: row.Key}, Delete: true}}, at, false))
		synctest.Wait()
		require.Equal(t, n+1, r.cut, "in the middle of it")
	}, func(c *Config) { c.Look.Ease.Spoken = true })
}

// change puts another row in the place of one.
func (l *lone) change(t *testing.T, was, now record.Fact) {
	t.Helper()
	before, err := wire.EncodeFact(was)
	require.NoError(t, err)
	after, err := wire.EncodeFact(now)
	require.NoError(t, err)
	at := l.cache.Facts().At
	at.Rev, at.Sum = at.Rev+1, at.Sum.Sub(before.Hash()).Add(after.Hash())
	require.NoError(t, l.cache.Apply([]record.Op{{Row: after}}, at, false))
	synctest.Wait()
}

// the voice, which is the real one, is given a name as somebody said it sounds,
// in every sentence it stands in, and in letters that it reads. When that is taken
// back it is not spoken to its end: the name is said again as it is written.
func TestNamesAreSpokenAsTheySound(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "voice")
	script := "#!/bin/sh\ncd " + dir + " && tee -a given | espeak-ng -v \"$1\" --stdin --stdout\n"
	require.NoError(t, os.WriteFile(path, []byte(script), 0o700))
	given := func() []string {
		b, err := os.ReadFile(filepath.Join(dir, "given"))
		require.NoError(t, err)
		return strings.Split(strings.TrimSpace(string(b)), "\n")
	}
	r := new(room)
	alone(t, image.Pt(800, 480), portraits(t, 3), func(t *testing.T, l *lone) {
		house, people := l.cache.Facts().House, l.cache.Facts().People
		lexicon := house
		lexicon.Lexicon = []record.Lexeme{{Lang: "da", Word: "beboere", Spoken: "bebo-ere"}}
		l.change(t, house, lexicon)
		named := func(id record.PersonID, name, spoken string) {
			p := people[id]
			p.Name, p.Spoken = record.NameOf(name), record.NameOf(spoken)
			l.change(t, l.cache.Facts().People[id], p)
		}
		named("p0000", "Siobhán", "Sjivån")
		named("p0001", "فاطمة", "Fatima")
		l.tap(t, ui.Go{To: ui.People{}})
		l.pass(time.Second)
		l.press(t, ui.ReadAloud{})
		l.pass(10 * time.Second)
		require.ElementsMatch(t, []string{"bebo-ere", "Sjivån", "Fatima", "Beboer 0002"}, given())
		require.Zero(t, r.cut)
		require.NotContains(t, l.said.String(), "Sjivån", "nothing of it is in the log")

		n := len(given())
		l.press(t, ui.ReadAloud{})
		for given()[len(given())-1] != "Sjivån" {
			l.pass(50 * time.Millisecond)
			require.Less(t, len(given()), n+4)
		}
		named("p0000", "Siobhán", "")
		require.Equal(t, 1, r.cut)
		l.pass(10 * time.Second)
		require.Contains(t, given()[n:], "Siobhán")
	}, func(c *Config) {
		c.Voice = voice.New(voice.Config{Synth: voice.Synth{Command: []string{path, "{lang}"}}, Sink: r})
		c.Look.Sound = ui.Sound{Voice: true}
	})
}
