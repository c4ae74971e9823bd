package render

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
)

type open struct{ id string }

func TestTheTargetOnTopIsTouched(t *testing.T) {
	f := &Frame{Targets: []Target{
		{Rect: image.Rect(0, 0, 100, 100), Means: open{"below"}},
		{Rect: image.Rect(20, 20, 40, 40)}, // swallows
		{Rect: image.Rect(50, 50, 80, 80), Means: open{"above"}},
	}}
	require.Equal(t, open{"below"}, f.At(image.Pt(10, 10)).Means)
	require.Equal(t, open{"above"}, f.At(image.Pt(60, 60)).Means)
	require.Nil(t, f.At(image.Pt(30, 30)).Means)
	require.Nil(t, f.At(image.Pt(100, 100)), "the far edge is outside")
	require.Nil(t, (*Frame)(nil).At(image.Pt(1, 1)))
	require.Equal(t, &f.Targets[2], f.Find(open{"above"}))
	require.Nil(t, f.Find(open{"elsewhere"}))
}

func TestTextsAreInPaintingOrder(t *testing.T) {
	f := &Frame{Ops: []Op{
		{Kind: TextOp, Line: &Line{Text: "first"}},
		{Kind: BoxOp},
		{Kind: TextOp, Line: &Line{Text: "second"}},
	}}
	require.Equal(t, []string{"first", "second"}, f.Texts())
}
