// Package cache is the local copy at rest: what the board says, its photos, and
// what residents touched that the hub has not answered yet. It is what a screen
// shows when the network, or the hub, or the power was away.
//
// It promises, in this order:
//
//  1. Nothing in its folder can be read without the device secret, names and
//     sizes of things included; and what the hub took back cannot be read with
//     it: people and photos from the moment it is stored, as their keys go
//     before the data ([Cache.Apply]); news, activities and lists an hour later
//     at most while the screen runs, else with the next start ([Cache.Renew]).
//  2. What [Cache.Enqueue] has accepted is kept until the hub has answered,
//     whatever becomes of the rest of the folder.
//  3. It opens. A file that is damaged, foreign or older than it should be is
//     set aside and the board fetched again; see [Open].
//
// The folder, and how often each file is written:
//
//	cache.db        bbolt: rows, position, fingerprint     each Apply; whole: each Renew for which there is reason
//	keyring         every key, replaced whole              an Apply that brings, changes or removes people or photos; each such Renew
//	mark            lease, clock floor, wrong picture      SetLease and SetClock (package player: every hour), an Apply that reduces what is shown,
//	                codes: two 4 KiB slots                 SetTries
//	outbox          touches and answers, append-only       each touch, each answer; rewritten when half of it is past
//	blobs/ab/…      one sealed photo each                  once
//	spare           zeros, given up for a keyring          once
//	lock            nothing                                never; held while open
//	cache.db.…      the next cache.db, while it is made    see renew.go
//	cache.db.aside  the last file that was refused, without its keys
//	outbox.aside…   outboxes that could not be opened; never deleted but by Wipe
//
// What is lost with what:
//
//	cache.db          board and photos, until the hub sends them again
//	keyring           the same, and lease and clock: nobody is shown until the hub
//	                  renews the lease
//	outbox            what was touched and not answered; the hub notices missing
//	                  numbers, and the session starts them afresh
//	device secret     all of it; the outbox is kept, and read when the secret
//	                  comes back
//	the whole card    all of it
//
// It does not decide who may be shown (sync/policy), whether the lease still
// holds (player), or what is fetched when (sync/client). It starts no goroutine.
package cache
