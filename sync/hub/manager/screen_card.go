package manager

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tavle/config"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// The card file: what an installer drops beside the system of a new screen, so that it
// finds this hub, knows it, and fits where it hangs. It is a configuration of
// tavle-player and holds no secret: the screen makes its key itself and shows a code.
var _ = add(page{Name: "screen_card", Routes: []route{
	{"GET /screens/card", account.Screens, (*visit).askCard},
	{"POST /screens/card", account.Screens, (*visit).makeCard},
	{"GET /screens/place/{id}/card", account.Screens, (*visit).askCard},
	{"POST /screens/place/{id}/card", account.Screens, (*visit).makeCard},
}})

// A cardSheet is what the form shows.
type cardSheet struct {
	Label    string // of the place; "": for any
	Action   string
	Rotation []option
	Times    []cardTime
	Problem  string
}

// A cardTime is a time of the day on the form.
type cardTime struct{ Name, Label, Value string }

// cardName is what the file is called where it is dropped.
const cardName = "tavle.toml"

// cardOf returns the settings of a screen at a place, or at none in particular.
func (v *visit) cardOf() (c *config.Player, label string, err error) {
	c = config.Default[config.Player]()
	c.Hub.URL, c.Hub.Pins = v.address(), v.hub.Pins()
	if v.id() == "" {
		return c, "", nil
	}
	err = v.see(func(s store.View) error {
		r, err := store.Get[house.Screen](v.ctx(), s, v.id())
		if err != nil {
			return err
		}
		label = v.label(&r)
		c.DiagonalInch, _ = strconv.ParseFloat(inches(r.Diagonal), 64)
		c.BottomEdgeMM, c.DistanceMM = r.BottomEdge, r.Distance
		if r.Orientation == "portrait" {
			c.Rotation = 90
		}
		return nil
	})
	return c, label, err
}

// address returns where screens reach this hub: where whoever asks reached it, if it
// goes by that name.
func (v *visit) address() string {
	host, port, err := net.SplitHostPort(v.r.Host)
	if err != nil {
		host, port = v.r.Host, ""
	}
	if hosts := v.hub.Hosts(); !slices.Contains(hosts, host) || host == "localhost" || strings.HasPrefix(host, "127.") {
		i := slices.IndexFunc(hosts, func(h string) bool { return h != "localhost" && !strings.HasPrefix(h, "127.") })
		host = hosts[max(0, i)]
	}
	if port != "" {
		host = net.JoinHostPort(host, port)
	}
	return "https://" + host
}

func (v *visit) askCard() error {
	c, label, err := v.cardOf()
	if err != nil {
		return err
	}
	return v.show("screen_card", v.cardForm(c, label, ""))
}

func (v *visit) cardForm(c *config.Player, label, problem string) cardSheet {
	d := cardSheet{Label: label, Action: v.r.URL.Path, Problem: problem}
	for _, n := range []int{0, 90, 180, 270} {
		d.Rotation = append(d.Rotation, option{strconv.Itoa(n), v.t("card.rotation." + strconv.Itoa(n)), n == c.Rotation})
	}
	span := func(s config.Span, f func(config.Span) config.Clock) string {
		if s == (config.Span{}) {
			return ""
		}
		return f(s).String()
	}
	from, to := func(s config.Span) config.Clock { return s.From }, func(s config.Span) config.Clock { return s.To }
	for _, t := range []cardTime{
		{Name: "evening", Value: c.Hours.Evening.String()},
		{Name: "night", Value: c.Hours.Night.String()},
		{Name: "day", Value: c.Hours.Day.String()},
		{Name: "quiet_from", Value: span(c.Voice.Quiet, from)},
		{Name: "quiet_to", Value: span(c.Voice.Quiet, to)},
		{Name: "off_from", Value: span(c.Hours.Off, from)},
		{Name: "off_to", Value: span(c.Hours.Off, to)},
	} {
		t.Label = v.t("card." + t.Name)
		if v.r.PostForm != nil {
			t.Value = v.value(t.Name)
		}
		d.Times = append(d.Times, t)
	}
	return d
}

// makeCard answers with the file. It is read once as the screen will read it, so that
// no installer stands before a screen that says what is wrong with it.
func (v *visit) makeCard() error {
	if err := v.form(); err != nil {
		return err
	}
	c, label, err := v.cardOf()
	if err != nil {
		return err
	}
	file := v.card(c, label)
	if _, err := config.Parse[config.Player](cardName, []byte(file)); err != nil {
		return v.showAs(http.StatusUnprocessableEntity, "screen_card", v.cardForm(c, label, "card.wrong"))
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/toml")
	h.Set("Content-Disposition", `attachment; filename="`+cardName+`"`)
	v.w.WriteHeader(http.StatusOK)
	_, _ = v.w.Write([]byte(file))
	return nil
}

// card writes the file, with what the form says of times.
func (v *visit) card(c *config.Player, label string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(v.t("card.head"), "\n") {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	if label != "" {
		fmt.Fprintf(&b, "# %s\n", strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return ' '
			}
			return r
		}, label))
	}
	b.WriteByte('\n')
	if n, err := strconv.Atoi(v.value("rotation")); err == nil {
		fmt.Fprintf(&b, "rotation = %d\n", n)
	}
	if c.DiagonalInch > 0 {
		fmt.Fprintf(&b, "diagonal_inch = %s\n", strconv.FormatFloat(c.DiagonalInch, 'f', 1, 64))
	}
	if c.BottomEdgeMM > 0 {
		fmt.Fprintf(&b, "bottom_edge_mm = %d\n", c.BottomEdgeMM)
	}
	if c.DistanceMM > 0 {
		fmt.Fprintf(&b, "distance_mm = %d\n", c.DistanceMM)
	}
	fmt.Fprintf(&b, "\n[hub]\nurl = %q\npins = [\n", c.Hub.URL)
	for _, p := range c.Hub.Pins {
		fmt.Fprintf(&b, "  %q,\n", p)
	}
	b.WriteString("]\n\n[hours]\n")
	for _, k := range []string{"evening", "night", "day"} {
		if t := v.value(k); t != "" {
			fmt.Fprintf(&b, "%s = %q\n", k, t)
		}
	}
	fmt.Fprintf(&b, "off = %q\n\n[voice]\nquiet = %q\n", v.spanOf("off"), v.spanOf("quiet"))
	return b.String()
}

// spanOf returns two times of the form, or "" where there are none.
func (v *visit) spanOf(name string) string {
	from, to := v.value(name+"_from"), v.value(name+"_to")
	if from == "" && to == "" {
		return ""
	}
	return from + "-" + to
}
