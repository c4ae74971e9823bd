package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// A pulse tells whoever started the program that it is up, and from then on that it
// lives. Systemd starts a program anew that has not said so for as long as its unit
// allows, and a machine whose systemd is stuck is started anew by its own watchdog.
type pulse struct {
	tell   func(state string)
	within time.Duration // it has to say so at least this often; 0: nobody waits for that
	log    *slog.Logger
}

// upFirst is how long a wall that is not up yet is asked at a time.
const upFirst = 5 * time.Second

// underSystemd returns the pulse that systemd wants, if it was that who started us.
func underSystemd(log *slog.Logger) pulse {
	within, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Warn("watchdog is not fed", "error", err)
	}
	tell := func(state string) {
		if _, err := daemon.SdNotify(false, state); err != nil {
			log.Warn("systemd was not told", "error", err)
		}
	}
	return pulse{tell, within, log}
}

// beat says that the wall is up when it first answers, and that it lives whenever it
// does, until ctx ends. Of one that does not answer it says nothing, so that it is
// started anew.
func (p pulse) beat(ctx context.Context, alive func(context.Context) bool) {
	up := false
	for {
		pause := upFirst
		if p.within > 0 {
			pause = p.within / 3
		}
		next := time.NewTimer(pause)
		asked, cancel := context.WithTimeout(ctx, pause)
		lives := alive(asked)
		cancel()
		switch {
		case ctx.Err() != nil:
		case !lives:
			p.log.WarnContext(ctx, "wall does not answer")
		case !up:
			up = true
			p.tell(daemon.SdNotifyReady)
		case p.within > 0:
			p.tell(daemon.SdNotifyWatchdog)
		}
		if up && p.within == 0 {
			next.Stop()
			return // nobody wants to know more
		}
		select {
		case <-next.C:
		case <-ctx.Done():
			next.Stop()
			return
		}
	}
}
