package main

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A wall that answers is said to be up once and then to live, more often than it has
// to; one that hangs is not, and one that comes back is again.
func TestOnlyAWallThatAnswersFeedsTheWatchdog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []string
		hangs := true
		alive := func(ctx context.Context) bool {
			if hangs {
				<-ctx.Done()
			}
			return ctx.Err() == nil
		}
		p := pulse{func(s string) { told = append(told, s) }, 30 * time.Second, slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); p.beat(ctx, alive) }()

		after := func(d time.Duration) []string {
			time.Sleep(d)
			synctest.Wait()
			was := told
			told = nil
			return was
		}
		require.Empty(t, after(61*time.Second), "a wall without a picture is not up")
		hangs = false
		require.Equal(t, []string{"READY=1"}, after(10*time.Second))
		require.Equal(t, []string{"WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"}, after(30*time.Second))
		hangs = true
		require.Empty(t, after(60*time.Second))
		hangs = false
		require.NotEmpty(t, after(30*time.Second))
		cancel()
		<-done
	})
}

// What systemd hears is what it understands.
func TestSystemdHears(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	heard, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	require.NoError(t, err)
	defer heard.Close()
	t.Setenv("NOTIFY_SOCKET", socket)
	t.Setenv("WATCHDOG_USEC", "30000")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		underSystemd(slog.New(slog.DiscardHandler)).beat(ctx, func(context.Context) bool { return true })
	}()
	var said strings.Builder
	for range 3 {
		b := make([]byte, 64)
		n, err := heard.Read(b)
		require.NoError(t, err)
		said.Write(b[:n])
	}
	cancel()
	<-done
	require.Equal(t, "READY=1WATCHDOG=1WATCHDOG=1", said.String())
}
