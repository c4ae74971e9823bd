package config

import (
	"image"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

const somePin = "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"

// env is an environment of these variables.
func env(vars ...string) func(string) (string, bool) {
	m := map[string]string{}
	for i := 0; i < len(vars); i += 2 {
		m[vars[i]] = vars[i+1]
	}
	return func(name string) (string, bool) { v, ok := m[name]; return v, ok }
}

// A flag comes before the environment, the environment before the file, the file
// before the default: for every combination of them.
func TestFlagBeforeEnvironmentBeforeFileBeforeDefault(t *testing.T) {
	path := filepath.Join(t.TempDir(), "player.toml")
	for n := range 8 {
		s, want := Source{Path: path, Optional: true}, 0
		require.NoError(t, os.RemoveAll(path))
		if n&1 != 0 {
			write(t, path, rotated(90))
			want = 90
		}
		if n&2 != 0 {
			s.Env = env("TAVLE_ROTATION", "180")
			want = 180
		}
		if n&4 != 0 {
			s.Flags = map[string]string{"rotation": "270"}
			want = 270
		}
		c, err := Load[Player](s)
		require.NoError(t, err)
		require.Equal(t, want, c.Rotation, "combination %b", n)
	}
}

// What is overruled is checked, too; each mistake says where it was made.
func TestOverruledMistakesAreFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "player.toml")
	write(t, path, []byte("rotation = 45\n"))
	_, err := Load[Player](Source{
		Path:  path,
		Env:   env("TAVLE_ROTATION", "x", "TAVLE_LOG_LEVEL", "loud", "TAVLE_LISTEN", "the hub's"),
		Flags: map[string]string{"rotation": "90", "touch.grab": "ja", "hub.url": "http://a"},
	})
	require.EqualError(t, err, path+`:1: rotation: 45 is not one of them; allowed: 0, 90, 180 or 270
environment variable TAVLE_ROTATION: rotation: is not a whole number; allowed: 0, 90, 180 or 270
flag --hub-url: hub.url: is not encrypted; allowed: "" (no hub) or https://HOST or https://HOST:PORT
flag --touch-grab: touch.grab: is not true or false; allowed: true or false
environment variable TAVLE_LOG_LEVEL: log.level: is not a level in quotes; allowed: "debug", "info", "warn" or "error"`)
}

// Every kind of value can be given in a flag or in the environment.
func TestEveryKindOfValueFitsIntoAFlag(t *testing.T) {
	flags := map[string]string{
		"size": "1280x720", "rotation": "270", "diagonal_inch": "21.5", "device": "stue-1",
		"hub.url": "https://hub.example:8443", "hub.pins": somePin + ", " + strings.Replace(somePin, "47", "48", 1),
		"touch.grab": "false", "touch.calibration": "-1, 0, 1, 0, 1, 0", "log.level": "debug",
	}
	c, err := Load[Player](Source{Flags: flags})
	require.NoError(t, err)
	vars := map[string]string{}
	for _, k := range Keys[Player]() {
		if v, ok := flags[k.Path]; ok {
			vars[k.Env()] = v
		}
	}
	require.Len(t, vars, len(flags))
	same, err := Load[Player](Source{Env: func(n string) (string, bool) { v, ok := vars[n]; return v, ok }})
	require.NoError(t, err)
	require.Equal(t, c, same)
	same, err = Parse[Player]("p.toml", []byte(Format(c)))
	require.NoError(t, err)
	require.Equal(t, c, same)

	want := Default[Player]()
	want.Size, want.Rotation, want.DiagonalInch, want.Device = image.Pt(1280, 720), 270, 21.5, "stue-1"
	want.Hub.URL, want.Hub.Pins = "wss://hub.example:8443/sync", []string{somePin, strings.Replace(somePin, "47", "48", 1)}
	want.Touch.Grab, want.Touch.Calibration, want.Log.Level = false, [6]float64{-1, 0, 1, 0, 1, 0}, slog.LevelDebug
	require.Equal(t, want, c)
}

// A value is taken or refused with the reason.
func TestBoundsOfEveryKey(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	write(t, file, nil)
	open := filepath.Join(dir, "open")
	write(t, open, nil)
	require.NoError(t, os.Chmod(open, 0o644))
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, unix.Mkfifo(pipe, 0o600))

	type row struct{ key, value, problem string }
	check := func(t *testing.T, keys []Key, rows []row) {
		t.Helper()
		bound := map[string]bool{}
		for _, r := range rows {
			bound[r.key] = bound[r.key] || r.problem != ""
			for _, k := range keys {
				if k.Path == r.key {
					require.Equal(t, r.problem, k.parse(r.value, "").what, "%s = %q", r.key, r.value)
				}
			}
		}
		for _, k := range keys {
			require.Contains(t, bound, k.Path, "no row shows the bounds of this key")
			require.True(t, bound[k.Path], "no row shows what %s refuses", k.Path)
			delete(bound, k.Path)
		}
		require.Empty(t, maps.Collect(maps.All(bound)), "rows without a key")
	}
	check(t, Keys[Player](), []row{
		{"device", "stue.1_A-b", ""},
		{"device", strings.Repeat("a", 64), ""},
		{"device", strings.Repeat("a", 65), "65 characters are too many"},
		{"device", "stue 1", "' ' is not allowed in it"},
		{"device", "stue\n", `'\n' is not allowed in it`},
		{"device", "skærm", "'æ' is not allowed in it"},
		{"state", dir, ""},
		{"state", filepath.Join(dir, "new"), ""},
		{"state", file, quoted(file) + " is a file"},
		{"state", "", "is empty"},
		{"state", "a\x00", "is no path"},
		{"screen", "page", ""},
		{"screen", "wayland", `"wayland" is not one of them`},
		{"size", "", ""},
		{"size", "320x7680", ""},
		{"size", "319x480", "319x480 is out of bounds"},
		{"size", "7681x480", "7681x480 is out of bounds"},
		{"size", "0x0", "is not a size in quotes"},
		{"size", "800", "is not a size in quotes"},
		{"size", "800x480x3", "is not a size in quotes"},
		{"rotation", "90", ""},
		{"rotation", "360", "360 is not one of them"},
		{"rotation", "-90", "-90 is not one of them"},
		{"diagonal_inch", "5", ""},
		{"diagonal_inch", "4.9", "4.9 is out of bounds"},
		{"diagonal_inch", "NaN", "NaN is out of bounds"},
		{"diagonal_inch", "Inf", "+Inf is out of bounds"},
		{"width_mm", "80", ""},
		{"width_mm", "79", "79 is out of bounds"},
		{"height_mm", "2500", ""},
		{"height_mm", "2501", "2501 is out of bounds"},
		{"distance_mm", "700", ""},
		{"distance_mm", "299", "299 is out of bounds"},
		{"bottom_edge_mm", "900", ""},
		{"bottom_edge_mm", "-1", "-1 is out of bounds"},
		{"text", "1.3", ""},
		{"text", "1", ""},
		{"text", "1.5", "1.5 is not one of them"},
		{"lang", "nb", ""},
		{"lang", "no", `"no" is not one of them`},
		{"motion", "reduced", ""},
		{"motion", "some", `"some" is not one of them`},
		{"theme", "auto", ""},
		{"theme", "evening", ""},
		{"theme", "contrast-dark", ""},
		{"theme", "", `"" is not one of them`},
		{"edges", "true", ""},
		{"edges", "yes", "is not true or false"},
		{"serve", "127.0.0.1:0", ""},
		{"serve", "[::1]:8080", ""},
		{"serve", "localhost:8080", ""},
		{"serve", ":8080", "names a host, not this machine"},
		{"serve", "0.0.0.0:8080", "could be reached by others, who would see the people on the page"},
		{"serve", "localhost", "is no address with a port"},
		{"serve", "localhost:65536", "is no address with a port"},
		{"serve", "localhost:http", "is no address with a port"},
		{"hub.url", "https://hub.example", ""},
		{"hub.url", "https://hub.example/", ""},
		{"hub.url", "wss://[::1]:8443/sync", ""},
		{"hub.url", "hub.example:8443", "does not begin with https://"},
		{"hub.url", "ws://hub.example", "is not encrypted"},
		{"hub.url", "https://", "has no host"},
		{"hub.url", "https://:8443", "has no host"},
		{"hub.url", "https://me:secret@hub.example", "has something before or after the host that does not belong there"},
		{"hub.url", "https://hub.example?a", "has something before or after the host that does not belong there"},
		{"hub.url", "https://hub.example/tavle", "has a path after the host"},
		{"hub.url", "https://hub.example:0", "has a port out of bounds"},
		{"hub.url", "https://hub.example:", "has a port out of bounds"},
		{"hub.url", "https://hub_.example", "is no host name"},
		{"hub.url", "https://a b", "is no address"},
		{"hub.pins", "", ""},
		{"hub.pins", somePin, ""},
		{"hub.pins", somePin + "," + somePin, "item 2: stands there already"},
		{"hub.pins", somePin[7:], `item 1: begins with neither "sha256-" nor "ed25519-"`},
		{"hub.pins", somePin[:49], "item 1: is no fingerprint: a part is missing or changed"},
		{"hub.pins", somePin[:49] + "V", "item 1: is no fingerprint: a part is missing or changed"},
		{"hub.pins", "a,b,c,d,e,f", "6 items are too many"},
		{"hub.pins", "ed25519" + somePin[6:] + "," + somePin, ""},
		{"touch.device", "/dev/input/event0", ""},
		{"touch.device", "/dev/sda", "is no path under /dev/input"},
		{"touch.device", "/dev/input/../sda", "is no path under /dev/input"},
		{"touch.grab", "false", ""},
		{"touch.grab", "no", "is not true or false"},
		{"touch.hold_ms", "2000", ""},
		{"touch.hold_ms", "2001", "2001 is out of bounds"},
		{"touch.repeat_ms", "0", ""},
		{"touch.repeat_ms", "1001", "1001 is out of bounds"},
		{"voice.command", "piper,--language,{lang}", ""},
		{"voice.command", "", ""},
		{"voice.command", strings.Repeat("a,", 20) + "a", "a program and its arguments are wanted"},
		{"voice.player", "pw-play,-", ""},
		{"voice.player", ",-", "a program and its arguments are wanted"},
		{"voice.chimes", "false", ""},
		{"voice.films", "false", ""},
		{"voice.films", "loud", "is not true or false"},
		{"voice.chimes", "maybe", "is not true or false"},
		{"voice.quiet", "21-7", `is not two times in quotes, as in "23:30-05:30"`},
		{"voice.button", "f3", ""},
		{"voice.button", "q", `"q" is not one of them`},
		{"voice.quiet", "20:00-08:00", ""},
		{"voice.quiet", "", ""},
		{"switches.mode", "two", ""},
		{"switches.mode", "three", `"three" is not one of them`},
		{"idle.browsing_s", "20", ""},
		{"idle.browsing_s", "19", "19 is out of bounds"},
		{"idle.browsing_s", "601", "601 is out of bounds"},
		{"idle.identified_s", "20", ""},
		{"idle.identified_s", "19", "19 is out of bounds"},
		{"idle.identified_s", "601", "601 is out of bounds"},
		{"idle.private_s", "20", ""},
		{"idle.private_s", "19", "19 is out of bounds"},
		{"idle.private_s", "601", "601 is out of bounds"},
		{"idle.warning_s", "20", ""},
		{"idle.warning_s", "19", "19 is out of bounds"},
		{"idle.warning_s", "601", "601 is out of bounds"},
		{"switches.step_s", "0.5", ""},
		{"switches.step_s", "10.5", "10.5 is out of bounds"},
		{"switches.spoken", "true", ""},
		{"switches.spoken", "yes", "is not true or false"},
		{"touch.calibration", "0,1,0,-1,0,1", ""},
		{"touch.calibration", "1,0,0,0,1", "is not a list of six numbers"},
		{"touch.calibration", "1,0,0,0,1,11", "item 6: 11 is out of bounds"},
		{"touch.calibration", "1,0,0,0,NaN,0", "item 5: NaN is out of bounds"},
		{"touch.calibration", "1,1,0,1,1,0", "they fold the panel into a line"},
		{"hours.evening", "19:30", ""},
		{"hours.evening", "24:00", `is not a time in quotes, as in "20:00"`},
		{"hours.night", "00:00", ""},
		{"hours.night", "9:00", `is not a time in quotes, as in "20:00"`},
		{"hours.day", "06:59", ""},
		{"hours.day", "06:60", `is not a time in quotes, as in "20:00"`},
		{"hours.off", "23:30-05:30", ""},
		{"hours.off", "", ""},
		{"hours.off", "23:30", `is not two times in quotes, as in "23:30-05:30"`},
		{"hours.off", "06:00-06:00", `is not two times in quotes, as in "23:30-05:30"`},
		{"log.level", "error", ""},
		{"log.level", "ERROR", "is not a level in quotes"},
		{"log.format", "json", ""},
		{"log.format", "JSON", `"JSON" is not one of them`},
	})
	check(t, Keys[Hub](), []row{
		{"listen", ":0", ""},
		{"listen", "hub.example:8443", ""},
		{"listen", "[fe80::1%eth0]:443", ""},
		{"listen", "8443", "is no address with a port"},
		{"listen", "-a:1", "is no host name"},
		{"hosts", "hub.example, 10.0.0.1", ""},
		{"hosts", "https://hub", "item 1: is no host name"},
		{"hosts", strings.Repeat("a.", 127) + "a", "item 1: is too long for a host name"},
		{"hosts", "a,A", "item 2: stands there already"},
		{"hosts", "a,b,c,d,e,f,g,h,i", "9 items are too many"},
		{"data", dir, ""},
		{"data", file, quoted(file) + " is a file"},
		{"tls.certificate", open, ""},
		{"tls.certificate", dir, quoted(dir) + " is no file"},
		{"tls.certificate", pipe, quoted(pipe) + " is no file"},
		{"tls.certificate", file + "x", quoted(file+"x") + " is not there"},
		{"tls.certificate", file + "/x", quoted(file+"/x") + " cannot be read (not a directory)"},
		{"tls.key", file, ""},
		{"tls.key", file + "x", quoted(file+"x") + " is not there"},
		{"tls.key", open, quoted(open) + " can be read by everybody; `chmod 600` mends that"},
		{"database", "", ""},
		{"database", "postgres://tavle@db.example.org/tavle", ""},
		{"database", "postgresql:///tavle?host=/run/postgresql", ""},
		{"database", "postgres://tavle:canary@db.example.org", "names no database"},
		{"database", "mysql://tavle:canary@db.example.org/tavle", "does not begin with postgres://"},
		{"database", "host=db password=canary", "does not begin with postgres://"},
		{"database", "postgres://tavle:ca%nary@db/tavle", "is no address"},
		{"oidc.issuer", "https://login.example.org", ""},
		{"oidc.issuer", "https://login.example.org:8443/realms/Work/", ""},
		{"oidc.issuer", "http://login.example.org", "is not encrypted"},
		{"oidc.issuer", "login.example.org", "does not begin with https://"},
		{"oidc.issuer", "https://", "has no host"},
		{"oidc.issuer", "https://login.example.org/?x=1", "has something before the host or after the path that does not belong there"},
		{"oidc.issuer", "https://karen@login.example.org", "has something before the host or after the path that does not belong there"},
		{"oidc.issuer", "https://login.example.org:0", "has a port out of bounds"},
		{"oidc.issuer", "https://-a", "is no host name"},
		{"oidc.name", "kommunens konto", ""},
		{"oidc.name", "x\ny", "has a character that is none of a text"},
		{"oidc.name", strings.Repeat("å", 61), "61 characters are too many"},
		{"oidc.client_id", "tavle", ""},
		{"oidc.client_id", " ", "is empty"},
		{"oidc.secret_file", file, ""},
		{"oidc.secret_file", open, quoted(open) + " can be read by everybody; `chmod 600` mends that"},
		{"oidc.ca", open, ""},
		{"oidc.ca", file + "x", quoted(file+"x") + " is not there"},
		{"oidc.scopes", "profile, groups", ""},
		{"oidc.scopes", "profile groups", "item 1: has a space"},
		{"oidc.acr", "idporten-loa-high,urn:x:2", ""},
		{"oidc.acr", "a,a", "item 2: stands there already"},
		{"oidc.claim", "realm_access.roles", ""},
		{"oidc.claim", "", "is empty"},
		{"oidc.superusers", "Tavle superbruger", ""},
		{"oidc.superusers", "a,,b", "item 2: is empty"},
		{"oidc.employees", "CN=Tavle", ""},
		{"oidc.employees", "a,a", "item 2: stands there already"},
		{"oidc.auditors", "a", ""},
		{"oidc.auditors", strings.Repeat("a", 201), "item 1: 201 characters are too many"},
		{"oidc.support", "a", ""},
		{"oidc.support", "a,a", "item 2: stands there already"},
		{"oidc.departments", "CN=Hus 2=dep-2", ""},
		{"oidc.departments", "dep-2", "item 1: has no ="},
		{"oidc.departments", "=dep-2", "item 1: the text before =: is empty"},
		{"oidc.departments", "Hus 2=dep/2", `item 1: the ID behind =: '/' is not allowed in it`},
		{"oidc.house", "sys-demo", ""},
		{"oidc.house", "sys demo", `' ' is not allowed in it`},
		{"lease.mask_hours", "4", ""},
		{"lease.mask_hours", "168", ""},
		{"lease.mask_hours", "3", "3 is out of bounds"},
		{"lease.mask_hours", "169", "169 is out of bounds"},
		{"lease.wipe_days", "7", ""},
		{"lease.wipe_days", "0", "0 is out of bounds"},
		{"operations.listen", "", ""},
		{"operations.listen", "127.0.0.1:0", ""},
		{"operations.listen", "8444", "is no address with a port"},
		{"log.level", "loud", "is not a level in quotes"},
		{"log.format", "text", ""},
		{"log.format", "xml", `"xml" is not one of them`},
	})
}

// A screen's proof holds the address it dialled, and its hub compares it with its
// hosts: both are spelled in one way, whatever was written.
func TestAddressesAreSpelledInOneWay(t *testing.T) {
	for written, want := range map[string]string{
		"Hub.Example":           "hub.example",
		"192.0.2.7":             "192.0.2.7",
		"2001:DB8:0:0:0:0:0:7":  "2001:db8::7",
		"::ffff:C000:207":       "::ffff:192.0.2.7",
		"xn--MNESKIN-exa.local": "xn--mneskin-exa.local",
	} {
		hub, err := Load[Hub](Source{Flags: map[string]string{"hosts": written}})
		require.NoError(t, err)
		require.Equal(t, []string{want}, hub.Hosts)

		if strings.Contains(written, ":") {
			written = "[" + written + "]"
		}
		for _, port := range []string{"", ":8443"} {
			screen, err := Load[Player](Source{Flags: map[string]string{"device": "d", "hub.url": "https://" + written + port}})
			require.NoError(t, err)
			u, err := url.Parse(screen.Hub.URL)
			require.NoError(t, err)
			require.Equal(t, want, u.Hostname())
			require.Equal(t, strings.TrimPrefix(port, ":"), u.Port())
		}
	}
}

// Keys that do not go together are told at the one that was chosen.
func TestKeysThatDoNotGoTogether(t *testing.T) {
	for file, want := range map[string]string{
		"[hub]\npins = [\"" + somePin + "\"]": "p.toml:2: hub.pins: are of no use without hub.url",
		"device = \"d\"\nhub = {url = \"https://a\", pins = [\"ed25519" + somePin[6:] + "\", \"ed25519" + strings.Replace(somePin[6:], "47", "48", 1) + "\"]}": `p.toml:2: hub.pins: name two keys that begin with "ed25519-"; a hub signs with one`,
		"screen = \"page\"": "p.toml:1: serve: is missing; with screen = \"page\", the page needs an address",
		"width_mm = 500":    "p.toml:1: height_mm: is missing; it goes together with width_mm",
		"\nheight_mm = 500": "p.toml:2: width_mm: is missing; it goes together with height_mm",
		"width_mm = 500\nheight_mm = 300\ndiagonal_inch = 24": "p.toml:3: diagonal_inch: says the same as width_mm and height_mm; leave one out",
		"width_mm = 1\nheight_mm = 500\n":                     "p.toml:1: width_mm: 1 is out of bounds; allowed: 0 (ask the panel) or 80 to 2500 mm",
		"device = 1\n[hub]\nurl = \"https://a\"":              "p.toml:1: device: is a whole number, not a text in quotes; allowed: \"\" (what pairing gives it) or 1 to 64 of a-z, A-Z, 0-9 and . _ -",
	} {
		require.Equal(t, []string{want}, mistakesIn(t, file), file)
	}
	// Where a line cannot be read, what seems to be missing may stand in it.
	require.Equal(t, []string{"p.toml:1: there is no = after the key"}, mistakesIn(t, "device 'a'\n[hub]\nurl = \"https://a\""))

	key := filepath.Join(t.TempDir(), "key.pem")
	write(t, key, nil)
	_, err := Load[Hub](Source{Flags: map[string]string{"tls.key": key}})
	require.EqualError(t, err, "flag --tls-key: tls.certificate: is missing; it goes together with tls.key")
	_, err = Parse[Hub]("h.toml", []byte("[oidc]\nissuer = \"https://login.example.org\"\n"))
	require.EqualError(t, err, `h.toml:2: oidc.client_id: is missing; it goes together with oidc.issuer
h.toml:2: oidc.acr: is missing; it goes together with oidc.issuer
h.toml:2: oidc.employees: is missing, as are oidc.superusers, auditors and support; nobody could come in`)
	_, err = Parse[Hub]("h.toml", []byte("[oidc]\nacr = [\"high\"]\n"))
	require.EqualError(t, err, "h.toml:2: oidc.issuer: is missing; it goes together with oidc.acr")
}

// Paths in a file are taken from its folder, others from where the program runs.
func TestPathsAreTakenFromTheFilesFolder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "hub.toml")
	write(t, path, []byte("data = \"houses\"\n[tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n"))
	_, err := Load[Hub](Source{Path: path})
	require.ErrorContains(t, err, path+`:3: tls.certificate: "`+dir+`/cert.pem" is not there`)
	write(t, filepath.Join(dir, "cert.pem"), nil)
	write(t, filepath.Join(dir, "key.pem"), nil)
	c, err := Load[Hub](Source{Path: path})
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "houses"), c.Data)
	require.Equal(t, filepath.Join(dir, "key.pem"), c.TLS.Key)

	c, err = Load[Hub](Source{Path: path, Env: env("TAVLE_DATA", "elsewhere")})
	require.NoError(t, err)
	require.Equal(t, "elsewhere", c.Data)
}

// A file that cannot be read is told together with the mistakes elsewhere; one
// that may be missing may be missing, though not be a folder.
func TestFileThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	none := filepath.Join(dir, "none.toml")
	_, err := Load[Player](Source{Path: none, Flags: map[string]string{"rotation": "1"}})
	require.EqualError(t, err, none+`: "`+none+`" is not there
flag --rotation: rotation: 1 is not one of them; allowed: 0, 90, 180 or 270`)

	c, err := Load[Player](Source{Path: none, Optional: true})
	require.NoError(t, err)
	require.Equal(t, Default[Player](), c)

	_, err = Load[Player](Source{Path: dir, Optional: true})
	require.EqualError(t, err, dir+`: "`+dir+`" is no file`)

	// A pipe would have us wait for a writer.
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, unix.Mkfifo(pipe, 0o600))
	_, err = Load[Player](Source{Path: pipe})
	require.EqualError(t, err, pipe+`: "`+pipe+`" is no file`)

	endless := filepath.Join(dir, "endless")
	f, err := os.Create(endless)
	require.NoError(t, err)
	require.NoError(t, f.Truncate(1<<40))
	require.NoError(t, f.Close())
	_, err = Load[Player](Source{Path: endless})
	require.EqualError(t, err, endless+`: is larger than 64 KiB`)
}

// A size in inches becomes millimetres with the panel's own proportions.
func TestDiagonalBecomesMillimetres(t *testing.T) {
	p := &Player{DiagonalInch: 24}
	require.Equal(t, image.Pt(531, 299), p.MM(image.Pt(1920, 1080)))
	require.Equal(t, image.Pt(299, 531), p.MM(image.Pt(1080, 1920)))
	require.Equal(t, image.Point{}, p.MM(image.Point{}))
	p = &Player{WidthMM: 500, HeightMM: 300}
	require.Equal(t, image.Pt(500, 300), p.MM(image.Pt(1920, 1080)))
	require.Equal(t, image.Point{}, new(Player).MM(image.Pt(1920, 1080)))
}
