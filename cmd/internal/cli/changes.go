package cli

import (
	"context"
	"log/slog"
	"sync"

	"tavle/config"
)

// A Change is what a configuration file says now. Whoever takes one from
// [Changes] answers it.
type Change[T config.Program] struct {
	Config *T
	answer chan<- error
}

// Answer says that the change is in force, or why it does not work, in which
// case what was in force before goes on.
func (c Change[T]) Answer(err error) { c.answer <- err }

// Changes watches the file of the configuration a program runs with until ctx
// ends, and logs what becomes of each change. Wait returns when it has ended.
func Changes[T config.Program](ctx context.Context, s config.Source, running *T, log *slog.Logger) (changes <-chan Change[T], wait func()) {
	out := make(chan Change[T])
	propose := func(next *T) error {
		answer := make(chan error, 1)
		select {
		case out <- Change[T]{next, answer}:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case err := <-answer:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	report := func(err error) {
		if err != nil {
			log.ErrorContext(ctx, "configuration not taken up", "error", err)
		} else {
			log.InfoContext(ctx, "configuration taken up")
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := config.Watch(ctx, s, running, propose, report); err != nil {
			log.ErrorContext(ctx, "configuration is not watched", "error", err)
		}
	})
	return out, wg.Wait
}
