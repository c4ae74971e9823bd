package intake

import (
	"regexp"
	"time"
)

// Numbers that say who somebody is to the state must not come into the house, however
// they are written: Danish CPR numbers, and Norwegian birth and D numbers.

var numbers = regexp.MustCompile(`^(\d{6})( ?[ .–-]? ?)(\d{4,5})(?:\D|$)`)

// national reports whether a cell holds such a number.
func national(cell string) bool {
	for i := range cell {
		if !digit(cell[i]) || i > 0 && digit(cell[i-1]) {
			continue
		}
		if m := numbers.FindStringSubmatch(cell[i:]); m != nil && is(m[1]+m[3], m[2] != "") {
			return true
		}
	}
	// As a workbook keeps a number with a nought in front.
	bare := len(cell) == 9 || len(cell) == 10
	for i := range cell {
		bare = bare && digit(cell[i])
	}
	return bare && (len(cell) == 9 && is("0"+cell, false) || len(cell) == 10 && is("0"+cell, false))
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// is reports whether ten or eleven digits are such a number. Eleven that nothing parts
// could be anything, so the last of them have to be right.
func is(n string, parted bool) bool {
	if len(n) == 10 {
		return born(n[:6])
	}
	return born(birth(n)) && (parted || norwegian(n))
}

// birth returns the day of birth in a Norwegian number, of which D numbers add four to
// the first digit, and numbers of hospitals or tests to the third.
func birth(n string) string {
	b := []byte(n[:6])
	if b[0] >= '4' {
		b[0] -= 4
	}
	for _, more := range []byte{8, 4} { // 80 or 40, and 65 is refused with them
		if b[2] >= '0'+more {
			b[2] -= more
			break
		}
	}
	return string(b)
}

// born reports whether six digits are a day, a month and a year.
func born(s string) bool {
	for _, century := range []string{"19", "20"} { // the 29th of February
		if _, err := time.Parse("02012006", s[:4]+century+s[4:]); err == nil {
			return true
		}
	}
	return false
}

// norwegian reports whether the last two digits of eleven are right.
func norwegian(n string) bool {
	sum := func(weights ...int) (s int) {
		for i, w := range weights {
			s += w * int(n[i]-'0')
		}
		return s % 11
	}
	return sum(3, 7, 6, 1, 8, 9, 4, 5, 2, 1) == 0 && sum(5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) == 0
}
