// Command tavle-hub is the server that keeps the houses and pushes to each wall
// screen what it may show.
package main

import (
	"os"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/cli"
	"tavle/config"
)

// defaultConfig is where an installed hub has its configuration.
const defaultConfig = "/etc/tavle/hub.toml"

func main() { os.Exit(cli.Main(root())) }

func root() *cobra.Command {
	c := &cobra.Command{
		Use:   "tavle-hub",
		Short: "The server that wall screens get their house from",
		Long: `tavle-hub keeps one or more houses in a folder of its own and pushes every change
to the wall screens that may show it. It needs nothing else: no database server,
no certificate authority. What it remembers can be backed up while it serves.

The commands beside serve work on the same folder; a hub that is running notices
what they change within two seconds, and within half a minute that a screen was let
in, moved or shut out.`,
		Example: `  tavle-hub import house.json        take in a house, with the pictures beside the file
  tavle-hub serve                    serve its screens
  tavle-hub screens approve 7KX-94P hall --place scr-1
                                     let in the screen that shows this code
  tavle-hub erase --person r01       erase somebody for good, with a certificate
  tavle-hub audit verify             is the record of what was done what was written?
  tavle-hub screens                  which screens there are and what they show
  tavle-hub doctor                   what is right with all this, and what is wrong
  tavle-hub pin                      the keys that screens are configured with`,
	}
	c.AddCommand(
		auditCommand(), deactivateCommand(), anonymiseCommand(), eraseCommand(), certificateCommand(), withdrawalsCommand(),
		serveCommand(), pinCommand(), authorityCommand(), keyCommand(), importCommand(), exportCommand(),
		backupCommand(), restoreCommand(), screensCommand(), doctorCommand(),
		cli.ConfigCommand[config.Hub]("tavle-hub", defaultConfig), cli.VersionCommand(),
	)
	return c
}
