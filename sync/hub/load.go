package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/project"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// A loader reads from the store what one board draws on.
type loader struct {
	v     store.View
	board store.Board
	src   project.Source
	on    project.Board
	zone  *time.Location
	from  house.Day // first day of the board's window
	until house.Day // last day of it
	staff map[house.ID]bool
}

// load reads the house, the departments board b has to do with, and their
// people. ok is false when the department is not there any more: then the board
// is empty.
func load(ctx context.Context, v store.View, b store.Board, now time.Time) (l *loader, ok bool, err error) {
	l = &loader{v: v, board: b, on: project.Board{Department: b.Department, Modules: b.Modules, Secret: b.Secret}, staff: map[house.ID]bool{}}
	if ok, err = l.house(ctx, now); err == nil && ok {
		err = l.people(ctx)
	}
	if err != nil {
		return nil, false, fmt.Errorf("board %s: %w", b.ID, err)
	}
	return l, ok, nil
}

func (l *loader) house(ctx context.Context, now time.Time) (ok bool, err error) {
	if l.src.Meta, err = store.Get[house.Meta](ctx, l.v, house.OnlyID); err != nil {
		return false, absent(err)
	}
	if l.src.Plan, err = store.Get[house.Plan](ctx, l.v, house.OnlyID); absent(err) != nil {
		return false, err
	}
	systems, err := store.All[house.System](ctx, l.v)
	if err != nil || len(systems) == 0 {
		return false, err
	}
	l.src.System = systems[0]
	if l.board.External {
		ext, err := store.Get[house.External](ctx, l.v, l.board.Department)
		if err != nil {
			return false, absent(err)
		}
		l.on.External = &ext
	}
	own, err := store.Get[house.Department](ctx, l.v, l.board.Department)
	if absent(err) != nil || err != nil && !l.board.External {
		return false, absent(err)
	}
	l.src.Departments = map[house.ID]house.Department{}
	if err == nil {
		l.src.Departments[own.ID] = own
	}
	l.zone = l.src.Meta.ZoneOf(own)
	l.from, l.until = project.Window(now, l.zone)
	return true, l.instructed(ctx, now)
}

// instructed takes away the modules that are not as instructed (R-DPA-01): nothing of
// them is read, so nothing is sent.
func (l *loader) instructed(ctx context.Context, now time.Time) error {
	all, err := store.All[house.Entry](ctx, l.v)
	if err != nil {
		return err
	}
	in, ok := house.InForce(all, house.DayOf(now.In(l.zone)))
	if !ok {
		return nil
	}
	l.board.Modules = slices.DeleteFunc(slices.Clone(l.board.Modules), func(m record.Module) bool { return !in.Instruction.Allows(m) })
	l.on.Modules = l.board.Modules
	return nil
}

// absent makes nothing of an error that says that something is not there.
func absent(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// people reads everybody of the department and of those it shares lists with:
// who could be on a list decides whether its numbers may be shown.
func (l *loader) people(ctx context.Context) error {
	sharing, err := l.v.Sharing(ctx, l.board.Department, l.from)
	if err != nil {
		return err
	}
	if l.src.Requests, err = store.On[house.Request](ctx, l.v, l.board.Department, "", ""); err != nil {
		return err
	}
	for _, dept := range append([]house.ID{l.board.Department}, sharing...) {
		if _, ok := l.src.Departments[dept]; !ok {
			d, err := store.Get[house.Department](ctx, l.v, dept)
			if errors.Is(err, store.ErrNotFound) {
				continue // another system
			} else if err != nil {
				return err
			}
			l.src.Departments[dept] = d
		}
		if err := l.peopleOf(ctx, dept); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) peopleOf(ctx context.Context, dept house.ID) error {
	residents, err := store.On[house.Resident](ctx, l.v, dept, "", "")
	if err != nil {
		return err
	}
	former, err := store.On[house.Former](ctx, l.v, dept, "", "")
	if err != nil {
		return err
	}
	staff, err := store.On[house.Staff](ctx, l.v, dept, "", "")
	if err != nil {
		return err
	}
	l.src.Residents = append(l.src.Residents, residents...)
	l.src.Former = append(l.src.Former, former...)
	for _, s := range staff { // some work in several departments
		if !l.staff[s.ID] {
			l.staff[s.ID] = true
			l.src.Staff = append(l.src.Staff, s)
		}
	}
	return nil
}

// content reads everything the board's modules show.
func (l *loader) content(ctx context.Context) (err error) {
	dept, has := l.board.Department, func(m record.Module) bool { return slices.Contains(l.board.Modules, m) }
	if has(record.ModuleActivities) || has(record.ModuleMeals) {
		places, err := l.v.PlacesOn(ctx, dept, l.from, l.until)
		if err != nil {
			return err
		}
		if l.src.Activities, err = store.On[house.Activity](ctx, l.v, dept, l.from, l.until); err != nil {
			return err
		}
		if l.src.Meals, err = store.On[house.Meal](ctx, l.v, dept, l.from, l.until); err != nil {
			return err
		}
		for i := range l.src.Activities {
			fill(&l.src.Activities[i], places)
		}
		for i := range l.src.Meals {
			fill(&l.src.Meals[i], places)
		}
	}
	if has(record.ModuleRoster) {
		if l.src.Shifts, err = store.On[house.Shift](ctx, l.v, dept, l.from, l.until); err != nil {
			return err
		}
	}
	if has(record.ModuleNews) {
		if l.src.News, err = store.On[house.News](ctx, l.v, dept, l.from, l.until); err != nil {
			return err
		}
	}
	if err := l.together(ctx); err != nil {
		return err
	}
	if has(record.ModuleGallery) {
		if l.src.Albums, err = store.On[house.Album](ctx, l.v, dept, "", ""); err != nil {
			return err
		}
	}
	if has(record.ModuleDocuments) {
		if l.src.Documents, err = store.On[house.Document](ctx, l.v, dept, "", ""); err != nil {
			return err
		}
	}
	if has(record.ModuleVideos) {
		if l.src.Videos, err = store.On[house.Video](ctx, l.v, dept, "", ""); err != nil {
			return err
		}
	}
	if has(record.ModuleWeather) {
		if l.src.Weather, err = store.On[house.Weather](ctx, l.v, dept, "", ""); err != nil {
			return err
		}
	}
	if has(record.ModulePresence) {
		if l.src.Presence, err = store.On[house.Presence](ctx, l.v, dept, "", ""); err != nil {
			return err
		}
	}
	if has(record.ModulePolls) {
		if err := l.polls(ctx); err != nil {
			return err
		}
	}
	return l.pictures(ctx, l.portraits()...)
}

// polls reads the questions and how often each answer was given.
func (l *loader) polls(ctx context.Context) (err error) {
	l.src.Polls, err = store.On[house.Poll](ctx, l.v, l.board.Department, l.from.Add(-project.PollDays), l.until)
	l.src.Tallies = map[house.ID]house.Tally{}
	for i := range l.src.Polls {
		if id := l.src.Polls[i].ID; err == nil {
			l.src.Tallies[id], err = l.v.Tally(ctx, id)
		}
	}
	return err
}

// together reads meetings, what can be booked and who has it, and groups.
func (l *loader) together(ctx context.Context) (err error) {
	dept, has := l.board.Department, func(m record.Module) bool { return slices.Contains(l.board.Modules, m) }
	if has(record.ModuleMeetings) {
		if l.src.Meetings, err = store.On[house.Meeting](ctx, l.v, dept, l.from, l.until); err != nil {
			return err
		}
	}
	if has(record.ModuleGroups) {
		if l.src.Groups, err = store.On[house.Group](ctx, l.v, dept, "", ""); err != nil {
			return err
		}
	}
	if !has(record.ModuleBookings) {
		return nil
	}
	if l.src.Resources, err = store.On[house.Resource](ctx, l.v, dept, "", ""); err != nil {
		return err
	}
	var owners []house.ID
	for i := range l.src.Resources {
		if owner := l.src.Resources[i].Department; !slices.Contains(owners, owner) {
			owners = append(owners, owner)
			booked, err := store.On[house.Booking](ctx, l.v, owner, l.from, l.until)
			if err != nil {
				return err
			}
			l.src.Bookings = append(l.src.Bookings, booked...)
		}
	}
	return nil
}

// list reads one list and no other content.
func (l *loader) list(ctx context.Context, at house.List) error {
	r, err := l.v.Get(ctx, at.Kind, at.ID)
	if err != nil {
		return absent(err)
	}
	places, err := l.v.Places(ctx, at)
	if err != nil {
		return err
	}
	switch r := r.(type) {
	case *house.Activity:
		fill(r, map[house.List][]store.Place{at: places})
		l.src.Activities = []house.Activity{*r}
	case *house.Meal:
		fill(r, map[house.List][]store.Place{at: places})
		l.src.Meals = []house.Meal{*r}
	}
	return l.pictures(ctx)
}

// fill gives a record its list.
func fill(r house.Lister, lists map[house.List][]store.Place) {
	kept := lists[house.List{Kind: house.KindOf(r), ID: house.KeyOf(r)}]
	places := make([]house.Place, len(kept))
	for i, p := range kept {
		places[i] = p.Place
	}
	r.SetPlaces(places)
}

// portraits returns the names of the pictures of everybody.
func (l *loader) portraits() (names []house.Picture) {
	for i := range l.src.Residents {
		names = append(names, l.src.Residents[i].Photo)
	}
	for i := range l.src.Staff {
		names = append(names, l.src.Staff[i].Photo)
	}
	return names
}

// pictures looks up what these pictures, and those of the content, look like.
func (l *loader) pictures(ctx context.Context, names ...house.Picture) (err error) {
	for i := range l.src.Activities {
		names = append(names, house.PicturesOf(&l.src.Activities[i])...)
	}
	for i := range l.src.Meals {
		names = append(names, house.PicturesOf(&l.src.Meals[i])...)
	}
	for i := range l.src.News {
		names = append(names, house.PicturesOf(&l.src.News[i])...)
	}
	for i := range l.src.Albums {
		names = append(names, house.PicturesOf(&l.src.Albums[i])...)
	}
	for i := range l.src.Videos {
		names = append(names, house.PicturesOf(&l.src.Videos[i])...)
	}
	names = slices.DeleteFunc(names, func(p house.Picture) bool { return p == "" })
	l.src.Pictures, err = l.v.Pictures(ctx, names)
	return err
}
