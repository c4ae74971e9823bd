// Package still paints one picture of a wall without a wall: for screenshots and
// for documents. It uses the very code the wall uses (board, ui, render/soft), so
// it cannot lie.
package still

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"strconv"
	"strings"
	"time"

	"tavle/assets/film"
	"tavle/assets/photo"
	"tavle/player/board"
	"tavle/player/ui"
	"tavle/render"
	"tavle/render/art"
	"tavle/render/soft"
	"tavle/render/text"
)

// Photos gives the content of a picture by its ID.
type Photos func(id board.AssetID) ([]byte, error)

// A Studio paints stills. It caches and is used by one goroutine.
type Studio struct {
	kit     *ui.Kit
	art     *art.Library
	painter soft.Painter
	photos  Photos
}

// artBytes is what the pictograms of one page take.
const artBytes = 32 << 20

// New returns a studio; without photos, people are shown without theirs.
func New(photos Photos) (*Studio, error) {
	fonts, err := text.New()
	if err != nil {
		return nil, fmt.Errorf("fonts: %w", err)
	}
	library := art.New(artBytes)
	return &Studio{kit: ui.NewKit(fonts, library), art: library, photos: photos}, nil
}

// Frame returns the frame of a model.
func (s *Studio) Frame(m ui.Model) *render.Frame { return ui.View(m, s.kit) }

// Paint returns the picture of a model, of its panel's size.
func (s *Studio) Paint(m ui.Model) *image.RGBA {
	f := s.Frame(m)
	dst := image.NewRGBA(image.Rectangle{Max: f.Size})
	s.painter.Paint(dst, f, []image.Rectangle{dst.Rect}, s)
	return dst
}

// Image implements [render.Images]: photos are decoded while one waits.
func (s *Studio) Image(p render.Picture) *image.RGBA {
	kind, id, _ := strings.Cut(p.Source, ":")
	id, at, _ := strings.Cut(id, "@")
	if kind != "photo" && kind != "film" {
		return s.art.Image(p)
	}
	if s.photos == nil {
		return nil
	}
	data, err := s.photos(board.AssetID(id))
	if err != nil {
		return nil
	}
	var src image.Image
	if kind == "film" {
		src, err = moment(data, at)
	} else {
		src, err = photo.Decode(bytes.NewReader(data), photo.Limits{})
	}
	if err != nil {
		return nil
	}
	img := photo.Cover(src, p.Size.X, p.Size.Y)
	p.Crop.Cut(img)
	return img
}

// moment returns the picture of a film so many milliseconds from its beginning.
func moment(data []byte, ms string) (image.Image, error) {
	n, err := strconv.Atoi(ms)
	if err != nil {
		return nil, err
	}
	reel, err := film.Open(data)
	if err != nil {
		return nil, err
	}
	for {
		img, at, ok := reel.Next()
		switch {
		case !ok:
			return nil, errors.New("the film is over")
		case at+20*time.Millisecond >= time.Duration(n)*time.Millisecond:
			return img, nil
		}
	}
}
