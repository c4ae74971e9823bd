package config

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// mistakesIn returns what is wrong with a player's file, one line each.
func mistakesIn(t *testing.T, file string) []string {
	t.Helper()
	_, err := Parse[Player]("p.toml", []byte(file))
	if err == nil {
		return nil
	}
	var all Mistakes
	require.ErrorAs(t, err, &all)
	require.NotEmpty(t, all)
	out := make([]string, len(all))
	for i, m := range all {
		out[i] = m.Error()
	}
	return out
}

// Issue 2, bad input: each mistake is named with its key, its line and what is
// allowed, and all of them at once. What cannot be read in one line does not hide
// what is wrong in the next.
func TestAllMistakesAreNamedAtOnce(t *testing.T) {
	require.Equal(t, []string{
		`p.toml:1: divice: there is no such key; did you mean device?`,
		`p.toml:2: lang: the value cannot be read; a text stands in quotes, as in "text"; allowed: "" (the house's own), "da", "nb", "nn", "sv", "en" or "ar"`,
		`p.toml:3: rotation: is a text, not a whole number; allowed: 0, 90, 180 or 270`,
		`p.toml:4: theme: "dusk" is not one of them; allowed: "auto", "day", "evening", "night", "contrast-dark" or "contrast-light"`,
		`p.toml:5: diagonal_inch: 200 is out of bounds; allowed: 0 (ask the panel) or 5 to 110 inches`,
		`p.toml:7: serve: the value cannot be read; a text stands in quotes, as in "text"; allowed: "" (nowhere) or 127.0.0.1:PORT or localhost:PORT, port 0 for a free one`,
		`p.toml:8: size: 100x100 is out of bounds; allowed: "" (all of the panel) or WIDTHxHEIGHT, 320 to 7680 each`,
		`p.toml:9: size: stands twice; it was first in line 8`,
		`p.toml:11: touch.grab: yes and no are written true and false; allowed: true or false`,
		`p.toml:12: touch.calibration: a list is not closed: there is no ]; it was noticed in line 14; allowed: six numbers from -10 to 10 that do not fold the panel into a line`,
		`p.toml:14: touch.device: is no path under /dev/input; allowed: "" (every panel) or a device under /dev/input`,
		`p.toml:15: touch: stands twice; it was first in line 10; all keys of a table stand under one heading`,
		`p.toml:18: hubb.url: there is no such key; did you mean hub.url?`,
		`p.toml:20: log.level: quotes have to be straight: "; allowed: "debug", "info", "warn" or "error"`,
		`p.toml:21: log.state: there is no such key; did you mean state, which stands above all tables?`,
		`p.toml:22: log.colour: there is no such key; allowed: level or format`,
	}, mistakesIn(t, strings.TrimPrefix(`
divice = "x y"
lang = da
rotation = "90"
theme = "dusk"
diagonal_inch = 200
device = "a"
serve = 0.0.0.0:80
size = "100x100"
size = ""
[touch]
grab = yes
calibration = [1, 2,
 3
device = "/dev/x"
[touch]
device = "/dev/y"
[hubb]
url = "x"
[log]
level = “info”
state = "x"
colour = true
`, "\n")))
}

// Each way to write a line wrongly is answered in plain words.
func TestWhatIsWrongIsSaidInPlainWords(t *testing.T) {
	for file, want := range map[string]string{
		`theme`:                           `p.toml:1: there is no = after the key`,
		`theme: "day"`:                    `p.toml:1: a key is followed by =, not by :`,
		`theme =`:                         `p.toml:1: theme: there is no value after =; allowed: "auto", "day", "evening", "night", "contrast-dark" or "contrast-light"`,
		"theme = # dark":                  `p.toml:1: theme: there is no value after =; allowed: "auto", "day", "evening", "night", "contrast-dark" or "contrast-light"`,
		`theme = "day`:                    `p.toml:1: theme: a closing quote is missing; allowed: "auto", "day", "evening", "night", "contrast-dark" or "contrast-light"`,
		"theme = \"\"\"day\n\n":           `p.toml:1: theme: a closing quote is missing; it was noticed in line 2; allowed: "auto", "day", "evening", "night", "contrast-dark" or "contrast-light"`,
		`theme = "day" "evening"`:         `p.toml:1: theme: something stands after the value; allowed: "auto", "day", "evening", "night", "contrast-dark" or "contrast-light"`,
		`state = "C:\work"`:               `p.toml:1: state: a \ in a text is written \\; allowed: a folder; it is made if it is not there`,
		`rotation = 090`:                  `p.toml:1: rotation: integers cannot have leading zeroes; allowed: 0, 90, 180 or 270`,
		`rotation = 99999999999999999999`: `p.toml:1: rotation: decimal number is too large to fit in a 64-bit signed integer; allowed: 0, 90, 180 or 270`,
		`rotation = 90.0`:                 `p.toml:1: rotation: is a number with a fraction, not a whole number; allowed: 0, 90, 180 or 270`,
		`rotation = 1999-12-31`:           `p.toml:1: rotation: is a date or time, not a whole number; allowed: 0, 90, 180 or 270`,
		`rotation = {by = 90}`:            `p.toml:1: rotation: is a table, not a whole number; allowed: 0, 90, 180 or 270`,
		`diagonal_inch = nan`:             `p.toml:1: diagonal_inch: NaN is out of bounds; allowed: 0 (ask the panel) or 5 to 110 inches`,
		`hub = "https://a"`:               `p.toml:1: hub: is a text, not a table; write [hub] in a line, and its keys below`,
		`[[hub]]`:                         `p.toml:1: hub: is a list of lists or tables, not a table; write [hub] in a line, and its keys below`,
		"\n[hub":                          `p.toml:2: expected ']' to close table name`,
		`hub.pins = "sha256-x"`:           `p.toml:1: hub.pins: is a text, not a list of texts; allowed: at most 5, each "sha256-" or "ed25519-" and 43 characters, as tavle-hub prints it`,
		`hub.pins = ["a", 1]`:             `p.toml:1: hub.pins: is a list, not a list of texts; allowed: at most 5, each "sha256-" or "ed25519-" and 43 characters, as tavle-hub prints it`,
		`"hub.url" = "https://a"`:         `p.toml:1: "hub.url": there is no such key; did you mean hub.url?`,
		`[tuch]`:                          `p.toml:1: tuch: there is no such table; did you mean touch?`,
		`[panel]`:                         `p.toml:1: panel: there is no such table; allowed: [hours], [hub], [idle], [log], [switches], [touch] or [voice]`,
		`colour = 1`:                      `p.toml:1: colour: there is no such key; allowed: device, state, screen, size, rotation, diagonal_inch, width_mm, height_mm, distance_mm, bottom_edge_mm, text, lang, theme, edges, motion, serve, [hours], [hub], [idle], [log], [switches], [touch] or [voice]`,
		"hub = {url = \"\", ulr = 1}":     `p.toml:1: hub.ulr: there is no such key; did you mean hub.url?`,
		"rotatoin = 90":                   `p.toml:1: rotatoin: there is no such key; did you mean rotation?`,
		"url = \"https://a\"":             `p.toml:1: url: there is no such key; did you mean hub.url?`,
		"# \xe6\n":                        `p.toml:1: is no text; save the file as UTF-8`,
		"\n\nlang = \"d\x00\"":            `p.toml:3: lang: basic strings cannot have control characters; allowed: "" (the house's own), "da", "nb", "nn", "sv", "en" or "ar"`,
		strings.Repeat("#", MaxFile+1):    `p.toml: is larger than 64 KiB`,
		strings.Repeat("x", 500) + " = 1": `p.toml:1: ` + strings.Repeat("x", 80) + `…: there is no such key; allowed: device, state, screen, size, rotation, diagonal_inch, width_mm, height_mm, distance_mm, bottom_edge_mm, text, lang, theme, edges, motion, serve, [hours], [hub], [idle], [log], [switches], [touch] or [voice]`,
	} {
		require.Equal(t, []string{want}, mistakesIn(t, file), "%.100q", file)
	}
}

// Keys under a heading that cannot be read, or that stands twice, are not taken
// for keys of the table before.
func TestKeysUnderABrokenHeadingAreLeftAlone(t *testing.T) {
	require.Equal(t, []string{
		`p.toml:3: expected ']' to close table name`,
		`p.toml:6: log.level: is true or false, not a level in quotes; allowed: "debug", "info", "warn" or "error"`,
	}, mistakesIn(t, "[hub]\nurl = \"\"\n[touch\ngrab = 7\n[log]\nlevel = true\n"))
}

// A file that is nothing of the kind is told in few lines.
func TestListOfMistakesIsBounded(t *testing.T) {
	all := mistakesIn(t, strings.Repeat("{\n", 1000))
	require.Len(t, all, maxBroken+1)
	require.Equal(t, "p.toml: and perhaps more mistakes; the rest was not read", all[maxBroken])

	var b strings.Builder
	for i := range 1000 {
		b.WriteString("k" + strings.Repeat("x", i%30) + strings.Repeat("y", i/30) + " = 1\n")
	}
	all = mistakesIn(t, b.String())
	require.Len(t, all, MaxMistakes+1)
	require.Equal(t, "p.toml: and 950 more mistakes", all[MaxMistakes])
}

// The work grows with the size of the file, not with its square, whatever is in
// it: what is spelled is bounded, and so is how often a broken file is read.
func TestWorkGrowsWithTheFile(t *testing.T) {
	for _, unit := range []string{"a=1\n", "a.", "[a]\n", "[", "a={", "[[a]]\n", "x = 1 2\n", "'''\n", `"`, "[a.b]\nc.d=1\n", "a={b=1}\n"} {
		allocated := func(n int) uint64 {
			data := strings.Repeat(unit, n/len(unit))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			mistakesIn(t, data)
			runtime.ReadMemStats(&after)
			return after.TotalAlloc - before.TotalAlloc
		}
		small, large := allocated(MaxFile/16), allocated(MaxFile)
		require.Less(t, large, 2*16*(small+64<<10), "%q", unit)
	}
}

// The file lies on a card that any machine may have written: any line
// ending, UTF-8 with and without a mark, UTF-16 with one.
func TestEveryEncodingIsTheSame(t *testing.T) {
	const text = "# Skærm på stuen 𝄞\nrotation = 90\n\n[log]\nlevel = \"warn\" # øre\n"
	want, err := Parse[Player]("p.toml", []byte(text))
	require.NoError(t, err)
	require.Equal(t, 90, want.Rotation)

	utf16s := func(s string, order binary.AppendByteOrder) []byte {
		var b []byte
		for _, u := range utf16.Encode([]rune("\uFEFF" + s)) {
			b = order.AppendUint16(b, u)
		}
		return b
	}
	for _, ending := range []string{"\n", "\r\n", "\r"} {
		s := strings.ReplaceAll(text, "\n", ending)
		for name, data := range map[string][]byte{
			"UTF-8":                []byte(s),
			"UTF-8 with a mark":    []byte("\uFEFF" + s),
			"UTF-16 little":        utf16s(s, binary.LittleEndian),
			"UTF-16 big":           utf16s(s, binary.BigEndian),
			"UTF-8 without an end": []byte(strings.TrimRight(s, "\r\n")),
		} {
			got, err := Parse[Player]("p.toml", data)
			require.NoError(t, err, "%s, %q", name, ending)
			require.Equal(t, want, got, "%s, %q", name, ending)

			// Lines are counted alike.
			bad := bytes.Replace(data, utf16s("wa", binary.LittleEndian)[2:], utf16s("wo", binary.LittleEndian)[2:], 1)
			bad = bytes.Replace(bad, []byte("warn"), []byte("worn"), 1)
			bad = bytes.Replace(bad, utf16s("wa", binary.BigEndian)[2:], utf16s("wo", binary.BigEndian)[2:], 1)
			_, err = Parse[Player]("p.toml", bad)
			require.ErrorContains(t, err, `p.toml:5: log.level`, "%s, %q", name, ending)
		}
	}
}

// What is half a character is no text, and is found in its line.
func TestBrokenUTF16IsFound(t *testing.T) {
	for name, data := range map[string][]byte{
		"odd":           {0xFF, 0xFE, '#', 0, '\n', 0, '#'},
		"half a pair":   {0xFF, 0xFE, '#', 0, '\n', 0, 0x00, 0xD8},
		"the other one": {0xFE, 0xFF, 0, '#', 0, '\n', 0xDC, 0x00, 0, '#'},
	} {
		_, err := Parse[Player]("p.toml", data)
		require.EqualError(t, err, "p.toml:2: is no text; save the file as UTF-8", name)
	}
}

// Whatever the file, Parse ends, says something of bounded length, or returns a
// configuration that says the same when it is written and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(Example[Player]()))
	f.Add([]byte(Format(Default[Player]())))
	f.Add([]byte(Format(Default[Hub]())))
	f.Add([]byte("hub = {url = 'https://[::1]:8443', pins = [\n]}\ndevice = \"a\"\n[[touch]]\n\"a.b\".c = 1e3"))
	f.Add([]byte("\xff\xfea\x00=\x001\x00"))
	f.Add([]byte("[touch]\ncalibration = [\n1_0, 0x0, -0.0, inf, 1, 0\nx = '''"))
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzOne[Player](t, data)
		fuzzOne[Hub](t, data)
	})
}

func fuzzOne[T Program](t *testing.T, data []byte) {
	c, err := Parse[T]("p.toml", data)
	if err != nil {
		require.Less(t, len(err.Error()), 1<<16)
		var all Mistakes
		require.ErrorAs(t, err, &all)
		for _, m := range all {
			require.NotContains(t, m.Error(), "\n")
			require.LessOrEqual(t, m.Line, bytes.Count(data, []byte("\n"))+bytes.Count(data, []byte("\r"))+1)
		}
		return
	}
	again, err := Parse[T]("p.toml", []byte(Format(c)))
	require.NoError(t, err)
	require.Equal(t, c, again)
}
