package house

import (
	"fmt"
	"strconv"
	"strings"
)

// A Caption is what is said in a film from one moment to another, in
// milliseconds.
type Caption struct {
	From, To int
	Text     string // lines end in \n
}

// maxCaptions is the most captions of one film in one language.
const maxCaptions = 500

// ParseWebVTT reads captions in the form of a WebVTT file: its head, then cues.
// Notes, styles, regions, the names of cues and where on the picture they would
// stand are read over, and so are the marks inside a text: captions stand at one
// place here, and look alike. The error names the line.
func ParseWebVTT(s string) ([]Caption, error) {
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(s, "\ufeff"), "\r\n", "\n"), "\n")
	if head, _, _ := strings.Cut(strings.ReplaceAll(lines[0], "\t", " "), " "); head != "WEBVTT" {
		return nil, fmt.Errorf("line 1: want WEBVTT")
	}
	var out []Caption
	for i := 1; i < len(lines); i++ {
		from, to, found := strings.Cut(lines[i], "-->")
		if !found {
			continue // empty, the name of a cue, or the inside of a note
		}
		var c Caption
		var ok, okTo bool
		to, _, _ = strings.Cut(strings.TrimSpace(to), " ")
		c.From, ok = vttTime(strings.TrimSpace(from))
		c.To, okTo = vttTime(to)
		switch {
		case !ok || !okTo:
			return nil, fmt.Errorf("line %d: want two times such as 00:01.500 --> 00:04.000", i+1)
		case c.To <= c.From:
			return nil, fmt.Errorf("line %d: ends before it begins", i+1)
		case len(out) > 0 && c.From < out[len(out)-1].From:
			return nil, fmt.Errorf("line %d: begins before the one above it", i+1)
		case len(out) == maxCaptions:
			return nil, fmt.Errorf("line %d: more than %d captions", i+1, maxCaptions)
		}
		var said []string
		for i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" {
			i++
			if strings.Contains(lines[i], "-->") {
				return nil, fmt.Errorf("line %d: want an empty line before it", i+1)
			}
			said = append(said, strings.TrimSpace(unmarked(lines[i])))
		}
		if c.Text = strings.Join(said, "\n"); c.Text != "" {
			out = append(out, c)
		}
	}
	return out, nil
}

// vttTime reads a time such as 00:04.000 or 01:00:04.000, in milliseconds.
func vttTime(s string) (ms int, ok bool) {
	clock, fraction, ok := strings.Cut(s, ".")
	parts := strings.Split(clock, ":")
	if !ok || len(fraction) != 3 || len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	total := 0
	for i, p := range append(parts, fraction) {
		n, err := strconv.ParseUint(p, 10, 16)
		switch last := len(parts); {
		case err != nil, i > 0 && i < last && n > 59, i == 0 && (n > 99 || last == 2 && n > 59):
			return 0, false
		case i == last:
			total = total*1000 + int(n)
		default:
			total = total*60 + int(n)
		}
	}
	return total, true
}

// unmarked returns a line without the marks in it, such as <i> or <v Anna>.
func unmarked(s string) string {
	var b strings.Builder
	for s != "" {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(before)
		if !found {
			break
		}
		_, s, _ = strings.Cut(rest, ">")
	}
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&nbsp;", " ", "&lrm;", "", "&rlm;", "").Replace(b.String())
}
