package sound

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
)

// chunk returns a part of a WAV.
func chunk(id string, body []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(id), uint32(len(body)))
	out = append(out, body...)
	if len(body)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

func wav(chunks ...[]byte) []byte {
	body := []byte("WAVE")
	for _, c := range chunks {
		body = append(body, c...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// format says what samples are.
func format(coding, channels, rate, bits int) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16(le.AppendUint16(nil, uint16(coding)), uint16(channels))
	b = le.AppendUint32(le.AppendUint32(b, uint32(rate)), uint32(rate*channels*bits/8))
	return chunk("fmt ", le.AppendUint16(le.AppendUint16(b, uint16(channels*bits/8)), uint16(bits)))
}

func samples(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

// A recording keeps its samples and nothing else: not who spoke, and not when.
func TestCleanedRecordingSaysOnlyWhatIsHeard(t *testing.T) {
	const who = "IARTLone Hansen 2026-11-30"
	plain := wav(format(1, 1, 22050, 16), chunk("data", samples(4410)))
	for _, in := range [][]byte{
		plain,
		wav(chunk("JUNK", []byte(who)), format(1, 1, 22050, 16), chunk("LIST", []byte("INFO"+who)), chunk("data", samples(4410)), chunk("id3 ", []byte(who))),
		append(append([]byte{}, plain...), who...),
		wav(format(1, 1, 22050, 16), chunk("data", samples(4411))), // half a sample
	} {
		out, err := Clean(in)
		require.NoError(t, err)
		require.Equal(t, plain, out)
		again, err := Clean(out)
		require.NoError(t, err)
		require.Equal(t, out, again)
	}
	extensible := format(0xfffe, 2, 48000, 16)
	binary.LittleEndian.PutUint32(extensible[4:], 26)
	extensible = append(extensible, samples(8)...)
	extensible = append(extensible, 1, 0)
	out, err := Clean(wav(extensible, chunk("data", samples(400))))
	require.NoError(t, err)
	require.Equal(t, wav(format(1, 2, 48000, 16), chunk("data", samples(400))), out)
}

// What cannot be played, or costs too much, is refused in words.
func TestRecordingThatCannotBePlayedIsRefused(t *testing.T) {
	long := wav(format(1, 1, 8000, 16), chunk("data", make([]byte, 2*8000*60+2)))
	for want, in := range map[string][]byte{
		"no recording of the format WAV":                                    []byte("OggS"),
		"a recording of 4194305 bytes; at most 4194304":                     append(wav(), make([]byte, MaxBytes+1-12)...),
		"a recording that is cut off":                                       wav(format(1, 1, 8000, 16), chunk("data", samples(64)))[:60],
		"a recording without samples":                                       wav(format(1, 1, 8000, 16), chunk("data", samples(1))),
		"a recording that does not say what it is made of":                  wav(chunk("data", samples(64))),
		"a recording of 8 bits in coding 1; save it with 16 bits, PCM":      wav(format(1, 1, 8000, 8), chunk("data", samples(64))),
		"a recording of 16 bits in coding 85; save it with 16 bits, PCM":    wav(format(85, 1, 8000, 16), chunk("data", samples(64))),
		"a recording of 0 channels; 1 or 2":                                 wav(format(1, 0, 8000, 16), chunk("data", samples(64))),
		"a recording of 6 channels; 1 or 2":                                 wav(format(1, 6, 48000, 16), chunk("data", samples(64))),
		"a recording of 96000 samples a second; from 8000 to 48000":         wav(format(1, 1, 96000, 16), chunk("data", samples(64))),
		"a recording of 60 seconds; at most 60":                             long,
		"a recording of 16 bits in coding 65534; save it with 16 bits, PCM": wav(format(0xfffe, 1, 8000, 16), chunk("data", samples(64))),
	} {
		_, err := Clean(in)
		require.EqualError(t, err, want)
	}
	_, err := Clean(long[:len(long)-2])
	require.ErrorContains(t, err, "cut off")
	_, err = Clean(wav(format(1, 1, 8000, 16), chunk("data", make([]byte, 2*8000*60))))
	require.NoError(t, err)
}

// Whatever is brought, taking it in ends, and what was taken in is taken in again
// as it is.
func FuzzClean(f *testing.F) {
	f.Add(wav(format(1, 1, 8000, 16), chunk("data", samples(64))))
	f.Add(wav(format(0xfffe, 2, 48000, 16), chunk("LIST", samples(7)), chunk("data", samples(4))))
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := Clean(in)
		if err != nil {
			return
		}
		again, err := Clean(out)
		if err != nil || string(again) != string(out) || len(out) > len(in)+header {
			t.Fatalf("%d bytes made %d and then %d, %v", len(in), len(out), len(again), err)
		}
	})
}
