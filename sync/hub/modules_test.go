package hub

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/record"
)

// kindsOf are the rows that belong to a module alone. Those of a house and of whoever is
// named go with any; a module that is not here has rows that others have, too.
var kindsOf = map[record.Module][]record.Kind{
	record.ModuleActivities: {record.KindActivity},
	record.ModuleMeals:      {record.KindMeal},
	record.ModuleRoster:     {record.KindShift},
	record.ModuleNews:       {record.KindNews},
	record.ModuleMeetings:   {record.KindMeeting, record.KindProposal},
	record.ModuleBookings:   {record.KindResource, record.KindBooking},
	record.ModuleGroups:     {record.KindGroup},
	record.ModuleGallery:    {record.KindAlbum},
	record.ModuleDocuments:  {record.KindDocument},
	record.ModuleVideos:     {record.KindVideo},
	record.ModuleWeather:    {record.KindWeather},
	record.ModulePresence:   {record.KindPresence},
	record.ModulePolls:      {record.KindPoll},
	record.ModulePeople:     nil,
}

// R-IBG-33: of the modules that staff chose for a screen it is sent the rows, in their
// order, and of the others nothing, down to the bytes; another screen of the same
// department goes on with its own. Staff who take a module off have what was sent of it
// taken back.
func TestScreenIsSentItsModulesOnly(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		choose := func(modules ...record.Module) {
			w.change(func(ctx context.Context, e *Edit) error {
				return Alter(ctx, e, "scr-1", func(s *house.Screen) { s.Modules = modules })
			})
		}
		for m, own := range kindsOf {
			choose(m)
			s := w.live("scr-1")
			require.Equal(t, []record.Module{m}, s.facts().House.Modules)
			for k := range s.state.rows {
				require.True(t, k.Kind == record.KindHouse || k.Kind == record.KindPerson || slices.Contains(own, k.Kind), "%s: a row of kind %s", m, k.Kind)
			}
			s.leave()
		}
		choose(record.ModuleNews, record.ModuleMeals)
		other := w.live("scr-2")
		s := w.live("scr-1")
		require.Equal(t, []record.Module{record.ModuleNews, record.ModuleMeals}, s.facts().House.Modules)
		require.NotEmpty(t, s.facts().Meals)
		require.NotContains(t, s.all(), "Banko")
		require.Contains(t, other.all(), "Banko")

		choose(record.ModuleNews)
		s.leave()
		s = w.live("scr-1")
		require.Empty(t, s.facts().Meals)
		require.NotEmpty(t, other.facts().Meals)
		s.leave()
		other.leave()
	})
}
