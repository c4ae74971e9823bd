// Command tavle-player is one wall screen: it shows what its hub lets it show,
// takes what is touched, and goes on without a network.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/player"
	"tavle/player/cache"
)

// defaultConfig is where an installed screen has its configuration.
const defaultConfig = "/etc/tavle/player.toml"

func main() { os.Exit(cli.Main(root())) }

func root() *cobra.Command {
	c := &cobra.Command{
		Use:   "tavle-player",
		Short: "One wall screen",
		Long: `tavle-player shows the wall on this machine's screen.

It fetches what its department may show from the hub it is configured for, keeps
it encrypted, and goes on showing it without a network. What is touched is
stored before it is confirmed, and sent when the hub can be reached.

Changes of the configuration file take effect while it runs. A file that is wrong
changes nothing, and the log says what is wrong with it.`,
		Example: `  tavle-player key                              the key to tell the hub
  tavle-player config > /etc/tavle/player.toml  every setting, to be filled in
  tavle-player                                  show the wall`,
		Args: cobra.NoArgs,
	}
	source := cli.Configured[config.Player](c, defaultConfig)
	c.RunE = func(c *cobra.Command, _ []string) error { return run(c.Context(), source(), c.ErrOrStderr()) }
	c.AddCommand(keyCommand(), cli.ConfigCommand[config.Player]("tavle-player", defaultConfig), cli.VersionCommand(), probeCommand())
	c.AddCommand(gpuCommands()...)
	return c
}

// keyCommand prints the key by which a hub knows this screen.
func keyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "Print the public key of this screen, by which the hub lets it in",
		Example: `  tavle-player key --config player.toml
  tavle-hub screens add hall --key $(tavle-player key) --place scr-1`,
		Args: cobra.NoArgs,
	}
	source := cli.Configured[config.Player](c, defaultConfig)
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, err := config.Load[config.Player](source())
		if err != nil {
			return err
		}
		identity, err := player.IdentityOf(secretOf(cfg))
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), identity)
		return err
	}
	return c
}

// probeCommand opens a cache file and may crash doing so; see [cache.ProbeFile].
func probeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "cache-probe FILE", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return cache.ProbeFile(args[0]) },
	}
}
