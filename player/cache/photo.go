package cache

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tavle/player/seal"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A photo is a picture the board refers to. Its key is made with the reference,
// in the same keyring write as those of new people, so that storing the picture
// when it comes is one file and nothing else.
type photo struct {
	place seal.Place
	key   seal.Key
	here  bool
}

// maxPhotoFile is the largest file a photo can make, in bytes.
var maxPhotoFile = int64(seal.SealedSize(wire.MaxAsset, seal.PadPhoto))

// Photo returns the picture of that name, or [ErrNoPhoto]. A file that was
// damaged is removed, and the photo is missing again.
func (c *Cache) Photo(id record.AssetID) ([]byte, error) {
	c.photos.RLock()
	ph, ok := c.photos.refs[id]
	ph.key = ph.key.Copy() // the original may be destroyed while we read
	c.photos.RUnlock()
	defer ph.key.Destroy()
	if !ok || !ph.here {
		return nil, ErrNoPhoto
	}
	path := c.blobPath(ph.place.Name)
	box, err := seal.ReadFile(path, maxPhotoFile)
	var data []byte
	if err == nil {
		data, _, err = ph.key.Open(ph.place, box)
	}
	if err == nil {
		return data, nil
	}
	c.photos.Lock()
	now, still := c.photos.refs[id]
	still = still && now.key.Equal(ph.key)
	if still {
		now.here = false
		c.photos.refs[id] = now
		_ = os.Remove(path)
	}
	c.photos.Unlock()
	if still {
		c.log.Warn("photo dropped", "file", filepath.Base(path), "error", err)
		c.wake()
	}
	return nil, ErrNoPhoto
}

// PutPhoto stores a picture. It refuses bytes that are not what the name says,
// more than [wire.MaxAsset] of them, and, with [ErrNoPhoto], a picture no row
// refers to (any more).
func (c *Cache) PutPhoto(id record.AssetID, data []byte) error {
	if len(data) > wire.MaxAsset {
		return fmt.Errorf("photo of %d bytes, want at most %d", len(data), wire.MaxAsset)
	}
	sum := sha256.Sum256(data)
	if string(id) != "sha256-"+hex.EncodeToString(sum[:]) {
		return errors.New("photo is not what its name says")
	}
	c.photos.RLock()
	ph, ok := c.photos.refs[id]
	ph.key = ph.key.Copy()
	c.photos.RUnlock()
	defer ph.key.Destroy()
	if !ok || ph.key.IsZero() {
		return ErrNoPhoto
	}
	if err := c.storePhoto(id, ph, data); err != nil {
		return fmt.Errorf("photo: %w", diskErr(err))
	}
	c.wake()
	return nil
}

// storePhoto seals and writes without a lock, as 4 MB take a while on a card
// and a hide must not wait for them; only the rename asks whether the picture
// is still wanted.
func (c *Cache) storePhoto(id record.AssetID, ph photo, data []byte) error {
	box, err := ph.key.Seal(ph.place, seal.Stamp{}, data, seal.PadPhoto, c.opt.Rand)
	if err != nil {
		return err
	}
	path := c.blobPath(ph.place.Name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := seal.WriteTemp(path, box)
	if err != nil {
		return err
	}
	if err := c.step("photo written"); err != nil {
		_ = os.Remove(tmp)
		return err
	}
	c.photos.Lock()
	defer c.photos.Unlock()
	now, ok := c.photos.refs[id]
	if !ok || !now.key.Equal(ph.key) {
		_ = os.Remove(tmp)
		return ErrNoPhoto
	}
	// The folder is not fsynced: a photo that a power cut takes is fetched again.
	if err := os.Rename(tmp, path); err != nil {
		_ = os.Remove(tmp)
		return err
	}
	now.here = true
	c.photos.refs[id] = now
	return nil
}

// MissingPhotos returns the pictures the board refers to that are not here:
// those of people first, as a face is what a resident looks for.
func (c *Cache) MissingPhotos() []record.AssetID {
	faces := map[record.AssetID]int{}
	for _, p := range c.Facts().People {
		faces[p.Photo] = -1
	}
	c.photos.RLock()
	defer c.photos.RUnlock()
	var ids []record.AssetID
	for id, ph := range c.photos.refs {
		if !ph.here {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b record.AssetID) int {
		return cmp.Or(cmp.Compare(faces[a], faces[b]), cmp.Compare(a, b))
	})
	return ids
}

// blobPlace returns where the photo of that name lies.
func blobPlace(keys *seal.Keyring, id record.AssetID) seal.Place {
	return seal.Place{Cache: keys.ID, Bucket: blobs, Name: keys.Names.Opaque(blobs, string(id))}
}

func (c *Cache) blobPath(name seal.Opaque) string {
	h := hex.EncodeToString(name[:])
	return filepath.Join(c.path(blobDir), h[:2], h)
}

// findPhotos looks which pictures of the board are here, and removes files that
// belong to none.
func (c *Cache) findPhotos(f *record.Facts) {
	files := c.blobFiles()
	refs := map[record.AssetID]photo{}
	keys := c.state.keys
	for id := range f.Assets() {
		at := blobPlace(keys, id)
		refs[id] = photo{at, keys.Photos[at.Name], files[at.Name]}
		delete(files, at.Name)
	}
	c.photos.Lock()
	c.photos.refs = refs
	c.photos.Unlock()
	for name := range files {
		c.removeBlobs([]seal.Opaque{name})
	}
}

// blobFiles returns which blobs there are, and removes whatever else lies in
// their folder.
func (c *Cache) blobFiles() map[seal.Opaque]bool {
	files := map[seal.Opaque]bool{}
	root := c.path(blobDir)
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // what cannot be listed is not here
		}
		var name seal.Opaque
		n, err := hex.Decode(name[:], []byte(strings.ToLower(first(d.Name(), 2*len(name)))))
		if err != nil || n != len(name) || path != c.blobPath(name) {
			_ = os.Remove(path) //nolint:gosec // nobody else writes here
			return nil          //nolint:nilerr // it was no photo
		}
		files[name] = true
		return nil
	})
	return files
}

func first(s string, n int) string { return s[:min(n, len(s))] }

// removeBlobs removes photo files. One that stays is noise without its key, and
// goes with the next start.
func (c *Cache) removeBlobs(names []seal.Opaque) {
	for _, name := range names {
		if err := os.Remove(c.blobPath(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			c.log.Warn("photo file could not be removed", "error", err)
		}
	}
}

// clearBlobs removes every photo file.
func (c *Cache) clearBlobs() error {
	root := c.path(blobDir)
	if err := os.RemoveAll(root); err != nil {
		return err
	}
	return os.MkdirAll(root, 0o700)
}
