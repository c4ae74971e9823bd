package glass

// Key is a key of a keyboard, remote control or switch that was pressed. A key
// that is held down counts once, as someone who cannot let go quickly wants.
//
// Name is one of the names below, "f1" to "f12", or the character in lower
// case: "a", "å", "7", "+".
type Key struct{ Name string }

// The names of keys that are not a character. Keys that do the same have the
// same name: Enter and a remote's OK, Escape and its Back.
const (
	KeyEnter     = "enter"
	KeySpace     = "space"
	KeyEscape    = "escape"
	KeyTab       = "tab"
	KeyBackTab   = "backtab" // shift and tab
	KeyLeft      = "left"
	KeyRight     = "right"
	KeyUp        = "up"
	KeyDown      = "down"
	KeyHome      = "home"
	KeyEnd       = "end"
	KeyPageUp    = "pageup"
	KeyPageDown  = "pagedown"
	KeyBackspace = "backspace"
	KeyDelete    = "delete"
)
