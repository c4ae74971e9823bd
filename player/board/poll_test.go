package board

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// asked is the house with two questions: one that is open until 21, one that was
// open yesterday and has numbers.
func asked() *record.Facts {
	return house(func(f *record.Facts) {
		at := func(days, hour int) time.Time { return time.Date(2026, 12, 3+days, hour, 0, 0, 0, noon.Location()) }
		faces := func(n ...int) (out []record.PollOption) {
			for i, picto := range []string{"face-good", "face-fair", "face-bad"} {
				out = append(out, record.PollOption{Picto: picto, N: n[i]})
			}
			return out
		}
		f.Polls = map[record.PollID]record.Poll{
			"q1": {ID: "q1", Question: record.Text{"da": "Hvordan var maden?"}, Options: faces(0, 0, 0), From: at(0, 8), Until: at(0, 21)},
			"q2": {ID: "q2", Question: record.Text{"da": "Hvordan var turen?"}, Options: faces(3, 1, 1), From: at(-1, 8), Until: at(-1, 21), Counted: 5},
		}
	})
}

var q1 = Ref{record.KindPoll, "q1"}

func pollIDs(b *Board) (out []string) {
	for _, p := range b.Polls {
		out = append(out, p.Ref.ID)
	}
	return out
}

// What can be answered comes first; a question begins, ends and goes by the clock
// of the screen, hub or no hub. There is nobody in it, so it outlives the lease.
func TestPollsComeAndGoByTheClock(t *testing.T) {
	in := Input{Facts: asked(), Now: noon, Contact: noon}
	b := Project(in)
	require.True(t, b.Masked)
	require.Equal(t, []string{"q1", "q2"}, pollIDs(b))
	require.True(t, b.Polls[0].Open(noon))
	require.Equal(t, 5, b.Polls[1].Counted)
	end := b.Polls[0].Until
	for _, c := range []struct {
		at   time.Time
		want []string
	}{
		{noon.Add(-5 * time.Hour), []string{"q2"}},
		{end.Add(-time.Second), []string{"q1", "q2"}},
		{end.AddDate(0, 0, 6), []string{"q1"}},
		{end.AddDate(0, 0, 7), nil},
	} {
		in.Now = c.at
		require.Equal(t, c.want, pollIDs(Project(in)), "%s", c.at)
	}
	in.Now = end.Add(-time.Second)
	require.False(t, Project(in).NextAt.After(end), "it is drawn again when it closes")
}

// An answer given here is on its way until the hub has said so, and nobody is in
// what waits; when the hub did not take it, that is said.
func TestAnswerIsOnItsWay(t *testing.T) {
	in := Input{Facts: asked(), Now: noon, Fresh: true, Contact: noon, Done: []Done{{On: q1, Answers: "face-good"}}}
	p, ok := Project(in).Poll(q1)
	require.True(t, ok)
	require.True(t, p.Waits)
	require.Empty(t, Project(in).Waiting)
	require.Zero(t, p.Counted, "the wall counts nothing itself")
	in.Done[0].Answered = true
	p, _ = Project(in).Poll(q1)
	require.False(t, p.Waits)
	require.False(t, p.Late)
	in.Done[0].Refused = true
	p, _ = Project(in).Poll(q1)
	require.True(t, p.Late)
}
