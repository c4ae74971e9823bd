package config

import "strings"

// A Key is one thing that can be chosen.
type Key struct {
	Path    string // where it stands in the file, such as "lease.mask_hours"
	About   string // what it is for, in whole sentences, for whoever writes the file
	Default string // as it would be written in the file
	Allowed string // what it may be, in words

	written func() string                      // the value now, as it would be written
	reset   func()                             // to the default
	take    func(v any, folder string) problem // a value from a file in that folder
	parse   func(text, folder string) problem  // a value from the environment or a flag
}

// Env returns the name of the environment variable for k, such as
// "TAVLE_LEASE_MASK_HOURS".
func (k Key) Env() string { return "TAVLE_" + strings.ToUpper(strings.ReplaceAll(k.Path, ".", "_")) }

// Flag returns the name of the flag for k without the dashes before it, such as
// "lease-mask-hours".
func (k Key) Flag() string { return strings.NewReplacer(".", "-", "_", "-").Replace(k.Path) }

// A problem is what is wrong with a value; the zero value is none.
type problem struct {
	kind Kind
	what string
}

// key returns the key for what p points to. A rule may bring the value into the
// form the program wants; p is only written when nothing is wrong.
func key[T any](path string, p *T, def T, k kind[T], r rule[T], about string) Key {
	check := func(v T, folder string) problem {
		if r.check != nil {
			if bad := r.check(&v, folder); bad.what != "" {
				return bad
			}
		}
		*p = v
		return problem{}
	}
	return Key{
		Path: path, About: about, Default: k.write(def), Allowed: r.allowed,
		written: func() string { return k.write(*p) },
		reset:   func() { *p = def },
		take: func(v any, folder string) problem {
			t, ok := k.take(v)
			if !ok {
				return problem{WrongType, "is " + describe(v) + ", not " + k.is}
			}
			return check(t, folder)
		},
		parse: func(text, folder string) problem {
			t, ok := k.parse(text)
			if !ok {
				return problem{WrongType, "is not " + k.is}
			}
			return check(t, folder)
		},
	}
}

// A table is the keys under one [name] in the file. The first has no name: its
// keys stand above all tables.
type table struct {
	name, about string
	keys        []Key
}

// named returns a table, its keys' paths made whole.
func named(name, about string, keys ...Key) table {
	for i := range keys {
		keys[i].Path = name + "." + keys[i].Path
	}
	return table{name, about, keys}
}

// keysOf returns all keys of a configuration, in the order of its example.
func keysOf(c program) []Key {
	var all []Key
	for _, t := range c.tables() {
		all = append(all, t.keys...)
	}
	return all
}
