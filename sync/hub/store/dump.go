package store

import "context"

// A Sink takes everything a store remembers, table by table, as it is kept: for
// backups. Schema comes first, then each table with its rows, those that others
// refer to before those.
type Sink interface {
	// Schema says by which schema the tables are made.
	Schema(version int64) error
	// Table begins a table.
	Table(t Table) error
	// Row takes a row of it: for each column an int64, a string, a []byte or
	// nil. It is not kept beyond the call.
	Row(values []any) error
}

// A Table is a table of a database, alike on all.
type Table struct {
	Name    string   `json:"table"`
	Columns []Column `json:"columns"`
}

// A Column is a column of a table.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"` // TypeText, TypeInteger or TypeBlob
}

// What a column holds.
const (
	TypeText    = "text"
	TypeInteger = "integer"
	TypeBlob    = "blob"
)

// A Dumper is a store that can be backed up.
type Dumper interface {
	// Dump gives one moment of everything to a sink, while others read and
	// write.
	Dump(ctx context.Context, to Sink) error
}

// A Loader is a store that takes in what another one dumped.
type Loader interface {
	// Load puts what from gives to a sink in place of everything that is
	// there, in one transaction: all of it or, on an error, nothing. The tables
	// must be of this store's schema.
	Load(ctx context.Context, from func(Sink) error) error
}

// A Scrubber is a store that can make its files forget.
type Scrubber interface {
	// Scrub sees to it that no file of the store holds anything of what was
	// deleted or overwritten by transactions that ended before. The store is
	// written anew, and others wait meanwhile. It says nothing of copies, of
	// what a disk keeps of a deleted file, or of a server's own log for
	// replicas and recovery.
	Scrub(ctx context.Context) error
}
