package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"tavle/sync/hub/store/pgstore/pgtest"
)

// bin is the folder with the programs, built as they are shipped.
var bin string

func TestMain(m *testing.M) {
	if bin = os.Getenv(ownMounts); bin != "" {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "tavle-e2e-")
	if err == nil {
		bin = dir
		err = build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := pgtest.Main(m)
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

func build(dir string) error {
	cmd := exec.Command("go", "build", "-tags", "nogpu", "-o", dir+string(filepath.Separator),
		"tavle/cmd/tavle-hub", "tavle/cmd/tavle-player", "tavle/packaging/crowd", "tavle/packaging/empty")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	return nil
}
