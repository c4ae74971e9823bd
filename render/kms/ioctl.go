package kms

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The structures of the kernel's interface (include/uapi/drm/drm_mode.h). C
// aligns 64-bit members to eight bytes on 32-bit ARM too, Go to four there: each
// structure has them at multiples of eight and a size that is one, with padding
// written out, so that both agree. TestStructuresHaveTheKernelsSizes holds it.

//nolint:unused // they are the kernel's, whole
type (
	modeInfo struct {
		clock                                         uint32
		hdisplay, hsyncStart, hsyncEnd, htotal, hskew uint16
		vdisplay, vsyncStart, vsyncEnd, vtotal, vscan uint16
		refresh, flags, kind                          uint32
		name                                          [32]byte
	}

	resources struct {
		fbs, crtcs, connectors, encoders     uint64 // pointers to arrays of IDs
		nfbs, ncrtcs, nconnectors, nencoders uint32
		minWidth, maxWidth                   uint32
		minHeight, maxHeight                 uint32
	}

	connector struct {
		encoders, modes, props, values uint64 // pointers to arrays
		nmodes, nprops, nencoders      uint32
		encoder, id                    uint32
		kind, kindID                   uint32
		connection                     uint32
		mmWidth, mmHeight              uint32
		subpixel, _                    uint32
	}

	encoder struct{ id, kind, crtc, possible, clones uint32 }

	crtcSet struct {
		connectors         uint64 // pointer to an array of IDs
		nconnectors        uint32
		id, fb             uint32
		x, y               uint32
		gammaSize, hasMode uint32
		mode               modeInfo
	}

	property struct {
		values, enums   uint64
		id, flags       uint32
		name            [32]byte
		nvalues, nenums uint32
	}

	propertySet struct {
		value         uint64
		id, connector uint32
	}

	dumbCreate struct {
		height, width, bpp, flags uint32
		handle, pitch             uint32
		size                      uint64
	}

	dumbMap struct {
		handle, _ uint32
		offset    uint64
	}

	fbAdd struct{ id, width, height, pitch, bpp, depth, handle uint32 }

	pageFlip struct {
		crtc, fb, flags, _ uint32
		userData           uint64
	}

	fbDirty struct {
		fb, flags, color, nclips uint32
		clips                    uint64 // pointer to an array of clips
	}

	clip struct{ x1, y1, x2, y2 uint16 }

	capability struct{ id, value uint64 }
)

// The numbers of the requests.
const (
	nrGetCap      = 0x0c
	nrSetMaster   = 0x1e
	nrResources   = 0xa0
	nrSetCrtc     = 0xa2
	nrEncoder     = 0xa6
	nrConnector   = 0xa7
	nrProperty    = 0xaa
	nrSetProperty = 0xab
	nrAddFB       = 0xae
	nrRemoveFB    = 0xaf
	nrPageFlip    = 0xb0
	nrDirtyFB     = 0xb1
	nrCreateDumb  = 0xb2
	nrMapDumb     = 0xb3
	nrDestroyDumb = 0xb4
)

const (
	capDumbBuffer = 1

	connected         = 1
	unknownConnection = 3

	modePreferred  = 1 << 3 // in modeInfo.kind
	modeInterlaced = 1 << 4 // in modeInfo.flags

	flipEvent    = 1 // in pageFlip.flags: tell when it has happened
	eventFlipped = 2 // what that event is called

	dpmsOn, dpmsOff = 0, 3
)

// request returns the number of a request that reads and writes size bytes
// (include/uapi/asm-generic/ioctl.h, which amd64, arm and arm64 use).
func request(nr, size uintptr) uintptr {
	const readWrite, kind = 3, 'd'
	return readWrite<<30 | size<<16 | kind<<8 | nr
}

// ioctl asks the card for nr; arg is one of the structures above. Pointers in
// it must be pinned.
func ioctl[T any](fd int, nr uintptr, arg *T) error {
	for {
		_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request(nr, unsafe.Sizeof(*arg)), uintptr(unsafe.Pointer(arg)))
		switch {
		case e == 0:
			return nil
		case errors.Is(e, unix.EINTR), errors.Is(e, unix.EAGAIN):
		default:
			return fmt.Errorf("drm request %#x: %w", nr, e)
		}
	}
}

// address is a pointer as the kernel's structures carry it.
func address[T any](s []T) uint64 {
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(s))))
}
