package hub

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	films "tavle/assets/film"
	"tavle/assets/sound"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// assetPath is where pictures are.
const assetPath = "/sync/asset/"

// tokenLife is how long a token opens pictures. It is renewed with every lease.
const tokenLife = time.Hour

// tokens are given to a screen that proved who it is, and open the pictures of
// its board over plain HTTP requests. What is in one is readable by whoever has
// it, and only the hub can make one.
type tokens struct{ key []byte }

// A holder is who a token was given to: another screen that comes to have the
// name, or the board, is not the one.
type holder struct {
	device string
	board  record.BoardID
	key    string // an Ed25519 key, 32 bytes
}

func holderOf(device string, board record.BoardID, key ed25519.PublicKey) holder {
	return holder{device, board, string(key)}
}

// give returns a token good until then.
func (t tokens) give(to holder, until time.Time) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	b = append(b, to.device+"\x00"+string(to.board)+"\x00"+to.key...)
	return wire.B64.EncodeToString(append(t.mac(b), b...))
}

// check returns to whom a token was given that is good at now.
func (t tokens) check(token string, now time.Time) (given holder, ok bool) {
	b, err := wire.B64.DecodeString(token)
	if err != nil || len(b) < sha256.Size+8 || !hmac.Equal(b[:sha256.Size], t.mac(b[sha256.Size:])) {
		return holder{}, false
	}
	b = b[sha256.Size:]
	if until := time.Unix(int64(binary.BigEndian.Uint64(b)), 0); !now.Before(until) {
		return holder{}, false
	}
	device, rest, _ := strings.Cut(string(b[8:]), "\x00")
	board, key, _ := strings.Cut(rest, "\x00")
	return holder{device, record.BoardID(board), key}, true
}

func (t tokens) mac(b []byte) []byte {
	m := hmac.New(sha256.New, t.key)
	m.Write(b)
	return m.Sum(nil)
}

// assets says to a screen where its pictures are.
func (h *Hub) assets(to holder) *wire.Assets {
	return &wire.Assets{
		Base: assetPath, Token: h.tokens.give(to, h.now().Add(tokenLife)), ExpS: int64(tokenLife / time.Second),
	}
}

var assetID = regexp.MustCompile(`^sha256-[0-9a-f]{64}$`)

// countedAsset hands out one picture and counts how that went.
func (h *Hub) countedAsset(w http.ResponseWriter, r *http.Request) {
	counted := &countedWriter{ResponseWriter: w, status: http.StatusOK}
	h.asset(counted, r)
	count(h.meters.assets, strconv.Itoa(counted.status))
	h.meters.sent(asPicture, counted.bytes)
}

// A countedWriter notes what is answered.
type countedWriter struct {
	http.ResponseWriter
	status, bytes int
}

// WriteHeader implements [http.ResponseWriter].
func (w *countedWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *countedWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// asset hands out one picture: to a screen whose board shows it at this moment,
// and to nobody else. The answer after a wish to be hidden is that there is no
// such picture.
func (h *Hub) asset(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "private, no-store")
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	given, ok := h.tokens.check(token, h.now())
	if !bearer || !ok {
		h.refuse(w, r, http.StatusUnauthorized, deniedToken)
		return
	}
	d, err := h.device(r.Context(), given.device)
	if errors.Is(err, store.ErrNotFound) || err == nil && (d.Revoked || holderOf(d.ID, d.Board, d.Key) != given) {
		h.refuse(w, r, http.StatusUnauthorized, deniedDevice)
		return
	}
	id := record.AssetID(r.PathValue("asset"))
	var jpeg []byte
	if err == nil {
		jpeg, err = h.picture(r, d, id)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		http.NotFound(w, r)
	case err != nil:
		h.log.ErrorContext(r.Context(), "picture not read", "device", d.ID, "error", err)
		http.Error(w, "try later", http.StatusServiceUnavailable)
	default:
		w.Header().Set("Content-Type", "image/jpeg")
		switch {
		case films.Is(jpeg):
			w.Header().Set("Content-Type", "video/mpeg")
		case sound.Is(jpeg):
			w.Header().Set("Content-Type", "audio/wav")
		}
		w.Header().Set("ETag", `"`+string(id)+`"`)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(jpeg))
	}
}

// picture returns a picture the board of d shows.
func (h *Hub) picture(r *http.Request, d store.Device, id record.AssetID) (jpeg []byte, err error) {
	if !assetID.MatchString(string(id)) {
		return nil, store.ErrNotFound
	}
	ctx := r.Context()
	by := store.Actor{Org: d.Org, Kind: store.ByScreen, ID: d.ID, At: h.now()}
	err = h.store.View(ctx, by, func(v store.View) error {
		shows, err := v.Shows(ctx, d.Board, id)
		if err == nil && !shows {
			err = store.ErrNotFound
		}
		if err == nil {
			jpeg, err = v.Picture(ctx, id)
		}
		return err
	})
	return jpeg, err
}

// refuse answers a request that is not let in, and logs its class.
func (h *Hub) refuse(w http.ResponseWriter, r *http.Request, status int, why denial) {
	log := h.deny(why)
	log.WarnContext(r.Context(), "request refused", "status", status)
	http.Error(w, http.StatusText(status), status)
}
