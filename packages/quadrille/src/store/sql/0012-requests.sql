-- quadrille-migration: 0012
-- breaking: no
-- Commands that were sent to a process which does not own their lane, on their way to the one that does.

create table ${schema}.request (
  number bigint not null generated always as identity,
  time bigint not null,
  lane integer not null,
  id text collate "C" not null,
  content json not null,
  answer json,
  constraint request_pkey primary key (id)
);
create index request_open on ${schema}.request (lane, number) where answer is null;
comment on table ${schema}.request is 'Commands for the owner of their lane, from other processes. The flush that decides one writes its answer here; its caller deletes it.';
comment on column ${schema}.request.number is 'Their order.';
comment on column ${schema}.request.time is 'When it was sent, by the engine''s clock.';
comment on column ${schema}.request.lane is 'The lane.';
comment on column ${schema}.request.id is 'The command''s id.';
comment on column ${schema}.request.content is 'The command as its caller sent it: name, saga, key, payload, trace, idempotency key.';
comment on column ${schema}.request.answer is 'The answer; null until the command was decided.';
comment on index ${schema}.request_open is 'Those of a lane without an answer, in their order.';
