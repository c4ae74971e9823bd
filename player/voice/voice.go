package voice

import (
	"context"
	"log/slog"
	"os/exec"
	"sync"
	"time"
)

// playSlack is how much longer than the sound a player may take.
const playSlack = 5 * time.Second

// SpeechPeak is how loud speech is at its loudest, in dBFS, at volume 0: so far
// below what can be written that it can be made louder by 12 dB.
const SpeechPeak = -12.5

// Config says what a voice is made of.
type Config struct {
	Synth  Synth
	Sink   Sink
	Limits Limits
	Log    *slog.Logger // nil: no log
}

// A Phrase is text in one language.
type Phrase struct {
	Text string
	Lang string // a BCP 47 tag
}

// A Job is what is to be heard: a chime, or a tape, or else a recording or, where there
// is none or it cannot be played, phrases one after the other.
type Job struct {
	Chime     Chime
	IsChime   bool
	Tape      func() (Tape, error)   // nil: none
	Recording func() ([]byte, error) // a WAV; nil: none
	Say       []Phrase
	Gain      float64 // dB
	Done      func()  // called when it has been heard to its end; nil: nobody asks
	Again     bool    // a chime that cuts it off has it begin again afterwards
}

// A Voice speaks and chimes, one thing at a time. Make it with [New]; Run does the
// work. Its methods may be called from any goroutine and never wait.
type Voice struct {
	cfg Config
	log *slog.Logger

	state struct {
		sync.Mutex
		chime  *Job               // what comes after what is heard
		speech *Job               // and what comes after that
		now    *Job               // what is heard
		cancel context.CancelFunc // of now
	}
	wake chan struct{} // one token while there is something next

	failed string // what was said of the last failure, so that it is said once
}

// New returns a voice.
func New(cfg Config) *Voice {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Voice{cfg: cfg, log: cfg.Log, wake: make(chan struct{}, 1)}
}

// Speaks reports whether the machine has the program that speaks, and Plays whether
// it has the one that plays.
func (v *Voice) Speaks() bool { return has(v.cfg.Synth.Command) && v.Plays() }

// Plays reports whether there is anything that plays.
func (v *Voice) Plays() bool {
	if p, ok := v.cfg.Sink.(Player); ok {
		return has(p)
	}
	return v.cfg.Sink != nil
}

func has(command []string) bool {
	if len(command) == 0 {
		return false
	}
	_, err := exec.LookPath(command[0])
	return err == nil
}

// Play has a job heard. It cuts off speech that is heard now, and the chime before
// another chime; speech waits for a chime, which is short.
func (v *Voice) Play(j Job) {
	v.state.Lock()
	defer v.state.Unlock()
	now := v.state.now
	switch {
	case !j.IsChime:
		v.state.speech = &j
	case now != nil && now.Again && v.state.speech == nil:
		v.state.chime, v.state.speech = &j, now
	default:
		v.state.chime = &j
	}
	if now != nil && (j.IsChime || !now.IsChime) {
		v.state.cancel()
	}
	select {
	case v.wake <- struct{}{}:
	default:
	}
}

// Stop ends whatever speaks, at once, and forgets what would come after it. A chime
// is heard to its end.
func (v *Voice) Stop() {
	v.state.Lock()
	defer v.state.Unlock()
	v.state.speech = nil
	if v.state.now != nil && !v.state.now.IsChime {
		v.state.cancel()
	}
}

// Run speaks until ctx ends. Nothing it started is left when it returns.
func (v *Voice) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-v.wake:
		}
		for j, one := v.begin(ctx); j != nil; j, one = v.begin(ctx) {
			v.hear(one, *j)
			v.end()
		}
	}
}

// begin takes the next job.
func (v *Voice) begin(ctx context.Context) (*Job, context.Context) {
	v.state.Lock()
	defer v.state.Unlock()
	j := v.state.chime
	if v.state.chime = nil; j == nil {
		j, v.state.speech = v.state.speech, nil
	}
	v.state.now = j
	ctx, v.state.cancel = context.WithCancel(ctx)
	if j == nil {
		v.state.cancel()
	}
	return j, ctx
}

func (v *Voice) end() {
	v.state.Lock()
	defer v.state.Unlock()
	v.state.cancel()
	v.state.now = nil
}

// hear has a job heard to its end, or until ctx ends. What cannot be said is passed
// over: what comes after it may be.
func (v *Voice) hear(ctx context.Context, j Job) {
	switch clip, ok := v.recording(ctx, j); {
	case j.IsChime:
		v.play(ctx, j.Chime.Clip(), j.Gain)
	case j.Tape != nil:
		v.roll(ctx, j)
	case ok:
		v.play(ctx, clip.At(SpeechPeak), j.Gain)
	default:
		for _, p := range j.Say {
			clip, err := v.cfg.Synth.Say(ctx, p.Text, p.Lang)
			if err != nil {
				v.complain(ctx, "not spoken", err)
				continue
			}
			v.play(ctx, clip.At(SpeechPeak), j.Gain)
		}
	}
	if ctx.Err() == nil && j.Done != nil {
		j.Done()
	}
}

// recording returns what staff said themselves, if that can be played.
func (v *Voice) recording(ctx context.Context, j Job) (Clip, bool) {
	if j.Recording == nil {
		return Clip{}, false
	}
	b, err := j.Recording()
	var clip Clip
	if err == nil {
		clip, err = Parse(b)
	}
	if err != nil {
		v.complain(ctx, "recording", err)
	}
	return clip, err == nil && len(clip.Samples) > 0
}

// roll has a tape heard: at its loudest as loud as speech.
func (v *Voice) roll(ctx context.Context, j Job) {
	t, err := j.Tape()
	if err == nil && t.Track != nil && ctx.Err() == nil {
		t.Gain += SpeechPeak + j.Gain
		err = v.cfg.Sink.Roll(ctx, t)
	}
	if err != nil {
		v.complain(ctx, "tape", err)
	}
}

func (v *Voice) play(ctx context.Context, c Clip, gain float64) {
	if ctx.Err() != nil {
		return
	}
	if err := v.cfg.Sink.Play(ctx, c.Louder(gain)); err != nil {
		v.complain(ctx, "not played", err)
	}
}

// complain says once what goes wrong.
func (v *Voice) complain(ctx context.Context, reason string, err error) {
	if ctx.Err() != nil || v.failed == err.Error() {
		return
	}
	v.failed = err.Error()
	v.log.WarnContext(ctx, "sound", "reason", reason, "error", err)
}
