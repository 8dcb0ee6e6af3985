-- quadrille-migration: 0010
-- breaking: no
-- What started a saga here, or joined one, from another choreography.

create table ${schema}.origin (
  position bigint not null,
  lane integer not null,
  saga_id text collate "C" not null,
  source text collate "C" not null,
  event text collate "C" not null,
  from_choreography text collate "C" not null,
  from_saga_id text collate "C" not null,
  constraint origin_pkey primary key (saga_id, source, lane, position, event)
);
create index origin_from_saga_id on ${schema}.origin (from_saga_id);
comment on index ${schema}.origin_from_saga_id is 'For what a saga of another choreography has caused here.';
comment on table ${schema}.origin is 'Events of other choreographies that started a saga here, or that a saga was joined by.';
comment on column ${schema}.origin.saga_id is 'The saga here.';
comment on column ${schema}.origin.source is 'The participant that published the event.';
comment on column ${schema}.origin.lane is 'The lane of its journal.';
comment on column ${schema}.origin.position is 'The position in that journal.';
comment on column ${schema}.origin.event is 'The event.';
comment on column ${schema}.origin.from_choreography is 'The choreography in which it is public.';
comment on column ${schema}.origin.from_saga_id is 'The saga that published it.';
