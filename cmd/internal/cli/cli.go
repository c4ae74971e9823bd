// Package cli is what the three programs have in common at their command line: how
// they end, what they log, how they read and print their configuration, and that
// their memory is nobody else's.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"tavle/config"
)

// manual adds the command that writes manual pages, in the build that has it.
var manual = func(*cobra.Command) {}

// Main runs a command until it ends or the program is told to, and returns the
// exit status.
func Main(root *cobra.Command) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root.SilenceUsage, root.SilenceErrors = true, true
	manual(root)
	knowCommands(root)
	err := root.ExecuteContext(ctx)
	if err == nil || errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return 0
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(os.Stderr, "%s: %s\n", root.Name(), strings.TrimRight(line, "\n"))
	}
	return 1
}

// Log returns a log of lines of text, or of JSON, with the given least level.
func Log(w io.Writer, format string, level slog.Leveler) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// Configured gives a command the flags of a program's configuration, and
// --config for its file. The function it returns says where the configuration
// comes from, once the flags are parsed.
func Configured[T config.Program](c *cobra.Command, file string) func() config.Source {
	path := c.Flags().String("config", file, "file with the configuration")
	for _, k := range config.Keys[T]() {
		about, _, _ := strings.Cut(k.About, ". ")
		c.Flags().String(k.Flag(), "", fmt.Sprintf("%s: %s (default %s)", strings.TrimSuffix(about, "."), k.Allowed, k.Default))
	}
	return func() config.Source {
		s := config.Source{Path: *path, Optional: !c.Flags().Changed("config"), Env: os.LookupEnv, Flags: map[string]string{}}
		for _, k := range config.Keys[T]() {
			if f := c.Flags().Lookup(k.Flag()); f.Changed {
				s.Flags[k.Path] = f.Value.String()
			}
		}
		return s
	}
}

// ConfigCommand returns "config": the commented defaults, and "config check".
func ConfigCommand[T config.Program](program, file string) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Print every setting with what it is for, its default and what it may be",
		Long: "config prints a configuration file that chooses nothing: every setting stands in it as a\n" +
			"comment, with what it is for. A flag comes before the environment, the environment before\n" +
			"the file.",
		Example: "  " + program + " config > " + file + "\n  " + program + " config check " + file,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(c.OutOrStdout(), config.Example[T]())
			return err
		},
	}
	c.AddCommand(&cobra.Command{
		Use:   "check [FILE]",
		Short: "Say what is wrong with a file, all of it at once",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				file = args[0]
			}
			if _, err := config.Load[T](config.Source{Path: file}); err != nil {
				return err
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), "%s: nothing is wrong\n", file)
			return err
		},
	})
	return c
}
