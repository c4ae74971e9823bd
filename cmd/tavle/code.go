package main

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tavle/sync/record"
)

func codeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "code PICTURE PICTURE PICTURE",
		Short: "Print what recognises a picture code",
		Long: "code prints what a house file keeps of somebody's picture code, under picture_code: it recognises the three\n" +
			"pictures in their order and does not say which they are. Pictures: " + strings.Join(record.CodePictures[:], ", ") + ".",
		Example: `  tavle code red-apple key key`,
		Args:    cobra.ExactArgs(record.CodeLen),
		RunE: func(c *cobra.Command, names []string) error {
			var pictures [record.CodeLen]int8
			for i, name := range names {
				n := slices.Index(record.CodePictures[:], name)
				if n < 0 {
					return fmt.Errorf("picture %d: there are %s", i+1, strings.Join(record.CodePictures[:], ", "))
				}
				pictures[i] = int8(n)
			}
			salt := make([]byte, 16)
			_, _ = rand.Read(salt) // it never fails
			_, err := fmt.Fprintln(c.OutOrStdout(), string(record.NewPictureCode(salt, pictures)))
			return err
		},
	}
}
