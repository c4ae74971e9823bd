package house

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/assets/demo"
)

// captions come with a film as the field writes them.
func TestCaptionsAreRead(t *testing.T) {
	got, err := ParseWebVTT("\ufeffWEBVTT - a title\r\n\r\nNOTE not\nseen\n\nSTYLE\n::cue { color: red }\n\n1\n00:00.500 --> 00:03.000 line:90%\n<v Anna>Tryk på &lt;hjem&gt;.\nSå ser du dagen.\n\n01:02:03.004 --> 01:02:04.000\nSlut\n\n01:02:05.000 --> 01:02:06.000\n\n")
	require.NoError(t, err)
	require.Equal(t, []Caption{{500, 3000, "Tryk på <hjem>.\nSå ser du dagen."}, {3723004, 3724000, "Slut"}}, got)
	got, err = ParseWebVTT("WEBVTT")
	require.NoError(t, err)
	require.Empty(t, got)
}

// Captions that cannot be shown are refused with the line where they stand.
func TestCaptionsThatCannotBeReadSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "line 1: want WEBVTT",
		"WEBVTTX":                           "line 1: want WEBVTT",
		"WEBVTT\n\n0:1 --> 0:2\nx":          "line 3: want two times such as 00:01.500 --> 00:04.000",
		"WEBVTT\n\n00:61.000 --> 01:02.000": "line 3: want two times such as 00:01.500 --> 00:04.000",
		"WEBVTT\n\n00:02.000 --> 00:01.000": "line 3: ends before it begins",
		"WEBVTT\n\n00:02.000 --> 00:03.000\nx\n\n00:01.000 --> 00:04.000":            "line 6: begins before the one above it",
		"WEBVTT\n\n00:02.000 --> 00:03.000\n00:03.000 --> 00:04.000":                 "line 4: want an empty line before it",
		"WEBVTT\n" + strings.Repeat("\n00:01.000 --> 00:02.000\nx\n", maxCaptions+1): fmt.Sprintf("line %d: more than %d captions", 3*maxCaptions+3, maxCaptions),
	} {
		_, err := ParseWebVTT(text)
		require.EqualError(t, err, want)
	}
	h := strings.Replace(string(demo.House()), `"da": "WEBVTT`, `"da": "WEBVTX`, 1)
	_, mistakes := Parse(strings.NewReader(h))
	require.Len(t, mistakes, 1)
	require.Contains(t, mistakes[0].String(), "videos[0].webvtt.da: line 1: want WEBVTT")
}

func FuzzParseWebVTT(f *testing.F) {
	f.Add("WEBVTT\n\n00:02.000 --> 00:03.000\n<i>x</i>\n")
	f.Fuzz(func(t *testing.T, s string) {
		cues, err := ParseWebVTT(s)
		if err != nil && cues != nil || len(cues) > maxCaptions {
			t.Fatalf("%d cues, %v", len(cues), err)
		}
		for i, c := range cues {
			if c.From < 0 || c.To <= c.From || i > 0 && c.From < cues[i-1].From || c.Text == "" {
				t.Fatalf("cue %d: %+v", i, c)
			}
		}
	})
}
