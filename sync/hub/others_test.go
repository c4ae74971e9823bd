package hub

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore"
	"tavle/sync/hub/store/pgstore/pgtest"
	"tavle/sync/netsim"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// Two hubs on one PostgreSQL, in this process and in the machine's own time.

// A replica is one of several hubs. Its clock began on the demo house's Thursday.
type replica struct {
	*world
	db *ears
}

// ears is a store that says when it hears.
type ears struct {
	*pgstore.DB
	begun atomic.Bool
	once  bool // it does not listen again
}

func (e *ears) Listen(ctx context.Context, f func(string, []store.Hint)) error {
	if e.once && e.begun.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	return e.DB.Listen(ctx, func(from string, hints []store.Hint) {
		f(from, hints)
		e.begun.Store(true)
	})
}

func newReplica(t *testing.T, url string, edit func(*replica)) *replica {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	db, err := pgstore.Open(ctx, url)
	require.NoError(t, err)
	r := &replica{&world{t: t, log: new(strings.Builder), net: netsim.New()}, &ears{DB: db}}
	r.hub, err = New(ctx, r.db, Options{
		Hosts: hosts, Now: func() time.Time { return thursday.Add(time.Since(started)) },
		Log: slog.New(slog.NewJSONHandler(r.log, nil)),
	})
	require.NoError(t, err)
	if edit != nil {
		edit(r)
	}
	srv := &http.Server{Handler: r.hub.Handler()}
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.Serve(r.net) })
	wg.Go(func() { assert.NoError(t, r.hub.Run(ctx)) })
	t.Cleanup(func() {
		cancel()
		_ = r.net.Close()
		_ = srv.Close()
		wg.Wait()
		require.NoError(t, db.Close())
		require.Empty(t, canary.In(r.log.String(), canary.Names()), "in the log")
	})
	soon(t, func() bool { return r.hub.clients.isOpen() && r.db.begun.Load() })
	return r
}

var (
	started  = time.Now()
	thursday = time.Date(2000, 1, 1, 10, 24, 0, 0, copenhagen)
)

// soon waits until something is so.
func soon(t *testing.T, is func() bool) {
	t.Helper()
	require.Eventually(t, is, time.Minute, 2*time.Millisecond)
}

// replicas returns two hubs with the demo house, that hear each other, and six
// screens of one department.
func replicas(t *testing.T, s *pgtest.Server, edit func(*replica)) [2]*replica {
	t.Helper()
	return replicasAt(t, s.Database(t, "UTF8"), edit)
}

func replicasAt(t *testing.T, url string, edit func(*replica)) [2]*replica {
	t.Helper()
	two := [2]*replica{newReplica(t, url, edit), newReplica(t, url, edit)}
	require.NoError(t, two[0].hub.Import(t.Context(), byImport, demoHouse(t), Import{}))
	two[1].change(func(ctx context.Context, e *Edit) error {
		for i := range 6 {
			if err := e.Put(ctx, &house.Screen{ID: house.ID(fmt.Sprint("scr-", i+1)), Department: "dep-maane"}); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range 6 {
		two[i%2].add(fmt.Sprint("scr-", i+1))
	}
	return two
}

// come connects a screen to a hub and waits until it is served.
func (s *screen) come(r *replica) {
	s.t.Helper()
	s.w = r.world
	s.state.Lock()
	s.state.welcome = nil
	s.state.Unlock()
	s.hello(s.knock(), nil)
	s.listen()
	soon(s.t, func() bool {
		s.state.Lock()
		defer s.state.Unlock()
		return s.state.welcome != nil && s.state.at.Rev >= s.state.welcome.Board.Rev
	})
}

// comes returns a screen that is served.
func (r *replica) comes(id string) *screen {
	r.t.Helper()
	s := r.screen(id)
	s.come(r)
	return s
}

// goes ends the connection.
func (s *screen) goes() {
	_ = s.ws.Close()
	<-s.done
}

// has reports whether the glass holds a text.
func (s *screen) has(text string) bool {
	s.state.Lock()
	defer s.state.Unlock()
	return strings.Contains(fmt.Sprint(s.state.rows), text)
}

// snapshots returns how many parts of whole boards it was sent.
func (s *screen) snapshots() (n int) {
	s.state.Lock()
	defer s.state.Unlock()
	for _, m := range s.state.heard {
		if _, ok := m.(*wire.Snap); ok {
			n++
		}
	}
	return n
}

// retitle changes what every board of the department shows.
func (r *replica) retitle(text string) {
	r.t.Helper()
	r.change(func(ctx context.Context, e *Edit) error {
		return Alter(ctx, e, "a08", func(a *house.Activity) { a.Title["da"] = text })
	})
}

// never is for hubs that do not look by themselves.
func never(r *replica) { r.hub.others.poll = 24 * time.Hour }

// Item 8: what is committed on one hub reaches the screens of all
// others, in order and by hints alone; none of them ever needs a whole board again.
func TestChangeOnOneHubReachesTheScreensOfAll(t *testing.T) {
	two := replicas(t, pgtest.Get(t), never)
	var screens []*screen
	for i := range 4 {
		screens = append(screens, two[i%2].comes(fmt.Sprint("scr-", i+1)))
	}
	parts := screens[0].snapshots()
	const each = 15
	var wg sync.WaitGroup
	for h, r := range two {
		wg.Go(func() {
			for i := range each {
				r.retitle(fmt.Sprintf("Film %d af %d", i, h))
			}
		})
	}
	wg.Wait()
	two[0].retitle("Den sidste film")
	for _, s := range screens {
		soon(t, func() bool { return s.has("Den sidste film") })
		require.Equal(t, parts, s.snapshots(), "changes came as changes")
		require.EqualValues(t, 2*each+1, s.state.at.Rev-s.state.welcome.Board.Rev)
		s.goes()
	}
	require.Zero(t, two[0].hub.Resyncs()+two[1].hub.Resyncs())
}

// A hub whose listener was killed, and does not come back, looks
// by itself every two seconds.
func TestWithoutHintsBoardsAreLookedAt(t *testing.T) {
	s := pgtest.Get(t)
	two := replicas(t, s, func(r *replica) { r.db.once = true })
	glass := two[1].comes("scr-1")
	s.Exec(t, "postgres", `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tavle-hub listener'`)
	for i := range 3 {
		title := fmt.Sprint("Film ", i)
		two[0].retitle(title)
		began := time.Now()
		soon(t, func() bool { return glass.has(title) })
		t.Logf("after %v", time.Since(began).Round(time.Millisecond))
		require.Less(t, time.Since(began), pollEvery+5*time.Second, "a machine that does much else may be late")
	}
	glass.goes()
}

// A hub whose listener is killed looks at everything when it hears again: what was
// told meanwhile is not told again.
func TestWhoHearsAgainLooksAtEverything(t *testing.T) {
	s := pgtest.Get(t)
	two := replicas(t, s, never)
	glass := two[1].comes("scr-1")
	for i := range 3 {
		s.Exec(t, "postgres", `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tavle-hub listener'`)
		title := fmt.Sprint("Film ", i)
		two[0].retitle(title)
		soon(t, func() bool { return glass.has(title) })
	}
	glass.goes()
}

// A late store has somebody else change something just before a list is read.
type late struct {
	store.Store
	meanwhile func()
}

type lateTx struct {
	store.Tx
	meanwhile func()
}

func (l late) Update(ctx context.Context, by store.Actor, f func(store.Tx) error) error {
	return l.Store.Update(ctx, by, func(tx store.Tx) error { return f(lateTx{tx, l.meanwhile}) })
}

func (l lateTx) Get(ctx context.Context, k house.Kind, id house.ID) (house.Record, error) {
	if k == house.KindActivity {
		l.meanwhile()
	}
	return l.Tx.Get(ctx, k, id)
}

// R-IBG-39: what is decided is decided by what holds under the lock: a list that
// another hub takes from the board before that is gone.
func TestListThatIsTakenAwayMeanwhileIsGone(t *testing.T) {
	two := replicas(t, pgtest.Get(t), never)
	put := func(shared ...house.ID) {
		two[1].change(func(ctx context.Context, e *Edit) error {
			return e.Put(ctx, &house.Activity{
				ID: "few", Department: "dep-nabo", SharedWith: shared, Title: record.Text{"da": "Hos naboen"},
				Starts: "2000-01-03T10:00", Ends: "2000-01-03T12:00", Status: "planned",
			})
		})
	}
	put("dep-maane")
	few := list(house.KindActivity, "few")
	require.Equal(t, wire.Accepted, two[0].hand("scr-1").does(wire.OpSignUp, few, "r01").Outcome)
	two[0].hub.store = late{two[0].hub.store, sync.OnceFunc(func() { put() })}
	r := two[0].hand("scr-2").does(wire.OpSignUp, few, "r02")
	require.Equal(t, wire.Rejected, r.Outcome)
	require.Equal(t, wire.ReasonGone, r.Code)
	in, _ := two[1].who(few)
	require.Equal(t, []house.ID{"r01"}, in)
}

// Of two connections of a screen the newest wins, though they go
// to different hubs. Which is the newest is what their announcements say: of two that
// come before either is announced one stays, and nobody can say which.
func TestScreenThatComesToAnotherHubIsReplacedThere(t *testing.T) {
	two := replicas(t, pgtest.Get(t), never)
	before := two[0].comes("scr-1")
	for i := range 6 {
		soon(t, func() bool {
			c := two[i%2].hub.clients.of("scr-1")
			return c != nil && c.announced.heard.Load()
		})
		after := two[(i+1)%2].comes("scr-1")
		require.Equal(t, wire.CloseReplaced, before.ended())
		require.False(t, after.gone())
		before = after
	}
	two[0].retitle("Filmen er ny")
	soon(t, func() bool { return before.has("Filmen er ny") })
	before.goes()
}

// A screen that is revoked or moved at one hub is told by the one it is connected
// to, at once and by a hint alone.
func TestScreenIsShutOutByAnyHub(t *testing.T) {
	url := pgtest.Database(t)
	two := replicasAt(t, url, never)
	s := two[0].comes("scr-1")
	two[1].change(func(ctx context.Context, e *Edit) error {
		return e.Put(ctx, &house.Screen{ID: "scr-1", Department: "dep-nabo"})
	})
	require.Equal(t, wire.CloseMoved, s.ended())
	s = two[0].comes("scr-1")
	require.NoError(t, two[1].hub.RevokeScreen(t.Context(), byStaff, "scr-1"))
	require.Equal(t, wire.CloseRevoked, s.ended())

	// A command that revokes one runs no hub, and tells before it ends.
	db, err := pgstore.Open(t.Context(), url)
	require.NoError(t, err)
	command, err := New(t.Context(), db, Options{Hosts: hosts, Now: two[0].hub.opt.Now})
	require.NoError(t, err)
	s = two[1].comes("scr-2")
	require.NoError(t, command.RevokeScreen(t.Context(), byStaff, "scr-2"))
	require.NoError(t, db.Close())
	require.Equal(t, wire.CloseRevoked, s.ended())
}
