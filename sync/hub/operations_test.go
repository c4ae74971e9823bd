package hub

import (
	"context"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo/canary"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// asked returns what the hub answers whoever runs it.
func (w *world) asked(path string) (status int, body string) {
	rec := httptest.NewRecorder()
	w.hub.Operations().ServeHTTP(rec, httptest.NewRequestWithContext(w.t.Context(), "GET", path, nil))
	return rec.Code, rec.Body.String()
}

var sample = regexp.MustCompile(`(?m)^(\w+)(?:\{(.*)\})? (\S+)$`)

// metrics reads /metrics: what stands there, by name and labels.
func (w *world) metrics() (values map[string]float64, text string) {
	w.t.Helper()
	synctest.Wait()
	status, text := w.asked("/metrics")
	require.Equal(w.t, 200, status)
	values = map[string]float64{}
	for _, m := range sample.FindAllStringSubmatch(text, -1) {
		v, err := strconv.ParseFloat(m[3], 64)
		require.NoError(w.t, err, m[0])
		key := m[1]
		if m[2] != "" {
			key += "{" + m[2] + "}"
		}
		values[key] = v
	}
	return values, text
}

// Issue 3, item 10, and R-DPA-29: what whoever runs the hub needs to know is
// counted.
func TestMetricsCountWhatTheHubDoes(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		a, b := w.live("scr-1"), w.live("scr-3")
		stranger := w.screen("scr-9")
		stranger.connect()
		require.Equal(t, wire.CloseUnknown, stranger.ended())
		unsure := w.screen("scr-2")
		unsure.knock()

		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		time.Sleep(3 * time.Second)
		a.facts()
		a.send(wire.Ack{Epoch: a.state.at.Epoch, Rev: a.state.at.Rev})
		a.send(wire.Mut{Muts: []wire.Mutation{a.touch(1, wire.OpSignUp, film, "r04"), a.touch(2, wire.OpSignUp, film, "nobody")}})
		require.Equal(t, wire.Rejected, a.result(2).Outcome)
		a.send(wire.Resync{Why: "a novel about Anna"})
		synctest.Wait()
		photo := b.facts().People[record.PersonID(b.board().PersonKey("r02").ID)].Photo
		if photo == "" {
			for _, p := range b.facts().People {
				if p.Photo != "" {
					photo = p.Photo
				}
			}
		}
		require.Equal(t, 200, b.get(assetPath+string(photo), b.state.welcome.Asset.Token).StatusCode)
		require.Equal(t, 404, b.get(assetPath+"sha256-x", b.state.welcome.Asset.Token).StatusCode)
		require.Equal(t, 401, b.get(assetPath+"sha256-x", "").StatusCode)

		is, _ := w.metrics()
		for name, want := range map[string]float64{
			"tavle_hub_connections": 3, "tavle_hub_screens_live": 2, "tavle_hub_strangers": 1, "tavle_hub_boards_held": 2,
			`tavle_hub_refused_total{reason="unknown"}`: 1, `tavle_hub_refused_total{reason="token"}`: 1,
			`tavle_hub_closed_total{code="4001"}`:            1,
			`tavle_hub_mutations_total{outcome="accepted"}`:  1,
			`tavle_hub_mutations_total{outcome="rejected"}`:  1,
			`tavle_hub_resyncs_total{why="other"}`:           1,
			`tavle_hub_resyncs_total{why="sum"}`:             0,
			`tavle_hub_pushes_total{kind="snapshot"}`:        3, // two that came, one that asked
			`tavle_hub_asset_requests_total{status="200"}`:   1,
			`tavle_hub_asset_requests_total{status="404"}`:   1,
			`tavle_hub_asset_requests_total{status="401"}`:   1,
			`tavle_hub_messages_received_total{kind="mut"}`:  1,
			`tavle_hub_store_errors_total{op="update"}`:      0,
			`tavle_hub_queue_overflows_total`:                0,
			`tavle_hub_ack_seconds_count`:                    1,
			`tavle_hub_ack_seconds_sum`:                      3, // the virtual seconds the screen took
			`tavle_hub_publish_seconds_sum`:                  0, // no time passes in a bubble
			`tavle_hub_sent_bytes_total{kind="picture"}`:     is[`tavle_hub_sent_bytes_total{kind="picture"}`],
			`tavle_hub_messages_received_total{kind="stat"}`: 0,
		} {
			require.InDelta(t, want, is[name], 1e-9, name)
		}
		require.GreaterOrEqual(t, is[`tavle_hub_pushes_total{kind="delta"}`], 2.0)
		require.InDelta(t, is[`tavle_hub_pushes_total{kind="delta"}`], is["tavle_hub_publish_seconds_count"], 0)
		for _, kind := range []string{"snapshot", "delta", "message", "picture"} {
			require.Positive(t, is[`tavle_hub_sent_bytes_total{kind="`+kind+`"}`], kind)
		}
		require.Positive(t, is[`tavle_hub_store_seconds_count{op="view"}`])
		require.Positive(t, is[`tavle_hub_store_seconds_count{op="update"}`])
		require.Positive(t, is["go_goroutines"])

		_ = unsure.ws.Close()
		a.leave()
		b.leave()
		is, _ = w.metrics()
		require.Zero(t, is["tavle_hub_connections"]+is["tavle_hub_screens_live"]+is["tavle_hub_strangers"]+is["tavle_hub_boards_held"])
	})
}

// Issue 3, item 10: whatever happens, a label is a word of the hub's
// own. No name, number or hidden person, and no ID of anybody or anything, is
// in what it says of itself.
func TestMetricsNameNobody(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		s.send(wire.Mut{Muts: []wire.Mutation{s.touch(1, wire.OpSignUp, film, "r04"), s.touch(2, wire.OpCancel, film, "r06")}})
		s.send(wire.Resync{Why: "Anna Canariesen"})
		s.send(wire.Done{ID: "scr-1", Status: "Anna"})
		synctest.Wait()
		s.get(assetPath+"Anna", s.state.welcome.Asset.Token)
		s.get(assetPath+"Anna", "Anna")
		require.NoError(t, w.hub.RevokeScreen(t.Context(), byStaff, "scr-1"))
		require.Equal(t, wire.CloseRevoked, s.ended())
		gone := w.screen("scr-1")
		gone.connect()
		gone.ended()
		shout := w.screen("scr-2")
		shout.knock()
		require.NoError(t, shout.ws.WriteMessage(1, []byte(`{"t":"Anna"}`)))
		shout.listen()
		shout.ended()

		_, text := w.metrics()
		require.Empty(t, canary.In(text, canary.Names()))
		require.NotContains(t, text, "Anna")
		words := "snapshot delta message picture view update accepted waitlisted rejected gap sum corrupt operator other " +
			"unknown revoked schema origin busy subprotocol handshake token device tls proof rate message pairing hello ack resync mut rack done stat refused "
		label := regexp.MustCompile(`(\w+)="([^"]*)"`)
		for _, m := range label.FindAllStringSubmatch(text, -1) {
			_, err := strconv.ParseFloat(m[2], 64) // buckets, quantiles, codes, statuses
			require.True(t, err == nil || m[1] == "version" || strings.Contains(words, m[2]+" "), "label %s", m[0])
		}
		var ids []string
		w.view(func(v store.View) error {
			for _, k := range house.Kinds() {
				all, err := v.All(t.Context(), k)
				if err != nil {
					return err
				}
				for _, r := range all {
					ids = append(ids, string(house.KeyOf(r)))
				}
			}
			boards, err := v.Boards(t.Context())
			for _, b := range boards {
				ids = append(ids, string(b.ID))
			}
			return err
		})
		require.Greater(t, len(ids), 50)
		ours := strings.Join(regexp.MustCompile(`(?m)^tavle_.*$`).FindAllString(text, -1), "\n")
		for _, id := range append(ids, "scr-1", "scr-2", "inst-scr-1", "sys-demo") {
			require.NotContains(t, ours, `"`+id+`"`)
		}
	})
}

// /healthz says in a word whether the hub does its work, and nothing else.
func TestHealthIsOneWord(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		says := func(status int, word string) {
			t.Helper()
			got, body := w.asked("/healthz")
			require.Equal(t, status, got)
			require.Equal(t, word+"\n", body)
		}
		says(200, "ok")
		sound := w.hub.store
		w.hub.store = silentStore{sound}
		began := time.Now()
		says(503, "store")
		require.Equal(t, healthTimeout, time.Since(began))
		w.hub.store = sound
		says(200, "ok")
		w.stop()
		says(503, "stopped")
		status, _ := w.asked("/sync")
		require.Equal(t, 404, status, "the channel is not here")
	})
	inWorld(t, func(t *testing.T, w *world) {
		for _, path := range []string{"/metrics", "/healthz"} {
			s := w.screen("scr-1")
			s.link = w.net.Link()
			require.Equal(t, 404, s.get(path, "").StatusCode, "and this is not where screens are")
		}
	})
}

// A silentStore does not answer.
type silentStore struct{ store.Store }

// View implements [store.Store].
func (silentStore) View(ctx context.Context, _ store.Actor, _ func(store.View) error) error {
	<-ctx.Done()
	return ctx.Err()
}
