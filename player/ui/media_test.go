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

// A-09, LOOK 08: a text is read a leaf at a time: at most sixty words, lines of at
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

// LOOK 08: every leaf of an article and of a document can be turned to, and back.
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

// V-14, LOOK principle 7: an album whose pictures are all withheld looks like one
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
