package voice

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// A Clip is sound: one channel of 16-bit samples.
type Clip struct {
	Rate    int // samples a second
	Samples []int16
}

// Length returns how long the clip takes.
func (c Clip) Length() time.Duration {
	if c.Rate == 0 {
		return 0
	}
	return time.Duration(len(c.Samples)) * time.Second / time.Duration(c.Rate)
}

// The rates that a clip may have: a telephone's to a studio's.
const (
	minRate = 8000
	maxRate = 48000
)

// errWAV says that bytes are no WAV that is played here.
var errWAV = errors.New("not a WAV with 16-bit samples")

// Parse reads a WAV: PCM, 16 bits, one or two channels, 8 to 48 kHz. Of two
// channels it makes one. What claims to go on where the bytes end, as a program does
// that writes before it knows how much, ends there.
func Parse(b []byte) (Clip, error) {
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return Clip{}, errWAV
	}
	var c Clip
	channels := 0
	for b = b[12:]; len(b) >= 8; {
		id, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:])) // more than an int has on small machines
		b = b[8:]
		body := b[:min(size, int64(len(b)))]
		switch id {
		case "fmt ":
			if len(body) < 16 {
				return Clip{}, errWAV
			}
			coding, bits := binary.LittleEndian.Uint16(body), binary.LittleEndian.Uint16(body[14:])
			channels, c.Rate = int(binary.LittleEndian.Uint16(body[2:])), int(binary.LittleEndian.Uint32(body[4:]))
			const pcm, extensible = 1, 0xfffe
			if coding != pcm && coding != extensible || bits != 16 || channels < 1 || channels > 2 || c.Rate < minRate || c.Rate > maxRate {
				return Clip{}, fmt.Errorf("%w: %d channels of %d bits at %d Hz", errWAV, channels, bits, c.Rate)
			}
		case "data":
			if channels == 0 {
				return Clip{}, errWAV
			}
			c.Samples = mono(body, channels)
			return c, nil
		}
		b = b[min(size+size%2, int64(len(b))):]
	}
	return Clip{}, fmt.Errorf("%w: it has no data", errWAV)
}

// mono makes one channel of one or two.
func mono(b []byte, channels int) []int16 {
	out := make([]int16, len(b)/(2*channels))
	for i := range out {
		sum := 0
		for ch := range channels {
			sum += int(int16(binary.LittleEndian.Uint16(b[2*(i*channels+ch):])))
		}
		out[i] = int16(sum / channels)
	}
	return out
}

// WAV returns the clip as a WAV file.
func (c Clip) WAV() []byte {
	b := wavHead(make([]byte, 0, header+2*len(c.Samples)), c.Rate, len(c.Samples))
	for _, s := range c.Samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(s))
	}
	return b
}

// header is how long a WAV is before its samples.
const header = 44

// wavHead appends what stands before so many samples in a WAV file.
func wavHead(b []byte, rate, samples int) []byte {
	n := 2 * samples
	b = append(b, "RIFF"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(header-8+n))
	b = append(b, "WAVEfmt "...)
	b = binary.LittleEndian.AppendUint32(b, 16)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(rate))
	b = binary.LittleEndian.AppendUint32(b, uint32(2*rate))
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = append(b, "data"...)
	return binary.LittleEndian.AppendUint32(b, uint32(n))
}

// Peak returns the loudest sample in dBFS, or -Inf of silence.
func (c Clip) Peak() float64 {
	most := 0
	for _, s := range c.Samples {
		most = max(most, int(s), -int(s))
	}
	return 20 * math.Log10(float64(most)/math.MaxInt16)
}

// Louder returns the clip by so many dB louder, or softer. What would be too loud to
// be written is as loud as can be.
func (c Clip) Louder(db float64) Clip {
	gain := math.Pow(10, db/20)
	out := make([]int16, len(c.Samples))
	for i, s := range c.Samples {
		out[i] = int16(math.Round(min(max(float64(s)*gain, math.MinInt16), math.MaxInt16)))
	}
	return Clip{c.Rate, out}
}

// At returns the clip with its loudest sample at so many dBFS, so that every voice
// and every recording is as loud as the others.
func (c Clip) At(dbfs float64) Clip {
	peak := c.Peak()
	if math.IsInf(peak, -1) {
		return c
	}
	return c.Louder(dbfs - peak)
}
