package hub

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
	"tavle/sync/hub/access"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// R-DPA-05: somebody who asks gets everything that is kept of them,
// wherever it is, and nobody else's surname, telephone number or address; that it was
// written out is in the audit, and so is all that was done before.
func TestAnswerHoldsEverythingOfThemAndNobodyElse(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.plant()
		before := w.mentionsOf("r-canary")
		a, err := w.hub.ExportPerson(t.Context(), byStaff, "r-canary")
		require.NoError(t, err)
		b, err := json.Marshal(a)
		require.NoError(t, err)
		for _, want := range []string{"Žofíæå", "Zofiaaa", "Υπατίαπουλου", "Солнышко", "شقةالكناري", "कैनरी", "En tur", "Møde", "Kor", "Bad", "Brev", "Film", "Nyt", "Sommer", "Datter", `"cook"`, `"lead"`, `"chair"`, `"secretary"`, `"contact"`} {
			require.Contains(t, string(b), want)
		}
		require.Len(t, a.SignUps, 3)
		require.Len(t, a.Pictures, 2)
		require.Equal(t, "jpeg of asset:zofia-and-anna", string(a.Pictures[1].JPEG))
		require.Equal(t, 1, a.Pictures[1].Others)
		require.NotEmpty(t, a.Review)
		require.NotEmpty(t, a.Screens)
		lines := 0
		for _, where := range before {
			if strings.HasPrefix(where, "audit ") {
				lines++
			}
		}
		require.Len(t, a.Done, lines+1, "and the extract itself")
		last := a.Done[len(a.Done)-1]
		require.Equal(t, access.Entry{At: last.At, By: "staff", Action: "export", Kind: "resident"}, last)

		for _, lang := range access.Languages() {
			var page strings.Builder
			require.NoError(t, a.Page(&page, lang))
			for _, want := range []string{"Žofíæå", "कैनरी", "Datter", "data:image/jpeg;base64,"} {
				require.Contains(t, page.String(), want)
			}
			require.NotContains(t, page.String(), "⟦")
			require.Empty(t, canary.In(page.String()+string(b), canary.Secrets()))
		}
		_, err = w.hub.ExportPerson(t.Context(), byStaff, "nobody")
		require.ErrorIs(t, err, store.ErrNotFound)
		_, err = w.hub.ExportPerson(t.Context(), byStaff, "r00")
		require.EqualError(t, err, "export of r00: of a number nothing is kept that says whose it is")
	})
}

// What somebody wrote is words and nothing else, whatever it looks like.
func TestPageIsNotWrittenByWhoIsInIt(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.alter("r01", func(r *house.Resident) { r.LastName = record.NameOf(`<script>alert("x")</script>`) })
		a, err := w.hub.ExportPerson(t.Context(), byStaff, "r01")
		require.NoError(t, err)
		var page strings.Builder
		require.NoError(t, a.Page(&page, record.English))
		require.NotContains(t, page.String(), "<script")
		require.Contains(t, page.String(), "&lt;script&gt;")
	})
}
