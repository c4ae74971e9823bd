package main

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// A subject is a server under load and what was measured of it, a value for each
// round.
type subject struct {
	*server
	name     string
	protocol func() (protocol, *progress, map[string]int) // for one round
	rounds   []figures
	faults   map[string]int
}

// figures are those of one round.
type figures struct {
	storm    time.Duration // until everybody had the board
	stormCPU float64       // µs of processor time for each connection
	idle     float64       // KiB for each connection
	toAll    time.Duration // one change: the median of how long until everybody had it
	oneCPU   float64       // µs for each delivery of such changes
	sustCPU  float64       // µs for each delivery of changes one upon the other
	rate     float64       // deliveries a second then
}

// A plan says how much is done in a round.
type plan struct {
	n       int // connections
	pace    int // how many of them open at a time
	touches int // from one screen to the glass of another
	changes int // one after the other
	window  int // how many are under way in sustained load
	sustain time.Duration
	settle  time.Duration // before memory is looked at
	limit   time.Duration // for anything
	profile string        // folder for profiles of the hub; "": none
}

// round loads the subject once, from connecting to the last change.
func (s *subject) round(p plan) (err error) {
	pid := s.cmd.Process.Pid
	if _, err := s.ask("rest"); err != nil {
		return err
	}
	protocol, progress, faults := s.protocol()
	e, err := newEngine(s.at, p.n, protocol)
	if err != nil {
		return err
	}
	defer func() {
		for why, k := range e.dead {
			s.faults["dead: "+why] += k
		}
		for why, k := range faults {
			s.faults[why] += k
		}
		e.close()
		time.Sleep(p.settle / 4) // the server notices
	}()
	var f figures

	before := pss(pid)
	if err := s.profiled(p, "storm", func() error {
		cpu, began := processor(pid), time.Now()
		err := e.connect(p.pace, p.limit)
		f.storm = time.Since(began)
		f.stormCPU = micros(processor(pid)-cpu) / float64(p.n)
		return err
	}); err != nil {
		return fmt.Errorf("%s: %d of %d connected: %w", s.name, e.ready, p.n, err)
	}
	if err := e.idle(p.settle); err != nil {
		return err
	}
	f.idle = float64(pss(pid)-before) / 1024 / float64(p.n)
	if p.profile != "" && s.name == "hub" {
		if _, err := s.ask("heap " + p.profile + "/" + s.name + "-heap.pprof"); err != nil {
			return err
		}
	}

	progress.begin(e)
	if err := s.profiled(p, "one", func() error {
		cpu := processor(pid)
		err := s.changes(e, progress, p, 1, func() bool { return len(progress.sent) >= p.changes })
		f.oneCPU = micros(processor(pid)-cpu) / float64(progress.deliveries)
		return err
	}); err != nil {
		return err
	}
	f.toAll = median(progress.took)

	progress.deliveries = 0
	if err := s.profiled(p, "sustain", func() error {
		cpu, began := processor(pid), time.Now()
		err := s.changes(e, progress, p, p.window, func() bool { return time.Since(began) >= p.sustain })
		f.sustCPU = micros(processor(pid)-cpu) / float64(progress.deliveries)
		f.rate = float64(progress.deliveries) / time.Since(began).Seconds()
		return err
	}); err != nil {
		return err
	}
	s.rounds = append(s.rounds, f)
	return nil
}

// changes has changes made until enough says so, at most window of them under
// way at a time, and returns when everybody has the last of them.
func (s *subject) changes(e *engine, progress *progress, p plan, window int, enough func() bool) error {
	answers := 0
	var last time.Time
	err := e.until(p.limit+p.sustain, func() bool {
		if len(progress.sent)-progress.whole < window && time.Since(last) >= apart && !enough() && e.ready == p.n {
			last = time.Now()
			progress.send()
			answers++
			if s.say("change") != nil {
				return true
			}
		}
		return enough() && progress.whole == len(progress.sent) || e.ready < p.n
	})
	for ; answers > 0; answers-- {
		if _, wrong := s.answer(); wrong != nil {
			return fmt.Errorf("%s: change: %w", s.name, wrong)
		}
	}
	switch {
	case err != nil:
		return fmt.Errorf("%s: change %d reached %d of %d: %w", s.name, progress.whole+1, progress.reached[progress.whole], p.n, err)
	case e.ready < p.n:
		return fmt.Errorf("%s: %d of %d connections are left: %v", s.name, e.ready, p.n, e.dead)
	}
	return nil
}

// apart is the least time between two changes, for the hub as for the yardstick.
const apart = time.Second / 16

// begin counts changes from where the connections are.
func (p *progress) begin(e *engine) {
	p.n = len(e.conns)
	p.base = e.conns[0].at
}

// profiled does something while a profile of the hub is written, if wanted.
func (s *subject) profiled(p plan, what string, f func() error) error {
	if p.profile == "" || s.name != "hub" {
		return f()
	}
	if _, err := s.ask("profile " + p.profile + "/" + s.name + "-" + what + ".pprof"); err != nil {
		return err
	}
	err := f()
	_, stopped := s.ask("profile")
	return errors.Join(err, stopped)
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// rawSubject is the yardstick, with messages as large as the hub's.
func rawSubject(s *server, name string, answer []byte) *subject {
	return &subject{server: s, name: name, faults: map[string]int{}, protocol: func() (protocol, *progress, map[string]int) {
		p := new(progress)
		faults := map[string]int{}
		return &plain{word: answer, arrived: p.arrived, faults: faults}, p, faults
	}}
}

// hubSubject is the hub with screens like these.
func hubSubject(s *server, name string, like screens) *subject {
	return &subject{server: s, name: name, faults: map[string]int{}, protocol: func() (protocol, *progress, map[string]int) {
		p := new(progress)
		l := like
		l.boards, l.faults, l.arrived = map[string]*board{}, map[string]int{}, p.arrived
		return &l, p, l.faults
	}}
}

// sizes returns how many bytes a snapshot and a change take on the wire, as one
// screen gets them.
func sizes(s *server, like screens) (snapshot, change int, err error) {
	like.boards, like.faults, like.arrived = map[string]*board{}, map[string]int{}, func(*conn, uint64, uint64) {}
	var e *engine
	for end := time.Now().Add(time.Minute); e == nil || e.ready == 0; time.Sleep(10 * time.Millisecond) {
		if e != nil { // the hub has not begun yet
			e.close()
		}
		if e, err = newEngine(s.at, 1, &like); err != nil {
			return 0, 0, err
		}
		if err := e.connect(1, time.Minute); err != nil || time.Now().After(end) {
			return 0, 0, fmt.Errorf("the first screen: %w, %v", errors.Join(err, errLate), e.dead)
		}
	}
	defer e.close()
	b := e.conns[0].board
	for _, p := range b.parts {
		snapshot += len(p.raw)
	}
	if _, err := s.ask("change"); err != nil {
		return 0, 0, err
	}
	if err := e.until(time.Minute, func() bool { return len(b.news) > 0 }); err != nil {
		return 0, 0, err
	}
	return snapshot, len(b.news[0].raw), nil
}

// resyncs asks a hub how often a screen wanted the whole board again.
func (s *server) resyncs() (int, error) {
	a, err := s.ask("resyncs")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(a)
}
