package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"tavle/assets/lang"
	"tavle/cmd/tavle/stage"
)

// galleryFlags say which pictures: every combination of what the lists hold.
type galleryFlags struct {
	shotFlags
	screens, sizes, langs, themes []string
	texts                         []string // as they were written, which file names keep
}

func galleryCommand() *cobra.Command {
	var f galleryFlags
	c := &cobra.Command{
		Use:   "gallery",
		Short: "Paint every page of the wall into a folder",
		Long: "gallery paints every page and state of the wall, in every size, language and theme that is asked for,\n" +
			"and an index.html to look at them side by side. It needs neither hub nor display. Several values of a flag\n" +
			"are separated by commas; \"all\" stands for every one.",
		Example: `  tavle gallery -o out/gallery
  tavle gallery -o out/gallery --lang all --theme all
  tavle gallery -o out/large --screen home,who --size 1920x1080,3840x2160 --text 1,1.3,1.6`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.out == "" {
				return errors.New("-o: want a folder to write to")
			}
			return f.paint(c.Context(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringSliceVar(&f.screens, "screen", []string{"all"}, "pages to paint")
	c.Flags().StringSliceVar(&f.sizes, "size", []string{"1920x1080", "1080x1920", "800x480"}, "sizes in pixels")
	c.Flags().StringSliceVar(&f.langs, "lang", []string{"da"}, "languages: "+strings.Join(lang.Tags, ", "))
	c.Flags().StringSliceVar(&f.themes, "theme", []string{"day"}, "colours: "+strings.Join(themes, ", "))
	c.Flags().StringSliceVar(&f.texts, "text", []string{"1"}, "sizes of letters: 1, 1.3, 1.6")
	c.Flags().StringVarP(&f.out, "output", "o", "", "folder to write to")
	f.add(c)
	return c
}

// A shot is one picture of the gallery.
type shot struct {
	Screen, Size, Lang, Theme, Text string
	scene                           stage.Scene
	size                            image.Point
}

// File returns the name of its file: what it is, without what is as usual.
func (s shot) File() string {
	name := s.Screen + "-" + s.Size + "-" + s.Lang
	if s.Theme != "day" {
		name += "-" + s.Theme
	}
	if s.Text != "1" {
		name += "-" + s.Text
	}
	return name + ".png"
}

// all returns every value there is in place of "all".
func all(list, every []string) []string {
	if len(list) == 1 && list[0] == "all" {
		return every
	}
	return list
}

// A set is what pictures are painted from that share language, theme and text.
type set struct {
	flags shotFlags
	stage *stage.Stage
	list  []shot
}

// sets returns what there is to paint; every mistake in a flag is found before
// anything is written.
func (f galleryFlags) sets() (sets []set, n int, err error) {
	for _, tag := range all(f.langs, lang.Tags) {
		for _, theme := range all(f.themes, themes) {
			for _, text := range all(f.texts, []string{"1", "1.3", "1.6"}) {
				w := set{flags: f.shotFlags}
				w.flags.lang, w.flags.theme = tag, theme
				if w.flags.text, err = strconv.ParseFloat(text, 64); err != nil {
					return nil, 0, fmt.Errorf("--text %q: there are 1, 1.3, 1.6", text)
				}
				if w.stage, err = w.flags.stage(); err != nil {
					return nil, 0, err
				}
				for _, size := range f.sizes {
					px, err := parseSize(size)
					if err != nil {
						return nil, 0, err
					}
					for _, screen := range all(f.screens, stage.Names()) {
						scene, err := sceneNamed(screen)
						if err != nil {
							return nil, 0, err
						}
						w.list = append(w.list, shot{screen, size, tag, theme, text, scene, px})
					}
				}
				n += len(w.list)
				sets = append(sets, w)
			}
		}
	}
	return sets, n, nil
}

// paint writes the pictures, on every processor, and the page that shows them.
func (f galleryFlags) paint(ctx context.Context, out, progress io.Writer) error {
	sets, total, err := f.sets()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.out, 0o750); err != nil {
		return err
	}
	var (
		wg    sync.WaitGroup
		jobs  = make(chan set)
		state struct {
			sync.Mutex
			done int
			err  error
		}
	)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	finished := func(err error) {
		state.Lock()
		defer state.Unlock()
		if err != nil && state.err == nil {
			state.err = err
			cancel()
		}
		if state.done++; state.done%100 == 0 {
			fmt.Fprintf(progress, "%d of %d pictures\n", state.done, total)
		}
	}
	for range min(runtime.GOMAXPROCS(0), len(sets)) {
		wg.Go(func() {
			for w := range jobs {
				for _, s := range w.list {
					if ctx.Err() != nil {
						break
					}
					finished(w.paint(s, f.out))
				}
			}
		})
	}
	for _, w := range sets {
		jobs <- w
	}
	close(jobs)
	wg.Wait()
	if state.err != nil {
		return state.err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := f.index(sets); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d pictures in %s; look at %s\n", total, f.out, filepath.Join(f.out, "index.html"))
	return nil
}

func (w set) paint(s shot, dir string) error {
	var err error
	if w.stage.Hangs.MM, err = w.flags.panelMM(s.size); err != nil {
		return err
	}
	return writePNG(filepath.Join(dir, s.File()), w.stage.Paint(s.scene, s.size))
}

//go:embed gallery.html
var galleryPage string

// index writes the page that shows the pictures.
func (f galleryFlags) index(sets []set) error {
	page, err := template.New("gallery").Parse(galleryPage)
	if err != nil {
		return fmt.Errorf("gallery page: %w", err)
	}
	type group struct {
		Screen string
		Stills []shot
	}
	var groups []group
	for _, screen := range all(f.screens, stage.Names()) {
		g := group{Screen: screen}
		for _, w := range sets {
			for _, s := range w.list {
				if s.Screen == screen {
					g.Stills = append(g.Stills, s)
				}
			}
		}
		groups = append(groups, g)
	}
	var b bytes.Buffer
	err = page.Execute(&b, map[string]any{
		"Groups": groups, "Sizes": f.sizes, "Langs": all(f.langs, lang.Tags),
		"Themes": all(f.themes, themes), "Texts": all(f.texts, []string{"1", "1.3", "1.6"}),
	})
	if err != nil {
		return fmt.Errorf("gallery page: %w", err)
	}
	return os.WriteFile(filepath.Join(f.out, "index.html"), b.Bytes(), 0o600)
}

func writePNG(path string, img image.Image) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(file, img); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}
