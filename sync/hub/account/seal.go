package account

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"time"

	"tavle/sync/hub/store"
)

// What the hub has to remember of a question goes through the browser, sealed, so that
// any hub on the same store can take the answer. What was sealed as one thing opens as
// no other.
const (
	sealsQuestions = "question to a passkey"
	sealsJourneys  = "journey to the login provider"
)

// sealer returns what seals. It is looked up once: whoever knocks costs the store
// nothing.
func (d *Desk) sealer(ctx context.Context) (cipher.AEAD, error) {
	d.mu.Lock()
	box := d.box
	d.mu.Unlock()
	if box != nil {
		return box, nil
	}
	var key []byte
	err := d.store.Update(ctx, d.itself(""), func(tx store.Tx) (err error) {
		key, err = tx.Secret(ctx, "manager-questions", random(32))
		return err
	})
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	if box, err = cipher.NewGCM(block); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.box = box
	return box, nil
}

func (d *Desk) seal(ctx context.Context, as string, what any) (string, error) {
	box, err := d.sealer(ctx)
	if err != nil {
		return "", err
	}
	plain, err := json.Marshal(what)
	if err != nil {
		return "", err
	}
	nonce := random(box.NonceSize())
	return base64.RawURLEncoding.EncodeToString(box.Seal(nonce, nonce, plain, []byte(as))), nil
}

// unseal opens what was sealed, or returns [ErrWrong].
func (d *Desk) unseal(ctx context.Context, as, text string, into any) error {
	box, err := d.sealer(ctx)
	if err != nil {
		return err
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) < box.NonceSize() {
		return ErrWrong
	}
	plain, err := box.Open(nil, b[:box.NonceSize()], b[box.NonceSize():], []byte(as))
	if err != nil || json.Unmarshal(plain, into) != nil {
		return ErrWrong
	}
	return nil
}

// once reports whether this is the first answer to a question, which is asked until
// then.
func (d *Desk) once(question string, until time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for q, until := range d.answered {
		if !d.now().Before(until) {
			delete(d.answered, q)
		}
	}
	if _, again := d.answered[question]; again {
		return false
	}
	d.answered[question] = until
	return true
}
