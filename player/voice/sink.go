package voice

import (
	"bytes"
	"context"
	"fmt"
)

// A Sink plays sound. Play returns when the clip has been played, or at once when
// ctx ends; what had not been heard by then is not heard any more. One clip is
// played at a time.
type Sink interface {
	Play(ctx context.Context, c Clip) error
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
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fmt.Errorf("player of sounds: %w", err)
	}
	return nil
}
