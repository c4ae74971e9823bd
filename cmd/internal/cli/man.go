//go:build man

package cli

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// The packages have a manual page for each command, written by a build of the
// programs that is used for nothing else.
func init() {
	manual = func(root *cobra.Command) {
		root.AddCommand(&cobra.Command{
			Use: "man FOLDER", Hidden: true, Args: cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error {
				if err := os.MkdirAll(args[0], 0o755); err != nil {
					return err
				}
				root.DisableAutoGenTag = true
				return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "Tavle", Manual: "Tavle"}, args[0])
			},
		})
	}
}
