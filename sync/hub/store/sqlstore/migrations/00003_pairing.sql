-- Screens that want to be let in. The code on their glass is not here: it is
-- computed of what is.

-- +goose Up
create table pairing (
	id         text    not null primary key,
	pubkey     blob    not null,
	commitment text    not null, -- to the screen's nonce
	hub_nonce  text    not null,
	nonce      text    not null, -- the screen's; '': not told yet
	pin        text    not null, -- of the hub's TLS key, as the screen saw it
	build      text    not null,
	state      text    not null, -- begun, waiting, approved, refused, locked
	why        text    not null, -- refused; '': it is not
	wrong      integer not null, -- codes, so far
	began      bigint  not null,
	expires    bigint  not null,
	org        text    not null, -- that let it in; '': none
	device     text    not null  -- as what
);
create index pairing_expires on pairing (expires);
create index device_pubkey on device (pubkey);

-- +goose Down
drop index device_pubkey;
drop table pairing;
