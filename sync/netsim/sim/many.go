package sim

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Many runs n seeds from c.Seed on, on every processor there is, and calls each
// with every outcome, one at a time and in no order. It ends early when ctx does
// or each returns false.
func Many(ctx context.Context, c Config, n int, each func(Outcome) bool) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // runs are small; a third of the time went into tidying up
	var next atomic.Int64
	var lock sync.Mutex
	var over atomic.Bool
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for ctx.Err() == nil && !over.Load() {
				i := next.Add(1) - 1
				if i >= int64(n) {
					return
				}
				mine := c
				mine.Seed += uint64(i)
				out := Run(mine)
				lock.Lock()
				if !over.Load() && !each(out) {
					over.Store(true)
				}
				lock.Unlock()
			}
		})
	}
	wg.Wait()
}
