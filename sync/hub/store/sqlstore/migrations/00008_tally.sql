-- How often each answer of a poll was given: one document a poll, no single answer.

-- +goose Up
create table tally (
	org  text not null,
	kind text not null, -- poll
	id   text not null,
	body text not null,
	primary key (org, kind, id),
	foreign key (org, kind, id) references entity (org, kind, id) on delete cascade
);

-- +goose Down
drop table tally;
