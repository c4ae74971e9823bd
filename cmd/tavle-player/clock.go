package main

import "golang.org/x/sys/unix"

// timeSet reports whether the kernel says that something (NTP) keeps its clock.
func timeSet() bool {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return err == nil && state != unix.TIME_ERROR && t.Status&unix.STA_UNSYNC == 0
}
