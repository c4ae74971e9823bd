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
	"tavle/player/ui"
	"tavle/player/ui/look"
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

// PRIVACY 4.6: a choice that is taken back at a wall without a hub holds there at
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
		Look: Look{Lang: "da", Theme: &look.Day},
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
