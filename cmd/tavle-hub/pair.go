package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

func pendingCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "pending",
		Short: "List the screens that wait to be let in",
		Long: `pending lists the screens that show a code and wait. The code is not in the list:
whoever approves a screen stands before it, or speaks with somebody who does.
SCREEN and KEY stand at the foot of its glass, too.`,
		Args: cobra.NoArgs,
	}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(ctx context.Context, c *cobra.Command, o *office, _ []string) error {
		all, err := o.hub.Pending(ctx, byHand(""))
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "SCREEN\tKEY\tSINCE\tBUILD\tSTATE")
		for _, p := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.Screen, p.Fingerprint, p.Since.Local().Format("15:04:05"), p.Build, waits(p))
		}
		return w.Flush()
	})
	return c
}

// waits says in words what a screen that wants to be let in waits for.
func waits(p hub.Pending) string {
	until := p.Expires.Local().Format("15:04:05")
	switch {
	case p.State == wire.PairLocked:
		return "locked by wrong codes until " + until
	case p.Wrong > 0:
		return fmt.Sprintf("waits until %s, %d of %d wrong codes", until, p.Wrong, wire.MaxCodeTries)
	}
	return "waits until " + until
}

func approveCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "approve CODE NAME",
		Short: "Let in the screen that shows this code, under this name",
		Long: `approve lets in the screen on whose glass the code stands. Read it there: the code
proves that the screen speaks with this hub and with nobody between. A code is good
for ten minutes; five wrong ones lock the screens that wait, which then show others.`,
		Example: "  tavle-hub screens approve 7KX-94P hall --place scr-1",
		Args:    cobra.ExactArgs(2),
	}
	at := placeFlags(c)
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, args []string) error {
		code, err := wire.ParseCode(args[0])
		if err != nil {
			return err
		}
		err = o.hub.Approve(ctx, byHand(org), hub.Approval{Code: code, Screen: at.screen(args[1])})
		switch {
		case errors.Is(err, hub.ErrCode):
			return fmt.Errorf("%w; read it again on its glass, it changes every ten minutes", err)
		case err != nil:
			return o.explain(ctx, org, *at, err)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s may connect\n", args[1])
		return err
	})
	return c
}

func refuseCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "refuse KEY",
		Short:   "Say no to a screen that waits, by its KEY as pending lists it",
		Example: `  tavle-hub screens refuse "9C41 E07B"`,
		Args:    cobra.RangeArgs(1, 2),
	}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(ctx context.Context, c *cobra.Command, o *office, args []string) error {
		named := strings.Join(args, " ") // without the quotes, it is two
		err := o.hub.Refuse(ctx, byHand(""), named)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("no screen with key %q waits; tavle-hub screens pending lists them", named)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s is told no\n", named)
		return err
	})
	return c
}
