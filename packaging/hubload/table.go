package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"
)

// measure loads the yardstick and the hub in turns and prints the table.
func measure(ctx context.Context, p plan, rounds int, out io.Writer) (err error) {
	like := screens{signers: make([]*signer, p.n)}
	for i := range like.signers {
		like.signers[i] = newSigner(i)
	}
	h, err := start(ctx, "hub", "1", strconv.Itoa(p.n))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.stop()) }()
	snapshot, change, err := sizes(h, like)
	if err != nil {
		return err
	}
	r, err := start(ctx, "raw", strconv.Itoa(snapshot), strconv.Itoa(change))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.stop()) }()
	mute, packed := like, like
	mute.mute, packed.gzip = true, true
	subjects := []*subject{
		rawSubject(r, "raw", nil), hubSubject(h, "hub", like),
		rawSubject(r, "raw, answering", make([]byte, 60)), hubSubject(h, "hub, not confirming", mute), hubSubject(h, "hub, gzip", packed),
	}
	fmt.Fprintf(out, "%d connections, a board of %d bytes, a change of %d bytes, %d rounds:\n\n", p.n, snapshot, change, rounds)
	fmt.Fprintln(out, "| | storm ms | µs each | idle KiB each | one change to all ms | µs each | sustained µs each | a second |")
	fmt.Fprintln(out, "|---|--:|--:|--:|--:|--:|--:|--:|")
	for i := range rounds {
		for j, s := range subjects {
			if j >= 3 && i > 0 {
				continue // what is besides the goals is measured once
			}
			if err := s.round(p); err != nil {
				return err
			}
			fmt.Fprintln(out, s.rounds[len(s.rounds)-1].row(s.name))
		}
	}
	took, touched, err := crowded(ctx, h, like, min(p.n, 1000), p.touches)
	if err != nil {
		return err
	}
	subjects = append(subjects, touched)
	resyncs, err := h.resyncs()
	if err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, s := range subjects[:len(subjects)-1] {
		fmt.Fprintln(out, s.median().row("**"+s.name+"**, medians"))
	}
	raw, hub, answered := subjects[0].median(), subjects[1].median(), subjects[2].median()
	fmt.Fprintln(out, "\n| goal | at most | hub | raw | hub / raw | |\n|---|--:|--:|--:|--:|---|")
	for _, g := range []goal{
		{"memory for an idle connection", "KiB", 10, hub.idle, raw.idle, false},
		{"one change to all, p50", "ms", 1.4, ms(hub.toAll), ms(raw.toAll), true},
		{"the same, raw being answered as the hub is", "ms", 1.4, ms(hub.toAll), ms(answered.toAll), true},
		{"processor time for a sustained delivery", "µs", 1.4, hub.sustCPU, raw.sustCPU, true},
		{"the same, raw being answered as the hub is", "µs", 1.4, hub.sustCPU, answered.sustCPU, true},
		{"reconnect storm, paced", "ms", 600, ms(hub.storm), ms(raw.storm), false},
		{"processor time for a connection of it", "µs", 60, hub.stormCPU, raw.stormCPU, false},
		{"from a touch to another screen's glass, p99", "ms", 250, ms(quantile(took, 0.99)), 0, false},
	} {
		fmt.Fprintln(out, g)
	}
	fmt.Fprintf(out, "\n%d touches with %d screens connected: p50 %.1f ms, p99 %.1f ms, longest %.1f ms\n",
		len(took), min(p.n, 1000), ms(median(took)), ms(quantile(took, 0.99)), ms(slices.Max(took)))
	return faults(out, subjects, resyncs)
}

// A goal is how much something may be: of its unit, or times the yardstick.
type goal struct {
	what, unit     string
	most, hub, raw float64
	times          bool
}

// String returns a row of the table.
func (g goal) String() string {
	is, most := g.hub, fmt.Sprintf("%g %s", g.most, g.unit)
	if g.times {
		is, most = g.hub/g.raw, fmt.Sprintf("%g × raw", g.most)
	}
	verdict := "met"
	if is > g.most {
		verdict = fmt.Sprintf("missed, %.2f times as much", is/g.most)
	}
	raw, ratio := "", ""
	if g.raw > 0 {
		raw, ratio = fmt.Sprintf("%.1f %s", g.raw, g.unit), fmt.Sprintf("%.2f", g.hub/g.raw)
	}
	return fmt.Sprintf("| %s | %s | %.1f %s | %s | %s | %s |", g.what, most, g.hub, g.unit, raw, ratio, verdict)
}

// faults prints what must not have happened, and is an error if any of it did.
func faults(out io.Writer, subjects []*subject, resyncs int) error {
	all := map[string]int{"resyncs": resyncs}
	for _, s := range subjects {
		for why, n := range s.faults {
			all[s.name+": "+why] += n
		}
	}
	gaps, dead, sums := 0, 0, 0
	for _, s := range subjects {
		for why, n := range s.faults {
			switch {
			case why == "gap":
				gaps += n
			case len(why) > 5 && why[:5] == "dead:":
				dead += n
			default:
				sums += n
			}
		}
	}
	fmt.Fprintf(out, "\n%d gaps, %d dead, %d resyncs, %d other faults\n", gaps, dead, resyncs, sums)
	if gaps+dead+resyncs+sums == 0 {
		return nil
	}
	for _, why := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(out, "  %d × %s\n", all[why], why)
	}
	return errors.New("not everything arrived as it should")
}

// median returns the median of each figure.
func (s *subject) median() figures {
	of := func(f func(figures) float64) float64 {
		all := make([]float64, len(s.rounds))
		for i, r := range s.rounds {
			all[i] = f(r)
		}
		return median(all)
	}
	return figures{
		storm:    time.Duration(of(func(f figures) float64 { return float64(f.storm) })),
		stormCPU: of(func(f figures) float64 { return f.stormCPU }),
		idle:     of(func(f figures) float64 { return f.idle }),
		toAll:    time.Duration(of(func(f figures) float64 { return float64(f.toAll) })),
		oneCPU:   of(func(f figures) float64 { return f.oneCPU }),
		sustCPU:  of(func(f figures) float64 { return f.sustCPU }),
		rate:     of(func(f figures) float64 { return f.rate }),
	}
}

// row returns the figures as a row of the table.
func (f figures) row(name string) string {
	return fmt.Sprintf("| %s | %.0f | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f |",
		name, ms(f.storm), f.stormCPU, f.idle, ms(f.toAll), f.oneCPU, f.sustCPU, f.rate)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
