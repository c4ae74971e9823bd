package manager

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// adds fills in the form at a path and returns what came of it.
func (b *browser) adds(path string, pairs ...string) answer {
	b.t.Helper()
	page := b.get(path)
	require.Equal(b.t, http.StatusOK, page.status)
	form := filled(b.t, page.body)
	var more []string
	for i := 0; i < len(pairs); i += 2 {
		there := false
		for j := 0; j < len(form); j += 2 {
			there = there || form[j] == pairs[i]
		}
		if !there {
			more = append(more, pairs[i], pairs[i+1])
		}
	}
	return b.post(path, append(with(form, pairs...), more...)...)
}

// R-DPA-01, R-DPA-11, R-DPA-21: a superuser writes what is instructed; every version
// stays, with its day and what was held against it; what comes sooner than its notice is
// refused; and a module that it does not have is on no screen.
func TestInstructionsAreVersions(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	require.Contains(t, b.get("/registers/instructions").body, "Der er ingen instruks endnu.")
	shows := func() (shifts, meals int) {
		p, err := w.hub.Preview(t.Context(), by(w), hub.Previewing{Screen: "scr-1"})
		require.NoError(t, err)
		return len(p.Facts.Shifts), len(p.Facts.Meals)
	}
	shifts, meals := shows()
	require.Positive(t, shifts)
	require.Positive(t, meals)

	got := b.adds("/registers/instructions/new", "instruction.change", "ordinary")
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "mindst 90 dage frem")
	require.Equal(t, http.StatusSeeOther, b.adds("/registers/instructions/new").status)
	first := w.entries()[0]
	require.Equal(t, house.DefaultModules, first.Instruction.Modules)
	require.Equal(t, "none", first.Instruction.Transfers)
	shifts, meals = shows()
	require.Zero(t, shifts, "it has no roster")
	require.Positive(t, meals)
	require.NotContains(t, b.get("/").body, "Ingen vagter", "what is not shown is not missing")

	got = b.adds("/registers/instructions/new", "instruction.change", "stricter", "instruction.modules", "roster")
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Den tillader mere end før.")
	form := without(filled(t, b.get("/registers/instructions/new").body), "instruction.modules")
	form = append(with(form, "instruction.change", "ordinary", "instruction.effective", "2027-03-03"), "instruction.modules", "roster")
	require.Equal(t, http.StatusSeeOther, b.post("/registers/instructions/new", form...).status)
	shifts, meals = shows()
	require.Zero(t, shifts)
	require.Positive(t, meals, "the new one is not in force yet")
	page := b.get("/registers/instructions").body
	require.Contains(t, page, "Gælder nu")
	require.Contains(t, page, "Kommer")

	require.Equal(t, http.StatusUnprocessableEntity, b.adds("/registers/instructions/"+string(first.ID)+"/challenge").status)
	require.Equal(t, http.StatusSeeOther, b.adds("/registers/instructions/"+string(first.ID)+"/challenge", "challenge.reason", "Der mangler et formål").status)
	require.Equal(t, http.StatusNotFound, b.get("/registers/instructions/none/challenge").status)
	auditor := w.as(account.Auditor)
	page = auditor.get("/registers/instructions").body
	require.Contains(t, page, "Der mangler et formål")
	require.Contains(t, page, string(first.ID), "the old one stays")
	require.Equal(t, http.StatusForbidden, auditor.get("/registers/instructions/new").status)
	require.Equal(t, []record.Module{"roster"}, w.entries()[1].Instruction.Modules)
	require.Contains(t, w.audit(), "staff create entry "+string(first.ID))
}
