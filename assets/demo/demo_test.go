package demo

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestDaysBringTheWeekToNow(t *testing.T) {
	for _, c := range []struct {
		now  string
		want int
	}{{"2026-11-30", 0}, {"2026-12-06", 0}, {"2026-12-07", 7}, {"2026-11-29", -7}, {"2027-01-01", 28}} {
		now, err := time.Parse(time.DateOnly, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := Days(now); got != c.want {
			t.Errorf("%s: %d days, want %d", c.now, got, c.want)
		}
	}
}

func TestEveryPictureOfTheHouseIsHere(t *testing.T) {
	var walk func(v any)
	n := 0
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		case string:
			if strings.HasPrefix(v, "asset:") {
				n++
				if _, err := Asset(v); err != nil {
					t.Error(err)
				}
			}
		}
	}
	var v any
	if err := json.Unmarshal(House(), &v); err != nil {
		t.Fatal(err)
	}
	walk(v)
	if n < 30 {
		t.Errorf("the house shows only %d pictures", n)
	}
}
