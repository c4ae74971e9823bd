package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// knowCommands makes c and the commands below it refuse commands there are not, and
// name those there are. One that does nothing by itself shows its help; one that
// takes a file by itself takes whatever is no command for its name.
func knowCommands(c *cobra.Command) {
	if !c.HasSubCommands() {
		return
	}
	for _, sub := range c.Commands() {
		knowCommands(sub)
	}
	if c.Args == nil || c.Args(c, []string{"a file"}) != nil {
		c.Args = known
	}
	if !c.Runnable() {
		c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	}
}

// known refuses arguments of a command that takes none but other commands.
func known(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var there []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			there = append(there, sub.Name())
		}
	}
	var says strings.Builder
	fmt.Fprintf(&says, "unknown command %q for %q\ncommands: %s", args[0], c.CommandPath(), strings.Join(there, ", "))
	c.SuggestionsMinimumDistance = 2 // letters that may be wrong
	for i, near := range c.SuggestionsFor(args[0]) {
		if i == 0 {
			says.WriteString("\ndid you mean")
		}
		says.WriteString("\n\t" + near)
	}
	return errors.New(says.String())
}
