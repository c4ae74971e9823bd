// Package text turns words into lines of glyphs: it picks the fonts, shapes,
// breaks and measures, and makes the masks painters blend. Latin is set in
// Tavle Sans; a word that Tavle Sans cannot spell is set in Noto Sans as a
// whole, scaled to stand as tall.
//
// It knows nothing about where a line goes or what it is about; positions and
// line heights are player/ui's. It reads no file and no clock.
package text
