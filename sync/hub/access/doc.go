// Package access makes what somebody gets who asks what a house keeps of them (GDPR
// article 15): all of it as JSON, and the same as a page in plain words, in Danish,
// Bokmål and English, that opens in any browser and needs nothing beside it.
//
// It is told what the house keeps and reads no store. What it returns spells
// everything: whoever makes it has logged the extract, and hands it to one person.
package access
