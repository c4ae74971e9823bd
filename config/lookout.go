package config

import (
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/fsnotify/fsnotify"
)

// A lookout watches folders. When they are not the same any more it begins anew:
// a watcher that is told to forget one folder and watch another of the same name
// may mix them up, and then nothing is ever heard again.
type lookout struct {
	watcher *fsnotify.Watcher
	on      []folder
}

// A sight is where a lookout tells what it sees.
type sight struct {
	events <-chan fsnotify.Event
	errors <-chan error
}

// A folder is a name, and which folder has it.
type folder struct {
	path string
	info fs.FileInfo // nil: it is gone
}

func (f folder) same(g folder) bool {
	if f.info == nil || g.info == nil {
		return f.path == g.path && f.info == nil && g.info == nil
	}
	return f.path == g.path && os.SameFile(f.info, g.info)
}

// look watches the folders dirs and no others, and says whether those it watched
// before were others. One that is gone by now is no error.
func (l *lookout) look(dirs []string) (sight, bool, error) {
	// Which they are is asked before they are watched: if one is exchanged just
	// then, the next look sees it.
	on := make([]folder, len(dirs))
	for i, dir := range dirs {
		info, _ := os.Stat(dir) // nil when it is gone
		on[i] = folder{dir, info}
	}
	if l.watcher != nil && slices.EqualFunc(l.on, on, folder.same) {
		return sight{l.watcher.Events, l.watcher.Errors}, false, nil
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return sight{}, false, err
	}
	for _, dir := range dirs {
		if err := w.Add(dir); err != nil && isFolder(dir) {
			_ = w.Close()
			return sight{}, false, fmt.Errorf("folder of the file: %w", err)
		}
	}
	l.close()
	l.watcher, l.on = w, on
	return sight{w.Events, w.Errors}, true, nil
}

// close ends the watching, and waits for it to end.
func (l *lookout) close() {
	if l.watcher != nil {
		_ = l.watcher.Close()
	}
}
