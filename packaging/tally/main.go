// Command tally runs go test and says in plain words how it went: a line for
// each package, everything a failed test had to say, and at the end a line of
// counts that programs can read, too:
//
//	go run ./packaging/tally go test -json ./...
//
// It ends with status 1 when anything failed, when no test ran, and when a test
// was skipped without saying why: a test that does not run is easily taken for
// one that passed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run runs a command that speaks as go test -json does, and returns the status
// to end with.
func run(ctx context.Context, command []string, out, errs io.Writer) int {
	if len(command) == 0 {
		fmt.Fprintln(errs, "tally: say what to run, such as: tally go test -json ./...")
		return 2
	}
	began := time.Now()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stderr = errs
	events, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(errs, "tally:", err)
		return 2
	}
	t := tally{out: out}
	readErr := t.read(events)
	err = cmd.Wait()
	var exit *exec.ExitError
	switch {
	case readErr != nil:
		t.fail("go test", fmt.Sprintf("its output cannot be read: %v\n", readErr))
	case errors.As(err, &exit) && t.failed == 0:
		t.fail("go test", fmt.Sprintf("it ended with %v and said nothing about it\n", exit))
	case err != nil && !errors.As(err, &exit):
		t.fail("go test", err.Error()+"\n")
	}
	t.report(time.Since(began))
	if !t.good() {
		return 1
	}
	return 0
}
