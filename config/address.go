package config

import (
	"encoding/base64"
	"fmt"
	"math"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainName allows a word of 1 to n letters, digits and . _ - of ASCII.
func plainName(n int) rule[string] {
	return rule[string]{fmt.Sprintf("1 to %d of a-z, A-Z, 0-9 and . _ -", n), func(v *string, _ string) problem {
		if len(*v) > n {
			return refuse("%d characters are too many", utf8.RuneCountInString(*v))
		}
		for _, r := range *v {
			if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r)) {
				return refuse("%q is not allowed in it", r)
			}
		}
		if *v == "" {
			return refuse("is empty")
		}
		return problem{}
	}}
}

// pinEncoding is how fingerprints are written. It is strict so that each has one
// spelling: they are compared as texts.
var pinEncoding = base64.RawURLEncoding.Strict()

// SigningPin begins the pin of a hub's signing key; those of its TLS keys begin
// with "sha256-".
const SigningPin = "ed25519-"

// pin allows what a hub is known by: the fingerprint of a TLS key, or the key by
// which it signs.
var pin = rule[string]{`"sha256-" or "ed25519-" and 43 characters, as tavle-hub prints it`, func(v *string, _ string) problem {
	code, ok := strings.CutPrefix(*v, "sha256-")
	if !ok {
		code, ok = strings.CutPrefix(*v, SigningPin)
	}
	if !ok {
		return refuse(`begins with neither "sha256-" nor "ed25519-"`)
	}
	if sum, err := pinEncoding.DecodeString(code); err != nil || len(sum) != 32 {
		return refuse("is no fingerprint: a part is missing or changed")
	}
	return problem{}
}}

// channelPath is where a hub's channel is found.
const channelPath = "/sync"

// hubAddress allows the address of a hub and makes of it that of its channel.
var hubAddress = rule[string]{"https://HOST or https://HOST:PORT", func(v *string, _ string) problem {
	u, err := url.Parse(*v)
	switch {
	case err != nil:
		return refuse("is no address")
	case u.Scheme == "http" || u.Scheme == "ws":
		return refuse("is not encrypted")
	case u.Scheme != "https" && u.Scheme != "wss":
		return refuse("does not begin with https://")
	case u.Hostname() == "":
		return refuse("has no host")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse("has something before or after the host that does not belong there")
	case u.Path != "" && u.Path != "/" && u.Path != channelPath:
		return refuse("has a path after the host")
	case strings.HasSuffix(u.Host, ":"), u.Port() != "" && !port(u.Port(), 1):
		return refuse("has a port out of bounds")
	}
	host := u.Hostname()
	if bad := hostName.check(&host, ""); bad.what != "" {
		return bad
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if u.Port() != "" {
		host += ":" + u.Port()
	}
	*v = (&url.URL{Scheme: "wss", Host: host, Path: channelPath}).String()
	return problem{}
}}

// issuer allows the address of a login provider. It is compared with how the provider
// spells it, and left as it is.
var issuer = rule[string]{"https://HOST, https://HOST:PORT or a path below that", func(v *string, _ string) problem {
	u, err := url.Parse(*v)
	switch {
	case err != nil:
		return refuse("is no address")
	case u.Scheme == "http":
		return refuse("is not encrypted")
	case u.Scheme != "https":
		return refuse("does not begin with https://")
	case u.Hostname() == "":
		return refuse("has no host")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return refuse("has something before the host or after the path that does not belong there")
	case strings.HasSuffix(u.Host, ":"), u.Port() != "" && !port(u.Port(), 1):
		return refuse("has a port out of bounds")
	}
	host := u.Hostname()
	return hostName.check(&host, "")
}}

// someText allows words of 1 to n characters.
func someText(n int) rule[string] {
	return rule[string]{fmt.Sprintf("a text of 1 to %d characters", n), func(v *string, _ string) problem {
		switch {
		case strings.TrimSpace(*v) == "":
			return refuse("is empty")
		case utf8.RuneCountInString(*v) > n:
			return refuse("%d characters are too many", utf8.RuneCountInString(*v))
		case strings.ContainsFunc(*v, unicode.IsControl):
			return refuse("has a character that is none of a text")
		}
		return problem{}
	}}
}

// word allows what a list that is separated by spaces can hold.
var word = rule[string]{"1 to 100 characters without spaces", func(v *string, _ string) problem {
	if strings.ContainsFunc(*v, unicode.IsSpace) {
		return refuse("has a space")
	}
	return someText(100).check(v, "")
}}

// departmentOf allows what a provider says of a department, and which that is.
var departmentOf = rule[string]{"TEXT=ID, the ID of a department", func(v *string, _ string) problem {
	i := strings.LastIndexByte(*v, '=')
	if i < 0 {
		return refuse("has no =")
	}
	says, id := (*v)[:i], (*v)[i+1:]
	if bad := someText(200).check(&says, ""); bad.what != "" {
		bad.what = "the text before =: " + bad.what
		return bad
	}
	bad := plainName(64).check(&id, "")
	if bad.what != "" {
		bad.what = "the ID behind =: " + bad.what
	}
	return bad
}}

// databaseURL allows the address of a PostgreSQL database. What was there instead
// is never said: it may hold a password.
var databaseURL = rule[string]{"postgres://USER@HOST/DATABASE", func(v *string, _ string) problem {
	u, err := url.Parse(*v)
	switch {
	case err != nil:
		return refuse("is no address")
	case u.Scheme != "postgres" && u.Scheme != "postgresql", u.Opaque != "":
		return refuse("does not begin with postgres://")
	case strings.Trim(u.Path, "/") == "" && !u.Query().Has("dbname"):
		return refuse("names no database")
	}
	return problem{}
}}

// loopback allows an address of this machine alone.
var loopback = rule[string]{"127.0.0.1:PORT or localhost:PORT, port 0 for a free one", func(v *string, _ string) problem {
	host, number, err := net.SplitHostPort(*v)
	if err != nil || !port(number, 0) {
		return refuse("is no address with a port")
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "localhost":
		return problem{}
	case err != nil:
		return refuse("names a host, not this machine")
	case !ip.IsLoopback():
		return refuse("could be reached by others, who would see the people on the page")
	}
	return problem{}
}}

// listening allows an address to listen at.
var listening = rule[string]{"HOST:PORT, or :PORT for all of the machine's addresses; port 0 for a free one", func(v *string, _ string) problem {
	host, number, err := net.SplitHostPort(*v)
	if err != nil || !port(number, 0) {
		return refuse("is no address with a port")
	}
	if host == "" {
		return problem{}
	}
	return hostName.check(&host, "")
}}

// hostName allows a name or an address of a machine. It spells both in one way:
// what a screen dials is compared with what its hub goes by.
var hostName = rule[string]{"a host name or an IP address", func(v *string, _ string) problem {
	if ip, err := netip.ParseAddr(*v); err == nil {
		*v = ip.String()
		return problem{}
	}
	if len(*v) > 253 {
		return refuse("is too long for a host name")
	}
	for label := range strings.SplitSeq(*v, ".") {
		if bad := plainName(63).check(&label, ""); bad.what != "" || strings.ContainsAny(label, "_") ||
			strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return refuse("is no host name")
		}
	}
	*v = strings.ToLower(*v)
	return problem{}
}}

// port reports whether text is a port number from low up.
func port(text string, low int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= low && n <= math.MaxUint16 && strconv.Itoa(n) == text
}
