package backup

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"

	"tavle/sync/hub/store"
)

// Read reads a backup to its end and gives what it holds to a sink, if there is
// one. Only when it returns nil was the backup whole and unchanged, and the sink
// must not have done anything by then that cannot be undone.
func Read(r io.Reader, passphrase string, to store.Sink) (Summary, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	start, err := in.Peek(len(ageLine))
	if err != nil && !errors.Is(err, io.EOF) {
		return Summary{}, err
	}
	if string(start) != ageLine {
		return read(in, to)
	}
	if passphrase == "" {
		return Summary{}, fmt.Errorf("%w; name the file with its passphrase", ErrPassphrase)
	}
	id, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return Summary{}, err
	}
	var wrong *age.NoIdentityMatchError
	plain, err := age.Decrypt(in, id)
	switch {
	case errors.As(err, &wrong):
		return Summary{}, fmt.Errorf("%w, and not with this passphrase", ErrPassphrase)
	case err != nil:
		return Summary{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	s, err := read(bufio.NewReaderSize(plain, 64<<10), to)
	s.Encrypted = true
	return s, err
}

func read(in *bufio.Reader, to store.Sink) (Summary, error) {
	var s Summary
	sum := sha256.New()
	start, err := in.Peek(len(firstLine))
	switch {
	case string(start) == firstLine:
	case strings.HasPrefix(string(start), anyFormat):
		version, _, _ := strings.Cut(strings.TrimPrefix(string(start), anyFormat), "\n")
		return s, fmt.Errorf("%w: its format is %q, this one reads 1", ErrFormat, version)
	case err != nil && !errors.Is(err, io.EOF):
		return s, fmt.Errorf("%w: %w", ErrDamaged, err)
	default:
		return s, ErrNone
	}
	body := &tailed{r: in, keep: tailSize}
	whole := &counted{r: io.TeeReader(body, sum)}
	p := parser{s: &s, to: to}
	err = p.read(whole)
	if err == nil {
		_, err = io.Copy(io.Discard, whole) // there should be nothing more
	}
	if err == nil && string(body.tail) != fmt.Sprintf("\n%s%x\n", lastLine, sum.Sum(nil)) {
		err = errors.New("its checksum is another")
	}
	var refused refusal
	switch {
	case err == nil:
		return s, nil
	case errors.As(err, &refused):
		return s, refused.error
	case errors.Is(err, ErrFormat):
		return s, fmt.Errorf("%w%s", err, p.place(whole.n))
	}
	return s, fmt.Errorf("%w%s: %w", ErrDamaged, p.place(whole.n), err)
}

// A refusal is an error of the sink: it is not the backup that is wrong.
type refusal struct{ error }

// A parser reads lines.
type parser struct {
	s  *Summary
	to store.Sink

	table store.Table
	ended bool
}

// place says how far it came, in bytes of the file, or, of one that is encrypted,
// of what is in it.
func (p *parser) place(n int64) string {
	if p.table.Name == "" {
		return fmt.Sprintf(" near byte %d", n)
	}
	return fmt.Sprintf(" near byte %d, after row %d of table %s", n, p.s.Rows(p.table.Name), p.table.Name)
}

func (p *parser) read(r io.Reader) error {
	if _, err := io.ReadFull(r, make([]byte, len(firstLine))); err != nil {
		return err
	}
	in := bufio.NewReader(r) // gzip reads no further than it must
	zip, err := gzip.NewReader(in)
	if err != nil {
		return err
	}
	zip.Multistream(false)
	lines := bufio.NewReaderSize(zip, 64<<10)
	for n := 0; ; n++ {
		text, err := nextLine(lines)
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0 && p.ended:
			if n, _ := io.Copy(io.Discard, in); n > 0 {
				return fmt.Errorf("%d bytes after its end", n)
			}
			return nil
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		case p.ended:
			return errors.New("a line after its end")
		case text[0] == '[':
			err = p.row(text)
		default:
			err = p.line(text, n)
		}
		if err != nil {
			return err
		}
	}
}

// nextLine returns the next line; it refuses one that is too long before it is
// read.
func nextLine(r *bufio.Reader) (text []byte, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(text)+len(part) > maxLine {
			return nil, fmt.Errorf("a line of over %d bytes", maxLine)
		}
		text = append(text, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, err
		}
	}
}

// line takes a line that is no row; n counts from 0.
func (p *parser) line(text []byte, n int) error {
	var l line
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return err
	}
	switch {
	case n == 0 && l.Header != nil:
		p.s.Header = *l.Header
		return p.tell(func(to store.Sink) error { return to.Schema(l.Schema) })
	case n == 0:
		return errors.New("it does not say what it is")
	case l.File != nil && len(p.s.Tables) == 0:
		p.s.Files = append(p.s.Files, *l.File)
		return nil
	case l.Table != nil:
		p.table = *l.Table
		p.s.Tables = append(p.s.Tables, Count{Table: p.table.Name})
		return p.tell(func(to store.Sink) error { return to.Table(p.table) })
	case l.End != nil && *l.End == p.s.all():
		p.ended = true
		return nil
	}
	return errors.New("a line that says nothing, or the wrong number of rows")
}

func (p *parser) row(text []byte) error {
	if len(p.s.Tables) == 0 {
		return errors.New("a row of no table")
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	if len(raw) != len(p.table.Columns) {
		return fmt.Errorf("a row of %d columns, want %d", len(raw), len(p.table.Columns))
	}
	values := make([]any, len(raw))
	for i, c := range p.table.Columns {
		v, err := value(raw[i], c)
		if err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
		values[i] = v
	}
	p.s.Tables[len(p.s.Tables)-1].Rows++
	return p.tell(func(to store.Sink) error { return to.Row(values) })
}

func value(raw json.RawMessage, c store.Column) (any, error) {
	if string(raw) == "null" {
		return nil, nil
	}
	switch c.Type {
	case store.TypeText:
		var v string
		err := json.Unmarshal(raw, &v)
		return v, err
	case store.TypeInteger:
		var v int64
		err := json.Unmarshal(raw, &v)
		return v, err
	case store.TypeBlob:
		v := []byte{}
		err := json.Unmarshal(raw, &v)
		return v, err
	}
	return nil, fmt.Errorf("a type %q", c.Type)
}

func (p *parser) tell(f func(store.Sink) error) error {
	if p.to == nil {
		return nil
	}
	if err := f(p.to); err != nil {
		return refusal{err}
	}
	return nil
}

// A tailed reader reads all but the last bytes of another, which it keeps.
type tailed struct {
	r    *bufio.Reader
	keep int
	tail []byte
}

// Read implements [io.Reader].
func (t *tailed) Read(b []byte) (int, error) {
	ahead, err := t.r.Peek(min(len(b), 32<<10) + t.keep)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	n := len(ahead) - t.keep
	if n <= 0 {
		t.tail = bytes.Clone(ahead)
		return 0, io.EOF
	}
	copy(b, ahead[:n])
	_, err = t.r.Discard(n)
	return n, err
}

// A counted reader knows how much was read.
type counted struct {
	r io.Reader
	n int64
}

// Read implements [io.Reader].
func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}
