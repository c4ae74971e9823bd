// Command crowd is a house full of screens without glass, for tests of what
// happens to a hub: each has the real client and a real cache on disk, and
// somebody who touches it at random. It says on its standard output, a line
// each, what a wall would have confirmed, so that whoever watches can ask the hub
// afterwards whether that is so:
//
//	key NAME KEY                      by which a hub lets the screen in (with -keys)
//	noted NAME OP KIND ROW PERSON     durable: the wall would say that it is noted
//	answered NAME SEQ OUTCOME CODE    the hub's answer is durable
//	at NAME POSITION                  what would be on the glass
//	quiet NAME                        every touch has been made and answered
//
// Nobody's name is in any of it. Each person is touched on one screen alone, so
// what was done last for somebody is what must stand in the end. Killed and
// started again with the same folder it goes on, as a screen does after a power
// cut.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"tavle/player"
	"tavle/player/cache"
	"tavle/player/seal"
	"tavle/sync/client"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A crowd is what the flags say.
type crowd struct {
	dir     string
	hubs    string // URLs, with commas between; screens take turns
	pins    string
	screens int
	touches int           // of each screen
	pause   time.Duration // between two of them, on average
	seed    uint64
	keys    bool
	out     lines
}

// lines writes whole lines, from whatever goroutine.
type lines struct {
	sync.Mutex
	io.Writer
}

func (l *lines) say(format string, args ...any) {
	l.Lock()
	defer l.Unlock()
	fmt.Fprintf(l.Writer, format+"\n", args...)
}

func main() {
	c := crowd{out: lines{Writer: os.Stdout}}
	flag.StringVar(&c.dir, "dir", "crowd", "folder that the screens keep their state in")
	flag.StringVar(&c.hubs, "hubs", "", "addresses of the hub's replicas, with commas between")
	flag.StringVar(&c.pins, "pins", "", "by what the screens know the hub, with commas between")
	flag.IntVar(&c.screens, "screens", 4, "how many there are")
	flag.IntVar(&c.touches, "touches", 0, "how often each is touched before it only listens")
	flag.DurationVar(&c.pause, "pause", 100*time.Millisecond, "time between two touches of a screen")
	flag.Uint64Var(&c.seed, "seed", 1, "of what is touched when")
	flag.BoolVar(&c.keys, "keys", false, "say the screens' keys and end")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := c.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "crowd:", err)
		os.Exit(1) //nolint:gocritic // stop would only undo the signals
	}
}

func (c *crowd) run(ctx context.Context) error {
	errs := make([]error, c.screens)
	var wg sync.WaitGroup
	for i := range c.screens {
		wg.Go(func() { errs[i] = c.screen(ctx, i) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// A screen is one of the crowd.
type screen struct {
	*crowd
	n      int
	name   string
	cache  *cache.Cache
	client *client.Client
	random *mathrand.Rand
	made   int             // touches
	told   map[uint64]bool // results already said, by number
	at     record.Position
	quiet  bool
}

func (c *crowd) screen(ctx context.Context, n int) error {
	s := &screen{crowd: c, n: n, name: fmt.Sprintf("s%02d", n), told: map[uint64]bool{}}
	s.random = mathrand.New(mathrand.NewPCG(c.seed, uint64(n))) //nolint:gosec // a seed has to say what happens
	dir := filepath.Join(c.dir, s.name)
	secret := seal.HostFile{Path: filepath.Join(dir, "secret")}
	id, err := player.IdentityOf(secret)
	if err != nil {
		return err
	}
	if c.keys {
		c.out.say("key %s %s", s.name, id)
		return nil
	}
	if s.cache, err = cache.Open(cache.Options{Dir: filepath.Join(dir, "cache"), Secret: secret}); err != nil {
		return err
	}
	hubs := strings.Split(c.hubs, ",")
	s.client = client.New(client.Config{
		URL: hubs[n%len(hubs)], Device: s.name, Sign: id.Sign, TLS: client.Pinned(strings.Split(c.pins, ",")...),
		Build: "crowd", Boot: rand.Text(), Chance: mathrand.Float64,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)).With("screen", s.name),
	}, s.cache, client.Events{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { err = s.client.Run(ctx) })
	s.live(ctx)
	cancel()
	wg.Wait()
	return errors.Join(err, s.cache.Close())
}

// live shows what there is to show and has the screen touched, until ctx ends.
func (s *screen) live(ctx context.Context) {
	next := time.NewTimer(s.pauseNow())
	defer next.Stop()
	for {
		s.look(ctx)
		select {
		case <-ctx.Done():
			return
		case <-s.cache.Changed():
		case <-next.C:
			if s.made < s.touches {
				s.touch(ctx)
				next.Reset(s.pauseNow())
			}
		}
	}
}

func (s *screen) pauseNow() time.Duration {
	return time.Duration((0.5 + s.random.Float64()) * float64(s.pause))
}

// look says what is new, and confirms what would be on the glass.
func (s *screen) look(ctx context.Context) {
	if at := s.cache.Facts().At; at != s.at {
		s.at = at
		s.out.say("at %s %s", s.name, at)
		s.client.Shown(ctx, at)
	}
	waiting := 0
	for _, e := range s.cache.Outbox() {
		switch {
		case e.Result == nil:
			waiting++
		case !s.told[e.Seq]:
			s.told[e.Seq] = true
			s.out.say("answered %s %d %s %s", s.name, e.Seq, e.Result.Outcome, e.Result.Code)
		}
	}
	if quiet := waiting == 0 && s.made == s.touches && !s.at.IsZero(); quiet != s.quiet {
		s.quiet = quiet
		if quiet {
			s.out.say("quiet %s", s.name)
		}
	}
}

// touch has somebody sign up for something, or leave what they signed up for.
func (s *screen) touch(ctx context.Context) {
	facts := s.cache.Facts()
	var people []record.PersonID
	for id, p := range facts.People {
		if p.SignUp {
			people = append(people, id)
		}
	}
	var list []record.ActivityID
	for id, a := range facts.Activities {
		if a.SignUp {
			list = append(list, id)
		}
	}
	slices.Sort(people) // all screens of a board agree on whose is whose
	slices.Sort(list)
	var mine []record.PersonID
	for i, p := range people {
		if i%s.screens == s.n {
			mine = append(mine, p)
		}
	}
	if len(mine) == 0 || len(list) == 0 {
		return // nothing is there yet
	}
	m := wire.Mutation{
		On:  wire.RowKey{Kind: record.KindActivity, ID: string(list[s.random.IntN(len(list))])},
		Who: mine[s.random.IntN(len(mine))], Saw: facts.At.Rev, Op: wire.OpSignUp,
	}
	if s.in(m) {
		m.Op = wire.OpCancel
	}
	if _, err := s.cache.Enqueue(m); err != nil {
		fmt.Fprintln(os.Stderr, "crowd:", s.name, err)
		return
	}
	s.made++
	s.out.say("noted %s %s %s %s %s", s.name, m.Op, m.On.Kind, m.On.ID, m.Who)
	s.client.Touched(ctx)
}

// in reports whether the last that was done for somebody on a list, and not
// refused, put them there.
func (s *screen) in(m wire.Mutation) (in bool) {
	for _, e := range s.cache.Outbox() {
		if e.On == m.On && e.Who == m.Who && (e.Result == nil || e.Result.Outcome != wire.Rejected) {
			in = e.Op == wire.OpSignUp
		}
	}
	return in
}
