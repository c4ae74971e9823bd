package cache

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

func TestPhotoComesBackAsItWasPut(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	small, idSmall := photoOf("small")
	big, idBig := photoOf(strings.Repeat("x", wire.MaxAsset-5))
	require.Len(t, big, wire.MaxAsset)
	h.tell(c, []record.Fact{personNamed("a", "A", idSmall), record.News{ID: "n", Picture: idBig}})
	require.Equal(t, []record.AssetID{idSmall, idBig}, c.MissingPhotos(), "faces first")
	require.NoError(t, c.PutPhoto(idBig, big))
	require.Equal(t, []record.AssetID{idSmall}, c.MissingPhotos())
	require.NoError(t, c.PutPhoto(idSmall, small))
	require.NoError(t, c.PutPhoto(idSmall, small), "twice is once")
	require.Empty(t, c.MissingPhotos())
	check := func(c *Cache) {
		for id, want := range map[record.AssetID][]byte{idSmall: small, idBig: big} {
			got, err := c.Photo(id)
			require.NoError(t, err)
			require.True(t, bytes.Equal(want, got))
		}
	}
	check(c)
	h.tell(c, []record.Fact{activityWith("x", "Andet")})
	check(c)
	require.NoError(t, c.Close())
	c = s.open()
	check(c)
	require.Empty(t, c.MissingPhotos())
}

// The size of a photo's file says no more than how many blocks it takes.
func TestPhotoFilesHideTheirLength(t *testing.T) {
	require.Equal(t, seal.SealedSize(1, seal.PadPhoto), seal.SealedSize(4000, seal.PadPhoto))
}

func TestPhotoIsRefused(t *testing.T) {
	c, h := newScreen(t).open(), newHouse(t)
	data, id := photoOf("x")
	other, otherID := photoOf("y")
	require.ErrorIs(t, c.PutPhoto(id, data), ErrNoPhoto, "nothing refers to it")
	huge, hugeID := photoOf(strings.Repeat("x", wire.MaxAsset))
	odd := record.AssetID("../../etc/passwd")
	h.tell(c, []record.Fact{personNamed("a", "A", id), personNamed("b", "B", hugeID), personNamed("c", "C", odd)})
	require.ErrorContains(t, c.PutPhoto(id, other), "not what its name says")
	require.ErrorContains(t, c.PutPhoto(hugeID, huge), "want at most")
	require.ErrorContains(t, c.PutPhoto(odd, data), "not what its name says")
	require.ErrorIs(t, c.PutPhoto(otherID, other), ErrNoPhoto)
	_, err := c.Photo(id)
	require.ErrorIs(t, err, ErrNoPhoto, "not here yet")
}

// A photo that was damaged, swapped for another, or cut is missing again; it
// does not come back as anything else.
func TestDamagedPhotoIsMissing(t *testing.T) {
	for name, damage := range map[string]func(mine, other string){
		"flipped": func(mine, _ string) { edit(t, mine, func(b []byte) []byte { b[999] ^= 1; return b }) },
		"cut":     func(mine, _ string) { edit(t, mine, func(b []byte) []byte { return b[:100] }) },
		"empty":   func(mine, _ string) { edit(t, mine, func([]byte) []byte { return nil }) },
		"huge":    func(mine, _ string) { require.NoError(t, os.Truncate(mine, 1<<40)) },
		"swapped": func(mine, other string) { require.NoError(t, os.Rename(other, mine)) },
		"gone":    func(mine, _ string) { require.NoError(t, os.Remove(mine)) },
	} {
		t.Run(name, func(t *testing.T) {
			s, h := newScreen(t), newHouse(t)
			c := s.open()
			a, ida := photoOf("a")
			b, idb := photoOf("b")
			h.tell(c, []record.Fact{personNamed("a", "A", ida), personNamed("b", "B", idb)})
			require.NoError(t, c.PutPhoto(ida, a))
			require.NoError(t, c.PutPhoto(idb, b))
			damage(c.blobPath(c.photos.refs[ida].place.Name), c.blobPath(c.photos.refs[idb].place.Name))
			_, err := c.Photo(ida)
			require.ErrorIs(t, err, ErrNoPhoto)
			require.Contains(t, c.MissingPhotos(), ida)
			require.NoError(t, c.PutPhoto(ida, a))
			got, err := c.Photo(ida)
			require.NoError(t, err)
			require.Equal(t, a, got)
		})
	}
}

func edit(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, change(b), 0o600))
}

// A photo taken back and referred to again later has another key: the old file
// stays closed.
func TestPhotoThatReturnsHasAnotherKey(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	data, id := photoOf("x")
	h.tell(c, []record.Fact{personNamed("a", "A", id)})
	require.NoError(t, c.PutPhoto(id, data))
	blob := s.onlyBlob()
	old := s.read(blob)
	h.tell(c, []record.Fact{personNamed("a", "A", "")})
	h.tell(c, []record.Fact{personNamed("a", "A", id)})
	require.Equal(t, []record.AssetID{id}, c.MissingPhotos())
	s.put(blob, old)
	require.NoError(t, c.Close())
	c = s.open()
	_, err := c.Photo(id)
	require.ErrorIs(t, err, ErrNoPhoto)
}

// A photo is taken back, and allowed again, while it is being written: what was
// sealed with the old key is not put in the place of the new one.
func TestPhotoTakenBackWhileItIsWrittenIsNotKept(t *testing.T) {
	for _, returns := range []bool{false, true} {
		s, h := newScreen(t), newHouse(t)
		c := s.open()
		data, id := photoOf("x")
		h.tell(c, []record.Fact{personNamed("a", "A", id)})
		c.opt.step = func(at string) error {
			if at == "photo written" {
				c.opt.step = nil
				h.tell(c, []record.Fact{personNamed("a", "A", "")})
				if returns {
					h.tell(c, []record.Fact{personNamed("a", "A", id)})
				}
			}
			return nil
		}
		require.ErrorIs(t, c.PutPhoto(id, data), ErrNoPhoto)
		_, err := c.Photo(id)
		require.ErrorIs(t, err, ErrNoPhoto)
		found, err := filepath.Glob(s.path(blobDir + "/*/*"))
		require.NoError(t, err)
		require.Empty(t, found)
		require.Len(t, c.MissingPhotos(), map[bool]int{false: 0, true: 1}[returns])
	}
}

// What a power cut or somebody's hand left among the photos goes at start.
func TestStrayPhotoFilesGo(t *testing.T) {
	s, h := newScreen(t), newHouse(t)
	c := s.open()
	data, id := photoOf("x")
	h.tell(c, []record.Fact{personNamed("a", "A", id)})
	require.NoError(t, c.PutPhoto(id, data))
	blob := s.onlyBlob()
	require.NoError(t, c.Close())
	stray := []string{blob + ".123.tmp", blobDir + "/zz", filepath.Dir(blob) + "/00112233445566778899aabbccddeeff", "blobs/00/00112233445566778899aabbccddeeff", "keyring.77.tmp", "outbox.8.tmp"}
	require.NoError(t, os.MkdirAll(s.path("blobs/00"), 0o700)) // one photo in 256 lies there
	for _, name := range stray {
		s.put(name, []byte("left over"))
	}
	c = s.open()
	for _, name := range stray {
		require.NoFileExists(t, s.path(name))
	}
	_, err := c.Photo(id)
	require.NoError(t, err)
}
