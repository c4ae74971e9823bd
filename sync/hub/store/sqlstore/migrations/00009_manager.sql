-- Who may log in at the hub, and who is. What browsers and letters hold is not here
-- but its hash.

-- +goose Up
create table account (
	id     text   not null primary key, -- random
	org    text   not null, -- '': the house is still to be made
	login  text   not null, -- '': not chosen yet
	code   text   not null, -- the hash of one by which it is chosen; '': none
	wrong  bigint not null, -- tries, one after the other
	locked bigint not null, -- until then
	step   bigint not null, -- of the last code that changes
	body   text   not null  -- JSON
);
create unique index account_login on account (login) where login <> '';
create unique index account_code on account (code) where code <> '';
create index account_org on account (org);

create table session (
	id      text    not null primary key,
	account text    not null references account (id) on delete cascade,
	began   bigint  not null,
	seen    bigint  not null,
	ends    bigint  not null,
	proved  bigint  not null, -- who it is
	partial integer not null  -- a password alone
);
create index session_account on session (account);
create index session_ends on session (ends);

-- +goose Down
drop table session;
drop table account;
