package config

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub"
	"tavle/sync/policy"
)

// PRIVACY.md 4.4, 4.6: what a controller may choose is what hub and policy take.
// They are not imported by the package itself, since a screen has no hub in it.
func TestBoundsAreThoseOfHubAndPolicy(t *testing.T) {
	d := Default[Hub]()
	require.Equal(t, hub.DefaultMask, time.Duration(d.Lease.MaskHours)*time.Hour)
	require.Equal(t, hub.DefaultWipe, time.Duration(d.Lease.WipeDays)*24*time.Hour)
	require.Equal(t, policy.DefaultK, d.Counts.K)
	require.Equal(t, fmt.Sprintf("%.0f to %.0f hours", hub.MinMask.Hours(), hub.MaxMask.Hours()), keyAt[Hub](t, "lease.mask_hours").Allowed)
	require.Equal(t, fmt.Sprintf("%d to %d people", policy.MinK, policy.MaxK), keyAt[Hub](t, "counts.k").Allowed)
}
