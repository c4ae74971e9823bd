package main

import (
	"context"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/hub"
)

func serveCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the screens until told to end",
		Long: `serve opens the channel for wall screens, over TLS 1.3. On its first start it makes
a certificate for itself; screens know it by its fingerprint, which pin prints.`,
		Example: "  tavle-hub serve --listen :8443 --hosts hub.example.org,192.0.2.7",
		Args:    cobra.NoArgs,
	}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(ctx context.Context, c *cobra.Command, o *office, _ []string) error {
		cert, err := certificate(o.cfg)
		if err != nil {
			return err
		}
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.cfg.Listen)
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		fmt.Fprintf(c.OutOrStdout(), "serving at %s\nscreens know this hub by %s\n", l.Addr(), hub.Pin(cert))
		return o.hub.Serve(ctx, l, cert)
	})
	return c
}

func pinCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "pin",
		Short: "Print the fingerprint by which screens know this hub",
		Args:  cobra.NoArgs,
	}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, err := config.Load[config.Hub](source())
		if err != nil {
			return err
		}
		cert, err := certificate(cfg)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), hub.Pin(cert))
		return err
	}
	return c
}
