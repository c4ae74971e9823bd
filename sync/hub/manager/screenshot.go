package manager

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"math"
	"slices"
	"sync"
	"time"

	"tavle/assets/lang"
	"tavle/player/board"
	"tavle/player/still"
	"tavle/player/ui"
	"tavle/sync/hub"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// What a screen shows is painted here by the code that paints it there: player/board
// decides, player/ui lays out, render/soft paints. Nothing of the preview is drawn by
// hand, so it cannot promise what the wall does not keep (docs/decisions/0041).
//
// A picture of a wall may show people, so it is at an address that says nothing, that
// only the session it was made for can read, and that is good for a short while. Each
// session has one; making the next forgets the one before.

var _ = add(page{Name: "shot", Routes: []route{
	{"GET /shots/{token}", account.People, (*visit).shot},
}})

const (
	shotLife = 2 * time.Minute
	maxShots = 64 // of as many sessions; about 1 MB each
)

// A shot is a painted screen.
type shot struct {
	session string
	token   string
	until   time.Time
	png     []byte
}

// An easel paints one screen at a time, whoever asks: on a small machine the hub has
// other things to do. Its fonts and drawings are there from the first picture on.
type easel struct {
	turn chan struct{} // holds one

	studio *still.Studio
	from   func(board.AssetID) ([]byte, error) // of what is being painted

	mu    sync.Mutex
	shots []shot          // the oldest first
	asked map[string]bool // sessions that wait for a picture
}

func newEasel() *easel { return &easel{turn: make(chan struct{}, 1), asked: map[string]bool{}} }

// paint returns the picture of a model.
func (e *easel) paint(ctx context.Context, m ui.Model, photos still.Photos) (img *image.RGBA, err error) {
	select {
	case e.turn <- struct{}{}:
		defer func() { <-e.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if e.studio == nil {
		if e.studio, err = still.New(func(id board.AssetID) ([]byte, error) { return e.from(id) }); err != nil {
			return nil, err
		}
	}
	e.from = photos
	defer func() { e.from = nil }()
	return e.studio.Paint(m), nil
}

// begin reports whether a session may have a picture made: one at a time.
func (e *easel) begin(session string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.asked[session] {
		return false
	}
	e.asked[session] = true
	return true
}

func (e *easel) end(session string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.asked, session)
}

// keep keeps a picture for its session and returns its token.
func (e *easel) keep(session string, png []byte, now time.Time) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.shots = slices.DeleteFunc(e.shots, func(s shot) bool { return s.session == session || !now.Before(s.until) })
	if len(e.shots) >= maxShots {
		e.shots = slices.Delete(e.shots, 0, 1)
	}
	s := shot{session, account.NewID(), now.Add(shotLife), png}
	e.shots = append(e.shots, s)
	return s.token
}

// take returns a picture to its session.
func (e *easel) take(session, token string, now time.Time) ([]byte, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.shots {
		if s.token == token && s.session == session && now.Before(s.until) {
			return s.png, true
		}
	}
	return nil, false
}

// session names the session of whoever asks, to itself.
func (v *visit) session() string { return string(v.who.Session.ID) }

// shot answers with a painted screen.
func (v *visit) shot() error {
	b, ok := v.easel.take(v.session(), v.r.PathValue("token"), v.opt.Now())
	if !ok {
		return store.ErrNotFound
	}
	v.w.Header().Set("Content-Type", "image/png")
	_, _ = v.w.Write(b)
	return nil
}

// A glance says which page of which screen is looked at, and when.
type glance struct {
	Screen house.ID
	Page   string     // of glancePages
	At     house.Wall // "": now
}

// pagesOf are the pages of a wall that can be looked at: home, and one of each module.
var pagesOf = map[record.Module]ui.Place{
	record.ModuleActivities: ui.Activities{}, record.ModuleMeals: ui.Meals{}, record.ModuleRoster: ui.Roster{}, record.ModulePeople: ui.People{},
	record.ModuleNews: ui.NewsList{}, record.ModuleGallery: ui.Gallery{}, record.ModuleDocuments: ui.Documents{}, record.ModuleVideos: ui.Videos{},
	record.ModuleWeather: ui.Weather{}, record.ModuleMeetings: ui.Meetings{}, record.ModuleBookings: ui.Bookings{}, record.ModuleGroups: ui.Groups{},
	record.ModulePresence: ui.Presence{}, record.ModulePolls: ui.Polls{},
}

// The pages that belong to no module.
const (
	pageHome = "home"
	pageWho  = "who" // who wants to join the next activity
)

// modelOf returns the wall of a preview on a page: as nobody has touched it, with the
// hub in reach.
func modelOf(p *hub.Preview, page string) ui.Model {
	m, b := restOf(p)
	switch place, ok := pagesOf[record.Module(page)]; {
	case page == pageWho:
		for _, a := range b.Activities {
			if a.Door(p.At) == board.Open {
				m.Stack = append(m.Stack, ui.Activity{On: a.Ref}, ui.Who{On: a.Ref})
				break
			}
		}
	case ok && b.Has(record.Module(page)):
		m.Stack = append(m.Stack, place)
	default: // nobody stands there: by night it rests
		m.Last = p.At.Add(-time.Hour)
		m, _ = ui.Update(m, ui.Tick{Now: p.At})
	}
	return m
}

// modelOfAlbum returns the wall of a preview on an album.
func modelOfAlbum(p *hub.Preview, id house.ID) ui.Model {
	m, b := restOf(p)
	m.Stack = append(m.Stack, ui.Gallery{})
	if a, ok := b.Album(board.AlbumID(p.Ref(record.KindAlbum, id).ID)); ok && len(a.Photos) > 0 {
		m.Stack = append(m.Stack, ui.Album{ID: a.ID, Photo: a.Photos[0].Asset})
	}
	return m
}

// restOf returns the wall of a preview that nobody has touched, and what is on it.
func restOf(p *hub.Preview) (ui.Model, *board.Board) {
	b := board.Project(board.Input{Facts: p.Facts, Now: p.At, Fresh: true, Contact: p.At})
	tag := lang.Tags[0]
	if i := slices.IndexFunc(b.Langs, func(l board.Lang) bool { return slices.Contains(lang.Tags, string(l)) }); i >= 0 {
		tag = string(b.Langs[i])
	}
	m := ui.New(panelOf(p.Screen), tag, p.At)
	m.Theme = nil // by the hour
	m.Link, m.Sound.Voice = ui.Link{Live: true}, true
	m, _ = ui.Update(m, ui.BoardChanged{Board: b})
	return m, b
}

// panelOf returns the panel of a screen, as the house's record says it hangs; which
// pixels it has only the screen knows, so they are the usual ones.
func panelOf(s house.Screen) ui.Panel {
	px := image.Pt(1920, 1080)
	if s.Orientation == "portrait" {
		px = image.Pt(1080, 1920)
	}
	p := ui.Panel{Size: px, Distance: s.Distance, Bottom: s.BottomEdge}
	if s.Diagonal > 0 {
		mm := float64(s.Diagonal) / math.Hypot(float64(px.X), float64(px.Y))
		p.MM = image.Pt(int(math.Round(mm*float64(px.X))), int(math.Round(mm*float64(px.Y))))
	}
	return p
}

// look paints what a screen shows and returns the token of the picture; "": this
// session has one being painted already.
func (v *visit) look(p *hub.Preview, page string) (token string, err error) {
	return v.lookIn(p, modelOf(p, page))
}

// lookIn paints a wall of a preview.
func (v *visit) lookIn(p *hub.Preview, m ui.Model) (token string, err error) {
	if !v.easel.begin(v.session()) {
		return "", nil
	}
	defer v.easel.end(v.session())
	img, err := v.easel.paint(v.ctx(), m, func(id board.AssetID) ([]byte, error) { return p.Picture(v.ctx(), id) })
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img); err != nil {
		return "", err
	}
	return v.easel.keep(v.session(), b.Bytes(), v.opt.Now()), nil
}
