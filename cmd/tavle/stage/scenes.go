package stage

import (
	"image"
	"slices"
	"time"

	"tavle/player/board"
	"tavle/player/ui"
	"tavle/player/ui/look"
	"tavle/sync/record"
)

// A Scene is a state of the wall that has a name.
type Scene struct {
	Name string
	make func(*Stage, image.Point) ui.Model
}

// Names returns what the scenes are called.
func Names() []string {
	names := make([]string, len(Scenes))
	for i, p := range Scenes {
		names[i] = p.Name
	}
	return names
}

// Named returns the scene of that name.
func Named(name string) (Scene, bool) {
	i := slices.IndexFunc(Scenes, func(p Scene) bool { return p.Name == name })
	if i < 0 {
		return Scene{}, false
	}
	return Scenes[i], true
}

// Scenes are every page and dialog of the wall, in each of its states. What is not
// here is in no gallery, and not in the tests of sizes, contrast, words and of the
// painters: a new page has its line here.
var Scenes = []Scene{
	{"home", func(s *Stage, size image.Point) ui.Model { return s.at(size) }},
	{"activities", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Activities{}) }},
	{"activity", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Activity{On: s.open()}) }},
	{"who", func(s *Stage, size image.Point) ui.Model {
		return s.at(size, ui.Activity{On: s.open()}, ui.Who{On: s.open()})
	}},
	{"confirm", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Activity{On: s.open()})
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: s.open(), Who: s.free()}} })
		m.Over = ui.Confirm{On: s.open(), Who: s.free(), Since: s.now.Add(-4 * time.Second).UnixMilli()}
		return m
	}},
	{"leave", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Activity{On: s.open()}, ui.Who{On: s.open()})
		if c, _ := m.Board.Crowd(s.open()); len(c.Shown) > 0 {
			m.Over = ui.AskLeave{On: s.open(), Who: c.Shown[0].ID, Since: s.now.UnixMilli()}
		}
		return m
	}},
	{"meetings", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Meetings{}) }},
	{"meeting", func(s *Stage, size image.Point) ui.Model {
		return s.at(size, ui.Meetings{}, ui.Meeting{On: s.coming()})
	}},
	{"meeting-past", func(s *Stage, size image.Point) ui.Model {
		return s.at(size, ui.Meetings{}, ui.Meeting{On: s.past()})
	}},
	{"meeting-masked", func(s *Stage, size image.Point) ui.Model {
		m := s.masked(size)
		m.Stack = append(m.Stack, ui.Meetings{}, ui.Meeting{On: s.coming()})
		return m
	}},
	{"propose-who", func(s *Stage, size image.Point) ui.Model {
		return s.at(size, ui.Meeting{On: s.coming()}, ui.Proposer{On: s.coming()})
	}},
	{"propose", func(s *Stage, size image.Point) ui.Model {
		return s.at(size, ui.Meeting{On: s.coming()}, ui.Phrases{On: s.coming(), Who: s.free()})
	}},
	{"proposed", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Meeting{On: s.coming()})
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: s.coming(), Who: s.free(), Says: cake}} })
		m.Over = ui.Proposed{On: s.coming(), Who: s.free(), Says: cake, Since: s.now.Add(-4 * time.Second).UnixMilli()}
		return m
	}},
	{"meeting-offline", func(s *Stage, size image.Point) ui.Model {
		m := s.offline(size)
		m.Board = s.board(func(in *board.Input) {
			in.Done = []board.Done{{On: s.coming(), Who: s.free()}, {On: s.coming(), Who: s.free(), Says: cake}}
		})
		m.Stack = append(m.Stack, ui.Meetings{}, ui.Meeting{On: s.coming()})
		return m
	}},
	{"like", func(s *Stage, size image.Point) ui.Model {
		on := s.coming()
		m := s.at(size, ui.Meeting{On: on})
		if x, _ := m.Board.Meeting(on); len(x.Proposals) > 0 {
			m.Stack = append(m.Stack, ui.Who{On: x.Proposals[0].Ref})
		}
		return m
	}},
	{"bookings", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Bookings{}) }},
	{"booking", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Bookings{}, ui.Booking{On: s.thing()}) }},
	{"booking-evening", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Bookings{}, ui.Booking{On: s.thing()})
		y, mo, d := s.now.Date()
		m.Now = time.Date(y, mo, d, 21, 10, 0, 0, s.now.Location())
		m.Last = m.Now
		return m
	}},
	{"booking-confirm", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Bookings{}, ui.Booking{On: s.thing()})
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: s.slot(), Who: s.free()}} })
		m.Over = ui.Confirm{On: s.slot(), Who: s.free(), Since: s.now.Add(-4 * time.Second).UnixMilli()}
		return m
	}},
	{"booking-offline", func(s *Stage, size image.Point) ui.Model {
		m := s.offline(size)
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: s.slot(), Who: s.free()}} })
		m.Stack = append(m.Stack, ui.Bookings{}, ui.Booking{On: s.thing()})
		return m
	}},
	{"booking-masked", func(s *Stage, size image.Point) ui.Model {
		m := s.masked(size)
		m.Stack = append(m.Stack, ui.Bookings{}, ui.Booking{On: s.thing()})
		return m
	}},
	{"groups", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Groups{}) }},
	{"group", func(s *Stage, size image.Point) ui.Model {
		return s.at(size, ui.Groups{}, ui.Group{On: s.group()})
	}},
	{"focus", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Focus = ui.Focus{On: ui.Open{On: s.open()}}
		return m
	}},
	{"scanning", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Focus, m.Scan = ui.Focus{On: ui.Go{To: ui.Home{}}, Row: true}, ui.Scan{Since: s.now}
		return m
	}},
	{"meal-auto", func(s *Stage, size image.Point) ui.Model {
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
	{"plate", func(s *Stage, size image.Point) ui.Model {
		on := s.supper()
		m := s.at(size, ui.Meals{On: on}, ui.Who{On: on})
		m.Over = ui.AskPlate{On: on, Who: s.hungry(false), Since: s.now.UnixMilli()}
		return m
	}},
	{"plate-confirm", func(s *Stage, size image.Point) ui.Model {
		return s.plated(s.at(size, ui.Meals{On: s.supper()}), s.hungry(false), false)
	}},
	{"plate-again", func(s *Stage, size image.Point) ui.Model {
		return s.plated(s.at(size, ui.Meals{On: s.supper()}), s.hungry(true), true)
	}},
	{"plate-offline", func(s *Stage, size image.Point) ui.Model {
		m := s.offline(size)
		m.Stack = append(m.Stack, ui.Meals{On: s.supper()})
		return s.plated(m, s.hungry(false), false)
	}},
	{"plate-leave", func(s *Stage, size image.Point) ui.Model {
		on := s.supper()
		m := s.at(size, ui.Meals{On: on}, ui.Who{On: on})
		m.Over = ui.AskLeave{On: on, Who: s.hungry(true), Since: s.now.UnixMilli()}
		return m
	}},
	{"presence", func(s *Stage, size image.Point) ui.Model { return s.nursery().at(size, ui.Presence{}) }},
	{"presence-whole", func(s *Stage, size image.Point) ui.Model {
		m := s.nursery().at(size, ui.Presence{})
		if m.Board.Presence != nil {
			b, p := *m.Board, *m.Board.Presence
			p.Whole = true
			b.Presence = &p
			m.Board = &b
		}
		return m
	}},
	{"presence-empty", func(s *Stage, size image.Point) ui.Model {
		m := s.nursery().at(size, ui.Presence{})
		b := *m.Board
		b.Presence = nil
		m.Board = &b
		return m
	}},
	{"presence-ask", func(s *Stage, size image.Point) ui.Model {
		s = s.nursery()
		m := s.at(size, ui.Presence{})
		if on, who := s.comer(board.Here); who != "" {
			m.Over = ui.AskGone{On: on, Who: who, Since: s.now.UnixMilli()}
		}
		return m
	}},
	{"presence-undo", func(s *Stage, size image.Point) ui.Model {
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
	{"presence-offline", func(s *Stage, size image.Point) ui.Model {
		s = s.nursery()
		m := s.offline(size)
		on, who := s.comer(board.NotYet)
		m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: on, Who: who, Is: board.Here}} })
		m.Stack = append(m.Stack, ui.Presence{})
		return m
	}},
	{"presence-masked", func(s *Stage, size image.Point) ui.Model {
		m := s.nursery().masked(size)
		m.Stack = append(m.Stack, ui.Presence{})
		return m
	}},
	{"poll", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Polls{}) }},
	{"poll-ready", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Polls{Ready: true}) }},
	{"poll-numbers", func(s *Stage, size image.Point) ui.Model {
		return s.asked(s.at(size, ui.Polls{}), counted)
	}},
	{"poll-given", func(s *Stage, size image.Point) ui.Model { return s.answered(s.at(size, ui.Polls{})) }},
	{"poll-given-numbers", func(s *Stage, size image.Point) ui.Model {
		return s.answered(s.asked(s.at(size, ui.Polls{}), counted))
	}},
	{"poll-turned-away", func(s *Stage, size image.Point) ui.Model {
		m := s.answered(s.at(size, ui.Polls{}))
		m.Given[0].Picto = ""
		return m
	}},
	{"poll-offline", func(s *Stage, size image.Point) ui.Model {
		m := s.offline(size)
		m.Stack = append(m.Stack, ui.Polls{})
		return s.answered(s.asked(m, func(p *board.Poll) { p.Waits = true }))
	}},
	{"poll-late", func(s *Stage, size image.Point) ui.Model {
		return s.answered(s.asked(s.at(size, ui.Polls{}), func(p *board.Poll) { p.Late = true }))
	}},
	{"poll-closed", func(s *Stage, size image.Point) ui.Model {
		return s.asked(s.at(size, ui.Polls{}), counted, over)
	}},
	{"poll-closed-few", func(s *Stage, size image.Point) ui.Model {
		return s.asked(s.at(size, ui.Polls{}), over)
	}},
	{"poll-stale", func(s *Stage, size image.Point) ui.Model {
		m := s.masked(size)
		m.Stack = append(m.Stack, ui.Polls{})
		return s.asked(m, counted)
	}},
	{"poll-five", func(s *Stage, size image.Point) ui.Model {
		return s.asked(s.at(size, ui.Polls{}), func(p *board.Poll) {
			p.Options = slices.Concat(p.Options, []board.PollOption{
				{Picto: "pizza", Title: board.Text{"da": "Mere pizza", "nb": "Mer pizza", "en": "More pizza"}},
				{Picto: "fish", Title: board.Text{"da": "Mere fisk om fredagen", "nb": "Mer fisk på fredag", "en": "More fish on Fridays"}},
			})
		})
	}},
	{"poll-empty", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Polls{})
		b := *m.Board
		b.Polls = nil
		m.Board = &b
		return m
	}},
	{"tag-unknown", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Toast = ui.Toast{Unknown: true, Until: s.now.Add(10 * time.Second)}
		return m
	}},
	{"undo", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Activity{On: s.open()})
		m.Toast = ui.Toast{On: s.open(), Who: s.free(), Until: s.now.Add(10 * time.Second)}
		return m
	}},
	{"meals", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Meals{}) }},
	{"meals-week", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Meals{Week: true}) }},
	{"meals-week-next", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Meals{Week: true, Page: 1}) }},
	{"meals-week-evening", func(s *Stage, size image.Point) ui.Model {
		return s.hours(20, 12).byHour().at(size, ui.Meals{Week: true})
	}},
	{"meals-week-masked", func(s *Stage, size image.Point) ui.Model {
		m := s.masked(size)
		m.Stack = append(m.Stack, ui.Meals{Week: true})
		return m
	}},
	{"meals-week-empty", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Meals{Week: true})
		b := *m.Board
		b.Meals = nil
		m.Board = &b
		return m
	}},
	{"roster", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Roster{}) }},
	{"roster-week", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Roster{Week: true}) }},
	{"people", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.People{}) }},
	{"news", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.NewsList{}) }},
	{"article", func(s *Stage, size image.Point) ui.Model { return s.article(size, false, ui.Article{}) }},
	{"article-next", func(s *Stage, size image.Point) ui.Model { return s.article(size, false, ui.Article{Leaf: 1}) }},
	{"article-masked", func(s *Stage, size image.Point) ui.Model { return s.article(size, true, ui.Article{}) }},
	{"article-plain", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size)
		for _, n := range m.Board.News {
			if len(n.Photos) == 0 && n.Picture == "" {
				m.Stack = append(m.Stack, ui.NewsList{}, ui.Article{ID: n.ID})
				break
			}
		}
		return m
	}},
	{"gallery", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Gallery{}) }},
	{"album", func(s *Stage, size image.Point) ui.Model { return s.album(size, s.board(nil)) }},
	{"album-loading", func(s *Stage, size image.Point) ui.Model {
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
	{"album-masked", func(s *Stage, size image.Point) ui.Model {
		return s.album(size, s.board(func(in *board.Input) { in.Fresh = false }))
	}},
	{"album-empty", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Gallery{})
		for _, a := range m.Board.Albums {
			if len(a.Photos) == 0 {
				m.Stack = append(m.Stack, ui.Album{ID: a.ID})
				break
			}
		}
		return m
	}},
	{"documents", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Documents{}) }},
	{"document", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Documents{})
		if list := m.Board.Documents; len(list) > 0 {
			m.Stack = append(m.Stack, ui.Document{ID: list[0].ID})
		}
		return m
	}},
	{"videos", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Videos{}) }},
	{"video", func(s *Stage, size image.Point) ui.Model { return s.film(size, ui.Film{}) }},
	{"video-runs", func(s *Stage, size image.Point) ui.Model {
		return s.film(size, ui.Film{Since: s.now.Add(-2 * time.Second), Heard: s.now.Add(-3 * time.Second)})
	}},
	{"video-stands", func(s *Stage, size image.Point) ui.Model { return s.film(size, ui.Film{At: 6 * time.Second}) }},
	{"video-over", func(s *Stage, size image.Point) ui.Model { return s.film(size, ui.Film{At: time.Hour}) }},
	{"weather", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.Weather{}) }},
	{"weather-gone", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Weather{})
		b := *m.Board
		b.Weather = nil
		m.Board = &b
		return m
	}},
	{"more", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.More{}) }},
	{"languages", func(s *Stage, size image.Point) ui.Model { return s.at(size, ui.More{}, ui.Languages{}) }},
	{"about", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.More{}, ui.About{})
		m.Machine = ui.Machine{Screen: "scr-1", Version: "1.4.0"}
		return m
	}},
	{"network", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.More{}, ui.About{}, ui.Network{})
		m.Net = s.net()
		return m
	}},
	{"network-fine", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.More{}, ui.About{}, ui.Network{})
		m.Net = s.net()
		for i := range m.Net.Found {
			m.Net.Found[i] = ui.Fine
		}
		m.Net.Detail = [ui.Needs]string{"eth0 · 1000 Mbit/s", "192.168.1.41", "hub.example", "192.168.1.2:8443", ""}
		return m
	}},
	{"pairing-no-network", func(s *Stage, size image.Point) ui.Model {
		m := s.unpaired(size, ui.HubAway)
		m.Net = s.net()
		return m
	}},
	{"person", func(s *Stage, size image.Point) ui.Model {
		return s.at(size, ui.More{}, ui.People{}, ui.Someone{Who: s.busy()})
	}},
	{"code", func(s *Stage, size image.Point) ui.Model {
		return s.at(size, ui.Code{Who: s.busy(), N: 2})
	}},
	{"code-wrong", func(s *Stage, size image.Point) ui.Model {
		return s.at(size, ui.Code{Who: s.busy(), Wrong: true})
	}},
	{"code-locked", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Code{Who: s.busy()})
		m.Locks = []ui.Lock{{Who: s.busy(), Wrong: 5, Until: s.now.Add(4 * time.Minute)}}
		return m
	}},
	{"own", func(s *Stage, size image.Point) ui.Model { return s.known(size, ui.Own{Who: s.busy()}) }},
	{"own-private", func(s *Stage, size image.Point) ui.Model {
		who := s.frank()
		m := s.at(size, ui.Own{Who: who})
		m.Self = who
		return m
	}},
	{"own-choices", func(s *Stage, size image.Point) ui.Model {
		return s.known(size, ui.Own{Who: s.busy(), Choices: true})
	}},
	{"own-ask", func(s *Stage, size image.Point) ui.Model {
		m := s.known(size, ui.Own{Who: s.busy(), Choices: true})
		m.Over = ui.AskTakeBack{Who: s.busy(), What: board.ChoicePhoto, Since: s.now.UnixMilli()}
		return m
	}},
	{"own-request", func(s *Stage, size image.Point) ui.Model { return s.choosing(size, nil) }},
	{"own-request-ask", func(s *Stage, size image.Point) ui.Model {
		m := s.choosing(size, nil)
		m.Over = ui.Asking{Who: s.busy(), By: board.RightAccess, Since: s.now.UnixMilli()}
		return m
	}},
	{"own-request-noted", func(s *Stage, size image.Point) ui.Model {
		m := s.choosing(size, &board.Request{Asked: s.now, Due: s.now.AddDate(0, 0, 30), Pending: true})
		m.Over = ui.Asked{Who: s.busy(), By: board.RightAccess, Since: s.now.UnixMilli()}
		return m
	}},
	{"own-request-offline", func(s *Stage, size image.Point) ui.Model {
		m := s.choosing(size, &board.Request{Asked: s.now, Due: s.now.AddDate(0, 0, 30), Pending: true})
		m.Link.Live = false
		m.Over = ui.Asked{Who: s.busy(), By: board.RightAccess, Since: s.now.UnixMilli()}
		return m
	}},
	{"own-request-open", func(s *Stage, size image.Point) ui.Model {
		return s.choosing(size, &board.Request{Asked: s.now.AddDate(0, 0, -3), Due: s.now.AddDate(0, 0, 27)})
	}},
	{"own-request-answered", func(s *Stage, size image.Point) ui.Model {
		return s.choosing(size, &board.Request{Asked: s.now.AddDate(0, 0, -9), Due: s.now.AddDate(0, 0, 21), Answered: s.now.AddDate(0, 0, -2)})
	}},
	{"own-gone", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Over = ui.Vanished{Since: s.now.UnixMilli()}
		return m
	}},
	{"known-home", func(s *Stage, size image.Point) ui.Model { return s.known(size) }},
	{"known-activities", func(s *Stage, size image.Point) ui.Model { return s.known(size, ui.Activities{}) }},
	{"idle-dialog", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Activity{On: s.open()})
		m.Over, m.Last = ui.Offline{Since: s.now.UnixMilli()}, s.now.Add(-65*time.Second)
		return m
	}},
	{"offline-home", func(s *Stage, size image.Point) ui.Model { return s.offline(size) }},
	{"offline", func(s *Stage, size image.Point) ui.Model {
		m := s.offline(size)
		m.Over = ui.Offline{Since: s.now.UnixMilli()}
		return m
	}},
	{"offline-day", (*Stage).stale},
	{"masked", func(s *Stage, size image.Point) ui.Model { return s.masked(size) }},
	{"masked-people", func(s *Stage, size image.Point) ui.Model {
		m := s.masked(size)
		m.Stack = append(m.Stack, ui.People{})
		return m
	}},
	{"waiting", (*Stage).waiting},
	{"pairing", func(s *Stage, size image.Point) ui.Model {
		m := s.unpaired(size, ui.NoObstacle)
		m.Pairing.Code, m.Pairing.From = "7KX94P", s.now.Add(-3*time.Minute)
		m.Pairing.Until = m.Pairing.From.Add(10 * time.Minute)
		return m
	}},
	{"pairing-away", func(s *Stage, size image.Point) ui.Model { return s.unpaired(size, ui.HubAway) }},
	{"paused", func(s *Stage, size image.Point) ui.Model {
		m := ui.New(ui.Panel{Size: size}, s.Lang, s.now)
		m.Theme, m.Paused, m.Sound.Voice = s.Theme, true, true
		return m
	}},
	{"idle", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size, ui.Meals{})
		m.Last = s.now.Add(-65 * time.Second)
		return m
	}},
	{"reading", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Reading = ui.Reading{On: true, At: 1}
		return m
	}},
	{"evening", func(s *Stage, size image.Point) ui.Model {
		return s.hours(20, 12).byHour().at(size)
	}},
	{"beacon", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Beacon = ui.Beacon{Number: 47, Place: "Gangen ved hoveddøren", Name: "tavle-9c41", Until: s.now.Add(30 * time.Second)}
		return m
	}},
	{"night", func(s *Stage, size image.Point) ui.Model {
		m := s.hours(26, 14).byHour().at(size)
		m.Rest = ui.Asleep
		return m
	}},
	{"dark", func(s *Stage, size image.Point) ui.Model {
		m := s.hours(26, 14).at(size)
		m.Rest = ui.Dark
		return m
	}},
	{"failed", func(s *Stage, size image.Point) ui.Model {
		m := s.at(size)
		m.Over = ui.Failed{Since: s.now.UnixMilli()}
		return m
	}},
}

func (s *Stage) board(edit func(*board.Input)) *board.Board {
	in := board.Input{Facts: s.facts, Now: s.now, Fresh: true, Contact: s.now}
	if edit != nil {
		edit(&in)
	}
	return board.Project(in)
}

// at returns the wall on a page, home below it.
func (s *Stage) at(size image.Point, places ...ui.Place) ui.Model {
	m := ui.New(ui.Panel{Size: size}, s.Lang, s.now)
	m.Theme, m.Link, m.Sound.Voice, m.Sound.Films = s.Theme, ui.Link{Live: true}, true, true
	m, _ = ui.Update(m, ui.BoardChanged{Board: s.board(nil)})
	m.Stack = append(m.Stack, places...)
	return m
}

// hours returns the stage at a time of its day, or of the next from 24 on.
func (s *Stage) hours(h, m int) *Stage {
	other := *s
	other.now = time.Date(s.now.Year(), s.now.Month(), s.now.Day(), h, m, 0, 0, s.now.Location())
	return &other
}

// byHour returns the stage in the colours of its hour, where the day's were not
// left for others.
func (s *Stage) byHour() *Stage {
	if s.Theme != &look.Day {
		return s
	}
	other := *s
	other.Theme = nil
	return &other
}

// known returns the wall on a page while it knows who stands there.
func (s *Stage) known(size image.Point, places ...ui.Place) ui.Model {
	m := s.at(size, places...)
	m.Self = s.busy()
	return m
}

// choosing returns the end of the choices of somebody who asked for something, or did
// not.
func (s *Stage) choosing(size image.Point, asked *board.Request) ui.Model {
	m := s.known(size, ui.Own{Who: s.busy(), Choices: true, Page: 99})
	if asked == nil {
		return m
	}
	asked.Right = board.RightAccess
	b := *m.Board
	b.People = slices.Clone(b.People)
	for i := range b.People {
		if b.People[i].ID == s.busy() {
			b.People[i].Requests = []board.Request{*asked}
		}
	}
	m.Board = &b
	return m
}

// net is a network that gives no address.
func (s *Stage) net() ui.Net {
	n := ui.Net{MAC: "DC:A6:32:4F:9B:1E", Next: s.now.Add(12 * time.Second)}
	n.Found[ui.NeedLink], n.Detail[ui.NeedLink] = ui.Fine, "eth0 · 1000 Mbit/s"
	n.Found[ui.NeedAddress] = ui.Fails
	return n
}

// busy returns somebody who takes part in something.
func (s *Stage) busy() board.PersonID {
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
func (s *Stage) offline(size image.Point) ui.Model {
	m := s.at(size)
	since := s.now.Add(-72 * time.Minute)
	m.Link = ui.Link{DownSince: since}
	m.Board = s.board(func(in *board.Input) {
		in.Contact = since
		in.Done = []board.Done{{On: s.open(), Who: s.free()}}
	})
	return m
}

// stale returns home when the hub has been away for a day.
func (s *Stage) stale(size image.Point) ui.Model {
	m := s.at(size)
	since := s.now.Add(-25 * time.Hour)
	m.Link = ui.Link{DownSince: since}
	m.Board = s.board(func(in *board.Input) { in.Contact = since })
	return m
}

// waiting returns a wall that has heard nothing of its house yet.
func (s *Stage) waiting(size image.Point) ui.Model {
	m := ui.New(ui.Panel{Size: size}, s.Lang, s.now)
	m.Theme, m.Link, m.Sound.Voice = s.Theme, ui.Link{DownSince: s.now}, true
	return m
}

// masked returns home after the lease ran out.
func (s *Stage) masked(size image.Point) ui.Model {
	m := s.at(size)
	since := s.now.Add(-73 * time.Hour)
	m.Link = ui.Link{DownSince: since}
	m.Board = s.board(func(in *board.Input) { in.Fresh, in.Contact = false, since })
	return m
}

// unpaired returns a screen that belongs to no hub yet, for a reason.
func (s *Stage) unpaired(size image.Point, why ui.Obstacle) ui.Model {
	m := ui.New(ui.Panel{Size: size}, s.Lang, s.now)
	m.Theme = s.Theme
	m.Pairing = &ui.Pairing{
		Obstacle: why, Link: "https://hub.example:8443/pair#c2NhbiBtZSBvciBub3Q.9C41E07B", Hub: "hub.example:8443",
		Screen: "tavle-9c41", Key: "9C41 E07B", Address: "192.168.1.41", Version: "1.4.0",
	}
	return m
}

// open returns the next activity one can join, or the first there is.
func (s *Stage) open() board.Ref {
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

// supper returns the next meal with a choice of dishes that one can join.
func (s *Stage) supper() board.Ref {
	for _, m := range s.board(nil).Meals {
		if m.Alternative != nil && m.Door(s.now) == board.Open {
			return m.Ref
		}
	}
	return board.Ref{}
}

// hungry returns somebody who eats it, or does not.
func (s *Stage) hungry(eats bool) board.PersonID {
	b := s.board(nil)
	crowd, _ := b.Crowd(s.supper())
	for _, p := range b.People {
		if _, _, in := crowd.Has(p.ID); in == eats && p.SignUp {
			return p.ID
		}
	}
	return ""
}

// frank returns somebody whose private things may be on a wall.
func (s *Stage) frank() board.PersonID {
	for _, p := range s.board(nil).People {
		if p.SignUp && slices.Contains(p.Open, board.ChoicePrivate) {
			return p.ID
		}
	}
	return s.busy()
}

// plated returns the wall when somebody has just chosen the other dish.
func (s *Stage) plated(m ui.Model, who board.PersonID, again bool) ui.Model {
	on := s.supper()
	m.Board = s.board(func(in *board.Input) { in.Done = []board.Done{{On: on, Who: who, Plate: board.PlateAlternative}} })
	m.Over = ui.Confirm{On: on, Who: who, Since: s.now.Add(-4 * time.Second).UnixMilli(), Plate: board.PlateAlternative, Again: again}
	return m
}

// cake is what somebody proposes.
var cake = board.Said{Text: "Vi bager en kage", Lang: record.Danish, Picto: "shortcake"}

// coming returns the next meeting, past the one before.
func (s *Stage) coming() board.Ref {
	for _, m := range s.board(nil).Meetings {
		if m.Door(s.now) == board.Open {
			return m.Ref
		}
	}
	return board.Ref{}
}

func (s *Stage) past() board.Ref {
	for _, m := range s.board(nil).Meetings {
		if m.Door(s.now) == board.Over {
			return m.Ref
		}
	}
	return board.Ref{}
}

// group returns the first group.
func (s *Stage) group() board.Ref {
	for _, g := range s.board(nil).Groups {
		return g.Ref
	}
	return board.Ref{}
}

// thing returns the first thing that people book in slots.
func (s *Stage) thing() board.Ref {
	for _, r := range s.board(nil).Resources {
		if r.SignUp && len(r.Slots(s.now)) < 10 {
			return r.Ref
		}
	}
	return board.Ref{}
}

// slot returns the first time of the day that is free.
func (s *Stage) slot() board.Ref {
	r, _ := s.board(nil).Resource(s.thing())
	for _, x := range r.Slots(s.now) {
		if x.Door(s.now) == board.Open {
			return x.Ref
		}
	}
	return board.Ref{}
}

// free returns somebody who is not on that list.
func (s *Stage) free() board.PersonID {
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
func (s *Stage) article(size image.Point, masked bool, at ui.Article) ui.Model {
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
func (s *Stage) album(size image.Point, b *board.Board) ui.Model {
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
func (s *Stage) film(size image.Point, at ui.Film) ui.Model {
	m := s.at(size, ui.Videos{})
	if list := m.Board.Videos; len(list) > 0 {
		at.ID, at.At = list[0].ID, min(at.At, list[0].Length)
		m.Stack, m.Film = append(m.Stack, ui.Video{ID: at.ID}), at
	}
	return m
}

// asked is a wall whose first question is otherwise.
func (s *Stage) asked(m ui.Model, otherwise ...func(*board.Poll)) ui.Model {
	if m.Board == nil || len(m.Board.Polls) == 0 {
		return m
	}
	b := *m.Board
	b.Polls = slices.Clone(b.Polls)
	p := &b.Polls[0]
	p.Options = slices.Clone(p.Options)
	for _, f := range otherwise {
		f(p)
	}
	m.Board = &b
	return m
}

// counted gives a question ten answers.
func counted(p *board.Poll) {
	for i, n := range []int{7, 2, 1} {
		if i < len(p.Options) {
			p.Options[i].N = n
			p.Counted += n
		}
	}
}

// over closes a question.
func over(p *board.Poll) { p.Until = p.From.Add(time.Second) }

// answered is a wall on which somebody has just answered the first question.
func (s *Stage) answered(m ui.Model) ui.Model {
	if len(m.Board.Polls) > 0 {
		p := m.Board.Polls[0]
		m.Given = []ui.Given{{On: p.Ref, Picto: p.Options[0].Picto, At: m.Now.Add(-time.Second)}}
	}
	return m
}
