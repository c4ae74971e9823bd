package hub

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A picture is had by its content's name, whole, in parts, or not
// again.
func TestPictureIsHadByItsContent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		token := s.state.welcome.Asset.Token
		path := assetPath + string(s.facts().People[record.PersonID(s.board().PersonKey("r01").ID)].Photo)
		const all = "jpeg of asset:portrait-karen"

		r := s.get(path, token)
		require.Equal(t, 200, r.StatusCode)
		require.Equal(t, all, body(t, r))
		require.Equal(t, "image/jpeg", r.Header.Get("Content-Type"))
		require.Equal(t, "private, no-store", r.Header.Get("Cache-Control"))
		require.Equal(t, `"`+strings.TrimPrefix(path, assetPath)+`"`, r.Header.Get("ETag"))

		r = s.get(path, token, "Range", "bytes=5-")
		require.Equal(t, http.StatusPartialContent, r.StatusCode)
		require.Equal(t, all[5:], body(t, r))
		r = s.get(path, token, "If-None-Match", r.Header.Get("ETag"))
		require.Equal(t, http.StatusNotModified, r.StatusCode)
		s.leave()
	})
}

// R-IBG-13, R-DPA-28, R-DPA-29: no picture without a token for this screen and
// this board, none that the board does not show, and every refusal is logged.
func TestPicturesAreForScreensThatShowThem(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s, next := w.live("scr-1"), w.live("scr-3")
		token := s.state.welcome.Asset.Token
		photo := func(id house.ID) string {
			return assetPath + string(s.facts().People[record.PersonID(s.board().PersonKey(id).ID)].Photo)
		}
		path := photo("r02")
		status := func(path, token string) int { return s.get(path, token).StatusCode }
		require.Equal(t, 200, status(path, token))
		require.Equal(t, 401, status(path, ""))
		first := map[bool]string{true: "B", false: "A"}[token[0] == 'A']
		require.Equal(t, 401, status(path, first+token[1:]))
		require.Equal(t, 401, status(path, token[:len(token)-4]))
		require.Equal(t, 401, status(path, wire.B64.EncodeToString([]byte(strings.Repeat("\x00", 60)))))
		require.Equal(t, 401, s.get(path, "", "Authorization", token).StatusCode)
		require.Equal(t, 404, status(path, next.state.welcome.Asset.Token), "the neighbours do not show him")
		require.Equal(t, 404, status(assetPath+"sha256-"+strings.Repeat("0", 64), token))
		require.Equal(t, 404, status(assetPath+"..%2F..%2Fetc%2Fpasswd", token))
		require.Equal(t, 404, status(assetPath+"sha256-"+strings.Repeat("A", 64), token))
		require.Contains(t, w.log.String(), `"msg":"request refused","reason":"token","status":401`)

		require.NotEqual(t, photo("r02"), photo("r04"))
		w.alter("r02", func(r *house.Resident) { r.Photo = "asset:portrait-line" })
		require.Equal(t, 404, status(path, token), "the old one is gone with the change")
		require.Equal(t, 200, status(photo("r02"), token))

		time.Sleep(tokenLife)
		require.Equal(t, 401, status(path, token))
		s.leave()
		next.leave()
	})
}

// A token made with another hub's key, or changed in any byte, is none.
func TestTokenCannotBeMade(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	mine, theirs := tokens{[]byte("mine")}, tokens{[]byte("theirs")}
	good := mine.give(holder{"scr-1", "b1", "key"}, now.Add(time.Hour))
	given, ok := mine.check(good, now)
	require.True(t, ok)
	require.Equal(t, holder{"scr-1", "b1", "key"}, given)
	_, ok = theirs.check(good, now)
	require.False(t, ok)
	_, ok = mine.check(good, now.Add(time.Hour))
	require.False(t, ok)
	raw, err := wire.B64.DecodeString(good)
	require.NoError(t, err)
	for i := range raw {
		raw[i] ^= 1
		_, ok = mine.check(wire.B64.EncodeToString(raw), now)
		require.False(t, ok, "byte %d", i)
		raw[i] ^= 1
	}
	for n := range raw {
		_, ok = mine.check(wire.B64.EncodeToString(raw[:n]), now)
		require.False(t, ok, "%d bytes", n)
	}
}

// A token that this hub did not make opens nothing, whatever is in it; one that
// it made opens what it was made for, until its time.
func FuzzToken(f *testing.F) {
	now := time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)
	ours, theirs := tokens{bytes.Repeat([]byte{1}, 32)}, tokens{bytes.Repeat([]byte{2}, 32)}
	first := holder{"scr-1", "b", "k\x00"}
	f.Add(ours.give(first, now.Add(time.Hour)), first.device, string(first.board), first.key, int64(3600))
	f.Add(theirs.give(first, now.Add(time.Hour)), "", "b\x00c", "", int64(-1))
	f.Add("", "scr\x00-1", "", "", int64(0))
	f.Add("AAAA", "\xff", "b", "\x00", int64(1)<<62)
	f.Fuzz(func(t *testing.T, token, device, board, key string, life int64) {
		if got, ok := ours.check(token, now); ok {
			raw, err := wire.B64.DecodeString(token)
			if err != nil || len(raw) < 40 {
				t.Fatalf("%q is taken", token)
			}
			made, _ := wire.B64.DecodeString(ours.give(got, time.Unix(int64(binary.BigEndian.Uint64(raw[32:])), 0)))
			if !bytes.Equal(made, raw) {
				t.Fatalf("%q is taken for %q", token, got)
			}
		}
		to := holder{device, record.BoardID(board), key}
		if _, ok := ours.check(theirs.give(to, now.Add(time.Hour)), now); ok {
			t.Fatal("another hub's token is taken")
		}
		if strings.Contains(device+board, "\x00") || life < -1<<40 || life > 1<<40 {
			return
		}
		until := time.Unix(now.Unix()+life, 0)
		given, ok := ours.check(ours.give(to, until), now)
		if ok != now.Before(until) || ok && given != to {
			t.Fatalf("for %q, good for %d s: %q, %v", to, life, given, ok)
		}
	})
}
