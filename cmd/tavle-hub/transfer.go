package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tavle/assets/film"
	"tavle/assets/sound"
	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

func importCommand() *cobra.Command {
	var replace bool
	var pictures string
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Take in a house from a file",
		Long: `import reads a house file and takes it in whole, or, when anything in it is wrong,
not at all: every mistake is named with its place. Pictures are looked for in the
folder of the file; they are made small, and what a camera wrote into them is
dropped.`,
		Example: "  tavle-hub import house.json\n  tavle-hub import house.json --replace --pictures ./pictures",
		Args:    cobra.ExactArgs(1),
	}
	c.Flags().BoolVar(&replace, "replace", false, "replace the house of the same system, sign-ups and all")
	c.Flags().StringVar(&pictures, "pictures", "", "folder with the pictures; that of the file when empty")
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(ctx context.Context, c *cobra.Command, o *office, args []string) error {
		in, err := readHouse(args[0])
		if err != nil {
			return err
		}
		if pictures == "" {
			pictures = filepath.Dir(args[0])
		}
		n := 0
		err = o.hub.Import(ctx, store.Actor{Kind: store.ByImport, ID: "tavle-hub"}, in, hub.Import{
			Replace: replace,
			Picture: func(p house.Picture) ([]byte, error) {
				n++
				return readPicture(pictures, p)
			},
		})
		if errors.Is(err, hub.ErrExists) {
			return fmt.Errorf("%w; replace it with --replace", err)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %d residents, %d staff, %d activities, %d meals, %d pictures\n",
			in.System.ID, len(in.Residents), len(in.Staff), len(in.Activities), len(in.Meals), n)
		return err
	})
	return c
}

func readHouse(path string) (*house.House, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, mistakes := house.Parse(f)
	if len(mistakes) > 0 {
		s := "s"
		if len(mistakes) == 1 {
			s = ""
		}
		lines := []string{fmt.Sprintf("%s: not taken in, %d mistake%s:", path, len(mistakes), s)}
		for _, m := range mistakes {
			lines = append(lines, m.String())
		}
		return nil, errors.New(strings.Join(lines, "\n"))
	}
	return h, nil
}

// extensions of the pictures, films and recordings that are looked for.
var extensions = []string{"", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".mpg", ".mpeg", ".wav"}

// readPicture reads the picture a house calls name: its name is a path below
// dir, without "asset:", and need not say what format it has.
func readPicture(dir string, name house.Picture) ([]byte, error) {
	root, err := os.OpenRoot(dir) // no name leads out of it
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // only read
	for _, ext := range extensions {
		b, err := root.ReadFile(strings.TrimPrefix(string(name), "asset:") + ext)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return b, err
		}
	}
	return nil, fmt.Errorf("not in %s: %w", dir, fs.ErrNotExist)
}

func exportCommand() *cobra.Command {
	var person string
	c := &cobra.Command{
		Use:   "export FOLDER",
		Short: "Write a house, or what it knows of one person, to a folder",
		Long: `export writes house.json and the pictures it names into a folder that only you can
read, for import to take in again. It holds everything the house knows of its people;
that it was made stands in the audit.

With --person it writes what the house keeps of one person, for them: person.json, the
pictures of them, and a page in plain words in Danish, Bokmål and English that any
browser opens. Look through it before it is handed over: others may be in the pictures.`,
		Example: "  tavle-hub export ./backup\n  tavle-hub export ./answer --person r01",
		Args:    cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&person, "person", "", "ID of one person: write what is kept of them, for them to read")
	inHouse(c, func(ctx context.Context, c *cobra.Command, o *office, org house.ID, args []string) error {
		if person != "" {
			return o.exportPerson(ctx, c.OutOrStdout(), org, house.ID(person), args[0])
		}
		n, err := o.export(ctx, org, args[0])
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s: house.json and %d pictures\n", args[0], n)
		return err
	})
	return c
}

func (o *office) export(ctx context.Context, id house.ID, dir string) (pictures int, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	if _, err := root.Lstat(houseFile); !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("%s: there is something already; export into another folder", filepath.Join(dir, houseFile))
	}
	// It has its name when it is whole: half an export is none.
	part := houseFile + ".part"
	f, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, err
	}
	by := store.Actor{Org: id, Kind: store.ByImport, ID: "tavle-hub"}
	err = o.hub.Export(ctx, by, f, func(name house.Picture, jpeg []byte) error {
		pictures++
		path := strings.TrimPrefix(string(name), "asset:") + extensionOf(jpeg)
		if err := root.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		return root.WriteFile(path, jpeg, 0o600)
	})
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return 0, err
	}
	return pictures, root.Rename(part, houseFile)
}

// extensionOf returns what the name of a picture, a film or a recording ends in.
func extensionOf(b []byte) string {
	switch {
	case film.Is(b):
		return ".mpg"
	case sound.Is(b):
		return ".wav"
	}
	return ".jpg"
}

// houseFile is what an exported house is called.
const houseFile = "house.json"
