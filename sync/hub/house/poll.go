package house

import (
	"slices"

	"tavle/sync/record"
)

// A Poll is a question to everybody who passes. What was answered is not part of
// it, and of who answered nothing is kept anywhere.
type Poll struct {
	ID         ID           `key:"id"`
	Department ID           `key:"department,opt" ref:"department"`
	Question   record.Text  `key:"question" max:"200"`
	Options    []PollOption `key:"options" min:"2" max:"5"`
	From       Wall         `key:"from" window:"from"`
	Until      Wall         `key:"until" window:"until"`
}

// A PollOption is one answer that can be given.
type PollOption struct {
	Pictogram string      `key:"pictogram" min:"1" max:"40"` // of this poll's, only this one has it
	Title     record.Text `key:"title" max:"60"`
}

// Has reports whether an answer can be given.
func (p *Poll) Has(pictogram string) bool {
	return slices.ContainsFunc(p.Options, func(o PollOption) bool { return o.Pictogram == pictogram })
}

// polls checks that every answer of a poll has a picture of its own, and that
// there is a time to answer.
func (c *checker) polls() {
	for i, p := range c.house.Polls {
		has := map[string]bool{}
		for j, o := range p.Options {
			if has[o.Pictogram] {
				c.at(in("polls", i, "options", j, "pictogram"), "another answer has it already")
			}
			has[o.Pictogram] = true
		}
		if p.Until <= p.From {
			c.at(in("polls", i, "until"), "not after from")
		}
	}
}
