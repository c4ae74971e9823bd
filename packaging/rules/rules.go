package main

// A Rule is one promise.
type Rule struct {
	ID     string
	Asks   string
	Clause string // of EN 301 549, or ""

	// Otherwise says who holds the rule where no program can, or not yet. A rule
	// without it has a test.
	Otherwise string
}

// Rules are all promises, by number.
var Rules = []Rule{
	{"A-01", "What is touched is 25 mm wide and high, 30 mm with large letters; what is seldom needed, and what a small panel has no room for, at least 20 mm", "8.4.1, 5.5.1", ""},
	{"A-02", "4 mm lie between two targets; a target reaches at most 2 mm beyond its drawing and never into another", "8.4.1", ""},
	{"A-03", "No target is nearer than 8 mm to the edge of the glass", "", ""},
	{"A-04", "Where the mounting height is known, what is touched is between 380 and 1220 mm above the floor, or can be brought there by one touch", "8.3.2", ""},
	{"A-05", "What is shown can be read by somebody who sits, eyes 1015 mm above the floor", "8.3.4, 8.3.5", "the installer: where the wall hangs"},
	{"A-06", "Free floor of 760 × 1220 mm, 1500 mm to approach in Norway and 1300 mm in Denmark, no glare, no loose cable", "8.3, 8.5", "the installer: where the wall hangs"},
	{"A-07", "Capitals of what is needed for use fill 0.7° at the distance of a hand; clock and headline at two metres", "5.1.4", ""},
	{"A-08", "Three sizes of letters; names and titles are never cut off, but wrap or shrink to what can still be read", "11.7", ""},
	{"A-09", "Lines of at most 45 letters, 1.4 letters apart, from the side where reading begins", "", ""},
	{"A-10", "Text has a contrast of 7:1 (4.5:1 where it is very large), signs, borders and the focus 3:1, measured on the pixels", "9.1.4.3, 9.1.4.11", ""},
	{"A-11", "Light, dark and high contrast, and nothing said by colour alone", "11.7, 9.1.4.1", ""},
	{"A-12", "Five choices at most from the start, twelve people at most on a page, pages instead of scrolling", "", ""},
	{"A-13", "Three touches from home to anything; two and a confirmation to join", "", ""},
	{"A-14", "Home, back and reading aloud are always at the same place, with sign and word", "9.3.2.3", ""},
	{"A-15", "Nothing moves under a finger: while somebody is there, lists keep their order", "9.2.2.2", ""},
	{"A-16", "Lifting acts, sliding off cancels; no gesture is needed", "9.2.5.1, 9.2.5.2, 5.9", ""},
	{"A-17", "How long to hold and when the same touch counts again can be set; the first finger wins, palms count for nothing", "5.7, 5.8", ""},
	{"A-18", "A touch is answered at once: to the eye, to the ear, in words", "", ""},
	{"A-19", "What was done can be undone for ten seconds and longer; only what cannot be taken back is asked about first", "9.3.3.4", ""},
	{"A-20", "Whoever needs longer is warned 20 seconds before a page closes, can stay ten times and more, and loses nothing", "9.2.2.1", ""},
	{"A-21", "Nothing flashes more than three times a second; nothing moves by itself for more than five seconds", "9.2.2.2, 9.2.3.1", ""},
	{"A-22", "No sound at night unless somebody touches the wall", "", ""},
	{"A-23", "Every page can be read aloud, item by item as it is seen, and stops at once", "5.1.3.1, 5.1.3.5", ""},
	{"A-24", "What is read is spoken in the language it is written in", "5.1.3.14", ""},
	{"A-25", "The volume can be set in steps over 18 dB and more, and is as before for whoever comes next", "5.1.3.12, 5.1.3.13, 8.2.1", ""},
	{"A-26", "What is private is read through headphones only, or when somebody asks for it", "5.1.3.9", ""},
	{"A-27", "Pictures have words, films have captions, and a film in sign language is marked as one", "9.1.1.1, 7.1.1", ""},
	{"A-28", "Everything can be done with one switch or two", "5.1.6.1, 5.1.6.2", ""},
	{"A-29", "Everything can be done with keys, and what has the focus can be seen", "9.2.1.1, 9.2.4.7", ""},
	{"A-30", "Help never needs the ability it helps: reading aloud begins at a fixed corner, by a key, or by plugging in headphones", "5.2", ""},
	{"A-31", "Nobody has to remember anything: one's own picture is enough, a code of pictures is a choice, no face is ever recognised", "5.3", ""},
	{"A-32", "What somebody needs applies when they say who they are, and is gone when they are", "11.7", ""},
	{"A-33", "Sentences of ten words at most, as easy as a children's book", "", ""},
	{"A-34", "No abbreviations; the time with the word for its part of the day; meals by the word of each language", "", ""},
	{"A-35", "One word for one thing, in every language", "", ""},
	{"A-36", "Small numbers, and a word beside them", "", "whoever writes: no program judges it"},
	{"A-37", "What went wrong is said in words, and what to do; never a number", "", ""},
	{"A-38", "Every module says what it is like when it is empty, loading, offline, old, or not allowed to show people", "", ""},
	{"A-39", "Names in every script are spelled, joined and ordered as they are written", "", ""},
	{"A-40", "A drawing means one thing and always has a word beside it", "9.1.1.1", ""},
	{"A-41", "The Manager is WCAG 2.2 AA", "9", ""},
	{"A-42", "The Manager helps whoever writes to write for everybody", "11.8", ""},
	{"A-43", "This page is made from the tests", "12.1.1", ""},
}
