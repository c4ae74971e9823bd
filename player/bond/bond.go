// Package bond keeps what a screen knows of its hub once they are paired: where
// it is, what it calls the screen, and by which keys it is known. There is no
// secret in it: what a screen proves itself by is made of the device secret and
// lies nowhere (package seal).
//
//	pairing → Store: a small file, whole or not at all
//	start   → Load: it counts for one screen key and one hub
//	wiped   → Forget
//
// A bond says for which key of the screen it was made. After the device secret
// was renewed it is nobody's, whether or not the power held until it was
// forgotten.
package bond

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tavle/player/seal"
	"tavle/sync/wire"
)

// A Bond is what a screen keeps of the hub it belongs to.
type Bond struct {
	Hub    string            // its channel, as it was configured: wss://HOST[:PORT]/sync
	Device string            // this screen's name at it: 1 to 64 bytes
	Screen ed25519.PublicKey // by which this screen is known there
	Pins   []string          // of the hub's TLS keys, 1 to 4: the one in use and the next; see [wire.Pin]
	Signer ed25519.PublicKey // by which the hub signs what it says to screens

	// Configured is what the screen was configured to know its hub by when the bond
	// was made; often nothing where they were paired. A screen that is configured
	// otherwise since goes by that.
	Configured []string
}

// ErrDamaged is returned for a file that is not a whole bond.
var ErrDamaged = errors.New("damaged")

const (
	maxFile   = 8 << 10
	maxHub    = 512
	maxDevice = 64
	maxPins   = 4

	maxConfigured, maxPin = 8, 64
)

// Check names what is wrong with b, or returns nil.
func (b Bond) Check() error {
	switch {
	case !strings.HasPrefix(b.Hub, "wss://") || len(b.Hub) > maxHub:
		return fmt.Errorf("hub address of %d bytes, want wss://… of at most %d", len(b.Hub), maxHub)
	case b.Device == "" || len(b.Device) > maxDevice:
		return fmt.Errorf("name of %d bytes, want 1 to %d", len(b.Device), maxDevice)
	case len(b.Screen) != ed25519.PublicKeySize:
		return fmt.Errorf("screen key of %d bytes, want %d", len(b.Screen), ed25519.PublicKeySize)
	case len(b.Signer) != ed25519.PublicKeySize:
		return fmt.Errorf("hub's signing key of %d bytes, want %d", len(b.Signer), ed25519.PublicKeySize)
	case len(b.Pins) == 0 || len(b.Pins) > maxPins:
		return fmt.Errorf("%d pins, want 1 to %d", len(b.Pins), maxPins)
	}
	for _, p := range b.Pins {
		if !wire.IsPin(p) {
			return errors.New("a pin that is none")
		}
	}
	if len(b.Configured) > maxConfigured || slices.ContainsFunc(b.Configured, func(p string) bool { return len(p) > maxPin }) {
		return fmt.Errorf("configured by over %d pins, or by one of over %d bytes", maxConfigured, maxPin)
	}
	return nil
}

// Holds reports whether b is for a screen with this key at this hub.
func (b Bond) Holds(screen ed25519.PublicKey, hub string) bool {
	return len(screen) > 0 && b.Screen.Equal(screen) && b.Hub == hub
}

// A File is where a bond lies, mode 0600.
type File struct{ Path string }

// stored is how a bond is written, followed by a line with the first 8 bytes of
// the SHA-256 of everything before it. The sum is there for cards that lose a
// bit: a pin that is wrong by one would shut the screen out.
type stored struct {
	Version int      `json:"v"`
	Hub     string   `json:"hub"`
	Device  string   `json:"device"`
	Screen  []byte   `json:"screen"`
	Pins    []string `json:"pins"`
	Signer  []byte   `json:"signer"`

	Configured []string `json:"configured,omitempty"`
}

const version = 1

// Load returns the bond, [fs.ErrNotExist] when there is none, and [ErrDamaged]
// when what is there is none.
func (f File) Load() (Bond, error) {
	data, err := seal.ReadFile(f.Path, maxFile)
	if errors.Is(err, seal.ErrSealed) { // not a regular file, or too long
		err = errors.Join(ErrDamaged, err)
	}
	if err != nil {
		return Bond{}, fmt.Errorf("bond: %w", err)
	}
	b, err := decode(data)
	if err != nil {
		return Bond{}, fmt.Errorf("bond %s: %w: %w", f.Path, ErrDamaged, err)
	}
	return b, nil
}

func decode(data []byte) (Bond, error) {
	const line = 16 + 1
	at := len(data) - line
	if at < 0 || string(data[at:]) != sumLine(data[:at]) {
		return Bond{}, errors.New("its sum does not fit")
	}
	var s stored
	if err := json.Unmarshal(data[:at], &s); err != nil {
		return Bond{}, err
	}
	if s.Version != version {
		return Bond{}, fmt.Errorf("version %d, want %d", s.Version, version)
	}
	b := Bond{s.Hub, s.Device, s.Screen, s.Pins, s.Signer, s.Configured}
	return b, b.Check()
}

func sumLine(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8]) + "\n"
}

// Store writes a bond. A power cut leaves either what was there before or all of
// the new one; it is durable when Store returns.
func (f File) Store(b Bond) error {
	err := b.Check()
	if err == nil {
		err = os.MkdirAll(filepath.Dir(f.Path), 0o700)
	}
	var data []byte
	if err == nil {
		data, err = json.MarshalIndent(stored{version, b.Hub, b.Device, b.Screen, b.Pins, b.Signer, b.Configured}, "", "\t")
	}
	if err == nil {
		data = append(data, '\n')
		err = seal.Replace(f.Path, append(data, sumLine(data)...))
	}
	if err != nil {
		return fmt.Errorf("bond: %w", err)
	}
	return f.sweep()
}

// Forget removes the bond, if there is one. It is durable when it returns.
func (f File) Forget() error {
	if err := errors.Join(seal.Shred(f.Path), f.sweep()); err != nil {
		return fmt.Errorf("bond: %w", err)
	}
	return nil
}

// sweep removes what a power cut left half written.
func (f File) sweep() error {
	left, err := filepath.Glob(f.Path + ".*" + seal.TempSuffix)
	for _, path := range left {
		if e := os.Remove(path); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}
