package hub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// An ErasureCertificate says, to whoever has the hub's key, that somebody was
// forgotten, how, what was looked for afterwards, and which screens have confirmed.
// It names nobody. Its fields are those of the sample certificate of NIST SP 800-88,
// as far as there is no medium that is handed over, and whose it was.
type ErasureCertificate struct {
	Schema    string      `json:"schema"`
	Tenant    house.ID    `json:"tenant"`
	Scope     string      `json:"scope"`
	ErasureID string      `json:"erasure_id"`
	Subject   string      `json:"subject"` // pseudonym: only the hub can tell whose ID it belongs to
	Level     store.Level `json:"level"`
	At        time.Time   `json:"at"`
	Issued    time.Time   `json:"issued"` // this copy
	By        string      `json:"performed_by"`

	Medium    string `json:"medium"`
	Method    string `json:"method"`
	Technique string `json:"technique"`
	Tool      string `json:"tool"`
	Removed   struct {
		Records  int `json:"records_deleted"`
		Changed  int `json:"records_changed"`
		Lists    int `json:"lists"`
		Pictures int `json:"pictures"`
		Boards   int `json:"boards"`
	} `json:"removed"`
	Verification struct {
		Method string `json:"method"`
		Found
		Result string `json:"result"`
	} `json:"verification"`

	Screens    []CertifiedScreen `json:"screens"`
	Confirmed  int               `json:"screens_confirmed"`
	LastBackup time.Time         `json:"last_backup_expires"`
	Limits     string            `json:"limits"`

	Key       string `json:"key"`
	Signature string `json:"signature,omitempty"`
}

// A CertifiedScreen is what a certificate says of one screen.
type CertifiedScreen struct {
	Screen string       `json:"screen"`
	Place  house.ID     `json:"place,omitempty"`
	State  ConfirmState `json:"state"`
	Heard  *time.Time   `json:"last_heard,omitempty"` // of one that has not confirmed, like the next
	Masks  *time.Time   `json:"shows_nobody_from,omitempty"`
	Wipes  *time.Time   `json:"destroys_all_at,omitempty"`
}

const (
	certificateSchema = "tavle-erasure-certificate/1"
	certificateDomain = "tavle-erasure-certificate-1"
)

// certify stores the certificate of an erasure, without what screens will say.
func (h *Hub) certify(ctx context.Context, by store.Actor, e *eraser, f Found) error {
	c := ErasureCertificate{
		Schema: certificateSchema, Tenant: by.Org, Scope: "one person: " + string(e.toll.Kind), ErasureID: e.id, Level: e.Level, At: e.edit.now.UTC(),
		Medium: "database of the hub; caches of its screens", Method: "Clear; on screens, Cryptographic Erase (NIST SP 800-88)",
		Technique: "Rows and pictures were deleted and the database was written anew without them. Screens destroy the keys of what they held, then the rows.",
		Tool:      strings.TrimSpace("tavle-hub " + h.opt.Build), LastBackup: e.edit.now.UTC().Add(h.opt.KeepBackups),
		Limits: "Copies made outside tavle-hub, and logs and replicas of a database server, are for whoever runs them.",
	}
	c.Removed.Records, c.Removed.Changed, c.Removed.Lists = len(e.toll.Deleted), len(e.toll.Changed), e.toll.Lists
	c.Removed.Pictures, c.Removed.Boards = e.toll.Pictures, e.toll.Boards
	c.Verification.Found = f
	c.Verification.Method = "searched every record, list, board and audit line for the person's ID"
	if f.Bytes > 0 {
		c.Verification.Method += ", and every byte of the database for the ID and for what said who they were"
	}
	c.Verification.Result = "nothing was found"
	if f.Left > 0 {
		c.Verification.Result = fmt.Sprintf("FAILED: found %d times", f.Left)
	}
	return h.store.Update(ctx, by, func(tx store.Tx) error {
		entry, err := tx.Erasure(ctx, e.id)
		if err != nil {
			return err
		}
		c.Subject = entry.Pseudonym
		if c.By, err = performedBy(ctx, tx, by); err != nil {
			return err
		}
		b, err := json.Marshal(c)
		if err != nil {
			return err
		}
		entry.Certificate = string(b)
		return tx.PutErasure(ctx, entry)
	})
}

// performedBy says who forgot somebody. Staff stand there by their pseudonym: they
// may be erased one day, and what is signed cannot be changed then.
func performedBy(ctx context.Context, v store.View, by store.Actor) (string, error) {
	if by.Kind != store.ByStaff {
		return strings.TrimSpace(string(by.Kind) + " " + by.ID), nil
	}
	key, err := v.Pseudonyms(ctx)
	return string(by.Kind) + " " + key.Of(by.ID), err
}

// ErasureCertificate returns the certificate of an erasure as it stands: with what
// its screens have confirmed by now, signed.
func (h *Hub) ErasureCertificate(ctx context.Context, by store.Actor, id string) (c ErasureCertificate, err error) {
	by.At = h.now()
	h.flush(ctx)
	err = h.store.View(ctx, by, func(v store.View) error {
		entry, err := v.Erasure(ctx, id)
		if err != nil {
			return err
		}
		if entry.Certificate == "" {
			return fmt.Errorf("erasure %s was done, and its certificate is not in this store", id)
		}
		if err := json.Unmarshal([]byte(entry.Certificate), &c); err != nil {
			return fmt.Errorf("stored certificate: %w", err)
		}
		list, err := v.Withdrawals(ctx, house.ID(entry.Pseudonym))
		if err != nil {
			return err
		}
		for _, w := range list {
			if w.Action != string(entry.Level) {
				continue
			}
			all, err := h.confirmations(ctx, v, []store.Withdrawal{w}, by.At)
			if err != nil {
				return err
			}
			c.screens(all[0])
			break
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	c.Issued = by.At.UTC().Truncate(time.Second)
	c.Key = wire.SigningPin(h.SigningKey())
	c.Signature = wire.B64.EncodeToString(h.sign(certificateDomain, c.signed()))
	return c, nil
}

func (c *ErasureCertificate) screens(w Withdrawal) {
	moment := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		t = t.UTC().Truncate(time.Second)
		return &t
	}
	c.Confirmed = w.Confirmed()
	for _, s := range w.Screens {
		x := CertifiedScreen{Screen: s.Device, Place: s.Place, State: s.State}
		if !s.State.Done() {
			x.Heard, x.Masks, x.Wipes = moment(s.Heard), moment(s.Masks), moment(s.Wipes)
		}
		c.Screens = append(c.Screens, x)
	}
}

// signed returns what the signature is over: all but itself.
func (c ErasureCertificate) signed() string {
	c.Signature = ""
	b, err := json.Marshal(c)
	if err != nil {
		panic("hub: certificate: " + err.Error()) // it holds nothing that cannot be
	}
	return string(b)
}

// maxCertificate bounds a certificate that is read: one of 20,000 screens.
const maxCertificate = 8 << 20

// VerifyErasureCertificate reads a certificate and returns an error unless the hub
// with that key signed every word of it.
func VerifyErasureCertificate(r io.Reader, key ed25519.PublicKey) (c ErasureCertificate, err error) {
	const what = "erasure"
	if err := readAttested(r, what, &c); err != nil {
		return c, err
	}
	return c, verifyAttested(key, what, [2]string{c.Schema, certificateSchema}, certificateDomain, c.signed(), c.Signature)
}

// readAttested reads a certificate of something into a struct, all of which is known.
func readAttested(r io.Reader, what string, into any) error {
	b, err := io.ReadAll(io.LimitReader(r, maxCertificate+1))
	if err != nil {
		return err
	}
	if len(b) > maxCertificate {
		return fmt.Errorf("over %d bytes: it is no certificate", maxCertificate)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("it is no certificate of %s: %w", what, err)
	}
	return nil
}

// verifyAttested returns an error unless its schema is the one wanted, and what is
// signed is signed by key.
func verifyAttested(key ed25519.PublicKey, what string, schema [2]string, domain, signed, signature string) error {
	if schema[0] != schema[1] {
		return fmt.Errorf("it is no certificate of %s: schema %q, want %q", what, schema[0], schema[1])
	}
	sig, err := wire.B64.DecodeString(signature)
	if err != nil || !wire.VerifySigned(key, sig, domain, signed) {
		return errors.New("it is not as the hub with this key signed it")
	}
	return nil
}

// Write writes the certificate in words. What is signed is its JSON.
func (c ErasureCertificate) Write(w io.Writer) error {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "%-22s %s\n", label, fmt.Sprintf(format, args...))
	}
	at := func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
	fmt.Fprintf(&b, "Certificate of erasure\n\n")
	line("Controller's system", "%s", c.Tenant)
	line("Erasure", "%s", c.ErasureID)
	line("Scope", "%s, known to the hub as %s", c.Scope, c.Subject)
	line("Level", "%s", c.Level)
	line("Done", "%s, by %s", at(c.At), c.By)
	line("Medium", "%s", c.Medium)
	line("Method", "%s", c.Method)
	line("Technique", "%s", c.Technique)
	line("Tool", "%s", c.Tool)
	line("Removed", "%d records; mentions in %d others; from %d lists; %d pictures; %d boards changed",
		c.Removed.Records, c.Removed.Changed, c.Removed.Lists, c.Removed.Pictures, c.Removed.Boards)
	line("Verification", "%s", c.Verification.Method)
	line("", "%d values; %d texts and %d bytes searched; %d values shared with others or too short for bytes",
		c.Verification.Values, c.Verification.Texts, c.Verification.Bytes, c.Verification.Skipped)
	line("Result", "%s", c.Verification.Result)
	if n := c.Verification.Named; n > 0 {
		line("", "%d records of others spell a name that may be theirs; left for a person to judge", n)
	}
	line("Screens", "%d of %d show nothing of them any more", c.Confirmed, len(c.Screens))
	for _, s := range c.Screens {
		if s.State.Done() {
			line("", "%s: %s", s.Screen, s.State)
			continue
		}
		words := fmt.Sprintf("%s: %s", s.Screen, s.State)
		if s.Heard != nil {
			words += fmt.Sprintf("; last heard %s; shows nobody from %s; destroys all at %s", at(*s.Heard), at(*s.Masks), at(*s.Wipes))
		}
		line("", "%s", words)
	}
	line("Last backup expires", "%s", at(c.LastBackup))
	line("Limits", "%s", c.Limits)
	line("This copy", "%s", at(c.Issued))
	line("Hub's key", "%s", c.Key)
	line("Signature", "%s", c.Signature)
	_, err := io.WriteString(w, b.String())
	return err
}
