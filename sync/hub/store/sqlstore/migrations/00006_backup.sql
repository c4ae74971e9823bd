-- A result says which numbering its revision is of: a restore starts new ones.

-- +goose Up
alter table result add column epoch text not null default '';

-- +goose Down
alter table result drop column epoch;
