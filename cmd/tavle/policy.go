package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"tavle/sync/policy"
)

func policyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "policy",
		Short: "What may be shown of whom, to whom, where",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use:   "table",
		Short: "Print every decision there is, one a line",
		Long: `table prints the decision for every kind of person, choice, viewer and place:
1,622,016 lines of

  kind|lifecycle|acceptance|hidden|alias|photo|roster|tag|external|relatives|private|fresh|viewer|context|entry|name|photo

with choices as 0 or 1. The rules behind them stand in docs/privacy.md.`,
		Example: `  tavle policy table | grep '|wall_own|roster|'
  tavle policy table | sha256sum`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			w := bufio.NewWriterSize(c.OutOrStdout(), 1<<20)
			if err := policy.WriteTable(w); err != nil {
				return err
			}
			return w.Flush()
		},
	})
	return c
}
