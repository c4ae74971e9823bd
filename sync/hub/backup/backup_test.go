package backup

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/disk"
	"tavle/sync/hub/store"
)

var header = Header{Made: time.Date(2026, 11, 28, 16, 0, 0, 0, time.UTC), Database: "SQLite", Build: "test"}

var keys = []File{{"hub-cert.pem", []byte("certificate")}, {"hub-key.pem", []byte("key\x00\xff")}}

// dump gives two tables with everything a column can hold.
func dump(to store.Sink) error {
	err := to.Schema(6)
	if err == nil {
		err = to.Table(store.Table{Name: "entity", Columns: []store.Column{{Name: "id", Type: "text"}, {Name: "n", Type: "integer"}, {Name: "b", Type: "blob"}}})
	}
	for _, row := range rows {
		if err == nil {
			err = to.Row(row)
		}
	}
	if err == nil {
		err = to.Table(store.Table{Name: "void", Columns: []store.Column{{Name: "id", Type: "text"}}})
	}
	return err
}

var rows = [][]any{
	{"a", int64(-1 << 63), []byte{0, 1, 255}},
	{"<&>\u2028\x00\n\"æ", int64(1<<63 - 1), []byte{}},
	{nil, nil, nil},
	{"", int64(0), bytes.Repeat([]byte("picture"), 300)},
}

// taken is a sink that writes down what it is given.
type taken struct{ strings.Builder }

func (k *taken) Schema(v int64) error      { fmt.Fprintln(k, "schema", v); return nil }
func (k *taken) Table(t store.Table) error { fmt.Fprintf(k, "%q\n", t); return nil }
func (k *taken) Row(values []any) error    { fmt.Fprintf(k, "%#v\n", values); return nil }
func written(t testing.TB, pass string) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := Write(&b, header, keys, pass, dump)
	require.NoError(t, err)
	return b.Bytes()
}

// What is read is what was written, encrypted or not.
//
// R-ACT-05.
func TestReadIsWhatWasWritten(t *testing.T) {
	var want taken
	require.NoError(t, dump(&want))
	for _, pass := range []string{"", "correct horse battery"} {
		file := written(t, pass)
		var got taken
		s, err := Read(bytes.NewReader(file), pass, &got)
		require.NoError(t, err)
		require.Equal(t, want.String(), got.String())
		h := header
		h.Schema = 6
		require.Equal(t, Summary{Header: h, Encrypted: pass != "", Files: keys, Tables: []Count{{"entity", 4}, {"void", 0}}}, s)
		if pass != "" {
			require.NotContains(t, string(file), anyFormat)
		}
	}
}

// No byte of it can be another, missing or too much without its being noticed,
// and the error says where.
func TestDamageIsNoticedWherever(t *testing.T) {
	file := written(t, "")
	require.Less(t, len(file), 4000)
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 1 << (i % 8)
		_, err := Read(bytes.NewReader(bad), "", nil)
		require.Error(t, err, "byte %d", i)
		_, err = Read(bytes.NewReader(file[:i]), "", nil)
		require.Error(t, err, "the first %d bytes", i)
		if i > len(firstLine) {
			require.ErrorIs(t, err, ErrDamaged)
			require.ErrorContains(t, err, "near byte ")
		}
	}
	_, err := Read(bytes.NewReader(append(bytes.Clone(file), 'x')), "", nil)
	require.ErrorIs(t, err, ErrDamaged)
	_, err = Read(io.MultiReader(bytes.NewReader(file[:len(file)/2]), broken{}), "", nil)
	require.ErrorIs(t, err, errBroken)
}

func TestDamageOfAnEncryptedOneIsNoticed(t *testing.T) {
	const pass = "correct horse battery"
	file := written(t, pass)
	r := rand.New(rand.NewPCG(1, 1))
	for range 5 {
		i := len(file)/2 + r.IntN(len(file)/2)
		bad := bytes.Clone(file)
		bad[i] ^= 1
		_, err := Read(bytes.NewReader(bad), pass, nil)
		require.ErrorIs(t, err, ErrDamaged, "byte %d", i)
		_, err = Read(bytes.NewReader(file[:i]), pass, nil)
		require.ErrorIs(t, err, ErrDamaged, "the first %d bytes", i)
	}
	_, err := Read(bytes.NewReader(file), "", nil)
	require.ErrorIs(t, err, ErrPassphrase)
	_, err = Read(bytes.NewReader(file), "wrong horse battery", nil)
	require.ErrorIs(t, err, ErrPassphrase)
}

func TestWhatIsNoBackupIsRefused(t *testing.T) {
	for _, text := range []string{"", "x", "SQLite format 3\x00 and so on and so forth and more", strings.Repeat("tavle", 40)} {
		_, err := Read(strings.NewReader(text), "", nil)
		require.ErrorIs(t, err, ErrNone, text)
	}
	_, err := Read(strings.NewReader("tavle backup 2\n"+strings.Repeat("x", 100)), "", nil)
	require.ErrorIs(t, err, ErrFormat)
	require.ErrorContains(t, err, `"2"`)
}

// What the sink does not want is not called damage.
func TestErrorOfTheSinkIsPassedOn(t *testing.T) {
	_, err := Read(bytes.NewReader(written(t, "")), "", refusing{})
	require.ErrorIs(t, err, errBroken)
	require.NotErrorIs(t, err, ErrDamaged)
}

type refusing struct{ taken }

func (refusing) Schema(int64) error      { return nil }
func (refusing) Table(store.Table) error { return errBroken }
func (refusing) Row([]any) error         { return nil }

// A file that would inflate without end takes no more memory than a line may.
func TestBombIsBounded(t *testing.T) {
	var b bytes.Buffer
	_, err := Write(&b, header, nil, "", func(to store.Sink) error {
		w := to.(*writer)
		_, err := io.Copy(w.zip, io.LimitReader(zeros{}, 10*maxLine))
		return err
	})
	require.NoError(t, err)
	require.Less(t, b.Len(), 1<<20)
	_, err = Read(&b, "", nil)
	require.ErrorContains(t, err, "a line of over")
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// Neither end holds more than a row.
func TestMemoryDoesNotGrowWithTheHouse(t *testing.T) {
	picture := make([]byte, 100<<10)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range picture {
		picture[i] = byte(r.Uint32())
	}
	many := func(to store.Sink) error {
		err := errors.Join(to.Schema(1), to.Table(store.Table{Name: "asset", Columns: []store.Column{{Name: "jpeg", Type: "blob"}}}))
		for i := 0; i < 600 && err == nil; i++ {
			err = to.Row([]any{picture})
		}
		return err
	}
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := Write(out, header, nil, "", many)
		done <- errors.Join(err, out.Close())
	}()
	high := &peak{}
	s, err := Read(in, "", high)
	require.NoError(t, err)
	require.NoError(t, <-done)
	require.EqualValues(t, 600, s.Rows("asset"))
	require.Less(t, high.most, uint64(32<<20), "60 MB of pictures went through")
}

// A peak notes the most memory there was.
type peak struct {
	taken
	n    int
	most uint64
}

func (p *peak) Row([]any) error {
	if p.n++; p.n%100 == 0 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		p.most = max(p.most, m.HeapAlloc)
	}
	return nil
}

var errBroken = errors.New("no space left on this disk")

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errBroken }

// short is a disk with room for that many bytes.
type short struct {
	io.Writer
	room int
}

func (s *short) Write(b []byte) (int, error) {
	if s.room -= len(b); s.room < 0 {
		return 0, errBroken
	}
	return s.Writer.Write(b)
}

// A disk that is full, wherever, is said, and leaves no file; nor does one that
// was there become another.
func TestFullDiskLeavesNoFile(t *testing.T) {
	whole := len(written(t, ""))
	dir := t.TempDir()
	path := filepath.Join(dir, "a.backup")
	try := func(replace bool, room int) error {
		return disk.Create(path, 0o600, replace, func(w io.Writer) error {
			_, err := Write(&short{w, room}, header, keys, "", dump)
			return err
		})
	}
	for room := 0; room < whole; room += 97 {
		require.ErrorIs(t, try(false, room), errBroken)
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)

	require.NoError(t, try(false, whole))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	require.ErrorIs(t, try(false, whole), disk.ErrExists)
	require.ErrorIs(t, try(true, whole/2), errBroken)
	left, err = os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	_, err = Read(bytes.NewReader(file), "", nil)
	require.NoError(t, err)
	require.NoError(t, try(true, whole))
}

// Whatever a file says, reading it ends with an answer.
func FuzzRead(f *testing.F) {
	f.Add(written(f, ""))
	f.Add([]byte(firstLine))
	f.Fuzz(func(t *testing.T, file []byte) {
		if bytes.HasPrefix(file, []byte(ageLine)) {
			return // another's decoder
		}
		_, _ = Read(bytes.NewReader(file), "", nil)
	})
}
