package cache

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// R-IBG-38: a screen that is moved to another department keeps nothing of the one
// before: not a row, not a photo, not a key. What people touched waits on, and so
// does the lease's mark.
func TestAnotherBoardDestroysTheOneBefore(t *testing.T) {
	s, h := newHostScreen(t), newHouse(t)
	c, photo := furnished(t, s, h)
	require.NoError(t, c.Enter("board-a", false))
	require.Equal(t, record.BoardID("board-a"), c.Stored().Board)
	h.requireShows(c)
	before, keys := s.files(), s.keyring()

	require.NoError(t, c.Enter("board-b", true))
	st := c.Stored()
	require.Equal(t, record.BoardID("board-b"), st.Board)
	require.Zero(t, st.At)
	require.Empty(t, st.Hashes)
	require.Len(t, st.Outbox, 1)
	require.Equal(t, &record.Facts{}, c.Facts())
	_, err := c.Photo(photo)
	require.ErrorIs(t, err, ErrNoPhoto)
	_, leased := c.Lease()
	require.True(t, leased)

	// The file of before opens with no key there is now.
	now := s.keyring()
	require.False(t, keys.Common.Equal(now.Common))
	require.NoError(t, c.Close())
	old := s.again()
	old.put(boardFile, before[boardFile])
	require.Empty(t, old.open().Facts().People)

	c = s.open()
	require.Equal(t, record.BoardID("board-b"), c.Stored().Board)
	h = newHouse(t)
	h.tell(c, h.furnish(2, 2))
	h.requireShows(c)
	require.NoError(t, c.Close())
	c = s.open()
	require.Equal(t, record.BoardID("board-b"), c.Stored().Board, "over changes and starts")
	h.requireShows(c)
}

// A power cut while a board is destroyed leaves all of it, under its own name, or
// none of it: the screen never takes the rows of one department for another's.
func TestPowerCutWhileTheBoardChanges(t *testing.T) {
	steps := 0
	for cut := 0; ; cut++ {
		s, h := newScreen(t), newHouse(t)
		at := 0
		var c *Cache
		var left *testScreen
		s.step = func(string) error {
			if left == nil && c != nil {
				if at == cut {
					left = s.again()
					return errors.New("the power is gone")
				}
				at++
			}
			return nil
		}
		opened := s.open()
		h.tell(opened, h.furnish(3, 3))
		require.NoError(t, opened.Enter("board-a", false))
		c = opened
		err := c.Enter("board-b", true)
		if left == nil {
			require.NoError(t, err)
			break
		}
		require.Error(t, err)
		require.Equal(t, &record.Facts{}, c.Facts(), "and the glass shows nobody in any case")
		steps++
		again := left.open()
		if st := again.Stored(); st.Board == "board-a" {
			h.requireShows(again)
		} else {
			require.Empty(t, st.Board)
			require.Empty(t, st.Hashes)
			require.Empty(t, again.Facts().People)
		}
	}
	require.Greater(t, steps, 2)
}
