package hub

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// R-IBG-24, issue 2 item 6: what was imported comes out again, with what
// happened meanwhile, and goes in elsewhere.
func TestExportIsWhatWasImported(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		var out bytes.Buffer
		looks := map[house.Picture]string{}
		keep := func(name house.Picture, jpeg []byte) error { looks[name] = string(jpeg); return nil }
		require.NoError(t, w.hub.Export(t.Context(), byStaff, &out, keep))
		back, mistakes := house.Parse(bytes.NewReader(out.Bytes()))
		require.Empty(t, mistakes)
		require.Equal(t, demoHouse(t), back)
		require.Len(t, looks, 42)
		require.Equal(t, "jpeg of asset:scene-garden", looks["asset:scene-garden"], "withheld from screens, and still the house's own")

		h := w.hand("scr-1")
		require.Equal(t, wire.Accepted, h.does(wire.OpSignUp, film, "r01").Outcome)
		require.Equal(t, wire.Accepted, h.does(wire.OpCancel, list(house.KindMeal, "m10"), "r01").Outcome)
		out.Reset()
		require.NoError(t, w.hub.Export(t.Context(), byStaff, &out, nil))
		back, mistakes = house.Parse(bytes.NewReader(out.Bytes()))
		require.Empty(t, mistakes)
		require.Contains(t, back.Activities[7].SignUps, house.SignUp{Person: "r01", Via: "wall"})
		require.Equal(t, []house.SignUp{{Person: "r01", Via: "wall"}}, back.Meals[9].OptOuts)

		// The extract is in the audit, and what was read for it.
		w.view(func(v store.View) error {
			audit, err := v.Audit(t.Context())
			var said []string
			for _, a := range audit {
				if a.By == store.ByStaff && (a.Action == "export" || a.Action == "read") {
					said = append(said, a.Action+" "+a.Kind)
				}
			}
			require.Contains(t, said, "export system")
			require.Contains(t, said, "read resident")
			require.Contains(t, said, "read relative")
			return err
		})
		require.ErrorIs(t, w.hub.Export(t.Context(), store.Actor{Org: "elsewhere", Kind: store.ByStaff, ID: "x01"}, &out, nil), store.ErrNotFound)
	})
}

// A house is not replaced by accident; when it is, its screens stay and show
// the new one.
func TestHouseIsReplacedOnlyWhenAsked(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		s := w.live("scr-1")
		at := s.facts().At
		again := demoHouse(t)
		again.Residents[0].FirstName = record.NameOf("Annemette")
		require.ErrorIs(t, w.hub.Import(t.Context(), byImport, again, Import{}), ErrExists)
		require.Equal(t, at, s.facts().At)
		require.NoError(t, w.hub.Import(t.Context(), byImport, again, Import{Replace: true, Picture: drawn}))
		require.Equal(t, at.Epoch, s.facts().At.Epoch)
		require.Contains(t, s.all(), "Annemette")
		require.Equal(t, at.Rev+1, s.facts().At.Rev, "one transaction, one revision, one row")
		s.leave()
	})
}

// Nobody waits where there is a place, whatever the file says.
func TestImportLeavesNobodyWaitingForAFreePlace(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		h := demoHouse(t)
		h.Activities[2].Capacity = 7
		require.NoError(t, w.hub.Import(t.Context(), byImport, h, Import{Replace: true}))
		in, waiting := w.who(list(house.KindActivity, "a03"))
		require.Len(t, in, 7)
		require.Empty(t, waiting)
	})
}

// Issue 2, "Bad input": pictures that are none stop the import, each is named
// by what the house calls it, and nothing has changed.
func TestBadPicturesStopTheImport(t *testing.T) {
	ctx := t.Context()
	db, err := sqlitestore.Open(ctx, filepath.Join(t.TempDir(), "hub.db"))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	h, err := New(ctx, db, Options{Hosts: []string{host}})
	require.NoError(t, err)
	var small bytes.Buffer
	require.NoError(t, png.Encode(&small, image.NewRGBA(image.Rect(0, 0, 8, 8))))
	err = h.Import(ctx, byImport, demoHouse(t), Import{Picture: func(name house.Picture) ([]byte, error) {
		switch name {
		case "asset:portrait-karen":
			return nil, errors.New("no such file")
		case "asset:scene-forest":
			return []byte("this is a text"), nil
		}
		return small.Bytes(), nil
	}})
	require.ErrorContains(t, err, "picture asset:portrait-karen: no such file")
	require.ErrorContains(t, err, "picture asset:scene-forest: picture: ")
	require.ErrorIs(t, h.Export(ctx, byStaff, &small, nil), store.ErrNotFound)

	// A picture as it was brought never leaves: what does is made anew.
	jpeg, err := os.ReadFile("../../assets/demo/pictures/portrait-karen.jpg")
	require.NoError(t, err)
	marked := append([]byte{}, jpeg[:2]...)
	marked = append(marked, 0xff, 0xfe, 0, 2+6)
	marked = append(marked, "secret"...)
	marked = append(marked, jpeg[2:]...)
	require.NoError(t, h.Import(ctx, byImport, demoHouse(t), Import{Picture: func(name house.Picture) ([]byte, error) {
		if name == "asset:melody-bingo" || name == "asset:film-screen" {
			return drawn(name)
		}
		return marked, nil
	}}))
	n := 0
	require.NoError(t, h.Export(ctx, byStaff, &small, func(_ house.Picture, b []byte) error {
		require.NotContains(t, string(b), "secret")
		n++
		return nil
	}))
	require.Equal(t, 42, n)
}

func TestHubRefusesWhatCannotBe(t *testing.T) {
	ctx := t.Context()
	db, err := sqlitestore.Open(ctx, filepath.Join(t.TempDir(), "hub.db"))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	_, err = New(ctx, db, Options{})
	require.EqualError(t, err, "hub: no host name")
	for want, o := range map[string]Options{
		"hub: no host name":                                                {Hosts: []string{host, ""}},
		"hub: 9 host names; want at most 8":                                {Hosts: strings.Fields("a b c d e f g h i")},
		"hub: lease of 3h59m59s; want 4h0m0s to 168h0m0s":                  {Hosts: []string{host}, Mask: MinMask - time.Second},
		"hub: lease of 168h0m1s; want 4h0m0s to 168h0m0s":                  {Hosts: []string{host}, Mask: MaxMask + time.Second},
		"hub: wipe after 1h0m0s; want 72h0m0s, the lease, to 2160h0m0s":    {Hosts: []string{host}, Wipe: time.Hour},
		"hub: wipe after 2160h0m1s; want 72h0m0s, the lease, to 2160h0m0s": {Hosts: []string{host}, Wipe: MaxWipe + time.Second},
	} {
		_, err := New(ctx, db, o)
		require.EqualError(t, err, want)
	}
	h, err := New(ctx, db, Options{Hosts: []string{host}})
	require.NoError(t, err)
	_, err = h.AddScreen(ctx, byStaff, Screen{ID: "scr-1", Department: "dep-1", Key: make([]byte, 5)})
	require.ErrorContains(t, err, "Ed25519")
	_, err = h.AddScreen(ctx, byStaff, Screen{ID: "scr-1", Department: "dep-1", Key: make([]byte, 32)})
	require.ErrorIs(t, err, store.ErrNotFound)
	require.Error(t, h.Change(ctx, byStaff, func(ctx context.Context, e *Edit) error {
		return Alter(ctx, e, "r01", func(*house.Resident) {})
	}))
}

// V-12: a board of another system, fed by what is shared with it.
func TestBoardOfAnotherSystem(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		_, err := w.hub.AddScreen(t.Context(), byStaff, Screen{ID: "ext-1", Department: "ext-strandhuset", Key: publicKey("ext-1")})
		require.NoError(t, err)
		s := w.live("ext-1")
		f := s.facts()
		require.Len(t, f.Activities, 1)
		require.Contains(t, s.all(), "Anna")
		require.NotContains(t, s.all(), "فاطمة")
		w.alter("r01", func(r *house.Resident) { r.Choices.External = false })
		require.NotContains(t, s.all(), "Anna")
		s.leave()
	})
}

// Recordings lose what a recorder added; one that cannot be played stops the import,
// and the message says where it stands. A picture is no recording, nor the other way
// round. On the way out they are what they are.
func TestRecordingsAreLookedAt(t *testing.T) {
	melody, err := demo.Asset("asset:melody-bingo")
	require.NoError(t, err)
	inWorld(t, func(t *testing.T, w *world) {
		in := func(mend func(*house.House), sounds map[house.Picture][]byte) error {
			h := demoHouse(t)
			mend(h)
			return w.hub.Import(t.Context(), byImport, h, Import{Replace: true, Picture: func(name house.Picture) ([]byte, error) {
				if b, ok := sounds[name]; ok {
					return b, nil
				}
				return drawn(name)
			}})
		}
		require.ErrorContains(t, in(func(*house.House) {}, map[house.Picture][]byte{"asset:melody-bingo": []byte("ID3")}),
			"activity a06: sound asset:melody-bingo: no recording of the format WAV")
		require.ErrorContains(t, in(func(h *house.House) { h.Meals[0].Sound = "asset:said" }, map[house.Picture][]byte{"asset:said": melody[:100]}),
			"sound asset:said: a recording that is cut off")
		require.ErrorContains(t, in(func(h *house.House) { h.News[0].Picture = "asset:melody-bingo" }, nil),
			"picture asset:melody-bingo: a picture in one place and a recording in another")

		marked := append(slices.Clone(melody), "LIST\x0c\x00\x00\x00INFOIART Eva"...)
		require.NoError(t, in(func(h *house.House) { h.News[0].Sound = "asset:melody-news" }, map[house.Picture][]byte{"asset:melody-news": marked}))
		var out bytes.Buffer
		looks := map[house.Picture][]byte{}
		require.NoError(t, w.hub.Export(t.Context(), byStaff, &out, func(name house.Picture, b []byte) error {
			looks[name] = b
			return nil
		}))
		require.Equal(t, melody, looks["asset:melody-bingo"])
		require.Equal(t, melody, looks["asset:melody-news"])
		require.Contains(t, out.String(), `"sound": "asset:melody-news"`)
	})
}

// a film that is to be heard and has no sound, or one that does not end with its
// pictures, stops the import, and the message says where it stands.
func TestSoundOfFilmsIsLookedAt(t *testing.T) {
	film, err := demo.Asset("asset:film-screen")
	require.NoError(t, err)
	cut := bytes.Clone(film)
	for i, n := 0, 0; i < len(cut)-4; i++ { // the second half of its sound is padding
		if bytes.Equal(cut[i:i+4], []byte{0, 0, 1, 0xc0}) {
			if n++; n > 15 {
				cut[i+3] = 0xbe
			}
			i += int(cut[i+4])<<8 | int(cut[i+5])
		}
	}
	inWorld(t, func(t *testing.T, w *world) {
		in := func(heard bool, film []byte) error {
			h := demoHouse(t)
			h.Videos[0].Sound = heard
			return w.hub.Import(t.Context(), byImport, h, Import{Replace: true, Picture: func(name house.Picture) ([]byte, error) {
				if name == h.Videos[0].Film {
					return film, nil
				}
				return drawn(name)
			}})
		}
		require.NoError(t, in(true, film))
		require.ErrorContains(t, in(true, cut), "video vd1: with_sound asset:film-screen: a film of 11.9 seconds with sound from 0.0 to ")
		require.NoError(t, in(false, cut), "nobody hears it")
		require.ErrorContains(t, in(true, []byte("a photo")), "video vd1: with_sound asset:film-screen: no film of the format MPEG-1")
	})
}

// A recording is had by its content's name, as long as a row refers to it.
func TestRecordingIsHadByItsContent(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		melody, err := demo.Asset("asset:melody-bingo")
		require.NoError(t, err)
		s := w.live("scr-1")
		var path string
		for _, a := range s.facts().Activities {
			if a.Sound != "" {
				require.Empty(t, path)
				require.True(t, s.facts().Assets()[a.Sound])
				path = assetPath + string(a.Sound)
			}
		}
		r := s.get(path, s.state.welcome.Asset.Token)
		require.Equal(t, 200, r.StatusCode)
		require.Equal(t, "audio/wav", r.Header.Get("Content-Type"))
		require.Equal(t, string(melody), body(t, r))
		w.change(func(ctx context.Context, e *Edit) error { return e.Delete(ctx, house.KindActivity, "a06") })
		require.Equal(t, 404, s.get(path, s.state.welcome.Asset.Token).StatusCode)
		s.leave()
	})
}
