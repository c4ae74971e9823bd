package config

import (
	"image"
	"log/slog"
	"math"
	"slices"
	"strings"

	"tavle/assets/lang"
)

// Player is the configuration of tavle-player: one wall screen.
type Player struct {
	// Device is the name of this screen at the hub (default "", allowed: "" (what
	// pairing gives it) or 1 to 64 of a-z, A-Z, 0-9 and . _ -).
	Device string

	// State is the folder for what the screen keeps, all of it unreadable
	// without its key (default "/var/lib/tavle-player", allowed: a folder; it is
	// made if it is not there).
	State string

	// Screen is how pictures reach the glass (default "auto", allowed: "auto",
	// "gpu", "kms", "x11" or "page").
	Screen string

	// Size is the picture in pixels; with the zero size it covers the panel
	// (default "", allowed: "" (all of the panel) or WIDTHxHEIGHT, 320 to 7680
	// each).
	Size image.Point

	// Rotation is by how many degrees the picture is turned clockwise on its way
	// to the panel (default 0, allowed: 0, 90, 180 or 270).
	Rotation int

	// DiagonalInch is the panel's diagonal in inches (default 0, allowed: 0 (ask
	// the panel) or 5 to 110 inches).
	DiagonalInch float64

	// WidthMM and HeightMM are the panel's picture in millimetres, as it hangs
	// (default 0, allowed: 0 (ask the panel) or 80 to 2500 mm).
	WidthMM, HeightMM int

	// DistanceMM is how far the eyes are from the panel when somebody uses it
	// (default 0, allowed: 0 (as one stands before a panel of its size) or 300 to
	// 3000 mm).
	DistanceMM int

	// BottomEdgeMM is how high the panel's lower edge is above the floor (default
	// 0, allowed: 0 (not known) or 1 to 2500 mm).
	BottomEdgeMM int

	// Text is how large letters are, and all else with them (default 1, allowed:
	// 1, 1.3 or 1.6).
	Text float64

	// Lang is the language of the wall (default "", allowed: "" (the house's
	// own), "da", "nb", "nn", "sv", "en" or "ar").
	Lang string

	// Theme is the colours (default "auto", allowed: "auto", "day", "evening",
	// "night", "contrast-dark" or "contrast-light").
	Theme string

	// Edges draws a border round everything that is lifted off the ground (default
	// false, allowed: true or false).
	Edges bool

	// Motion is how much moves when something changes (default "auto", allowed:
	// "auto", "full", "reduced" or "off").
	Motion string

	// Serve is where the picture is served as a page that can be touched, beside
	// the panel or instead of it (default "", allowed: "" (nowhere) or
	// 127.0.0.1:PORT or localhost:PORT, port 0 for a free one).
	Serve string

	Hub      Uplink
	Hours    Hours
	Idle     Idle
	Touch    Touch
	Switches Switches
	Voice    Voice
	Log      Log
}

// Uplink is the hub a screen belongs to.
type Uplink struct {
	// URL is the hub's channel, such as wss://hub.example:8443/sync, whatever
	// form it was written in (default "", allowed: "" (no hub) or https://HOST or
	// https://HOST:PORT).
	URL string

	// Pins are the hub's keys: of its TLS the one in use and the next, and the one
	// by which it signs. With none of TLS, pairing finds out, or, for a screen with
	// a name, the system's certificate authorities decide; without the last, what
	// the hub says first (default [], allowed: at most 5, each "sha256-" or
	// "ed25519-" and 43 characters, as tavle-hub prints it).
	Pins []string
}

// Hours are when the screen changes with the day, by the clock of the house. A
// theme that was chosen holds all day, but for the night's page.
type Hours struct {
	// Evening is when dark colours begin (default "20:00", allowed: a time from
	// 00:00 to 23:59).
	Evening Clock

	// Night is when the night's page begins; it comes when nobody touches the
	// screen, and goes for whoever does. The same as Day: there is none (default
	// "22:00", allowed: a time from 00:00 to 23:59).
	Night Clock

	// Day is when bright colours begin again (default "06:00", allowed: a time from
	// 00:00 to 23:59).
	Day Clock

	// Off is from when to when the panel gives no light, until it is touched
	// (default "", allowed: "" (never) or two times, as in "23:30-05:30").
	Off Span
}

// Touch is how fingers are heard.
type Touch struct {
	// Device is the only panel to listen to (default "", allowed: "" (every
	// panel) or a device under /dev/input).
	Device string

	// Grab keeps others from hearing the same fingers (default true, allowed:
	// true or false).
	Grab bool

	// HoldMS is how long a finger has to rest before lifting it counts (default 0,
	// allowed: 0 to 2000 ms).
	HoldMS int

	// RepeatMS is how soon after a touch the same touch, or key, or switch is a
	// tremor (default 500, allowed: 0 to 1000 ms). 200 suits quick hands, 800 hands
	// that tremble.
	RepeatMS int

	// Calibration corrects where a panel says it was touched, in parts of the
	// panel: u' = c[0]u + c[1]v + c[2], v' = c[3]u + c[4]v + c[5] (default [1, 0,
	// 0, 0, 1, 0], allowed: six numbers from -10 to 10 that do not fold the panel
	// into a line).
	Calibration [6]float64
}

// Idle is how long the screen waits for somebody who does not touch it: before it
// says that it is going home, and how long it says so.
type Idle struct {
	// BrowsingS is how long nobody touches it before it says so (default 60,
	// allowed: 20 to 600 s).
	BrowsingS int

	// IdentifiedS is the same while it knows who stands there (default 30, allowed:
	// 20 to 600 s).
	IdentifiedS int

	// PrivateS is the same on a page that is theirs alone (default 20, allowed: 20
	// to 600 s).
	PrivateS int

	// WarningS is how long it says so before it goes (default 20, allowed: 20 to
	// 600 s).
	WarningS int
}

// Switches are large buttons for somebody who uses neither fingers nor a keyboard.
// They are heard as the keys Space and Enter.
type Switches struct {
	// Mode is how many there are (default "off", allowed: "off", "one" or "two").
	Mode string

	// StepS is how long one switch is shown each choice (default 2, allowed: 0.5 to
	// 10 s).
	StepS float64

	// Spoken says what the focus is on, of switches and of a keyboard (default
	// false, allowed: true or false).
	Spoken bool
}

// Voice is what can be heard of the wall.
type Voice struct {
	// Command is the program that speaks: text on its standard input, a WAV on its
	// standard output, {lang} for the language (default ["espeak-ng", "-v", "{lang}",
	// "-s", "145", "--stdin", "--stdout"], allowed: [] (none) or at most 20 texts).
	Command []string

	// Player is the program that plays a WAV on its standard input (default
	// ["aplay", "-q", "-"], allowed: [] (none) or at most 20 texts).
	Player []string

	// Button is the key that has the page read (default "f1", allowed: "" (none) or
	// "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11" or "f12").
	Button string

	// Chimes answers touches with sounds (default true, allowed: true or false).
	Chimes bool

	// Films have their sound heard, where staff want that (default true, allowed: true
	// or false).
	Films bool

	// Quiet are the hours in which nothing is heard unless somebody touches the wall,
	// and that softly (default "21:00-07:00", allowed: "" (none) or two times, as in
	// "21:00-07:00").
	Quiet Span
}

// Log is what is written to the log. It never holds anything personal, whatever
// the level.
type Log struct {
	// Level is the least that is worth a line (default "info", allowed: "debug",
	// "info", "warn" or "error").
	Level slog.Level

	// Format is how a line is written (default "text", allowed: "text" or
	// "json").
	Format string
}

// tables implements program.
func (p *Player) tables() []table {
	return []table{
		{
			keys: []Key{
				key("device", &p.Device, "", texts, orEmpty("what pairing gives it", plainName(64)),
					"The name of this screen at the hub. Without one it shows a code, by which the hub lets it in."),
				key("state", &p.State, "/var/lib/tavle-player", texts, folderName,
					"Where the screen keeps what it shows without a network. All of it is unreadable without the screen's key."),
				key("screen", &p.Screen, "auto", texts, oneOf("auto", "gpu", "kms", "x11", "page"),
					`How pictures reach the glass: by the GPU and X, by the kernel without X, by X alone, or as a page at the address of "serve". "auto" takes the first of them that works.`),
				key("size", &p.Size, image.Point{}, sizes, pictureSize,
					"The size of the picture in pixels. A picture that does not cover the panel is a window, or a mode of the panel."),
				key("rotation", &p.Rotation, 0, wholes, oneOf(0, 90, 180, 270),
					"By how many degrees the picture is turned clockwise, for a panel that hangs on its side."),
				key("diagonal_inch", &p.DiagonalInch, 0, decimals, or0("ask the panel", between(5.0, 110, "inches")),
					"The diagonal of the panel. Letters and buttons are as large as hands and eyes need them, so the size matters; some panels tell a wrong one."),
				key("width_mm", &p.WidthMM, 0, wholes, or0("ask the panel", between(80, 2500, "mm")),
					`The width of the picture as the panel hangs, instead of "diagonal_inch".`),
				key("height_mm", &p.HeightMM, 0, wholes, or0("ask the panel", between(80, 2500, "mm")),
					`The height of the picture as the panel hangs, together with "width_mm".`),
				key("distance_mm", &p.DistanceMM, 0, wholes, or0("as one stands before a panel of its size", between(300, 3000, "mm")),
					"How far the eyes are from the panel when somebody uses it. Letters are as large as they need to be to be read from there."),
				key("bottom_edge_mm", &p.BottomEdgeMM, 0, wholes, or0("not known", between(1, 2500, "mm")),
					"How high the panel's lower edge is above the floor. Nothing to touch stands lower than a hand reaches from a wheelchair, and all of it can be brought down to where it does."),
				key("text", &p.Text, 1, decimals, oneOf(1.0, 1.3, 1.6),
					"How large letters are, and all else with them. With larger ones there is less on a page."),
				key("lang", &p.Lang, "", texts, language,
					"The language of the wall."),
				key("theme", &p.Theme, "auto", texts, oneOf("auto", "day", "evening", "night", "contrast-dark", "contrast-light"),
					`The colours: bright, dark for the evening or the night, or with all the contrast there is. "auto" goes by the time of day.`),
				key("edges", &p.Edges, false, truths, anything[bool]("true or false"),
					"Draws a border round cards and buttons, for eyes that do not see where they end."),
				key("motion", &p.Motion, "auto", texts, oneOf("auto", "full", "reduced", "off"),
					`How much moves when something changes: "reduced" only fades, for whom movement is too much. "auto" is all of it, but nothing where the only picture is a page. A machine that does not keep up does with less by itself.`),
				key("serve", &p.Serve, "", texts, orEmpty("nowhere", loopback),
					"Where to serve what the wall shows as a page that can be touched. It shows people, so it is for whoever sits at this machine."),
			},
		},
		named("hub", "The hub this screen belongs to.",
			key("url", &p.Hub.URL, "", texts, orEmpty("no hub", hubAddress),
				"Its address. Without a hub the screen shows what it has."),
			key("pins", &p.Hub.Pins, []string{}, lists(texts, "a list of texts"), each(5, pin),
				`By which keys it is known, as tavle-hub pin prints them: the fingerprints of the one in use and the next, and the one it signs with. With no fingerprint, pairing finds out; where "device" is set, its certificate then has to be signed by an authority this machine trusts.`),
		),
		named("hours", "When the screen changes with the day, by the clock of the house.",
			key("evening", &p.Hours.Evening, 20*60, clocks, anything[Clock](aTime),
				"When dark colours begin."),
			key("night", &p.Hours.Night, 22*60, clocks, anything[Clock](aTime),
				`When the night's page begins: the time, and who works. It comes when nobody touches the screen, and goes for whoever does. The same as "day": there is none.`),
			key("day", &p.Hours.Day, 6*60, clocks, anything[Clock](aTime),
				"When bright colours begin again."),
			key("off", &p.Hours.Off, Span{}, spans, anything[Span](`"" (never) or two times, as in "23:30-05:30"`),
				"From when to when the panel gives no light. A touch brings it back."),
		),
		named("idle", "How long the screen waits for somebody who does not touch it.",
			key("browsing_s", &p.Idle.BrowsingS, 60, wholes, between(20, 600, "s"),
				"Before it says that it is going home."),
			key("identified_s", &p.Idle.IdentifiedS, 30, wholes, between(20, 600, "s"),
				"The same while it knows who stands there."),
			key("private_s", &p.Idle.PrivateS, 20, wholes, between(20, 600, "s"),
				"The same on a page that is theirs alone."),
			key("warning_s", &p.Idle.WarningS, 20, wholes, between(20, 600, "s"),
				"How long it says so before it goes. One touch, and it stays."),
		),
		named("touch", "How fingers are heard.",
			key("device", &p.Touch.Device, "", texts, orEmpty("every panel", inputDevice),
				"The only panel to listen to."),
			key("grab", &p.Touch.Grab, true, truths, anything[bool]("true or false"),
				"Keeps other programs from hearing the same fingers. Without it a touch may arrive twice where X runs."),
			key("hold_ms", &p.Touch.HoldMS, 0, wholes, between(0, 2000, "ms"),
				"How long a finger has to rest before lifting it counts, for hands that brush against the wall."),
			key("repeat_ms", &p.Touch.RepeatMS, 500, wholes, between(0, 1000, "ms"),
				"How soon the same touch, key or switch again is a tremor and does not count. 200 suits quick hands, 800 hands that tremble."),
			key("calibration", &p.Touch.Calibration, [6]float64{1, 0, 0, 0, 1, 0}, matrices, calibration,
				"Corrects a panel that is touched beside where it says: the six numbers of libinput's calibration matrix."),
		),
		named("switches", "Large buttons for somebody who uses neither fingers nor a keyboard. They are heard as the keys Space and Enter.",
			key("mode", &p.Switches.Mode, "off", texts, oneOf("off", "one", "two"),
				`How many there are. Of "one", time moves on and it chooses; of "two", Space moves on and Enter chooses.`),
			key("step_s", &p.Switches.StepS, 2, decimals, between(0.5, 10, "s"),
				"How long each choice is shown to somebody with one switch."),
			key("spoken", &p.Switches.Spoken, false, truths, anything[bool]("true or false"),
				"Says what the focus is on, of switches and of a keyboard, for eyes that do not see it. It is cut off by the next."),
		),
		named("voice", "What can be heard of the wall.",
			key("command", &p.Voice.Command, []string{"espeak-ng", "-v", "{lang}", "-s", "145", "--stdin", "--stdout"}, lists(texts, "a list of texts"), commandLine,
				"The program that speaks: it gets text on its standard input and writes a WAV to its standard output, with the language for {lang}. Piper is one, too."),
			key("player", &p.Voice.Player, []string{"aplay", "-q", "-"}, lists(texts, "a list of texts"), commandLine,
				"The program that plays a WAV from its standard input."),
			key("button", &p.Voice.Button, "f1", texts, orEmpty("none", oneOf("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12")),
				"The key of a button beside the wall that has the page read, and stops that."),
			key("chimes", &p.Voice.Chimes, true, truths, anything[bool]("true or false"),
				"Answers touches with sounds."),
			key("films", &p.Voice.Films, true, truths, anything[bool]("true or false"),
				"Has the sound of films heard, where staff want that."),
			key("quiet", &p.Voice.Quiet, Span{21 * 60, 7 * 60}, spans, anything[Span](`"" (none) or two times, as in "21:00-07:00"`),
				"The hours in which nothing is heard that nobody asked for, and what is heard is softer."),
		),
		logTable(&p.Log),
	}
}

// commandLine allows a program and its arguments, or nothing.
var commandLine = rule[[]string]{"[] (none) or at most 20 texts", func(v *[]string, _ string) problem {
	if len(*v) > 20 || len(*v) > 0 && (*v)[0] == "" {
		return refuse("a program and its arguments are wanted")
	}
	return problem{}
}}

// logTable is the same for every program.
func logTable(l *Log) table {
	return named("log", "The log. It never holds anything personal.",
		key("level", &l.Level, slog.LevelInfo, levels, anything[slog.Level](`"debug", "info", "warn" or "error"`),
			"The least that is worth a line."),
		key("format", &l.Format, "text", texts, oneOf("text", "json"),
			"How a line is written: to be read, or to be collected. A change takes effect with the next start."),
	)
}

func signs(pin string) bool { return strings.HasPrefix(pin, SigningPin) }

// check implements program.
func (p *Player) check(f *findings) {
	if p.Hub.URL == "" && len(p.Hub.Pins) > 0 {
		f.together("are of no use without hub.url", "hub.pins", "hub.url")
	}
	if signing := slices.IndexFunc(p.Hub.Pins, signs); signing >= 0 && slices.ContainsFunc(p.Hub.Pins[signing+1:], signs) {
		f.together(`name two keys that begin with "`+SigningPin+`"; a hub signs with one`, "hub.pins")
	}
	if p.Screen == "page" && p.Serve == "" {
		f.together(`is missing; with screen = "page", the page needs an address`, "serve", "screen")
	}
	f.pair("width_mm", p.WidthMM != 0, "height_mm", p.HeightMM != 0)
	if p.DiagonalInch != 0 && p.WidthMM != 0 {
		f.together("says the same as width_mm and height_mm; leave one out", "diagonal_inch", "width_mm")
	}
}

// MM returns the size that was chosen for a panel with so many pixels, in
// millimetres as it hangs, or the zero point when the panel is to be asked.
func (p *Player) MM(px image.Point) image.Point {
	if p.DiagonalInch == 0 || px.X <= 0 || px.Y <= 0 {
		return image.Pt(p.WidthMM, p.HeightMM)
	}
	mm := p.DiagonalInch * 25.4 / math.Hypot(float64(px.X), float64(px.Y))
	return image.Pt(int(math.Round(mm*float64(px.X))), int(math.Round(mm*float64(px.Y))))
}

// language allows the languages there are words for.
var language = func() rule[string] {
	r := oneOf(append([]string{""}, lang.Tags...)...)
	r.allowed = `"" (the house's own)` + r.allowed[len(`""`):]
	return r
}()

// pictureSize allows pictures that the screens can be laid out on.
var pictureSize = rule[image.Point]{`"" (all of the panel) or WIDTHxHEIGHT, 320 to 7680 each`, func(v *image.Point, _ string) problem {
	if *v != (image.Point{}) && (min(v.X, v.Y) < 320 || max(v.X, v.Y) > 7680) {
		return refuse("%dx%d is out of bounds", v.X, v.Y)
	}
	return problem{}
}}
