// Package sim is a seeded simulation of the whole channel: screens, the cables
// between, replicas of a hub and the database they share, in one goroutine and
// in virtual time. The same seed is the same run, event for event.
//
// What decides is the product's own: both ends of sync/session, every message
// through sync/wire, the rules of sync/hub and sync/hub/store in transactions
// ([hub.Rules]), the projection, player/lease for how long people are shown, and
// player/board for what is on the glass. What the simulation brings is what lies
// around them and can fail: the network (cable.go), the disk, the glass and the
// machine of a screen (device.go), the processes of a hub (replica.go) and its
// database (store.go).
//
// The invariants are in check.go. Each mistake of mistake.go can be switched on,
// in what the simulation brings and never in the product, to see that they find
// it.
package sim
