// Package store is what a hub remembers: the records of its houses, who signed
// up for what, the boards made from them, the screens and what each has done.
//
// [Store] is the contract; sqlitestore keeps it in one file and pgstore in
// PostgreSQL, and storetest is the suite that every store passes. What must hold whatever the store — a
// mutation once, never more people than places, revisions without gaps — is
// written here once, over the contract: append.go, list.go, board.go.
//
// Nothing is read or written without an [Actor], and one that says too little for
// the audit is refused: the audit is part of the architecture, not of whoever
// remembers it. No error of this package spells a
// name; records are named by kind and ID.
package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// ErrNotFound is returned for what is not there, or belongs to another system.
var ErrNotFound = errors.New("not found")

// ErrTaken is returned for a login that somebody else has.
var ErrTaken = errors.New("somebody else has this login")

// ErrAgain is returned by what [Store.Update] runs, to be run once more in a new
// transaction: what it depends on changed before it had the lock.
var ErrAgain = errors.New("changed meanwhile")

// ErrUnknown is returned by [Store.Update] when the connection to a database
// ended while it was committing: all of it has happened, or none. Mutations are
// sent again and have their result from the first time; whoever else gets it
// looks how things stand before doing anything again.
var ErrUnknown = errors.New("it is not known whether this was stored")

// A Store keeps everything a hub remembers.
type Store interface {
	// View runs f over one moment of the store. Reads of personal data by
	// staff are in the audit when it returns nil; f's caller must not use what
	// f read otherwise. An actor that fails [Actor.Check] is refused by View and
	// Update alike.
	View(ctx context.Context, by Actor, f func(View) error) error

	// Update runs f in one transaction: all of it is durable when Update
	// returns nil, and none of it has happened when it returns an error other
	// than [ErrUnknown]. f may run more than once, and must do nothing that
	// cannot be undone. What staff read in it is in the audit like what they
	// wrote.
	Update(ctx context.Context, by Actor, f func(Tx) error) error

	// Close ends the store once nobody uses it.
	Close() error
}

// A View reads. Everything is limited to the actor's system.
type View interface {
	// Systems returns which systems there are: the actor's own, or all for the
	// hub itself.
	Systems(ctx context.Context) ([]house.ID, error)
	// Get returns one record, or ErrNotFound.
	Get(ctx context.Context, k house.Kind, id house.ID) (house.Record, error)
	// All returns every record of a kind, in the order they came.
	All(ctx context.Context, k house.Kind) ([]house.Record, error)
	// Saying returns the same of those in whose documents this ID stands, or one of
	// these texts as words of their own, and perhaps some more. It is for finding few
	// in many.
	Saying(ctx context.Context, k house.Kind, id house.ID, texts ...string) ([]house.Record, error)
	// On returns the records of a kind that belong to a department, or are
	// shared with it, and are about any of the days from … until.
	On(ctx context.Context, dept house.ID, k house.Kind, from, until house.Day) ([]house.Record, error)
	// Sharing returns the departments that have a list in common with dept
	// from that day on, without dept.
	Sharing(ctx context.Context, dept house.ID, from house.Day) ([]house.ID, error)

	// Places returns who is on a list, in the order they came.
	Places(ctx context.Context, l house.List) ([]Place, error)
	// PlacesOn returns the lists that [View.On] returns the records of.
	PlacesOn(ctx context.Context, dept house.ID, from, until house.Day) (map[house.List][]Place, error)
	// ListsOf returns the lists somebody is on.
	ListsOf(ctx context.Context, person house.ID) ([]house.List, error)

	// Tally returns how often each answer of a poll was given; nothing where
	// nobody has answered.
	Tally(ctx context.Context, poll house.ID) (house.Tally, error)

	// Board returns one board, Boards those of these departments, or of all,
	// in the order of their IDs.
	Board(ctx context.Context, id record.BoardID) (Board, error)
	Boards(ctx context.Context, depts ...house.ID) ([]Board, error)
	// Head returns where a board stands; Heads, where those of these do that
	// there are.
	Head(ctx context.Context, id record.BoardID) (Head, error)
	Heads(ctx context.Context, ids ...record.BoardID) (map[record.BoardID]Head, error)
	// Since returns where a board stands and what changed after rev, each row
	// once; after 0 it is the whole board, without what was deleted.
	Since(ctx context.Context, id record.BoardID, rev uint64) (Head, []record.Op, error)
	// Hashes returns the hashes of these rows, or of all; 0 for deleted ones.
	Hashes(ctx context.Context, id record.BoardID, keys ...record.Key) (map[record.Key]uint64, error)
	// Source returns what a row stands for, and whether the board shows it.
	Source(ctx context.Context, id record.BoardID, k record.Key) (src house.ID, shown bool, err error)
	// Shows reports whether any row of the board refers to a picture.
	Shows(ctx context.Context, id record.BoardID, a record.AssetID) (bool, error)

	// Picture returns what a picture looks like; Pictures returns which of
	// these names have a picture.
	Picture(ctx context.Context, a record.AssetID) ([]byte, error)
	Pictures(ctx context.Context, names []house.Picture) (map[house.Picture]record.AssetID, error)

	// Device returns one screen, Devices all.
	Device(ctx context.Context, id string) (Device, error)
	Devices(ctx context.Context) ([]Device, error)
	// DeviceOf returns the screen, whoever's, that proves itself by this key and
	// is not revoked.
	DeviceOf(ctx context.Context, key ed25519.PublicKey) (Device, error)
	// Pairing returns one screen that wants to be let in, Pairings all in the
	// order they came, those whose time is over among them. They belong to no
	// system yet.
	Pairing(ctx context.Context, id string) (Pairing, error)
	Pairings(ctx context.Context) ([]Pairing, error)
	// Account returns one account, AccountOf the one with a login, whoever's,
	// AccountWith the one with the hash of a code, and AccountBy the one with an
	// identity; Accounts, all of the actor's system. Session returns who is logged
	// in, by the hash of what their browser has.
	Account(ctx context.Context, id string) (Account, error)
	AccountOf(ctx context.Context, login string) (Account, error)
	AccountWith(ctx context.Context, code string) (Account, error)
	AccountBy(ctx context.Context, identity string) (Account, error)
	Accounts(ctx context.Context) ([]Account, error)
	Session(ctx context.Context, id string) (Session, error)
	// Known returns what there is to say to the screens with these
	// installations, as it is at one moment; who is not there is not among it.
	Known(ctx context.Context, of ...Inst) (map[Inst]Known, error)
	// LastSeq returns the highest mutation applied for an installation of a
	// screen, Results those the screen has not confirmed, Result one of them.
	LastSeq(ctx context.Context, i Inst) (uint64, error)
	Results(ctx context.Context, i Inst) ([]wire.Result, error)
	Result(ctx context.Context, i Inst, seq uint64) (wire.Result, error)

	// Audit returns what was done, oldest first, without what this transaction
	// does itself. Lines calls f with the same from a day on, at its place in
	// the chain; Chain says where that ends, ErrNotFound where nothing was done.
	Audit(ctx context.Context) ([]Audit, error)
	Lines(ctx context.Context, from house.Day, f func(Line) error) error
	Chain(ctx context.Context) (Chain, error)
	// Seals returns the signed days, oldest first.
	Seals(ctx context.Context) ([]Seal, error)
	// Pseudonyms returns by which key the actor's system makes them.
	Pseudonyms(ctx context.Context) (PseudonymKey, error)

	// Erasures returns the actor's system's ledger, oldest first; Erasure one of
	// its entries.
	Erasures(ctx context.Context) ([]Erasure, error)
	Erasure(ctx context.Context, id string) (Erasure, error)
	// Withdrawals returns what was taken off boards at somebody's wish, or at
	// anybody's, newest first.
	Withdrawals(ctx context.Context, person house.ID) ([]Withdrawal, error)
}

// A Tx reads and writes. Every change of a record, a list or a screen is in the
// audit without further ado.
type Tx interface {
	View

	// Lock waits until nobody else writes lists or boards of these
	// departments; with none, anything of the system. It is called once, before
	// anything is written, and before anything is read that a write depends on.
	Lock(ctx context.Context, depts ...house.ID) error

	// Put stores a record in place of the one with its kind and ID. It refuses
	// one that [house.Check] finds something wrong with.
	Put(ctx context.Context, r house.Record) error
	// Delete removes a record, with the list that hangs on it. It is no error
	// when there is none.
	Delete(ctx context.Context, k house.Kind, id house.ID) error

	// PutPlace stores somebody's place on a list; a Place without Order goes
	// to the end. DeletePlace takes it away.
	PutPlace(ctx context.Context, l house.List, p Place) error
	DeletePlace(ctx context.Context, l house.List, person house.ID) error

	// PutTally stores how often each answer of a poll was given. It is the only
	// change that is not in the audit: one answer, at one screen, at one moment,
	// would lead back to whoever stood there. Staff cannot do it.
	PutTally(ctx context.Context, poll house.ID, t house.Tally) error

	// PutBoard stores a new board, empty, at revision 0 of a new epoch.
	PutBoard(ctx context.Context, b Board, e record.Epoch) error
	// Renumber begins a new epoch of a board, as after a restore: what screens
	// have of it, and have confirmed, means nothing to it any more.
	Renumber(ctx context.Context, id record.BoardID, e record.Epoch) error
	// DropBoards deletes the boards no screen shows.
	DropBoards(ctx context.Context) error
	// PutRows stores changes of a board and the position they lead to.
	PutRows(ctx context.Context, id record.BoardID, at record.Position, changes []Change) error
	// Purge forgets rows deleted before that moment and returns how many.
	Purge(ctx context.Context, before time.Time) (int, error)

	// PutPicture stores what a picture looks like: a JPEG without metadata.
	PutPicture(ctx context.Context, name house.Picture, jpeg []byte) (record.AssetID, error)
	// DropPictures deletes the pictures no record refers to, and returns how
	// many.
	DropPictures(ctx context.Context) (int, error)

	// PutDevice stores a screen. Booted notes that one started, and when it was
	// heard before. Seen notes when screens were last heard, by a hub that lends
	// on these terms: whether they took a lease nobody knows, so what was longer
	// stays. Acked notes what they have on the glass, unless they are not those
	// that said it any more.
	PutDevice(ctx context.Context, d Device) error
	Booted(ctx context.Context, id, boot string, before time.Time) error
	Seen(ctx context.Context, at time.Time, on Terms, ids ...string) error
	Acked(ctx context.Context, a Ack, ids ...string) error
	// Wiped notes that a screen which is shut out, and has that key still, has
	// destroyed everything. What it said before holds; of one that is not, nothing
	// is noted.
	Wiped(ctx context.Context, id string, key ed25519.PublicKey) error
	// AddPairing stores a screen that wants to be let in. PutPairing stores what
	// became of it, but its key and what it was begun with; when it is not in
	// the state was any more, ErrAgain. MissPairings counts a wrong code against
	// the one, or with no ID against all that wait, and locks those with
	// [wire.MaxCodeTries]. DropPairing forgets one, DropPairings all whose time
	// was over then.
	AddPairing(ctx context.Context, p Pairing) error
	PutPairing(ctx context.Context, p Pairing, was wire.PairState) error
	MissPairings(ctx context.Context, id string) error
	DropPairing(ctx context.Context, id string) error
	DropPairings(ctx context.Context, until time.Time) error
	// PutAccount stores an account, but its tries; Tried stores those. DropAccount
	// deletes one, and ends its sessions. A login or an identity that another
	// account has is [ErrTaken].
	PutAccount(ctx context.Context, a Account) error
	Tried(ctx context.Context, id string, t Tries) error
	DropAccount(ctx context.Context, id string) error
	// PutSession stores a session, DropSession ends one, DropSessionsOf all of an
	// account, DropSessions all that end by then.
	PutSession(ctx context.Context, s Session) error
	DropSession(ctx context.Context, id string) error
	DropSessionsOf(ctx context.Context, account string) error
	DropSessions(ctx context.Context, until time.Time) error
	// PutResult stores the result of the next mutation of an installation.
	PutResult(ctx context.Context, i Inst, r wire.Result) error
	// Release forgets results up to seq.
	Release(ctx context.Context, i Inst, seq uint64) error

	// Secret returns the hub's own secret of that name, 32 bytes; the first
	// call stores fresh.
	Secret(ctx context.Context, name string, fresh []byte) ([]byte, error)

	// Note puts something into the audit that is no change of one record; NoteOf
	// something that was done with one record.
	Note(ctx context.Context, action string) error
	NoteOf(ctx context.Context, action string, k house.Kind, id house.ID) error
	// PutSeal stores the signature of a day.
	PutSeal(ctx context.Context, s Seal) error

	// PutErasure adds to the ledger, or stores the certificate of an entry.
	PutErasure(ctx context.Context, e Erasure) error
	// Pseudonymise puts pseudonyms in place of these IDs, of people and
	// pictures, wherever only their having been is kept: in the audit, in
	// withdrawals, and in deletions that boards still tell of.
	Pseudonymise(ctx context.Context, ids ...string) error
	// PutWithdrawal stores what screens have to confirm; what was withdrawn is in
	// the audit already.
	PutWithdrawal(ctx context.Context, w Withdrawal) error

	// Own returns this transaction as the hub's own work in it, such as making
	// boards: what is read through it is shown to nobody.
	Own() Tx
}

// A Place is somebody's place on a list, as it is kept.
type Place struct {
	house.Place
	Order  int64     // lower came first
	Device string    // the screen it was made on, or ""
	At     time.Time // when it was touched, or staff put it there
}

// A Board is what one kind of screen of one department shows.
type Board struct {
	ID         record.BoardID
	Department house.ID
	External   bool // the department is another system's
	Modules    []record.Module
	Secret     project.Secret
	Org        house.ID
}

// A Head is where a board stands.
type Head struct {
	record.Position
	Floor uint64 // what was deleted up to here is forgotten; whoever is behind needs the whole board
}

// A Change is a change to one row of a board.
type Change struct {
	record.Op
	Src    house.ID         // what the row stands for
	Assets []record.AssetID // that it refers to
	At     time.Time
}

// A Device is a screen as the hub knows it.
type Device struct {
	ID      string
	Org     house.ID
	Screen  house.ID // the record of where it hangs, or ""
	Board   record.BoardID
	Key     ed25519.PublicKey
	Revoked bool
	Acked   wire.Ack // on the glass
	AckedAt time.Time
	Seen    time.Time
	Boot    string    // its present start
	Before  time.Time // when it was heard before that
	Terms   Terms     // of any lease it may hold
	Glass   int       // how many screens with other keys had its name before
	Wiped   time.Time // when it said that it has destroyed everything; zero: it has not
}

// Terms say how long a screen may show people without its hub, and keep them: the
// lease, in whole seconds.
type Terms struct{ Mask, Wipe time.Duration }

// An Ack is what screens said that they have on the glass.
type Ack struct {
	At    wire.Ack
	When  time.Time
	Terms Terms // of the lease that they took before they said so
	Glass int   // see [Device]
}

// A Pairing is a screen that wants to be let in, and how far that is; see
// sync/wire/pair.go.
type Pairing struct {
	ID       string
	Key      ed25519.PublicKey
	Commit   string // to the screen's nonce
	HubNonce string
	Nonce    string // the screen's; "": not told yet
	Pin      string // of the hub's TLS key, as the screen saw it
	Build    string
	State    wire.PairState // or PairBegun
	Why      string         // with refused
	Wrong    int            // codes, so far
	Began    time.Time
	Expires  time.Time
	Org      house.ID // that let it in; "": none
	Device   string   // as what
}

// PairBegun is the state of a pairing whose screen has not told its nonce. It
// does not travel.
const PairBegun wire.PairState = "begun"

// Code returns what the screen's glass shows.
func (p Pairing) Code() wire.Code {
	return wire.PairCode(wire.B64.EncodeToString(p.Key), p.Pin, p.HubNonce, p.Nonce)
}

// An Inst is one installation of a screen: its mutations are numbered from 1.
type Inst struct {
	Device string
	Inst   string
}

// Known is what there is to say to a screen that comes.
type Known struct {
	Device  Device
	Head    Head // of its board
	LastSeq uint64
	Results []wire.Result // that it has not confirmed
}
