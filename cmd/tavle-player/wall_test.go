package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/config"
	"tavle/player/ui/look"
	"tavle/render/motion"
)

// A wall on which nobody chose a theme goes by the time of day; one that was
// chosen stays.
func TestThemeGoesByTheTimeOfDayUnlessOneIsChosen(t *testing.T) {
	require.Nil(t, lookOf(config.Default[config.Player]()).Theme)
	for theme, want := range map[string]*look.Theme{"auto": nil, "day": &look.Day, "evening": &look.Evening, "contrast-light": &look.ContrastLight} {
		cfg, err := config.Parse[config.Player]("player.toml", []byte("theme = \""+theme+"\""))
		require.NoError(t, err)
		require.Same(t, want, lookOf(cfg).Theme, theme)
	}
}

// A wall on which nobody chose moves, unless all there is of it is a page,
// which is sent every frame as a picture.
func TestMotionIsAsChosenAndNoneOnAPage(t *testing.T) {
	for _, c := range []struct {
		motion string
		page   bool
		want   motion.Style
	}{
		{"auto", false, motion.Full},
		{"auto", true, motion.Off},
		{"full", true, motion.Full},
		{"reduced", false, motion.Reduced},
		{"off", false, motion.Off},
	} {
		cfg, err := config.Parse[config.Player]("player.toml", []byte("motion = \""+c.motion+"\""))
		require.NoError(t, err)
		w := wall{panel: &panel{page: c.page}}
		require.Equal(t, c.want, w.look(cfg).Motion, "%+v", c)
	}
}
