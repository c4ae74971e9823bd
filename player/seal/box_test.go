package seal

import (
	"bytes"
	"crypto/rand"
	"testing"

	"github.com/stretchr/testify/require"
)

var testPlace = Place{Cache: ID{1}, Bucket: 'p', Name: Opaque{2}}

func TestBoxOpensOnlyWhereItWasPutWithItsKey(t *testing.T) {
	k := newKey(t)
	plain := []byte("what nobody else shall read")
	box, err := k.Seal(testPlace, Stamp{Epoch: 3, Seq: 4}, plain, PadRecord, rand.Reader)
	require.NoError(t, err)
	got, stamp, err := k.Open(testPlace, box)
	require.NoError(t, err)
	require.Equal(t, plain, got)
	require.Equal(t, Stamp{Epoch: 3, Seq: 4}, stamp)

	elsewhere := []Place{testPlace, testPlace, testPlace}
	elsewhere[0].Cache[5]++
	elsewhere[1].Bucket = 'r'
	elsewhere[2].Name[0]++
	for _, at := range elsewhere {
		_, _, err = k.Open(at, box)
		require.ErrorIs(t, err, ErrSealed)
	}
	_, _, err = newKey(t).Open(testPlace, box)
	require.ErrorIs(t, err, ErrSealed)
}

func TestEveryBitOfABoxCounts(t *testing.T) {
	k := newKey(t)
	box, err := k.Seal(testPlace, Stamp{Epoch: 3, Seq: 4}, []byte("x"), PadRecord, rand.Reader)
	require.NoError(t, err)
	for bit := range 8 * len(box) {
		bad := bytes.Clone(box)
		bad[bit/8] ^= 1 << (bit % 8)
		_, _, err := k.Open(testPlace, bad)
		require.ErrorIs(t, err, ErrSealed, "bit %d", bit)
	}
	for n := range len(box) {
		_, _, err := k.Open(testPlace, box[:n])
		require.ErrorIs(t, err, ErrSealed, "%d bytes", n)
	}
}

// The length of a name does not show in the length of its box.
func TestBoxesHideLengths(t *testing.T) {
	k := newKey(t)
	sizes := map[int]bool{}
	for n := range 61 {
		box, err := k.Seal(testPlace, Stamp{}, make([]byte, n), PadRecord, rand.Reader)
		require.NoError(t, err)
		require.Len(t, box, SealedSize(n, PadRecord))
		sizes[len(box)] = true
	}
	require.Len(t, sizes, 1)
	require.Equal(t, Overhead+64, SealedSize(60, PadRecord))
	require.Equal(t, Overhead+128, SealedSize(61, PadRecord))
	require.Zero(t, (SealedSize(100_000, PadPhoto)-Overhead)%PadPhoto)
}

func TestSameContentNeverMakesTheSameBox(t *testing.T) {
	k := newKey(t)
	seen := map[string]bool{}
	for range 1000 {
		box, err := k.Seal(testPlace, Stamp{}, []byte("same"), PadRecord, rand.Reader)
		require.NoError(t, err)
		require.False(t, seen[string(Head(box))])
		seen[string(Head(box))] = true
	}
}

func FuzzBox(f *testing.F) {
	k, _ := KeyOf(bytes.Repeat([]byte{7}, KeySize))
	box, _ := k.Seal(testPlace, Stamp{}, []byte("seed"), PadRecord, rand.Reader)
	f.Add(box)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		plain, _, err := k.Open(testPlace, b)
		if err == nil && len(plain) > len(b) {
			t.Fatalf("%d bytes out of %d", len(plain), len(b))
		}
	})
}
