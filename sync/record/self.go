package record

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
)

// What a screen knows of somebody only to serve them: how the wall should be for
// them, what they may take back there, and by which pictures they show that they
// are who they say. It is sent for those alone who may sign up on that screen.

// A Choice is something that is shown of somebody, or done with it, because they
// agreed; they may take it back at the wall.
type Choice string

// The choices. The first is all of them.
const (
	ChoiceShown     Choice = "shown"     // to be on the wall at all
	ChoiceName      Choice = "name"      // the first name, where there is an alias
	ChoicePhoto     Choice = "photo"     // their portrait
	ChoiceTagged    Choice = "tagged"    // pictures that they are in
	ChoiceExternal  Choice = "external"  // other systems
	ChoiceRelatives Choice = "relatives" // sign-ups, to linked relatives
	ChoicePrivate   Choice = "private"   // their own private things on a wall
	ChoiceBoard     Choice = "board"     // whether they are there today
)

// Choices lists every choice.
var Choices = []Choice{ChoiceShown, ChoiceName, ChoicePhoto, ChoiceTagged, ChoiceExternal, ChoiceRelatives, ChoicePrivate, ChoiceBoard}

// A Preset is how somebody wants a screen to be while it knows them. It says
// nothing of why.
type Preset struct {
	Lang     Lang          // "": the screen's
	Text     string        // "", "large" or "extra_large"
	Contrast string        // "", "dark" or "light": strong colours
	Still    bool          // nothing moves
	Read     bool          // pages are read aloud
	Hold     time.Duration // a touch has to last so long
	Scanning string        // "", "one_switch" or "two_switch"
}

// CodePictures are the pictograms of a picture code, in the order in which they
// stand on the wall: the same for everybody and always, so that a hand remembers
// where.
var CodePictures = [12]string{
	"red-apple", "dog-face", "sailboat", "guitar",
	"key", "sun", "fish", "butterfly",
	"bicycle", "tulip", "owl", "hot-beverage",
}

// CodeLen is how many pictures are touched.
const CodeLen = 3

// A PictureCode recognises three pictures in their order without saying which
// they are: "1$", a salt, "$" and a key that is derived from salt and pictures,
// both in base64. The empty code is none.
//
// There are 1728 of them, so whoever holds one and the time finds out. It keeps
// neighbours off somebody's page, no more; what is behind it is worth no more.
type PictureCode string

const (
	codeVersion = "1"
	codeSalt    = 16
	codeKey     = 16
	codeRounds  = 10_000 // 50 ms on the slowest machine a wall runs on
)

// NewPictureCode returns the code of three pictures, given 16 random bytes.
func NewPictureCode(salt []byte, pictures [CodeLen]int8) PictureCode {
	b := base64.RawURLEncoding
	return PictureCode(codeVersion + "$" + b.EncodeToString(salt) + "$" + b.EncodeToString(deriveCode(salt, pictures)))
}

func deriveCode(salt []byte, pictures [CodeLen]int8) []byte {
	var s strings.Builder
	for _, p := range pictures {
		s.WriteByte('a' + byte(p))
	}
	key, err := pbkdf2.Key(sha256.New, s.String(), salt, codeRounds, codeKey)
	if err != nil {
		panic(err) // only for lengths other than these
	}
	return key
}

// parts returns salt and key.
func (c PictureCode) parts() (salt, key []byte, ok bool) {
	f := strings.Split(string(c), "$")
	if len(f) != 3 || f[0] != codeVersion {
		return nil, nil, false
	}
	b := base64.RawURLEncoding.Strict()
	salt, err := b.DecodeString(f[1])
	key, err2 := b.DecodeString(f[2])
	return salt, key, err == nil && err2 == nil && len(salt) == codeSalt && len(key) == codeKey
}

// Valid reports whether c is written as a code is.
func (c PictureCode) Valid() bool {
	_, _, ok := c.parts()
	return ok
}

// Opens reports whether these are the pictures. No pictures open a code that is
// not one.
func (c PictureCode) Opens(pictures [CodeLen]int8) bool {
	salt, key, ok := c.parts()
	return ok && hmac.Equal(key, deriveCode(salt, pictures))
}

// String keeps the code out of what is printed.
func (PictureCode) String() string { return "(code)" }

// GoString keeps the code out of what is printed.
func (PictureCode) GoString() string { return "(code)" }
