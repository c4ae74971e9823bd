package glass

import (
	"fmt"
	"image"
)

// A Rotation is by how many quarter turns the picture is turned clockwise on
// its way to the panel: 0 to 3. It is exact, and points are turned back by it.
//
// In what follows a frame's pixel and a panel's pixel are the same dot, named
// before and after the turn, and size is always that of the frame.
type Rotation uint8

// ParseRotation returns the rotation by degrees: 0, 90, 180 or 270.
func ParseRotation(degrees int) (Rotation, error) {
	switch degrees {
	case 0, 90, 180, 270:
		return Rotation(degrees / 90), nil
	}
	return 0, fmt.Errorf("rotation by %d degrees: only 0, 90, 180 and 270 are possible", degrees)
}

// Degrees returns 0, 90, 180 or 270.
func (r Rotation) Degrees() int { return 90 * int(r&3) }

// Size returns the panel's size for a frame's, and the frame's for a panel's.
func (r Rotation) Size(size image.Point) image.Point {
	if r&1 == 1 {
		return image.Pt(size.Y, size.X)
	}
	return size
}

// Turn returns the panel's pixel for the frame's.
func (r Rotation) Turn(p, size image.Point) image.Point {
	switch r & 3 {
	case 1:
		return image.Pt(size.Y-1-p.Y, p.X)
	case 2:
		return image.Pt(size.X-1-p.X, size.Y-1-p.Y)
	case 3:
		return image.Pt(p.Y, size.X-1-p.X)
	}
	return p
}

// Back returns the frame's pixel for the panel's.
func (r Rotation) Back(p, size image.Point) image.Point {
	return (4 - r&3).Turn(p, r.Size(size))
}

// BackPart is Back for a point in parts of the panel: 0 to 1 either way.
func (r Rotation) BackPart(u, v float64) (float64, float64) {
	switch r & 3 {
	case 1:
		return v, 1 - u
	case 2:
		return 1 - u, 1 - v
	case 3:
		return 1 - v, u
	}
	return u, v
}

// Rect returns the panel's rectangle for the frame's; it is not empty.
func (r Rotation) Rect(rect image.Rectangle, size image.Point) image.Rectangle {
	a := r.Turn(rect.Min, size)
	b := r.Turn(rect.Max.Sub(image.Pt(1, 1)), size)
	out := image.Rectangle{Min: a, Max: b}.Canon()
	out.Max = out.Max.Add(image.Pt(1, 1))
	return out
}
