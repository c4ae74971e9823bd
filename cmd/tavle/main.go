// Command tavle is the tool beside the wall screen and its hub: it shows a demo
// house, paints screenshots and prints tables.
package main

import (
	"os"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/cli"
)

func main() { os.Exit(cli.Main(root())) }

// root returns the whole command, ready to be executed. Nothing of it is
// global, so that tests run it in their own process.
func root() *cobra.Command {
	c := &cobra.Command{
		Use:   "tavle",
		Short: "The tool beside the wall screen and its hub",
		Long: `tavle shows a demo house, paints screenshots and prints the tables the
house is run by. The wall screen itself is tavle-player, the server tavle-hub.`,
		Example: `  tavle demo                          a hub and a wall screen on this machine
  tavle demo --headless               the same as a page in a browser
  tavle shot --screen home -o home.png
  tavle policy table | less
  tavle code red-apple key key        what a house file keeps of a picture code
  tavle simulate --seeds 2000         the channel, under every fault there is`,
	}
	c.AddCommand(demoCommand(), shotCommand(), galleryCommand(), policyCommand(), codeCommand(), simulateCommand(), cli.VersionCommand())
	return c
}
