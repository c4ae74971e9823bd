package film

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// whole reads what is left of a track.
func whole(t testing.TB, track *Track) []int16 {
	t.Helper()
	out := make([]int16, track.Left())
	n, err := track.Read(out)
	require.NoError(t, err)
	require.Len(t, out, n)
	require.Zero(t, track.Left())
	return out
}

// power is how much of a frequency there is.
func power(samples []int16, rate int, hz float64) float64 {
	re, im := 0.0, 0.0
	for i, s := range samples {
		w := 2 * math.Pi * hz * float64(i) / float64(rate)
		re, im = re+float64(s)*math.Cos(w), im+float64(s)*math.Sin(w)
	}
	return math.Hypot(re, im) / float64(len(samples)) / math.MaxInt16
}

// The demo's film sounds when its pictures say: a low C as it begins, a high C as the
// finger presses after 2.6 seconds, an E right after it.
func TestSoundIsWhereItsPicturesAre(t *testing.T) {
	track, err := Sound(demoFilm(t))
	require.NoError(t, err)
	require.Equal(t, 32000, track.Rate)
	require.InDelta(t, 12, track.Length().Seconds(), .1)
	all := whole(t, track)
	at := func(seconds, hz float64) float64 {
		from := int(seconds * 32000)
		return power(all[from:from+2400], 32000, hz)
	}
	require.Greater(t, at(.12, 261.63), .05)
	require.Less(t, at(.0, 261.63), .02, "not before it begins")
	require.Greater(t, at(2.63, 523.25), 10*at(2.4, 523.25))
	require.Greater(t, at(2.8, 659.25), 3*at(2.63, 659.25))
}

// From anywhere in a film its sound is the same as played through to there.
func TestSoundGoesOnFromAnywhere(t *testing.T) {
	track, err := Sound(demoFilm(t))
	require.NoError(t, err)
	all := whole(t, track)
	for _, at := range []time.Duration{0, 7 * time.Millisecond, time.Second, 2600 * time.Millisecond, 11900 * time.Millisecond} {
		require.NoError(t, track.From(at))
		from := int(at.Seconds() * 32000)
		rest := whole(t, track)
		require.Len(t, rest, len(all)-from, "%v", at)
		for i := range min(len(rest), 4000) {
			require.InDelta(t, all[from+i], rest[i], 2, "%v: sample %d", at, i)
		}
	}
	require.NoError(t, track.From(time.Hour))
	require.Zero(t, track.Left())
	n, err := track.Read(make([]int16, 10))
	require.NoError(t, err)
	require.Zero(t, n)
}

// withoutPackets is a film without those packets of a kind for which out says so, by
// their number.
func withoutPackets(data []byte, kind byte, out func(n int) bool) []byte {
	b := bytes.Clone(data)
	for i, n := 0, 0; i+6 < len(b); i++ {
		if bytes.Equal(b[i:i+4], []byte{0, 0, 1, kind}) {
			if out(n) {
				b[i+3] = 0xbe // padding, which is read over
			}
			n++
			i += int(b[i+4])<<8 | int(b[i+5])
		}
	}
	return b
}

// sound that does not begin and end with the pictures, and sound that is none, is
// refused in words; a film without any is one.
func TestSoundThatDoesNotFitIsRefused(t *testing.T) {
	data := demoFilm(t)
	require.NoError(t, CheckSound(data))
	silent := withoutPackets(data, 0xc0, func(int) bool { return true })
	silent[bytes.Index(silent, []byte{0, 0, 1, 0xbb})+9] &= 3 // its head has no sound either
	require.NoError(t, Check(silent))
	track, err := Sound(silent)
	require.NoError(t, err)
	require.Nil(t, track)
	require.EqualError(t, CheckSound(silent), "a film without sound; want MP2 in the same file")

	half := withoutPackets(data, 0xc0, func(n int) bool { return n > 15 })
	require.ErrorContains(t, CheckSound(half), "a film of 11.9 seconds with sound from 0.0 to ")
	require.ErrorContains(t, CheckSound(half), "they have to begin and end together")
	require.NoError(t, Check(half), "its pictures are shown all the same")

	hole := withoutPackets(data, 0xc0, func(n int) bool { return n == 4 })
	require.EqualError(t, CheckSound(hole), "a film with damaged sound")
	require.EqualError(t, CheckSound([]byte("\xff\xd8\xff\xe0 a photo")), "no film of the format MPEG-1")
	require.Error(t, CheckSound(data[:40]))
}

// Damage makes a film silent; it does no harm, and the sound is no longer than it said.
func FuzzSound(f *testing.F) {
	data := demoFilm(f)
	f.Add(20_000, byte(0xff), 60_000)
	f.Add(2_100, byte(1), 60_000)
	f.Add(12, byte(0), 2_000)
	f.Fuzz(func(t *testing.T, at int, with byte, size int) {
		b := bytes.Clone(data[:max(0, min(size, 60_000))])
		if at >= 0 && at < len(b) {
			b[at] ^= with
		}
		_ = CheckSound(b)
		track, err := Sound(b)
		if err != nil || track == nil {
			return
		}
		left := track.Left()
		n, _ := track.Read(make([]int16, left+1))
		require.Equal(t, left, n)
	})
}

func BenchmarkSound(b *testing.B) {
	track, err := Sound(demoFilm(b))
	require.NoError(b, err)
	out := make([]int16, track.Rate) // a second
	b.ReportAllocs()
	for b.Loop() {
		if n, _ := track.Read(out); n < len(out) {
			require.NoError(b, track.From(0))
		}
	}
}
