package voice

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A heard is a sink that takes as long as the sound, and notes what was heard of it.
type heard struct {
	begun []Clip
	whole []bool
}

func (h *heard) Play(ctx context.Context, c Clip) error {
	h.begun = append(h.begun, c)
	select {
	case <-time.After(c.Length()):
		h.whole = append(h.whole, true)
		return nil
	case <-ctx.Done():
		h.whole = append(h.whole, false)
		return ctx.Err()
	}
}

// said is a job that says a recording of so many seconds.
func said(seconds int, done func()) Job {
	wav := Clip{Rate: 8000, Samples: append(tone(-3).Samples[:8000], make([]int16, 8000*(seconds-1))...)}.WAV()
	return Job{Recording: func() ([]byte, error) { return wav, nil }, Done: done}
}

// speaking runs f beside a voice.
func speaking(t *testing.T, f func(v *Voice, h *heard)) {
	synctest.Test(t, func(t *testing.T) {
		h := new(heard)
		v := New(Config{Sink: h})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			v.Run(ctx)
		}()
		f(v, h)
		cancel()
		<-ended
	})
}

// speech ends at once when it is stopped or something else is said, and only
// what was heard to its end is said to have been.
func TestSpeechStopsAtOnce(t *testing.T) {
	speaking(t, func(v *Voice, h *heard) {
		ended := 0
		v.Play(said(3, func() { ended++ }))
		time.Sleep(time.Second)
		v.Stop()
		synctest.Wait()
		require.Equal(t, []bool{false}, h.whole)
		v.Play(said(3, func() { ended++ }))
		time.Sleep(time.Second)
		v.Play(said(2, func() { ended++ }))
		synctest.Wait()
		require.Equal(t, []bool{false, false}, h.whole)
		require.Zero(t, ended)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.Equal(t, 1, ended)
		require.Equal(t, []bool{false, false, true}, h.whole)
		v.Stop()
	})
}

// a chime is heard at once and to its end; speech waits for it, and stopping
// the speech does not stop it.
func TestChimesAndSpeechDoNotOverlap(t *testing.T) {
	speaking(t, func(v *Voice, h *heard) {
		v.Play(said(3, nil))
		time.Sleep(time.Second)
		v.Stop()
		v.Play(Job{IsChime: true, Chime: SignedUp})
		synctest.Wait()
		require.Equal(t, []bool{false}, h.whole)
		require.Equal(t, SignedUp.Clip(), h.begun[1])
		v.Stop()
		v.Play(said(1, nil))
		time.Sleep(SignedUp.Clip().Length())
		synctest.Wait()
		require.Equal(t, []bool{false, true}, h.whole)
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, []bool{false, true, true}, h.whole)
	})
}

// what is being read begins again after a chime that comes between, and
// ends as if none had; what is not wanted any more by then does not.
func TestReadingGoesOnAfterAChime(t *testing.T) {
	speaking(t, func(v *Voice, h *heard) {
		ended := 0
		read := said(3, func() { ended++ })
		read.Again = true
		v.Play(read)
		time.Sleep(time.Second)
		v.Play(Job{IsChime: true, Chime: Attention})
		v.Play(Job{IsChime: true, Chime: Attention})
		time.Sleep(Attention.Clip().Length() + 4*time.Second)
		synctest.Wait()
		require.Equal(t, 1, ended)
		require.Equal(t, h.begun[0], h.begun[len(h.begun)-1])
		require.Equal(t, []bool{false, true, true}, h.whole)

		v.Play(read)
		time.Sleep(time.Second)
		v.Play(Job{IsChime: true, Chime: Attention})
		v.Stop()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.Equal(t, 1, ended)
		require.Len(t, h.whole, 5)

		v.Play(said(3, nil))
		time.Sleep(time.Second)
		v.Play(Job{IsChime: true, Chime: Attention})
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.Len(t, h.whole, 7, "a word for the focus is not said twice")
	})
}

// what is played is by so many decibels louder or softer.
func TestGainIsHeard(t *testing.T) {
	speaking(t, func(v *Voice, h *heard) {
		for i, db := range []float64{0, 12, -12, NightBy} {
			j := said(1, nil)
			j.Gain = db
			v.Play(j)
			time.Sleep(2 * time.Second)
			synctest.Wait()
			require.InDelta(t, SpeechPeak+db, h.begun[i].Peak(), .1)
		}
	})
}

// Staff's own voice wins; where it cannot be played, the text is spoken.
func TestRecordingWinsOverTheVoice(t *testing.T) {
	voice := tone(-6)
	path := filepath.Join(t.TempDir(), "voice.wav")
	require.NoError(t, os.WriteFile(path, voice.WAV(), 0o600))
	var log bytes.Buffer
	h := new(heard)
	v := New(Config{Sink: h, Synth: Synth{Command: []string{"cat", path}}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	say := []Phrase{{"Karen bager", "da"}}
	recorded := Clip{Rate: 44100, Samples: tone(-30).Samples[:2000]}
	v.hear(t.Context(), Job{Say: say, Recording: func() ([]byte, error) { return recorded.WAV(), nil }})
	require.Equal(t, 44100, h.begun[0].Rate)
	require.InDelta(t, SpeechPeak, h.begun[0].Peak(), .1, "as loud as the voice")
	v.hear(t.Context(), Job{Say: say, Recording: func() ([]byte, error) { return []byte("ID3"), nil }})
	require.Equal(t, 16000, h.begun[1].Rate)
	require.Contains(t, log.String(), "not a WAV")
	require.NotContains(t, log.String(), "Karen")
}

// A player gets one whole WAV on its standard input; one that is killed plays no
// more, and one that hangs is given up.
func TestPlayerIsAProcess(t *testing.T) {
	dir := t.TempDir()
	c := tone(-20)
	p := Player(script(t, `cat >"$1/played"`, dir))
	require.NoError(t, p.Play(t.Context(), c))
	b, err := os.ReadFile(filepath.Join(dir, "played"))
	require.NoError(t, err)
	require.Equal(t, c.WAV(), b)

	hangs := Player(script(t, `echo $$ >"$1/pid.part"; mv "$1/pid.part" "$1/pid"; exec sleep 1000`, dir))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- hangs.Play(ctx, c) }()
	eventually(t, "the player begins", func() bool {
		_, err := os.Stat(filepath.Join(dir, "pid"))
		return err == nil
	})
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	pid, err := os.ReadFile(filepath.Join(dir, "pid"))
	require.NoError(t, err)
	require.True(t, gone(string(bytes.TrimSpace(pid))))
}

// A machine without the programs has no voice, and says so beforehand.
func TestMachineWithoutAVoice(t *testing.T) {
	require.True(t, New(Config{Synth: Synth{Command: Default}, Sink: DefaultPlayer}).Speaks())
	none := New(Config{Synth: Synth{Command: []string{"no-such-voice"}}, Sink: DefaultPlayer})
	require.False(t, none.Speaks())
	require.True(t, none.Plays())
	require.False(t, New(Config{Sink: Player{"no-such-player"}}).Plays())
	require.False(t, New(Config{}).Speaks())
}
