package kms

import (
	"context"
	"encoding/binary"
	"image"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"tavle/render/glass"
)

// A fakeCard is a card whose panel can be looked at. The panel shows what a real
// one would: a buffer that was written to in secret is not on it.
type fakeCard struct {
	t       testing.TB
	plugged []output
	noFlip  bool // the card cannot flip
	lit     bool
	gone    bool // the card itself was pulled out

	shown   *buffer
	panel   []byte // what the eye sees
	buffers int
	shows   int
	flips   int
	dirts   int
}

func (c *fakeCard) outputs() ([]output, error) {
	if c.gone {
		return nil, unix.ENODEV
	}
	return slices.Clone(c.plugged), nil
}

func (c *fakeCard) buffer(size image.Point) (*buffer, error) {
	c.buffers++
	pitch := size.X*4 + 64 // cards align rows
	return &buffer{Raster: glass.Raster{Pix: make([]byte, pitch*size.Y), Pitch: pitch, Size: size, Format: glass.XRGB}}, nil
}

func (c *fakeCard) free(b *buffer) {
	require.NotNil(c.t, b.Pix, "freed twice")
	c.buffers--
	b.Pix = nil
	if c.shown == b {
		c.shown = nil
	}
}

func (c *fakeCard) show(_ *output, m modeInfo, b *buffer) error {
	if len(c.plugged) == 0 {
		return unix.EINVAL
	}
	require.Equal(c.t, m.size(), b.Size)
	c.shows++
	c.lit, c.shown, c.panel = true, b, append(c.panel[:0], b.Pix...)
	return nil
}

func (c *fakeCard) flip(_ *output, b *buffer) error {
	if c.noFlip || len(c.plugged) == 0 {
		return unix.EINVAL
	}
	require.NotSame(c.t, c.shown, b)
	require.True(c.t, slices.Equal(c.panel, c.shown.Pix), "what is shown was written to: it tears")
	c.flips++
	c.shown, c.panel = b, append(c.panel[:0], b.Pix...)
	return nil
}

func (c *fakeCard) dirty(b *buffer, rects []image.Rectangle) error {
	require.Same(c.t, c.shown, b)
	c.dirts++
	for _, r := range rects {
		require.True(c.t, r.In(image.Rectangle{Max: b.Size}))
		for y := r.Min.Y; y < r.Max.Y; y++ {
			copy(c.panel[y*b.Pitch+4*r.Min.X:y*b.Pitch+4*r.Max.X], b.Pix[y*b.Pitch+4*r.Min.X:])
		}
	}
	return nil
}

func (c *fakeCard) light(_ *output, on bool) error { c.lit = on; return nil }

func (c *fakeCard) close() error {
	require.Zero(c.t, c.buffers, "memory of the card is not given back")
	return nil
}

// see returns what is on the panel, or nil in the dark.
func (c *fakeCard) see() *image.RGBA {
	if !c.lit || c.shown == nil {
		return nil
	}
	size := c.shown.Size
	img := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			p := binary.LittleEndian.Uint32(c.panel[y*c.shown.Pitch+4*x:])
			i := img.PixOffset(x, y)
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = byte(p>>16), byte(p>>8), byte(p), 255
		}
	}
	return img
}

// modeOf returns a mode of w by h pixels.
func modeOf(w, h int, kind uint32) modeInfo {
	return modeInfo{hdisplay: uint16(w), vdisplay: uint16(h), refresh: 60, kind: kind}
}

// tv returns an output with a panel of one size, 0.5 mm a pixel.
func tv(w, h int) output {
	return output{name: "HDMI-A-1", connector: 7, crtc: 3, surely: true, mm: image.Pt(w/2, h/2), modes: []modeInfo{modeOf(w, h, modePreferred)}}
}

// screen returns a screen on the card as Open would.
func (c *fakeCard) screen(opt Options) *Screen {
	s := newScreen(opt, c)
	require.NoError(c.t, s.look())
	c.t.Cleanup(func() { require.NoError(c.t, s.Close()) })
	return s
}

// look is what an event of the kernel leads to.
func (s *Screen) look() error { return s.replug(context.Background()) }
