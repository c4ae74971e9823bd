// Package seal keeps what a screen stores unreadable to whoever takes its card:
// keys, sealed boxes, the keyring file, and where the device secret comes from.
//
//	device secret (+ hub share)          Provider; later the hub
//	  └─ unlock key                      Unlock, one per cache
//	       └─ keyring file               Keyring: replaced whole, keys and nothing else
//	            ├─ Names                 opaque names of records and files
//	            ├─ Common                things that are nobody's: a key per record, derived
//	            ├─ one random key per person
//	            ├─ one random key per photo
//	            └─ Outbox, Mark          what must outlive the cache
//
// Erasing is dropping a key: the keyring is written without it, and what it
// sealed is noise from then on, wherever a card still keeps a copy. That holds
// as far as the device secret is kept apart from the card, and [Protection]
// says honestly how far that is.
//
// Boxes are XChaCha20-Poly1305 with 24 random bytes of nonce: no counter that a
// power cut, a clone or an old card image could repeat, and fast on processors
// without AES instructions. See [Key.Seal] for the layout.
//
// The package knows nothing of people, boards or bbolt, logs nothing, and never
// makes up for a secret it cannot read by going on without one.
package seal
