package x11

import (
	"fmt"
	"unicode"

	"github.com/jezek/xgb/xproto"

	"tavle/render/glass"
)

// keyboard turns key codes into names. A key that repeats while it is held
// counts once: X then sends a release and a press of the same instant.
type keyboard struct {
	mapping  mapping
	released struct {
		code xproto.Keycode
		at   xproto.Timestamp
	}
}

// mapping is what the server says its keys mean: for each code a number of
// symbols, the first without shift.
type mapping struct {
	first xproto.Keycode
	per   int
	syms  []xproto.Keysym
}

func (d *Display) keyMapping() (mapping, error) {
	first, last := d.setup.MinKeycode, d.setup.MaxKeycode
	r, err := xproto.GetKeyboardMapping(d.conn, first, byte(last-first+1)).Reply()
	if err != nil {
		return mapping{}, fmt.Errorf("x keyboard: %w", err)
	}
	return mapping{first, int(r.KeysymsPerKeycode), r.Keysyms}, nil
}

// sym returns the symbol of a key without shift, or 0.
func (m mapping) sym(code xproto.Keycode) xproto.Keysym {
	i := (int(code) - int(m.first)) * m.per
	if code < m.first || i >= len(m.syms) {
		return 0
	}
	return m.syms[i]
}

func (k *keyboard) press(e xproto.KeyPressEvent, in *glass.Input) {
	if k.released.code == e.Detail && k.released.at == e.Time {
		return
	}
	name := keyName(k.mapping.sym(e.Detail))
	if name == glass.KeyTab && e.State&xproto.ModMaskShift != 0 {
		name = glass.KeyBackTab
	}
	if name != "" {
		in.Put(glass.Key{Name: name})
	}
}

func (k *keyboard) release(e xproto.KeyReleaseEvent) {
	k.released.code, k.released.at = e.Detail, e.Time
}

// named are the symbols that are no character (X11/keysymdef.h), with those of
// the number pad and of remote controls that mean the same.
var named = map[xproto.Keysym]string{
	0xff0d: glass.KeyEnter, 0xff8d: glass.KeyEnter,
	0xff1b: glass.KeyEscape, 0x1008ff26: glass.KeyEscape, // XF86Back
	0xff09: glass.KeyTab, 0xfe20: glass.KeyBackTab,
	0xff51: glass.KeyLeft, 0xff96: glass.KeyLeft,
	0xff52: glass.KeyUp, 0xff97: glass.KeyUp,
	0xff53: glass.KeyRight, 0xff98: glass.KeyRight,
	0xff54: glass.KeyDown, 0xff99: glass.KeyDown,
	0xff50: glass.KeyHome, 0xff95: glass.KeyHome,
	0xff57: glass.KeyEnd, 0xff9c: glass.KeyEnd,
	0xff55: glass.KeyPageUp, 0xff9a: glass.KeyPageUp,
	0xff56: glass.KeyPageDown, 0xff9b: glass.KeyPageDown,
	0xff08: glass.KeyBackspace, 0xffff: glass.KeyDelete, 0xff9f: glass.KeyDelete,
}

// keyName returns the name of a symbol, or nothing for keys that say nothing by
// themselves.
func keyName(s xproto.Keysym) string {
	switch {
	case s == ' ':
		return glass.KeySpace
	case s > ' ' && s < 0x7f, s >= 0xa1 && s <= 0xff: // Latin-1 is itself
		return string(unicode.ToLower(rune(s)))
	case s >= 0x01000100 && s <= 0x0110ffff: // any other character, by its number
		return string(unicode.ToLower(rune(s - 0x01000000)))
	case s >= 0xffbe && s <= 0xffc9:
		return fmt.Sprintf("f%d", s-0xffbe+1)
	case s >= 0xffb0 && s <= 0xffb9: // digits of the number pad
		return string(rune('0' + s - 0xffb0))
	}
	return named[s]
}
