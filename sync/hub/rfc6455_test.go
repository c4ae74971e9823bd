package hub

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/netsim"
	"tavle/sync/wire"
)

// Issue 3, item 11: RFC 6455 against the real endpoint, byte for byte. Each row
// is what somebody sends and what the hub answers. Numbers in brackets are the
// RFC's sections.

// A wsFrame is one frame as RFC 6455 [5.2] has it.
type wsFrame struct {
	op      byte
	more    bool // FIN is not set
	rsv     byte // the three reserved bits
	bare    bool // not masked
	length  int  // bytes the length is written in: 0 for as few as can be, or 2, or 8
	claim   uint64
	payload []byte
}

// The opcodes.
const (
	opContinue = 0x0
	opText     = 0x1
	opBinary   = 0x2
	opClose    = 0x8
	opPing     = 0x9
	opPong     = 0xA
)

// bytes returns the frame as it travels; claim is a length instead of the
// payload's.
func (f wsFrame) bytes() []byte {
	b := []byte{f.op | f.rsv<<4}
	if !f.more {
		b[0] |= 0x80
	}
	mask := byte(0x80)
	if f.bare {
		mask = 0
	}
	n := uint64(len(f.payload))
	if f.claim > 0 {
		n = f.claim
	}
	switch {
	case f.length == 8 || f.length == 0 && n > 0xFFFF:
		b = binary.BigEndian.AppendUint64(append(b, mask|127), n)
	case f.length == 2 || n > 125:
		b = binary.BigEndian.AppendUint16(append(b, mask|126), uint16(n))
	default:
		b = append(b, mask|byte(n))
	}
	if f.bare {
		return append(b, f.payload...)
	}
	key := [4]byte{0x37, 0xFA, 0x21, 0x3D}
	b = append(b, key[:]...)
	for i, x := range f.payload {
		b = append(b, x^key[i%4])
	}
	return b
}

// say returns these frames one after the other.
func say(frames ...wsFrame) (b []byte) {
	for _, f := range frames {
		b = append(b, f.bytes()...)
	}
	return b
}

func textFrame(s string) wsFrame { return wsFrame{op: opText, payload: []byte(s)} }
func control(op byte, s string) wsFrame {
	return wsFrame{op: op, payload: []byte(s)}
}

// closeFrame returns a close frame with a code and a reason.
func closeFrame(code uint16, why string) wsFrame {
	return wsFrame{op: opClose, payload: append(binary.BigEndian.AppendUint16(nil, code), why...)}
}

// stat is the shortest message there is; with a text in a member nobody knows.
func stat(with string) string {
	if with == "" {
		return `{"t":"stat"}`
	}
	return `{"t":"stat","x":"` + with + `"}`
}

// A bareScreen speaks to the hub without a websocket library.
type bareScreen struct {
	t    *testing.T
	name string
	conn net.Conn
	in   *bufio.Reader
}

// hear returns the hub's next frame. Whatever it is, its framing is right: not
// masked, no reserved bit, whole, its length in as few bytes as can be.
func (s *bareScreen) hear() (op byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(s.in, head[:]); err != nil {
		return 0, nil, err
	}
	op = head[0] & 0x0F
	require.Equal(s.t, byte(0x80), head[0]&0xF0, "%s: FIN and no reserved bit", s.name)
	require.Zero(s.t, head[1]&0x80, "%s: a hub does not mask", s.name)
	n := uint64(head[1])
	switch n {
	case 126:
		var b [2]byte
		_, err = io.ReadFull(s.in, b[:])
		n = uint64(binary.BigEndian.Uint16(b[:]))
		require.Greater(s.t, n, uint64(125), s.name)
	case 127:
		var b [8]byte
		_, err = io.ReadFull(s.in, b[:])
		n = binary.BigEndian.Uint64(b[:])
		require.Greater(s.t, n, uint64(0xFFFF), s.name)
	}
	require.NoError(s.t, err, s.name)
	require.False(s.t, op >= opClose && n > 125, "%s: control frame of %d bytes", s.name, n)
	payload = make([]byte, n)
	_, err = io.ReadFull(s.in, payload)
	return op, payload, err
}

// send sends bytes while the hub may speak itself.
func (s *bareScreen) send(b []byte, sent *sync.WaitGroup) {
	sent.Go(func() { _, _ = s.conn.Write(b) })
}

// endpoint serves the hub of a world as it is served, but without TLS.
func endpoint(t *testing.T, w *world) (dial func() (net.Conn, error), stop func()) {
	t.Helper()
	lines := netsim.New()
	srv := NewServer(w.hub.Handler(), slog.New(slog.DiscardHandler), new(TLS))
	var wg sync.WaitGroup
	wg.Go(func() { _ = srv.Serve(lines) })
	return func() (net.Conn, error) { return lines.Link().Dial(t.Context(), "tcp", host) }, func() {
		_ = srv.Close()
		wg.Wait()
		time.Sleep(time.Second) // net/http waits that long for whoever it has refused
	}
}

// handshake is a right one, each header in a line of its own.
const handshake = "GET /sync HTTP/1.1\r\nHost: hub.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: tavle.sync.v1\r\n\r\n"

// bare opens a connection and says hello, all by hand.
func bare(t *testing.T, dial func() (net.Conn, error), name string) *bareScreen {
	t.Helper()
	conn, err := dial()
	require.NoError(t, err)
	s := &bareScreen{t, name, conn, bufio.NewReader(conn)}
	var sent sync.WaitGroup
	s.send([]byte(handshake), &sent)
	resp, err := http.ReadResponse(s.in, nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusSwitchingProtocols, resp.StatusCode)
	_, b, err := s.hear()
	require.NoError(t, err)
	m, err := wire.DecodeFromHub(b)
	require.NoError(t, err)
	hello, err := wire.Encode(wire.Hello{
		Device: "scr-1", Inst: "i", NextSeq: 1, Schema: [2]int{1, 1}, Boot: "b", Sig: proof("scr-1", m.(*wire.Challenge).Nonce, host, "i"),
	})
	require.NoError(t, err)
	s.send(say(wsFrame{op: opText, payload: hello}), &sent)
	sent.Wait()
	return s
}

// What a row of the table expects: that the connection goes on, which a ping
// and a goodbye show; that it ends without a word; or a close code.
const (
	goesOn  = 0
	cut     = -1
	without = 1005 // a close frame without a code [7.4.1]
)

func TestFramesOfRFC6455(t *testing.T) {
	long := strings.Repeat("x", wire.MaxFromDevice-len(stat("x"))+1)
	type row struct {
		name  string
		in    []byte
		want  int
		pongs []string // that come before the end
	}
	rows := []row{
		// Framing [5.2].
		{"a text of 0 bytes is a message, and no JSON", say(textFrame("")), 4000, nil},
		{"a text", say(textFrame(stat(""))), goesOn, nil},
		{"a text of 125 bytes", say(textFrame(stat(strings.Repeat("x", 125-len(stat("x"))+1)))), goesOn, nil},
		{"a text of 126 bytes", say(textFrame(stat(strings.Repeat("x", 126-len(stat("x"))+1)))), goesOn, nil},
		{"a text of 65,535 bytes", say(textFrame(stat(long[1:]))), goesOn, nil},
		{"a text of 65,536 bytes, the most there may be", say(textFrame(stat(long))), goesOn, nil},
		{"two texts in one packet", say(textFrame(stat("")), textFrame(stat(""))), goesOn, nil},
		{"not masked [5.1]", say(wsFrame{op: opText, bare: true, payload: []byte(stat(""))}), 1002, nil},
		{"a ping that is not masked", say(wsFrame{op: opPing, bare: true}), 1002, nil},
		{"RSV1 without an extension", say(wsFrame{op: opText, rsv: 4, payload: []byte(stat(""))}), 1002, nil},
		{"RSV2", say(wsFrame{op: opText, rsv: 2, payload: []byte(stat(""))}), 1002, nil},
		{"RSV3", say(wsFrame{op: opText, rsv: 1, payload: []byte(stat(""))}), 1002, nil},
		{"all reserved bits", say(wsFrame{op: opText, rsv: 7, payload: []byte(stat(""))}), 1002, nil},
		{"RSV1 on a ping", say(wsFrame{op: opPing, rsv: 4}), 1002, nil},
		{"RSV1 on a continuation", say(wsFrame{op: opText, more: true, payload: []byte(`{"t":`)}, wsFrame{op: opContinue, rsv: 4, payload: []byte(`"stat"}`)}), 1002, nil},
		// A sender must use the fewest bytes; no receiver is told to mind.
		{"5 bytes, the length in 2", say(wsFrame{op: opText, length: 2, payload: []byte(stat(""))}), goesOn, nil},
		{"5 bytes, the length in 8", say(wsFrame{op: opText, length: 8, payload: []byte(stat(""))}), goesOn, nil},
		{"300 bytes, the length in 8", say(wsFrame{op: opText, length: 8, payload: []byte(stat(strings.Repeat("x", 300)))}), goesOn, nil},
		{"a ping, the length in 2", say(wsFrame{op: opPing, length: 2, payload: []byte("x")}), 1002, nil},
		{"a length of more than 63 bits", say(wsFrame{op: opText, length: 8, claim: 1 << 63}), 1009, nil},
		{"the greatest length", say(wsFrame{op: opText, length: 8, claim: 1<<63 - 1}), 1009, nil},
		{"the length of a whole memory, in parts", say(wsFrame{op: opText, more: true, payload: []byte("{")}, wsFrame{op: opContinue, length: 8, claim: 1<<63 - 1}), 1009, nil},

		// Limits.
		{"a text of 65,537 bytes", say(textFrame(stat(long + "x"))), 1009, nil},
		{"65,537 bytes that do not come: the claim is enough", say(wsFrame{op: opText, claim: wire.MaxFromDevice + 1}), 1009, nil},
		{"65,537 bytes in two parts", say(wsFrame{op: opText, more: true, payload: []byte(long)}, wsFrame{op: opContinue, payload: []byte(long)}), 1009, nil},
		{"parts without end", append(say(wsFrame{op: opText, more: true}), bytes.Repeat(say(wsFrame{op: opContinue, more: true, payload: bytes.Repeat([]byte{' '}, 1<<10)}), 70)...), 1009, nil},
		{"a megabyte", say(wsFrame{op: opText, payload: bytes.Repeat([]byte{' '}, 1<<20)}), 1009, nil},

		// Opcodes [5.2, 11.8], and what of them is spoken here.
		{"binary is for hubs", say(wsFrame{op: opBinary, payload: []byte(stat(""))}), 4000, nil},
		{"nothing, binary", say(wsFrame{op: opBinary}), 4000, nil},

		// Control frames [5.5].
		{"a ping", say(control(opPing, "")), goesOn, []string{""}},
		{"a ping says something", say(control(opPing, "æøå")), goesOn, []string{"æøå"}},
		{"a ping of bytes that are no text", say(control(opPing, "\x00\xFF\xFE")), goesOn, []string{"\x00\xFF\xFE"}},
		{"a ping of 125 bytes", say(control(opPing, long[:125])), goesOn, []string{long[:125]}},
		{"a ping of 126 bytes", say(control(opPing, long[:126])), 1002, nil},
		{"ten pings at once", bytes.Repeat(say(control(opPing, "p")), 9), goesOn, strings.Split("p p p p p p p p p", " ")},
		{"a pong nobody asked for", say(control(opPong, "x")), goesOn, nil},
		{"a pong of 126 bytes", say(control(opPong, long[:126])), 1002, nil},
		{"a ping in parts", say(wsFrame{op: opPing, more: true, payload: []byte("x")}, wsFrame{op: opContinue}), 1002, nil},
		{"a pong in parts", say(wsFrame{op: opPong, more: true}), 1002, nil},
		{"a close in parts", say(wsFrame{op: opClose, more: true}), 1002, nil},

		// Fragments [5.4].
		{"a text in two parts", say(wsFrame{op: opText, more: true, payload: []byte(`{"t":`)}, wsFrame{op: opContinue, payload: []byte(`"stat"}`)}), goesOn, nil},
		{"a ping between parts", say(wsFrame{op: opText, more: true, payload: []byte(`{"t":`)}, control(opPing, "now"), wsFrame{op: opContinue, payload: []byte(`"stat"}`)}), goesOn, []string{"now"}},
		{"parts of nothing", say(wsFrame{op: opText, more: true}, wsFrame{op: opContinue, more: true, payload: []byte(stat(""))}, wsFrame{op: opContinue}), goesOn, nil},
		{"a continuation of nothing", say(wsFrame{op: opContinue, payload: []byte(stat(""))}), 1002, nil},
		{"a continuation of nothing, and more to come", say(wsFrame{op: opContinue, more: true, payload: []byte(stat(""))}), 1002, nil},
		{"a continuation of what is whole", say(textFrame(stat("")), wsFrame{op: opContinue, payload: []byte("x")}), 1002, nil},
		{"a text inside a text", say(wsFrame{op: opText, more: true, payload: []byte(`{"t":`)}, textFrame(stat(""))), 1002, nil},
		{"a binary inside a text", say(wsFrame{op: opText, more: true, payload: []byte(`{"t":`)}, wsFrame{op: opBinary}), 1002, nil},
		{"a close between parts", say(wsFrame{op: opText, more: true, payload: []byte(`{"t":`)}, closeFrame(1000, "")), 1000, nil},

		// UTF-8 [8.1].
		{"æøå", say(textFrame(stat("æøå"))), goesOn, nil},
		{"four bytes", say(textFrame(stat("𝄞"))), goesOn, nil},
		{"the last code point", say(textFrame(stat("\U0010FFFF"))), goesOn, nil},
		{"a noncharacter is a character", say(textFrame(stat("\uFFFE"))), goesOn, nil},
		{"a letter over two parts", say(wsFrame{op: opText, more: true, payload: []byte(`{"t":"stat","x":"` + "\xC3")}, wsFrame{op: opContinue, payload: []byte("\xA6" + `"}`)}), goesOn, nil},
		{"a letter byte by byte", say(wsFrame{op: opText, more: true, payload: []byte(`{"t":"stat","x":"` + "\xF0")}, wsFrame{op: opContinue, more: true, payload: []byte("\x9D")}, wsFrame{op: opContinue, more: true, payload: []byte("\x84")}, wsFrame{op: opContinue, payload: []byte("\x9E" + `"}`)}), goesOn, nil},
		{"a byte that begins nothing", say(textFrame(stat("\x80"))), 1007, nil},
		{"0xFF", say(textFrame(stat("\xFF"))), 1007, nil},
		{"a letter cut off", say(textFrame("\xC3")), 1007, nil},
		{"a letter cut off at the end of parts", say(wsFrame{op: opText, more: true, payload: []byte(stat(""))}, wsFrame{op: opContinue, payload: []byte("\xC3")}), 1007, nil},
		{"/ in two bytes", say(textFrame(stat("\xC0\xAF"))), 1007, nil},
		{"/ in three bytes", say(textFrame(stat("\xE0\x80\xAF"))), 1007, nil},
		{"NUL in two bytes", say(textFrame(stat("\xC0\x80"))), 1007, nil},
		{"the lower half of a pair", say(textFrame(stat("\xED\xB0\x80"))), 1007, nil},
		{"the upper half of a pair", say(textFrame(stat("\xED\xA0\x80"))), 1007, nil},
		{"both halves, as UTF-16 has them", say(textFrame(stat("\xED\xA0\xB4\xED\xB4\x9E"))), 1007, nil},
		{"beyond the last code point", say(textFrame(stat("\xF4\x90\x80\x80"))), 1007, nil},
		{"five bytes", say(textFrame(stat("\xF8\x88\x80\x80\x80"))), 1007, nil},
		{"UTF-8 first and then not", say(textFrame(stat("")), textFrame("\xFE")), 1007, nil},

		// Closing [5.5.1, 7.4].
		{"a close without a code", say(wsFrame{op: opClose}), without, nil},
		// No code fits into one byte. It ends the connection like one without.
		{"a close of one byte", say(control(opClose, "\x03")), without, nil},
		{"1000", say(closeFrame(1000, "")), 1000, nil},
		{"1000 and why", say(closeFrame(1000, "gå nu")), 1000, nil},
		{"the longest reason", say(closeFrame(1000, long[:123])), 1000, nil},
		{"a reason that is too long", say(closeFrame(1000, long[:124])), 1002, nil},
		{"a reason that is no text", say(closeFrame(1000, "\xC3\x28")), 1002, nil},
		{"a reason cut off", say(closeFrame(1000, "g\xC3")), 1002, nil},
		{"what comes after a close is not heard", say(closeFrame(1000, ""), textFrame("\xFF"), control(opPing, "x")), 1000, nil},
	}
	for op := byte(3); op <= 7; op++ {
		rows = append(rows, row{fmt.Sprintf("opcode %d", op), say(wsFrame{op: op}), 1002, nil},
			row{fmt.Sprintf("opcode %d", op+8), say(wsFrame{op: op + 8}), 1002, nil})
	}
	for _, code := range []uint16{1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4002, 4999} {
		rows = append(rows, row{fmt.Sprintf("close %d", code), say(closeFrame(code, "x")), int(code), nil})
	}
	for _, code := range []uint16{0, 1, 999, 1004, 1005, 1006, 1014, 1015, 1016, 1100, 2000, 2999, 5000, 65535} {
		rows = append(rows, row{fmt.Sprintf("close %d, which there is not", code), say(closeFrame(code, "")), 1002, nil})
	}
	inWorld(t, func(t *testing.T, w *world) {
		dial, stop := endpoint(t, w)
		defer stop()
		for _, row := range rows {
			s := bare(t, dial, row.name)
			var sent sync.WaitGroup
			in := row.in
			if row.want == goesOn {
				in = append(bytes.Clone(in), say(control(opPing, "still there?"), closeFrame(1000, ""))...)
				row.pongs, row.want = append(row.pongs, "still there?"), 1000
			}
			s.send(in, &sent)
			code, pongs := s.end()
			require.Equal(t, row.want, code, row.name)
			require.Equal(t, row.pongs, pongs, row.name)
			_ = s.conn.Close()
			sent.Wait()
		}
		require.Zero(t, w.hub.Resyncs())
	})
}

// end hears the hub out and returns how it closed, and what it answered to
// pings.
func (s *bareScreen) end() (code int, pongs []string) {
	for {
		op, payload, err := s.hear()
		switch {
		case err != nil:
			require.True(s.t, errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe), "%s: %v", s.name, err)
			return cut, pongs
		case op == opPong:
			pongs = append(pongs, string(payload))
		case op == opClose && len(payload) == 0:
			return without, pongs
		case op == opClose:
			require.GreaterOrEqual(s.t, len(payload), 2, s.name)
			return int(binary.BigEndian.Uint16(payload)), pongs
		}
	}
}

// The opening handshake [4.2]. A row is a right handshake with one thing
// changed.
func TestHandshakesOfRFC6455(t *testing.T) {
	change := func(is, becomes string) string {
		out := strings.Replace(handshake, is, becomes, 1)
		require.NotEqual(t, handshake, out, is)
		return out
	}
	without := func(header string) string {
		i := strings.Index(handshake, header+":")
		return handshake[:i] + handshake[i+strings.Index(handshake[i:], "\r\n")+2:]
	}
	rows := []struct {
		name, in string
		want     int // 0: the connection ends without an answer
		header   string
	}{
		{"as it should be", handshake, 101, "Sec-Websocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
		{"another key", change("dGhlIHNhbXBsZSBub25jZQ==", "AQIDBAUGBwgJCgsMDQ4PEA=="), 101, "Sec-Websocket-Accept: C/0nmHhBztSRGR1CwL6Tf4ZjwpY="},
		{"tokens in any case", change("Upgrade: websocket\r\nConnection: Upgrade", "UPGRADE: WebSocket\r\nconnection: keep-alive, UPGRADE"), 101, "Upgrade: websocket"},
		{"a newer subprotocol first", change("tavle.sync.v1", "tavle.sync.v2, tavle.sync.v1"), 101, "Sec-Websocket-Protocol: tavle.sync.v1"},
		{"subprotocols in two headers", change("Sec-WebSocket-Protocol: tavle.sync.v1", "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: tavle.sync.v1"), 101, "Sec-Websocket-Protocol: tavle.sync.v1"},
		{"compression is offered", change("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"), 101, "!Sec-Websocket-Extensions"},
		{"a cookie nobody wants", change("\r\n\r\n", "\r\nCookie: a=b\r\n\r\n"), 101, "!Set-Cookie"},
		{"no subprotocol", without("Sec-WebSocket-Protocol"), 426, "Content-Type: application/json"},
		{"another subprotocol", change("tavle.sync.v1", "tavle.sync.v9"), 426, "Upgrade: websocket"},
		{"a page asks", change("\r\n\r\n", "\r\nOrigin: https://hub.test\r\n\r\n"), 403, ""},
		{"no Upgrade", without("Upgrade"), 426, ""},
		{"another Upgrade", change("Upgrade: websocket", "Upgrade: h2c"), 426, ""},
		{"no Connection", without("Connection"), 426, ""},
		{"Connection without Upgrade", change("Connection: Upgrade", "Connection: keep-alive"), 426, ""},
		{"no version", without("Sec-WebSocket-Version"), 426, "Sec-Websocket-Version: 13"},
		{"an older version", change("Version: 13", "Version: 8"), 426, "Sec-Websocket-Version: 13"},
		{"a newer version", change("Version: 13", "Version: 14"), 426, "Sec-Websocket-Version: 13"},
		{"no key", without("Sec-WebSocket-Key"), 400, ""},
		{"an empty key", change("dGhlIHNhbXBsZSBub25jZQ==", ""), 400, ""},
		{"a key of 15 bytes", change("dGhlIHNhbXBsZSBub25jZQ==", "AQIDBAUGBwgJCgsMDQ4P"), 400, ""},
		{"a key of 17 bytes", change("dGhlIHNhbXBsZSBub25jZQ==", "AQIDBAUGBwgJCgsMDQ4PEBE="), 400, ""},
		{"a key that is not base64", change("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j!!=="), 400, ""},
		{"no host", without("Host"), 400, ""},
		{"two hosts", change("Host: hub.test", "Host: hub.test\r\nHost: evil.test"), 400, ""},
		{"POST", change("GET", "POST"), 405, "Allow: GET, HEAD"},
		{"another path", change("/sync", "/other"), 404, ""},
		{"HTTP/1.0", change("HTTP/1.1", "HTTP/1.0"), 426, ""},
		{"HTTP/9.9", change("HTTP/1.1", "HTTP/9.9"), 505, ""},
		{"a header that is none", change("Host: hub.test", "Host: hub.test\r\nno colon"), 400, ""},
		{"headers without end", change("\r\n\r\n", "\r\nX: "+strings.Repeat("x", 64<<10)+"\r\n\r\n"), 431, ""},
		{"a frame before the answer", handshake + string(say(textFrame(stat("")))), 0, ""},
	}
	inWorld(t, func(t *testing.T, w *world) {
		dial, stop := endpoint(t, w)
		defer stop()
		for _, row := range rows {
			conn, err := dial()
			require.NoError(t, err)
			s := &bareScreen{t, row.name, conn, bufio.NewReader(conn)}
			var sent sync.WaitGroup
			s.send([]byte(row.in), &sent)
			resp, err := http.ReadResponse(s.in, nil)
			if row.want == 0 {
				require.Error(t, err, row.name)
			} else {
				require.NoError(t, err, row.name)
				require.Equal(t, row.want, resp.StatusCode, row.name)
				name, value, has := strings.Cut(strings.TrimPrefix(row.header, "!"), ": ")
				require.Equal(t, value, resp.Header.Get(name), row.name)
				require.Equal(t, has, resp.Header.Get(name) != "", row.name)
				if row.want == http.StatusUpgradeRequired {
					var says struct{ Supported []string }
					require.NoError(t, json.NewDecoder(resp.Body).Decode(&says), row.name)
					require.Equal(t, []string{wire.Subprotocol}, says.Supported)
				}
			}
			_ = conn.Close()
			sent.Wait()
		}
	})
}

// Somebody takes for ever to say what they want, a byte a second: the hub hears
// them for ten seconds, before the upgrade and after it.
func TestSlowHandshakeIsEnded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		dial, stop := endpoint(t, w)
		defer stop()
		drip := func(s *bareScreen, b string, sent *sync.WaitGroup) {
			sent.Go(func() {
				for i := range len(b) {
					if _, err := s.conn.Write([]byte{b[i]}); err != nil {
						return
					}
					time.Sleep(time.Second)
				}
			})
		}
		var sent sync.WaitGroup
		conn, err := dial()
		require.NoError(t, err)
		began := time.Now()
		drip(&bareScreen{conn: conn}, handshake, &sent)
		_, err = io.ReadAll(conn)
		require.NoError(t, err)
		require.Equal(t, wire.HandshakeTimeout, time.Since(began), "before the upgrade")

		conn, err = dial()
		require.NoError(t, err)
		s := &bareScreen{t, "slow hello", conn, bufio.NewReader(conn)}
		s.send([]byte(handshake), &sent)
		resp, err := http.ReadResponse(s.in, nil)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		began = time.Now()
		drip(s, string(say(textFrame(stat(strings.Repeat("x", 100))))), &sent)
		code, _ := s.end()
		require.Equal(t, int(wire.CloseTryLater), code)
		require.Equal(t, wire.HandshakeTimeout, time.Since(began), "after it")
		_ = conn.Close()
		sent.Wait()
		synctest.Wait()
	})
}

// Whatever bytes follow the handshake, the hub speaks RFC 6455 itself, ends the
// connection when it should, and serves the next one.
func FuzzBytes(f *testing.F) {
	f.Add(say(textFrame(stat("")), control(opPing, "x"), closeFrame(1000, "")))
	f.Add(say(wsFrame{op: opText, more: true, payload: []byte(`{"t":`)}, wsFrame{op: opContinue, payload: []byte(`"stat"}`)}))
	f.Add(say(wsFrame{op: opText, length: 8, claim: 1 << 63}))
	f.Add(say(wsFrame{op: opBinary, rsv: 7, bare: true}, wsFrame{op: opClose, payload: []byte{3}}))
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	_, lines := plain(f, demoHouse(f))
	dial := func() (net.Conn, error) { return lines.Link().Dial(context.Background(), "tcp", host) }
	require.NoError(f, greet(f, lines, "scr-1").Close()) // it runs
	f.Fuzz(func(t *testing.T, in []byte) {
		s := bare(t, dial, "fuzz")
		var sent sync.WaitGroup
		s.send(in, &sent)
		// What is half a frame is made whole by what follows it, or ends here.
		end := time.AfterFunc(100*time.Millisecond, func() { _ = s.conn.Close() })
		defer end.Stop()
		s.end()
		_ = s.conn.Close()
		sent.Wait()
	})
}
