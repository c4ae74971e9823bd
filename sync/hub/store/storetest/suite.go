// Package storetest is the suite that every store of a hub passes. It knows the
// contract of sync/hub/store and nothing of any database.
package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// An Open opens the store kept under dir, which outlives it.
type Open func(t testing.TB, dir string) store.Store

// Run runs the whole suite.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*testing.T, Open){
		"a record is what was put":                           recordIsWhatWasPut,
		"a record that is wrong is refused":                  recordThatIsWrongIsRefused,
		"records are found by what they say":                 recordsAreFoundByWhatTheySay,
		"records are found by department and day":            recordsByDepartmentAndDay,
		"lists are found by department and day":              listsByDepartmentAndDay,
		"departments share lists":                            departmentsShareLists,
		"no system reaches another":                          noSystemReachesAnother,
		"a failed update leaves nothing":                     failedUpdateLeavesNothing,
		"everything survives reopening":                      everythingSurvivesReopening,
		"joining again changes the dish":                     joiningAgainChangesTheDish,
		"no more people than places":                         noMorePeopleThanPlaces,
		"the waiting list moves up in order, once":           waitingListMovesUpOnce,
		"joining twice changes nothing":                      joiningTwiceChangesNothing,
		"whom a rule signed up opts out":                     ruledOnesOptOut,
		"a mutation happens once":                            mutationHappensOnce,
		"a missing mutation stops what follows":              missingMutationStops,
		"results stay until they are released":               resultsStayUntilReleased,
		"revisions have no gaps":                             revisionsHaveNoGaps,
		"a board has what was written":                       boardHasWhatWasWritten,
		"deleted rows are told until they are purged":        deletedRowsAreToldUntilPurged,
		"boards without a screen are dropped":                boardsWithoutScreenAreDropped,
		"a picture is shown while a row refers to it":        pictureShownWhileReferred,
		"pictures without a record are dropped":              picturesWithoutRecordAreDropped,
		"devices are remembered":                             devicesAreRemembered,
		"wipes are remembered":                               wipesAreRemembered,
		"a screen may hold the longest lease it was offered": termsAreThoseAScreenMayHold,
		"what another glass said does not count":             whatAnotherGlassSaidDoesNotCount,
		"who comes is known at one moment":                   whoComesIsKnown,
		"pairings go on from where they are":                 pairingsGoOn,
		"wrong codes lock a pairing":                         wrongCodesLock,
		"a screen is found by its key":                       deviceIsFoundByKey,
		"accounts are remembered":                            accountsAreRemembered,
		"a session ends":                                     sessionsEnd,
		"everything done is in the audit":                    everythingDoneIsInTheAudit,
		"what staff read is in the audit":                    whatStaffReadIsInTheAudit,
		"no method works without an actor":                   noMethodWorksWithoutAnActor,
		"every method leaves a line of staff":                everyMethodLeavesALine,
		"the audit is a chain":                               auditIsAChain,
		"many write one chain":                               manyWriteOneChain,
		"a pseudonym does not break the chain":               pseudonymDoesNotBreakTheChain,
		"the ledger of erasures is kept":                     ledgerIsKept,
		"withdrawals are kept":                               withdrawalsAreKept,
		"answers are counted by the hub alone":               answersAreCounted,
		"a secret is made once":                              secretIsMadeOnce,
		"a reader sees one moment":                           readerSeesOneMoment,
		"a board begins a new epoch":                         boardBeginsANewEpoch,
		"a dump is everything":                               dumpIsEverything,
		"a load that fails leaves everything":                failedLoadLeavesEverything,
		"a dump is of one moment":                            dumpIsOfOneMoment,
		"a scrub keeps what is there":                        scrubKeepsWhatIsThere,
		"many touch at once and nothing is lost or doubled":  manyTouchAtOnce,

		"two stores give out each place once":            twoStoresGiveOutEachPlaceOnce,
		"two stores commit revisions in order":           twoStoresCommitRevisionsInOrder,
		"locks keep writers apart":                       locksKeepWritersApart,
		"locks are taken once and first":                 locksAreTakenOnceAndFirst,
		"the audit keeps every line":                     auditKeepsEveryLine,
		"a mutation over two connections happens once":   mutationOverTwoConnectionsHappensOnce,
		"confirmations never go back":                    confirmationsNeverGoBack,
		"an update runs again when things have changed":  updateRunsAgain,
		"an update that nobody waits for leaves nothing": cancelledUpdateLeavesNothing,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}

// fresh opens an empty store with one department and closes it at the end.
func fresh(t *testing.T, open Open) store.Store {
	s := open(t, t.TempDir())
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	update(t, s, func(tx store.Tx) error {
		return tx.Put(t.Context(), &house.Department{ID: "dep-1", Name: record.Text{"da": "Et"}})
	})
	return s
}

var now = time.Date(2026, 12, 3, 10, 24, 0, 0, time.UTC)

// staff, hub and other are who acts in these tests.
var (
	hub   = store.Actor{Org: "sys", Kind: store.ByHub, At: now}
	staff = store.Actor{Org: "sys", Kind: store.ByStaff, ID: "s01", At: now}
	other = store.Actor{Org: "elsewhere", Kind: store.ByStaff, ID: "x01", At: now}
	bare  = store.Actor{Kind: store.ByHub, At: now}
)

func update(t *testing.T, s store.Store, f func(store.Tx) error) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), hub, f))
}

func view(t *testing.T, s store.Store, f func(store.View) error) {
	t.Helper()
	require.NoError(t, s.View(t.Context(), hub, f))
}

func activity(id house.ID, day house.Day, shared ...house.ID) *house.Activity {
	return &house.Activity{
		ID: id, Department: "dep-1", Title: record.Text{"da": "Noget"}, SharedWith: shared,
		Starts: house.Wall(string(day) + "T10:00"), Ends: house.Wall(string(day) + "T11:00"),
	}
}

func resident(id house.ID) *house.Resident {
	return &house.Resident{
		ID: id, Department: "dep-1", FirstName: record.NameOf("Anna"), Photo: house.Picture("asset:portrait/" + string(id)),
		Acceptance: house.Acceptance{State: house.NotAsked}, Choices: house.Choices{NameMode: "first_name"},
	}
}

func person(i int) house.ID { return house.ID(fmt.Sprintf("r%02d", i)) }

func at(id house.ID) store.Place {
	return store.Place{Place: house.Place{SignUp: house.SignUp{Person: id, Via: "wall"}}, Device: "scr-1", At: now}
}
