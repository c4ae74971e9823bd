package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tavle/sync/netsim/sim"
)

// simulateFlags are what "tavle simulate" is told.
type simulateFlags struct {
	seeds   int
	from    uint64
	seed    uint64
	hours   float64
	mistake string
	trace   bool
}

func simulateCommand() *cobra.Command {
	var f simulateFlags
	c := &cobra.Command{
		Use:   "simulate",
		Short: "Try the channel between hub and screens with every fault, in virtual time",
		Long: `simulate runs screens, the network between, two replicas of a hub and their
database in one process and in virtual time, with people who touch and staff who hide,
erase and move, while the network stalls and breaks, processes and machines lose power,
wake-ups get lost, clocks are wrong and the hub is restored from a backup. It checks
after every step that nobody who is hidden is shown, no sign-up is lost or doubled, and
all screens agree in the end.

A seed is one such history. The same seed is always the same, so one that fails can be
looked at: with --seed and -v it prints all that happened. --mistake switches a mistake on,
to see that it is found:

  ` + strings.Join(mistakes(), "\n  "),
		Example: `  tavle simulate --seeds 2000
  tavle simulate --seeds 100 --hours 2
  tavle simulate --seed 129 -v | less
  tavle simulate --mistake HideAfterCommit`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("seed") {
				f.from, f.seeds = f.seed, 1
			}
			return f.run(c.Context(), c.OutOrStdout())
		},
	}
	c.Flags().IntVar(&f.seeds, "seeds", 200, "how many histories")
	c.Flags().Uint64Var(&f.from, "from", 1, "the first seed")
	c.Flags().Uint64Var(&f.seed, "seed", 0, "this one alone")
	c.Flags().Float64Var(&f.hours, "hours", 0.25, "how long each is busy; a night and a quiet end come on top")
	c.Flags().StringVar(&f.mistake, "mistake", "", "do this wrong on purpose")
	c.Flags().BoolVarP(&f.trace, "verbose", "v", false, "with --seed: print everything that happens")
	c.MarkFlagsMutuallyExclusive("seed", "seeds")
	c.MarkFlagsMutuallyExclusive("seed", "from")
	_ = c.RegisterFlagCompletionFunc("mistake", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return mistakes(), cobra.ShellCompDirectiveNoFileComp
	})
	return c
}

func mistakes() (out []string) {
	for _, m := range sim.Mistakes() {
		out = append(out, string(m))
	}
	return out
}

// errBroken is the end of a simulation that found something.
var errBroken = errors.New("the channel does not keep what it promises")

// progressEvery is how often a long simulation says where it is.
const progressEvery = 10 * time.Second

func (f simulateFlags) run(ctx context.Context, w io.Writer) error {
	switch {
	case f.mistake != "" && !slices.Contains(mistakes(), f.mistake):
		return fmt.Errorf("mistake %q: is none of %s", f.mistake, strings.Join(mistakes(), ", "))
	case f.seeds < 1:
		return fmt.Errorf("%d seeds: want at least 1", f.seeds)
	case f.hours <= 0 || f.hours > 1000:
		return fmt.Errorf("%g hours: want more than 0, at most 1000", f.hours)
	case f.trace && f.seeds != 1:
		return errors.New("-v is for one history: say which with --seed")
	}
	c := sim.Config{Seed: f.from, Busy: time.Duration(f.hours * float64(time.Hour)), Mistake: sim.Mistake(f.mistake)}
	if f.trace {
		c.Trace = func(at time.Duration, what string) { _, _ = fmt.Fprintf(w, "%12.3fs  %s\n", at.Seconds(), what) }
	}
	t := tally{w: w, flags: f, began: time.Now()}
	t.said = t.began
	sim.Many(ctx, c, f.seeds, t.add)
	t.say()
	switch {
	case t.violations > 0:
		return errBroken
	case t.seeds < f.seeds:
		return ctx.Err()
	}
	return nil
}

// A tally adds up what histories came to.
type tally struct {
	w           io.Writer
	flags       simulateFlags
	began, said time.Time

	seeds, steps, touches, violations, resyncs int
	simulated                                  time.Duration
}

// mostShown is after how many violations a simulation gives up.
const mostShown = 10

func (t *tally) add(o sim.Outcome) bool {
	t.seeds++
	t.steps += o.Steps
	t.touches += o.Touches
	t.resyncs += o.Resyncs
	t.simulated += o.Simulated
	if v := o.Violation; v != nil {
		t.violations++
		again := fmt.Sprintf("tavle simulate --seed %d --hours %g -v", o.Seed, t.flags.hours)
		if t.flags.mistake != "" {
			again += " --mistake " + t.flags.mistake
		}
		_, _ = fmt.Fprintf(t.w, "violation: %v\n  again: %s\n", v, again)
	}
	if time.Since(t.said) >= progressEvery {
		t.say()
		t.said = time.Now()
	}
	return t.violations < mostShown
}

func (t *tally) say() {
	_, _ = fmt.Fprintf(t.w, "%d of %d seeds, %.0f simulated hours, %d steps, %d touches, %d violations, %d resyncs, in %s\n",
		t.seeds, t.flags.seeds, t.simulated.Hours(), t.steps, t.touches, t.violations, t.resyncs, time.Since(t.began).Round(time.Second))
}
