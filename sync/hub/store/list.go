package store

import (
	"context"
	"fmt"
	"slices"

	"tavle/sync/hub/house"
)

// Join puts somebody on a list with that many places (0: any number): they take
// part, or wait, in the order of the transactions. Whoever is on the list
// already stays where they are, but for the dish, where p names one. It returns
// their state, and how many wait up to and including them when they wait. The
// caller holds the department's lock.
func Join(ctx context.Context, tx Tx, l house.List, limit int, p Place) (state house.State, waiting int, err error) {
	list, err := tx.Places(ctx, l)
	if err != nil {
		return "", 0, fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
	}
	taken := 0
	for _, x := range list {
		switch x.State {
		case house.TakesPart:
			taken++
		case house.Waits:
			waiting++
		case house.OptedOut: // neither
		}
		if x.Person == p.Person && x.State != house.OptedOut {
			if p.Dish != "" && p.Dish != x.Dish {
				x.Dish = p.Dish
				err = tx.PutPlace(ctx, l, x)
			}
			if err != nil {
				return "", 0, fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
			}
			return x.State, waiting, nil
		}
	}
	p.State = house.TakesPart
	if limit > 0 && taken >= limit {
		p.State = house.Waits
		waiting++
	}
	p.Order = 0
	if err := tx.PutPlace(ctx, l, p); err != nil {
		return "", 0, fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
	}
	return p.State, waiting, nil
}

// Leave takes somebody off a list and gives their place to whoever waited
// longest. Whom a rule had signed up opts out instead, so that it does not sign
// them up again. It reports whether they were on the list. The caller holds the
// department's lock.
func Leave(ctx context.Context, tx Tx, l house.List, limit int, p Place) (was bool, err error) {
	list, err := tx.Places(ctx, l)
	if err != nil {
		return false, fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
	}
	i := slices.IndexFunc(list, func(x Place) bool { return x.Person == p.Person && x.State != house.OptedOut })
	if i < 0 {
		return false, nil
	}
	if list[i].Via == "auto" {
		p.State, p.Order = house.OptedOut, list[i].Order
		err = tx.PutPlace(ctx, l, p)
	} else {
		err = tx.DeletePlace(ctx, l, p.Person)
	}
	if err != nil {
		return false, fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
	}
	_, err = Settle(ctx, tx, l, limit)
	return true, err
}

// Settle gives every free place to whoever has waited longest, and returns who
// moved up. The caller holds the department's lock.
func Settle(ctx context.Context, tx Tx, l house.List, limit int) (moved []house.ID, err error) {
	list, err := tx.Places(ctx, l)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
	}
	taken := 0
	for _, x := range list {
		if x.State == house.TakesPart {
			taken++
		}
	}
	for _, x := range list {
		if x.State != house.Waits || limit > 0 && taken >= limit {
			continue
		}
		x.State = house.TakesPart
		if err := tx.PutPlace(ctx, l, x); err != nil {
			return moved, fmt.Errorf("%s %s: %w", l.Kind, l.ID, err)
		}
		moved = append(moved, x.Person)
		taken++
	}
	return moved, nil
}
