//go:build !nogpu

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"tavle/cmd/internal/build"
	"tavle/config"
	"tavle/render/glass"
	"tavle/render/gpu"
)

// probeLimit is how long a driver may take to draw for the first time.
const probeLimit = 20 * time.Second

func openGPU(ctx context.Context, o *opener) (glass.Presenter, error) {
	if o.cfg.Screen == "auto" {
		if err := tryGPU(ctx, o.cfg); err != nil {
			return nil, err
		}
	}
	return gpu.New(gpu.Options{
		Title: "Tavle", Size: o.cfg.Size, Rotation: o.rotation, HideCursor: true, Images: o.images,
	}), nil
}

// tryGPU finds out whether the GPU draws: a driver that does not may end the
// program that asks it to, so a child asks. What has worked under this kernel
// for this build is not tried again, as it takes as long as a start.
func tryGPU(ctx context.Context, cfg *config.Player) error {
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return err
	}
	note, now := filepath.Join(cfg.State, "gpu-works"), build.Read().String()+"\n"+unix.ByteSliceToString(uts.Release[:])+"\n"
	if was, err := os.ReadFile(note); err == nil && string(was) == now {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	if err := exec.CommandContext(ctx, self, "gpu-probe").Run(); err != nil {
		return fmt.Errorf("it does not draw: %w", err)
	}
	return os.WriteFile(note, []byte(now), 0o600)
}

// gpuCommands returns what a child of this program is told to do.
func gpuCommands() []*cobra.Command {
	return []*cobra.Command{{
		Use: "gpu-probe", Hidden: true, Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return gpu.Probe() },
	}}
}
