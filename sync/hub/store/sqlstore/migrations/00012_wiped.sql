-- When a screen that was shut out said, by its own key, that it has destroyed
-- everything.

-- +goose Up
alter table device add column wiped bigint not null default 0; -- 0: it has not

-- +goose Down
alter table device drop column wiped;
