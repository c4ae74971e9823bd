package hub

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// CHANNEL 2.5: a picture is had by its content's name, whole, in parts, or not
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
	good := mine.give("scr-1", "b1", now.Add(time.Hour))
	device, board, ok := mine.check(good, now)
	require.True(t, ok)
	require.Equal(t, "scr-1", device)
	require.Equal(t, record.BoardID("b1"), board)
	_, _, ok = theirs.check(good, now)
	require.False(t, ok)
	_, _, ok = mine.check(good, now.Add(time.Hour))
	require.False(t, ok)
	raw, err := wire.B64.DecodeString(good)
	require.NoError(t, err)
	for i := range raw {
		raw[i] ^= 1
		_, _, ok = mine.check(wire.B64.EncodeToString(raw), now)
		require.False(t, ok, "byte %d", i)
		raw[i] ^= 1
	}
	for n := range raw {
		_, _, ok = mine.check(wire.B64.EncodeToString(raw[:n]), now)
		require.False(t, ok, "%d bytes", n)
	}
}
