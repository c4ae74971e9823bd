package store

import (
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// An Account is somebody who may log in at the hub. What the audit says of them is
// its ID: name and login are personal data, and go with the account.
type Account struct {
	ID          string   // random
	Org         house.ID // "": the house is still to be made
	Login       record.Name
	Name        record.Name // what others at work call them
	Staff       house.ID    // their record in the house, or ""
	Role        string
	Departments []house.ID // where they work; a superuser reaches all
	Language    record.Lang
	Off         bool // they may not log in

	Password string    // hashed; "": none
	TOTP     string    // the secret of codes that change, in base 32; "": none
	Alone    bool      // the password is enough; in a demonstration
	Passkeys []Passkey // keys that prove who they are by themselves
	Identity string    // the hash of who they are at the login provider; "": nobody

	// Code is the hash of a code by which they choose how to log in, once, until
	// then; "": there is none. Who has not done so yet has no login.
	Code      string
	CodeUntil time.Time

	Tries Tries
}

// A Passkey is a key of somebody's telephone, computer or key ring.
type Passkey struct {
	ID   []byte
	Doc  []byte // as the library that checks it keeps it: JSON
	Made time.Time
}

// Tries is what is kept of somebody's logging in, so that nobody guesses.
type Tries struct {
	Wrong  int       // one after the other, so far
	Locked time.Time // they may not try before
	Step   int64     // the last step of [Account].TOTP that was used
}

// A Session is somebody who is logged in at one browser.
type Session struct {
	ID      string // the hash of what the browser has
	Account string
	Began   time.Time
	Seen    time.Time
	Until   time.Time // it ends then, whatever they do
	Proved  time.Time // when they last proved who they are
	Partial bool      // a password alone: they may do nothing but choose a second proof
}
