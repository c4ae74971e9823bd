// Package render describes one picture of the screen as data: what to paint
// and what can be touched. A [Frame] is made by player/ui and consumed by the
// painters (render/soft on the CPU, render/gpu on Ebitengine), by whoever asks
// what is under a finger (render/glass), by screenshots and by tests. It is pure:
// it knows neither a window nor a clock.
//
// All coordinates are whole pixels of the panel and all coverage is an 8-bit
// mask made on the CPU, so that every painter composites the very same numbers.
package render
