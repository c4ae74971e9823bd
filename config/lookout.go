package config

import (
	"fmt"

	"github.com/fsnotify/fsnotify"
)

// A lookout watches folders. Each time it looks it begins anew: a watcher that is
// told to forget one folder and to watch another of the same name mixes them up,
// and a folder that has the number of one that was deleted passes for it. Then
// nothing is ever heard again. It looks once for each change of the file, so that
// costs nothing.
type lookout struct{ watcher *fsnotify.Watcher }

// A sight is where a lookout tells what it sees.
type sight struct {
	events <-chan fsnotify.Event
	errors <-chan error
}

// look watches these folders and no others. One that is gone by now is no error.
func (l *lookout) look(dirs []string) (sight, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return sight{}, err
	}
	for _, dir := range dirs {
		if err := w.Add(dir); err != nil && isFolder(dir) {
			_ = w.Close()
			return sight{}, fmt.Errorf("folder of the file: %w", err)
		}
	}
	l.close()
	l.watcher = w
	return sight{w.Events, w.Errors}, nil
}

// close ends the watching, and waits for it to end.
func (l *lookout) close() {
	if l.watcher != nil {
		_ = l.watcher.Close()
	}
}
