package config

// Hub is the configuration of tavle-hub.
type Hub struct {
	// Listen is where screens and staff reach the hub (default ":8443", allowed:
	// HOST:PORT, or :PORT for all of the machine's addresses; port 0 for a free
	// one).
	Listen string

	// Hosts are the names and addresses under which it is reached. A screen that
	// dials another one is refused, and all stand in the certificate it makes for
	// itself (default [], allowed: at most 8, each a host name or an IP address).
	Hosts []string

	// Data is the folder with all houses and the hub's keys (default "/var/lib/tavle-hub", allowed:
	// a folder; it is made if it is not there).
	Data string

	// Database is where the houses are kept instead, for hubs that share them.
	// It may hold a password: it is printed nowhere (default "", allowed: "" (in
	// the folder) or postgres://USER@HOST/DATABASE).
	Database string

	TLS        Certificate
	Lease      Lease
	Operations Operations
	Log        Log
}

// Operations is for whoever runs the hub.
type Operations struct {
	// Listen is where /healthz and /metrics are, over plain HTTP (default
	// "127.0.0.1:8444", allowed: "" (nowhere) or HOST:PORT, or :PORT for all of
	// the machine's addresses; port 0 for a free one).
	Listen string
}

// Certificate is how the hub proves who it is. Without one it makes one for
// itself, and screens know it by its key.
type Certificate struct {
	// Certificate is a PEM file with the certificate and its chain (default "",
	// allowed: "" (the hub makes one) or a file that is there and can be read).
	Certificate string

	// Key is a PEM file with the certificate's private key (default "", allowed:
	// "" (the hub makes one) or a file that is there and that not everybody can
	// read).
	Key string
}

// Lease is how long a screen may go on without the hub. Bounds and defaults are
// the privacy policy's.
type Lease struct {
	// MaskHours is after how many hours it shows nobody any more (default 72,
	// allowed: 4 to 168 hours).
	MaskHours int

	// WipeDays is after how many days it forgets everybody (default 30, allowed:
	// 7 to 90 days).
	WipeDays int
}

// tables implements program.
func (h *Hub) tables() []table {
	return []table{
		{
			keys: []Key{
				key("listen", &h.Listen, ":8443", texts, listening,
					"Where screens and staff reach the hub."),
				key("hosts", &h.Hosts, []string{}, lists(texts, "a list of texts"), each(8, hostName),
					"The names and addresses by which screens reach it; one that dials another is refused. With none they are this machine's name, and localhost for screens on it."),
				key("data", &h.Data, "/var/lib/tavle-hub", texts, folderName,
					"Where the houses and the hub's keys are kept. Whoever can read this folder can read everything; keep it and its backups accordingly."),
				key("database", &h.Database, "", texts, orEmpty("in the folder", databaseURL),
					"A PostgreSQL database that keeps the houses instead, for a hub on several machines. The password is best left out: PGPASSFILE, ~/.pgpass and PGPASSWORD are heeded, as are the other variables of libpq."),
			},
		},
		named("tls", "How the hub proves who it is. Without files it makes a certificate for itself, and screens know it by its key.",
			key("certificate", &h.TLS.Certificate, "", texts, orEmpty("the hub makes one", existingFile),
				"A PEM file with the certificate and its chain."),
			key("key", &h.TLS.Key, "", texts, orEmpty("the hub makes one", secretFile),
				"A PEM file with its private key."),
		),
		named("lease", "How long a screen may go on without the hub.",
			key("mask_hours", &h.Lease.MaskHours, 72, wholes, between(4, 168, "hours"),
				"After this it shows nobody any more."),
			key("wipe_days", &h.Lease.WipeDays, 30, wholes, between(7, 90, "days"),
				"After this it forgets everybody."),
		),
		named("operations", "For whoever runs the hub. Nobody is named there, but how busy a house is can be read from it.",
			key("listen", &h.Operations.Listen, "127.0.0.1:8444", texts, orEmpty("nowhere", listening),
				"Where /healthz and /metrics (for Prometheus) are, over plain HTTP: on this machine alone, or on a network that only its keepers reach. A hub that cannot have this address serves its screens without it."),
		),
		logTable(&h.Log),
	}
}

// check implements program.
func (h *Hub) check(f *findings) {
	f.pair("tls.certificate", h.TLS.Certificate != "", "tls.key", h.TLS.Key != "")
}
