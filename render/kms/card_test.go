package kms

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"path/filepath"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// The sizes of include/uapi/drm/drm_mode.h, which the request numbers carry. The
// test runs on 32-bit ARM too (under qemu-user), where Go and C align differently.
func TestStructuresHaveTheKernelsSizes(t *testing.T) {
	for name, c := range map[string][2]uintptr{
		"drm_mode_modeinfo":               {68, unsafe.Sizeof(modeInfo{})},
		"drm_mode_card_res":               {64, unsafe.Sizeof(resources{})},
		"drm_mode_get_connector":          {80, unsafe.Sizeof(connector{})},
		"drm_mode_get_encoder":            {20, unsafe.Sizeof(encoder{})},
		"drm_mode_crtc":                   {104, unsafe.Sizeof(crtcSet{})},
		"drm_mode_get_property":           {64, unsafe.Sizeof(property{})},
		"drm_mode_connector_set_property": {16, unsafe.Sizeof(propertySet{})},
		"drm_mode_create_dumb":            {32, unsafe.Sizeof(dumbCreate{})},
		"drm_mode_map_dumb":               {16, unsafe.Sizeof(dumbMap{})},
		"drm_mode_fb_cmd":                 {28, unsafe.Sizeof(fbAdd{})},
		"drm_mode_crtc_page_flip":         {24, unsafe.Sizeof(pageFlip{})},
		"drm_mode_fb_dirty_cmd":           {24, unsafe.Sizeof(fbDirty{})},
		"drm_clip_rect":                   {8, unsafe.Sizeof(clip{})},
		"drm_get_cap":                     {16, unsafe.Sizeof(capability{})},
	} {
		require.Equal(t, c[0], c[1], name)
	}
	require.EqualValues(t, 24, unsafe.Offsetof(dumbCreate{}.size))
	require.EqualValues(t, 16, unsafe.Offsetof(fbDirty{}.clips))
	require.EqualValues(t, 36, unsafe.Offsetof(crtcSet{}.mode))
	// DRM_IOCTL_MODE_SETCRTC, as every libdrm has it.
	require.Equal(t, uintptr(0xc06864a2), request(nrSetCrtc, unsafe.Sizeof(crtcSet{})))
}

func TestModeIsThePreferredUnlessItIsTooMuch(t *testing.T) {
	p := uint32(modePreferred)
	interlaced := modeOf(1920, 1080, p)
	interlaced.flags = modeInterlaced
	fifty := modeOf(1920, 1080, 0)
	fifty.refresh = 50
	for _, c := range []struct {
		name  string
		modes []modeInfo
		want  string
		mode  string
		asked bool
	}{
		{"one", []modeInfo{modeOf(800, 480, 0)}, "", "800x480@60", false},
		{"preferred", []modeInfo{modeOf(1024, 768, 0), modeOf(1280, 800, p)}, "", "1280x800@60", false},
		{"first where none is preferred", []modeInfo{modeOf(1024, 768, 0), modeOf(640, 480, 0)}, "", "1024x768@60", false},
		{"asked for", []modeInfo{modeOf(1920, 1080, p), modeOf(1280, 720, 0)}, "1280x720", "1280x720@60", true},
		{"asked for with its rate", []modeInfo{modeOf(1920, 1080, p), fifty}, "1920x1080@50", "1920x1080@50", true},
		{"asked for and not there", []modeInfo{modeOf(1920, 1080, p)}, "1280x72", "1920x1080@60", false},
		{"4K television", []modeInfo{modeOf(3840, 2160, p), modeOf(1280, 720, 0), modeOf(1920, 1080, 0), modeOf(1024, 768, 0)}, "", "1920x1080@60", false},
		{"4K asked for", []modeInfo{modeOf(3840, 2160, p), modeOf(1920, 1080, 0)}, "3840x2160", "3840x2160@60", true},
		{"large and no other of its shape", []modeInfo{modeOf(2560, 1600, p), modeOf(1024, 768, 0)}, "", "2560x1600@60", false},
		{"16:9 as it is sold", []modeInfo{modeOf(3840, 2160, p), modeOf(1366, 768, 0)}, "", "1366x768@60", false},
		{"no interlace", []modeInfo{interlaced, modeOf(1280, 720, 0)}, "", "1280x720@60", false},
		{"interlace where there is nothing else", []modeInfo{interlaced}, "", "1920x1080@60", false},
	} {
		m, asked := choose(c.modes, c.want)
		require.Equal(t, c.mode, m.String(), c.name)
		require.Equal(t, c.asked, asked, c.name)
	}
}

func TestOutputIsTheNamedOrTheFirstWithAPanel(t *testing.T) {
	all := []output{{name: "DSI-1"}, {name: "HDMI-A-1", surely: true}, {name: "HDMI-A-2", surely: true}}
	require.Equal(t, "HDMI-A-1", pick(all, "").name)
	require.Equal(t, "HDMI-A-2", pick(all, "HDMI-A-2").name)
	require.Equal(t, "DSI-1", pick(all[:1], "").name, "some panels cannot say that they are there")
	require.Nil(t, pick(all, "DP-1"))
	require.Nil(t, pick(nil, ""))
	require.Equal(t, "HDMI-A-2", connectorName(11, 2))
	require.Equal(t, "kind99-1", connectorName(99, 1))
	require.True(t, guessable(16))
	require.False(t, guessable(5), "a television socket of old never knows")
}

// event returns an event as the kernel writes it: a head and what belongs to it.
func event(kind, size uint32) []byte {
	b := binary.NativeEndian.AppendUint32(nil, kind)
	b = binary.NativeEndian.AppendUint32(b, size)
	return append(b, make([]byte, max(0, int(size)-8))...)
}

func TestFlipIsFoundAmongEvents(t *testing.T) {
	const vblank = 1
	require.True(t, flipped(event(eventFlipped, 32)))
	require.True(t, flipped(append(event(vblank, 32), event(eventFlipped, 32)...)))
	require.False(t, flipped(event(vblank, 32)))
	require.False(t, flipped(nil))
	require.False(t, flipped(event(vblank, 0)), "nor does it turn for ever")
	require.False(t, flipped([]byte{1, 0, 0, 0, 0, 0, 0, 0x80}), "nor read beyond its end")
}

func FuzzFlipped(f *testing.F) {
	f.Add(append(event(1, 32), event(eventFlipped, 32)...))
	f.Fuzz(func(t *testing.T, b []byte) { flipped(b) })
}

func TestOnlyEventsAboutPanelsAreLookedAt(t *testing.T) {
	words := func(w ...string) []byte { return append([]byte(joined(w)), 0) }
	require.True(t, aboutPanels(words("change@/devices/pci/drm/card0", "ACTION=change", "SUBSYSTEM=drm", "HOTPLUG=1")))
	require.False(t, aboutPanels(words("add@/devices/usb", "ACTION=add", "SUBSYSTEM=usb", "NAME=SUBSYSTEM=drm")))
	require.False(t, aboutPanels(nil))
}

func joined(w []string) string {
	var b bytes.Buffer
	for i, s := range w {
		if i > 0 {
			b.WriteByte(0)
		}
		b.WriteString(s)
	}
	return b.String()
}

func TestWaitingForPlugsEndsWhenClosed(t *testing.T) {
	told, err := listen()
	require.NoError(t, err)
	polled := &plugs{pause: time.Hour, closed: make(chan struct{})}
	for _, p := range []*plugs{told, polled} {
		done := make(chan bool)
		go func() { done <- p.wait() }()
		p.close()
		p.close()
		require.False(t, <-done)
	}
	require.True(t, (&plugs{pause: time.Nanosecond, closed: make(chan struct{})}).wait())
}

func TestNoCardIsAPlainError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Open(ctx, Options{Card: filepath.Join(t.TempDir(), "card0")})
	require.EqualError(t, err, "kms: there is no graphics card with a socket for a panel")
	_, err = Open(ctx, Options{Card: "/dev/null"})
	require.ErrorIs(t, err, errNoCard)
}

func TestWhatIsNoConsoleIsNotTaken(t *testing.T) {
	_, err := openConsole("/dev/null")
	require.ErrorContains(t, err, "/dev/null")
	var none *console
	none.close()
}

func TestNameOfAModeIsWhatAnInstallerWrites(t *testing.T) {
	m := modeOf(1280, 720, 0)
	require.Equal(t, "1280x720@60", m.String())
	require.Equal(t, image.Pt(1280, 720), m.size())
}
