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

// Pages with a thousand people and a year of content, from the request to their
// last byte: at most 50 ms of CPU each.
func BenchmarkPages(b *testing.B) {
	w := crowded(b)
	su := w.as(account.Superuser)
	cookie := ""
	for _, c := range su.post("/login", "login", "the-superuser", "password", password).header.Values("Set-Cookie") {
		cookie = c
	}
	for _, path := range []string{"/", "/records/activity", "/records/resident", "/records/activity/a01/edit", "/records/booking/new", "/accounts", "/activities", "/activities?new=2026-12-04T10:00", "/activities/copy", "/meals", "/roster"} {
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			before := cpu(b)
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, path, nil)
				r.Header.Set("Cookie", cookie)
				got := httptest.NewRecorder()
				w.man.ServeHTTP(got, r)
				if got.Code != http.StatusOK {
					b.Fatal(got.Code)
				}
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}
