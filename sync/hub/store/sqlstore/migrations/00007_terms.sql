-- On what terms each screen was last lent the right to show people: today's may be
-- others, and one that is away goes by those it has. And which screen of its name
-- it is, so that what another said before is not taken for its word.

-- +goose Up
alter table device add column mask_s bigint not null default 0; -- seconds, as are those
alter table device add column wipe_s bigint not null default 0;
alter table device add column glass integer not null default 0; -- how many had the name before

-- What was given before is not known: the longest that a hub may.
update device set mask_s = 604800, wipe_s = 7776000 where seen > 0;

-- +goose Down
alter table device drop column glass;
alter table device drop column wipe_s;
alter table device drop column mask_s;
