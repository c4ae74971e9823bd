package config

import "strings"

// meant returns which of the known keys was probably meant by an unknown one, or
// "". It is one with at most two letters typed wrongly, in its name or in the
// whole path, or one of that name in another table.
func meant(unknown string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if abs(len(unknown)-len(k)) >= least {
			continue
		}
		// Two letters of a short word are another word.
		if d := distance(unknown, k); d <= len(k)/3 && d < least {
			best, least = k, d
		}
	}
	if best != "" {
		return best
	}
	name := unknown[strings.LastIndexByte(unknown, '.')+1:]
	for _, k := range known {
		if name == k[strings.LastIndexByte(k, '.')+1:] {
			return k
		}
	}
	return ""
}

// distance returns how many letters of a have to be changed, added, left out or
// swapped with their neighbour to make b.
func distance(a, b string) int {
	before, above := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			change := above[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above = above, row
	}
	return above[len(b)]
}

// list returns words as prose: "a, b or c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func abs(n int) int { return max(n, -n) }
