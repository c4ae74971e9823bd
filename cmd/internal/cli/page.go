package cli

import (
	"slices"

	"tavle/assets/lang"
	"tavle/render/page"
)

// PageWords returns what a page says around the picture of a wall in that
// language; "" is that of a house that chose none.
func PageWords(tag string) page.Words {
	if !slices.Contains(lang.Tags, tag) {
		tag = lang.Tags[0]
	}
	w := lang.Must(tag)
	return page.Words{Lang: tag, Title: "Tavle", Note: w.T("page.note"), Screen: w.T("page.screen"), Lost: w.T("page.lost")}
}
