package player

import (
	"image"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/player/ui"
	"tavle/render"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// withFilm has the cache know a film besides, as if a hub had told it; or, without
// data, know it no more.
func (l *lone) withFilm(t *testing.T, data []byte) {
	t.Helper()
	at := record.Position{Epoch: "00000000000000a1", Rev: 2}
	var ops []record.Op
	facts := []record.Fact{record.House{Zone: "Europe/Copenhagen", Langs: []record.Lang{"da"}, Modules: []record.Module{"videos"}}}
	if data != nil {
		facts = append(facts, record.Video{ID: "v", Title: record.Text{"da": "Skærmen"}, Film: assetNamed(data), Seconds: 12})
	}
	for _, f := range facts {
		r, err := wire.EncodeFact(f)
		require.NoError(t, err)
		at.Sum = at.Sum.Add(r.Hash())
		ops = append(ops, record.Op{Row: r})
	}
	require.NoError(t, l.cache.Apply(ops, at, true))
	if data != nil {
		require.NoError(t, l.cache.PutPhoto(assetNamed(data), data))
	}
}

// filmOn returns the picture of a film on the glass, or nil.
func (l *lone) filmOn() (img *image.RGBA, on bool) {
	for _, op := range l.screen.Frame().Ops {
		if op.Kind == render.PictureOp && strings.HasPrefix(op.Picture.Source, filmSource) {
			return l.pictures.Image(op.Picture), true
		}
	}
	return nil, false
}

func demoFilm(t *testing.T) []byte {
	t.Helper()
	b, err := demo.Asset("asset:film-screen")
	require.NoError(t, err)
	return b
}

// A film is shown picture after picture by the clock of the wall, from the sealed
// cache, and its memory is given back when its page is left.
func TestFilmIsOnTheGlass(t *testing.T) {
	alone(t, image.Pt(800, 480), nil, func(t *testing.T, l *lone) {
		l.withFilm(t, demoFilm(t))
		l.pass(time.Second)
		l.tap(t, ui.Go{To: ui.Videos{}})
		l.tap(t, ui.Enter{To: ui.Video{ID: "v"}})
		_, on := l.filmOn()
		require.False(t, on)
		l.tap(t, ui.Play{ID: "v"})
		pictures := map[*image.RGBA]bool{}
		for range 50 {
			l.pass(40 * time.Millisecond)
			img, on := l.filmOn()
			require.True(t, on)
			if img != nil {
				pictures[img] = true
			}
		}
		require.Greater(t, len(pictures), 40, "fifty were due")
		l.tap(t, ui.Halt{ID: "v"})
		stands, _ := l.filmOn()
		l.pass(3 * time.Second)
		now, _ := l.filmOn()
		require.Same(t, stands, now)
		l.tap(t, ui.Back{})
		require.Nil(t, l.pictures.screening)
	})
}

// V-14: a film that is taken back while it runs is gone from glass and memory.
func TestFilmTakenBackIsGone(t *testing.T) {
	alone(t, image.Pt(800, 480), nil, func(t *testing.T, l *lone) {
		l.withFilm(t, demoFilm(t))
		l.pass(time.Second)
		l.tap(t, ui.Go{To: ui.Videos{}})
		l.tap(t, ui.Enter{To: ui.Video{ID: "v"}})
		l.tap(t, ui.Play{ID: "v"})
		l.pass(time.Second)
		op := l.screen.Frame()
		img, _ := l.filmOn()
		require.NotNil(t, img)
		l.withFilm(t, nil)
		l.pass(time.Second)
		_, on := l.filmOn()
		require.False(t, on)
		require.Nil(t, l.pictures.screening)
		for _, o := range op.Ops {
			if strings.HasPrefix(o.Picture.Source, filmSource) {
				require.Nil(t, l.pictures.Image(o.Picture), "not even when asked for")
			}
		}
		_, err := l.cache.Photo(assetNamed(demoFilm(t)))
		require.Error(t, err)
	})
}

// What a hub sends for a film and is none costs the film: its page stands.
func TestFilmThatIsNoneIsLeftOut(t *testing.T) {
	alone(t, image.Pt(800, 480), nil, func(t *testing.T, l *lone) {
		bad := demoFilm(t)[:3000]
		l.withFilm(t, bad)
		l.pass(time.Second)
		l.tap(t, ui.Go{To: ui.Videos{}})
		l.tap(t, ui.Enter{To: ui.Video{ID: "v"}})
		l.tap(t, ui.Play{ID: "v"})
		l.pass(3 * time.Second)
		synctest.Wait()
		require.NotEmpty(t, l.screen.Frame().Texts())
	})
}
