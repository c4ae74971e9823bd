package house_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/hub/house"
)

// Every kind of record can be filled in, member by member, and a member says the
// same of itself as the format does.
func TestFieldsAreTheFormat(t *testing.T) {
	var see func(t *testing.T, f house.Field)
	see = func(t *testing.T, f house.Field) {
		require.NotEmpty(t, f.Form, f.Key)
		switch f.Form {
		case house.FormChoice:
			require.NotEmpty(t, f.OneOf, f.Key)
		case house.FormObject:
			require.NotEmpty(t, f.Fields, f.Key)
		case house.FormList, house.FormMap:
			require.NotNil(t, f.Item, f.Key)
			see(t, *f.Item)
		}
		for _, in := range f.Fields {
			see(t, in)
		}
	}
	for _, k := range house.Kinds() {
		require.NotEmpty(t, house.Fields(k), k)
		for _, f := range house.Fields(k) {
			see(t, f)
		}
	}
	fields, v := house.Members(&house.Activity{ID: "a1", Capacity: 3})
	for _, f := range fields {
		switch f.Key {
		case "id":
			require.Equal(t, house.ID("a1"), f.In(v).Interface())
		case "capacity":
			require.Equal(t, house.Field{Key: "capacity", Form: house.FormNumber, Optional: true, Max: 10000}, plain(f))
		case "leader":
			require.Equal(t, []house.Kind{house.KindStaff, house.KindResident}, f.Ref)
		case "signups":
			require.Equal(t, "signup", f.Data)
			require.Equal(t, house.FormList, f.Form)
			require.Equal(t, house.FormObject, f.Item.Form)
		}
	}
}

func plain(f house.Field) house.Field {
	return house.Field{Key: f.Key, Form: f.Form, Optional: f.Optional, Min: f.Min, Max: f.Max, OneOf: nil, Ref: nil}
}
