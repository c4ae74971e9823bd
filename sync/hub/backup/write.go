package backup

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"filippo.io/age"

	"tavle/sync/hub/store"
)

// Write writes a backup: a header, of which dump says the schema; the files; and
// the tables that dump gives. With a passphrase it is encrypted. After an error
// what was written is of no use.
func Write(w io.Writer, h Header, files []File, passphrase string, dump func(store.Sink) error) (s Summary, err error) {
	if passphrase == "" {
		return write(w, h, files, dump)
	}
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return s, fmt.Errorf("encrypt: %w", err)
	}
	enc, err := age.Encrypt(w, to)
	if err != nil {
		return s, fmt.Errorf("encrypt: %w", err)
	}
	if s, err = write(enc, h, files, dump); err != nil {
		return s, err
	}
	s.Encrypted = true
	return s, enc.Close()
}

func write(w io.Writer, h Header, files []File, dump func(store.Sink) error) (Summary, error) {
	sum := sha256.New()
	buf := bufio.NewWriterSize(w, 64<<10)
	out := writer{to: buf, all: io.MultiWriter(buf, sum), sum: sum, s: Summary{Header: h, Files: files}}
	_, err := io.WriteString(out.all, firstLine)
	if err == nil {
		out.zip = gzip.NewWriter(out.all)
		out.lines = json.NewEncoder(out.zip)
		out.lines.SetEscapeHTML(false)
		err = dump(&out)
	}
	if err == nil {
		err = out.end()
	}
	return out.s, err
}

// A writer writes a backup. It implements [store.Sink].
type writer struct {
	to    *bufio.Writer
	all   io.Writer // to, summed
	sum   hash.Hash
	zip   *gzip.Writer
	lines *json.Encoder
	s     Summary
}

// Schema implements [store.Sink].
func (w *writer) Schema(version int64) error {
	w.s.Schema = version
	err := w.lines.Encode(line{Header: &w.s.Header})
	for _, f := range w.s.Files {
		if err == nil {
			err = w.lines.Encode(line{File: &f})
		}
	}
	return err
}

// Table implements [store.Sink].
func (w *writer) Table(t store.Table) error {
	w.s.Tables = append(w.s.Tables, Count{Table: t.Name})
	return w.lines.Encode(line{Table: &t})
}

// Row implements [store.Sink].
func (w *writer) Row(values []any) error {
	if len(w.s.Tables) == 0 {
		return errors.New("a row of no table")
	}
	size := 0
	for _, v := range values {
		switch v := v.(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		}
	}
	// JSON makes up to six bytes of one.
	if size > maxLine/8 {
		return fmt.Errorf("table %s: a row of %d bytes; want at most %d", w.s.Tables[len(w.s.Tables)-1].Table, size, maxLine/8)
	}
	w.s.Tables[len(w.s.Tables)-1].Rows++
	return w.lines.Encode(values)
}

func (w *writer) end() error {
	n := w.s.all()
	if err := w.lines.Encode(line{End: &n}); err != nil {
		return err
	}
	if err := w.zip.Close(); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w.to, "\n%s%x\n", lastLine, w.sum.Sum(nil)); err != nil {
		return err
	}
	return w.to.Flush()
}
