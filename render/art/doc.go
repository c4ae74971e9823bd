// Package art draws what the screen is furnished with: icons, pictograms,
// dashed rings and the sky. Drawings are SVG files of assets/icon and
// assets/pictogram, turned into bitmaps of exactly the size they are painted at
// and kept while there is room.
//
// The parser takes the part of SVG those files use and refuses the rest: what
// it does not understand it cannot draw wrongly. It is not a general SVG
// renderer; it has no gradients, clips, text or style sheets.
package art
