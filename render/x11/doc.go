// Package x11 is the presenter on an X display, in pure Go: the picture is
// painted on the CPU and only what changed is handed to the X server, through
// shared memory where the server is on this machine.
//
// It serves developers, end-to-end tests and walls that have X but no GPU. It
// needs no window manager and works with one. It has no timer: when nothing is
// presented and nothing happens on the panel, nothing runs.
//
// It hears the first finger only, as the mouse that X makes of it; multi-touch
// panels are read by player/touch.
package x11
