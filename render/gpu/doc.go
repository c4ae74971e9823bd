// Package gpu is the presenter on a GPU, by Ebitengine, which nothing else
// imports. The GPU blends the very masks and pictures that render/soft blends;
// the two differ by at most 3 in a channel (TestPaintersAgree).
//
// It needs an X display: a program that links this package and finds none says
// so in two lines and ends with status 69, before anything else, because
// Ebitengine would panic. So it has a program of its own, tavle-player-gpu; the
// build tag nogpu leaves the package empty. One process has one screen, and
// [Screen.Run] has to be called on main's goroutine.
//
// When nothing is presented and nothing is touched, nothing runs: the loop waits
// for events. That is in loop.go alone.
package gpu
