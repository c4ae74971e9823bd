package netsim

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// A cut breaks what is open at both ends and lets nothing through until it is
// mended; other links do not notice.
func TestCutLinkBreaksAndMends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New()
		accepted := make(chan net.Conn, 8)
		go func() {
			for {
				c, err := n.Accept()
				if err != nil {
					close(accepted)
					return
				}
				accepted <- c
			}
		}()
		open := func(l *Link) (here, there net.Conn) {
			here, err := l.Dial(t.Context(), "tcp", "anywhere")
			require.NoError(t, err)
			return here, <-accepted
		}
		talk := func(from, to net.Conn) error {
			go func() { _, _ = from.Write([]byte("x")) }()
			_, err := io.ReadFull(to, make([]byte, 1))
			return err
		}
		bad, good := n.Link(), n.Link()
		a, b := open(bad)
		c, d := open(good)
		require.NoError(t, talk(a, b))
		bad.Cut()
		require.Error(t, talk(a, b))
		require.Error(t, talk(b, a))
		_, err := bad.Dial(t.Context(), "tcp", "anywhere")
		require.ErrorIs(t, err, ErrDown)
		require.NoError(t, talk(c, d))
		require.NoError(t, talk(d, c))
		bad.Heal()
		a, b = open(bad)
		require.NoError(t, talk(b, a))

		require.NoError(t, n.Close())
		require.NoError(t, n.Close())
		_, still := <-accepted
		require.False(t, still)
		_, err = good.Dial(t.Context(), "tcp", "anywhere")
		require.ErrorIs(t, err, net.ErrClosed)
		for _, x := range []net.Conn{a, b, c, d} {
			_ = x.Close()
		}
	})
}

// Who dials where nobody answers may give up.
func TestDialCanBeGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := New().Link().Dial(ctx, "tcp", "anywhere")
			done <- err
		}()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-done, context.Canceled)
	})
}
