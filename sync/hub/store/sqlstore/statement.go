package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"tavle/sync/hub/store"
)

// Statements are prepared once per pool, before the first transaction: the
// writer's pool has one connection, which a transaction holds.
type statement int

var texts []string

// elements stands in a statement for what the [Dialect] has for it.
const elements = "{elements of $1}"

// list returns texts as a statement with elements takes them.
func list[T ~string](texts []T) string {
	b, _ := json.Marshal(texts) // texts can always be encoded
	return string(b)
}

// q declares a statement.
func q(text string) statement {
	texts = append(texts, text)
	return statement(len(texts) - 1)
}

// A pool is a set of connections and the statements prepared on them.
type pool struct {
	db    *sql.DB
	stmts []*sql.Stmt
}

func prepare(ctx context.Context, db *sql.DB, d Dialect) (*pool, error) {
	p := &pool{db: db}
	for _, text := range texts {
		s, err := db.PrepareContext(ctx, strings.ReplaceAll(text, elements, d.Elements))
		if err != nil {
			return nil, errors.Join(fmt.Errorf("prepare %.40q: %w", text, err), p.close())
		}
		p.stmts = append(p.stmts, s)
	}
	return p, nil
}

func (p *pool) close() error {
	var errs []error
	for _, s := range p.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, p.db.Close())...)
}

func (v *view) stmt(ctx context.Context, s statement) *sql.Stmt {
	return v.tx.StmtContext(ctx, v.pool.stmts[s])
}

// exec runs a statement and returns how many rows it changed.
func (v *view) exec(ctx context.Context, s statement, args ...any) (int, error) {
	r, err := v.stmt(ctx, s).ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// one reads the only row of a statement into dest, or returns
// [store.ErrNotFound].
func (v *view) one(ctx context.Context, s statement, args []any, dest ...any) error {
	err := v.stmt(ctx, s).QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// each calls f for every row of a statement, with dest filled in.
func (v *view) each(ctx context.Context, s statement, args, dest []any, f func() error) error {
	rows, err := v.stmt(ctx, s).QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}
