package photo

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// formatOf tells what data is by its first bytes; names and endings are not
// asked.
func formatOf(data []byte) (format, error) {
	for _, f := range formats {
		if begins(data, f.magic) {
			return f, nil
		}
	}
	says, class := otherFormat(data), ErrFormat
	if says == heic {
		class = ErrHEIC
	}
	return format{}, refusal{class, says + "; it must be JPEG, PNG, WebP or GIF"}
}

// begins compares the start of data with magic, of which "?" stands for any
// byte.
func begins(data []byte, magic string) bool {
	if len(data) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && magic[i] != data[i] {
			return false
		}
	}
	return true
}

// heic is what the pictures of iPhones are.
const heic = "it is HEIC, as iPhones take them"

// otherFormat says what a file is that we do not take, so that whoever brought
// it knows what to change.
func otherFormat(data []byte) string {
	for _, f := range []struct{ magic, says string }{
		{"????ftyphei", heic},
		{"????ftyphev", heic},
		{"????ftypmif1", heic},
		{"????ftypmsf1", heic},
		{"????ftypavi", "it is AVIF"},
		{"????ftyp", "it is a video"},
		{"\x1A\x45\xDF\xA3", "it is a video"},
		{"RIFF????AVI ", "it is a video"},
		{"II*\x00", "it is TIFF or a raw photo"},
		{"MM\x00*", "it is TIFF or a raw photo"},
		{"BM", "it is BMP"},
		{"\xFF\x0A", "it is JPEG XL"},
		{"\x00\x00\x00\x0CJXL ", "it is JPEG XL"},
		{"%PDF", "it is PDF"},
		{"PK\x03\x04", "it is a ZIP archive or an office document"},
	} {
		if begins(data, f.magic) {
			return f.says
		}
	}
	head := data[:min(len(data), 1024)]
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))))
	switch {
	case len(data) == 0:
		return "it is empty"
	case strings.HasPrefix(text, "<svg") || strings.HasPrefix(text, "<?xml") && strings.Contains(text, "<svg"):
		return "it is SVG"
	case strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html"):
		return "it is a web page"
	case isText(head):
		return "it is text"
	}
	return "its format is not known"
}

// isText reports whether head looks like the start of a text.
func isText(head []byte) bool {
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && len(head) >= utf8.UTFMax || r < ' ' && !strings.ContainsRune("\t\n\f\r", r) {
			return false
		}
		head = head[n:]
	}
	return true
}
