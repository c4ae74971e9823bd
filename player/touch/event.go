package touch

import (
	"encoding/binary"
	"unsafe"
)

// An event is what the kernel tells at a time: something of a kind has a value.
type event struct {
	kind, code uint16
	value      int32
}

// eventSize is how many bytes an event takes: 24 on 64-bit machines, 16 on 32-bit
// ones (include/uapi/linux/input.h: two longs of time before the rest).
const eventSize = int(unsafe.Sizeof(struct {
	seconds, microseconds uintptr
	kind, code            uint16
	value                 int32
}{}))

// decode returns the event at the start of b, which holds a whole one.
func decode(b []byte) event {
	b = b[eventSize-8 : eventSize]
	return event{
		kind:  binary.NativeEndian.Uint16(b),
		code:  binary.NativeEndian.Uint16(b[2:]),
		value: int32(binary.NativeEndian.Uint32(b[4:])),
	}
}

// Kinds and codes (include/uapi/linux/input-event-codes.h).
const (
	evSyn, evKey, evRel, evAbs, evSwitch = 0x00, 0x01, 0x02, 0x03, 0x05

	synReport, synDropped = 0, 3

	relX, relY = 0x00, 0x01

	absX, absY       = 0x00, 0x01
	absSlot          = 0x2f
	absMTX, absMTY   = 0x35, 0x36
	absToolType      = 0x37
	absTracking      = 0x39
	toolPalm         = 2
	btnLeft          = 0x110
	btnToolFinger    = 0x145
	btnTouch         = 0x14a
	propPointer      = 0
	propDirect       = 1
	propButtonPad    = 2
	keyCount         = 0x300
	absCount         = 0x40
	relCount         = 0x10
	propCount        = 0x20
	switchCount      = 0x20
	switchHeadphones = 2
	maxSlots         = 64 // more fingers than any panel has
	mostEventsAtOnce = 64
)
