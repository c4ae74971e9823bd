package hub

import (
	"context"
	"slices"
	"time"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// forever is after any session's end.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// accountsOf returns the accounts of a member of staff.
func accountsOf(ctx context.Context, v store.View, staff house.ID) ([]store.Account, error) {
	all, err := v.Accounts(ctx)
	return slices.DeleteFunc(all, func(a store.Account) bool { return a.Staff != staff }), err
}

// dropAccounts takes from a member of staff who is deleted what they log in with.
func (e *Edit) dropAccounts(ctx context.Context, staff house.ID) error {
	all, err := accountsOf(ctx, e.tx, staff)
	for _, a := range all {
		if err == nil {
			err = e.tx.DropAccount(ctx, a.ID)
		}
	}
	return err
}

// shutAccounts lets a member of staff who has left log in no more, from now on.
func (e *Edit) shutAccounts(ctx context.Context, staff house.ID) error {
	all, err := accountsOf(ctx, e.tx, staff)
	for _, a := range all {
		if a.Off = true; err == nil {
			err = e.tx.PutAccount(ctx, a)
		}
		if err == nil {
			err = e.tx.DropSessionsOf(ctx, a.ID)
		}
	}
	return err
}
