package hub

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// An EndCertificate says, to whoever has the hub's key, that everything that was kept
// for a house is erased, and of every place where something was how that stands
// (R-DPA-24, R-DPA-25). It names nobody.
type EndCertificate struct {
	Schema   string    `json:"schema"`
	Tenant   house.ID  `json:"tenant"`
	Entry    house.ID  `json:"register_entry"`
	Choice   string    `json:"choice"`
	Copied   string    `json:"returned,omitempty"` // when the copy was taken, by the house's clock
	At       string    `json:"at"`                 // by the house's clock
	Issued   time.Time `json:"issued"`             // this copy
	By       string    `json:"performed_by"`
	Method   string    `json:"method"`
	Tool     string    `json:"tool"`
	People   int       `json:"people"`
	Records  int       `json:"records"`
	Accounts int       `json:"accounts"`
	Verified struct {
		Method string `json:"method"`
		Texts  int    `json:"texts"`
		Bytes  int    `json:"bytes"`
		Result string `json:"result"`
	} `json:"verification"`
	Locations []EndLocation `json:"locations"`
	Stays     string        `json:"stays"`
	Limits    string        `json:"limits"`
	Key       string        `json:"key"`
	Signature string        `json:"signature,omitempty"`
}

// An EndLocation is a place where something was kept.
type EndLocation struct {
	What   string      `json:"what"` // "database of the hub", "backups", "screen", "subprocessor"
	Name   string      `json:"name,omitempty"`
	Place  record.Text `json:"place,omitempty"`
	Method string      `json:"method"`
	State  string      `json:"state"`          // "done" or "pending"
	At     string      `json:"date,omitempty"` // since when, or by when at the latest
}

const (
	endSchema = "tavle-end-certificate/1"
	endDomain = "tavle-end-certificate-1"
)

// EndCertificate returns the certificate of a contract that has ended, by the entry that
// says so, as it stands: with what screens have said by now, signed.
func (h *Hub) EndCertificate(ctx context.Context, by store.Actor, id house.ID) (c EndCertificate, err error) {
	by.At = h.now()
	h.flush(ctx)
	err = h.store.View(ctx, by, func(v store.View) error {
		e, err := store.Get[house.Entry](ctx, v, id)
		if err == nil && (e.Ending == nil || e.Ending.State != "done") {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		c = EndCertificate{
			Schema: endSchema, Tenant: by.Org, Entry: e.ID, Choice: e.Ending.Choice, Copied: string(e.Ending.Copied), At: string(e.Written), By: e.Ending.By, Tool: e.Ending.Tool,
			Method: "Clear; on screens, Cryptographic Erase (NIST SP 800-88)", People: e.Ending.People, Records: e.Ending.Records, Accounts: e.Ending.Accounts,
			Stays:  "who was responsible; the registers; the audit, with pseudonyms in place of people; the ledger of erasures; the account of whoever did it",
			Limits: "Copies made outside tavle-hub, and logs and replicas of a database server, are for whoever runs them.",
		}
		c.Verified.Method, c.Verified.Texts, c.Verified.Bytes = "searched what is left of records, boards and audit for everybody's ID", e.Ending.Searched, e.Ending.Bytes
		if e.Ending.Bytes > 0 {
			c.Verified.Method += ", and every byte of the database for what said who they were"
		}
		switch {
		case e.Ending.Searched == 0:
			c.Verified.Result = "not done: the hub stopped before"
		case e.Ending.Left > 0:
			c.Verified.Result = fmt.Sprintf("FAILED: found %d times", e.Ending.Left)
		default:
			c.Verified.Result = "nothing was found"
		}
		return h.locations(ctx, v, e, by.At, &c)
	})
	if err != nil {
		return c, err
	}
	c.Issued = by.At.UTC().Truncate(time.Second)
	c.Key = wire.SigningPin(h.SigningKey())
	c.Signature = wire.B64.EncodeToString(h.sign(endDomain, c.signed()))
	return c, nil
}

// locations says of every place how it stands.
func (h *Hub) locations(ctx context.Context, v store.View, e house.Entry, now time.Time, c *EndCertificate) error {
	end, day := e.Ending, func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	backups := EndLocation{What: "backups", Method: "they expire", State: "pending", At: string(end.Backups)}
	if house.DayOf(now.UTC()) > end.Backups {
		backups.State = "done"
	}
	c.Locations = []EndLocation{
		{What: "database of the hub", Method: "rows and pictures deleted, the database written anew without them", State: "done", At: string(e.Written.Day())}, backups,
	}
	devices, err := v.Devices(ctx)
	if err != nil {
		return err
	}
	known := map[string]store.Device{}
	for _, d := range devices {
		known[d.ID] = d
	}
	for _, p := range end.Places {
		l := EndLocation{What: "screen", Name: p.Device, Place: p.Place, Method: "told to destroy its keys, then its rows; shut out", State: "pending"}
		d, ok := known[p.Device]
		holds, since := ScreenState{Device: d}.Holds(now)
		switch {
		case !ok, holds == HoldsNone:
			if l.State = "done"; !since.IsZero() {
				l.At = day(since)
			}
		case !d.Seen.IsZero():
			l.At = day(d.Seen.Add(d.Terms.Wipe + unseen)) // by itself, if it stays away
		}
		c.Locations = append(c.Locations, l)
	}
	systems, err := store.All[house.System](ctx, v)
	if err != nil {
		return err
	}
	for _, s := range systems {
		for _, sub := range s.Subprocessor {
			c.Locations = append(c.Locations, EndLocation{What: "subprocessor", Name: sub.Name, Method: "has to confirm it", State: "pending"})
		}
	}
	return nil
}

// signed returns what the signature is over: all but itself.
func (c EndCertificate) signed() string {
	c.Signature = ""
	b, err := json.Marshal(c)
	if err != nil {
		panic("hub: certificate: " + err.Error()) // it holds nothing that cannot be
	}
	return string(b)
}

// VerifyEndCertificate reads a certificate and returns an error unless the hub with that
// key signed every word of it.
func VerifyEndCertificate(r io.Reader, key ed25519.PublicKey) (c EndCertificate, err error) {
	const what = "the end of a contract"
	if err := readAttested(r, what, &c); err != nil {
		return c, err
	}
	return c, verifyAttested(key, what, [2]string{c.Schema, endSchema}, endDomain, c.signed(), c.Signature)
}
