package kms

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"tavle/render/glass"
)

// A card is a graphics card of the kernel's. Its methods are those a [Screen]
// needs.
type card struct {
	fd   int
	file *os.File // the same, to wait for flips with a deadline

	events [1024]byte // room for what the kernel tells: whole events of 32 bytes
}

// openCard opens the card at path, or else the first that can have a panel: on
// a Raspberry Pi one card draws in three dimensions and another has the sockets.
// [errNoCard] says that there is none, yet.
func openCard(path string) (*card, error) {
	paths := []string{path}
	if path == "" {
		paths, _ = filepath.Glob("/dev/dri/card*")
		slices.Sort(paths)
	}
	err := errNoCard
	for _, p := range paths {
		c, cerr := open(p)
		if cerr == nil {
			return c, nil
		}
		if !errors.Is(cerr, errNoCard) {
			err = cerr
		}
	}
	return nil, err
}

var errNoCard = errors.New("there is no graphics card with a socket for a panel")

func open(path string) (*card, error) {
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil, errNoCard
	}
	if err != nil {
		return nil, fmt.Errorf("graphics card %s: %w", path, err)
	}
	c := &card{fd: fd, file: os.NewFile(uintptr(fd), path)}
	dumb := capability{id: capDumbBuffer}
	var res resources
	if ioctl(fd, nrGetCap, &dumb) != nil || dumb.value == 0 || ioctl(fd, nrResources, &res) != nil || res.nconnectors == 0 {
		_ = c.file.Close()
		return nil, errNoCard
	}
	return c, nil
}

func (c *card) close() error { return c.file.Close() }

// ids asks for the card's parts. Counts may grow between two questions.
func (c *card) ids() (connectors, crtcs []uint32, err error) {
	for {
		var n resources
		if err := ioctl(c.fd, nrResources, &n); err != nil {
			return nil, nil, err
		}
		// One more each, so that there is an address to pin.
		connectors, crtcs = make([]uint32, n.nconnectors+1), make([]uint32, n.ncrtcs+1)
		r := resources{connectors: address(connectors), crtcs: address(crtcs), nconnectors: n.nconnectors, ncrtcs: n.ncrtcs}
		var pin runtime.Pinner
		pin.Pin(&connectors[0])
		pin.Pin(&crtcs[0])
		err := ioctl(c.fd, nrResources, &r)
		pin.Unpin()
		if err != nil {
			return nil, nil, err
		}
		if r.nconnectors <= n.nconnectors && r.ncrtcs <= n.ncrtcs {
			return connectors[:r.nconnectors], crtcs[:r.ncrtcs], nil
		}
	}
}

// outputs returns where a panel is plugged in, or may be. Asking makes the
// kernel look.
func (c *card) outputs() ([]output, error) {
	connectors, crtcs, err := c.ids()
	if err != nil {
		return nil, err
	}
	var out []output
	for _, id := range connectors {
		o, err := c.output(id, crtcs)
		if err != nil {
			return nil, err
		}
		if o != nil {
			out = append(out, *o)
		}
	}
	return out, nil
}

// output returns what is at a connector, or nil if that is nothing we can use.
func (c *card) output(id uint32, crtcs []uint32) (*output, error) {
	for {
		n := connector{id: id}
		if err := ioctl(c.fd, nrConnector, &n); err != nil {
			return nil, err
		}
		modes := make([]modeInfo, n.nmodes+1)
		encoders, props := make([]uint32, n.nencoders+1), make([]uint32, n.nprops+1)
		values := make([]uint64, n.nprops+1)
		k := connector{
			id:    id,
			modes: address(modes), encoders: address(encoders), props: address(props), values: address(values),
			nmodes: n.nmodes, nencoders: n.nencoders, nprops: n.nprops,
		}
		var pin runtime.Pinner
		pin.Pin(&modes[0])
		pin.Pin(&encoders[0])
		pin.Pin(&props[0])
		pin.Pin(&values[0])
		err := ioctl(c.fd, nrConnector, &k)
		pin.Unpin()
		if err != nil {
			return nil, err
		}
		if k.nmodes > n.nmodes || k.nencoders > n.nencoders || k.nprops > n.nprops {
			continue
		}
		there := k.connection == connected || k.connection == unknownConnection && guessable(k.kind)
		if !there || k.nmodes == 0 {
			return nil, nil
		}
		o := &output{
			name: connectorName(k.kind, k.kindID), connector: id, surely: k.connection == connected,
			mm: image.Pt(int(k.mmWidth), int(k.mmHeight)), modes: modes[:k.nmodes],
		}
		if o.crtc = c.crtc(&k, encoders[:k.nencoders], crtcs); o.crtc == 0 {
			return nil, nil
		}
		o.dpms = c.property(props[:k.nprops], "DPMS")
		return o, nil
	}
}

// crtc returns what can drive a connector: what does so already, or else the
// first that could; 0: nothing.
func (c *card) crtc(k *connector, encoders, crtcs []uint32) uint32 {
	if k.encoder != 0 {
		encoders = append([]uint32{k.encoder}, encoders...)
	}
	for _, id := range encoders {
		e := encoder{id: id}
		if ioctl(c.fd, nrEncoder, &e) != nil {
			continue
		}
		if e.crtc != 0 {
			return e.crtc
		}
		for i, id := range crtcs {
			if i < 32 && e.possible>>i&1 == 1 {
				return id
			}
		}
	}
	return 0
}

// property returns the ID of the property of that name, or 0.
func (c *card) property(ids []uint32, name string) uint32 {
	for _, id := range ids {
		p := property{id: id}
		if ioctl(c.fd, nrProperty, &p) == nil && unix.ByteSliceToString(p.name[:]) == name {
			return id
		}
	}
	return 0
}

// A buffer is a picture in the card's memory.
type buffer struct {
	glass.Raster
	fb, handle uint32
}

// buffer makes a black picture.
func (c *card) buffer(size image.Point) (*buffer, error) {
	d := dumbCreate{width: uint32(size.X), height: uint32(size.Y), bpp: 32}
	if err := ioctl(c.fd, nrCreateDumb, &d); err != nil {
		return nil, fmt.Errorf("picture of %v: %w", size, err)
	}
	b := &buffer{handle: d.handle, Raster: glass.Raster{Pitch: int(d.pitch), Size: size, Format: glass.XRGB}}
	add := fbAdd{width: d.width, height: d.height, pitch: d.pitch, bpp: 32, depth: 24, handle: d.handle}
	if err := ioctl(c.fd, nrAddFB, &add); err != nil {
		c.free(b)
		return nil, fmt.Errorf("picture of %v: %w", size, err)
	}
	b.fb = add.id
	m := dumbMap{handle: d.handle}
	err := ioctl(c.fd, nrMapDumb, &m)
	if err == nil {
		b.Pix, err = unix.Mmap(c.fd, int64(m.offset), int(d.size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	}
	if err != nil {
		c.free(b)
		return nil, fmt.Errorf("picture of %v: memory: %w", size, err)
	}
	return b, nil
}

// free gives a picture back; what is shown goes dark.
func (c *card) free(b *buffer) {
	if b.Pix != nil {
		_ = unix.Munmap(b.Pix)
		b.Pix = nil
	}
	if b.fb != 0 {
		_ = ioctl(c.fd, nrRemoveFB, &b.fb)
	}
	_ = ioctl(c.fd, nrDestroyDumb, &b.handle)
}

// errOthers says that somebody else has the screen.
var errOthers = errors.New("another program draws on this screen (X, Wayland or a second player); only one can")

// show sets the mode and shows b, whatever was shown before.
func (c *card) show(o *output, mode modeInfo, b *buffer) error {
	ids := []uint32{o.connector}
	s := crtcSet{connectors: address(ids), nconnectors: 1, id: o.crtc, fb: b.fb, hasMode: 1, mode: mode}
	var pin runtime.Pinner
	pin.Pin(&ids[0])
	defer pin.Unpin()
	err := ioctl(c.fd, nrSetCrtc, &s)
	if errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM) {
		err = errOthers
	}
	if err != nil {
		return fmt.Errorf("show %v on %s: %w", &mode, o.name, err)
	}
	return nil
}

// flipTimeout is far more than the slowest panel (24 pictures a second) takes.
const flipTimeout = time.Second

// flip shows b from the next refresh on and waits for that.
func (c *card) flip(o *output, b *buffer) error {
	if err := ioctl(c.fd, nrPageFlip, &pageFlip{crtc: o.crtc, fb: b.fb, flags: flipEvent}); err != nil {
		return err
	}
	if err := c.file.SetReadDeadline(time.Now().Add(flipTimeout)); err != nil {
		return fmt.Errorf("flip: %w", err)
	}
	for {
		n, err := c.file.Read(c.events[:])
		if err != nil {
			return fmt.Errorf("flip: %w", err)
		}
		if flipped(c.events[:n]) {
			return nil
		}
	}
}

// flipped reports whether one of the events says that a flip has happened.
func flipped(events []byte) bool {
	for len(events) >= 8 {
		kind, size := binary.NativeEndian.Uint32(events), binary.NativeEndian.Uint32(events[4:])
		if kind == eventFlipped {
			return true
		}
		if size < 8 || int64(size) > int64(len(events)) {
			return false
		}
		events = events[size:]
	}
	return false
}

// dirty says which parts of the picture that is shown have changed, to cards
// that do not look by themselves.
func (c *card) dirty(b *buffer, rects []image.Rectangle) error {
	clips := make([]clip, 0, len(rects)+1)
	for _, r := range rects {
		clips = append(clips, clip{uint16(r.Min.X), uint16(r.Min.Y), uint16(r.Max.X), uint16(r.Max.Y)})
	}
	q := fbDirty{fb: b.fb, nclips: uint32(len(clips)), clips: address(clips[:1])}
	var pin runtime.Pinner
	pin.Pin(&clips[:1][0])
	defer pin.Unpin()
	err := ioctl(c.fd, nrDirtyFB, &q)
	if errors.Is(err, unix.ENOSYS) { // it looks by itself
		return nil
	}
	return err
}

// light switches a panel's light off or on.
func (c *card) light(o *output, on bool) error {
	if o.dpms == 0 {
		return glass.ErrNoLight
	}
	set := propertySet{value: dpmsOff, id: o.dpms, connector: o.connector}
	if on {
		set.value = dpmsOn
	}
	if err := ioctl(c.fd, nrSetProperty, &set); err != nil {
		return fmt.Errorf("light of %s: %w", o.name, err)
	}
	return nil
}
