// Package kms is the presenter straight on the kernel's mode setting (DRM dumb
// buffers), in pure Go: no X, no Mesa, no cgo. It is for small machines such as
// a Raspberry Pi 3 or Zero 2 W, and for every wall that does without a GPU.
//
// The picture is painted on the CPU, turned if the panel hangs that way, and
// only what changed is copied to the panel's memory: to the buffer that is not
// shown where the card can flip between two, else to the one that is. The
// console is kept from writing over it.
//
// A panel may be unplugged and another plugged in at any time; the kernel says
// so, and nothing is polled unless it will not (then the status is read every
// five seconds). There is no other timer: when nothing is presented, nothing
// runs. Touches and keys come from player/touch.
//
// It does not share the screen: one program, one console.
package kms
