package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

func certificateCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "certificate ID",
		Short: "Print the certificate of an erasure, with the screens that have confirmed by now",
		Long: `certificate prints, in words, what was done when somebody was erased or anonymised,
what was looked for afterwards, and which screens have confirmed. With --out it writes
it as JSON, signed, which certificate verify checks anywhere.`,
		Example: "  tavle-hub certificate 4f1c… --out erasure.json\n  tavle-hub certificate verify erasure.json --key ed25519-…",
		Args:    cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&out, "out", "", "file to write it to, as JSON")
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, args []string) error {
		cert, err := o.hub.ErasureCertificate(ctx, byHand(org), args[0])
		switch {
		case errors.Is(err, store.ErrNotFound):
			return fmt.Errorf("no erasure %q", args[0])
		case err != nil:
			return err
		case out != "":
			return writeCertificate(out, cert)
		}
		return cert.Write(c.OutOrStdout())
	})
	c.AddCommand(verifyCertificateCommand())
	return c
}

func verifyCertificateCommand() *cobra.Command {
	var key string
	c := &cobra.Command{
		Use:   "verify FILE",
		Short: "Check that every word of a certificate is what a hub signed; needs no hub",
		Args:  cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&key, "key", "", "the hub's key: the part of tavle-hub pin that begins with ed25519-")
	_ = c.MarkFlagRequired("key")
	c.RunE = func(c *cobra.Command, args []string) error {
		public, err := wire.ParseSigningPin(strings.TrimSpace(key))
		if err != nil {
			return fmt.Errorf("--key: %w", err)
		}
		f, err := os.Open(args[0])
		if err != nil {
			return err
		}
		defer f.Close()
		cert, err := hub.VerifyErasureCertificate(f, public)
		if err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		fmt.Fprintln(c.OutOrStdout(), "every word is as the hub signed it")
		return cert.Write(c.OutOrStdout())
	}
	return c
}

func writeCertificate(path string, c hub.ErasureCertificate) error {
	b, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return writeNew(path, append(b, '\n'))
}

// writeNew writes a file that nobody else may read and that is not there yet.
func writeNew(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}
