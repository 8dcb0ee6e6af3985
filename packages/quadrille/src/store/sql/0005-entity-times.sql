-- quadrille-migration: 0005
-- breaking: yes
-- Since when an entity exists and since when it is in its state: for lists by time, and for what has been stuck for long.
-- "breaking: yes": a process that does not know the columns would leave them at 0, the time of rows from before.
alter table ${schema}.entity add column began_at bigint not null default 0, add column entered_at bigint not null default 0;
create index entity_began_at on ${schema}.entity (began_at, saga_id);
comment on column ${schema}.entity.began_at is 'When it came to be, by the engine''s clock; 0 where that was before this column.';
comment on column ${schema}.entity.entered_at is 'When its state was entered, by the engine''s clock; 0 where that was before this column.';
comment on index ${schema}.entity_began_at is 'For the newest sagas, page by page. It only grows at its end.';
comment on index ${schema}.entity_saga_id is 'For the entities of a saga.';
