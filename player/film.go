package player

import (
	"context"
	"image"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"tavle/assets/film"
	"tavle/assets/photo"
	"tavle/render"
	"tavle/sync/record"
)

const filmSource = "film:"

// A screening is one film on its way from the cache to the glass: a worker decodes
// it picture by picture and cuts each to size, a few ahead of what is shown. The
// frame says by the clock which picture is due; one that is late is left out.
type screening struct {
	asset  record.AssetID
	size   image.Point
	crop   render.Crop
	due    atomic.Int64     // in nanoseconds from the beginning; what is before is not worth cutting
	frames chan filmPicture // in order; closed at the end
	stop   chan struct{}    // closed when nobody looks any more

	// The rest belongs to the player's loop.
	last *image.RGBA // on the glass
	at   time.Duration
	next *filmPicture // not due yet
}

type filmPicture struct {
	img *image.RGBA
	at  time.Duration
}

// filmAhead is how many pictures are ready before they are due.
const filmAhead = 4

// filmBack is how far a film may be set back without beginning there anew: its sound may
// be that late.
const filmBack = time.Second

// filmOf returns which film a picture is of, and when.
func filmOf(p render.Picture) (record.AssetID, time.Duration) {
	id, at, _ := strings.Cut(strings.TrimPrefix(p.Source, filmSource), "@")
	ms, _ := strconv.ParseInt(at, 10, 64)
	return record.AssetID(id), time.Duration(ms) * time.Millisecond
}

// film returns the picture of a film that is due, or the last one that was ready;
// nil before the first.
func (s *Pictures) film(p render.Picture) *image.RGBA {
	id, at := filmOf(p)
	if !s.refs[id] {
		return nil
	}
	r := s.screening
	back := r != nil && at < r.at && (at == 0 || r.at-at > filmBack) // not only for its sound to catch up
	if r == nil || r.asset != id || r.size != p.Size || r.crop != p.Crop || back {
		s.endFilm()
		r = &screening{asset: id, size: p.Size, crop: p.Crop, frames: make(chan filmPicture, filmAhead), stop: make(chan struct{})}
		r.due.Store(int64(at))
		select {
		case s.films <- r:
			s.screening = r
		default: // asked again with the next picture
		}
		return nil
	}
	r.due.Store(int64(at))
	for {
		if r.next == nil {
			select {
			case f, ok := <-r.frames:
				if !ok {
					return r.last
				}
				r.next = &f
			default:
				return r.last
			}
		}
		if r.next.at > at {
			return r.last
		}
		r.last, r.at, r.next = r.next.img, r.next.at, nil
	}
}

// endFilm lets go of the film that is shown, if any.
func (s *Pictures) endFilm() {
	if s.screening != nil {
		close(s.screening.stop)
		s.screening = nil
	}
}

// look says what is shown now: a film that is not is let go of.
func (s *Pictures) look(f *render.Frame) {
	if s.screening == nil {
		return
	}
	for _, op := range f.Ops {
		if op.Kind == render.PictureOp && strings.HasPrefix(op.Picture.Source, filmSource) {
			return
		}
	}
	s.endFilm()
}

// showFilms decodes films until ctx ends, one after the other.
func (s *Pictures) showFilms(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-s.films:
			s.roll(ctx, r)
		}
	}
}

// roll decodes one film to its end, or until nobody looks.
func (s *Pictures) roll(ctx context.Context, r *screening) {
	defer close(r.frames)
	data, err := s.cache.Photo(r.asset)
	if err != nil {
		return // not here yet
	}
	reel, err := film.Open(data)
	if err != nil {
		s.log.WarnContext(ctx, "picture cannot be shown", "asset", r.asset, "error", err)
		return
	}
	for {
		img, at, ok := reel.Next()
		if !ok {
			return
		}
		if at+time.Second/film.MaxRate < time.Duration(r.due.Load()) {
			select { // it would be late
			case <-r.stop:
				return
			default:
				continue
			}
		}
		cut := photo.Cover(img, r.size.X, r.size.Y)
		r.crop.Cut(cut)
		select {
		case r.frames <- filmPicture{cut, at}:
		case <-r.stop:
			return
		case <-ctx.Done():
			return
		}
	}
}
