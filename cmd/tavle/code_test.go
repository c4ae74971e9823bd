package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// What is printed opens to those pictures in that order alone, is another every
// time, and does not spell them.
func TestCodeRecognisesItsPictures(t *testing.T) {
	run := func(pictures ...string) (string, error) {
		var out bytes.Buffer
		c := root()
		c.SetOut(&out)
		c.SetErr(&out)
		c.SetArgs(append([]string{"code"}, pictures...))
		err := c.Execute()
		return strings.TrimSpace(out.String()), err
	}
	first, err := run("red-apple", "key", "key")
	require.NoError(t, err)
	second, err := run("red-apple", "key", "key")
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	code := record.PictureCode(first)
	require.True(t, code.Valid())
	require.True(t, code.Opens([3]int8{0, 4, 4}))
	require.False(t, code.Opens([3]int8{4, 0, 4}))
	require.NotContains(t, first, "key")
	_, err = run("red-apple", "key", "dragon")
	require.ErrorContains(t, err, "picture 3: there are red-apple")
}
