package player

import (
	"image"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/assets/film"
	"tavle/player/ui"
	"tavle/player/voice"
	"tavle/render"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// withFilm has the cache know a film besides, as if a hub had told it; or, without
// data, know it no more.
func (l *lone) withFilm(t *testing.T, data []byte) { l.withFilmThat(t, data, false) }

// withFilmThat does so with a film that is heard, or is not.
func (l *lone) withFilmThat(t *testing.T, data []byte, heard bool) {
	t.Helper()
	at := record.Position{Epoch: "00000000000000a1", Rev: 2}
	var ops []record.Op
	facts := []record.Fact{record.House{Zone: "Europe/Copenhagen", Langs: []record.Lang{"da"}, Modules: []record.Module{"videos"}}}
	if data != nil {
		facts = append(facts, record.Video{ID: "v", Title: record.Text{"da": "Skærmen"}, Film: assetNamed(data), Seconds: 12, Sound: heard})
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

// the sound in a film is heard as its pictures are seen, from the sealed copy
// on; when it is made louder it goes on where it was.
func TestFilmIsHeard(t *testing.T) {
	r := new(room)
	alone(t, image.Pt(800, 480), nil, func(t *testing.T, l *lone) {
		track, err := film.Sound(demoFilm(t))
		require.NoError(t, err)
		all := make([]int16, track.Left())
		_, err = track.Read(all)
		require.NoError(t, err)
		l.withFilmThat(t, demoFilm(t), true)
		l.pass(time.Second)
		l.tap(t, ui.Go{To: ui.Videos{}})
		l.tap(t, ui.Enter{To: ui.Video{ID: "v"}})
		require.Empty(t, r.rolled, "it never begins by itself")
		l.tap(t, ui.Play{ID: "v"})
		l.pass(2 * time.Second)
		heard := len(r.rolled)
		require.InDelta(t, 3*track.Rate, heard, float64(track.Rate)/10)
		require.Equal(t, all[:heard], r.rolled)
		at := l.filmedAt()
		require.InDelta(t, 3, at.Seconds(), .1, "the pictures are where the sound is")

		l.press(t, ui.Louder{})
		l.pass(time.Second)
		require.InDelta(t, voice.SpeechPeak+6, r.gain, 0)
		again := r.rolled[heard:]
		require.InDelta(t, track.Rate, len(again), float64(track.Rate)/10)
		from := int(at.Seconds() * float64(track.Rate))
		require.InDelta(t, from, index(all, again[:200]), float64(track.Rate)/10, "it goes on where it was")

		n := len(r.rolled)
		l.screen.Tap(image.Pt(400, 200))
		synctest.Wait()
		l.pass(2 * time.Second)
		require.InDelta(t, n, len(r.rolled), 1000, "a touch anywhere makes it quiet")
	}, func(c *Config) {
		c.Voice = voice.New(voice.Config{Sink: r})
		c.Look.Sound = ui.Sound{Films: true}
	})
}

// index returns where part begins in all, or -1.
func index(all, part []int16) int {
	for i := range len(all) - len(part) {
		if slices.Equal(all[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

// filmedAt returns which moment of a film is on the glass.
func (l *lone) filmedAt() time.Duration {
	for _, op := range l.screen.Frame().Ops {
		if op.Kind == render.PictureOp && strings.HasPrefix(op.Picture.Source, filmSource) {
			_, at := filmOf(op.Picture)
			return at
		}
	}
	return -1
}

// V-14: what is heard of a film stops in the middle of a sound when it is taken back.
func TestSoundOfAFilmTakenBackIsGone(t *testing.T) {
	r := new(room)
	alone(t, image.Pt(800, 480), nil, func(t *testing.T, l *lone) {
		l.withFilmThat(t, demoFilm(t), true)
		l.pass(time.Second)
		l.tap(t, ui.Go{To: ui.Videos{}})
		l.tap(t, ui.Enter{To: ui.Video{ID: "v"}})
		l.tap(t, ui.Play{ID: "v"})
		require.NotEmpty(t, r.rolled)
		cut := r.cut
		l.withFilm(t, nil)
		synctest.Wait()
		n := len(r.rolled)
		require.Equal(t, cut+1, r.cut)
		l.pass(5 * time.Second)
		require.Len(t, r.rolled, n)
	}, func(c *Config) {
		c.Voice = voice.New(voice.Config{Sink: r})
		c.Look.Sound = ui.Sound{Films: true}
	})
}
