// Package e2e drives the programs as people do: a hub and wall screens as
// processes, real displays, clicks from outside, and a power cut at any moment.
// It has no code of its own, only tests. `make test` installs what they need.
package e2e
