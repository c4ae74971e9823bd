package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// somebodyAt is whoever reads about people at the hub's own command line: what they
// saw is in the audit like what any of the staff saw.
func somebodyAt(org house.ID) store.Actor {
	return store.Actor{Org: org, Kind: store.ByStaff, ID: "tavle-hub"}
}

func auditCommand() *cobra.Command {
	var person, since string
	c := &cobra.Command{
		Use:   "audit",
		Short: "List what was done: when, by whom, to which record; IDs only",
		Long: `audit lists what was done and what was read of people, oldest first. It names
nobody: whoever may know who an ID is looks it up. Reading it is in it, too.`,
		Example: "  tavle-hub audit --since 2026-11-01 --person r01\n  tavle-hub audit verify",
		Args:    cobra.NoArgs,
	}
	c.Flags().StringVar(&person, "person", "", "only what was done to or by somebody")
	c.Flags().StringVar(&since, "since", "", "first day, such as 2026-11-01, in UTC; empty: all")
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, _ []string) error {
		if _, err := time.Parse(time.DateOnly, since); since != "" && err != nil {
			return fmt.Errorf("--since %q: want a day such as 2026-11-01", since)
		}
		w := bufio.NewWriter(c.OutOrStdout())
		err := o.hub.Audit(ctx, somebodyAt(org), house.Day(since), house.ID(person), func(l store.Line) error {
			_, err := fmt.Fprintln(w, lineOf(l))
			return err
		})
		return errors.Join(err, w.Flush())
	})
	c.AddCommand(verifyAuditCommand())
	return c
}

func lineOf(l store.Line) string {
	who := string(l.By)
	if l.Actor != "" {
		who += " " + l.Actor
	}
	out := fmt.Sprintf("%s %s#%d  %-20s %s %s %s", l.At.UTC().Format("2006-01-02 15:04:05"), l.Day, l.Number, who, l.Action, l.Kind, l.ID)
	if l.Person != "" {
		out += " for " + string(l.Person)
	}
	return out
}

func verifyAuditCommand() *cobra.Command {
	var head string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Walk the audit from its first line and say where it is not what was written",
		Long: `verify follows the audit line by line: each line's hash covers the one before, and
the hub signs the last of every day. It prints the last hash; written down elsewhere
and given back with --head, it also shows that no line at the end is missing. It ends
with 1 where anything is wrong.`,
		Example: "  tavle-hub audit verify\n  tavle-hub audit verify --head 5f3a…",
		Args:    cobra.NoArgs,
	}
	c.Flags().StringVar(&head, "head", "", "a hash that verify printed before, which must be in it")
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, _ []string) error {
		r, err := o.hub.VerifyAudit(ctx, byHand(org), strings.TrimSpace(head))
		if err != nil {
			return err
		}
		signed := "no day is signed yet: a hub that serves signs each when it is over"
		if r.Signed != "" {
			signed = fmt.Sprintf("signed up to %s", r.Signed)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %d lines are as they were written; %s\nhead %s\n", org, r.Lines, signed, r.Hash)
		return err
	})
	return c
}
