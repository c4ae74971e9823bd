package pgstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"tavle/sync/hub/store/sqlstore"
)

// failure says what an error means. A server that ends a connection may have
// committed before: what it says then is no answer.
func failure(err error) sqlstore.Failure {
	var said *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.As(err, &said):
		switch {
		case said.Code == "40001", said.Code == "40P01": // serialization, deadlock
			return sqlstore.Conflict
		case said.Severity == "FATAL", said.Severity == "PANIC", said.Code[:min(2, len(said.Code))] == "08":
			return sqlstore.Lost
		}
		return sqlstore.Refused
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return sqlstore.Other
	case errors.As(err, &connect), errors.As(err, &network), pgconn.SafeToRetry(err),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return sqlstore.Lost
	}
	return sqlstore.Other
}
