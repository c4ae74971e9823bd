package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"tavle/cmd/internal/cli"
	"tavle/config"
	"tavle/sync/client"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/pgstore"
	"tavle/sync/hub/store/sqlitestore"
)

func doctorCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say in words what is right with this hub and what is wrong",
		Long: `doctor looks at everything a hub stands on and changes none of it: its folder, its
store, its certificate, the clock, its ports, its houses, screens, audit and
backups. It may run beside a hub that serves. It names nobody, so what it prints can
be sent to whoever helps. It fails when something is wrong; what is only worth a
look is a note.`,
		Args: cobra.NoArgs,
	}
	source := cli.Configured[config.Hub](c, defaultConfig)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if err := cli.KeepMemory(); err != nil {
			return err
		}
		cfg, err := config.Load[config.Hub](source())
		if err != nil {
			return err
		}
		d := &doctor{cfg: cfg, now: time.Now()}
		d.examine(c.Context())
		return d.report(c.OutOrStdout())
	}
	return c
}

// A verdict is how a thing stands.
type verdict string

// The verdicts.
const (
	right verdict = "right"
	note  verdict = "note"
	wrong verdict = "WRONG"
)

// A doctor collects what it finds.
type doctor struct {
	cfg      *config.Hub
	now      time.Time
	findings []finding
}

type finding struct {
	verdict     verdict
	about, says string
}

func (d *doctor) say(v verdict, about, format string, args ...any) {
	d.findings = append(d.findings, finding{v, about, fmt.Sprintf(format, args...)})
}

// check says what is right, or err.
func (d *doctor) check(about string, err error, format string, args ...any) {
	if err != nil {
		d.say(wrong, about, "%v", err)
		return
	}
	d.say(right, about, format, args...)
}

// report prints the findings, and fails when something is wrong.
func (d *doctor) report(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	n := 0
	for _, f := range d.findings {
		if f.verdict == wrong {
			n++
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.verdict, f.about, f.says)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	switch n {
	case 0:
		return nil
	case 1:
		return errors.New("one thing is wrong")
	}
	return fmt.Errorf("%d things are wrong", n)
}

func (d *doctor) examine(ctx context.Context) {
	d.folder()
	d.certificate()
	d.clock()
	d.ports(ctx)
	look := d.file
	if d.cfg.Database != "" {
		look = d.database
	}
	if look(ctx) {
		d.content(ctx)
	}
}

// Below this much free space the store soon cannot write: a sign-up that cannot
// be stored is not confirmed.
const (
	fewBytes = 100 << 20
	badBytes = 1 << 30
)

// folder looks at the data folder.
func (d *doctor) folder() {
	const about = "data folder"
	s, err := os.Stat(d.cfg.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.say(wrong, about, "%s is not there; tavle-hub serve or import makes it", d.cfg.Data)
		return
	case err != nil:
		d.say(wrong, about, "%v", err)
		return
	case !s.IsDir():
		d.say(wrong, about, "%s is no folder", d.cfg.Data)
		return
	}
	d.rights(about, d.cfg.Data, s)
	var st unix.Statfs_t
	if err := unix.Statfs(d.cfg.Data, &st); err != nil {
		d.say(note, "disk", "it is not known how much is free: %v", err)
		return
	}
	free := int64(st.Bavail) * st.Bsize
	switch {
	case free < fewBytes:
		d.say(wrong, "disk", "%s are free; sign-ups cannot be stored when it is full", bytesOf(free))
	case free < badBytes:
		d.say(note, "disk", "%s are free", bytesOf(free))
	default:
		d.say(right, "disk", "%s are free", bytesOf(free))
	}
}

// rights looks at who can read something that only the hub may.
func (d *doctor) rights(about, path string, s fs.FileInfo) {
	if s.Mode().Perm()&0o077 != 0 {
		d.say(wrong, about, "%s can be read by others (%v); chmod go= %s", path, s.Mode().Perm(), path)
		return
	}
	d.say(right, about, "%s is for its owner alone", path)
}

// bytesOf writes a size as people read it.
func bytesOf(n int64) string {
	switch {
	case n >= 10<<30:
		return strconv.FormatInt(n>>30, 10) + " GiB"
	case n >= 10<<20:
		return strconv.FormatInt(n>>20, 10) + " MiB"
	}
	return strconv.FormatInt(n>>10, 10) + " KiB"
}

// certificate looks at how the hub proves who it is.
func (d *doctor) certificate() {
	const about = "certificate"
	cert, key := d.cfg.TLS.Certificate, d.cfg.TLS.Key
	if cert == "" {
		cert, key = hub.CertificateFiles(d.cfg.Data)
	}
	c, err := hub.LoadCertificate(cert, key)
	if errors.Is(err, fs.ErrNotExist) && d.cfg.TLS.Certificate == "" {
		d.say(note, about, "there is none yet; tavle-hub serve makes one")
		return
	}
	if err != nil {
		d.say(wrong, about, "%v", err)
		return
	}
	ends := c.Leaf.NotAfter
	until := "it ends on " + ends.Local().Format("2006-01-02")
	switch left := ends.Sub(d.now); {
	case d.now.Before(c.Leaf.NotBefore):
		d.say(wrong, about, "it begins on %s; is the clock right?", c.Leaf.NotBefore.Local().Format("2006-01-02"))
	case left <= 0:
		d.say(wrong, about, "it ended on %s; screens that know the hub by its authority alone refuse it", ends.Local().Format("2006-01-02"))
	case left < 7*24*time.Hour:
		d.say(wrong, about, "%s, in %d days", until, int(left.Hours()/24))
	case left < 30*24*time.Hour:
		d.say(note, about, "%s, in %d days", until, int(left.Hours()/24))
	default:
		d.say(right, about, "%s", until)
	}
	for _, h := range hosts(d.cfg) {
		if err := c.Leaf.VerifyHostname(h); err != nil {
			d.say(note, about, "it does not name %s, which screens may dial; those that know the hub by its key do not mind", h)
		}
	}
	if s, err := os.Stat(key); err == nil {
		d.rights("key", key, s)
	}
}

// clock asks the kernel whether somebody keeps the machine's clock.
func (d *doctor) clock() {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	switch {
	case err != nil:
		d.say(note, "clock", "it is not known whether anybody keeps it: %v", err)
	case state == unix.TIME_ERROR || t.Status&unix.STA_UNSYNC != 0:
		d.say(note, "clock", "nobody keeps it; screens take the time from here, and deadlines are judged by it. Run an NTP client")
	default:
		d.say(right, "clock", "it is kept, to about %d ms", max(1, t.Maxerror/1000))
	}
}

// askTime is how long somebody on this machine has to answer.
const askTime = 3 * time.Second

// ports looks at who is where the hub is to be reached.
func (d *doctor) ports(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	d.port(ctx)
	d.operations(ctx)
	if b, err := os.ReadFile("/proc/sys/net/core/somaxconn"); err == nil {
		if n, err := strconv.Atoi(strings.TrimSpace(string(b))); err == nil && n < 4096 {
			d.say(note, "queue", "the kernel lets %d connections wait (net.core.somaxconn); 4096 hold when many screens come back at once", n)
		}
	}
}

func (d *doctor) port(ctx context.Context) {
	const about = "port"
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", d.cfg.Listen)
	if err == nil {
		_ = l.Close()
		d.say(note, about, "no hub serves at %s now; it could", d.cfg.Listen)
		return
	}
	if !errors.Is(err, unix.EADDRINUSE) {
		d.say(wrong, about, "%v", err)
		return
	}
	cert, key := d.cfg.TLS.Certificate, d.cfg.TLS.Key
	if cert == "" {
		cert, key = hub.CertificateFiles(d.cfg.Data)
	}
	c, err := hub.LoadCertificate(cert, key)
	if err != nil {
		d.say(note, about, "somebody serves at %s", d.cfg.Listen)
		return
	}
	host, port, _ := net.SplitHostPort(d.cfg.Listen)
	if host == "" {
		host = "localhost"
	}
	conn, err := (&tls.Dialer{Config: client.Pinned(hub.Pin(c))}).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		d.say(wrong, about, "somebody else serves at %s: %v", d.cfg.Listen, err)
		return
	}
	_ = conn.Close()
	d.say(right, about, "this hub serves at %s", d.cfg.Listen)
}

// operations asks a hub that runs how it is.
func (d *doctor) operations(ctx context.Context) {
	const about = "health"
	host, port, err := net.SplitHostPort(d.cfg.Operations.Listen)
	if err != nil || port == "0" {
		return
	}
	if host == "" {
		host = "localhost"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		d.say(note, about, "nobody answers at %s", d.cfg.Operations.Listen)
		return
	}
	defer resp.Body.Close()
	word, _ := io.ReadAll(io.LimitReader(resp.Body, 64))
	if resp.StatusCode == http.StatusOK {
		d.say(right, about, "the hub says %s", strings.TrimSpace(string(word)))
		return
	}
	d.say(wrong, about, "the hub says %q", strings.TrimSpace(string(word)))
}

// file looks at the store's file and reports whether its content can be looked
// at.
func (d *doctor) file(ctx context.Context) bool {
	const about = "store"
	path := filepath.Join(d.cfg.Data, dbFile)
	r, err := sqlitestore.Examine(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.say(note, about, "there is none yet; tavle-hub serve or import makes it")
		return false
	case err != nil:
		d.say(wrong, about, "%v", err)
		return false
	}
	if s, err := os.Stat(path); err == nil {
		d.rights(about, path, s)
	}
	for _, f := range r.Faults {
		d.say(wrong, about, "%s", f)
	}
	if !d.schema(about, r.Schema, r.Newest) {
		return false
	}
	if len(r.Faults) == 0 {
		d.say(right, about, "%s, schema %d, every page and reference is sound", bytesOf(r.Bytes), r.Schema)
	}
	return true
}

// database is file for a store in PostgreSQL, whose pages are its keeper's to look
// at.
func (d *doctor) database(ctx context.Context) bool {
	const about = "store"
	r, err := pgstore.Examine(ctx, d.cfg.Database)
	switch {
	case err != nil:
		d.say(wrong, about, "%v", err)
		return false
	case !r.Durable:
		d.say(wrong, about, "PostgreSQL does not wait for its disk (fsync or full_page_writes is off): a power cut loses what screens have confirmed")
	}
	if r.Schema == 0 {
		d.say(note, about, "there is none yet; tavle-hub serve or import makes it")
		return false
	}
	if !d.schema(about, r.Schema, r.Newest) {
		return false
	}
	d.say(right, about, "PostgreSQL %s, %s, schema %d", r.Version, bytesOf(r.Bytes), r.Schema)
	d.say(right, "hubs", "%d serve from it now", r.Hubs)
	_, err = os.Stat(d.cfg.Data) // opening it would make it
	return err == nil
}

// schema reports whether the content of a store can be looked at.
func (d *doctor) schema(about string, has, newest int64) bool {
	switch {
	case has > newest:
		d.say(wrong, about, "it is of a newer tavle-hub (schema %d, this one knows %d)", has, newest)
	case has < newest:
		d.say(wrong, about, "it is of an older tavle-hub (schema %d of %d); serve brings it up to date, after a backup", has, newest)
	}
	return has == newest
}

// content looks at what the store holds.
func (d *doctor) content(ctx context.Context) {
	o, err := openOffice(ctx, d.cfg, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		d.say(wrong, "store", "%v", err)
		return
	}
	defer o.close() //nolint:errcheck // nothing was written
	boards, rows, faults, err := o.hub.CheckBoards(ctx)
	for _, f := range faults {
		d.say(wrong, "boards", "%s: %s", f.Board, f.Why)
	}
	if err != nil || len(faults) == 0 {
		d.check("boards", err, "%s with %s add up to what screens are told", counted(boards, "board"), counted(rows, "row"))
	}
	d.screens(ctx, o)
	var systems []house.ID
	err = o.store.View(ctx, d.by(""), func(v store.View) (err error) {
		systems, err = v.Systems(ctx)
		return err
	})
	d.check("houses", err, "%s", counted(len(systems), "house"))
	if err == nil && len(systems) == 0 {
		d.say(note, "houses", "%v", errNoHouse)
	}
	for _, id := range systems {
		d.audit(ctx, o, id)
		d.requests(ctx, o, id)
	}
}

// requests says how many people wait for an answer about what is kept of them, and
// by when the first is due.
func (d *doctor) requests(ctx context.Context, o *office, id house.ID) {
	var open []house.Request
	nobody := store.Actor{Org: id, Kind: store.ByHub, ID: "doctor", At: d.now} // what is told names nobody
	err := o.store.View(ctx, nobody, func(v store.View) (err error) {
		open, err = store.All[house.Request](ctx, v)
		open = slices.DeleteFunc(open, func(r house.Request) bool { return !r.Open() })
		return err
	})
	if err != nil || len(open) == 0 {
		d.check("requests", err, "%s: nobody waits for an answer", id)
		return
	}
	first := slices.MinFunc(open, func(a, b house.Request) int { return strings.Compare(string(a.Due), string(b.Due)) })
	level, due := note, "is due by"
	if first.Late(house.DayOf(d.now.Local())) {
		level, due = wrong, "was due by"
	}
	d.say(level, "requests", "%s: %s about what is kept of somebody not answered; the first %s %s", id, counted(len(open), "request"), due, first.Due)
}

// by is the doctor, looking at a system or, without one, at the hub itself.
func (d *doctor) by(id house.ID) store.Actor {
	a := byHand(id)
	a.At = d.now
	return a
}

// counted writes a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// screens looks at when screens were heard and what they have confirmed.
func (d *doctor) screens(ctx context.Context, o *office) {
	const about = "screens"
	all, err := o.hub.Screens(ctx, byHand(""))
	if err != nil {
		d.say(wrong, about, "%v", err)
		return
	}
	var never, silent, behind []string
	var newest time.Time
	in := 0
	for _, s := range all {
		if s.Revoked {
			continue
		}
		in++
		if s.Seen.After(newest) {
			newest = s.Seen
		}
		switch {
		case s.Seen.IsZero():
			never = append(never, s.ID)
		case d.now.Sub(s.Seen) > 24*time.Hour:
			silent = append(silent, s.ID)
		case !s.Confirmed():
			behind = append(behind, s.ID)
		}
	}
	d.say(right, about, "%s may connect, %d shut out", counted(in, "screen"), len(all)-in)
	for _, group := range []struct {
		ids  []string
		says string
	}{
		{never, "never heard"},
		{silent, "not heard for a day, as far as is stored"},
		{behind, "have not confirmed what their board shows now"},
	} {
		if len(group.ids) > 0 {
			slices.Sort(group.ids)
			d.say(note, about, "%s: %s", group.says, strings.Join(group.ids, ", "))
		}
	}
	if newest.After(d.now.Add(5 * time.Minute)) {
		d.say(wrong, "clock", "it was %s when a screen was last heard; the clock has been set back", newest.Local().Format("2006-01-02 15:04"))
	}
}

// How old the newest backup may be.
const (
	oldBackup     = 2 * 24 * time.Hour
	missingBackup = 7 * 24 * time.Hour
)

// asksAgain is longer than a screen waits before it asks again about a wish that was
// refused.
const asksAgain = 3 * 24 * time.Hour

// audit walks the audit of a system, and looks there for its last backup, and for
// wishes that could not be matched to anybody.
func (d *doctor) audit(ctx context.Context, o *office, id house.ID) {
	r, err := o.hub.VerifyAudit(ctx, byHand(id), "")
	d.check("audit", err, "%s: %s follow from each other, signed up to %s", id, counted(int(r.Lines), "line"), orNever(string(r.Signed)))
	var last time.Time
	unheard := map[string]bool{}
	err = o.store.View(ctx, d.by(id), func(v store.View) error {
		return v.Lines(ctx, "", func(l store.Line) error {
			switch {
			case l.Action == "backup" && l.At.After(last):
				last = l.At
			case l.Action == hub.UnheardWish && d.now.Sub(l.At) < asksAgain:
				unheard[l.Actor] = true
			}
			return nil
		})
	})
	if len(unheard) > 0 {
		d.say(note, "wishes", "%s: somebody wished on %s to be shown less, and the hub knows nobody by that name; the screen keeps to it and asks again. Ask there whose wish it was",
			id, strings.Join(slices.Sorted(maps.Keys(unheard)), ", "))
	}
	age := d.now.Sub(last)
	switch {
	case err != nil:
		d.say(wrong, "backup", "%s: %v", id, err)
	case last.IsZero():
		d.say(note, "backup", "%s: tavle-hub has made none", id)
	case age > missingBackup:
		d.say(wrong, "backup", "%s: the newest is %d days old", id, int(age.Hours()/24))
	case age > oldBackup:
		d.say(note, "backup", "%s: the newest is %d days old", id, int(age.Hours()/24))
	default:
		d.say(right, "backup", "%s: the newest is of %s", id, last.Local().Format("2006-01-02 15:04"))
	}
}

func orNever(day string) string {
	if day == "" {
		return "no day yet"
	}
	return day
}
