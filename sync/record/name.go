package record

import (
	"fmt"
	"log/slog"
	"unique"
)

// A Name is what a person is called on this board: the first name or the alias
// they chose. It prints as [name]; [Name.Reveal] is the only way to the
// letters, so every use can be found by searching for it.
//
// It holds a handle and not a string because fmt reaches string fields of
// unexported struct fields without asking their methods. It has no marshaller:
// sync/wire converts it, explicitly. The zero Name is nobody's.
type Name struct{ h unique.Handle[string] }

// NameOf returns the name spelled s. The empty string gives the zero Name.
func NameOf(s string) Name {
	if s == "" {
		return Name{}
	}
	return Name{unique.Make(s)}
}

// Reveal returns the letters, for pixels, the wire and the sealed cache only.
func (n Name) Reveal() string {
	if n == (Name{}) {
		return ""
	}
	return n.h.Value()
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
