package config

// Program is the configuration of one of the programs.
type Program interface{ Player | Hub }

// program is what a *Program can do here.
type program interface {
	// tables lists every key, each bound to its field.
	tables() []table
	// check looks at what several keys say together.
	check(*findings)
}

// of returns the program of c. Every Program has a pointer that is one.
func of[T Program](c *T) program { return any(c).(program) }

// Keys lists every key of a program, in the order of its example.
func Keys[T Program]() []Key { return keysOf(of(new(T))) }

// Default returns a configuration in which nothing was chosen.
func Default[T Program]() *T {
	c := new(T)
	for _, k := range keysOf(of(c)) {
		k.reset()
	}
	return c
}
