package client

import (
	"bytes"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
	"tavle/sync/wire"
)

const portrait = "a portrait"

// says answers with this.
func says(content string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(content)) }
}

// refuses answers with this status, whatever else it says.
func refuses(status int) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(status)
		_, _ = rw.Write([]byte(portrait))
	}
}

// hang answers with half a picture and waits until whoever asked is gone.
func hang(rw http.ResponseWriter, r *http.Request) {
	_, _ = rw.Write([]byte(portrait)[:5])
	_ = http.NewResponseController(rw).Flush()
	<-r.Context().Done()
}

// Pictures that rows refer to are fetched with the token of the session, one
// after the other, and kept.
func TestMissingPicturesAreFetched(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		all := map[record.AssetID][]byte{}
		for _, p := range []string{"one", "two", "three"} {
			all[assetOf([]byte(p))] = []byte(p)
			w.want(p)
		}
		var busy atomic.Int32
		w.picture(func(rw http.ResponseWriter, r *http.Request) {
			if busy.Add(1) != 1 || r.Header.Get("Authorization") != "Bearer token" || r.Host != "hub.test:8443" {
				t.Errorf("%d at a time, %v of %s", busy.Load(), r.Header, r.Host)
			}
			defer busy.Add(-1)
			_, _ = rw.Write(all[record.AssetID(r.PathValue("id"))])
		})
		w.start()
		w.live(5, "Anna")
		require.Equal(t, all, w.got())
		require.Len(t, w.asked(), 3)
	})
}

// A picture is what its name says, or it is not taken: another one, an answer
// that is none, and a way elsewhere. It is asked for again later, while the board
// is shown without it, and the others are not held up.
func TestPictureThatIsNotWhatItSaysIsNotTaken(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"another one": says("another portrait"),
		"nothing":     says(""),
		"cut in half": says(portrait[:5]),
		"too long":    says(portrait + "."),
		"not found":   refuses(http.StatusNotFound),
		"no right":    refuses(http.StatusUnauthorized),
		"part of it":  refuses(http.StatusPartialContent),
		"somewhere else": func(rw http.ResponseWriter, r *http.Request) {
			if r.PathValue("id") == "elsewhere" {
				says(portrait)(rw, r)
			} else {
				http.Redirect(rw, r, "/sync/asset/elsewhere", http.StatusFound)
			}
		},
		"broken off": func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Length", strconv.Itoa(len(portrait)))
			_, _ = rw.Write([]byte(portrait)[:5])
			_ = http.NewResponseController(rw).Flush()
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				bad, good := assetOf([]byte(portrait)), assetOf([]byte("fine"))
				w.want(portrait, "fine")
				w.picture(func(rw http.ResponseWriter, r *http.Request) {
					if r.PathValue("id") == string(good) {
						says("fine")(rw, r)
					} else {
						answer(rw, r)
					}
				})
				w.start()
				c, _ := w.live(5, "Anna")
				require.NotContains(t, w.got(), bad)
				require.Contains(t, w.got(), good)
				require.Len(t, w.asked(bad), 1)
				time.Sleep(photoRetry - time.Second)
				c.send(&wire.Delta{Epoch: epoch, From: 5, Rev: 6, Sum: sumOf("Anna", "Bo").String(), Ops: put("Bo")})
				require.Len(t, w.asked(bad), 1, "not with every change")
				time.Sleep(time.Second)
				times := w.asked(bad)
				require.Len(t, times, 2)
				require.Equal(t, photoRetry, times[1].Sub(times[0]))

				w.picture(says(portrait))
				time.Sleep(photoRetry)
				require.Equal(t, []byte(portrait), w.got()[bad])
				c.silent() // nobody else was bothered
			})
		})
	}
}

// A picture without an end is read up to the limit, and no further.
func TestEndlessPictureIsNotReadToTheEnd(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.want(portrait)
		var sent atomic.Int64
		w.picture(func(rw http.ResponseWriter, _ *http.Request) {
			part := bytes.Repeat([]byte{'x'}, 64<<10)
			for {
				n, err := rw.Write(part)
				if sent.Add(int64(n)); err != nil {
					return
				}
			}
		})
		w.start()
		w.live(5, "Anna")
		require.Empty(t, w.got())
		require.Len(t, w.asked(), 1)
		require.Greater(t, sent.Load(), int64(wire.MaxAsset))
		require.Less(t, sent.Load(), int64(wire.MaxAsset+(1<<20)))
		require.Contains(t, w.log.String(), "over 4194304 bytes")
	})
}

// While the screen is not connected nobody is asked for pictures: a hub that is
// down, or has sent it away for an hour, is left alone. With the next welcome,
// and with every change, they are asked for at once.
func TestPicturesAreAskedForOnlyWhileConnected(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.want(portrait)
		w.picture(refuses(http.StatusNotFound))
		w.link.Cut()
		w.start()
		time.Sleep(time.Hour)
		require.Empty(t, w.asked())
		w.link.Heal()
		c, _ := w.live(5, "Anna")
		time.Sleep(photoRetry / 2)
		require.Len(t, w.asked(), 1)
		c.close(wire.CloseVersion)
		time.Sleep(59 * time.Minute)
		require.Len(t, w.asked(), 1)

		w.picture(says(portrait))
		c, _ = w.live(6, "Bo")
		require.Len(t, w.asked(), 2)
		w.want("news")
		w.picture(says("news"))
		began := time.Now()
		c.send(&wire.Delta{Epoch: epoch, From: 6, Rev: 7, Sum: sumOf("Bo", "Anna").String(), Ops: put("Anna")})
		require.Len(t, w.got(), 2)
		require.Zero(t, time.Since(began))
	})
}

// The token of a renewed lease is used from then on, and at once.
func TestRenewedTokenIsUsed(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.want(portrait)
		w.picture(func(rw http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer another" {
				rw.WriteHeader(http.StatusUnauthorized)
				return
			}
			says(portrait)(rw, r)
		})
		w.start()
		c, _ := w.live(5, "Anna")
		require.Empty(t, w.got())
		c.send(&wire.LeaseRenewal{Lease: signed(wire.Lease{IssuedMS: 1, MaskS: 8 * 3600, WipeS: 9 * 86400}), Asset: &wire.Assets{Base: "/sync/asset/", Token: "another", ExpS: 3600}})
		synctest.Wait()
		require.Len(t, w.got(), 1)
	})
}
