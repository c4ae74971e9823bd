package soft

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/render"
)

// Every channel of every blend is within the rounding of its two parts and of
// alpha of what real numbers give, and no channel runs over into its neighbour.
func TestOverIsRoundedAsLittleAsTheGPUDoes(t *testing.T) {
	for a := 0; a < 256; a += 3 {
		for m := range 256 {
			for _, c := range [4]int{0, a / 2, a - a/7, a} {
				src := word(color.RGBA{uint8(c), uint8(a), uint8(a - c), uint8(a)})
				for _, d := range [4]uint32{0, 77, 254, 255} {
					got := over(d|d<<8|(255-d)<<16|255<<24, src, uint32(m))
					for i, want := range [4]float64{
						float64(c*m)/255 + float64(d)*(1-float64(a*m)/255/255),
						float64(a*m)/255 + float64(d)*(1-float64(a*m)/255/255),
						float64((a-c)*m)/255 + float64(255-d)*(1-float64(a*m)/255/255),
						255,
					} {
						if ch := float64(got >> (8 * i) & 255); math.Abs(ch-want) > 1.51 {
							t.Fatalf("colour %d of alpha %d through %d over %d: channel %d is %v, want %.2f", c, a, m, d, i, ch, want)
						}
					}
				}
			}
		}
	}
}

func TestFullAndNoCoverageAreExact(t *testing.T) {
	for c := range uint32(256) {
		src := c | (255-c)<<8 | 255<<24
		dst := (255 - c) | c<<8 | c<<16 | 255<<24
		require.Equal(t, src, over(dst, src, 255))
		require.Equal(t, dst, over(dst, src, 0))
	}
}

// An opaque blend never lets the picture become transparent.
func TestAlphaStaysOpaque(t *testing.T) {
	for a := range uint32(256) {
		for m := range uint32(256) {
			require.Equal(t, uint32(255), over(255<<24, a<<24, m)>>24)
		}
	}
}

func TestPicturesBlendByTheirOwnAlphaAndTheOps(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 4, 1))
	img.SetRGBA(0, 0, color.RGBA{})
	img.SetRGBA(1, 0, color.RGBA{100, 0, 0, 100})
	img.SetRGBA(2, 0, color.RGBA{10, 20, 30, 255})
	img.SetRGBA(3, 0, color.RGBA{200, 200, 200, 255})
	f := &render.Frame{Size: image.Pt(4, 1), Ops: []render.Op{
		{Kind: render.BoxOp, Rect: image.Rect(0, 0, 4, 1), Color: color.RGBA{0, 0, 200, 255}},
		{Kind: render.PictureOp, Rect: image.Rect(0, 0, 4, 1), Picture: render.Picture{Source: "x", Size: image.Pt(4, 1)}, Alpha: 255},
	}}
	var p Painter
	got := p.Image(f, one{img})
	require.Equal(t, color.RGBA{0, 0, 200, 255}, got.RGBAAt(0, 0))
	require.Equal(t, color.RGBA{100, 0, 122, 255}, got.RGBAAt(1, 0))
	require.Equal(t, color.RGBA{10, 20, 30, 255}, got.RGBAAt(2, 0))
	f.Ops[1].Alpha = 128
	require.Equal(t, color.RGBA{100, 100, 200, 255}, p.Image(f, one{img}).RGBAAt(3, 0))
}

// one has one picture, whatever is asked for; nil: none yet.
type one struct{ img *image.RGBA }

func (o one) Image(render.Picture) *image.RGBA { return o.img }

// Two opaque pixels at a time is the same as each by itself, at every opacity and
// every length.
func TestFadedPixelsInPairsAreOver(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for alpha := range uint32(255) {
		for n := range 9 {
			src, row := make([]byte, 4*n), make([]byte, 4*n)
			for i := range n {
				c := word(color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255})
				switch r.IntN(4) {
				case 0:
					c = over(0, c, uint32(r.IntN(256)))
				case 1:
					c = 0
				}
				binary.LittleEndian.PutUint32(src[4*i:], c)
				binary.LittleEndian.PutUint32(row[4*i:], r.Uint32()|0xFF000000)
			}
			want := make([]uint32, n)
			for i := range want {
				want[i] = over(binary.LittleEndian.Uint32(row[4*i:]), binary.LittleEndian.Uint32(src[4*i:]), alpha)
			}
			blendFaded(row, src, alpha)
			for i := range want {
				require.Equal(t, want[i], binary.LittleEndian.Uint32(row[4*i:]), "alpha %d, pixel %d of %d", alpha, i, n)
			}
		}
	}
}
