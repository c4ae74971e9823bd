package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// What a client says to open a websocket. The key is that of RFC 6455, 1.3,
// and so is the answer to it.
const (
	upgrade = "GET /sync HTTP/1.1\r\nHost: " + hostName + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: tavle.sync.v1\r\n\r\n"
	accepted = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// upgraded takes the answer to that. 0 asks for more bytes.
func upgraded(b []byte) (int, error) {
	head, _, whole := bytes.Cut(b, []byte("\r\n\r\n"))
	status, _, _ := bytes.Cut(head, []byte("\r\n"))
	switch {
	case !whole && len(b) < 4<<10:
		return 0, nil
	case !bytes.HasPrefix(status, []byte("HTTP/1.1 101 ")), !bytes.Contains(head, []byte(accepted)):
		return 0, fmt.Errorf("no websocket but %.40q", status)
	}
	return len(head) + 4, nil
}

// Opcodes of RFC 6455, 5.2.
const (
	text   = 1
	packed = 2
	bye    = 8
	ping   = 9
	pong   = 10
)

// frame returns the frame that b begins with: its opcode, its payload and its
// length; 0 asks for more bytes. A hub sends no message in several frames.
func frame(b []byte) (op byte, payload []byte, n int, err error) {
	if len(b) < 2 {
		return 0, nil, 0, nil
	}
	if b[0]&0xf0 != 0x80 || b[1]&0x80 != 0 {
		return 0, nil, 0, errors.New("a frame in parts, compressed or masked")
	}
	size, head := uint64(b[1]), 2
	switch size {
	case 126:
		head = 4
	case 127:
		head = 10
	}
	if len(b) < head {
		return 0, nil, 0, nil
	}
	switch size {
	case 126:
		size = uint64(binary.BigEndian.Uint16(b[2:]))
	case 127:
		size = binary.BigEndian.Uint64(b[2:])
	}
	if size > 1<<20 {
		return 0, nil, 0, fmt.Errorf("a frame of %d bytes", size)
	}
	n = head + int(size)
	if len(b) < n {
		return 0, nil, 0, nil
	}
	return b[0] & 0x0f, b[head:n], n, nil
}

// masked returns a frame as a client sends it. The mask is zero: as good as
// any on loopback, and the hub takes it off all the same.
func masked(op byte, payload []byte) []byte {
	b := []byte{0x80 | op}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	default: // no screen says more than 64 KiB
		b = append(b, 0x80|126)
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	b = append(b, 0, 0, 0, 0)
	return append(b, payload...)
}
