//go:build !nogpu

package main

import _ "tavle/render/gpu/gputest" // a display, which this program needs before it runs
