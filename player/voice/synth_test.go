package voice

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// sentences are one in each language of the wall.
var sentences = map[string]string{
	"da": "Vi bager boller klokken elleve.", "nb": "Vi baker boller klokken elleve.", "nn": "Vi bakar bollar klokka elleve.",
	"sv": "Vi bakar bullar klockan elva.", "en": "We bake buns at eleven.", "ar": "نخبز الكعك الساعة الحادية عشرة.",
}

// the voice that comes with the system speaks each language of the wall, as
// that language: the same words sound otherwise in another.
func TestVoiceSpeaksEveryLanguage(t *testing.T) {
	s := Synth{Command: Default}
	same := map[string]string{}
	for lang, text := range sentences {
		c, err := s.Say(t.Context(), text, lang)
		require.NoError(t, err, lang)
		require.Equal(t, 22050, c.Rate, lang)
		require.Greater(t, c.Peak(), -20.0, "%s is not silent", lang)
		require.Greater(t, c.Length(), time.Second, lang)
		require.Less(t, c.Length(), 10*time.Second, lang)
		if lang == "nn" {
			continue // is spoken as nb
		}
		c, err = s.Say(t.Context(), "Karen 14", lang)
		require.NoError(t, err)
		sound := string(c.WAV())
		require.Empty(t, same[sound], "%s and %s sound alike", lang, same[sound])
		same[sound] = lang
	}
}

// script is a command that is a shell script. It gets what follows as arguments.
func script(t *testing.T, lines string, args ...string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "voice")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+lines), 0o700))
	return append([]string{path}, args...)
}

// What is said is on standard input and nowhere else where others see it:
// not on the command line, as /proc has it while the program runs, nor in its
// environment. The language is on the command line.
func TestTextIsOnNoCommandLine(t *testing.T) {
	t.Setenv("TAVLE_SECRET", "Kirsebær")
	dir := t.TempDir()
	cmd := script(t, `cd "$1" && shift
tr '\0' ' ' </proc/$$/cmdline >cmdline
tr '\0' '\n' </proc/$$/environ >environ
cat >text
exec espeak-ng "$@" <text
`, dir, "-v", "{lang}", "--stdin", "--stdout")
	_, err := Synth{Command: cmd}.Say(t.Context(), "Karen og Hindbær", "da")
	require.NoError(t, err)
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return string(b)
	}
	require.Equal(t, "Karen og Hindbær\n", read("text"))
	require.Contains(t, read("cmdline"), "-v da --stdin")
	for _, name := range []string{"cmdline", "environ"} {
		require.NotContains(t, read(name), "Karen")
		require.NotContains(t, read(name), "bær")
	}
}

// A tag that is none does not become an argument.
func TestLanguageIsATag(t *testing.T) {
	for _, lang := range []string{"", "-w/tmp/x", "da; rm", "a/b", strings.Repeat("x", 36)} {
		_, err := Synth{Command: Default}.Say(t.Context(), "Hej", lang)
		require.Error(t, err, lang)
	}
}

// eventually waits for something another process does.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for begin := time.Now(); !ok(); time.Sleep(time.Millisecond) {
		if time.Since(begin) > 30*time.Second {
			t.Fatal("in vain: " + what)
		}
	}
}

// gone reports whether no process of a number runs any more. One that nobody has
// buried yet does not.
func gone(pid string) bool {
	b, err := os.ReadFile("/proc/" + pid + "/stat")
	return err != nil || strings.Contains(string(b), ") Z ")
}

// a voice that is to be quiet is killed at once, with all it started, whether
// it speaks or hangs.
func TestStoppedVoiceIsKilled(t *testing.T) {
	dir := t.TempDir()
	cmd := script(t, "sleep 1000 &\necho $! >\"$1/child.part\" && mv \"$1/child.part\" \"$1/child\"\nwait\n", dir)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := Synth{Command: cmd}.Say(ctx, "Hej", "da")
		done <- err
	}()
	child := ""
	eventually(t, "the voice begins", func() bool {
		b, err := os.ReadFile(filepath.Join(dir, "child"))
		child = strings.TrimSpace(string(b))
		return err == nil
	})
	n, err := strconv.Atoi(child)
	require.NoError(t, err)
	require.Positive(t, n)
	require.False(t, gone(child))
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	eventually(t, "its child ends", func() bool { return gone(child) })
}

func TestVoiceIsBounded(t *testing.T) {
	small := Limits{Time: 50 * time.Millisecond, Bytes: 1000, Text: 20}
	_, err := Synth{Command: []string{"sleep", "1000"}, Limits: small}.Say(t.Context(), "Hej", "da")
	require.ErrorIs(t, err, errTooLong)
	small.Time = time.Minute
	_, err = Synth{Command: []string{"cat", "/dev/zero"}, Limits: small}.Say(t.Context(), "Hej", "da")
	require.ErrorIs(t, err, errTooMuch)
	_, err = Synth{Command: []string{"false"}, Limits: small}.Say(t.Context(), "Hej", "da")
	require.Error(t, err)
	_, err = Synth{Command: []string{"true"}, Limits: small}.Say(t.Context(), "Hej", "da")
	require.ErrorIs(t, err, errWAV)
	require.Equal(t, "Vi bager boller i", shorten("Vi bager boller i dag", 20))
}

// What a voice complains of may be what it was to say: an error has nothing of it.
func TestErrorsOfAVoiceSayNothingOfTheText(t *testing.T) {
	cmd := script(t, "cat >&2; exit 3\n")
	_, err := Synth{Command: cmd}.Say(t.Context(), "Karen", "da")
	require.ErrorContains(t, err, "exit status 3")
	require.NotContains(t, err.Error(), "Karen")
}
