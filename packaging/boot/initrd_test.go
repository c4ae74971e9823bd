//go:build vm

package boot

import (
	"bytes"
	"debug/elf"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// An archive is what the kernel unpacks into memory at start: cpio, in the form
// it calls newc (Documentation/driver-api/early-userspace/buffer-format.rst).
type archive struct{ bytes.Buffer }

func (a *archive) add(name string, mode uint32, data []byte) {
	// magic, inode, mode, owner, group, links, time, size, four device numbers,
	// length of the name, checksum
	fmt.Fprintf(a, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		a.Len(), mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name)+1, 0)
	a.WriteString(name + "\x00")
	a.pad()
	a.Write(data)
	a.pad()
}

// addAll adds all that is in a folder.
func (a *archive) addAll(t testing.TB, root string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if d.IsDir() {
			a.add(name, 0o040000|uint32(info.Mode().Perm()), nil)
			return nil
		}
		b, err := os.ReadFile(path)
		a.add(name, 0o100000|uint32(info.Mode().Perm()), b)
		return err
	}))
}

func (a *archive) pad() { a.Write(make([]byte, -a.Len()&3)) }

// initrd returns an archive with init, with what else is in that folder ("" is
// none), and with the kernel's modules of those names, in an order they can be
// loaded in, as in modules/01-virtio.ko.
func initrd(t testing.TB, kernel, init, root string, names ...string) []byte {
	t.Helper()
	var a archive
	if root != "" {
		a.addAll(t, root)
	}
	for _, dir := range []string{"dev", "proc", "sys", "modules"} {
		a.add(dir, 0o040755, nil)
	}
	b, err := os.ReadFile(init)
	require.NoError(t, err)
	a.add("init", 0o100755, b)

	files := map[string]string{} // module → file
	err = filepath.WalkDir(filepath.Join(kernel, "lib", "modules"), func(path string, _ fs.DirEntry, err error) error {
		if name, ok := strings.CutSuffix(filepath.Base(path), ".ko"); ok {
			files[strings.ReplaceAll(name, "-", "_")] = path
		}
		return err
	})
	require.NoError(t, err)
	loaded := map[string]bool{}
	var load func(name string)
	load = func(name string) {
		if loaded[name] {
			return
		}
		loaded[name] = true
		require.NotEmpty(t, files[name], "the kernel has no module %s", name)
		for _, d := range dependencies(t, files[name]) {
			load(d)
		}
		b, err := os.ReadFile(files[name])
		require.NoError(t, err)
		a.add(fmt.Sprintf("modules/%02d-%s.ko", len(loaded), name), 0o100644, b)
	}
	for _, n := range names {
		load(n)
	}
	a.add("TRAILER!!!", 0, nil)
	return a.Bytes()
}

// dependencies returns the modules that a module says it needs.
func dependencies(t testing.TB, path string) []string {
	t.Helper()
	f, err := elf.Open(path)
	require.NoError(t, err)
	defer func() { _ = f.Close() }()
	info, err := f.Section(".modinfo").Data()
	require.NoError(t, err)
	for word := range strings.SplitSeq(string(info), "\x00") {
		if list, ok := strings.CutPrefix(word, "depends="); ok && list != "" {
			return strings.Split(strings.ReplaceAll(list, "-", "_"), ",")
		}
	}
	return nil
}
