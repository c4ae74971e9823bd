package record

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"unicode"
)

// A TagKey is by what a board's tags are made: the board's own, so that the tags of
// two boards cannot be compared. The empty key makes none.
type TagKey string

// A Tag recognises the number of a card or key ring without saying it. Whoever has
// a board has its key, too, and numbers are short: it keeps them out of sight and
// out of copies of other boards, no more. The empty tag is none.
type Tag string

const tagBytes = 16

// NewTagKey returns the key that is made of a board's secret.
func NewTagKey(secret []byte) TagKey {
	return TagKey(seal(secret, "tags of the board"))
}

// Tag returns the tag of a number as a reader types it, whatever its case and
// whatever stands between its digits.
func (k TagKey) Tag(number string) Tag {
	number = strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, number)
	if k == "" || number == "" {
		return ""
	}
	return Tag(seal([]byte(k), number))
}

func seal(key []byte, what string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(what))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:tagBytes])
}

// String keeps the key out of what is printed.
func (TagKey) String() string { return "(key)" }

// GoString keeps the key out of what is printed.
func (TagKey) GoString() string { return "(key)" }

// String keeps the tag out of what is printed.
func (Tag) String() string { return "(tag)" }

// GoString keeps the tag out of what is printed.
func (Tag) GoString() string { return "(tag)" }
