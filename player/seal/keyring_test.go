package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func newRing(t testing.TB, secret Key, people, photos int) *Keyring {
	t.Helper()
	k, err := NewKeyring(secret, rand.Reader)
	require.NoError(t, err)
	k.Epoch, k.Base = 9, 17
	k.Outbox, k.OutboxID = newKey(t), ID{8}
	k.Noted = Mark{
		Issued: time.UnixMilli(1_764_000_000_000), Mask: 72 * time.Hour, Wipe: 720 * time.Hour,
		Seen: time.UnixMilli(1_764_000_100_000), Spent: time.Minute, Settled: 9,
	}
	for i := range people {
		k.People[Opaque{1, byte(i), byte(i >> 8)}] = newKey(t)
	}
	for i := range photos {
		k.Photos[Opaque{2, byte(i), byte(i >> 8)}] = newKey(t)
	}
	return k
}

func requireSameRing(t *testing.T, want, got *Keyring) {
	t.Helper()
	require.Equal(t, want.ID, got.ID)
	require.Equal(t, want.Epoch, got.Epoch)
	require.Equal(t, want.Base, got.Base)
	require.Equal(t, want.OutboxID, got.OutboxID)
	require.Equal(t, want.Noted, got.Noted)
	for _, pair := range [][2]Key{{want.Names, got.Names}, {want.Common, got.Common}, {want.Mark, got.Mark}, {want.Outbox, got.Outbox}} {
		require.True(t, pair[0].Equal(pair[1]))
	}
	for _, pair := range [][2]map[Opaque]Key{{want.People, got.People}, {want.Photos, got.Photos}} {
		require.Len(t, pair[1], len(pair[0]))
		for name, k := range pair[0] {
			require.True(t, k.Equal(pair[1][name]))
		}
	}
}

func TestKeyringComesBackAsItWasSaved(t *testing.T) {
	secret, path := newKey(t), filepath.Join(t.TempDir(), "keyring")
	want := newRing(t, secret, 3, 2)
	require.NoError(t, want.Save(path, rand.Reader))
	got, err := LoadKeyring(path, secret)
	require.NoError(t, err)
	requireSameRing(t, want, got)
	require.NoError(t, got.Save(path, rand.Reader), "what was loaded can be saved")

	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	_, err = LoadKeyring(path+"-none", secret)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// The sizes the package documentation names.
func TestKeyringSizes(t *testing.T) {
	secret := newKey(t)
	for _, c := range []struct{ people, photos, most int }{{60, 60, 6 << 10}, {1000, 1000, 97 << 10}} {
		path := filepath.Join(t.TempDir(), "keyring")
		require.NoError(t, newRing(t, secret, c.people, c.photos).Save(path, rand.Reader))
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.LessOrEqual(t, info.Size(), int64(c.most))
	}
}

func TestDamagedKeyringDoesNotOpen(t *testing.T) {
	secret, path := newKey(t), filepath.Join(t.TempDir(), "keyring")
	require.NoError(t, newRing(t, secret, 2, 1).Save(path, rand.Reader))
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 1 << (i % 8)
		_, err := openKeyring(bad, secret)
		require.ErrorIs(t, err, ErrSealed, "byte %d", i)
	}
	for n := range file {
		require.NoError(t, os.WriteFile(path, file[:n], 0o600))
		_, err := LoadKeyring(path, secret)
		require.ErrorIs(t, err, ErrSealed, "%d bytes", n)
	}
	_, err = openKeyring(file, newKey(t))
	require.ErrorIs(t, err, ErrSealed, "another device")

	// A file that claims to be huge is not read.
	require.NoError(t, os.Truncate(path, 1<<40))
	_, err = LoadKeyring(path, secret)
	require.ErrorIs(t, err, ErrSealed)
}

// What a keyring held before is not left in free space for whoever images the
// card: the old file is overwritten once the new one stands.
func TestReplacedKeyringIsOverwritten(t *testing.T) {
	dir, secret := t.TempDir(), newKey(t)
	path := filepath.Join(dir, "keyring")
	k := newRing(t, secret, 2, 0)
	require.NoError(t, k.Save(path, rand.Reader))
	require.NoError(t, os.Link(path, filepath.Join(dir, "old")))
	require.NoError(t, k.Save(path, rand.Reader))
	old, err := os.ReadFile(filepath.Join(dir, "old"))
	require.NoError(t, err)
	require.Equal(t, make([]byte, len(old)), old)
	_, err = LoadKeyring(path, secret)
	require.NoError(t, err)

	require.NoError(t, os.Remove(filepath.Join(dir, "old")))
	require.NoError(t, os.Link(path, filepath.Join(dir, "old")))
	require.NoError(t, Shred(path))
	old, err = os.ReadFile(filepath.Join(dir, "old"))
	require.NoError(t, err)
	require.Equal(t, make([]byte, len(old)), old)
	require.NoFileExists(t, path)
	require.NoError(t, Shred(path), "twice is once")
}

func TestCloneLeavesTheOriginalAlone(t *testing.T) {
	k := newRing(t, newKey(t), 2, 2)
	c := k.Clone()
	clear(c.People)
	clear(c.Photos)
	require.Len(t, k.People, 2)
	require.Len(t, k.Photos, 2)
}

func TestTooManyKeysAreRefusedBeforeWriting(t *testing.T) {
	k, path := newRing(t, newKey(t), 0, 0), filepath.Join(t.TempDir(), "keyring")
	for i := range MaxKeys + 1 {
		k.Photos[Opaque{byte(i), byte(i >> 8), byte(i >> 16)}] = Key{}
	}
	require.Error(t, k.Save(path, rand.Reader))
	require.NoFileExists(t, path)
}

func TestMarkKeepsMillisecondsAndNothing(t *testing.T) {
	for _, want := range []Mark{{}, newRing(t, newKey(t), 0, 0).Noted, {Hub: time.UnixMilli(-5), Settled: 1 << 63}} {
		b, err := want.AppendBinary(nil)
		require.NoError(t, err)
		require.Len(t, b, MarkSize)
		var got Mark
		require.NoError(t, got.UnmarshalBinary(b))
		require.Equal(t, want, got)
	}
	require.Error(t, new(Mark).UnmarshalBinary(make([]byte, MarkSize-1)))
}

func TestRaisedNeverLowers(t *testing.T) {
	day := func(n int) time.Time { return time.UnixMilli(int64(n) * 86_400_000) }
	m := Mark{Issued: day(3), Mask: time.Hour, Hub: day(5), Seen: day(4), Spent: 2, Settled: 7}
	old := Mark{Issued: day(3), Mask: time.Minute, Hub: day(4), Seen: day(6), Spent: 9, Settled: 8}
	require.Equal(t, Mark{Issued: day(3), Mask: time.Hour, Hub: day(5), Seen: day(6), Spent: 9, Settled: 8}, m.Raised(old))
	old.Issued = day(2)
	require.Equal(t, time.Duration(2), m.Raised(old).Spent, "time spent belongs to its lease")
}

// FuzzKeyring feeds both the file and, since no random file passes the seal,
// what lies inside it.
func FuzzKeyring(f *testing.F) {
	secret, _ := KeyOf(bytes.Repeat([]byte{7}, KeySize))
	k := newRing(f, secret, 2, 1)
	path := filepath.Join(f.TempDir(), "keyring")
	require.NoError(f, k.Save(path, rand.Reader))
	file, err := os.ReadFile(path)
	require.NoError(f, err)
	f.Add(file)
	f.Add(k.entries())
	huge := k.entries()
	binary.BigEndian.PutUint32(huge[keyringFixed-8:], 1<<31)
	f.Add(huge)
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := openKeyring(b, secret); err == nil && len(got.People)+len(got.Photos) != 3 {
			t.Fatalf("a keyring of %d and %d keys", len(got.People), len(got.Photos))
		}
		var in Keyring
		if err := in.read(b); err == nil {
			if n := len(in.People) + len(in.Photos); n*keyEntry > len(b) {
				t.Fatalf("%d keys out of %d bytes", n, len(b))
			}
			var again Keyring
			if err := again.read(in.entries()); err != nil {
				t.Fatalf("what was read does not read again: %v", err)
			}
			requireSameContent(t, &in, &again)
		}
	})
}

func requireSameContent(t *testing.T, a, b *Keyring) {
	t.Helper()
	if !bytes.Equal(a.entries(), b.entries()) {
		t.Fatal("what was read again differs")
	}
}
