package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

var (
	qTally    = q(`select body from tally where org = $1 and id = $2`)
	qPutTally = q(`insert into tally (org, kind, id, body) values ($1, $2, $3, $4)
		on conflict (org, kind, id) do update set body = excluded.body`)
	qDropTally = q(`delete from tally where org = $1 and id = $2`)
)

// Tally implements [store.View].
func (v *view) Tally(ctx context.Context, poll house.ID) (t house.Tally, err error) {
	var body []byte
	switch err = v.one(ctx, qTally, []any{v.by.Org, poll}, &body); {
	case errors.Is(err, store.ErrNotFound):
		return t, nil
	case err == nil:
		err = json.Unmarshal(body, &t)
	}
	if err != nil {
		err = fmt.Errorf("answers to poll %s: %w", poll, err)
	}
	return t, err
}

// PutTally implements [store.Tx].
func (t *tx) PutTally(ctx context.Context, poll house.ID, n house.Tally) error {
	if t.by.Kind != store.ByHub {
		return fmt.Errorf("answers to poll %s: %w", poll, errHubOnly)
	}
	var err error
	if n.Zero() {
		_, err = t.exec(ctx, qDropTally, t.by.Org, poll)
	} else {
		body, _ := json.Marshal(n) // counts can always be encoded
		_, err = t.exec(ctx, qPutTally, t.by.Org, house.KindPoll, poll, string(body))
	}
	if err != nil {
		return fmt.Errorf("answers to poll %s: %w", poll, err)
	}
	return nil
}

var errHubOnly = errors.New("only the hub itself counts them")
