package hub

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

var hubPin = wire.Pin([]byte("the hub's TLS key"))

// A newcomer is a screen that asks to be paired, step by step.
type newcomer struct {
	w      *world
	key    ed25519.PrivateKey
	nonce  string
	host   string
	pin    string // as it sees it
	opened wire.PairOpened
	asked  uint64
}

func (w *world) newcomer(name string) *newcomer {
	return &newcomer{w: w, key: key(name), host: host, pin: hubPin, nonce: wire.B64.EncodeToString(random(wire.NonceSize))}
}

func (n *newcomer) public() ed25519.PublicKey { return n.key.Public().(ed25519.PublicKey) }

// post sends a request and returns its status.
func (w *world) post(path string, body, into any) int {
	w.t.Helper()
	b, err := json.Marshal(body)
	require.NoError(w.t, err)
	link := w.net.Link()
	c := http.Client{Transport: &http.Transport{DialContext: link.Dial, DisableKeepAlives: true}}
	resp, err := c.Post("http://"+host+path, "application/json", bytes.NewReader(b))
	require.NoError(w.t, err)
	defer resp.Body.Close()
	b, err = io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	if resp.StatusCode == http.StatusOK {
		require.NoError(w.t, json.Unmarshal(b, into))
	}
	return resp.StatusCode
}

func (n *newcomer) open() int {
	n.w.t.Helper()
	return n.w.post(wire.PairPath, wire.PairOpen{
		Key: wire.B64.EncodeToString(n.public()), Commit: wire.Commitment(n.nonce), Build: "test 1.0",
	}, &n.opened)
}

func (n *newcomer) reveal() (a wire.PairAnswer, status int) {
	n.w.t.Helper()
	r := wire.PairReveal{Nonce: n.nonce, Host: n.host, Pin: n.pin}
	r.Sig = wire.B64.EncodeToString(ed25519.Sign(n.key, wire.PairProof(wire.B64.EncodeToString(n.public()), n.opened, r)))
	status = n.w.post(wire.PairPath+"/"+n.opened.ID, r, &a)
	return a, status
}

func (n *newcomer) ask() (a wire.PairAnswer, status int) {
	n.w.t.Helper()
	n.asked++
	sig := wire.B64.EncodeToString(ed25519.Sign(n.key, wire.PairAskProof(n.opened, n.asked)))
	status = n.w.post(wire.PairPath+"/"+n.opened.ID+"/ask", wire.PairAsk{N: n.asked, Sig: sig}, &a)
	return a, status
}

// code is what stands on its glass.
func (n *newcomer) code() wire.Code {
	return wire.PairCode(wire.B64.EncodeToString(n.public()), n.pin, n.opened.Nonce, n.nonce)
}

// waits brings a newcomer to where staff may let it in.
func (n *newcomer) waits() *newcomer {
	n.w.t.Helper()
	require.Equal(n.w.t, http.StatusOK, n.open())
	a, status := n.reveal()
	require.Equal(n.w.t, http.StatusOK, status)
	require.Equal(n.w.t, wire.PairAnswer{State: wire.PairWaiting}, a)
	return n
}

func (w *world) approve(code wire.Code, id string) error {
	return w.hub.Approve(w.t.Context(), byStaff, Approval{Code: code, Screen: Screen{ID: id, Record: "scr-1"}})
}

// wrong is a code that no glass shows.
func wrong(code wire.Code) wire.Code {
	if code[0] == '2' {
		return "3" + code[1:]
	}
	return "2" + code[1:]
}

// Issue 3, item 4: a key made on the device, a code on the glass, an approval, and
// from then on the challenge; the hub hands out no token.
func TestScreenIsPairedByTheCodeOnItsGlass(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		n := w.newcomer("new").waits()
		list, err := w.hub.Pending(t.Context(), byStaff)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, Pending{
			ID: n.opened.ID, Screen: wire.Nickname(n.public()), Fingerprint: wire.Fingerprint(n.public()), Build: "test 1.0",
			State: wire.PairWaiting, Since: list[0].Since, Expires: list[0].Since.Add(wire.PairLife),
		}, list[0])

		a, _ := n.ask()
		require.Equal(t, wire.PairAnswer{State: wire.PairWaiting}, a)
		require.NoError(t, w.approve(n.code(), "hall"))
		approved := wire.PairAnswer{
			State: wire.PairApproved, Device: "hall", Pins: []string{hubPin}, Signer: wire.B64.EncodeToString(w.hub.SigningKey()),
		}
		for range 2 {
			a, _ = n.ask()
			require.Equal(t, approved, a)
		}
		require.NoError(t, w.approve(n.code(), "hall"), "twice is once")
		require.ErrorIs(t, w.approve(n.code(), "porch"), ErrOver, "and not for another name")
		list, err = w.hub.Pending(t.Context(), byStaff)
		require.NoError(t, err)
		require.Empty(t, list)
		d, err := w.hub.device(t.Context(), "hall")
		require.NoError(t, err)
		require.True(t, d.Key.Equal(n.public()))
		require.NotContains(t, w.log.String(), string(n.code()), "no log has the code")
	})
}

// A power cut between the approval and the screen's disk: the screen begins anew
// with the same key, and gets the same answer, without anybody's help. So does one
// whose answer was lost on its way.
func TestScreenThatForgotIsToldAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		n := w.newcomer("new").waits()
		again, status := n.reveal()
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, wire.PairWaiting, again.State)
		require.NoError(t, w.approve(n.code(), "hall"))
		first, _ := n.ask()

		time.Sleep(wire.PairLife)
		w.restart()
		after := w.newcomer("new")
		require.Equal(t, http.StatusOK, after.open())
		a, _ := after.reveal()
		require.Equal(t, first, a)

		require.NoError(t, w.hub.RevokeScreen(t.Context(), byStaff, "hall"))
		revoked := w.newcomer("new").waits()
		require.NotEmpty(t, revoked.code(), "one that is shut out has to be let in again")
	})
}

// Nobody between can have a screen let in: whoever has another TLS key makes
// another code, and cannot pass on what the screen signed.
func TestNobodyBetweenIsLetIn(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		// The screen speaks to somebody else, who speaks to the hub with a key of
		// their own: the hub knows of no such code.
		between := w.newcomer("between").waits()
		screen := w.newcomer("new")
		screen.pin, screen.opened = wire.Pin([]byte("somebody's")), between.opened
		require.ErrorIs(t, w.approve(screen.code(), "hall"), ErrCode)

		// They pass on everything as it is: the hub sees another pin in it.
		relayed := w.newcomer("relayed")
		relayed.pin = wire.Pin([]byte("somebody's"))
		require.Equal(t, http.StatusOK, relayed.open())
		a, _ := relayed.reveal()
		require.Equal(t, wire.PairAnswer{State: wire.PairRefused, Why: wire.WhyPin}, a)
		require.ErrorIs(t, w.approve(relayed.code(), "hall"), ErrBetween)
		require.Contains(t, w.log.String(), `"msg":"pairing refused","reason":"pin"`)
	})
}

// R-DPA-29: every refusal is in the log with its class, and with nothing of who
// asked.
func TestWhatDoesNotFitIsRefused(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		for why, spoil := range map[string]func(*newcomer){
			wire.WhyCommit: func(n *newcomer) { n.nonce = wire.B64.EncodeToString(random(wire.NonceSize)) },
			wire.WhyProof:  func(n *newcomer) { n.opened.Nonce = wire.B64.EncodeToString(random(wire.NonceSize)) },
			wire.WhyHost:   func(n *newcomer) { n.host = "elsewhere.test" },
		} {
			n := w.newcomer("new")
			require.Equal(t, http.StatusOK, n.open())
			spoil(n)
			a, status := n.reveal()
			require.Equal(t, http.StatusOK, status)
			require.Equal(t, wire.PairAnswer{State: wire.PairRefused, Why: why}, a)
			require.Contains(t, w.log.String(), `"msg":"pairing refused","reason":"`+why+`"`)
			require.Error(t, w.approve(n.code(), "hall"), why)
		}

		n := w.newcomer("new").waits()
		stranger := w.newcomer("stranger")
		stranger.opened = n.opened
		_, status := stranger.ask()
		require.Equal(t, http.StatusForbidden, status, "only the screen may ask")
		stranger.opened.ID = wire.B64.EncodeToString(random(wire.NonceSize))
		_, status = stranger.ask()
		require.Equal(t, http.StatusNotFound, status)
		require.Equal(t, http.StatusBadRequest, w.post(wire.PairPath, map[string]string{"key": "x"}, nil))
		require.Equal(t, http.StatusBadRequest, w.post(wire.PairPath, strings.Repeat("x", wire.MaxPair), nil))
		time.Sleep(time.Second) // the server lingers over what was too long
		require.NotRegexp(t, `\d+\.\d+\.\d+\.\d+`, strings.ReplaceAll(w.log.String(), "192.0.2.7", ""))
	})
}

// Five wrong codes lock, and a code is over after ten minutes.
func TestWrongCodesLockAndCodesRunOut(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		n := w.newcomer("new").waits()
		for range wire.MaxCodeTries {
			require.ErrorIs(t, w.approve(wrong(n.code()), "hall"), ErrCode)
		}
		require.ErrorIs(t, w.approve(n.code(), "hall"), ErrLocked)
		a, _ := n.ask()
		require.Equal(t, wire.PairAnswer{State: wire.PairLocked}, a)
		list, err := w.hub.Pending(t.Context(), byStaff)
		require.NoError(t, err)
		require.Equal(t, wire.MaxCodeTries, list[0].Wrong)
		require.Equal(t, wire.PairLocked, list[0].State)

		n = w.newcomer("new").waits()
		time.Sleep(wire.PairLife)
		require.ErrorIs(t, w.approve(n.code(), "hall"), ErrOver)
		a, _ = n.ask()
		require.Equal(t, wire.PairExpired, a.State)
		n = w.newcomer("new").waits()
		require.NoError(t, w.approve(n.code(), "hall"))
	})
}

func TestStaffSayNo(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		n := w.newcomer("new").waits()
		require.ErrorIs(t, w.hub.Refuse(t.Context(), byStaff, "0000 0000"), store.ErrNotFound)
		require.NoError(t, w.hub.Refuse(t.Context(), byStaff, strings.ToLower(strings.ReplaceAll(wire.Fingerprint(n.public()), " ", ""))))
		a, _ := n.ask()
		require.Equal(t, wire.PairAnswer{State: wire.PairRefused, Why: wire.WhyStaff}, a)
		require.ErrorIs(t, w.approve(n.code(), "hall"), ErrOver)
	})
}

// A name is not taken from the screen that has it, unless that is meant.
func TestNameOfAnotherScreenIsKept(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		n := w.newcomer("new").waits()
		require.ErrorIs(t, w.approve(n.code(), "scr-2"), ErrTaken)
		require.Error(t, w.hub.Approve(t.Context(), byStaff, Approval{Code: n.code(), Screen: Screen{ID: "hall", Record: "scr-99"}}), "no such place")
		a, _ := n.ask()
		require.Equal(t, wire.PairWaiting, a.State)
		require.NoError(t, w.hub.Approve(t.Context(), byStaff, Approval{
			Code: n.code(), Pairing: n.opened.ID, Screen: Screen{ID: "scr-2", Record: "scr-2", Replace: true},
		}))
		d, err := w.hub.device(t.Context(), "scr-2")
		require.NoError(t, err)
		require.True(t, d.Key.Equal(n.public()))
	})
}

// R-IBG-13, item 5: a screen that gets another's name gets nothing else of it. The
// one before is sent away, its token and its touches count no more, and what it
// had not confirmed, or had, the new one has to confirm itself.
func TestScreenWithAnotherKeyInheritsNothing(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		was := w.live("scr-2")
		was.confirm()
		path := assetPath + string(was.facts().People[record.PersonID(was.board().PersonKey("r02").ID)].Photo)
		token := was.state.welcome.Asset.Token
		before, err := w.hub.device(t.Context(), "scr-2")
		require.NoError(t, err)
		w.alter("r01", func(r *house.Resident) { r.Choices.Hidden = true })
		w.alter("r04", func(r *house.Resident) { r.Choices.Hidden = true })
		is := Screen{ID: "scr-2", Record: "scr-2", Key: publicKey("new")}
		_, err = w.hub.AddScreen(t.Context(), byStaff, is)
		require.ErrorIs(t, err, ErrTaken)
		was.confirm()
		require.Equal(t, 200, was.get(path, token).StatusCode)
		states := func() (out []ConfirmState) {
			all, err := w.hub.Withdrawals(t.Context(), byStaff, "")
			require.NoError(t, err)
			for _, wd := range all {
				for _, c := range wd.Screens {
					if c.Device == "scr-2" {
						out = append(out, c.State)
					}
				}
			}
			return out
		}
		require.Equal(t, []ConfirmState{Confirmed, Confirmed}, states())

		is.Replace = true
		_, err = w.hub.AddScreen(t.Context(), byStaff, is)
		require.NoError(t, err)
		require.Equal(t, wire.CloseMoved, was.ended())
		require.Equal(t, 401, was.get(path, token).StatusCode)
		_, _, err = w.hub.receive(t.Context(), before, was.inst, []wire.Mutation{was.touch(1, wire.OpSignUp, film, "r02")})
		require.ErrorIs(t, err, errShutOut)
		require.Equal(t, []ConfirmState{Waiting, Waiting}, states())

		now := w.screen("scr-2")
		now.inst, now.boot = "new", "new"
		nonce := now.knock()
		now.hello(nonce, func(h *wire.Hello) {
			h.Sig = wire.B64.EncodeToString(ed25519.Sign(key("new"), wire.HelloProof(nonce, host, "scr-2", "new")))
		})
		now.listen()
		synctest.Wait()
		require.Equal(t, 200, now.get(path, now.state.welcome.Asset.Token).StatusCode)
		require.Equal(t, []ConfirmState{Waiting, Waiting}, states())
		now.confirm()
		require.Equal(t, []ConfirmState{Confirmed, Confirmed}, states())
		now.leave()
	})
}

// Whoever can reach a hub can ask to be paired: that is bounded, and the screens
// that are let in do not feel it.
func TestStrangersWhoAskAreBounded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		busy := 0
		for range 10 * maxPairings {
			if w.newcomer("stranger").open() == http.StatusServiceUnavailable {
				busy++
			}
			time.Sleep(100 * time.Millisecond)
		}
		require.NotZero(t, busy)
		var all []store.Pairing
		require.NoError(t, w.hub.store.View(t.Context(), w.hub.itself(), func(v store.View) (err error) {
			all, err = v.Pairings(t.Context())
			return err
		}))
		require.LessOrEqual(t, len(all), maxPairings)
		w.live("scr-2")

		time.Sleep(wire.PairHaste) // what went no further is over
		n := w.newcomer("new").waits()
		require.NoError(t, w.approve(n.code(), "hall"))
	})
}

// A screen that begins again has one code, and nobody else can take it away.
func TestScreenShowsOneCode(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		first := w.newcomer("new").waits()
		other := w.newcomer("new")
		require.Equal(t, http.StatusOK, other.open()) // by anybody who knows the key
		a, _ := first.ask()
		require.Equal(t, wire.PairWaiting, a.State)
		other.reveal() // by who has it
		_, status := first.ask()
		require.Equal(t, http.StatusNotFound, status)
		require.ErrorIs(t, w.approve(first.code(), "hall"), ErrCode)
		require.NoError(t, w.approve(other.code(), "hall"))
	})
}

// The same for staff who open the hub's address, where the Manager will be.
func TestPageForWhoScans(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		c := http.Client{Transport: &http.Transport{DialContext: w.net.Link().Dial, DisableKeepAlives: true}}
		for _, path := range []string{wire.PairPage, "/"} {
			resp, err := c.Get("http://" + host + path)
			require.NoError(t, err)
			b, err := io.ReadAll(resp.Body)
			require.NoError(t, errors.Join(err, resp.Body.Close()))
			require.Contains(t, string(b), "tavle-hub screens approve")
			require.Contains(t, resp.Header.Get("Content-Security-Policy"), "default-src 'none'")
		}
	})
}
