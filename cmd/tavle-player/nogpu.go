//go:build nogpu

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"tavle/render/glass"
)

func openGPU(context.Context, *opener) (glass.Presenter, error) {
	return nil, errors.New("this program was built without it; tavle-player-gpu has it")
}

func gpuCommands() []*cobra.Command { return nil }
