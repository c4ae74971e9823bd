package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/hub"
	"tavle/sync/hub/backup"
	"tavle/sync/hub/disk"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore"
	"tavle/sync/hub/store/sqlitestore"
)

func restoreCommand() *cobra.Command {
	var r restoring
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of what the hub remembers",
		Long: `restore takes in what backup wrote, while no hub serves the folder. The backup is
read to its end before anything is done; then a store is made of it beside the one
that is there and takes its place in one step: whatever goes wrong, there is either
the old one or the new one, whole. With --database it goes into PostgreSQL, also
where the backup is of a folder: that is how a house moves there.

Whoever was erased since the backup was made is erased again before that. The
hub knows of erasures from the backup, from the store that is replaced, and from the
ledger in its folder; where both are lost, name a copy of the ledger with --ledger.
Whoever took something back since, in the store that is replaced, is hidden until
staff show them again, and screens that were shut out stay so. Where that store is
lost, look at both by hand.

Every screen then gets its board anew and offers once more what was touched on it
in the last 48 hours; nothing counts twice. Screens know the hub by its key: that
of the backup is taken where the folder has none.`,
		Example: `  tavle-hub restore /mnt/backups/hub-2026-11-28.tavle --replace --passphrase-file /etc/tavle/backup.pass`,
		Args:    cobra.ExactArgs(1),
	}
	c.Flags().BoolVar(&r.replace, "replace", false, "replace the houses that are there")
	c.Flags().BoolVar(&r.keys, "keys", false, "take the hub's certificate and key from the backup, though the folder has its own")
	c.Flags().StringSliceVar(&r.ledgers, "ledger", nil, "a copy of the ledger of erasures that is newer than the backup; may be given more than once")
	pass := passphraseFlag(c)
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		if err := cli.KeepMemory(); err != nil {
			return err
		}
		if r.cfg, err = config.Load[config.Hub](source()); err != nil {
			return err
		}
		if r.phrase, err = pass(); err != nil {
			return err
		}
		r.path, r.out, r.progress = args[0], c.OutOrStdout(), c.ErrOrStderr()
		r.log = cli.Log(c.ErrOrStderr(), r.cfg.Log.Format, r.cfg.Log.Level)
		return r.run(c.Context())
	}
	return c
}

// A restoring puts a backup in the place of a store.
type restoring struct {
	cfg           *config.Hub
	log           *slog.Logger
	path, phrase  string
	replace, keys bool
	ledgers       []string
	strict        hub.Restrictions // of the store that is replaced
	knows         bool             // there was one in use
	out, progress io.Writer
}

// run does it, step by step; until the last one the old store is what counts.
func (r *restoring) run(ctx context.Context) (err error) {
	if err := os.MkdirAll(r.cfg.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	hold, err := alone(r.cfg.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hold.release()) }()
	s, err := readBackup(r.path, r.phrase, nil)
	if err != nil {
		return err
	}
	if err := tidy(r.cfg.Data); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tidy(r.cfg.Data)) }()
	if err := r.leave(ctx); err != nil {
		return err
	}
	did, err := r.prepare(ctx)
	if err != nil {
		return fmt.Errorf("nothing is restored: %w", err)
	}
	if err := r.putKeys(s.Files); err != nil {
		return fmt.Errorf("nothing is restored: %w", err)
	}
	if err := r.place(ctx); err != nil {
		return err
	}
	fmt.Fprintf(r.out, "restored: %s\n", holds(s))
	if !r.knows {
		fmt.Fprintln(r.out, "what staff changed since then is not in it, and there was no store that knows who was hidden or which screens were shut out: look at both before you serve")
	}
	for _, d := range []struct {
		what string
		n    int
	}{
		{"erased again", did.erased},
		{"hidden, since they took something back after the backup; tavle-hub audit says who", did.hidden},
		{"screens shut out again", did.shut},
	} {
		if d.n > 0 {
			fmt.Fprintf(r.out, "%s: %d\n", d.what, d.n)
		}
	}
	return nil
}

// The files beside the store while a backup is restored. They have no worth
// afterwards, or after a restore that was cut short, and somebody who was erased
// since may be in them.
const (
	stageFile    = dbFile + ".restoring"
	stagedLedger = ledgerFile + ".restoring"
)

// at returns the path of a file in the folder.
func (r *restoring) at(name string) string { return filepath.Join(r.cfg.Data, name) }

// tidy removes from a folder what a restore leaves. Whoever calls it holds the folder,
// so none is under way.
func tidy(dir string) error {
	var errs []error
	for _, name := range []string{stageFile, stageFile + "-wal", stageFile + "-shm", stageFile + "-journal", stagedLedger} {
		if err := os.Remove(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// leave sees to it that what is there may be replaced, and that its erasures are
// in the folder's ledger.
func (r *restoring) leave(ctx context.Context) (err error) {
	var db store.Store
	if r.cfg.Database != "" {
		if err := r.noHubs(ctx); err != nil {
			return err
		}
		if db, err = pgstore.Open(ctx, r.cfg.Database); err != nil {
			return err
		}
	} else {
		if _, err := os.Stat(r.at(dbFile)); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if db, err = sqlitestore.Open(ctx, r.at(dbFile)); err != nil {
			return fmt.Errorf("%w\nthe store that is there cannot be read; move %s* away, and restore without what it knows", err, r.at(dbFile))
		}
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	h, err := newHub(ctx, db, r.cfg, inPlace, r.log, nil)
	if err != nil {
		return err
	}
	used, err := inUse(ctx, db)
	if err == nil && used && !r.replace {
		where := r.cfg.Data
		if r.cfg.Database != "" {
			where = "the database"
		}
		err = fmt.Errorf("%s has houses or screens already; replace them with --replace", where)
	}
	if err == nil {
		err = h.KeepErasures(ctx)
	}
	if err == nil {
		r.knows = used
		r.strict, err = h.Restrictions(ctx)
	}
	return err
}

// inUse reports whether there is anything in a store that somebody may miss.
func inUse(ctx context.Context, s store.Store) (used bool, err error) {
	err = s.View(ctx, store.Actor{Kind: store.ByHub, ID: "tavle-hub", At: time.Now()}, func(v store.View) error {
		systems, err := v.Systems(ctx)
		if err != nil {
			return err
		}
		devices, err := v.Devices(ctx)
		used = len(systems)+len(devices) > 0
		return err
	})
	return used, err
}

// A redone is what was done again to what was restored.
type redone struct{ erased, hidden, shut int }

// prepare makes a store of the backup beside the one that is there, erases again
// whoever has to be, and hides and shuts out whoever was since.
func (r *restoring) prepare(ctx context.Context) (did redone, err error) {
	if err := r.gatherLedgers(); err != nil {
		return did, err
	}
	err = sqlitestore.Fill(ctx, r.at(stageFile), func(to store.Sink) error {
		_, err := readBackup(r.path, r.phrase, &progressing{Sink: to, w: r.progress, next: time.Now().Add(progressEvery)})
		return err
	})
	if err != nil {
		return did, err
	}
	db, err := sqlitestore.Open(ctx, r.at(stageFile))
	if err != nil {
		return did, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	beside := *r.cfg
	beside.Database = "" // it is a file, wherever it goes from here
	h, err := newHub(ctx, db, &beside, folderFiles{stageFile, stagedLedger}, r.log, nil)
	if err != nil {
		return did, err
	}
	if err := h.Renew(ctx); err != nil {
		return did, err
	}
	did.erased, err = h.ReplayErasures(ctx)
	if errors.Is(err, hub.ErrLedgerKey) {
		err = fmt.Errorf("%w\nrestore a backup of the store that made them; or, to restore without what they know, move %s and %s* away and name no such --ledger", err, r.at(ledgerFile), r.at(dbFile))
	}
	if err != nil {
		return did, err
	}
	if did.hidden, did.shut, err = h.Restrict(ctx, r.strict); err != nil {
		return did, err
	}
	return did, db.Scrub(ctx)
}

// gatherLedgers puts the ledgers of erasures together: that of the folder, and
// those that were named.
func (r *restoring) gatherLedgers() error {
	return disk.Create(r.at(stagedLedger), 0o600, true, func(w io.Writer) error {
		for i, path := range append([]string{r.at(ledgerFile)}, r.ledgers...) {
			b, err := os.ReadFile(path)
			if i == 0 && errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return fmt.Errorf("ledger of erasures: %w", err)
			}
			if n := len(b); n > 0 && b[n-1] != '\n' {
				b = append(b, '\n')
			}
			if _, err := w.Write(b); err != nil {
				return err
			}
		}
		return nil
	})
}

// putKeys gives the folder the hub's certificate and key, where it has none or is
// to take those of the backup. One that has some of these and no other is from a
// restore that was cut short, and gets the rest.
func (r *restoring) putKeys(files []backup.File) error {
	own, err := keyFiles(r.cfg.Data)
	if err != nil {
		return err
	}
	in := func(all []backup.File) func(backup.File) bool {
		return func(f backup.File) bool {
			return slices.ContainsFunc(all, func(o backup.File) bool { return o.Name == f.Name && string(o.Data) == string(f.Data) })
		}
	}
	if others := slices.DeleteFunc(slices.Clone(own), in(files)); len(others) > 0 && !r.keys {
		for _, f := range files {
			if !in(own)(f) {
				fmt.Fprintf(r.out, "%s is the folder's own and stays: screens that know the hub by that of the backup do not come; --keys takes that one\n", f.Name)
			}
		}
		return nil
	}
	for _, f := range files {
		if !isKey(f.Name) {
			return fmt.Errorf("%q is no file of a hub's key", f.Name)
		}
		err := disk.Create(r.at(f.Name), 0o600, true, func(w io.Writer) error {
			_, err := w.Write(f.Data)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// isKey reports whether a file is called as a hub's own keys are, and nothing
// else: a backup puts nothing elsewhere.
func isKey(name string) bool {
	return filepath.Base(name) == name && slices.ContainsFunc(keyPatterns, func(p string) bool {
		ok, err := filepath.Match(p, name)
		return ok && err == nil
	})
}

// noHubs makes sure that no hub serves the database, from whatever machine.
func (r *restoring) noHubs(ctx context.Context) error {
	there, err := pgstore.Examine(ctx, r.cfg.Database)
	if err == nil && there.Hubs > 0 {
		err = fmt.Errorf("hubs that serve the database: %d; end them first, on whatever machine they run", there.Hubs)
	}
	return err
}

// place puts the new store where it is to be.
func (r *restoring) place(ctx context.Context) (err error) {
	if r.cfg.Database == "" {
		return r.swap()
	}
	from, err := sqlitestore.Open(ctx, r.at(stageFile))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := pgstore.Open(ctx, r.cfg.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if err := os.Rename(r.at(stagedLedger), r.at(ledgerFile)); err != nil {
		return err
	}
	if err := r.noHubs(ctx); err != nil {
		return err
	}
	// One transaction: there is either the old store or the new one.
	return to.Load(ctx, func(s store.Sink) error { return from.Dump(ctx, s) })
}

// swap puts the new store in the place of the old one. The ledger comes first: it
// only grows.
func (r *restoring) swap() error {
	for _, name := range []string{dbFile + "-wal", dbFile + "-shm"} {
		// Of a store that was closed there are none, and it is closed.
		if _, err := os.Stat(r.at(name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there: the store is open somewhere", r.at(name))
		}
	}
	if err := os.Rename(r.at(stagedLedger), r.at(ledgerFile)); err != nil {
		return err
	}
	if err := os.Rename(r.at(stageFile), r.at(dbFile)); err != nil {
		return err
	}
	return disk.SyncFolder(r.cfg.Data)
}
