package config

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/session"
)

// What a controller may choose is what the hub takes. It is not
// imported by the package itself, since a screen has no hub in it.
func TestBoundsAreThoseOfTheHub(t *testing.T) {
	d := Default[Hub]()
	require.Equal(t, hub.DefaultMask, time.Duration(d.Lease.MaskHours)*time.Hour)
	require.Equal(t, hub.DefaultWipe, time.Duration(d.Lease.WipeDays)*24*time.Hour)
	require.Contains(t, keyAt[Hub](t, "hosts").Allowed, fmt.Sprintf("at most %d, ", session.MaxHosts))
	require.Equal(t, fmt.Sprintf("%.0f to %.0f hours", hub.MinMask.Hours(), hub.MaxMask.Hours()), keyAt[Hub](t, "lease.mask_hours").Allowed)
}
