package house

// A Review is that somebody has looked at what has to be looked at from time to time,
// and stands by it.
type Review struct {
	What string `key:"what" oneof:"denials rules declaration"`
	Note string `key:"note" max:"2000"` // what was found, and what comes of it
}

// ReviewDays returns after how many days each has to be looked at again: who was refused
// every week (R-DPA-29), the rules of security and the declaration that all is as
// agreed every year (R-DPA-12, R-DPA-20).
func ReviewDays(what string) int {
	if what == "denials" {
		return 7
	}
	return 365
}

// Reviews are what has to be reviewed.
var Reviews = []string{"denials", "rules", "declaration"}

// ReviewDue returns when something has to be looked at next: so long after it was, or,
// where it never was, after the day the house began.
func ReviewDue(all []Entry, what string, began Day) Day {
	last := began
	for _, e := range all {
		if e.Review != nil && e.Review.What == what {
			last = max(last, e.Written.Day())
		}
	}
	return last.Add(ReviewDays(what))
}
