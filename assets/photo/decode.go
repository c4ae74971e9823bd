package photo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Limits is what a picture may cost. Both are checked before pixels are decoded.
type Limits struct {
	Bytes  int // as it comes; 0: 32 MB
	Pixels int // as it is decoded; 0: 50 million, a good camera's
}

// Stored are the limits for a picture that a hub has taken in and written anew.
var Stored = Limits{Bytes: 4 << 20, Pixels: 1600 * 1600}

func (l Limits) filled() Limits {
	if l.Bytes == 0 {
		l.Bytes = 32 << 20
	}
	if l.Pixels == 0 {
		l.Pixels = 50_000_000
	}
	return l
}

// What is wrong with a picture that is refused, besides what its error says of it.
var (
	ErrFormat = errors.New("no picture of a format that is taken")
	ErrHEIC   = errors.New("a picture as iPhones take them")
	ErrBig    = errors.New("a picture with too many bytes or pixels")
)

// A refusal says in words why a picture is not taken, and is of a class.
type refusal struct {
	class error
	says  string
}

func (r refusal) Error() string { return r.says }
func (r refusal) Unwrap() error { return r.class }

// Decode reads a JPEG, PNG, WebP or GIF (its first picture), whatever it is
// called, and turns it upright as its EXIF says. [Cover] and [Encode] are made
// for what it returns. The error of a picture that is refused says why in words
// a person who brought it can act on, and is [ErrFormat], [ErrHEIC] or [ErrBig]
// where it is that.
//
// It takes up to 4 bytes of memory for every pixel of the limit, besides the
// bytes read; progressive JPEG and deep PNG take more and count as larger.
func Decode(r io.Reader, limits Limits) (image.Image, error) {
	limits = limits.filled()
	data, err := io.ReadAll(io.LimitReader(r, int64(limits.Bytes)+1))
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	if len(data) > limits.Bytes {
		return nil, refusal{ErrBig, fmt.Sprintf("picture: it has more than %d MB", limits.Bytes>>20)}
	}
	f, err := formatOf(data)
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	img, err := f.decode(data, limits)
	if err != nil {
		return nil, fmt.Errorf("picture: %s: %w", f.name, err)
	}
	return img, nil
}

// A format is one we decode.
type format struct {
	name   string
	magic  string // "?" stands for any byte
	config func(io.Reader) (image.Config, error)
	image  func(io.Reader) (image.Image, error)
	exif   func([]byte) []byte // the EXIF block, if there is one
	weight func([]byte) int    // by how much a pixel counts
}

var formats = []format{
	{"JPEG", "\xFF\xD8\xFF", jpeg.DecodeConfig, jpeg.Decode, exifOfJPEG, weightOfJPEG},
	{"PNG", "\x89PNG\r\n\x1A\n", png.DecodeConfig, png.Decode, exifOfPNG, weightOfPNG},
	{"WebP", "RIFF????WEBP", webp.DecodeConfig, webp.Decode, exifOfWebP, nil},
	{"GIF", "GIF8?a", gif.DecodeConfig, gif.Decode, nil, nil},
}

func (f format) decode(data []byte, limits Limits) (image.Image, error) {
	cfg, err := f.config(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if cfg.Width <= 0 || cfg.Height <= 0 {
		return nil, fmt.Errorf("it has no pixels")
	}
	weight := 1
	if f.weight != nil {
		weight = f.weight(data)
	}
	if cfg.Width > limits.Pixels/weight/cfg.Height {
		return nil, refusal{ErrBig, fmt.Sprintf("%d × %d pixels are more than %.1f million", cfg.Width, cfg.Height, float64(limits.Pixels/weight)/1e6)}
	}
	img, err := f.image(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	turn := upright
	if f.exif != nil {
		turn = orientationOf(f.exif(data))
	}
	return turned(img, turn), nil
}
