package manager

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// crowded returns a world with a thousand residents and a year of activities and meals.
func crowded(b *testing.B) *world {
	b.Helper()
	w := furnished(b)
	by := store.Actor{Org: org, Kind: store.ByImport, ID: "bench", At: w.now()}
	require.NoError(b, w.store.Update(b.Context(), by, func(tx store.Tx) error {
		ctx := context.Background()
		for i := range 1000 {
			r := &house.Resident{
				ID: house.ID(fmt.Sprintf("x%04d", i)), Department: "dep-maane", FirstName: record.NameOf(fmt.Sprintf("Fornavn%d", i)),
				Acceptance: house.Acceptance{State: house.NotAsked}, Choices: house.Choices{NameMode: "first_name"},
			}
			if err := tx.Put(ctx, r); err != nil {
				return err
			}
		}
		for day := range 365 {
			d := house.Day("2026-12-01").Add(day)
			for i := range 4 {
				a := &house.Activity{
					ID: house.ID(fmt.Sprintf("y%03d%d", day, i)), Department: "dep-maane", Title: record.Text{"da": "Gåtur"},
					Starts: house.Wall(string(d) + "T10:00"), Ends: house.Wall(string(d) + "T11:00"),
				}
				if err := tx.Put(ctx, a); err != nil {
					return err
				}
			}
			for i := range 6 {
				v := &house.Shift{ID: house.ID(fmt.Sprintf("u%03d%d", day, i)), Department: "dep-maane", Person: []house.ID{"s01", "s02", "s03", "s04", "s05", "s06"}[i], Type: "day", From: house.Wall(string(d) + "T07:00"), To: house.Wall(string(d) + "T15:00")}
				if err := tx.Put(ctx, v); err != nil {
					return err
				}
			}
			m := &house.Meal{ID: house.ID(fmt.Sprintf("z%03d", day)), Department: "dep-maane", Kind: "dinner", Served: house.Wall(string(d) + "T18:00"), Title: record.Text{"da": "Suppe"}}
			if err := tx.Put(ctx, m); err != nil {
				return err
			}
		}
		return nil
	}))
	return w
}

// cpu returns how long this process has worked.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// mostCPU is what a page may cost.
const mostCPU = 50 * time.Millisecond

// Issue 5, done when 5: every page there is, with a thousand people and a year of
// content, from the request to its last byte. One that takes more CPU than it may fails.
func BenchmarkPages(b *testing.B) {
	w := crowded(b)
	in := w.as(account.Superuser)
	in.proved()
	found := in.walk("superuser")
	cookie := ""
	for _, c := range in.post("/login", "login", "the-superuser", "password", password).header.Values("Set-Cookie") {
		cookie = c
	}
	for _, r := range w.man.routes {
		path := found.pages[r.Pattern]
		if path == "" {
			continue
		}
		b.Run(r.path(), func(b *testing.B) {
			b.ReportAllocs()
			before := cpu(b)
			for b.Loop() {
				q := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
				q.Header.Set("Cookie", cookie)
				got := httptest.NewRecorder()
				w.man.ServeHTTP(got, q)
				if got.Code != http.StatusOK {
					b.Fatal(got.Code)
				}
			}
			each := (cpu(b) - before) / time.Duration(b.N)
			b.ReportMetric(float64(each.Microseconds())/1000, "cpu-ms/op")
			if each > mostCPU {
				b.Errorf("%s: %v of CPU", path, each)
			}
		})
	}
}
