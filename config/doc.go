// Package config is what a house may choose for each program: one TOML file for
// tavle-player, one for tavle-hub. It says what the keys are, reads them
// strictly, and watches the file while the program runs.
//
// Each key is listed once, with its default, its bounds and a sentence for
// whoever writes the file (Player.tables and Hub.tables). Reading, the
// environment, flags, `config` output and mistakes all follow that list.
//
// Precedence is: flag, environment, file, default. It is written once, in
// [Load].
//
// All mistakes are found at once, each with its place and what is allowed there
// (see [Mistake]). A key nobody knows is a mistake: a typing error that silently
// leaves a default in place is found by a resident, not by the installer.
//
// It holds no secrets. A key, a password or a database address with one in it
// stands in a file of its own that the configuration names, so that this file
// can be read aloud on the telephone.
package config
