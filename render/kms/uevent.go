package kms

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// plugs tells when something may have been plugged in or out.
type plugs struct {
	file   *os.File // the kernel's messages; nil: it does not tell us
	pause  time.Duration
	closed chan struct{}
	once   sync.Once
}

// pollPause is how often the sockets are looked at where the kernel does not
// tell. It is the one thing here that runs while nothing happens.
const pollPause = 5 * time.Second

// listen asks the kernel to tell. Where it will not (a sandbox), what it returns
// polls, beside the reason.
func listen() (*plugs, error) {
	p := &plugs{pause: pollPause, closed: make(chan struct{})}
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return p, fmt.Errorf("kernel events: %w", err)
	}
	const kernel = 1 // the group that the kernel speaks to; the other is udev's
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: kernel}); err != nil {
		_ = unix.Close(fd)
		return p, fmt.Errorf("kernel events: %w", err)
	}
	p.file = os.NewFile(uintptr(fd), "kernel events")
	return p, nil
}

// wait returns true when it is time to look, false after close.
func (p *plugs) wait() bool {
	if p.file == nil {
		select {
		case <-p.closed:
			return false
		case <-time.After(p.pause):
			return true
		}
	}
	message := make([]byte, 8192) // the kernel's own limit is 2048 and a head
	for {
		n, err := p.file.Read(message)
		select {
		case <-p.closed:
			return false
		default:
		}
		// An error is that messages came faster than they were read: look.
		if err != nil || aboutPanels(message[:n]) {
			return true
		}
	}
}

// aboutPanels reports whether a kernel event is about graphics cards and their
// sockets: words that end in zero bytes, the first of which names the device.
func aboutPanels(message []byte) bool {
	for word := range bytes.SplitSeq(message, []byte{0}) {
		if string(word) == "SUBSYSTEM=drm" {
			return true
		}
	}
	return false
}

// close ends wait. A nil plugs is closed already.
func (p *plugs) close() {
	if p == nil {
		return
	}
	p.once.Do(func() {
		close(p.closed)
		if p.file != nil {
			_ = p.file.Close()
		}
	})
}
