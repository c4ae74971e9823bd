package client

import (
	"context"
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
	client := &http.Client{Transport: tr, Timeout: time.Minute}
	timer := time.NewTimer(photoRetry)
	defer timer.Stop()
	for {
		failed := false
		for _, id := range c.store.MissingPhotos() {
			if ctx.Err() != nil {
				return
			}
			if err := c.fetchPhoto(ctx, client, id); err != nil {
				failed = true
				c.cfg.Log.DebugContext(ctx, "picture", "asset", id, "error", err)
			}
		}
		timer.Stop()
		var again <-chan time.Time
		if failed {
			timer.Reset(photoRetry)
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

var errNoAssets = errors.New("no address for pictures yet")

func (c *Client) fetchPhoto(ctx context.Context, client *http.Client, id record.AssetID) error {
	c.assets.Lock()
	a := c.assets.Assets
	c.assets.Unlock()
	if a.Token == "" {
		return errNoAssets
	}
	u, err := url.Parse(c.cfg.URL)
	if err != nil {
		return err
	}
	u.Scheme, u.Path = "https", a.Base+string(id)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+a.Token)
	resp, err := client.Do(req)
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
	return c.store.PutPhoto(id, b)
}
