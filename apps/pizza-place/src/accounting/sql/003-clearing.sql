-- How far the payment provider has been told of reversals and changed amounts: Accounting's journal is the outbox.
create table accounting.clearing (
  lane integer primary key,
  position bigint not null
);

comment on table accounting.clearing is 'How far the payment provider has been told of reversals and changed amounts.';
comment on column accounting.clearing.lane is 'The lane of Accounting''s journal.';
comment on column accounting.clearing.position is 'The position up to which the provider was told.';
