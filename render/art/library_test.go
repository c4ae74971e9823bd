package art

import (
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/icon"
	"tavle/assets/pictogram"
	"tavle/render"
)

var _ render.Images = (*Library)(nil)

func picture(source string, w, h int) render.Picture {
	return render.Picture{Source: source, Size: image.Pt(w, h)}
}

// The painters find damage by comparing addresses.
func TestTheSameArgumentsGiveTheSameMaskAndPicture(t *testing.T) {
	l := New(1 << 20)
	home, ring := l.Icon("home", 52, 2), l.Ring(98, 5, true)
	require.Same(t, home, l.Icon("home", 52, 2))
	require.NotSame(t, home, l.Icon("home", 52, 2.4))
	require.NotSame(t, home, l.Icon("home", 53, 2))
	require.Same(t, ring, l.Ring(98, 5, true))
	require.NotSame(t, ring, l.Ring(98, 5, false))
	p := picture("picto:bread", 40, 40)
	bread := l.Image(p)
	require.Same(t, bread, l.Image(p))
	p.Crop = render.Crop{Window: image.Rect(0, 0, 40, 40), Radius: 11}
	require.NotSame(t, bread, l.Image(p))
}

func TestFindingWhatIsKeptAllocatesNothing(t *testing.T) {
	l := New(1 << 20)
	p := picture("mono:bread:#FFFFFF", 40, 40)
	l.Icon("home", 52, 2)
	l.Image(p)
	require.Zero(t, testing.AllocsPerRun(20, func() { l.Icon("home", 52, 2); l.Image(p) }))
}

func TestEverythingCanBeDrawn(t *testing.T) {
	l := New(1 << 20)
	for _, name := range icon.Names() {
		require.True(t, l.HasIcon(name))
		require.NotZero(t, area(l.Icon(name, 32, 2).Pix), name)
	}
	for _, name := range pictogram.Names() {
		for _, source := range []string{"picto:" + name, "mono:" + name + ":#FFFFFF"} {
			require.True(t, l.Has(source), source)
			img := l.Image(picture(source, 32, 32))
			require.NotZero(t, area(img.Pix), source)
			require.Zero(t, img.RGBAAt(0, 0).A, "%s reaches into the corner", source)
		}
	}
	require.True(t, l.Has("logo"))
}

// A house whose symbols are newer than its screens gets a calm square.
func TestAnUnknownNameIsAPlainSquare(t *testing.T) {
	l := New(1 << 20)
	for _, source := range []string{"picto:", "picto:no-such", "mono:no-such:#FFFFFF", "mono:bread:blue", "mono:", "sky:noon"} {
		require.False(t, l.Has(source), source)
		require.NotNil(t, l.Image(picture(source, 48, 48)), source)
	}
	require.Equal(t, l.Image(picture("picto:a", 48, 48)).Pix, l.Image(picture("picto:b", 48, 48)).Pix)
	require.False(t, l.HasIcon("no-such"))
	require.Equal(t, l.Icon("a", 24, 2).Pix, l.Icon("../home", 24, 2).Pix)
}

func TestOtherSourcesAreNotOurs(t *testing.T) {
	l := New(1 << 20)
	for _, source := range []string{"photo:sha256-00", "", "home"} {
		require.Nil(t, l.Image(picture(source, 48, 48)), source)
		require.False(t, l.Has(source), source)
	}
	require.Nil(t, l.Image(picture("picto:bread", 0, 48)))
	require.Nil(t, l.Image(picture("sky:day", 48, -1)))
	require.Equal(t, &render.Mask{}, l.Icon("home", 0, 2))
	require.Equal(t, &render.Mask{}, l.Ring(-3, 5, true))
}

func TestPicturesHaveTheSizeAskedForAndAreCut(t *testing.T) {
	l := New(1 << 20)
	p := picture("sky:day", 60, 40)
	p.Crop = render.Crop{Window: image.Rect(10, 10, 50, 40), Radius: 8}
	img := l.Image(p)
	require.Equal(t, image.Rect(0, 0, 60, 40), img.Rect)
	require.Zero(t, img.RGBAAt(5, 20).A)
	require.Zero(t, img.RGBAAt(10, 10).A, "a corner")
	require.EqualValues(t, 255, img.RGBAAt(30, 25).A)
}

func TestMonoHasItsColour(t *testing.T) {
	l := New(1 << 20)
	img := l.Image(picture("mono:star:#FFD400", 32, 32))
	require.Equal(t, color.RGBA{0xFF, 0xD4, 0, 255}, img.RGBAAt(16, 16))
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	const limit = 200 << 10
	l := New(limit)
	for i := range 300 {
		l.Icon("home", 20+i, 2)
		l.Image(picture("picto:bread", 10+i%100, 10+i%90))
		require.LessOrEqual(t, l.kept.Bytes(), limit)
	}
}

func TestRings(t *testing.T) {
	const d, w = 98, 5
	whole := area(ring(d, w, false))
	require.InEpsilon(t, 3.14159*(49*49-44*44), whole, 0.01)
	dashed := ring(d, w, true)
	require.InEpsilon(t, whole*2/3, area(dashed), 0.03, "two parts dash, one part gap")
	require.EqualValues(t, 255, dashed[2*d+d/2], "a dash is in the middle of the top")
	for y := range d {
		for x := range d / 2 {
			require.Equal(t, dashed[y*d+x], dashed[y*d+d-1-x], "left and right are mirrored at %d,%d", x, y)
		}
	}
	for _, size := range []int{0, 1, 2, 3} {
		require.NotPanics(t, func() { ring(size, 5, true) })
	}
}

func BenchmarkDraw(b *testing.B) {
	for _, c := range []struct {
		name string
		draw func(l *Library)
	}{
		{"icon 52", func(l *Library) { l.Icon("wash-machine", 52, 2) }},
		{"pictogram 72", func(l *Library) { l.Image(picture("picto:artist-palette", 72, 72)) }},
		{"ring 98", func(l *Library) { l.Ring(98, 5, true) }},
		{"sky 1920x392", func(l *Library) { l.Image(picture("sky:day", 1920, 392)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.draw(New(1 << 20))
			}
		})
	}
}
