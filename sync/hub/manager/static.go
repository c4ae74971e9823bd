package manager

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"tavle/assets/fonts"
	"tavle/sync/hub/account"
	"tavle/sync/hub/store"
)

//go:embed static
var staticFiles embed.FS

// A static is what pages are dressed in: style, script, letters. All of it is at
// addresses that change with it, so browsers may keep it.
type static struct {
	files   map[string][]byte // by name: "style.css"
	version string
}

// newStatic puts the style sheets together: static/style.css and then those of
// single pages, static/page-*.css.
func newStatic() (*static, error) {
	s := &static{files: map[string][]byte{}}
	all, err := fs.Glob(staticFiles, "static/*")
	if err != nil {
		return nil, err
	}
	for _, file := range all {
		b, err := staticFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name := path.Base(file)
		if strings.HasPrefix(name, "page-") && path.Ext(name) == ".css" {
			s.files["pages.css"] = append(append(s.files["pages.css"], b...), '\n')
			continue
		}
		s.files[name] = b
	}
	for _, weight := range fonts.Weights {
		b, err := fonts.Main(weight)
		if err != nil {
			return nil, err
		}
		s.files[fmt.Sprintf("tavle-%d.ttf", weight)] = b
	}
	s.files["style.css"] = append(append(s.files["style.css"], '\n'), s.files["pages.css"]...)
	s.files["style.css"] = append(s.files["style.css"], quarters()...)
	delete(s.files, "pages.css")
	sum := sha256.New()
	for _, file := range all { // letters do not change
		_, _ = sum.Write(s.files[path.Base(file)])
	}
	s.version = hex.EncodeToString(sum.Sum(nil)[:6])
	return s, nil
}

// url returns where something is.
func (s *static) url(name string) (string, error) {
	if s.files[name] == nil {
		return "", fmt.Errorf("no file %q", name)
	}
	return "/static/" + s.version + "/" + name, nil
}

var _ = add(page{Name: "static", Routes: []route{
	{"GET /static/{version}/{name}", account.Public, (*visit).file},
}})

// file answers with one of them.
func (v *visit) file() error {
	name := v.r.PathValue("name")
	b := v.static.files[name]
	if b == nil {
		return store.ErrNotFound
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if path.Ext(name) == ".ttf" {
		kind = "font/ttf"
	}
	v.w.Header().Set("Content-Type", kind)
	v.w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	v.w.WriteHeader(http.StatusOK)
	_, _ = v.w.Write(b)
	return nil
}
