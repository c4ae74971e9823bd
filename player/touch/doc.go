// Package touch reads touch panels straight from the kernel (evdev), in pure Go:
// every finger by itself, with the position it had at the moment it touched. X
// makes one mouse of all fingers, and a GPU's window asks where that mouse is
// when it next draws, which on a slow frame is where the finger was lifted.
//
// Panels are taken for us alone, so that no second touch comes by way of X, and
// may be plugged in and out at any time. A finger that the system loses (an
// unplugged cable, an overrun buffer, the palm of a hand) is [glass.Gone], never
// lifted: nothing is ever signed up by an accident. For walls without X there
// are mice, keyboards and remote controls too.
//
// It has no timer. Where the kernel does not tell of new devices it looks every
// two seconds.
package touch
