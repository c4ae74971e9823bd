// Package film takes in films for a wall and shows them picture by picture, and
// their sound beside that: MPEG-1 in a program stream, within limits, decoded
// without a line of C.
//
// It knows nothing of who is in a film, and its errors name formats and sizes
// only.
package film

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"time"

	"github.com/gen2brain/mpeg"
)

// What a film may cost. They are checked before a picture is decoded.
const (
	// MaxBytes is the largest film, as it is kept and as it travels.
	MaxBytes = 4 << 20
	// MaxWidth is the widest picture, in points: with MaxHeight what a small computer
	// can decode while it shows it.
	MaxWidth = 1280
	// MaxHeight is the highest picture, in points.
	MaxHeight = 720
	// MaxRate is the most pictures in a second.
	MaxRate = 30
)

// Is reports whether data begins as a film does.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte{0, 0, 1, 0xba}) }

// Check returns why a film cannot be shown, in words a person who brought it can
// act on; nil when it can. Its first picture is decoded.
func Check(data []byte) error {
	r, err := Open(data)
	if err != nil {
		return err
	}
	if _, _, ok := r.Next(); !ok {
		return errors.New("a film without a picture")
	}
	return nil
}

// A Reel is a film being shown, from its beginning to its end. It is used by one
// goroutine.
type Reel struct {
	m     *mpeg.MPEG
	full  image.YCbCr // the last picture, with all its contrast
	ended bool
}

// Open returns a film before its first picture.
func Open(data []byte) (r *Reel, err error) {
	defer func() {
		if recover() != nil { // the decoder trusts what it reads
			r, err = nil, errors.New("a damaged film")
		}
	}()
	switch {
	case !Is(data):
		return nil, errors.New("no film of the format MPEG-1")
	case len(data) > MaxBytes:
		return nil, fmt.Errorf("a film of %d bytes; at most %d", len(data), MaxBytes)
	}
	if err := fits(sequence(data)); err != nil {
		return nil, err
	}
	m, err := mpeg.New(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("film: %w", err)
	}
	m.SetAudioEnabled(false)
	if m.NumVideoStreams() == 0 || !m.HasHeaders() {
		return nil, errors.New("a film without pictures")
	}
	if err := fits(m.Width(), m.Height(), m.Framerate()); err != nil {
		return nil, err
	}
	return &Reel{m: m}, nil
}

// sequence returns what the head of the first pictures says, or zeros. It is read
// here because the decoder makes room for the pictures as soon as it has read it.
func sequence(data []byte) (w, h int, rate float64) {
	_, head, found := bytes.Cut(data, []byte{0, 0, 1, 0xb3})
	if !found || len(head) < 4 {
		return 0, 0, 0
	}
	rates := [16]float64{1: 23.976, 24, 25, 29.97, 30, 50, 59.94, 60}
	return int(head[0])<<4 | int(head[1])>>4, int(head[1]&15)<<8 | int(head[2]), rates[head[3]&15]
}

func fits(w, h int, rate float64) error {
	switch {
	case w <= 0 || h <= 0 || rate <= 0:
		return errors.New("a film without pictures")
	case w > MaxWidth || h > MaxHeight:
		return fmt.Errorf("a film of %d by %d points; at most %d by %d", w, h, MaxWidth, MaxHeight)
	case rate > MaxRate:
		return fmt.Errorf("a film of %.0f pictures a second; at most %d", rate, MaxRate)
	}
	return nil
}

// Next returns the next picture and when it is shown, counted from the beginning.
// The picture is valid until the next call. ok is false at the end; a film that
// is damaged ends where the damage is.
func (r *Reel) Next() (img *image.YCbCr, at time.Duration, ok bool) {
	if r.ended {
		return nil, 0, false
	}
	defer func() {
		if recover() != nil {
			r.ended, img, ok = true, nil, false
		}
	}()
	f := r.m.DecodeVideo()
	if f == nil {
		r.ended = true
		return nil, 0, false
	}
	return r.stretched(f.YCbCr()), time.Duration(f.Time * float64(time.Second)), true
}

// stretched returns a picture as the image package means it. A film keeps its black
// at 16 and its white at 235, colours between 16 and 240, and the decoder needs its
// own picture for the next.
func (r *Reel) stretched(img *image.YCbCr) *image.YCbCr {
	if r.full.Rect != img.Rect {
		r.full = *img
		r.full.Y, r.full.Cb, r.full.Cr = make([]byte, len(img.Y)), make([]byte, len(img.Cb)), make([]byte, len(img.Cr))
	}
	stretch(r.full.Y, img.Y, &luma)
	stretch(r.full.Cb, img.Cb, &chroma)
	stretch(r.full.Cr, img.Cr, &chroma)
	return &r.full
}

func stretch(dst, src []byte, by *[256]byte) {
	for i, v := range src {
		dst[i] = by[v]
	}
}

var luma, chroma = curve(16, 219, 0), curve(128, 224, 128)

// curve stretches what lies in a range around zero to all 256 values.
func curve(zero, wide, to int) (c [256]byte) {
	for v := range c {
		c[v] = uint8(min(255, max(0, to+((v-zero)*510+wide)/(2*wide))))
	}
	return c
}
