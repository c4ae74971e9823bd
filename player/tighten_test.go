package player

import (
	"context"
	"image"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/player/cache"
	"tavle/player/ui"
	"tavle/render"
	"tavle/render/memory"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// photosShown counts the photos on the glass.
func photosShown(s *memory.Screen) (n int) {
	for _, op := range s.Frame().Ops {
		if op.Kind == render.PictureOp && assetOf(op.Picture) != "" {
			n++
		}
	}
	return n
}

// A choice that is taken back at a wall without a hub holds there at
// once: the photo is on no page and not in memory, and after a start it is not
// either.
func TestChoiceTakenBackHoldsWithoutAHub(t *testing.T) {
	photos := portraits(t, 1)
	alone(t, image.Pt(1920, 1080), photos, func(t *testing.T, l *lone) {
		l.open(t, board.ChoicePhoto, board.ChoiceShown)
		l.tap(t, ui.Go{To: ui.People{}})
		require.Equal(t, 1, photosShown(l.screen))
		l.tap(t, ui.Enter{To: ui.Someone{Who: "p0000"}})
		l.tap(t, ui.OpenOwn{Who: "p0000"})
		l.tap(t, ui.Turn{To: ui.Own{Who: "p0000", Choices: true}})
		l.tap(t, ui.TakeBack{What: board.ChoicePhoto})
		l.tap(t, ui.TakeBackYes{Who: "p0000", What: board.ChoicePhoto})
		require.Zero(t, photosShown(l.screen))
		require.Zero(t, l.pictures.photos.Bytes(), "in memory")
		require.Equal(t, wire.OpTighten, l.cache.Outbox()[0].Op)
		l.again(t, func(s *memory.Screen) {
			tapOn(t, s, ui.Go{To: ui.People{}})
			require.Contains(t, s.Frame().Texts(), "Beboer 0000")
			require.Zero(t, photosShown(s), "after a start")
		})

		l.tap(t, ui.TakeBack{What: board.ChoiceShown})
		l.tap(t, ui.TakeBackYes{Who: "p0000", What: board.ChoiceShown})
		l.tap(t, ui.Close{})
		l.tap(t, ui.Go{To: ui.People{}})
		require.NotContains(t, l.screen.Frame().Texts(), "Beboer 0000")
		l.again(t, func(s *memory.Screen) {
			tapOn(t, s, ui.Go{To: ui.People{}})
			require.NotContains(t, s.Frame().Texts(), "Beboer 0000", "after a start")
		})
	})
}

// What somebody took back stays taken back at the wall when the
// hub refuses it, however long that goes on: nobody has decided that they be shown.
func TestRefusedWishStands(t *testing.T) {
	alone(t, image.Pt(800, 480), portraits(t, 1), func(t *testing.T, l *lone) {
		l.open(t, board.ChoicePhoto)
		l.tap(t, ui.Go{To: ui.People{}})
		require.Equal(t, 1, photosShown(l.screen))
		own := wire.RowKey{Kind: record.KindPerson, ID: "p0000"}
		_, err := l.cache.Enqueue(wire.Mutation{Op: wire.OpTighten, On: own, Who: "p0000", Text: string(board.ChoicePhoto)})
		require.NoError(t, err)
		for range 2 {
			seq := l.cache.Outbox()[0].Seq
			require.NoError(t, l.cache.Settle([]wire.Result{{Seq: seq, Outcome: wire.Rejected, Code: wire.ReasonNotAllowed}}))
			now := time.Now()
			require.NoError(t, l.store.SetLease(wire.Lease{IssuedMS: now.UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}, now))
			l.pass(50 * time.Hour)
			require.Len(t, l.cache.Outbox(), 1, "it is asked again")
			require.Nil(t, l.cache.Outbox()[0].Result)
			require.Greater(t, l.cache.Outbox()[0].Seq, seq)
			l.tap(t, ui.Go{To: ui.People{}})
			require.False(t, l.board.Masked)
			require.Contains(t, l.screen.Frame().Texts(), "Beboer 0000")
			require.Zero(t, photosShown(l.screen))
		}
	})
}

// A picture code is looked at where no network is needed.
func TestPictureCodeNeedsNoNetwork(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 1), func(t *testing.T, l *lone) {
		l.edit(t, func(p *record.Person) { p.Code = record.NewPictureCode(make([]byte, 16), [3]int8{2, 2, 7}) })
		l.tap(t, ui.Go{To: ui.People{}})
		l.tap(t, ui.Enter{To: ui.Someone{Who: "p0000"}})
		l.tap(t, ui.OpenOwn{Who: "p0000"})
		touch := func(pictures ...int8) {
			for _, n := range pictures {
				l.tap(t, ui.CodePicture{N: n})
			}
		}
		touch(2, 7, 2)
		require.Empty(t, l.model.Self)
		touch(2, 2, 7)
		require.Equal(t, board.PersonID("p0000"), l.model.Self)
		require.NotContains(t, l.said.String(), "p0000")
	})
}

// the pause after five wrong tries outlives a start of the wall, whatever the
// clock says by then, and so do the tries before it. The log says nothing of it.
func TestPauseOutlivesAStart(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 1), func(t *testing.T, l *lone) {
		l.edit(t, func(p *record.Person) { p.Code = record.NewPictureCode(make([]byte, 16), [3]int8{2, 2, 7}) })
		ask := func(s *memory.Screen) {
			tapOn(t, s, ui.Go{To: ui.People{}})
			tapOn(t, s, ui.Enter{To: ui.Someone{Who: "p0000"}})
			tapOn(t, s, ui.OpenOwn{Who: "p0000"})
		}
		wrong := func(s *memory.Screen, times int) {
			for range times {
				for _, n := range []int8{1, 2, 3} {
					tapOn(t, s, ui.CodePicture{N: n})
				}
			}
		}
		paused := func(s *memory.Screen) bool { return s.Frame().Find(ui.CodePicture{N: 0}) == nil }
		ask(l.screen)
		wrong(l.screen, 4)
		l.again(t, func(s *memory.Screen) {
			ask(s)
			require.False(t, paused(s))
			wrong(s, 1)
			require.True(t, paused(s), "four before the start and one after")
		})
		require.Equal(t, []cache.Tries{{Who: "p0000", Wrong: 5, Left: 5 * time.Minute}}, l.cache.Tries())
		require.NoError(t, l.cache.SetClock(cache.Clock{Seen: time.Now().AddDate(0, 0, 2)})) // it will be later all at once
		l.again(t, func(s *memory.Screen) {
			ask(s)
			require.True(t, paused(s))
			l.pass(4 * time.Minute)
			ask(s)
			require.True(t, paused(s))
			l.pass(90 * time.Second)
			ask(s)
			require.False(t, paused(s), "five minutes, and no longer")
		})
		require.NotContains(t, l.said.String(), "p0000")
	})
}

// A clock that is set shortens no pause, and keeps nobody's page open longer.
func TestClockThatIsSetChangesNoPause(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 1), func(t *testing.T, l *lone) {
		l.edit(t, func(p *record.Person) { p.Code = record.NewPictureCode(make([]byte, 16), [3]int8{2, 2, 7}) })
		set := func(by time.Duration) {
			l.inbox.put(func() { l.heard(l.clock.At(time.Now()).Add(by), time.Now()) })
			l.pass(time.Second)
		}
		ask := func() {
			l.tap(t, ui.Go{To: ui.People{}})
			l.tap(t, ui.Enter{To: ui.Someone{Who: "p0000"}})
			l.tap(t, ui.OpenOwn{Who: "p0000"})
		}
		ask()
		for range 5 {
			for _, n := range []int8{1, 2, 3} {
				l.tap(t, ui.CodePicture{N: n})
			}
		}
		set(10 * time.Minute)
		require.Nil(t, l.screen.Frame().Find(ui.CodePicture{N: 0}))
		l.pass(5 * time.Minute)
		ask()
		for _, n := range []int8{2, 2, 7} {
			l.tap(t, ui.CodePicture{N: n})
		}
		require.Equal(t, board.PersonID("p0000"), l.model.Self)
		set(-time.Hour)
		require.NotEmpty(t, l.model.Self, "they have only just touched it")
		l.pass(ui.DefaultStays.Identified + ui.DefaultStays.Warning)
		require.Empty(t, l.model.Self, "and are gone when they are gone")
	})
}

// edit changes the only person, as if the hub had told.
func (l *lone) edit(t *testing.T, f func(*record.Person)) {
	t.Helper()
	facts := l.cache.Facts()
	p := facts.People["p0000"]
	before, err := wire.EncodeFact(p)
	require.NoError(t, err)
	f(&p)
	after, err := wire.EncodeFact(p)
	require.NoError(t, err)
	at := facts.At
	at.Rev++
	at.Sum = at.Sum.Sub(before.Hash()).Add(after.Hash())
	require.NoError(t, l.cache.Apply([]record.Op{{Row: after}}, at, false))
	l.pass(time.Second)
}

// open has the only person agree to these.
func (l *lone) open(t *testing.T, choices ...record.Choice) {
	t.Helper()
	l.edit(t, func(p *record.Person) { p.Open = choices })
}

// again starts another player on the same cache, for as long as f runs.
func (l *lone) again(t *testing.T, f func(*memory.Screen)) {
	t.Helper()
	pictures := NewPictures(l.cache, l.log)
	screen := memory.Open(memory.Options{Size: image.Pt(1920, 1080), Images: pictures})
	p, err := New(Config{
		Cache: l.cache, Pictures: pictures, Presenter: screen, TimeSet: true, Log: l.log,
		Look: l.cfg.Look,
	})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		assert.NoError(t, p.Run(ctx))
	}()
	defer func() {
		cancel()
		<-ended
	}()
	l.pass(time.Second)
	f(screen)
}

// tapOn is [lone.tap] on another screen.
func tapOn(t *testing.T, s *memory.Screen, m render.Meaning) {
	t.Helper()
	target := s.Frame().Find(m)
	require.NotNil(t, target, "nothing means %#v", m)
	s.Tap(target.Rect.Min.Add(target.Rect.Size().Div(2)))
	time.Sleep(time.Second)
	synctest.Wait()
}
