package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"tavle/sync/record"
	"tavle/sync/wire"
)

// photoRetry is how long a picture that did not come is left alone.
const photoRetry = 30 * time.Second

func (c *Client) wakePhotos() {
	select {
	case c.photos <- struct{}{}:
	default:
	}
}

// fetchPhotos gets what is missing, one picture after the other, so that
// pictures never crowd out the channel on a thin line. What fails is tried
// again later; the board shows people without it until then.
func (c *Client) fetchPhotos(ctx context.Context) {
	tr := c.transport()
	defer tr.CloseIdleConnections()
	f := fetcher{Client: c, http: http.Client{
		Transport: tr, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // no hub sends anybody elsewhere
	}}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		timer.Stop()
		var again <-chan time.Time
		if at := f.round(ctx); !at.IsZero() {
			timer.Reset(time.Until(at))
			again = timer.C
		}
		select {
		case <-ctx.Done():
			return
		case <-c.photos:
		case <-again:
		}
	}
}

// A fetcher gets pictures.
type fetcher struct {
	*Client
	http   http.Client
	assets wire.Assets                  // where it asks
	failed map[record.AssetID]time.Time // what it did not get there, and when it asks again
}

// round gets what is missing and returns when to try the rest again; zero: when
// something has changed. While the screen is not connected it does nothing: the
// next welcome wakes it.
func (f *fetcher) round(ctx context.Context) (again time.Time) {
	for _, id := range f.store.MissingPhotos() {
		a := f.assetsNow()
		if a.Token == "" || ctx.Err() != nil {
			return time.Time{}
		}
		if a != f.assets {
			f.assets, f.failed = a, map[record.AssetID]time.Time{}
		}
		at := f.failed[id]
		if !time.Now().Before(at) {
			err := f.fetch(ctx, id)
			if err == nil {
				continue
			}
			f.cfg.Log.DebugContext(ctx, "picture", "asset", id, "error", err)
			at = time.Now().Add(photoRetry)
			f.failed[id] = at
		}
		if again.IsZero() || at.Before(again) {
			again = at
		}
	}
	return again
}

var errContent = errors.New("content is not what the name says")

func (c *Client) setAssets(a wire.Assets) {
	c.assets.Lock()
	defer c.assets.Unlock()
	c.assets.Assets = a
}

func (c *Client) assetsNow() wire.Assets {
	c.assets.Lock()
	defer c.assets.Unlock()
	return c.assets.Assets
}

// fetch gets one picture, and stores it if it is the one that was asked for.
func (f *fetcher) fetch(ctx context.Context, id record.AssetID) error {
	u, err := url.Parse(f.cfg.URL)
	if err != nil {
		return err
	}
	u.Scheme, u.Path = "https", f.assets.Base+string(id)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+f.assets.Token)
	resp, err := f.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("hub answers %d", resp.StatusCode)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, wire.MaxAsset+1))
	if err != nil {
		return err
	}
	if len(b) > wire.MaxAsset {
		return fmt.Errorf("over %d bytes", wire.MaxAsset)
	}
	if sum := sha256.Sum256(b); string(id) != "sha256-"+hex.EncodeToString(sum[:]) {
		return errContent
	}
	return f.store.PutPhoto(id, b)
}
