package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
	"tavle/player/cache"
	"tavle/player/voice"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// A loudspeaker keeps what is played on it.
type loudspeaker struct {
	mu    sync.Mutex
	clips []voice.Clip
}

func (l *loudspeaker) Play(_ context.Context, c voice.Clip) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clips = append(l.clips, c)
	return nil
}

func (*loudspeaker) Roll(context.Context, voice.Tape) error { return nil }

// played reports whether a clip was heard.
func (l *loudspeaker) played(c voice.Clip) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.clips, func(x voice.Clip) bool { return x.Rate == c.Rate && slices.Equal(x.Samples, c.Samples) })
}

// what staff recorded goes from the file of the house by the hub to the screen,
// and is heard there, sample for sample, instead of a machine; it is gone from the
// screen with what it belongs to, and then the machine speaks.
func TestRecordingIsHeardOnTheScreen(t *testing.T) {
	dir := t.TempDir()
	machine := voice.Clip{Rate: 8000, Samples: slices.Repeat([]int16{3000, -3000}, 80)}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "wav"), machine.WAV(), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "voice"), []byte("#!/bin/sh\ncat >/dev/null; cat "+dir+"/wav\n"), 0o700))
	brought, err := demo.Asset("asset:melody-bingo")
	require.NoError(t, err)
	recording, err := voice.Parse(brought)
	require.NoError(t, err)
	recording, machine = recording.At(voice.SpeechPeak).Louder(0), machine.At(voice.SpeechPeak).Louder(0)
	sum := sha256.Sum256(brought)
	id := record.AssetID("sha256-" + hex.EncodeToString(sum[:]))

	inWorld(t, func(t *testing.T, w *world) {
		kitchen, heard := w.walls[0], new(loudspeaker)
		kitchen.stop()
		kitchen.hear = voice.New(voice.Config{Synth: voice.Synth{Command: []string{filepath.Join(dir, "voice")}}, Sink: heard})
		w.start(kitchen, "scr-2")
		w.settle()
		_, err := kitchen.cache.Photo(id)
		require.NoError(t, err, "it is here before anybody asks for it")
		kitchen.tap("Banko")
		kitchen.tap("Læs op")
		w.within(30 * time.Second)
		require.True(t, heard.played(recording))
		require.True(t, heard.played(machine), "what nobody recorded is read")

		w.change(func(ctx context.Context, e *hub.Edit) error {
			return hub.Alter(ctx, e, "a06", func(a *house.Activity) { a.Sound = "" })
		})
		w.within(5 * time.Second)
		_, err = kitchen.cache.Photo(id)
		require.ErrorIs(t, err, cache.ErrNoPhoto)
		heard.clips = nil
		kitchen.tap("Læs op")
		w.within(30 * time.Second)
		require.False(t, heard.played(recording))
		require.True(t, heard.played(machine))
	})
}
