package account

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/hub/store/sqlitestore"
	"tavle/sync/record"
)

// A lobby is a desk on a real store, and a clock that stands until it is set.
type lobby struct {
	*Desk
	t     *testing.T
	store store.Store
	at    time.Time
}

const org house.ID = "sys"

const (
	here  = "192.0.2.1"
	words = "fire heste i haven"
)

func open(t *testing.T) *lobby {
	db, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "hub.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	l := &lobby{t: t, store: db, at: time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)}
	l.Desk = NewDesk(db, func() time.Time { return l.at })
	by := store.Actor{Org: org, Kind: store.ByHub, At: l.at}
	require.NoError(t, db.Update(t.Context(), by, func(tx store.Tx) error {
		return tx.Put(t.Context(), &house.System{ID: org, Name: record.Text{"da": "Huset"}, Controller: house.Party{Name: record.Text{"da": "Kommunen"}}})
	}))
	return l
}

// first makes the first superuser, with a second proof, and returns its secret.
func (l *lobby) first() (secret string) {
	l.t.Helper()
	codes, err := l.Bootstrap(l.t.Context())
	require.NoError(l.t, err)
	_, v, err := l.Choose(l.t.Context(), codes[org], Choice{Login: "Mette", Name: "Mette Holm", Password: words}, here)
	require.NoError(l.t, err)
	require.True(l.t, v.Session.Partial)
	require.True(l.t, v.May(Half))
	require.False(l.t, v.May(Content), "a password alone is not enough")
	require.False(l.t, v.May(Self))
	secret = NewTOTP()
	code, err := TOTPCode(secret, l.at)
	require.NoError(l.t, err)
	token, v, err := l.Enrol(l.t.Context(), v, secret, code)
	require.NoError(l.t, err)
	require.True(l.t, v.May(Accounts))
	who, err := l.Who(l.t.Context(), token)
	require.NoError(l.t, err)
	require.Equal(l.t, v.ID, who.ID)
	l.at = l.at.Add(time.Minute)
	return secret
}

// audit returns what was done, in short.
func (l *lobby) audit() string {
	l.t.Helper()
	var lines []string
	by := store.Actor{Org: org, Kind: store.ByHub, At: l.at}
	require.NoError(l.t, l.store.View(l.t.Context(), by, func(v store.View) error {
		all, err := v.Audit(context.Background())
		for _, a := range all {
			lines = append(lines, a.Action+" "+a.Kind)
		}
		return err
	}))
	return strings.Join(lines, ", ")
}

// R-IBG-48: the first superuser comes in by a code, once; nobody else does, and what
// was printed before is good no more.
func TestFirstSuperuserComesInByACode(t *testing.T) {
	l := open(t)
	old, err := l.Bootstrap(t.Context())
	require.NoError(t, err)
	codes, err := l.Bootstrap(t.Context())
	require.NoError(t, err)
	require.Len(t, codes, 1)
	require.Regexp(t, `^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$`, codes[org])
	good := Choice{Login: "mette@example.org", Name: "Mette", Password: words}
	for _, code := range []string{old[org], "", "AAAA-AAAA-AAAA-AAAA", codes[org][:10]} {
		_, _, err = l.Choose(t.Context(), code, good, here)
		require.ErrorIs(t, err, ErrCode)
	}
	for _, c := range []Choice{{Login: "mette", Password: "kort"}, {Login: "mettemettemette", Password: "mettemettemette"}, {Login: "mette", Password: strings.Repeat("x", 201)}} {
		_, _, err = l.Choose(t.Context(), codes[org], c, here)
		require.ErrorIs(t, err, ErrWeak)
	}
	_, _, err = l.Choose(t.Context(), codes[org], Choice{Login: "me te", Password: words}, here)
	require.ErrorIs(t, err, ErrLogin)
	_, v, err := l.Choose(t.Context(), strings.ToLower(strings.ReplaceAll(codes[org], "-", " ")), good, here)
	require.NoError(t, err)
	require.Equal(t, Superuser, v.Is())
	_, _, err = l.Choose(t.Context(), codes[org], good, here)
	require.ErrorIs(t, err, ErrCode, "once")
	codes, err = l.Bootstrap(t.Context())
	require.NoError(t, err)
	require.Empty(t, codes, "there is a superuser")

	fresh := open(t)
	late, err := fresh.Bootstrap(t.Context())
	require.NoError(t, err)
	fresh.at = fresh.at.Add(BootLife)
	_, _, err = fresh.Choose(t.Context(), late[org], good, here)
	require.ErrorIs(t, err, ErrCode, "a day later")
}

// R-STA-03: a password wants a code that changes, each code is used once, and both
// have to be right.
func TestPasswordWantsASecondProof(t *testing.T) {
	l := open(t)
	secret := l.first()
	_, _, err := l.Login(t.Context(), "mette", "another password", here)
	require.ErrorIs(t, err, ErrWrong)
	_, _, err = l.Login(t.Context(), "nobody", words, here)
	require.ErrorIs(t, err, ErrWrong, "the same as for somebody who is there")
	half, v, err := l.Login(t.Context(), " METTE ", words, here)
	require.NoError(t, err)
	require.True(t, v.Session.Partial)
	_, _, err = l.Second(t.Context(), v, "000000")
	require.ErrorIs(t, err, ErrWrong)
	code, err := TOTPCode(secret, l.at)
	require.NoError(t, err)
	token, whole, err := l.Second(t.Context(), v, code)
	require.NoError(t, err)
	require.False(t, whole.Session.Partial)
	_, err = l.Who(t.Context(), half)
	require.ErrorIs(t, err, ErrGone, "the partial session is over")
	_, v, err = l.Login(t.Context(), "mette", words, here)
	require.NoError(t, err)
	_, _, err = l.Second(t.Context(), v, code)
	require.ErrorIs(t, err, ErrWrong, "a code is good once")

	who, err := l.Who(t.Context(), token)
	require.NoError(t, err)
	require.NoError(t, l.Logout(t.Context(), who))
	_, err = l.Who(t.Context(), token)
	require.ErrorIs(t, err, ErrGone)
	for _, line := range []string{"login account", "login refused account", "logout account"} {
		require.Contains(t, l.audit(), line)
	}
}

// Sessions end when nobody uses them, and after a day whoever does; who is shut out is
// out at once.
func TestSessionsEnd(t *testing.T) {
	l := open(t)
	require.NoError(t, l.Demonstrate(t.Context(), org, "demo", words, Superuser))
	in := func() string {
		token, v, err := l.Login(t.Context(), "demo", words, here)
		require.NoError(t, err)
		require.False(t, v.Session.Partial)
		return token
	}
	idle := in()
	l.at = l.at.Add(Idle)
	_, err := l.Who(t.Context(), idle)
	require.ErrorIs(t, err, ErrGone)

	busy := in()
	for range int(Day/(Idle/2)) - 1 {
		l.at = l.at.Add(Idle / 2)
		_, err = l.Who(t.Context(), busy)
		require.NoError(t, err)
	}
	l.at = l.at.Add(Idle / 2)
	_, err = l.Who(t.Context(), busy)
	require.ErrorIs(t, err, ErrGone, "twelve hours")

	token := in()
	who, err := l.Who(t.Context(), token)
	require.NoError(t, err)
	require.True(t, l.Fresh(who))
	l.at = l.at.Add(ProofLife)
	require.False(t, l.Fresh(who))
	require.ErrorIs(t, l.Prove(t.Context(), who, "wrong", here), ErrWrong)
	require.NoError(t, l.Prove(t.Context(), who, words, here))
	who, err = l.Who(t.Context(), token)
	require.NoError(t, err)
	require.True(t, l.Fresh(who))

	a := who.Account
	a.Off = true
	by := store.Actor{Org: org, Kind: store.ByHub, At: l.at}
	require.NoError(t, l.store.Update(t.Context(), by, func(tx store.Tx) error { return tx.PutAccount(t.Context(), a) }))
	_, err = l.Who(t.Context(), token)
	require.ErrorIs(t, err, ErrGone)
	_, _, err = l.Login(t.Context(), "demo", words, here)
	require.ErrorIs(t, err, ErrWrong)
	_, err = l.Who(t.Context(), "")
	require.ErrorIs(t, err, ErrGone)
}

// Whoever guesses is stopped: at the account, whose owner comes in again later, and at
// the address.
func TestGuessingIsStopped(t *testing.T) {
	l := open(t)
	require.NoError(t, l.Demonstrate(t.Context(), org, "demo", words, Superuser))
	for range maxWrong {
		_, _, err := l.Login(t.Context(), "demo", "wrong", here)
		require.ErrorIs(t, err, ErrWrong)
	}
	_, _, err := l.Login(t.Context(), "demo", words, "192.0.2.2")
	require.ErrorIs(t, err, ErrLocked, "even with the right one, from wherever")
	l.at = l.at.Add(firstLock)
	_, _, err = l.Login(t.Context(), "demo", "wrong", here)
	require.ErrorIs(t, err, ErrWrong)
	l.at = l.at.Add(firstLock)
	_, _, err = l.Login(t.Context(), "demo", words, here)
	require.ErrorIs(t, err, ErrLocked, "longer each time")
	l.at = l.at.Add(firstLock)
	_, _, err = l.Login(t.Context(), "demo", words, here)
	require.NoError(t, err)
	for range maxWrong - 1 {
		_, _, err = l.Login(t.Context(), "demo", "wrong", here)
		require.ErrorIs(t, err, ErrWrong, "counted from the beginning")
	}

	for i := range triesBurst + 1 {
		_, _, err = l.Login(t.Context(), "nobody", "wrong", "198.51.100.7")
		require.ErrorIs(t, err, map[bool]error{true: ErrWrong, false: ErrRate}[i < triesBurst])
	}
	_, err = l.Invited(t.Context(), "AAAA-AAAA-AAAA-AAAA", "198.51.100.7")
	require.ErrorIs(t, err, ErrRate)
	l.at = l.at.Add(triesEvery)
	_, err = l.Invited(t.Context(), "AAAA-AAAA-AAAA-AAAA", "198.51.100.7")
	require.ErrorIs(t, err, ErrCode)
}

// Whoever tries many at once gets no further than one after the other: each wrong code is
// counted before the next is looked at, and a right password that comes behind too many
// wrong ones is too late.
func TestGuessingAtOnceIsStopped(t *testing.T) {
	l := open(t)
	l.first()
	_, v, err := l.Login(t.Context(), "mette", words, here)
	require.NoError(t, err)
	late := v.Account
	var wg sync.WaitGroup
	var wrong, locked atomic.Int32
	for range 40 {
		wg.Go(func() {
			switch _, _, err := l.Second(t.Context(), v, "000000"); {
			case errors.Is(err, ErrWrong):
				wrong.Add(1)
			case errors.Is(err, ErrLocked):
				locked.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, maxWrong, wrong.Load())
	require.EqualValues(t, 40-maxWrong, locked.Load())
	_, _, err = l.begin(t.Context(), late, true, l.unlocked)
	require.ErrorIs(t, err, ErrLocked)
	l.at = l.at.Add(firstLock)
	_, _, err = l.begin(t.Context(), late, true, l.unlocked)
	require.NoError(t, err)
}

// R-IBG-37: whoever is let in anew chooses anew: what they had is gone, and their
// sessions with it.
func TestInvitingAgainTakesWhatWas(t *testing.T) {
	l := open(t)
	require.NoError(t, l.Demonstrate(t.Context(), org, "demo", words, Employee, "dep-1"))
	token, v, err := l.Login(t.Context(), "demo", words, here)
	require.NoError(t, err)
	code, err := l.Invite(t.Context(), store.Actor{Org: org, Kind: store.ByStaff, ID: "boss"}, v.Account)
	require.NoError(t, err)
	_, err = l.Who(t.Context(), token)
	require.ErrorIs(t, err, ErrGone)
	_, _, err = l.Login(t.Context(), "demo", words, here)
	require.ErrorIs(t, err, ErrWrong)
	_, again, err := l.Choose(t.Context(), code, Choice{Login: "demo", Name: "D", Password: words + " 2"}, here)
	require.NoError(t, err)
	require.Equal(t, v.ID, again.ID)
	require.Equal(t, Employee, again.Is())
	require.True(t, again.Session.Partial)
	require.True(t, again.Reaches("dep-1"))
	require.False(t, again.Reaches("dep-2"))
	require.True(t, again.Reaches(), "what is no department's")
}

// What is kept of a password says what it cost, and of two alike not that they are.
func TestPasswordsAreHashed(t *testing.T) {
	a, b := hashPassword(words), hashPassword(words)
	require.NotEqual(t, a, b)
	require.True(t, strings.HasPrefix(a, "$argon2id$v=19$m=19456,t=2,p=1$"))
	require.True(t, isPassword(a, words))
	require.False(t, isPassword(a, words+" "))
	for _, hash := range []string{"", "x", "$argon2id$v=19$m=1,t=1,p=1$!$!", "$argon2id$v=1$m=1,t=1,p=1$AAAA$AAAA", "$scrypt$a$b$c$d"} {
		require.False(t, isPassword(hash, words), hash)
	}
}

// RFC 6238, appendix B: the codes of the test secret, of six digits.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	secret := "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		got, err := TOTPCode(secret, time.Unix(at, 0))
		require.NoError(t, err)
		require.Equal(t, want, got)
		s, ok := step(secret, want[:3]+" "+want[3:], time.Unix(at+stepSeconds, 0), 0)
		require.True(t, ok, "half a minute late")
		require.Equal(t, at/stepSeconds, s)
		_, ok = step(secret, want, time.Unix(at+3*stepSeconds, 0), 0)
		require.False(t, ok)
		_, ok = step(secret, want, time.Unix(at, 0), s)
		require.False(t, ok, "used")
	}
	require.Equal(t, "otpauth://totp/Tavle:m%C3%B8@x?secret=S&issuer=Tavle", TOTPURL("S", "mø@x"))
}
