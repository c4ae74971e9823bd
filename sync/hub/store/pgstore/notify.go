package pgstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tavle/sync/hub/store"
	"tavle/sync/record"
)

const (
	// channel is the database's own: another on the same server has another of
	// that name.
	channel = "tavle"
	// listenerName is what a hub's connection that listens is called.
	listenerName = "tavle-hub listener"
	// maxPayload bounds what is told at once; PostgreSQL takes 8000 bytes less one.
	maxPayload = 7000
)

// A payload is what is told at once, as JSON.
type payload struct {
	From  string `json:"from"`
	Hints []hint `json:"hints"`
}

type hint struct {
	Board   record.BoardID `json:"b,omitempty"`
	Device  string         `json:"d,omitempty"`
	Session string         `json:"s,omitempty"`
}

// Notify implements [store.Notifier]. It is no part of any other transaction:
// there it would have them commit one after the other.
func (db *DB) Notify(ctx context.Context, from string, hints ...store.Hint) error {
	texts, err := payloads(from, hints)
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	for _, text := range texts {
		if _, err := db.notify.ExecContext(ctx, `select pg_notify($1, $2)`, channel, text); err != nil {
			return fmt.Errorf("notify: %w", err)
		}
	}
	return nil
}

// payloads divides hints into texts that are not too long.
func payloads(from string, hints []store.Hint) (out []string, err error) {
	p := payload{From: from}
	size := 0
	flush := func() error {
		b, err := json.Marshal(p)
		out = append(out, string(b))
		p.Hints, size = nil, 0
		return err
	}
	for _, h := range hints {
		one, err := json.Marshal(hint(h))
		if err != nil {
			return nil, err
		}
		if size+len(one) > maxPayload {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		p.Hints = append(p.Hints, hint(h))
		size += len(one) + 1
	}
	return out, flush()
}

// Listen implements [store.Notifier]. It has a connection of its own.
func (db *DB) Listen(ctx context.Context, f func(from string, hints []store.Hint)) (err error) {
	config := db.at.config.Copy()
	config.RuntimeParams["application_name"] = listenerName
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("listen: %w", db.at.explain(err))
	}
	defer func() {
		// One that is broken is closed already; one that is not is told.
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		err = errors.Join(err, c.Close(bye))
	}()
	if _, err := c.Exec(ctx, `listen `+channel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	f("", nil)
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		var p payload
		if json.Unmarshal([]byte(n.Payload), &p) != nil || len(p.Hints) == 0 {
			continue // somebody else's, or of a time to come
		}
		hints := make([]store.Hint, len(p.Hints))
		for i, h := range p.Hints {
			hints[i] = store.Hint(h)
		}
		f(p.From, hints)
	}
}
