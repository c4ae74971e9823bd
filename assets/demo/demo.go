// Package demo is the demo house: one residential home for a week, with people
// who made every kind of choice, and the drawings that stand for their photos.
// All of it is made up; README.md says who may use it, and how.
package demo

import (
	"embed"
	"fmt"
	"strings"
	"time"
)

//go:embed house.json
var house []byte

//go:embed pictures/*.jpg pictures/*.mpg pictures/*.wav
var pictures embed.FS

// House returns the house file, in the format of tavle-hub import.
func House() []byte { return house }

// Monday is the first day of the week the house file describes.
var Monday = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)

// Days returns by how many days to shift the house so that its week is the one
// t is in.
func Days(t time.Time) int {
	y, m, d := t.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	return int(monday.Sub(Monday).Hours() / 24)
}

// Asset returns the picture, the film or the recording the house file calls name
// ("asset:scene-pool").
func Asset(name string) ([]byte, error) {
	base, ok := strings.CutPrefix(name, "asset:")
	if !ok || strings.ContainsAny(base, "/\\") {
		return nil, fmt.Errorf("picture %q: want asset: and a name", name)
	}
	for _, ext := range []string{".jpg", ".mpg"} {
		if b, err := pictures.ReadFile("pictures/" + base + ext); err == nil {
			return b, nil
		}
	}
	return pictures.ReadFile("pictures/" + base + ".wav")
}
