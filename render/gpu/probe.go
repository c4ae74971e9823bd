//go:build !nogpu

package gpu

import (
	"fmt"
	"image/color"

	"github.com/hajimehoshi/ebiten/v2"
)

// Probe finds out whether this machine's GPU can be used: it opens a small
// window, draws in it and closes it. A driver may answer by ending the process,
// so this is for a child of the program that wants to know, on main's goroutine;
// the child ends with 0 when Probe returns nil.
func Probe() error {
	ebiten.SetWindowSize(64, 64)
	ebiten.SetWindowDecorated(false)
	if err := ebiten.RunGameWithOptions(new(probe), &ebiten.RunGameOptions{InitUnfocused: true}); err != nil {
		return fmt.Errorf("gpu: %w", err)
	}
	return nil
}

// probe draws once and ends with the turn after it, when that is on the glass.
type probe struct{ drawn bool }

func (p *probe) Update() error {
	if p.drawn {
		return ebiten.Termination
	}
	return nil
}

func (p *probe) Draw(screen *ebiten.Image) {
	screen.Fill(color.Black)
	p.drawn = true
}

func (p *probe) Layout(w, h int) (int, int) { return w, h }
