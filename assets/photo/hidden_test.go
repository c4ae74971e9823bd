package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// where is what no picture may say.
const where = "GPS 55.6761N 12.5683E"

// segment returns a segment of a JPEG.
func segment(marker byte, data string) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(2+len(data)))
	return append(out, data...)
}

// riff adds a chunk to a WebP.
func riff(data []byte, kind string, content []byte) []byte {
	out := append(bytes.Clone(data), kind...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(content)))
	out = append(out, content...)
	if len(content)%2 == 1 {
		out = append(out, 0)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// talkative returns pictures that say where they were taken wherever a format lets
// them.
func talkative(t *testing.T) map[string][]byte {
	t.Helper()
	tiff := append(exif(binary.LittleEndian, 1), where...)
	jpg := encoded(t, "jpeg")
	var segments []byte
	for _, s := range [][]byte{
		segment(0xE1, "Exif\x00\x00"+string(tiff)),
		segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+where+"</x:xmpmeta>"),
		segment(0xE2, "ICC_PROFILE\x00\x01\x01"+where),
		segment(0xED, "Photoshop 3.0\x008BIM\x04\x04"+where),
		segment(0xFE, where),
	} {
		segments = append(segments, s...)
	}
	png := encoded(t, "png")
	chunks := append(chunk("tEXt", []byte("Comment\x00"+where)), chunk("iTXt", []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"+where))...)
	chunks = append(chunks, chunk("eXIf", tiff)...)
	webp := encoded(t, "alpha.webp")
	webp[20] |= 0x08 | 0x04 // it has EXIF and XMP
	g := encoded(t, "gif")
	comment := append([]byte{0x21, 0xFE, byte(len(where))}, where+"\x00"...)
	end := len(g) - 1
	return map[string][]byte{
		"jpeg": append(append(bytes.Clone(jpg[:2]), segments...), append(bytes.Clone(jpg[2:]), where...)...),
		"png":  append(append(bytes.Clone(png[:33]), chunks...), png[33:]...),
		"webp": riff(riff(webp, "EXIF", tiff), "XMP ", []byte(where)),
		"gif":  append(append(bytes.Clone(g[:end]), comment...), g[end:]...),
	}
}

// Issue 4, item 9: whatever a picture says beside its pixels, in every place its
// format has for that, is gone once it is written anew.
func TestWhatAPictureSaysBesideItsPixelsIsGone(t *testing.T) {
	for kind, data := range talkative(t) {
		require.Contains(t, string(data), where, kind)
		img, err := Decode(bytes.NewReader(data), Limits{})
		require.NoError(t, err, kind)
		out, err := Encode(img)
		require.NoError(t, err, kind)
		for _, word := range []string{where, "Exif", "xmp", "ICC", "8BIM", "Me\x00"} {
			require.NotContains(t, string(out), word, kind)
		}
		// There is no segment but those that pixels need.
		for i := 2; i < len(out) && out[i+1] != 0xDA; i += 2 + int(binary.BigEndian.Uint16(out[i+2:])) {
			require.Contains(t, []byte{0xDB, 0xC0, 0xC4}, out[i+1], "%s: segment %#x", kind, out[i+1])
		}
	}
}

// Issue 4, item 9: of a GIF that moves, the first picture is shown, and the others
// cost nothing: a file of a thousand is no more than one, and one that is broken
// after the first is whole.
func TestOnlyTheFirstPictureOfAGIFIsDecoded(t *testing.T) {
	size := image.Rect(0, 0, 500, 500)
	first := image.NewPaletted(size, color.Palette{fields[0], fields[1], fields[2], fields[3]})
	for y := range 500 {
		for x := range 500 {
			first.SetColorIndex(x, y, uint8(y*2/500*2+x*2/500))
		}
	}
	all := &gif.GIF{}
	for range 200 {
		later := image.NewPaletted(size, first.Palette)
		all.Image, all.Delay = append(all.Image, later), append(all.Delay, 4)
	}
	all.Image[0] = first
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, all))
	for name, data := range map[string][]byte{"whole": b.Bytes(), "cut off": b.Bytes()[:b.Len()-2000]} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		img, err := Decode(bytes.NewReader(data), Limits{})
		runtime.ReadMemStats(&after)
		require.NoError(t, err, name)
		require.Equal(t, "RGBY", layout(t, img), name)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20), "%s: two hundred would be 50 MB", name)
	}
}

// A picture that promises more than its file says in another place costs nothing,
// either: WebP's own headers inside the container, and a GIF's picture that is
// larger than its canvas.
func TestHugePictureInsideASmallOneCostsNothing(t *testing.T) {
	lossy := encoded(t, "lossy.webp")
	i := bytes.Index(lossy, []byte{0x9D, 0x01, 0x2A}) // VP8's start code, then 14 bits each
	binary.LittleEndian.PutUint16(lossy[i+3:], 16383)
	binary.LittleEndian.PutUint16(lossy[i+5:], 16383)
	lossless := encoded(t, "lossless.webp")
	i = bytes.Index(lossless, []byte("VP8L")) + 9 // after the signature: 14 bits each
	binary.LittleEndian.PutUint32(lossless[i:], binary.LittleEndian.Uint32(lossless[i:])|(1<<28-1))
	g := encoded(t, "gif")
	i = bytes.IndexByte(g[13:], 0x2C) + 13 // the image descriptor
	binary.LittleEndian.PutUint16(g[i+5:], 40000)
	binary.LittleEndian.PutUint16(g[i+7:], 40000)
	for kind, data := range map[string][]byte{"lossy": lossy, "lossless": lossless, "gif": g} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Decode(bytes.NewReader(data), Limits{})
		runtime.ReadMemStats(&after)
		require.Error(t, err, kind)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20), kind)
	}
}
