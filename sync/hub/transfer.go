package hub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	films "tavle/assets/film"
	"tavle/assets/sound"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/wire"
)

// ErrExists is returned for a house that is there already and must not be
// replaced.
var ErrExists = errors.New("this system has a house already")

// An Import says how a house is taken in.
type Import struct {
	// Replace a house of the same system, sign-ups and answers and all: the file is
	// the truth. Screens and their boards stay, and the registers: entries are only
	// added.
	Replace bool

	// Picture returns the bytes of a picture by the name the house gives it, in any
	// format, or of a film, which has to be MPEG-1, or of a recording, which has to be
	// a WAV. Nil: the house comes without pictures.
	Picture func(name house.Picture) ([]byte, error)
}

// Import takes in a house. Its pictures are made small and lose their metadata on
// the way, its recordings lose theirs, its films are looked at; one that is missing or
// something else than it should be stops the import, and all such are named. Everything else happens in one transaction.
func (h *Hub) Import(ctx context.Context, by store.Actor, in *house.House, o Import) error {
	by.Org, by.At = in.System.ID, h.now()
	looks, err := h.shrinkAll(ctx, in, o.Picture)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	kept, err := readLedger(h.opt.Ledger)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	var e *Edit
	err = h.store.Update(ctx, by, func(tx store.Tx) error {
		if err := tx.Lock(ctx); err != nil {
			return err
		}
		before, err := empty(ctx, tx, in.System.ID, o.Replace)
		if err != nil {
			return err
		}
		if err := heedLedger(ctx, tx.Own(), kept, in.System.ID, idsOf(in)); err != nil {
			return err
		}
		if err := fillStore(ctx, tx, in); err != nil {
			return err
		}
		for name, jpeg := range looks {
			if _, err := tx.PutPicture(ctx, name, jpeg); err != nil {
				return err
			}
		}
		if err := tx.Note(ctx, "import"); err != nil {
			return err
		}
		e = newEdit(tx, by)
		e.all, e.screens = true, true
		if err := e.withdrawBy(ctx, before); err != nil {
			return err
		}
		return e.finish(ctx)
	})
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	h.announce(e)
	return nil
}

// idsOf returns everybody in a house.
func idsOf(in *house.House) (ids []house.ID) {
	for r := range in.Records() {
		if slices.Contains(people, house.KindOf(r)) {
			ids = append(ids, house.KeyOf(r))
		}
	}
	return ids
}

// shrinkAll makes every picture of a house small.
func (h *Hub) shrinkAll(ctx context.Context, in *house.House, picture func(house.Picture) ([]byte, error)) (map[house.Picture][]byte, error) {
	looks := map[house.Picture][]byte{}
	if picture == nil {
		return looks, nil
	}
	var errs []error
	for r := range in.Records() {
		for _, name := range house.PicturesOf(r) {
			heard := name == house.SoundOf(r)
			jpeg, ok := looks[name]
			var err error
			switch {
			case !ok:
				jpeg, err = h.small(name, picture, heard)
				looks[name] = jpeg
			case jpeg != nil && sound.Is(jpeg) != heard:
				err = errors.New("a picture in one place and a recording in another")
			}
			at := "picture"
			if heard {
				at = fmt.Sprintf("%s %s: sound", house.KindOf(r), house.KeyOf(r))
			}
			if v, film := r.(*house.Video); film && v.Sound && name == v.Film && jpeg != nil && err == nil {
				at = fmt.Sprintf("%s %s: with_sound", house.KindOf(r), house.KeyOf(r))
				err = films.CheckSound(jpeg)
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("%s %s: %w", at, name, err))
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return looks, errors.Join(errs...)
}

// maxRaw is how many bytes a picture, a film or a recording may have as it is brought.
const maxRaw = 64 << 20

// Small reads what somebody brought: a picture in any format, which is made small and
// loses its metadata; a film, which has to be MPEG-1; a recording, which has to be a WAV.
func (h *Hub) Small(raw io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(raw, maxRaw+1))
	switch {
	case err != nil:
		return nil, err
	case len(b) > maxRaw:
		return nil, fmt.Errorf("more than %d bytes", maxRaw)
	}
	return h.small("", func(house.Picture) ([]byte, error) { return b, nil }, sound.Is(b))
}

// small returns one picture, made small, or a recording.
func (h *Hub) small(name house.Picture, picture func(house.Picture) ([]byte, error), heard bool) ([]byte, error) {
	raw, err := picture(name)
	if err != nil {
		return nil, err
	}
	if heard {
		return sound.Clean(raw)
	}
	if films.Is(raw) { // made for screens before it came here
		return raw, films.Check(raw)
	}
	jpeg, err := h.opt.Shrink(raw)
	if err == nil && len(jpeg) > wire.MaxAsset {
		err = fmt.Errorf("%d bytes made small; at most %d", len(jpeg), wire.MaxAsset)
	}
	return jpeg, err
}

// empty makes sure that the system has no house, or has none any more, and returns
// whoever boards could show of the one there was.
func empty(ctx context.Context, tx store.Tx, id house.ID, replace bool) (before []house.Record, err error) {
	switch _, err := store.Get[house.System](ctx, tx, id); {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case !replace:
		return nil, fmt.Errorf("%s: %w", id, ErrExists)
	}
	for _, k := range house.Kinds() {
		if k == house.KindEntry {
			continue
		}
		all, err := tx.All(ctx, k)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if person(r) {
				before = append(before, r)
			}
			if err := tx.Delete(ctx, k, house.KeyOf(r)); err != nil {
				return nil, err
			}
		}
	}
	return before, nil
}

// withdrawBy notes what a house takes back by being put in the place of one with
// these people: a file may hide somebody as well as staff may.
func (e *Edit) withdrawBy(ctx context.Context, before []house.Record) error {
	for _, was := range before {
		now, err := e.tx.Get(ctx, house.KindOf(was), house.KeyOf(was))
		switch {
		case errors.Is(err, store.ErrNotFound):
			e.withdraw(house.KeyOf(was), "delete")
		case err != nil:
			return err
		case house.Withdraws(was, now):
			e.withdraw(house.KeyOf(was), "change")
		}
	}
	return nil
}

// fillStore stores every record and list of a house. Nobody waits where there
// is a place.
func fillStore(ctx context.Context, tx store.Tx, in *house.House) error {
	limit := map[house.List]int{}
	for r := range in.Records() {
		if house.KindOf(r) == house.KindEntry {
			if _, err := tx.Get(ctx, house.KindEntry, house.KeyOf(r)); err == nil {
				continue // it stays as it was written
			} else if absent(err) != nil {
				return err
			}
		}
		if err := tx.Put(ctx, r); err != nil {
			return err
		}
		if l, ok := r.(house.Lister); ok {
			limit[house.List{Kind: house.KindOf(r), ID: house.KeyOf(r)}] = capacity(l)
		}
	}
	for l, places := range in.Lists() {
		for _, p := range places {
			if err := tx.PutPlace(ctx, l, store.Place{Place: p}); err != nil {
				return err
			}
		}
		if _, err := store.Settle(ctx, tx, l, limit[l]); err != nil {
			return err
		}
	}
	return nil
}

// Export writes the house of the actor's system as a file that Import takes in
// again, and hands its pictures to picture, if that is not nil. The extract is
// in the audit before the first byte is written.
func (h *Hub) Export(ctx context.Context, by store.Actor, w io.Writer, picture func(house.Picture, []byte) error) error {
	by.At = h.now()
	err := h.store.Update(ctx, by, func(tx store.Tx) error { return tx.Note(ctx, "export") })
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	var out *house.House
	looks := map[house.Picture][]byte{}
	err = h.store.View(ctx, by, func(v store.View) (err error) {
		if out, err = readHouse(ctx, v); err == nil && picture != nil {
			err = readPictures(ctx, v, out, looks)
		}
		return err
	})
	if err == nil {
		err = out.Write(w)
	}
	for name, jpeg := range looks {
		if err == nil {
			err = picture(name, jpeg)
		}
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

// readHouse puts a house together from its records and lists.
func readHouse(ctx context.Context, v store.View) (*house.House, error) {
	out := &house.House{}
	for _, k := range house.Kinds() {
		all, err := v.All(ctx, k)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			if l, ok := r.(house.Lister); ok {
				at := house.List{Kind: k, ID: house.KeyOf(r)}
				places, err := v.Places(ctx, at)
				if err != nil {
					return nil, err
				}
				fill(l, map[house.List][]store.Place{at: places})
			}
			out.Add(r)
		}
	}
	if out.System.ID == "" {
		return nil, fmt.Errorf("house: %w", store.ErrNotFound)
	}
	return out, nil
}

func readPictures(ctx context.Context, v store.View, h *house.House, looks map[house.Picture][]byte) error {
	var names []house.Picture
	for r := range h.Records() {
		names = append(names, house.PicturesOf(r)...)
	}
	assets, err := v.Pictures(ctx, names)
	if err != nil {
		return err
	}
	for name, a := range assets {
		if looks[name], err = v.Picture(ctx, a); err != nil {
			return err
		}
	}
	return nil
}
