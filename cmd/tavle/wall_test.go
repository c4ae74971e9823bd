package main

import (
	"crypto/sha256"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player"
	"tavle/player/seal"
	"tavle/render/glass"
	"tavle/render/motion"
	"tavle/sync/hub"
	"tavle/sync/hub/house"
)

// V-20: when the lease ends nobody is named or pictured, and later
// the keys are gone. What was touched goes to the hub all the same. A house may
// choose how long that takes: here 4 and 12 hours.
func TestLeaseMasksThenDestroys(t *testing.T) {
	inWorldWith(t, showConfig{mask: 4 * time.Hour, wipe: 12 * time.Hour}, func(t *testing.T, w *world) {
		w.settle()
		kitchen := w.walls[0]
		w.visit(kitchen, "Beboere")
		require.Contains(t, kitchen.says(), "Anna")
		faces := kitchen.screen.Picture()
		kitchen.link.Cut()

		time.Sleep(3 * time.Hour)
		w.visit(kitchen, "Beboere")
		require.Contains(t, kitchen.says(), "Anna")
		w.visit(kitchen, "Aktiviteter")
		kitchen.tap("Søn")
		kitchen.tap("kakao")
		kitchen.tap("Jeg vil med")
		kitchen.tap("Thảo")
		kitchen.tap("Færdig")

		time.Sleep(time.Hour)
		w.within(time.Minute)
		w.visit(kitchen, "Beboere")
		require.NotContains(t, kitchen.says(), "Anna")
		require.Contains(t, kitchen.says(), "Navne er gemt væk")
		require.NotEqual(t, faces.Pix, kitchen.screen.Picture().Pix)

		t.Log("a restart does not bring them back")
		kitchen.stop()
		w.start(kitchen, "scr-2")
		w.within(time.Second)
		w.visit(kitchen, "Beboere")
		require.NotContains(t, kitchen.says(), "Anna")

		keyring := filepath.Join(w.show.dir, "kitchen", "cache", "keyring")
		before, err := os.ReadFile(keyring)
		require.NoError(t, err)
		time.Sleep(8 * time.Hour)
		w.within(time.Minute)
		require.Contains(t, kitchen.says(), "pause")
		require.True(t, kitchen.cache.Facts().Empty())
		after, err := os.ReadFile(keyring)
		require.NoError(t, err)
		require.NotEqual(t, sha256.Sum256(before), sha256.Sum256(after))

		t.Log("the hub answers: the wall is back by itself, and nothing was lost")
		kitchen.link.Heal()
		w.within(2 * time.Minute)
		require.NotContains(t, kitchen.says(), "pause")
		require.Equal(t, []house.State{house.TakesPart}, w.states("a10", "r08"))
	})
}

// A revoked screen gets one answer: wipe. It is a new screen then, which says its
// key; let in again it is back by itself.
func TestRevokedScreenIsEmpty(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen := w.walls[0]
		require.Contains(t, kitchen.says(), "Banko")
		require.NoError(t, w.show.hub.RevokeScreen(t.Context(), by, "kitchen"))
		w.within(time.Minute)
		require.NotContains(t, kitchen.says(), "Banko")
		require.True(t, kitchen.cache.Facts().Empty())
		require.Contains(t, w.walls[1].says(), "Banko", "the others go on")

		dir := filepath.Join(w.show.dir, "kitchen")
		identity, err := player.IdentityOf(seal.HostFile{Path: filepath.Join(dir, "secret")})
		require.NoError(t, err)
		require.Contains(t, w.log.String(), identity.String())
		s := w.state("kitchen")
		require.WithinDuration(t, time.Now(), s.Wiped, time.Minute, "it has said so, by the key it had")
		holds, since := s.Holds(time.Now())
		require.Equal(t, hub.HoldsNone, holds)
		require.Equal(t, s.Wiped, since)
		w.within(2 * time.Hour)
		require.True(t, kitchen.cache.Facts().Empty(), "nobody has let it in")
		_, err = w.show.hub.AddScreen(t.Context(), by, hub.Screen{ID: "kitchen", Record: "scr-2", Key: identity.Public(), Replace: true})
		require.NoError(t, err)
		w.within(20 * time.Minute) // how long a screen that is not known waits
		require.Contains(t, kitchen.says(), "Banko")
	})
}

// A hub with another key than the screen was given is not talked to.
func TestWrongCertificateIsRefused(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen := w.walls[0]
		kitchen.stop()
		other, err := hub.Certificate(t.TempDir(), time.Now(), "hub.test")
		require.NoError(t, err)
		w.show.pins = []string{hub.Pin(other)} // what the screen is told to expect
		w.start(kitchen, "scr-2")
		w.show.pins = w.show.tls.Pins()
		w.rename("a06", "Stort banko")
		w.within(5 * time.Minute)
		require.Contains(t, kitchen.says(), "Banko", "the cache is shown")
		require.NotContains(t, kitchen.says(), "Stort banko")
		require.Contains(t, kitchen.says(), "Uden net")
		require.Contains(t, w.log.String(), "key is not one that this screen was given")
	})
}

// A withdrawn photo leaves the glass, the memory and the disk.
//
// V-16.
func TestWithdrawnPhotoIsGoneEverywhere(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.moves()
		w.settle()
		kitchen := w.walls[0]
		w.visit(kitchen, "Beboere")
		blobs := func() int {
			n := 0
			require.NoError(t, filepath.WalkDir(filepath.Join(w.show.dir, "kitchen", "cache"), func(_ string, d os.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					n++
				}
				return err
			}))
			return n
		}
		before, files := kitchen.screen.Picture(), blobs()
		w.alter("r01", func(r *house.Resident) { r.Choices.Photo = false })
		w.within(2 * time.Second)
		require.NotEqual(t, before.Pix, kitchen.screen.Picture().Pix)
		require.Contains(t, kitchen.says(), "Anna", "the name stays")
		require.Less(t, blobs(), files)
		require.Equal(t, kitchen.repainted().Pix, kitchen.screen.Picture().Pix)
	})
}

// A touch that cannot be kept is not promised.
func TestTouchThatCannotBeKeptIsSaid(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen := w.walls[0]
		kitchen.tap("Banko")
		kitchen.tap("Jeg vil med")
		require.NoError(t, kitchen.cache.Close()) // the disk is gone
		kitchen.tap("Mik")
		require.NotContains(t, kitchen.says(), "Du er med")
		require.Contains(t, kitchen.says(), "medarbejder")
	})
}

// An idle wall draws when the minute changes: for a quarter of a second, and only
// the clock.
func TestIdleWallDrawsTheClockAndNothingElse(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.moves()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		kitchen := w.walls[0]
		frames, pixels := kitchen.screen.Drawn()
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		f, p := kitchen.screen.Drawn()
		require.InDelta(t, 20*16, f-frames, 20*2, "at most 60 a second for 250 ms")
		require.Less(t, (p-pixels)/(f-frames), 1920*1080/5, "pixels a frame")
	})
}

// Thousands of fingers everywhere leave the memory as it was: of a wall that has gone
// home and has let go of its caches, which are bounded and full of what happened to
// be on the glass.
func TestRandomTouchesLeaveMemoryFlat(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	inWorld(t, func(t *testing.T, w *world) {
		w.settle()
		kitchen := w.walls[0]
		move := func(style motion.Style) { kitchen.player.Change(player.Look{Lang: "da", Motion: style}) }
		touch := func(n int) {
			for range n {
				kitchen.screen.Tap(image.Pt(r.IntN(1920), r.IntN(1080)))
				if r.IntN(4) == 0 {
					kitchen.screen.Contact(1+r.IntN(4), glass.Phase(r.IntN(4)), image.Pt(r.IntN(1920), r.IntN(1080)))
				}
				time.Sleep(700 * time.Millisecond) // longer than a repeat is ignored
			}
			synctest.Wait()
		}
		heap := func() int {
			time.Sleep(3 * time.Minute) // nobody is there any more, and no film runs
			synctest.Wait()
			kitchen.player.LetGo()
			synctest.Wait()
			kitchen.screen.LetGo()
			var m runtime.MemStats
			for range 3 { // what is found unused goes one collection later
				runtime.GC()
			}
			runtime.ReadMemStats(&m)
			return int(m.HeapAlloc)
		}
		// At first there is something on every page that is made once; what grows
		// after thirty rounds is a leak.
		const many = 1800
		before := 0
		for rounds := 0; ; rounds++ {
			require.Less(t, rounds, 30, "memory keeps growing")
			touch(many / 3)
			was := before
			if before = heap(); rounds >= 3 && before < was*101/100 {
				break
			}
		}
		touch(many)
		move(motion.Full)
		touch(many / 36)
		after := heap()
		t.Logf("%d KiB, then %d KiB", before>>10, after>>10)
		require.Less(t, after, before*103/100)
	})
}
