package ui

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/render"
)

// byEar returns a wall on which what the focus is on is said.
func byEar(t *testing.T, e Ease) *hand {
	h := newHand(t)
	e.Spoken = true
	h.send(Eased{e})
	return h
}

// named returns what was said last, and forgets all of it.
func (h *hand) named() Effect {
	defer func() { h.effects = nil }()
	if len(h.effects) == 0 {
		return nil
	}
	return h.effects[len(h.effects)-1]
}

// whoever chose it hears each row and each choice the moment it has the
// focus, and what a page that opens begins with; of a row, the first in it.
func TestFocusIsSaid(t *testing.T) {
	h := byEar(t, Ease{Switches: OneSwitch, Step: 2 * time.Second})
	rows := Rows(h.frame())
	h.hear(KeySpace)
	require.Equal(t, Name{rows[0][0].Means}, h.named())
	for _, row := range rows[1:] {
		h.pass(2 * time.Second)
		require.Nil(t, h.named())
		h.send(Scanned(h.Model, h.frame()))
		require.True(t, h.Focus.Row)
		require.Equal(t, Name{row[0].Means}, h.named())
	}
	scan := func() {
		h.pass(2 * time.Second)
		h.send(Scanned(h.Model, h.frame()))
	}
	scan() // round again
	for len(rows[0]) < 2 {
		rows = rows[1:]
		scan()
	}
	h.named()
	h.hear(KeySpace)
	require.Equal(t, Name{rows[0][0].Means}, h.named())
	scan()
	require.Equal(t, Name{rows[0][1].Means}, h.named())

	h = byEar(t, Ease{})
	h.hear(KeyTab)
	require.Equal(t, Name{h.Focus.On}, h.named())
	h.seek(Open{swimming})
	require.Equal(t, Name{Open{swimming}}, h.named())
	h.hear(KeyEnter)
	require.Equal(t, Activity{swimming}, h.place())
	require.Equal(t, []Effect{Silence{}, Name{h.Focus.On}}, h.effects)
	require.NotNil(t, h.frame().Find(h.Focus.On))
}

// Nobody who did not choose it hears it, nor anybody where there is no voice.
func TestFocusIsSaidToWhoeverChoseIt(t *testing.T) {
	h := newHand(t)
	h.key(KeyTab, KeyTab)
	require.Empty(t, h.effects)
	h = byEar(t, Ease{})
	h.Sound.Voice = false
	h.key(KeyTab, KeyTab)
	require.Empty(t, h.effects)
}

// who has pages read to them hears the focus as well, until they have gone.
func TestFocusIsSaidToWhoeverHasPagesRead(t *testing.T) {
	h := newHand(t)
	h.Manner = mannerOf(board.Preset{Scanning: "one_switch", Read: true}, Manner{})
	h.hear(KeySpace)
	require.Equal(t, Name{h.Focus.On}, h.named())
	h.send(TouchDown{Means: Finish{}, Ready: true}, TouchUp{Means: Finish{}})
	require.Equal(t, Silence{}, h.named())
	h.key(KeyTab)
	require.Nil(t, h.named())
}

// it is cut off by anything that somebody does, and when the switches stop.
func TestAnythingEndsWhatIsSaidOfTheFocus(t *testing.T) {
	for name, msg := range map[string]Msg{
		"a finger on nothing": TouchDown{Contact: 3},
		"back":                BackPressed{},
		"the switches stop":   Focused{Self: true},
		"nobody is there":     Tick{mockNow.Add(10 * time.Minute)},
	} {
		h := byEar(t, Ease{})
		h.tap(Open{swimming})
		h.key(KeyTab)
		require.Equal(t, Name{h.Focus.On}, h.named(), name)
		h.send(msg)
		require.Equal(t, Silence{}, h.named(), name)
	}
}

// the switches that go on by themselves are not heard at night when nobody
// touched the wall for a while.
func TestFocusIsNotSaidInQuietHours(t *testing.T) {
	h := byEar(t, Ease{Switches: OneSwitch, Step: 2 * time.Second})
	h.Sound.Quiet = Span{0, 24 * 60}
	h.hear(KeySpace)
	require.Equal(t, Name{h.Focus.On}, h.named(), "somebody pressed")
	h.Last = h.Now.Add(-attended)
	f := Focused{To: h.Focus, Scan: h.Scan, Self: true}
	h.send(f)
	require.Equal(t, Silence{}, h.named())
}

// while the page is read to somebody with one switch, the switch waits;
// afterwards each choice has all its time.
func TestSwitchWaitsWhileThePageIsRead(t *testing.T) {
	h := byEar(t, Ease{Switches: OneSwitch, Step: 2 * time.Second})
	h.hear(KeySpace)
	h.send(ReadPressed{})
	require.Equal(t, Read{0}, h.named())
	h.pass(20 * time.Second)
	require.Nil(t, Scanned(h.Model, h.frame()))
	h.send(ItemRead{At: 0, Last: true})
	require.Nil(t, Scanned(h.Model, h.frame()))
	h.pass(2 * time.Second)
	require.NotNil(t, Scanned(h.Model, h.frame()))
	h.named()
	h.send(ReadPressed{})
	h.hear(KeySpace)
	require.False(t, h.Reading.On)
	require.Equal(t, Name{h.Focus.On}, h.named())
}

// every word is said in the language it is in, the wall's or the content's.
func TestWordsOfTheFocusHaveTheirLanguage(t *testing.T) {
	h := byEar(t, Ease{})
	require.Equal(t, "da", h.sees(Open{swimming}).Lang)
	h.Lang = "en"
	require.Equal(t, "da", h.sees(Open{swimming}).Lang, "it was written in no other")
	require.Equal(t, "en", h.sees(Go{Home{}}).Lang)
}

// what can be pressed on a page of somebody's own is said to headphones, or
// once somebody said that others may hear it; the ways out of it always are.
func TestPrivateFocusIsForHeadphones(t *testing.T) {
	h := byEar(t, Ease{})
	h.Stack = append(h.Stack, Own{Who: "karen"})
	private := func() (n int) {
		for _, tg := range pressable(h.frame()) {
			if tg.Private {
				n++
				require.False(t, h.MayName(tg))
				continue
			}
			require.True(t, everyones(tg.Means), "%#v", tg.Means)
		}
		return n
	}
	require.Positive(t, private())
	var own *render.Target
	for _, tg := range pressable(h.frame()) {
		if tg.Private {
			own = tg
		}
	}
	h.send(Plugged{In: true})
	require.True(t, h.MayName(own))
	h.send(Plugged{In: false})
	require.False(t, h.MayName(own))
	h.tap(ReadAloud{})
	for _, tg := range pressable(h.frame()) {
		require.True(t, h.MayName(tg), "the question may be heard: %#v", tg.Means)
	}
	h.tap(Aloud{})
	require.True(t, h.MayName(own))
	h.send(TouchDown{Means: Finish{}, Ready: true}, TouchUp{Means: Finish{}})
	require.False(t, h.MayName(own))
}
