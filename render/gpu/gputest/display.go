//go:build !nogpu

package gputest

/*
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void give_up(const char *why) {
	fprintf(stderr, "%s\n", why);
	_exit(1);
}

// Before render/gpu's, which has 1000, looks for a display.
__attribute__((constructor(500))) static void give_display(int argc, char **argv) {
	if (getenv("TAVLE_TEST_DISPLAY") != NULL) // this is the second start, or a child
		return;
	int ready[2];
	if (pipe(ready) != 0)
		give_up("gputest: pipe");
	pid_t me = getpid(), server = fork();
	if (server < 0)
		give_up("gputest: fork");
	if (server == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM); // the server ends with the test
		if (getppid() != me)
			_exit(1);
		dup2(ready[1], 9);
		execlp("Xvfb", "Xvfb", "-displayfd", "9", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset", (char *)NULL);
		fprintf(stderr, "Xvfb is not installed; `make test` installs it, or: apt-get install -y xvfb libgl1-mesa-dri libgles2 libegl1\n");
		_exit(1);
	}
	close(ready[1]);
	char name[16] = ":";
	for (size_t n = 1; n < sizeof name - 1; n++) { // the server writes its number and a line end
		if (read(ready[0], name + n, 1) != 1)
			give_up("gputest: there is no display to test on");
		if (name[n] == '\n') {
			name[n] = 0;
			break;
		}
	}
	close(ready[0]);
	setenv("DISPLAY", name, 1);
	setenv("TAVLE_TEST_DISPLAY", name, 1);
	execv("/proc/self/exe", argv);
	give_up("gputest: start anew");
}
*/
import "C"
