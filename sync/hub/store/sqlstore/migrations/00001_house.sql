-- What a hub remembers. The same statements run on SQLite and PostgreSQL;
-- where a database has no type "blob", it is made first.
--
-- org is the system (the controller's data domain) a row belongs to. Times are
-- Unix milliseconds, days are written 2026-11-30, truth is 1.

-- +goose Up

-- Records of a house, one document each.
create table entity (
	org  text   not null,
	kind text   not null,
	id   text   not null,
	ord  bigint not null, -- as they came
	body text   not null, -- JSON
	primary key (org, kind, id)
);
create index entity_order on entity (org, kind, ord);

-- Which departments a record belongs to or is shared with, and the days it is
-- about.
create table entity_dept (
	org       text    not null,
	kind      text    not null,
	id        text    not null,
	dept      text    not null,
	from_day  text    not null, -- '': always was
	until_day text    not null, -- '': always will be
	primary key (org, kind, id, dept),
	foreign key (org, kind, id) references entity (org, kind, id) on delete cascade
);
create index entity_dept_days on entity_dept (org, dept, kind, until_day);

-- Which pictures a record refers to.
create table entity_picture (
	org  text not null,
	kind text not null,
	id   text not null,
	name text not null,
	primary key (org, kind, id, name),
	foreign key (org, kind, id) references entity (org, kind, id) on delete cascade
);
create index entity_picture_name on entity_picture (org, name);

-- Who is on the list of an activity or a meal.
create table place (
	org    text   not null,
	kind   text   not null,
	id     text   not null,
	person text   not null,
	state  text   not null, -- in, wait, out
	ord    bigint not null, -- as they came
	via    text   not null,
	dish   text   not null,
	device text   not null,
	at     bigint not null,
	primary key (org, kind, id, person),
	foreign key (org, kind, id) references entity (org, kind, id) on delete cascade
);
create index place_person on place (org, person);

-- Rows a transaction takes hold of before it writes lists or boards of a
-- department; a database with one writer needs none.
create table department_lock (
	org  text not null,
	dept text not null,
	primary key (org, dept)
);

create table board (
	id       text    not null primary key,
	org      text    not null,
	dept     text    not null,
	external integer not null,
	modules  text    not null, -- with a space between
	secret   blob    not null
);
create index board_dept on board (org, dept);

-- Where a board stands. sum is the sum of its rows' hashes, modulo 2^64, as a
-- signed number.
create table board_head (
	board     text   not null primary key references board (id) on delete cascade,
	epoch     text   not null,
	rev       bigint not null,
	sum       bigint not null,
	floor_rev bigint not null
);

create table board_row (
	board text    not null references board (id) on delete cascade,
	kind  text    not null,
	id    text    not null,
	src   text    not null, -- what it stands for
	rev   bigint  not null,
	del   integer not null,
	hash  bigint  not null, -- 0 of a deleted one
	at    bigint  not null,
	body  text    not null, -- '' of a deleted one
	primary key (board, kind, id)
);
create index board_row_rev on board_row (board, rev);
create index board_row_del on board_row (del, at);

-- Which pictures a row of a board refers to; no other is handed out.
create table board_asset (
	board text not null,
	kind  text not null,
	id    text not null,
	asset text not null,
	primary key (board, asset, kind, id),
	foreign key (board, kind, id) references board_row (board, kind, id) on delete cascade
);
create index board_asset_row on board_asset (board, kind, id);

create table picture (
	org   text   not null,
	name  text   not null,
	asset text   not null,
	primary key (org, name)
);
create index picture_asset on picture (org, asset);

create table asset (
	org   text not null,
	asset text not null,
	jpeg  blob not null,
	primary key (org, asset)
);

create table device (
	id          text    not null primary key,
	org         text    not null,
	screen      text    not null,
	board       text    not null references board (id),
	pubkey      blob    not null,
	revoked     integer not null,
	acked_epoch text    not null,
	acked_rev   bigint  not null,
	acked_at    bigint  not null,
	seen        bigint  not null,
	boot        text    not null, -- its present start
	before      bigint  not null  -- when it was heard before that
);

create table inst (
	device   text   not null references device (id) on delete cascade,
	inst     text   not null,
	last_seq bigint not null,
	primary key (device, inst)
);

-- Results the screen has not confirmed.
create table result (
	device  text   not null,
	inst    text   not null,
	seq     bigint not null,
	outcome text   not null,
	code    text   not null,
	place   bigint not null,
	rev     bigint not null,
	primary key (device, inst, seq),
	foreign key (device, inst) references inst (device, inst) on delete cascade
);

-- Who did what to which object, when. Rows are only ever added.
create table audit (
	org        text   not null,
	day        text   not null,
	seq        bigint not null, -- from 1, every day
	at         bigint not null,
	actor_kind text   not null,
	actor      text   not null,
	action     text   not null,
	kind       text   not null,
	id         text   not null,
	person     text   not null,
	primary key (org, day, seq)
);

create table secret (
	name  text not null primary key,
	value blob not null
);

-- +goose Down
drop table secret;
drop table audit;
drop table result;
drop table inst;
drop table device;
drop table asset;
drop table picture;
drop table board_asset;
drop table board_row;
drop table board_head;
drop table board;
drop table department_lock;
drop table place;
drop table entity_picture;
drop table entity_dept;
drop table entity;
