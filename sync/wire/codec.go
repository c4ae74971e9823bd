package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"tavle/sync/record"
)

// Errors of the decoders. Each has its close code; see [CodeOf].
var (
	ErrNotText  = errors.New("message is not UTF-8")
	ErrTooBig   = errors.New("message is too big")
	ErrProtocol = errors.New("message is not of this protocol")
)

// CodeOf returns the close code for an error of this package.
func CodeOf(err error) CloseCode {
	switch {
	case errors.Is(err, ErrNotText):
		return CloseBadText
	case errors.Is(err, ErrTooBig):
		return CloseTooBig
	default:
		return CloseProtocol
	}
}

// Encode returns m as one JSON object.
func Encode(m Message) ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", m.Type(), err)
	}
	head := append([]byte(`{"t":"`), m.Type()...)
	head = append(head, '"')
	if len(body) > 2 {
		head = append(head, ',')
	}
	return append(head, body[1:]...), nil
}

// Compress returns b as a binary message carries it.
func Compress(b []byte) []byte {
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
	_, _ = z.Write(b)
	_ = z.Close()
	return buf.Bytes()
}

// Inflate returns what a binary message carries, at most [MaxInflated] bytes:
// one byte more is [ErrTooBig], and no more than that is ever inflated.
func Inflate(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	out, err := io.ReadAll(io.LimitReader(z, MaxInflated+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	if len(out) > MaxInflated {
		return nil, fmt.Errorf("%w: over %d bytes inflated", ErrTooBig, MaxInflated)
	}
	return out, nil
}

// DecodeFromHub reads one message a hub sent. A kind this build does not know
// is an [Unknown] and no error. A lease is one a hub may give.
func DecodeFromHub(b []byte) (Message, error) {
	m, err := decode(b, MaxInflated, func(t string) Message {
		switch t {
		case "challenge":
			return new(Challenge)
		case "welcome":
			return new(Welcome)
		case "snap":
			return new(Snap)
		case "delta":
			return new(Delta)
		case "res":
			return new(Res)
		case "time":
			return new(Time)
		case "lease":
			return new(LeaseRenewal)
		case "cmd":
			return new(Cmd)
		case "bye":
			return new(Bye)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	switch m := m.(type) {
	case *Welcome:
		err = m.Lease.Check()
	case *LeaseRenewal:
		err = m.Lease.Check()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	return m, nil
}

// DecodeFromDevice reads one message a screen sent. A kind this build does not
// know is an [Unknown] and no error; the hub closes on it.
func DecodeFromDevice(b []byte) (Message, error) {
	if a, ok := plainAck(b); ok {
		return a, nil
	}
	if err := noNull(b); err != nil {
		return nil, err
	}
	m, err := decode(b, MaxFromDevice, func(t string) Message {
		switch t {
		case "hello":
			return new(Hello)
		case "ack":
			return new(Ack)
		case "resync":
			return new(Resync)
		case "mut":
			return new(Mut)
		case "rack":
			return new(Rack)
		case "done":
			return new(Done)
		case "stat":
			return new(Stat)
		}
		return nil
	})
	if mut, ok := m.(*Mut); ok && err == nil {
		if n := len(mut.Muts); n == 0 || n > MaxMuts {
			return nil, fmt.Errorf("%w: %d mutations, want 1 to %d", ErrProtocol, n, MaxMuts)
		}
		for _, x := range mut.Muts {
			if err := x.Check(); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrProtocol, err)
			}
		}
	}
	return m, err
}

// noNull refuses a message in which U+0000 is written: no name has it, and not
// every database keeps it.
func noNull(b []byte) error {
	if bytes.Contains(b, []byte(`\u0000`)) {
		return fmt.Errorf("%w: U+0000 in a text", ErrProtocol)
	}
	return nil
}

// plainAck reads an [Ack] as [Encode] writes it. Most of what a hub hears is
// one, and this way needs neither time nor a large stack, of which it has one for
// each screen. What looks any different is left to [encoding/json].
func plainAck(b []byte) (*Ack, bool) {
	b, ok := bytes.CutPrefix(b, []byte(`{"t":"ack","epoch":"`))
	epoch, rest, whole := bytes.Cut(b, []byte(`","rev":`))
	digits, closed := bytes.CutSuffix(rest, []byte("}"))
	if !ok || !whole || !closed || len(epoch) != 16 || len(digits) == 0 || len(digits) > 1 && digits[0] == '0' {
		return nil, false
	}
	for _, c := range epoch {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return nil, false
		}
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return nil, false
		}
	}
	rev, err := strconv.ParseUint(string(digits), 10, 64)
	return &Ack{Epoch: record.Epoch(epoch), Rev: rev}, err == nil
}

// decode reads one JSON object into the message that known returns for its
// kind. Pointers are returned so that the caller's switch has one form.
func decode(b []byte, limit int, known func(t string) Message) (Message, error) {
	if len(b) > limit {
		return nil, fmt.Errorf("%w: %d bytes, want at most %d", ErrTooBig, len(b), limit)
	}
	if !utf8.Valid(b) {
		return nil, ErrNotText
	}
	// What both ends write begins with the kind; then it is read once.
	if kind, begun := bytes.CutPrefix(b, []byte(`{"t":"`)); begun {
		kind, _, _ = bytes.Cut(kind, []byte(`"`))
		if m := known(string(kind)); m != nil && json.Unmarshal(b, m) == nil {
			return m, nil
		}
	}
	var head struct {
		T *string `json:"t"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProtocol, redact(err))
	}
	if head.T == nil || *head.T == "" {
		return nil, fmt.Errorf(`%w: no member "t"`, ErrProtocol)
	}
	m := known(*head.T)
	if m == nil {
		if len(*head.T) > 16 {
			return nil, fmt.Errorf(`%w: member "t" of %d bytes`, ErrProtocol, len(*head.T))
		}
		return Unknown{Kind: *head.T}, nil
	}
	if err := json.Unmarshal(b, m); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrProtocol, *head.T, redact(err))
	}
	return m, nil
}

// redact keeps where a JSON error is and drops what stood there: a value that
// does not fit may be a name, and errors end in logs.
func redact(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("bad JSON at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Errorf("member %q at byte %d is not a %s", kind.Field, kind.Offset, kind.Type)
	default:
		return errors.New("bad JSON")
	}
}
