package hub

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

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

// give returns a token for a screen of a board, good until then.
func (t tokens) give(device string, board record.BoardID, until time.Time) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	b = append(b, device+"\x00"+string(board)...)
	return wire.B64.EncodeToString(append(t.mac(b), b...))
}

// check returns for which screen and board a token is good at now.
func (t tokens) check(token string, now time.Time) (device string, board record.BoardID, ok bool) {
	b, err := wire.B64.DecodeString(token)
	if err != nil || len(b) < sha256.Size+8 || !hmac.Equal(b[:sha256.Size], t.mac(b[sha256.Size:])) {
		return "", "", false
	}
	b = b[sha256.Size:]
	if until := time.Unix(int64(binary.BigEndian.Uint64(b)), 0); !now.Before(until) {
		return "", "", false
	}
	device, of, _ := strings.Cut(string(b[8:]), "\x00")
	return device, record.BoardID(of), true
}

func (t tokens) mac(b []byte) []byte {
	m := hmac.New(sha256.New, t.key)
	m.Write(b)
	return m.Sum(nil)
}

// assets says to a screen where its pictures are.
func (h *Hub) assets(device string, board record.BoardID) *wire.Assets {
	return &wire.Assets{
		Base: assetPath, Token: h.tokens.give(device, board, h.now().Add(tokenLife)), ExpS: int64(tokenLife / time.Second),
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
	device, board, ok := h.tokens.check(token, h.now())
	if !bearer || !ok {
		h.refuse(w, r, http.StatusUnauthorized, deniedToken)
		return
	}
	d, err := h.device(r.Context(), device)
	if errors.Is(err, store.ErrNotFound) || err == nil && (d.Revoked || d.Board != board) {
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
