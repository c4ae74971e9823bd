package record

import (
	"fmt"
	"log/slog"
	"strings"
	"unique"
)

// A Name is what a person is called on this board: the first name or the alias
// they chose. It prints as [name]; [Name.Reveal] is the only way to the
// letters, so every use can be found by searching for it.
//
// It holds a handle and not a string because fmt reaches string fields of
// unexported struct fields without asking their methods. It has no marshaller:
// sync/wire converts it, explicitly. The zero Name is nobody's.
//
// What the handle is of is [Alone]: a name that is let go of is gone from memory
// with the next collection, whatever else is kept.
type Name struct{ h unique.Handle[string] }

// NameOf returns the name spelled s. The empty string gives the zero Name. No name
// ends in U+0000.
func NameOf(s string) Name {
	if s == "" {
		return Name{}
	}
	return Name{unique.Make(Alone(s))}
}

// Alone returns s, made so long with U+0000 at its end that it lies in memory by
// itself: Go puts what is smaller than that into one block with other small
// things, and keeps all of it for as long as any is in use.
func Alone[T string | []byte](s T) string {
	const large = 16
	if len(s) >= large {
		return string(s)
	}
	b := make([]byte, large)
	copy(b, s)
	return string(b)
}

// Reveal returns the letters, for pixels, the wire and the sealed cache only.
func (n Name) Reveal() string {
	if n == (Name{}) {
		return ""
	}
	return strings.TrimRight(n.h.Value(), "\x00")
}

// IsZero reports whether there is no name.
func (n Name) IsZero() bool { return n == Name{} }

const redacted = "[name]"

// String returns [name].
func (n Name) String() string { return redacted }

// GoString returns [name].
func (n Name) GoString() string { return redacted }

// Format writes [name] whatever the verb.
func (n Name) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue returns [name].
func (n Name) LogValue() slog.Value { return slog.StringValue(redacted) }
