// Package manager is the hub's web application: staff fill the house in it, see
// what the walls show, and answer for what is kept of people.
//
// It is plain pages, made here and sent whole (html/template); a little script of
// our own and htmx make some of them quicker, and each works without. Nothing comes
// from elsewhere, and nothing has to be built.
//
// Each page is a file of its own, which adds it to the table of routes ([add]) with
// the right that whoever asks must have; its templates lie in templates, its words in
// words, under its name. How a request goes:
//
//	ServeHTTP      headers, foreign sites turned away
//	  the table    which route; none: 404
//	  the desk     who is it? (sync/hub/account)
//	  the right    may they? no: 403, and the audit says so
//	  the page     reads by [visit.see], changes by [visit.change], answers by
//	               [visit.show] or [visit.to]
//
// A change goes the way of every change of the hub, so the walls show it within the
// second.
package manager
