package account

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// How long things last. A session that nobody uses ends before the coffee is cold;
// one that is used, before the next shift.
const (
	Idle      = 30 * time.Minute
	Day       = 12 * time.Hour
	HalfLife  = 10 * time.Minute // between the first proof and the second
	ProofLife = 5 * time.Minute  // in which something may be done that cannot be undone
	seenEvery = time.Minute

	BootLife   = 24 * time.Hour
	InviteLife = 7 * 24 * time.Hour
)

// Whoever guesses is stopped: an account after so many wrong tries, for a time that
// doubles; an address after so many tries of whatever account.
const (
	maxWrong   = 5
	firstLock  = time.Minute
	longLock   = time.Hour
	triesEvery = 6 * time.Second
	triesBurst = 20
	maxSources = 10000
)

// Why nobody was let in. Which of login, password and code was wrong is not said.
var (
	ErrWrong  = errors.New("login, password or code is wrong")
	ErrLocked = errors.New("too many wrong tries")
	ErrRate   = errors.New("too many tries")
	ErrCode   = errors.New("no such code, or it is over")
	ErrGone   = errors.New("not logged in")
	ErrLogin  = errors.New("a login is 3 to 100 letters and digits without spaces")
)

// A Desk lets people in and knows who is.
type Desk struct {
	store store.Store
	now   func() time.Time

	mu      sync.Mutex
	sources map[string]*source

	answered map[string]time.Time // questions to passkeys, until they are over
	box      cipher.AEAD          // seals what browsers keep meanwhile; nil: not looked up yet

	provider *Provider // nil: none is trusted
}

// A source is where tries come from.
type source struct {
	tokens int
	at     time.Time
}

// NewDesk returns the desk of a store; now nil is time.Now.
func NewDesk(s store.Store, now func() time.Time) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{store: s, now: now, sources: map[string]*source{}, answered: map[string]time.Time{}}
}

// itself is the hub at the door, in the system of whoever knocks.
func (d *Desk) itself(org house.ID) store.Actor {
	return store.Actor{Org: org, Kind: store.ByHub, ID: "manager", At: d.now()}
}

// of is somebody at their own account.
func (d *Desk) of(a store.Account) store.Actor {
	return store.Actor{Org: a.Org, Kind: store.ByStaff, ID: a.ID, At: d.now()}
}

// Spare takes one of the tries an address has, and says whether there was one. The
// address is in memory for a while, and nowhere else.
func (d *Desk) Spare(from string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	s := d.sources[from]
	if s == nil {
		if len(d.sources) >= maxSources {
			full := triesBurst * triesEvery
			for k, o := range d.sources {
				if now.Sub(o.at) >= full {
					delete(d.sources, k)
				}
			}
			if len(d.sources) >= maxSources {
				return false
			}
		}
		s = &source{triesBurst, now}
		d.sources[from] = s
	}
	if n := int(now.Sub(s.at) / triesEvery); n > 0 {
		s.tokens, s.at = min(triesBurst, s.tokens+n), s.at.Add(time.Duration(n)*triesEvery)
	}
	if s.tokens == 0 {
		return false
	}
	s.tokens--
	return true
}

// Plain returns a login as it is kept: "Mette" and "mette " are one.
func Plain(login string) (string, error) {
	s := strings.ToLower(strings.TrimSpace(login))
	if len(s) < 3 || len(s) > 100 || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return "", ErrLogin
	}
	return s, nil
}

// Login takes a login and a password, and begins a session: a partial one, until the
// second proof, unless the account needs none. It returns what the browser keeps.
func (d *Desk) Login(ctx context.Context, login, password, from string) (string, *Visitor, error) {
	if !d.Spare(from) {
		return "", nil, ErrRate
	}
	var a store.Account
	plain, err := Plain(login)
	if err == nil {
		err = d.store.View(ctx, d.itself(""), func(v store.View) (err error) {
			a, err = v.AccountOf(ctx, plain)
			return err
		})
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, ErrLogin) {
		return "", nil, err
	}
	if d.locked(a) {
		return "", nil, ErrLocked
	}
	// Whether it is the password is looked at whatever else is wrong, so that how long
	// it takes tells nothing.
	if len(password) > MaxPassword || !isPassword(a.Password, password) || a.ID == "" || a.Off {
		return "", nil, d.missed(ctx, a)
	}
	return d.begin(ctx, a, !a.Alone, d.unlocked)
}

// locked reports whether somebody has to wait before they try again.
func (d *Desk) locked(a store.Account) bool { return d.now().Before(a.Tries.Locked) }

// unlocked says whether somebody may try now.
func (d *Desk) unlocked(a store.Account) error {
	switch {
	case a.Off:
		return ErrWrong
	case d.locked(a):
		return ErrLocked
	}
	return nil
}

// anybody is for who has proved who they are by what cannot be guessed: that others
// guess at their password keeps nobody out.
func anybody(a store.Account) error {
	if a.Off {
		return ErrWrong
	}
	return nil
}

// missed counts a wrong try against an account, and returns what to say.
func (d *Desk) missed(ctx context.Context, a store.Account) error {
	if a.ID == "" {
		return ErrWrong
	}
	err := d.store.Update(ctx, d.itself(a.Org), func(tx store.Tx) error {
		now, err := tx.Account(ctx, a.ID)
		if err != nil {
			return err
		}
		return d.miss(ctx, tx, now)
	})
	if err != nil {
		return err
	}
	return ErrWrong
}

// miss counts a wrong try against an account as it is now.
func (d *Desk) miss(ctx context.Context, tx store.Tx, a store.Account) error {
	n := a.Tries
	n.Wrong++
	if over := n.Wrong - maxWrong; over >= 0 {
		n.Locked = d.now().Add(min(firstLock<<min(over, 10), longLock))
	}
	if err := tx.NoteOf(ctx, "login refused", kindAccount, house.ID(a.ID)); err != nil {
		return err
	}
	return tx.Tried(ctx, a.ID, n)
}

// kindAccount is what the audit calls an account.
const kindAccount house.Kind = "account"

// begin begins a session of somebody who proved who they are just now, or half of it;
// may says whether that is still enough.
func (d *Desk) begin(ctx context.Context, a store.Account, partial bool, may func(store.Account) error) (string, *Visitor, error) {
	now := d.now()
	if partial {
		return d.start(ctx, a, store.Session{Until: now.Add(HalfLife), Partial: true}, may)
	}
	return d.start(ctx, a, store.Session{Until: now.Add(Day), Proved: now}, may)
}

// start starts a session.
func (d *Desk) start(ctx context.Context, a store.Account, s store.Session, may func(store.Account) error) (string, *Visitor, error) {
	now, t := d.now(), token()
	s.ID, s.Account, s.Began, s.Seen = digest(t), a.ID, now, now
	err := d.store.Update(ctx, d.of(a), func(tx store.Tx) error {
		own := tx.Own()
		n, err := own.Account(ctx, a.ID)
		if err == nil {
			err = may(n)
		}
		if err == nil {
			err = own.DropSessions(ctx, now)
		}
		if err == nil {
			err = own.PutSession(ctx, s)
		}
		if err != nil || s.Partial {
			return err
		}
		if err := own.Tried(ctx, a.ID, store.Tries{Step: n.Tries.Step}); err != nil {
			return err
		}
		return own.NoteOf(ctx, "login", kindAccount, house.ID(a.ID))
	})
	if err != nil {
		return "", nil, err
	}
	return t, &Visitor{a, s}, nil
}

// Who returns who a browser belongs to, or ErrGone.
func (d *Desk) Who(ctx context.Context, token string) (*Visitor, error) {
	if token == "" {
		return nil, ErrGone
	}
	v := new(Visitor)
	err := d.store.View(ctx, d.itself(""), func(s store.View) (err error) {
		if v.Session, err = s.Session(ctx, digest(token)); err == nil {
			v.Account, err = s.Account(ctx, v.Session.Account)
		}
		return err
	})
	now := d.now()
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, ErrGone
	case err != nil:
		return nil, err
	case v.Off, !now.Before(v.Session.Until), now.Sub(v.Session.Seen) >= Idle:
		return nil, ErrGone
	case now.Sub(v.Session.Seen) >= seenEvery:
		v.Session.Seen = now
		err = d.store.Update(ctx, d.itself(v.Org), func(tx store.Tx) error { return tx.PutSession(ctx, v.Session) })
	}
	return v, err
}

// Logout ends a session.
func (d *Desk) Logout(ctx context.Context, v *Visitor) error {
	return d.store.Update(ctx, d.of(v.Account), func(tx store.Tx) error {
		if err := tx.DropSession(ctx, v.Session.ID); err != nil {
			return err
		}
		return tx.NoteOf(ctx, "logout", kindAccount, house.ID(v.ID))
	})
}

// Second takes the code that changes of somebody whose password was right, and
// begins the whole session in place of the partial one.
func (d *Desk) Second(ctx context.Context, v *Visitor, code string) (string, *Visitor, error) {
	if err := d.check(ctx, v.Account, code); err != nil {
		return "", nil, err
	}
	return d.whole(ctx, v)
}

// whole begins the whole session of somebody with a partial one.
func (d *Desk) whole(ctx context.Context, v *Visitor) (string, *Visitor, error) {
	err := d.store.Update(ctx, d.itself(v.Org), func(tx store.Tx) error { return tx.DropSession(ctx, v.Session.ID) })
	if err != nil {
		return "", nil, err
	}
	return d.begin(ctx, v.Account, false, anybody)
}

// check checks a code that changes, and uses it up. That it is wrong is counted in the
// same breath: of a thousand codes tried at once, as many are looked at as of a thousand
// tried one after the other.
func (d *Desk) check(ctx context.Context, a store.Account, code string) error {
	var refused error
	err := d.store.Update(ctx, d.itself(a.Org), func(tx store.Tx) error {
		now, err := tx.Account(ctx, a.ID)
		if err != nil {
			return err
		}
		s, ok := step(now.TOTP, code, d.now(), now.Tries.Step)
		switch {
		case d.locked(now):
			refused = ErrLocked
			return nil
		case now.TOTP == "", !ok, now.Off:
			refused = ErrWrong
			return d.miss(ctx, tx, now)
		}
		refused = nil
		return tx.Tried(ctx, a.ID, store.Tries{Wrong: now.Tries.Wrong, Locked: now.Tries.Locked, Step: s})
	})
	if err == nil {
		err = refused
	}
	return err
}

// Enrol gives somebody with no second proof the secret of codes that change, once
// they have shown a code of it, and begins the whole session.
func (d *Desk) Enrol(ctx context.Context, v *Visitor, secret, code string) (string, *Visitor, error) {
	s, ok := step(secret, code, d.now(), 0)
	if !ok {
		return "", nil, ErrWrong
	}
	err := d.store.Update(ctx, d.of(v.Account), func(tx store.Tx) error {
		own := tx.Own()
		a, err := own.Account(ctx, v.ID)
		if err != nil {
			return err
		}
		if a.TOTP != "" {
			return ErrCode // somebody was faster
		}
		a.TOTP = secret
		if err := own.PutAccount(ctx, a); err != nil {
			return err
		}
		v.Account = a
		return own.Tried(ctx, a.ID, store.Tries{Step: s})
	})
	if err != nil {
		return "", nil, err
	}
	return d.whole(ctx, v)
}

// Fresh reports whether somebody proved who they are just now.
func (d *Desk) Fresh(v *Visitor) bool {
	return !v.Session.Partial && d.now().Sub(v.Session.Proved) < ProofLife
}

// Prove proves once more who somebody is, before something that cannot be undone:
// by a code that changes, or the password where that is enough.
func (d *Desk) Prove(ctx context.Context, v *Visitor, proof, from string) error {
	if !d.Spare(from) {
		return ErrRate
	}
	if v.Alone && v.TOTP == "" {
		if err := d.unlocked(v.Account); err != nil {
			return err
		}
		if len(proof) > MaxPassword || !isPassword(v.Password, proof) {
			return d.missed(ctx, v.Account)
		}
	} else if err := d.check(ctx, v.Account, proof); err != nil {
		return err
	}
	return d.proved(ctx, v)
}

func (d *Desk) proved(ctx context.Context, v *Visitor) error {
	v.Session.Proved = d.now()
	return d.store.Update(ctx, d.of(v.Account), func(tx store.Tx) error {
		if err := tx.PutSession(ctx, v.Session); err != nil {
			return err
		}
		return tx.NoteOf(ctx, "step up", kindAccount, house.ID(v.ID))
	})
}

// Bootstrap returns a fresh code for the first superuser of each system that has
// none, and of a store without any system. What was given before is good no more.
func (d *Desk) Bootstrap(ctx context.Context) (map[house.ID]string, error) {
	var systems []house.ID
	err := d.store.View(ctx, d.itself(""), func(v store.View) (err error) {
		systems, err = v.Systems(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(systems) == 0 {
		systems = []house.ID{""}
	}
	codes := map[house.ID]string{}
	for _, org := range systems {
		code, err := d.bootstrap(ctx, org)
		if err != nil {
			return nil, fmt.Errorf("first account: %w", err)
		}
		if code != "" {
			codes[org] = code
		}
	}
	return codes, nil
}

func (d *Desk) bootstrap(ctx context.Context, org house.ID) (code string, err error) {
	err = d.store.Update(ctx, d.itself(org), func(tx store.Tx) error {
		code = ""
		all, err := tx.Accounts(ctx)
		if err != nil {
			return err
		}
		first := store.Account{ID: NewID(), Org: org, Role: string(Superuser)}
		for _, a := range all {
			if isKeeper(a) {
				return nil
			}
			if a.Role == string(Superuser) && !a.Off && a.Identity == "" {
				first = a
			}
		}
		code = newCode()
		first.Code, first.CodeUntil = codeHash(code), d.now().Add(BootLife)
		return tx.PutAccount(ctx, first)
	})
	return code, err
}

// Invite stores an account of somebody who is to choose how to log in, or who is to
// choose anew, and returns the code by which they do; their sessions end.
func (d *Desk) Invite(ctx context.Context, by store.Actor, a store.Account) (string, error) {
	by.At = d.now()
	code := newCode()
	a.Code, a.CodeUntil = codeHash(code), d.now().Add(InviteLife)
	a.Password, a.TOTP, a.Passkeys, a.Alone = "", "", nil, false
	err := d.store.Update(ctx, by, func(tx store.Tx) error {
		if err := tx.PutAccount(ctx, a); err != nil {
			return err
		}
		return tx.DropSessionsOf(ctx, a.ID)
	})
	return code, err
}

// ErrLast is returned for what would leave nobody to look after accounts: nobody who
// can log in when the login provider lets nobody in.
var ErrLast = errors.New("the last superuser")

// Set changes what an account is, and nothing of how its owner logs in: role,
// departments, whether they may log in at all, whose it is. Their sessions end, so that
// what they may do from now on is what it says.
func (d *Desk) Set(ctx context.Context, by store.Actor, id string, change func(*store.Account)) error {
	return d.with(ctx, by, id, func(tx store.Tx, a store.Account) error {
		change(&a)
		return tx.PutAccount(ctx, a)
	})
}

// Drop deletes an account.
func (d *Desk) Drop(ctx context.Context, by store.Actor, id string) error {
	return d.with(ctx, by, id, func(tx store.Tx, _ store.Account) error { return tx.DropAccount(ctx, id) })
}

// with does something with an account and ends its sessions, unless nobody would be
// left who looks after accounts.
func (d *Desk) with(ctx context.Context, by store.Actor, id string, do func(store.Tx, store.Account) error) error {
	by.At = d.now()
	return d.store.Update(ctx, by, func(tx store.Tx) error {
		if err := tx.Lock(ctx); err != nil {
			return err
		}
		own := tx.Own()
		a, err := own.Account(ctx, id)
		if err == nil {
			err = do(own, a)
		}
		if err == nil {
			err = own.DropSessionsOf(ctx, id)
		}
		if err != nil {
			return err
		}
		all, err := own.Accounts(ctx)
		if err == nil && !slices.ContainsFunc(all, isKeeper) {
			err = ErrLast
		}
		return err
	})
}

// Invited returns whose code it is, or [ErrCode].
func (d *Desk) Invited(ctx context.Context, code, from string) (a store.Account, err error) {
	if !d.Spare(from) {
		return a, ErrRate
	}
	err = d.store.View(ctx, d.itself(""), func(v store.View) (err error) {
		a, err = v.AccountWith(ctx, codeHash(code))
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && (a.Off || !d.now().Before(a.CodeUntil)) {
		return store.Account{}, ErrCode
	}
	return a, err
}

// A Choice is how somebody wants to log in and to be called.
type Choice struct {
	Login, Name, Password string
	Language              record.Lang
}

// Choose uses a code up: its account gets a login and a password, and a partial
// session in which the second proof is chosen.
func (d *Desk) Choose(ctx context.Context, code string, c Choice, from string) (string, *Visitor, error) {
	a, err := d.Invited(ctx, code, from)
	if err != nil {
		return "", nil, err
	}
	login, err := Plain(c.Login)
	switch {
	case err != nil:
		return "", nil, err
	case len(c.Password) < MinPassword || len(c.Password) > MaxPassword || strings.EqualFold(c.Password, login):
		return "", nil, ErrWeak
	}
	hash := hashPassword(c.Password)
	err = d.store.Update(ctx, d.of(a), func(tx store.Tx) error {
		own := tx.Own()
		now, err := own.AccountWith(ctx, codeHash(code))
		if err != nil || now.ID != a.ID {
			return ErrCode
		}
		now.Login, now.Name, now.Password, now.Language = record.NameOf(login), record.NameOf(strings.TrimSpace(c.Name)), hash, c.Language
		now.Code, now.CodeUntil = "", time.Time{}
		a = now
		return own.PutAccount(ctx, now)
	})
	if err != nil {
		return "", nil, err
	}
	return d.begin(ctx, a, true, anybody)
}

// Demonstrate sees to it that there is an account that a demonstration prints the
// password of, and that needs no second proof. No real house has one.
func (d *Desk) Demonstrate(ctx context.Context, org house.ID, login, password string, role Role, departments ...house.ID) error {
	plain, err := Plain(login)
	if err != nil {
		return err
	}
	hash := hashPassword(password)
	return d.store.Update(ctx, d.itself(org), func(tx store.Tx) error {
		all, err := tx.Accounts(ctx)
		if err != nil {
			return err
		}
		a := store.Account{ID: NewID(), Org: org}
		if i := slices.IndexFunc(all, func(a store.Account) bool { return a.Login.Reveal() == plain }); i >= 0 {
			a = all[i]
		}
		a.Login, a.Name, a.Role, a.Departments, a.Password, a.Alone = record.NameOf(plain), record.NameOf(login), string(role), departments, hash, true
		return tx.PutAccount(ctx, a)
	})
}
