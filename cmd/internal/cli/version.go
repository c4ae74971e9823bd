package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/build"
)

// VersionCommand returns "version".
func VersionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print what this program was built from", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), c.Root().Name(), build.Read())
			return err
		},
	}
}
