package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// MaxFile is the largest file that is read, in bytes. The examples have 3 KB;
// whatever is larger is something else.
const MaxFile = 64 << 10

// A Source is where a configuration comes from.
type Source struct {
	// Path is the file; "" is none.
	Path string

	// Optional says that the file need not be there.
	Optional bool

	// Env looks up a variable, as os.LookupEnv does; nil: there are none.
	// Names are those of [Key.Env]. Variables of that kind that no key has are
	// left alone: the other program may run beside this one.
	Env func(name string) (string, bool)

	// Flags are the flags that were given, by the path of their key.
	Flags map[string]string
}

// Load reads, merges and checks a configuration. Any error is [Mistakes]: all
// of them, of which each can be mended without a look at our code.
func Load[T Program](s Source) (*T, error) {
	data, bad := s.read()
	return merge[T](s, data, bad...)
}

// Parse is Load of a file's content alone. The name stands in mistakes, and
// paths are taken from its folder.
func Parse[T Program](name string, data []byte) (*T, error) {
	return merge[T](Source{Path: name}, data)
}

// merge decides what holds: flag, environment, file, default, whichever comes
// first. What is overruled is checked all the same, so that no mistake lies in
// wait for the day when the flag is left out. Paths are taken from the file's
// folder in a file, else from the working directory.
func merge[T Program](s Source, data []byte, bad ...Mistake) (*T, error) {
	c := new(T)
	found := findings{places: map[string]spot{}, wrong: map[string]bool{}}
	for _, m := range bad {
		found.add(m)
	}
	doc := parse(s.Path, data, of(c).tables(), &found)
	for _, k := range keysOf(of(c)) {
		k.reset()
		if v, ok := doc.values[k.Path]; ok {
			at := spot{s.Path, doc.lines[k.Path]}
			found.settle(k, at, k.take(v, filepath.Dir(s.Path)))
		}
		if text, ok := s.lookup(k.Env()); ok {
			found.settle(k, spot{"environment variable " + k.Env(), 0}, k.parse(text, ""))
		}
		if text, ok := s.Flags[k.Path]; ok {
			found.settle(k, spot{"flag --" + k.Flag(), 0}, k.parse(text, ""))
		}
	}
	if !found.partial { // else a key that seems to be missing may be there
		of(c).check(&found)
	}
	if len(found.mistakes) > 0 {
		return nil, found.sorted()
	}
	return c, nil
}

func (s Source) lookup(name string) (string, bool) {
	if s.Env == nil {
		return "", false
	}
	return s.Env(name)
}

// read returns the content of the file, or what keeps it from being read.
func (s Source) read() ([]byte, []Mistake) {
	if s.Path == "" {
		return nil, nil
	}
	if s.Optional && !exists(s.Path) {
		return nil, nil
	}
	if bad := readable(s.Path); bad.what != "" {
		return nil, []Mistake{{Kind: Unreadable, Where: s.Path, What: bad.what}}
	}
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, []Mistake{{Kind: Unreadable, Where: s.Path, What: reason(err).Error()}}
	}
	defer f.Close()
	// One byte more than is allowed tells that there is more.
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return nil, []Mistake{{Kind: Unreadable, Where: s.Path, What: reason(err).Error()}}
	}
	return data, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
