package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pressly/goose/v3"

	"tavle/sync/hub/store"
)

// ErrNewer is returned for a schema that this build does not know yet.
var ErrNewer = errors.New("made by a newer tavle-hub")

// The tables are asked of the database and not listed here, so that one that is
// new is in every backup from the first day.
var (
	catalogue = map[goose.Dialect]struct{ columns, references string }{
		goose.DialectSQLite3: {
			`select m.name, c.name, c.type from sqlite_master m join pragma_table_info(m.name) c
				where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid`,
			`select m.name, f."table" from sqlite_master m join pragma_foreign_key_list(m.name) f where m.type = 'table'`,
		},
		goose.DialectPostgres: {
			`select c.table_name, c.column_name, c.data_type from information_schema.columns c
				join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
				where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' order by c.table_name, c.ordinal_position`,
			`select a.relname, b.relname from pg_constraint f join pg_class a on a.oid = f.conrelid join pg_class b on b.oid = f.confrelid
				where f.contype = 'f' and f.connamespace = current_schema()::regnamespace`,
		},
	}
	// types says what a column of a type holds.
	types = map[string]string{
		"text": store.TypeText, "character varying": store.TypeText,
		"bigint": store.TypeInteger, "integer": store.TypeInteger, "smallint": store.TypeInteger,
		"blob": store.TypeBlob, "bytea": store.TypeBlob,
	}
	nameOnly = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// bookkeeping is the table in which migrations note what they did; it says what
// schema the database has and is no part of it.
const bookkeeping = "goose_db_version"

// tablesOf returns the tables of the store, those that others refer to first.
func tablesOf(ctx context.Context, q querier, d *Dialect) ([]store.Table, error) {
	var all []store.Table
	err := pairs(ctx, q, catalogue[d.Goose].columns, 3, func(s []string) error {
		table, column, typ := s[0], s[1], types[strings.ToLower(s[2])]
		switch {
		case table == bookkeeping:
			return nil
		case typ == "" || !nameOnly.MatchString(table) || !nameOnly.MatchString(column):
			return fmt.Errorf("column %s of table %s is of type %s, which backups do not know", column, table, s[2])
		}
		if n := len(all); n == 0 || all[n-1].Name != table {
			all = append(all, store.Table{Name: table})
		}
		t := &all[len(all)-1]
		t.Columns = append(t.Columns, store.Column{Name: column, Type: typ})
		return nil
	})
	if err != nil {
		return nil, err
	}
	needs := map[string][]string{}
	err = pairs(ctx, q, catalogue[d.Goose].references, 2, func(s []string) error {
		if s[0] != s[1] {
			needs[s[0]] = append(needs[s[0]], s[1])
		}
		return nil
	})
	return ordered(all, needs), err
}

// ordered puts tables after those they need, and else leaves them as they are.
func ordered(all []store.Table, needs map[string][]string) (out []store.Table) {
	for len(all) > 0 {
		i := slices.IndexFunc(all, func(t store.Table) bool {
			return !slices.ContainsFunc(needs[t.Name], func(n string) bool {
				return slices.ContainsFunc(all, func(x store.Table) bool { return x.Name == n })
			})
		})
		i = max(i, 0) // two that need each other: the database will say so
		out = append(out, all[i])
		all = slices.Delete(all, i, i+1)
	}
	return out
}

// pairs calls f with every row of a query of n texts.
func pairs(ctx context.Context, q querier, query string, n int, f func([]string) error) error {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	texts, dest := make([]string, n), make([]any, n)
	for i := range texts {
		dest[i] = &texts[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := f(texts); err != nil {
			return err
		}
	}
	return rows.Err()
}

// schemaOf returns the schema of a database.
func schemaOf(ctx context.Context, q querier) (version int64, err error) {
	err = q.QueryRowContext(ctx, `select max(version_id) from `+bookkeeping).Scan(&version)
	return version, err
}

// columns returns the names of a table's columns, for a statement.
func columns(t store.Table) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quote(c.Name)
	}
	return strings.Join(names, ", ")
}

// Dump implements [store.Dumper].
func (db *DB) Dump(ctx context.Context, to store.Sink) error {
	t, err := db.read.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: db.dialect.Moment})
	if err != nil {
		return fmt.Errorf("dump: %w", err)
	}
	defer func() { _ = t.Rollback() }() // it has only read
	version, err := schemaOf(ctx, t)
	if err == nil {
		err = to.Schema(version)
	}
	var tables []store.Table
	if err == nil {
		tables, err = tablesOf(ctx, t, db.dialect)
	}
	if err != nil {
		return fmt.Errorf("dump: %w", err)
	}
	for _, table := range tables {
		if err := dumpTable(ctx, t, table, to); err != nil {
			return fmt.Errorf("dump of table %s: %w", table.Name, err)
		}
	}
	return nil
}

func dumpTable(ctx context.Context, t *sql.Tx, table store.Table, to store.Sink) error {
	if err := to.Table(table); err != nil {
		return err
	}
	rows, err := t.QueryContext(ctx, `select `+columns(table)+` from `+quote(table.Name)) //nolint:gosec // names cannot be parameters; these are the schema's own, quoted
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	values, dest := make([]any, len(table.Columns)), make([]any, len(table.Columns))
	for i := range values {
		dest[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		for i, c := range table.Columns {
			if values[i], err = fit(values[i], c); err != nil {
				return err
			}
		}
		if err := to.Row(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// fit returns a value as its column has it on every database.
func fit(v any, c store.Column) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case int64:
		if c.Type == store.TypeInteger {
			return v, nil
		}
	case string:
		switch {
		case c.Type == store.TypeText && utf8.ValidString(v):
			return v, nil
		case c.Type == store.TypeBlob:
			return []byte(v), nil
		}
	case []byte:
		switch {
		case c.Type == store.TypeBlob:
			return v, nil
		case c.Type == store.TypeText && utf8.Valid(v):
			return string(v), nil
		}
	}
	return nil, fmt.Errorf("column %s: a %T that is no %s", c.Name, v, c.Type)
}

// Load implements [store.Loader].
func (db *DB) Load(ctx context.Context, from func(store.Sink) error) error {
	return load(ctx, db.write.db, db.dialect, from)
}

// Fill makes an empty database one of the schema that from tells of, which may be
// older than the newest, and loads it.
func Fill(ctx context.Context, db *sql.DB, d Dialect, from func(store.Sink) error) error {
	return load(ctx, db, &d, func(to store.Sink) error {
		l := to.(*loading)
		l.migrate = true
		return from(l)
	})
}

func load(ctx context.Context, db *sql.DB, d *Dialect, from func(store.Sink) error) error {
	l := &loading{ctx: ctx, db: db, dialect: d}
	err := from(l)
	if err == nil {
		err = l.end()
	}
	if l.tx != nil {
		_ = l.tx.Rollback() // after a commit it does nothing
	}
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	return nil
}

// A loading is a transaction that takes in a dump. It implements [store.Sink].
type loading struct {
	ctx     context.Context //nolint:containedctx // it is a call of Load
	db      *sql.DB
	dialect *Dialect
	migrate bool

	tx     *sql.Tx
	left   []store.Table // that are still to come, in whatever order
	table  store.Table
	insert *sql.Stmt
}

// Schema implements [store.Sink].
func (l *loading) Schema(version int64) error {
	if l.migrate {
		if err := migrateTo(l.ctx, l.db, *l.dialect, version); err != nil {
			return err
		}
	}
	tx, err := l.db.BeginTx(l.ctx, nil)
	if err != nil {
		return err
	}
	l.tx = tx
	own, err := schemaOf(l.ctx, tx)
	switch {
	case err != nil:
		return err
	case version > own:
		return fmt.Errorf("schema %d: %w, this one knows %d", version, ErrNewer, own)
	case version < own:
		return fmt.Errorf("schema %d: want %d", version, own)
	}
	if l.left, err = tablesOf(l.ctx, tx, l.dialect); err != nil {
		return err
	}
	for _, t := range slices.Backward(l.left) {
		if _, err := tx.ExecContext(l.ctx, `delete from `+quote(t.Name)); err != nil { //nolint:gosec // names cannot be parameters; these are the schema's own, quoted
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return nil
}

// Table implements [store.Sink].
func (l *loading) Table(t store.Table) error {
	i := slices.IndexFunc(l.left, func(x store.Table) bool { return x.Name == t.Name })
	if i < 0 {
		return fmt.Errorf("table %q: there is none, or it comes twice", t.Name)
	}
	byName := func(a, b store.Column) int { return strings.Compare(a.Name, b.Name) }
	have, want := slices.SortedFunc(slices.Values(t.Columns), byName), slices.SortedFunc(slices.Values(l.left[i].Columns), byName)
	if !slices.Equal(have, want) {
		return fmt.Errorf("table %s: columns %v, want %v", t.Name, t.Columns, l.left[i].Columns)
	}
	l.left = slices.Delete(l.left, i, i+1)
	marks := make([]string, len(t.Columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	if err := l.done(); err != nil {
		return err
	}
	var err error
	l.table = t
	l.insert, err = l.tx.PrepareContext(l.ctx, `insert into `+quote(t.Name)+` (`+columns(t)+`) values (`+strings.Join(marks, ", ")+`)`) //nolint:gosec // names cannot be parameters; these are the schema's own, quoted
	return err
}

func (l *loading) done() (err error) {
	if l.insert != nil {
		err = l.insert.Close()
		l.insert = nil
	}
	return err
}

// Row implements [store.Sink].
func (l *loading) Row(values []any) error {
	if l.insert == nil || len(values) != len(l.table.Columns) {
		return errors.New("a row that fits no table")
	}
	_, err := l.insert.ExecContext(l.ctx, values...)
	if err != nil {
		return fmt.Errorf("table %s: %w", l.table.Name, err)
	}
	return nil
}

func (l *loading) end() error {
	if l.tx == nil || len(l.left) > 0 {
		return fmt.Errorf("tables are missing: %d", len(l.left))
	}
	if err := l.done(); err != nil {
		return err
	}
	return l.tx.Commit()
}

// migrateTo brings an empty database to a schema.
func migrateTo(ctx context.Context, db *sql.DB, d Dialect, version int64) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(d.Goose, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	known := p.ListSources()
	switch newest := known[len(known)-1].Version; {
	case version > newest:
		return fmt.Errorf("schema %d: %w, this one knows %d", version, ErrNewer, newest)
	case !slices.ContainsFunc(known, func(s *goose.Source) bool { return s.Version == version }):
		return fmt.Errorf("schema %d: there is none", version)
	}
	if _, err = p.UpTo(ctx, version); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
