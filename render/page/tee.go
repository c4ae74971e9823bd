package page

import (
	"errors"
	"image"

	"tavle/render"
	"tavle/render/glass"
)

// Tee returns a presenter that shows on p and, of the same frames, on c. What is
// touched on either comes from p's input. From then on c is used by the tee
// alone; its own size does not count.
func Tee(p glass.Presenter, c *Screen) glass.Presenter {
	c.state.Lock()
	defer c.state.Unlock()
	c.state.input = p.Input()
	return &tee{Presenter: p, page: c}
}

// tee is a presenter with a page beside it.
type tee struct {
	glass.Presenter
	page *Screen
}

// Present shows f on the panel and then on the page. The page goes on while the
// panel is unplugged.
func (t *tee) Present(f *render.Frame, damage []image.Rectangle) error {
	err := t.Presenter.Present(f, damage)
	if err != nil && !errors.Is(err, glass.ErrUnplugged) {
		return err
	}
	if perr := t.page.Present(f, damage); err == nil {
		err = perr
	}
	return err
}

// Blank switches the panel's light and makes the page dark.
func (t *tee) Blank(off bool) error {
	_ = t.page.Blank(off)
	return t.Presenter.Blank(off)
}

// Close closes both.
func (t *tee) Close() error {
	_ = t.page.Close()
	return t.Presenter.Close()
}
