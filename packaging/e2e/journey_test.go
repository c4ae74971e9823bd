package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"tavle/player/ui/look"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// A browser is somebody of the staff at a PC of theirs.
type browser struct {
	*home
	at  string          // where the Manager is
	ctx context.Context //nolint:containedctx // it is the tab
}

// browser opens one that makes passkeys, and whose owner says yes.
func (h *home) browser(at string) *browser {
	h.t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.IgnoreCertErrors, chromedp.WindowSize(1440, 900), chromedp.Flag("lang", "da"), chromedp.WSURLReadTimeout(patience))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(ctx)
	h.t.Cleanup(func() { end(); stop() })
	b := &browser{home: h, at: at, ctx: ctx}
	require.NoError(h.t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, to *chromedp.Target) error {
		if _, err := cdp.Call(ctx, to, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, to, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": "da"}}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, to, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
			Options: &webauthn.VirtualAuthenticatorOptions{
				Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
				HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
			},
		})
		return err
	})))
	return b
}

// do does one thing after the other.
func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.must(chromedp.Do(ctx, actions...))
}

func (b *browser) must(err error) {
	b.t.Helper()
	if err != nil {
		ctx, cancel := context.WithTimeout(b.ctx, patience/10)
		defer cancel()
		at, _ := chromedp.Run(ctx, chromedp.Location())
		says, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
		b.t.Fatalf("%v\nat %s:\n%s", err, at, says)
	}
}

// find returns what an expression is on the page.
func find[T any](b *browser, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	b.must(err)
	return out
}

func (b *browser) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.at+path), chromedp.WaitReady(chromedp.CSS("main")))
}

// submit follows a link or sends a form, and waits for the page it leads to.
func (b *browser) submit(selector string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
	b.must(err)
	b.do(chromedp.WaitReady(chromedp.CSS("main")))
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// fill types into the fields that selectors find, in place of what is there: a
// selector, what to type, and so on.
func (b *browser) fill(pairs ...string) {
	b.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		b.do(chromedp.Clear(chromedp.CSS(pairs[i])), chromedp.SendKeys(chromedp.CSS(pairs[i]), pairs[i+1]))
	}
}

// came waits until the browser has come to a page by itself.
func (b *browser) came(path string) {
	b.t.Helper()
	b.until("at "+path, func() bool {
		return find[bool](b, fmt.Sprintf("location.pathname === %q && document.readyState === 'complete'", path))
	})
}

// says returns what can be read on the page.
func (b *browser) says() string { b.t.Helper(); return find[string](b, `document.body.innerText`) }

// violet is what the whole of a portrait looks like in these tests, and nothing else
// on a wall: it can be counted.
var violet = color.RGBA{R: 220, G: 0, B: 220, A: 255}

// onGlass counts the pixels of the portrait on the wall's glass.
func (g *pane) onGlass() (n int) {
	img := g.see(image.Rectangle{Max: size})
	for i := 0; i < len(img.Pix); i += 4 {
		if p := img.Pix[i : i+3]; p[0] > 180 && p[1] < 70 && p[2] > 180 {
			n++
		}
	}
	return n
}

// inPreview counts them on what the Manager says that the wall shows; -1 while it does
// not say.
func (b *browser) inPreview() int {
	b.t.Helper()
	return find[int](b, `(async () => {
		const shot = document.querySelector("#seen img");
		if (!shot || document.querySelector(".htmx-request")) return -1;
		const p = await createImageBitmap(await (await fetch(shot.src)).blob());
		const c = new OffscreenCanvas(p.width, p.height).getContext("2d");
		c.drawImage(p, 0, 0);
		const d = c.getImageData(0, 0, p.width, p.height).data;
		let n = 0;
		for (let i = 0; i < d.length; i += 4) if (d[i] > 180 && d[i + 1] < 70 && d[i + 2] > 180) n++;
		return n;
	})()`)
}

// Issue 5, the whole way, with the programs as they are shipped and a real browser:
// a hub with nothing but a folder, the code that it prints, a passkey, a house, a
// screen let in by its code and its fingerprint, a week, a person whose portrait is on
// the wall, by a touch in front of it, and in what the Manager says of the wall; and
// who takes it back is gone from both.
func TestFromNothingToAPhotoTakenBack(t *testing.T) {
	h := &home{t: t, dir: t.TempDir()}
	h.hub = h.start(nil, "tavle-hub", "serve", "--data", "hub", "--listen", "127.0.0.1:0", "--hosts", "localhost", "--operations-listen", "")
	h.all = append(h.all, h.hub)
	addr, _, _ := strings.Cut(h.hub.await("serving at "), "\n")
	_, port, _ := strings.Cut(addr, "127.0.0.1:")
	h.url = "https://localhost:" + port
	code := regexp.MustCompile(`comes in at \S+/welcome with this code, once, within a day: (\S+)`).FindStringSubmatch(h.hub.await("its first superuser"))
	require.NotNil(t, code)

	t.Log("the code on paper, a passkey, a house")
	b := h.browser(h.url)
	b.open("/welcome")
	b.fill("#code", code[1], "#name", "Mette", "#login", "mette", "#password", "fire heste i haven")
	b.submit("form.stack button")
	b.click(".passkey button")
	b.came("/house")
	b.fill("#name", "Solgården", "#controller", "Valby Kommune", "#contact", "dpo@example.org", "#department", "Hus 2")
	b.submit("form.stack button")
	require.Contains(t, b.says(), "Hus 2")
	b.open("/records/system")
	h.system = house.ID(find[string](b, `document.querySelector('a[href^="/records/system/"]').getAttribute("href").split("/").pop()`))
	h.lookIn()
	t.Cleanup(func() { require.NoError(t, h.db.Close()) })

	t.Log("a screen, by its fingerprint and the code on its glass")
	g := h.unpaired("hall", h.url)
	g.on()
	typed := g.awaitCode()
	b.open("/screens")
	b.submit(".asking .button.primary")
	key := strings.TrimSpace(h.run("tavle-player", "key", "--state", "hall"))
	require.Contains(t, strings.ReplaceAll(b.says(), "\u00a0", " "), fingerprint(t, key))
	b.fill("#code", typed, "#name", "hall", `[name="place.da"]`, "Hallen")
	b.submit(".fields > .actions .primary")
	require.Contains(t, b.says(), "Hallen")
	g.awaitHouse()

	t.Log("a week")
	b.open("/activities")
	b.submit(".plan-today .plan-head a")
	b.fill(`[name="title.da"]`, "Morgenkaffe", "#weeks", "1")
	b.click(`[data-all="also"]`)
	b.submit("[data-panel] .primary")
	b.open("/meals")
	for i := range 7 {
		b.fill(fmt.Sprintf(`tbody tr:nth-of-type(%d) input[name$=".dinner.title"]`, i+1), "Suppe")
	}
	b.submit("#meals .primary")
	require.Len(t, h.records(house.KindActivity), 14, "this week and the next")
	require.Len(t, h.records(house.KindMeal), 7)
	g.until("the wall has what is left of it", func() bool { return len(g.facts().Activities) >= 7 })

	t.Log("somebody, who says yes, and their portrait")
	b.open("/people/new?kind=resident")
	b.fill(`[name="first_name"]`, "Asta")
	b.submit(".person-top .primary")
	person := find[string](b, "location.pathname")
	require.Regexp(t, `^/people/[^/]+$`, person)
	b.open(person + "/consent")
	for _, purpose := range []string{"stored", "shown", "joining"} {
		b.click(fmt.Sprintf(`[for="%s-yes"]`, purpose))
	}
	b.fill("#method", "Talt sammen")
	if find[string](b, `document.querySelector("#notice").value`) == "" {
		b.fill("#notice", "2026-11")
	}
	b.submit("form.card .primary")
	b.open(person)
	portrait := filepath.Join(t.TempDir(), "portrait.jpg")
	require.NoError(t, os.WriteFile(portrait, flat(t), 0o600))
	b.do(chromedp.SetUploadFiles(chromedp.CSS(`[name="photo.file"]`), []string{portrait}))
	b.show(true)
	b.submit(".person-top .primary")
	g.until("the portrait is sent to the wall", func() bool {
		for _, p := range g.facts().People {
			if p.Photo != "" {
				return true
			}
		}
		return false
	})

	t.Log("a touch on the wall shows it, and the Manager says so")
	g.touch("Beboere")
	g.until("the portrait is on the glass", func() bool { return g.onGlass() > 0 })
	b.open(person)
	b.preview("people")
	b.until("it is in the preview", func() bool { return b.inPreview() > 0 })

	t.Log("taken back: gone from both")
	b.show(false)
	b.submit(".person-top .primary")
	g.until("the portrait is gone from the glass", func() bool { return g.onGlass() == 0 })
	b.open(person)
	b.preview("people")
	b.until("there is a preview", func() bool { return b.inPreview() >= 0 })
	require.Zero(t, b.inPreview())
	for _, p := range g.facts().People {
		require.Empty(t, p.Photo, "it is not even sent")
	}
	g.touch("Beboere")
	require.Never(t, func() bool { return g.onGlass() > 0 }, time.Second, 50*time.Millisecond)
}

// records returns all of a kind that the house has.
func (h *home) records(kind house.Kind) (out []house.Record) {
	h.t.Helper()
	h.view(func(ctx context.Context, v store.View) (err error) {
		out, err = v.All(ctx, kind)
		return err
	})
	return out
}

// show sets whether the portrait is shown.
func (b *browser) show(yes bool) {
	b.t.Helper()
	if find[bool](b, `document.querySelector("#s-show_photo").checked`) != yes {
		b.click("#s-show_photo")
	}
	require.Equal(b.t, yes, find[bool](b, `document.querySelector("#s-show_photo").checked`))
}

// preview asks the Manager for a page of the wall.
func (b *browser) preview(page string) {
	b.t.Helper()
	find[bool](b, fmt.Sprintf(`document.querySelector("#seen")?.replaceChildren(), (e => { e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true})); return true })(document.querySelector("#page"))`, page))
}

// touch touches the middle of what is called label, as a browser with the wall's page
// says it.
func (g *pane) touch(label string) {
	g.t.Helper()
	g.anew(true)
	r := g.target(label).Rect
	at := r.Min.Add(r.Size().Div(2))
	time.Sleep(look.DialogGuard + 50*time.Millisecond) // what has just appeared is deaf
	for _, what := range []string{"down", "up"} {
		g.view.Lock()
		to, body := g.view.at+"touches", fmt.Sprintf(`{"viewer": %d, "events": [{"do": %q, "contact": 1, "x": %d, "y": %d, "frame": %d}]}`, g.view.viewer, what, at.X, at.Y, g.view.frame)
		g.view.Unlock()
		resp, err := http.Post(to, "application/json", strings.NewReader(body))
		require.NoError(g.t, err)
		require.NoError(g.t, resp.Body.Close())
		require.Equal(g.t, http.StatusNoContent, resp.StatusCode)
	}
}

// flat returns a portrait that is violet all over.
func flat(t *testing.T) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 600, 600))
	draw.Draw(img, img.Rect, image.NewUniform(violet), image.Point{}, draw.Src)
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, img, nil))
	return b.Bytes()
}

// fingerprint returns what a screen's key is compared by.
func fingerprint(t *testing.T, key string) string {
	raw, err := wire.B64.DecodeString(key)
	require.NoError(t, err)
	return wire.Fingerprint(raw)
}
