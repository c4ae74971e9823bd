package build

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// What the linker was told overrules what the Go tool noted, and what nobody
// knows is left out.
func TestLinkerOverrulesGoTool(t *testing.T) {
	noted := &debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.4.0"}, Settings: []debug.BuildSetting{
		{Key: "CGO_ENABLED", Value: "0"},
		{Key: "GOARCH", Value: "arm"},
		{Key: "GOARM", Value: "7,softfloat"},
		{Key: "GOOS", Value: "linux"},
		{Key: "vcs.revision", Value: "1f2e3d4c5b6a79880000000000000000000000ff"},
		{Key: "vcs.time", Value: "2026-11-22T10:00:00Z"},
		{Key: "vcs.modified", Value: "true"},
	}}
	require.Equal(t, "v1.4.0 (1f2e3d4c5b6a with changes of 2026-11-22, go1.26.8, linux/armv7, static)", read(noted, "", "", "").String())
	require.Equal(t, "v1.5.0-rc1 (abc with changes of 2027-01-01, go1.26.8, linux/armv7, static)",
		read(noted, "v1.5.0-rc1", "abc", "2027-01-01T00:00:00Z").String())
	require.Equal(t, "devel (go1.26.8)", read(&debug.BuildInfo{GoVersion: "go1.26.8", Main: debug.Module{Version: "(devel)"}}, "", "", "").String())
	require.Equal(t, "devel ()", read(new(debug.BuildInfo), "", "", "").String())
}

// A test is a build, too.
func TestThisBuildKnowsItself(t *testing.T) {
	i := Read()
	require.Equal(t, runtime.Version(), i.Go)
	require.Contains(t, i.System, runtime.GOOS+"/"+runtime.GOARCH)
}
