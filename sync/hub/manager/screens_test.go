package manager

import (
	"context"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"tavle/config"
	"tavle/player"
	"tavle/player/cache"
	"tavle/player/seal"
	"tavle/sync/client"
	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/session"
	"tavle/sync/wire"
)

// A newcomer is a screen as the player has it, without the glass: a key of its own, the
// client and the cache.
type newcomer struct {
	*world
	cache *cache.Cache
	id    player.Identity
	codes chan string // as they stand on its glass
	terms chan session.Terms
	wiped chan struct{}
	shows chan wire.Cmd // that it was told to show which it is
	is    wire.Stat     // how it is
	off   func()        // switches it off
}

// newcomer switches a new screen on; it knows the hub's address and nothing else.
func (w *world) newcomer(is ...wire.Stat) *newcomer {
	w.t.Helper()
	dir := w.t.TempDir()
	secret := seal.HostFile{Path: filepath.Join(dir, "secret")}
	id, err := player.IdentityOf(secret)
	require.NoError(w.t, err)
	p := &newcomer{world: w, id: id, codes: make(chan string, 16), terms: make(chan session.Terms, 1), wiped: make(chan struct{}), shows: make(chan wire.Cmd, 8)}
	p.is = wire.Stat{TempC: 48.3, DiskFreeMB: 12000, MemoryMB: 92, UptimeS: 7200, Secret: "host-file"}
	if len(is) > 0 {
		p.is = is[0]
	}
	p.cache, err = cache.Open(cache.Options{Dir: filepath.Join(dir, "cache"), Secret: secret})
	require.NoError(w.t, err)
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { p.run(ctx) })
	p.off = func() { stop(); wg.Wait() }
	w.t.Cleanup(func() { p.off(); require.NoError(w.t, p.cache.Close()) })
	return p
}

func (p *newcomer) run(ctx context.Context) {
	log := slog.New(slog.DiscardHandler)
	url := "wss" + strings.TrimPrefix(strings.Replace(p.srv.URL, "127.0.0.1", "localhost", 1), "https") + "/sync"
	var terms session.Terms
	paired, err := client.Pair(ctx, client.PairConfig{
		URL: url, Key: p.id.Public(), Sign: p.id.Sign, Build: "panel 1.0 (test)", Chance: mathrand.Float64, Log: log,
	}, client.PairEvents{
		Status: func(s session.PairStatus, _ string) {
			if s.Code != "" {
				p.codes <- string(s.Code)
			}
		},
		Keep: func(t session.Terms) error { terms = t; return nil },
	})
	if err != nil || !paired {
		return
	}
	p.terms <- terms
	c := client.New(client.Config{
		URL: url, Device: terms.Device, Sign: p.id.Sign, TLS: client.Pinned(terms.Pins...), Hub: terms.Signer,
		Build: "panel 1.0 (test)", Boot: "boot", Chance: mathrand.Float64, Log: log,
	}, p.cache, client.Events{
		Wiped: func() { close(p.wiped) },
		Obey: func(cmd wire.Cmd) (string, string) {
			p.shows <- cmd
			return "ok", ""
		},
	})
	c.Report(ctx, p.is)
	var wg sync.WaitGroup
	wg.Go(func() { _ = c.Run(ctx) })
	for done := false; !done; {
		if f := p.cache.Facts(); f != nil && !f.At.IsZero() {
			c.Shown(ctx, f.At)
		}
		select {
		case <-ctx.Done():
			done = true
		case <-p.wiped:
			done = true // but for the receipt
		case <-p.cache.Changed():
		}
	}
	wg.Wait()
}

// serving runs the hub, so that screens can come.
func (w *world) serving() {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = w.hub.Run(ctx) })
	w.t.Cleanup(func() { stop(); wg.Wait() })
}

// waiting returns the screen that waits to be let in, once it does.
func (w *world) waiting() (p hub.Pending) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		all, err := w.hub.Pending(w.t.Context(), store.Actor{Org: org, Kind: store.ByHub})
		require.NoError(w.t, err)
		if len(all) == 1 {
			p = all[0]
		}
		return len(all) == 1
	}, slow, 20*time.Millisecond)
	return p
}

// wrongCode is one that no glass shows.
func wrongCode(code string) string {
	if code[0] == '2' {
		return "3" + code[1:]
	}
	return "2" + code[1:]
}

// screenOf returns a screen as the hub has it.
func (w *world) screenOf(device string) (found hub.ScreenState) {
	w.t.Helper()
	all, err := w.hub.Screens(w.t.Context(), store.Actor{Org: org, Kind: store.ByHub})
	require.NoError(w.t, err)
	for _, s := range all {
		if s.ID == device {
			found = s
		}
	}
	return found
}

// R-IBG-33: a screen is let in by the code on its glass, together with the
// place where it hangs, or not at all; the code is nowhere in the page.
func TestAScreenIsLetInWithItsPlace(t *testing.T) {
	w := furnished(t)
	w.serving()
	p := w.newcomer()
	code := <-p.codes
	asks := w.waiting()
	b := w.as(account.Superuser)
	page := b.get("/screens")
	require.Contains(t, page.body, asks.Fingerprint)
	require.NotContains(t, page.body, code)
	form := b.get("/screens/ask/" + asks.ID)
	require.Equal(t, http.StatusOK, form.status)
	require.NotContains(t, form.body, code)
	places := len(w.all(house.KindScreen))

	typed := with(filled(t, form.body), "code", wrongCode(code), "name", "stue", "place.da", "Stuen", "diagonal", "43", "bottom", "78,5")
	got := b.post("/screens/ask/"+asks.ID, typed...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Koden passer ikke")
	require.Contains(t, got.body, "Du har 4 forsøg")
	require.Contains(t, got.body, `value="Stuen"`, "what was typed is kept")
	require.Len(t, w.all(house.KindScreen), places, "nothing is half done")

	got = b.post("/screens/ask/"+asks.ID, with(typed, "code", code, "name", "Anna Jensen")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)

	got = b.post("/screens/ask/"+asks.ID, with(typed, "code", strings.ToLower(code))...)
	require.Equal(t, "/screens?done=screen_in", got.to, w.log.String())
	require.Equal(t, "stue", (<-p.terms).Device)
	s := w.screenOf("stue")
	at := stored[house.Screen](w, s.Screen)
	require.Equal(t, "Stuen", at.Place["da"])
	require.Equal(t, 1092, at.Diagonal)
	require.Equal(t, 785, at.BottomEdge)
	require.Contains(t, strings.Join(w.audit(), "\n"), "staff create screen "+string(at.ID))

	// It says which program it runs, and what it shows is confirmed.
	require.Eventually(t, func() bool { s := w.screenOf("stue"); return s.Online && s.Confirmed() }, slow, 20*time.Millisecond)
	body := b.get("/screens").body
	require.Contains(t, body, "panel 1.0")
	require.NotContains(t, body, "(test)")
	require.NotContains(t, w.log.String(), code)
}

// all returns all records of a kind.
func (w *world) all(k house.Kind) (out []house.Record) {
	w.t.Helper()
	w.view(func(v viewer) (err error) {
		out, err = v.All(w.t.Context(), k)
		return err
	})
	return out
}

// Whoever scans the code on a glass is led to the Manager, before any command.
func TestPairingLeadsToTheManager(t *testing.T) {
	w := furnished(t)
	body := w.browser().get(wire.PairPage).body
	manager, command := strings.Index(body, `href="/screens"`), strings.Index(body, "tavle-hub screens approve")
	require.Positive(t, manager)
	require.Greater(t, command, manager)
}

// A screen that nobody knows is told no.
func TestAScreenIsRefused(t *testing.T) {
	w := furnished(t)
	w.serving()
	p := w.newcomer()
	<-p.codes
	asks := w.waiting()
	b := w.as(account.Superuser)
	require.Equal(t, "/screens?done=screen_no", b.post("/screens/ask/"+asks.ID+"/refuse").to)
	require.NotContains(t, b.get("/screens").body, asks.Fingerprint)
	require.Equal(t, http.StatusNotFound, b.get("/screens/ask/"+asks.ID).status)
}

// R-IBG-33: which modules a screen shows, and in which order, without a script; as its
// department does where nobody chose.
func TestModulesAreOrdered(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	page := b.get("/screens/place/scr-1")
	require.Equal(t, http.StatusOK, page.status)
	form := filled(t, page.body)
	require.Equal(t, http.StatusSeeOther, b.post("/screens/place/scr-1", form...).status)
	require.Equal(t, 609, stored[house.Screen](w, "scr-1").Diagonal, "what was not touched is not rounded")
	require.Empty(t, stored[house.Screen](w, "scr-1").Modules)

	form = filled(t, b.get("/screens/place/scr-1").body)
	var own []string
	for i := 0; i < len(form); i += 2 {
		if form[i] != "as_department" && (form[i] != "shown" || form[i+1] == "meals" || form[i+1] == "activities") {
			own = append(own, form[i], form[i+1])
		}
	}
	moved := b.post("/screens/place/scr-1", append(own, "move", "up meals")...)
	require.Equal(t, http.StatusOK, moved.status)
	got := b.post("/screens/place/scr-1", filled(t, moved.body)...)
	require.Equal(t, http.StatusSeeOther, got.status, got.body)
	require.Equal(t, []record.Module{"meals", "activities"}, stored[house.Screen](w, "scr-1").Modules)

	got = b.post("/screens/place/scr-1", own...)
	require.Equal(t, http.StatusConflict, got.status, "it is another meanwhile")

	form = filled(t, b.get("/screens/place/scr-1").body)
	got = b.post("/screens/place/scr-1", with(form, "bottom", "900", "diagonal", "wide")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Skriv et tal fra 1 til 250.")
	require.Contains(t, got.body, "Skriv et tal fra 5 til 110.")
}

// how high a screen hangs is on its card. The card is a configuration that a
// screen takes as it is, and has no secret: nothing of it lets anybody in.
func TestTheCardIsAConfiguration(t *testing.T) {
	w := furnished(t)
	b := w.as(account.Superuser)
	form := filled(t, b.get("/screens/place/scr-1/card").body)
	got := b.post("/screens/place/scr-1/card", with(form, "off_from", "23:30", "off_to", "05:30", "quiet_from", "20:00")...)
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, `attachment; filename="tavle.toml"`, got.header.Get("Content-Disposition"))
	c, err := config.Parse[config.Player]("tavle.toml", []byte(got.body))
	require.NoError(t, err, got.body)
	require.Equal(t, 780, c.BottomEdgeMM)
	require.InDelta(t, 24, c.DiagonalInch, 0.05)
	require.Equal(t, 700, c.DistanceMM)
	require.Equal(t, 90, c.Rotation, "it hangs upright")
	require.Equal(t, append(w.pins(), wire.SigningPin(w.hub.SigningKey())), c.Hub.Pins)
	require.Contains(t, c.Hub.URL, "wss://localhost:")
	require.Equal(t, "23:30-05:30", c.Hours.Off.String())
	require.Equal(t, "20:00-07:00", c.Voice.Quiet.String())
	require.Empty(t, c.Device, "it is let in by its code")
	require.Equal(t, http.StatusOK, b.post("/screens/card", filled(t, b.get("/screens/card").body)...).status)

	got = b.post("/screens/place/scr-1/card", with(form, "quiet_to", "\"\nserve = \"localhost:1")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status, "nobody writes a line of their own into it")
	got = b.post("/screens/place/scr-1/card", with(form, "off_from", "23:30")...)
	require.Equal(t, http.StatusUnprocessableEntity, got.status)
	require.Contains(t, got.body, "Et klokkeslæt mangler")
}

// A screen that is away says when it hides people by itself, and that it has
// not confirmed what was taken back. Support sees how the screens are, and nobody.
func TestTheFleetSaysWhatIsNotConfirmed(t *testing.T) {
	w := furnished(t)
	w.serving()
	p := w.newcomer()
	code := <-p.codes
	asks := w.waiting()
	b := w.as(account.Superuser)
	typed := with(filled(t, b.get("/screens/ask/"+asks.ID).body), "code", code, "name", "gang", "at", "scr-1")
	require.Equal(t, "/screens?done=screen_in", b.post("/screens/ask/"+asks.ID, typed...).to)
	<-p.terms
	require.Eventually(t, func() bool { s := w.screenOf("gang"); return s.Online && s.Confirmed() }, slow, 20*time.Millisecond)
	require.Contains(t, b.get("/screens").body, "Gangen ved hoveddøren")

	body := b.get("/screens").body
	require.Contains(t, body, "48 °C")
	require.Contains(t, body, "12 GB")
	require.Contains(t, body, "Personoplysninger: ja")
	p.off()
	require.Eventually(t, func() bool { return !w.screenOf("gang").Online }, slow, 20*time.Millisecond)
	by := store.Actor{Org: org, Kind: store.ByStaff, ID: "staff"}
	require.NoError(t, w.hub.Change(t.Context(), by, func(ctx context.Context, e *hub.Edit) error {
		return hub.Alter(ctx, e, "r01", func(r *house.Resident) { r.Choices.Hidden = true })
	}))
	name := stored[house.Resident](w, "r01").FirstName.Reveal()
	for _, role := range []account.Role{account.Superuser, account.Support} {
		body := w.as(role).get("/screens").body
		require.Contains(t, body, "Uden net siden 10.24", role)
		require.Contains(t, body, "skjuler navne og billeder af sig selv: søndag 6. december 10.24", role)
		require.Contains(t, body, "Personoplysninger: ukendt siden 10.24", role)
		require.Contains(t, body, "12 GB", "%s: as it said last", role)
		require.NotContains(t, body, "48 °C", "%s: nobody knows how warm it is now", role)
		require.NotContains(t, body, "is-warn", role)
		require.Contains(t, body, "En ændring, der skjuler en person, er ikke bekræftet endnu.", role)
		require.NotContains(t, body, name, role)
		require.Equal(t, role == account.Superuser, strings.Contains(body, "/screens/out/"), role)
	}
	w.pass(61 * time.Hour)
	require.Contains(t, w.as(account.Superuser).get("/screens").body, "is-warn", "its lease is soon over")
	w.pass(12 * time.Hour)
	require.Contains(t, w.as(account.Superuser).get("/screens").body, "Den skjuler nu navne og billeder af sig selv.")
	w.pass(30 * 24 * time.Hour)
	require.Contains(t, w.as(account.Superuser).get("/screens").body, "Personoplysninger: ingen siden lørdag 2. januar 10.25", "it has destroyed them by itself")
}

var deliveryIn = regexp.MustCompile(`(?:Viser det, der er gemt|Uden net siden)[^<]*`)

// Issue 5, item 4: beside somebody stands of each screen whether it has taken what they
// took back, since when it is away, and when it hides everybody by itself.
func TestDeliveryIsSaidPerScreen(t *testing.T) {
	w := furnished(t)
	w.serving()
	p := w.newcomer()
	p.joined(w.as(account.Superuser), "gang")
	look := func() string {
		b := w.as(account.Superuser) // nobody stays logged in for so long
		got := b.post("/people/r01/look", personForm(t, b.get("/people/r01").body)...)
		require.Equal(t, http.StatusOK, got.status)
		return deliveryIn.FindString(got.body)
	}
	require.Equal(t, "Viser det, der er gemt. Bekræftet 10.24.", look())
	p.off()
	require.Eventually(t, func() bool { return !w.screenOf("gang").Online }, slow, 20*time.Millisecond)
	w.pass(6 * time.Hour)
	require.Equal(t, "Uden net siden 10.24. Har bekræftet det seneste.", look())
	b := w.as(account.Superuser)
	form := personForm(t, b.get("/people/r01").body)
	require.Equal(t, http.StatusSeeOther, b.post("/people/r01", without(form, "choices.show_photo")...).status)
	require.Equal(t, "Uden net siden 10.24. Viser måske det gamle. Skjuler alle af sig selv 6. december 10.25.", look())
	w.pass(67 * time.Hour)
	require.Equal(t, "Uden net siden 3. december 10.24. Viser ikke nogen mere.", look())
}

// joined lets a newcomer in at the demo house's first place.
func (p *newcomer) joined(b *browser, name string) hub.ScreenState {
	p.t.Helper()
	code := <-p.codes
	asks := p.waiting()
	typed := with(filled(p.t, b.get("/screens/ask/"+asks.ID).body), "code", code, "name", name, "at", "scr-1")
	require.Equal(p.t, "/screens?done=screen_in", b.post("/screens/ask/"+asks.ID, typed...).to)
	<-p.terms
	require.Eventually(p.t, func() bool { s := p.screenOf(name); return s.Online && s.Confirmed() && !s.Health.At.IsZero() }, slow, 20*time.Millisecond)
	return p.screenOf(name)
}

// A screen that is hot, nearly full or has a wrong clock is to be seen to, in words that
// say what to do. Its page says how it is, and nothing of anybody: support sees it.
// R-IBG-33: and which modules it is sent.
func TestScreenSaysHowItIs(t *testing.T) {
	w := furnished(t)
	w.serving()
	p := w.newcomer(wire.Stat{TempC: 78.6, DiskFreeMB: 320, MemoryMB: 92, UptimeS: 3 * 3600, Late: 7, ClockOffS: -1800, Outbox: 2, Secret: "host-file"})
	s := p.joined(w.as(account.Superuser), "gang")
	path := "/screens/is/" + glassID(s.Key)
	for _, role := range []account.Role{account.Superuser, account.Support} {
		b := w.as(role)
		for _, page := range []string{"/screens", path} {
			body := b.get(page).body
			require.Contains(t, body, "is-warn")
			require.Contains(t, body, "79 °C. Flyt skærmen væk fra varmen.")
			require.Contains(t, body, "Kun 320 MB ledigt lager. Skift kortet.")
			require.Contains(t, body, "Skærmens eget ur går 30 min. forkert.")
		}
		body := b.get(path).body
		for _, says := range []string{
			"Gangen ved hoveddøren", "92 MB", "3 timer", ">7<", ">2<", "går 30 min. for langsomt", "på kortet. Den, der har kortet, har begge dele.", wire.Fingerprint(s.Key),
			"Aktiviteter", "Måltider", "panel 1.0 (test)",
		} {
			require.Contains(t, body, says)
		}
		for _, r := range append(w.all(house.KindResident), w.all(house.KindStaff)...) {
			require.NotContains(t, body, ">"+firstName(r)+"<")
		}
		require.Equal(t, role == account.Superuser, strings.Contains(body, "/identify"))
	}
	require.Equal(t, http.StatusForbidden, w.as(account.Support).post(path+"/identify").status)
	require.Equal(t, http.StatusNotFound, w.as(account.Superuser).get("/screens/is/none").status)
}

// firstName returns what somebody is called.
func firstName(r house.Record) string {
	switch r := r.(type) {
	case *house.Resident:
		return r.FirstName.Reveal()
	case *house.Staff:
		return r.FirstName.Reveal()
	}
	return ""
}

// Issue 5, item 5: staff have a screen show a number and its place, and see the same
// number; it is in the audit. Of one that is away nothing waits.
func TestScreenIsToldToShowWhichItIs(t *testing.T) {
	w := furnished(t)
	w.serving()
	p := w.newcomer()
	b := w.as(account.Superuser)
	s := p.joined(b, "gang")
	path := "/screens/is/" + glassID(s.Key)
	got := b.post(path + "/identify")
	require.Equal(t, http.StatusOK, got.status)
	cmd := <-p.shows
	require.Equal(t, wire.OpIdentify, cmd.Op)
	require.Equal(t, "Gangen ved hoveddøren", cmd.Place["da"])
	require.Equal(t, w.now().Add(wire.IdentifyFor).UnixMilli(), cmd.ExpMS)
	require.Contains(t, got.body, `<strong class="showing-number">`+strconv.Itoa(cmd.Number)+"</strong>")
	require.Contains(t, w.audit(), "staff identify screen scr-1")

	p.off()
	require.Eventually(t, func() bool { return !w.screenOf("gang").Online }, slow, 20*time.Millisecond)
	lines := len(w.audit())
	got = b.post(path + "/identify")
	require.Equal(t, http.StatusConflict, got.status)
	require.Contains(t, got.body, "Skærmen er ikke på nettet")
	require.NotContains(t, strings.Join(w.audit()[lines:], "\n"), "identify")
}

// R-DPA-27: shutting a screen out asks for a fresh proof, and says whether it holds
// personal data still: until it has said that it does not. A screen that is away is
// waited for, and the page says so.
func TestWipeWaitsForTheScreen(t *testing.T) {
	w := furnished(t)
	w.serving()
	p := w.newcomer()
	b := w.as(account.Superuser)
	s := p.joined(b, "gang")
	out := "/screens/out/" + glassID(s.Key)
	w.pass(account.ProofLife + time.Minute)
	require.Equal(t, "/proof?then="+out, b.get(out).to)
	require.Equal(t, http.StatusForbidden, b.post(out).status)
	require.False(t, w.screenOf("gang").Revoked)
	b.proved()
	require.Equal(t, "/screens?done=screen_out", b.post(out).to)
	<-p.wiped
	require.Eventually(t, func() bool { return !w.screenOf("gang").Wiped.IsZero() }, slow, 20*time.Millisecond)
	require.Contains(t, w.audit(), "screen wipe device gang")
	body := b.get("/screens").body
	require.Contains(t, body, "Personoplysninger: ingen siden ")
	require.NotContains(t, body, "Den glemmer alt, når den melder sig næste gang.")

	p = w.newcomer()
	s = p.joined(b, "hal")
	p.off()
	require.Eventually(t, func() bool { return !w.screenOf("hal").Online }, slow, 20*time.Millisecond)
	require.Equal(t, "/screens?done=screen_out", b.post("/screens/out/"+glassID(s.Key)).to)
	body = b.get("/screens").body
	require.Contains(t, body, "Personoplysninger: ukendt siden ")
	require.Contains(t, body, "Den glemmer alt, når den melder sig næste gang.")
}

// A screen asks, staff compare and type the code, the wall gets its board; it is shut
// out, and has nothing left: in a browser, with the program a wall has.
func TestAScreenFromFirstToLast(t *testing.T) {
	w := furnished(t)
	w.serving()
	b := w.tab()
	b.logIn(account.Superuser)
	p := w.newcomer()
	code := <-p.codes
	asks := w.waiting()
	b.open("/screens")
	b.check("screens")
	b.submit(".asking .button.primary")
	require.Contains(t, b.says(), asks.Fingerprint)
	b.check("screens ask")
	b.typeIn("#code", code)
	b.typeIn("#name", "hal")
	b.typeIn(`[name="place.da"]`, "Hallen")
	b.typeIn("#diagonal", "32")
	b.typeIn("#bottom", "85")
	b.run(chromedp.Click(chromedp.CSS("#as_department")))
	b.run(chromedp.Click(chromedp.CSS(`[name=move][value="down activities"]`)))
	require.Equal(t, "meals", eval[string](b, `document.querySelector("[name=order]").value`))
	require.Equal(t, "down activities", eval[string](b, `document.activeElement.value`), "the focus stays at the row")
	b.check("screens ask filled")
	b.size(390, 900)
	b.check("screens ask 390")
	b.size(1440, 900)
	b.submit(".fields > .actions .primary")
	require.Equal(t, "/screens", b.path())
	require.Equal(t, "hal", (<-p.terms).Device)
	require.Eventually(t, func() bool { s := w.screenOf("hal"); return s.Online && s.Confirmed() }, slow, 20*time.Millisecond)
	facts := p.cache.Facts()
	require.NotEmpty(t, facts.People)
	require.Equal(t, record.ModuleMeals, facts.House.Modules[0])
	b.open("/screens")
	require.Contains(t, b.says(), "Hallen")
	b.check("screens online")
	b.size(390, 900)
	b.check("screens online 390")
	b.size(1440, 900)
	b.submit(`.fleet [href^="/screens/is/"]`)
	b.check("screens one")
	b.submit(`[action$="/identify"] button`)
	require.Contains(t, b.says(), strconv.Itoa((<-p.shows).Number))
	b.check("screens one showing")
	b.size(390, 900)
	b.check("screens one showing 390")
	b.size(1440, 900)
	b.submit(`[href^="/screens/out/"]`)
	b.check("screens out")
	b.submit(".danger")
	<-p.wiped
	require.Empty(t, p.cache.Facts().People)
	require.Contains(t, b.says(), "Skærmen er lukket ude")
	b.check("screens after")
	for _, path := range []string{"/screens/card", "/screens/place/scr-1", "/screens/place/scr-1/card"} {
		b.open(path)
		b.check(path)
	}
}
