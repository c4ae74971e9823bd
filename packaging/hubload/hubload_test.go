package main

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/wire"
)

// The program starts itself as a server; so does its test.
func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		if err := beServer(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Issue 3, "done when" 5, on a small scale: everything arrives, nothing is
// missing, no screen is lost. How fast is for `make bench-hub` to say.
func TestEveryScreenGetsEveryChange(t *testing.T) {
	require.NoError(t, raiseFiles())
	p := plan{n: 200, pace: 50, touches: 4, changes: 5, window: 4, sustain: time.Second, limit: time.Minute}
	var out strings.Builder
	require.NoError(t, measure(t.Context(), p, 1, &out), &out)
	require.Contains(t, out.String(), "0 gaps, 0 dead, 0 resyncs, 0 other faults")
	require.Contains(t, out.String(), "| memory for an idle connection |")
	require.Equal(t, 2, strings.Count(out.String(), "| the same, raw being answered as the hub is |"))
}

// Whoever checks must see what is wrong.
func TestFaultsAreSeen(t *testing.T) {
	s := screens{boards: map[string]*board{}, faults: map[string]int{}, arrived: func(*conn, uint64, uint64) {}, mute: true}
	c := &conn{e: &engine{protocol: &s}, phase: waiting}
	send := func(m wire.Message) {
		b, err := wire.Encode(m)
		require.NoError(t, err)
		require.NoError(t, s.heard(c, b))
	}
	send(wire.Welcome{Board: wire.BoardAt{ID: "b"}})
	send(wire.Snap{Epoch: "e", Rev: 5, Last: true, Sum: "0000000000000000", Rows: []wire.RowOp{}})
	require.Empty(t, s.faults)
	row := []wire.RowOp{{Kind: "news", ID: "n", Value: []byte(`{}`)}}
	send(wire.Delta{Epoch: "e", From: 5, Rev: 6, Sum: "0000000000000001", Ops: row})
	require.Equal(t, map[string]int{"sum": 1}, s.faults)
	send(wire.Delta{Epoch: "e", From: 7, Rev: 8, Sum: "0000000000000002", Ops: row})
	require.Equal(t, map[string]int{"sum": 1, "gap": 1}, s.faults)
	send(wire.Delta{Epoch: "e", From: 5, Rev: 6, Sum: "0000000000000003", Ops: row})
	require.Equal(t, map[string]int{"sum": 1, "gap": 1, "two sums of one board": 1}, s.faults)
}

func TestCheapSignaturesAreGenuine(t *testing.T) {
	for n := range 20 {
		g := newSigner(n)
		for _, message := range []string{"", "one", strings.Repeat("long", 100)} {
			sig, err := wire.B64.DecodeString(g.sign([]byte(message)))
			require.NoError(t, err)
			require.True(t, ed25519.Verify(g.public, []byte(message), sig))
			require.False(t, ed25519.Verify(g.public, []byte(message+"."), sig))
		}
	}
}

func TestOnlyLoopbackIsLoaded(t *testing.T) {
	_, err := newEngine(netip.MustParseAddrPort("192.0.2.1:80"), 1, nil)
	require.ErrorContains(t, err, "no loopback address")
}

// Whatever the hour, there is something on the wall that can be touched.
func TestNextActivityIsAhead(t *testing.T) {
	for hour := range 24 {
		now := time.Date(2026, 12, 31, hour, 59, 0, 0, time.UTC)
		starts := next(now)
		require.True(t, starts.After(now), now)
		require.Less(t, starts.Sub(now), 12*time.Hour+2*time.Minute, now)
		require.Equal(t, starts.Day(), starts.Add(time.Hour).Day(), now)
	}
}
