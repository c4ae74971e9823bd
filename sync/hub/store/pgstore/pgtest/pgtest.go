// Package pgtest gives tests a PostgreSQL of their own: one server for each
// process of tests, in a temporary folder, reached by a socket in it and by
// nobody else; one empty database for each test. It belongs to tests alone:
// without PostgreSQL they fail and say how to get it, because a store that is
// not run would be taken for one that passed.
//
// The server keeps what it is told as any other does, with one exception: it
// does not wait for the disk (fsync is off). What a test learns of a server that
// is killed is true, because the kernel still has what was written; what becomes
// of a machine that loses power is not tested here.
package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

var errMissing = errors.New("no PostgreSQL server is installed; `make test` installs it, or: apt-get install -y postgresql")

// owner is the user whom the databases belong to.
const owner = "tavle"

// Main runs the tests of a package and stops the server, whatever became of
// them. It is for TestMain: os.Exit(pgtest.Main(m)).
func Main(m *testing.M) int {
	defer func() {
		if s := shared.server; s != nil {
			s.remove()
		}
	}()
	return m.Run()
}

// shared is the server of this process; the first test that wants it starts it.
var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Get returns the server of this process, which [Main] stops.
func Get(t testing.TB) *Server {
	t.Helper()
	shared.once.Do(func() { shared.server, shared.err = start() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.server
}

// Database returns the address of a new, empty database on the server of this
// process.
func Database(t testing.TB) string {
	t.Helper()
	return Get(t).Database(t, "UTF8")
}

// New starts a server that belongs to one test, which may kill it.
func New(t testing.TB) *Server {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.remove)
	return s
}

// A Server is a running PostgreSQL.
type Server struct {
	bin, dir string
	cred     *syscall.Credential
	password string
	count    atomic.Int64

	ended chan error // the process that runs now
	kill  func(syscall.Signal)
}

// Password is what the owner of the databases proves who they are by. No log and
// no error may show it.
func (s *Server) Password() string { return s.password }

// URL returns the address of a database.
func (s *Server) URL(name string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(owner, s.password), Path: "/" + name}
	u.RawQuery = url.Values{"host": {s.dir}}.Encode()
	return u.String()
}

// Database returns the address of a new, empty database with an encoding.
func (s *Server) Database(t testing.TB, encoding string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", s.count.Add(1))
	text := fmt.Sprintf(`create database %s template template0 encoding '%s'`, name, encoding)
	if encoding == "UTF8" { // sorted as a house in Denmark has it, which is not as bytes are
		text += ` locale_provider icu icu_locale 'da-DK'`
	} else {
		text += ` locale 'C'`
	}
	s.Exec(t, "postgres", text)
	return s.URL(name)
}

// Exec runs a statement on a database.
func (s *Server) Exec(t testing.TB, database, text string) {
	t.Helper()
	if err := s.exec(database, text); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) exec(database, text string) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, text)
	return errors.Join(err, c.Close(ctx))
}

// Crash kills the server with everything it is doing, as a fault of the machine
// would. Start starts it again.
func (s *Server) Crash(t testing.TB) {
	t.Helper()
	s.stop(syscall.SIGQUIT) // an immediate shutdown: nothing is finished, nothing is tidied up
}

// Start starts a server that was killed, and waits until it can be used.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
}

// start makes a server and starts it.
func start() (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, password: rand.Text()}
	if s.cred, err = stranger(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "tavle-pg-"); err != nil {
		return nil, err
	}
	if err = s.initialise(); err == nil {
		err = s.run()
	}
	if err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

// binaries returns the folder with the newest server there is: Debian keeps them
// out of PATH, others in it.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	if len(found) > 0 {
		return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", errMissing
	}
	return filepath.Dir(path), nil
}

// stranger returns as whom the server runs: it refuses to as root. Nil: as
// whoever runs the tests.
func stranger() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

// initialise makes the files of a server.
func (s *Server) initialise() error {
	word := filepath.Join(s.dir, "password")
	if err := os.WriteFile(word, []byte(s.password), 0o600); err != nil {
		return err
	}
	if s.cred != nil {
		for _, path := range []string{s.dir, word} {
			if err := os.Chown(path, int(s.cred.Uid), int(s.cred.Gid)); err != nil {
				return err
			}
		}
	}
	c := s.command("initdb", "--pgdata", s.data(), "--username", owner, "--pwfile", word,
		"--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return os.Remove(word)
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(context.Background(), filepath.Join(s.bin, name), args...) // it ends with stop
	c.Dir = s.dir
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	// Whoever kills the tests kills the server.
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.cred, Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	return c
}

// run starts the server and waits until it can be used.
func (s *Server) run() error {
	out, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	c := s.command("postgres", "-D", s.data(), "-k", s.dir,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
		"-c", "max_connections=200", "-c", "shared_buffers=32MB", "-c", "deadlock_timeout=100ms")
	c.Stdout, c.Stderr = out, out
	started, ended := make(chan error), make(chan error, 1)
	go func() {
		// The kernel sends the signal of the parent's death when the thread ends
		// that started the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.Start()
		started <- err
		if err == nil {
			ended <- c.Wait()
		}
	}()
	if err := errors.Join(<-started, out.Close()); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	s.ended, s.kill = ended, func(sig syscall.Signal) { _ = c.Process.Signal(sig) }
	return s.await()
}

// patience is how long a server may take to start on a machine that does a lot
// besides.
const patience = time.Minute

// await waits until the server can be used.
func (s *Server) await() error {
	for late := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := s.exec("postgres", "select 1")
		if err == nil {
			return nil
		}
		select {
		case err := <-s.ended:
			s.ended = nil
			return fmt.Errorf("postgres ended before it was ready: %w\n%s", err, s.log())
		default:
		}
		if time.Now().After(late) {
			return fmt.Errorf("postgres is not ready after %v: %w\n%s", patience, err, s.log())
		}
	}
}

// log returns what the server said, without what it was asked.
func (s *Server) log() string {
	b, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	return strings.TrimSpace(string(b))
}

// stop ends the server, if it runs, and waits for it.
func (s *Server) stop(sig syscall.Signal) {
	if s.ended != nil {
		s.kill(sig)
		<-s.ended //nolint:errcheck // it was killed
		s.ended = nil
	}
}

// remove ends the server and deletes its files.
func (s *Server) remove() {
	s.stop(syscall.SIGQUIT)
	_ = os.RemoveAll(s.dir)
}
