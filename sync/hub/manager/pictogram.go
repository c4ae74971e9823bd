package manager

import (
	"net/http"
	"strings"

	"tavle/assets/pictogram"
	"tavle/sync/hub/account"
	"tavle/sync/hub/store"
)

// The pictograms of activities, meals and marks, as the walls draw them.
var _ = add(page{Name: "pictogram", Routes: []route{
	{"GET /pictogram/{name}", account.Public, (*visit).pictogram},
}})

// pictogram answers with one: "/pictogram/guitar.svg".
func (v *visit) pictogram() error {
	b, ok := pictogram.Colour(strings.TrimSuffix(v.r.PathValue("name"), ".svg"))
	if !ok {
		return store.ErrNotFound
	}
	v.w.Header().Set("Content-Type", "image/svg+xml")
	v.w.Header().Set("Cache-Control", "public, max-age=86400")
	v.w.WriteHeader(http.StatusOK)
	_, _ = v.w.Write(b)
	return nil
}
