package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/build"
	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/manager"
)

func serveCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the screens until told to end",
		Long: `serve opens the channel for wall screens, over TLS 1.3. On its first start it makes
a certificate for itself; screens know it by its keys, which pin prints. Certificate
files of the house's own are taken up when they change, and no connection is lost.
A new screen that is given its address shows a code, by which screens approve lets
it in.

Staff log in at the same address, in a browser: the Manager. Where nobody is a
superuser yet, serve prints a code by which the first one comes in, once. With an
[oidc] table in the configuration they also come in by the login provider of their
work, which has to know https://HOST/oidc/return; the hub serves whether that answers
or not.

Several hubs serve the same houses from one PostgreSQL database: --database names it
for each of them. The first makes the tables. Screens may be connected to any; they
know the hub by its keys, so every hub needs the same ones: files that tls names,
or hub-*.pem and ca-*.pem, copied from the data folder of the first once it has
served and before another does.

A configuration file that changes meanwhile is taken up: the screens are sent
away for a second and come back. One that does not work is refused, and the one
before goes on.`,
		Example: `  tavle-hub serve --listen :8443 --hosts hub.example.org,192.0.2.7
  PGPASSFILE=/etc/tavle/pgpass tavle-hub serve --database postgres://tavle@db.example.org/tavle`,
		Args: cobra.NoArgs,
	}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = func(c *cobra.Command, _ []string) error {
		return serve(c.Context(), source(), c.OutOrStdout(), c.ErrOrStderr())
	}
	return c
}

// serve runs the hub as its configuration says until ctx ends.
func serve(ctx context.Context, source config.Source, out, errs io.Writer) error {
	if err := cli.KeepMemory(); err != nil {
		return err
	}
	cfg, err := config.Load[config.Hub](source)
	if err != nil {
		return err
	}
	level := new(slog.LevelVar)
	level.Set(cfg.Log.Level)
	ctx, cancel := context.WithCancel(ctx)
	log := cli.Log(errs, cfg.Log.Format, level)
	changes, wait := cli.Changes(ctx, source, cfg, log)
	defer wait()
	defer cancel()
	return keepServing(ctx, cfg, changes, &opener{level, log, out})
}

// keepServing runs one hub after the other, each with the configuration that the
// one before was told of.
func keepServing(ctx context.Context, cfg *config.Hub, changes <-chan cli.Change[config.Hub], o *opener) error {
	c, err := o.open(ctx, cfg)
	for err == nil {
		var next cli.Change[config.Hub]
		if next, err = c.run(ctx, changes); next.Config == nil || err != nil {
			break
		}
		// Port and folder are free now.
		was := c.cfg
		if c, err = o.open(ctx, next.Config); err == nil {
			o.level.Set(next.Config.Log.Level)
			next.Answer(nil)
			continue
		}
		next.Answer(err)
		c, err = o.open(ctx, was)
	}
	return err
}

// An opener opens counters.
type opener struct {
	level *slog.LevelVar
	log   *slog.Logger
	out   io.Writer
}

// A counter is an office that is open to screens.
type counter struct {
	*office
	level    *slog.LevelVar
	tls      *hub.TLS
	listener net.Listener
	keepers  net.Listener // where whoever runs the hub looks at it; nil: nowhere
	log      *slog.Logger
}

func (o *opener) open(ctx context.Context, cfg *config.Hub) (*counter, error) {
	known, err := tlsOf(cfg)
	if err != nil {
		return nil, err
	}
	provider, err := providerOf(cfg)
	if err != nil {
		return nil, err
	}
	of, err := openOffice(ctx, cfg, o.log, known.Pins)
	if err != nil {
		return nil, err
	}
	// A store may be older than the ledger of erasures beside it: somebody put a
	// copy of it back. Whoever was erased since is so again before any screen hears
	// of them.
	again, err := of.hub.ReplayErasures(ctx)
	if err == nil && again > 0 {
		o.log.WarnContext(ctx, "the store was older than its ledger; erased again")
		err = of.hub.Renew(ctx)
	}
	if errors.Is(err, hub.ErrLedgerKey) {
		err = fmt.Errorf("%w\nrestore a backup of the store that made them; or make sure that the house holds nobody who was erased, and move %s away", err, filepath.Join(cfg.Data, ledgerFile))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("not served: %w", err), of.close())
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen: %w", err), of.close())
	}
	staff, err := manager.New(of.hub, of.store, manager.Options{Build: build.Read().Version, Log: o.log, Provider: provider})
	var codes map[house.ID]string
	if err == nil {
		codes, err = staff.Desk().Bootstrap(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("not served: %w", err), l.Close(), of.close())
	}
	of.hub.Staffed(staff)
	fmt.Fprintf(o.out, "serving at %s\nscreens know this hub by %s\n%s", l.Addr(), of.pins(known), of.welcome(ctx, l.Addr(), codes))
	return &counter{of, o.level, known, l, o.keepers(ctx, cfg), o.log}, nil
}

// keepers opens the address of whoever runs the hub. One that cannot be had is
// no reason to leave screens alone: it is missed by whoever looks there.
func (o *opener) keepers(ctx context.Context, cfg *config.Hub) net.Listener {
	if cfg.Operations.Listen == "" {
		return nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Operations.Listen)
	if err != nil {
		o.log.ErrorContext(ctx, "operations not served", "error", err)
		return nil
	}
	o.log.InfoContext(ctx, "operations served", "at", l.Addr().String())
	return l
}

// welcome says to whoever started the hub what comes next, and by which codes the first
// staff come in.
func (o *office) welcome(ctx context.Context, at net.Addr, codes map[house.ID]string) string {
	all := hosts(o.cfg)
	name := all[0]
	if len(o.cfg.Hosts) == 0 {
		name = all[len(all)-1] // this machine's, as others call it
	}
	address := "https://" + name
	if _, port, err := net.SplitHostPort(at.String()); err == nil {
		address = "https://" + net.JoinHostPort(name, port)
	}
	var b strings.Builder
	if _, err := o.system(ctx, ""); errors.Is(err, errNoHouse) {
		b.WriteString("there is no house yet: make one in the Manager, or take one in with tavle-hub import FILE\n")
	}
	fmt.Fprintf(&b, `the Manager is at %s/
on a new screen set hub.url = %q; it shows a code, which lets it in under Screens in the Manager, or here:
  tavle-hub screens approve CODE NAME --place PLACE
`, address, address)
	for _, org := range slices.Sorted(maps.Keys(codes)) {
		of := ""
		if org != "" {
			of = " of " + string(org)
		}
		fmt.Fprintf(&b, "its first superuser%s comes in at %s/welcome with this code, once, within a day: %s\n", of, address, codes[org])
	}
	return b.String()
}

// run serves until ctx ends or a change asks for another counter, which it then
// returns.
func (c *counter) run(ctx context.Context, changes <-chan cli.Change[config.Hub]) (next cli.Change[config.Hub], err error) {
	whole, end := context.WithCancel(context.WithoutCancel(ctx))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() {
		defer cancel()
		next = c.follow(ctx, changes)
	})
	if c.keepers != nil {
		wg.Go(func() { // until the last screen has gone
			if err := c.hub.ServeOperations(whole, c.keepers); err != nil {
				c.log.ErrorContext(whole, "operations not served", "error", err)
			}
		})
	}
	err = c.hub.Serve(ctx, c.listener, c.tls)
	cancel()
	end()
	wg.Wait()
	return next, errors.Join(err, c.close())
}

// follow applies what can be changed while the counter is open and returns the
// first change for which it has to be opened anew.
func (c *counter) follow(ctx context.Context, changes <-chan cli.Change[config.Hub]) cli.Change[config.Hub] {
	for {
		select {
		case <-ctx.Done():
			return cli.Change[config.Hub]{}
		case next := <-changes:
			quiet := *next.Config
			quiet.Log = c.cfg.Log
			if !reflect.DeepEqual(&quiet, c.cfg) {
				return next
			}
			c.cfg = next.Config
			c.level.Set(c.cfg.Log.Level)
			next.Answer(nil)
		}
	}
}
