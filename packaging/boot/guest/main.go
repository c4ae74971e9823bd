// Guest is the first and only program of the machine that the tests in
// packaging/boot start: it loads the drivers, opens render/kms and player/touch
// and does what it is told over the serial line. See [commands].
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"tavle/player/touch"
	"tavle/render"
	"tavle/render/glass"
	"tavle/render/glass/glasstest"
	"tavle/render/kms"
)

// A guest is what runs in the machine.
type guest struct {
	log    *slog.Logger
	screen *kms.Screen
	stop   func() // closes the screen and waits
	maker  *glasstest.Maker
	frame  *render.Frame
	panel  *finger
	played *exec.Cmd
}

// commands are what the guest can be told, each with one argument.
var commands = map[string]func(*guest, int) error{
	"turn":   (*guest).turn,   // opens the screen, turned by so many degrees
	"frame":  (*guest).first,  // shows the frame made from a seed
	"next":   (*guest).next,   // shows so many frames after it, one after the other
	"light":  (*guest).light,  // switches the light on (1) or off (0)
	"plug":   (*guest).plug,   // plugs the panel in (1) or out (0)
	"noise":  (*guest).noise,  // has the console write lines of text
	"touch":  (*guest).touch,  // connects a panel for two fingers and touches it
	"unplug": (*guest).unplug, // pulls it out while a finger is down
	"close":  (*guest).close,  // gives the screen back
	"play":   (*guest).play,   // starts the program in /programs/N/run
	"end":    (*guest).end,    // ends it
}

func main() {
	g := &guest{log: slog.New(slog.NewTextHandler(os.Stdout, nil))}
	if err := start(); err != nil {
		fmt.Println("failed:", err)
		select {} // the first program must not end
	}
	fmt.Println("up")
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var name string
		var n int
		_, _ = fmt.Sscan(in.Text(), &name, &n)
		do := commands[name]
		if do == nil {
			fmt.Println("failed: unknown command", name)
			continue
		}
		if err := do(g, n); err != nil {
			fmt.Println("failed:", name, err)
			continue
		}
		fmt.Println("done")
	}
	select {}
}

// start makes a machine of the kernel: its file systems and drivers, and a serial
// line that does not repeat what is said to it.
func start() error {
	line, err := unix.IoctlGetTermios(0, unix.TCGETS)
	if err != nil {
		return fmt.Errorf("serial line: %w", err)
	}
	line.Lflag &^= unix.ECHO
	if err := unix.IoctlSetTermios(0, unix.TCSETS, line); err != nil {
		return fmt.Errorf("serial line: %w", err)
	}
	for dir, kind := range map[string]string{"/dev": "devtmpfs", "/proc": "proc", "/sys": "sysfs"} {
		if err := unix.Mount(kind, dir, kind, 0, ""); err != nil {
			return fmt.Errorf("mount %s: %w", dir, err)
		}
	}
	modules, err := filepath.Glob("/modules/*.ko")
	if err != nil {
		return err
	}
	slices.Sort(modules)
	for _, m := range modules {
		f, err := os.Open(m)
		if err != nil {
			return err
		}
		err = unix.FinitModule(int(f.Fd()), "", 0)
		f.Close()
		if err != nil && !errors.Is(err, unix.EEXIST) {
			return fmt.Errorf("load %s: %w", m, err)
		}
	}
	return nil
}

func (g *guest) turn(degrees int) error {
	if g.stop != nil {
		g.stop()
	}
	turn, err := glass.ParseRotation(degrees)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	g.screen, err = kms.Open(ctx, kms.Options{Rotation: turn, Images: &glasstest.Pictures{}, Log: g.log})
	if err != nil {
		cancel()
		return err
	}
	hands := touch.New(touch.Options{Input: g.screen.Input(), Rotation: turn, Mice: true, Keys: true, Log: g.log})
	var wait sync.WaitGroup
	wait.Go(func() { fmt.Println("screen ended", g.screen.Run(ctx)) })
	wait.Go(func() { fmt.Println("touch ended", hands.Run(ctx)) })
	wait.Go(func() { g.hear(ctx, g.screen.Input()) })
	g.stop = func() { cancel(); wait.Wait(); g.stop = nil }
	p := g.screen.Panel()
	fmt.Println("panel", p.Size, p.MM)
	return nil
}

// hear tells what happens on the glass.
func (g *guest) hear(ctx context.Context, in *glass.Input) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-in.Events():
			switch e := e.(type) {
			case glass.Touch:
				what := "nothing"
				if e.Target != nil {
					what = e.Target.Label
				}
				fmt.Println("touch", e.Phase, e.At, what)
			case glass.Resized:
				fmt.Println("resized", e.Panel.Size)
			default:
				fmt.Println("event", e)
			}
		}
	}
}

func (g *guest) first(seed int) error {
	g.maker = glasstest.NewMaker(uint64(seed))
	g.frame = g.maker.Frame(g.screen.Panel().Size)
	return unplugged(g.screen.Present(g.frame, nil))
}

func (g *guest) next(n int) error {
	for range n {
		f := g.maker.Next(g.frame)
		if err := unplugged(g.screen.Present(f, render.Damage(g.frame, f))); err != nil {
			return err
		}
		g.frame = f
	}
	return nil
}

// unplugged tells of frames that nobody could see, which is no failure.
func unplugged(err error) error {
	if errors.Is(err, glass.ErrUnplugged) {
		fmt.Println("unplugged")
		return nil
	}
	return err
}

func (g *guest) light(on int) error { return g.screen.Blank(on == 0) }

// plug has the kernel believe that the panel is there or not, and tell so.
func (g *guest) plug(in int) error {
	status, err := filepath.Glob("/sys/class/drm/card*-*/status")
	if err != nil || len(status) != 1 {
		return fmt.Errorf("sockets: %v %w", status, err)
	}
	what := map[int]string{0: "off", 1: "detect"}[in]
	if err := os.WriteFile(status[0], []byte(what), 0); err != nil {
		return err
	}
	card, _, _ := strings.Cut(filepath.Base(filepath.Dir(status[0])), "-")
	return os.WriteFile("/sys/class/drm/"+card+"/uevent", []byte("change"), 0)
}

func (g *guest) noise(lines int) error {
	return os.WriteFile("/dev/tty1", []byte(strings.Repeat("a line of text on the console\r\n", lines)), 0)
}

func (g *guest) close(int) error {
	g.stop()
	return nil
}

// play starts a program of the archive, with the arguments that lie beside it.
func (g *guest) play(n int) error {
	dir := filepath.Join("/programs", strconv.Itoa(n))
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	if err != nil {
		return err
	}
	g.played = exec.CommandContext(context.Background(), filepath.Join(dir, "run"), strings.Fields(string(args))...)
	g.played.Dir, g.played.Stdout, g.played.Stderr = dir, os.Stdout, os.Stdout
	return g.played.Start()
}

func (g *guest) end(int) error {
	if err := g.played.Process.Signal(unix.SIGTERM); err != nil {
		return err
	}
	return g.played.Wait()
}
