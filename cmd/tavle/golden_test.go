package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/cmd/tavle/stage"
	"tavle/player/ui/look"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

var update = flag.Bool("update", false, "rewrite the pictures in testdata")

// goldens is the folder of the pictures, each named as `tavle gallery` names it.
const goldens = "testdata/golden"

// A golden is a page that is compared with a picture from before.
type golden struct {
	scene, size, lang, theme string
	house                    string // which of houses
}

func (g golden) file() string {
	name := g.scene + "-" + g.size + "-" + g.lang
	if g.theme != "day" {
		name += "-" + g.theme
	}
	if g.house != "demo" {
		name += "-" + g.house
	}
	return name + ".png"
}

// goldenList is every page on the smallest panel, and of the others what differs
// there: words in each language, the layouts of larger panels, the evening, and
// a house with too much of everything or nothing at all. A picture is some
// 100 KB, and stays in the repository's history with every change.
func goldenList() (list []golden) {
	add := func(size, lang, theme, in string, names ...string) {
		for _, name := range names {
			list = append(list, golden{name, size, lang, theme, in})
		}
	}
	const small = "800x480"
	add(small, "da", "day", "demo", stage.Names()...)
	add(small, "nb", "day", "demo", "home", "activity", "who")
	add(small, "en", "day", "demo", "home", "activity", "who")
	add(small, "da", "evening", "demo", "home")
	add(small, "da", "day", "full", "home", "activity", "who", "people")
	add(small, "da", "day", "empty", "home", "activities", "people")
	add("1080x1920", "da", "day", "demo", "home", "activities")
	add("1920x1080", "da", "day", "demo", "home")
	return list
}

// houses are what is shown, each made from the demo house.
var houses = map[string]func(*house.House){
	"demo":  func(*house.House) {},
	"full":  fill,
	"empty": empty,
	"bare":  bare,
}

// fill makes it a house of 60 with the longest words, who all go to the same.
func fill(h *house.House) {
	const most = 60
	in := h.Residents[0].Department
	for i := 0; len(h.Residents) < most; i++ {
		r := h.Residents[i%10]
		r.ID, r.Department = house.ID(fmt.Sprint("x", i)), in
		r.FirstName = record.NameOf(fmt.Sprintf("Anne-Margrethe %c.", 'A'+i%26))
		h.Residents = append(h.Residents, r)
	}
	for i := range h.Activities {
		a := &h.Activities[i]
		a.Capacity = 0
		a.Title = record.Text{"da": "Speciallægepraksisplanlægningsstabiliseringsperiode"}
		a.Place = record.Text{"da": "Fællesspisestuens vinterhaveudbygning mod nordnordøst"}
		a.SignUps, a.Waitlist = nil, nil
		for _, r := range h.Residents[:most-2] {
			if r.Department == in {
				a.SignUps = append(a.SignUps, house.SignUp{Person: r.ID})
			}
		}
	}
}

// empty makes it a house where nobody lives, nothing happens and nobody works.
func empty(h *house.House) {
	h.Residents, h.Relatives, h.Former, h.Requests = nil, nil, nil, nil
	h.Activities, h.Meals, h.News, h.Meetings, h.Bookings, h.Groups, h.Albums, h.Documents, h.Videos = nil, nil, nil, nil, nil, nil, nil, nil, nil
	h.Roster.Shifts, h.Presence = nil, nil
}

// bare is empty, with nothing to book and no weather.
func bare(h *house.House) {
	empty(h)
	h.Resources, h.Weather, h.Polls = nil, nil, nil
}

// fileOf is the demo house, changed, as a file.
func fileOf(t *testing.T, change func(*house.House)) []byte {
	t.Helper()
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	change(h)
	var b bytes.Buffer
	require.NoError(t, h.Write(&b))
	return b.Bytes()
}

// stage returns what g is painted from, which other pages of its house, language
// and colours share.
func (g golden) stage(t *testing.T) *stage.Stage {
	t.Helper()
	s, err := stage.New(fileOf(t, houses[g.house]), demo.Asset, "", time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC))
	require.NoError(t, err)
	s.Lang, s.Theme = g.lang, look.Themes[g.theme]
	return s
}

// Every page looks as it did; and when it is painted again, now that everything
// is in the caches, it is the very same. `make golden` rewrites the pictures.
func TestGolden(t *testing.T) {
	stages := map[golden]*stage.Stage{}
	var compared []string
	for _, g := range goldenList() {
		compared = append(compared, g.file())
		t.Run(g.file(), func(t *testing.T) {
			setting := golden{lang: g.lang, theme: g.theme, house: g.house}
			if stages[setting] == nil {
				stages[setting] = setting.stage(t)
			}
			size, err := parseSize(g.size)
			require.NoError(t, err)
			scene, err := sceneNamed(g.scene)
			require.NoError(t, err)
			got := stages[setting].Paint(scene, size)
			again := stages[setting].Paint(scene, size)
			require.True(t, bytes.Equal(got.Pix, again.Pix), "painted again it is another picture")
			compare(t, filepath.Join(goldens, g.file()), got)
		})
	}
	there, err := os.ReadDir(goldens)
	require.NoError(t, err)
	for _, f := range there {
		switch path := filepath.Join(goldens, f.Name()); {
		case slices.Contains(compared, f.Name()):
		case *update:
			require.NoError(t, os.Remove(path))
		default:
			t.Errorf("%s: no page is compared with it; `make golden` removes it", path)
		}
	}
}

// tolerance is how far a channel may be from the picture of before: processors
// round differently when they scale photos.
const tolerance = 1

// compare compares a picture with the one in the file, or puts it there when
// that is asked for and they differ.
func compare(t *testing.T, path string, got *image.RGBA) {
	t.Helper()
	want, err := readPNG(path)
	missing := errors.Is(err, fs.ErrNotExist)
	if !missing {
		require.NoError(t, err)
	}
	var off image.Rectangle
	if !missing && want.Rect == got.Rect {
		if off = different(want, got); off.Empty() {
			return
		}
	}
	switch {
	case *update:
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, writeGolden(path, got))
	case missing:
		t.Fatalf("%s is not there; look at the page (`tavle shot`), then `make golden`", path)
	case want.Rect != got.Rect:
		t.Fatalf("%s is %v, the page is %v", path, want.Rect.Size(), got.Rect.Size())
	default:
		seen := filepath.Join(t.ArtifactDir(), filepath.Base(path))
		require.NoError(t, writeGolden(seen, sideBySide(want, got)))
		t.Fatalf("%s differs inside %v. Was, is and difference stand side by side in %s, which `go test -artifacts` keeps. "+
			"If it is meant to be so: `make golden`", path, off, seen)
	}
}

// different returns the smallest rectangle outside of which two pictures of a
// size are alike.
func different(a, b *image.RGBA) (off image.Rectangle) {
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			if apart(a, b, x, y) {
				off = off.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return off
}

// apart reports whether two pictures differ at a place by more than is tolerated.
func apart(a, b *image.RGBA, x, y int) bool {
	i := a.PixOffset(x, y)
	for c := range 4 {
		if d := int(a.Pix[i+c]) - int(b.Pix[i+c]); d > tolerance || d < -tolerance {
			return true
		}
	}
	return false
}

// sideBySide shows what was, what is, and, pale but for the difference, what is
// again.
func sideBySide(was, is *image.RGBA) *image.RGBA {
	w, h := is.Rect.Dx(), is.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, 3*w, h))
	for i, img := range []*image.RGBA{was, is, is} {
		draw.Draw(out, image.Rect(i*w, 0, (i+1)*w, h), img, image.Point{}, draw.Src)
	}
	pale := color.RGBA{225, 225, 225, 225}
	draw.Draw(out, image.Rect(2*w, 0, 3*w, h), image.NewUniform(pale), image.Point{}, draw.Over)
	for y := range h {
		for x := range w {
			if apart(was, is, x, y) {
				out.SetRGBA(2*w+x, y, color.RGBA{200, 0, 60, 255})
			}
		}
	}
	return out
}

func readPNG(path string) (*image.RGBA, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	rgba := image.NewRGBA(img.Bounds())
	draw.Draw(rgba, rgba.Rect, img, image.Point{}, draw.Src)
	return rgba, nil
}

// writeGolden writes a picture as small as it gets: it stays for ever.
func writeGolden(path string, img image.Image) error {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
