package player

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/player/cache"
	"tavle/player/seal"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/memory"
	"tavle/render/motion"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A lone is a wall without a hub, in a bubble: everything is real but the glass
// and the time. What its cache has, a hub once sent.
type lone struct {
	*Player
	dir      string // of the cache
	cache    *cache.Cache
	pictures *Pictures
	screen   *memory.Screen
	said     bytes.Buffer  // its log; only while nothing happens
	ended    chan struct{} // closed when it has
}

// alone runs f beside a wall of that size that has just started. It knows one
// person for each photo.
func alone(t *testing.T, size image.Point, photos [][]byte, f func(t *testing.T, l *lone), edits ...func(*Config)) {
	synctest.Test(t, func(t *testing.T) {
		key, err := seal.NewKey(rand.Reader)
		require.NoError(t, err)
		l := new(lone)
		l.dir = filepath.Join(t.TempDir(), "cache")
		l.cache, err = cache.Open(cache.Options{Dir: l.dir, Secret: seal.NewInMemory(key)})
		require.NoError(t, err)
		l.house(t, photos)
		log := slog.New(slog.NewTextHandler(&l.said, nil))
		l.pictures = NewPictures(l.cache, log)
		l.screen = memory.Open(memory.Options{Size: size, Images: l.pictures})
		cfg := Config{
			Cache: l.cache, Pictures: l.pictures, Presenter: l.screen, TimeSet: true, Log: log,
			Look: Look{Lang: "da", Theme: &look.Day, Hours: ui.Hours{Evening: 1200, Night: 360, Day: 360}}, // without a night
		}
		for _, edit := range edits {
			edit(&cfg)
		}
		l.Player, err = New(cfg)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		l.ended = make(chan struct{})
		go func() {
			defer close(l.ended)
			assert.NoError(t, l.Run(ctx))
		}()
		defer func() {
			cancel()
			<-l.ended
			require.NoError(t, l.cache.Close())
		}()
		l.pass(time.Second)
		f(t, l)
	})
}

// loneTags is by what its tags are made.
var loneTags = record.NewTagKey([]byte("lone"))

// moves has what changes be seen to change, as on a real wall. Hours of it take
// long to paint.
func moves(cfg *Config) { cfg.Look.Motion = motion.Full }

// house has the cache know people, as if a hub had told it.
func (l *lone) house(t *testing.T, photos [][]byte) {
	t.Helper()
	at := record.Position{Epoch: "00000000000000a1", Rev: 1}
	var ops []record.Op
	add := func(f record.Fact) {
		r, err := wire.EncodeFact(f)
		require.NoError(t, err)
		at.Sum = at.Sum.Add(r.Hash())
		ops = append(ops, record.Op{Row: r})
	}
	add(record.House{Zone: "Europe/Copenhagen", Langs: []record.Lang{"da"}, Modules: []record.Module{"people"}, TagKey: loneTags})
	for i, data := range photos {
		add(record.Person{
			ID: record.PersonID(fmt.Sprintf("p%04d", i)), Kind: record.Resident, Name: record.NameOf(record.Alone(fmt.Appendf(make([]byte, 0, 16), "Beboer %04d", i))),
			Photo: assetNamed(data), Listed: true, SignUp: true,
		})
	}
	require.NoError(t, l.cache.Apply(ops, at, true))
	for _, data := range photos {
		require.NoError(t, l.cache.PutPhoto(assetNamed(data), data))
	}
	now := time.Now()
	require.NoError(t, l.cache.SetLease(wire.Lease{IssuedMS: now.UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}, now))
}

func assetNamed(data []byte) record.AssetID {
	sum := sha256.Sum256(data)
	return record.AssetID("sha256-" + hex.EncodeToString(sum[:]))
}

// portraits returns so many photos, no two of them the same.
func portraits(t *testing.T, n int) [][]byte {
	t.Helper()
	var picture bytes.Buffer
	require.NoError(t, jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 16, 16)), nil))
	all := make([][]byte, n)
	for i := range all {
		all[i] = fmt.Appendf(bytes.Clone(picture.Bytes()), "%d", i) // behind the picture
	}
	return all
}

// tap touches what means m on the frame shown, and waits until everything that
// follows has happened.
func (l *lone) tap(t *testing.T, m render.Meaning) {
	t.Helper()
	target := l.screen.Frame().Find(m)
	require.NotNil(t, target, "nothing means %#v", m)
	l.screen.Tap(target.Rect.Min.Add(target.Rect.Size().Div(2)))
	l.pass(time.Second)
}

// pass lets time pass until everything is idle.
func (*lone) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
