package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A finger is a panel for several fingers that the kernel makes up for us
// (Documentation/input/uinput.rst) and that behaves like any other.
type finger struct{ dev *os.File }

const (
	uiDevCreate, uiDevDestroy, uiDevSetup, uiAbsSetup = 0x5501, 0x5502, 0x405c5503, 0x401c5504
	uiSetEv, uiSetKey, uiSetAbs, uiSetProp            = 0x40045564, 0x40045565, 0x40045567, 0x4004556e

	evSyn, evKey, evAbs = 0, 1, 3
	absSlot             = 0x2f
	absMTX, absMTY      = 0x35, 0x36
	absTracking         = 0x39
	btnTouch            = 0x14a
	panelUnits          = 4096
)

func plugFinger() (*finger, error) {
	dev, err := os.OpenFile("/dev/uinput", os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	fd := int(dev.Fd())
	for _, set := range [][2]int{
		{uiSetEv, evKey}, {uiSetEv, evAbs}, {uiSetKey, btnTouch}, {uiSetProp, 1}, // a panel one touches directly
		{uiSetAbs, absSlot}, {uiSetAbs, absMTX}, {uiSetAbs, absMTY}, {uiSetAbs, absTracking},
	} {
		if err := unix.IoctlSetInt(fd, uint(set[0]), set[1]); err != nil {
			return nil, fmt.Errorf("uinput %#x: %w", set[0], err)
		}
	}
	for code, most := range map[uint16]int32{absSlot: 9, absMTX: panelUnits - 1, absMTY: panelUnits - 1, absTracking: 0xffff} {
		axis := struct {
			code                                   uint16
			_                                      uint16
			value, min, max, fuzz, flat, perMillim int32
		}{code: code, max: most}
		if err := request(fd, uiAbsSetup, unsafe.Pointer(&axis)); err != nil {
			return nil, err
		}
	}
	var setup struct {
		bus, vendor, product, version uint16
		name                          [80]byte
		effects                       uint32
	}
	copy(setup.name[:], "finger")
	if err := request(fd, uiDevSetup, unsafe.Pointer(&setup)); err != nil {
		return nil, err
	}
	return &finger{dev}, request(fd, uiDevCreate, nil)
}

func request(fd int, nr uintptr, p unsafe.Pointer) error {
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), nr, uintptr(p)); e != 0 {
		return fmt.Errorf("uinput %#x: %w", nr, e)
	}
	return nil
}

// report writes the events of one report: kind, code and value of each.
func (f *finger) report(events ...[3]int32) error {
	var b bytes.Buffer
	for _, e := range append(events, [3]int32{}) { // the end of a report is all zero
		b.Write(make([]byte, 2*unsafe.Sizeof(uintptr(0)))) // the time, which the kernel fills in
		_ = binary.Write(&b, binary.NativeEndian, uint16(e[0]))
		_ = binary.Write(&b, binary.NativeEndian, uint16(e[1]))
		_ = binary.Write(&b, binary.NativeEndian, e[2])
	}
	_, err := f.dev.Write(b.Bytes())
	return err
}

// touch puts two fingers on the panel, at one and at three quarters of either
// axis, and lifts the second.
func (g *guest) touch(int) error {
	var err error
	if g.panel, err = plugFinger(); err != nil {
		return err
	}
	time.Sleep(2 * time.Second) // until the reader has found it: what comes before is nobody's
	at := func(slot, id, part int32) [][3]int32 {
		return [][3]int32{{evAbs, absSlot, slot}, {evAbs, absTracking, id}, {evAbs, absMTX, panelUnits * part / 4}, {evAbs, absMTY, panelUnits * part / 4}}
	}
	if err := g.panel.report(append(append(at(0, 1, 1), at(1, 2, 3)...), [3]int32{evKey, btnTouch, 1})...); err != nil {
		return err
	}
	return g.panel.report([3]int32{evAbs, absTracking, -1})
}

func (g *guest) unplug(int) error {
	defer g.panel.dev.Close()
	return request(int(g.panel.dev.Fd()), uiDevDestroy, nil)
}
