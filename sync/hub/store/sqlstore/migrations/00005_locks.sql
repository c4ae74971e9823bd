-- Transactions take advisory locks, which no table is needed for.

-- +goose Up
drop table department_lock;

-- +goose Down
create table department_lock (
	org  text not null,
	dept text not null,
	primary key (org, dept)
);
