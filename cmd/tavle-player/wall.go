package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"sync"

	"tavle/cmd/internal/build"
	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/player"
	"tavle/player/cache"
	"tavle/player/seal"
	"tavle/player/ui/look"
	"tavle/sync/client"
)

// run shows the wall until ctx ends.
func run(ctx context.Context, source config.Source, errs io.Writer) error {
	if err := cli.KeepMemory(); err != nil {
		return err
	}
	cfg, err := config.Load[config.Player](source)
	if err != nil {
		return err
	}
	level := new(slog.LevelVar)
	level.Set(cfg.Log.Level)
	log := cli.Log(errs, level)
	ctx, cancel := context.WithCancel(ctx)
	changes, wait := cli.Changes(ctx, source, cfg, log)
	defer wait()
	defer cancel()
	return keepRunning(ctx, cfg, changes, level, log)
}

// A change is a configuration to go on with.
type change = cli.Change[config.Player]

// keepRunning runs one wall after the other, each with the configuration that
// the one before was told of. The GPU insists on main's goroutine, so this is
// where panels run.
func keepRunning(ctx context.Context, cfg *config.Player, changes <-chan change, level *slog.LevelVar, log *slog.Logger) error {
	w, err := openWall(ctx, cfg, log)
	if err != nil {
		return err
	}
	for {
		next, err := w.run(ctx, changes, level)
		err = errors.Join(err, w.close())
		if next.Config == nil {
			return err
		}
		was := w.cfg
		if w, err = openWall(ctx, next.Config, log); err == nil {
			level.Set(w.cfg.Log.Level)
			next.Answer(nil)
			continue
		}
		next.Answer(err)
		if w, err = openWall(ctx, was, log); err != nil {
			return err
		}
	}
}

// A wall is one screen as a configuration describes it.
type wall struct {
	cfg    *config.Player
	log    *slog.Logger
	cache  *cache.Cache
	panel  *panel
	player *player.Player
}

func secretOf(cfg *config.Player) seal.Provider {
	return seal.HostFile{Path: filepath.Join(cfg.State, "secret")}
}

func openWall(ctx context.Context, cfg *config.Player, log *slog.Logger) (*wall, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	secret := secretOf(cfg)
	c, err := cache.Open(cache.Options{
		Dir: filepath.Join(cfg.State, "cache"), Secret: secret, Probe: cache.ProbeBy(self, "cache-probe"), Log: log,
	})
	if err != nil {
		return nil, err
	}
	w := &wall{cfg: cfg, log: log, cache: c}
	identity, err := player.IdentityOf(secret)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	pictures := player.NewPictures(c, log)
	if w.panel, err = openPanel(ctx, cfg, pictures, log); err != nil {
		return nil, errors.Join(err, w.close())
	}
	w.player, err = player.New(player.Config{
		Cache: c, Pictures: pictures, Presenter: w.panel.presenter, Look: lookOf(cfg), Log: log,
		MM: cfg.MM, TimeSet: timeSet(),
		Hub: client.Config{
			URL: cfg.Hub.URL, Device: cfg.Device, Sign: identity.Sign, TLS: pinned(cfg),
			Build: build.Read().String(), Boot: rand.Text(), Chance: mathrand.Float64, Log: log,
		},
	})
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func pinned(cfg *config.Player) *tls.Config { return client.Pinned(cfg.Hub.Pins...) }

func lookOf(cfg *config.Player) player.Look {
	l := player.Look{Lang: cfg.Lang}
	switch cfg.Theme {
	case "day":
		l.Theme = &look.Day
	case "evening":
		l.Theme = &look.Evening
	}
	return l
}

func (w *wall) close() error {
	var err error
	if w.panel != nil {
		err = w.panel.close()
	}
	return errors.Join(err, w.cache.Close())
}

// run shows the wall until ctx ends, the panel is closed or lost, or a change
// asks for another wall, which it then returns.
func (w *wall) run(ctx context.Context, changes <-chan change, level *slog.LevelVar) (next change, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var errs [3]error
	var wg sync.WaitGroup
	wg.Go(func() { defer cancel(); errs[0] = w.player.Run(ctx) })
	wg.Go(func() { errs[1] = w.panel.listen(ctx) })
	wg.Go(func() {
		defer cancel()
		next = w.follow(ctx, changes, level)
	})
	errs[2] = w.panel.presenter.Run(ctx) // on main's goroutine
	cancel()
	wg.Wait()
	return next, errors.Join(errs[:]...)
}

// follow applies what can be changed while the wall runs and returns the first
// change for which it has to be built anew.
func (w *wall) follow(ctx context.Context, changes <-chan change, level *slog.LevelVar) change {
	for {
		select {
		case <-ctx.Done():
			return change{}
		case c := <-changes:
			if !w.sameWall(c.Config) {
				if w.panel.once && !w.samePanel(c.Config) {
					c.Answer(errNeedsStart)
					continue
				}
				return c
			}
			w.cfg = c.Config
			level.Set(c.Config.Log.Level)
			w.player.Change(lookOf(c.Config))
			c.Answer(nil)
		}
	}
}
