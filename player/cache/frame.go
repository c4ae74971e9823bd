package cache

// The outbox file:
//
//	0    head: magic 8 │ outbox id 16 │ box of the outbox key, under the unlock key
//	512  frames, one after the other:  blocks 2 │ box │ to a multiple of 64 bytes
//	…    zeros to the end: space that is already ours
//
// The key is in the keyring as well, so that a damaged head, or a lost keyring,
// costs nothing; both must go for the touches to go.
//
// A frame is stamped with the generation of the file, which grows when it is
// rewritten, and its index. Frames start at multiples of 64, so that after a
// damaged one the next good one is found.

import (
	"encoding/binary"
	"fmt"
	"io"

	"tavle/player/seal"
)

const (
	outboxMagic = "tavleob\x01"
	headSize    = 512
	headFixed   = len(outboxMagic) + 16

	frameAlign = 64
	frameHead  = 2

	// maxFrame is the largest frame, in bytes: 32 results of 80 bytes and a
	// mutation of 500 characters, each of which JSON may write as six, fit twice.
	maxFrame = 8 << 10
)

// head returns the head of the file of that outbox.
func outboxHead(secret, key seal.Key, id seal.ID, random io.Reader) ([]byte, error) {
	unlock, err := seal.Unlock(secret, seal.Key{}, id)
	if err != nil {
		return nil, err
	}
	defer unlock.Destroy()
	box, err := unlock.SealKey(headPlace(id), key, random)
	if err != nil {
		return nil, err
	}
	b := make([]byte, headSize)
	n := copy(b, outboxMagic)
	n += copy(b[n:], id[:])
	copy(b[n:], box)
	return b, nil
}

// openHead returns what a head holds, or [seal.ErrSealed].
func openHead(b []byte, secret seal.Key) (seal.Key, seal.ID, error) {
	if len(b) < headSize || string(b[:len(outboxMagic)]) != outboxMagic {
		return seal.Key{}, seal.ID{}, fmt.Errorf("%w: not an outbox of this version", seal.ErrSealed)
	}
	id := seal.ID(b[len(outboxMagic):headFixed])
	unlock, err := seal.Unlock(secret, seal.Key{}, id)
	if err != nil {
		return seal.Key{}, seal.ID{}, err
	}
	defer unlock.Destroy()
	key, err := unlock.OpenKey(headPlace(id), b[headFixed:headFixed+seal.SealedSize(seal.KeySize, seal.PadRecord)])
	return key, id, err
}

func headPlace(id seal.ID) seal.Place  { return seal.Place{Cache: id, Bucket: 'w'} }
func framePlace(id seal.ID) seal.Place { return seal.Place{Cache: id, Bucket: 'o'} }

// sealFrame returns payload as a frame. Its size is a multiple of [frameAlign]:
// overhead and length of a box, and the two bytes before it, make 64.
func sealFrame(key seal.Key, id seal.ID, gen, index uint64, payload []byte, random io.Reader) ([]byte, error) {
	box, err := key.Seal(framePlace(id), seal.Stamp{Epoch: gen, Seq: index}, payload, seal.PadRecord, random)
	if err != nil {
		return nil, err
	}
	n := frameSize(len(payload))
	if n > maxFrame {
		return nil, fmt.Errorf("frame of %d bytes, want at most %d", n, maxFrame)
	}
	f := make([]byte, n)
	binary.BigEndian.PutUint16(f, uint16(len(box))) // at most maxFrame
	copy(f[frameHead:], box)
	return f, nil
}

// frameSize returns the size of the frame around n bytes of payload.
func frameSize(n int) int { return aligned(frameHead + seal.SealedSize(n, seal.PadRecord)) }

func aligned(n int) int { return (n + frameAlign - 1) / frameAlign * frameAlign }

// openFrame returns the payload of the frame that b starts with, its stamp, and
// its size.
func openFrame(key seal.Key, id seal.ID, b []byte) (payload []byte, stamp seal.Stamp, size int, err error) {
	if len(b) < frameHead {
		return nil, stamp, 0, seal.ErrSealed
	}
	n := int(binary.BigEndian.Uint16(b))
	size = aligned(frameHead + n)
	if size > maxFrame || size > len(b) {
		return nil, stamp, 0, seal.ErrSealed
	}
	payload, stamp, err = key.Open(framePlace(id), b[frameHead:frameHead+n])
	return payload, stamp, size, err
}

// A scan is what was found in the bytes after the head.
type scan struct {
	payloads [][]byte
	first    uint64 // index of the first frame; 0 in a whole file
	gen      uint64 // of the file
	index    uint64 // of the next frame
	end      int    // where the next frame goes
	lost     uint64 // frames that are missing in the middle
	torn     bool   // something unreadable stands after the last good frame
}

// scanFrames reads every frame it can. What does not open is skipped, block by
// block; whether it was torn off at the end or damaged in the middle shows by
// what comes after it.
func scanFrames(key seal.Key, id seal.ID, b []byte) scan {
	var s scan
	dirty := false // since the last good frame
	for at := 0; at < len(b); {
		if len(b)-at >= frameHead && b[at] == 0 && b[at+1] == 0 { // free, or zeroed by damage
			dirty = dirty || !allZero(b[at:min(at+frameAlign, len(b))])
			at += frameAlign
			continue
		}
		payload, stamp, size, err := openFrame(key, id, b[at:])
		good := err == nil && stamp.Seq >= s.index && (len(s.payloads) == 0 || stamp.Epoch == s.gen)
		if !good {
			dirty = true
			at += frameAlign
			continue
		}
		if len(s.payloads) == 0 {
			s.first = stamp.Seq
		}
		s.lost += stamp.Seq - s.index
		s.gen, s.index = stamp.Epoch, stamp.Seq+1
		s.payloads = append(s.payloads, payload)
		at += size
		s.end, dirty = at, false
	}
	s.torn = dirty
	return s
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
