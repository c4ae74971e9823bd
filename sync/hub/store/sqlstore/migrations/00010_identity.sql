-- Who somebody is at the login provider of their work: the hash of issuer and subject.

-- +goose Up
alter table account add column identity text not null default '';
create unique index account_identity on account (identity) where identity <> '';

-- +goose Down
drop index account_identity;
alter table account drop column identity;
