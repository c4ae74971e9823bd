package glass

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/render"
)

type means struct{ what string }

func frameWith(size image.Point, targets ...render.Target) *render.Frame {
	return &render.Frame{Size: size, Targets: targets}
}

func button(what string, r image.Rectangle) render.Target {
	return render.Target{Rect: r, Label: what, Means: means{what}}
}

// drain takes all events that wait.
func drain(in *Input) []Event {
	var out []Event
	for {
		select {
		case e := <-in.Events():
			out = append(out, e)
		default:
			return out
		}
	}
}

func TestTouchMeansWhatWasOnTheGlass(t *testing.T) {
	in := NewInput()
	before := frameWith(image.Pt(100, 100), button("anna", image.Rect(0, 0, 50, 50)))
	after := frameWith(image.Pt(100, 100), button("bo", image.Rect(0, 0, 50, 50)))

	in.Show(before)
	in.Contact(7, Down, image.Pt(10, 10))
	in.Show(after) // the list moves while the finger is down
	in.Contact(7, Up, image.Pt(10, 10))

	got := drain(in)
	require.Len(t, got, 2)
	require.Equal(t, means{"anna"}, got[0].(Touch).Target.Means)
	require.Equal(t, means{"bo"}, got[1].(Touch).Target.Means)
}

func TestTouchBeforeAnyFrameHitsNothing(t *testing.T) {
	in := NewInput()
	in.Contact(1, Down, image.Pt(3, 3))
	require.Equal(t, []Event{Touch{Contact: 1, At: image.Pt(3, 3)}}, drain(in))
}

func TestContactLivesFromDownToUp(t *testing.T) {
	in := NewInput()
	p := image.Pt(1, 2)
	in.Contact(1, Move, p) // a mouse on its way
	in.Contact(1, Up, p)
	in.Contact(1, Gone, p)
	require.Empty(t, drain(in))

	in.Contact(1, Down, p)
	in.Contact(1, Down, p)
	in.Contact(1, Move, p)
	in.Contact(1, Up, p)
	in.Contact(1, Up, p)
	require.Len(t, drain(in), 3)
}

// No presenter ever waits for the player: whoever calls Present waits for the
// presenter.
func TestEventsThatNobodyTakesAreDroppedByRule(t *testing.T) {
	in := NewInput()
	in.Contact(1, Down, image.Point{})
	for range 10 * maxEvents {
		in.Contact(1, Move, image.Pt(5, 5))
		in.Put(Key{Name: KeyEnter})
	}
	in.Contact(2, Down, image.Point{}) // no room: never heard of
	in.Contact(2, Up, image.Point{})
	in.Put(Resized{Panel{Size: image.Pt(1, 1)}})
	in.Put(Closed{})
	in.Put(Resized{Panel{Size: image.Pt(2, 2)}}) // the last one counts
	in.Contact(1, Up, image.Pt(6, 6))

	got := drain(in)
	require.Len(t, got, maxEvents)
	require.Equal(t, Touch{Contact: 1, Phase: Up, At: image.Pt(6, 6)}, got[len(got)-1])

	in.Show(nil) // the next frame brings what found no room
	require.Equal(t, []Event{Resized{Panel{Size: image.Pt(2, 2)}}, Closed{}}, drain(in))
}

func TestManyFingersAndASlowPlayerKeepContactsWhole(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	in := NewInput()
	down := map[int]bool{}
	take := func(e Event) {
		c, ok := e.(Touch)
		if !ok {
			return
		}
		switch c.Phase {
		case Down:
			require.False(t, down[c.Contact], "a contact that is down goes down")
			down[c.Contact] = true
			require.LessOrEqual(t, len(down), maxContacts)
		case Move:
			require.True(t, down[c.Contact], "a contact moves that is not down")
		default:
			require.True(t, down[c.Contact], "a contact ends that is not down")
			delete(down, c.Contact)
		}
	}
	mouse, panel := in.Source(), in.Source()
	for range 20000 {
		p := image.Pt(r.IntN(100), r.IntN(100))
		switch n := r.IntN(40); {
		case n == 0:
			panel.Release()
		case n < 4:
			in.Put(Key{Name: "a"})
		case n < 20:
			mouse.Contact(0, Phase(r.IntN(4)), p)
		default:
			panel.Contact(r.IntN(50), Phase(r.IntN(4)), p)
		}
		if r.IntN(1000) == 0 { // the player wakes up
			for _, e := range drain(in) {
				take(e)
			}
		}
	}
	mouse.Release()
	panel.Release()
	for _, e := range drain(in) {
		take(e)
	}
	require.Empty(t, down, "a contact never ends")
}

func TestSourcesDoNotShareContacts(t *testing.T) {
	in := NewInput()
	a, b := in.Source(), in.Source()
	a.Contact(0, Down, image.Pt(1, 1))
	b.Contact(0, Down, image.Pt(2, 2))
	a.Contact(0, Up, image.Pt(1, 1))
	a.Contact(0, Down, image.Pt(3, 3))
	seen := map[int]bool{}
	for _, e := range drain(in) {
		if c := e.(Touch); c.Phase == Down {
			require.False(t, seen[c.Contact])
			seen[c.Contact] = true
		}
	}
	require.Len(t, seen, 3)
}

func TestUnpluggedSourceLetsGo(t *testing.T) {
	in := NewInput()
	s := in.Source()
	s.Contact(4, Down, image.Pt(1, 1))
	s.Contact(4, Move, image.Pt(8, 9))
	s.Release()
	s.Release()
	got := drain(in)
	require.Len(t, got, 3)
	last := got[2].(Touch)
	require.Equal(t, Gone, last.Phase)
	require.Equal(t, image.Pt(8, 9), last.At)
}

func TestPartOfPanelIsPixelOfFrame(t *testing.T) {
	in := NewInput()
	s := in.Source()
	s.Part(1, Down, 0.5, 0.5) // nothing is shown: nothing to touch
	require.Empty(t, drain(in))

	in.Show(frameWith(image.Pt(800, 480)))
	for _, c := range []struct {
		u, v float64
		want image.Point
	}{
		{0, 0, image.Pt(0, 0)},
		{1, 1, image.Pt(799, 479)},
		{0.5, 0.25, image.Pt(400, 120)},
		{-3, 7, image.Pt(0, 479)},
	} {
		s.Part(1, Down, c.u, c.v)
		require.Equal(t, c.want, drain(in)[0].(Touch).At)
		s.Part(1, Up, c.u, c.v)
		drain(in)
	}
}

func TestWhoSeesAnOlderFrameTouchesThatFrame(t *testing.T) {
	in := NewInput()
	seen := frameWith(image.Pt(100, 100), button("anna", image.Rect(0, 0, 50, 50)))
	in.Show(frameWith(image.Pt(100, 100), button("bo", image.Rect(0, 0, 50, 50))))
	in.Source().On(seen, 1, Down, image.Pt(10, 10))
	require.Equal(t, means{"anna"}, drain(in)[0].(Touch).Target.Means)
}

func TestNothingComesAfterClose(t *testing.T) {
	in := NewInput()
	in.Close()
	in.Contact(1, Down, image.Point{})
	in.Put(Closed{})
	in.Show(nil)
	require.Empty(t, drain(in))
}
