package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// raiseFiles lets this process have as many files open as it may.
func raiseFiles() error {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return fmt.Errorf("limit of open files: %w", err)
	}
	if l.Cur = l.Max; l.Cur < 1<<20 { // root may have more than it has
		_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 1 << 20, Max: 1 << 20})
	}
	_ = unix.Getrlimit(unix.RLIMIT_NOFILE, &l)
	l.Cur = l.Max
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return fmt.Errorf("limit of open files: %w", err)
	}
	return nil
}

// enoughFiles reports whether n connections can be open, and what to do if not.
func enoughFiles(n int) error {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return fmt.Errorf("limit of open files: %w", err)
	}
	if want := uint64(n) + 200; l.Cur < want {
		return fmt.Errorf("%d files may be open here, and %d connections need %d; raise the hard limit (ulimit -Hn)", l.Cur, n, want)
	}
	return nil
}

// processor returns how much processor time a process has used.
func processor(pid int) time.Duration {
	var t unix.Timespec
	const processClock = 2 // CPUCLOCK_SCHED of clock_getcpuclockid(3)
	if err := unix.ClockGettime(int32(^pid<<3|processClock), &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// pss returns how many bytes of memory a process has to itself, with its
// share of what it has with others.
func pss(pid int) int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0
	}
	_, b, _ = bytes.Cut(b, []byte("\nPss:"))
	kib, _, _ := bytes.Cut(bytes.TrimSpace(b), []byte(" "))
	n, _ := strconv.Atoi(string(kib))
	return n << 10
}

// quantile returns the value below which the q-th part of all lies.
func quantile[T cmp.Ordered](all []T, q float64) T {
	var none T
	if len(all) == 0 {
		return none
	}
	all = slices.Sorted(slices.Values(all))
	return all[min(int(q*float64(len(all))), len(all)-1)]
}

func median[T cmp.Ordered](all []T) T { return quantile(all, 0.5) }
