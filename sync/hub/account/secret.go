package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"
	"golang.org/x/crypto/argon2"
)

// What a password costs to check: 19 MiB of memory, twice over. So many are checked
// at the same time, and the rest waits.
const (
	argonMemory = 19 << 10 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonSalt   = 16
	argonKey    = 32
	maxHashing  = 2
)

// How long a password is, in bytes.
const (
	MinPassword = 12
	MaxPassword = 200
)

var hashing = make(chan struct{}, maxHashing)

// ErrWeak is returned for a password that is too short, too long, or the login.
var ErrWeak = errors.New("the password is too short, too long, or the login itself")

// hashPassword returns what is kept of a password.
func hashPassword(password string) string {
	salt := random(argonSalt)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		b64.EncodeToString(salt), b64.EncodeToString(argon(password, salt, argonTime, argonMemory, argonLanes, argonKey)))
}

// nobodys is checked in place of the password of somebody who is not there, so that
// it takes as long.
var nobodys = hashPassword("")

// isPassword reports whether a password is the one of which hash is kept.
func isPassword(hash, password string) bool {
	var version, memory, times int
	var lanes uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		_ = isPassword(nobodys, password)
		return false
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	_, versionErr := fmt.Sscanf(parts[2], "v=%d", &version)
	_, costErr := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &times, &lanes)
	if errors.Join(saltErr, keyErr, versionErr, costErr) != nil || version != argon2.Version {
		return false
	}
	got := argon(password, salt, uint32(times), uint32(memory), lanes, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1
}

func argon(password string, salt []byte, times, memory uint32, lanes uint8, long uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, times, memory, lanes, long)
}

// A code that changes is good for the step of 30 seconds it is of, and for one
// before and after.
const (
	stepSeconds = 30
	stepSlack   = 1
	secretBytes = 20
)

// NewTOTP returns a fresh secret for codes that change, in base 32.
func NewTOTP() string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random(secretBytes))
}

// TOTPURL returns what an app reads from a picture: the secret, for whom and where.
func TOTPURL(secret, login string) string {
	return "otpauth://totp/Tavle:" + escape(login) + "?secret=" + secret + "&issuer=Tavle"
}

func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~@", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// step returns which step of a secret has this code, if it is one of now and comes
// after the last that was used.
func step(secret, code string, now time.Time, last int64) (int64, bool) {
	code = strings.ReplaceAll(code, " ", "")
	at := now.Unix() / stepSeconds
	for s := at - stepSlack; s <= at+stepSlack; s++ {
		if want, err := hotp.GenerateCode(secret, uint64(s)); err == nil && s > last &&
			subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return s, true
		}
	}
	return 0, false
}

// TOTPCode returns the code of a secret at a moment.
func TOTPCode(secret string, at time.Time) (string, error) {
	return hotp.GenerateCode(secret, uint64(at.Unix()/stepSeconds))
}

// codeAlphabet has no letters that look alike.
var codeAlphabet = base32.NewEncoding("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").WithPadding(base32.NoPadding)

// newCode returns a code to be used once, such as ABCD-EFGH-JKLM-NPQR.
func newCode() string {
	s := codeAlphabet.EncodeToString(random(10))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// codeHash returns what is kept of it, however it was typed.
func codeHash(code string) string {
	plain := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
	if len(plain) != 16 {
		return ""
	}
	return digest(plain)
}

// digest returns what is kept of a secret that nobody could guess.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// token returns what a browser has.
func token() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	return b
}

// NewID returns an ID that says nothing.
func NewID() string { return strings.ToLower(rand.Text()[:16]) }
