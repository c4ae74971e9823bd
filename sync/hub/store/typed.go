package store

import (
	"context"

	"tavle/sync/hub/house"
)

// A pointer is a record's own type: P is *T.
type pointer[T any] interface {
	*T
	house.Record
}

func kindOf[T any, P pointer[T]]() house.Kind { return house.KindOf(P(new(T))) }

// Get returns one record by its type, as in Get[house.Resident].
func Get[T any, P pointer[T]](ctx context.Context, v View, id house.ID) (T, error) {
	r, err := v.Get(ctx, kindOf[T, P](), id)
	if err != nil {
		var zero T
		return zero, err
	}
	return *r.(P), nil
}

// All returns every record of a type.
func All[T any, P pointer[T]](ctx context.Context, v View) ([]T, error) {
	list, err := v.All(ctx, kindOf[T, P]())
	return values[T, P](list), err
}

// On returns the records of a type that [View.On] returns.
func On[T any, P pointer[T]](ctx context.Context, v View, dept house.ID, from, until house.Day) ([]T, error) {
	list, err := v.On(ctx, dept, kindOf[T, P](), from, until)
	return values[T, P](list), err
}

func values[T any, P pointer[T]](list []house.Record) []T {
	out := make([]T, len(list))
	for i, r := range list {
		out[i] = *r.(P)
	}
	return out
}
