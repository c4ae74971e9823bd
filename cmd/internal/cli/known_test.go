package cli

import (
	"io"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
)

// A command that is not there fails, at whatever depth, whether or not the one
// above it does something by itself; those there are are named.
func TestUnknownCommandNamesThoseThereAre(t *testing.T) {
	does := func(*cobra.Command, []string) error { return nil }
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"show"}, ""},
		{[]string{"list"}, ""},
		{[]string{"list", "add"}, ""},
		{nil, ""},
		{[]string{"bogus"}, "unknown command \"bogus\" for \"x\"\ncommands: list, show"},
		{[]string{"shwo"}, "unknown command \"shwo\" for \"x\"\ncommands: list, show\ndid you mean\n\tshow"},
		{[]string{"list", "bogus"}, "unknown command \"bogus\" for \"x list\"\ncommands: add"},
	} {
		root := &cobra.Command{Use: "x", SilenceErrors: true, SilenceUsage: true, CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true}}
		list := &cobra.Command{Use: "list", RunE: does}
		list.AddCommand(&cobra.Command{Use: "add", RunE: does}, &cobra.Command{Use: "probe", RunE: does, Hidden: true})
		root.AddCommand(list, &cobra.Command{Use: "show", RunE: does})
		root.SetHelpCommand(&cobra.Command{Hidden: true})
		root.SetOut(io.Discard)
		root.SetArgs(append([]string{}, c.args...))
		knowCommands(root)
		if err := root.Execute(); c.says == "" {
			require.NoError(t, err, c.args)
		} else {
			require.EqualError(t, err, c.says)
		}
	}
}
