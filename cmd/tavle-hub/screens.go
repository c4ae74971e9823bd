package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

func screensCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "screens",
		Short:   "List the screens: where they hang, when they were heard, what they confirmed",
		Aliases: []string{"screen"},
		Example: `  tavle-hub screens
  tavle-hub screens pending                                 which screens wait to be let in
  tavle-hub screens approve 7KX-94P hall --place scr-1      the code stands on its glass
  tavle-hub screens add hall --place scr-1 --key KEY        KEY as tavle-player key prints it
  tavle-hub screens revoke hall`,
		Args: cobra.NoArgs,
	}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(ctx context.Context, c *cobra.Command, o *office, _ []string) error {
		screens, err := o.hub.Screens(ctx, byHand(""))
		if err != nil {
			return err
		}
		due, err := o.due(ctx, screens)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "SCREEN\tPLACE\tDEPARTMENT\tHEARD\tSTATE")
		for _, s := range screens {
			says := state(s)
			if n := len(due[s.ID]); n > 0 {
				says += fmt.Sprintf("; %d withdrawn not confirmed: %s", n, away(due[s.ID][0]))
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.ID, s.Screen, s.Department, heard(s.Seen), says)
		}
		return w.Flush()
	})
	c.AddCommand(pendingCommand(), approveCommand(), refuseCommand(), addScreenCommand(), revokeScreenCommand())
	return c
}

// due returns what each screen has not taken off yet.
func (o *office) due(ctx context.Context, screens []hub.ScreenState) (map[string][]hub.Confirmation, error) {
	out, asked := map[string][]hub.Confirmation{}, map[house.ID]bool{}
	for _, s := range screens {
		if asked[s.Org] {
			continue
		}
		asked[s.Org] = true
		list, err := o.hub.Withdrawals(ctx, byHand(s.Org), "")
		if err != nil {
			return nil, err
		}
		for _, w := range list {
			for _, c := range w.Screens {
				if !c.State.Done() {
					out[c.Device] = append(out[c.Device], c)
				}
			}
		}
	}
	return out, nil
}

// byHand is somebody at the hub's own command line.
func byHand(org house.ID) store.Actor {
	return store.Actor{Org: org, Kind: store.ByHub, ID: "tavle-hub"}
}

func heard(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Local().Format("2006-01-02 15:04")
}

// state says in words what is to be known of a screen. Whether it is connected
// only the hub that serves it knows.
func state(s hub.ScreenState) string {
	switch {
	case !s.Wiped.IsZero():
		return "revoked: it has wiped itself"
	case s.Revoked:
		return "revoked: it is told to wipe itself"
	case s.Confirmed():
		return "shows everything it was sent"
	}
	return "has not confirmed the latest change"
}

func addScreenCommand() *cobra.Command {
	var key string
	c := &cobra.Command{
		Use:     "add NAME",
		Short:   "Let a screen in, or change the place of one that is",
		Example: "  tavle-hub screens add hall --place scr-1 --key KEY",
		Args:    cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&key, "key", "", "the screen's public key, as tavle-player key prints it")
	_ = c.MarkFlagRequired("key")
	at := placeFlags(c)
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, args []string) error {
		public, err := wire.B64.DecodeString(strings.TrimSpace(key))
		if err != nil || len(public) != ed25519.PublicKeySize {
			return fmt.Errorf("--key: not a key as tavle-player key prints it (43 characters)")
		}
		s := at.screen(args[0])
		s.Key = public
		if _, err = o.hub.AddScreen(ctx, byHand(org), s); err != nil {
			return o.explain(ctx, org, *at, err)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s may connect\n", args[0])
		return err
	})
	return c
}

// A spot is where a screen hangs, as flags say it.
type spot struct {
	place, department string
	replace           bool // the screen there may take the name of another
}

// placeFlags adds --place and --department, of which one is needed, and --replace.
func placeFlags(c *cobra.Command) *spot {
	at := new(spot)
	c.Flags().StringVar(&at.place, "place", "", "the house's record of where it hangs, such as scr-1")
	c.Flags().StringVar(&at.department, "department", "", "the department whose wall it is, where there is no such record")
	c.Flags().BoolVar(&at.replace, "replace", false, "take the name from the screen that has it, which is shut out without being wiped")
	c.MarkFlagsOneRequired("place", "department")
	c.MarkFlagsMutuallyExclusive("place", "department")
	return at
}

// screen returns the screen of that name there, without its key.
func (s spot) screen(name string) hub.Screen {
	return hub.Screen{ID: name, Record: house.ID(s.place), Department: house.ID(s.department), Replace: s.replace}
}

// explain says why a screen was not let in at a spot.
func (o *office) explain(ctx context.Context, org house.ID, at spot, err error) error {
	switch {
	case errors.Is(err, hub.ErrTaken):
		return fmt.Errorf("%w; choose another, or, once that screen has wiped itself or is destroyed, --replace", err)
	case !errors.Is(err, store.ErrNotFound):
		return err
	case at.place != "":
		return o.noSuch(ctx, org, "--place", at.place, house.KindScreen)
	}
	return o.noSuch(ctx, org, "--department", at.department, house.KindDepartment, house.KindExternal)
}

// noSuch says that what a flag names is not in the house, and what is.
func (o *office) noSuch(ctx context.Context, org house.ID, flag, named string, kinds ...house.Kind) error {
	var there []string
	err := o.store.View(ctx, store.Actor{Org: org, Kind: store.ByHub, At: time.Now()}, func(v store.View) error {
		there = nil
		for _, k := range kinds {
			all, err := v.All(ctx, k)
			if err != nil {
				return err
			}
			for _, r := range all {
				there = append(there, string(house.KeyOf(r)))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return fmt.Errorf("%s %q: the house has no such; it has %s", flag, named, strings.Join(there, ", "))
}

func revokeScreenCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "revoke NAME",
		Short: "Shut a screen out: it is told to wipe itself, now or when it comes back",
		Args:  cobra.ExactArgs(1),
	}
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, args []string) error {
		err := o.hub.RevokeScreen(ctx, byHand(org), args[0])
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("no screen %q; tavle-hub screens lists them", args[0])
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s is shut out\n", args[0])
		return err
	})
	return c
}
