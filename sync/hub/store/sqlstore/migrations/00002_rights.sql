-- What people have a right to, and how it is proved: an audit that cannot be
-- changed unnoticed, who was erased, and which screens know.

-- +goose Up

-- A line's hash covers the line before it. hash is '' only where a database from
-- before has not been chained yet.
alter table audit add column hash text not null default '';

-- The end of each system's audit. A writer takes hold of the row, so lines are
-- numbered one after the other on every database. lines is -1 while lines from
-- before have no hash.
create table audit_head (
	org   text   not null primary key,
	day   text   not null,
	seq   bigint not null,
	lines bigint not null,
	hash  text   not null
);
insert into audit_head (org, day, seq, lines, hash) select distinct org, '', 0, -1, '' from audit;

-- The last line of a day that is over, signed by the hub.
create table audit_seal (
	org       text   not null,
	day       text   not null,
	seq       bigint not null,
	hash      text   not null,
	signature text   not null,
	primary key (org, day)
);

-- Who must stay erased when a backup is restored. Nothing in it says who it was.
create table erasure (
	id          text   not null primary key, -- random
	org         text   not null,
	pseudonym   text   not null, -- of the person, by the system's key
	level       text   not null, -- anonymise, erase
	at          bigint not null,
	certificate text   not null  -- signed, JSON; '' until it is written
);
create index erasure_person on erasure (org, pseudonym);

-- Something that was taken off boards at somebody's wish, and what the screens
-- that showed it have to confirm.
create table withdrawal (
	id     text   not null primary key, -- random
	org    text   not null,
	person text   not null, -- the pseudonym of whoever was erased
	action text   not null, -- change, delete, anonymise, erase
	at     bigint not null
);
create index withdrawal_person on withdrawal (org, person, at);

create table withdrawal_screen (
	withdrawal text   not null references withdrawal (id) on delete cascade,
	device     text   not null,
	board      text   not null,
	epoch      text   not null,
	rev        bigint not null,
	primary key (withdrawal, device)
);

-- +goose Down
drop table withdrawal_screen;
drop table withdrawal;
drop table erasure;
drop table audit_seal;
drop table audit_head;
alter table audit drop column hash;
