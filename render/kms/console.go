package kms

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// The console's requests and values (include/uapi/linux/kd.h).
const (
	kdSetMode    = 0x4b3a
	kdGetMode    = 0x4b3b
	kdGetKeyMode = 0x4b44
	kdSetKeyMode = 0x4b45

	textMode     = 0
	graphicsMode = 1
	keysOff      = 4
)

// A console is the text screen that stands where our picture does. While we
// have it the kernel neither draws on it nor takes the keys that are pressed:
// what is typed at a wall must not reach a login behind it.
type console struct {
	file *os.File
	mode int // what it was before
	keys int
}

// openConsole takes the console at path, or else the one that is shown.
func openConsole(path string) (*console, error) {
	if path == "" {
		name, err := os.ReadFile("/sys/class/tty/tty0/active")
		if err != nil {
			return nil, fmt.Errorf("console: which is shown: %w", err)
		}
		path = filepath.Join("/dev", strings.TrimSpace(string(name)))
	}
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, fmt.Errorf("console %s: %w", path, err)
	}
	c := &console{file: os.NewFile(uintptr(fd), path)}
	c.mode, err = unix.IoctlGetInt(fd, kdGetMode)
	if err == nil {
		c.keys, err = unix.IoctlGetInt(fd, kdGetKeyMode)
	}
	if err != nil { // not a console
		_ = c.file.Close()
		return nil, fmt.Errorf("console %s: %w", path, err)
	}
	if c.mode == graphicsMode { // left behind by somebody who was killed
		c.mode = textMode
	}
	if c.keys == keysOff {
		c.keys = defaultKeys
	}
	err = errors.Join(unix.IoctlSetInt(fd, kdSetMode, graphicsMode), unix.IoctlSetInt(fd, kdSetKeyMode, keysOff))
	if err != nil {
		c.close()
		return nil, fmt.Errorf("console %s: %w", path, err)
	}
	return c, nil
}

// defaultKeys is the mode of a console that nobody has changed: Unicode.
const defaultKeys = 3

// close gives the console back as it was. A nil console was never taken.
func (c *console) close() {
	if c == nil || c.file == nil {
		return
	}
	fd := int(c.file.Fd())
	_ = unix.IoctlSetInt(fd, kdSetKeyMode, c.keys)
	_ = unix.IoctlSetInt(fd, kdSetMode, c.mode)
	_ = c.file.Close()
	c.file = nil
}
