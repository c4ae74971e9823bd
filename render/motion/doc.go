// Package motion makes the frames in between: from the frame before, the frame
// after, what kind of change it was and the time since, it gives the frame to show
// now. It is pure, and knows neither the wall nor a clock.
//
// What moves is painted once, as a [render.Layer], and then only blended, so that
// a small machine can follow. What both frames have at the same place stands
// still. The targets are those of the frame after from the first moment on, where
// they will be: nothing a finger could be on moves.
//
// A frame in between shows what the frame before showed. Whoever drives it has to
// end it at once ([Begin] without a frame before keeps nothing of it) when
// somebody on it may not be shown any more; [Change] never shows anything of the
// frame before.
package motion
