package sqlstore

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"time"

	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

const pairingColumns = `id, pubkey, commitment, hub_nonce, nonce, pin, build, state, why, wrong, began, expires, org, device`

var (
	qPairing    = q(`select ` + pairingColumns + ` from pairing where id = $1`)
	qPairings   = q(`select ` + pairingColumns + ` from pairing order by began, id`)
	qAddPairing = q(`insert into pairing (` + pairingColumns + `) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`)
	qPutPairing = q(`update pairing set nonce = $2, pin = $3, state = $4, expires = $5, org = $6, device = $7, why = $8 where id = $1 and state = $9`)
	qMiss       = q(`update pairing set wrong = wrong + 1, state = case when wrong + 1 >= $2 then '` + string(wire.PairLocked) + `' else state end
		where state = '` + string(wire.PairWaiting) + `' and ($1 = '' or id = $1)`)
	qDropPairing  = q(`delete from pairing where id = $1`)
	qDropPairings = q(`delete from pairing where expires <= $1`)
	qDeviceOf     = q(`select ` + deviceColumns + ` from device where pubkey = $1 and revoked = 0 order by id limit 1`)
)

// Pairing implements [store.View].
func (v *view) Pairing(ctx context.Context, id string) (store.Pairing, error) {
	var p pairingRow
	if err := v.one(ctx, qPairing, []any{id}, p.dest()...); err != nil {
		return store.Pairing{}, fmt.Errorf("pairing: %w", err) // the ID may be anything
	}
	return p.pairing(), nil
}

// Pairings implements [store.View].
func (v *view) Pairings(ctx context.Context) (out []store.Pairing, err error) {
	var p pairingRow
	err = v.each(ctx, qPairings, nil, p.dest(), func() error {
		out = append(out, p.pairing())
		return nil
	})
	return out, err
}

// A pairingRow is what a row of the table is read into.
type pairingRow struct {
	p              store.Pairing
	key            []byte
	began, expires int64
}

func (r *pairingRow) dest() []any {
	p := &r.p
	return []any{
		&p.ID, &r.key, &p.Commit, &p.HubNonce, &p.Nonce, &p.Pin, &p.Build, &p.State, &p.Why, &p.Wrong, &r.began, &r.expires, &p.Org, &p.Device,
	}
}

func (r *pairingRow) pairing() store.Pairing {
	p := r.p
	p.Key, p.Began, p.Expires = ed25519.PublicKey(r.key), moment(r.began), moment(r.expires)
	r.key = nil // the next row gets its own
	return p
}

// AddPairing implements [store.Tx].
func (t *tx) AddPairing(ctx context.Context, p store.Pairing) error {
	_, err := t.exec(ctx, qAddPairing, p.ID, []byte(p.Key), p.Commit, p.HubNonce, p.Nonce, p.Pin, p.Build, p.State, p.Why, p.Wrong,
		millis(p.Began), millis(p.Expires), p.Org, p.Device)
	if err != nil {
		return fmt.Errorf("pairing: %w", err)
	}
	return nil
}

// PutPairing implements [store.Tx].
func (t *tx) PutPairing(ctx context.Context, p store.Pairing, was wire.PairState) error {
	n, err := t.exec(ctx, qPutPairing, p.ID, p.Nonce, p.Pin, p.State, millis(p.Expires), p.Org, p.Device, p.Why, was)
	if err == nil && n != 1 {
		err = store.ErrAgain
	}
	if err != nil {
		return fmt.Errorf("pairing: %w", err)
	}
	return nil
}

// MissPairings implements [store.Tx].
func (t *tx) MissPairings(ctx context.Context, id string) error {
	_, err := t.exec(ctx, qMiss, id, wire.MaxCodeTries)
	return err
}

// DropPairing implements [store.Tx].
func (t *tx) DropPairing(ctx context.Context, id string) error {
	_, err := t.exec(ctx, qDropPairing, id)
	return err
}

// DropPairings implements [store.Tx].
func (t *tx) DropPairings(ctx context.Context, until time.Time) error {
	_, err := t.exec(ctx, qDropPairings, millis(until))
	return err
}

// DeviceOf implements [store.View].
func (v *view) DeviceOf(ctx context.Context, key ed25519.PublicKey) (store.Device, error) {
	var d deviceRow
	if err := v.one(ctx, qDeviceOf, []any{[]byte(key)}, d.dest()...); err != nil {
		return store.Device{}, fmt.Errorf("device: %w", err)
	}
	return d.device(), nil
}
