package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"
	"net"
	"os"
	"reflect"
	"sync"

	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/player/touch"
	"tavle/render"
	"tavle/render/glass"
	"tavle/render/kms"
	"tavle/render/page"
	"tavle/render/x11"
)

// A panel is what the wall is shown on, and by what it is touched.
type panel struct {
	presenter glass.Presenter
	once      bool          // it cannot be opened a second time in this process
	page      bool          // it is a page, and nothing else
	fingers   *touch.Reader // nil: the presenter hears them
	pages     *page.Server  // nil: none
	at        net.Listener  // of the pages
}

var errNeedsStart = errors.New("screen, size, rotation, state, serve and touch take effect at the next start")

// openPanel opens what cfg asks for; "auto" takes the first that works.
func openPanel(ctx context.Context, cfg *config.Player, images render.Images, log *slog.Logger) (*panel, error) {
	p := new(panel)
	rotation, err := glass.ParseRotation(cfg.Rotation)
	if err != nil {
		return nil, err
	}
	if cfg.Serve != "" {
		if p.at, err = page.Listen(ctx, cfg.Serve); err != nil {
			return nil, err
		}
		p.pages = page.NewServer(cli.PageWords(cfg.Lang))
	}
	o := opener{cfg: cfg, images: images, rotation: rotation, log: log, panel: p}
	if err := o.first(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// An opener tries one kind of presenter after the other.
type opener struct {
	*panel
	cfg      *config.Player
	images   render.Images
	rotation glass.Rotation
	log      *slog.Logger
}

// order returns the presenters to try. With an X display, that is where the wall
// is meant to be.
func (o *opener) order() []string {
	switch {
	case o.cfg.Screen != "auto":
		return []string{o.cfg.Screen}
	case os.Getenv("DISPLAY") != "":
		return []string{"gpu", "x11", "kms", "page"}
	}
	return []string{"kms", "page"}
}

func (o *opener) first(ctx context.Context) error {
	var errs []error
	for _, kind := range o.order() {
		err := o.open(ctx, kind)
		if err == nil {
			o.log.InfoContext(ctx, "screen opened", "kind", kind)
			if o.pages != nil {
				// Whoever can read the log may sit at this machine; whoever
				// can read it afterwards finds an address that is no longer.
				o.log.InfoContext(ctx, "page served", "url", o.pages.URL(o.at, 1))
			}
			return nil
		}
		errs = append(errs, fmt.Errorf("screen %s: %w", kind, err))
	}
	return errors.Join(errs...)
}

func (o *opener) open(ctx context.Context, kind string) (err error) {
	switch kind {
	case "gpu":
		if o.presenter, err = openGPU(ctx, o); err == nil {
			o.once = true
			o.touch(false)
		}
	case "x11":
		o.presenter, err = x11.Open(x11.Options{
			Title: "Tavle", Size: o.cfg.Size, Rotation: o.rotation, HideCursor: o.cfg.Size == image.Point{}, Images: o.images, Log: o.log,
		})
		if err == nil && o.cfg.Size == (image.Point{}) {
			o.touch(false) // a window is touched with a mouse
		}
	case "kms":
		mode := ""
		if o.cfg.Size != (image.Point{}) {
			mode = fmt.Sprintf("%dx%d", o.cfg.Size.X, o.cfg.Size.Y)
		}
		o.presenter, err = kms.Open(ctx, kms.Options{Mode: mode, Rotation: o.rotation, Images: o.images, Log: o.log})
		if err == nil {
			o.touch(true)
		}
	case "page":
		if o.pages == nil {
			return errors.New(`set "serve" to an address of this machine, such as 127.0.0.1:8080`)
		}
		o.presenter, o.page = o.pages.Add(page.Options{Size: o.pageSize(), Images: o.images}), true
		return nil
	}
	if err != nil {
		o.presenter = nil // it is none, of its kind
		return err
	}
	if o.pages != nil {
		o.presenter = page.Tee(o.presenter, o.pages.Add(page.Options{Size: o.pageSize(), Images: o.images}))
	}
	return nil
}

func (o *opener) pageSize() image.Point {
	if o.cfg.Size != (image.Point{}) {
		return o.cfg.Size
	}
	return image.Pt(1920, 1080)
}

// touch listens to the fingers itself: X tells of one at a time.
func (o *opener) touch(all bool) {
	o.fingers = touch.New(touch.Options{
		Input: o.presenter.Input(), Rotation: o.rotation, Calibration: o.cfg.Touch.Calibration,
		Only: o.cfg.Touch.Device, Share: !o.cfg.Touch.Grab, Mice: all, Keys: all, Log: o.log,
	})
}

// listen serves fingers and pages until ctx ends.
func (p *panel) listen(ctx context.Context) error {
	var errs [2]error
	var wg sync.WaitGroup
	if p.fingers != nil {
		wg.Go(func() { errs[0] = p.fingers.Run(ctx) })
	}
	if p.pages != nil {
		wg.Go(func() { errs[1] = p.pages.Run(ctx, p.at) })
	}
	wg.Wait()
	return errors.Join(errs[:]...)
}

func (p *panel) close() error {
	var err error
	for _, c := range []io.Closer{p.presenter, p.at} {
		if c != nil {
			err = errors.Join(err, ignoreClosed(c.Close()))
		}
	}
	return err
}

// ignoreClosed passes over what was closed before.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// samePlayer reports whether the player that runs can become what next says.
func (w *wall) samePlayer(next *config.Player) bool {
	return reflect.DeepEqual(whatPlays(*w.cfg), whatPlays(*next))
}

// whatPlays returns c less what a player changes while it runs.
func whatPlays(c config.Player) config.Player {
	c.Lang, c.Theme, c.Motion, c.Text, c.DistanceMM, c.BottomEdgeMM, c.Log = "", "", "", 0, 0, 0, config.Log{}
	return c
}

// samePanel reports whether next is shown on the panel that is open, and kept
// where this wall keeps it.
func (w *wall) samePanel(next *config.Player) bool {
	return reflect.DeepEqual(whatShows(*w.cfg), whatShows(*next))
}

// whatShows returns c less what is a player's.
func whatShows(c config.Player) config.Player {
	c = whatPlays(c)
	c.Device, c.Hub, c.DiagonalInch, c.WidthMM, c.HeightMM = "", config.Uplink{}, 0, 0, 0
	return c
}
