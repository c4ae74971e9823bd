package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/build"
	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/hub/backup"
	"tavle/sync/hub/disk"
	"tavle/sync/hub/store"
)

func backupCommand() *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write everything the hub remembers to a file, also while it serves",
		Long: `backup writes one moment of everything the hub remembers to a file that only you
can read: every house with its pictures, the screens, who signed up, the audit,
and the keys by which screens know the hub. Nobody waits meanwhile. The file gets
its name when it is whole and on the disk. - is the standard output.

It is as secret as the house: encrypt it, and keep the passphrase elsewhere. Do not
keep it for longer than 35 days: somebody who was erased is in it until then, and
their certificate says so. restore takes it in again, from whatever database it
is, into a data folder or PostgreSQL.`,
		Example: `  tavle-hub backup /mnt/backups/hub-$(date +%F).tavle --passphrase-file /etc/tavle/backup.pass
  tavle-hub backup verify /mnt/backups/hub-2026-11-28.tavle --passphrase-file /etc/tavle/backup.pass`,
		Args: cobra.ExactArgs(1),
	}
	c.Flags().BoolVar(&force, "force", false, "write over a file that is there")
	pass := passphraseFlag(c)
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = inOffice(source, func(ctx context.Context, c *cobra.Command, o *office, args []string) error {
		phrase, err := pass()
		if err != nil {
			return err
		}
		say := c.OutOrStdout()
		var s backup.Summary
		write := func(w io.Writer) (err error) {
			s, err = o.backup(ctx, w, phrase, c.ErrOrStderr())
			return err
		}
		if args[0] == "-" {
			say = c.ErrOrStderr()
			err = write(c.OutOrStdout())
		} else {
			err = disk.Create(args[0], 0o600, force, write)
		}
		if errors.Is(err, disk.ErrExists) {
			return fmt.Errorf("%w; write over it with --force", err)
		}
		if err != nil {
			return fmt.Errorf("nothing is backed up: %w", err)
		}
		if err := o.hub.NoteAll(ctx, "backup"); err != nil {
			return err
		}
		fmt.Fprintf(say, "%s: %s\n", args[0], holds(s))
		if phrase == "" {
			fmt.Fprintln(say, "it is not encrypted, and holds everything: --passphrase-file encrypts it")
		}
		return nil
	})
	c.AddCommand(verifyCommand())
	return c
}

// holds says what is in a backup, in a few words.
func holds(s backup.Summary) string {
	return fmt.Sprintf("%d records, %d pictures, %d screens, as of %s",
		s.Rows("entity"), s.Rows("asset"), s.Rows("device"), s.Made.Local().Format("2006-01-02 15:04:05"))
}

// backup writes a backup of the store.
func (o *office) backup(ctx context.Context, w io.Writer, phrase string, progress io.Writer) (s backup.Summary, err error) {
	d, ok := o.store.(store.Dumper)
	if !ok {
		return s, errors.New("this store cannot be backed up")
	}
	keys, err := keyFiles(o.cfg.Data)
	if err != nil {
		return s, err
	}
	h := backup.Header{Made: time.Now().UTC().Truncate(time.Second), Database: o.database(), Build: "tavle-hub " + fmt.Sprint(build.Read())}
	return backup.Write(w, h, keys, phrase, func(to store.Sink) error {
		return d.Dump(ctx, &progressing{Sink: to, w: progress, next: time.Now().Add(progressEvery)})
	})
}

// database names the kind of the database.
func (o *office) database() string {
	if o.cfg.Database != "" {
		return "PostgreSQL"
	}
	return "SQLite"
}

// keyPatterns are how the files of certificates and keys that a hub makes are
// called.
var keyPatterns = []string{"hub-*.pem", "ca-*.pem"}

// maxKeyFile is the largest key that is taken, in bytes.
const maxKeyFile = 64 << 10

// keyFiles returns the certificates and keys that the hub has made for itself:
// without them no screen would know the one that is restored.
func keyFiles(dir string) (out []backup.File, err error) {
	var paths []string
	for _, pattern := range keyPatterns {
		some, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		paths = append(paths, some...)
	}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err == nil && len(b) > maxKeyFile {
			err = fmt.Errorf("%s: %d bytes is no key", p, len(b))
		}
		if err != nil {
			return nil, err
		}
		out = append(out, backup.File{Name: filepath.Base(p), Data: b})
	}
	return out, nil
}

// progressEvery is how often long work says how far it is.
const progressEvery = 2 * time.Second

// A progressing sink says now and then how far it is.
type progressing struct {
	store.Sink
	w     io.Writer
	table string
	rows  int
	next  time.Time
}

// Table implements [store.Sink].
func (p *progressing) Table(t store.Table) error {
	p.table = t.Name
	return p.Sink.Table(t)
}

// Row implements [store.Sink].
func (p *progressing) Row(values []any) error {
	if p.rows++; p.rows%256 == 0 && time.Now().After(p.next) {
		p.next = time.Now().Add(progressEvery)
		fmt.Fprintf(p.w, "%d rows, now %s\n", p.rows, p.table)
	}
	return p.Sink.Row(values)
}

// passphraseFlag adds --passphrase-file and returns what reads the file.
func passphraseFlag(c *cobra.Command) func() (string, error) {
	path := c.Flags().String("passphrase-file", "", "file with the passphrase the backup is encrypted with, in its first line")
	return func() (string, error) {
		if *path == "" {
			return "", nil
		}
		b, err := os.ReadFile(*path)
		if err != nil {
			return "", err
		}
		line, _, _ := bytes.Cut(b, []byte("\n"))
		if line = bytes.TrimSpace(line); len(line) < shortestPhrase {
			return "", fmt.Errorf("%s: a passphrase of %d bytes; want at least %d", *path, len(line), shortestPhrase)
		}
		return string(line), nil
	}
}

// shortestPhrase is how short a passphrase may be, in bytes: whoever has the file
// may try as often as they like.
const shortestPhrase = 12

func verifyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "verify FILE",
		Short: "Read a backup to its end and say what is in it, without restoring it",
		Args:  cobra.ExactArgs(1),
	}
	pass := passphraseFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := cli.KeepMemory(); err != nil {
			return err
		}
		phrase, err := pass()
		if err != nil {
			return err
		}
		s, err := readBackup(args[0], phrase, nil)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		sealed := ""
		if s.Encrypted {
			sealed = ", encrypted"
		}
		fmt.Fprintf(w, "%s is whole: %s\n", args[0], holds(s))
		fmt.Fprintf(w, "written by %s from %s, schema %d%s\n", s.Build, s.Database, s.Schema, sealed)
		fmt.Fprintf(w, "TABLE\tROWS\n")
		for _, t := range s.Tables {
			fmt.Fprintf(w, "%s\t%d\n", t.Table, t.Rows)
		}
		for _, f := range s.Files {
			fmt.Fprintf(w, "%s\t%d bytes\n", f.Name, len(f.Data))
		}
		return w.Flush()
	}
	return c
}

// readBackup reads a backup in a file.
func readBackup(path, phrase string, to store.Sink) (backup.Summary, error) {
	f, err := os.Open(path)
	if err != nil {
		return backup.Summary{}, err
	}
	defer f.Close()
	s, err := backup.Read(f, phrase, to)
	if err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}
