package x11

import (
	"fmt"
	"image"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/shm"
	"github.com/jezek/xgb/xproto"
	"golang.org/x/sys/unix"

	"tavle/render/glass"
)

// memory is the picture as the X server wants it: in a segment shared with the
// server, or here, to be sent.
type memory struct {
	glass.Raster
	segment shm.Seg // 0: not shared
	band    []byte  // rows on their way to a server that shares nothing
}

// newMemory returns memory for a picture of the given size. Sharing is tried
// and done without: the server may be on another machine or in another
// container.
func (w *Window) newMemory(size image.Point) *memory {
	bits := size.X * w.format.Bytes() * 8
	m := &memory{Raster: glass.Raster{
		Pitch:  (bits + w.pad - 1) / w.pad * w.pad / 8,
		Size:   size,
		Format: w.format,
	}}
	if w.shares && m.share(w.d.conn) == nil {
		return m
	}
	w.shares = false
	m.Pix = make([]byte, m.Pitch*size.Y)
	return m
}

// share moves the picture into shared memory. The segment is marked for removal
// at once, so that it goes with the last of the two who use it, even when we
// are killed.
func (m *memory) share(c *xgb.Conn) error {
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, m.Pitch*m.Size.Y, 0o600)
	if err != nil {
		return fmt.Errorf("shared memory: %w", err)
	}
	defer func() { _, _ = unix.SysvShmCtl(id, unix.IPC_RMID, nil) }()
	pix, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		return fmt.Errorf("shared memory: attach: %w", err)
	}
	seg, err := shm.NewSegId(c)
	if err == nil {
		err = shm.AttachChecked(c, seg, uint32(id), true).Check()
	}
	if err != nil {
		_ = unix.SysvShmDetach(pix)
		return fmt.Errorf("shared memory: attach at the server: %w", err)
	}
	m.Pix, m.segment = pix, seg
	return nil
}

// free gives the memory back.
func (m *memory) free(c *xgb.Conn) {
	if m.segment != 0 {
		shm.Detach(c, m.segment)
		_ = unix.SysvShmDetach(m.Pix)
	}
	m.Pix, m.segment = nil, 0
}

// put has the server show the part of the picture inside r, which is not empty.
// It does not wait for it.
func (w *Window) put(m *memory, r image.Rectangle) error {
	if m.segment != 0 {
		shm.PutImage(w.d.conn, xproto.Drawable(w.id), w.gc, uint16(m.Size.X), uint16(m.Size.Y),
			uint16(r.Min.X), uint16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), int16(r.Min.X), int16(r.Min.Y),
			w.d.screen.RootDepth, xproto.ImageFormatZPixmap, 0, m.segment, 0)
		return nil
	}
	return w.send(m, r)
}

// send is put for a server that shares no memory: bands of rows, each within
// the largest request.
func (w *Window) send(m *memory, r image.Rectangle) error {
	const head = 24 // bytes of the request before the pixels
	row := r.Dx() * m.Format.Bytes()
	padded := (row*8 + w.pad - 1) / w.pad * w.pad / 8
	rows := (int(w.d.setup.MaximumRequestLength)*4 - head) / padded
	if rows < 1 {
		return fmt.Errorf("x display: a row of %d bytes is more than the server takes at once", padded)
	}
	for y := r.Min.Y; y < r.Max.Y; y += rows {
		n := min(rows, r.Max.Y-y)
		m.band = m.band[:0]
		for i := range n {
			from := (y+i)*m.Pitch + r.Min.X*m.Format.Bytes()
			m.band = append(m.band, m.Pix[from:from+row]...)
			m.band = append(m.band, make([]byte, padded-row)...)
		}
		xproto.PutImage(w.d.conn, xproto.ImageFormatZPixmap, xproto.Drawable(w.id), w.gc,
			uint16(r.Dx()), uint16(n), int16(r.Min.X), int16(y), 0, w.d.screen.RootDepth, m.band)
	}
	return nil
}
