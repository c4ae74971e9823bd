package vitals

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func file(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

// The warmest part counts, and what cannot be read is not known.
func TestMachineIsRead(t *testing.T) {
	room := func(n int64, ok bool) func(string) (int64, bool) {
		return func(dir string) (int64, bool) {
			require.Equal(t, "/data", dir)
			return n, ok
		}
	}
	got := Machine{Dir: "/data", Free: room(2_345_678_901, true), FS: fstest.MapFS{
		"sys/class/thermal/thermal_zone0/temp": file("48312\n"),
		"sys/class/thermal/thermal_zone1/temp": file("78960\n"),
		"sys/class/thermal/thermal_zone2/temp": file("-274000\n"),
		"sys/class/thermal/thermal_zone3/temp": file("warm\n"),
		"sys/class/thermal/thermal_zone4/type": file("cpu\n"),
		"proc/self/statm":                      file("30000 25000 9000 1 0 8000 0\n"),
	}}.Read()
	require.InDelta(t, 79, got.TempC, 0.05)
	require.Equal(t, int64(2345), got.FreeMB)
	require.Equal(t, int64(102), got.MemoryMB)

	require.Equal(t, Vitals{FreeMB: 1}, Machine{Dir: "/data", Free: room(0, true), FS: fstest.MapFS{}}.Read(), "a full disk is known to be full")
	require.Zero(t, Machine{Dir: "/data", Free: room(0, false), FS: fstest.MapFS{
		"sys/class/thermal/thermal_zone0/temp": file(""), "proc/self/statm": file("30000"),
	}}.Read())
}

// This machine can be read as it is.
func TestThisMachineIsRead(t *testing.T) {
	v := Machine{Dir: t.TempDir()}.Read()
	require.Positive(t, v.FreeMB)
	require.Positive(t, v.MemoryMB)
	require.Zero(t, Machine{Dir: t.TempDir() + "/none"}.Read().FreeMB)
}
