// Package account says who of the staff may log in at the hub, how they prove who
// they are, and what each role may do. It knows no page and no browser:
// sync/hub/manager asks it.
//
// A password alone lets nobody in: it takes a code that changes, too, or a passkey
// in place of both. What browsers, letters and telephones hold is a secret of which
// the store has a hash, or, of codes that change, the key that they are made with.
package account
