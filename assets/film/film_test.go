package film

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
)

func demoFilm(t testing.TB) []byte {
	t.Helper()
	b, err := demo.Asset("asset:film-screen")
	require.NoError(t, err)
	return b
}

// The demo's film is shown to its end, in order, and says when each picture is.
func TestFilmIsShownToItsEnd(t *testing.T) {
	data := demoFilm(t)
	require.LessOrEqual(t, len(data), 300<<10)
	require.NoError(t, Check(data))
	r, err := Open(data)
	require.NoError(t, err)
	n, last, white := 0, -time.Second, uint8(0)
	for {
		img, at, ok := r.Next()
		if !ok {
			break
		}
		require.Equal(t, 512, img.Rect.Dx())
		require.Equal(t, 288, img.Rect.Dy())
		require.Greater(t, at, last)
		for _, y := range img.Y[:512] {
			white = max(white, y)
		}
		n, last = n+1, at
	}
	require.Equal(t, 299, n, "twelve seconds of 25 pictures; the decoder keeps the last for itself")
	require.Equal(t, 11920*time.Millisecond, last.Round(time.Millisecond))
	require.Greater(t, white, uint8(235), "all the contrast there is")
	_, _, ok := r.Next()
	require.False(t, ok, "and stays there")
}

// What is no film, and what costs too much, is refused before a picture is made.
func TestFilmOverTheLimitsIsRefused(t *testing.T) {
	data := demoFilm(t)
	larger := func(w, h int, rate byte) []byte {
		b := bytes.Clone(data)
		i := bytes.Index(b, []byte{0, 0, 1, 0xb3}) + 4
		b[i], b[i+1], b[i+2], b[i+3] = byte(w>>4), byte(w&15<<4|h>>8), byte(h), b[i+3]&0xf0|rate
		return b
	}
	for want, b := range map[string][]byte{
		"no film of the format MPEG-1":                            []byte("\xff\xd8\xff\xe0 a photo"),
		fmt.Sprintf("a film of %d bytes; at most 4194304", 5<<20): append(bytes.Clone(data), make([]byte, 5<<20-len(data))...),
		"a film of 1920 by 1080 points; at most 1280 by 720":      larger(1920, 1080, 3),
		"a film of 60 pictures a second; at most 30":              larger(512, 288, 8),
		"a film without pictures":                                 larger(0, 288, 3),
	} {
		require.EqualError(t, Check(b), want)
	}
	require.Error(t, Check(data[:40]))
	require.Error(t, Check(nil))
}

// Damage ends a film early; it does no harm.
func FuzzFilm(f *testing.F) {
	data := demoFilm(f)
	f.Add(20_000, byte(0xff), 60_000)
	f.Add(12, byte(0), 2_000)
	f.Add(3_000, byte(1), 40_000)
	f.Fuzz(func(t *testing.T, at int, with byte, size int) {
		b := bytes.Clone(data[:max(0, min(size, 60_000))])
		if at >= 0 && at < len(b) {
			b[at] ^= with
		}
		r, err := Open(b)
		if err != nil {
			return
		}
		for range 400 {
			if _, _, ok := r.Next(); !ok {
				return
			}
		}
	})
}

func BenchmarkPicture(b *testing.B) {
	data := demoFilm(b)
	r, err := Open(data)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := r.Next(); !ok {
			r, _ = Open(data)
		}
	}
}
