// Package gputest gives a display to test programs that link render/gpu: importing
// it is enough. Such a program cannot start Xvfb in TestMain, because Ebitengine
// looks for a display before any of our Go code runs; so this is done in C,
// before Go, and the program then starts itself anew with the display.
//
// Without Xvfb the program ends and says how to get it. It belongs to tests alone.
package gputest
