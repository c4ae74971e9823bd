package voice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Limits bound what a voice may do.
type Limits struct {
	Time  time.Duration // for one phrase
	Bytes int           // of its WAV
	Text  int           // bytes of a phrase; what is longer is cut off at a word
}

// DefaultLimits are generous to a slow machine: some two minutes of speech.
var DefaultLimits = Limits{Time: 20 * time.Second, Bytes: 12 << 20, Text: 4096}

// A Synth makes speech of text with a command.
type Synth struct {
	Command []string // {lang} stands for the language
	Limits  Limits
}

// Default is the voice that is tried first. Its speed is for listeners who need a
// little longer.
var Default = []string{"espeak-ng", "-v", "{lang}", "-s", "145", "--stdin", "--stdout"}

// speaks maps languages to what espeak-ng calls the nearest it speaks.
var speaks = map[string]string{"nn": "nb", "no": "nb", "en": "en-gb"}

// Errors of a voice. What it complains about is not kept: it may repeat what it was
// to say.
var (
	errTooMuch  = errors.New("the voice wrote more than it may")
	errTooLong  = errors.New("the voice took longer than it may")
	errNoSpeech = errors.New("the voice said nothing")
)

// Say returns a phrase as sound. It ends at once when ctx does.
func (s Synth) Say(ctx context.Context, text, lang string) (Clip, error) {
	limits := s.Limits
	if limits == (Limits{}) {
		limits = DefaultLimits
	}
	timed, cancel := context.WithTimeoutCause(ctx, limits.Time, errTooLong)
	defer cancel()
	if near, ok := speaks[lang]; ok && len(s.Command) > 0 && s.Command[0] == Default[0] {
		lang = near
	}
	if !isTag(lang) {
		return Clip{}, fmt.Errorf("voice: %q is no language", lang)
	}
	args := make([]string, len(s.Command))
	for i, a := range s.Command {
		args[i] = strings.ReplaceAll(a, "{lang}", lang)
	}
	out := &bounded{most: limits.Bytes, full: cancel}
	cmd := command(timed, args)
	cmd.Stdin, cmd.Stdout = strings.NewReader(shorten(text, limits.Text)+"\n"), out
	err := cmd.Run()
	switch {
	case out.over:
		return Clip{}, errTooMuch
	case timed.Err() != nil:
		return Clip{}, context.Cause(timed)
	case err != nil:
		return Clip{}, fmt.Errorf("voice: %w", err)
	}
	clip, err := Parse(out.got)
	if err == nil && len(clip.Samples) == 0 {
		err = errNoSpeech
	}
	return clip, err
}

// isTag reports whether s looks like a BCP 47 tag: nothing else becomes part of a
// command line.
func isTag(s string) bool {
	return s != "" && len(s) <= 35 && s[0] != '-' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// shorten cuts text off after at most n bytes, at a word.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:max(0, strings.LastIndexAny(s[:n], " \n"))]
}

// bounded is a writer that takes so many bytes and then says stop.
type bounded struct {
	got  []byte
	most int
	over bool
	full func()
}

func (b *bounded) Write(p []byte) (int, error) {
	if len(b.got)+len(p) > b.most {
		b.over = true
		b.full()
		return 0, io.ErrShortWrite
	}
	b.got = append(b.got, p...)
	return len(p), nil
}

// environment is what programs are told of this one's: where to find what, and where
// sound goes.
var environment = []string{"PATH", "HOME", "XDG_RUNTIME_DIR", "PULSE_SERVER", "PIPEWIRE_REMOTE", "ALSA_CONFIG_PATH", "ALSA_CARD", "AUDIODEV", "LD_LIBRARY_PATH"}

// command returns a command that is killed with all it started the moment ctx ends.
func command(ctx context.Context, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = "/"
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); slices.Contains(environment, name) {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second // for who keeps its pipes open
	return cmd
}
