package motion

import (
	"image"
	"slices"
	"time"

	"tavle/render"
)

// most is how many layers of what comes, and of what goes, a move has. Where two
// frames differ in more places they fade as a whole.
const most = 8

// layer adds ops as a layer that moves along k, which says where it is by how far
// it is from where it belongs; a layer that is too large for one is several.
func (m *Move) layer(bounds image.Rectangle, ops []render.Op, opaque bool, k track) {
	bounds = bounds.Intersect(image.Rectangle{Max: m.to.Size})
	for y := bounds.Min.Y; y < bounds.Max.Y; y += render.MaxSide {
		for x := bounds.Min.X; x < bounds.Max.X; x += render.MaxSide {
			l := &render.Layer{Bounds: image.Rect(x, y, x+render.MaxSide, y+render.MaxSide).Intersect(bounds), Opaque: opaque}
			for _, op := range ops {
				if op.Bounds().Overlaps(l.Bounds) {
					l.Ops = append(l.Ops, op)
				}
			}
			if len(l.Ops) == 0 {
				continue
			}
			t := k
			t.from, t.to = l.Bounds.Add(k.from.Min), l.Bounds.Add(k.to.Min)
			m.moves(render.Op{Kind: render.LayerOp, Rect: t.to, Layer: l, Alpha: 255}, t)
		}
	}
}

// scaled adds ops as one layer that goes from one rectangle to another, which it
// may have to be scaled for. What is too large for that only fades.
func (m *Move) scaled(bounds image.Rectangle, ops []render.Op, k track) {
	if bounds.Dx() > render.MaxSide || bounds.Dy() > render.MaxSide {
		k.from, k.to, k.arc = image.Rectangle{}, image.Rectangle{}, 0
		m.layer(bounds, ops, false, k)
		return
	}
	l := &render.Layer{Bounds: bounds, Ops: ops}
	m.moves(render.Op{Kind: render.LayerOp, Rect: k.to, Layer: l, Alpha: 255}, k)
}

// cross fades from one frame to the other, where they differ. Both are opaque, so
// that what is the same in both does not change meanwhile: nothing blinks.
func (m *Move) cross(length time.Duration) {
	if m.opt.Style == Reduced {
		length = reducedFor
	}
	areas := render.Damage(m.from, m.to)
	if len(areas) == 0 {
		return
	}
	for _, op := range m.to.Ops {
		if !covered(op.Bounds(), areas) {
			m.still(op)
		}
	}
	for _, r := range areas {
		m.layer(r, m.to.Ops, true, track{end: length, alpha: [2]float32{1, 1}})
		m.layer(r, m.from.Ops, true, track{end: length, ease: Standard, alpha: [2]float32{1, 0}})
	}
}

// covered reports whether r lies in one of the areas.
func covered(r image.Rectangle, areas []image.Rectangle) bool {
	return slices.ContainsFunc(areas, r.In)
}

// A row is ops that follow each other.
type row struct {
	ops    []render.Op
	bounds image.Rectangle
}

func (r *row) add(op render.Op) {
	r.ops = append(r.ops, op)
	r.bounds = r.bounds.Union(op.Bounds())
}

// rows returns what prev has and next has not, and the other way round, in rows
// by where they stand: before which op of next that both have.
func rows(prev, next *render.Frame) (gone, come map[int]*row, stays []bool) {
	gone, come = map[int]*row{}, map[int]*row{}
	goes := make([]bool, len(prev.Ops))
	stays = make([]bool, len(next.Ops))
	for i := range stays {
		stays[i] = true
	}
	render.Diff(prev.Ops, next.Ops, func(i int) { goes[i] = true }, func(i int) { stays[i] = false })
	put := func(in map[int]*row, at int, op render.Op) {
		if in[at] == nil {
			in[at] = new(row)
		}
		in[at].add(op)
	}
	// Walk both: each op that stays closes the rows before it.
	j := 0
	for i, op := range prev.Ops {
		for ; j < len(next.Ops) && !stays[j]; j++ {
		}
		if goes[i] {
			put(gone, j, op)
		} else {
			j++
		}
	}
	for j := 0; j < len(next.Ops); j++ {
		at := j
		for ; at < len(next.Ops) && !stays[at]; at++ {
		}
		for ; j < at; j++ {
			put(come, at, next.Ops[j])
		}
	}
	return gone, come, stays
}

// page has the page before fade out, and the page after come in from the side:
// from where reading goes to, or comes from. It returns false where they differ in too many places for that.
func (m *Move) page() bool {
	gone, come, stays := rows(m.from, m.to)
	if max(len(gone), len(come)) > most {
		return false
	}
	length, dx := forwardFor, m.px(slide)
	if m.kind == Back {
		length, dx = backFor, -dx
	}
	if m.to.RTL {
		dx = -dx
	}
	beside := image.Rectangle{Min: image.Pt(dx, 0)}
	for i := range len(m.to.Ops) + 1 {
		if r := gone[i]; r != nil {
			m.layer(r.bounds, r.ops, false, track{end: leaveFor, ease: In, alpha: [2]float32{1, 0}})
		}
		if r := come[i]; r != nil {
			m.layer(r.bounds, r.ops, false, track{end: length, ease: Standard, from: beside, alpha: [2]float32{0, 1}})
		}
		if i < len(stays) && stays[i] {
			m.still(m.to.Ops[i])
		}
	}
	return true
}

// part returns the part of f with that name, or nil.
func part(f *render.Frame, name any) *render.Part {
	if f == nil {
		return nil
	}
	for i := range f.Parts {
		if f.Parts[i].Name == name {
			return &f.Parts[i]
		}
	}
	return nil
}

// ops returns the ops of a part, and what they touch.
func ops(f *render.Frame, p *render.Part) *row {
	r := new(row)
	for _, op := range f.Ops[p.First:p.Last] {
		r.add(op)
	}
	return r
}

// over has dialogs and bars come and go above the page after.
func (m *Move) over() {
	flight, ok := m.flight()
	if !ok {
		flight.first, flight.last = -1, -1
	}
	for i := 0; i < len(m.to.Ops); {
		if i == flight.first {
			i = flight.last // drawn last
			continue
		}
		p := m.comes(i)
		if p == nil {
			m.still(m.to.Ops[i])
			i++
			continue
		}
		in := new(row)
		for ; i < p.Last; i++ {
			if i < flight.first || i >= flight.last {
				in.add(m.to.Ops[i])
			}
		}
		m.enters(p.Name, in)
	}
	for _, name := range []any{Scrim{}, Dialog{}, Bar{}} {
		p := part(m.from, name)
		if p == nil || part(m.to, name) != nil {
			continue
		}
		out := new(row)
		for i := p.First; i < p.Last; i++ {
			if !flight.takes(i) {
				out.add(m.from.Ops[i])
			}
		}
		m.leaves(name, out)
	}
	if ok {
		m.scaled(flight.row.bounds, flight.row.ops, flight.track)
	}
	if m.length == 0 {
		m.pieces = nil
	}
}

// comes returns the part of the frame after that begins with op i, if the frame
// before had none of that name.
func (m *Move) comes(i int) *render.Part {
	for _, name := range []any{Scrim{}, Dialog{}, Bar{}} {
		if p := part(m.to, name); p != nil && p.First == i && p.Last > i && part(m.from, name) == nil {
			return p
		}
	}
	return nil
}

func (m *Move) enters(name any, in *row) {
	k := track{end: m.time(dialogIn), ease: Standard, alpha: [2]float32{0, 1}}
	switch name {
	case Scrim{}:
		for _, op := range in.ops {
			m.moves(op, k)
		}
	case Dialog{}:
		k.from, k.to = in.bounds, in.bounds
		if m.opt.Style == Full {
			k.from = about(in.bounds, dialogFrom)
		}
		m.scaled(in.bounds, in.ops, k)
	case Bar{}:
		k.end = m.time(barIn)
		if m.opt.Style == Full {
			k.from.Min.Y = m.px(rise)
		}
		m.layer(in.bounds, in.ops, false, k)
	}
}

func (m *Move) leaves(name any, out *row) {
	k := track{end: m.time(dialogOut), ease: In, alpha: [2]float32{1, 0}}
	switch name {
	case Scrim{}:
		for _, op := range out.ops {
			m.moves(op, k)
		}
	case Dialog{}:
		k.from, k.to = out.bounds, out.bounds
		if m.opt.Style == Full {
			k.to = about(out.bounds, dialogFrom)
		}
		m.scaled(out.bounds, out.ops, k)
	case Bar{}:
		k.end = m.time(barOut)
		if m.opt.Style == Full {
			k.to.Min.Y = m.px(rise)
		}
		m.layer(out.bounds, out.ops, false, k)
	}
}

// time returns how long something takes in this style.
func (m *Move) time(full time.Duration) time.Duration {
	if m.opt.Style == Reduced {
		return reducedFor
	}
	return full
}

// about returns r scaled about its middle.
func about(r image.Rectangle, by float64) image.Rectangle {
	dx, dy := int(float64(r.Dx())*(1-by)/2+.5), int(float64(r.Dy())*(1-by)/2+.5)
	return image.Rect(r.Min.X+dx, r.Min.Y+dy, r.Max.X-dx, r.Max.Y-dy)
}

// A flight is a face on its way: from its tile into the dialog that opens, or from
// the dialog that closes to its place on the page.
type flight struct {
	row         *row
	first, last int          // of the frame after
	off         *render.Part // of the frame before, that it takes off from; nil: none
	track       track
}

// takes reports whether op i of the frame before flies.
func (f *flight) takes(i int) bool { return f.off != nil && i >= f.off.First && i < f.off.Last }

// flight returns the flight of this move, if there is one.
func (m *Move) flight() (f flight, ok bool) {
	if m.kind != Fly || m.opt.Style != Full || m.from == nil {
		return f, false
	}
	opens, closes := part(m.to, Dialog{}), part(m.from, Dialog{})
	var from, to *render.Part
	switch {
	case opens != nil && closes == nil:
		if to = faceIn(m.to, opens, true, nil); to != nil {
			from = faceIn(m.from, nil, false, to.Name)
		}
	case opens == nil && closes != nil:
		if from = faceIn(m.from, closes, true, nil); from != nil {
			to = faceIn(m.to, nil, false, from.Name)
		}
	}
	if from == nil || to == nil {
		return f, false
	}
	f = flight{row: ops(m.to, to), first: to.First, last: to.Last, off: from}
	f.track = track{end: flyFor, ease: Standard, alpha: [2]float32{1, 1}, to: f.row.bounds, from: moved(f.row.bounds, to.Rect, from.Rect)}
	way := from.Rect.Min.Sub(to.Rect.Min)
	f.track.arc = arc * float32(max(way.X, -way.X, way.Y, -way.Y))
	return f, true
}

// faceIn returns the first face inside a part, or outside any, of that name.
func faceIn(f *render.Frame, within *render.Part, inside bool, name any) *render.Part {
	for i := range f.Parts {
		p := &f.Parts[i]
		if _, ok := p.Name.(Face); !ok || name != nil && p.Name != name {
			continue
		}
		if !inside || p.First >= within.First && p.Last <= within.Last {
			return p
		}
	}
	return nil
}

// moved returns where r is when what is at was goes to be.
func moved(r, was, be image.Rectangle) image.Rectangle {
	x := func(v int) int { return be.Min.X + (v-was.Min.X)*be.Dx()/max(1, was.Dx()) }
	y := func(v int) int { return be.Min.Y + (v-was.Min.Y)*be.Dy()/max(1, was.Dy()) }
	return image.Rect(x(r.Min.X), y(r.Min.Y), x(r.Max.X), y(r.Max.Y))
}

// change has what is new come, and nothing go: what is gone is gone at once, for
// it may have been taken back.
func (m *Move) change(from *render.Frame) {
	_, come, stays := rows(from, m.to)
	faces := m.newFaces(from, stays)
	if len(come) > most || len(faces) > most {
		return
	}
	k := track{end: m.time(changeFor), ease: Standard, alpha: [2]float32{0, 1}}
	in := new(row)
	flush := func() {
		if len(in.ops) > 0 {
			m.layer(in.bounds, in.ops, false, k)
			in = new(row)
		}
	}
	for i := 0; i < len(m.to.Ops); i++ {
		if p := faces[i]; p != nil {
			flush()
			face, t := ops(m.to, p), k
			t.from, t.to = about(face.bounds, faceFrom), face.bounds
			m.scaled(face.bounds, face.ops, t)
			i = p.Last - 1
			continue
		}
		if stays[i] {
			flush()
			m.still(m.to.Ops[i])
			continue
		}
		in.add(m.to.Ops[i])
	}
	flush()
	if m.length == 0 {
		m.pieces = nil
		return
	}
	m.rings(faces)
}

// newFaces returns the faces that the frame before had not at all, by their first
// op.
func (m *Move) newFaces(from *render.Frame, stays []bool) map[int]*render.Part {
	if m.opt.Style != Full {
		return nil
	}
	faces := map[int]*render.Part{}
	for i := range m.to.Parts {
		p := &m.to.Parts[i]
		if _, ok := p.Name.(Face); ok && p.Last > p.First && !stays[p.First] && !stays[p.Last-1] && part(from, p.Name) == nil {
			faces[p.First] = p
		}
	}
	return faces
}

// rings draws a ring around what can be touched that a new face is in, which
// fades.
func (m *Move) rings(faces map[int]*render.Part) {
	if m.opt.Ring.A == 0 {
		return
	}
	m.calm = m.length
	drawn := map[image.Rectangle]bool{}
	for i := range m.to.Ops {
		p := faces[i]
		if p == nil {
			continue
		}
		t := m.to.At(p.Rect.Min.Add(p.Rect.Size().Div(2)))
		if t == nil || t.Means == nil || drawn[t.Drawn] {
			continue
		}
		drawn[t.Drawn] = true
		ring := render.Op{Kind: render.BoxOp, Rect: t.Drawn, Border: max(1, m.px(6)), Edge: m.opt.Ring, Radius: m.px(36)}
		for j := range m.to.Ops {
			if op := &m.to.Ops[j]; op.Kind == render.BoxOp && op.Rect == t.Drawn {
				ring.Radius = op.Radius
				break
			}
		}
		m.moves(ring, track{end: ringFor, ease: Linear, alpha: [2]float32{1, 0}})
	}
}
