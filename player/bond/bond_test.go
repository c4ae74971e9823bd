package bond

import (
	"bytes"
	"crypto/ed25519"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/player/seal"
	"tavle/sync/wire"
)

func key(fill byte) ed25519.PublicKey { return bytes.Repeat([]byte{fill}, ed25519.PublicKeySize) }

func example() Bond {
	return Bond{
		Hub: "wss://hub.example:8443/sync", Device: "hall", Screen: key(1),
		Pins: []string{wire.Pin([]byte("current")), wire.Pin([]byte("next"))}, Signer: key(2),
		Configured: []string{"sha256-x", "ed25519-y"},
	}
}

func file(t *testing.T) File {
	t.Helper()
	return File{filepath.Join(t.TempDir(), "state", "bond")}
}

func TestBondIsKeptAndForgotten(t *testing.T) {
	f := file(t)
	_, err := f.Load()
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.NoError(t, f.Forget(), "nothing to forget")

	require.NoError(t, f.Store(example()))
	b, err := f.Load()
	require.NoError(t, err)
	require.Equal(t, example(), b)
	info, err := os.Stat(f.Path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())

	rotated := example()
	rotated.Pins = []string{rotated.Pins[1]}
	require.NoError(t, f.Store(rotated))
	b, err = f.Load()
	require.NoError(t, err)
	require.Equal(t, rotated, b)

	require.NoError(t, f.Forget())
	_, err = f.Load()
	require.ErrorIs(t, err, fs.ErrNotExist)
	left, err := os.ReadDir(filepath.Dir(f.Path))
	require.NoError(t, err)
	require.Empty(t, left)
}

// A bond is nobody's once the screen has another key, and says nothing of
// another hub.
func TestBondHoldsForOneScreenAndOneHub(t *testing.T) {
	b := example()
	require.True(t, b.Holds(key(1), b.Hub))
	require.False(t, b.Holds(key(3), b.Hub))
	require.False(t, b.Holds(key(1), "wss://other.example/sync"))
	require.False(t, b.Holds(nil, b.Hub))
	require.False(t, Bond{}.Holds(nil, ""))
}

// Whatever the card did to the file, it is a bond or it is none: no bit of it may
// be another.
func TestDamagedBondIsNone(t *testing.T) {
	f := file(t)
	require.NoError(t, f.Store(example()))
	whole, err := os.ReadFile(f.Path)
	require.NoError(t, err)
	none := func(data []byte, what string, at int) {
		require.NoError(t, os.WriteFile(f.Path, data, 0o600))
		_, err := f.Load()
		require.ErrorIs(t, err, ErrDamaged, "%s at %d", what, at)
	}
	for i := range whole {
		none(whole[:i], "cut", i)
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1 << (i % 8)
		none(flipped, "flipped", i)
	}
	none(make([]byte, len(whole)), "zeros", 0)
	none(bytes.Repeat([]byte{'x'}, maxFile+1), "long", 0)
	none(append([]byte("{}\n"), sumLine([]byte("{}\n"))...), "empty document", 0)

	require.NoError(t, f.Store(example()), "and it can be written again")
	_, err = f.Load()
	require.NoError(t, err)
}

// What a power cut left of a new bond is not in the way, and does not stay.
func TestHalfWrittenBondIsSwept(t *testing.T) {
	f := file(t)
	require.NoError(t, f.Store(example()))
	half := f.Path + ".123" + seal.TempSuffix
	require.NoError(t, os.WriteFile(half, []byte("half"), 0o600))
	b, err := f.Load()
	require.NoError(t, err)
	require.Equal(t, example(), b)
	require.NoError(t, f.Store(b))
	require.NoFileExists(t, half)
}

func TestOnlyAWholeBondIsStored(t *testing.T) {
	for name, spoil := range map[string]func(*Bond){
		"hub":      func(b *Bond) { b.Hub = "http://hub.example" },
		"long hub": func(b *Bond) { b.Hub = "wss://" + strings.Repeat("a", maxHub) },
		"device":   func(b *Bond) { b.Device = "" },
		"screen":   func(b *Bond) { b.Screen = b.Screen[1:] },
		"signer":   func(b *Bond) { b.Signer = nil },
		"no pins":  func(b *Bond) { b.Pins = nil },
		"pins":     func(b *Bond) { b.Pins = append(b.Pins, b.Pins[0], b.Pins[0], b.Pins[0]) },
		"pin":      func(b *Bond) { b.Pins[1] = "sha256-short" },
	} {
		t.Run(name, func(t *testing.T) {
			f, b := file(t), example()
			spoil(&b)
			require.Error(t, f.Store(b))
			require.NoFileExists(t, f.Path)
		})
	}
}

// Whatever a file holds, it is a whole bond or none; a whole one is written again
// as it was. Since no random file has the right sum, what is in it is tried with
// one, too.
func FuzzBond(f *testing.F) {
	for _, s := range []string{
		`{"v":1,"hub":"wss://hub.example/sync","device":"hall","screen":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","pins":["sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],"signer":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`,
		`{"v":2}`, `{"v":1,"pins":[]}`, `[]`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, data := range [][]byte{in, append(bytes.Clone(in), sumLine(in)...)} {
			b, err := decode(data)
			if err != nil {
				continue
			}
			if err := b.Check(); err != nil {
				t.Fatalf("took a bond that is none: %v", err)
			}
			file := File{filepath.Join(t.TempDir(), "bond")}
			if err := file.Store(b); err != nil {
				t.Fatal(err)
			}
			back, err := file.Load()
			if err != nil || !reflect.DeepEqual(back, b) {
				t.Fatalf("%+v became %+v (%v)", b, back, err)
			}
		}
	})
}
