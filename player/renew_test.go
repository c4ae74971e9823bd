package player

import (
	"image"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/wire"
)

// What was taken back, and is nobody's, can be read from the card for an hour at
// most while the wall runs: the cache has other keys by then. Hours in which
// nothing was taken back cost the card nothing.
func TestCacheIsRenewedEveryHour(t *testing.T) {
	alone(t, image.Pt(800, 480), nil, func(t *testing.T, l *lone) {
		keys := func() string {
			b, err := os.ReadFile(filepath.Join(l.dir, "keyring"))
			require.NoError(t, err)
			return string(b)
		}
		at := l.cache.Stored().At
		first := keys()
		r, err := wire.EncodeFact(record.News{ID: "n", Title: record.Text{"da": "Kirsten er på hospitalet"}})
		require.NoError(t, err)
		at.Rev, at.Sum = at.Rev+1, at.Sum.Add(r.Hash())
		require.NoError(t, l.cache.Apply([]record.Op{{Row: r}}, at, false))
		l.pass(2 * time.Hour)
		require.Equal(t, first, keys(), "something came, nothing went")

		at.Rev, at.Sum = at.Rev+1, at.Sum.Sub(r.Hash())
		require.NoError(t, l.cache.Apply([]record.Op{{Row: record.Row{Key: r.Key}, Delete: true}}, at, false))
		require.Equal(t, first, keys())
		l.pass(time.Hour)
		second := keys()
		require.NotEqual(t, first, second)
		l.pass(2 * time.Hour)
		require.Equal(t, second, keys())
	})
}
