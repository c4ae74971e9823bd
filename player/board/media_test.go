package board

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// tagged is a picture of these people, until their acceptances end.
func tagged(asset record.AssetID, until time.Time, who ...PersonID) record.Photo {
	return record.Photo{Asset: asset, Alt: Text{"da": string(asset)}, Tagged: record.Tagged{People: true, Who: who, Until: until}}
}

// gallery is a house with one album, a film of somebody, and news with pictures.
func gallery(photos ...record.Photo) *record.Facts {
	return house(func(f *record.Facts) {
		f.Albums = map[record.AlbumID]record.Album{"al": {ID: "al", Title: Text{"da": "Tur"}, Photos: photos}}
		f.News = map[record.NewsID]record.News{"n": {ID: "n", Author: "s1", Photos: photos, Published: now.Add(-time.Hour)}}
		f.Videos = map[record.VideoID]record.Video{
			"v1": {ID: "v1", Title: Text{"da": "Fest"}, Tagged: record.Tagged{People: true, Who: []PersonID{"p1"}}},
			"v2": {ID: "v2", Title: Text{"da": "Skærmen"}},
		}
		f.Documents = map[record.DocumentID]record.Document{"d": {ID: "d", Title: Text{"da": "Husregler"}}}
	})
}

// V-14, V-20: when the lease is over, pictures and films of people go from the
// screen with everybody's name; what shows nobody stays.
func TestStaleBoardShowsNoPictureOfAnybody(t *testing.T) {
	f := gallery(tagged("sha256-01", time.Time{}, "p1", "p3"), record.Photo{Asset: "sha256-02"}, tagged("sha256-03", time.Time{}))
	b := project(f)
	require.Len(t, b.Albums[0].Photos, 3)
	require.Equal(t, "Åse", b.Albums[0].Photos[0].Who[0].Name.Reveal())
	require.Equal(t, "Mette", b.News[0].Author.Name.Reveal())
	require.Len(t, b.Videos, 2)

	b = project(f, func(in *Input) { in.Fresh = false })
	require.Equal(t, []Photo{{Asset: "sha256-02"}}, b.Albums[0].Photos)
	require.Equal(t, []Photo{{Asset: "sha256-02"}}, b.News[0].Photos)
	require.Nil(t, b.News[0].Author)
	require.Len(t, b.Videos, 1)
	require.EqualValues(t, "v2", b.Videos[0].ID)
	require.Len(t, b.Documents, 1)
}

// V-14, V-06: a picture of one to six people is seen until the first of them may
// not be shown any more, with or without a hub; somebody whose row is not there
// says no.
func TestPictureGoesWithTheFirstOfItsPeople(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 14))
	for range 300 {
		n := 1 + r.IntN(6)
		var who []PersonID
		shown := true
		people := map[PersonID]record.Person{}
		for i := range n {
			id := PersonID(fmt.Sprint("q", i))
			who = append(who, id)
			p := record.Person{ID: id, Kind: record.Resident, Name: record.NameOf(fmt.Sprint("N", i))}
			switch r.IntN(8) {
			case 0:
				p.Until, shown = now.Add(-time.Minute), false
			case 1:
				shown = false
				continue
			case 2:
				p.Until = now.Add(time.Hour)
			}
			people[id] = p
		}
		f := gallery(tagged("sha256-01", time.Time{}, who...))
		f.People = people
		require.Equal(t, shown, len(project(f).Albums[0].Photos) == 1)
	}
	f := gallery(tagged("sha256-01", now.Add(time.Hour)))
	require.Len(t, project(f).Albums[0].Photos, 1)
	require.Equal(t, now.Add(time.Hour), project(f).NextAt)
	require.Empty(t, project(f, func(in *Input) { in.Now = now.Add(time.Hour) }).Albums[0].Photos)
}

// Old weather is worse than none. The newest forecast counts, from
// today on, and only when it has been made.
func TestWeatherIsNotBelievedForEver(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	day := func(n int) record.WeatherDay {
		return record.WeatherDay{Date: time.Date(2026, 12, 3+n, 0, 0, 0, 0, zone), Sky: record.SkyRain, High: n}
	}
	f := house(func(f *record.Facts) {
		f.Weather = map[record.WeatherID]record.Weather{
			"old":  {ID: "old", At: now.Add(-30 * time.Hour), Days: []record.WeatherDay{day(0)}},
			"new":  {ID: "new", At: now.Add(-4 * time.Hour), Days: []record.WeatherDay{day(-1), day(0), day(1)}},
			"next": {ID: "next", At: now.Add(20 * time.Hour), Days: []record.WeatherDay{day(1), day(2)}},
		}
	})
	high := func(after time.Duration) (out []int) {
		if w := project(f, func(in *Input) { in.Now = now.Add(after) }).Weather; w != nil {
			for _, d := range w.Days {
				out = append(out, d.High)
			}
		}
		return out
	}
	require.Equal(t, []int{0, 1}, high(0))
	require.Equal(t, []int{1}, high(14*time.Hour), "it is tomorrow")
	require.Equal(t, []int{1, 2}, high(20*time.Hour))
	require.Empty(t, high(44*time.Hour), "a day old")
	require.Nil(t, project(house()).Weather)
	p := projector{in: Input{Facts: f, Now: now}}
	require.True(t, time.Date(2026, 12, 4, 0, 0, 0, 0, zone).Equal(p.nextAt()), "midnight")
}

// V-14, R-IBG-34: whoever takes back at the wall that they may be seen in pictures
// is in none from that moment on, with or without a hub, and the pictures are not
// even kept.
func TestPicturesGoWithAWishMadeAtTheWall(t *testing.T) {
	f := gallery(tagged("sha256-01", time.Time{}, "p1", "p3"), tagged("sha256-02", time.Time{}, "p3"), record.Photo{Asset: "sha256-03"})
	for _, c := range []Choice{ChoiceShown, ChoiceName, ChoicePhoto, ChoiceTagged} {
		tight := Tighten(f, []Done{{Who: "p1", Takes: c}})
		b := project(tight)
		require.Len(t, b.Albums[0].Photos, 2, c)
		require.Len(t, b.News[0].Photos, 2, c)
		require.Len(t, b.Videos, 1, c)
		require.False(t, tight.Assets()["sha256-01"], c)
		require.True(t, tight.Assets()["sha256-02"], c)
	}
	require.Len(t, f.Albums["al"].Photos, 3, "what was is not changed")
	require.True(t, Tighten(f, []Done{{Who: "p1", Takes: ChoiceRelatives}}).Assets()["sha256-01"])
}
