package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// searchFiles counts how often any of these values stands in the files of a
// database at path, and their bytes.
func searchFiles(path string) func(context.Context, []string) (int, int64, error) {
	return func(ctx context.Context, values []string) (found int, size int64, err error) {
		for _, name := range []string{path, path + "-wal"} {
			n, bytes, err := searchFile(ctx, name, values)
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				return 0, 0, fmt.Errorf("search %s: %w", filepath.Base(name), err)
			}
			found, size = found+n, size+bytes
		}
		return found, size, nil
	}
}

// searchFile reads a file in parts that overlap by the longest value.
func searchFile(ctx context.Context, path string, values []string) (found int, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	longest := 1
	for _, v := range values {
		longest = max(longest, len(v))
	}
	part := make([]byte, 1<<20)
	kept := 0
	for ctx.Err() == nil {
		n, err := io.ReadFull(f, part[kept:])
		size += int64(n)
		have := part[:kept+n]
		keep := min(len(have), longest-1)
		for _, v := range values {
			// What fits into the part that is kept is counted with the next.
			found += bytes.Count(have, []byte(v)) - bytes.Count(have[len(have)-keep:], []byte(v))
		}
		if err != nil {
			for _, v := range values {
				found += bytes.Count(have[len(have)-keep:], []byte(v))
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = nil
			}
			return found, size, err
		}
		kept = copy(part, have[len(have)-keep:])
	}
	return found, size, ctx.Err()
}
