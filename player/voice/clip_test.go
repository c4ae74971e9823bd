package voice

import (
	"encoding/binary"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tone returns a second of a sine whose loudest sample is at so many dBFS.
func tone(dbfs float64) Clip {
	c := Clip{Rate: 16000, Samples: make([]int16, 16000)}
	for i := range c.Samples {
		c.Samples[i] = int16(math.Round(math.MaxInt16 * math.Pow(10, dbfs/20) * math.Sin(2*math.Pi*440*float64(i)/16000)))
	}
	return c
}

func TestWAVIsReadAsItWasWritten(t *testing.T) {
	c := tone(-20)
	got, err := Parse(c.WAV())
	require.NoError(t, err)
	require.Equal(t, c, got)
	require.Equal(t, time.Second, got.Length())
}

// A program that writes as it speaks does not know how much it will be.
func TestWAVThatEndsEarlyEndsThere(t *testing.T) {
	b := tone(-20).WAV()
	binary.LittleEndian.PutUint32(b[40:], 0x7ffff000)
	got, err := Parse(b)
	require.NoError(t, err)
	require.Len(t, got.Samples, 16000)
	got, err = Parse(b[:len(b)-3])
	require.NoError(t, err)
	require.Len(t, got.Samples, 15998)
}

// Nor does what a chunk claims do harm, on machines whose int has 32 bits either:
// walls with such are built. GOARCH=386 go test ./player/voice tries it.
func TestChunkOfAnySizeDoesNoHarm(t *testing.T) {
	for _, size := range []uint32{0x7ffffffe, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff} {
		b := tone(-20).WAV()
		binary.LittleEndian.PutUint32(b[40:], size)
		got, err := Parse(b)
		require.NoError(t, err, size)
		require.Len(t, got.Samples, 16000)
		copy(b[36:], "LIST") // something else, to be read over
		_, err = Parse(b)
		require.ErrorIs(t, err, errWAV, size)
		copy(b[36:], "data")
		binary.LittleEndian.PutUint32(b[16:], size) // its head claims all the rest
		_, err = Parse(b)
		require.ErrorIs(t, err, errWAV, size)
	}
}

func TestTwoChannelsBecomeOne(t *testing.T) {
	b := Clip{Rate: 22050, Samples: []int16{100, 300, -50, 50}}.WAV()
	binary.LittleEndian.PutUint16(b[22:], 2)
	got, err := Parse(b)
	require.NoError(t, err)
	require.Equal(t, []int16{200, 0}, got.Samples)
}

func TestWhatIsNoWAVIsRefused(t *testing.T) {
	edit := func(at int, v uint16) []byte {
		b := tone(-20).WAV()
		binary.LittleEndian.PutUint16(b[at:], v)
		return b
	}
	for name, b := range map[string][]byte{
		"nothing":          nil,
		"text":             []byte("Error: no such voice as that one, try another"),
		"an MP3's coding":  edit(20, 0x55),
		"24 bits":          edit(34, 24),
		"six channels":     edit(22, 6),
		"no channel":       edit(22, 0),
		"192 kHz":          edit(26, 3),
		"2 kHz":            edit(24, 2000),
		"nothing but head": tone(-20).WAV()[:12],
	} {
		_, err := Parse(b)
		require.ErrorIs(t, err, errWAV, name)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(tone(-20).WAV()[:200])
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEdata\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Parse(b)
		if err == nil && (2*len(c.Samples) > len(b) || c.Rate < minRate || c.Rate > maxRate) {
			t.Fatalf("%d samples at %d Hz of %d bytes", len(c.Samples), c.Rate, len(b))
		}
	})
}

// a step of 12 dB is one, up and down, and nothing wraps round where it would
// be too loud.
func TestLouderIsBySoManyDecibels(t *testing.T) {
	c := tone(-12.5)
	require.InDelta(t, -.5, c.Louder(12).Peak(), .01)
	require.InDelta(t, -24.5, c.Louder(-12).Peak(), .05)
	require.InDelta(t, 0, c.Louder(40).Peak(), .01)
	for i, s := range c.Louder(40).Samples {
		require.False(t, s > 0 && c.Samples[i] < 0 || s < 0 && c.Samples[i] > 0, "sample %d", i)
	}
	require.InDelta(t, SpeechPeak, tone(-40).At(SpeechPeak).Peak(), .1, "a soft recording")
	require.InDelta(t, SpeechPeak, tone(0).At(SpeechPeak).Peak(), .1, "a loud one")
	require.Less(t, SpeechPeak+12.0, 0.0, "12 dB louder still fits")
	silence := Clip{Rate: 8000, Samples: make([]int16, 10)}
	require.Equal(t, silence, silence.At(-3))
}
