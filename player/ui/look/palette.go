package look

import "image/color"

// A Theme is the colours of one lighting of the wall. Names are those of the
// visual design; an ink named X is read on the tint named XTint.
type Theme struct {
	Name string

	// Dark says that the ground is darker than the ink: by it go sky and shadows.
	Dark bool

	// Plain is for eyes that need all the contrast there is: no tints, shadows or
	// skies, wide borders, pictograms in one colour, and nothing paler than the ink.
	Plain bool

	// Photo is how bright photos are, of 1.
	Photo float32

	// Candle is for a room where people sleep: pictograms are the ink's, and days
	// glow instead of shining.
	Candle bool

	Bg, Bg2, Surface, Surface2, Line, LineStrong                                                                       color.RGBA
	Ink, Ink2, Ink3                                                                                                    color.RGBA
	Primary, PrimaryPressed, OnPrimary, PrimaryTint                                                                    color.RGBA
	Honey, HoneyTint, OnHoney                                                                                          color.RGBA
	Next, Soon                                                                                                         color.RGBA // the border of what is next; how soon that is, read on HoneyTint
	Ok, OkTint, Warn, WarnTint, Danger, DangerTint, Wait, WaitTint, Scrim                                              color.RGBA
	Act, ActTint, Meal, MealTint, Staff, StaffTint, News, NewsTint, Meet, MeetTint, Book, BookTint, People, PeopleTint color.RGBA

	Ribbon  [4]color.RGBA // morning, forenoon, afternoon, evening
	Elapsed color.RGBA    // laid over the part of the ribbon that has passed
}

// Day is the day palette.
var Day = Theme{
	Name:           "day",
	Photo:          1,
	Bg:             rgb(0xF5EFE4),
	Bg2:            rgb(0xEADFCC),
	Surface:        rgb(0xFFFCF6),
	Surface2:       rgb(0xFAF3E7),
	Line:           rgb(0xDCCFB9),
	LineStrong:     rgb(0x837462),
	Ink:            rgb(0x1C2829),
	Ink2:           rgb(0x45504D),
	Ink3:           rgb(0x4F5955),
	Primary:        rgb(0x164E42),
	PrimaryPressed: rgb(0x0E3A31),
	OnPrimary:      rgb(0xFFFFFF),
	PrimaryTint:    rgb(0xD8E8DC),
	Honey:          rgb(0xE9A93A),
	HoneyTint:      rgb(0xFBE7BC),
	OnHoney:        rgb(0x2B1D02),
	Next:           rgb(0xAA7410),
	Soon:           rgb(0x1C2829),
	Ok:             rgb(0x19522D),
	OkTint:         rgb(0xD9EBD7),
	Warn:           rgb(0x694000),
	WarnTint:       rgb(0xFBE5C0),
	Danger:         rgb(0x7F2318),
	DangerTint:     rgb(0xF8DCD4),
	Wait:           rgb(0x443F63),
	WaitTint:       rgb(0xE4E1EC),
	Scrim:          rgb(0x1C2829),
	Act:            rgb(0x164E42),
	ActTint:        rgb(0xD8E8DC),
	Meal:           rgb(0x694000),
	MealTint:       rgb(0xF9E5BE),
	Staff:          rgb(0x1D4A73),
	StaffTint:      rgb(0xD8E4EE),
	News:           rgb(0x742C1A),
	NewsTint:       rgb(0xF5DACF),
	Meet:           rgb(0x5F3459),
	MeetTint:       rgb(0xECDCE8),
	Book:           rgb(0x084B55),
	BookTint:       rgb(0xCFE5E6),
	People:         rgb(0x434B13),
	PeopleTint:     rgb(0xE6E8C8),
	Ribbon:         [4]color.RGBA{rgb(0xF9D9B4), rgb(0xFBEDB9), rgb(0xD3E6CF), rgb(0xC6D2E8)},
	Elapsed:        Fade(rgb(0x5B4A2C), 0.16),
}

// Evening is the evening palette. Its tints are darker than the design's, so that
// each ink is read on its own at 7:1.
var Evening = Theme{
	Name:           "evening",
	Dark:           true,
	Photo:          .85,
	Bg:             rgb(0x1A1C1B),
	Bg2:            rgb(0x121413),
	Surface:        rgb(0x262A28),
	Surface2:       rgb(0x2F3431),
	Line:           rgb(0x3C423E),
	LineStrong:     rgb(0x8A9189),
	Ink:            rgb(0xF3EADB),
	Ink2:           rgb(0xCFC5B4),
	Ink3:           rgb(0xAAA294),
	Primary:        rgb(0x8FD0B4),
	PrimaryPressed: rgb(0x74B99C),
	OnPrimary:      rgb(0x0B241C),
	PrimaryTint:    rgb(0x1D3830),
	Honey:          rgb(0xEDB650),
	HoneyTint:      rgb(0x443519),
	OnHoney:        rgb(0x2B1D02),
	Next:           rgb(0xEDB650),
	Soon:           rgb(0xF3EADB),
	Ok:             rgb(0x9AD6A4),
	OkTint:         rgb(0x213D29),
	Warn:           rgb(0xF0C272),
	WarnTint:       rgb(0x443519),
	Danger:         rgb(0xF2A595),
	DangerTint:     rgb(0x42231D),
	Wait:           rgb(0xC9C3E4),
	WaitTint:       rgb(0x36334E),
	Scrim:          rgb(0x000000),
	Act:            rgb(0x8FD0B4),
	ActTint:        rgb(0x1D3830),
	Meal:           rgb(0xF0C272),
	MealTint:       rgb(0x443519),
	Staff:          rgb(0xA3CBEC),
	StaffTint:      rgb(0x22384C),
	News:           rgb(0xF0AE98),
	NewsTint:       rgb(0x442920),
	Meet:           rgb(0xDDB5D7),
	MeetTint:       rgb(0x402B3D),
	Book:           rgb(0x8FD3DA),
	BookTint:       rgb(0x1C3C40),
	People:         rgb(0xD0D68B),
	PeopleTint:     rgb(0x3B3F1D),
	Ribbon:         [4]color.RGBA{rgb(0x4A3B26), rgb(0x4A4526), rgb(0x2E4438), rgb(0x2C3760)},
	Elapsed:        Fade(rgb(0x000000), 0.35),
}

// Night is the palette of the small hours: what little there is to see, in the
// colour of a candle. Ink2 and honey are brighter than the design's, which are not
// enough for letters of their sizes.
var Night = Theme{
	Name:           "night",
	Dark:           true,
	Photo:          .45,
	Candle:         true,
	Bg:             rgb(0x0D0B09),
	Bg2:            rgb(0x221B13),
	Surface:        rgb(0x17130F),
	Surface2:       rgb(0x1F1913),
	Line:           rgb(0x2B241B),
	LineStrong:     rgb(0x8A7250),
	Ink:            rgb(0xC9A876),
	Ink2:           rgb(0xC0A070),
	Ink3:           rgb(0x9A8260),
	Primary:        rgb(0x7EB79E),
	PrimaryPressed: rgb(0x689C86),
	OnPrimary:      rgb(0x0A1512),
	PrimaryTint:    rgb(0x11241E),
	Honey:          rgb(0xCB924A),
	HoneyTint:      rgb(0x281E0C),
	OnHoney:        rgb(0x0D0B09),
	Next:           rgb(0xCB924A),
	Soon:           rgb(0xC9A876),
	Ok:             rgb(0x82B68B),
	OkTint:         rgb(0x112316),
	Warn:           rgb(0xCCA560),
	WarnTint:       rgb(0x281E0C),
	Danger:         rgb(0xE1998A),
	DangerTint:     rgb(0x321914),
	Wait:           rgb(0xACA7C4),
	WaitTint:       rgb(0x1F1E2F),
	Scrim:          rgb(0x000000),
	Act:            rgb(0x7EB79E),
	ActTint:        rgb(0x11241E),
	Meal:           rgb(0xCCA560),
	MealTint:       rgb(0x281E0C),
	Staff:          rgb(0x8BAECB),
	StaffTint:      rgb(0x11202D),
	News:           rgb(0xDA9D89),
	NewsTint:       rgb(0x2F1B14),
	Meet:           rgb(0xC39FBE),
	MeetTint:       rgb(0x291A27),
	Book:           rgb(0x7AB5BB),
	BookTint:       rgb(0x0E2326),
	People:         rgb(0xAAAF71),
	PeopleTint:     rgb(0x1E210C),
	Ribbon:         [4]color.RGBA{rgb(0x2A2116), rgb(0x2A2716), rgb(0x1A2720), rgb(0x191F36)},
	Elapsed:        Fade(rgb(0x000000), 0.35),
}

// ContrastDark is white on black.
var ContrastDark = plain(Theme{
	Name:           "contrast-dark",
	Dark:           true,
	Bg:             rgb(0x000000),
	Bg2:            rgb(0x3A3A3A),
	Ink:            rgb(0xFFFFFF),
	Primary:        rgb(0xFFD400),
	PrimaryPressed: rgb(0xCCAA00),
	OnPrimary:      rgb(0x000000),
	Honey:          rgb(0xFFD400),
	OnHoney:        rgb(0x000000),
	Ok:             rgb(0x7CFF9B),
	Danger:         rgb(0xFF9C8F),
	Wait:           rgb(0xC8D0FF),
})

// ContrastLight is black on white.
var ContrastLight = plain(Theme{
	Name:           "contrast-light",
	Bg:             rgb(0xFFFFFF),
	Bg2:            rgb(0xD9D9D9),
	Ink:            rgb(0x000000),
	Primary:        rgb(0x00307A),
	PrimaryPressed: rgb(0x00225A),
	OnPrimary:      rgb(0xFFFFFF),
	Honey:          rgb(0xFFD400),
	OnHoney:        rgb(0x000000),
	Ok:             rgb(0x004D1A),
	Danger:         rgb(0x8A0000),
	Wait:           rgb(0x2B1E6E),
})

// plain makes a theme of the few colours that high contrast has: whatever is not
// said with one of them is ink, and every tint is the ground.
func plain(t Theme) Theme {
	t.Plain, t.Photo = true, 1
	t.Surface, t.Surface2 = t.Bg, t.Bg2
	t.Scrim = rgb(0x000000)
	for _, c := range []*color.RGBA{
		&t.Line, &t.LineStrong, &t.Ink2, &t.Ink3, &t.Warn, &t.Act, &t.Meal, &t.Staff, &t.News, &t.Meet, &t.Book, &t.People, &t.Elapsed,
	} {
		*c = t.Ink
	}
	t.Next, t.Soon = t.Primary, t.Primary
	for _, c := range []*color.RGBA{
		&t.PrimaryTint, &t.HoneyTint, &t.OkTint, &t.WarnTint, &t.DangerTint, &t.WaitTint, &t.ActTint, &t.MealTint, &t.StaffTint,
		&t.NewsTint, &t.MeetTint, &t.BookTint, &t.PeopleTint, &t.Ribbon[0], &t.Ribbon[1], &t.Ribbon[2], &t.Ribbon[3],
	} {
		*c = t.Bg
	}
	return t
}

// Themes are all palettes, by the names they are chosen by.
var Themes = map[string]*Theme{
	Day.Name: &Day, Evening.Name: &Evening, Night.Name: &Night, ContrastDark.Name: &ContrastDark, ContrastLight.Name: &ContrastLight,
}

// Dusk is the ink that is read on the evening's sky, which is paler than the ground
// where the clock of a small panel stands.
var Dusk = rgb(0xFFF8EC)

// Weekday returns the colours of a day, Sunday's first as in time.Weekday.
func (t *Theme) Weekday(d int) Weekday {
	if t.Candle {
		return embers[d]
	}
	return Weekdays[d]
}

// A Weekday is the colour of a day, the ink that is read on it, and the colour as a
// narrow edge has it.
type Weekday struct{ Fill, On, Edge color.RGBA }

// Weekdays are the Nordic weekday colours. Green, blue and red are darker than the
// design's, on which white was read at 5.3:1.
var Weekdays = [7]Weekday{
	{rgb(0xA32B25), rgb(0xFFFFFF), rgb(0xA32B25)},
	{rgb(0x246435), rgb(0xFFFFFF), rgb(0x246435)},
	{rgb(0x255995), rgb(0xFFFFFF), rgb(0x255995)},
	{rgb(0xFFFFFF), rgb(0x1C2829), rgb(0xFFFFFF)},
	{rgb(0x7A4B2B), rgb(0xFFFFFF), rgb(0x7A4B2B)},
	{rgb(0xF4C430), rgb(0x1C2829), rgb(0xF4C430)},
	{rgb(0xEFA3BE), rgb(0x1C2829), rgb(0xEFA3BE)},
}

// embers are the same colours at night: words are read on them in the night's ink,
// and none is brighter than that is.
var embers = [7]Weekday{
	{rgb(0x41110F), Night.Ink, rgb(0x7A201C)},
	{rgb(0x0E2614), Night.Ink, rgb(0x1F5730)},
	{rgb(0x0E2239), Night.Ink, rgb(0x1F4C7E)},
	{rgb(0x212121), Night.Ink, rgb(0x7A7A7A)},
	{rgb(0x301D11), Night.Ink, rgb(0x664026)},
	{rgb(0x271F08), Night.Ink, rgb(0x7A6218)},
	{rgb(0x2B1D22), Night.Ink, rgb(0x78525F)},
}

// Faces are the pairs of tint and ink behind somebody without a photo, chosen by
// the person's ID.
var Faces = [8]struct{ Tint, Ink color.RGBA }{
	{rgb(0xD8E8DC), rgb(0x164E42)},
	{rgb(0xF9E5BE), rgb(0x694000)},
	{rgb(0xD8E4EE), rgb(0x1D4A73)},
	{rgb(0xF5DACF), rgb(0x742C1A)},
	{rgb(0xECDCE8), rgb(0x5F3459)},
	{rgb(0xCFE5E6), rgb(0x084B55)},
	{rgb(0xE6E8C8), rgb(0x434B13)},
	{rgb(0xE4E1EC), rgb(0x443F63)},
}

func rgb(v uint32) color.RGBA {
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// Fade returns c at the given opacity, premultiplied.
func Fade(c color.RGBA, a float32) color.RGBA {
	m := func(v uint8) uint8 { return uint8(float32(v)*a + 0.5) }
	return color.RGBA{m(c.R), m(c.G), m(c.B), m(c.A)}
}

// Dim are the pictograms of which less than a quarter is seen at 3:1 on the tints
// of a dark theme.
var Dim = map[string]bool{
	"bed": true, "chess-pawn": true, "clapper-board": true, "cloud-with-lightning": true, "cooking": true, "evergreen-tree": true,
	"horse-face": true, "musical-notes": true, "umbrella": true, "video-game": true,
}
