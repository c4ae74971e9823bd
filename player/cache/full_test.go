package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/player/seal"
	"tavle/sync/record"
)

// R: on a full disk a board that does not fit is refused with ErrDiskFull and
// the old one stays, also after a restart; a touch still finds the space that
// was set aside for it; and when there is room again, all goes on. (Issue 2,
// "Bad input".) Run in a child twice over: under a limit on file sizes, which
// works everywhere, and on a small tmpfs where one can be mounted.
func TestFullDisk(t *testing.T) {
	places := map[string]string{"limit": t.TempDir()}
	if dir := t.TempDir(); syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1100k") == nil {
		t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
		places["tmpfs"] = dir
	} else {
		t.Log("no tmpfs can be mounted here: the limit stands for both")
	}
	for how, dir := range places {
		t.Run(how, func(t *testing.T) {
			out, err := child(t, "full", how, filepath.Join(dir, "cache")).CombinedOutput()
			require.NoError(t, err, "%s", out)
			require.Contains(t, string(out), "refused: ")
			t.Logf("%s", out)
		})
	}
}

func init() {
	childRoles["full"] = func(args []string) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("%v", p)
			}
		}()
		return fillDisk(args[0] == "limit", args[1])
	}
}

// childT makes require usable outside a test.
type childT struct{ testing.TB }

func (childT) Helper()                   {}
func (childT) Errorf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }
func (childT) FailNow()                  { panic("failed") }
func (childT) Cleanup(func())            {}

func fillDisk(limit bool, dir string) error {
	t := childT{}
	s := &testScreen{t: t, dir: dir}
	s.secret = seal.HostFile{Path: filepath.Join(filepath.Dir(dir), "device.secret")}
	h := newHouse(t)
	c := s.open()
	h.tell(c, h.furnish(10, 10))
	enqueue(t, c, "before")
	had := *h

	// No more room. Under the limit no file grows beyond the outbox; on the
	// tmpfs a file takes what is left.
	var free func()
	filler := filepath.Join(filepath.Dir(dir), "filler")
	if limit {
		var old syscall.Rlimit
		require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old))
		small := old
		small.Cur = outboxSpace
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small))
		free = func() { require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old)) }
	} else {
		f, err := os.Create(filler)
		require.NoError(t, err)
		for err == nil {
			_, err = f.Write(make([]byte, 4096))
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.NoError(t, f.Close())
		free = func() { require.NoError(t, os.Remove(filler)) }
	}

	// A big board does not fit.
	var facts []record.Fact
	for i := range 400 {
		facts = append(facts, activityWith(fmt.Sprintf("b%04d", i), strings.Repeat("lang tekst ", 200)))
	}
	big, bigAt := h.set(facts)
	err := c.Apply(big, bigAt, false)
	require.ErrorIs(t, err, ErrDiskFull)
	fmt.Println("refused:", err)
	*h = had
	h.rows = map[record.Key]record.Row{}
	for k, r := range had.rows {
		if !strings.HasPrefix(k.ID, "b") {
			h.rows[k] = r
		}
	}
	h.requireShows(c)

	// Touches still are stored; so is the clock.
	for i := range 200 {
		enqueue(t, c, fmt.Sprint("full", i))
	}
	require.NoError(t, c.SetClock(Clock{Spent: 1e9}))

	// Somebody who is taken back is gone, whether or not there is room for the
	// rest of what the hub says; also after a restart, with everybody else there.
	ops, at := h.set(nil, personKey("p0003"))
	err = c.Apply(ops, at, false)
	fmt.Println("restriction on the full disk:", err)
	require.True(t, err == nil || errors.Is(err, ErrDiskFull))
	require.Len(t, c.Facts().People, 9)
	require.NotContains(t, c.Facts().People, record.PersonID("p0003"))
	require.Len(t, s.keyring().People, 9)
	require.NoError(t, c.Close())
	c = s.open()
	require.Len(t, c.Facts().People, 9)
	require.NotContains(t, c.Facts().People, record.PersonID("p0003"))
	require.Len(t, c.Outbox(), 201)
	require.NotEmpty(t, c.Facts().Activities)

	free()
	h.tellAll(c)
	h.requireShows(c)
	require.NoError(t, c.Close())
	h.requireShows(s.open())
	return nil
}
