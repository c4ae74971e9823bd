package main

import (
	"crypto/x509"
	"fmt"
	"io"
	"os"
	"strings"

	"tavle/config"
	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
)

// maxSecret is the longest secret a provider gives, in bytes, and maxRoots the largest
// file of certificates: a machine's own have a quarter of that.
const (
	maxSecret = 4 << 10
	maxRoots  = 1 << 20
)

// providerOf returns the login provider as it is configured, or nil. It is asked for
// nothing yet.
func providerOf(cfg *config.Hub) (*account.Provider, error) {
	c := cfg.OIDC
	if c.Issuer == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	o := account.ProviderOptions{
		Name: c.Name, Issuer: c.Issuer, ClientID: c.ClientID, Scopes: c.Scopes, ACR: c.ACR, Claim: c.Claim,
		Roles: map[account.Role][]string{
			account.Superuser: c.Superusers, account.Employee: c.Employees, account.Auditor: c.Auditors, account.Support: c.Support,
		},
		System: house.ID(c.House),
	}
	for _, d := range c.Departments {
		i := strings.LastIndexByte(d, '=')
		if o.Departments == nil {
			o.Departments = map[string][]house.ID{}
		}
		o.Departments[d[:i]] = append(o.Departments[d[:i]], house.ID(d[i+1:]))
	}
	if c.SecretFile != "" {
		secret, err := readSmall(c.SecretFile, maxSecret)
		if err != nil {
			return nil, fmt.Errorf("oidc.secret_file: %w", err)
		}
		if o.Secret = strings.TrimSpace(string(secret)); o.Secret == "" {
			return nil, fmt.Errorf("oidc.secret_file: %s is empty", c.SecretFile)
		}
	}
	if c.CA != "" {
		roots, err := readSmall(c.CA, maxRoots)
		if err != nil {
			return nil, fmt.Errorf("oidc.ca: %w", err)
		}
		o.Roots = x509.NewCertPool()
		if !o.Roots.AppendCertsFromPEM(roots) {
			return nil, fmt.Errorf("oidc.ca: no certificate is in %s", c.CA)
		}
	}
	return account.NewProvider(o), nil
}

// readSmall reads a file of at most n bytes.
func readSmall(path string, n int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, n+1))
	if err == nil && int64(len(b)) > n {
		err = fmt.Errorf("%s is longer than %d bytes", path, n)
	}
	return b, err
}
