package voice

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A card is a player of sounds and its sound card, millisecond by millisecond, at a
// thousand samples a second.
type card struct {
	pipe, period, buffer int // how much they hold, in ms
	opens                int // when the card is found
	stumbles             int // when it stands still for 200 ms; 0: never
	fast                 int // every so many ms it plays one more; 0: never
}

// play has a gauge watch a card for so many milliseconds and returns how far what it
// told was from the truth, at worst, and when it first told anything.
func (c card) play(ms int) (worst, first int) {
	g := gauge{rate: 1000}
	n := int(block.Milliseconds())
	var piped, got, held, heard int
	playing := false
	for at := range ms {
		for moved := true; moved; {
			moved = false
			if at >= c.opens {
				k := min(piped, c.period-got)
				piped, got, moved = piped-k, got+k, k > 0
				if got == c.period && held+got <= c.buffer {
					held, got, moved = held+got, 0, true
				}
			}
			if piped+n <= c.pipe {
				piped, moved = piped+n, true
				if said, ok := g.took(n, time.Duration(at)*time.Millisecond); ok {
					if first == 0 {
						first = at
					}
					off := int(said.Milliseconds()) - heard
					worst = max(worst, off, -off)
				}
			}
		}
		playing = playing || held+c.period > c.buffer
		if !playing || c.stumbles > 0 && at >= c.stumbles && at < c.stumbles+200 {
			continue
		}
		play := 1
		if c.fast > 0 && at%c.fast == 0 {
			play = 2
		}
		play = min(play, held)
		held, heard = held-play, heard+play
	}
	return worst, first
}

// how much has been heard is known to within what
// anybody sees, whatever the player has in hand, when the card is found, when it
// stumbles, and however its clock goes.
func TestWhatIsHeardIsKnown(t *testing.T) {
	for name, c := range map[string]card{
		"aplay":              {pipe: 46, period: 125, buffer: 500},
		"a late card":        {pipe: 46, period: 125, buffer: 500, opens: 200},
		"a very late card":   {pipe: 46, period: 125, buffer: 500, opens: 900},
		"a small buffer":     {pipe: 46, period: 20, buffer: 80, opens: 30},
		"a large buffer":     {pipe: 46, period: 200, buffer: 2000, opens: 60},
		"a wide pipe":        {pipe: 740, period: 125, buffer: 500, opens: 60},
		"a card that stalls": {pipe: 46, period: 125, buffer: 500, opens: 60, stumbles: 5000},
		"a fast clock":       {pipe: 46, period: 125, buffer: 500, opens: 60, fast: 1000},
	} {
		worst, first := c.play(60_000)
		require.LessOrEqual(t, worst, 45, name)
		require.NotZero(t, first, name)
		require.Less(t, first, c.opens+1000, name)
	}
}

// A ramp is a track of so many samples that count.
type ramp struct{ at, end int }

func (r *ramp) Left() int { return r.end - r.at }

func (r *ramp) Read(out []int16) (int, error) {
	n := min(len(out), r.Left())
	for i := range n {
		out[i] = int16(r.at + i)
	}
	r.at += n
	return n, nil
}

// A player gets a tape as one WAV, made while it is played; one that is killed plays no
// more.
func TestPlayerGetsATapeAsOneWAV(t *testing.T) {
	dir := t.TempDir()
	p := Player(script(t, `cat >"$1/played"`, dir))
	require.NoError(t, p.Roll(t.Context(), Tape{Track: &ramp{end: 20_000}, Rate: 8000}))
	b, err := os.ReadFile(filepath.Join(dir, "played"))
	require.NoError(t, err)
	want := Clip{Rate: 8000}
	for i := range 20_000 {
		want.Samples = append(want.Samples, int16(i))
	}
	require.Equal(t, want.WAV(), b)

	hangs := Player(script(t, `echo $$ >"$1/pid.part"; mv "$1/pid.part" "$1/pid"; exec sleep 1000`, dir))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- hangs.Roll(ctx, Tape{Track: &ramp{end: 100_000}, Rate: 8000}) }()
	eventually(t, "the player begins", func() bool {
		_, err := os.Stat(filepath.Join(dir, "pid"))
		return err == nil
	})
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	pid, err := os.ReadFile(filepath.Join(dir, "pid"))
	require.NoError(t, err)
	require.True(t, gone(string(pid[:len(pid)-1])))

	require.Error(t, Player{"no-such-player"}.Roll(t.Context(), Tape{Track: &ramp{end: 10}, Rate: 8000}))
	require.Error(t, Player(script(t, "exit 3")).Roll(t.Context(), Tape{Track: &ramp{end: 100_000}, Rate: 8000}))
}

// a tape is at its loudest as loud as speech, and so much louder or softer as
// whoever listens wants it; it is stopped as speech is, waits for a chime as speech
// does, and one that cannot be had is not heard.
func TestTapeIsHeardLikeSpeech(t *testing.T) {
	speaking(t, func(v *Voice, h *heard) {
		loud := make([]int16, 0, 24_000)
		for len(loud) < cap(loud) {
			loud = append(loud, 32767, -32767)
		}
		tape := func() (Tape, error) { return Tape{Track: &fixed{loud}, Rate: 8000}, nil }
		ended := 0
		for _, db := range []float64{0, 12} {
			v.Play(Job{Tape: tape, Gain: db, Done: func() { ended++ }})
			time.Sleep(4 * time.Second)
			require.InDelta(t, SpeechPeak+db, h.begun[len(h.begun)-1].Peak(), .1)
		}
		require.Equal(t, 2, ended)
		v.Play(Job{IsChime: true, Chime: Undone})
		v.Play(Job{Tape: tape})
		time.Sleep(time.Second)
		n := len(h.whole)
		v.Stop()
		time.Sleep(time.Second)
		require.Equal(t, n+1, len(h.whole))
		require.False(t, h.whole[n])
		v.Play(Job{Tape: func() (Tape, error) { return Tape{}, errors.New("gone") }})
		v.Play(Job{Tape: func() (Tape, error) { return Tape{}, nil }})
		time.Sleep(time.Second)
		require.Equal(t, 2, ended)
	})
}

// A fixed track is these samples.
type fixed struct{ samples []int16 }

func (f *fixed) Left() int { return len(f.samples) }

func (f *fixed) Read(out []int16) (int, error) {
	n := copy(out, f.samples)
	f.samples = f.samples[n:]
	return n, nil
}

// Roll is a sink's that takes as long as the sound, and notes its last block.
func (h *heard) Roll(ctx context.Context, t Tape) error {
	h.begun = append(h.begun, Clip{})
	err := t.roll(ctx, func(samples []int16) error {
		h.begun[len(h.begun)-1] = Clip{t.Rate, samples}
		select {
		case <-time.After(Clip{t.Rate, samples}.Length()):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	h.whole = append(h.whole, err == nil)
	return err
}
