package cache

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// benchBoard is a closed screen with a board of that size.
func benchBoard(b *testing.B, people, others int) (*testScreen, *house) {
	b.Helper()
	s, h := newHostScreen(b), newHouse(b)
	c := s.open()
	h.set(h.furnish(people, others))
	h.tellAll(c)
	require.NoError(b, c.Close())
	return s, h
}

// A start reads, opens and decodes every row.
func BenchmarkOpen(b *testing.B) {
	for _, size := range []struct{ people, rows int }{{60, 150}, {1000, 5000}} {
		b.Run(fmt.Sprintf("%dpeople%drows", size.people, size.rows), func(b *testing.B) {
			s, _ := benchBoard(b, size.people, size.rows)
			b.ReportAllocs()
			for b.Loop() {
				c, err := Open(s.options())
				require.NoError(b, err)
				require.NoError(b, c.Close())
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(size.people+size.rows), "µs/row")
		})
	}
}

// One row changes: what a sign-up on another screen costs, and what a hide does.
func BenchmarkApply(b *testing.B) {
	for name, fact := range map[string]func(i int) record.Fact{
		"activity": func(i int) record.Fact { return activityWith("a0001", fmt.Sprint("Tur ", i)) },
		"person":   func(i int) record.Fact { return personNamed("p0001", fmt.Sprint("N", i), "") },
	} {
		for _, size := range []struct{ people, rows int }{{60, 150}, {1000, 5000}} {
			b.Run(fmt.Sprintf("%s/%dpeople%drows", name, size.people, size.rows), func(b *testing.B) {
				s, h := benchBoard(b, size.people, size.rows)
				c := s.open()
				i := 0
				b.ReportAllocs()
				for b.Loop() {
					i++
					h.tell(c, []record.Fact{fact(i)})
				}
			})
		}
	}
}

// A touch: sealed, written, fsynced.
func BenchmarkEnqueue(b *testing.B) {
	s := newHostScreen(b)
	c := s.open()
	b.ReportAllocs()
	for b.Loop() {
		m, err := c.Enqueue(signUp("p0001", "a0001"))
		require.NoError(b, err)
		if m.Seq%500 == 0 {
			b.StopTimer()
			_, _, _, err := c.Reinstall()
			require.NoError(b, err)
			c.outbox.j.entries, c.outbox.j.next = nil, 1
			require.NoError(b, c.outbox.rewrite())
			b.StartTimer()
		}
	}
}

// A photo of 200 KB from the card to the decoder.
func BenchmarkPhoto(b *testing.B) {
	s, h := newHostScreen(b), newHouse(b)
	c := s.open()
	data, id := photoOf(string(make([]byte, 200_000)))
	h.tell(c, []record.Fact{personNamed("a", "A", id)})
	require.NoError(b, c.PutPhoto(id, data))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := c.Photo(id)
		require.NoError(b, err)
	}
}

// What shows asks all the time: it must cost nothing.
func TestReadingCostsNoAllocation(t *testing.T) {
	c := newScreen(t).open()
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = c.Facts() }))
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = c.Clock() }))
}
