//go:build !nogpu

package gpu

import (
	"strings"

	"github.com/hajimehoshi/ebiten/v2"

	"tavle/render/glass"
)

// named are the keys that are no character.
var named = map[ebiten.Key]string{
	ebiten.KeyEnter: glass.KeyEnter, ebiten.KeyNumpadEnter: glass.KeyEnter,
	ebiten.KeySpace: glass.KeySpace, ebiten.KeyEscape: glass.KeyEscape, ebiten.KeyTab: glass.KeyTab,
	ebiten.KeyArrowLeft: glass.KeyLeft, ebiten.KeyArrowRight: glass.KeyRight,
	ebiten.KeyArrowUp: glass.KeyUp, ebiten.KeyArrowDown: glass.KeyDown,
	ebiten.KeyHome: glass.KeyHome, ebiten.KeyEnd: glass.KeyEnd,
	ebiten.KeyPageUp: glass.KeyPageUp, ebiten.KeyPageDown: glass.KeyPageDown,
	ebiten.KeyBackspace: glass.KeyBackspace, ebiten.KeyDelete: glass.KeyDelete,
}

// keyName returns our name of a key that is no character, or nothing. Characters
// are heard as they are typed.
func keyName(k ebiten.Key, shift bool) string {
	if k == ebiten.KeyTab && shift {
		return glass.KeyBackTab
	}
	if n := named[k]; n != "" {
		return n
	}
	if k >= ebiten.KeyF1 && k <= ebiten.KeyF12 {
		return strings.ToLower(k.String())
	}
	return ""
}
