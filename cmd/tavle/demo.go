package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"tavle/assets/lang"
	"tavle/cmd/internal/cli"
	"tavle/player"
	"tavle/player/ui/look"
	"tavle/render"
	"tavle/render/glass"
	"tavle/render/motion"
	"tavle/render/page"
	"tavle/render/x11"
)

// maxScreens is how many walls a demo opens at most.
const maxScreens = 9

// demoFlags say how the demo is shown.
type demoFlags struct {
	screens    int
	headless   bool
	serve      string
	data       string
	listen     string
	size       string
	lang       string
	theme      string
	fullscreen bool
	verbose    bool
}

func demoCommand() *cobra.Command {
	var f demoFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "A hub and a wall screen on this machine, with a house that is made up",
		Long: `demo starts a hub and a wall screen in this one program and shows a house that
is made up, in this week. Everything between them is as it is in a real house:
the hub's store, TLS, each screen's key and its encrypted cache.

Where there is a display the wall is a window, and a click is a touch. Where
there is none it is a page at an address of this machine; so it is with
--headless. With --serve it is both.

What hub and screens keep lies in a temporary folder that is removed at the end,
or, with --data, in one that stays: kill the demo, start it again, and whoever
signed up is still on the list.`,
		Example: `  tavle demo
  tavle demo --screens 3              three walls of one house: touch one, see the others
  tavle demo --headless               as a page in a browser
  tavle demo --data ./house           keeps what was touched
  tavle demo --lang nb --theme evening --size 1080x1920`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c.Context(), c.OutOrStdout(), c.ErrOrStderr()) },
	}
	fl := c.Flags()
	fl.IntVar(&f.screens, "screens", 1, fmt.Sprintf("number of wall screens, 1 to %d", maxScreens))
	fl.BoolVar(&f.headless, "headless", false, "no window: a page that can be touched")
	fl.StringVar(&f.serve, "serve", "", "serve the page, too, at a loopback address such as 127.0.0.1:8080")
	fl.StringVar(&f.data, "data", "", "folder for what hub and screens keep; temporary when empty")
	fl.StringVar(&f.listen, "listen", "127.0.0.1:0", "address of the hub")
	fl.StringVar(&f.size, "size", "", "size of the wall in pixels; what fits the display when empty")
	fl.BoolVar(&f.fullscreen, "fullscreen", false, "fill the display")
	fl.StringVar(&f.lang, "lang", "da", "language: "+strings.Join(lang.Tags, ", "))
	fl.StringVar(&f.theme, "theme", "auto", "colours: auto (by the time of day), "+strings.Join(themes, ", "))
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "log what hub and screens do")
	return c
}

// check returns what is wrong with the flags, and the look they ask for.
func (f *demoFlags) check() (player.Look, error) {
	theme := look.Themes[f.theme]
	l := player.Look{Lang: f.lang, Theme: theme}
	switch {
	case f.screens < 1 || f.screens > maxScreens:
		return l, fmt.Errorf("--screens %d: want 1 to %d", f.screens, maxScreens)
	case !slices.Contains(lang.Tags, f.lang):
		return l, fmt.Errorf("--lang %q: there are %s", f.lang, strings.Join(lang.Tags, ", "))
	case theme == nil && f.theme != "auto":
		return l, fmt.Errorf("--theme %q: there are auto, %s", f.theme, strings.Join(themes, ", "))
	case f.fullscreen && (f.headless || f.size != ""):
		return l, errors.New("--fullscreen: not together with --headless or --size")
	}
	if f.size != "" {
		if _, err := parseSize(f.size); err != nil {
			return l, err
		}
	}
	return l, nil
}

func (f *demoFlags) run(ctx context.Context, out, errs io.Writer) (err error) {
	dress, err := f.check()
	if err != nil {
		return err
	}
	dir, what, err := f.folder()
	if err != nil {
		return err
	}
	if f.data == "" {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", f.listen)
	if err != nil {
		return fmt.Errorf("--listen %s: %w", f.listen, err)
	}
	defer l.Close() // the hub closes it first
	addr := reach(l.Addr())
	level := slog.LevelWarn
	if f.verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(errs, &slog.HandlerOptions{Level: level}))
	fmt.Fprintf(out, "A demo house: everybody in it is made up.\nhub      https://%s   data in %s\n", addr, what)
	s, err := newShow(ctx, showConfig{dir: dir, addr: addr, log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	_, port, _ := net.SplitHostPort(addr) // it was joined
	fmt.Fprintf(out, "Manager  https://localhost:%s/   log in as %q with %q; the browser warns of a certificate that the demo made itself\n", port, demoLogin, demoPassword)
	stage, err := f.stage(ctx, out)
	if err != nil {
		return err
	}
	return f.play(ctx, out, s, l, stage, dress)
}

// folder returns where everything is kept, and what to say of it.
func (f *demoFlags) folder() (dir, what string, err error) {
	if f.data != "" {
		return f.data, f.data, os.MkdirAll(f.data, 0o700)
	}
	dir, err = os.MkdirTemp("", "tavle-demo-")
	return dir, "a temporary folder", err
}

// reach returns the address by which this machine reaches a listener of its own.
func reach(a net.Addr) string {
	t, ok := a.(*net.TCPAddr)
	if ok && t.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", fmt.Sprint(t.Port))
	}
	return a.String()
}

// A theatre is where the walls of a demo are seen.
type theatre struct {
	display bool
	monitor image.Point
	pages   *page.Server
	at      net.Listener // of the pages; nil: none
}

// stage finds out where the walls can be seen.
func (f *demoFlags) stage(ctx context.Context, out io.Writer) (theatre, error) {
	var t theatre
	if !f.headless {
		d, err := x11.Dial("")
		if err == nil {
			t.display, t.monitor = true, d.Monitor().Area.Size()
			d.Close()
		} else {
			fmt.Fprintf(out, "No display (%v): the wall is served as a page.\n", err)
		}
	}
	if t.display && f.serve == "" {
		return t, nil
	}
	addr := f.serve
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	var err error
	t.at, err = page.Listen(ctx, addr)
	t.pages = page.NewServer(cli.PageWords(f.lang))
	return t, err
}

// play opens the walls and runs everything until ctx ends or the last window is
// closed.
func (f *demoFlags) play(ctx context.Context, out io.Writer, s *show, l net.Listener, t theatre, style player.Look) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var walls []*wall
	defer func() {
		for _, w := range walls {
			_ = w.close()
		}
	}()
	for i := range f.screens {
		w, err := s.wall(ctx, f.wall(i, t, style))
		if err != nil {
			return err
		}
		walls = append(walls, w)
		f.announce(out, i, w, t)
	}
	if t.display {
		fmt.Fprintln(out, "A click is a touch. Close the window or press Ctrl+C to end.")
	} else {
		fmt.Fprintln(out, "A click is a touch. Press Ctrl+C to end.")
	}

	fmt.Fprintf(out, "Resident %s (flat 8) has a picture code: %s. Resident %s (flat 5) has a tag: type %s and Enter, as its reader does.\n", codedID, codedBy, taggedID, taggedBy)

	var errs safeErrors
	var all, open sync.WaitGroup
	all.Go(func() { defer cancel(); errs.add(s.serve(ctx, l)) })
	if t.at != nil {
		all.Go(func() { defer cancel(); errs.add(t.pages.Run(ctx, t.at)) })
	}
	for _, w := range walls {
		open.Go(func() { errs.add(w.run(ctx)) })
	}
	open.Wait()
	cancel()
	all.Wait()
	return errs.join()
}

// wall says what the i-th wall is.
func (f *demoFlags) wall(i int, t theatre, style player.Look) wallConfig {
	at := boards[i%len(boards)]
	size := f.wallSize(i, t)
	if !t.display {
		style.Motion = motion.Off // a page is sent every frame as a picture
	}
	return wallConfig{
		name: fmt.Sprintf("demo-%d", i+1), at: at, look: style,
		open: func(images render.Images) (glass.Presenter, error) {
			var beside *page.Screen
			if t.pages != nil {
				beside = t.pages.Add(page.Options{Size: size, Images: images})
			}
			if !t.display {
				return beside, nil
			}
			window, err := x11.Open(x11.Options{Title: "Tavle", Size: size, Images: images, HideCursor: f.fullscreen})
			switch {
			case err != nil:
				return nil, err
			case beside == nil:
				return window, nil
			}
			return page.Tee(window, beside), nil
		},
	}
}

// sizes of windows, largest first; they are turned for a wall that hangs upright.
var sizes = []image.Point{{X: 1920, Y: 1080}, {X: 1600, Y: 900}, {X: 1280, Y: 720}, {X: 1024, Y: 576}, {X: 800, Y: 480}}

// wallSize returns the size of the i-th wall: as it was asked for, all of the
// display, or the largest that leaves some of it free.
func (f *demoFlags) wallSize(i int, t theatre) image.Point {
	if f.size != "" {
		size, _ := parseSize(f.size)
		return size
	}
	if f.fullscreen {
		return image.Point{}
	}
	room := image.Pt(2000, 2000)
	if t.display {
		room = t.monitor.Mul(9).Div(10)
	}
	if f.screens > 1 {
		room = room.Mul(2).Div(3)
	}
	upright := boards[i%len(boards)] == "scr-1"
	for _, s := range sizes {
		if upright {
			s.X, s.Y = s.Y, s.X
		}
		if s.X <= room.X && s.Y <= room.Y {
			return s
		}
	}
	return sizes[len(sizes)-1]
}

// announce says where a wall can be seen.
func (f *demoFlags) announce(out io.Writer, i int, w *wall, t theatre) {
	size := w.glass.Panel().Size
	fmt.Fprintf(out, "screen %d %d×%d", i+1, size.X, size.Y)
	if t.display {
		fmt.Fprint(out, " in a window")
	}
	if t.at != nil {
		fmt.Fprintf(out, "   %s", t.pages.URL(t.at, i+1))
	}
	fmt.Fprintln(out)
}

// safeErrors collects errors of several goroutines.
type safeErrors struct {
	sync.Mutex
	list []error
}

func (s *safeErrors) add(err error) {
	s.Lock()
	defer s.Unlock()
	s.list = append(s.list, err)
}

func (s *safeErrors) join() error {
	s.Lock()
	defer s.Unlock()
	return errors.Join(s.list...)
}
