// Package stage puts the wall of one house into every state that has a name, for
// pictures of it and for tests.
package stage

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"slices"
	"strings"
	"time"

	"tavle/player/board"
	"tavle/player/still"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/record"
	"tavle/sync/wire"
)

// A Stage is one board at one moment, from which any page can be painted. The
// board comes about as it does for a screen: the house is projected, the rows
// are decoded, the screen's own policy is asked again.
type Stage struct {
	Lang   string
	Theme  *look.Theme
	Text   look.TextMode
	Hangs  ui.Panel // how large the panel is and how it hangs, but for its pixels
	Low    bool     // for somebody who sits
	Studio *still.Studio

	facts  *record.Facts
	here   *record.Facts // of a screen that says who is there: its own where there is none
	now    time.Time
	assets map[record.AssetID][]byte
}

// New returns the stage of a device in a house file, or of the file's first, at a
// moment of the house's own day: Danish, by day. Pictures that asset does not know
// are left out.
func New(file []byte, asset func(string) ([]byte, error), device string, at time.Time) (s *Stage, err error) {
	h, mistakes := house.Parse(bytes.NewReader(file))
	if len(mistakes) > 0 {
		return nil, mistakesError(mistakes)
	}
	if len(h.Screens) == 0 {
		return nil, errors.New("house file: no screens")
	}
	if device == "" {
		device = string(h.Screens[0].ID)
	}
	s = &Stage{Lang: "da", Theme: &look.Day, assets: map[record.AssetID][]byte{}}
	if s.Studio, err = still.New(s.photo); err != nil {
		return nil, err
	}
	pictures := map[house.Picture]record.AssetID{}
	for r := range h.Records() {
		for _, p := range house.PicturesOf(r) {
			b, err := asset(string(p))
			if err != nil {
				continue // shown without it
			}
			sum := sha256.Sum256(b)
			id := record.AssetID("sha256-" + hex.EncodeToString(sum[:]))
			pictures[p], s.assets[id] = id, b
		}
	}
	src := project.FromHouse(h, pictures)
	b, err := project.BoardOf(h, house.ID(device), []byte("a still needs no secret"))
	if err != nil {
		return nil, err
	}
	zone := h.Meta.ZoneOf(src.Departments[b.Department])
	s.now = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, zone)
	if s.facts, err = factsOf(src, b, s.now); err != nil {
		return nil, err
	}
	s.here = s.facts
	for _, x := range h.Screens {
		b, err := project.BoardOf(h, x.ID, b.Secret)
		if err == nil && slices.Contains(b.Modules, record.ModulePresence) {
			s.here, err = factsOf(src, b, s.now)
			return s, err
		}
	}
	return s, nil
}

// factsOf returns what a board says at now.
func factsOf(src *project.Source, b project.Board, now time.Time) (*record.Facts, error) {
	rows, err := project.Rows(src, b, now)
	if err != nil {
		return nil, err
	}
	changes := make([]record.Change, len(rows))
	for i, r := range rows {
		if changes[i], err = wire.DecodeChange(record.Op{Row: r.Row}); err != nil {
			return nil, err
		}
	}
	return (*record.Facts)(nil).With(record.Position{Epoch: "0000000000000001", Rev: 1}, changes), nil
}

// nursery returns the stage of a screen that says who is there.
func (s *Stage) nursery() *Stage {
	other := *s
	other.facts = s.here
	return &other
}

// comer returns somebody who is in a state on the board of who is there, and the
// day.
func (s *Stage) comer(is board.Whereabouts) (board.Ref, board.PersonID) {
	p := s.board(nil).Presence
	if p == nil {
		return board.Ref{}, ""
	}
	for _, x := range p.People {
		if x.Is == is {
			return p.Ref, x.ID
		}
	}
	return p.Ref, ""
}

func mistakesError(mistakes []house.Mistake) error {
	lines := make([]string, len(mistakes))
	for i, m := range mistakes {
		lines[i] = m.String()
	}
	return fmt.Errorf("the house file has mistakes:\n  %s", strings.Join(lines, "\n  "))
}

func (s *Stage) photo(id board.AssetID) ([]byte, error) {
	if b, ok := s.assets[id]; ok {
		return b, nil
	}
	return nil, fs.ErrNotExist
}

// Model returns a scene on a panel of so many pixels.
func (s *Stage) Model(p Scene, size image.Point) ui.Model {
	m := p.make(s, size)
	m.Panel, m.Text, m.Manner.Low = s.Hangs, s.Text, s.Low
	m.Panel.Size = size
	return m
}

// Paint paints a scene on a panel of so many pixels.
func (s *Stage) Paint(p Scene, size image.Point) *image.RGBA {
	return s.Studio.Paint(s.Model(p, size))
}
