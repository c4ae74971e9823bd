package player

import (
	"bytes"
	"context"
	"image"
	"log/slog"
	"strings"

	"tavle/assets/photo"
	"tavle/player/board"
	"tavle/player/cache"
	"tavle/render"
	"tavle/render/art"
	"tavle/render/lru"
	"tavle/sync/record"
)

// Pictures gives a presenter the bitmaps of a frame: pictograms and skies from
// the art library, photos from the cache, decoded and cut to size by a worker. A
// photo that is not ready is left out; the player's loop is told when it is.
//
// It belongs to one presenter and one player at a time, and only the player's
// loop uses it, except for the worker's two channels.
type Pictures struct {
	art    *art.Library
	cache  *cache.Cache
	log    *slog.Logger
	photos *lru.Cache[render.Picture, *image.RGBA]
	refs   map[record.AssetID]bool // what may be kept
	asked  map[render.Picture]bool // under way
	failed map[render.Picture]bool // could not be had
	stored int                     // counts what the cache was given: a failure before is none after
	jobs   chan job
	done   chan photoDone
	left   *job // the worker's: what the last one was cut off at

	films     chan *screening // for the other worker
	screening *screening      // what it is at; nil: nothing
}

type job struct {
	picture render.Picture
	stored  int
}

// photoDone is what became of a photo; img is nil when it cannot be had.
type photoDone struct {
	job
	img *image.RGBA
}

const photoSource = "photo:"

// NewPictures returns the pictures of a cache. A nil log says nothing.
func NewPictures(c *cache.Cache, log *slog.Logger) *Pictures {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Pictures{
		art: art.New(artBytes), cache: c, log: log,
		photos: lru.New[render.Picture, *image.RGBA](photoBytes),
		asked:  map[render.Picture]bool{}, failed: map[render.Picture]bool{},
		jobs: make(chan job, 256), done: make(chan photoDone, 16), films: make(chan *screening, 1),
	}
}

// Image implements [render.Images].
func (s *Pictures) Image(p render.Picture) *image.RGBA {
	if strings.HasPrefix(p.Source, filmSource) {
		return s.film(p)
	}
	if !strings.HasPrefix(p.Source, photoSource) {
		return s.art.Image(p)
	}
	if img, ok := s.photos.Get(p); ok {
		return img
	}
	if !s.failed[p] {
		s.ask(p)
	}
	return nil
}

func (s *Pictures) ask(p render.Picture) {
	if s.asked[p] {
		return
	}
	select {
	case s.jobs <- job{p, s.stored}:
		s.asked[p] = true
	default: // asked again with the next frame
	}
}

// take takes a finished photo and reports whether there is something to show.
func (s *Pictures) take(d photoDone) bool {
	delete(s.asked, d.picture)
	switch {
	case !s.refs[assetOf(d.picture)]:
		// withdrawn while it was under way
	case d.img != nil:
		s.photos.Add(d.picture, d.img, len(d.img.Pix))
		return true
	case d.stored != s.stored:
		s.ask(d.picture) // it may have come since
	default:
		s.failed[d.picture] = true
	}
	return false
}

// bound sets how much memory photos may take beside a panel of this size: two
// screens full, whatever the number of people.
func (s *Pictures) bound(panel image.Point) {
	s.photos.Limit(max(photoBytes, 2*4*panel.X*panel.Y))
}

// keep forgets every photo that the board no longer shows, so that what was
// withdrawn, and what the wall masks, is gone from memory too.
func (s *Pictures) keep(b *board.Board) {
	s.refs = b.Assets()
	if s.screening != nil && !s.refs[s.screening.asset] {
		s.endFilm()
	}
	s.photos.Drop(func(p render.Picture) bool { return !s.refs[assetOf(p)] })
}

// retry asks again for what the frame shows and could not be had: the cache has
// been given something since.
func (s *Pictures) retry(shown *render.Frame) {
	s.stored++
	if len(s.failed) == 0 {
		return
	}
	if shown != nil {
		for _, op := range shown.Ops {
			if op.Kind == render.PictureOp && s.failed[op.Picture] {
				s.ask(op.Picture)
			}
		}
	}
	clear(s.failed)
}

func assetOf(p render.Picture) record.AssetID {
	return record.AssetID(strings.TrimPrefix(p.Source, photoSource))
}

// work decodes photos until ctx ends.
func (s *Pictures) work(ctx context.Context) {
	for {
		var j job
		if s.left != nil {
			j = *s.left
		} else {
			select {
			case <-ctx.Done():
				return
			case j = <-s.jobs:
			}
		}
		d := photoDone{job: j, img: s.decode(ctx, j.picture)}
		s.left = &j
		select {
		case s.done <- d:
			s.left = nil
		case <-ctx.Done():
			return
		}
	}
}

func (s *Pictures) decode(ctx context.Context, p render.Picture) *image.RGBA {
	data, err := s.cache.Photo(assetOf(p))
	if err != nil {
		return nil // not here yet
	}
	src, err := photo.Decode(bytes.NewReader(data), photo.Stored)
	if err != nil {
		s.log.WarnContext(ctx, "picture cannot be shown", "asset", assetOf(p), "error", err)
		return nil
	}
	img := photo.Cover(src, p.Size.X, p.Size.Y)
	p.Crop.Cut(img)
	return img
}
