package main

import (
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tavle/assets/demo"
	"tavle/assets/lang"
	"tavle/cmd/tavle/stage"
	"tavle/config"
	"tavle/player/ui/look"
)

// themes are the names of the colours, the day's first.
var themes = []string{look.Day.Name, look.Evening.Name, look.Night.Name, look.ContrastDark.Name, look.ContrastLight.Name}

// shotFlags say which picture.
type shotFlags struct {
	screen, size, at, lang, theme, house, device, out string

	mm       string // of the panel
	inch     float64
	text     float64
	distance int
	bottom   int
	low      bool
}

func (f *shotFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.at, "at", "2026-12-03T10:24", "local time of the house")
	c.Flags().StringVar(&f.mm, "mm", "", "width and height of the panel in millimetres, such as 952x535; not known when empty")
	c.Flags().Float64Var(&f.inch, "inch", 0, "diagonal of the panel in inches, instead of --mm")
	c.Flags().IntVar(&f.distance, "distance", 0, "of the eyes in millimetres; 0: as one stands before a panel of its size")
	c.Flags().IntVar(&f.bottom, "bottom", 0, "height of the panel's lower edge above the floor in millimetres; 0: not known")
	c.Flags().BoolVar(&f.low, "low", false, "with what is touched brought down, for somebody who sits")
	c.Flags().StringVar(&f.house, "house", "", "house file to show; the demo house when empty")
	c.Flags().StringVar(&f.device, "device", "", "screen of the house file whose board is shown; its first when empty")
}

func shotCommand() *cobra.Command {
	var f shotFlags
	c := &cobra.Command{
		Use:   "shot",
		Short: "Paint one page of the wall into a PNG file",
		Long: "shot paints one page of the wall as the screen would show it, with the same code.\n" +
			"It needs neither hub nor display. Pages: " + strings.Join(stage.Names(), ", ") + ".",
		Example: `  tavle shot --screen home --size 1920x1080 --at 2026-12-03T10:24 --lang da -o home.png
  tavle shot --screen who --size 1080x1920 --lang nb > who.png`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			w := c.OutOrStdout()
			if f.out != "" && f.out != "-" {
				file, err := os.Create(f.out)
				if err != nil {
					return err
				}
				defer file.Close()
				w = file
			}
			return f.paint(w)
		},
	}
	c.Flags().StringVar(&f.screen, "screen", "home", "page to paint")
	c.Flags().StringVar(&f.size, "size", "1920x1080", "width and height in pixels")
	c.Flags().StringVarP(&f.out, "output", "o", "", "file to write; standard output when empty or -")
	c.Flags().StringVar(&f.lang, "lang", "da", "language: "+strings.Join(lang.Tags, ", "))
	c.Flags().StringVar(&f.theme, "theme", "day", "colours: "+strings.Join(themes, ", "))
	c.Flags().Float64Var(&f.text, "text", 1, "size of letters: 1, 1.3, 1.6")
	f.add(c)
	_ = c.RegisterFlagCompletionFunc("screen", cobra.FixedCompletions(stage.Names(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (f shotFlags) paint(w io.Writer) error {
	s, err := f.stage()
	if err != nil {
		return err
	}
	size, err := parseSize(f.size)
	if err != nil {
		return err
	}
	if s.Hangs.MM, err = f.panelMM(size); err != nil {
		return err
	}
	p, err := sceneNamed(f.screen)
	if err != nil {
		return err
	}
	return png.Encode(w, s.Paint(p, size))
}

// stage reads what every page is made from.
func (f shotFlags) stage() (*stage.Stage, error) {
	at, err := time.Parse("2006-01-02T15:04", f.at)
	if err != nil {
		return nil, fmt.Errorf("--at %q: want a time such as 2026-12-03T10:24", f.at)
	}
	if !slices.Contains(lang.Tags, f.lang) {
		return nil, fmt.Errorf("--lang %q: there are %s", f.lang, strings.Join(lang.Tags, ", "))
	}
	theme := look.Themes[f.theme]
	if theme == nil {
		return nil, fmt.Errorf("--theme %q: there are %s", f.theme, strings.Join(themes, ", "))
	}
	house, assets := demo.House(), demo.Asset
	if f.house != "" {
		if house, err = os.ReadFile(f.house); err != nil {
			return nil, err
		}
		assets = filesBeside(f.house)
	}
	s, err := stage.New(house, assets, f.device, at)
	if err != nil {
		return nil, err
	}
	s.Lang, s.Theme, s.Text, s.Low = f.lang, theme, look.TextModeOf(f.text), f.low
	if f.text != 0 && s.Text.Factor() != f.text {
		return nil, fmt.Errorf("--text %v: there are 1, 1.3, 1.6", f.text)
	}
	s.Hangs.Distance, s.Hangs.Bottom = f.distance, f.bottom
	return s, nil
}

// sceneNamed returns the scene that --screen names.
func sceneNamed(name string) (stage.Scene, error) {
	if p, ok := stage.Named(name); ok {
		return p, nil
	}
	return stage.Scene{}, fmt.Errorf("--screen %q: there are %s", name, strings.Join(stage.Names(), ", "))
}

// filesBeside reads the pictures of a house file from its folder.
func filesBeside(path string) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		base := filepath.Clean("/" + strings.TrimPrefix(name, "asset:"))
		for _, ext := range []string{"", ".jpg", ".jpeg", ".png", ".webp", ".mpg"} {
			if b, err := os.ReadFile(filepath.Join(filepath.Dir(path), base+ext)); err == nil {
				return b, nil
			}
		}
		return nil, fs.ErrNotExist
	}
}

// panelMM returns the size of a panel with so many pixels in millimetres, as the
// flags have it.
func (f shotFlags) panelMM(px image.Point) (mm image.Point, err error) {
	if f.mm != "" {
		if n, err := fmt.Sscanf(f.mm, "%dx%d", &mm.X, &mm.Y); n != 2 || err != nil || fmt.Sprintf("%dx%d", mm.X, mm.Y) != f.mm {
			return mm, fmt.Errorf("--mm %q: want a width and a height such as 952x535", f.mm)
		}
		return mm, nil
	}
	panel := config.Player{DiagonalInch: f.inch}
	return panel.MM(px), nil
}

// maxSide bounds what is painted: 8K, either way up.
const maxSide = 7680

func parseSize(s string) (image.Point, error) {
	var p image.Point
	if n, err := fmt.Sscanf(s, "%dx%d", &p.X, &p.Y); n != 2 || err != nil || fmt.Sprintf("%dx%d", p.X, p.Y) != s {
		return p, fmt.Errorf("size %q: want a width and a height such as 1920x1080", s)
	}
	if min(p.X, p.Y) < 240 || max(p.X, p.Y) > maxSide {
		return p, fmt.Errorf("size %s: want sides of 240 to %d pixels", s, maxSide)
	}
	return p, nil
}
