package client

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A screen that comes back says what it has, and gets the difference.
func TestScreenResumesFromItsStoredPosition(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, first := w.live(5, "Anna", "Bo")
		require.Nil(t, first.Have, "it has nothing")
		require.Equal(t, []string{"Anna", "Bo"}, w.store.names())
		w.client.Shown(w.ctx(), w.store.at())
		require.Equal(t, &wire.Ack{Epoch: epoch, Rev: 5}, next[*wire.Ack](c))
		c.close(wire.CloseGoingAway)

		c = w.accept()
		again := c.greet()
		at := record.Position{Epoch: epoch, Rev: 5, Sum: sumOf("Anna", "Bo")}
		require.Equal(t, wire.AtOf(at), *again.Have)
		require.Equal(t, first.Inst, again.Inst)
		c.send(welcome(6, 0))
		c.send(&wire.Delta{Epoch: epoch, From: 5, Rev: 6, Sum: sumOf("Anna").String(), Ops: []wire.RowOp{{Kind: record.KindPerson, ID: "Bo", Delete: true}}})
		synctest.Wait()
		require.Equal(t, []string{"Anna"}, w.store.names())
		require.Equal(t, []string{"down", "live", "down", "live"}, w.links())

		// The same after a start: the disk is what counts.
		require.NoError(t, w.end())
		w.start()
		require.Equal(t, wire.AtOf(w.store.at()), *w.accept().greet().Have)
	})
}

// The proof is made for the host that was dialled, without its port.
func TestProofNamesTheHostThatWasDialled(t *testing.T) {
	for url, host := range map[string]string{
		"wss://hub.test:8443/sync": "hub.test", "wss://hub.test/sync": "hub.test", "wss://[2001:db8::7]:8443/sync": "2001:db8::7",
	} {
		inWorld(t, func(t *testing.T, w *world) {
			w.cfg.URL = url // and Sign signs nothing: the proof is what it was given
			w.start()
			h := w.accept().greet()
			require.Equal(t, wire.B64.EncodeToString(wire.HelloProof("nonce", host, "scr-1", h.Inst)), h.Sig)
		})
	}
}

// Anything from nothing to one second, doubled with each failure,
// at most a minute; and from the beginning again after half a minute live.
func TestBackoffIsSpreadOverAllOfItsTime(t *testing.T) {
	for _, chance := range []float64{0.01, 0.5, 0.99} {
		inWorld(t, func(t *testing.T, w *world) {
			w.cfg.Chance = func() float64 { return chance }
			var dials []time.Time
			w.cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
				require.Equal(t, "hub.test:8443", addr)
				dials = append(dials, time.Now())
				return w.dial(ctx, network, addr)
			}
			spread := func(seconds ...float64) {
				t.Helper()
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				for i, s := range seconds {
					require.InDelta(t, chance*s, dials[i+1].Sub(dials[i]).Seconds(), 0.001, "wait %d", i)
				}
			}
			w.link.Cut()
			w.start()
			spread(1, 2, 4, 8, 16, 32, 60, 60)

			w.link.Heal()
			c := w.accept()
			dials = dials[len(dials)-1:]
			c.greet()
			c.send(welcome(1, 0))
			c.send(snapshot(1))
			for range 2 { // live for over half a minute
				time.Sleep(20 * time.Second)
				c.send(&wire.Time{HubMS: time.Now().UnixMilli()})
			}
			w.link.Cut()
			synctest.Wait()
			dials[0] = time.Now()
			spread(1, 2, 4)
		})
	}
}

// A connection that is lost at once, over and over, is no success.
func TestShortLifeDoesNotEndTheBackoff(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		var lost time.Time
		for _, ms := range []int64{0, 500, 1000, 2000, 4000} {
			c, _ := w.live(1, "Anna")
			require.True(t, ms == 0 || time.Since(lost).Milliseconds() == ms, "%v, want %d ms", time.Since(lost), ms)
			c.close(wire.CloseGoingAway)
			lost = time.Now()
		}
	})
}

// Every way to be sent away has its time to come back, spread so that those who
// were refused together do not come back together.
func TestEveryRefusalHasItsTime(t *testing.T) {
	const none = 0
	for _, c := range []struct {
		code        wire.CloseCode
		least, most time.Duration // with chance 0 and 1
	}{
		{wire.CloseGoingAway, none, time.Second},
		{wire.CloseBadText, none, time.Second},
		{wire.CloseTooBig, none, time.Second},
		{wire.CloseRestart, none, time.Second},
		{wire.CloseTryLater, none, time.Second},
		{wire.CloseTooSlow, none, time.Second},
		{wire.CloseMoved, none, time.Second},
		{4999, none, time.Second},
		{wire.CloseProtocol, 5 * time.Minute, 375 * time.Second},
		{wire.CloseUnknown, 15 * time.Minute, 1125 * time.Second},
		{wire.CloseReplaced, 30 * time.Second, 37500 * time.Millisecond},
		{wire.CloseVersion, time.Hour, 75 * time.Minute},
		{wire.CloseRate, time.Minute, 75 * time.Second},
	} {
		for chance, want := range map[float64]time.Duration{0: c.least, 1: c.most} {
			inWorld(t, func(t *testing.T, w *world) {
				w.cfg.Chance = func() float64 { return chance }
				w.start()
				w.accept().close(c.code)
				lost := time.Now()
				w.accept()
				require.Equal(t, want, time.Since(lost), "%s, chance %v", c.code, chance)
			})
		}
	}
	for status, want := range map[int]time.Duration{
		http.StatusServiceUnavailable: 500 * time.Millisecond, http.StatusTooManyRequests: 500 * time.Millisecond,
		http.StatusInternalServerError: 500 * time.Millisecond, http.StatusNotFound: 500 * time.Millisecond,
		http.StatusUpgradeRequired: time.Hour + 450*time.Second,
	} {
		inWorld(t, func(t *testing.T, w *world) {
			refused := make(chan time.Time, 1)
			w.instead(func(rw http.ResponseWriter, _ *http.Request) {
				rw.WriteHeader(status)
				refused <- time.Now()
			})
			w.start()
			was := <-refused
			require.Equal(t, want, (<-refused).Sub(was), "%d", status)
		})
	}
}

// A hub that says goodbye chooses when its screens come back.
func TestGoodbyeSaysWhenToComeBack(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(1, "Anna")
		c.send(&wire.Bye{Code: wire.CloseRestart, RetryMS: 2000, SpreadMS: 60_000})
		c.close(wire.CloseRestart)
		lost := time.Now()
		w.accept()
		require.Equal(t, 32*time.Second, time.Since(lost))
	})
}

// Issue 2, "Bad input": a wrong certificate. The hub is known by its key, now or
// next; whoever has another one learns nothing of the screen.
func TestHubIsKnownByItsKey(t *testing.T) {
	other := t.TempDir()
	theirs, err := hub.Certificate(other, time.Now(), "hub.test")
	require.NoError(t, err)
	inWorld(t, func(t *testing.T, w *world) {
		ours, err := hub.Certificate(w.cert, time.Now())
		require.NoError(t, err)
		w.cfg.TLS = Pinned(hub.Pin(theirs), hub.Pin(ours))
		w.start()
		w.live(1, "Anna")
	})
	for reason, cfg := range map[string]*tls.Config{
		"pin":         Pinned(hub.Pin(theirs)),
		"certificate": Pinned(),
	} {
		inWorld(t, func(t *testing.T, w *world) {
			w.cfg.TLS = cfg
			w.instead(func(http.ResponseWriter, *http.Request) { t.Error("a request was made") })
			w.start()
			time.Sleep(time.Hour)
			synctest.Wait()
			log := w.log.String()
			require.Equal(t, 1, strings.Count(log, "level=WARN"), "said once: %s", log)
			require.Contains(t, log, `level=WARN msg="hub not reached" reason=`+reason)
			require.Equal(t, reason == "pin", strings.Contains(log, ErrPin.Error()))
			require.Greater(t, strings.Count(log, "hub not reached"), 60, "and tried on")
			require.Equal(t, []string{"down"}, w.links())
		})
	}
}

// R-DPA-28: nothing older than TLS 1.3.
func TestOldTLSIsRefused(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		cert, err := hub.Certificate(w.cert, time.Now())
		require.NoError(t, err)
		old := make(chan error)
		w.cfg.Dial = func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			go func() {
				s := tls.Server(there, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tls.VersionTLS12})
				err := s.HandshakeContext(t.Context())
				_ = there.Close()
				old <- err
			}()
			return here, nil
		}
		w.start()
		require.ErrorContains(t, <-old, "version")
		require.NoError(t, w.end())
	})
}

// A revoked screen destroys what it has, says so once, and asks no more.
func TestRevokedScreenWipesItself(t *testing.T) {
	for name, revoke := range map[string]func(*world, *conn){
		"close code": func(_ *world, c *conn) { c.close(wire.CloseRevoked) },
		"command": func(_ *world, c *conn) {
			c.send(&wire.Cmd{ID: "c1", Op: "wipe"})
			require.Equal(c.t, &wire.Done{ID: "c1", Status: "ok"}, next[*wire.Done](c))
		},
		"410 Gone": func(w *world, c *conn) {
			w.instead(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusGone) })
			c.close(wire.CloseGoingAway)
			time.Sleep(time.Minute)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				w.start()
				c, _ := w.live(1, "Anna")
				mend := w.store.failing() // none
				revoke(w, c)
				mend()
				<-c.done
				synctest.Wait()
				require.Empty(t, w.store.names())
				require.Equal(t, 1, w.wiped())

				// It is over, and whoever does not know yet is not held up.
				began := time.Now()
				for range 1000 {
					w.client.Touched(w.ctx())
					w.client.Shown(w.ctx(), record.Position{})
					w.client.Forgot(w.ctx(), 1)
					w.client.Reload(w.ctx())
				}
				require.Zero(t, time.Since(began))
				require.NoError(t, w.end())
			})
		})
	}
}

// R-DPA-27: once everything is gone the hub is told so, by the key that was, and the
// owner is not kept waiting for that.
func TestHubIsToldOfAWipe(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(1, "Anna")
		c.close(wire.CloseRevoked)
		again := w.accept()
		require.Equal(t, 1, w.wiped(), "before it is told")
		h := again.greet()
		require.Equal(t, wire.StoreWiped, h.Store)
		require.Nil(t, h.Have)
		again.close(wire.CloseTryLater)
		again = w.accept()
		require.Equal(t, wire.StoreWiped, again.greet().Store, "until the hub has taken it")
		again.close(wire.CloseRevoked)
		time.Sleep(time.Hour)
		synctest.Wait()
		require.Equal(t, 1, w.wiped())
		require.Equal(t, 1, w.store.wipes)
		require.NoError(t, w.end())
	})
}

// What cannot be destroyed at first is tried until it is.
func TestWipeIsTriedUntilItSucceeds(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(1, "Anna")
		mend := w.store.failing("wipe")
		c.close(wire.CloseRevoked)
		time.Sleep(35 * time.Second)
		synctest.Wait()
		require.Equal(t, 4, w.store.wipes)
		require.Zero(t, w.wiped(), "not yet")
		for range 100 {
			w.client.Touched(w.ctx()) // nobody waits for it
		}
		mend()
		time.Sleep(wipeAgain)
		synctest.Wait()
		require.Empty(t, w.store.names())
		require.Equal(t, 1, w.wiped())
	})
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(1, "Anna")
		w.store.failing("wipe")
		c.close(wire.CloseRevoked)
		synctest.Wait()
		require.ErrorIs(t, w.end(), errDisk, "whoever stops it learns that it is not done")
		w.end = func() error { return nil }
	})
}

// After its keys were destroyed a screen begins anew with what it has now.
func TestReloadBeginsAnew(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(5, "Anna")
		require.NoError(t, w.store.Wipe())
		w.client.Reload(w.ctx())
		require.Equal(t, wire.CloseGoingAway, c.ended())
		h := w.accept().greet()
		require.Nil(t, h.Have)
		require.Equal(t, "another", h.Inst)
	})
}

// Commands are carried out by the owner and answered; without one they are
// refused.
func TestCommandsAreAnswered(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(1)
		c.send(&wire.Cmd{ID: "c1", Op: "identify"})
		require.Equal(t, &wire.Done{ID: "c1", Status: "refused", Info: "not known"}, next[*wire.Done](c))
		w.client.events.Obey = func(cmd wire.Cmd) (string, string) { return "ok", "did " + cmd.Op }
		c.send(&wire.Cmd{ID: "c2", Op: "identify"})
		require.Equal(t, &wire.Done{ID: "c2", Status: "ok", Info: "did identify"}, next[*wire.Done](c))
	})
}

// The hub's clock and the lease are passed on as they come.
func TestClockAndLeaseArePassedOn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		c, _ := w.live(1)
		require.Equal(t, 1, w.heard.leases)
		hub := time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)
		c.send(&wire.Time{HubMS: hub.UnixMilli()})
		synctest.Wait()
		require.True(t, hub.Equal(w.heard.clock))
		lease := signed(wire.Lease{IssuedMS: 7, MaskS: 8 * 3600, WipeS: 9 * 86400})
		c.send(&wire.LeaseRenewal{Lease: lease})
		synctest.Wait()
		require.Equal(t, 2, w.heard.leases)
		require.Equal(t, lease, w.store.lease)
	})
}

// A lease that no hub gives does not count: the one before it holds, the hub is
// told that this is not the protocol, and the screen comes back after five
// minutes, with what people touched.
func TestLeaseThatCannotBeIsNotTaken(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.start()
		for _, l := range []wire.Lease{
			signed(wire.Lease{IssuedMS: time.Now().UnixMilli(), MaskS: 0, WipeS: 30 * 86400}),
			signed(wire.Lease{IssuedMS: time.Now().UnixMilli(), MaskS: 10_000_000_000, WipeS: 10_000_000_000}),
			signed(wire.Lease{IssuedMS: time.Now().AddDate(100, 0, 0).UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}),
			{IssuedMS: time.Now().UnixMilli(), MaskS: 72 * 3600, WipeS: 30 * 86400}, // not signed
		} {
			c, _ := w.live(1)
			before, leases := w.store.lease, w.heard.leases
			c.send(&wire.LeaseRenewal{Lease: l})
			require.Equal(t, wire.CloseProtocol, c.ended())
			lost := time.Now()
			require.Equal(t, before, w.store.lease)
			require.Equal(t, leases, w.heard.leases)
			w.touch()
			c = w.accept()
			require.GreaterOrEqual(t, time.Since(lost), 5*time.Minute)
			c.greet()
			c.send(welcome(1, 0))
			require.NotEmpty(t, next[*wire.Mut](c).Muts)
			c.close(wire.CloseGoingAway)
		}
	})
}

func TestAddressThatIsNoneIsAnError(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.cfg.URL = "wss://hub.test:port/sync"
		w.start()
		synctest.Wait()
		require.ErrorContains(t, w.end(), "hub address")
		w.end = func() error { return nil }
	})
}
