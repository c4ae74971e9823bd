package touch

import (
	"errors"
	"fmt"
	"io"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"tavle/render/glass"
)

// A bitset is an answer of the kernel: which codes a device has, or which keys
// are down.
type bitset [keyCount / 8]byte

func (b *bitset) has(code int) bool { return b[code/8]>>(code%8)&1 == 1 }

// abilities are what a device says it can do.
type abilities struct{ props, keys, abs, rel, switches bitset }

// A kind is what we take a device for.
type kind int

const (
	nothing kind = iota
	fingers      // a panel that tells fingers apart
	finger       // a panel for one finger
	tablet       // a pointer with a position and a button, as virtual machines have
	mouse        // a pointer that moves
	other        // nothing to point with; perhaps keys
)

// kind returns what to take a device for. A pad beside a laptop's keyboard is a
// mouse in its own way and left alone: it says that it is for a pointer, or has
// a button to press it with.
func (a *abilities) kind() kind {
	pad := a.props.has(propPointer) || a.props.has(propButtonPad) ||
		!a.props.has(propDirect) && a.keys.has(btnToolFinger)
	switch {
	case pad && a.abs.has(absX):
		return nothing
	case a.abs.has(absMTX) && a.abs.has(absMTY) && a.abs.has(absSlot) && (a.props.has(propDirect) || !a.keys.has(btnLeft)):
		return fingers
	case a.abs.has(absX) && a.abs.has(absY) && a.keys.has(btnTouch):
		return finger
	case a.abs.has(absX) && a.abs.has(absY) && a.keys.has(btnLeft):
		return tablet
	case a.rel.has(relX) && a.rel.has(relY) && a.keys.has(btnLeft):
		return mouse
	}
	return other
}

// typed reports whether a device has keys that have a name here.
func (a *abilities) typed() bool {
	for code := range keyNames {
		if a.keys.has(int(code)) {
			return true
		}
	}
	return false
}

// questions are what a device can be asked; tests answer them otherwise.
type questions interface {
	abilities() (abilities, error)
	axis(code int) (axis, int32, error)        // its range and its value now
	slots(code uint16, n int) ([]int32, error) // a value of each slot now
	pressed() (bitset, error)                  // the keys that are down now
	switched() (bitset, error)                 // the switches that are on now
	grab() error                               // be told alone
}

// A device is one we listen to.
type device struct {
	name   string // event3
	events io.ReadCloser
	ask    questions
	to     *glass.Source

	panel   *panel    // or
	pointer *pointer  // or neither
	keys    *keyboard // nil: not listened to
	jack    *jack     // nil: it has none
	lost    bool      // events were lost, up to the next report
}

// setUp finds out what the device is and follows it; false: it is not for us.
func (d *device) setUp(opt *Options) (bool, error) {
	can, err := d.ask.abilities()
	if err != nil {
		return false, err
	}
	d.to = opt.Input.Source()
	p := place{matrix: opt.Calibration, rotation: opt.Rotation}
	switch k := can.kind(); {
	case k == fingers:
		var slots axis
		if slots, _, err = d.ask.axis(absSlot); err == nil {
			err = d.axes(&p, absMTX, absMTY)
		}
		d.panel = newPanel(p, int(slots.max)+1, d.to)
	case k == finger:
		err = d.axes(&p, absX, absY)
		d.pointer = &pointer{place: p, to: d.to, button: btnTouch}
	case k == tablet && opt.Mice:
		err = d.axes(&p, absX, absY)
		d.pointer = &pointer{place: p, to: d.to, button: btnLeft}
	case k == mouse && opt.Mice:
		d.pointer = &pointer{place: p, to: d.to, button: btnLeft, mouse: true, in: opt.Input, u: 0.5, v: 0.5}
	}
	if err != nil {
		return false, err
	}
	if opt.Keys && can.typed() {
		d.keys = &keyboard{to: opt.Input}
	}
	if can.switches.has(switchHeadphones) {
		d.jack = &jack{to: opt.Input}
	}
	if d.panel == nil && d.pointer == nil && d.keys == nil && d.jack == nil {
		return false, nil
	}
	if !opt.Share && (d.panel != nil || d.pointer != nil || d.keys != nil) {
		if err := d.ask.grab(); err != nil {
			return false, err
		}
	}
	d.sync()
	return true, nil
}

func (d *device) axes(p *place, x, y int) error {
	var err error
	if p.x, _, err = d.ask.axis(x); err != nil {
		return err
	}
	p.y, _, err = d.ask.axis(y)
	return err
}

// follow reads events until the device is gone or closed. Whatever was down
// then is let go.
func (d *device) follow() error {
	defer d.to.Release()
	if d.jack != nil {
		defer d.jack.turn(false, true) // the sound card is gone
	}
	buf := make([]byte, mostEventsAtOnce*eventSize)
	have := 0
	for {
		n, err := d.events.Read(buf[have:])
		have += n
		at := 0
		for ; have-at >= eventSize; at += eventSize {
			d.event(decode(buf[at:]))
		}
		have = copy(buf, buf[at:have])
		if err != nil {
			return err
		}
	}
}

// event takes one event in. When the kernel says that it had to drop some, those
// up to the next report are of no use, and the device is asked how things are.
func (d *device) event(e event) {
	if e.kind == evSyn && e.code == synDropped {
		d.lost = true
		return
	}
	if d.lost {
		if e.kind == evSyn && e.code == synReport {
			d.lost = false
			d.sync()
		}
		return
	}
	switch {
	case d.panel != nil:
		d.panel.event(e)
	case d.pointer != nil:
		d.pointer.event(e)
	}
	if d.keys != nil {
		d.keys.event(e)
	}
	if d.jack != nil && e.kind == evSwitch && e.code == switchHeadphones {
		d.jack.turn(e.value != 0, true)
	}
}

// sync asks how things are. A device that does not answer has nothing down.
func (d *device) sync() {
	switch {
	case d.panel != nil:
		d.panel.sync(d.contacts())
	case d.pointer != nil:
		down, err := d.ask.pressed()
		_, x, errX := d.ask.axis(absX)
		_, y, errY := d.ask.axis(absY)
		if !d.pointer.mouse && errors.Join(errX, errY) != nil {
			err = io.ErrUnexpectedEOF
		}
		d.pointer.sync(err == nil && down.has(int(d.pointer.button)), x, y)
	}
	if d.keys != nil {
		down, err := d.ask.pressed()
		d.keys.shift = [2]bool{err == nil && down.has(leftShift), err == nil && down.has(rightShift)}
	}
	if d.jack != nil {
		on, err := d.ask.switched()
		d.jack.turn(err == nil && on.has(switchHeadphones), false)
	}
}

// A jack is where headphones are plugged in.
type jack struct {
	to *glass.Input
	in bool
}

// turn takes that something is in it, or nothing; now: somebody has just seen to
// that.
func (j *jack) turn(in, now bool) {
	if in != j.in {
		j.in = in
		j.to.Put(glass.Headphones{In: in, Now: now})
	}
}

// contacts asks what is on a panel and which slot is next spoken of.
func (d *device) contacts() ([]slot, int) {
	n := len(d.panel.slots)
	ids, err := d.ask.slots(absTracking, n)
	xs, errX := d.ask.slots(absMTX, n)
	ys, errY := d.ask.slots(absMTY, n)
	_, cur, errCur := d.ask.axis(absSlot)
	if errors.Join(err, errX, errY, errCur) != nil {
		return nil, 0
	}
	out := make([]slot, n)
	for i := range out {
		out[i] = slot{id: ids[i], x: xs[i], y: ys[i]}
	}
	return out, int(cur)
}

// evdev asks the kernel (include/uapi/linux/input.h).
type evdev struct{ file *os.File }

// openDevice opens /dev/input/eventN.
func openDevice(path string) (*device, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), path)
	return &device{events: file, ask: evdev{file}}, nil
}

// ioctl asks for nr and returns the answer in p, of size bytes.
func (d evdev) ioctl(nr int, p unsafe.Pointer, size uintptr) error {
	const read = 2
	return d.request(read<<30|size<<16|'E'<<8|uintptr(nr), p)
}

// request makes a request, which closing the file waits for.
func (d evdev) request(number uintptr, p unsafe.Pointer) error {
	c, err := d.file.SyscallConn()
	if err != nil {
		return err
	}
	var e unix.Errno
	err = c.Control(func(fd uintptr) {
		_, _, e = unix.Syscall(unix.SYS_IOCTL, fd, number, uintptr(p))
	})
	if err == nil && e != 0 {
		err = fmt.Errorf("input request %#x: %w", number, e)
	}
	return err
}

func (d evdev) abilities() (abilities, error) {
	var a abilities
	err := errors.Join(
		d.ioctl(0x09, unsafe.Pointer(&a.props), propCount/8),
		d.ioctl(0x20+evKey, unsafe.Pointer(&a.keys), keyCount/8),
		d.ioctl(0x20+evRel, unsafe.Pointer(&a.rel), relCount/8),
		d.ioctl(0x20+evAbs, unsafe.Pointer(&a.abs), absCount/8),
		d.ioctl(0x20+evSwitch, unsafe.Pointer(&a.switches), switchCount/8),
	)
	return a, err
}

func (d evdev) axis(code int) (axis, int32, error) {
	var a struct{ value, min, max, fuzz, flat, resolution int32 }
	err := d.ioctl(0x40+code, unsafe.Pointer(&a), unsafe.Sizeof(a))
	return axis{a.min, a.max}, a.value, err
}

func (d evdev) slots(code uint16, n int) ([]int32, error) {
	s := make([]int32, 1+n) // the code in front, as the question
	s[0] = int32(code)
	err := d.ioctl(0x0a, unsafe.Pointer(&s[0]), uintptr(4*len(s)))
	return s[1:], err
}

func (d evdev) pressed() (bitset, error) {
	var b bitset
	err := d.ioctl(0x18, unsafe.Pointer(&b), keyCount/8)
	return b, err
}

func (d evdev) switched() (bitset, error) {
	var b bitset
	err := d.ioctl(0x1b, unsafe.Pointer(&b), switchCount/8)
	return b, err
}

func (d evdev) grab() error {
	const write, size = 1, 4
	// The argument is no address: anything but zero grabs.
	yes := unsafe.Pointer(&struct{ _ int32 }{})
	if err := d.request(write<<30|size<<16|'E'<<8|0x90, yes); err != nil {
		return fmt.Errorf("somebody else has taken it: %w", err)
	}
	return nil
}
