// Empty is the least program that shows something with one of our presenters
// that need no GPU, x11 or kms: all of the monitor, white. A wall screen is
// measured by it; `make bench-start` does.
package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"tavle/render"
	"tavle/render/glass"
	"tavle/render/kms"
	"tavle/render/x11"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := show(ctx, os.Args[1:]); err != nil {
		slog.ErrorContext(ctx, "empty screen", "error", err)
		os.Exit(1)
	}
}

func show(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: empty x11|kms")
	}
	s, err := open(ctx, args[0])
	if err != nil {
		return err
	}
	all := image.Rectangle{Max: s.Panel().Size}
	white := render.Op{Kind: render.BoxOp, Rect: all, Color: color.RGBA{255, 255, 255, 255}}
	if err := s.Present(&render.Frame{Size: all.Max, Ops: []render.Op{white}}, []image.Rectangle{all}); err != nil {
		return err
	}
	return errors.Join(s.Run(ctx), s.Close())
}

func open(ctx context.Context, kind string) (glass.Presenter, error) {
	switch kind {
	case "x11":
		return x11.Open(x11.Options{})
	case "kms":
		return kms.Open(ctx, kms.Options{})
	}
	return nil, fmt.Errorf("%s: want x11 or kms", kind)
}
