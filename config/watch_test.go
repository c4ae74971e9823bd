package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/stretchr/testify/require"
)

// patience is how long something that has to come may take on a busy machine.
const patience = time.Minute

// A watched is a file under Watch.
type watched struct {
	t      *testing.T
	path   string
	broken error // what apply answers

	news chan news
}

// news is a call of apply, or else of report.
type news struct {
	applied *Player
	err     error
}

// watch watches path until the test ends.
func watch(t *testing.T, s Source) *watched {
	t.Helper()
	running, err := Load[Player](s)
	require.NoError(t, err)
	w := &watched{t: t, path: s.Path, news: make(chan news)}
	ctx, cancel := context.WithCancel(t.Context())
	tell := func(n news) {
		select {
		case w.news <- n:
		case <-ctx.Done():
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		err := Watch(ctx, s, running, func(p *Player) error {
			tell(news{applied: p})
			return w.broken
		}, func(err error) { tell(news{err: err}) })
		if err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		cancel()
		wg.Wait()
	})
	return w
}

// next waits for what is told next.
func (w *watched) next() news {
	w.t.Helper()
	select {
	case n := <-w.news:
		return n
	case <-time.After(patience):
		w.t.Fatal("nothing was told")
		panic("unreachable")
	}
}

// applied waits until a configuration with this rotation is applied and in
// force. What is reported meanwhile was the file half written; what is applied
// meanwhile was not chosen by anybody.
func (w *watched) applied(rotation int) {
	w.t.Helper()
	for {
		n := w.next()
		if n.applied == nil {
			continue
		}
		require.Equal(w.t, rotation, n.applied.Rotation)
		require.NoError(w.t, w.next().err)
		return
	}
}

// reported waits until a mistake of that kind is reported.
func (w *watched) reported(k Kind) Mistake {
	w.t.Helper()
	for {
		n := w.next()
		require.Nil(w.t, n.applied, "a bad file was applied")
		var all Mistakes
		require.ErrorAs(w.t, n.err, &all)
		for _, m := range all {
			if m.Kind == k {
				return m
			}
		}
	}
}

func rotated(degrees int) []byte { return fmt.Appendf(nil, "rotation = %d\n", degrees) }

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, data, 0o600))
}

// Issue 2, item 6: a change is taken up while the program runs, and what runs goes
// on when the new file does not work.
func TestBadChangeBetweenTwoGoodOnes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "player.toml")
	write(t, path, rotated(0))
	w := watch(t, Source{Path: path})

	write(t, path, rotated(90))
	w.applied(90)

	write(t, path, rotated(45))
	m := w.reported(NotAllowed)
	require.Equal(t, path+":1: rotation: 45 is not one of them; allowed: 0, 90, 180 or 270", m.Error())

	// What ran before is not new.
	write(t, path, rotated(90))
	for n := w.next(); n.err != nil; n = w.next() {
		require.Nil(t, n.applied)
	}

	write(t, path, rotated(180))
	w.applied(180)
}

// A configuration that is well written and does not work is not in force: what
// is written next is compared with what runs.
func TestChangeThatDoesNotWorkIsNotInForce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "player.toml")
	write(t, path, rotated(0))
	w := watch(t, Source{Path: path})
	w.broken = errors.New("panel is gone")
	require.NoError(t, os.WriteFile(path+"~", rotated(90), 0o600))
	require.NoError(t, os.Rename(path+"~", path))
	require.Equal(t, 90, w.next().applied.Rotation)
	require.ErrorIs(t, w.next().err, w.broken)

	// The same file, as somebody says who mended the panel: it is tried again.
	w.broken = nil
	require.NoError(t, os.Chmod(path, 0o640))
	w.applied(90)
}

// Editors write beside the file and rename over it, truncate and write, or
// delete and write.
func TestFileIsFollowedHoweverItIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "player.toml")
	write(t, path, rotated(0))
	w := watch(t, Source{Path: path})

	require.NoError(t, os.WriteFile(path+".swp", rotated(90), 0o600))
	require.NoError(t, os.Rename(path+".swp", path))
	w.applied(90)

	require.NoError(t, os.Truncate(path, 0))
	require.Contains(t, w.reported(Unreadable).Error(), "is empty")
	write(t, path, rotated(180))
	w.applied(180)

	require.NoError(t, os.Rename(path, path+"~"))
	require.Contains(t, w.reported(Unreadable).Error(), "is not there")
	write(t, path, rotated(270))
	w.applied(270)

	require.NoError(t, os.Remove(path))
	_ = w.reported(Unreadable)
	write(t, path, rotated(90))
	w.applied(90)
}

// A file may be a link, and what it links to may be exchanged: by another link
// or in place.
func TestLinksAreFollowed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "etc", "player.toml")
	for _, version := range []string{"etc", "v1", "v2"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, version), 0o700))
	}
	write(t, filepath.Join(dir, "v1", "player.toml"), rotated(0))
	write(t, filepath.Join(dir, "v2", "player.toml"), rotated(90))
	require.NoError(t, os.Symlink("v1", filepath.Join(dir, "current")))
	require.NoError(t, os.Symlink("../current/player.toml", path))
	w := watch(t, Source{Path: path})

	// The link on the way is exchanged, as configuration management does it.
	require.NoError(t, os.Symlink("v2", filepath.Join(dir, "next")))
	require.NoError(t, os.Rename(filepath.Join(dir, "next"), filepath.Join(dir, "current")))
	w.applied(90)

	// The file at its end is written, and the one it led to before is not ours
	// any more.
	write(t, filepath.Join(dir, "v1", "player.toml"), rotated(45))
	write(t, filepath.Join(dir, "v2", "player.toml"), rotated(180))
	w.applied(180)

	// The link itself becomes a file.
	require.NoError(t, os.WriteFile(path+"~", rotated(270), 0o600))
	require.NoError(t, os.Rename(path+"~", path))
	w.applied(270)
}

// The folder may go and come, under the same name or from another.
func TestFolderMayGoAndCome(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "etc", "tavle")
	path := filepath.Join(dir, "player.toml")
	require.NoError(t, os.MkdirAll(dir, 0o700))
	write(t, path, rotated(0))
	w := watch(t, Source{Path: path})

	require.NoError(t, os.RemoveAll(filepath.Dir(dir)))
	_ = w.reported(Unreadable)
	require.NoError(t, os.MkdirAll(dir, 0o700))
	write(t, path, rotated(90))
	w.applied(90)

	require.NoError(t, os.Rename(dir, dir+".old"))
	_ = w.reported(Unreadable)
	require.NoError(t, os.Mkdir(dir+".new", 0o700))
	write(t, filepath.Join(dir+".new", "player.toml"), rotated(180))
	require.NoError(t, os.Rename(dir+".new", dir))
	w.applied(180)

	write(t, path, rotated(270))
	w.applied(270)
}

// A file that need not be there is taken up when it comes, and what it said
// stays in force when it goes.
func TestOptionalFileMayCome(t *testing.T) {
	path := filepath.Join(t.TempDir(), "player.toml")
	w := watch(t, Source{Path: path, Optional: true, Flags: map[string]string{"theme": "evening"}})
	write(t, path, rotated(90))
	for {
		if n := w.next(); n.applied != nil {
			require.Equal(t, 90, n.applied.Rotation)
			require.Equal(t, "evening", n.applied.Theme, "flags hold against a changed file")
			require.NoError(t, w.next().err)
			break
		}
	}
	require.NoError(t, os.Remove(path))
	_ = w.reported(Unreadable)
}

// A change between Load and Watch is not lost.
func TestChangeBeforeWatchIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, told := bubble(t, rotated(90))
		r.running = Default[Player]()
		r.step(t, func() {})
		require.Equal(t, 90, <-told)
	})
}

// While something happens to the file it is not read; what happens to its
// neighbours does not matter.
func TestFileIsReadWhenItIsQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, told := bubble(t, rotated(0))
		r.step(t, func() {
			write(t, r.source.Path, rotated(90))
			for range 10 {
				r.in <- fsnotify.Event{Name: r.source.Path, Op: fsnotify.Write}
				time.Sleep(Quiet - time.Millisecond)
				require.Empty(t, told)
			}
			time.Sleep(time.Millisecond)
			synctest.Wait()
			require.Equal(t, 90, <-told)

			write(t, r.source.Path, rotated(180))
			r.in <- fsnotify.Event{Name: r.source.Path + ".log", Op: fsnotify.Write}
			time.Sleep(time.Hour)
			synctest.Wait()
			require.Empty(t, told)

			// Lost events are the same as any.
			r.lost <- fsnotify.ErrEventOverflow
			time.Sleep(Quiet)
			synctest.Wait()
			require.Equal(t, 180, <-told)
			require.Empty(t, told)
		})
	})
}

// When the system has no more watches to give, that is told, and what was watched
// goes on being watched.
func TestWatchSurvivesASystemWithoutWatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, told := bubble(t, rotated(0))
		full := errors.New("no watches left")
		var reported []error
		r.report = func(err error) { reported = append(reported, err) }
		looked := 0
		r.look = func([]string) (sight, error) {
			if looked++; looked == 2 {
				return sight{}, full
			}
			return sight{r.in, r.lost}, nil
		}
		r.step(t, func() {
			for _, degrees := range []int{90, 180} {
				write(t, r.source.Path, rotated(degrees))
				r.in <- fsnotify.Event{Name: r.source.Path, Op: fsnotify.Write}
				time.Sleep(Quiet)
				require.Equal(t, degrees, <-told)
			}
		})
		require.Len(t, reported, 3)
		require.ErrorIs(t, reported[0], full)
		require.Equal(t, []error{nil, nil}, reported[1:])
	})
}

// A bubbled is a reloader whose events come from the test.
type bubbled struct {
	reloader[Player]
	in   chan fsnotify.Event
	lost chan error
}

// bubble returns a reloader of a file and the rotations it applied.
func bubble(t *testing.T, data []byte) (*bubbled, <-chan int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "player.toml")
	write(t, path, data)
	running, err := Load[Player](Source{Path: path})
	require.NoError(t, err)
	told := make(chan int, 10)
	b := &bubbled{in: make(chan fsnotify.Event), lost: make(chan error)}
	b.reloader = reloader[Player]{
		source: Source{Path: path}, running: running,
		apply:  func(p *Player) error { told <- p.Rotation; return nil },
		report: func(err error) { require.NoError(t, err) },
		look:   func([]string) (sight, error) { return sight{b.in, b.lost}, nil },
	}
	return b, told
}

// step runs the reloader while do runs.
func (b *bubbled) step(t *testing.T, do func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { require.NoError(t, b.run(ctx)) })
	synctest.Wait()
	do()
	cancel()
	wg.Wait()
}
