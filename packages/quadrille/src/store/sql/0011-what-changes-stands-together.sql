-- quadrille-migration: 0011
-- breaking: no
-- Of an updated row PostgreSQL logs only what lies between the first and the last byte that differ. So the entity's columns
-- stand in this order: what never changes, what changes with each reaction, and the data, which seldom change. Before, each
-- update logged the whole row. The table is copied; this takes as long as that, once.

alter table ${schema}.entity rename to entity_before;
alter table ${schema}.entity_before rename constraint entity_pkey to entity_before_pkey;
create table ${schema}.entity (
  began_at bigint not null,
  lane integer not null,
  key text collate "C" not null,
  saga_id text collate "C" not null,
  version integer not null,
  since integer not null,
  entered_at bigint not null,
  due bigint,
  state text collate "C" not null,
  activity text collate "C",
  deadline text collate "C",
  facts json,
  data json,
  data_version integer,
  constraint entity_pkey primary key (key)
) with (fillfactor = 50);
insert into ${schema}.entity
  (began_at, lane, key, saga_id, version, since, entered_at, due, state, activity, deadline, facts, data, data_version)
select began_at, lane, key, saga_id, version, since, entered_at, due, state, activity, deadline, facts, data, data_version
from ${schema}.entity_before;

-- Whoever was allowed to read or write the table still is.
do $rights$
declare
  given record;
begin
  for given in
    select case grantee when 0 then 'public' else grantee::regrole::text end as grantee, privilege_type, is_grantable
    from pg_class, aclexplode(relacl)
    where pg_class.oid = $table$${schema}.entity_before$table$::regclass and grantee <> relowner
  loop
    execute format('grant %s on table %s to %s', given.privilege_type, $table$${schema}.entity$table$, given.grantee)
      || case when given.is_grantable then ' with grant option' else '' end;
  end loop;
end
$rights$;

drop table ${schema}.entity_before;

-- The entity of a saga has the saga's id as its key, where sagas do not share it: then the primary key finds it.
create index entity_saga_id on ${schema}.entity (saga_id, key) where saga_id <> key;
-- Those of one millisecond are sorted when they are read.
create index entity_began_at on ${schema}.entity (began_at);
create index entity_due on ${schema}.entity (lane, due) where due is not null;
create index entity_activity on ${schema}.entity (lane, key) where activity is not null;

comment on table ${schema}.entity is 'The participant''s entities, one for each key.';
comment on index ${schema}.entity_saga_id is 'For the entities of a saga that have a key of their own.';
comment on index ${schema}.entity_began_at is 'For the newest sagas, page by page. It only grows at its end.';
comment on index ${schema}.entity_due is 'For the deadlines that are due; it has only entities with a deadline.';
comment on index ${schema}.entity_activity is 'For the calls to begin again after a restart; it has only entities that wait for one.';
comment on column ${schema}.entity.key is 'The entity''s key: the saga''s id unless the contract says otherwise.';
comment on column ${schema}.entity.saga_id is 'The saga whose message entered the present state: the entity''s call and deadline act for it.';
comment on column ${schema}.entity.lane is 'The lane in which the entity''s reactions are journalled.';
comment on column ${schema}.entity.state is 'One of the contract''s states.';
comment on column ${schema}.entity.version is 'Counts the reactions that changed it; 1 after the first.';
comment on column ${schema}.entity.since is 'The version at which the present state was entered.';
comment on column ${schema}.entity.began_at is 'When it came to be, by the engine''s clock; 0 where that was before this column.';
comment on column ${schema}.entity.entered_at is 'When its state was entered, by the engine''s clock; 0 where that was before this column.';
comment on column ${schema}.entity.data is 'What the handlers gave it.';
comment on column ${schema}.entity.facts is 'Payloads that an incomplete join has collected, by event.';
comment on column ${schema}.entity.activity is 'The activity to run while the state holds.';
comment on column ${schema}.entity.deadline is 'The name of the deadline that is armed while the state holds.';
comment on column ${schema}.entity.due is 'When the deadline is due.';
comment on column ${schema}.entity.data_version is 'The version of the schema that wrote the data; null is 1.';
