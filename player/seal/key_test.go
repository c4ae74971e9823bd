package seal

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func newKey(t testing.TB) Key {
	t.Helper()
	k, err := NewKey(rand.Reader)
	require.NoError(t, err)
	return k
}

// A key gives away no byte of itself to whatever formats, logs or marshals it,
// also from inside unexported fields.
func TestKeyDoesNotPrint(t *testing.T) {
	k, err := KeyOf(bytes.Repeat([]byte("\xA7SECRET!"), 4))
	require.NoError(t, err)
	type inside struct {
		k Key
		p *Key
		m map[string]Key
	}
	values := []any{k, &k, []Key{k}, inside{k, &k, map[string]Key{"a": k}}, &inside{k: k}, struct{ K Key }{k}}
	var out bytes.Buffer
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		j, err := json.Marshal(v)
		require.NoError(t, err)
		out.Write(j)
	}
	said := strings.ToLower(out.String())
	for _, leak := range []string{"secret", hex.EncodeToString(k.raw()[:4]), "167", hex.EncodeToString(k.raw()[4:8])} {
		require.NotContains(t, said, leak)
	}
	require.Contains(t, out.String(), "key:"+k.ID().String())
	require.Len(t, k.String(), len("key:")+8)
}

func TestKeyIsNotComparable(t *testing.T) {
	require.False(t, reflect.TypeFor[Key]().Comparable())
}

func TestDestroyEndsEveryCopyThatSharesTheBytes(t *testing.T) {
	k := newKey(t)
	shared, own := k, k.Copy()
	require.True(t, k.Equal(own))
	k.Destroy()
	require.True(t, shared.IsZero())
	require.Equal(t, make([]byte, KeySize), shared.raw())
	require.False(t, own.IsZero())
	require.False(t, k.Equal(shared), "no key equals nothing")
	require.Equal(t, "key:none", k.String())
	_, err := k.Seal(Place{}, Stamp{}, nil, PadRecord, rand.Reader)
	require.ErrorIs(t, err, errNoKey)
}

// The unlock key is HKDF-SHA256 as RFC 5869 writes it, worked out here by hand:
// a keyring written today must open after any change to this package.
func TestUnlockIsHKDF(t *testing.T) {
	secret, share := newKey(t), newKey(t)
	salt, err := NewID(rand.Reader)
	require.NoError(t, err)
	byHand := func(share []byte) []byte {
		extract := hmac.New(sha256.New, salt[:])
		extract.Write(secret.raw())
		extract.Write(share)
		expand := hmac.New(sha256.New, extract.Sum(nil))
		expand.Write([]byte("tavle/unlock/v1\x01"))
		return expand.Sum(nil)
	}
	got, err := Unlock(secret, Key{}, salt)
	require.NoError(t, err)
	require.Equal(t, byHand(make([]byte, 32)), got.raw(), "zeros in place of the hub share")
	got, err = Unlock(secret, share, salt)
	require.NoError(t, err)
	require.Equal(t, byHand(share.raw()), got.raw())
	_, err = Unlock(Key{}, share, salt)
	require.ErrorIs(t, err, errNoKey)
}

func TestOpaqueIsHMACOfBucketAndID(t *testing.T) {
	k := newKey(t)
	m := hmac.New(sha256.New, k.raw())
	m.Write([]byte("p\x00r01"))
	require.Equal(t, Opaque(m.Sum(nil)[:16]), k.Opaque('p', "r01"))
	require.NotEqual(t, k.Opaque('p', "r01"), k.Opaque('r', "r01"))
	require.False(t, k.Record('r', k.Opaque('r', "a")).Equal(k.Record('r', k.Opaque('r', "b"))))
}
