package house

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// A question has two answers at least and five at most: more do not fit a wall.
func TestQuestionHasTwoToFiveAnswers(t *testing.T) {
	for n, ok := range map[int]bool{1: false, 2: true, 5: true, 6: false} {
		h := demoHouse(t)
		h.Polls[0].Options = nil
		for i := range n {
			h.Polls[0].Options = append(h.Polls[0].Options, PollOption{Pictogram: fmt.Sprint("p", i), Title: record.Text{"da": "Ja"}})
		}
		require.Equal(t, ok, Check(&h.Polls[0]) == nil, "%d", n)
	}
}

// R-ACT-13: numbers are told again when five more have answered than when they
// were told last, however often somebody thinks better of it between: what two
// numbers in a row differ by is never one answer.
func TestNumbersAreToldForFiveMore(t *testing.T) {
	var tally Tally
	count := func(picto string, less bool, told ...int) {
		t.Helper()
		tally = tally.Count(picto, less)
		got := []int{tally.Told["a"], tally.Told["b"]}
		require.Equal(t, told, got)
	}
	for range 4 {
		count("a", false, 0, 0)
	}
	count("b", false, 4, 1)
	count("b", true, 4, 1)
	count("a", false, 4, 1)
	require.Equal(t, map[string]int{"a": 5}, tally.All)
	for range 4 {
		count("b", false, 4, 1)
	}
	count("b", false, 5, 5)
	require.Equal(t, 12, tally.Came)
	was := tally
	count("c", true, 5, 5)
	require.Equal(t, was, tally, "nobody said c: nothing is taken back")
}
