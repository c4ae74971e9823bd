// Package sound takes in recordings that people bring for a wall to play: WAV with
// 16-bit samples, within limits, written again without what a recorder added, such
// as who spoke and when.
//
// Its errors name formats and sizes only.
package sound

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// What a recording may cost.
const (
	// MaxBytes is the largest recording, as it is kept and as it travels.
	MaxBytes = 4 << 20
	// MaxLength is the longest: nobody stands still for more.
	MaxLength = 60 * time.Second
	// MinRate is the fewest samples in a second, a telephone's.
	MinRate = 8000
	// MaxRate is the most samples in a second, a studio's.
	MaxRate = 48000
)

// header is how long a WAV is before its samples.
const header = 44

// Is reports whether data begins as a recording does.
func Is(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WAVE"
}

// Clean returns a recording with its samples and nothing else. The error says why
// it cannot be played, in words a person who brought it can act on.
func Clean(data []byte) ([]byte, error) {
	switch {
	case !Is(data):
		return nil, errors.New("no recording of the format WAV")
	case len(data) > MaxBytes:
		return nil, fmt.Errorf("a recording of %d bytes; at most %d", len(data), MaxBytes)
	}
	var format []byte
	for rest := data[12:]; len(rest) >= 8; {
		id, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:]))
		rest = rest[8:]
		if size > int64(len(rest)) {
			return nil, errors.New("a recording that is cut off")
		}
		body := rest[:size]
		switch {
		case id == "fmt ":
			format = body
		case id == "data" && format == nil:
			return nil, errors.New("a recording that does not say what it is made of")
		case id == "data":
			return cleaned(format, body)
		}
		rest = rest[min(size+size%2, int64(len(rest))):]
	}
	return nil, errors.New("a recording without samples")
}

// cleaned writes a WAV of a format and samples.
func cleaned(format, samples []byte) ([]byte, error) {
	const pcm, extensible, sub = 1, 0xfffe, 24 // where an extensible format says what it is
	le := binary.LittleEndian
	if len(format) < 16 {
		return nil, errors.New("a recording that does not say what it is made of")
	}
	coding, channels, rate, bits := le.Uint16(format), int(le.Uint16(format[2:])), int(le.Uint32(format[4:])), le.Uint16(format[14:])
	if coding == extensible && len(format) >= sub+2 {
		coding = le.Uint16(format[sub:])
	}
	switch {
	case coding != pcm || bits != 16:
		return nil, fmt.Errorf("a recording of %d bits in coding %d; save it with 16 bits, PCM", bits, coding)
	case channels < 1 || channels > 2:
		return nil, fmt.Errorf("a recording of %d channels; 1 or 2", channels)
	case rate < MinRate || rate > MaxRate:
		return nil, fmt.Errorf("a recording of %d samples a second; from %d to %d", rate, MinRate, MaxRate)
	}
	frame := 2 * channels
	samples = samples[:len(samples)/frame*frame]
	length := time.Duration(len(samples)/frame) * time.Second / time.Duration(rate)
	switch {
	case len(samples) == 0:
		return nil, errors.New("a recording without samples")
	case length > MaxLength:
		return nil, fmt.Errorf("a recording of %.0f seconds; at most %.0f", length.Seconds(), MaxLength.Seconds())
	}
	b := bytes.NewBuffer(make([]byte, 0, header+len(samples)))
	b.WriteString("RIFF")
	word := func(n int) { b.Write(le.AppendUint32(nil, uint32(n))) }
	half := func(n int) { b.Write(le.AppendUint16(nil, uint16(n))) }
	word(header - 8 + len(samples))
	b.WriteString("WAVEfmt ")
	word(16)
	half(pcm)
	half(channels)
	word(rate)
	word(rate * frame)
	half(frame)
	half(16)
	b.WriteString("data")
	word(len(samples))
	b.Write(samples)
	return b.Bytes(), nil
}
