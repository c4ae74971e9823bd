// Package deb tests the Debian packages: build makes them, and each folder has what
// one of them consists of besides its program, its manual pages and its completion,
// which the program writes itself.
package deb
