package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tavle/assets/demo"
	"tavle/assets/photo"
	"tavle/cmd/internal/build"
	"tavle/player"
	"tavle/player/cache"
	"tavle/player/seal"
	"tavle/player/vitals"
	"tavle/player/voice"
	"tavle/render"
	"tavle/render/glass"
	"tavle/sync/client"
	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/manager"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A show is a hub with the demo house and any number of wall screens, with
// everything that real ones have between them: a store, TLS, keys, encrypted
// caches. It is what `tavle demo` runs and what the tests of the two paths run.
type show struct {
	showConfig
	store store.Store
	hub   *hub.Hub
	tls   *hub.TLS
	pins  []string // by which screens are told to know the hub
}

// A showConfig says where a show takes place.
type showConfig struct {
	dir  string // what hub and screens keep
	addr string // where screens find the hub, host:port
	log  *slog.Logger

	mask, wipe time.Duration // the lease; zero: the hub's default
}

// demoOrg is the system the demo house belongs to.
const demoOrg = "sys-demo"

// newShow opens the hub in the folder. The house it finds there goes on, if its
// week is still running; else it is set up anew, with the dates of this week.
func newShow(ctx context.Context, cfg showConfig) (*show, error) {
	s := &show{showConfig: cfg}
	dir := filepath.Join(s.dir, "hub")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(s.addr)
	if err != nil {
		return nil, fmt.Errorf("hub address: %w", err)
	}
	hosts := []string{host, "localhost"}
	if s.tls, err = hub.OwnTLS(dir, time.Now, hosts...); err != nil {
		return nil, err
	}
	s.pins = s.tls.Pins()
	db, err := sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"))
	if err != nil {
		return nil, err
	}
	s.store = db
	s.hub, err = hub.New(ctx, db, hub.Options{Hosts: hosts, Shrink: photo.Shrink, Mask: s.mask, Wipe: s.wipe, Pins: s.tls.Pins, Log: s.log})
	if err == nil {
		err = s.furnish(ctx)
	}
	if err == nil {
		err = s.staff(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// Who comes into the Manager of a show. There is nobody in it who is not made up, so
// everybody may know the password.
const (
	demoLogin    = "demo"
	demoPassword = "demo demo demo"
)

// staff opens the Manager, and lets one superuser in.
func (s *show) staff(ctx context.Context) error {
	m, err := manager.New(s.hub, s.store, manager.Options{Build: build.Read().Version, Log: s.log})
	if err != nil {
		return err
	}
	s.hub.Staffed(m)
	return m.Desk().Demonstrate(ctx, demoOrg, demoLogin, demoPassword, account.Superuser)
}

func (s *show) close() error { return s.store.Close() }

// furnish sees to it that the hub has the demo house, in this week.
func (s *show) furnish(ctx context.Context) error {
	h, mistakes := house.Parse(bytes.NewReader(demo.House()))
	if len(mistakes) > 0 {
		return fmt.Errorf("the demo house has mistakes: %v", mistakes)
	}
	days := demo.Days(time.Now().In(h.Meta.ZoneOf(h.Departments[0])))
	h.Shift(days)
	recognised(h)
	week := demo.Monday.AddDate(0, 0, days).Format(time.DateOnly)
	note := filepath.Join(s.dir, "hub", "week")
	was, _ := os.ReadFile(note)
	if string(was) == week {
		return nil
	}
	by := store.Actor{Org: demoOrg, Kind: store.ByImport, ID: "demo"}
	err := s.hub.Import(ctx, by, h, hub.Import{
		Replace: true,
		Picture: func(p house.Picture) ([]byte, error) { return demo.Asset(string(p)) },
	})
	if err != nil {
		return err
	}
	return os.WriteFile(note, []byte(week), 0o600)
}

// How two people of the demo house show who they are.
const (
	codedID, codedBy   = "r08", "red-apple, key, sun"
	taggedID, taggedBy = "r05", "0012345678"
)

// recognised gives one of them a picture code and the other a tag, so that both can be
// tried by hand.
func recognised(h *house.House) {
	for i := range h.Residents {
		switch r := &h.Residents[i]; r.ID {
		case codedID:
			var pictures [record.CodeLen]int8
			for n, name := range strings.Split(codedBy, ", ") {
				pictures[n] = int8(slices.Index(record.CodePictures[:], name))
			}
			salt := make([]byte, 16)
			_, _ = rand.Read(salt) // it never fails
			r.Code = record.NewPictureCode(salt, pictures)
		case taggedID:
			r.Tag = record.NameOf(taggedBy)
		}
	}
}

// serve runs the hub on l until ctx ends.
func (s *show) serve(ctx context.Context, l net.Listener) error { return s.hub.Serve(ctx, l, s.tls) }

// A wall is one wall screen of a show.
type wall struct {
	cache  *cache.Cache
	glass  glass.Presenter
	player *player.Player
}

// A wallConfig says what screen it is.
type wallConfig struct {
	name string   // at the hub, and of its folder
	at   house.ID // the house's record of where it hangs
	look player.Look
	open func(render.Images) (glass.Presenter, error)
	dial func(ctx context.Context, network, addr string) (net.Conn, error) // nil: the network
	hear *voice.Voice                                                      // nil: the wall is silent
	mm   func(px image.Point) image.Point                                  // how large its panel is; nil: what it says itself
	how  func() vitals.Vitals                                              // its machine is; nil: this one
}

// wall makes a screen that the hub lets in.
func (s *show) wall(ctx context.Context, cfg wallConfig) (*wall, error) {
	dir := filepath.Join(s.dir, cfg.name)
	log := s.log.With("screen", cfg.name)
	secret := seal.HostFile{Path: filepath.Join(dir, "secret")}
	c, err := cache.Open(cache.Options{Dir: filepath.Join(dir, "cache"), Secret: secret, Log: log})
	if err != nil {
		return nil, err
	}
	w := &wall{cache: c}
	identity, err := player.IdentityOf(secret)
	if err == nil {
		by := store.Actor{Org: demoOrg, Kind: store.ByHub}
		_, err = s.hub.AddScreen(ctx, by, hub.Screen{ID: cfg.name, Record: cfg.at, Key: identity.Public(), Replace: true})
	}
	pictures := player.NewPictures(c, log)
	pins := client.NewPins(s.pins...)
	if cfg.how == nil {
		cfg.how = vitals.Machine{Dir: dir}.Read
	}
	if err == nil {
		w.glass, err = cfg.open(pictures)
	}
	if err == nil {
		w.player, err = player.New(player.Config{
			Cache: c, Pictures: pictures, Presenter: w.glass, Look: cfg.look, Voice: cfg.hear, MM: cfg.mm, Log: log, TimeSet: true, Secret: secret, Vitals: cfg.how,
			Trust: func(k wire.Keys) { pins.Learn(k.TLS) },
			Hub: client.Config{
				URL: "wss://" + s.addr + "/sync", Device: cfg.name,
				TLS: pins.TLS(), Hub: s.hub.SigningKey(), Build: build.Read().String(), Boot: rand.Text(), Chance: mathrand.Float64,
				Dial: cfg.dial, Log: log,
			},
		})
	}
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// run shows the wall until ctx ends or its window is closed.
func (w *wall) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var lost error
	var wg sync.WaitGroup
	wg.Go(func() {
		defer cancel()
		lost = w.glass.Run(ctx)
	})
	err := w.player.Run(ctx)
	cancel()
	wg.Wait()
	return errors.Join(err, lost)
}

func (w *wall) close() error {
	var err error
	if w.glass != nil {
		err = w.glass.Close()
	}
	return errors.Join(err, w.cache.Close())
}

// boards are the records of the demo house's screens, the one in the kitchen
// first.
var boards = []house.ID{"scr-2", "scr-1", "scr-3"}
