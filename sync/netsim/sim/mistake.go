package sim

// A Mistake is something done wrong on purpose.
type Mistake string

// The mistakes. What each does wrong stands beside it; the checks find them all.
const (
	NoMistake Mistake = ""

	NoIdempotency     Mistake = "NoIdempotency"     // a mutation that comes again takes effect again
	DropOnSend        Mistake = "DropOnSend"        // a touch is forgotten when it was sent, not when it was answered
	NoPoll            Mistake = "NoPoll"            // a replica relies on being woken
	SnapMerge         Mistake = "SnapMerge"         // a snapshot is put over what was there
	NoLiveness        Mistake = "NoLiveness"        // nobody notices silence
	ResBeforeCommit   Mistake = "ResBeforeCommit"   // a result is sent before its transaction is committed
	RestoreKeepsEpoch Mistake = "RestoreKeepsEpoch" // a hub from a backup numbers on where that stood
	AckBeforeCommit   Mistake = "AckBeforeCommit"   // a screen confirms what is not on its disk yet
	ResForget         Mistake = "ResForget"         // the hub forgets a result when it was sent
	NoJournal         Mistake = "NoJournal"         // a screen forgets a touch when it is answered
	NoTombstone       Mistake = "NoTombstone"       // a delta does not say what was deleted
	CursorFromNotify  Mistake = "CursorFromNotify"  // a screen is taken to be where the wake-up says

	HideAfterCommit Mistake = "HideAfterCommit" // boards are made again in a second transaction
	NoErasureReplay Mistake = "NoErasureReplay" // a backup brings back who was erased
	LeaseIgnored    Mistake = "LeaseIgnored"    // a screen shows people for ever
	MaskLate        Mistake = "MaskLate"        // a screen masks ten minutes late
	PhotoKept       Mistake = "PhotoKept"       // a photo outlives the row that referred to it
	FloorIgnored    Mistake = "FloorIgnored"    // a delta reaches across forgotten deletions
	ResultsFirst    Mistake = "ResultsFirst"    // after a reconnect results come before the board
	EpochBlind      Mistake = "EpochBlind"      // revisions of two feeds are compared
	RackBeforeStore Mistake = "RackBeforeStore" // a result is confirmed before it is on disk
	DropOldest      Mistake = "DropOldest"      // a full outbox loses its oldest touch
	TwoInFlight     Mistake = "TwoInFlight"     // a second frame of the board is written before the first is taken
	AckForgotten    Mistake = "AckForgotten"    // what a hub lost of receipts is not said again
	RevokedServed   Mistake = "RevokedServed"   // a replica that did not revoke a screen goes on serving it
	BoardKept       Mistake = "BoardKept"       // a screen that was moved keeps what it had until the new board comes
	WishWaits       Mistake = "WishWaits"       // what somebody took back is shown until the hub has answered
	UnlimitedPlaces Mistake = "UnlimitedPlaces" // the limit of a list is read before its lock is held
)

// Mistakes returns every mistake there is.
func Mistakes() []Mistake {
	return []Mistake{
		NoIdempotency, DropOnSend, NoPoll, SnapMerge, NoLiveness, ResBeforeCommit, RestoreKeepsEpoch, AckBeforeCommit,
		ResForget, NoJournal, NoTombstone, CursorFromNotify, HideAfterCommit, NoErasureReplay, LeaseIgnored, MaskLate,
		PhotoKept, FloorIgnored, ResultsFirst, EpochBlind, RackBeforeStore, DropOldest, TwoInFlight, AckForgotten,
		RevokedServed, BoardKept, WishWaits, UnlimitedPlaces,
	}
}
