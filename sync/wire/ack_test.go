package wire

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// The short way to read a confirmation reads what the long one does, or nothing.
func FuzzPlainAck(f *testing.F) {
	for _, s := range []string{
		`{"t":"ack","epoch":"00000000000000e1","rev":7}`,
		`{"t":"ack","epoch":"00000000000000e1","rev":18446744073709551615}`,
		`{"t":"ack","epoch":"00000000000000e1","rev":18446744073709551616}`,
		`{"t":"ack","epoch":"00000000000000e1","rev":07}`,
		`{"t":"ack","epoch":"00000000000000e1","rev":}`,
		`{"t":"ack","epoch":"00000000000000e1","rev":7}}`,
		`{"t":"ack","epoch":"0000000000\\u00e1","rev":7}`,
		`{"t":"ack","epoch":"","rev":7}`,
		`{"t":"ack","rev":7,"epoch":"00000000000000e1"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if a, ok := plainAck(b); ok {
			var want Ack
			require.NoError(t, json.Unmarshal(b, &want))
			require.Equal(t, &want, a)
		}
	})
}

func TestAckIsReadTheShortWay(t *testing.T) {
	want := Ack{Epoch: "0123456789abcdef", Rev: 1 << 40}
	b, err := Encode(want)
	require.NoError(t, err)
	got, ok := plainAck(b)
	require.True(t, ok)
	require.Equal(t, &want, got)
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = plainAck([]byte(`{"t":"ack","epoch":"`)) }))
}
