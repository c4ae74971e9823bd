// Package session holds both ends of the sync channel as state machines. They
// start no goroutine and read no clock, file, network or random source: time
// and chance are arguments, and everything to be done comes back as a list of
// actions.
//
// sync/client drives a [Device] over a real connection, sync/hub a [Hub]; tests
// drive both by the thousand over a bad cable. Whoever drives executes the actions
// in order. When one fails, the rest are dropped, the connection is closed and
// Lost is called; nothing is half done, because the other end repeats what was
// not confirmed.
package session
