package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/hub"
)

func pinCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "pin",
		Short: "Print the keys by which screens know this hub",
		Long: `pin prints in one line what a screen is configured with as hub.pins: the fingerprint
of the key that the hub's certificate has, that of the next one while the key is
being changed, and the key by which the hub signs what it says to screens.`,
		Args: cobra.NoArgs,
	}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(_ context.Context, c *cobra.Command, o *office, _ []string) error {
		known, err := tlsOf(o.cfg)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), o.pins(known))
		return err
	})
	return c
}

// errForeign is why a command has nothing to work on.
func errForeign(cfg *config.Hub, what string) error {
	return fmt.Errorf("%s: this hub's certificate comes from %s (tls.certificate); whoever makes that file does this", what, cfg.TLS.Certificate)
}

func authorityCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "ca",
		Short: "Print the certificate of the house's own authority, for browsers",
		Long: `ca prints, in PEM, the certificate of the authority that signs the certificate which
this hub makes for itself. Whoever takes it into a browser is no longer warned of
the hub. It speaks for the hub's own names (hosts) and for nothing else; when these
change, it changes. Screens do not need it.`,
		Example: "  tavle-hub ca > house.pem",
		Args:    cobra.NoArgs,
	}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, err := config.Load[config.Hub](source())
		if err != nil {
			return err
		}
		if cfg.TLS.Certificate != "" {
			return errForeign(cfg, "there is no authority here")
		}
		if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
			return fmt.Errorf("data folder: %w", err)
		}
		pem, err := hub.Authority(cfg.Data, time.Now(), hosts(cfg)...)
		if err != nil {
			return err
		}
		_, err = c.OutOrStdout().Write(pem)
		return err
	}
	return c
}

func keyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "Change the key of the hub's certificate, without going to the screens",
		Long: `A hub changes its key in two steps. With "key next" it makes the next one, and tells
every screen that is connected, now or later. With "key switch" it takes it into use,
and screens that were told follow by themselves. Connections stay as they are.`,
		Example: "  tavle-hub key next\n  tavle-hub key switch     a day later",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(nextKeyCommand(), switchKeyCommand())
	return c
}

func nextKeyCommand() *cobra.Command {
	c := &cobra.Command{Use: "next", Short: "Make the next key and tell the screens", Args: cobra.NoArgs}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(_ context.Context, c *cobra.Command, o *office, _ []string) error {
		if o.cfg.TLS.Certificate != "" {
			return errForeign(o.cfg, "no key made")
		}
		if _, err := tlsOf(o.cfg); err != nil { // there is one in use, and it is whole
			return err
		}
		if err := hub.MakeNextKey(o.cfg.Data); errors.Is(err, hub.ErrNextKey) {
			return fmt.Errorf("%w; take it into use with tavle-hub key switch", err)
		} else if err != nil {
			return err
		}
		known, err := tlsOf(o.cfg)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s\nscreens that are connected learn this within half a minute, the others when they come\n", o.pins(known))
		return err
	})
	return c
}

func switchKeyCommand() *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "switch",
		Short: "Take the next key into use",
		Long: `switch takes the next key into use and forgets the one before. Screens that have not
been heard since the next key was made do not know it, and would refuse the hub; they
are named, and nothing is done, unless with --force. Such a screen says in its log
that the hub's key is not one it was given; it is configured anew with what
"tavle-hub pin" prints.`,
		Args: cobra.NoArgs,
	}
	c.Flags().BoolVar(&force, "force", false, "leave screens behind that do not know the next key")
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(ctx context.Context, c *cobra.Command, o *office, _ []string) error {
		if o.cfg.TLS.Certificate != "" {
			return errForeign(o.cfg, "no key changed")
		}
		made, err := hub.NextKeyMade(o.cfg.Data)
		if errors.Is(err, hub.ErrNoNextKey) {
			return fmt.Errorf("%w; make one with tavle-hub key next, and give the screens a day", err)
		}
		if err != nil {
			return err
		}
		behind, err := o.notHeardSince(ctx, made)
		if err != nil {
			return err
		}
		if len(behind) > 0 && !force {
			return fmt.Errorf("these screens do not know the next key yet: %s\nwait until they have been connected, or leave them behind with --force; "+
				"such a screen needs hub.pins as tavle-hub pin prints it", strings.Join(behind, ", "))
		}
		if err := hub.SwitchKey(o.cfg.Data, time.Now(), hosts(o.cfg)...); err != nil {
			return err
		}
		known, err := tlsOf(o.cfg)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%s\n", o.pins(known))
		if len(behind) > 0 {
			fmt.Fprintf(c.OutOrStdout(), "left behind: %s; each needs this line as its hub.pins\n", strings.Join(behind, ", "))
		}
		return nil
	})
	return c
}

// notHeardSince names the screens that do not know a key that was made then.
func (o *office) notHeardSince(ctx context.Context, made time.Time) (names []string, err error) {
	screens, err := o.hub.Screens(ctx, byHand(""))
	for _, s := range screens {
		if !s.Revoked && !hub.ToldOfKey(made, s.Seen) {
			names = append(names, fmt.Sprintf("%s (heard %s)", s.ID, heard(s.Seen)))
		}
	}
	return names, err
}
