package hub

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Memory is given back once a crowd has come and is quiet, and seldom.
func TestHubRestsAfterACrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rests atomic.Int64
		c := newCrowds(func() { rests.Add(1) })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			c.keepSmall(ctx)
		}()
		come := func(n int) {
			for range n {
				c.entered()
			}
			synctest.Wait()
		}
		after := func(d time.Duration, want int) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			require.EqualValues(t, want, rests.Load())
		}
		come(crowdOf - 1)
		after(time.Hour, 0)
		come(1)
		after(restAfter-1, 0)
		come(5000) // it goes on
		after(restAfter, 0)
		after(restAfter, 1)
		come(5000)
		after(restEvery-restAfter, 1)
		after(2*restAfter, 2)
		after(time.Hour, 2)
		cancel()
		<-ended
	})
}
