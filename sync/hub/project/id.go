package project

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// idLetters is the length of a board's IDs: 80 bits, enough that two of 20,000
// rows do not meet, and that nobody finds the one for an ID they know.
const idLetters = 16

// id returns what the board calls the record of that kind and ID. It depends on
// the board's secret, which is its department's: boards of one department call
// everything alike whatever their modules, and the data of two departments cannot
// be joined.
func (b Board) id(kind record.Kind, id house.ID) string {
	m := hmac.New(sha256.New, b.Secret)
	m.Write([]byte(kind))
	m.Write([]byte{0})
	m.Write([]byte(id))
	return strings.ToLower(base32.HexEncoding.EncodeToString(m.Sum(nil)))[:idLetters]
}

// RowKey returns the row that stands for a record on this board, if the board
// shows it.
func (b Board) RowKey(kind record.Kind, id house.ID) record.Key {
	return record.Key{Kind: kind, ID: b.id(kind, id)}
}

// Key returns the row that stands for a list on this board.
func (b Board) Key(l house.List) record.Key { return b.RowKey(record.Kind(l.Kind), l.ID) }

// PersonKey returns the row that stands for a person on this board, if the
// board shows them.
func (b Board) PersonKey(id house.ID) record.Key {
	return b.RowKey(record.KindPerson, id)
}
