package touch

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/render/glass"
)

func TestTwoFingersAreTwoContacts(t *testing.T) {
	dev := fingersPanel()
	b := plug(t, dev, Options{})
	require.Equal(t, 1, dev.grabs, "X must not hear of it too")
	x, y := func(p int) int32 { return unit(p, 800) }, func(p int) int32 { return unit(p, 400) }

	b.write(abs(absTracking, 45), abs(absMTX, x(100)), abs(absMTY, y(50)), key(btnTouch, 1), abs(absX, x(100)), report)
	first := b.expect(glass.Down, image.Pt(100, 50))
	b.write(abs(absSlot, 1), abs(absTracking, 46), abs(absMTX, x(700)), abs(absMTY, y(399)), report)
	second := b.expect(glass.Down, image.Pt(700, 399))
	require.NotEqual(t, first, second)

	// Both move; of the second only one coordinate changes.
	b.write(abs(absSlot, 0), abs(absMTX, x(110)), abs(absMTY, y(60)), abs(absSlot, 1), abs(absMTX, x(690)), report)
	require.Equal(t, first, b.expect(glass.Move, image.Pt(110, 60)))
	require.Equal(t, second, b.expect(glass.Move, image.Pt(690, 399)))

	b.write(abs(absSlot, 0), abs(absTracking, -1), report)
	require.Equal(t, first, b.expect(glass.Up, image.Pt(110, 60)))
	b.write(abs(absSlot, 1), abs(absTracking, -1), key(btnTouch, 0), report)
	require.Equal(t, second, b.expect(glass.Up, image.Pt(690, 399)))
	b.quiet()
}

// A finger that follows another into its slot within one report is another
// contact, and the first ends where it was.
func TestSlotThatIsUsedAgainIsAnotherContact(t *testing.T) {
	b := plug(t, fingersPanel(), Options{})
	b.write(abs(absTracking, 7), abs(absMTX, unit(10, 800)), abs(absMTY, unit(20, 400)), report)
	first := b.expect(glass.Down, image.Pt(10, 20))
	b.write(abs(absTracking, 8), abs(absMTX, unit(500, 800)), report)
	require.Equal(t, first, b.expect(glass.Up, image.Pt(10, 20)))
	require.NotEqual(t, first, b.expect(glass.Down, image.Pt(500, 20)))
}

// who leans on the glass signs nobody up.
func TestPalmIsGoneNotLifted(t *testing.T) {
	b := plug(t, fingersPanel(), Options{})
	place := []event{abs(absMTX, unit(400, 800)), abs(absMTY, unit(200, 400))}
	b.write(append([]event{abs(absTracking, 1)}, append(place, report)...)...)
	b.expect(glass.Down, image.Pt(400, 200))

	// Many contacts around it, in all ten slots, and then the panel understands.
	for i := range int32(9) {
		b.write(abs(absSlot, i+1), abs(absTracking, 10+i), abs(absMTX, unit(380+int(i)*5, 800)), abs(absMTY, unit(200, 400)), report)
		b.expect(glass.Down, image.Pt(380+int(i)*5, 200))
	}
	for i := range int32(10) {
		b.write(abs(absSlot, i), abs(absToolType, toolPalm))
	}
	b.write(report)
	for range 10 {
		require.Equal(t, glass.Gone, b.next().(glass.Touch).Phase)
	}
	// A palm that shrinks to a fingertip is a palm still; the next is a finger.
	b.write(abs(absSlot, 0), abs(absToolType, 0), abs(absMTX, unit(410, 800)), report)
	b.write(abs(absTracking, -1), report)
	b.write(abs(absTracking, 30), abs(absToolType, toolPalm), report, abs(absToolType, 0), report, abs(absTracking, -1), report)
	b.write(append([]event{abs(absTracking, 31)}, append(place, report)...)...)
	b.expect(glass.Down, image.Pt(400, 200))
}

// Slots that the panel did not announce are nobody's.
func TestSlotBeyondTheLastIsIgnored(t *testing.T) {
	b := plug(t, fingersPanel(), Options{})
	for _, s := range []int32{10, -1, 1 << 30} {
		b.write(abs(absSlot, s), abs(absTracking, 5), abs(absMTX, 5), report)
	}
	b.write(abs(absSlot, 9), abs(absTracking, 5), abs(absMTX, unit(1, 800)), abs(absMTY, unit(1, 400)), report)
	b.expect(glass.Down, image.Pt(1, 1))
}

// When the kernel had to drop events, what goes on goes on; what ended meanwhile
// is gone, not lifted; what began meanwhile is left alone, for nobody can say
// where it came down.
func TestLostEventsLiftNothing(t *testing.T) {
	dev := fingersPanel()
	b := plug(t, dev, Options{})
	down := func(slot, id int32, x, y int) []event {
		return []event{abs(absSlot, slot), abs(absTracking, id), abs(absMTX, unit(x, 800)), abs(absMTY, unit(y, 400))}
	}
	b.write(append(append(down(0, 1, 10, 10), down(1, 2, 20, 20)...), append(down(2, 3, 30, 30), report)...)...)
	goesOn, ends, another := b.expect(glass.Down, image.Pt(10, 10)), b.expect(glass.Down, image.Pt(20, 20)), b.expect(glass.Down, image.Pt(30, 30))

	dev.values = map[uint16][]int32{
		absTracking: {1, -1, 9, 10},
		absMTX:      {unit(15, 800), 0, unit(300, 800), unit(310, 800)},
		absMTY:      {unit(15, 400), 0, unit(300, 400), unit(310, 400)},
	}
	dev.now = map[int]int32{absSlot: 3}
	b.write(dropped, abs(absTracking, 77), abs(absSlot, 0), abs(absTracking, -1), report)
	require.Equal(t, goesOn, b.expect(glass.Move, image.Pt(15, 15)))
	require.Equal(t, ends, b.expect(glass.Gone, image.Pt(20, 20)))
	require.Equal(t, another, b.expect(glass.Gone, image.Pt(30, 30)))

	b.write(abs(absMTX, unit(320, 800)), report)    // the newcomer in slot 3 moves, is lifted,
	b.write(abs(absTracking, -1), report)           // and nobody hears of it
	b.write(append(down(3, 11, 40, 40), report)...) // the next one there counts
	b.expect(glass.Down, image.Pt(40, 40))
	b.write(abs(absSlot, 0), abs(absTracking, -1), report)
	require.Equal(t, goesOn, b.expect(glass.Up, image.Pt(15, 15)))
}

func TestFingerThatRestsOnThePanelAtStartIsLeftAlone(t *testing.T) {
	dev := fingersPanel()
	dev.values = map[uint16][]int32{absTracking: {4}, absMTX: {100}, absMTY: {100}}
	b := plug(t, dev, Options{})
	b.write(abs(absMTX, 5000), report, abs(absTracking, -1), report)
	b.write(abs(absTracking, 5), abs(absMTX, unit(3, 800)), abs(absMTY, unit(4, 400)), report)
	b.expect(glass.Down, image.Pt(3, 4))
}

func TestLostEventsOfADeafDeviceLetGo(t *testing.T) {
	for _, dev := range []*fakeDevice{fingersPanel(), singlePanel()} {
		b := plug(t, dev, Options{})
		b.write(abs(absTracking, 1), abs(absMTX, 1), abs(absMTY, 1), abs(absX, 200), abs(absY, 200), key(btnTouch, 1), report)
		b.expect(glass.Down, image.Pt(0, 0))
		dev.deaf = true
		b.write(dropped, report)
		b.expect(glass.Gone, image.Pt(0, 0))
		b.quiet()
	}
}

// PEERS 3, complaint 17: the cable is pulled while a finger is down.
func TestUnpluggedInMidTouchIsGone(t *testing.T) {
	b := plug(t, fingersPanel(), Options{})
	b.write(abs(absTracking, 1), abs(absMTX, unit(10, 800)), abs(absMTY, unit(10, 400)), report)
	b.write(abs(absMTX, unit(12, 800)), report)
	b.expect(glass.Down, image.Pt(10, 10))
	b.expect(glass.Move, image.Pt(12, 10))
	b.write(abs(absMTX, unit(14, 800))) // half a report
	b.to.Close()
	b.expect(glass.Gone, image.Pt(12, 10))
	b.quiet()
}

// Reports come in pieces when the reader is slow.
func TestEventsCutInPiecesAreWhole(t *testing.T) {
	b := plug(t, fingersPanel(), Options{})
	bytes := encode(abs(absTracking, 1), abs(absMTX, unit(10, 800)), abs(absMTY, unit(10, 400)), report, abs(absTracking, -1), report)
	for len(bytes) > 0 {
		n := min(7, len(bytes))
		_, err := b.to.Write(bytes[:n])
		require.NoError(t, err)
		bytes = bytes[n:]
	}
	b.expect(glass.Down, image.Pt(10, 10))
	b.expect(glass.Up, image.Pt(10, 10))
}

func TestPanelForOneFingerIsCalibrated(t *testing.T) {
	// Its upper edge is the large value: v' = 1 - v.
	b := plug(t, singlePanel(), Options{Calibration: Matrix{1, 0, 0, 0, -1, 1}})
	b.write(abs(absX, 200), abs(absY, 3900), key(btnTouch, 1), report)
	b.expect(glass.Down, image.Pt(0, 0))
	b.write(abs(absX, 2050), abs(absY, 2050), report)
	b.expect(glass.Move, image.Pt(400, 200))
	b.write(abs(0x18, 30), report) // pressure: nothing new
	b.write(abs(absX, 3900), abs(absY, 200), key(btnTouch, 0), report)
	b.expect(glass.Up, image.Pt(799, 399))
	b.quiet()
}

// A panel on a turned screen is turned with it.
func TestTouchIsTurnedWithThePicture(t *testing.T) {
	for turn := range glass.Rotation(4) {
		b := plug(t, fingersPanel(), Options{Rotation: turn})
		for _, at := range []image.Point{{0, 0}, {799, 0}, {0, 399}, {123, 45}} {
			panel := turn.Size(frameSize)
			on := turn.Turn(at, frameSize)
			b.write(abs(absTracking, 1), abs(absMTX, unit(on.X, panel.X)), abs(absMTY, unit(on.Y, panel.Y)), report, abs(absTracking, -1), report)
			b.expect(glass.Down, at)
			b.expect(glass.Up, at)
		}
	}
}

func TestTabletAndMouseTouchWithTheirLeftButton(t *testing.T) {
	b := plug(t, tabletDevice(), Options{Mice: true})
	b.write(abs(absX, unit(30, 800)), abs(absY, unit(40, 400)), report, key(btnLeft+1, 1), report)
	b.write(key(btnLeft, 1), report)
	b.expect(glass.Down, image.Pt(30, 40))
	b.write(key(btnLeft, 0), report)
	b.expect(glass.Up, image.Pt(30, 40))
	b.quiet()

	for turn := range glass.Rotation(4) {
		b = plug(t, mouseDevice(), Options{Mice: true, Rotation: turn})
		middle := turn.Back(turn.Size(frameSize).Div(2), frameSize)
		b.write(event{evRel, relX, 10}, event{evRel, relY, -20}, report, key(btnLeft, 1), report)
		e := b.next().(glass.Touch)
		moved := turn.Turn(e.At, frameSize).Sub(turn.Turn(middle, frameSize))
		require.InDelta(t, 10, moved.X, 1)
		require.InDelta(t, -20, moved.Y, 1)
		b.write(event{evRel, relX, -5000}, event{evRel, relY, -5000}, report, key(btnLeft, 0), report)
		require.Equal(t, glass.Move, b.next().(glass.Touch).Phase)
		require.Equal(t, image.Point{}, turn.Turn(b.next().(glass.Touch).At, frameSize), "the edge holds it")
		b.quiet()
	}
}

// A pen touches with its tip; one that only comes near, or has its buttons pressed,
// does not.
func TestPenTouchesWithItsTip(t *testing.T) {
	b := plug(t, penDevice(), Options{})
	b.write(key(btnToolPen, 1), abs(absX, unit(30, 800)), abs(absY, unit(40, 400)), report, key(btnStylus, 1), report)
	b.write(key(btnTouch, 1), report)
	b.expect(glass.Down, image.Pt(30, 40))
	b.write(abs(absX, unit(50, 800)), report)
	b.expect(glass.Move, image.Pt(50, 40))
	b.write(key(btnTouch, 0), report, key(btnToolPen, 0), report)
	b.expect(glass.Up, image.Pt(50, 40))
	b.quiet()
}

func TestButtonThatWasDownAtStartIsLeftAlone(t *testing.T) {
	dev := tabletDevice()
	dev.held = []int{btnLeft}
	b := plug(t, dev, Options{Mice: true})
	b.write(abs(absX, 99), report, key(btnLeft, 0), report, key(btnLeft, 1), report)
	b.expect(glass.Down, image.Pt(2, 0))
}

// keyboards, remote controls and switches, without X.
func TestKeysHaveTheirNames(t *testing.T) {
	b := plug(t, keyboardDevice(), Options{Keys: true})
	for _, c := range []struct {
		code uint16
		want string
	}{
		{28, glass.KeyEnter},
		{0x160, glass.KeyEnter},
		{57, glass.KeySpace},
		{158, glass.KeyEscape},
		{15, glass.KeyTab},
		{103, glass.KeyUp},
		{30, "a"},
		{11, "0"},
		{59, "f1"},
		{88, "f12"},
		{172, glass.KeyHome},
		{0x192, glass.KeyPageUp},
		{82, "0"},
		{0x207, "7"},
	} {
		b.write(key(c.code, 1), report, key(c.code, 2), key(c.code, 2), report, key(c.code, 0), report)
		require.Equal(t, glass.Key{Name: c.want}, b.next(), "once, however long it is held")
	}
	b.write(key(leftShift, 1), key(15, 1), key(15, 0), key(leftShift, 0), key(15, 1), report)
	require.Equal(t, glass.Key{Name: glass.KeyBackTab}, b.next())
	require.Equal(t, glass.Key{Name: glass.KeyTab}, b.next())
	b.write(key(0x2ff, 1), key(116, 1), report) // unknown, and the power key
	b.quiet()
}

func TestOnlyWhatIsForUsIsTaken(t *testing.T) {
	pad := &fakeDevice{can: abilities{
		props: codes(propPointer, propButtonPad), keys: codes(btnLeft, btnTouch, btnToolFinger),
		abs: codes(absX, absY, absSlot, absMTX, absMTY),
	}}
	oldPad := &fakeDevice{can: abilities{keys: codes(btnLeft, btnTouch, btnToolFinger), abs: codes(absX, absY)}}
	power := &fakeDevice{can: abilities{keys: codes(116)}}
	for name, c := range map[string]struct {
		dev  *fakeDevice
		x    bool // under X
		bare bool // without
	}{
		"panel":                {fingersPanel(), true, true},
		"panel for one finger": {singlePanel(), true, true},
		"pen on the panel":     {penDevice(), true, true},
		"tablet":               {tabletDevice(), false, true},
		"mouse":                {mouseDevice(), false, true},
		"keyboard":             {keyboardDevice(), false, true},
		"laptop's pad":         {pad, false, false},
		"old laptop's pad":     {oldPad, false, false},
		"power button":         {power, false, false},
	} {
		for bare, want := range map[bool]bool{false: c.x, true: c.bare} {
			c.dev.grabs = 0
			d := &device{ask: c.dev}
			ours, err := d.setUp(&Options{Input: glass.NewInput(), Mice: bare, Keys: bare})
			require.NoError(t, err)
			require.Equal(t, want, ours, "%s, bare=%v", name, bare)
			require.Equal(t, want, c.dev.grabs == 1, "what is not ours is left to others")
		}
	}
}

func TestPanelThatSomebodyElseHasIsAnError(t *testing.T) {
	dev := fingersPanel()
	dev.taken = true
	d := &device{ask: dev}
	_, err := d.setUp(&Options{Input: glass.NewInput()})
	require.Error(t, err)
}

func TestEventHasTheKernelsSize(t *testing.T) {
	want := 24
	if ^uint(0)>>32 == 0 {
		want = 16
	}
	require.Equal(t, want, eventSize)
	require.Equal(t, event{3, 0x35, -7}, decode(encode(event{3, 0x35, -7})))
}

// Whatever a device says, nothing breaks, and contacts stay whole (which
// glass.Input sees to).
func FuzzDevice(f *testing.F) {
	f.Add(uint8(0), encode(abs(absTracking, 1), abs(absMTX, 5), report, abs(absTracking, -1), report))
	f.Add(uint8(1), encode(abs(absX, 1), key(btnTouch, 1), report, dropped, report))
	f.Add(uint8(2), encode(abs(absX, -1<<31), key(btnLeft, 1), report))
	f.Add(uint8(3), encode(event{evRel, relX, 1<<31 - 1}, key(btnLeft, 1), report))
	f.Fuzz(func(t *testing.T, which uint8, bytes []byte) {
		dev := []*fakeDevice{fingersPanel(), singlePanel(), tabletDevice(), mouseDevice(), keyboardDevice()}[which%5]
		opt := Options{Input: glass.NewInput(), Mice: true, Keys: true, Rotation: glass.Rotation(which % 4), Calibration: Matrix{1e300, 0, 0, 0, -1, 0}}
		d := &device{ask: dev}
		if _, err := d.setUp(&opt); err != nil {
			t.Fatal(err)
		}
		for len(bytes) >= eventSize {
			d.event(decode(bytes))
			bytes = bytes[eventSize:]
			if len(opt.Input.Events()) > 200 {
				for range 100 {
					<-opt.Input.Events()
				}
			}
		}
		d.to.Release()
	})
}

func TestSharedPanelIsLeftToOthersToo(t *testing.T) {
	dev := fingersPanel()
	b := plug(t, dev, Options{Share: true})
	require.Zero(t, dev.grabs)
	b.write(abs(absTracking, 1), abs(absMTX, unit(10, 800)), abs(absMTY, unit(20, 400)), report)
	b.expect(glass.Down, image.Pt(10, 20))
}

// a plug in the jack is told of at once, and one that was in all along is
// told of as that. Nobody else is kept from hearing of it.
func TestHeadphonesAreHeardOf(t *testing.T) {
	card := &fakeDevice{can: abilities{switches: codes(switchHeadphones)}, on: []int{switchHeadphones}}
	b := plug(t, card, Options{})
	require.Zero(t, card.grabs)
	require.Equal(t, glass.Headphones{In: true}, b.next())
	b.write(event{evSwitch, switchHeadphones, 0}, report, event{evSwitch, switchHeadphones, 1}, report)
	require.Equal(t, glass.Headphones{Now: true}, b.next())
	require.Equal(t, glass.Headphones{In: true, Now: true}, b.next())
}
