package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
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

// A stage is one board at one moment, from which any page can be painted. The
// board comes about as it does for a screen: the house is projected, the rows
// are decoded, the screen's own policy is asked again.
type stage struct {
	facts  *record.Facts
	here   *record.Facts // of a screen that says who is there: its own where there is none
	now    time.Time
	lang   string
	theme  *look.Theme
	text   look.TextMode
	hangs  ui.Panel // how large the panel is and how it hangs, but for its pixels
	low    bool     // for somebody who sits
	studio *still.Studio
	assets map[record.AssetID][]byte
}

// errNoAsset says that a house file names a picture that is not there.
var errNoAsset = errors.New("no such picture")

// filesBeside reads the pictures of a house file from its folder.
func filesBeside(path string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		base := filepath.Clean("/" + strings.TrimPrefix(name, "asset:"))
		for _, ext := range []string{"", ".jpg", ".jpeg", ".png", ".webp", ".mpg"} {
			if b, err := os.ReadFile(filepath.Join(filepath.Dir(path), base+ext)); err == nil {
				return b, nil
			}
		}
		return nil, errNoAsset
	}
}

func newStage(file []byte, asset func(string) ([]byte, error), device string, at time.Time) (*stage, error) {
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
	s := &stage{assets: map[record.AssetID][]byte{}}
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
func (s *stage) nursery() *stage {
	other := *s
	other.facts = s.here
	return &other
}

// comer returns somebody who is in a state on the board of who is there, and the
// day.
func (s *stage) comer(is board.Whereabouts) (board.Ref, board.PersonID) {
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

func (s *stage) photo(id board.AssetID) ([]byte, error) {
	if b, ok := s.assets[id]; ok {
		return b, nil
	}
	return nil, errNoAsset
}

// paint paints the page called name.
func (s *stage) paint(name string, size image.Point) (*image.RGBA, error) {
	of, err := sceneNamed(name)
	if err != nil {
		return nil, err
	}
	return s.studio.Paint(s.model(of, size)), nil
}

// model returns a scene on a panel.
func (s *stage) model(p scene, size image.Point) ui.Model {
	m := p.make(s, size)
	m.Panel, m.Text, m.Manner.Low = s.hangs, s.text, s.low
	m.Panel.Size = size
	return m
}

// A scene is a state of the wall that has a name.
type scene struct {
	name string
	make func(*stage, image.Point) ui.Model
}

func sceneNamed(name string) (scene, error) {
	i := slices.IndexFunc(sceneList, func(p scene) bool { return p.name == name })
	if i < 0 {
		return scene{}, fmt.Errorf("--screen %q: there are %s", name, strings.Join(scenes(), ", "))
	}
	return sceneList[i], nil
}

func scenes() []string {
	names := make([]string, len(sceneList))
	for i, p := range sceneList {
		names[i] = p.name
	}
	return names
}

var sceneList = []scene{
	{"home", func(s *stage, size image.Point) ui.Model { return s.at(size) }},
	{"activities", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Activities{}) }},
	{"activity", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Activity{On: s.open()}) }},
	{"who", func(s *stage, size image.Point) ui.Model {
		return s.at(size, ui.Activity{On: s.open()}, ui.Who{On: s.open()})
	}},
	{"confirm", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Activity{On: s.open()})
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: s.open(), Who: s.free()}} })
		m.Over = ui.Confirm{On: s.open(), Who: s.free(), Since: s.now.Add(-4 * time.Second).UnixMilli()}
		return m
	}},
	{"leave", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Activity{On: s.open()}, ui.Who{On: s.open()})
		if c, _ := m.Board.Crowd(s.open()); len(c.Shown) > 0 {
			m.Over = ui.AskLeave{On: s.open(), Who: c.Shown[0].ID, Since: s.now.UnixMilli()}
		}
		return m
	}},
	{"meetings", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Meetings{}) }},
	{"meeting", func(s *stage, size image.Point) ui.Model {
		return s.at(size, ui.Meetings{}, ui.Meeting{On: s.coming()})
	}},
	{"meeting-past", func(s *stage, size image.Point) ui.Model {
		return s.at(size, ui.Meetings{}, ui.Meeting{On: s.past()})
	}},
	{"meeting-masked", func(s *stage, size image.Point) ui.Model {
		m := s.masked(size)
		m.Stack = append(m.Stack, ui.Meetings{}, ui.Meeting{On: s.coming()})
		return m
	}},
	{"propose-who", func(s *stage, size image.Point) ui.Model {
		return s.at(size, ui.Meeting{On: s.coming()}, ui.Proposer{On: s.coming()})
	}},
	{"propose", func(s *stage, size image.Point) ui.Model {
		return s.at(size, ui.Meeting{On: s.coming()}, ui.Phrases{On: s.coming(), Who: s.free()})
	}},
	{"proposed", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Meeting{On: s.coming()})
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: s.coming(), Who: s.free(), Says: cake}} })
		m.Over = ui.Proposed{On: s.coming(), Who: s.free(), Says: cake, Since: s.now.Add(-4 * time.Second).UnixMilli()}
		return m
	}},
	{"meeting-offline", func(s *stage, size image.Point) ui.Model {
		m := s.offline(size)
		m.Board = s.board(func(in *board.Input) {
			in.Done = []board.Done{{On: s.coming(), Who: s.free()}, {On: s.coming(), Who: s.free(), Says: cake}}
		})
		m.Stack = append(m.Stack, ui.Meetings{}, ui.Meeting{On: s.coming()})
		return m
	}},
	{"like", func(s *stage, size image.Point) ui.Model {
		on := s.coming()
		m := s.at(size, ui.Meeting{On: on})
		if x, _ := m.Board.Meeting(on); len(x.Proposals) > 0 {
			m.Stack = append(m.Stack, ui.Who{On: x.Proposals[0].Ref})
		}
		return m
	}},
	{"bookings", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Bookings{}) }},
	{"booking", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Bookings{}, ui.Booking{On: s.thing()}) }},
	{"booking-evening", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Bookings{}, ui.Booking{On: s.thing()})
		y, mo, d := s.now.Date()
		m.Now = time.Date(y, mo, d, 21, 10, 0, 0, s.now.Location())
		m.Last = m.Now
		return m
	}},
	{"booking-confirm", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Bookings{}, ui.Booking{On: s.thing()})
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: s.slot(), Who: s.free()}} })
		m.Over = ui.Confirm{On: s.slot(), Who: s.free(), Since: s.now.Add(-4 * time.Second).UnixMilli()}
		return m
	}},
	{"booking-offline", func(s *stage, size image.Point) ui.Model {
		m := s.offline(size)
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: s.slot(), Who: s.free()}} })
		m.Stack = append(m.Stack, ui.Bookings{}, ui.Booking{On: s.thing()})
		return m
	}},
	{"booking-masked", func(s *stage, size image.Point) ui.Model {
		m := s.masked(size)
		m.Stack = append(m.Stack, ui.Bookings{}, ui.Booking{On: s.thing()})
		return m
	}},
	{"groups", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Groups{}) }},
	{"group", func(s *stage, size image.Point) ui.Model {
		return s.at(size, ui.Groups{}, ui.Group{On: s.group()})
	}},
	{"focus", func(s *stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Focus = ui.Focus{On: ui.Open{On: s.open()}}
		return m
	}},
	{"scanning", func(s *stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Focus, m.Scan = ui.Focus{On: ui.Go{To: ui.Home{}}, Row: true}, ui.Scan{Since: s.now}
		return m
	}},
	{"meal-auto", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Meals{})
		for _, x := range m.Board.Meals {
			for _, p := range x.Shown {
				if p.Auto && x.Door(s.now) == board.Open {
					m.Over = ui.AskLeave{On: x.Ref, Who: p.ID, Since: s.now.UnixMilli()}
					return m
				}
			}
		}
		return m
	}},
	{"presence", func(s *stage, size image.Point) ui.Model { return s.nursery().at(size, ui.Presence{}) }},
	{"presence-whole", func(s *stage, size image.Point) ui.Model {
		m := s.nursery().at(size, ui.Presence{})
		if m.Board.Presence != nil {
			b, p := *m.Board, *m.Board.Presence
			p.Whole = true
			b.Presence = &p
			m.Board = &b
		}
		return m
	}},
	{"presence-empty", func(s *stage, size image.Point) ui.Model {
		m := s.nursery().at(size, ui.Presence{})
		b := *m.Board
		b.Presence = nil
		m.Board = &b
		return m
	}},
	{"presence-ask", func(s *stage, size image.Point) ui.Model {
		s = s.nursery()
		m := s.at(size, ui.Presence{})
		if on, who := s.comer(board.Here); who != "" {
			m.Over = ui.AskGone{On: on, Who: who, Since: s.now.UnixMilli()}
		}
		return m
	}},
	{"presence-undo", func(s *stage, size image.Point) ui.Model {
		s = s.nursery()
		m := s.at(size, ui.Presence{})
		if on, who := s.comer(board.NotYet); who != "" {
			m.Board = s.board(func(in *board.Input) {
				in.Done = []board.Done{{On: on, Who: who, Is: board.Here, Answered: true, Rev: 2}}
			})
			m.Toast = ui.Toast{On: on, Who: who, Is: board.Here, Was: board.NotYet, Until: s.now.Add(10 * time.Second)}
		}
		return m
	}},
	{"presence-offline", func(s *stage, size image.Point) ui.Model {
		s = s.nursery()
		m := s.offline(size)
		on, who := s.comer(board.NotYet)
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: on, Who: who, Is: board.Here}} })
		m.Stack = append(m.Stack, ui.Presence{})
		return m
	}},
	{"presence-masked", func(s *stage, size image.Point) ui.Model {
		m := s.nursery().masked(size)
		m.Stack = append(m.Stack, ui.Presence{})
		return m
	}},
	{"tag-unknown", func(s *stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Toast = ui.Toast{Unknown: true, Until: s.now.Add(10 * time.Second)}
		return m
	}},
	{"undo", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Activity{On: s.open()})
		m.Toast = ui.Toast{On: s.open(), Who: s.free(), Until: s.now.Add(10 * time.Second)}
		return m
	}},
	{"meals", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Meals{}) }},
	{"roster", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Roster{}) }},
	{"roster-week", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Roster{Week: true}) }},
	{"people", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.People{}) }},
	{"news", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.NewsList{}) }},
	{"article", func(s *stage, size image.Point) ui.Model { return s.article(size, false, ui.Article{}) }},
	{"article-next", func(s *stage, size image.Point) ui.Model { return s.article(size, false, ui.Article{Leaf: 1}) }},
	{"article-masked", func(s *stage, size image.Point) ui.Model { return s.article(size, true, ui.Article{}) }},
	{"article-plain", func(s *stage, size image.Point) ui.Model {
		m := s.at(size)
		for _, n := range m.Board.News {
			if len(n.Photos) == 0 && n.Picture == "" {
				m.Stack = append(m.Stack, ui.NewsList{}, ui.Article{ID: n.ID})
				break
			}
		}
		return m
	}},
	{"gallery", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Gallery{}) }},
	{"album", func(s *stage, size image.Point) ui.Model { return s.album(size, s.board(nil)) }},
	{"album-loading", func(s *stage, size image.Point) ui.Model {
		b := *s.board(nil)
		b.Albums = slices.Clone(b.Albums)
		for i, a := range b.Albums {
			b.Albums[i].Photos = slices.Clone(a.Photos)
			for j := range a.Photos {
				b.Albums[i].Photos[j].Asset = board.AssetID("on its way " + string(a.Photos[j].Asset))
			}
		}
		return s.album(size, &b)
	}},
	{"album-masked", func(s *stage, size image.Point) ui.Model {
		return s.album(size, s.board(func(in *board.Input) { in.Fresh = false }))
	}},
	{"album-empty", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Gallery{})
		for _, a := range m.Board.Albums {
			if len(a.Photos) == 0 {
				m.Stack = append(m.Stack, ui.Album{ID: a.ID})
				break
			}
		}
		return m
	}},
	{"documents", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Documents{}) }},
	{"document", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Documents{})
		if list := m.Board.Documents; len(list) > 0 {
			m.Stack = append(m.Stack, ui.Document{ID: list[0].ID})
		}
		return m
	}},
	{"videos", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Videos{}) }},
	{"video", func(s *stage, size image.Point) ui.Model { return s.film(size, ui.Film{}) }},
	{"video-runs", func(s *stage, size image.Point) ui.Model {
		return s.film(size, ui.Film{Since: s.now.Add(-2 * time.Second)})
	}},
	{"video-stands", func(s *stage, size image.Point) ui.Model { return s.film(size, ui.Film{At: 6 * time.Second}) }},
	{"video-over", func(s *stage, size image.Point) ui.Model { return s.film(size, ui.Film{At: time.Hour}) }},
	{"weather", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.Weather{}) }},
	{"weather-gone", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Weather{})
		b := *m.Board
		b.Weather = nil
		m.Board = &b
		return m
	}},
	{"more", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.More{}) }},
	{"languages", func(s *stage, size image.Point) ui.Model { return s.at(size, ui.More{}, ui.Languages{}) }},
	{"about", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.More{}, ui.About{})
		m.Machine = ui.Machine{Screen: "scr-1", Version: "1.4.0"}
		return m
	}},
	{"network", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.More{}, ui.About{}, ui.Network{})
		m.Net = s.net()
		return m
	}},
	{"network-fine", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.More{}, ui.About{}, ui.Network{})
		m.Net = s.net()
		for i := range m.Net.Found {
			m.Net.Found[i] = ui.Fine
		}
		m.Net.Detail = [ui.Needs]string{"eth0 · 1000 Mbit/s", "192.168.1.41", "hub.example", "192.168.1.2:8443", ""}
		return m
	}},
	{"pairing-no-network", func(s *stage, size image.Point) ui.Model {
		m := s.unpaired(size, ui.HubAway)
		m.Net = s.net()
		return m
	}},
	{"person", func(s *stage, size image.Point) ui.Model {
		return s.at(size, ui.More{}, ui.People{}, ui.Someone{Who: s.busy()})
	}},
	{"code", func(s *stage, size image.Point) ui.Model {
		return s.at(size, ui.Code{Who: s.busy(), N: 2})
	}},
	{"code-wrong", func(s *stage, size image.Point) ui.Model {
		return s.at(size, ui.Code{Who: s.busy(), Wrong: true})
	}},
	{"code-locked", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Code{Who: s.busy()})
		m.Locks = []ui.Lock{{Who: s.busy(), Wrong: 5, Until: s.now.Add(4 * time.Minute)}}
		return m
	}},
	{"own", func(s *stage, size image.Point) ui.Model { return s.known(size, ui.Own{Who: s.busy()}) }},
	{"own-choices", func(s *stage, size image.Point) ui.Model {
		return s.known(size, ui.Own{Who: s.busy(), Choices: true})
	}},
	{"own-ask", func(s *stage, size image.Point) ui.Model {
		m := s.known(size, ui.Own{Who: s.busy(), Choices: true})
		m.Over = ui.AskTakeBack{Who: s.busy(), What: board.ChoicePhoto, Since: s.now.UnixMilli()}
		return m
	}},
	{"own-gone", func(s *stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Over = ui.Vanished{Since: s.now.UnixMilli()}
		return m
	}},
	{"known-home", func(s *stage, size image.Point) ui.Model { return s.known(size) }},
	{"known-activities", func(s *stage, size image.Point) ui.Model { return s.known(size, ui.Activities{}) }},
	{"idle-dialog", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Activity{On: s.open()})
		m.Over, m.Last = ui.Offline{Since: s.now.UnixMilli()}, s.now.Add(-65*time.Second)
		return m
	}},
	{"offline-home", func(s *stage, size image.Point) ui.Model { return s.offline(size) }},
	{"offline", func(s *stage, size image.Point) ui.Model {
		m := s.offline(size)
		m.Over = ui.Offline{Since: s.now.UnixMilli()}
		return m
	}},
	{"offline-day", func(s *stage, size image.Point) ui.Model {
		m := s.at(size)
		since := s.now.Add(-25 * time.Hour)
		m.Link = ui.Link{DownSince: since}
		m.Board = s.board(func(in *board.Input) { in.Contact = since })
		return m
	}},
	{"masked", func(s *stage, size image.Point) ui.Model { return s.masked(size) }},
	{"masked-people", func(s *stage, size image.Point) ui.Model {
		m := s.masked(size)
		m.Stack = append(m.Stack, ui.People{})
		return m
	}},
	{"waiting", func(s *stage, size image.Point) ui.Model {
		m := ui.New(ui.Panel{Size: size}, s.lang, s.now)
		m.Theme, m.Link, m.Sound.Voice = s.theme, ui.Link{DownSince: s.now}, true
		return m
	}},
	{"pairing", func(s *stage, size image.Point) ui.Model {
		m := s.unpaired(size, ui.NoObstacle)
		m.Pairing.Code, m.Pairing.From = "7KX94P", s.now.Add(-3*time.Minute)
		m.Pairing.Until = m.Pairing.From.Add(10 * time.Minute)
		return m
	}},
	{"pairing-away", func(s *stage, size image.Point) ui.Model { return s.unpaired(size, ui.HubAway) }},
	{"paused", func(s *stage, size image.Point) ui.Model {
		m := ui.New(ui.Panel{Size: size}, s.lang, s.now)
		m.Theme, m.Paused, m.Sound.Voice = s.theme, true, true
		return m
	}},
	{"idle", func(s *stage, size image.Point) ui.Model {
		m := s.at(size, ui.Meals{})
		m.Last = s.now.Add(-65 * time.Second)
		return m
	}},
	{"reading", func(s *stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Reading = ui.Reading{On: true, At: 1}
		return m
	}},
	{"evening", func(s *stage, size image.Point) ui.Model {
		return s.hours(20, 12).byHour().at(size)
	}},
	{"night", func(s *stage, size image.Point) ui.Model {
		m := s.hours(26, 14).byHour().at(size)
		m.Rest = ui.Asleep
		return m
	}},
	{"dark", func(s *stage, size image.Point) ui.Model {
		m := s.hours(26, 14).at(size)
		m.Rest = ui.Dark
		return m
	}},
	{"failed", func(s *stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Over = ui.Failed{Since: s.now.UnixMilli()}
		return m
	}},
}

func (s *stage) board(edit func(*board.Input)) *board.Board {
	in := board.Input{Facts: s.facts, Now: s.now, Fresh: true, Contact: s.now}
	if edit != nil {
		edit(&in)
	}
	return board.Project(in)
}

// at returns the wall on a page, home below it.
func (s *stage) at(size image.Point, places ...ui.Place) ui.Model {
	m := ui.New(ui.Panel{Size: size}, s.lang, s.now)
	m.Theme, m.Link, m.Sound.Voice = s.theme, ui.Link{Live: true}, true
	m, _ = ui.Update(m, ui.BoardChanged{Board: s.board(nil)})
	m.Stack = append(m.Stack, places...)
	return m
}

// hours returns the stage at a time of its day, or of the next from 24 on.
func (s *stage) hours(h, m int) *stage {
	other := *s
	other.now = time.Date(s.now.Year(), s.now.Month(), s.now.Day(), h, m, 0, 0, s.now.Location())
	return &other
}

// byHour returns the stage in the colours of its hour, where the day's were not
// left for others.
func (s *stage) byHour() *stage {
	if s.theme != &look.Day {
		return s
	}
	other := *s
	other.theme = nil
	return &other
}

// known returns the wall on a page while it knows who stands there.
func (s *stage) known(size image.Point, places ...ui.Place) ui.Model {
	m := s.at(size, places...)
	m.Self = s.busy()
	return m
}

// net is a network that gives no address.
func (s *stage) net() ui.Net {
	n := ui.Net{MAC: "DC:A6:32:4F:9B:1E", Next: s.now.Add(12 * time.Second)}
	n.Found[ui.NeedLink], n.Detail[ui.NeedLink] = ui.Fine, "eth0 · 1000 Mbit/s"
	n.Found[ui.NeedAddress] = ui.Fails
	return n
}

// busy returns somebody who takes part in something.
func (s *stage) busy() board.PersonID {
	b := s.board(nil)
	crowd, _ := b.Crowd(s.open())
	for _, p := range crowd.Shown {
		if p.SignUp {
			return p.ID
		}
	}
	return s.free()
}

// offline returns home an hour after the network went, with a sign-up waiting.
func (s *stage) offline(size image.Point) ui.Model {
	m := s.at(size)
	since := s.now.Add(-72 * time.Minute)
	m.Link = ui.Link{DownSince: since}
	m.Board = s.board(func(in *board.Input) {
		in.Contact = since
		in.Done = []board.Done{{On: s.open(), Who: s.free()}}
	})
	return m
}

// masked returns home after the lease ran out.
func (s *stage) masked(size image.Point) ui.Model {
	m := s.at(size)
	since := s.now.Add(-73 * time.Hour)
	m.Link = ui.Link{DownSince: since}
	m.Board = s.board(func(in *board.Input) { in.Fresh, in.Contact = false, since })
	return m
}

// unpaired returns a screen that belongs to no hub yet, for a reason.
func (s *stage) unpaired(size image.Point, why ui.Obstacle) ui.Model {
	m := ui.New(ui.Panel{Size: size}, s.lang, s.now)
	m.Theme = s.theme
	m.Pairing = &ui.Pairing{
		Obstacle: why, Link: "https://hub.example:8443/pair#c2NhbiBtZSBvciBub3Q.9C41E07B", Hub: "hub.example:8443",
		Screen: "tavle-9c41", Key: "9C41 E07B", Address: "192.168.1.41", Version: "1.4.0",
	}
	return m
}

// open returns the next activity one can join, or the first there is.
func (s *stage) open() board.Ref {
	list := s.board(nil).Activities
	for _, a := range list {
		if a.Door(s.now) == board.Open && len(a.Shown) > 0 {
			return a.Ref
		}
	}
	if len(list) > 0 {
		return list[0].Ref
	}
	return board.Ref{}
}

// cake is what somebody proposes.
var cake = board.Said{Text: "Vi bager en kage", Lang: record.Danish, Picto: "shortcake"}

// coming returns the next meeting, past the one before.
func (s *stage) coming() board.Ref {
	for _, m := range s.board(nil).Meetings {
		if m.Door(s.now) == board.Open {
			return m.Ref
		}
	}
	return board.Ref{}
}

func (s *stage) past() board.Ref {
	for _, m := range s.board(nil).Meetings {
		if m.Door(s.now) == board.Over {
			return m.Ref
		}
	}
	return board.Ref{}
}

// group returns the first group.
func (s *stage) group() board.Ref {
	for _, g := range s.board(nil).Groups {
		return g.Ref
	}
	return board.Ref{}
}

// thing returns the first thing that people book in slots.
func (s *stage) thing() board.Ref {
	for _, r := range s.board(nil).Resources {
		if r.SignUp && len(r.Slots(s.now)) < 10 {
			return r.Ref
		}
	}
	return board.Ref{}
}

// slot returns the first time of the day that is free.
func (s *stage) slot() board.Ref {
	r, _ := s.board(nil).Resource(s.thing())
	for _, x := range r.Slots(s.now) {
		if x.Door(s.now) == board.Open {
			return x.Ref
		}
	}
	return board.Ref{}
}

// free returns somebody who is not on that list.
func (s *stage) free() board.PersonID {
	b := s.board(nil)
	crowd, _ := b.Crowd(s.open())
	for _, p := range b.People {
		if _, _, in := crowd.Has(p.ID); !in && p.SignUp {
			return p.ID
		}
	}
	return ""
}

// article returns the news item with most pictures, or what is left of it when the
// lease has run out.
func (s *stage) article(size image.Point, masked bool, at ui.Article) ui.Model {
	m := s.at(size, ui.NewsList{})
	most := -1
	for _, n := range m.Board.News {
		if len(n.Photos) > most {
			at.ID, most = n.ID, len(n.Photos)
		}
	}
	if masked {
		m.Board = s.board(func(in *board.Input) { in.Fresh = false })
	}
	if most >= 0 {
		m.Stack = append(m.Stack, at)
	}
	return m
}

// album returns the album with most pictures of a board.
func (s *stage) album(size image.Point, b *board.Board) ui.Model {
	m := s.at(size, ui.Gallery{})
	m.Board = b
	most, at := -1, ui.Album{}
	for _, a := range b.Albums {
		if len(a.Photos) > most {
			at.ID, most = a.ID, len(a.Photos)
		}
	}
	if most >= 0 {
		m.Stack = append(m.Stack, at)
	}
	return m
}

// film returns the first film, as far as it has come.
func (s *stage) film(size image.Point, at ui.Film) ui.Model {
	m := s.at(size, ui.Videos{})
	if list := m.Board.Videos; len(list) > 0 {
		at.ID, at.At = list[0].ID, min(at.At, list[0].Length)
		m.Stack, m.Film = append(m.Stack, ui.Video{ID: at.ID}), at
	}
	return m
}
