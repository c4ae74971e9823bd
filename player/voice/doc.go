// Package voice is the wall's voice and its sounds: text becomes samples in a
// program beside this one, samples become loud enough and no louder, and another
// program plays them.
//
// The contract of a voice: it is started once for every phrase, in its own
// process, with the language in place of {lang} among its arguments; it reads the
// text from standard input, writes one WAV to standard output and ends. It may take
// as long and write as much as [Limits] say, and is killed when it is to be quiet.
// espeak-ng is one, and not linked, since its licence would be ours then; Piper is
// another. What is said never stands on a command line, where every program of the
// machine could read it, nor in a log.
//
// The contract of a player: it reads one WAV from standard input, plays it and
// ends. aplay is one. Whoever has samples of their own plays them by a [Sink].
package voice
