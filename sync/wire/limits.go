package wire

import "time"

// What either end accepts. A message over its limit is refused before it is
// read to the end.
const (
	// MaxFromDevice is the largest frame a screen may send, in bytes. The
	// largest one it has reason to send is 32 mutations of 500 characters.
	MaxFromDevice = 64 << 10

	// MaxFromHub is the largest frame a hub may send, in bytes as they travel.
	MaxFromHub = 256 << 10

	// MaxInflated is the largest message inside a compressed frame, in bytes.
	MaxInflated = 1 << 20

	// SnapPart is what a hub aims at for one part of a snapshot, in bytes
	// before compression: small enough that a hide never waits behind it.
	SnapPart = 48 << 10

	// MaxRows and MaxBoard bound a whole board. A hub refuses the house that
	// does not fit; a screen refuses the snapshot.
	MaxRows  = 20_000
	MaxBoard = 8 << 20

	// MaxMuts is the most mutations one message carries.
	MaxMuts = 32

	// MaxText is the longest text a resident can send, in bytes.
	MaxText = 500

	// MaxLang and MaxPicto are the longest tag of a language and the longest name
	// of a pictogram that go with it, in bytes.
	MaxLang  = 16
	MaxPicto = 40

	// MaxAsset is the largest picture a hub hands out, in bytes.
	MaxAsset = 4 << 20
)

// The bounds of a lease. A hub is run within them; a screen refuses what lies
// outside, whoever made it up.
const (
	// MinMask and MaxMask bound how long a screen may show people without the hub.
	MinMask = 4 * time.Hour
	MaxMask = 168 * time.Hour

	// MaxWipe bounds how long it may keep their data.
	MaxWipe = 90 * 24 * time.Hour
)

// IdentifyFor is how long a screen shows which it is.
const IdentifyFor = 30 * time.Second

// How long either end waits.
const (
	// HandshakeTimeout is how long the opening, hello included, may take.
	HandshakeTimeout = 10 * time.Second

	// WriteTimeout is how long one frame may take to be taken by the other end.
	WriteTimeout = 10 * time.Second

	// SilenceTimeout is how long either end may hear nothing. The hub speaks
	// every PingInterval, so this is two lost pings and some.
	SilenceTimeout = 60 * time.Second

	// PingInterval is how often the hub speaks when nothing else happens.
	PingInterval = 25 * time.Second

	// ResultTimeout is how long a screen waits for the result of a mutation on
	// a connection that otherwise seems alive: a link that only carries one
	// direction is noticed by this.
	ResultTimeout = 20 * time.Second
)
