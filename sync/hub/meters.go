package hub

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// meters count what the hub does, for whoever runs it. Labels are words of this
// file and of the protocol, never a screen, a department, a board or a person:
// what is counted is the hub's own work.
type meters struct {
	registry *prometheus.Registry

	refused    *prometheus.CounterVec // by reason
	closed     *prometheus.CounterVec // by code
	heard      *prometheus.CounterVec // by kind
	resyncs    *prometheus.CounterVec // by why
	mutations  *prometheus.CounterVec // by outcome
	pushes     *prometheus.CounterVec // by kind
	bytes      *prometheus.CounterVec // by what they are
	assets     *prometheus.CounterVec // by status
	overflows  prometheus.Counter
	toWire     prometheus.Histogram
	toGlass    prometheus.Histogram
	store      *prometheus.HistogramVec // by op
	storeFault *prometheus.CounterVec   // by op
}

// What pushes and bytes are counted as.
const (
	asSnapshot = "snapshot"
	asDelta    = "delta"
	asMessage  = "message"
	asPicture  = "picture"
)

// newMeters returns the meters of h.
func newMeters(h *Hub) *meters {
	m := &meters{registry: prometheus.NewRegistry()}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	gauge := func(name, help string, now func() int) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "tavle_hub_" + name, Help: help},
			func() float64 { return float64(now()) }))
	}
	gauge("connections", "Open connections.", func() int { n, _, _ := h.clients.counts(); return n })
	gauge("screens_live", "Connections whose screen has proved who it is.", func() int { _, n, _ := h.clients.counts(); return n })
	gauge("strangers", "Connections that have not said who they are; at "+strconv.Itoa(maxStrangers)+" more are sent away.",
		func() int { _, _, n := h.clients.counts(); return n })
	gauge("boards_held", "Boards that some screen looks at.", func() int { return len(h.feeds.list()) })

	counter := func(name, help, label string, values ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "tavle_hub_" + name + "_total", Help: help}, []string{label})
		for _, v := range values { // there from the start, at 0
			c.WithLabelValues(v)
		}
		m.registry.MustRegister(c)
		return c
	}
	m.refused = counter("refused", "Whoever was not let in, by reason.", "reason")
	m.closed = counter("closed", "Connections the hub ended, by close code.", "code")
	m.heard = counter("messages_received", "Messages from screens, by kind.", "kind")
	m.resyncs = counter("resyncs", "Whole boards a screen asked for because what it got did not fit: a fault.", "why", "gap", "sum", "corrupt", "operator", "other")
	m.mutations = counter("mutations", "Touches answered, by outcome.", "outcome", string(wire.Accepted), string(wire.Waitlisted), string(wire.Rejected))
	m.pushes = counter("pushes", "Boards written to a screen, whole or as the difference.", "kind", asSnapshot, asDelta)
	m.bytes = counter("sent_bytes", "Bytes written to screens, without framing and TLS.", "kind", asSnapshot, asDelta, asMessage, asPicture)
	m.assets = counter("asset_requests", "Pictures asked for, by HTTP status.", "status")
	m.storeFault = counter("store_errors", "Transactions of the store that failed.", "op", "view", "update")
	m.overflows = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "tavle_hub_queue_overflows_total", Help: "Connections ended because " + strconv.Itoa(maxQueue) + " messages waited for their screen.",
	})
	m.toWire = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "tavle_hub_publish_seconds", Help: "From a change's commit to its being written to a screen.",
		Buckets: prometheus.ExponentialBuckets(0.0005, 2.5, 12),
	})
	m.toGlass = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "tavle_hub_ack_seconds", Help: "From a board's being written to a screen to its being confirmed on the glass, which a screen does once a second at most.",
		Buckets: prometheus.ExponentialBuckets(0.005, 2.5, 12),
	})
	m.store = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "tavle_hub_store_seconds", Help: "Transactions of the store.", Buckets: prometheus.ExponentialBuckets(0.0001, 3, 12),
	}, []string{"op"})
	m.registry.MustRegister(m.overflows, m.toWire, m.toGlass, m.store)
	return m
}

// count adds one for a label.
func count(c *prometheus.CounterVec, label string) { c.WithLabelValues(label).Inc() }

// sent counts bytes.
func (m *meters) sent(what string, n int) { m.bytes.WithLabelValues(what).Add(float64(n)) }

// counts returns how many connections there are, how many of them are screens
// that have proved who they are, and how many have not.
func (cs *clients) counts() (all, live, strangers int) {
	cs.Lock()
	defer cs.Unlock()
	return len(cs.all), len(cs.devices), cs.strangers
}

// A timedStore measures another.
type timedStore struct {
	store.Store
	meters *meters
}

// View implements [store.Store].
func (s timedStore) View(ctx context.Context, by store.Actor, f func(store.View) error) error {
	defer s.took("view", time.Now())
	return s.failed("view", s.Store.View(ctx, by, f))
}

// Update implements [store.Store].
func (s timedStore) Update(ctx context.Context, by store.Actor, f func(store.Tx) error) error {
	defer s.took("update", time.Now())
	return s.failed("update", s.Store.Update(ctx, by, f))
}

// Scrub implements [store.Scrubber], for stores that do.
func (s timedStore) Scrub(ctx context.Context) error { return scrub(ctx, s.Store) }

func (s timedStore) took(op string, since time.Time) {
	s.meters.store.WithLabelValues(op).Observe(time.Since(since).Seconds())
}

// answers are errors of what ran in a transaction, and none of the store: that
// there is no such thing, that a code is wrong, that whoever asked has gone.
var answers = []error{
	store.ErrNotFound, store.ErrGap, context.Canceled, ErrExists, ErrErased, errDry, errShutOut, errCrowd, errProof,
	ErrCode, ErrBetween, ErrOver, ErrLocked, ErrTaken,
}

// failed counts err unless it is an answer.
func (s timedStore) failed(op string, err error) error {
	if err != nil && !slices.ContainsFunc(answers, func(a error) bool { return errors.Is(err, a) }) {
		count(s.meters.storeFault, op)
	}
	return err
}
