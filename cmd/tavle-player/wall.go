package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"tavle/cmd/internal/build"
	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/player"
	"tavle/player/cache"
	"tavle/player/seal"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/player/vitals"
	"tavle/player/voice"
	"tavle/render/motion"
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
	log := cli.Log(errs, cfg.Log.Format, level)
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

// A wall is one screen as a configuration describes it. One player follows the
// other on its panel when the hub, the screen's name or the size of the picture
// changes.
type wall struct {
	cfg      *config.Player
	log      *slog.Logger
	cache    *cache.Cache
	pictures *player.Pictures
	panel    *panel
	player   *player.Player
}

func secretOf(cfg *config.Player) seal.Provider {
	return seal.HostFile{Path: filepath.Join(cfg.State, "secret")}
}

func openWall(ctx context.Context, cfg *config.Player, log *slog.Logger) (*wall, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c, err := cache.Open(cache.Options{
		Dir: filepath.Join(cfg.State, "cache"), Secret: secretOf(cfg), Probe: cache.ProbeBy(self, "cache-probe"), Log: log,
	})
	if err != nil {
		return nil, err
	}
	w := &wall{cfg: cfg, log: log, cache: c, pictures: player.NewPictures(c, log)}
	if w.panel, err = openPanel(ctx, cfg, w.pictures, log); err != nil {
		return nil, errors.Join(err, w.close())
	}
	if w.player, err = w.newPlayer(cfg); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// newPlayer returns a player for the panel that is open.
func (w *wall) newPlayer(cfg *config.Player) (*player.Player, error) {
	hub, err := trusted(cfg, w.log)
	if err != nil {
		return nil, err
	}
	return player.New(player.Config{
		Cache: w.cache, Pictures: w.pictures, Presenter: w.panel.presenter, Look: w.look(cfg), Log: w.log,
		MM: cfg.MM, TimeSet: timeSet(), Secret: secretOf(cfg), Trust: hub.learn,
		Vitals: vitals.Machine{Dir: cfg.State}.Read,
		Bond:   hub.file, Pins: hub.pins.List(), Version: build.Read().Version,
		Voice: voice.New(voice.Config{
			Synth: voice.Synth{Command: cfg.Voice.Command}, Sink: voice.Player(cfg.Voice.Player), Log: w.log,
		}),
		Hub: client.Config{
			URL: cfg.Hub.URL, Device: cfg.Device, TLS: hub.pins.TLS(), Hub: hub.signer,
			Build: build.Read().String(), Boot: rand.Text(), Chance: mathrand.Float64, Log: w.log,
		},
	})
}

// look returns what cfg says of the wall's look on the panel that is open: a page
// is sent every frame as a picture, which is no way to move.
func (w *wall) look(cfg *config.Player) player.Look {
	l := lookOf(cfg)
	if cfg.Motion == "auto" && w.panel.page {
		l.Motion = motion.Off
	}
	return l
}

func lookOf(cfg *config.Player) player.Look {
	seconds := func(n int) time.Duration { return time.Duration(n) * time.Second }
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	return player.Look{
		Lang: cfg.Lang, Theme: look.Themes[cfg.Theme], Edges: cfg.Edges,
		Motion: map[string]motion.Style{"reduced": motion.Reduced, "off": motion.Off}[cfg.Motion],
		Hours: ui.Hours{
			Evening: int(cfg.Hours.Evening), Night: int(cfg.Hours.Night), Day: int(cfg.Hours.Day),
			Off: int(cfg.Hours.Off.From), On: int(cfg.Hours.Off.To),
		},
		Stays: ui.Stays{
			Browsing: seconds(cfg.Idle.BrowsingS), Identified: seconds(cfg.Idle.IdentifiedS),
			Private: seconds(cfg.Idle.PrivateS), Warning: seconds(cfg.Idle.WarningS),
		},
		ReadKey: cfg.Voice.Button,
		Sound: ui.Sound{
			Voice: true, Chimes: cfg.Voice.Chimes, Films: cfg.Voice.Films,
			Quiet: ui.Span{From: int(cfg.Voice.Quiet.From), To: int(cfg.Voice.Quiet.To)},
		},
		Text: look.TextModeOf(cfg.Text), Distance: cfg.DistanceMM, Bottom: cfg.BottomEdgeMM, Ease: ui.Ease{
			Hold: ms(cfg.Touch.HoldMS), Repeat: ms(cfg.Touch.RepeatMS),
			Switches: map[string]ui.Switches{"one": ui.OneSwitch, "two": ui.TwoSwitches}[cfg.Switches.Mode],
			Step:     time.Duration(cfg.Switches.StepS * float64(time.Second)), Spoken: cfg.Switches.Spoken,
		},
	}
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
	wg.Go(func() {
		defer cancel()
		next, errs[0] = w.play(ctx, changes, level)
	})
	wg.Go(func() { errs[1] = w.panel.listen(ctx) })
	errs[2] = w.panel.presenter.Run(ctx) // on main's goroutine
	cancel()
	wg.Wait()
	return next, errors.Join(errs[:]...)
}

// play runs one player after the other on the panel until ctx ends or one of them
// does, and takes up every change but one that asks for another wall, which it
// then returns.
func (w *wall) play(ctx context.Context, changes <-chan change, level *slog.LevelVar) (next change, err error) {
	now := start(ctx, w.player, w.log)
	for {
		select {
		case <-now.over:
			return change{}, now.err
		case c := <-changes:
			cfg, same := c.Config, w.samePanel(c.Config)
			if !same && w.panel.once {
				c.Answer(errNeedsStart)
				continue
			}
			if !same {
				return c, now.end()
			}
			if w.samePlayer(cfg) {
				w.player.Change(w.look(cfg))
			} else {
				p, err := w.newPlayer(cfg)
				if err != nil {
					c.Answer(err) // and the one there is goes on
					continue
				}
				if err := now.end(); err != nil {
					c.Answer(err)
					return change{}, err
				}
				w.player, now = p, start(ctx, p, w.log)
			}
			w.cfg = cfg
			level.Set(cfg.Log.Level)
			c.Answer(nil)
		}
	}
}

// A turn is one player that has the panel.
type turn struct {
	cancel context.CancelFunc
	over   chan struct{} // closed when it has ended
	err    error         // of its end
}

func start(ctx context.Context, p *player.Player, log *slog.Logger) *turn {
	ctx, cancel := context.WithCancel(ctx)
	t := &turn{cancel: cancel, over: make(chan struct{})}
	go func() {
		defer close(t.over)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()
		wg.Go(func() { underSystemd(log).beat(ctx, p.Alive) })
		t.err = p.Run(ctx)
	}()
	return t
}

// end ends the player and waits until it has kept what is only in memory.
func (t *turn) end() error {
	t.cancel()
	<-t.over
	return t.err
}
