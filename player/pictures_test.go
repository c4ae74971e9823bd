package player

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/ui"
	"tavle/render"
)

// Issue 2, speed and size: photos take two screens full of memory at most,
// however many people there are, and who is on the glass is pictured all the
// same.
func TestPhotosAreBoundedByTheScreenNotByTheirNumber(t *testing.T) {
	for _, size := range []image.Point{{1920, 1080}, {2560, 1440}} {
		alone(t, size, portraits(t, 200), func(t *testing.T, l *lone) {
			bound := 2 * 4 * size.X * size.Y
			l.tap(t, ui.Go{To: ui.People{}})
			pages, all, most := 0, 0, 0
			for {
				pages++
				photos := 0
				for _, op := range l.screen.Frame().Ops {
					if op.Kind == render.PictureOp && assetOf(op.Picture) != "" {
						require.NotNil(t, l.pictures.Image(op.Picture), "page %d", pages)
						photos += 4 * op.Picture.Size.X * op.Picture.Size.Y
					}
				}
				all += photos
				most = max(most, l.pictures.photos.Bytes())
				require.LessOrEqual(t, most, bound, "page %d", pages)
				next := ui.Turn{To: ui.People{Page: pages}}
				if l.screen.Frame().Find(next) == nil {
					break
				}
				l.tap(t, next)
			}
			require.Equal(t, 17, pages, "200 people, twelve to a page")
			require.Greater(t, all, bound, "the bound was not put to the test")
			require.Greater(t, most, bound/2, "and what fits is kept")
		})
	}
}

// Issue 2, bad input: what a hub sends for a photo and is none costs that photo.
// The wall goes on with everybody on it, and its log says which it was, by its
// ID.
func TestPhotoThatIsNoneIsLeftOut(t *testing.T) {
	good := portraits(t, 2)
	bad := map[string][]byte{
		"text":         []byte("Kære alle sammen"),
		"half a photo": good[1][:len(good[1])/2],
		"a bomb":       bomb(t, 40_000),
	}
	for name, data := range bad {
		t.Run(name, func(t *testing.T) {
			alone(t, image.Pt(800, 480), [][]byte{data, good[0]}, func(t *testing.T, l *lone) {
				l.tap(t, ui.Go{To: ui.People{}})
				shown := 0
				for _, op := range l.screen.Frame().Ops {
					if op.Kind == render.PictureOp && l.pictures.Image(op.Picture) != nil {
						require.Equal(t, assetNamed(good[0]), assetOf(op.Picture))
						shown++
					}
				}
				require.Equal(t, 1, shown)
				words := l.screen.Frame().Texts()
				require.Contains(t, words, "Beboer 0000")
				require.Contains(t, words, "Beboer 0001")
				require.Contains(t, l.said.String(), `msg="picture cannot be shown" asset=`+string(assetNamed(data)))
				require.NotContains(t, l.said.String(), "Beboer")
				l.tap(t, ui.Go{To: ui.Home{}})
				l.tap(t, ui.Go{To: ui.People{}})
				require.Equal(t, 1, strings.Count(l.said.String(), "cannot be shown"), "it is said once, not with every frame")
			})
		})
	}
}

// bomb is a PNG that says it has so many rows and columns.
func bomb(t *testing.T, side uint32) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))))
	header := b.Bytes()[12:29] // "IHDR", width, height, five more
	binary.BigEndian.PutUint32(header[4:], side)
	binary.BigEndian.PutUint32(header[8:], side)
	binary.BigEndian.PutUint32(b.Bytes()[29:], crc32.ChecksumIEEE(header))
	return b.Bytes()
}

// A photo that is withdrawn while it is being decoded is not kept.
func TestPhotoWithdrawnOnTheWayIsNotKept(t *testing.T) {
	alone(t, image.Pt(1920, 1080), portraits(t, 2), func(t *testing.T, l *lone) {
		stays, goes := portraits(t, 2)[0], portraits(t, 2)[1]
		done := func(data []byte) photoDone {
			p := render.Picture{Source: photoSource + string(assetNamed(data)), Size: image.Pt(1, 1)}
			return photoDone{job: job{picture: p}, img: image.NewRGBA(image.Rect(0, 0, 1, 1))}
		}
		l.house(t, portraits(t, 1))
		l.pass(time.Second)
		require.False(t, l.pictures.take(done(goes)))
		require.Nil(t, l.pictures.Image(done(goes).picture))
		require.True(t, l.pictures.take(done(stays)))
	})
}
