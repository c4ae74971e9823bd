package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"tavle/sync/hub/access"
	"tavle/sync/hub/house"
)

// personFile is what an answer is called that a program reads.
const personFile = "person.json"

// exportPerson writes what is kept of one person into a folder.
func (o *office) exportPerson(ctx context.Context, out io.Writer, org, person house.ID, dir string) (err error) {
	if _, err := os.Lstat(filepath.Join(dir, personFile)); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is something already; export into another folder", filepath.Join(dir, personFile))
	}
	a, err := o.hub.ExportPerson(ctx, somebodyAt(org), person)
	if err != nil {
		return forgetting(err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	pictures, err := writePictures(root, a)
	if err != nil {
		return err
	}
	for _, lang := range access.Languages() {
		var page bytes.Buffer
		if err := a.Page(&page, lang); err != nil {
			return err
		}
		if err := root.WriteFile("read-me."+string(lang)+".html", page.Bytes(), 0o600); err != nil {
			return err
		}
	}
	b, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	// It is written last: half an answer is none.
	if err := root.WriteFile(personFile, append(b, '\n'), 0o600); err != nil {
		return err
	}
	many := "s"
	if pictures == 1 {
		many = ""
	}
	fmt.Fprintf(out, "%s: %s, %d picture%s, and a page in %d languages\n", dir, personFile, pictures, many, len(access.Languages()))
	if a.Review != "" {
		fmt.Fprintln(out, a.Review)
	}
	return nil
}

// writePictures writes the pictures of somebody, numbered: their names may say who
// else is in them.
func writePictures(root *os.Root, a *access.Answer) (n int, err error) {
	for i := range a.Pictures {
		p := &a.Pictures[i]
		if len(p.JPEG) == 0 {
			continue
		}
		n++
		p.File = fmt.Sprintf("picture-%d%s", n, extensionOf(p.JPEG))
		if err := root.WriteFile(p.File, p.JPEG, 0o600); err != nil {
			return n, err
		}
	}
	return n, nil
}
