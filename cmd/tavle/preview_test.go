package main

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/config"
	"tavle/player"
	"tavle/player/voice"
	"tavle/render/motion"
	"tavle/sync/hub/house"
)

var shown = regexp.MustCompile(`/shots/[a-z0-9]+`)

// typed returns the form of somebody as it is on their page: the boxes that are ticked,
// and what is written.
func (c *clerk) typed(who house.ID) url.Values {
	page := c.ask(http.MethodGet, "/people/"+string(who), nil)
	require.Equal(c.t, http.StatusOK, page.Code, page.Body)
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input[^>]*>`).FindAllString(page.Body.String(), -1) {
		a := map[string]string{}
		for _, x := range regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`).FindAllStringSubmatch(m, -1) {
			a[x[1]] = x[2]
		}
		_, checked := a["checked"]
		if boxed := a["type"] == "checkbox" || a["type"] == "radio"; a["name"] != "" && a["type"] != "file" && (!boxed || checked) {
			form.Set(a["name"], a["value"])
		}
	}
	form.Set("department", "dep-maane")
	return form
}

// preview returns what the Manager says that a page of the kitchen's screen shows.
func (c *clerk) preview(who house.ID, page string, form url.Values) *image.RGBA {
	form.Set("screen", "scr-2")
	form.Set("page", page)
	got := c.ask(http.MethodPost, "/people/"+string(who)+"/look", form)
	require.Equal(c.t, http.StatusOK, got.Code, got.Body)
	path := shown.FindString(got.Body.String())
	require.NotEmpty(c.t, path)
	shot := c.ask(http.MethodGet, path, nil)
	img, err := png.Decode(bytes.NewReader(shot.Body.Bytes()))
	require.NoError(c.t, err)
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Src)
	return out
}

// Issue 5, done when 2: what the Manager says a screen shows is what the screen shows,
// pixel for pixel: home and the page of each module, in its size, at that minute. What
// is typed and not saved is what the wall shows once it is saved; a photo that is taken
// back is on neither.
func TestPreviewIsTheWall(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		kitchen := w.walls[0]
		kitchen.stop()
		kitchen.hear = voice.New(voice.Config{Synth: voice.Synth{Command: []string{"/bin/true"}}, Sink: new(loudspeaker)})
		kitchen.mm = (&config.Player{DiagonalInch: 396 / 25.4}).MM
		w.start(kitchen, "scr-2")
		look := player.Look{Lang: "da", Motion: motion.Off, Distance: 600, Bottom: 900}
		look.Sound.Voice = true
		kitchen.player.Change(look)
		w.settle()
		c := w.clerk()
		same := func(page string, form url.Values) {
			t.Helper()
			require.Equal(t, kitchen.repainted().Pix, kitchen.screen.Picture().Pix)
			require.Equal(t, kitchen.screen.Picture().Pix, c.preview("r01", page, form).Pix, page)
		}
		same("home", c.typed("r01"))
		for _, p := range []struct{ tab, page string }{{"Aktiviteter", "activities"}, {"Måltider", "meals"}, {"På arbejde", "roster"}, {"Beboere", "people"}, {"Nyt", "news"}} {
			w.visit(kitchen, p.tab)
			w.settle()
			same(p.page, c.typed("r01"))
		}

		t.Log("what is typed is what will be shown")
		w.visit(kitchen, "Beboere")
		w.settle()
		before := kitchen.screen.Picture()
		form := c.typed("r01")
		form.Del("choices.show_photo")
		unsaved := c.preview("r01", "people", form)
		require.NotEqual(t, before.Pix, unsaved.Pix)
		require.Equal(t, before.Pix, kitchen.screen.Picture().Pix, "nothing was saved")
		form.Del("screen")
		got := c.ask(http.MethodPost, "/people/r01", form)
		require.Equal(t, http.StatusSeeOther, got.Code, got.Body)
		w.within(2 * time.Second)
		require.NotEqual(t, before.Pix, kitchen.screen.Picture().Pix)
		require.Equal(t, unsaved.Pix, kitchen.screen.Picture().Pix, "as the Manager said")
		same("people", c.typed("r01"))

		t.Log("by night nobody is there, and the Manager knows how the wall rests")
		time.Sleep(13 * time.Hour)
		synctest.Wait()
		c = w.clerk() // nobody is logged in for so long
		require.Equal(t, kitchen.screen.Picture().Pix, c.preview("r01", "home", c.typed("r01")).Pix)
	})
}
