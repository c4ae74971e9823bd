package manager

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every template can be read, in every language.
func TestEveryTemplateCanBeRead(t *testing.T) {
	s, err := newStatic()
	require.NoError(t, err)
	v, err := newViews(s)
	require.NoError(t, err)
	require.NotEmpty(t, v.pages)
	for name, read := range v.pages {
		_, err := read()
		require.NoError(t, err, name)
	}
}

// A hub that no staff come to has no pages in its memory. All of them are twenty
// megabytes.
func TestPagesNobodyAskedForAreNotInMemory(t *testing.T) {
	heap := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	s, err := newStatic()
	require.NoError(t, err)
	before := heap()
	v, err := newViews(s)
	require.NoError(t, err)
	require.Less(t, heap()-before, 2<<20)
	runtime.KeepAlive(v)
}
