package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Quiet is how long nothing may happen to a file before it is read. Editors
// write in several steps; nobody waits for a fifth of a second.
const Quiet = 200 * time.Millisecond

// Watch takes up changes of the file until ctx ends; only then it returns nil.
//
// It begins with a configuration that is running, as [Load] returned it. When
// the file changes it is read and checked as Load does it, flags and environment
// included. If it is good and says something else than what is running, apply
// builds what it says beside what runs, and puts it in place if that works; else
// it returns an error and has changed nothing. So a bad change leaves everything
// as it was, and the next good one is compared with what runs.
//
// After each change report is told what keeps the file from being used, or nil
// when what it says is running: the log, and later the glass, explain it. Both
// are called one at a time from within Watch.
//
// Links are followed, and the file's folder may go and come. What is above that
// folder may be deleted too; if it is only renamed, nothing tells, until the
// next change.
//
// A file that vanishes or is emptied is somebody's half-finished work. What runs
// goes on, and the mistake is reported.
func Watch[T Program](ctx context.Context, s Source, running *T, apply func(*T) error, report func(error)) error {
	if s.Path == "" {
		<-ctx.Done()
		return nil
	}
	var l lookout
	defer l.close()
	r := reloader[T]{source: s, running: running, apply: apply, report: report, look: l.look}
	return r.run(ctx)
}

// A reloader is Watch with the watching left to others.
//
//	waiting ──► something happened ──► quiet for a while ──► read ──► waiting
//	                 ▲        │
//	                 └────────┘ and again
type reloader[T Program] struct {
	source  Source
	running *T
	apply   func(*T) error
	report  func(error)
	look    func(dirs []string) (sight, error) // watches these folders and no others

	trail []string
	sight sight
	seen  bool // the file was there
}

// run is Watch.
func (r *reloader[T]) run(ctx context.Context) error {
	if err := r.follow(); err != nil {
		return err
	}
	// It may have changed after it was loaded and before it was watched.
	r.reload(true)
	var settled <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-r.sight.events:
			if !ok {
				return errors.New("watch configuration: the watcher is closed")
			}
			if concerns(r.trail, e.Name) {
				settled = time.After(Quiet)
			}
		case err, ok := <-r.sight.errors:
			if !ok {
				return errors.New("watch configuration: the watcher is closed")
			}
			// Events may be lost: look again. A failing watch is told.
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				r.report(fmt.Errorf("watch configuration: %w", err))
			}
			settled = time.After(Quiet)
		case <-settled:
			settled = nil
			if err := r.follow(); err != nil {
				r.report(err) // what was watched before still is
			}
			r.reload(false)
		}
	}
}

// follow watches the file where it is now.
func (r *reloader[T]) follow() error {
	// The way to it may change before it is watched, though not for long. What
	// happens after is heard.
	for range 10 {
		r.trail = trail(r.source.Path)
		dirs := folders(r.trail)
		now, err := r.look(dirs)
		if err != nil {
			return fmt.Errorf("watch configuration: %w", err)
		}
		r.sight = now
		if again := trail(r.source.Path); slices.Equal(again, r.trail) && slices.Equal(folders(again), dirs) {
			break
		}
	}
	return nil
}

// reload reads the file and applies what it says. The first time is only to
// notice what Load did not see.
func (r *reloader[T]) reload(first bool) {
	if r.source.Optional && !r.seen && !exists(r.source.Path) {
		return
	}
	r.seen = true
	next, err := r.load()
	if err == nil && reflect.DeepEqual(next, r.running) {
		if !first {
			r.report(nil)
		}
		return
	}
	if err == nil {
		if err = r.apply(next); err == nil {
			r.running = next
		}
	}
	r.report(err)
}

// load is Load, though nothing is no configuration any more once there was one.
func (r *reloader[T]) load() (*T, error) {
	s := r.source
	s.Optional = false
	data, bad := s.read()
	if len(bad) == 0 && len(bytes.TrimSpace(data)) == 0 {
		return nil, Mistakes{{Kind: Unreadable, Where: s.Path, What: "is empty; what was chosen before stays in force"}}
	}
	return merge[T](s, data, bad...)
}
