package config

import (
	"math"
	"strings"
)

// matrices are six numbers.
var matrices = func() kind[[6]float64] {
	six := lists(decimals, "a list of six numbers")
	fixed := func(list []float64, ok bool) (m [6]float64, six bool) {
		if !ok || len(list) != len(m) {
			return m, false
		}
		return [6]float64(list), true
	}
	return kind[[6]float64]{
		is:    six.is,
		take:  func(v any) ([6]float64, bool) { return fixed(six.take(v)) },
		parse: func(text string) ([6]float64, bool) { return fixed(six.parse(text)) },
		write: func(m [6]float64) string { return six.write(m[:]) },
	}
}()

// calibration allows matrices after which every place on the panel can still be
// touched.
var calibration = rule[[6]float64]{"six numbers from -10 to 10 that do not fold the panel into a line", func(m *[6]float64, _ string) problem {
	for i, v := range m {
		if !(math.Abs(v) <= 10) { // NaN is not
			return refuse("item %d: %v is out of bounds", i+1, v)
		}
	}
	// A hundredth of the panel's area is far from any mounting.
	if area := m[0]*m[4] - m[1]*m[3]; math.Abs(area) < 0.01 {
		return refuse("they fold the panel into a line")
	}
	return problem{}
}}

// inputDevice allows a device by its path. It need not be there: a panel may be
// plugged in later.
var inputDevice = rule[string]{"a device under /dev/input", func(v *string, _ string) problem {
	if !strings.HasPrefix(*v, "/dev/input/") || strings.Contains(*v, "/../") || strings.ContainsRune(*v, 0) {
		return refuse("is no path under /dev/input")
	}
	return problem{}
}}
