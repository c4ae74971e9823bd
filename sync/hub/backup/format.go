// Package backup is the file in which everything a hub remembers is kept
// elsewhere: one format for every database, so that a house can move from one to
// another.
//
// A file is, from the outside in:
//
//	age          only with a passphrase: encrypted and authenticated in chunks
//	first line   "tavle backup 1"
//	gzip         lines of JSON: a header, the hub's keys, each table and its rows,
//	             an end that counts them
//	last line    "sha256 " and the sum of all bytes before it
//
// It is written and read from the first byte to the last, so neither takes more
// memory than one row. What it says is to be believed once [Read] has returned
// nil, and not before.
package backup

import (
	"errors"
	"time"

	"tavle/sync/hub/store"
)

const (
	firstLine = "tavle backup 1\n"
	anyFormat = "tavle backup " // of whatever version
	ageLine   = "age-encryption.org/v1"

	lastLine = "sha256 "
	tailSize = len("\n"+lastLine) + 64 + len("\n")

	// maxLine is the longest line, in bytes: a row with a picture in it.
	maxLine = 32 << 20
)

// A Header says what a backup is of.
type Header struct {
	Schema   int64     `json:"schema"`
	Made     time.Time `json:"made"`
	Database string    `json:"database"` // "SQLite" or "PostgreSQL"
	Build    string    `json:"build"`    // the program that wrote it
}

// A File is a file of the hub's folder that belongs to the backup, such as its
// key.
type File struct {
	Name string `json:"file"`
	Data []byte `json:"data"`
}

// A Summary says what is in a backup, and nobody's name.
type Summary struct {
	Header
	Encrypted bool
	Files     []File
	Tables    []Count
}

// A Count is how many rows a table has.
type Count struct {
	Table string
	Rows  int64
}

// Rows returns how many rows a table has.
func (s *Summary) Rows(table string) int64 {
	for _, c := range s.Tables {
		if c.Table == table {
			return c.Rows
		}
	}
	return 0
}

// all returns how many rows there are.
func (s *Summary) all() (n int64) {
	for _, c := range s.Tables {
		n += c.Rows
	}
	return n
}

// A line that is no row is one of these.
type line struct {
	*Header
	*File
	*store.Table
	End *int64 `json:"rows,omitempty"` // how many rows there were
}

// What can be wrong with a file.
var (
	// ErrNone is for what is no backup at all.
	ErrNone = errors.New("this is no backup of a hub")
	// ErrFormat is for a backup of another format.
	ErrFormat = errors.New("made by another version of tavle-hub")
	// ErrDamaged is for one that is not what was written.
	ErrDamaged = errors.New("the backup is damaged")
	// ErrPassphrase is for a passphrase that is missing or wrong.
	ErrPassphrase = errors.New("the backup is encrypted")
)
