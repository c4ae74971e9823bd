package house

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// R-STA-02: each answer ends on a day of its own, and sharing stops then by itself: what is
// accepted outside the house ends there alone; what is accepted in it, with the first that
// ends.
func TestEachAnswerEndsByItself(t *testing.T) {
	yes := func(p Purpose, until Day) Consent {
		return Consent{Occasion: "o", Purpose: p, Answer: Given, On: "2026-12-01", By: "self", Method: "m", Notice: "1", Until: until}
	}
	r := &Resident{Choices: Choices{NameMode: "first_name", External: true, Tagged: true}}
	Declare(r, []Consent{yes(ForStored, ""), yes(ForShown, "2027-06-01"), yes(ForJoining, "2027-03-01"), yes(ForOutside, "2026-12-20")})
	require.Equal(t, Day("2027-03-01"), r.Acceptance.Until, "not with the answer about elsewhere")
	require.True(t, r.Choices.External)
	require.True(t, r.Policy("2026-12-20").External)
	require.False(t, r.Policy("2026-12-21").External)
	require.Equal(t, Accepted, r.Acceptance.At("2026-12-21"), "here they are shown on")
	require.Equal(t, NotAsked, r.Acceptance.At("2027-03-02"))
	require.Equal(t, Day("2026-12-20"), EndOutside(r).Until)
	require.Equal(t, time.Date(2026, 12, 21, 0, 0, 0, 0, time.UTC), EndOutside(r).Ends(time.UTC))

	s := &Staff{Acceptance: Acceptance{State: Accepted}, Choices: StaffChoices{External: true}}
	require.True(t, s.Policy("2026-12-21").External, "asked as a whole")
	require.Empty(t, EndOutside(s).Until)
}
