package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../.."

// the page of accessibility says what the tests say. `make rules` writes it.
func TestThePageSaysWhatTheTestsSay(t *testing.T) {
	tests, err := held(root)
	require.NoError(t, err)
	page, err := os.ReadFile(filepath.Join(root, "docs/accessibility.md"))
	require.NoError(t, err)
	require.Equal(t, string(document(tests)), string(page), "make rules")
}

// whatever a program can hold is held by a test, and no test bears the
// number of a rule that is not there.
func TestEveryRuleHasATest(t *testing.T) {
	tests, err := held(root)
	require.NoError(t, err)
	known := map[string]bool{}
	for i, r := range Rules {
		known[r.ID] = true
		require.Equal(t, fmt.Sprintf("A-%02d", i+1), r.ID)
		if r.Otherwise == "" && len(tests[r.ID]) == 0 {
			t.Errorf("%s (%s): no test bears its number", r.ID, r.Asks)
		}
	}
	for id, by := range tests {
		if !known[id] {
			t.Errorf("%s of %s: there is no such rule", id, by[0].Test)
		}
	}
}
