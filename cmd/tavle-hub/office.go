package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tavle/assets/photo"
	"tavle/cmd/internal/build"
	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/wire"
)

// An office is a hub's folder and the store of its houses, opened: what every
// command works with.
type office struct {
	cfg   *config.Hub
	store store.Store
	hub   *hub.Hub
	hold  *hold
}

// close ends the work on the folder.
func (o *office) close() error { return errors.Join(o.store.Close(), o.hold.release()) }

// inOffice returns what runs f with the folder the flags name.
func inOffice(source func() config.Source, f func(ctx context.Context, c *cobra.Command, o *office, args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		if err := cli.KeepMemory(); err != nil {
			return err
		}
		cfg, err := config.Load[config.Hub](source())
		if err != nil {
			return err
		}
		o, err := openOffice(c.Context(), cfg, cli.Log(c.ErrOrStderr(), cfg.Log.Format, cfg.Log.Level), nil)
		if err != nil {
			return err
		}
		return errors.Join(f(c.Context(), c, o, args), o.close())
	}
}

// inHouse has c run f with the folder and the house that its flags name, and adds
// these flags.
func inHouse(c *cobra.Command, f func(ctx context.Context, c *cobra.Command, o *office, org house.ID, args []string) error) {
	named := c.Flags().String("house", "", "ID of the house's system; needed only where there are several")
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(ctx context.Context, c *cobra.Command, o *office, args []string) error {
		org, err := o.system(ctx, *named)
		if err != nil {
			return err
		}
		return f(ctx, c, o, org, args)
	})
}

// openStore opens where the houses are kept.
func openStore(ctx context.Context, cfg *config.Hub) (store.Store, error) {
	if cfg.Database != "" {
		return pgstore.Open(ctx, cfg.Database)
	}
	return sqlitestore.Open(ctx, filepath.Join(cfg.Data, dbFile))
}

// openOffice opens the folder; pins are the TLS keys it is served with, or nil.
func openOffice(ctx context.Context, cfg *config.Hub, log *slog.Logger, pins func() []string) (*office, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	hold, err := share(cfg.Data)
	if err != nil {
		return nil, err
	}
	if err := tidy(cfg.Data); err != nil {
		return nil, errors.Join(fmt.Errorf("data folder: %w", err), hold.release())
	}
	db, err := openStore(ctx, cfg)
	if err != nil {
		return nil, errors.Join(err, hold.release())
	}
	h, err := newHub(ctx, db, cfg, inPlace, log, pins)
	if err != nil {
		return nil, errors.Join(err, db.Close(), hold.release())
	}
	return &office{cfg, db, h, hold}, nil
}

// What is in the data folder: the store, and who was erased, for a store that is
// restored from before.
const (
	dbFile     = "hub.db"
	ledgerFile = "erasures.ledger"
)

// A folderFiles names the files of the data folder that a hub works on.
type folderFiles struct{ db, ledger string }

// inPlace are those that count.
var inPlace = folderFiles{dbFile, ledgerFile}

// newHub returns the hub on a store, as it is configured, with its ledger of
// erasures in a file of the data folder.
func newHub(ctx context.Context, s store.Store, cfg *config.Hub, files folderFiles, log *slog.Logger, pins func() []string) (*hub.Hub, error) {
	o := hub.Options{
		Hosts: hosts(cfg), Shrink: photo.Shrink, Log: log, Pins: pins,
		Ledger: filepath.Join(cfg.Data, files.ledger), Build: build.Read().Version,
		Mask: time.Duration(cfg.Lease.MaskHours) * time.Hour, Wipe: time.Duration(cfg.Lease.WipeDays) * 24 * time.Hour,
	}
	// The bytes of a database that somebody else serves are not here. A file that was
	// left from before would be searched in their place.
	if cfg.Database == "" {
		o.Search = searchFiles(filepath.Join(cfg.Data, files.db))
	}
	return hub.New(ctx, s, o)
}

// hosts returns under which names the hub is reached.
func hosts(cfg *config.Hub) []string {
	if len(cfg.Hosts) > 0 {
		return cfg.Hosts
	}
	here := []string{"localhost", "127.0.0.1"}
	if name, err := os.Hostname(); err == nil && name != "" && name != here[0] {
		here = append(here, name)
	}
	return here
}

// tlsOf returns how the hub proves who it is.
func tlsOf(cfg *config.Hub) (*hub.TLS, error) {
	if cfg.TLS.Certificate != "" {
		return hub.FileTLS(cfg.TLS.Certificate, cfg.TLS.Key)
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	return hub.OwnTLS(cfg.Data, time.Now, hosts(cfg)...)
}

// pins returns by what screens know the hub, in one line as they are configured.
func (o *office) pins(t *hub.TLS) string {
	return strings.Join(append(t.Pins(), wire.SigningPin(o.hub.SigningKey())), ",")
}

// system returns the house that is meant: the named one, or the only one.
func (o *office) system(ctx context.Context, named string) (house.ID, error) {
	var all []house.ID
	err := o.store.View(ctx, store.Actor{Kind: store.ByHub, At: time.Now()}, func(v store.View) (err error) {
		all, err = v.Systems(ctx)
		return err
	})
	if err != nil {
		return "", err
	}
	for _, id := range all {
		if string(id) == named || named == "" && len(all) == 1 {
			return id, nil
		}
	}
	var names []string
	for _, id := range all {
		names = append(names, string(id))
	}
	switch {
	case len(all) == 0:
		return "", errNoHouse
	case named == "":
		return "", fmt.Errorf("there are several houses; choose one with --house: %s", strings.Join(names, ", "))
	}
	return "", fmt.Errorf("no house %q; there are %s", named, strings.Join(names, ", "))
}

var errNoHouse = errors.New("there is no house yet; take one in with tavle-hub import")
