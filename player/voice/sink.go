package voice

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// A Sink plays sound. Play returns when the clip has been played, or at once when
// ctx ends; what had not been heard by then is not heard any more. One clip is
// played at a time.
type Sink interface {
	Play(ctx context.Context, c Clip) error
	// Roll plays a tape in the same way.
	Roll(ctx context.Context, t Tape) error
}

// A Player is a sink that is a command, started for every clip, with the WAV on its
// standard input.
type Player []string

// DefaultPlayer plays on the machine's own sound card.
var DefaultPlayer = Player{"aplay", "-q", "-"}

// Play implements [Sink].
func (p Player) Play(ctx context.Context, c Clip) error {
	// A player that hangs is not to keep the next clip waiting for ever.
	timed, cancel := context.WithTimeout(ctx, c.Length()*2+playSlack)
	defer cancel()
	cmd := command(timed, p)
	cmd.Stdin = bytes.NewReader(c.WAV())
	return played(ctx, cmd.Run())
}

// played is what became of a player that was told to play.
func played(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return fmt.Errorf("player of sounds: %w", err)
}

// Roll implements [Sink]. The player gets the WAV as it is made, through a pipe that
// holds little, so that what it has taken is soon heard.
func (p Player) Roll(ctx context.Context, t Tape) error {
	length := time.Duration(t.Left()) * time.Second / time.Duration(t.Rate)
	timed, cancel := context.WithTimeout(ctx, length*2+playSlack)
	defer cancel()
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("player of sounds: %w", err)
	}
	defer func() { _ = w.Close() }() //nolint:errcheck // it has been given what there was
	narrow(w)
	cmd := command(timed, p)
	cmd.Stdin = r
	err = cmd.Start()
	_ = r.Close() // the player has its own
	if err != nil {
		return played(ctx, err)
	}
	head := wavHead(nil, t.Rate, t.Left())
	err = t.roll(timed, func(samples []int16) error {
		b := head
		head = nil
		for _, s := range samples {
			b = binary.LittleEndian.AppendUint16(b, uint16(s))
		}
		_, err := w.Write(b)
		return err
	})
	_ = w.Close()
	return played(ctx, ended(err, cmd))
}

// ended waits for a player that has been given all there is. Its own reason to end is
// the better one.
func ended(err error, cmd *exec.Cmd) error {
	if waited := cmd.Wait(); waited != nil {
		return waited
	}
	return err
}

// narrow has a pipe hold no more than a page, where the kernel lets it.
func narrow(w *os.File) {
	const setPipeSize = 1031 // F_SETPIPE_SZ
	conn, err := w.SyscallConn()
	if err != nil {
		return
	}
	_ = conn.Control(func(fd uintptr) {
		_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, fd, setPipeSize, uintptr(os.Getpagesize()))
	})
}
