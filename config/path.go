package config

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// folderName allows a folder, there or not.
var folderName = rule[string]{"a folder; it is made if it is not there", func(v *string, folder string) problem {
	if bad := rooted(v, folder); bad.what != "" {
		return bad
	}
	if info, err := os.Stat(*v); err == nil && !info.IsDir() {
		return problem{NoFile, quoted(*v) + " is a file"}
	}
	return problem{}
}}

// existingFile allows a file that can be read.
var existingFile = rule[string]{"a file that is there and can be read", func(v *string, folder string) problem {
	if bad := rooted(v, folder); bad.what != "" {
		return bad
	}
	return readable(*v)
}}

// secretFile allows a file that can be read, though not by everybody.
var secretFile = rule[string]{"a file that is there and that not everybody can read", func(v *string, folder string) problem {
	if bad := existingFile.check(v, folder); bad.what != "" {
		return bad
	}
	if info, err := os.Stat(*v); err == nil && info.Mode().Perm()&0o004 != 0 {
		return problem{NoFile, quoted(*v) + " can be read by everybody; `chmod 600` mends that"}
	}
	return problem{}
}}

// rooted makes a path one from the folder the file is in.
func rooted(v *string, folder string) problem {
	if *v == "" {
		return refuse("is empty")
	}
	if strings.ContainsRune(*v, 0) {
		return refuse("is no path")
	}
	if !filepath.IsAbs(*v) {
		*v = filepath.Join(folder, *v)
	}
	return problem{}
}

// readable says what keeps a file from being read.
func readable(path string) problem {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return problem{NoFile, quoted(path) + " is no file"}
	}
	if err == nil {
		var f *os.File
		if f, err = os.Open(path); err == nil {
			_ = f.Close()
		}
	}
	switch {
	case err == nil:
		return problem{}
	case os.IsNotExist(err):
		return problem{NoFile, quoted(path) + " is not there"}
	case os.IsPermission(err):
		return problem{NoFile, quoted(path) + " may not be read by this program"}
	}
	return problem{NoFile, fmt.Sprintf("%s cannot be read (%v)", quoted(path), reason(err))}
}

// reason is what the system says, without the path it says it of.
func reason(err error) error {
	if pe, ok := err.(*fs.PathError); ok { //nolint:errorlint // os returns it as it is
		return pe.Err
	}
	return err
}
