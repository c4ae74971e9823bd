package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"time"

	"tavle/sync/hub"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/wire"
)

// What is loaded runs in a process of its own, so that its memory and processor
// time are its own, too: this same program, told by its first arguments what to
// be. It says where it listens, and from then on answers each line it is told
// with one line.

// A server is such a process, as its parent sees it.
type server struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers chan string
	at      netip.AddrPort // the websocket or the raw protocol, without TLS
	tls     netip.AddrPort // of a hub, the same with TLS
}

// start starts a server: raw or hub, and what it is to be like.
func start(ctx context.Context, what ...string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &server{cmd: exec.CommandContext(ctx, self, what...), answers: make(chan string, 1<<12)}
	s.cmd.Stderr = os.Stderr
	s.cmd.Env = append(os.Environ(), asServer+"=1")
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	go func() { // until the process ends
		defer close(s.answers)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			s.answers <- lines.Text()
		}
	}()
	first, err := s.answer()
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	for i, word := range strings.Fields(first) {
		if *[]*netip.AddrPort{&s.at, &s.tls}[i], err = netip.ParseAddrPort(word); err != nil {
			return nil, errors.Join(err, s.stop())
		}
	}
	return s, nil
}

// asServer is the variable of the environment that says whether the program is
// a server; its own test has it, too.
const asServer = "TAVLE_HUBLOAD_SERVER"

// say tells the server something without waiting for its answer.
func (s *server) say(line string) error {
	_, err := fmt.Fprintln(s.in, line)
	return err
}

// answer returns the next answer.
func (s *server) answer() (string, error) {
	a, ok := <-s.answers
	if !ok {
		return "", errors.New("the server has ended")
	}
	if why, failed := strings.CutPrefix(a, "failed: "); failed {
		return "", errors.New(why)
	}
	return a, nil
}

// ask tells the server something and returns what it answers.
func (s *server) ask(line string) (string, error) {
	if err := s.say(line); err != nil {
		return "", err
	}
	return s.answer()
}

// stop ends the server and waits for it.
func (s *server) stop() error {
	_ = s.in.Close()
	for range s.answers {
	}
	return s.cmd.Wait()
}

// beServer is the other side: it runs what args say until in ends.
func beServer(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if err := raiseFiles(); err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	numbers := make([]int, len(args))
	for i, a := range args[1:] {
		if numbers[i], err = strconv.Atoi(a); err != nil {
			return err
		}
	}
	if args[0] == "raw" {
		return beRaw(l, numbers[0], numbers[1], in, out)
	}
	return beHub(ctx, l, numbers[0], numbers[1], in, out)
}

// beRaw is the yardstick, with a snapshot and changes of so many bytes.
func beRaw(l net.Listener, snapshot, change int, in io.Reader, out io.Writer) error {
	r := &rawServer{snapshot: snapshot, change: change}
	var wg sync.WaitGroup
	wg.Go(func() { _ = r.serve(l) })
	fmt.Fprintln(out, l.Addr())
	err := obey(in, out, func(order string) (string, error) {
		if order == "change" {
			r.publish()
		}
		return "done", nil
	})
	err = errors.Join(err, l.Close())
	wg.Wait()
	return err
}

// beHub is the hub as it is: on a store of its own, with a house and screens.
func beHub(ctx context.Context, l net.Listener, boards, n int, in io.Reader, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "tavle-hubload-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := sqlitestore.Open(ctx, filepath.Join(dir, "hub.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	known, err := hub.OwnTLS(dir, time.Now, hostName)
	if err != nil {
		return err
	}
	h, err := hub.New(ctx, db, hub.Options{Hosts: []string{hostName}, Pins: known.Pins})
	if err != nil {
		return err
	}
	signers := make([]*signer, n)
	for i := range signers {
		signers[i] = newSigner(i)
	}
	if err := furnish(ctx, h, db, boards, signers); err != nil {
		return err
	}
	secret, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	open := &http.Server{Handler: h.Handler(), ReadHeaderTimeout: wire.HandshakeTimeout}
	wg.Go(func() { _ = open.Serve(l) })
	var ended error
	wg.Go(func() { ended = h.Serve(ctx, secret, known) })
	fmt.Fprintln(out, l.Addr(), secret.Addr())
	changes := 0
	err = obey(in, out, func(order string) (string, error) {
		what, file, _ := strings.Cut(order, " ")
		switch what {
		case "change":
			changes++
			return "done", retitle(ctx, h, changes)
		case "resyncs":
			return strconv.FormatInt(h.Resyncs(), 10), nil
		case "pin":
			return known.Pins()[0], nil
		case "screen":
			name, key, _ := strings.Cut(file, " ")
			public, err := wire.B64.DecodeString(key)
			if err == nil {
				_, err = h.AddScreen(ctx, byLoad(), hub.Screen{ID: name, Department: deptID(0), Key: public})
			}
			return "done", err
		case "profile":
			return "done", profile(file)
		case "heap":
			return "done", heap(file)
		}
		return "done", nil
	})
	cancel()
	err = errors.Join(err, open.Close())
	wg.Wait()
	return errors.Join(err, ended)
}

// obey answers each line of in by what do returns for it. Every server can rest:
// give back what it has only just not given back yet.
func obey(in io.Reader, out io.Writer, do func(order string) (string, error)) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		answer, err := "done", error(nil)
		if order := lines.Text(); order == "rest" {
			debug.FreeOSMemory()
		} else {
			answer, err = do(order)
		}
		if err != nil {
			answer = "failed: " + err.Error()
		}
		fmt.Fprintln(out, answer)
	}
	return lines.Err()
}

// profile writes where processor time goes into a file, from now on until it is
// called without one.
func profile(file string) error {
	pprof.StopCPUProfile()
	if file == "" {
		return nil
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	return pprof.StartCPUProfile(f) // the file is closed with the process
}

// heap writes what is in memory into a file.
func heap(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	runtime.GC()
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}
