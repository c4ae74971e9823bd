package main

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tavle/assets/demo"
	"tavle/assets/lang"
	"tavle/player/still"
	"tavle/player/ui/look"
)

// themes by name; auto is what a wall chooses by the time of day.
var themes = map[string]*look.Theme{"auto": nil, "day": &look.Day, "evening": &look.Evening}

// shotFlags say which picture.
type shotFlags struct {
	screen, size, at, lang, theme, house, device, out string
}

func (f *shotFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.at, "at", "2026-12-03T10:24", "local time of the house")
	c.Flags().StringVar(&f.lang, "lang", "da", "language: "+strings.Join(lang.Tags, ", "))
	c.Flags().StringVar(&f.theme, "theme", "day", "colours: day, evening")
	c.Flags().StringVar(&f.house, "house", "", "house file to show; the demo house when empty")
	c.Flags().StringVar(&f.device, "device", "", "screen of the house file whose board is shown; its first when empty")
}

func shotCommand() *cobra.Command {
	var f shotFlags
	c := &cobra.Command{
		Use:   "shot",
		Short: "Paint one page of the wall into a PNG file",
		Long: "shot paints one page of the wall as the screen would show it, with the same code.\n" +
			"It needs neither hub nor display. Pages: " + strings.Join(scenes(), ", ") + ".",
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
	f.add(c)
	_ = c.RegisterFlagCompletionFunc("screen", cobra.FixedCompletions(scenes(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (f shotFlags) paint(w io.Writer) error {
	stage, err := f.stage()
	if err != nil {
		return err
	}
	size, err := parseSize(f.size)
	if err != nil {
		return err
	}
	img, err := stage.paint(f.screen, size)
	if err != nil {
		return err
	}
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, img)
}

// stage reads what every page is made from.
func (f shotFlags) stage() (*stage, error) {
	at, err := time.Parse("2006-01-02T15:04", f.at)
	if err != nil {
		return nil, fmt.Errorf("--at %q: want a time such as 2026-12-03T10:24", f.at)
	}
	if !slices.Contains(lang.Tags, f.lang) {
		return nil, fmt.Errorf("--lang %q: there are %s", f.lang, strings.Join(lang.Tags, ", "))
	}
	theme := themes[f.theme]
	if theme == nil {
		return nil, fmt.Errorf("--theme %q: there are day, evening", f.theme)
	}
	house, assets := demo.House(), demo.Asset
	if f.house != "" {
		if house, err = os.ReadFile(f.house); err != nil {
			return nil, err
		}
		assets = filesBeside(f.house)
	}
	s, err := newStage(house, assets, f.device, at)
	if err != nil {
		return nil, err
	}
	s.lang, s.theme = f.lang, theme
	if s.studio, err = still.New(s.photo); err != nil {
		return nil, err
	}
	return s, nil
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

func galleryCommand() *cobra.Command {
	var f shotFlags
	var sizes []string
	c := &cobra.Command{
		Use:     "gallery",
		Short:   "Paint every page of the wall into a folder",
		Example: "  tavle gallery -o out/gallery --lang nb",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.out == "" {
				return errors.New("-o: want a folder to write to")
			}
			stage, err := f.stage()
			if err != nil {
				return err
			}
			if err := os.MkdirAll(f.out, 0o755); err != nil {
				return err
			}
			n := 0
			for _, sz := range sizes {
				size, err := parseSize(sz)
				if err != nil {
					return err
				}
				for _, name := range scenes() {
					img, err := stage.paint(name, size)
					if err != nil {
						return err
					}
					if err := writePNG(f.out+"/"+name+"-"+sz+"-"+f.lang+".png", img); err != nil {
						return err
					}
					n++
				}
			}
			fmt.Fprintf(c.OutOrStdout(), "%d pictures in %s\n", n, f.out)
			return nil
		},
	}
	c.Flags().StringSliceVar(&sizes, "size", []string{"1920x1080", "1080x1920", "800x480"}, "sizes in pixels")
	c.Flags().StringVarP(&f.out, "output", "o", "", "folder to write to")
	f.add(c)
	return c
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
