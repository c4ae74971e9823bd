package config

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// plainText returns data as UTF-8 with LF line endings. The file lies on a card
// that is edited on any machine: a byte order mark, UTF-16 as Windows' editor
// writes it, and any line ending are all the same to us. The line is where it
// is no text, or 0.
func plainText(data []byte) (text []byte, badLine int) {
	switch {
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		data = data[3:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		data = fromUTF16(data[2:], binary.BigEndian)
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) {
			return nil, i + 1
		}
	}
	return data, 0
}

// fromUTF16 returns data as UTF-8. What is no UTF-16 becomes a byte that is no
// UTF-8 either, so that it is noticed in its line.
func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	const bad = 0xFF
	var out []byte
	for len(data) >= 2 {
		r := rune(order.Uint16(data))
		data = data[2:]
		if utf16.IsSurrogate(r) {
			var low rune
			if len(data) >= 2 {
				low = rune(order.Uint16(data))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				out = append(out, bad)
				continue
			}
			data = data[2:]
		}
		out = utf8.AppendRune(out, r)
	}
	if len(data) > 0 {
		out = append(out, bad)
	}
	return out
}
