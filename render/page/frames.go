package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"net/http"
	"time"
)

// A message is what a viewer is told: what became of the picture since the last
// one. The fields that say nothing are left out.
type message struct {
	Viewer int    `json:"viewer,omitempty"` // who you are; in the first message
	Frame  int    `json:"frame"`            // the number of the frame you have then
	Width  int    `json:"width"`            // of the canvas, in pixels
	Height int    `json:"height"`
	Dark   bool   `json:"dark,omitempty"` // the light is off
	Tiles  []tile `json:"tiles,omitempty"`
}

// A tile is a part of the picture, in PNG.
type tile struct {
	X   int    `json:"x"`
	Y   int    `json:"y"`
	PNG []byte `json:"png"`

	img *image.RGBA
}

// writeTimeout is how long a message may take to get out. A browser on this
// machine that takes longer is not coming back.
const writeTimeout = 20 * time.Second

// serveFrames tells a viewer what it should see, as server-sent events, until
// it goes away.
func (c *Screen) serveFrames(w http.ResponseWriter, r *http.Request) {
	v := c.join()
	if v == nil {
		http.Error(w, "Too many pages of this screen are open.", http.StatusServiceUnavailable)
		return
	}
	defer c.leave(v)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	pictures := encoder{png: png.Encoder{CompressionLevel: png.BestSpeed}}
	for first := true; ; first = false {
		m := c.take(v)
		if first {
			m.Viewer = v.id
		}
		_ = out.SetWriteDeadline(time.Now().Add(writeTimeout))
		if pictures.write(w, m) != nil || out.Flush() != nil {
			return
		}
		select {
		case <-v.wake:
		case <-r.Context().Done():
			return
		case <-c.done:
			return
		}
	}
}

// take returns what the viewer has missed, with pixels of its own so that
// encoding them holds nobody up.
func (c *Screen) take(v *viewer) message {
	s := &c.state
	s.Lock()
	defer s.Unlock()
	m := message{Frame: s.number, Dark: s.dark}
	if s.canvas == nil {
		return m
	}
	m.Width, m.Height = s.canvas.Rect.Dx(), s.canvas.Rect.Dy()
	for _, r := range v.damage {
		if r = r.Intersect(s.canvas.Rect); r.Empty() {
			continue
		}
		t := tile{X: r.Min.X, Y: r.Min.Y, img: image.NewRGBA(image.Rectangle{Max: r.Size()})}
		draw.Draw(t.img, t.img.Rect, s.canvas, r.Min, draw.Src)
		m.Tiles = append(m.Tiles, t)
	}
	v.damage = v.damage[:0]
	return m
}

// An encoder writes messages and keeps what the PNG encoder needs for that.
type encoder struct {
	png  png.Encoder
	kept *png.EncoderBuffer
}

// Get and Put make an encoder the pool of its own PNG encoder.
func (e *encoder) Get() *png.EncoderBuffer  { return e.kept }
func (e *encoder) Put(b *png.EncoderBuffer) { e.kept = b }

func (e *encoder) write(w io.Writer, m message) error {
	e.png.BufferPool = e
	for i := range m.Tiles {
		var b bytes.Buffer
		if err := e.png.Encode(&b, m.Tiles[i].img); err != nil {
			return fmt.Errorf("page: picture: %w", err)
		}
		m.Tiles[i].PNG, m.Tiles[i].img = b.Bytes(), nil
	}
	line, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("page: message: %w", err)
	}
	_, err = fmt.Fprintf(w, "data: %s\n\n", line)
	return err
}
