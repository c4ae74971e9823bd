package hub

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// R-DPA-19, R-DPA-30: whoever changes, removes, puts in or hides a line of the audit
// is found out, with the day and number; so is whoever writes all of it anew without
// the hub's key, and whoever cuts off its end, by the hash somebody noted.
func TestChangedAuditIsFoundOut(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		by := store.Actor{Org: "sys-demo", Kind: store.ByHub, ID: "test"} // whose reads are not lines of their own
		verify := func(head string) (AuditReport, error) { return w.hub.VerifyAudit(t.Context(), by, head) }
		noted, err := verify("")
		require.NoError(t, err)
		require.Empty(t, noted.Signed)
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		whole, err := verify(noted.Hash)
		require.NoError(t, err)
		require.Equal(t, house.Day("2000-01-01"), whole.Signed)
		require.Greater(t, whole.Lines, noted.Lines)

		for name, c := range map[string]struct{ do, undo, want string }{
			"a changed word": {
				`update audit set action = 'read' where day = '2000-01-01' and seq = 7`, `update audit set action = 'create' where day = '2000-01-01' and seq = 7`,
				"audit of sys-demo: broken at 2000-01-01 number 7: its hash is not that of its words and the line before",
			},
			"another person": {
				`update audit set person = 'r99', hash = 'x' || hash where day = '2000-01-01' and seq = 200`, `update audit set person = (select person from audit_was where seq = 200 and day = '2000-01-01'), hash = substr(hash, 2) where day = '2000-01-01' and seq = 200`,
				"audit of sys-demo: broken at 2000-01-01 number 200: its hash is not that of its words and the line before",
			},
			"a line that is gone": {
				`delete from audit where day = '2000-01-01' and seq = 9`, `insert into audit select * from audit_was where day = '2000-01-01' and seq = 9`,
				"audit of sys-demo: broken at 2000-01-01 number 10: number 9 was to come",
			},
			"the end cut off": {
				`delete from audit where day > '2000-01-01'`, `insert into audit select * from audit_was where day > '2000-01-01'`,
				fmt.Sprintf("audit of sys-demo: lines are missing or too many at the end: %d lines, %d were written", lineCount(t, w, "2000-01-01"), whole.Lines),
			},
			"a signature of somebody else": {
				`update audit_seal set signature = 'AAAA' || substr(signature, 5)`, `update audit_seal set signature = (select signature from seal_was)`,
				fmt.Sprintf("audit of sys-demo: broken at 2000-01-01 number %d: the signature of the day is not this hub's", lineCount(t, w, "2000-01-01")),
			},
			"a signature of other words": {
				`update audit_seal set hash = 'x'`, `update audit_seal set hash = (select hash from seal_was)`,
				fmt.Sprintf("audit of sys-demo: broken at 2000-01-01 number %d: it is not what was signed", lineCount(t, w, "2000-01-01")),
			},
		} {
			w.sql(`create table audit_was as select * from audit`, `create table seal_was as select * from audit_seal`, c.do)
			_, err := verify("")
			require.EqualError(t, err, c.want, name)
			w.sql(c.undo, `drop table audit_was`, `drop table seal_was`)
			_, err = verify(whole.Hash)
			require.NoError(t, err, name)
		}
		_, err = verify("0000")
		require.EqualError(t, err, "audit of sys-demo: the noted hash is not in it: lines are missing at the end, or all of it was written anew")

		// Somebody hidden by hand, as if they had been erased.
		var key store.PseudonymKey
		w.view(func(v store.View) (err error) {
			key, err = v.Pseudonyms(t.Context())
			return err
		})
		w.sql(`update audit set id = '` + key.Of("r01") + `' where kind = 'resident' and id = 'r01'`)
		_, err = verify("")
		require.ErrorContains(t, err, "it hides somebody whom no erasure tells of")
	})
}

// sql changes the database behind the hub's back.
func (w *world) sql(statements ...string) {
	w.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "hub.db"))
	require.NoError(w.t, err)
	for _, q := range statements {
		_, err := db.ExecContext(w.t.Context(), q)
		require.NoError(w.t, err, q)
	}
	require.NoError(w.t, db.Close())
}

// lineCount returns how many lines a day has.
func lineCount(t *testing.T, w *world, day house.Day) (n int) {
	t.Helper()
	w.view(func(v store.View) error {
		return v.Lines(t.Context(), day, func(l store.Line) error {
			if l.Day == day {
				n++
			}
			return nil
		})
	})
	return n
}
