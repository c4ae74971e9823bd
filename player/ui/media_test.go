package ui

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
)

// media is the mockup's house with news, albums and documents.
func media(b *board.Board) *board.Board {
	n := *b
	n.Modules = []board.Module{"activities", "meals", "roster", "news", "gallery", "documents", "videos", "weather"}
	karen, ok := b.Person("karen")
	if !ok {
		panic("nobody is called Karen")
	}
	photo := func(id string, who ...board.Person) board.Photo {
		return board.Photo{Asset: board.AssetID(id), Alt: board.Text{"da": "Her er " + id + "."}, Who: who}
	}
	n.Albums = []board.Album{
		{ID: "al", Title: board.Text{"da": "Tur i skoven"}, Photos: []board.Photo{photo("one", karen), photo("two"), photo("three", karen), photo("four"), photo("five")}},
		{ID: "none", Title: board.Text{"da": "Sommerfest"}},
	}
	n.News = append([]board.News{{ID: "long", Title: board.Text{"da": "Turen til Møns Klint"}, Text: board.Text{"da": longText}, Photos: n.Albums[0].Photos, Published: mockNow.Add(-24 * time.Hour)}}, n.News...)
	n.Documents = []board.Document{{ID: "d", Title: board.Text{"da": "Husregler"}, Pages: []board.Page{
		{Title: board.Text{"da": "Ro"}, Text: board.Text{"da": longText}, Picto: "bed"}, {Text: board.Text{"da": "Vask hænder."}},
	}}}
	return &n
}

// longText is 120 words of three paragraphs, and a word that is longer than a line.
var longText = strings.Repeat("Vi var ni på tur til de hvide klinter ved havet. ", 4) + "\n\n" +
	strings.Repeat("Speciallægepraksisplanlægningsstabiliseringsperiode er et langt ord, og Åse kunne sige det. ", 3) + "\n" +
	strings.Repeat("Hjemme igen drak vi varm kakao i stuen. ", 5)

func mediaAt(size image.Point, places ...Place) Model {
	m := mockModel(size, Home{})
	m.Board = media(m.Board)
	m.Stack = append([]Place{Home{}}, places...)
	return m
}

// a text is read a leaf at a time: at most sixty words, lines of at
// most 45 letters, one and a half high, paragraphs apart; and all of it is there,
// in its order.
func TestTextIsReadInLeaves(t *testing.T) {
	for _, size := range panels {
		c := newCanvas(mediaAt(size), testKit)
		ty := c.reading()
		require.GreaterOrEqual(t, ty.Line, float32(1.4))
		require.GreaterOrEqual(t, float32(paragraphGap), float32(.75))
		for _, w := range []float32{c.w * .3, c.w * .5, c.w * .9} {
			h := c.h * .5
			var said []string
			leaves := c.leaves(longText, ty, w, h)
			require.Greater(t, len(leaves), 1)
			for _, leaf := range leaves {
				words, high := 0, float32(0)
				for i, lines := range leaf {
					for _, l := range lines {
						require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimSpace(l.line.Text)), 45, "%v %q", size, l.line.Text)
						require.LessOrEqual(t, l.w, w+1)
						said = append(said, l.line.Text)
						words += len(strings.Fields(l.line.Text))
						high += ty.Size * ty.Line
					}
					if i > 0 {
						high += paragraphGap * ty.Size
					}
				}
				require.LessOrEqual(t, words, 60+2, "a word that was broken counts twice")
				require.LessOrEqual(t, high, h+ty.Size*ty.Line)
			}
			require.Equal(t, letters(longText), letters(strings.Join(said, "")))
		}
	}
}

// letters returns s without spaces and what breaking a word adds.
func letters(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "-", "", "\u00ad", "").Replace(s)
}

// Every leaf of an article and of a document can be turned to, and back.
func TestEveryLeafIsReached(t *testing.T) {
	for _, size := range panels {
		for _, at := range []func(int) Place{
			func(i int) Place { return Article{ID: "long", Leaf: i} },
			func(i int) Place { return Document{ID: "d", Leaf: i} },
		} {
			m, seen := mediaAt(size, at(0)), map[string]bool{}
			for i := 0; ; i++ {
				m.Stack[1] = at(i)
				f := View(m, testKit)
				seen[fmt.Sprint(f.Texts())] = true
				if i > 0 {
					require.NotNil(t, f.Find(Turn{at(i - 1)}), "%v %d: back", size, i)
				}
				if f.Find(Turn{at(i + 1)}) == nil {
					require.Positive(t, i, size)
					require.Len(t, seen, i+1, "each is another")
					break
				}
			}
		}
	}
}

// Home's news opens, and leads back.
func TestNewsOpensFromHome(t *testing.T) {
	h := newHand(t)
	h.tap(Enter{Article{ID: "n"}})
	require.Equal(t, Article{ID: "n"}, h.place())
	h.tap(Back{})
	require.Equal(t, Home{}, h.place())
}

// a picture is three touches from home: more, pictures, the album.
func TestAlbumIsThreeTouchesFromHome(t *testing.T) {
	h := &hand{t: t, Model: mediaAt(large)}
	h.tap(Go{More{}})
	h.tap(Enter{Gallery{}})
	h.tap(Enter{Album{ID: "al"}})
	h.tap(Turn{Album{"al", "two"}})
	require.Equal(t, Album{"al", "two"}, h.place())
	require.Contains(t, h.words(), "Billede 2 af 5")
	require.Contains(t, h.words(), "Her er two.", "A-27: what is in it, in words")
	require.NotContains(t, h.words(), "Karen")
	h.tap(Turn{Album{"al", "three"}})
	require.Contains(t, h.words(), "Karen")
}

// shows returns whether a frame holds that photo.
func showsPhoto(f *render.Frame, id board.AssetID) bool {
	for _, op := range f.Ops {
		if op.Kind == render.PictureOp && op.Picture.Source == "photo:"+string(id) {
			return true
		}
	}
	return false
}

// V-14, A-15: a picture that is taken back while somebody looks at it is gone from
// the page, large and small; the album is still open, and no other picture has
// become the one that was chosen.
func TestPictureTakenBackIsGoneFromThePage(t *testing.T) {
	h := &hand{t: t, Model: mediaAt(large, Gallery{}, Album{"al", "two"})}
	require.True(t, showsPhoto(h.frame(), "two"))
	b := media(mockModel(large, Home{}).Board)
	b.Albums[0].Photos = append(b.Albums[0].Photos[:1:1], b.Albums[0].Photos[2:]...)
	h.send(BoardChanged{b})
	require.Equal(t, Album{"al", "two"}, h.place())
	require.False(t, showsPhoto(h.frame(), "two"))
	require.Contains(t, h.words(), "Billede 1 af 4")
	b = media(mockModel(large, Home{}).Board)
	b.Albums = b.Albums[1:]
	h.send(BoardChanged{b})
	require.Equal(t, Gallery{}, h.place(), "the album itself is gone")
}

// V-14: an album whose pictures are all withheld looks like one
// that never had any; nothing hints at them.
func TestEmptyAlbumHintsAtNothing(t *testing.T) {
	for _, size := range panels {
		was := mediaAt(size, Gallery{}, Album{ID: "al"})
		was.Board.Albums[0].Photos = nil
		never := mediaAt(size, Gallery{}, Album{ID: "none"})
		never.Board.Albums[1].Title = was.Board.Albums[0].Title
		a, b := View(was, testKit), View(never, testKit)
		require.Equal(t, a.Texts(), b.Texts())
		require.Equal(t, a.Ops, b.Ops)
		require.Contains(t, fmt.Sprint(a.Texts()), "Ingen billeder endnu")
	}
}

// every page says kindly that there is nothing, and how old the weather is.
func TestMediaPagesWithNothingOnThem(t *testing.T) {
	for _, size := range panels {
		for place, want := range map[Place]string{
			NewsList{}: "Ingen nyheder", Gallery{}: "Ingen billeder endnu", Documents{}: "Ingen dokumenter endnu", Weather{}: "Vi kender ikke vejret nu",
		} {
			m := mediaAt(size, place)
			m.Board.News, m.Board.Albums, m.Board.Documents, m.Board.Videos = nil, nil, nil, nil
			require.Contains(t, fmt.Sprint(View(m, testKit).Texts()), want)
		}
		m := mediaAt(size, Weather{})
		m.Board.Weather = &board.Weather{At: mockNow.Add(-3 * time.Hour), Days: []board.WeatherDay{{Date: mockNow, Sky: "rain", Low: -2, High: 3, Wind: "fresh"}}}
		texts := fmt.Sprint(View(m, testKit).Texts())
		for _, want := range []string{"Regn", "−2 til 3 grader", "En del vind", "Opdateret kl. 7.24"} {
			require.Contains(t, texts, want)
		}
	}
}

// withFilm adds a film of twelve seconds.
func withFilm(m Model) Model {
	b := *m.Board
	b.Videos = []board.Video{{
		ID: "v", Title: board.Text{"da": "Skærmen"}, Film: "film", Poster: "poster", Length: 12 * time.Second, Sign: board.Text{"da": "Dansk tegnsprog"},
		Cues: []board.Cue{
			{From: 500, To: 3000, Text: board.Text{"nb": "Trykk her.", "da": "Tryk her."}}, {From: 4000, To: 6000, Text: board.Text{"da": "Tryk på hjem."}},
		},
	}}
	m.Board = &b
	return m
}

// filmMS returns at which millisecond of a film a frame is; -1: it shows none.
func filmMS(f *render.Frame) (ms int) {
	for _, op := range f.Ops {
		if n, _ := fmt.Sscanf(op.Picture.Source, "film:film@%d", &ms); op.Kind == render.PictureOp && n == 1 {
			return ms
		}
	}
	return -1
}

// a film never begins by itself; it runs by the wall's clock
// from a touch on, with its captions, stands at another, goes on from there, and
// begins again after its end.
func TestFilmRunsFromTouchToTouch(t *testing.T) {
	h := &hand{t: t, Model: withFilm(mediaAt(large, Videos{}))}
	h.tap(Enter{Video{"v"}})
	for range 40 {
		h.pass(time.Second)
		require.Equal(t, -1, filmMS(h.frame()))
	}
	require.Contains(t, h.words(), "12 sekunder · Dansk tegnsprog")
	require.NotContains(t, h.words(), "Tryk her.")
	h.send(TouchDown{Means: Play{"v"}, Ready: true}, TouchUp{Means: Play{"v"}})
	require.Equal(t, 0, filmMS(h.frame()))
	require.Equal(t, h.Now.Add(40*time.Millisecond), h.frame().NextAt)
	h.pass(1290 * time.Millisecond)
	require.Equal(t, 1280, filmMS(h.frame()))
	require.Contains(t, h.words(), "Tryk her.")
	require.NotContains(t, h.words(), "Trykk", "one language at a time")
	h.pass(2 * time.Second)
	require.NotContains(t, h.words(), "Tryk her.")
	h.pass(time.Second)
	require.Contains(t, h.words(), "Tryk på hjem.")
	h.tap(Halt{"v"})
	stood := filmMS(h.frame())
	require.Equal(t, 4280, stood)
	require.Contains(t, h.words(), "Tryk på hjem.", "what is said stays while it stands")
	h.pass(10 * time.Second)
	require.Equal(t, stood, filmMS(h.frame()))
	require.Greater(t, h.frame().NextAt.Sub(h.Now), time.Second, "and nothing is drawn")
	h.tap(Play{"v"})
	require.Equal(t, stood+1000, filmMS(h.frame()))
	h.pass(20 * time.Second)
	require.Equal(t, 12000, filmMS(h.frame()))
	require.Contains(t, h.words(), "Se igen")
	h.tap(Play{"v"})
	require.Equal(t, 1000, filmMS(h.frame()))
}

// A film stops when its page is left, and when it is taken back.
func TestFilmStopsWhenNobodyCanSeeIt(t *testing.T) {
	h := &hand{t: t, Model: withFilm(mediaAt(large, Videos{}, Video{"v"}))}
	h.tap(Play{"v"})
	h.tap(Back{})
	require.Zero(t, h.Film)
	h.tap(Enter{Video{"v"}})
	require.Equal(t, -1, filmMS(h.frame()), "it begins anew, by a touch")
	h.tap(Play{"v"})
	h.send(BoardChanged{media(mockModel(large, Home{}).Board)})
	require.Equal(t, Videos{}, h.place())
	h.pass(time.Second)
	require.Zero(t, h.Film)
}

// whoever watches a film is there until it ends, and not for ever
// after; whom the wall knows it lets go of all the same.
func TestWallWaitsForTheEndOfAFilm(t *testing.T) {
	long := func(m Model) Model {
		m = withFilm(m)
		m.Board.Videos[0].Length = 5 * time.Minute
		return m
	}
	h := &hand{t: t, Model: long(mediaAt(large, Videos{}, Video{"v"}))}
	h.tap(Play{"v"})
	for range 290 {
		h.pass(time.Second)
		require.Equal(t, Video{"v"}, h.place())
		require.Zero(t, h.leaving())
	}
	for range 75 {
		h.pass(time.Second)
	}
	require.Positive(t, h.leaving())
	for range 20 {
		h.pass(time.Second)
	}
	require.Equal(t, Home{}, h.place())

	h = &hand{t: t, Model: long(mediaAt(large, Videos{}, Video{"v"}))}
	h.Self = "karen"
	h.tap(Play{"v"})
	for range 60 {
		h.pass(time.Second)
	}
	require.Empty(t, h.Self)
	require.Equal(t, Home{}, h.place())
}

// what is said in a film stands on a plate of its own, white on nearly black,
// whatever the film shows and the theme is.
func TestCaptionsStandOnAPlate(t *testing.T) {
	for _, size := range panels[:3] {
		m := withFilm(mediaAt(size, Videos{}, Video{"v"}))
		m.Film = Film{ID: "v", Since: m.Now.Add(-time.Second)}
		f := View(m, testKit)
		var plate image.Rectangle
		seen := false
		for _, op := range f.Ops {
			if op.Kind == render.BoxOp && op.Color == (rgba{R: 0x10, G: 0x12, B: 0x12, A: 255}) {
				plate = op.Rect
			}
			if op.Kind == render.TextOp && op.Line.Text == "Tryk her." {
				seen = true
				require.True(t, op.Rect.In(plate), "%v: %v in %v", size, op.Rect, plate)
				require.Equal(t, rgba{R: 255, G: 255, B: 255, A: 255}, op.Color)
			}
		}
		require.True(t, seen, size)
	}
}
