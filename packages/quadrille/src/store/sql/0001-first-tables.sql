-- quadrille-migration: 0001
-- breaking: yes
-- The tables of one participant. Applied once, in one transaction, and never edited afterwards: a change is a new file.
--
-- "breaking: yes" means that a process that does not know this migration must not run on tables that have it.
-- Text that is compared is `collate "C"`: the same order as in the program, and cheaper in an index.
-- Times are bigint, in milliseconds since 1970 by the engine's clock, as the program has them; `timestamptz` saved nothing.
-- JSON is `json`, the text as it came: nothing here queries inside; `jsonb` took a tenth more time, `text` saved nothing.

create table ${schema}.lane (
  turn bigint not null,
  head bigint not null,
  lane integer not null,
  constraint lane_pkey primary key (lane)
) with (fillfactor = 10);
comment on table ${schema}.lane is 'One row for each lane. Its row lock is the only mutex: every flush takes it first.';
comment on column ${schema}.lane.lane is 'The lane''s number, from 0.';
comment on column ${schema}.lane.turn is 'Counts the flushes of the lane. A flush that knows another turn was overtaken and writes nothing.';
comment on column ${schema}.lane.head is 'The last position in the lane''s journal; 0 when it is empty.';

create table ${schema}.inbox (
  position bigint not null,
  lane integer not null,
  source text collate "C" not null,
  constraint inbox_pkey primary key (lane, source)
) with (fillfactor = 10);
comment on table ${schema}.inbox is 'The last position taken, for each source and lane: the whole memory of messages seen, and it never grows.';
comment on column ${schema}.inbox.lane is 'The lane, the source''s and this participant''s alike.';
comment on column ${schema}.inbox.source is 'The participant whose journal is read.';
comment on column ${schema}.inbox.position is 'Everything at or below it has taken effect here.';

-- Half of each page is kept for updates: all of them then stay heap-only, without new index entries. It took a sixth
-- less time and WAL than 75 (half of the updates heap-only) and a quarter less than 100, and less space in the end too,
-- because an entity is changed several times and the old versions are cleared away in the page.
create table ${schema}.entity (
  due bigint,
  version integer not null,
  since integer not null,
  lane integer not null,
  key text collate "C" not null,
  saga_id text collate "C" not null,
  state text collate "C" not null,
  data json,
  facts json,
  activity text collate "C",
  deadline text collate "C",
  constraint entity_pkey primary key (key)
) with (fillfactor = 50);
create index entity_saga_id on ${schema}.entity (saga_id, key);
create index entity_due on ${schema}.entity (lane, due) where due is not null;
create index entity_activity on ${schema}.entity (lane, key) where activity is not null;
comment on index ${schema}.entity_saga_id is 'For the entities of a saga, and the newest sagas page by page.';
comment on index ${schema}.entity_due is 'For the deadlines that are due; it has only entities with a deadline.';
comment on index ${schema}.entity_activity is 'For the calls to begin again after a restart; it has only entities that wait for one.';
comment on table ${schema}.entity is 'The participant''s entities, one for each key.';
comment on column ${schema}.entity.key is 'The entity''s key: the saga''s id unless the contract says otherwise.';
comment on column ${schema}.entity.saga_id is 'The saga that the entity belongs to.';
comment on column ${schema}.entity.lane is 'The lane in which the entity''s reactions are journalled.';
comment on column ${schema}.entity.state is 'One of the contract''s states.';
comment on column ${schema}.entity.version is 'Counts the reactions that changed it; 1 after the first.';
comment on column ${schema}.entity.since is 'The version at which the present state was entered.';
comment on column ${schema}.entity.data is 'What the handlers gave it.';
comment on column ${schema}.entity.facts is 'Payloads that an incomplete join has collected, by event.';
comment on column ${schema}.entity.activity is 'The activity to run while the state holds.';
comment on column ${schema}.entity.deadline is 'The name of the deadline that is armed while the state holds.';
comment on column ${schema}.entity.due is 'When the deadline is due.';

create table ${schema}.journal (
  position bigint not null,
  cause_position bigint not null,
  time bigint not null,
  lane integer not null,
  cause_lane integer not null,
  saga_id text collate "C" not null,
  key text collate "C" not null,
  cause_source text collate "C" not null,
  kind text collate "C" not null,
  trigger text collate "C" not null,
  from_state text collate "C" not null,
  outcome text collate "C" not null,
  to_state text collate "C" not null,
  emitted json not null,
  trace text collate "C",
  constraint journal_pkey primary key (lane, position)
);
-- For timelines. It costs an eighth of a flush's time in the database, 112 bytes of WAL and 42 bytes of disk a row.
create index journal_saga_id on ${schema}.journal (saga_id);
comment on index ${schema}.journal_saga_id is 'For timelines.';
comment on table ${schema}.journal is 'One row for each reaction, append-only: the transactional outbox, the audit log and the timeline.';
comment on column ${schema}.journal.lane is 'The lane.';
comment on column ${schema}.journal.position is 'Grows by one within a lane, in commit order.';
comment on column ${schema}.journal.saga_id is 'The saga.';
comment on column ${schema}.journal.key is 'The key of the entity that reacted.';
comment on column ${schema}.journal.cause_source is 'Where the message came from: a participant, or command, deadline or activity.';
comment on column ${schema}.journal.cause_lane is 'The lane of the journal that the message came from.';
comment on column ${schema}.journal.cause_position is 'The position in that journal.';
comment on column ${schema}.journal.kind is 'The kind of trigger: on, commands, timers or effects.';
comment on column ${schema}.journal.trigger is 'The event, command, deadline or activity reacted to.';
comment on column ${schema}.journal.from_state is 'The state before.';
comment on column ${schema}.journal.outcome is 'The outcome chosen; empty where the reaction has a single one.';
comment on column ${schema}.journal.to_state is 'The state after.';
comment on column ${schema}.journal.emitted is 'The events emitted, with their payloads, in order.';
comment on column ${schema}.journal.time is 'When, by the engine''s clock.';
comment on column ${schema}.journal.trace is 'W3C trace context (traceparent), where the command brought one.';

create table ${schema}.parked (
  ordinal bigint not null,
  cause_position bigint not null,
  next_at bigint,
  parked_at bigint not null,
  lane integer not null,
  cause_lane integer not null,
  attempts integer not null,
  version integer not null,
  id text collate "C" not null,
  key text collate "C" not null,
  saga_id text collate "C" not null,
  kind text collate "C" not null,
  trigger text collate "C" not null,
  cause_source text collate "C" not null,
  reason text collate "C" not null,
  data json,
  error json,
  trace text collate "C",
  note text,
  constraint parked_pkey primary key (id)
);
comment on table ${schema}.parked is 'Messages that could not be taken now. Few by a limit, so there is no index but the key.';
comment on column ${schema}.parked.id is 'source/lane/position/index of an event, or the activity''s call id.';
comment on column ${schema}.parked.lane is 'The lane.';
comment on column ${schema}.parked.key is 'The entity''s key; later messages of the key queue behind it.';
comment on column ${schema}.parked.saga_id is 'The saga.';
comment on column ${schema}.parked.ordinal is 'Order within a key.';
comment on column ${schema}.parked.kind is 'The kind of trigger: on, commands, timers or effects.';
comment on column ${schema}.parked.trigger is 'The event, command, deadline or activity.';
comment on column ${schema}.parked.data is 'The payload.';
comment on column ${schema}.parked.cause_source is 'Where the message came from.';
comment on column ${schema}.parked.cause_lane is 'The lane of the journal that it came from.';
comment on column ${schema}.parked.cause_position is 'The position in that journal.';
comment on column ${schema}.parked.reason is 'deferred, retrying, waiting, dead or discarded.';
comment on column ${schema}.parked.attempts is 'How often it was tried.';
comment on column ${schema}.parked.next_at is 'When it is offered again, where that is a matter of time.';
comment on column ${schema}.parked.version is 'The entity''s version when it was set aside.';
comment on column ${schema}.parked.error is 'What went wrong: code and message.';
comment on column ${schema}.parked.parked_at is 'When it was set aside.';
comment on column ${schema}.parked.trace is 'W3C trace context (traceparent), where the command brought one.';
comment on column ${schema}.parked.note is 'Why an operator discarded it.';

create table ${schema}.answer (
  time bigint not null,
  idempotency_key text collate "C" not null,
  command text collate "C" not null,
  saga_id text collate "C" not null,
  key text collate "C" not null,
  state text collate "C" not null,
  outcome text collate "C" not null,
  constraint answer_pkey primary key (idempotency_key)
);
comment on table ${schema}.answer is 'First answers to commands that brought an idempotency key; a repeat gets the same one.';
comment on column ${schema}.answer.idempotency_key is 'The caller''s key.';
comment on column ${schema}.answer.command is 'The command.';
comment on column ${schema}.answer.saga_id is 'The saga.';
comment on column ${schema}.answer.key is 'The entity''s key.';
comment on column ${schema}.answer.state is 'The entity''s state after the command.';
comment on column ${schema}.answer.outcome is 'The outcome chosen; empty where the reaction has a single one.';
comment on column ${schema}.answer.time is 'When, by the engine''s clock.';

-- All parts of a data-modifying `with` run, also when the fence matched no row. So the statement ends by asking this
-- function, and its exception takes everything back. The codes are the program's own; see sql-errors.ts.
create function ${schema}.settle(undisturbed boolean, moved boolean) returns void
language plpgsql as $settle$
begin
  if undisturbed is not true then
    raise exception 'quadrille: the flush was overtaken' using errcode = 'QD001';
  end if;
  if moved is not true then
    raise exception 'quadrille: an inbox row is missing' using errcode = 'QD002';
  end if;
end
$settle$;
comment on function ${schema}.settle(boolean, boolean) is 'Ends a flush: raises, so that nothing is written, when it was overtaken.';
