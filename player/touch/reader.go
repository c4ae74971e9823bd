package touch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"tavle/render/glass"
)

// Options say what to listen to and where to tell it.
type Options struct {
	Input       *glass.Input   // where contacts and keys go
	Rotation    glass.Rotation // of the picture on the panel, as the presenter has it
	Calibration Matrix         // of all panels
	Only        string         // the only device to listen to, such as /dev/input/by-id/…; empty: all
	Share       bool           // let others hear the same fingers
	Mice        bool           // mice and tablets too: where there is no X
	Keys        bool           // keyboards and remote controls too: where there is no X
	Log         *slog.Logger   // nil: no log
}

// A Reader listens to the touch panels of this machine.
type Reader struct {
	opt   Options
	dir   string // /dev/input
	open  func(path string) (*device, error)
	pause time.Duration // between looks, where the kernel does not tell

	devices struct {
		sync.Mutex
		open   map[string]*device // by file name
		wait   sync.WaitGroup     // for who follows them
		closed bool
	}
	looking sync.Mutex // one looks at a time
}

// New returns a reader; Run starts it.
func New(opt Options) *Reader {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	r := &Reader{opt: opt, dir: "/dev/input", open: openDevice, pause: 2 * time.Second}
	r.devices.open = map[string]*device{}
	return r
}

// Run listens until ctx ends. Devices come and go meanwhile; none at all is no
// error.
func (r *Reader) Run(ctx context.Context) error {
	defer r.devices.wait.Wait()
	defer r.closeAll()
	news, err := r.watch()
	if err != nil {
		r.opt.Log.WarnContext(ctx, "the kernel does not tell of input devices, so they are looked for", "error", err)
		return r.poll(ctx)
	}
	stop := context.AfterFunc(ctx, func() { _ = news.Close() })
	defer stop()
	defer func() { _ = news.Close() }()
	buf := make([]byte, 4096) // names are 255 bytes at most
	for {
		r.look(ctx)
		_, err := news.Read(buf)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("input devices: %w", err)
		}
		// The folder may have come, or gone and come, with its devices.
		_ = r.watchFolder(news)
	}
}

// poll is Run where the kernel does not tell.
func (r *Reader) poll(ctx context.Context) error {
	for {
		r.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(r.pause):
		}
	}
}

// watch asks the kernel to tell when something may have changed. The folder of
// the devices comes with the first of them, and goes with the last, so the one
// above is watched too.
func (r *Reader) watch() (*os.File, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("inotify: %w", err)
	}
	news := os.NewFile(uintptr(fd), "inotify")
	if err := addWatch(news, filepath.Dir(r.dir), unix.IN_CREATE); err != nil {
		_ = news.Close()
		return nil, err
	}
	if err := r.watchFolder(news); err != nil && !errors.Is(err, unix.ENOENT) {
		_ = news.Close()
		return nil, err
	}
	return news, nil
}

// watchFolder watches for devices that appear, or may be opened at last: udev
// gives the right to a little later. Doing it twice does no harm.
func (r *Reader) watchFolder(news *os.File) error {
	return addWatch(news, r.dir, unix.IN_CREATE|unix.IN_ATTRIB|unix.IN_MOVED_TO)
}

func addWatch(news *os.File, dir string, of uint32) error {
	c, err := news.SyscallConn()
	if err != nil {
		return fmt.Errorf("inotify: %w", err)
	}
	var werr error
	err = c.Control(func(fd uintptr) { _, werr = unix.InotifyAddWatch(int(fd), dir, of) })
	if err = errors.Join(err, werr); err != nil {
		return fmt.Errorf("inotify %s: %w", dir, err)
	}
	return nil
}

// look opens the devices that are new.
func (r *Reader) look(ctx context.Context) {
	r.looking.Lock()
	defer r.looking.Unlock()
	names, err := os.ReadDir(r.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		r.opt.Log.WarnContext(ctx, "input devices", "error", err)
	}
	for _, n := range names {
		if strings.HasPrefix(n.Name(), "event") && !r.has(n.Name()) && r.wants(n.Name()) {
			r.take(ctx, n.Name())
		}
	}
}

// wants reports whether a device is one to listen to. A chosen one may have
// another name after every start, so what it was chosen by is looked up anew.
func (r *Reader) wants(name string) bool {
	if r.opt.Only == "" {
		return true
	}
	path, err := filepath.EvalSymlinks(r.opt.Only)
	return err == nil && path == filepath.Join(r.dir, name)
}

func (r *Reader) has(name string) bool {
	r.devices.Lock()
	defer r.devices.Unlock()
	return r.devices.open[name] != nil
}

// take opens a device and follows it, if it is one for us.
func (r *Reader) take(ctx context.Context, name string) {
	d, err := r.open(filepath.Join(r.dir, name))
	if err != nil {
		if !errors.Is(err, unix.EACCES) && !errors.Is(err, unix.ENODEV) { // not yet, or no longer
			r.opt.Log.WarnContext(ctx, "input device", "device", name, "error", err)
		}
		return
	}
	d.name = name
	ours, err := d.setUp(&r.opt)
	if err != nil || !ours {
		if err != nil {
			r.opt.Log.WarnContext(ctx, "input device", "device", name, "error", err)
		}
		_ = d.events.Close()
		return
	}
	r.devices.Lock()
	defer r.devices.Unlock()
	if r.devices.closed {
		_ = d.events.Close()
		return
	}
	r.opt.Log.InfoContext(ctx, "input device taken", "device", name,
		"fingers", d.panel != nil, "pointer", d.pointer != nil, "keys", d.keys != nil)
	r.devices.open[name] = d
	r.devices.wait.Go(func() { r.follow(ctx, d) })
}

// follow follows a device until it is gone. Another may have its name already.
func (r *Reader) follow(ctx context.Context, d *device) {
	err := d.follow()
	_ = d.events.Close()
	r.devices.Lock()
	delete(r.devices.open, d.name)
	r.devices.Unlock()
	if ctx.Err() != nil {
		return
	}
	r.opt.Log.InfoContext(ctx, "input device lost", "device", d.name, "error", err)
	if errors.Is(err, unix.ENODEV) {
		r.look(ctx)
	}
}

// closeAll ends who follows.
func (r *Reader) closeAll() {
	r.devices.Lock()
	defer r.devices.Unlock()
	r.devices.closed = true
	for _, d := range r.devices.open {
		_ = d.events.Close()
	}
}
