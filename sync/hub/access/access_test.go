package access

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// Every word is in every language, and none is empty.
func TestEveryWordIsInEveryLanguage(t *testing.T) {
	var keys []string
	for _, lang := range Languages() {
		said, err := words(lang)
		require.NoError(t, err)
		have := slices.Sorted(maps.Keys(said))
		if keys == nil {
			keys = have
		}
		require.Equal(t, keys, have, lang)
		for k, v := range said {
			require.NotEmpty(t, strings.TrimSpace(v), "%s %s", lang, k)
		}
	}
	_, err := words("xx")
	require.EqualError(t, err, `no words in "xx"`)
}

// R-DPA-05: the page of everybody in the demo house says everything in words there
// are, and fetches nothing from anywhere.
func TestPageOfEverybody(t *testing.T) {
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	now := time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)
	n := 0
	for r := range h.Records() {
		switch r.(type) {
		case *house.Resident, *house.Staff, *house.Relative:
		default:
			continue
		}
		n++
		a := Of(h, r, now)
		for _, right := range record.Rights {
			for _, state := range []string{house.RequestOpen, house.RequestAnswered, house.RequestRefused} {
				a.Requests = append(a.Requests, Request{Right: right, Asked: "2026-12-01T10:00", Due: "2026-12-31", State: state})
			}
		}
		for _, by := range []string{"hub", "screen", "staff", "import"} {
			for _, action := range []string{"create", "change", "delete", "read", "export", "tighten", "request", "unrequest", "plan erase", "plan anonymise"} {
				for _, kind := range []string{"resident", "staff", "relative", "activity", "meal", "withdrawal"} {
					a.Done = append(a.Done, Entry{now, by, action, kind})
				}
			}
		}
		for _, lang := range Languages() {
			var b strings.Builder
			require.NoError(t, a.Page(&b, lang))
			page := b.String()
			require.NotContains(t, page, "⟦")
			require.NotContains(t, page, "http:")
			require.NotContains(t, page, "https:")
			require.NotContains(t, page, "<script")
			require.NotContains(t, page, "[name]")
			require.Contains(t, page, `lang="`+string(lang)+`"`)
			if p, ok := r.(*house.Resident); ok {
				require.Contains(t, page, p.FirstName.Reveal())
			}
		}
	}
	require.Greater(t, n, 20)
}
