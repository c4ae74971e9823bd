// Package vitals reads how the machine is that a screen runs on: how warm, how much
// room is left, how much memory is taken. What cannot be read is not known, which is
// no error: machines differ in what they can say of themselves.
package vitals

import (
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Vitals is how a machine is. Zero is not known.
type Vitals struct {
	TempC    float64 // of its warmest part
	FreeMB   int64   // where data is kept; at least 1
	MemoryMB int64   // that this program takes; at least 1
}

// A Machine is what is asked; the zero Machine is this one, without a folder.
type Machine struct {
	Dir  string                                 // where data is kept; "": it is not asked how much room is left
	FS   fs.FS                                  // with sys and proc; nil: /
	Free func(dir string) (bytes int64, _ bool) // room for this program; nil: the kernel says
}

// zones are where the kernel says how warm it is, in thousandths of a degree.
const zones = "sys/class/thermal/thermal_zone*/temp"

// Read reads it all.
func (m Machine) Read() (v Vitals) {
	if m.FS == nil {
		m.FS = os.DirFS("/")
	}
	if m.Free == nil {
		m.Free = free
	}
	paths, _ := fs.Glob(m.FS, zones)
	for _, path := range paths {
		n, ok := number(m.FS, path, 0)
		if c := math.Round(float64(n)/100) / 10; ok && c > -100 && c < 200 && (v.TempC == 0 || c > v.TempC) {
			v.TempC = c
		}
	}
	if n, ok := number(m.FS, "proc/self/statm", 1); ok && n > 0 {
		v.MemoryMB = megabytes(n * int64(os.Getpagesize()))
	}
	if m.Dir != "" {
		if n, ok := m.Free(m.Dir); ok {
			v.FreeMB = megabytes(n)
		}
	}
	return v
}

// megabytes returns how many n bytes are, at least one: none is not known.
func megabytes(n int64) int64 { return max(1, n/1_000_000) }

// number reads one word of a small file as a number.
func number(from fs.FS, path string, word int) (int64, bool) {
	f, err := from.Open(path)
	if err != nil {
		return 0, false
	}
	defer func() { _ = f.Close() }()
	var b [128]byte
	n, _ := f.Read(b[:])
	words := strings.Fields(string(b[:n]))
	if len(words) <= word {
		return 0, false
	}
	x, err := strconv.ParseInt(words[word], 10, 64)
	return x, err == nil
}

// free asks the kernel how much of a folder's disk this program may still fill.
func free(dir string) (int64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true //nolint:unconvert // their types differ between processors
}
