package record

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// a number is recognised however a reader types it, on its own board alone,
// and neither it nor what recognises it prints.
func TestTagRecognisesANumber(t *testing.T) {
	a, b := NewTagKey([]byte("one board")), NewTagKey([]byte("another"))
	require.Equal(t, a.Tag("04A2B3C4"), a.Tag("04:a2:b3:c4"))
	require.NotEqual(t, a.Tag("04A2B3C4"), a.Tag("04A2B3C5"))
	require.NotEqual(t, a.Tag("04A2B3C4"), b.Tag("04A2B3C4"))
	require.Empty(t, a.Tag(""))
	require.Empty(t, a.Tag(" :"))
	require.Empty(t, TagKey("").Tag("04A2B3C4"))
	require.Equal(t, "(tag) (tag) (key)", fmt.Sprintf("%v %#v %s", a.Tag("1234"), a.Tag("1234"), a))
}
