// Package photo takes in pictures that people bring and makes them fit for a
// wall: decoded within limits, turned upright, cut and scaled, and written again
// without anything the camera added, such as where and when it was taken.
//
// It knows nothing of who is in a picture, and its errors name formats and
// sizes only. It reads no file: whoever has one hands it in as a reader.
package photo
