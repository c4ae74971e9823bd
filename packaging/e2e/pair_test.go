package e2e

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/still"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/sync/wire"
)

// A pane is a wall seen on its page, by whoever sits at the machine: pixels, and
// nothing else.
type pane struct {
	*wall
	boxes    []image.Rectangle      // where the letters of a code stand
	pictures map[rune][]*image.RGBA // what each looks like there
	view     struct {
		sync.Mutex
		canvas        *image.RGBA
		at            string // the page
		viewer, frame int    // who we are to it, and what is on the canvas
	}
}

// unpaired prepares a screen that knows its hub's address and nothing else.
func (h *home) unpaired(name, hub string, more ...string) *pane {
	h.t.Helper()
	h.write(name+".toml", fmt.Appendf(nil, `
state = %q
screen = "page"
size = "%dx%d"
serve = "127.0.0.1:0"
theme = "day"
lang = "da"
[hours]
night = "06:00" # there is none: these tests run at any hour
[voice]
command = [] # nor a voice, wherever they run
[hub]
url = %q
%s
`, name, size.X, size.Y, hub, strings.Join(more, "\n")))
	g := &pane{wall: &wall{home: h, name: name}}
	var err error
	g.studio, err = still.New(g.photo)
	require.NoError(h.t, err)
	g.learn()
	return g
}

// on starts the screen's program and looks at its page.
func (g *pane) on() {
	g.t.Helper()
	g.proc = g.start(nil, "tavle-player", "--config", g.name+".toml")
	at := regexp.MustCompile(`url=(\S+)`).FindStringSubmatch(g.proc.await("page served"))
	require.NotNil(g.t, at)
	g.view.Lock()
	g.view.canvas = nil
	g.view.Unlock()
	ctx, cancel := context.WithCancel(g.t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { g.watch(ctx, at[1]) })
	g.t.Cleanup(func() {
		cancel()
		wg.Wait()
	})
}

// watch keeps what the page shows, until it ends.
func (g *pane) watch(ctx context.Context, at string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at+"frames", nil)
	if err != nil {
		return
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	lines := bufio.NewReaderSize(resp.Body, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		data, ok := bytes.CutPrefix(line, []byte("data: "))
		if !ok {
			continue
		}
		var m struct {
			Width, Height, Viewer, Frame int
			Tiles                        []struct {
				X, Y int
				PNG  []byte
			}
		}
		if json.Unmarshal(data, &m) != nil {
			continue
		}
		g.view.Lock()
		g.view.at, g.view.frame = at, m.Frame
		if m.Viewer != 0 { // the first message, maybe before there is a picture
			g.view.viewer = m.Viewer
		}
		if m.Width == 0 {
			g.view.Unlock()
			continue
		}
		if g.view.canvas == nil {
			g.view.canvas = image.NewRGBA(image.Rect(0, 0, m.Width, m.Height))
		}
		for _, t := range m.Tiles {
			if img, err := png.Decode(bytes.NewReader(t.PNG)); err == nil {
				draw.Draw(g.view.canvas, img.Bounds().Add(image.Pt(t.X, t.Y)), img, image.Point{}, draw.Src)
			}
		}
		g.view.Unlock()
	}
}

// see returns what is on the glass in r.
func (g *pane) see(r image.Rectangle) *image.RGBA {
	g.view.Lock()
	defer g.view.Unlock()
	out := image.NewRGBA(image.Rectangle{Max: r.Size()})
	if g.view.canvas != nil {
		draw.Draw(out, out.Rect, g.view.canvas, r.Min, draw.Src)
	}
	return out
}

// learn learns what every letter looks like in every box of a code.
func (g *pane) learn() {
	g.pictures = map[rune][]*image.RGBA{}
	for _, r := range wire.CodeAlphabet {
		m := ui.New(ui.Panel{Size: size}, "da", time.Now())
		m.Theme = &look.Day
		m.Pairing = &ui.Pairing{Code: strings.Repeat(string(r), wire.CodeSize), Link: "https://x", From: m.Now, Until: m.Now.Add(wire.PairLife)}
		if g.boxes == nil {
			for _, op := range g.studio.Frame(m).Ops {
				if op.Kind == render.BoxOp && op.Border > 0 && op.Color == look.Day.Bg {
					g.boxes = append(g.boxes, op.Rect)
				}
			}
		}
		img := g.studio.Paint(m)
		for _, b := range g.boxes {
			letter := image.NewRGBA(image.Rectangle{Max: b.Size()})
			draw.Draw(letter, letter.Rect, img, b.Min, draw.Src)
			g.pictures[r] = append(g.pictures[r], letter)
		}
	}
}

// code reads the code on the glass, letter by letter, as somebody before it
// would; "" when there is none.
func (g *pane) code() string {
	var code strings.Builder
	for i, b := range g.boxes {
		seen := g.see(b)
		for r, want := range g.pictures {
			if bytes.Equal(want[i].Pix, seen.Pix) {
				code.WriteRune(r)
			}
		}
	}
	if code.Len() != wire.CodeSize {
		return ""
	}
	return code.String()
}

// awaitCode waits for a code other than those.
func (g *pane) awaitCode(old ...string) (code string) {
	g.t.Helper()
	g.until(g.name+" shows a code", func() bool {
		code = g.code()
		return code != "" && !slices.Contains(old, code)
	})
	return code
}

// awaitHouse waits until the glass shows the house, as the hub has it.
func (g *pane) awaitHouse() {
	g.t.Helper()
	g.until(g.name+" is let in", func() bool { return strings.Contains(g.office("screens"), g.name+" ") })
	g.anew(true)
	rail := image.Rect(0, size.Y*8/10, size.X, size.Y)
	g.until(g.name+" shows the house", func() bool {
		g.refresh()
		return same(g.studio.Paint(g.model), g.see(rail), rail)
	})
}

// refused runs a command of the hub's that must not work, and returns what it
// says.
func (h *home) refused(args ...string) string {
	h.t.Helper()
	cmd := exec.Command(filepath.Join(bin, "tavle-hub"), append(args, "--data", "hub")...)
	cmd.Dir = h.dir
	out, err := cmd.CombinedOutput()
	require.Errorf(h.t, err, "%s: %s", args, out)
	return string(out)
}

// Issue 3, item 4 and "Done when" 2: a hub with nothing but a folder, a screen with
// nothing but the hub's address. The code is read off the glass, approved by the
// command, and the house appears; a screen that is shut out is as new, and shows
// another.
func TestScreenIsPairedByTheCodeOnItsGlass(t *testing.T) {
	h := newHome(t)
	said := h.hub.await("the Manager is at https://")
	require.Contains(t, said, "on a new screen set hub.url")
	require.Contains(t, said, "tavle-hub screens approve CODE NAME --place PLACE")

	g := h.unpaired("hall", h.url)
	g.on()
	code := g.awaitCode()
	pending := h.office("screens", "pending")
	require.Regexp(t, `tavle-[0-9a-f]{4} +[0-9A-F]{4} [0-9A-F]{4} +\d\d:\d\d:\d\d +.* waits until`, pending)
	require.NotContains(t, pending, code)

	require.Contains(t, h.refused("screens", "approve", wrong(code), "hall", "--place", "scr-2"), "no screen that waits shows this code")
	require.Contains(t, h.refused("screens", "approve", code, "hall", "--place", "scr-99"), "the house has no such")
	require.Contains(t, h.office("screens", "pending"), "1 of 5 wrong codes")
	typed := strings.ToLower(code[:3]) + "-" + code[3:]
	require.Contains(t, h.office("screens", "approve", typed, "hall", "--place", "scr-2"), "hall may connect")
	h.office("screens", "approve", code, "hall", "--place", "scr-2") // twice is once
	g.awaitHouse()
	require.FileExists(t, filepath.Join(h.dir, "hall", "bond"))

	// It comes back by its bond, without asking anybody.
	require.Zero(t, g.proc.end())
	g.on()
	g.proc.await("channel begins")
	g.awaitHouse()
	require.NotContains(t, g.proc.out.String(), "pairing begins")

	h.office("screens", "revoke", "hall")
	another := g.awaitCode(code)
	require.NoFileExists(t, filepath.Join(h.dir, "hall", "bond"))
	require.Eventually(t, func() bool { return strings.Contains(h.office("screens"), "it has wiped itself") }, time.Minute, 100*time.Millisecond)
	require.Contains(t, h.refused("screens", "approve", another, "hall", "--place", "scr-2"), "another screen has this name")
	h.office("screens", "approve", another, "hall", "--place", "scr-2", "--replace")
	g.awaitHouse()
	for _, p := range append(h.all, g.proc) {
		require.NotContains(t, p.out.String(), code, "no log has a code")
		require.NotContains(t, p.out.String(), another)
	}
}

// wrong is a code that no glass shows.
func wrong(code string) string {
	if code[0] == '2' {
		return "3" + code[1:]
	}
	return "2" + code[1:]
}

// A power cut after the approval and before the screen has kept anything: it asks
// again, and gets the same answer.
func TestPowerCutBetweenApprovalAndBond(t *testing.T) {
	h := newHome(t)
	g := h.unpaired("hall", h.url)
	g.on()
	code := g.awaitCode()
	require.NoError(t, g.proc.cmd.Process.Signal(syscall.SIGSTOP))
	h.office("screens", "approve", code, "hall", "--place", "scr-2")
	g.proc.kill()
	require.NoFileExists(t, filepath.Join(h.dir, "hall", "bond"))
	g.on()
	g.awaitHouse()

	// So does one whose bond was damaged.
	require.Zero(t, g.proc.end())
	h.write("hall/bond", []byte("rubbish"))
	g.on()
	g.proc.await("bond cannot be used")
	g.proc.await("channel begins")
	g.awaitHouse()
}

// Five wrong codes lock what waits; the right one is refused then. Without a hub
// the screen says so and keeps trying.
func TestWrongCodesLockAndHubThatIsAway(t *testing.T) {
	h := newHome(t)
	g := h.unpaired("hall", h.url)
	g.on()
	code := g.awaitCode()
	for range wire.MaxCodeTries {
		h.refused("screens", "approve", wrong(code), "hall", "--place", "scr-2")
	}
	require.Contains(t, h.refused("screens", "approve", code, "hall", "--place", "scr-2"), "too many wrong codes")
	require.Contains(t, h.office("screens", "pending"), "locked by wrong codes")
	g.until("the code is gone from the glass", func() bool { return g.code() == "" })
	g.proc.kill()

	at := strings.TrimPrefix(h.url, "https://")
	require.Zero(t, h.hub.end())
	g.on()
	g.proc.await("reason=unreachable")
	g.until("the screen says that the hub is away", func() bool { return g.says(ui.HubAway) })
	h.startHub(at)
	next := g.awaitCode(code)
	h.office("screens", "approve", next, "hall", "--place", "scr-2")
	g.awaitHouse()
}

// says reports whether the middle of the glass says why there is no code.
func (g *pane) says(why ui.Obstacle) bool {
	u, err := url.Parse(g.url)
	require.NoError(g.t, err)
	m := ui.New(ui.Panel{Size: size}, "da", time.Now())
	m.Theme, m.Pairing = &look.Day, &ui.Pairing{Obstacle: why, Hub: u.Host}
	part := image.Rect(size.X/4, size.Y/4, size.X*3/4, size.Y*3/4)
	return same(g.studio.Paint(m), g.see(part), part)
}

// Somebody between screen and hub, with a certificate of their own. Passing on
// what both say, they are found out by the hub, and no code is shown; speaking
// with each in their own name, they make the glass show a code the hub does not
// know.
func TestNobodyBetweenScreenAndHub(t *testing.T) {
	h := newHome(t)
	t.Run("passing on", func(t *testing.T) {
		g := h.unpaired("relayed", relay(t, h.url))
		g.t = t
		g.on()
		g.proc.await("reason=between")
		require.Empty(t, g.code())
		h.hub.await("reason=pin")
	})
	t.Run("speaking themselves", func(t *testing.T) {
		g := h.unpaired("fooled", impersonate(t, h.url))
		g.t = t
		g.on()
		code := g.awaitCode()
		require.Contains(t, h.refused("screens", "approve", code, "fooled", "--place", "scr-2"), "no screen that waits shows this code")
	})
	t.Run("pins known beforehand", func(t *testing.T) {
		g := h.unpaired("pinned", relay(t, h.url), fmt.Sprintf(`pins = ["%s"]`, strings.ReplaceAll(h.pin, ",", `", "`)))
		g.t = t
		g.on()
		g.proc.await("reason=untrusted")
		require.Empty(t, g.code())
	})
	require.NotContains(t, h.office("screens"), "scr-2")
}

// stranger returns a certificate that is not the hub's, for 127.0.0.1.
func stranger(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	c := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, &c, &c, key.Public(), key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// between serves handler under a stranger's certificate and returns where.
func between(t *testing.T, handler http.Handler) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(handler)
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{stranger(t)}, MinVersion: tls.VersionTLS13}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.URL
}

// toHub sends a request on to the hub.
func toHub(t *testing.T, hub, path string, body []byte) (int, []byte) {
	c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	resp, err := c.Post(hub+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return http.StatusBadGateway, nil
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, b
}

// relay passes on what both ends say.
func relay(t *testing.T, hub string) string {
	return between(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, _ := io.ReadAll(r.Body)
		status, out := toHub(t, hub, r.URL.Path, in)
		w.WriteHeader(status)
		_, _ = w.Write(out)
	}))
}

// impersonate is paired itself, and has the screen believe that it is.
func impersonate(t *testing.T, hub string) string {
	public, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	nonce := wire.B64.EncodeToString([]byte("sixteen bytes ok"))
	c, err := tls.Dial("tcp", strings.TrimPrefix(hub, "https://"), &tls.Config{InsecureSkipVerify: true})
	require.NoError(t, err)
	pin := wire.Pin(c.ConnectionState().PeerCertificates[0].RawSubjectPublicKeyInfo)
	require.NoError(t, c.Close())
	mine := wire.B64.EncodeToString(public)
	var mu sync.Mutex
	var opened wire.PairOpened
	sign := func(proof []byte) string { return wire.B64.EncodeToString(ed25519.Sign(key, proof)) }
	return between(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var body any
		switch {
		case r.URL.Path == wire.PairPath:
			body = wire.PairOpen{Key: mine, Commit: wire.Commitment(nonce), Build: "somebody"}
		case strings.HasSuffix(r.URL.Path, "/ask"):
			body = wire.PairAsk{N: 1, Sig: sign(wire.PairAskProof(opened, 1))}
		default:
			m := wire.PairReveal{Nonce: nonce, Host: "127.0.0.1", Pin: pin}
			m.Sig = sign(wire.PairProof(mine, opened, m))
			body = m
		}
		in, _ := json.Marshal(body)
		status, out := toHub(t, hub, r.URL.Path, in)
		if r.URL.Path == wire.PairPath {
			_ = json.Unmarshal(out, &opened)
		}
		w.WriteHeader(status)
		_, _ = w.Write(out)
	}))
}
