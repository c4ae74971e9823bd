package manager

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/wire"
)

// picturesIn names the folder that the pictures of the documents are painted into:
// "make pictures". Without it they are looked at and thrown away.
const picturesIn = "TAVLE_PICTURES"

// The pictures of the documents are what staff see of the demo house on its Thursday,
// each with what it is about: a table that is brought, a screen that is on, what a wall
// shows of somebody.
func TestPicturesOfTheManager(t *testing.T) {
	w := pictured(t)
	w.serving()
	p := w.newcomer(wire.Stat{TempC: 48, DiskFreeMB: 12000, MemoryMB: 92, UptimeS: 7200, Secret: "host-file"})
	p.joined(w.as(account.Superuser), "gangen")
	b := w.tab()
	b.logInAs("mette", account.Superuser)
	file := filepath.Join(t.TempDir(), "beboere.csv")
	require.NoError(t, os.WriteFile(file, []byte("Nøgle;Afdeling;Fornavn;Efternavn;Bolig\n1;Måneskinshuset (demo);Xenia;Prøve;9\n2;Måneskinshuset (demo);Otto;Prøve;10\n3;Måneskinshuset;Ida;Prøve;11\n"), 0o600))
	for _, x := range []struct {
		name, path, says string
		width, height    int64
		first            func()
	}{
		{name: "start", path: "/", says: "Måneskinshuset"},
		{name: "planner", path: thisWeek, says: "Banko"},
		{name: "meals", path: mealsNow, says: "Aftensmad"},
		{name: "roster", path: rosterNow, says: "Vagttyper"},
		{name: "people", path: "/people", says: "Anna"},
		{name: "person", path: "/people/r01", says: "Anna", first: func() {
			b.run(chromedp.WaitVisible(chromedp.CSS("#seen img")))
		}},
		{name: "screens", path: "/screens", says: "Gangen"},
		{name: "import", path: "/bring/resident", says: "Xenia", first: func() {
			b.run(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{file}))
			b.submit("form.stack button")
		}},
		{name: "phone", path: "/", says: "Måneskinshuset", width: 390, height: 844},
	} {
		if x.width == 0 {
			x.width, x.height = 1440, 900
		}
		b.size(x.width, x.height)
		b.open(x.path)
		if x.first != nil {
			x.first()
		}
		b.run(chromedp.Poll[chromedp.Void](`[...document.images].every(i => i.complete && i.naturalWidth || i.getBoundingClientRect().top > innerHeight)`))
		require.Contains(t, b.says(), x.says, x.name)
		if dir := os.Getenv(picturesIn); dir != "" {
			png := ask(b, chromedp.CaptureScreenshot())
			require.NoError(t, os.WriteFile(filepath.Join(dir, "manager-"+x.name+".png"), png, 0o600))
		}
	}
	require.NotContains(t, strings.ToLower(b.says()), "⟦")
}
