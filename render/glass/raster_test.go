package glass

import (
	"encoding/binary"
	"image"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRotationTurnsClockwiseAndBack(t *testing.T) {
	size := image.Pt(5, 3)
	// The frame's upper left corner, and where a turned picture has it.
	corner := []image.Point{{0, 0}, {2, 0}, {4, 2}, {0, 4}}
	for r := range Rotation(4) {
		require.Equal(t, corner[r], r.Turn(image.Point{}, size))
		require.Equal(t, size, r.Size(r.Size(size)))
		seen := map[image.Point]bool{}
		for y := range size.Y {
			for x := range size.X {
				p := image.Pt(x, y)
				q := r.Turn(p, size)
				require.True(t, q.In(image.Rectangle{Max: r.Size(size)}))
				require.False(t, seen[q])
				seen[q] = true
				require.Equal(t, p, r.Back(q, size))
				one := image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))}
				require.Equal(t, image.Rectangle{Min: q, Max: q.Add(image.Pt(1, 1))}, r.Rect(one, size))

				// The middle of a dot, in parts, is the same dot.
				panel := r.Size(size)
				u, v := r.BackPart((float64(q.X)+.5)/float64(panel.X), (float64(q.Y)+.5)/float64(panel.Y))
				require.Equal(t, p, image.Pt(int(u*float64(size.X)), int(v*float64(size.Y))))
			}
		}
	}
}

func TestOnlyQuarterTurnsAreRotations(t *testing.T) {
	for _, d := range []int{0, 90, 180, 270} {
		r, err := ParseRotation(d)
		require.NoError(t, err)
		require.Equal(t, d, r.Degrees())
	}
	for _, d := range []int{-90, 1, 45, 360} {
		_, err := ParseRotation(d)
		require.ErrorContains(t, err, strconv.Itoa(d))
	}
}

// noise returns a picture in which every pixel is another.
func noise(r *rand.Rand, size image.Point) *image.RGBA {
	img := image.NewRGBA(image.Rectangle{Max: size})
	for i := 0; i < len(img.Pix); i += 4 {
		binary.LittleEndian.PutUint32(img.Pix[i:], r.Uint32()|0xff000000)
	}
	return img
}

// Copying any damage, turned any way, into any format writes exactly the pixels
// of the damage and nothing else.
func TestCopyWritesTheDamageAndNothingElse(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	rgb565, err := NewFormat(16, false, 0xf800, 0x07e0, 0x001f)
	require.NoError(t, err)
	packed, err := NewFormat(24, false, 0xff0000, 0xff00, 0xff)
	require.NoError(t, err)
	deep, err := NewFormat(32, true, 0x3ff00000, 0xffc00, 0x3ff)
	require.NoError(t, err)

	for range 100 {
		size := image.Pt(1+r.IntN(150), 1+r.IntN(150))
		src := noise(r, size)
		turn := Rotation(r.IntN(4))
		f := []Format{XRGB, rgb565, packed, deep}[r.IntN(4)]
		panel := turn.Size(size)
		if r.IntN(4) == 0 { // a window that grew or shrank since the frame was made
			panel = panel.Add(image.Pt(r.IntN(20)-10, r.IntN(20)-10))
			panel = image.Pt(max(1, panel.X), max(1, panel.Y))
		}
		m := &Raster{Size: panel, Format: f, Pitch: (panel.X*f.Bytes() + 7) &^ 3}
		m.Pix = make([]byte, m.Pitch*panel.Y)
		for i := range m.Pix {
			m.Pix[i] = 0xa5
		}
		damage := image.Rect(r.IntN(size.X+9)-4, r.IntN(size.Y+9)-4, r.IntN(size.X+9)-4, r.IntN(size.Y+9)-4)
		wrote := m.Copy(src, damage, turn)

		for y := range panel.Y {
			for x := range panel.X {
				at := y*m.Pitch + x*f.Bytes()
				got := m.Pix[at : at+f.Bytes()]
				p := turn.Back(image.Pt(x, y), size)
				if !p.In(damage) || !p.In(src.Rect) {
					for _, b := range got {
						require.EqualValues(t, 0xa5, b, "pixel %d,%d is outside", x, y)
					}
					continue
				}
				require.True(t, image.Pt(x, y).In(wrote))
				c := src.RGBAAt(p.X, p.Y)
				var want [4]byte
				if f.big {
					binary.BigEndian.PutUint32(want[:], f.pixel(c.R, c.G, c.B))
				} else {
					binary.LittleEndian.PutUint32(want[:], f.pixel(c.R, c.G, c.B))
				}
				if f == XRGB {
					want[3] = got[3] // nobody looks at the spare byte
				}
				require.Equal(t, want[:f.Bytes()], got, "pixel %d,%d", x, y)
			}
		}
	}
}

func TestFormatsOfOldAndDeepPanels(t *testing.T) {
	f, err := NewFormat(16, false, 0xf800, 0x07e0, 0x001f)
	require.NoError(t, err)
	require.EqualValues(t, 0xffff, f.pixel(255, 255, 255))
	require.EqualValues(t, 0x8000, f.pixel(0x84, 3, 7), "narrow channels round down")
	f, err = NewFormat(32, false, 0x3ff00000, 0xffc00, 0x3ff)
	require.NoError(t, err)
	require.EqualValues(t, 0x3fffffff, f.pixel(255, 255, 255), "wide channels reach full")

	for _, bad := range [][4]uint32{
		{8, 0xe0, 0x1c, 0x03},              // a palette, in truth
		{32, 0, 0xff00, 0xff},              // no red
		{32, 0xff00ff, 0xff00, 0xff},       // red in two places
		{16, 0xff0000, 0xff00, 0xff},       // beyond the pixel
		{32, 0xff0000, 0xff00, 0xffffffff}, // too wide
	} {
		_, err := NewFormat(int(bad[0]), false, bad[1], bad[2], bad[3])
		require.Error(t, err)
	}
}

func TestOnlyPlausibleSizesCount(t *testing.T) {
	for _, c := range []struct {
		px, mm image.Point
		ok     bool
	}{
		{image.Pt(1920, 1080), image.Pt(941, 529), true},  // 43 inches
		{image.Pt(1080, 1920), image.Pt(529, 941), true},  // turned
		{image.Pt(800, 480), image.Pt(154, 86), true},     // 7 inches
		{image.Pt(1920, 1080), image.Pt(160, 90), true},   // a lie we cannot see
		{image.Pt(1920, 1080), image.Pt(16, 9), false},    // the ratio in place of the size
		{image.Pt(1920, 1080), image.Pt(700, 529), false}, // the size of another panel
		{image.Pt(1920, 1080), image.Pt(0, 0), false},
		{image.Pt(1920, 1080), image.Pt(3000, 1687), false},
		{image.Pt(1920, 1080), image.Pt(529, 941), false},
	} {
		got := PlausibleMM(c.px, c.mm)
		if c.ok {
			require.Equal(t, c.mm, got)
		} else {
			require.Zero(t, got)
		}
	}
}

func BenchmarkCopy(b *testing.B) {
	size := image.Pt(1920, 1080)
	src := image.NewRGBA(image.Rectangle{Max: size})
	for turn := range Rotation(4) {
		panel := turn.Size(size)
		m := &Raster{Size: panel, Format: XRGB, Pitch: 4 * panel.X, Pix: make([]byte, len(src.Pix))}
		b.Run("1920x1080/turn="+strconv.Itoa(turn.Degrees()), func(b *testing.B) {
			b.SetBytes(int64(len(src.Pix)))
			b.ReportAllocs()
			for b.Loop() {
				m.Copy(src, src.Rect, turn)
			}
		})
	}
}
