package hub

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/gorilla/websocket"

	"tavle/sync/wire"
)

// maxStrangers is how many connections may be open that have not proved who
// they are. Screens do so within a round trip; more than this is a storm, and
// the rest comes back later.
const maxStrangers = 512

// Staffed has staff served at all addresses that screens have no use for. It is said
// before [Hub.Handler] is asked for.
func (h *Hub) Staffed(manager http.Handler) { h.manager = manager }

// Handler serves the channel at /sync, and pictures and pairing below it; staff, at
// all others.
func (h *Hub) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sync", h.upgrade)
	mux.HandleFunc("POST "+wire.PairPath, pairing(h, true, h.pairOpen))
	mux.HandleFunc("POST "+wire.PairPath+"/{pairing}", pairing(h, false, h.pairReveal))
	mux.HandleFunc("POST "+wire.PairPath+"/{pairing}/ask", pairing(h, false, h.pairAsk))
	mux.HandleFunc("GET "+wire.PairPage, h.pairPage)
	mux.HandleFunc("GET "+assetPath+"{asset}", h.countedAsset)
	if h.manager != nil {
		mux.Handle("/", h.manager)
	} else {
		mux.Handle("GET /{$}", http.RedirectHandler(wire.PairPage, http.StatusFound))
	}
	return mux
}

// upgrader never negotiates compression: a frame is as big as it says.
var upgrader = websocket.Upgrader{
	HandshakeTimeout: wire.HandshakeTimeout,
	ReadBufferSize:   256, // the usual message is a confirmation; what does not fit is read past it
	WriteBufferSize:  1 << 10,
	WriteBufferPool:  &sync.Pool{}, // an idle connection has no buffer to write
	Subprotocols:     []string{wire.Subprotocol},
	CheckOrigin:      func(r *http.Request) bool { return r.Header.Get("Origin") == "" },
}

// upgrade opens a screen's connection.
func (h *Hub) upgrade(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Origin") != "":
		h.refuse(w, r, http.StatusForbidden, deniedOrigin) // no browser has business here
		return
	case !speaks(r):
		h.version(w, r)
		return
	case !h.enter():
		w.Header().Set("Retry-After", "5")
		h.refuse(w, r, http.StatusServiceUnavailable, deniedBusy)
		return
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil { // it has been answered
		h.giveUp()
		log := h.deny(deniedHandshake)
		log.WarnContext(r.Context(), "request refused")
		return
	}
	// The connection outlives the request, and with its own goroutine and context
	// it does not hold on to it.
	go h.serve(context.Background(), ws) //nolint:gosec // it outlives the request
}

// speaks reports whether somebody asks for a websocket of this protocol, in the
// one version there is [RFC 6455, 4.2.1].
func speaks(r *http.Request) bool {
	// A list may stand in several headers, of which the library reads the first.
	asks := strings.Join(r.Header.Values("Sec-Websocket-Protocol"), ",")
	r.Header.Set("Sec-Websocket-Protocol", asks)
	return r.ProtoAtLeast(1, 1) && websocket.IsWebSocketUpgrade(r) && r.Header.Get("Sec-Websocket-Version") == "13" &&
		slices.Contains(websocket.Subprotocols(r), wire.Subprotocol)
}

// version says which subprotocols this hub speaks, and which websocket.
func (h *Hub) version(w http.ResponseWriter, r *http.Request) {
	log := h.deny(deniedProtocol)
	log.WarnContext(r.Context(), "request refused", "status", http.StatusUpgradeRequired)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Upgrade", "websocket")
	w.Header().Set("Sec-Websocket-Version", "13")
	w.WriteHeader(http.StatusUpgradeRequired)
	_ = json.NewEncoder(w).Encode(map[string][]string{"supported": {wire.Subprotocol}})
}
