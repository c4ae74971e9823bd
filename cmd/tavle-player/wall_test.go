package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/config"
	"tavle/player/ui/look"
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
