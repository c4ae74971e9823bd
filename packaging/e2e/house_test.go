package e2e

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/record"
)

// org is the system of the demo house.
const org = "sys-demo"

// listed are the activities of the house in these tests: three, soon, for
// everybody.
var listed = []house.ID{"banko", "sang", "tur"}

// A home is a folder with a hub and screens, run as processes.
type home struct {
	t        testing.TB
	dir      string
	hub      *process
	all      []*process // every hub that was started
	url      string
	database string   // where the house is kept; "": in the hub's folder
	system   house.ID // whose house it is; "": org
	pin      string
	db       store.Store // a look into the hub's store

	audited int // entries of the audit that do not count any more
}

// newHome takes in the demo house with three activities that anybody can join,
// and starts its hub.
func newHome(t testing.TB) *home {
	t.Helper()
	return newHomeWith(t, func(*house.House) {})
}

// newHomeWith is newHome with a house that is somewhat different.
func newHomeWith(t testing.TB, edit func(*house.House)) *home {
	t.Helper()
	h := takeIn(t, "", edit)
	h.startHub("127.0.0.1:0")
	return h
}

// takeIn takes in the house of newHomeWith, in a database or in a folder, and
// starts no hub.
func takeIn(t testing.TB, database string, edit func(*house.House)) *home {
	t.Helper()
	h := &home{t: t, dir: t.TempDir(), database: database}
	h.write("house/house.json", soon(t, edit))
	for _, name := range pictures(t) {
		b, err := demo.Asset(string(name))
		require.NoError(t, err)
		h.write("house/"+strings.TrimPrefix(string(name), "asset:")+".jpg", b)
	}
	h.office("import", "house/house.json")
	h.pin = strings.TrimSpace(h.office("pin", "--hosts", "127.0.0.1"))
	h.lookIn()
	t.Cleanup(func() { require.NoError(t, h.db.Close()) })
	return h
}

// lookIn opens a look into the hub's store.
func (h *home) lookIn() {
	h.t.Helper()
	var err error
	if h.database == "" {
		h.db, err = sqlitestore.Open(h.t.Context(), filepath.Join(h.dir, "hub", "hub.db"))
	} else {
		h.db, err = pgstore.Open(h.t.Context(), h.database)
	}
	require.NoError(h.t, err)
}

// startHub starts the hub and waits until it says where it serves.
func (h *home) startHub(listen string) {
	h.t.Helper()
	var addr string
	h.hub, addr = h.serve(listen)
	h.url = "https://" + addr
}

// serve starts a hub and waits until it says where it serves.
func (h *home) serve(listen string) (hub *process, addr string) {
	h.t.Helper()
	hub = h.start(nil, "tavle-hub", h.inOffice("serve", "--listen", listen, "--hosts", "127.0.0.1", "--operations-listen", "")...)
	h.all = append(h.all, hub)
	addr, _, _ = strings.Cut(hub.await("serving at "), "\n")
	return hub, strings.TrimPrefix(addr, "serving at ")
}

// soon is the demo house with nothing but three activities later today, or
// tomorrow when the day is nearly over.
func soon(t testing.TB, edit func(*house.House)) []byte {
	t.Helper()
	in, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	now := time.Now().In(in.Meta.ZoneOf(in.Departments[0]))
	in.Shift(demo.Days(now))
	first := now.Add(time.Hour).Truncate(time.Minute)
	if first.Add(3*time.Hour).YearDay() != now.YearDay() {
		first = time.Date(now.Year(), now.Month(), now.Day()+1, 10, 0, 0, 0, now.Location())
	}
	in.Activities = nil
	for i, id := range listed {
		at := first.Add(time.Duration(i) * 30 * time.Minute)
		in.Activities = append(in.Activities, house.Activity{
			ID: id, Department: "dep-maane", Title: record.Text{"da": strings.ToUpper(string(id[:1])) + string(id[1:])},
			Pictogram: "game-die", Starts: house.Wall(at.Format("2006-01-02T15:04")), Ends: house.Wall(at.Add(20 * time.Minute).Format("2006-01-02T15:04")),
		})
	}
	edit(in)
	var out bytes.Buffer
	require.NoError(t, in.Write(&out))
	return out.Bytes()
}

// pictures returns the names of all pictures of the demo house.
func pictures(t testing.TB) (names []house.Picture) {
	t.Helper()
	in, mistakes := house.Parse(bytes.NewReader(demo.House()))
	require.Empty(t, mistakes)
	for r := range in.Records() {
		names = append(names, house.PicturesOf(r)...)
	}
	return names
}

func (h *home) write(name string, content []byte) {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	require.NoError(h.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(h.t, os.WriteFile(path, content, 0o600))
}

func (h *home) read(name string) []byte {
	h.t.Helper()
	content, err := os.ReadFile(filepath.Join(h.dir, name))
	require.NoError(h.t, err)
	return content
}

// run runs a program to its end and returns what it says.
func (h *home) run(program string, args ...string) string {
	h.t.Helper()
	cmd := exec.Command(filepath.Join(bin, program), args...)
	cmd.Dir = h.dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoErrorf(h.t, cmd.Run(), "%s %s: %s", program, strings.Join(args, " "), &errs)
	return out.String()
}

// office runs a command of the hub's in its folder.
func (h *home) office(args ...string) string {
	h.t.Helper()
	return h.run("tavle-hub", h.inOffice(args...)...)
}

// inOffice returns the arguments of a command of the hub's that works on this
// house.
func (h *home) inOffice(args ...string) []string {
	if args = append(args, "--data", "hub"); h.database != "" {
		args = append(args, "--database", h.database)
	}
	return args
}

// A process is a program that runs until it is killed.
type process struct {
	t    testing.TB
	name string
	cmd  *exec.Cmd
	out  output
	done chan struct{}
}

// output is what a process says, on both of its streams.
type output struct {
	sync.Mutex
	buf  bytes.Buffer
	more chan struct{}
}

func (o *output) Write(b []byte) (int, error) {
	o.Lock()
	defer o.Unlock()
	select {
	case o.more <- struct{}{}:
	default:
	}
	return o.buf.Write(b)
}

func (o *output) String() string {
	o.Lock()
	defer o.Unlock()
	return o.buf.String()
}

// start starts a program. It ends with the test.
func (h *home) start(env []string, program string, args ...string) *process {
	h.t.Helper()
	p := &process{t: h.t, name: program, done: make(chan struct{})}
	p.out.more = make(chan struct{}, 1)
	p.cmd = exec.Command(filepath.Join(bin, program), args...)
	p.cmd.Dir, p.cmd.Env = h.dir, append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	require.NoError(h.t, p.cmd.Start())
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	h.t.Cleanup(func() {
		p.kill()
		if h.t.Failed() {
			h.t.Logf("%s said:\n%s", program, p.out.String())
		}
	})
	return p
}

// await waits until the process says something and returns everything from
// there.
func (p *process) await(what string) string {
	p.t.Helper()
	limit := time.After(patience)
	for {
		if _, after, ok := strings.Cut(p.out.String(), what); ok {
			return what + after
		}
		select {
		case <-p.out.more:
		case <-p.done:
			p.t.Fatalf("%s ended without saying %q:\n%s", p.name, what, p.out.String())
		case <-limit:
			p.t.Fatalf("%s did not say %q:\n%s", p.name, what, p.out.String())
		}
	}
}

// kill is a power cut, as far as one program is concerned.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// end asks the process to end and returns its exit status.
func (p *process) end() int {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	<-p.done
	return p.cmd.ProcessState.ExitCode()
}

// patience is how long to wait for what must come. It is never waited for when
// all is well.
const patience = 60 * time.Second

// until waits until what is true.
func (h *home) until(what string, is func() bool) {
	h.t.Helper()
	for start := time.Now(); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > patience {
			h.t.Fatalf("not so after %v: %s", patience, what)
		}
	}
}

// view looks into the hub's store.
func (h *home) view(f func(ctx context.Context, v store.View) error) {
	h.t.Helper()
	by := store.Actor{Org: cmp.Or(h.system, org), Kind: store.ByHub, At: time.Now()}
	require.NoError(h.t, h.db.View(h.t.Context(), by, func(v store.View) error { return f(h.t.Context(), v) }))
}

// going returns who is on an activity's list.
func (h *home) going(activity house.ID) (who []house.ID) {
	h.t.Helper()
	h.view(func(ctx context.Context, v store.View) error {
		who = nil
		places, err := v.Places(ctx, house.List{Kind: house.KindActivity, ID: activity})
		for _, p := range places {
			if p.State == house.TakesPart {
				who = append(who, p.Person)
			}
		}
		return err
	})
	return who
}

// touched counts, in the audit, how often screens put somebody on a list.
func (h *home) touched() map[string]int {
	n := map[string]int{}
	h.view(func(ctx context.Context, v store.View) error {
		audit, err := v.Audit(ctx)
		for _, a := range audit[h.audited:] {
			if a.By == store.ByScreen && a.Person != "" {
				n[fmt.Sprint(a.ID, " ", a.Person, " ", a.Action)]++
			}
		}
		return err
	})
	return n
}
