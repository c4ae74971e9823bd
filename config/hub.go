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
	OIDC       OIDC
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

// OIDC is the login provider of the staff's work, by which they come into the Manager.
// With its issuer go the client ID, what is sure enough, and a role.
type OIDC struct {
	// Issuer is the provider's address, spelled as it spells it itself. Below it is
	// /.well-known/openid-configuration (default "", allowed: "" (nobody logs in by
	// a provider) or https://HOST, https://HOST:PORT or a path below that).
	Issuer string

	// Name is what staff call it, as the words after "log in with" (default "",
	// allowed: "" (their work account) or a text of 1 to 60 characters).
	Name string

	// ClientID is what the hub is called there (default "", allowed: "" (nothing) or
	// a text of 1 to 200 characters).
	ClientID string

	// SecretFile is a file with the hub's secret there, which stands nowhere else
	// (default "", allowed: "" (it has none) or a file that is there and that not
	// everybody can read).
	SecretFile string

	// CA is a PEM file with certificates by which the provider is known, in place
	// of those this machine trusts (default "", allowed: "" (this machine's) or a
	// file that is there and can be read).
	CA string

	// Scopes are what is asked for besides openid (default ["profile"], allowed: at
	// most 10, each 1 to 100 characters without spaces).
	Scopes []string

	// ACR are what the provider may call the way in which somebody logged in; who
	// logged in otherwise is not let in (default [], allowed: at most 10, each 1 to
	// 100 characters without spaces).
	ACR []string

	// Claim is where the provider says what somebody is at work (default "roles",
	// allowed: a text of 1 to 200 characters).
	Claim string

	// Superusers are what it says there of superusers (default [], allowed: at most
	// 50, each a text of 1 to 200 characters).
	Superusers []string

	// Employees are what it says there of employees (default [], allowed: at most
	// 50, each a text of 1 to 200 characters).
	Employees []string

	// Auditors are what it says there of auditors (default [], allowed: at most 50,
	// each a text of 1 to 200 characters).
	Auditors []string

	// Support are what it says there of the processor's support (default [], allowed:
	// at most 50, each a text of 1 to 200 characters).
	Support []string

	// Departments are what it says there of whoever works in a department (default [],
	// allowed: at most 200, each TEXT=ID, the ID of a department).
	Departments []string

	// House is whose staff they are, for a hub with several houses (default "",
	// allowed: "" (the only house's) or 1 to 64 of a-z, A-Z, 0-9 and . _ -).
	House string
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
		named("oidc", "The login provider of the staff's work (OpenID Connect), by which they come into the Manager. It has to know https://HOST/oidc/return. Who may do what is its to say; whoever is shut out here stays out.",
			key("issuer", &h.OIDC.Issuer, "", texts, orEmpty("nobody logs in by a provider", issuer),
				"Its address, spelled as it spells it itself. Below it is /.well-known/openid-configuration."),
			key("name", &h.OIDC.Name, "", texts, orEmpty("their work account", someText(60)),
				"What staff call it, as the words after \"log in with\"."),
			key("client_id", &h.OIDC.ClientID, "", texts, orEmpty("nothing", someText(200)),
				"What the hub is called there."),
			key("secret_file", &h.OIDC.SecretFile, "", texts, orEmpty("it has none", secretFile),
				"A file with the hub's secret there. The secret itself stands in no configuration and on no command line."),
			key("ca", &h.OIDC.CA, "", texts, orEmpty("this machine's", existingFile),
				"A PEM file with certificates by which it is known, in place of those this machine trusts."),
			key("scopes", &h.OIDC.Scopes, []string{"profile"}, lists(texts, "a list of texts"), each(10, word),
				"What is asked for besides openid."),
			key("acr", &h.OIDC.ACR, []string{}, lists(texts, "a list of texts"), each(10, word),
				"What it may call the way in which somebody logged in (acr), the one asked for first before the others. Who logged in otherwise is not let in."),
			key("claim", &h.OIDC.Claim, "roles", texts, someText(200),
				"In which claim of the ID token it says what somebody is at work; dots lead into objects, as in realm_access.roles."),
			key("superusers", &h.OIDC.Superusers, []string{}, lists(texts, "a list of texts"), each(50, someText(200)),
				"What it says there of superusers. Who is several things is the first of superuser, employee, auditor and support."),
			key("employees", &h.OIDC.Employees, []string{}, lists(texts, "a list of texts"), each(50, someText(200)),
				"What it says there of employees."),
			key("auditors", &h.OIDC.Auditors, []string{}, lists(texts, "a list of texts"), each(50, someText(200)),
				"What it says there of auditors."),
			key("support", &h.OIDC.Support, []string{}, lists(texts, "a list of texts"), each(50, someText(200)),
				"What it says there of the processor's support."),
			key("departments", &h.OIDC.Departments, []string{}, lists(texts, "a list of texts"), each(200, departmentOf),
				"What it says there of whoever works in a department. With none of these, superusers say in the Manager who works where."),
			key("house", &h.OIDC.House, "", texts, orEmpty("the only house's", plainName(64)),
				"Whose staff they are, for a hub with several houses: the ID of the house's system."),
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
	o := &h.OIDC
	f.pair("oidc.issuer", o.Issuer != "", "oidc.client_id", o.ClientID != "")
	f.pair("oidc.issuer", o.Issuer != "", "oidc.acr", len(o.ACR) > 0)
	if o.Issuer != "" && len(o.Superusers)+len(o.Employees)+len(o.Auditors)+len(o.Support) == 0 {
		f.together("is missing, as are oidc.superusers, auditors and support; nobody could come in", "oidc.employees", "oidc.issuer")
	}
}
