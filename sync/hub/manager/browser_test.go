package manager

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	keys "github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"tavle/sync/hub/account"
)

// The tests of this file and of those that use a [tab] drive a real Chromium; what
// they share is here. TAVLE_SHOTS names a folder that each page seen is painted into.

//go:embed testdata/axe/axe.min.js
var axe string

// chromium is one browser for all tests of a run; each test has its own profile in it.
var chromium struct {
	sync.Once
	ctx context.Context //nolint:containedctx // it is the browser
	end func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.end != nil {
		chromium.end()
	}
	os.Exit(code)
}

// A tab is a page of a browser, looked at by somebody.
type tab struct {
	*world
	t   testing.TB      // whose it is: the world's, or a part of it
	ctx context.Context //nolint:containedctx // it is the tab

	mu       sync.Mutex
	requests []string // every address asked for
}

// slow is how long a page may take on a machine that does other things.
const slow = 60 * time.Second

// tab opens a browser of its own kind: nobody is logged in.
func (w *world) tab() *tab { w.t.Helper(); return w.tabOf(w.t) }

// tabOf is tab for a part of a test.
func (w *world) tabOf(part testing.TB) *tab {
	part.Helper()
	chromium.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.NoSandbox, chromedp.IgnoreCertErrors, chromedp.WindowSize(1440, 900),
			chromedp.Flag("lang", "da"), chromedp.WSURLReadTimeout(slow),
		)
		ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, end := chromedp.NewContext(ctx)
		if err := chromedp.Do(ctx); err != nil {
			stop()
			panic("chromium: " + err.Error()) // packaging/need.sh installs it
		}
		chromium.ctx, chromium.end = ctx, func() { end(); stop() } //nolint:fatcontext // once
	})
	t := &tab{world: w, t: part}
	ctx, end := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(func(e any) {
		if r, ok := e.(*network.EventRequestWillBeSent); ok {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.requests = append(t.requests, r.Request.URL)
		}
	}))
	part.Cleanup(end)
	t.ctx = ctx
	require.NoError(part, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, to *chromedp.Target) error {
		_, err := cdp.Call(ctx, to, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": "da"}})
		if err == nil { // several tabs may be worked with at once
			_, err = cdp.Call(ctx, to, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		}
		if err == nil {
			_, err = cdp.Call(ctx, to, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: axe + ";\n" + watch})
		}
		return err
	})))
	return t
}

// base is where the Manager is.
func (t *tab) base() string { return strings.Replace(t.srv.URL, "127.0.0.1", "localhost", 1) }

// run does one thing after the other.
func (t *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	t.t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, slow)
	defer cancel()
	t.must(chromedp.Do(ctx, actions...))
}

// must fails the test with what the page says.
func (t *tab) must(err error) {
	t.t.Helper()
	if err != nil {
		at, _ := chromedp.Run(t.ctx, chromedp.Location())
		body, _ := chromedp.Run(t.ctx, chromedp.Text(chromedp.CSS("body")))
		t.t.Fatalf("%v\nat %s:\n%s", err, at, body)
	}
}

// ask returns what an action does.
func ask[T any](t *tab, action chromedp.Action[T]) T {
	t.t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, slow)
	defer cancel()
	out, err := chromedp.Run(ctx, action)
	t.must(err)
	return out
}

// open goes to a page.
func (t *tab) open(path string) {
	t.t.Helper()
	t.run(chromedp.Navigate(t.base()+path), chromedp.WaitReady(chromedp.CSS("main")))
}

// size makes the window so large, in px.
func (t *tab) size(width, height int64) { t.t.Helper(); t.run(chromedp.EmulateViewport(width, height)) }

// click clicks on what a selector finds; whoever asks waits for what comes of it.
func (t *tab) click(selector string) {
	t.t.Helper()
	t.run(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// submit follows the link, or sends the form, that a selector finds, and waits for the
// page it leads to.
func (t *tab) submit(selector string) {
	t.t.Helper()
	ctx, cancel := context.WithTimeout(t.ctx, slow)
	defer cancel()
	_, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
	t.must(err)
	t.run(chromedp.WaitReady(chromedp.CSS("main")))
}

// typeIn types into what a selector finds.
func (t *tab) typeIn(selector, text string) {
	t.t.Helper()
	t.put(selector, "")
	t.run(chromedp.SendKeys(chromedp.CSS(selector), text))
}

// put gives a value to what no letters are typed into: a date, a choice.
func (t *tab) put(selector, value string) {
	t.t.Helper()
	t.run(chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`(e => { e.value = %q; e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})) })(document.querySelector(%q))`,
		value, selector)))
}

// press presses keys, one after the other.
func (t *tab) press(keys ...string) {
	t.t.Helper()
	for _, k := range keys {
		t.run(chromedp.KeyEvent(k))
	}
}

// path returns where the tab is.
func (t *tab) path() string {
	t.t.Helper()
	return strings.TrimPrefix(ask(t, chromedp.Location()), t.base())
}

// says returns what can be read on the page.
func (t *tab) says() string { t.t.Helper(); return ask(t, chromedp.Text(chromedp.CSS("body"))) }

// eval returns what an expression is on the page.
func eval[T any](t *tab, expression string, o ...chromedp.EvaluateOption) T {
	t.t.Helper()
	return ask(t, chromedp.Evaluate[T](expression, o...))
}

// logIn logs in as a role that looks after every department of the demo house.
func (t *tab) logIn(role account.Role) { t.t.Helper(); t.logInAs("the-"+string(role), role) }

// logInAs is logIn by a login.
func (t *tab) logInAs(login string, role account.Role) {
	t.t.Helper()
	require.NoError(t.t, t.desk.Demonstrate(t.t.Context(), org, login, password, role, "dep-maane", "dep-nabo", "dep-trold"))
	t.open("/login")
	t.typeIn("#login", login)
	t.typeIn("#password", password)
	t.submit("form.stack button")
	require.Equal(t.t, "/", t.path())
}

// A violation is something that axe-core has against a page.
type violation struct {
	ID    string
	Help  string
	Nodes []struct{ HTML, FailureSummary string }
}

// check fails when the page has anything that stands in the way of somebody: what
// axe-core finds, more width than the window, requests elsewhere. It paints the page
// where TAVLE_SHOTS says.
func (t *tab) check(what string) { t.t.Helper(); t.checkWithout(what) }

// checkWithout is check without some rules of axe-core.
func (t *tab) checkWithout(what string, rules ...string) {
	t.t.Helper()
	off := map[string]any{}
	for _, r := range rules {
		off[r] = map[string]bool{"enabled": false}
	}
	options, err := json.Marshal(map[string]any{"resultTypes": []string{"violations"}, "preload": false, "rules": off})
	require.NoError(t.t, err)
	for _, v := range eval[[]violation](t, fmt.Sprintf(`axe.run(%s).then(r => r.violations.map(v => ({ID: v.id, Help: v.help, Nodes: v.nodes.map(n => ({HTML: n.html, FailureSummary: n.failureSummary}))})))`, options),
		chromedp.EvalAwaitPromise) {
		t.t.Errorf("%s: %s: %s: %.600v", what, v.ID, v.Help, v.Nodes)
	}
	t.fits(what)
	t.mu.Lock()
	for _, r := range t.requests {
		if !strings.HasPrefix(r, t.base()+"/") && !strings.HasPrefix(r, "data:") && r != "about:blank" {
			t.t.Errorf("%s: asks for %s", what, r)
		}
	}
	t.requests = nil
	t.mu.Unlock()
	t.shoot(what)
}

// fits fails when the page has to be pushed sideways to be read.
func (t *tab) fits(what string) {
	t.t.Helper()
	wide := eval[[]int](t, `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`)
	if wide[0] > wide[1] {
		t.t.Errorf("%s: %d px wide in a window of %d", what, wide[0], wide[1])
	}
}

// shoot paints the page where TAVLE_SHOTS says.
func (t *tab) shoot(what string) {
	t.t.Helper()
	if dir := os.Getenv("TAVLE_SHOTS"); dir != "" {
		png := ask(t, chromedp.FullScreenshot(100))
		name := strings.NewReplacer("/", "-", " ", "_", "{", "", "}", "", "?", "-", "&", "-", "=", "-").Replace(strings.Trim(what, "/"))
		require.NoError(t.t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
	}
}

// The windows that each page is looked at in: on a desk; the same at 200 %, which is
// half the room; on a telephone.
var windows = []struct{ Width, Height int64 }{{1440, 900}, {720, 450}, {390, 844}}

// A-41, R-IBG-30: every page there is, as a superuser sees it, has no violation of
// axe-core in any language, fits a desk, 200 % and a telephone of 390 px, asks nobody
// else for anything, and lets the keyboard get at everything on it. Which pages there
// are, who follows every link finds out.
func TestEveryPageIsForEverybody(t *testing.T) {
	w := registered(t)
	in := w.as(account.Superuser, "dep-maane", "dep-nabo", "dep-trold")
	in.proved()
	found := in.walk("superuser")
	for _, l := range languages {
		t.Run(l, func(t *testing.T) {
			t.Parallel()
			b := w.tabOf(t)
			b.speak(l)
			for _, path := range []string{"/login", "/welcome", "/nothing"} {
				b.open(path)
				b.look(l, path)
			}
			b.logInAs("in-"+l, account.Superuser)
			for _, r := range w.man.routes {
				if path := found.pages[r.Pattern]; path != "" {
					b.open(path)
					require.Equal(t, path, b.path())
					b.look(l, path)
				}
			}
		})
	}
}

// look looks at a page that is open, in every window, and tries the keyboard on it. Of
// the other languages than the first it looks at no colours, which are the same.
func (t *tab) look(l, path string) {
	t.t.Helper()
	at := func(i int) string { return fmt.Sprintf("%s %d %s", l, windows[i].Width, path) }
	if l == languages[0] {
		t.check(at(0))
		t.reaches(at(0))
	} else {
		t.checkWithout(at(0), "color-contrast")
	}
	for i := 1; i < len(windows); i++ {
		t.size(windows[i].Width, windows[i].Height)
		t.fits(at(i))
		if l == languages[0] {
			t.shoot(at(i))
		}
	}
	t.size(windows[0].Width, windows[0].Height)
}

// speak has the Manager answer in a language.
func (t *tab) speak(l string) {
	t.t.Helper()
	t.run(chromedp.Func(func(ctx context.Context, to *chromedp.Target) error {
		_, err := cdp.Call(ctx, to, network.SetCookie, network.SetCookieParams{Name: cookieLang, Value: l, URL: t.base(), Path: "/", Secure: new(true)})
		return err
	}))
}

// watch is run in every page before anything else of it: it notes what gets the focus,
// and whether that can be seen.
//
//go:embed testdata/watch.js
var watch string

// reaches fails when Tab does not get at something on the page that can be used, or
// when it cannot be seen that it has.
func (t *tab) reaches(what string) {
	t.t.Helper()
	presses := eval[int](t, `watched.begin()`)
	t.run(chromedp.Func(func(ctx context.Context, to *chromedp.Target) error {
		// All keys are the same one, so in which order they come does not matter, and
		// nobody waits for one before the next.
		pressed := make(chan error, presses)
		for range presses {
			go func() {
				_, err := cdp.Call(ctx, to, keys.DispatchKeyEvent, keys.DispatchKeyEventParams{Type: keys.DispatchKeyEventTypeRawKeyDown, Key: "Tab", Code: "Tab", WindowsVirtualKeyCode: 9})
				pressed <- err
			}()
		}
		var err error
		for range presses {
			err = errors.Join(err, <-pressed)
		}
		return err
	}))
	for _, wrong := range eval[[]string](t, `watched.end()`) {
		t.t.Errorf("%s: %s", what, wrong)
	}
}

// the keyboard is enough: to come in, past the list of pages, and to make an activity.
func TestTheKeyboardIsEnough(t *testing.T) {
	w := furnished(t)
	require.NoError(t, w.desk.Demonstrate(t.Context(), org, "the-superuser", password, account.Superuser))
	b := w.tab()
	b.open("/login")
	b.focus("login")
	b.press("the-superuser", kb.Tab, password, kb.Enter)
	b.waitFor("/")
	b.open("/records/activity/new")
	b.press(kb.Tab)
	require.Equal(t, "#main", eval[string](b, `document.activeElement.getAttribute("href")`), "first the way past the list of pages")
	b.press(kb.Enter)
	b.focus("title.da")
	b.press("Gåtur")
	b.put(`[name="starts"]`, "2026-12-04T10:00")
	b.put(`[name="ends"]`, "2026-12-04T11:00")
	b.focus("title.da")
	b.press(kb.Enter)
	b.run(chromedp.WaitVisible(chromedp.CSS(".done")))
	require.Contains(t, b.says(), "Gåtur")
}

// focus goes on with Tab until an input of that name has the focus.
func (t *tab) focus(name string) {
	t.t.Helper()
	for range 200 {
		if eval[string](t, `document.activeElement.name || ""`) == name {
			require.True(t.t, eval[bool](t, `getComputedStyle(document.activeElement).outlineStyle !== "none"`), "%s: the focus is not to be seen", name)
			return
		}
		t.press(kb.Tab)
	}
	t.t.Fatalf("%s is not reached by Tab", name)
}

// waitFor waits until the tab is somewhere.
func (t *tab) waitFor(path string) {
	t.t.Helper()
	there := fmt.Sprintf("location.pathname === %q && document.readyState === 'complete'", path)
	if !assert.Eventually(t.t, func() bool { return eval[bool](t, there) }, slow/2, 50*time.Millisecond) {
		t.t.Fatalf("not at %s but at %s:\n%s", path, t.path(), t.says())
	}
}
