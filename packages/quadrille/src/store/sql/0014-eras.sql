-- quadrille-migration: 0014
-- breaking: yes
-- Every flush updates its lane's row, and those of its inbox. While another session holds a transaction open, none of the old
-- versions can be cleared away, and a lookup by key passed all of them: a saga alone took four times as long after 50,000
-- flushes. So the key has an era as well, which changes with every 256 turns or positions: a lookup passes the versions of
-- one era. Within an era updates stay heap-only, for the era is not changed by them.

alter table ${schema}.lane
  add column era bigint not null generated always as (turn / 256) stored,
  drop constraint lane_pkey;
alter table ${schema}.lane add constraint lane_pkey primary key (lane, era);
-- There is one row a lane. By an expression, so that no lookup takes this index, which has the versions of all eras.
create unique index lane_once on ${schema}.lane ((lane + 0));
comment on column ${schema}.lane.era is 'Part of the key, so that a lookup passes few old versions of the row: they stay while another session has a transaction open.';
comment on index ${schema}.lane_once is 'One row for each lane. By an expression, so that no lookup takes it.';

alter table ${schema}.inbox
  add column era bigint not null generated always as (position / 256) stored,
  drop constraint inbox_pkey;
alter table ${schema}.inbox add constraint inbox_pkey primary key (lane, source, era);
create unique index inbox_once on ${schema}.inbox ((lane + 0), source);
comment on column ${schema}.inbox.era is 'Part of the key, as in the table of lanes.';
comment on index ${schema}.inbox_once is 'One row for each source and lane. By an expression, so that no lookup takes it.';
