package main

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tavle/sync/hub"
	"tavle/sync/hub/house"
)

func withdrawalsCommand() *cobra.Command {
	var person string
	var all bool
	c := &cobra.Command{
		Use:   "withdrawals",
		Short: "List what was taken off the screens, and which have confirmed",
		Long: `withdrawals lists what somebody took back: being shown, a name, a picture, or all of
it. A screen that has not confirmed is listed with when it was heard last, from when it
shows nobody by itself, and when it destroys what it holds.`,
		Example: "  tavle-hub withdrawals --person r01",
		Args:    cobra.NoArgs,
	}
	c.Flags().StringVar(&person, "person", "", "only somebody's")
	c.Flags().BoolVar(&all, "all", false, "those that every screen has confirmed, too")
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, _ []string) error {
		list, err := o.hub.Withdrawals(ctx, somebodyAt(org), house.ID(person))
		if err != nil {
			return err
		}
		w := bufio.NewWriter(c.OutOrStdout())
		for _, x := range list {
			if all || person != "" || x.Confirmed() < len(x.Screens) {
				tellWithdrawal(w, x)
			}
		}
		return w.Flush()
	})
	return c
}

func tellWithdrawal(w io.Writer, x hub.Withdrawal) {
	fmt.Fprintf(w, "%s  %s %s: confirmed by %d of %d screens\n", heard(x.At), x.Action, x.Person, x.Confirmed(), len(x.Screens))
	for _, s := range x.Screens {
		if !s.State.Done() {
			fmt.Fprintf(w, "    %s: %s\n", s.Device, away(s))
		}
	}
}

// away says in words what becomes of a screen that has not confirmed.
func away(s hub.Confirmation) string {
	if s.Heard.IsZero() {
		return string(s.State)
	}
	return fmt.Sprintf("%s; last heard %s; if it stays away it shows nobody from %s and destroys what it holds at %s",
		s.State, heard(s.Heard), heard(s.Masks), heard(s.Wipes))
}
