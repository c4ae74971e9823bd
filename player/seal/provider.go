package seal

// A Provider is where the device secret comes from on this machine: a file now,
// a one-time-programmable row or a TPM later. Whoever gets the secret destroys
// it when done.
type Provider interface {
	// Secret returns the device secret, the same every time, made when it is
	// first asked for. An error means that there is one which must not be used
	// or cannot be read; it never means that a new one would be in order.
	Secret() (Key, error)

	// Protects says what the secret is good for here.
	Protects() Protection
}

// A Renewer is a [Provider] that can forget its secret. Wiping a screen asks
// for it: what older copies of the keyring were sealed with is gone then.
type Renewer interface {
	// Renew destroys the secret; the next Secret makes a new one.
	Renew() error
}

// Protection says honestly what the device secret of a provider protects
// against. Each field is yes only where it holds
// without ifs.
type Protection struct {
	Provider     string // such as "host-file"
	CardTaken    bool   // the storage card alone is stolen, copied or thrown away
	DeviceTaken  bool   // the whole device is
	RolledBack   bool   // an old image of the card is put back while the hub is out of reach
	CopiesErased bool   // erasing also ends old copies the flash keeps of the keyring
	Why          string // in plain words, for whoever decides where to hang the screen
}

// InMemory is a provider for tests and for demos that keep nothing.
type InMemory struct{ secret Key }

// NewInMemory returns a provider of that secret.
func NewInMemory(secret Key) InMemory { return InMemory{secret} }

// Secret implements [Provider].
func (p InMemory) Secret() (Key, error) {
	if p.secret.IsZero() {
		return Key{}, errNoKey
	}
	return p.secret.Copy(), nil
}

// Protects implements [Provider].
func (InMemory) Protects() Protection {
	return Protection{
		Provider: "memory", CardTaken: true, CopiesErased: true,
		Why: "the secret ends with the program, and so does everything sealed with it",
	}
}
