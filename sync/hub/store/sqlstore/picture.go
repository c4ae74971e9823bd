package sqlstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

var (
	qPicture    = q(`select jpeg from asset where org = $1 and asset = $2`)
	qAssetOf    = q(`select asset from picture where org = $1 and name = $2`)
	qPutPicture = q(`insert into picture (org, name, asset) values ($1, $2, $3) on conflict (org, name) do update set asset = excluded.asset`)
	qPutJPEG    = q(`insert into asset (org, asset, jpeg) values ($1, $2, $3) on conflict (org, asset) do nothing`)
	qUnused     = q(`delete from picture where org = $1 and not exists
		(select 1 from entity_picture e where e.org = picture.org and e.name = picture.name)`)
	qUnnamed = q(`delete from asset where org = $1 and not exists
		(select 1 from picture p where p.org = asset.org and p.asset = asset.asset)`)
)

// Picture implements [store.View].
func (v *view) Picture(ctx context.Context, a record.AssetID) ([]byte, error) {
	v.saw("picture", string(a))
	var b []byte
	if err := v.one(ctx, qPicture, []any{v.by.Org, a}, &b); err != nil {
		return nil, fmt.Errorf("picture %s: %w", a, err)
	}
	return b, nil
}

// Pictures implements [store.View].
func (v *view) Pictures(ctx context.Context, names []house.Picture) (map[house.Picture]record.AssetID, error) {
	out := make(map[house.Picture]record.AssetID, len(names))
	for _, name := range names {
		var a record.AssetID
		switch err := v.one(ctx, qAssetOf, []any{v.by.Org, name}, &a); {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, fmt.Errorf("pictures: %w", err)
		default:
			out[name] = a
		}
	}
	return out, nil
}

// PutPicture implements [store.Tx].
func (t *tx) PutPicture(ctx context.Context, name house.Picture, jpeg []byte) (record.AssetID, error) {
	sum := sha256.Sum256(jpeg)
	a := record.AssetID("sha256-" + hex.EncodeToString(sum[:]))
	_, err := t.exec(ctx, qPutJPEG, t.by.Org, a, jpeg)
	if err == nil {
		_, err = t.exec(ctx, qPutPicture, t.by.Org, name, a)
	}
	if err == nil {
		t.note("create", "picture", string(name), "")
	}
	if err != nil {
		return "", fmt.Errorf("picture %s: %w", a, err)
	}
	return a, nil
}

// DropPictures implements [store.Tx].
func (t *tx) DropPictures(ctx context.Context) (int, error) {
	if _, err := t.exec(ctx, qUnused, t.by.Org); err != nil {
		return 0, fmt.Errorf("pictures: %w", err)
	}
	n, err := t.exec(ctx, qUnnamed, t.by.Org)
	if err != nil {
		return 0, fmt.Errorf("pictures: %w", err)
	}
	return n, nil
}
