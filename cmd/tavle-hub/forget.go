package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

func eraseCommand() *cobra.Command {
	return forgetCommand(store.Erased, &cobra.Command{
		Use:   "erase --person ID",
		Short: "Erase somebody for good: record, lists, pictures, every mention",
		Long: `erase takes a resident, a member of staff or a relative out of everything the hub
keeps, in all departments at once, and has every screen take them off. It says first
what goes, what changes and what stays, and asks. The hub remembers, without their
name, that they were erased: no backup brings them back.

What stays is the audit, which says what was done under a pseudonym. A certificate
says so to whoever may ask; certificate prints it again, with the screens that have
confirmed since.`,
		Example: "  tavle-hub erase --person r01 --dry-run\n  tavle-hub erase --person r01 --certificate r01.json",
	})
}

func anonymiseCommand() *cobra.Command {
	return forgetCommand(store.Anonymised, &cobra.Command{
		Use:   "anonymise --person ID",
		Short: "Make somebody a number: lists keep their place, and nothing says whose",
		Long: `anonymise erases everything that says who a resident or a member of staff was. A
number, under a new ID, stays in the lists they were on. It cannot be undone.`,
		Example: "  tavle-hub anonymise --person r01 --dry-run\n  tavle-hub anonymise --person r01 --yes",
	})
}

func forgetCommand(level store.Level, c *cobra.Command) *cobra.Command {
	var person, certificate string
	var yes, dry bool
	c.Args = cobra.NoArgs
	c.Flags().StringVar(&person, "person", "", "ID of who is meant, such as r01")
	c.Flags().StringVar(&certificate, "certificate", "", "file that the certificate is written to, as JSON")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would happen, and do nothing")
	_ = c.MarkFlagRequired("person")
	c.MarkFlagsMutuallyExclusive("yes", "dry-run")
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, _ []string) error {
		x := hub.Erasing{Person: house.ID(person), Level: level, Dry: true}
		plan, err := o.hub.Erase(ctx, byHand(org), x)
		if err != nil {
			return forgetting(err)
		}
		tell(c.OutOrStdout(), x, plan.Toll)
		if dry {
			_, err = fmt.Fprintln(c.OutOrStdout(), "nothing was done")
			return err
		}
		if err := free(certificate); err != nil {
			return err
		}
		if !yes {
			if err := confirm(c, person); err != nil {
				return err
			}
		}
		x.Dry = false
		return o.forget(ctx, c, org, x, certificate)
	})
	return c
}

// free makes sure that a file that is to be written is not there.
func free(path string) error {
	if path == "" {
		return nil
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s: there is something already; give another file", path)
	}
	return nil
}

// forgetting says of an error what to do.
func forgetting(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("%w; an ID is as the house's file or tavle-hub audit spells it", err)
	}
	return err
}

// tell says what an erasure takes and leaves.
func tell(w io.Writer, x hub.Erasing, t hub.Toll) {
	fmt.Fprintf(w, "%s %s %s\n", x.Level, t.Kind, x.Person)
	line := func(label, format string, args ...any) {
		fmt.Fprintf(w, "  %-9s %s\n", label, fmt.Sprintf(format, args...))
	}
	line("goes", "%s", refs(t.Deleted))
	if len(t.Changed) > 0 {
		line("changes", "what mentions them: %s", refs(t.Changed))
	}
	switch {
	case t.Lists > 0 && x.Level == store.Erased:
		line("lists", "off all %d they are on; who waits moves up", t.Lists)
	case t.Lists > 0:
		line("lists", "a number in their place on all %d they are on", t.Lists)
	}
	if t.Pictures > 0 {
		line("pictures", "%d that nobody else refers to", t.Pictures)
	}
	if len(t.Screens) > 0 {
		line("screens", "%s take them off", strings.Join(t.Screens, ", "))
	}
	line("stays", "what the audit says, under a pseudonym; an entry without a name in the ledger of erasures")
	if len(t.Named) > 0 {
		line("look at", "%s: their words spell a name that may be theirs, and are left as they are", refs(t.Named))
	}
}

func refs(list []hub.Ref) string {
	const most = 12
	var out []string
	for i, r := range list {
		if i == most {
			out = append(out, fmt.Sprintf("and %d more", len(list)-most))
			break
		}
		out = append(out, string(r.Kind)+" "+string(r.ID))
	}
	return strings.Join(out, ", ")
}

// confirm asks whoever sits at the terminal. Where nobody does, nothing is done.
func confirm(c *cobra.Command, person string) error {
	if f, ok := c.InOrStdin().(*os.File); ok {
		if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
			return errors.New("nothing was done: there is nobody to ask; say --yes to do it, or --dry-run to look only")
		}
	}
	fmt.Fprintf(c.OutOrStdout(), "It cannot be undone. Write %s to go on: ", person)
	said, err := bufio.NewReader(io.LimitReader(c.InOrStdin(), 200)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.TrimSpace(said) != person {
		return errors.New("nothing was done")
	}
	return nil
}

func (o *office) forget(ctx context.Context, c *cobra.Command, org house.ID, x hub.Erasing, certificate string) error {
	done, err := o.hub.Erase(ctx, byHand(org), x)
	if err != nil {
		return forgetting(err)
	}
	cert, err := o.hub.ErasureCertificate(ctx, byHand(org), done.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "done: erasure %s; %s; %d of %d screens have confirmed\ntavle-hub certificate %s prints the certificate\n",
		done.ID, cert.Verification.Result, cert.Confirmed, len(cert.Screens), done.ID)
	if certificate != "" {
		if err := writeCertificate(certificate, cert); err != nil {
			return err
		}
	}
	if done.Left > 0 {
		return fmt.Errorf("something of them was found %d times after it; the certificate says so", done.Left)
	}
	return nil
}

func deactivateCommand() *cobra.Command {
	var person string
	c := &cobra.Command{
		Use:     "deactivate --person ID",
		Short:   "Take somebody who has left off every screen; everything is kept",
		Example: "  tavle-hub deactivate --person r01",
		Args:    cobra.NoArgs,
	}
	c.Flags().StringVar(&person, "person", "", "ID of a resident or a member of staff")
	_ = c.MarkFlagRequired("person")
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, _ []string) error {
		err := o.hub.Change(ctx, byHand(org), func(ctx context.Context, e *hub.Edit) error {
			err := hub.Alter(ctx, e, house.ID(person), func(r *house.Resident) { r.Lifecycle = house.Left })
			if errors.Is(err, store.ErrNotFound) {
				err = hub.Alter(ctx, e, house.ID(person), func(s *house.Staff) { s.Lifecycle = house.Left })
			}
			return err
		})
		if err != nil {
			return forgetting(err)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s is on no screen any more; tavle-hub withdrawals --person %s says which have confirmed\n", person, person)
		return err
	})
	return c
}
