package photo

import (
	"bytes"
	"encoding/binary"
)

// An orientation is how a picture is stored; EXIF 2.32, tag 0x0112.
type orientation uint8

// upright is a picture that is stored as it is seen. 2 to 4 are mirrored or
// upside down; from 5 on rows are stored as columns.
const upright orientation = 1

// orientationOf reads the orientation out of an EXIF block, which is a TIFF
// file: a header, then a directory of twelve-byte entries. Whatever is odd about
// it, the picture is taken to be upright.
func orientationOf(exif []byte) orientation {
	const (
		tag   = 0x0112
		short = 3
	)
	var order binary.ByteOrder
	switch {
	case len(exif) < 8:
		return upright
	case bytes.HasPrefix(exif, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(exif, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return upright
	}
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return upright
	}
	dir := exif[at:]
	for range order.Uint16(dir) {
		dir = dir[min(len(dir), 2):]
		if len(dir) < 12 {
			return upright
		}
		if order.Uint16(dir) == tag && order.Uint16(dir[2:]) == short && order.Uint32(dir[4:]) == 1 {
			if o := order.Uint16(dir[8:]); 1 <= o && o <= 8 {
				return orientation(o)
			}
			return upright
		}
		dir = dir[10:] // and two, at the top
	}
	return upright
}

// exifOfJPEG returns the EXIF block of a JPEG file, or nil.
func exifOfJPEG(data []byte) (exif []byte) {
	jpegSegments(data, func(marker byte, body []byte) bool {
		if marker == 0xE1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			exif = body[6:]
		}
		return exif == nil
	})
	return exif
}

// weightOfJPEG: a progressive one keeps all its coefficients, four bytes each,
// until the end.
func weightOfJPEG(data []byte) int {
	weight := 1
	jpegSegments(data, func(marker byte, _ []byte) bool {
		if marker == 0xC2 {
			weight = 4
		}
		return weight == 1
	})
	return weight
}

// jpegSegments calls next with each segment before the picture itself, until it
// returns false.
func jpegSegments(data []byte, next func(marker byte, body []byte) bool) {
	const startOfScan = 0xDA
	for data = data[min(len(data), 2):]; len(data) >= 4; {
		marker := data[1]
		switch {
		case data[0] != 0xFF || marker == startOfScan:
			return
		case marker == 0xFF: // padding
			data = data[1:]
			continue
		case marker == 0x01 || 0xD0 <= marker && marker <= 0xD9: // alone
			data = data[2:]
			continue
		}
		n := 2 + int(binary.BigEndian.Uint16(data[2:]))
		if n < 4 || n > len(data) || !next(marker, data[4:n]) {
			return
		}
		data = data[n:]
	}
}

// exifOfPNG returns the eXIf chunk of a PNG file, or nil.
func exifOfPNG(data []byte) []byte {
	for data = data[min(len(data), 8):]; len(data) >= 12; {
		n := uint64(binary.BigEndian.Uint32(data))
		if 12+n > uint64(len(data)) {
			return nil
		}
		if string(data[4:8]) == "eXIf" {
			return data[8 : 8+n]
		}
		data = data[12+n:]
	}
	return nil
}

// weightOfPNG: sixteen bits a channel take twice as much.
func weightOfPNG(data []byte) int {
	if len(data) > 24 && data[24] == 16 {
		return 2
	}
	return 1
}

// exifOfWebP returns the EXIF chunk of a WebP file, or nil.
func exifOfWebP(data []byte) []byte {
	for data = data[min(len(data), 12):]; len(data) >= 8; {
		n := uint64(binary.LittleEndian.Uint32(data[4:]))
		if 8+n > uint64(len(data)) {
			return nil
		}
		if string(data[:4]) == "EXIF" {
			return bytes.TrimPrefix(data[8:8+n], []byte("Exif\x00\x00")) // some write it twice
		}
		data = data[min(uint64(len(data)), 8+n+n%2):]
	}
	return nil
}
