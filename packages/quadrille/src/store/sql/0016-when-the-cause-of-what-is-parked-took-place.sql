-- quadrille-migration: 0016
-- breaking: no
-- A deadline waits for a message of its entity that was there before it and is tried again. A row from before this column
-- counts as one that was there.

alter table ${schema}.parked add column cause_time bigint;
comment on column ${schema}.parked.cause_time is 'When its cause took place, in business time, or when a call came back; null where that is not known.';
