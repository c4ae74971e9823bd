// Hubload measures what the channel costs a hub: ten thousand wall screens on
// loopback, beside the least server there could be, in the same run on the same
// machine. `make bench-hub` runs it.
//
// The load is one process, each server another. What is loaded is the hub that
// houses run, on its store, with a house of about 50 KiB a board; screens prove
// who they are, check that nothing is missing of what they get, and confirm it.
// The hub is loaded over TCP without TLS, as the yardstick is; what TLS costs is
// not measured. Only the few whole screens that are touched at the end speak it.
//
// It ends with status 1 when something went wrong: a gap, a sum that does not
// fit, a connection that ended, a resync. A goal that is missed is said in the
// table and no more, for a machine may be busy.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if os.Getenv(asServer) != "" {
		if err := beServer(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "hubload, a server:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "hubload:", err)
		os.Exit(1)
	}
}

// run measures what the flags say and prints the table.
func run(ctx context.Context, args []string, out io.Writer) error {
	p := plan{touches: 500, changes: 10, window: 8, sustain: 2 * time.Second, settle: 2 * time.Second, limit: time.Minute}
	flags := flag.NewFlagSet("hubload", flag.ContinueOnError)
	rounds := flags.Int("rounds", 5, "how often everything is measured; the table has medians")
	flags.IntVar(&p.n, "n", 10_000, "connections")
	flags.IntVar(&p.pace, "pace", 256, "how many of them open at a time")
	flags.StringVar(&p.profile, "profile", "", "a folder for pprof profiles of the hub")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := raiseFiles(); err != nil {
		return err
	}
	if err := enoughFiles(p.n); err != nil {
		return err
	}
	return measure(ctx, p, *rounds, out)
}
