package hub

import (
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// However many screens take nothing, the others are written to; and who is told of
// a change at once is seen to by few.
func TestWritersWaitForNoScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const slow, quick = 100, 10_000
		stuck := make(chan struct{})
		slowOnes := map[*conn]bool{}
		var written sync.Map
		w := newWriters(func(c *conn) {
			if slowOnes[c] {
				<-stuck
			}
			written.Store(c, true)
		})
		count := func() (n int) {
			written.Range(func(any, any) bool { n++; return true })
			return n
		}
		for range slow {
			slowOnes[new(conn)] = true
		}
		for c := range slowOnes {
			w.hand(c)
		}
		for range quick {
			w.hand(new(conn))
		}
		synctest.Wait()
		require.Equal(t, quick, count())
		idle := func() int {
			w.Lock()
			defer w.Unlock()
			require.Empty(t, w.waiting)
			require.False(t, w.called)
			return w.idle
		}
		require.LessOrEqual(t, idle(), keptWriters)

		close(stuck)
		synctest.Wait()
		require.Equal(t, slow+quick, count())
		require.Equal(t, keptWriters, idle(), "the others have ended")
		w.hand(new(conn))
		synctest.Wait()
		require.Equal(t, slow+quick+1, count())
		w.stop() // and whoever is left running is an error of the bubble
	})
}
