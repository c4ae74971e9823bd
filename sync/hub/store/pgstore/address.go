package pgstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// connectTimeout is how long a server may take to answer at all.
	connectTimeout = 5 * time.Second
	// silence is how long what was sent to a server may go without its machine
	// saying that it has arrived; after that the connection is gone.
	silence = 10 * time.Second
)

// An address is where a database is, and as whom to go there.
type address struct{ config *pgx.ConnConfig }

// errAddress says what an address looks like, and not what was there instead:
// that may hold a password.
var errAddress = errors.New("no address of a PostgreSQL database; want postgres://USER@HOST/DATABASE")

// parse reads the URL of a database. A server on another machine has to prove who
// it is, unless the URL says otherwise: personal data goes there.
func parse(text string) (*address, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" || u.Opaque != "" {
		return nil, errAddress
	}
	config, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, badAddress(err)
	}
	if q := u.Query(); !q.Has("sslmode") && os.Getenv("PGSSLMODE") == "" && elsewhere(config) {
		q.Set("sslmode", "verify-full")
		u.RawQuery = q.Encode()
		if config, err = pgx.ParseConfig(u.String()); err != nil {
			return nil, badAddress(err)
		}
	}
	config.ConnectTimeout = connectTimeout
	config.DialFunc = (&net.Dialer{Control: hangUp}).DialContext
	config.ValidateConnect = primary
	return &address{config}, nil
}

// errStandby is why a server is not read from: one that lags behind would show
// again whoever was hidden.
var errStandby = errors.New("it only lets read, as a standby does; want the primary")

// primary refuses a server that only lets read.
func primary(ctx context.Context, c *pgconn.PgConn) error {
	r := c.ExecParams(ctx, "show transaction_read_only", nil, nil, nil, nil).Read()
	if r.Err == nil && len(r.Rows) == 1 && string(r.Rows[0][0]) == "on" {
		return errStandby
	}
	return r.Err
}

// badAddress returns the reason that libpq's own files and variables give for an
// address that cannot be used, without the address.
func badAddress(err error) error {
	if cause := errors.Unwrap(err); cause != nil {
		return fmt.Errorf("%w: %w", errAddress, cause)
	}
	return errAddress
}

// elsewhere reports whether any of the servers is another machine.
func elsewhere(c *pgx.ConnConfig) bool {
	away := func(host string) bool {
		ip := net.ParseIP(host)
		return !strings.HasPrefix(host, "/") && host != "localhost" && (ip == nil || !ip.IsLoopback())
	}
	for _, f := range c.Fallbacks {
		if away(f.Host) {
			return true
		}
	}
	return away(c.Host)
}

// hangUp has the kernel end a connection whose other end says nothing: a machine
// that was switched off does not say that it is gone.
func hangUp(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var err error
	if e := c.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, userTimeout, int(silence.Milliseconds()))
	}); e != nil {
		return e
	}
	return err
}

// userTimeout is TCP_USER_TIMEOUT of Linux.
const userTimeout = 0x12

// where names the server and the database.
func (at *address) where() string {
	host := at.config.Host
	if !strings.HasPrefix(host, "/") {
		host = net.JoinHostPort(host, fmt.Sprint(at.config.Port))
	}
	return fmt.Sprintf("PostgreSQL at %s, database %s", host, at.config.Database)
}

// explain says what to do about an error of opening.
func (at *address) explain(err error) error {
	var said *pgconn.PgError
	switch {
	case errors.Is(err, errStandby):
		return fmt.Errorf("%s: %w", at.where(), errStandby)
	case !errors.As(err, &said):
		if connect, ok := errors.AsType[*pgconn.ConnectError](err); ok {
			return fmt.Errorf("%s: cannot be reached: %w", at.where(), cause(connect))
		}
		return fmt.Errorf("%s: %w", at.where(), err)
	case said.Code == "28P01", said.Code == "28000":
		return fmt.Errorf("%s: user %s is not let in: wrong or no password (PGPASSWORD, or a file named by PGPASSFILE), or pg_hba.conf does not allow it (%s)",
			at.where(), at.config.User, said.Code)
	case said.Code == "3D000":
		return fmt.Errorf("%s: there is no such database; make it with: createdb --encoding UTF8 --template template0 --owner %s %s",
			at.where(), at.config.User, at.config.Database)
	case said.Code == "42501":
		return fmt.Errorf("%s: user %s may not make tables there; make them its owner: alter database %s owner to %s",
			at.where(), at.config.User, at.config.Database, at.config.User)
	}
	return fmt.Errorf("%s: %w", at.where(), err)
}

// cause returns why there is no connection, without what it was tried with.
func cause(err *pgconn.ConnectError) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op
	}
	if inner := err.Unwrap(); inner != nil {
		return inner
	}
	return errors.New("no connection")
}
