package touch

import (
	"encoding/binary"
	"errors"
	"image"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/render"
	"tavle/render/glass"
)

// codes returns a bitset with these codes.
func codes(c ...int) (b bitset) {
	for _, c := range c {
		b[c/8] |= 1 << (c % 8)
	}
	return b
}

// A fakeDevice answers as a device would.
type fakeDevice struct {
	can    abilities
	axes   map[int]axis
	now    map[int]int32      // of axes
	held   []int              // keys
	on     []int              // switches
	values map[uint16][]int32 // of slots
	deaf   bool               // asks are refused: it has just been unplugged
	taken  bool               // by somebody else
	grabs  int
}

var errDeaf = errors.New("no such device")

func (d *fakeDevice) abilities() (abilities, error) { return d.can, nil }

func (d *fakeDevice) axis(code int) (axis, int32, error) {
	if d.deaf {
		return axis{}, 0, errDeaf
	}
	return d.axes[code], d.now[code], nil
}

func (d *fakeDevice) slots(code uint16, n int) ([]int32, error) {
	if d.deaf {
		return nil, errDeaf
	}
	out := make([]int32, n)
	for i := range out {
		if code == absTracking {
			out[i] = -1
		}
	}
	copy(out, d.values[code])
	return out, nil
}

func (d *fakeDevice) pressed() (bitset, error) {
	if d.deaf {
		return bitset{}, errDeaf
	}
	return codes(d.held...), nil
}

func (d *fakeDevice) switched() (bitset, error) {
	if d.deaf {
		return bitset{}, errDeaf
	}
	return codes(d.on...), nil
}

func (d *fakeDevice) grab() error {
	if d.taken {
		return errors.New("busy")
	}
	d.grabs++
	return nil
}

// fingersPanel is a 40 inch panel of ten fingers, as its driver describes it.
func fingersPanel() *fakeDevice {
	return &fakeDevice{
		can: abilities{
			props: codes(propDirect),
			keys:  codes(btnTouch),
			abs:   codes(absX, absY, absSlot, absMTX, absMTY, absTracking, absToolType),
		},
		axes: map[int]axis{absSlot: {0, 9}, absMTX: {0, 32767}, absMTY: {0, 32767}, absX: {0, 32767}, absY: {0, 32767}},
	}
}

// singlePanel is an old resistive panel, whose axes start where they like and
// whose upper edge is the large value.
func singlePanel() *fakeDevice {
	return &fakeDevice{
		can:  abilities{keys: codes(btnTouch), abs: codes(absX, absY, 0x18)},
		axes: map[int]axis{absX: {200, 3900}, absY: {200, 3900}},
	}
}

const btnToolPen, btnStylus = 0x140, 0x14b

// penDevice is the pen of a panel that one draws on.
func penDevice() *fakeDevice {
	return &fakeDevice{
		can:  abilities{props: codes(propDirect), keys: codes(btnTouch, btnToolPen, btnStylus), abs: codes(absX, absY, 0x18)},
		axes: map[int]axis{absX: {0, 32767}, absY: {0, 32767}},
	}
}

func tabletDevice() *fakeDevice {
	return &fakeDevice{
		can:  abilities{keys: codes(btnLeft, btnLeft+1), abs: codes(absX, absY), rel: codes(8)},
		axes: map[int]axis{absX: {0, 32767}, absY: {0, 32767}},
	}
}

func mouseDevice() *fakeDevice {
	return &fakeDevice{can: abilities{keys: codes(btnLeft), rel: codes(relX, relY)}}
}

func keyboardDevice() *fakeDevice {
	return &fakeDevice{can: abilities{keys: codes(1, 28, 57, 30)}}
}

// A bench is a device on a pipe and the glass it touches.
type bench struct {
	t    testing.TB
	in   *glass.Input
	to   io.WriteCloser
	done chan error
}

var frameSize = image.Pt(800, 400)

// plug connects a device; opt may say more.
func plug(t testing.TB, ask *fakeDevice, opt Options) *bench {
	t.Helper()
	if opt.Input == nil {
		opt.Input = glass.NewInput()
	}
	size := opt.Rotation.Size(opt.Rotation.Size(frameSize))
	opt.Input.Show(&render.Frame{Size: size, Targets: []render.Target{{Rect: image.Rectangle{Max: size}, Label: "all"}}})
	r, w, err := os.Pipe()
	require.NoError(t, err)
	d := &device{events: r, ask: ask}
	ours, err := d.setUp(&opt)
	require.NoError(t, err)
	require.True(t, ours)
	b := &bench{t: t, in: opt.Input, to: w, done: make(chan error, 1)}
	go func() { b.done <- d.follow() }()
	t.Cleanup(func() { w.Close(); r.Close() })
	return b
}

// write sends events as the kernel does: whole ones, a time in front.
func (b *bench) write(events ...event) {
	b.t.Helper()
	_, err := b.to.Write(encode(events...))
	require.NoError(b.t, err)
}

func encode(events ...event) []byte {
	var out []byte
	for _, e := range events {
		out = append(out, make([]byte, eventSize-8)...)
		out = binary.NativeEndian.AppendUint16(out, e.kind)
		out = binary.NativeEndian.AppendUint16(out, e.code)
		out = binary.NativeEndian.AppendUint32(out, uint32(e.value))
	}
	return out
}

// next returns the next event of the glass.
func (b *bench) next() glass.Event {
	b.t.Helper()
	select {
	case e := <-b.in.Events():
		return e
	case <-time.After(20 * time.Second):
		b.t.Fatal("no event came")
		return nil
	}
}

// expect takes the next touch and checks it; it returns the contact.
func (b *bench) expect(phase glass.Phase, at image.Point) int {
	b.t.Helper()
	e, ok := b.next().(glass.Touch)
	require.True(b.t, ok)
	require.Equal(b.t, phase, e.Phase)
	require.Equal(b.t, at, e.At)
	require.Equal(b.t, "all", e.Target.Label)
	return e.Contact
}

// quiet checks that everything written has led to nothing more.
func (b *bench) quiet() {
	b.t.Helper()
	b.to.Close()
	require.ErrorIs(b.t, <-b.done, io.EOF)
	require.Empty(b.t, b.in.Events())
}

func abs(code uint16, v int32) event { return event{evAbs, code, v} }
func key(code uint16, v int32) event { return event{evKey, code, v} }

var (
	report  = event{evSyn, synReport, 0}
	dropped = event{evSyn, synDropped, 0}
)

// unit returns what a panel of 0..32767 says for the middle of pixel p of n.
func unit(p, n int) int32 { return int32((2*p + 1) * 32768 / (2 * n)) }
