package player

import (
	"bytes"
	"context"
	"image"
	"log/slog"
	"strings"

	"tavle/assets/photo"
	"tavle/player/cache"
	"tavle/render"
	"tavle/render/lru"
	"tavle/sync/record"
)

// images gives painters their bitmaps: pictograms and skies from the art
// library, photos from the cache, decoded and cut to size by a worker. A photo
// that is not ready is left out; the loop is told when it is.
//
// Only the player's loop uses it, except for the worker's two channels.
type images struct {
	art    render.Images
	cache  *cache.Cache
	log    *slog.Logger
	photos *lru.Cache[render.Picture, *image.RGBA]
	asked  map[render.Picture]bool // under way, or not to be had
	jobs   chan render.Picture
	done   chan photoDone
}

// photoDone is what became of a photo; img is nil when it cannot be had.
type photoDone struct {
	picture render.Picture
	img     *image.RGBA
}

const photoSource = "photo:"

// newImages keeps at most limit bytes of photos.
func newImages(art render.Images, c *cache.Cache, limit int, log *slog.Logger) *images {
	return &images{
		art: art, cache: c, log: log,
		photos: lru.New[render.Picture, *image.RGBA](limit),
		asked:  map[render.Picture]bool{},
		jobs:   make(chan render.Picture, 256), done: make(chan photoDone, 16),
	}
}

// Image implements [render.Images].
func (s *images) Image(p render.Picture) *image.RGBA {
	if !strings.HasPrefix(p.Source, photoSource) {
		return s.art.Image(p)
	}
	if img, ok := s.photos.Get(p); ok {
		return img
	}
	if !s.asked[p] {
		select {
		case s.jobs <- p:
			s.asked[p] = true
		default: // asked again with the next frame
		}
	}
	return nil
}

// ready takes a finished photo and reports whether there is something to show.
func (s *images) ready(d photoDone) bool {
	if d.img == nil {
		return false // stays asked: it would fail again, until it is fetched anew
	}
	delete(s.asked, d.picture)
	s.photos.Add(d.picture, d.img, len(d.img.Pix))
	return true
}

// keep forgets every photo that the facts no longer refer to, so that what was
// withdrawn is gone from memory too, and asks again for what could not be had.
func (s *images) keep(f *record.Facts) {
	refs := f.Assets()
	s.photos.Drop(func(p render.Picture) bool { return !refs[assetOf(p)] })
	clear(s.asked)
}

func assetOf(p render.Picture) record.AssetID {
	return record.AssetID(strings.TrimPrefix(p.Source, photoSource))
}

// work decodes photos until ctx ends.
func (s *images) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case p := <-s.jobs:
			d := photoDone{picture: p, img: s.decode(ctx, p)}
			select {
			case s.done <- d:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (s *images) decode(ctx context.Context, p render.Picture) *image.RGBA {
	data, err := s.cache.Photo(assetOf(p))
	if err != nil {
		return nil // not here yet
	}
	src, err := photo.Decode(bytes.NewReader(data), photo.Limits{})
	if err != nil {
		s.log.WarnContext(ctx, "picture cannot be shown", "asset", assetOf(p), "error", err)
		return nil
	}
	img := photo.Cover(src, p.Size.X, p.Size.Y)
	p.Crop.Cut(img)
	return img
}
