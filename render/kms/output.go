package kms

import (
	"fmt"
	"image"
	"strconv"
)

// An output is a connector with a panel on it and the part of the card that
// drives it.
type output struct {
	name      string // as the kernel calls it: HDMI-A-1
	connector uint32
	crtc      uint32
	mm        image.Point
	modes     []modeInfo // at least one
	dpms      uint32     // the property that switches the light; 0: none
	surely    bool       // the panel says it is there
}

// kinds are the kernel's names of connectors (drivers/gpu/drm/drm_connector.c).
var kinds = [...]string{
	"Unknown", "VGA", "DVI-I", "DVI-D", "DVI-A", "Composite", "SVIDEO", "LVDS", "Component", "DIN",
	"DP", "HDMI-A", "HDMI-B", "TV", "eDP", "Virtual", "DSI", "DPI", "Writeback", "SPI", "USB",
}

// connectorName returns the name of a connector.
func connectorName(kind, id uint32) string {
	k := "kind" + strconv.Itoa(int(kind))
	if int(kind) < len(kinds) {
		k = kinds[kind]
	}
	return fmt.Sprintf("%s-%d", k, id)
}

// guessable reports whether a connector that does not know whether something is
// plugged in may be taken for plugged: not the television sockets of old, which
// never know.
func guessable(kind uint32) bool {
	switch connectorName(kind, 0) {
	case "Composite-0", "SVIDEO-0", "Component-0", "TV-0", "DIN-0", "Writeback-0":
		return false
	}
	return true
}

// pick returns the output to use: the one named, or else the first that surely
// has a panel, or else the first that may have one; nil: none.
func pick(all []output, name string) *output {
	for i := range all {
		if all[i].name == name {
			return &all[i]
		}
	}
	if name != "" {
		return nil
	}
	for i := range all {
		if all[i].surely {
			return &all[i]
		}
	}
	if len(all) > 0 {
		return &all[0]
	}
	return nil
}
