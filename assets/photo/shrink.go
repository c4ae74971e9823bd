package photo

import "bytes"

// Shrink makes of a picture as somebody brought it, in any of the formats and
// within the limits of [Decode], what a hub keeps of it; see [Encode].
func Shrink(raw []byte) ([]byte, error) {
	img, err := Decode(bytes.NewReader(raw), Limits{})
	if err != nil {
		return nil, err
	}
	return Encode(img)
}
