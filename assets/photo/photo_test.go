package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Four fields: red, green above; blue, yellow below; 32×16 pixels.
var fields = [4]color.NRGBA{{200, 30, 30, 255}, {30, 160, 30, 255}, {30, 30, 200, 255}, {220, 220, 40, 255}}

func fourFields(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, fields[y*2/h*2+x*2/w])
		}
	}
	return m
}

// layout names the fields of a picture: its corners row by row.
func layout(t testing.TB, img image.Image) string {
	b := img.Bounds()
	var out strings.Builder
	for i := range 4 {
		x, y := b.Min.X+b.Dx()*(1+i%2*2)/4, b.Min.Y+b.Dy()*(1+i/2*2)/4
		r, g, bl, _ := img.At(x, y).RGBA()
		name := "?"
		for k, f := range fields {
			if far(r, f.R)+far(g, f.G)+far(bl, f.B) < 60 {
				name = "RGBY"[k : k+1]
			}
		}
		out.WriteString(name)
	}
	return out.String()
}

func far(got uint32, want uint8) int {
	d := int(got>>8) - int(want)
	return max(d, -d)
}

func encoded(t testing.TB, format string) []byte {
	var b bytes.Buffer
	m := fourFields(32, 16)
	switch format {
	case "jpeg":
		require.NoError(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}))
	case "png":
		require.NoError(t, png.Encode(&b, m))
	case "gif":
		p := image.NewPaletted(m.Rect, color.Palette{fields[0], fields[1], fields[2], fields[3]})
		draw.Draw(p, p.Rect, m, image.Point{}, draw.Src)
		later := image.NewPaletted(m.Rect, p.Palette) // of an animation
		require.NoError(t, gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{p, later}, Delay: []int{9, 9}}))
	default:
		data, err := os.ReadFile("testdata/" + format)
		require.NoError(t, err)
		return data
	}
	return b.Bytes()
}

var kinds = []string{"jpeg", "png", "gif", "lossy.webp", "lossless.webp", "alpha.webp"}

func TestFourFormatsAreDecodedByContent(t *testing.T) {
	for _, kind := range kinds {
		img, err := Decode(bytes.NewReader(encoded(t, kind)), Limits{})
		require.NoError(t, err, kind)
		require.Equal(t, image.Pt(32, 16), img.Bounds().Size(), kind)
		require.Equal(t, "RGB", layout(t, img)[:3], kind)
	}
}

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// exif returns an EXIF block that says how a picture is turned.
func exif(order byteOrder, o uint16) []byte {
	b := []byte("II*\x00\x08\x00\x00\x00")
	if order == byteOrder(binary.BigEndian) {
		b = []byte("MM\x00*\x00\x00\x00\x08")
	}
	put16 := func(v uint16) { b = order.AppendUint16(b, v) }
	put16(2)
	put16(0x010F) // the camera's maker, to be passed over
	put16(2)
	b = order.AppendUint32(b, 3)
	b = append(b, "Me\x00\x00"...)
	put16(0x0112)
	put16(3)
	b = order.AppendUint32(b, 1)
	put16(o)
	put16(0)
	return order.AppendUint32(b, 0)
}

func withEXIF(data, block []byte) []byte {
	seg := append([]byte("Exif\x00\x00"), block...)
	out := []byte{0xFF, 0xD8, 0xFF, 0xE1}
	out = binary.BigEndian.AppendUint16(out, uint16(2+len(seg)))
	out = append(out, seg...)
	return append(out, data[2:]...)
}

func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(b, kind...)
	b = append(b, data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// What is seen for each way of storing (EXIF 2.32): corners row by row.
func TestPicturesAreTurnedUpright(t *testing.T) {
	seen := map[uint16]string{1: "RGBY", 2: "GRYB", 3: "YBGR", 4: "BYRG", 5: "RBGY", 6: "BRYG", 7: "YGBR", 8: "GYRB"}
	for o, want := range seen {
		for _, order := range []byteOrder{binary.LittleEndian, binary.BigEndian} {
			img, err := Decode(bytes.NewReader(withEXIF(encoded(t, "jpeg"), exif(order, o))), Limits{})
			require.NoError(t, err)
			size := image.Pt(32, 16)
			if o >= 5 {
				size = image.Pt(16, 32)
			}
			require.Equal(t, image.Rectangle{Max: size}, img.Bounds(), "orientation %d", o)
			require.Equal(t, want, layout(t, img), "orientation %d", o)
			require.Equal(t, want, layout(t, Cover(img, size.X*2, size.Y*2)), "orientation %d, larger", o)
			require.Equal(t, want, layout(t, Cover(img, size.X/4, size.Y/4)), "orientation %d, smaller", o)
			again, err := Encode(img)
			require.NoError(t, err)
			back, err := Decode(bytes.NewReader(again), Limits{})
			require.NoError(t, err)
			require.Equal(t, want, layout(t, back), "orientation %d, written", o)
		}
	}
	data := encoded(t, "png")
	turned := append(append(bytes.Clone(data[:33]), chunk("eXIf", exif(binary.BigEndian, 6))...), data[33:]...)
	img, err := Decode(bytes.NewReader(turned), Limits{})
	require.NoError(t, err)
	require.Equal(t, seen[6], layout(t, img), "PNG")
	img, err = Decode(bytes.NewReader(encoded(t, "turned.webp")), Limits{})
	require.NoError(t, err)
	require.Equal(t, seen[6], layout(t, img), "WebP")
}

func TestOddEXIFIsPassedOver(t *testing.T) {
	good := exif(binary.LittleEndian, 6)
	for i := range good {
		require.NotPanics(t, func() { orientationOf(good[:i]) })
	}
	require.Equal(t, orientation(6), orientationOf(good))
	require.Equal(t, upright, orientationOf(exif(binary.LittleEndian, 0)))
	require.Equal(t, upright, orientationOf(exif(binary.LittleEndian, 9)))
	require.Equal(t, upright, orientationOf([]byte("II*\x00\xFF\xFF\xFF\xFF")))
	require.Equal(t, upright, orientationOf([]byte("no such thing")))
}

func TestWhatIsNoPictureIsRefusedByName(t *testing.T) {
	for data, want := range map[string]string{
		"":                           "it is empty",
		"Kære alle, her er billedet": "it is text",
		"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<svg>": "it is SVG",
		" <svg xmlns=":                     "it is SVG",
		"<!DOCTYPE html><html>":            "it is a web page",
		"\x00\x00\x00\x18ftypheic\x00\x00": "it is HEIC, as iPhones take them",
		"\x00\x00\x00\x18ftypmif1\x00\x00": "it is HEIC",
		"\x00\x00\x00\x1Cftypavif\x00\x00": "it is AVIF",
		"\x00\x00\x00\x20ftypisom\x00\x00": "it is a video",
		"II*\x00\x00\x00":                  "it is TIFF",
		"BM\x00\x00\x00\x00":               "it is BMP",
		"%PDF-1.7":                         "it is PDF",
		"PK\x03\x04":                       "it is a ZIP archive",
		"\x00\x01\x02\x03":                 "its format is not known",
		"\xFF\xD8\xFF":                     "JPEG: unexpected EOF",
		"\x89PNG\r\n\x1A\n":                "PNG: unexpected EOF",
		"GIF89a":                           "GIF: ",
		"RIFF\x00\x00\x00\x00WEBP":         "WebP: ",
		string(encoded(t, "png")[:60]):     "PNG: ",
		string(encoded(t, "jpeg")[:300]):   "JPEG: ",
		string(withEXIF(encoded(t, "jpeg"), make([]byte, 60)))[:80]: "JPEG: ",
	} {
		_, err := Decode(strings.NewReader(data), Limits{})
		require.ErrorContains(t, err, want, "%.20q", data)
		require.ErrorContains(t, err, "picture: ", "%.20q", data)
	}
}

// bomb returns a file whose header promises w×h pixels.
func bomb(t testing.TB, kind string, w, h int) []byte {
	data := encoded(t, kind)
	switch kind {
	case "jpeg":
		i := bytes.Index(data, []byte{0xFF, 0xC0})
		binary.BigEndian.PutUint16(data[i+5:], uint16(h))
		binary.BigEndian.PutUint16(data[i+7:], uint16(w))
	case "png":
		binary.BigEndian.PutUint32(data[16:], uint32(w))
		binary.BigEndian.PutUint32(data[20:], uint32(h))
		binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	case "gif":
		binary.LittleEndian.PutUint16(data[6:], uint16(w))
		binary.LittleEndian.PutUint16(data[8:], uint16(h))
	case "alpha.webp": // the canvas, in a VP8X chunk
		put := func(at, v int) { data[at], data[at+1], data[at+2] = byte(v), byte(v>>8), byte(v>>16) }
		put(24, w-1)
		put(27, h-1)
	}
	return data
}

// A picture of 40,000 × 40,000 would take 4.8 GB.
func TestAHugePictureCostsNothing(t *testing.T) {
	for _, kind := range []string{"jpeg", "png", "gif", "alpha.webp"} {
		data := bomb(t, kind, 40000, 40000)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Decode(bytes.NewReader(data), Limits{})
		runtime.ReadMemStats(&after)
		// Where an int has 32 bits, image/png itself finds that too much.
		require.Error(t, err, kind)
		require.Regexp(t, "40000 × 40000 pixels are more than 50.0 million|dimension overflow", err.Error(), kind)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20), kind)
	}
}

func TestLimits(t *testing.T) {
	data := encoded(t, "png")
	_, err := Decode(bytes.NewReader(data), Limits{Pixels: 32 * 16})
	require.NoError(t, err)
	_, err = Decode(bytes.NewReader(data), Limits{Pixels: 32*16 - 1})
	require.ErrorContains(t, err, "32 × 16 pixels are more than")
	_, err = Decode(bytes.NewReader(data), Limits{Bytes: len(data)})
	require.NoError(t, err)
	_, err = Decode(endless{}, Limits{Bytes: 3 << 20})
	require.ErrorContains(t, err, "it has more than 3 MB")
	_, err = Decode(broken{}, Limits{})
	require.ErrorContains(t, err, "picture: the cable came out")
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, fmt.Errorf("the cable came out") }

// What takes more memory to decode counts as larger.
func TestProgressiveAndDeepPicturesCountAsLarger(t *testing.T) {
	data := encoded(t, "jpeg")
	i := bytes.Index(data, []byte{0xFF, 0xC0})
	data[i+1] = 0xC2
	_, err := Decode(bytes.NewReader(data), Limits{Pixels: 32*16*4 - 1})
	require.ErrorContains(t, err, "pixels are more than")

	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, image.NewNRGBA64(image.Rect(0, 0, 10, 10))))
	_, err = Decode(bytes.NewReader(b.Bytes()), Limits{Pixels: 199})
	require.ErrorContains(t, err, "pixels are more than")
	_, err = Decode(bytes.NewReader(b.Bytes()), Limits{Pixels: 200})
	require.NoError(t, err)
}

func TestCoverKeepsTheMiddleAndTheUpperPart(t *testing.T) {
	// A ruler: the colour says where a pixel was.
	wide, tall := image.NewNRGBA(image.Rect(0, 0, 400, 100)), image.NewNRGBA(image.Rect(0, 0, 100, 400))
	for i := range 400 {
		for k := range 100 {
			c := color.NRGBA{uint8(i / 2), 0, 0, 255}
			wide.SetNRGBA(i, k, c)
			tall.SetNRGBA(k, i, c)
		}
	}
	w := Cover(wide, 100, 100)
	require.InDelta(t, 75, w.RGBAAt(0, 50).R, 1, "150 of 400 are lost on the left")
	require.InDelta(t, 124, w.RGBAAt(99, 50).R, 1)
	h := Cover(tall, 100, 100)
	require.InDelta(t, 52, h.RGBAAt(50, 0).R, 1, "105 of 400 are lost above")
	require.InDelta(t, 102, h.RGBAAt(50, 99).R, 1)
}

// Every size, up and down, of every kind: right bounds, no holes, same fields.
func TestCoverOfAnySize(t *testing.T) {
	for _, kind := range kinds {
		img, err := Decode(bytes.NewReader(encoded(t, kind)), Limits{})
		require.NoError(t, err)
		for _, size := range []image.Point{{1, 1}, {3, 200}, {200, 3}, {32, 16}, {64, 32}, {8, 4}, {84, 84}} {
			out := Cover(img, size.X, size.Y)
			require.Equal(t, image.Rectangle{Max: size}, out.Rect)
			for i := 3; i < len(out.Pix); i += 4 {
				if a := out.Pix[i]; a == 0 || a < 255 && kind != "alpha.webp" {
					t.Fatalf("%s at %v has a hole", kind, size)
				}
			}
		}
		require.Equal(t, "RGB", layout(t, Cover(img, 64, 32))[:3], kind)
	}
	require.Equal(t, image.Rect(0, 0, 0, 5), Cover(fourFields(4, 4), -1, 5).Rect)
	require.Equal(t, image.Rect(0, 0, 5, 5), Cover(image.NewRGBA(image.Rectangle{}), 5, 5).Rect)
}

func TestScalingToTheSameSizeChangesNothing(t *testing.T) {
	img := fourFields(37, 23)
	require.Equal(t, img.Pix, Cover(img, 37, 23).Pix)
}

// An even surface stays even and as bright as it was, at every size.
func TestScalingNeitherDarkensNorRings(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 123, 77))
	for i := range grey.Pix {
		grey.Pix[i] = 200
	}
	for _, size := range []image.Point{{1, 1}, {7, 5}, {61, 40}, {122, 76}, {124, 78}, {500, 31}} {
		out := Cover(grey, size.X, size.Y)
		for i, v := range out.Pix {
			if want := []uint8{200, 200, 200, 255}[i%4]; v != want {
				t.Fatalf("%v: channel %d is %d, want %d", size, i%4, v, want)
			}
		}
	}
	// At the edge of what is transparent a spline swings over.
	half := image.NewNRGBA(image.Rect(0, 0, 40, 1))
	for x := range 20 {
		half.SetNRGBA(x, 0, color.NRGBA{255, 255, 255, 255})
	}
	out := Cover(half, 173, 4)
	for i := 0; i < len(out.Pix); i += 4 {
		require.LessOrEqual(t, out.Pix[i], out.Pix[i+3], "no brighter than its alpha")
	}
}

// A large reduction weighs every pixel alike: a fine checkerboard becomes grey,
// not a pattern.
func TestLargeReductionsDoNotFlicker(t *testing.T) {
	board := image.NewGray(image.Rect(0, 0, 1001, 803))
	for i := range board.Pix {
		if (i%1001+i/1001)%2 == 0 {
			board.Pix[i] = 255
		}
	}
	out := Cover(board, 50, 40)
	for i := 0; i < len(out.Pix); i += 4 {
		require.InDelta(t, 127, out.Pix[i], 3)
	}
}

func TestWrittenPicturesHaveNothingButPixels(t *testing.T) {
	data := withEXIF(encoded(t, "jpeg"), append(exif(binary.LittleEndian, 6), "GPS 55.6761N 12.5683E"...))
	require.Contains(t, string(data), "GPS")
	img, err := Decode(bytes.NewReader(data), Limits{})
	require.NoError(t, err)
	out, err := Encode(img)
	require.NoError(t, err)
	require.NotContains(t, string(out), "GPS")
	require.NotContains(t, string(out), "Exif")
	jpegSegments(out, func(marker byte, _ []byte) bool {
		require.False(t, 0xE1 <= marker && marker <= 0xEF || marker == 0xFE, "segment %x", marker)
		return true
	})
}

func TestWrittenPicturesAreAtMost1600Long(t *testing.T) {
	for _, c := range []struct{ in, want image.Point }{
		{image.Pt(3200, 1600), image.Pt(1600, 800)},
		{image.Pt(100, 4000), image.Pt(40, 1600)},
		{image.Pt(5000, 1), image.Pt(1600, 1)},
		{image.Pt(640, 480), image.Pt(640, 480)},
	} {
		out, err := Encode(image.NewGray(image.Rectangle{Max: c.in}))
		require.NoError(t, err)
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(out))
		require.NoError(t, err)
		require.Equal(t, c.want, image.Pt(cfg.Width, cfg.Height))
		_, err = Decode(bytes.NewReader(out), Stored)
		require.NoError(t, err)
	}
	_, err := Encode(image.NewRGBA(image.Rectangle{}))
	require.ErrorContains(t, err, "no pixels")
	white, err := Encode(image.NewNRGBA(image.Rect(0, 0, 8, 8)))
	require.NoError(t, err)
	img, err := jpeg.Decode(bytes.NewReader(white))
	require.NoError(t, err)
	r, _, _, _ := img.At(4, 4).RGBA()
	require.InDelta(t, 0xFFFF, r, 0x300, "what was transparent is white")
}

func FuzzDecode(f *testing.F) {
	for _, kind := range append(kinds, "turned.webp") {
		f.Add(encoded(f, kind))
	}
	f.Add(withEXIF(encoded(f, "jpeg"), exif(binary.BigEndian, 5)))
	f.Fuzz(func(t *testing.T, data []byte) {
		const pixels = 1 << 14
		img, err := Decode(bytes.NewReader(data), Limits{Bytes: 1 << 20, Pixels: pixels})
		if err != nil {
			return
		}
		if b := img.Bounds(); b.Dx()*b.Dy() > pixels {
			t.Fatalf("%v pixels", b)
		}
		Cover(img, 13, 7)
		if _, err := Encode(img); err != nil && !img.Bounds().Empty() {
			t.Fatal(err)
		}
	})
}

func FuzzOrientation(f *testing.F) {
	f.Add(exif(binary.LittleEndian, 6))
	f.Add(exif(binary.BigEndian, 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := orientationOf(data); o < 1 || o > 8 {
			t.Fatal(o)
		}
		exifOfJPEG(data)
		exifOfPNG(data)
		exifOfWebP(data)
	})
}

func BenchmarkCover(b *testing.B) {
	img := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	small := image.NewYCbCr(image.Rect(0, 0, 480, 480), image.YCbCrSubsampleRatio420)
	for _, c := range []struct {
		name string
		img  image.Image
		w, h int
	}{{"12 MP to 1040x660", img, 1040, 660}, {"12 MP to 84x84", img, 84, 84}, {"480x480 to 84x84", small, 84, 84}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Cover(c.img, c.w, c.h)
			}
		})
	}
}
