package project

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/policy"
	"tavle/sync/record"
)

// alts returns what the pictures of an album say, in Danish.
func alts(photos []record.Photo) (out []string) {
	for _, p := range photos {
		out = append(out, p.Alt["da"])
	}
	return out
}

func album(f *record.Facts, b Board, id house.ID) record.Album {
	return f.Albums[record.AlbumID(b.RowKey(record.KindAlbum, id).ID)]
}

// V-14, A-27: of the demo house's pictures those go out that everybody in them
// wants to be seen, with their words; f3, f5 and f8 leave no trace, also not where
// an album has nothing else.
func TestGalleryOfTheDemoHouse(t *testing.T) {
	h := demoHouse(t)
	f, b := demoFacts(t, h, "scr-1", thursday)
	require.Len(t, f.Albums, 3)
	forest := album(f, b, "al1")
	require.Equal(t, []string{
		"En sti går gennem skoven. To beboere går på stien.", "En båd sejler på det blå hav.", "Lyskæder hænger i mørket.", "Boller og kage på bordet.",
	}, alts(forest.Photos))
	require.Equal(t, []string{"Anna", "Mik"}, names(f, forest.Photos[0].Who), "an alias in pictures too")
	require.True(t, forest.Photos[0].People)
	require.False(t, forest.Photos[1].People)
	require.Empty(t, forest.Photos[1].Who)
	require.Equal(t, []string{"En guitar og noder. To beboere synger."}, alts(album(f, b, "al2").Photos))
	empty := album(f, b, "al3")
	require.Equal(t, record.Album{ID: empty.ID, Title: empty.Title}, empty, "an album of withheld pictures is an empty one")

	coast := f.News[record.NewsID(b.RowKey(record.KindNews, "n05").ID)]
	require.Equal(t, []string{"En båd sejler forbi de hvide klinter.", "En sti går gennem skoven.", "En guitar og noder."}, alts(coast.Photos))
	require.Equal(t, "Ingrid", f.People[coast.Author].Name.Reveal())
	require.Empty(t, f.People[coast.Author].Role["xx"])
}

// V-14, R-IBG-32: a picture of which nobody has said yet who is in it goes to no screen,
// nor what staff took off the screens: a picture, a piece of news.
func TestUnaskedAndHiddenAreNotSent(t *testing.T) {
	h := demoHouse(t)
	h.Albums[0].Photos[0].Unasked, h.Albums[0].Photos[1].Hidden = true, true
	h.News[0].Hidden = true
	h.Albums[1].Expires = "2026-11-20T12:00"
	f, b := demoFacts(t, h, "scr-1", thursday)
	require.Equal(t, []string{"Lyskæder hænger i mørket.", "Boller og kage på bordet."}, alts(album(f, b, "al1").Photos))
	require.NotContains(t, f.News, record.NewsID(b.RowKey(record.KindNews, "n01").ID))
	require.Contains(t, f.News, record.NewsID(b.RowKey(record.KindNews, "n02").ID))
	require.Len(t, f.Albums, 2, "one is over")
}

// V-14: with one to six people in a picture it goes out exactly when
// each of them, asked alone, says yes; and whoever is named wanted that.
func TestPictureIsSentOnlyIfEverybodyAgrees(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 14))
	h := demoHouse(t)
	shown, withheld := 0, 0
	for range 300 {
		var people []house.ID
		for i := range h.Residents {
			c := &h.Residents[i]
			c.Choices.Hidden, c.Choices.Tagged, c.Choices.Photo = r.IntN(9) == 0, r.IntN(9) > 0, r.IntN(9) > 0
			c.Acceptance.State = house.Accepted
			if r.IntN(9) == 0 {
				c.Acceptance.State = house.Declined
			}
			people = append(people, c.ID)
		}
		r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		in := people[:1+r.IntN(6)]
		h.Albums = []house.Album{{ID: "x", Department: "dep-maane", Title: record.Text{"da": "x"}, Photos: []house.Photo{{ID: "p", Asset: "asset:scene-pool", Tagged: in}}}}
		want := true
		for _, res := range h.Residents {
			if slices.Contains(in, res.ID) {
				want = want && policy.Decide(res.Policy("2026-12-03"), true, policy.WallOwn, policy.PhotoTag).Photo == policy.FullPhoto
			}
		}
		f, b := demoFacts(t, h, "scr-1", thursday)
		photos := album(f, b, "x").Photos
		require.Equal(t, want, len(photos) == 1)
		if want {
			shown++
			require.Len(t, photos[0].Who, len(in))
			continue
		}
		withheld++
		rows, err := Rows(FromHouse(h, pictures(h)), b, thursday)
		require.NoError(t, err)
		for _, row := range rows {
			require.False(t, row.Kind == record.KindAlbum && len(row.Assets) > 0, "a screen may not ask for it")
		}
	}
	require.NotZero(t, shown)
	require.NotZero(t, withheld)
}

// V-14, V-03: a picture of somebody who is not known here any more, or of another
// house, is withheld; one of staff who keep out of the roster is shown and does not
// name them.
func TestPictureOfSomebodyUnknownIsWithheld(t *testing.T) {
	h := demoHouse(t)
	photo := func(who ...house.ID) []record.Photo {
		h.Albums = []house.Album{{ID: "x", Department: "dep-maane", Title: record.Text{"da": "x"}, Photos: []house.Photo{{ID: "p", Asset: "asset:scene-pool", Tagged: who}}}}
		f, b := demoFacts(t, h, "scr-1", thursday)
		return album(f, b, "x").Photos
	}
	require.Len(t, photo("r01"), 1)
	require.Empty(t, photo("r01", "x99"))
	require.Empty(t, photo("r01", h.Former[0].ID))
	h.Staff[6].Choices.Photo = true // Sofie
	if h.Staff[6].Photo == "" {
		h.Staff[6].Photo = h.Staff[0].Photo
	}
	sofie := photo("s07")
	require.Len(t, sofie, 1)
	require.Empty(t, sofie[0].Who)
	require.True(t, sofie[0].People)
}

// R-IBG-44, V-06: the screen is told when the first acceptance in a picture ends.
func TestPictureEndsWithTheFirstAcceptance(t *testing.T) {
	h := demoHouse(t)
	h.Residents[0].Acceptance.Until = "2026-12-20"
	h.Residents[1].Acceptance.Until = "2026-12-10"
	f, b := demoFacts(t, h, "scr-1", thursday)
	require.Equal(t, time.Date(2026, 12, 11, 0, 0, 0, 0, copenhagen), album(f, b, "al1").Photos[0].Until.In(copenhagen))
}

// R-IBG-05, R-IBG-06, R-IBG-32: what staff took down, what is for staff and what is
// for one person is on no wall.
func TestWhatIsNotForEverybodyIsOnNoWall(t *testing.T) {
	h := demoHouse(t)
	f, b := demoFacts(t, h, "scr-1", thursday)
	var titles []string
	for _, d := range f.Documents {
		titles = append(titles, d.Title["da"])
		require.NotEmpty(t, d.Pages)
	}
	require.ElementsMatch(t, []string{"Husregler", "Sådan vasker du tøj"}, titles, "neither Min plan nor the instruction for the night")
	require.Len(t, f.Videos, 1)
	h.Albums[0].Photos[0].Hidden, h.Documents[0].Hidden, h.Videos[0].Hidden = true, true, true
	f, _ = demoFacts(t, h, "scr-1", thursday)
	require.Len(t, album(f, b, "al1").Photos, 3)
	require.Len(t, f.Documents, 1)
	require.Empty(t, f.Videos)
	h.Videos[0].Hidden, h.Videos[0].SharedTo = false, "person:r01"
	f, _ = demoFacts(t, h, "scr-1", thursday)
	require.Empty(t, f.Videos)
	h.Videos[0].SharedTo, h.Videos[0].Tagged = "department", []house.ID{"r01", "r09"}
	f, _ = demoFacts(t, h, "scr-1", thursday)
	require.Empty(t, f.Videos, "a film of somebody is like a picture of them")
}

// captions travel in every language; those that are said at the same moment
// share a cue.
func TestCaptionsTravel(t *testing.T) {
	h := demoHouse(t)
	h.Videos[0].SignLanguage = record.Text{"da": "Dansk tegnsprog"}
	f, _ := demoFacts(t, h, "scr-1", thursday)
	require.Len(t, f.Videos, 1)
	for _, v := range f.Videos {
		require.Len(t, v.Cues, 3)
		require.Equal(t, record.Cue{From: 500, To: 3800, Text: record.Text{
			"da": "Tryk på det, du vil se.", "nb": "Trykk på det du vil se.", "en": "Press what you want to see.",
		}}, v.Cues[0])
		require.Equal(t, "Dansk tegnsprog", v.Sign["da"])
		require.NotEmpty(t, v.Film)
		require.NotEmpty(t, v.Poster)
	}
	require.Equal(t, []record.Cue{
		{From: 0, To: 1000, Text: record.Text{"da": "a"}}, {From: 0, To: 2000, Text: record.Text{"nb": "b"}},
	}, cues(record.Text{"da": "WEBVTT\n\n00:00.000 --> 00:01.000\na\n", "nb": "WEBVTT\n\n00:00.000 --> 00:02.000\nb\n", "sv": "none"}))
}

// A board holds no more pictures of an album than anybody looks at.
func TestAlbumIsBounded(t *testing.T) {
	h := demoHouse(t)
	h.Albums[0].Photos = nil
	for i := range maxPhotos + 30 {
		h.Albums[0].Photos = append(h.Albums[0].Photos, house.Photo{
			ID: house.ID(fmt.Sprint("p", i)), Asset: "asset:scene-pool", Alt: record.Text{"da": strings.Repeat("ø", 500)},
		})
	}
	f, b := demoFacts(t, h, "scr-1", thursday)
	require.Len(t, album(f, b, "al1").Photos, maxPhotos)
}
