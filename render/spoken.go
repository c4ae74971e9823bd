package render

import "image"

// A Spoken is one item of a frame as it is read aloud.
type Spoken struct {
	Rect    image.Rectangle // what a ring surrounds meanwhile
	Say     []Phrase        // one after the other
	Sound   string          // a recording that says it better: "sound:sha256-…"; "": none
	Private bool            // not for everybody's ears
}

// A Phrase is words in one language, as they are written.
type Phrase struct {
	Text string
	Lang string // a BCP 47 tag
}
