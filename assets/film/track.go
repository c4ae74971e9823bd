package film

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/gen2brain/mpeg"
)

// A Track is the sound of a film: MPEG-1 Audio Layer II, as one channel. It is used
// by one goroutine.
type Track struct {
	Rate int // samples a second

	shown   time.Duration // from the first picture to the last
	begins  time.Duration // after the first picture, or before it
	data    []byte
	frames  []int // where they begin in data
	decoder *mpeg.Audio
	at      int // samples that have been read
	silent  int // still to come before the first
	skip    int // of what the decoder gives next
	left    []int16
}

// frameSamples is how many samples there are in a frame.
const frameSamples = mpeg.SamplesPerFrame

// slack is by how much pictures and sound may differ.
const slack = time.Second

// errSound says that the sound of a film is not what it says it is.
var errSound = errors.New("a film with damaged sound")

// CheckSound returns why the sound of a film cannot be heard beside its pictures, in
// words a person who brought it can act on; nil when it can.
func CheckSound(data []byte) error {
	t, err := Sound(data)
	switch {
	case err != nil:
		return err
	case t == nil:
		return errors.New("a film without sound; want MP2 in the same file")
	}
	if end := t.begins + t.Length(); (t.shown-end).Abs() > slack || t.begins.Abs() > slack {
		tenths := func(d time.Duration) float64 { return d.Round(100 * time.Millisecond).Seconds() }
		return fmt.Errorf("a film of %.1f seconds with sound from %.1f to %.1f; they have to begin and end together", tenths(t.shown), tenths(t.begins), tenths(end))
	}
	_, err = t.Read(make([]int16, frameSamples))
	return err
}

// A stream is what a film says of when something of it is shown or heard.
type stream struct {
	found       bool
	first, last time.Duration
}

func (s *stream) see(at float64) {
	if at < 0 { // it does not say
		return
	}
	t := time.Duration(at * float64(time.Second))
	if !s.found {
		s.found, s.first = true, t
	}
	s.last = max(s.last, t)
}

// split takes a film apart into its first stream of sound and all else.
func split(data []byte) (heard stream, sound []byte, pictures stream, err error) {
	buf, err := mpeg.NewBuffer(bytes.NewReader(data))
	if err != nil {
		return heard, nil, pictures, fmt.Errorf("film: %w", err)
	}
	buf.SetLoadCallback(buf.LoadReaderCallback)
	demux, err := mpeg.NewDemux(buf)
	if err != nil {
		return heard, nil, pictures, fmt.Errorf("film: %w", err)
	}
	which := 0
	for p := demux.Decode(); p != nil; p = demux.Decode() {
		switch {
		case p.Type == mpeg.PacketVideo1:
			pictures.see(p.Pts)
		case p.Type >= mpeg.PacketAudio1 && p.Type <= mpeg.PacketAudio4 && (which == 0 || p.Type == which):
			which = p.Type
			heard.see(p.Pts)
			sound = append(sound, p.Data...)
		}
	}
	return heard, sound, pictures, nil
}

// Sound returns the sound of a film from its beginning, or nil where it has none.
func Sound(data []byte) (t *Track, err error) {
	defer func() {
		if recover() != nil {
			t, err = nil, errSound
		}
	}()
	switch {
	case !Is(data):
		return nil, errors.New("no film of the format MPEG-1")
	case len(data) > MaxBytes:
		return nil, fmt.Errorf("a film of %d bytes; at most %d", len(data), MaxBytes)
	}
	heard, sound, pictures, err := split(data)
	if err != nil || len(sound) == 0 {
		return nil, err
	}
	t = &Track{data: sound, begins: heard.first - pictures.first, shown: pictures.last - pictures.first}
	for at := 0; at < len(sound); {
		size, rate := frame(sound[at:])
		switch {
		case size == 0 || t.Rate != 0 && rate != t.Rate:
			return nil, errSound
		case at+size > len(sound): // the last is cut off
			size = len(sound)
		default:
			t.frames = append(t.frames, at)
		}
		t.Rate = rate
		at += size
	}
	if len(t.frames) == 0 || t.begins.Abs() > time.Minute {
		return nil, errSound
	}
	return t, t.From(0)
}

// frame returns how long the frame that b begins with is, and at how many samples a
// second; zeros where there is none.
func frame(b []byte) (size, rate int) {
	rates := [4]int{44100, 48000, 32000, 0}
	kilobits := [16]int{1: 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384}
	if len(b) < 4 || b[0] != 0xff || b[1]&0xfe != 0xfc { // MPEG-1, Layer II
		return 0, 0
	}
	bits, rate := kilobits[b[2]>>4], rates[b[2]>>2&3]
	if bits == 0 || rate == 0 {
		return 0, 0
	}
	return 144_000*bits/rate + int(b[2]>>1&1), rate
}

// Length returns how long the sound is.
func (t *Track) Length() time.Duration {
	return time.Duration(len(t.frames)*frameSamples) * time.Second / time.Duration(t.Rate)
}

// samples returns how many samples there are from the first picture to the end.
func (t *Track) samples() int { return len(t.frames)*frameSamples + t.lead() }

// lead is how many samples later than the pictures the sound begins; negative: earlier.
func (t *Track) lead() int { return int(t.begins.Seconds() * float64(t.Rate)) }

// From goes to a moment of the film, counted from its first picture.
func (t *Track) From(at time.Duration) (err error) {
	defer func() {
		if recover() != nil {
			err = errSound
		}
	}()
	t.at = max(0, min(int(at.Seconds()*float64(t.Rate)), t.samples()))
	within := t.at - t.lead() // the sound's own
	t.silent, t.left = max(0, -within), nil
	within = max(0, within)
	// A frame sounds of the one before it, too.
	first := max(0, within/frameSamples-1)
	t.skip = within - first*frameSamples
	rest := t.data[len(t.data):]
	if first < len(t.frames) {
		rest = t.data[t.frames[first]:]
	}
	buf, err := mpeg.NewBuffer(bytes.NewReader(rest))
	if err != nil {
		return fmt.Errorf("film: %w", err)
	}
	buf.SetLoadCallback(buf.LoadReaderCallback)
	t.decoder = mpeg.NewAudio(buf)
	return nil
}

// Left returns how many samples are still to come.
func (t *Track) Left() int { return t.samples() - t.at }

// Read fills out with the next samples, as far as there are any, and returns how
// many. Sound that turns out to be damaged is silent from there on, so that it is as
// long as it said.
func (t *Track) Read(out []int16) (n int, err error) {
	out = out[:min(len(out), t.Left())]
	for n < len(out) {
		if t.silent > 0 {
			k := min(t.silent, len(out)-n)
			clear(out[n : n+k])
			n, t.silent = n+k, t.silent-k
			continue
		}
		if len(t.left) == 0 {
			if t.left = t.decode(); t.left == nil {
				t.silent, err = t.samples(), errSound
				continue
			}
			k := min(t.skip, len(t.left))
			t.left, t.skip = t.left[k:], t.skip-k
			continue
		}
		k := copy(out[n:], t.left)
		n, t.left = n+k, t.left[k:]
	}
	t.at += n
	return n, err
}

// decode returns the samples of the next frame, or nil.
func (t *Track) decode() (out []int16) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	s := t.decoder.Decode()
	if s == nil {
		return nil
	}
	out = make([]int16, frameSamples)
	for i := range out {
		v := s.Interleaved[2*i]
		if t.decoder.Channels() == 2 {
			v = (v + s.Interleaved[2*i+1]) / 2
		}
		out[i] = int16(max(-1, min(1, v)) * 32767)
	}
	return out
}
