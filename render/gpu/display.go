//go:build !nogpu

package gpu

/*
#cgo LDFLAGS: -lX11

#define _GNU_SOURCE // program_invocation_short_name
#include <X11/Xlib.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// Runs before Go does, and so before Ebitengine opens the display and panics
// when it cannot. 69 is EX_UNAVAILABLE of sysexits.h.
__attribute__((constructor(1000))) static void need_display(void) {
	Display *d = XOpenDisplay(NULL);
	if (d != NULL) {
		XCloseDisplay(d);
		return;
	}
	const char *name = getenv("DISPLAY");
	if (name == NULL || *name == 0) {
		fprintf(stderr, "%s needs an X display, and the environment names none (DISPLAY is empty).\n", program_invocation_short_name);
	} else {
		fprintf(stderr, "%s needs an X display, and %s cannot be opened.\n", program_invocation_short_name, name);
	}
	fprintf(stderr, "Start it inside an X session, or use tavle-player, which does without.\n");
	_exit(69);
}
*/
import "C"
