package manager

import (
	"cmp"
	"slices"
	"strings"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

// A page is one part of the Manager.
type page struct {
	Name   string // of its words and templates
	Nav    *nav   // nil: nothing leads to it from everywhere
	Routes []route
}

// A route is what is answered at an address, and to whom. Which right it asks for
// cannot be left out.
type route struct {
	Pattern string // as [net/http.ServeMux] has them: "GET /people/{id}"
	Right   account.Right
	Do      func(*visit) error
}

// proved reports whether whoever asks must have proved just now who they are: what is
// done there cannot be undone, or leaves the house.
func (r route) proved() bool {
	return slices.Contains([]account.Right{account.Accounts, account.Export, account.Erase}, r.Right)
}

// method and path are the two parts of the pattern.
func (r route) method() string { m, _, _ := strings.Cut(r.Pattern, " "); return m }
func (r route) path() string   { _, p, _ := strings.Cut(r.Pattern, " "); return p }

// A nav is a line of the list of pages that stands at the side of each.
type nav struct {
	Order int    // from the top; those of the design are 10 apart
	Icon  string // of assets/icon
	Path  string // where it leads: a path of the table
	For   house.Kind
	// For says of which records the page is in place of their plain list; "": of
	// none.
}

// pages are all pages, in no order. See [add].
var pages []page

// add puts a page into the Manager: each file of a page says
//
//	var _ = add(page{…})
func add(p page) struct{} {
	pages = append(pages, p)
	return struct{}{}
}

// table returns all routes, in the order of their patterns.
func table() (all []route) {
	for _, p := range pages {
		all = append(all, p.Routes...)
	}
	slices.SortFunc(all, func(a, b route) int { return cmp.Compare(a.Pattern, b.Pattern) })
	return all
}

// navigation returns the pages that stand at the side, from the top.
func navigation() (all []page) {
	instead := map[house.Kind]string{}
	for _, p := range pages {
		if p.Nav != nil && p.Nav.For != "" && !strings.HasPrefix(p.Nav.Path, recordsPath) {
			instead[p.Nav.For] = p.Nav.Path
		}
	}
	for _, p := range pages {
		if p.Nav != nil && (instead[p.Nav.For] == "" || instead[p.Nav.For] == p.Nav.Path) {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b page) int { return cmp.Or(cmp.Compare(a.Nav.Order, b.Nav.Order), cmp.Compare(a.Name, b.Name)) })
	return all
}

// rightOf returns what a path asks for; "": no route leads there.
func rightOf(routes []route, path string) account.Right {
	for _, r := range routes {
		if strings.TrimSuffix(r.Pattern, "{$}") == "GET "+path {
			return r.Right
		}
	}
	return ""
}
