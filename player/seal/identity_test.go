package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIdentityStaysUntilTheSecretIsRenewed(t *testing.T) {
	p := HostFile{filepath.Join(t.TempDir(), "secret")}
	public := func() ed25519.PublicKey {
		secret, err := p.Secret()
		require.NoError(t, err)
		defer secret.Destroy()
		k, err := Identity(secret)
		require.NoError(t, err)
		return k.Public().(ed25519.PublicKey)
	}
	first := public()
	require.Equal(t, first, public())
	require.NoError(t, p.Renew())
	require.NotEqual(t, first, public())
}

func TestIdentityTellsNothingOfOtherKeys(t *testing.T) {
	secret, err := NewKey(rand.Reader)
	require.NoError(t, err)
	k, err := Identity(secret)
	require.NoError(t, err)
	unlock, err := Unlock(secret, Key{}, ID{})
	require.NoError(t, err)
	require.NotEqual(t, k.Seed(), unlock.raw())

	_, err = Identity(Key{})
	require.ErrorIs(t, err, errNoKey)
}
