//go:build !nogpu

// Empty is the least program that shows something with Ebitengine: all of the
// monitor, white. Nothing of ours is in it, so a wall screen can be measured by
// it; `make bench-start` does.
package main

import (
	"image/color"
	"log/slog"
	"os"

	"github.com/hajimehoshi/ebiten/v2"
)

type empty struct{}

func (empty) Update() error              { return nil }
func (empty) Draw(screen *ebiten.Image)  { screen.Fill(color.White) }
func (empty) Layout(w, h int) (int, int) { return w, h }

func main() {
	ebiten.SetFullscreen(true)
	if err := ebiten.RunGame(empty{}); err != nil {
		slog.Error("empty window", "error", err)
		os.Exit(1)
	}
}
