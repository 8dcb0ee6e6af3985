-- quadrille-migration: 0006
-- breaking: yes
-- What is set aside is read piece by piece: for the keys of a batch, by the time of the next attempt, for a saga. However
-- much there is, what rests costs nothing.

alter table ${schema}.parked add column bytes integer not null default 0;
comment on column ${schema}.parked.bytes is 'Bytes of the payload.';
update ${schema}.parked set bytes = octet_length(data::text) where data is not null;

-- What is to be offered again has a time. Before, that was known from the order alone.
update ${schema}.parked as parked set next_at = 0
where reason = 'deferred'
  or reason = 'waiting' and (cause_source in ('activity', 'deadline') or not exists (
    select from ${schema}.parked as earlier
    where earlier.key = parked.key and earlier.ordinal < parked.ordinal
      and earlier.reason in ('retrying', 'waiting', 'dead')
      and earlier.cause_source not in ('activity', 'deadline')));

create index parked_line on ${schema}.parked (key, ordinal)
  where reason in ('retrying', 'waiting', 'dead') and cause_source not in ('activity', 'deadline');
create index parked_aside on ${schema}.parked (key)
  where reason <> 'discarded' and (reason = 'deferred' or cause_source in ('activity', 'deadline'));
create index parked_ordinal on ${schema}.parked (lane, ordinal) where reason <> 'discarded';
create index parked_next_at on ${schema}.parked (lane, next_at)
  where next_at is not null and reason <> 'discarded';
create index parked_saga_id on ${schema}.parked (saga_id);
comment on index ${schema}.parked_line is 'For the messages in line for a key.';
comment on index ${schema}.parked_aside is 'For what is deferred for a key, and for its calls and deadlines.';
comment on index ${schema}.parked_ordinal is 'For the last ordinal of a lane.';
comment on index ${schema}.parked_next_at is 'For what is to be offered again.';
comment on index ${schema}.parked_saga_id is 'For what is set aside for a saga.';
comment on table ${schema}.parked is 'Messages that could not be taken now.';
comment on column ${schema}.parked.next_at is 'When it is offered again, where that is a matter of time; 0 is at once.';
